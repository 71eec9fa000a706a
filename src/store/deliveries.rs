//! The first log: raw bodies as they arrived. A network is answered only once its body is here.

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, ConnectionId, DeliveryId};
use crate::base::val::{Bound, Val};
use crate::sql;

crate::words! {
    /// How a body came.
    pub enum Source {
        /// The network pushed it.
        Hook = "hook",
        /// We asked for it.
        Poll = "poll",
        /// Read for what was before we were connected; never wakes the bot.
        Backfill = "backfill",
        /// Given by hand, with `guichet ingest`.
        Ingest = "ingest",
    }
}

crate::words! {
    /// Where a body stands.
    pub enum DeliveryState {
        /// Waits to be read.
        Received = "received",
        /// Its elements are in the second log.
        Done = "done",
        /// It could not be read; the bytes are kept.
        Quarantined = "quarantined",
    }
}

/// A body on its way into the log.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// Its id, if it is new.
    pub id: DeliveryId,
    /// The connection's brand.
    pub brand: BrandId,
    /// The connection it came by.
    pub connection: ConnectionId,
    /// The channel, where it is known without reading.
    pub channel: Option<ChannelId>,
    /// How it came.
    pub source: Source,
    /// SHA-256 of the bytes: the same body twice is one row.
    pub sha256: [u8; 32],
    /// The bytes.
    pub body: Vec<u8>,
    /// When.
    pub at: At,
}

const INSERT: Bulk = Bulk {
    head: "insert into deliveries (id, brand_id, connection_id, channel_id, source, sha256, body, state, next_at, received_at) values",
    tail: "on conflict (connection_id, sha256) do nothing",
};

/// Writes bodies down. What is there already stays as it is.
pub async fn record(tx: &mut Tx, mut deliveries: Vec<NewDelivery>) -> Result<()> {
    // One statement must not hold the same key twice: the first of each stays.
    let mut seen = std::collections::HashSet::new();
    deliveries.retain(|d| seen.insert((d.connection, d.sha256)));
    INSERT.run(tx, deliveries.into_iter().map(row).collect()).await
}

fn row(d: NewDelivery) -> Vec<Val> {
    let state = DeliveryState::Received;
    vec![
        d.id.val(),
        d.brand.val(),
        d.connection.val(),
        d.channel.val(),
        d.source.val(),
        d.sha256.as_slice().val(),
        d.body.val(),
        state.val(),
        d.at.val(),
        d.at.val(),
    ]
}

/// A body waiting to be read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Waiting {
    /// Its place in the log: the order of arrival.
    pub seq: i64,
    /// Which.
    pub id: DeliveryId,
    /// Its brand.
    pub brand_id: BrandId,
    /// The connection it came by.
    pub connection_id: ConnectionId,
    /// The channel, where it is known without reading.
    pub channel_id: Option<ChannelId>,
    /// How it came.
    pub source: Source,
    /// The bytes.
    pub body: Vec<u8>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it came.
    pub received_at: At,
}

#[derive(sqlx::FromRow)]
struct Whose {
    connection_id: ConnectionId,
}

/// The connections of every brand with bodies that were not read yet. One step of an index for each.
pub async fn connections_waiting(tx: &mut Tx) -> Result<Vec<ConnectionId>> {
    let all = sql!(
        tx,
        all Whose,
        "with recursive w (connection_id) as (select * from (select connection_id from deliveries where state = 'received' order by connection_id limit 1) f union all select (select d.connection_id from deliveries d where d.state = 'received' and d.connection_id > w.connection_id order by d.connection_id limit 1) from w where w.connection_id is not null) select connection_id from w where connection_id is not null"
    )?;
    Ok(all.into_iter().map(|w| w.connection_id).collect())
}

/// Where a body stands in the queue of its connection.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Place {
    /// Its place in the log.
    pub seq: i64,
    /// When it may be read.
    pub next_at: At,
    /// How long it is.
    pub bytes: i64,
}

/// The first bodies of a connection that wait to be read, in order of arrival.
pub async fn places(tx: &mut Tx, connection: ConnectionId, now: At, most: i64) -> Result<Vec<Place>> {
    sql!(tx, all Place,
        sqlite "select seq, next_at, length(body) as bytes from deliveries where state = 'received' and connection_id = $1 and next_at <= $2 order by next_at, seq limit $3",
        postgres "select seq, next_at, length(body)::bigint as bytes from deliveries where state = 'received' and connection_id = $1 and next_at <= $2 order by next_at, seq limit $3",
        connection, now, most)
}

const WAITING: &str = "select seq, id, brand_id, connection_id, channel_id, source, body, attempts, received_at from deliveries where state = 'received' and seq in (values";

