//! Real messages for a replay, the newest first, with what stood around them.

use super::super::bulk::Bulk;
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, MessageId, ThreadId, TicketId};
use crate::base::val::Bound;
use crate::desk::delivery::Delivery;
use crate::desk::message::{Direction, Kind, Visibility};
use crate::sql;
use crate::store::{Result, Tx};

/// A message a customer wrote.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Heard {
    /// Its place in the log.
    pub seq: i64,
    /// Which.
    pub id: MessageId,
    /// In which ticket.
    pub ticket_id: TicketId,
    /// In which thread.
    pub thread_id: ThreadId,
    /// What it is.
    pub kind: Kind,
    /// Who reads it.
    pub visibility: Visibility,
    /// Who wrote it.
    pub author_name: String,
    /// Its words.
    pub text: String,
    /// Marked as automatic by its network.
    pub machine: bool,
    /// When.
    pub at: At,
    /// By which network.
    pub network: String,
}

/// Which messages.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    /// At which brand.
    pub brand: BrandId,
    /// Only those before this place in the log.
    pub before: i64,
    /// From this moment on.
    pub from: At,
    /// Before this moment.
    pub to: At,
    /// Of this network.
    pub network: Option<&'a str>,
    /// Of this channel.
    pub channel: Option<ChannelId>,
    /// So many.
    pub most: i64,
}

/// The newest messages, the newest first.
pub async fn newest(tx: &mut Tx, w: Which<'_>) -> Result<Vec<Heard>> {
    sql!(tx, all Heard,
        "select e.seq, m.id, m.ticket_id, m.thread_id, m.kind, m.visibility, m.author_name, m.text, m.machine, m.at, c.network from events e join messages m on m.id = e.message_id join channels c on c.id = m.channel_id where e.brand_id = $1 and e.seq < $2 and e.kind = 'message_received' and m.direction = 'inbound' and m.ticket_id is not null and m.deleted_at is null and m.text <> '' and m.at >= $3 and m.at < $4 and c.network = coalesce($5, c.network) and c.id = coalesce($6, c.id) order by e.seq desc limit $7",
        w.brand, w.before, w.from, w.to, w.network, w.channel, w.most)
}

/// Something else that stands in a ticket; of what customers wrote, only that it does.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Beside {
    /// Which.
    pub id: MessageId,
    /// In which ticket.
    pub ticket_id: TicketId,
    /// To us or from us.
    pub direction: Direction,
    /// The rule or entry that wrote it.
    pub by_rule: Option<String>,
    /// The name shown.
    pub author_name: String,
    /// Our words.
    pub text: String,
    /// When.
    pub at: At,
    /// Whether it arrived.
    pub delivery: Option<Delivery>,
}

/// Everything in these tickets but notes, oldest first.
pub async fn beside(tx: &mut Tx, brand: BrandId, tickets: &[TicketId]) -> Result<Vec<Beside>> {
    const FIND: Bulk = Bulk {
        head: "select id, ticket_id, direction, by_rule, author_name, case when direction = 'outbound' then text else '' end as text, at, delivery from messages where brand_id = $1 and visibility <> 'internal' and ticket_id in (values",
        tail: ")",
    };
    let mut all: Vec<Beside> = FIND.among(tx, &[brand.val()], tickets.iter().map(|t| vec![t.val()]).collect()).await?;
    all.sort_by_key(|b| (b.at, b.id));
    Ok(all)
}
