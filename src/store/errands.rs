//! Work to be done later for a channel: asking the network for what a hook only named.

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, ConnectionId, ErrandId, MessageId};
use crate::base::val::Bound;
use crate::sql;

/// An errand.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Errand {
    /// Which.
    pub id: ErrandId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// What is to be done: `hydrate`.
    pub kind: String,
    /// To which message.
    pub subject: MessageId,
    /// What is known so far.
    pub item: Value,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is due.
    pub due_at: At,
}

const INSERT: Bulk = Bulk {
    head: "insert into errands (id, brand_id, channel_id, kind, subject, item, state, due_at, created_at) values",
    tail: "on conflict (kind, subject) do nothing",
};

/// Notes errands.
pub async fn add(tx: &mut Tx, errands: Vec<Errand>, at: At) -> Result<()> {
    let rows = errands.into_iter().map(|e| {
        vec![
            e.id.val(),
            e.brand_id.val(),
            e.channel_id.val(),
            e.kind.val(),
            e.subject.val(),
            e.item.val(),
            "waiting".val(),
            e.due_at.val(),
            at.val(),
        ]
    });
    INSERT.run(tx, rows.collect()).await
}

/// A channel that has errands waiting.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Waiting {
    /// Which.
    pub channel_id: ChannelId,
    /// Its connection.
    pub connection_id: ConnectionId,
    /// Its network's slug.
    pub network: String,
}

/// The channels of every brand with errands that are due, whoever waits longest first.
pub async fn channels_with(tx: &mut Tx, now: At) -> Result<Vec<Waiting>> {
    sql!(tx, all Waiting, "select e.channel_id, c.connection_id, c.network from errands e join channels c on c.id = e.channel_id where e.state = 'waiting' and e.due_at <= $1 group by e.channel_id, c.connection_id, c.network order by min(e.due_at)", now)
}

/// Takes errands of a channel that are due and puts them off until `until`, so that nobody else takes
/// them meanwhile.
pub async fn take(tx: &mut Tx, channel: ChannelId, now: At, until: At, most: i64) -> Result<Vec<Errand>> {
    sql!(tx, all Errand,
        sqlite "update errands set due_at = $2, attempts = attempts + 1 where id in (select id from errands where state = 'waiting' and due_at <= $1 and channel_id = $4 order by due_at limit $3) returning id, brand_id, channel_id, kind, subject, item, attempts, due_at",
        postgres "update errands set due_at = $2, attempts = attempts + 1 where id in (select id from errands where state = 'waiting' and due_at <= $1 and channel_id = $4 order by due_at limit $3 for update skip locked) returning id, brand_id, channel_id, kind, subject, item, attempts, due_at",
        now, until, most, channel)
}

/// An errand is done, or given up with a reason.
pub async fn end(tx: &mut Tx, brand: BrandId, id: ErrandId, error: Option<&str>) -> Result<()> {
    sql!(
        tx,
        run,
        "update errands set state = case when $3 is null then 'done' else 'given_up' end, error = $3 where id = $1 and brand_id = $2",
        id,
        brand,
        error
    )?;
    Ok(())
}

/// An errand is to be tried again.
pub async fn put_off(tx: &mut Tx, brand: BrandId, id: ErrandId, due_at: At, error: &str) -> Result<()> {
    sql!(
        tx,
        run,
        "update errands set due_at = $3, error = $4 where id = $1 and brand_id = $2",
        id,
        brand,
        due_at,
        error
    )?;
    Ok(())
}
