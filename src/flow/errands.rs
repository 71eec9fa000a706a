//! Errands: asking a network for what its hook only named (author, text), after the message is
//! already on the screen.

use std::time::Duration;

use serde_json::json;

use super::intake::complete;
use super::{House, Result};
use crate::base::pace::backoff;
use crate::desk::channel::ChannelState;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::inbound::Wrote;
use crate::desk::scope::Scope;
use crate::networks::{Line, Refused};
use crate::store::errands::{self, Errand};
use crate::store::{self, channels, messages};

/// How often an errand is tried.
const TRIES: i64 = 6;

/// Runs what is due; how many errands.
///
/// # Errors
/// As the database reports.
pub async fn turn(house: &House) -> Result<usize> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let due = errands::take(&mut tx, now, now.plus(Duration::from_mins(2)), 16).await?;
    tx.commit().await?;
    let n = due.len();
    for errand in due {
        hydrate(house, errand).await?;
    }
    Ok(n)
}

async fn hydrate(house: &House, errand: Errand) -> Result<()> {
    let scope = Scope::house(errand.brand_id);
    let mut tx = house.db.read().await?;
    let channel = channels::get(&mut tx, &scope, errand.channel_id).await?;
    let account = house.account(&mut tx, &channel).await?;
    drop(tx);
    let wrote: Wrote = serde_json::from_value(errand.item.clone()).map_err(anyhow::Error::from)?;
    let line = Line::new(&account, &house.fetch, house.now());
    let asked = match house.network(&channel.network) {
        Some(network) if channel.state == ChannelState::Active => network.hydrate(&line, wrote).await,
        _ => Err(Refused::Later(None, "the channel is not active".into())),
    };
    let now = house.now();
    let mut tx = house.db.write().await?;
    house.charge(&mut tx, &channel, &line).await?;
    match asked {
        Ok(wrote) => {
            // What turned out to be our own reply, told twice, is no longer there.
            match messages::get(&mut tx, &scope, errand.subject).await {
                Ok(message) => complete(house, &mut tx, &channel, message, wrote).await?,
                Err(store::Error::NotFound) => {}
                Err(other) => return Err(other.into()),
            }
            errands::end(&mut tx, errand.brand_id, errand.id, None).await?;
        }
        Err(Refused::Never(_, why)) => errands::end(&mut tx, errand.brand_id, errand.id, Some(&why)).await?,
        Err(refused) if errand.attempts >= TRIES => {
            errands::end(&mut tx, errand.brand_id, errand.id, Some(&refused.to_string())).await?;
        }
        Err(refused) => {
            if let Refused::Reconnect(why) = &refused {
                super::outbox::login_lost(&mut tx, channel.brand_id, channel.id, why, now).await?;
                tx.emit(
                    now,
                    Event::at(channel.brand_id, EventKind::ChannelChanged, Actor::Network)
                        .data(json!({"channel": channel.id})),
                );
            }
            let n = u32::try_from(errand.attempts).unwrap_or(1);
            let wait = backoff(n, Duration::from_secs(30), Duration::from_hours(1), 0);
            errands::put_off(&mut tx, errand.brand_id, errand.id, now.plus(wait), &refused.to_string()).await?;
        }
    }
    Ok(tx.commit().await?)
}
