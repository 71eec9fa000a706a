//! Logins that age are renewed before they are too old: one at a time, whoever asks, since some
//! networks take the old login away with the first answer.

use std::time::Duration;

use serde_json::json;

use super::beside::Piece;
use super::house::{place_of_channel, place_of_connection};
use super::listen::placed;
use super::places::Work;
use super::{House, Result, connect};
use crate::base::At;
use crate::base::id::AnyId;
use crate::desk::channel::{Channel, ChannelState};
use crate::desk::event::{Actor, Event, EventKind};
use crate::networks::{Line, Network, Refused, Renewed};
use crate::store::channels::{self, Connection, Kept};
use crate::store::{Tx, leases};

/// How long one renewal may take: more than any call does.
const TURN: Duration = Duration::from_mins(2);
/// When a renewal that was refused for now is tried again.
const SOON: Duration = Duration::from_mins(10);
/// When one that was refused for good is, while the login itself still works.
const MUCH_LATER: Duration = Duration::from_hours(24);

/// Somebody has just logged in: when the login will be renewed for the first time.
pub(super) async fn fresh(house: &House, tx: &mut Tx, network: &dyn Network, channel: &Channel) -> Result<()> {
    let at = network.renew_after().map(|after| house.now().plus(after));
    Ok(channels::set_login(tx, channel.brand_id, channel.id, at, None).await?)
}

/// Finds the logins that are due.
///
/// # Errors
/// As the database reports.
pub async fn begin(house: &House) -> Result<Vec<Piece>> {
    let mut tx = house.db.read().await?;
    let ageing = channels::due_for_renewal(&mut tx, house.now()).await?;
    drop(tx);
    Ok(placed(house, Work::Renew, ageing))
}

/// Renews a channel's login if it is due; true when there is a new one. Whoever comes while it is
/// being renewed leaves it to the first.
///
/// # Errors
/// As the database reports, or a secret does not open; a network's refusal is written on the channel.
pub async fn renew(house: &House, channel: &Channel) -> Result<bool> {
    let Some(network) = house.network(&channel.network) else { return Ok(false) };
    let now = house.now();
    let (lease, mine): (String, AnyId) = (format!("renew:{}", channel.connection_id), house.given.id());
    let mut tx = house.db.write().await?;
    if !leases::take(&mut tx, &lease, mine, now, now.plus(TURN)).await? {
        return Ok(false);
    }
    // Whoever was first may be done since this one was found to be due: looked at only now that nobody
    // else is at it, since PostgreSQL lets the lease wait for them.
    let still_due = channels::due_for_renewal(&mut tx, now).await?.into_iter().find(|c| c.id == channel.id);
    let Some(channel) = still_due else {
        leases::give_back(&mut tx, &lease, mine).await?;
        tx.commit().await?;
        return Ok(false);
    };
    let before = standing(&mut tx, &channel).await?;
    let account = house.account(&mut tx, &channel).await?;
    tx.commit().await?;

    let line = Line::new(&account, &house.fetch, now);
    let renewed = network.renew(&line).await;

    let mut tx = house.db.write().await?;
    leases::give_back(&mut tx, &lease, mine).await?;
    house.note_reach(&mut tx, &channel, &line).await?;
    let after = standing(&mut tx, &channel).await?;
    let is_same = before.0.secrets == after.0.secrets && before.1.secrets == after.1.secrets;
    if !is_same {
        // Somebody logged in meanwhile: theirs is the newer one.
        tx.commit().await?;
        return Ok(false);
    }
    let (brand, id) = (channel.brand_id, channel.id);
    let done = match renewed {
        Ok(Some(renewed)) => {
            store(house, &mut tx, network, &channel, after, &renewed).await?;
            true
        }
        Ok(None) => {
            channels::set_login(&mut tx, brand, id, None, None).await?;
            false
        }
        Err(refused) => {
            tracing::warn!(name: "renew.refused", channel = %id, why = %refused, "a login could not be renewed");
            refuse(&mut tx, &channel, refused, now).await?;
            false
        }
    };
    tx.commit().await?;
    house.forget();
    house.bells.outbox.notify_one();
    Ok(done)
}

/// What is stored of a login: the channel's part and the connection's.
async fn standing(tx: &mut Tx, channel: &Channel) -> Result<(Kept, Connection)> {
    let kept = channels::kept(tx, channel.brand_id, channel.id).await?;
    Ok((kept, channels::connection(tx, channel.brand_id, channel.connection_id).await?))
}

/// Stores the new login, sealed; what its loss had blocked may go out.
async fn store(
    house: &House,
    tx: &mut Tx,
    network: &dyn Network,
    channel: &Channel,
    (kept, mut connection): (Kept, Connection),
    renewed: &Renewed,
) -> Result<()> {
    let (brand, id) = (channel.brand_id, channel.id);
    let (shared, own) = connect::sorted(network, &renewed.settings)?;
    let place = place_of_connection(&connection);
    let all = house.open(&place, &connection.settings, &connection.secrets)?.with(&shared);
    connection.settings = all.plain_json();
    connection.secrets = house.seal(&place, &all);
    channels::reconnect(tx, &connection).await?;
    let place = place_of_channel(id);
    let all = house.open(&place, &kept.settings, &kept.secrets)?.with(&own);
    channels::set_settings(tx, brand, id, &all.plain_json(), house.seal(&place, &all)).await?;
    channels::set_login(tx, brand, id, Some(renewed.again), renewed.until).await?;
    if channel.state == ChannelState::NeedsReauth {
        channels::set_state(tx, brand, id, ChannelState::Active, None).await?;
        connect::release(house, tx, channel).await?;
        let event = Event::at(brand, EventKind::ChannelChanged, Actor::House);
        tx.emit(house.now(), event.data(json!({"channel": id, "state": ChannelState::Active})));
    }
    Ok(())
}

async fn refuse(tx: &mut Tx, channel: &Channel, refused: Refused, now: At) -> Result<()> {
    let (brand, id) = (channel.brand_id, channel.id);
    match refused {
        Refused::Reconnect(why) => {
            channels::set_login(tx, brand, id, None, None).await?;
            super::outbox::login_lost(tx, brand, id, &why, now).await
        }
        Refused::Later(after, _) => {
            Ok(channels::renew_next(tx, brand, id, now.plus(after.unwrap_or(SOON).max(SOON))).await?)
        }
        Refused::Never(..) => Ok(channels::renew_next(tx, brand, id, now.plus(MUCH_LATER)).await?),
    }
}
