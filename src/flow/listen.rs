//! Reading what hooks missed: each channel is polled from where we last were, with some overlap;
//! what is known already is recognised by its key. Channels are read side by side, each at its own
//! pace: one that fails is tried less and less often, and no other waits for it.

use std::time::Duration;

use super::beside::{self, Piece};
use super::places::Work;
use super::{Error, House, Result, approved, renew};
use crate::base::At;
use crate::base::pace::backoff;
use crate::base::sign::sha256;
use crate::desk::channel::{Channel, Hindrance};
use crate::networks::{Line, PollFrom, Polled, Refused};
use crate::store::channels::{self, Kept};
use crate::store::deliveries::{self, NewDelivery, Source};
use crate::store::{Tx, listening, posts};

/// How far before the last poll the next one begins.
const OVERLAP: Duration = Duration::from_hours(1);
/// Polls of one channel in a row: then those that share its connection have their turn.
const ROUNDS: usize = 10;
/// How far back a channel's first reading goes: what came before we were connected.
const FIRST: Duration = Duration::from_hours(168);
/// How far back it goes where that was long ago, and nothing could be read since.
const FURTHEST: Duration = Duration::from_hours(24 * 30);
/// How long a node keeps a channel to itself without saying so again: more than a poll takes.
const HOLD: Duration = Duration::from_mins(5);
/// How often subscriptions are looked after.
const TEND: Duration = Duration::from_hours(1);
/// How soon a poll that failed is tried again.
const SOON: Duration = Duration::from_secs(30);

/// Finds what is due: readings and subscriptions to be looked after.
///
/// # Errors
/// As the database reports.
pub async fn begin(house: &House) -> Result<Vec<Piece>> {
    let now = house.now();
    let mut tx = house.db.read().await?;
    let due = channels::due_for_poll(&mut tx, now.minus(house.tuning.poll_every), now).await?;
    let untended = channels::due_for_tending(&mut tx, now.minus(TEND)).await?;
    drop(tx);
    let mut pieces = placed(house, Work::Tend, untended);
    pieces.extend(placed(house, Work::Read, due));
    Ok(pieces)
}

/// A piece for each channel there is a place for.
pub(super) fn placed(house: &House, work: Work, due: Vec<Channel>) -> Vec<Piece> {
    let spoken = due.into_iter().filter(|c| house.network(&c.network).is_some());
    let mut pieces: Vec<Piece> = Vec::new();
    for channel in spoken {
        let Some(place) = house.places.take(work, &channel.network, channel.connection_id) else { continue };
        let house = house.clone();
        pieces.push(Box::pin(async move {
            let _kept_until_the_end = place;
            let done = match work {
                Work::Renew => renew::renew(&house, &channel).await,
                Work::Tend => tend(&house, &channel).await,
                _ => rounds(&house, &channel).await.map(|(read, _)| read),
            };
            or_sealed(&house, &channel, done).await
        }));
    }
    pieces
}

/// Once around: renews, tends and reads whatever is due, until nothing is.
///
/// # Errors
/// As the database reports; a network's refusal is written on the channel.
pub async fn turn(house: &House) -> Result<usize> {
    beside::all(renew::begin(house).await?).await?;
    let mut n = 0;
    loop {
        let done = beside::all(begin(house).await?).await?;
        if done == 0 {
            return Ok(n);
        }
        n += done;
    }
}

/// A channel whose secrets do not open says so and is left.
async fn or_sealed(house: &House, channel: &Channel, done: Result<bool>) -> Result<bool> {
    let Err(Error::House(sealed)) = done else { return done };
    tracing::error!(name: "listen.sealed", channel = %channel.id, why = %sealed, "a channel's secrets do not open");
    let mut tx = house.db.write().await?;
    super::outbox::login_lost(&mut tx, channel.brand_id, channel.id, &sealed.to_string(), house.now()).await?;
    tx.commit().await?;
    Ok(true)
}

/// Reads one channel until it has told all it has for now; false when somebody is at it already.
///
/// # Errors
/// As the database reports.
pub async fn poll(house: &House, channel: &Channel) -> Result<bool> {
    let Some(_place) = house.places.take(Work::Read, &channel.network, channel.connection_id) else { return Ok(false) };
    loop {
        let (read, more) = rounds(house, channel).await?;
        if !more {
            return Ok(read);
        }
    }
}

/// Some rounds of reading, while this node holds the channel: whether it did, and whether there is
/// more to be read at once.
async fn rounds(house: &House, channel: &Channel) -> Result<(bool, bool)> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let held = listening::hold(&mut tx, channel.brand_id, channel.id, house.node, now, now.plus(HOLD)).await?;
    tx.commit().await?;
    if !held {
        return Ok((false, false));
    }
    let mut more = true;
    for _ in 0..ROUNDS {
        more = round(house, channel).await?;
        if !more {
            break;
        }
    }
    let mut tx = house.db.write().await?;
    listening::let_go(&mut tx, channel.brand_id, channel.id, house.node).await?;
    tx.commit().await?;
    Ok((true, more))
}

