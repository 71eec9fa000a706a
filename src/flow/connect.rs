//! Connecting a channel: its settings sealed, its hook made, its login tried.

use serde_json::json;

use super::house::{place_of_channel, place_of_connection};
use super::{House, Reason, Result, renew};
use crate::base::id::{BrandId, ChannelId, ConnectionId};
use crate::base::sign::sha256;
use crate::base::text::clean_name;
use crate::desk::agent::Power;
use crate::desk::channel::{Channel, ChannelState, Settings};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::networks::{Checkup, Line, Network};
use crate::store::channels::{self, Connection};
use crate::store::{self, Tx, outbox};

/// A channel to be connected.
#[derive(Debug, Clone)]
pub struct NewChannel {
    /// The network's slug.
    pub network: String,
    /// The brand it speaks for.
    pub brand: BrandId,
    /// The name people see.
    pub name: String,
    /// A connection it joins, or a new one.
    pub connection: Option<ConnectionId>,
    /// Settings by the network's own keys.
    pub settings: Vec<(String, String)>,
}

/// Connects a channel; its id, and the hook's path where the network pushes.
///
/// # Errors
/// [`Reason`]: not allowed, unknown network, unknown or missing setting, connected already.
pub async fn connect(house: &House, scope: &Scope, new: NewChannel) -> Result<(ChannelId, Option<String>)> {
    if !scope.may(new.brand, Power::Manage) {
        return Err(Reason::NotAllowed.into());
    }
    let network = house.network(&new.network).ok_or_else(|| Reason::UnknownNetwork.about(new.network.clone()))?;
    let (shared, own) = sorted(network, &new.settings)?;
    let card = network.card();
    let mut tx = house.db.write().await?;
    let joined = match new.connection {
        Some(id) => Some(channels::connection(&mut tx, new.brand, id).await?),
        None => None,
    };
    let before = match &joined {
        Some(c) => house.open(&place_of_connection(c), &c.settings, &c.secrets)?,
        None => Settings::default(),
    };
    let all = before.with(&shared).with(&own);
    if let Some(missing) = card.fields.iter().find(|f| f.required && all.get(f.key).is_none()) {
        return Err(Reason::MissingSetting.about(missing.key));
    }
    let connection = match joined {
        Some(connection) => connection,
        None => fresh(house, &mut tx, new.brand, network, &shared).await?,
    };
    let account = all.get(card.account).unwrap_or_default().trim().to_owned();
    let id: ChannelId = house.given.id();
    let name = clean_name(&new.name);
    let channel = Channel {
        id,
        brand_id: new.brand,
        connection_id: connection.id,
        network: network.slug().to_owned(),
        name: if name.is_empty() { format!("{} {account}", card.name) } else { name },
        account,
        state: ChannelState::Active,
        state_why: None,
        quiet_until: None,
        usage: None,
        last_in_at: None,
        last_out_at: None,
        polled_at: None,
        login_until: None,
        hindered: None,
        hindered_why: None,
        hindered_since: None,
    };
    let sealed = house.seal(&place_of_channel(id), &own);
    match channels::add(&mut tx, &channel, &own.plain_json(), sealed, house.now()).await {
        Err(store::Error::Conflict(_)) => return Err(Reason::AlreadyConnected.about(channel.account)),
        other => other?,
    }
    renew::fresh(house, &mut tx, network, &channel).await?;
    told(house, &mut tx, scope, &channel);
    let path = hook_path(house, network, &connection)?;
    tx.commit().await?;
    house.forget();
    Ok((id, path))
}

/// Settings sorted into those of the connection and those of the channel.
pub(super) fn sorted(network: &dyn Network, given: &[(String, String)]) -> Result<(Settings, Settings)> {
    let (mut shared, mut own) = (Settings::default(), Settings::default());
    for (key, value) in given {
        let field = network
            .card()
            .fields
            .iter()
            .find(|f| f.key == key)
            .ok_or_else(|| Reason::UnknownSetting.about(key.clone()))?;
        let side = if field.shared { &mut shared } else { &mut own };
        if field.secret { side.set_secret(key, value.trim()) } else { side.set(key, value.trim()) }
    }
    Ok((shared, own))
}

async fn fresh(
    house: &House,
    tx: &mut Tx,
    brand: BrandId,
    network: &dyn Network,
    shared: &Settings,
) -> Result<Connection> {
    let token = hex::encode(house.given.bytes::<16>());
    let mut connection = Connection {
        id: house.given.id(),
        brand_id: brand,
        network: network.slug().to_owned(),
        hook_hash: sha256(token.as_bytes()).to_vec(),
        hook_token: Vec::new(),
        settings: shared.plain_json(),
        secrets: Vec::new(),
        spent_day: None,
        spent: 0,
    };
    let place = place_of_connection(&connection);
    connection.secrets = house.seal(&place, shared);
    connection.hook_token = house.keys.seal(&format!("{place}/hook"), token.as_bytes());
    channels::connect(tx, &connection, house.now()).await?;
    Ok(connection)
}

/// The path of a connection's hook, for networks that push.
///
/// # Errors
/// When the sealed token does not open.
pub fn hook_path(house: &House, network: &dyn Network, connection: &Connection) -> Result<Option<String>> {
    if !network.card().hooks {
        return Ok(None);
    }
    let place = format!("{}/hook", place_of_connection(connection));
    let token = house.keys.open_sealed(&place, &connection.hook_token)?;
    Ok(Some(format!("/hooks/{}", String::from_utf8_lossy(&token))))
}

