//! What the bot thought of messages, what it did, and how often: what its brakes count.

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, ContactId, MessageId, ThreadId, TicketId};
use crate::base::val::Bound;
use crate::desk::bot::Verdict;
use crate::desk::calibration::Judged;
use crate::desk::message::Visibility;
use crate::sql;

/// A thought about one message.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Thought {
    /// The message.
    pub message_id: MessageId,
    /// At which brand.
    pub brand_id: BrandId,
    /// In which ticket it came.
    pub ticket_id: TicketId,
    /// In which thread.
    pub thread_id: ThreadId,
    /// By which channel.
    pub channel_id: ChannelId,
    /// From whom.
    pub contact_id: Option<ContactId>,
    /// What was decided.
    pub decision: Verdict,
    /// With which entry.
    pub entry: Option<String>,
    /// Why not more.
    pub because: Option<String>,
    /// The evidence.
    pub trace: Value,
    /// The other entries that came near.
    pub others: Value,
    /// The message it answered with.
    pub reply_id: Option<MessageId>,
    /// A fingerprint of what it said.
    pub said: Option<String>,
    /// When.
    pub at: At,
    /// The language the message was taken to be in.
    pub language: Option<String>,
    /// Who would read the answer; none without an entry.
    pub visibility: Option<Visibility>,
    /// How sure, in whole hundredths.
    pub score: Option<i64>,
    /// What came of it; [`note`] leaves it as it is while the entry stays the same.
    pub judged: Option<Judged>,
}

macro_rules! columns {
    () => {
        "message_id, brand_id, ticket_id, thread_id, channel_id, contact_id, decision, entry, because, trace, others, reply_id, said, at, language, visibility, score"
    };
}

const NOTE: Bulk = Bulk {
    head: concat!("insert into thoughts (", columns!(), ") values"),
    tail: "on conflict (message_id) do update set decision = excluded.decision, entry = excluded.entry, because = excluded.because, trace = excluded.trace, others = excluded.others, reply_id = excluded.reply_id, said = excluded.said, at = excluded.at, language = excluded.language, visibility = excluded.visibility, score = excluded.score, judged = case when thoughts.entry is not distinct from excluded.entry then thoughts.judged end",
};

/// Writes thoughts down, one a message; a later one about the same message takes its place.
pub async fn note(tx: &mut Tx, thoughts: &[Thought]) -> Result<()> {
    let row = |t: &Thought| {
        vec![
            t.message_id.val(),
            t.brand_id.val(),
            t.ticket_id.val(),
            t.thread_id.val(),
            t.channel_id.val(),
            t.contact_id.val(),
            t.decision.val(),
            t.entry.clone().val(),
            t.because.clone().val(),
            (&t.trace).val(),
            (&t.others).val(),
            t.reply_id.val(),
            t.said.clone().val(),
            t.at.val(),
            t.language.clone().val(),
            t.visibility.val(),
            t.score.val(),
        ]
    };
    NOTE.run(tx, thoughts.iter().map(row).collect()).await
}

/// Of these tickets, those where an automatic answer stands.
pub async fn spoken(tx: &mut Tx, tickets: &[TicketId]) -> Result<Vec<TicketId>> {
    #[derive(sqlx::FromRow)]
    struct Spoken {
        ticket_id: TicketId,
    }
    const FIND: Bulk = Bulk {
        head: "select distinct ticket_id from thoughts where reply_id is not null and ticket_id in (values",
        tail: ")",
    };
    let found: Vec<Spoken> = FIND.all(tx, tickets.iter().map(|t| vec![t.val()]).collect()).await?;
    Ok(found.into_iter().map(|s| s.ticket_id).collect())
}

/// What was thought of a message.
pub async fn of_message(tx: &mut Tx, brand: BrandId, message: MessageId) -> Result<Option<Thought>> {
    sql!(tx, maybe Thought, concat!("select ", columns!(), ", judged from thoughts where brand_id = $1 and message_id = $2"), brand, message)
}

