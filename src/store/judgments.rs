//! What people made of what the bot offered and said, kept with the thought.

use super::thoughts::Thought;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId, MessageId, TicketId};
use crate::desk::calibration::{Judged, Judgment};
use crate::desk::message::Visibility;
use crate::sql;

/// Who judged, when, and how long after the message.
#[derive(Debug, Clone, Copy)]
pub struct Judge {
    /// A person of ours; none where the customer did.
    pub agent: Option<AgentId>,
    /// When.
    pub at: At,
    /// From the message to the answer, in microseconds; none where nothing was answered.
    pub took: Option<i64>,
}

/// Writes down what came of a thought; what stood there before is no longer true.
pub async fn judge(tx: &mut Tx, thought: &Thought, judgment: &Judgment, judge: Judge) -> Result<()> {
    sql!(
        tx,
        run,
        "update thoughts set judged = $3, alike = coalesce($4, alike), chosen = coalesce($5, chosen), took = coalesce($6, took), judged_by = $7, judged_at = $8 where brand_id = $1 and message_id = $2",
        thought.brand_id,
        thought.message_id,
        judgment.judged,
        judgment.alike,
        judgment.chosen.clone(),
        judge.took,
        judge.agent,
        judge.at
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Found {
    message_id: MessageId,
}

/// The message that an automatic answer answered.
pub async fn asked_by(tx: &mut Tx, brand: BrandId, reply: MessageId) -> Result<Option<MessageId>> {
    let found =
        sql!(tx, maybe Found, "select message_id from thoughts where reply_id = $2 and brand_id = $1", brand, reply)?;
    Ok(found.map(|f| f.message_id))
}

/// The last automatic answer in a ticket after a moment, that nobody has judged: the message it
/// answered.
pub async fn unjudged(tx: &mut Tx, brand: BrandId, ticket: TicketId, after: At) -> Result<Option<MessageId>> {
    let found = sql!(tx, maybe Found, "select message_id from thoughts where brand_id = $1 and ticket_id = $2 and at > $3 and reply_id is not null and judged is null order by at desc limit 1", brand, ticket, after)?;
    Ok(found.map(|f| f.message_id))
}

#[derive(sqlx::FromRow)]
struct Corrected {
    judged: Option<Judged>,
}

/// Of an entry’s last automatic answers since a moment, the newest first: which were corrected. What
/// was taken back because it was wrong counts, although it never left.
pub async fn corrected(
    tx: &mut Tx,
    brand: BrandId,
    entry: &str,
    visibility: Visibility,
    since: At,
) -> Result<Vec<bool>> {
    let last = sql!(tx, all Corrected, "select judged from thoughts where brand_id = $1 and entry = $2 and visibility = $3 and at >= $4 and entry is not null and (reply_id is not null or judged = 'corrected') order by at desc limit 20", brand, entry, visibility, since)?;
    Ok(last.into_iter().map(|c| matches!(c.judged, Some(Judged::Corrected | Judged::Wrong))).collect())
}

/// What was judged of one entry at one score, in one language.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Pile {
    /// The entry.
    pub entry: String,
    /// Who reads the answer.
    pub visibility: Visibility,
    /// The language; empty where it is not known.
    pub language: String,
    /// In hundredths.
    pub score: i64,
    /// The right ones.
    pub fits: i64,
    /// Of these, sent as they were.
    pub sent: i64,
    /// All.
    pub n: i64,
}

/// Everything judged since a moment, of one entry or of all. An automatic answer from before `quiet`
/// that nobody said anything against has stood.
pub async fn piles(tx: &mut Tx, brand: BrandId, entry: Option<&str>, since: At, quiet: At) -> Result<Vec<Pile>> {
    sql!(
        tx,
        all Pile,
        "select entry, visibility, coalesce(language, '') as language, score, count(*) filter (where judged is null or judged in ('sent', 'edited', 'right')) as fits, count(*) filter (where judged = 'sent') as sent, count(*) as n from thoughts where brand_id = $1 and entry is not null and visibility is not null and score is not null and at >= $2 and (judged <> 'alone' or (judged is null and reply_id is not null and at < $3)) and ($4 is null or entry = $4) group by entry, visibility, coalesce(language, ''), score order by entry, visibility, 3, score",
        brand,
        since,
        quiet,
        entry
    )
}

/// What the bot offered or said in a ticket, and what was made of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Offered {
    /// The customer's message.
    pub message_id: MessageId,
    /// The automatic answer, where it answered.
    pub reply_id: Option<MessageId>,
    /// The entry.
    pub entry: String,
    /// What was made of it.
    pub judged: Option<Judged>,
}

/// Every offer and answer in a ticket, the newest hundred.
pub async fn of_ticket(tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<Vec<Offered>> {
    sql!(tx, all Offered, "select message_id, reply_id, entry, judged from thoughts where brand_id = $1 and ticket_id = $2 and entry is not null and (judged is not null or reply_id is not null) order by at desc limit 100", brand, ticket)
}
