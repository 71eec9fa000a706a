//! The append-only log of what happened.

use serde::Serialize;
use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, MessageId, TicketId};
use crate::base::val::{Bound, Val};
use crate::desk::event::{Event, EventKind};
use crate::sql;

/// An event as read back.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Past {
    /// Its place in the log.
    pub seq: i64,
    /// When.
    pub at: At,
    /// At which brand.
    pub brand_id: BrandId,
    /// What.
    pub kind: EventKind,
    /// To which ticket.
    pub ticket_id: Option<TicketId>,
    /// To which message.
    pub message_id: Option<MessageId>,
    /// `agent`, `rule`, `network` or `house`.
    pub actor_kind: String,
    /// Which of them.
    pub actor: Option<String>,
    /// The particulars.
    pub data: Value,
    /// Why, where it was automatic.
    pub trace: Option<Value>,
}

const INSERT: Bulk = Bulk {
    head: "insert into events (at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace) values",
    tail: "",
};

pub(super) async fn write(tx: &mut Tx, events: Vec<(At, Event)>) -> Result<()> {
    INSERT.run(tx, events.into_iter().map(|(at, event)| row(at, event)).collect()).await
}

fn row(at: At, event: Event) -> Vec<Val> {
    let (actor_kind, actor) = event.actor.columns();
    let trace = event.trace.and_then(|t| serde_json::to_value(t).ok());
    let data = if event.data.is_null() { Value::Object(serde_json::Map::new()) } else { event.data };
    vec![
        at.val(),
        event.brand.val(),
        event.kind.val(),
        event.ticket.val(),
        event.message.val(),
        actor_kind.val(),
        actor.val(),
        data.val(),
        trace.val(),
    ]
}

/// The next events of any brand after a place in the log, oldest first, for those who tail it:
/// live updates, search, counts. On PostgreSQL only what is older than every running transaction,
/// so that none is passed over.
pub async fn after(tx: &mut Tx, seq: i64, most: i64) -> Result<Vec<Past>> {
    sql!(tx, all Past,
        sqlite "select seq, at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace from events where seq > $1 order by seq limit $2",
        postgres "select seq, at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace from events where seq > $1 and xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint order by seq limit $2",
        seq, most)
}

/// The same for one brand, for programs that follow it.
pub async fn of_brand(tx: &mut Tx, brand: BrandId, seq: i64, most: i64) -> Result<Vec<Past>> {
    sql!(tx, all Past,
        sqlite "select seq, at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace from events where brand_id = $1 and seq > $2 order by seq limit $3",
        postgres "select seq, at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace from events where brand_id = $1 and seq > $2 and xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint order by seq limit $3",
        brand, seq, most)
}

/// A ticket's history, oldest first, at most 500.
pub async fn of_ticket(tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<Vec<Past>> {
    sql!(tx, all Past,
        "select seq, at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace from events where brand_id = $1 and ticket_id = $2 order by seq limit 500",
        brand, ticket)
}

/// The messages by which a ticket was answered after a place in the log, by whomever.
pub async fn answers_after(tx: &mut Tx, brand: BrandId, ticket: TicketId, seq: i64) -> Result<Vec<MessageId>> {
    #[derive(sqlx::FromRow)]
    struct Answer {
        message_id: MessageId,
    }
    let found = sql!(tx, all Answer, "select message_id from events where brand_id = $1 and ticket_id = $2 and seq > $3 and kind in ('reply_queued', 'page_wrote') and message_id is not null order by seq limit 20", brand, ticket, seq)?;
    Ok(found.into_iter().map(|a| a.message_id).collect())
}

/// The times a ticket was handed to another team, newest first.
pub async fn escalations(tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<Vec<Past>> {
    sql!(tx, all Past,
        "select seq, at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace from events where brand_id = $1 and ticket_id = $2 and kind = 'escalated' order by seq desc limit 500",
        brand, ticket)
}

/// What happened last to a ticket, newest first.
pub async fn latest(tx: &mut Tx, brand: BrandId, ticket: TicketId, most: i64) -> Result<Vec<Past>> {
    sql!(tx, all Past,
        "select seq, at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace from events where brand_id = $1 and ticket_id = $2 order by seq desc limit $3",
        brand, ticket, most)
}

#[derive(sqlx::FromRow)]
struct Last {
    seq: Option<i64>,
}

/// The last event of a ticket that can be seen now. Whoever writes to a ticket holds it, so what
/// comes after has a later place: on PostgreSQL too, where that holds of no two tickets.
pub async fn last_of_ticket(tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<i64> {
    let last =
        sql!(tx, one Last, "select max(seq) as seq from events where brand_id = $1 and ticket_id = $2", brand, ticket)?;
    Ok(last.seq.unwrap_or(0))
}

/// The last place in the log; 0 when it is empty.
pub async fn last(tx: &mut Tx) -> Result<i64> {
    Ok(sql!(tx, one Last, "select max(seq) as seq from events")?.seq.unwrap_or(0))
}
