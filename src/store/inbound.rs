//! The second log: one row per element of a delivery, and what became of it.

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, DeliveryId, InboundId, MessageId, TicketId};
use crate::base::val::Bound;
use crate::desk::inbound::InboundState;
use crate::desk::message::Kind;
use crate::sql;

/// An element on its way into the log.
#[derive(Debug, Clone)]
pub struct NewInbound {
    /// Its id, if it is new.
    pub id: InboundId,
    /// Its brand.
    pub brand: BrandId,
    /// Its channel; none when the account is unknown.
    pub channel: Option<ChannelId>,
    /// The body it came in.
    pub delivery: DeliveryId,
    /// Its place in the body.
    pub n: i64,
    /// The network's id of the event.
    pub key: String,
    /// What became of it at once: `processing`, or an end state.
    pub state: InboundState,
    /// Why it was ignored or quarantined.
    pub reason: Option<String>,
    /// What kind of message it is.
    pub kind: Option<Kind>,
    /// The message it makes: chosen beforehand, so that most elements are written once.
    pub message: Option<MessageId>,
    /// When it came.
    pub at: At,
}

const INSERT: Bulk = Bulk {
    head: "insert into inbound (id, brand_id, channel_id, delivery_id, n, event_key, state, reason, kind, message_id, created_at) values",
    tail: "on conflict (channel_id, event_key) do nothing returning id",
};

#[derive(sqlx::FromRow)]
struct Written {
    id: InboundId,
}

/// Writes elements down; the ids of those that were new.
pub async fn record(tx: &mut Tx, mut elements: Vec<NewInbound>) -> Result<Vec<InboundId>> {
    let mut seen = std::collections::HashSet::new();
    elements.retain(|e| e.channel.is_none() || seen.insert((e.channel, e.key.clone())));
    let rows = elements.into_iter().map(|e| {
        vec![
            e.id.val(),
            e.brand.val(),
            e.channel.val(),
            e.delivery.val(),
            e.n.val(),
            e.key.val(),
            e.state.val(),
            e.reason.val(),
            e.kind.val(),
            e.message.val(),
            e.at.val(),
        ]
    });
    let written: Vec<Written> = INSERT.all(tx, rows.collect()).await?;
    Ok(written.into_iter().map(|w| w.id).collect())
}

/// What became of an element.
#[derive(Debug, Clone)]
pub struct Became {
    /// Which.
    pub id: InboundId,
    /// The end state.
    pub state: InboundState,
    /// What kind of message it was.
    pub kind: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The message it made or touched.
    pub message: Option<MessageId>,
    /// The ticket.
    pub ticket: Option<TicketId>,
}

/// Notes what became of an element.
pub async fn became(tx: &mut Tx, brand: BrandId, o: Became) -> Result<()> {
    sql!(
        tx,
        run,
        "update inbound set state = $3, kind = $4, reason = $5, message_id = $6, ticket_id = $7, item = null, waits_for = null, next_at = null where id = $1 and brand_id = $2",
        o.id,
        brand,
        o.state,
        o.kind,
        o.reason,
        o.message,
        o.ticket
    )?;
    Ok(())
}

/// An element told of a message that was here already.
pub async fn points_to(
    tx: &mut Tx,
    brand: BrandId,
    id: InboundId,
    message: MessageId,
    ticket: Option<TicketId>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update inbound set message_id = $3, ticket_id = $4 where id = $1 and brand_id = $2",
        id,
        brand,
        message,
        ticket
    )?;
    Ok(())
}

/// Puts an element aside until the message it speaks of is there, at the latest until `until`.
pub async fn park(tx: &mut Tx, brand: BrandId, id: InboundId, item: &Value, waits_for: &str, until: At) -> Result<()> {
    sql!(
        tx,
        run,
        "update inbound set state = 'parked', item = $3, waits_for = $4, next_at = $5 where id = $1 and brand_id = $2",
        id,
        brand,
        item,
        waits_for,
        until
    )?;
    Ok(())
}

/// A parked element.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Parked {
    /// Which.
    pub id: InboundId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// The event it carries.
    pub item: Value,
}

/// What waits for this thing of a network, oldest first.
pub async fn waiting_for(tx: &mut Tx, brand: BrandId, channel: ChannelId, external_id: &str) -> Result<Vec<Parked>> {
    sql!(tx, all Parked, "select id, brand_id, channel_id, item from inbound where brand_id = $1 and channel_id = $2 and waits_for = $3 and state = 'parked' order by created_at, n", brand, channel, external_id)
}

