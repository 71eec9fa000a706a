//! Connections and channels.

use serde_json::Value;

use super::error::Error;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, ConnectionId};
use crate::desk::channel::{Channel, ChannelState};
use crate::desk::scope::Scope;
use crate::sql;

/// A connection as stored; its secrets are sealed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Connection {
    /// Which.
    pub id: ConnectionId,
    /// Its brand.
    pub brand_id: BrandId,
    /// The network's slug.
    pub network: String,
    /// SHA-256 of the hook's token, to find it by.
    pub hook_hash: Vec<u8>,
    /// The hook's token, sealed, to show its URL again.
    pub hook_token: Vec<u8>,
    /// Plain settings.
    pub settings: Value,
    /// Sealed secrets.
    pub secrets: Vec<u8>,
    /// The day its calls were last counted, where the network gives by the day.
    pub spent_day: Option<String>,
    /// What they cost that day.
    pub spent: i64,
}

/// Adds a connection.
pub async fn connect(tx: &mut Tx, c: &Connection, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into connections (id, brand_id, network, hook_hash, hook_token, settings, secrets, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        c.id,
        c.brand_id,
        &c.network,
        c.hook_hash.clone(),
        c.hook_token.clone(),
        &c.settings,
        c.secrets.clone(),
        at
    )?;
    Ok(())
}

/// Replaces a connection's settings and secrets.
pub async fn reconnect(tx: &mut Tx, c: &Connection) -> Result<()> {
    sql!(
        tx,
        run,
        "update connections set settings = $3, secrets = $4 where id = $1 and brand_id = $2",
        c.id,
        c.brand_id,
        &c.settings,
        c.secrets.clone()
    )?;
    Ok(())
}

/// The connection a hook's token belongs to, whatever its brand: the token is the key.
pub async fn by_hook(tx: &mut Tx, hash: &[u8]) -> Result<Option<Connection>> {
    sql!(tx, maybe Connection, "select id, brand_id, network, hook_hash, hook_token, settings, secrets, spent_day, spent from connections where hook_hash = $1", hash)
}

/// A brand's connection.
pub async fn connection(tx: &mut Tx, brand: BrandId, id: ConnectionId) -> Result<Connection> {
    sql!(tx, one Connection, "select id, brand_id, network, hook_hash, hook_token, settings, secrets, spent_day, spent from connections where id = $1 and brand_id = $2", id, brand)
}

/// Counts what calls cost on a day.
pub async fn charge(tx: &mut Tx, brand: BrandId, id: ConnectionId, day: &str, units: i64) -> Result<()> {
    sql!(
        tx,
        run,
        "update connections set spent = case when spent_day = $3 then spent + $4 else $4 end, spent_day = $3 where id = $1 and brand_id = $2",
        id,
        brand,
        day,
        units
    )?;
    Ok(())
}

/// Adds a channel.
///
/// # Errors
/// [`Error::Conflict`] when this account is connected there already.
pub async fn add(tx: &mut Tx, c: &Channel, settings: &Value, secrets: Vec<u8>, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into channels (id, brand_id, connection_id, network, name, account, settings, secrets, state, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        c.id,
        c.brand_id,
        c.connection_id,
        &c.network,
        &c.name,
        &c.account,
        settings,
        secrets,
        c.state,
        at
    )?;
    Ok(())
}

/// A channel's own settings and sealed secrets.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Kept {
    /// Plain settings.
    pub settings: Value,
    /// Sealed secrets.
    pub secrets: Vec<u8>,
    /// Where its last poll stopped.
    pub poll_cursor: Option<String>,
    /// How many polls have failed since one succeeded.
    pub poll_failures: i64,
    /// When it was connected.
    pub created_at: At,
}

/// A channel's own settings and sealed secrets.
pub async fn kept(tx: &mut Tx, brand: BrandId, id: ChannelId) -> Result<Kept> {
    sql!(tx, one Kept, "select settings, secrets, poll_cursor, poll_failures, created_at from channels where id = $1 and brand_id = $2", id, brand)
}

/// Replaces a channel's settings and secrets; it is active again.
pub async fn keep(tx: &mut Tx, brand: BrandId, id: ChannelId, settings: &Value, secrets: Vec<u8>) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set settings = $3, secrets = $4, state = 'active', state_why = null, quiet_until = null, hindered = null, hindered_why = null, hindered_since = null, poll_at = case when poll_failures > 0 then null else poll_at end, poll_failures = 0 where id = $1 and brand_id = $2",
        id,
        brand,
        settings,
        secrets
    )?;
    Ok(())
}

/// Replaces a channel's settings and secrets, and nothing else about it.
pub async fn set_settings(
    tx: &mut Tx,
    brand: BrandId,
    id: ChannelId,
    settings: &Value,
    secrets: Vec<u8>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set settings = $3, secrets = $4 where id = $1 and brand_id = $2",
        id,
        brand,
        settings,
        secrets
    )?;
    Ok(())
}

macro_rules! columns {
    () => {
        "id, brand_id, connection_id, network, name, account, state, state_why, quiet_until, usage, last_in_at, last_out_at, polled_at, login_until, hindered, hindered_why, hindered_since"
    };
}