/// Polls once; true when there is more to be read at once.
async fn round(house: &House, channel: &Channel) -> Result<bool> {
    let now = house.now();
    let Some(network) = house.network(&channel.network) else { return Ok(false) };
    let (brand, id) = (channel.brand_id, channel.id);
    let mut tx = house.db.read().await?;
    let account = house.account(&mut tx, channel).await?;
    let kept = channels::kept(&mut tx, brand, id).await?;
    let lively = posts::lively(&mut tx, brand, id, now.minus(FIRST * 2)).await?;
    drop(tx);
    let from = PollFrom { since: since(channel, &kept, now), cursor: kept.poll_cursor.clone(), posts: lively };
    let line = Line::new(&account, &house.fetch, now);
    let patience = house.tuning.patience;
    let polled = match tokio::time::timeout(patience, network.poll(&line, &from)).await {
        Ok(polled) => polled,
        Err(_) => Err(Refused::Later(None, format!("no end of it after {} s", patience.as_secs()))),
    };
    let mut tx = house.db.write().await?;
    listening::hold(&mut tx, brand, id, house.node, now, now.plus(HOLD)).await?;
    note_usage(&mut tx, channel, &line, now).await?;
    house.charge(&mut tx, channel, &line).await?;
    let next = line.again().map(|wait| now.plus(wait));
    let more = match polled {
        Ok(polled) => {
            if channel.hindered.is_some() {
                house.works_again(&mut tx, channel).await?;
            }
            keep(house, &mut tx, channel, polled, next).await?
        }
        Err(Refused::Reconnect(why)) => {
            super::outbox::login_lost(&mut tx, brand, id, &why, now).await?;
            false
        }
        Err(refused) => {
            tracing::warn!(name: "listen.refused", channel = %id, why = %refused, "the network refused a poll");
            failed(house, &mut tx, channel, &kept, &refused, next).await?;
            false
        }
    };
    tx.commit().await?;
    house.bells.intake.notify_one();
    Ok(more)
}

/// Body and place in one transaction: a crash forgets both or neither. True when there is more.
async fn keep(house: &House, tx: &mut Tx, channel: &Channel, polled: Polled, next: Option<At>) -> Result<bool> {
    let (brand, id, now) = (channel.brand_id, channel.id, house.now());
    if let Some(body) = polled.body {
        // Until all of the past is read, what comes is still the past.
        let source = if channel.polled_at.is_none() { Source::Backfill } else { Source::Poll };
        let delivery = NewDelivery {
            id: house.given.id(),
            brand,
            connection: channel.connection_id,
            channel: Some(id),
            source,
            sha256: sha256(&body),
            body,
            at: now,
        };
        deliveries::record(tx, vec![delivery]).await?;
    }
    let cursor = polled.cursor.as_deref();
    if polled.more {
        listening::reading(tx, brand, id, cursor, next.unwrap_or(now)).await?;
    } else {
        listening::polled(tx, brand, id, now, cursor, next).await?;
    }
    Ok(polled.more && next.is_none())
}

/// A poll that failed loses nothing: the next one begins where the last good one stopped.
async fn failed(
    house: &House,
    tx: &mut Tx,
    channel: &Channel,
    kept: &Kept,
    refused: &Refused,
    next: Option<At>,
) -> Result<()> {
    let (brand, id, now) = (channel.brand_id, channel.id, house.now());
    let [jitter] = house.given.bytes::<1>();
    let times = u32::try_from(kept.poll_failures).unwrap_or(u32::MAX).saturating_add(1);
    let mut again = now.plus(backoff(times, SOON, house.tuning.poll_every.max(SOON), jitter));
    match refused {
        Refused::Later(Some(after), _) => {
            let quiet = now.plus(*after);
            channels::set_usage(tx, brand, id, None, Some(quiet)).await?;
            again = again.max(quiet);
        }
        Refused::Later(None, why) => house.hinders(tx, channel, Hindrance::Unreachable, why).await?,
        Refused::Never(_, why) => {
            house.hinders(tx, channel, Hindrance::Refused, why).await?;
            again = again.max(now.plus(house.tuning.poll_every));
        }
        Refused::Reconnect(_) => {}
    }
    Ok(listening::poll_failed(tx, brand, id, again.max(next.unwrap_or(again))).await?)
}

/// From when on: the last good reading, or a week before we were connected.
fn since(channel: &Channel, kept: &Kept, now: At) -> At {
    match channel.polled_at {
        Some(at) => at.minus(OVERLAP),
        None => kept.created_at.minus(FIRST).max(now.minus(FURTHEST)),
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

/// Looks after a channel's subscriptions; false when somebody just has.
async fn tend(house: &House, channel: &Channel) -> Result<bool> {
    let Some(network) = house.network(&channel.network) else { return Ok(false) };
    let now = house.now();
    let mut tx = house.db.write().await?;
    if !channels::tend(&mut tx, channel.brand_id, channel.id, now, now.minus(TEND)).await? {
        return Ok(false);
    }
    let account = house.account(&mut tx, channel).await?;
    tx.commit().await?;
    let line = Line::new(&account, &house.fetch, now);
    let tended = tokio::time::timeout(house.tuning.patience, network.tend(&line)).await;
    let listed = if matches!(tended, Ok(Ok(()))) {
        tokio::time::timeout(house.tuning.patience, network.approved(&line)).await.unwrap_or(Ok(None))
    } else {
        Ok(None)
    };
    let mut tx = house.db.write().await?;
    note_usage(&mut tx, channel, &line, now).await?;
    house.charge(&mut tx, channel, &line).await?;
    house.note_reach(&mut tx, channel, &line).await?;
    match tended {
        Ok(Err(Refused::Reconnect(why))) => {
            super::outbox::login_lost(&mut tx, channel.brand_id, channel.id, &why, now).await?;
        }
        Ok(Err(refused)) => {
            tracing::warn!(name: "listen.tend_refused", channel = %channel.id, why = %refused, "the subscription could not be kept alive");
        }
        Err(_) => {
            tracing::warn!(name: "listen.tend_endless", channel = %channel.id, "the subscription could not be kept alive in time");
        }
        Ok(Ok(())) => {}
    }
    approved::refresh(&mut tx, channel, &line, listed).await?;
    tx.commit().await?;
    Ok(true)
}