/// These bodies, in order of arrival, as far as they still wait. On PostgreSQL rows another node is
/// reading are passed over.
pub async fn waiting(tx: &mut Tx, seqs: &[i64]) -> Result<Vec<Waiting>> {
    let tail = if tx.is_postgres() { ") for update skip locked" } else { ")" };
    let rows = seqs.iter().map(|s| vec![s.val()]).collect();
    let mut bodies: Vec<Waiting> = Bulk { head: WAITING, tail }.all(tx, rows).await?;
    bodies.sort_by_key(|b| b.seq);
    Ok(bodies)
}

/// Bodies nobody has read yet, over all brands: for operators.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Unread {
    /// How many.
    pub n: i64,
    /// When the oldest came.
    pub oldest: Option<At>,
}

/// How many bodies wait to be read, and since when.
pub async fn unread(tx: &mut Tx) -> Result<Unread> {
    sql!(tx, one Unread, "select count(*) as n, min(received_at) as oldest from deliveries where state = 'received'")
}

/// One body, whatever its state, for ingest and replay.
pub async fn get(tx: &mut Tx, brand: BrandId, id: DeliveryId) -> Result<Waiting> {
    sql!(tx, one Waiting, "select seq, id, brand_id, connection_id, channel_id, source, body, attempts, received_at from deliveries where id = $1 and brand_id = $2", id, brand)
}

#[derive(sqlx::FromRow)]
struct Known {
    id: DeliveryId,
}

/// The row that holds a body, by its hash.
pub async fn by_hash(tx: &mut Tx, brand: BrandId, connection: ConnectionId, sha256: &[u8]) -> Result<DeliveryId> {
    Ok(sql!(tx, one Known, "select id from deliveries where brand_id = $1 and connection_id = $2 and sha256 = $3", brand, connection, sha256)?.id)
}

#[derive(sqlx::FromRow)]
struct Why {
    error: Option<String>,
}

/// Why a body could not be read; none when it was.
pub async fn error_of(tx: &mut Tx, brand: BrandId, id: DeliveryId) -> Result<Option<String>> {
    Ok(sql!(tx, one Why, "select error from deliveries where id = $1 and brand_id = $2", id, brand)?.error)
}

const DONE: Bulk = Bulk { head: "update deliveries set state = 'done', error = null where seq in (values", tail: ")" };

/// Marks bodies as read: their elements are in the second log.
pub async fn done(tx: &mut Tx, seqs: &[i64]) -> Result<()> {
    DONE.run(tx, seqs.iter().map(|s| vec![s.val()]).collect()).await
}

/// Keeps a body that could not be read, with the reason.
pub async fn quarantine(tx: &mut Tx, brand: BrandId, id: DeliveryId, error: &str) -> Result<()> {
    sql!(
        tx,
        run,
        "update deliveries set state = 'quarantined', error = $3, attempts = attempts + 1 where id = $1 and brand_id = $2",
        id,
        brand,
        error
    )?;
    Ok(())
}

/// Puts a body off after a trouble of ours.
pub async fn put_off(tx: &mut Tx, brand: BrandId, id: DeliveryId, next_at: At, error: &str) -> Result<()> {
    sql!(
        tx,
        run,
        "update deliveries set attempts = attempts + 1, next_at = $3, error = $4 where id = $1 and brand_id = $2",
        id,
        brand,
        next_at,
        error
    )?;
    Ok(())
}

/// Reads a body again, from the start.
pub async fn again(tx: &mut Tx, brand: BrandId, id: DeliveryId, now: At) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update deliveries set state = 'received', attempts = 0, next_at = $3, error = null where id = $1 and brand_id = $2 and state in ('quarantined', 'done')",
        id,
        brand,
        now
    )? == 1)
}

/// A body that could not be read, for the list of troubles.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow)]
pub struct Trouble {
    /// Which.
    pub id: DeliveryId,
    /// The connection it came by.
    pub connection_id: ConnectionId,
    /// Why.
    pub error: Option<String>,
    /// When it came.
    pub received_at: At,
    /// How long it is, in bytes.
    pub bytes: i64,
}

/// A brand's unreadable bodies, newest first.
pub async fn quarantined(tx: &mut Tx, brand: BrandId, most: i64) -> Result<Vec<Trouble>> {
    sql!(tx, all Trouble,
        sqlite "select id, connection_id, error, received_at, length(body) as bytes from deliveries where brand_id = $1 and state = 'quarantined' order by seq desc limit $2",
        postgres "select id, connection_id, error, received_at, length(body)::bigint as bytes from deliveries where brand_id = $1 and state = 'quarantined' order by seq desc limit $2",
        brand, most)
}