/// One channel in scope.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, or not in scope.
pub async fn get(tx: &mut Tx, scope: &Scope, id: ChannelId) -> Result<Channel> {
    let found = sql!(tx, maybe Channel, concat!("select ", columns!(), " from channels where id = $1"), id)?;
    found.filter(|c| scope.admits(c.brand_id)).ok_or(Error::NotFound)
}

/// A brand's channels, by name.
pub async fn of_brand(tx: &mut Tx, brand: BrandId) -> Result<Vec<Channel>> {
    sql!(tx, all Channel, concat!("select ", columns!(), " from channels where brand_id = $1 order by name, id"), brand)
}

/// The channels of a connection.
pub async fn of_connection(tx: &mut Tx, brand: BrandId, connection: ConnectionId) -> Result<Vec<Channel>> {
    sql!(tx, all Channel, concat!("select ", columns!(), " from channels where brand_id = $1 and connection_id = $2"), brand, connection)
}

/// Changes a channel's state; true when it was another one.
pub async fn set_state(
    tx: &mut Tx,
    brand: BrandId,
    id: ChannelId,
    state: ChannelState,
    why: Option<&str>,
) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update channels set state = $3, state_why = $4 where id = $1 and brand_id = $2 and (state <> $3 or coalesce(state_why, '') <> coalesce($4, ''))",
        id,
        brand,
        state,
        why
    )? == 1)
}

/// Notes what the network said of its quota.
pub async fn set_usage(
    tx: &mut Tx,
    brand: BrandId,
    id: ChannelId,
    percent: Option<i64>,
    quiet_until: Option<At>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set usage = coalesce($3, usage), quiet_until = coalesce($4, quiet_until) where id = $1 and brand_id = $2",
        id,
        brand,
        percent,
        quiet_until
    )?;
    Ok(())
}

/// Notes that something came in.
pub async fn heard(tx: &mut Tx, brand: BrandId, id: ChannelId, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set last_in_at = $3 where id = $1 and brand_id = $2 and (last_in_at is null or last_in_at < $3)",
        id,
        brand,
        at
    )?;
    Ok(())
}

/// Notes that something went out.
pub async fn spoke(tx: &mut Tx, brand: BrandId, id: ChannelId, at: At) -> Result<()> {
    sql!(tx, run, "update channels set last_out_at = $3 where id = $1 and brand_id = $2", id, brand, at)?;
    Ok(())
}

/// Channels of every brand that are active, for those who wait for what comes.
pub async fn active(tx: &mut Tx) -> Result<Vec<Channel>> {
    sql!(tx, all Channel, concat!("select ", columns!(), " from channels where state = 'active' order by id"))
}

/// Channels of every brand not polled since a moment, or that wanted it by now, and that nobody reads at
/// the moment; whoever waits longest first.
pub async fn due_for_poll(tx: &mut Tx, since: At, now: At) -> Result<Vec<Channel>> {
    sql!(tx, all Channel, concat!("select ", columns!(), " from channels where state = 'active' and (poll_at <= $2 or (poll_at is null and (polled_at is null or polled_at <= $1))) and (quiet_until is null or quiet_until <= $2) and (held_until is null or held_until <= $2) order by coalesce(poll_at, polled_at, 0), id"), since, now)
}

/// Channels of every brand whose subscriptions were not looked after since a moment.
pub async fn due_for_tending(tx: &mut Tx, since: At) -> Result<Vec<Channel>> {
    sql!(tx, all Channel, concat!("select ", columns!(), " from channels where state = 'active' and (tended_at is null or tended_at <= $1)"), since)
}

/// Channels of every brand whose login is to be renewed, paused ones too: a pause may outlast it.
pub async fn due_for_renewal(tx: &mut Tx, now: At) -> Result<Vec<Channel>> {
    sql!(tx, all Channel, concat!("select ", columns!(), " from channels where renew_at <= $1"), now)
}

/// Notes when a channel's login is to be renewed, if ever, and until when it is good, as far as known.
pub async fn set_login(
    tx: &mut Tx,
    brand: BrandId,
    id: ChannelId,
    renew_at: Option<At>,
    until: Option<At>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set renew_at = $3, login_until = $4 where id = $1 and brand_id = $2",
        id,
        brand,
        renew_at,
        until
    )?;
    Ok(())
}

/// Renewing a channel's login is to be tried at this hour, where it can be renewed at all.
pub async fn renew_next(tx: &mut Tx, brand: BrandId, id: ChannelId, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set renew_at = $3 where id = $1 and brand_id = $2 and renew_at is not null",
        id,
        brand,
        at
    )?;
    Ok(())
}

/// Takes on looking after a channel's subscriptions; false when somebody did since that moment.
pub async fn tend(tx: &mut Tx, brand: BrandId, id: ChannelId, at: At, since: At) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update channels set tended_at = $3 where id = $1 and brand_id = $2 and (tended_at is null or tended_at <= $4)",
        id,
        brand,
        at,
        since
    )? == 1)
}
