//! Reading what hooks missed: each channel is polled from where we last were, with some overlap;
//! what is known already is recognised by its key.

use std::time::Duration;

use super::{Error, House, Result, approved, renew};
use crate::base::At;
use crate::base::sign::sha256;
use crate::desk::channel::Channel;
use crate::networks::{Line, PollFrom, Refused};
use crate::store::deliveries::{self, NewDelivery, Source};
use crate::store::{Tx, channels, leases, posts};

/// How far before the last poll the next one begins.
const OVERLAP: Duration = Duration::from_hours(1);
/// Polls of one channel in a row, at the most: others wait.
const ROUNDS: usize = 200;
/// How far back a channel's first poll goes: what came before we were connected.
const FIRST: Duration = Duration::from_hours(168);

/// Polls channels that are due; how many.
///
/// # Errors
/// As the database reports; a network's refusal is written on the channel.
pub async fn turn(house: &House) -> Result<usize> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    if !leases::take(&mut tx, "listen", house.node, now, now.plus(Duration::from_mins(5))).await? {
        return Ok(0);
    }
    let due = channels::due_for_poll(&mut tx, now.minus(house.tuning.poll_every), now).await?;
    let untended = channels::due_for_tending(&mut tx, now.minus(Duration::from_hours(1))).await?;
    let ageing = channels::due_for_renewal(&mut tx, now).await?;
    tx.commit().await?;
    for channel in &due {
        or_sealed(house, channel, poll(house, channel).await).await?;
    }
    for channel in &untended {
        or_sealed(house, channel, tend(house, channel).await).await?;
    }
    for channel in &ageing {
        or_sealed(house, channel, renew::renew(house, channel).await.map(|_| ())).await?;
    }
    Ok(due.len())
}

/// A channel whose secrets do not open says so and is left; the ones behind it go on.
async fn or_sealed(house: &House, channel: &Channel, done: Result<()>) -> Result<()> {
    let Err(Error::House(sealed)) = done else { return done };
    tracing::error!(name: "listen.sealed", channel = %channel.id, why = %sealed, "a channel's secrets do not open");
    let mut tx = house.db.write().await?;
    super::outbox::login_lost(&mut tx, channel.brand_id, channel.id, &sealed.to_string(), house.now()).await?;
    Ok(tx.commit().await?)
}

/// Polls one channel until it has told all it has for now.
///
/// # Errors
/// As the database reports.
pub async fn poll(house: &House, channel: &Channel) -> Result<()> {
    for _ in 0..ROUNDS {
        if !round(house, channel).await? {
            break;
        }
    }
    Ok(())
}

/// Polls once; true when there is more to be read at once.
async fn round(house: &House, channel: &Channel) -> Result<bool> {
    let now = house.now();
    let mut more = false;
    let Some(network) = house.network(&channel.network) else { return Ok(false) };
    let mut tx = house.db.read().await?;
    let account = house.account(&mut tx, channel).await?;
    let kept = channels::kept(&mut tx, channel.brand_id, channel.id).await?;
    let lively = posts::lively(&mut tx, channel.brand_id, channel.id, now.minus(FIRST * 2)).await?;
    drop(tx);
    let from = PollFrom { since: since(channel, now), cursor: kept.poll_cursor, posts: lively };
    let line = Line::new(&account, &house.fetch, now);
    let polled = network.poll(&line, &from).await;
    let mut tx = house.db.write().await?;
    note_usage(&mut tx, channel, &line, now).await?;
    house.charge(&mut tx, channel, &line).await?;
    let next = line.again().map(|wait| now.plus(wait));
    match polled {
        Ok(polled) => {
            more = polled.more;
            if let Some(body) = polled.body {
                let source = if channel.polled_at.is_none() { Source::Backfill } else { Source::Poll };
                let delivery = NewDelivery {
                    id: house.given.id(),
                    brand: channel.brand_id,
                    connection: channel.connection_id,
                    channel: Some(channel.id),
                    source,
                    sha256: sha256(&body),
                    body,
                    at: now,
                };
                // Body and cursor in one transaction: a crash forgets both or neither.
                deliveries::record(&mut tx, vec![delivery]).await?;
            }
            // Until all of the past is read, what comes is still the past.
            if channel.polled_at.is_none() && polled.more {
                channels::reading(&mut tx, channel.brand_id, channel.id, polled.cursor.as_deref()).await?;
            } else {
                channels::polled(&mut tx, channel.brand_id, channel.id, now, polled.cursor.as_deref(), next).await?;
            }
        }
        Err(Refused::Reconnect(why)) => {
            super::outbox::login_lost(&mut tx, channel.brand_id, channel.id, &why, now).await?;
        }
        Err(refused) => {
            tracing::warn!(name: "listen.refused", channel = %channel.id, why = %refused, "the network refused a poll");
            let quiet = match refused {
                Refused::Later(Some(after), _) => Some(now.plus(after)),
                _ => None,
            };
            channels::set_usage(&mut tx, channel.brand_id, channel.id, None, quiet).await?;
            channels::polled(&mut tx, channel.brand_id, channel.id, now, from.cursor.as_deref(), next).await?;
        }
    }
    tx.commit().await?;
    house.bells.intake.notify_one();
    Ok(more)
}

fn since(channel: &Channel, now: At) -> At {
    match channel.polled_at {
        Some(at) => at.minus(OVERLAP),
        None => now.minus(FIRST),
    }
}

/// What a network said of its quota while we listened.
async fn note_usage(tx: &mut Tx, channel: &Channel, line: &Line<'_>, now: At) -> Result<()> {
    let usage = line.usage();
    let quiet = usage.quiet_for.map(|d| now.plus(d));
    if usage.percent.is_some() || quiet.is_some() {
        channels::set_usage(tx, channel.brand_id, channel.id, usage.percent.map(i64::from), quiet).await?;
    }
    Ok(())
}

async fn tend(house: &House, channel: &Channel) -> Result<()> {
    let Some(network) = house.network(&channel.network) else { return Ok(()) };
    let mut tx = house.db.read().await?;
    let account = house.account(&mut tx, channel).await?;
    drop(tx);
    let now = house.now();
    let line = Line::new(&account, &house.fetch, now);
    let tended = network.tend(&line).await;
    let listed = if tended.is_ok() { network.approved(&line).await } else { Ok(None) };
    let mut tx = house.db.write().await?;
    note_usage(&mut tx, channel, &line, now).await?;
    house.charge(&mut tx, channel, &line).await?;
    match tended {
        Err(Refused::Reconnect(why)) => {
            super::outbox::login_lost(&mut tx, channel.brand_id, channel.id, &why, now).await?;
        }
        Err(refused) => {
            tracing::warn!(name: "listen.tend_refused", channel = %channel.id, why = %refused, "the subscription could not be kept alive");
        }
        Ok(()) => {}
    }
    approved::refresh(&mut tx, channel, &line, listed).await?;
    channels::tended(&mut tx, channel.brand_id, channel.id, now).await?;
    Ok(tx.commit().await?)
}