/// The last thoughts in a ticket, the newest first.
pub async fn of_ticket(tx: &mut Tx, brand: BrandId, ticket: TicketId, most: i64) -> Result<Vec<Thought>> {
    sql!(tx, all Thought, concat!("select ", columns!(), ", judged from thoughts where brand_id = $1 and ticket_id = $2 order by at desc, message_id desc limit $3"), brand, ticket, most)
}

/// The last automatic answers of a brand, the newest first.
pub async fn answers(tx: &mut Tx, brand: BrandId, most: i64) -> Result<Vec<Thought>> {
    sql!(tx, all Thought, concat!("select ", columns!(), ", judged from thoughts where brand_id = $1 and reply_id is not null order by at desc limit $2"), brand, most)
}

/// The last thoughts with an entry, the newest first.
pub async fn of_entry(tx: &mut Tx, brand: BrandId, entry: &str, most: i64) -> Result<Vec<Thought>> {
    sql!(tx, all Thought, concat!("select ", columns!(), ", judged from thoughts where brand_id = $1 and entry = $2 order by at desc limit $3"), brand, entry, most)
}

/// How often each entry answered by itself after a moment.
pub async fn answers_by_entry(tx: &mut Tx, brand: BrandId, after: At) -> Result<Vec<(String, i64)>> {
    #[derive(sqlx::FromRow)]
    struct Often {
        entry: String,
        n: i64,
    }
    let all = sql!(tx, all Often, "select entry, count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2 and entry is not null group by entry", brand, after)?;
    Ok(all.into_iter().map(|o| (o.entry, o.n)).collect())
}

/// Answers that were taken back before they left count no longer.
pub async fn took_back(tx: &mut Tx, brand: BrandId, reply: MessageId, because: &str) -> Result<()> {
    sql!(
        tx,
        run,
        "update thoughts set reply_id = null, said = null, because = $3 where brand_id = $1 and reply_id = $2",
        brand,
        reply,
        because
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// Of whom automatic answers are counted.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Of the whole brand.
    Brand,
    /// Of one entry.
    Entry(&'a str),
    /// Of a thread; here and for a contact, what was asked in a conversation and answered is left out.
    Thread(ThreadId),
    /// Of a thread, all of them.
    Whole(ThreadId),
    /// To a contact by a channel.
    Contact(ContactId, ChannelId),
    /// To a contact, with this entry.
    ContactEntry(ContactId, &'a str),
    /// To a contact, in these words.
    ContactWords(ContactId, &'a str),
    /// In these words, to anybody.
    Words(&'a str),
}

/// How many automatic answers were given after a moment and not taken back.
pub async fn answered(tx: &mut Tx, brand: BrandId, whose: Whose<'_>, after: At) -> Result<i64> {
    let count = match whose {
        Whose::Brand => {
            sql!(tx, one Count, "select count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2", brand, after)
        }
        Whose::Entry(entry) => {
            sql!(tx, one Count, "select count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2 and entry = $3", brand, after, entry)
        }
        Whose::Thread(thread) => {
            sql!(tx, one Count, "select count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2 and thread_id = $3 and not exists (select 1 from talk_says s where s.reply_id = thoughts.reply_id and s.answered)", brand, after, thread)
        }
        Whose::Whole(thread) => {
            sql!(tx, one Count, "select count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2 and thread_id = $3", brand, after, thread)
        }
        Whose::Contact(contact, channel) => {
            sql!(tx, one Count, "select count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2 and contact_id = $3 and channel_id = $4 and not exists (select 1 from talk_says s where s.reply_id = thoughts.reply_id and s.answered)", brand, after, contact, channel)
        }
        Whose::ContactEntry(contact, entry) => {
            sql!(tx, one Count, "select count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2 and contact_id = $3 and entry = $4 and not exists (select 1 from talk_says s where s.reply_id = thoughts.reply_id and s.answered)", brand, after, contact, entry)
        }
        Whose::ContactWords(contact, said) => {
            sql!(tx, one Count, "select count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2 and contact_id = $3 and said = $4", brand, after, contact, said)
        }
        Whose::Words(said) => {
            sql!(tx, one Count, "select count(*) as n from thoughts where brand_id = $1 and reply_id is not null and at > $2 and said = $3", brand, after, said)
        }
    };
    Ok(count?.n)
}
