//! Questions the bot missed, as they stand among thoughts and messages, and what people answered.

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ContactId, MessageId, TicketId};
use crate::base::val::Bound;
use crate::desk::bot::Verdict;
use crate::desk::message::Kind;
use crate::sql;

/// A question that may have been missed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Asked {
    /// The message.
    pub message_id: MessageId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// Who asked.
    pub contact_id: Option<ContactId>,
    /// What it is.
    pub kind: Kind,
    /// The words.
    pub text: String,
    /// The language, where it is known.
    pub language: Option<String>,
    /// When.
    pub at: At,
    /// When the bot thought about it.
    pub thought_at: At,
    /// What it decided: nothing, or to offer something.
    pub decision: Verdict,
    /// What it offered.
    pub entry: Option<String>,
    /// The evidence: also what came nearest.
    pub trace: Value,
}

/// The questions of a brand after a moment which the bot kept silent on or only offered something for,
/// the newest first, before a place if one is given; without machines' messages, without complaints,
/// threats and spam, and without what somebody has decided about.
pub async fn questions(
    tx: &mut Tx,
    brand: BrandId,
    since: At,
    before: Option<(At, MessageId)>,
    most: i64,
) -> Result<Vec<Asked>> {
    let (at, id) = before.unwrap_or((At(i64::MAX), MessageId(uuid::Uuid::max())));
    sql!(
        tx,
        all Asked,
        "select t.message_id, t.ticket_id, t.contact_id, m.kind, m.text, m.language, m.at, t.at as thought_at, t.decision, t.entry, t.trace from thoughts t join messages m on m.id = t.message_id where t.brand_id = $1 and t.at > $2 and (t.at, t.message_id) < ($3, $4) and t.reply_id is null and (t.because in ('unsure', 'not_useful', 'language') or t.decision = 'suggest') and not m.machine and m.deleted_at is null and not exists (select 1 from missed_settled s where s.message_id = t.message_id) order by t.at desc, t.message_id desc limit $5",
        brand,
        since,
        at,
        id,
        most
    )
}

/// What a colleague wrote to a customer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Told {
    /// The message.
    pub id: MessageId,
    /// In which ticket.
    pub ticket_id: TicketId,
    /// The words.
    pub text: String,
    /// When.
    pub at: At,
}

/// What colleagues answered in tickets, oldest first in each; what did not leave is left out.
pub async fn answers(tx: &mut Tx, brand: BrandId, tickets: &[TicketId]) -> Result<Vec<Told>> {
    const FIND: Bulk = Bulk {
        head: "select id, ticket_id, text, at from messages where brand_id = $1 and direction = 'outbound' and agent_id is not null and by_rule is null and visibility <> 'internal' and coalesce(delivery, 'sent') not in ('cancelled', 'failed', 'expired') and ticket_id in (values",
        tail: ") order by at, id",
    };
    FIND.among(tx, &[brand.val()], tickets.iter().map(|t| vec![t.val()]).collect()).await
}