#[derive(sqlx::FromRow)]
struct Awaited {
    waits_for: String,
}

/// True in `true` cells: which channels have anything parked at all, so that most messages need
/// not ask. Distinct things waited for in a channel, at most 1,000.
pub async fn awaited(tx: &mut Tx, brand: BrandId, channel: ChannelId) -> Result<Vec<String>> {
    let rows = sql!(tx, all Awaited, "select distinct waits_for from inbound where brand_id = $1 and channel_id = $2 and state = 'parked' limit 1000", brand, channel)?;
    Ok(rows.into_iter().map(|r| r.waits_for).collect())
}

/// Gives up on what has waited too long; how many.
pub async fn expire_parked(tx: &mut Tx, now: At) -> Result<u64> {
    sql!(
        tx,
        run,
        "update inbound set state = 'ignored', reason = 'never_came', item = null where state = 'parked' and next_at <= $1",
        now
    )
}

/// An element as shown in lists and by `guichet ingest`.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow)]
pub struct Line {
    /// Which.
    pub id: InboundId,
    /// Its place in the body.
    pub n: i64,
    /// What became of it.
    pub state: InboundState,
    /// What kind of message it was.
    pub kind: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The message it made or touched.
    pub message_id: Option<MessageId>,
    /// The ticket.
    pub ticket_id: Option<TicketId>,
    /// The body it came in.
    pub delivery_id: DeliveryId,
    /// When.
    pub created_at: At,
}

/// The elements of a body, in its order.
pub async fn of_delivery(tx: &mut Tx, brand: BrandId, delivery: DeliveryId) -> Result<Vec<Line>> {
    sql!(tx, all Line, "select i.id, i.n, i.state, i.kind, i.reason, i.message_id, coalesce(i.ticket_id, m.ticket_id) as ticket_id, i.delivery_id, i.created_at from inbound i left join messages m on m.id = i.message_id where i.brand_id = $1 and i.delivery_id = $2 order by i.n", brand, delivery)
}

/// One element.
pub async fn get(tx: &mut Tx, brand: BrandId, id: InboundId) -> Result<Line> {
    sql!(tx, one Line, "select i.id, i.n, i.state, i.kind, i.reason, i.message_id, coalesce(i.ticket_id, m.ticket_id) as ticket_id, i.delivery_id, i.created_at from inbound i left join messages m on m.id = i.message_id where i.brand_id = $1 and i.id = $2", brand, id)
}

/// The element of this key, however it came.
pub async fn by_key(tx: &mut Tx, brand: BrandId, channel: ChannelId, key: &str) -> Result<Option<Line>> {
    sql!(tx, maybe Line, "select i.id, i.n, i.state, i.kind, i.reason, i.message_id, coalesce(i.ticket_id, m.ticket_id) as ticket_id, i.delivery_id, i.created_at from inbound i left join messages m on m.id = i.message_id where i.brand_id = $1 and i.channel_id = $2 and i.event_key = $3", brand, channel, key)
}

/// A brand's elements in one state, newest first.
pub async fn in_state(tx: &mut Tx, brand: BrandId, state: InboundState, most: i64) -> Result<Vec<Line>> {
    if state == InboundState::Done {
        // Nearly all of them: read back from the newest.
        return sql!(tx, all Line, "select i.id, i.n, i.state, i.kind, i.reason, i.message_id, coalesce(i.ticket_id, m.ticket_id) as ticket_id, i.delivery_id, i.created_at from inbound i left join messages m on m.id = i.message_id where i.brand_id = $1 and i.state = 'done' order by i.id desc limit $2", brand, most);
    }
    sql!(tx, all Line, "select i.id, i.n, i.state, i.kind, i.reason, i.message_id, coalesce(i.ticket_id, m.ticket_id) as ticket_id, i.delivery_id, i.created_at from inbound i left join messages m on m.id = i.message_id where i.brand_id = $1 and i.state = $2 and i.state <> 'done' order by i.created_at desc, i.n desc limit $3", brand, state, most)
}

/// Forgets what became of an element that was quarantined, so that its body can be read again.
pub async fn forget(tx: &mut Tx, brand: BrandId, id: InboundId) -> Result<bool> {
    Ok(sql!(tx, run, "delete from inbound where id = $1 and brand_id = $2 and state = 'quarantined'", id, brand)? == 1)
}