fn told(house: &House, tx: &mut Tx, scope: &Scope, channel: &Channel) {
    let actor = scope.who().map_or(Actor::House, Actor::Agent);
    let event = Event::at(channel.brand_id, EventKind::ChannelChanged, actor);
    tx.emit(house.now(), event.data(json!({"channel": channel.id, "state": channel.state})));
}

/// Gives a channel new settings (a new token, above all): it is active again, and what was blocked
/// goes out.
///
/// # Errors
/// As [`connect`].
pub async fn reconnect(house: &House, scope: &Scope, id: ChannelId, settings: &[(String, String)]) -> Result<()> {
    let mut tx = house.db.write().await?;
    let channel = channels::get(&mut tx, scope, id).await?;
    if !scope.may(channel.brand_id, Power::Manage) {
        return Err(Reason::NotAllowed.into());
    }
    let network =
        house.network(&channel.network).ok_or_else(|| Reason::UnknownNetwork.about(channel.network.clone()))?;
    let (shared, own) = sorted(network, settings)?;
    let mut connection = channels::connection(&mut tx, channel.brand_id, channel.connection_id).await?;
    let place = place_of_connection(&connection);
    let merged = opened(house, &place, &connection.settings, &connection.secrets).with(&shared);
    connection.settings = merged.plain_json();
    connection.secrets = house.seal(&place, &merged);
    channels::reconnect(&mut tx, &connection).await?;
    let kept = channels::kept(&mut tx, channel.brand_id, id).await?;
    let place = place_of_channel(id);
    let merged_own = opened(house, &place, &kept.settings, &kept.secrets).with(&own);
    let all = merged.with(&merged_own);
    if let Some(missing) = network.card().fields.iter().find(|f| f.required && all.get(f.key).is_none()) {
        return Err(Reason::MissingSetting.about(missing.key));
    }
    channels::keep(&mut tx, channel.brand_id, id, &merged_own.plain_json(), house.seal(&place, &merged_own)).await?;
    release(house, &mut tx, &channel).await?;
    renew::fresh(house, &mut tx, network, &channel).await?;
    told(house, &mut tx, scope, &Channel { state: ChannelState::Active, ..channel });
    tx.commit().await?;
    house.forget();
    house.bells.outbox.notify_one();
    Ok(())
}

/// What is known of settings: with a lost key, only what was never secret; the rest is asked for.
fn opened(house: &House, place: &str, plain: &serde_json::Value, sealed: &[u8]) -> Settings {
    house.open(place, plain, sealed).unwrap_or_else(|_| Settings::from_json(plain, &serde_json::Value::Null))
}

/// What was blocked on a channel may go out.
pub(super) async fn release(house: &House, tx: &mut Tx, channel: &Channel) -> Result<()> {
    let now = house.now();
    for row in outbox::unblock(tx, channel.brand_id, channel.id, now).await? {
        store::messages::set_delivery(
            tx,
            row.brand_id,
            row.message_id,
            crate::desk::delivery::Delivery::Queued,
            None,
            None,
            None,
        )
        .await?;
    }
    Ok(())
}

/// Pauses a channel, or lets it go on.
///
/// # Errors
/// [`Reason::NotAllowed`].
pub async fn pause(house: &House, scope: &Scope, id: ChannelId, paused: bool) -> Result<()> {
    let mut tx = house.db.write().await?;
    let channel = channels::get(&mut tx, scope, id).await?;
    if !scope.may(channel.brand_id, Power::Manage) {
        return Err(Reason::NotAllowed.into());
    }
    let state = if paused { ChannelState::Paused } else { ChannelState::Active };
    channels::set_state(&mut tx, channel.brand_id, id, state, None).await?;
    if !paused {
        release(house, &mut tx, &channel).await?;
    }
    told(house, &mut tx, scope, &Channel { state, ..channel });
    tx.commit().await?;
    house.bells.outbox.notify_one();
    Ok(())
}

/// Tries a channel's login and says in words what works and what is missing. A login that works
/// again makes the channel active.
///
/// # Errors
/// [`store::Error::NotFound`], or a secret does not open.
pub async fn check(house: &House, scope: &Scope, id: ChannelId) -> Result<Checkup> {
    let mut tx = house.db.read().await?;
    let channel = channels::get(&mut tx, scope, id).await?;
    let network =
        house.network(&channel.network).ok_or_else(|| Reason::UnknownNetwork.about(channel.network.clone()))?;
    let account = house.account(&mut tx, &channel).await?;
    drop(tx);
    let line = Line::new(&account, &house.fetch, house.now());
    let checkup = network.check(&line).await;
    if line.cost() > 0 || line.reach().is_some() {
        let mut tx = house.db.write().await?;
        house.note_reach(&mut tx, &channel, &line).await?;
        house.charge(&mut tx, &channel, &line).await?;
        tx.commit().await?;
    }
    if checkup.problems.is_empty() && channel.state == ChannelState::NeedsReauth {
        let mut tx = house.db.write().await?;
        channels::set_state(&mut tx, channel.brand_id, id, ChannelState::Active, None).await?;
        release(house, &mut tx, &channel).await?;
        told(house, &mut tx, scope, &Channel { state: ChannelState::Active, ..channel });
        tx.commit().await?;
        house.bells.outbox.notify_one();
    }
    Ok(checkup)
}
