//! Errands: asking a network for what its hook only named (author, text), after the message is
//! already on the screen.

use std::time::Duration;

use serde_json::json;

use super::beside::{self, Piece};
use super::intake::complete;
use super::places::{Place, Work};
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

/// How long an errand is nobody else's: more than it takes.
const TURN: Duration = Duration::from_mins(3);

/// Runs what is due; how many errands.
///
/// # Errors
/// As the database reports.
pub async fn turn(house: &House) -> Result<usize> {
    beside::all(begin(house).await?).await
}

/// The same, begun: by turns of channels, each as far as its connection and its network have places.
///
/// # Errors
/// As the database reports.
pub async fn begin(house: &House) -> Result<Vec<Piece>> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let mut pieces: Vec<Piece> = Vec::new();
    for waiting in errands::channels_with(&mut tx, now).await? {
        let place = || house.places.take(Work::Errand, &waiting.network, waiting.connection_id);
        let mut places: Vec<Place> = std::iter::from_fn(place).collect();
        let most = i64::try_from(places.len()).unwrap_or(0);
        for errand in errands::take(&mut tx, waiting.channel_id, now, now.plus(TURN), most).await? {
            let (house, place) = (house.clone(), places.pop());
            pieces.push(Box::pin(async move {
                let _kept_until_the_end = place;
                hydrate(&house, errand).await.map(|()| true)
            }));
        }
    }
    tx.commit().await?;
    Ok(pieces)
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
        Some(network) if channel.state == ChannelState::Active => {
            let asked = tokio::time::timeout(house.tuning.patience, network.hydrate(&line, wrote)).await;
            asked.unwrap_or_else(|_| Err(Refused::Later(None, "no answer in all that time".into())))
        }
        _ => Err(Refused::Later(None, "the channel is not active".into())),
    };
    let now = house.now();
    let mut tx = house.db.write().await?;
    house.charge(&mut tx, &channel, &line).await?;
    house.note_reach(&mut tx, &channel, &line).await?;
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
