//! What the bot did and what came of it, counted for a stretch of time. Everything here is answered
//! from an index that holds all that is counted; what was thought is not read.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, MessageId, TicketId};
use crate::desk::calibration::Judged;
use crate::sql;

/// What the bot did about a message, from what is stored.
macro_rules! what {
    () => {
        "case when decision = 'answer' and (reply_id is not null or judged in ('corrected', 'right', 'wrong')) then 'answered' when entry is not null and (decision = 'suggest' or judged = 'not_useful') then 'suggested' when decision = 'handoff' then 'handed_over' else 'silent' end"
    };
}
/// What came of it. An automatic answer nobody said anything against for a day has stood.
macro_rules! came {
    ($quiet:literal) => {
        concat!("case when judged in ('sent', 'edited', 'right') then 'right' when judged in ('another', 'own_words', 'not_useful', 'corrected', 'wrong') then 'wrong' when judged = 'alone' then 'alone' when reply_id is not null and at < ", $quiet, " then 'right' else 'open' end")
    };
}

crate::words! {
    /// What the bot did about a message.
    pub enum What {
        /// It answered.
        Answered = "answered",
        /// It offered an entry to the agent.
        Suggested = "suggested",
        /// It called a person.
        HandedOver = "handed_over",
        /// Nothing.
        Silent = "silent",
    }
}

crate::words! {
    /// What came of it.
    pub enum Came {
        /// It was right.
        Right = "right",
        /// It was wrong.
        Wrong = "wrong",
        /// A person answered what the bot had nothing for.
        Alone = "alone",
        /// Nobody has said yet.
        Open = "open",
    }
}

/// How often something happened in some place.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Tally {
    /// The channel.
    pub channel_id: ChannelId,
    /// The language; empty where it is not known.
    pub language: String,
    /// The entry; empty without one.
    pub entry: String,
    /// What the bot did.
    pub what: What,
    /// What came of it.
    pub came: Came,
    /// So often.
    pub n: i64,
}

/// Counts everything from one moment to another, the end not included.
pub async fn tallies(tx: &mut Tx, brand: BrandId, (from, to): (At, At), quiet: At) -> Result<Vec<Tally>> {
    sql!(
        tx,
        all Tally,
        concat!("select channel_id, coalesce(language, '') as language, coalesce(entry, '') as entry, ", what!(), " as what, ", came!("$4"), " as came, count(*) as n from thoughts where brand_id = $1 and at >= $2 and at < $3 group by 1, 2, 3, 4, 5"),
        brand,
        from,
        to,
        quiet
    )
}

/// Which thoughts are meant.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// From here.
    pub from: At,
    /// To here, not included.
    pub to: At,
    /// On this network.
    pub network: Option<String>,
    /// In this language.
    pub language: Option<String>,
    /// About this entry.
    pub entry: Option<String>,
    /// What the bot did.
    pub what: Option<What>,
    /// What came of it.
    pub came: Option<Came>,
}

#[derive(sqlx::FromRow)]
struct Middle {
    took: i64,
}

/// The median time, in microseconds, from a question the bot had nothing for to a person’s answer;
/// `n` is how many there are.
pub async fn median(tx: &mut Tx, brand: BrandId, which: &Which, n: i64) -> Result<Option<i64>> {
    let found = sql!(
        tx,
        maybe Middle,
        "select took from thoughts where brand_id = $1 and at >= $2 and at < $3 and judged = 'alone' and took is not null and ($4 is null or language = $4) and ($5 is null or channel_id in (select id from channels where brand_id = $1 and network = $5)) order by took limit 1 offset $6",
        brand,
        which.from,
        which.to,
        which.language.clone(),
        which.network.clone(),
        (n - 1).max(0) / 2
    )?;
    Ok(found.map(|m| m.took))
}

/// A message with what the bot did about it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Case {
    /// The message.
    pub message_id: MessageId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// Its words.
    pub text: String,
    /// The network.
    pub network: String,
    /// The entry.
    pub entry: Option<String>,
    /// What the bot did.
    pub what: What,
    /// What was made of it.
    pub judged: Option<Judged>,
    /// How sure it was, in hundredths.
    pub score: Option<i64>,
    /// When.
    pub at: At,
}

/// The cases that are meant, the newest first, from before `before` on, at most `most`.
pub async fn cases(
    tx: &mut Tx,
    brand: BrandId,
    which: &Which,
    before: Option<(At, MessageId)>,
    quiet: At,
    most: i64,
) -> Result<Vec<Case>> {
    let (at, id) = before.map_or((which.to, None), |(at, id)| (at, Some(id)));
    sql!(
        tx,
        all Case,
        concat!("select p.message_id, p.ticket_id, m.text, c.network, p.entry, p.what, p.judged, p.score, p.at from (select message_id, ticket_id, channel_id, entry, ", what!(), " as what, judged, score, at from thoughts where brand_id = $1 and at >= $2 and (at < $3 or (at = $3 and message_id < $4)) and ($5 is null or language = $5) and ($6 is null or channel_id in (select id from channels where brand_id = $1 and network = $6)) and ($7 is null or entry = $7) and ($8 is null or ", what!(), " = $8) and ($9 is null or ", came!("$10"), " = $9) order by at desc, message_id desc limit $11) p join messages m on m.id = p.message_id join channels c on c.id = p.channel_id order by p.at desc, p.message_id desc"),
        brand,
        which.from,
        at,
        id,
        which.language.clone(),
        which.network.clone(),
        which.entry.clone(),
        which.what,
        which.came,
        quiet,
        most
    )
}

/// How the database finds what is counted, for the test that looks at the plan.
///
/// # Errors
/// As the database reports.
pub async fn plan(tx: &mut Tx) -> Result<Vec<String>> {
    super::select::plan_of(
        tx,
        concat!(
            "select channel_id, coalesce(language, '') as language, coalesce(entry, '') as entry, ",
            what!(),
            " as what, ",
            came!("$4"),
            " as came, count(*) as n from thoughts where brand_id = $1 and at >= $2 and at < $3 group by 1, 2, 3, 4, 5"
        ),
    )
    .await
}
