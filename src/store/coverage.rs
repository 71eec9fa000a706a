//! What of the questions of a time the bot knew, offered and answered; counted, and one by one.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, MessageId, TicketId};
use crate::sql;
use crate::words;

words! {
    /// What became of a question.
    pub enum Fate {
        /// Anything.
        Asked = "asked",
        /// An entry is meant by it.
        Known = "known",
        /// None is.
        Unknown = "unknown",
        /// An entry was offered to the agent.
        Suggested = "suggested",
        /// The bot answered.
        Answered = "answered",
        /// The bot answered, and that was all: nobody of ours wrote within two days, and nobody asked
        /// the same again or for a person.
        Deflected = "deflected",
    }
}

/// Questions of one entry (or of none), channel and language.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Seen {
    /// Which entry was meant.
    pub entry: Option<String>,
    /// Where they were asked.
    pub channel_id: ChannelId,
    /// The language; empty where it is not known.
    pub language: String,
    /// How many.
    pub asked: i64,
    /// Of these offered to the agent.
    pub suggested: i64,
    /// Of these answered by the bot.
    pub answered: i64,
    /// Of these with nothing after the answer.
    pub deflected: i64,
}

/// Counts the questions between two moments. A question is a message the bot thought about that is
/// no complaint, threat or spam, and that no machine wrote.
pub async fn count(tx: &mut Tx, brand: BrandId, from: At, to: At) -> Result<Vec<Seen>> {
    sql!(
        tx,
        all Seen,
        "select t.entry, t.channel_id, coalesce(m.language, '') as language, count(*) as asked, sum(case when t.decision = 'suggest' then 1 else 0 end) as suggested, sum(case when t.reply_id is not null then 1 else 0 end) as answered, sum(case when t.reply_id is not null and not exists (select 1 from messages p where p.ticket_id = t.ticket_id and p.at > t.at and p.at <= t.at + 172800000000 and p.direction = 'outbound' and p.by_rule is null and p.visibility <> 'internal') and not exists (select 1 from thoughts l where l.ticket_id = t.ticket_id and l.at > t.at and l.at <= t.at + 172800000000 and (l.entry = t.entry or l.decision = 'handoff')) then 1 else 0 end) as deflected from thoughts t join messages m on m.id = t.message_id where t.brand_id = $1 and t.at > $2 and t.at <= $3 and coalesce(t.because, '') not in ('spam', 'complaint', 'crisis', 'legal', 'danger', 'origin', 'machine') and not m.machine group by t.entry, t.channel_id, coalesce(m.language, '') order by 1, 2, 3",
        brand,
        from,
        to
    )
}

/// Which questions are meant.
#[derive(Debug, Clone)]
pub struct Which {
    /// After this moment.
    pub from: At,
    /// Until this one.
    pub to: At,
    /// What became of them.
    pub fate: Fate,
    /// Of this folder, or of this entry (`folder/name`); of all when empty.
    pub of: String,
    /// By this channel.
    pub channel: Option<ChannelId>,
    /// In this language; empty is one that is not known.
    pub language: Option<String>,
}

/// A question behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Question {
    /// The message.
    pub message_id: MessageId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// By which channel.
    pub channel_id: ChannelId,
    /// The words.
    pub text: String,
    /// Its language.
    pub language: Option<String>,
    /// The entry that was meant.
    pub entry: Option<String>,
    /// When.
    pub at: At,
}

/// The questions behind a figure, the newest first, before a place if one is given.
pub async fn behind(
    tx: &mut Tx,
    brand: BrandId,
    which: &Which,
    before: Option<(At, MessageId)>,
    most: i64,
) -> Result<Vec<Question>> {
    let (at, id) = before.unwrap_or((At(i64::MAX), MessageId(uuid::Uuid::max())));
    sql!(
        tx,
        all Question,
        "select t.message_id, t.ticket_id, t.channel_id, m.text, m.language, t.entry, t.at from thoughts t join messages m on m.id = t.message_id where t.brand_id = $1 and t.at > $2 and t.at <= $3 and coalesce(t.because, '') not in ('spam', 'complaint', 'crisis', 'legal', 'danger', 'origin', 'machine') and not m.machine and (t.at, t.message_id) < ($4, $5) and ($6 = '' or t.entry = $6 or substr(t.entry, 1, length($6) + 1) = $6 || '/') and ($7 is null or t.channel_id = $7) and ($8 is null or coalesce(m.language, '') = $8) and case $9 when 'asked' then true when 'known' then t.entry is not null when 'unknown' then t.entry is null when 'suggested' then t.decision = 'suggest' when 'answered' then t.reply_id is not null else t.reply_id is not null and not exists (select 1 from messages p where p.ticket_id = t.ticket_id and p.at > t.at and p.at <= t.at + 172800000000 and p.direction = 'outbound' and p.by_rule is null and p.visibility <> 'internal') and not exists (select 1 from thoughts l where l.ticket_id = t.ticket_id and l.at > t.at and l.at <= t.at + 172800000000 and (l.entry = t.entry or l.decision = 'handoff')) end order by t.at desc, t.message_id desc limit $10",
        brand,
        which.from,
        which.to,
        at,
        id,
        &which.of,
        which.channel,
        which.language.clone(),
        which.fate,
        most
    )
}
