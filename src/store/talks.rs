//! Conversations of the bot: how each stands, whom it waits for, and what was said in it.

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AnyId, BrandId, ChannelId, ContactId, MessageId, ThreadId, TicketId};
use crate::base::val::Bound;
use crate::desk::talk::State;
use crate::sql;

/// A conversation as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    /// Which.
    pub id: AnyId,
    /// At which brand.
    pub brand_id: BrandId,
    /// By which channel.
    pub channel_id: ChannelId,
    /// In which thread.
    pub thread_id: ThreadId,
    /// In which ticket.
    pub ticket_id: TicketId,
    /// With whom.
    pub contact_id: ContactId,
    /// The message that was heard last.
    pub message_id: MessageId,
    /// The entry it follows.
    pub entry: String,
    /// And its version.
    pub version: String,
    /// Where it is.
    pub state: State,
    /// How it stands: a [`crate::desk::talk::Talk`].
    pub stand: Value,
    /// Until when it waits, or the call may take.
    pub until: At,
    /// When it began.
    pub begun_at: At,
    /// When it last went on.
    pub updated_at: At,
}

macro_rules! columns {
    () => {
        "id, brand_id, channel_id, thread_id, ticket_id, contact_id, message_id, entry, version, state, stand, until, begun_at, updated_at"
    };
}

/// Writes a conversation down as it stands now.
pub async fn save(tx: &mut Tx, r: &Row) -> Result<()> {
    sql!(
        tx,
        run,
        concat!(
            "insert into talks (",
            columns!(),
            ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (id) do update set thread_id = excluded.thread_id, ticket_id = excluded.ticket_id, message_id = excluded.message_id, entry = excluded.entry, version = excluded.version, state = excluded.state, stand = excluded.stand, until = excluded.until, updated_at = excluded.updated_at"
        ),
        r.id,
        r.brand_id,
        r.channel_id,
        r.thread_id,
        r.ticket_id,
        r.contact_id,
        r.message_id,
        &r.entry,
        &r.version,
        r.state,
        &r.stand,
        r.until,
        r.begun_at,
        r.updated_at
    )?;
    Ok(())
}

/// Of these people, those with whom a conversation is under way, and by which channel.
pub async fn under_way(tx: &mut Tx, people: &[ContactId]) -> Result<Vec<(ChannelId, ContactId)>> {
    #[derive(sqlx::FromRow)]
    struct Who {
        channel_id: ChannelId,
        contact_id: ContactId,
    }
    const FIND: Bulk = Bulk {
        head: "select channel_id, contact_id from talks where state in ('waiting', 'to_call', 'calling') and contact_id in (values",
        tail: ")",
    };
    let found: Vec<Who> = FIND.all(tx, people.iter().map(|c| vec![c.val()]).collect()).await?;
    Ok(found.into_iter().map(|w| (w.channel_id, w.contact_id)).collect())
}

/// The conversation under way with a person by a channel, the newest first.
pub async fn with(tx: &mut Tx, brand: BrandId, channel: ChannelId, contact: ContactId, now: At) -> Result<Option<Row>> {
    sql!(tx, maybe Row, concat!("select ", columns!(), " from talks where brand_id = $1 and channel_id = $2 and contact_id = $3 and state in ('waiting', 'to_call', 'calling') and (state <> 'waiting' or until > $4) order by begun_at desc, id desc limit 1"), brand, channel, contact, now)
}

/// One conversation.
pub async fn get(tx: &mut Tx, brand: BrandId, id: AnyId) -> Result<Option<Row>> {
    sql!(tx, maybe Row, concat!("select ", columns!(), " from talks where brand_id = $1 and id = $2"), brand, id)
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// How many conversations began in a thread after a moment.
pub async fn begun(tx: &mut Tx, brand: BrandId, thread: ThreadId, after: At) -> Result<i64> {
    Ok(sql!(tx, one Count, "select count(*) as n from talks where brand_id = $1 and thread_id = $2 and begun_at > $3", brand, thread, after)?.n)
}

/// True when a conversation in this ticket was given to people after a moment.
pub async fn handed_over(tx: &mut Tx, brand: BrandId, ticket: TicketId, after: At) -> Result<bool> {
    Ok(sql!(tx, one Count, "select count(*) as n from talks where brand_id = $1 and ticket_id = $2 and updated_at > $3 and state = 'handed_over'", brand, ticket, after)?.n > 0)
}

/// True when there is something to call, to look after, or to give up.
pub async fn is_due(tx: &mut Tx, now: At) -> Result<bool> {
    Ok(sql!(tx, one Count, "select count(*) as n from talks where state in ('waiting', 'to_call', 'calling') and (state = 'to_call' or until <= $1)", now)?.n > 0)
}

/// Claims calls to make: each is `calling` once this commits, and is never claimed again.
pub async fn claim(tx: &mut Tx, until: At, most: i64) -> Result<Vec<Row>> {
    sql!(tx, all Row,
        sqlite concat!("update talks set state = 'calling', until = $1 where id in (select id from talks where state = 'to_call' order by updated_at, id limit $2) returning ", columns!()),
        postgres concat!("update talks set state = 'calling', until = $1 where id in (select id from talks where state = 'to_call' order by updated_at, id limit $2 for update skip locked) returning ", columns!()),
        until, most)
}

/// Calls whose caller is gone.
pub async fn lost(tx: &mut Tx, now: At) -> Result<Vec<Row>> {
    sql!(tx, all Row, concat!("select ", columns!(), " from talks where state = 'calling' and until <= $1 order by updated_at, id limit 50"), now)
}

/// Conversations the customer did not go on with end without a word; how many.
pub async fn give_up(tx: &mut Tx, now: At) -> Result<u64> {
    sql!(tx, run, "update talks set state = 'given_up', updated_at = $1 where state = 'waiting' and until <= $1", now)
}

/// Something was said in a conversation.
pub async fn said(tx: &mut Tx, talk: AnyId, reply: MessageId, at: At) -> Result<()> {
    sql!(tx, run, "insert into talk_says (reply_id, talk_id, at) values ($1, $2, $3)", reply, talk, at)?;
    Ok(())
}

/// The customer answered: what was asked counts inside the conversation only.
pub async fn answered(tx: &mut Tx, talk: AnyId) -> Result<()> {
    sql!(tx, run, "update talk_says set answered = $2 where talk_id = $1", talk, true)?;
    Ok(())
}

/// What the bot wrote in a conversation and did not take back, the oldest first.
pub async fn words(tx: &mut Tx, brand: BrandId, talk: AnyId) -> Result<Vec<String>> {
    #[derive(sqlx::FromRow)]
    struct Words {
        text: String,
    }
    let all = sql!(tx, all Words, "select m.text from talk_says s join messages m on m.id = s.reply_id where m.brand_id = $1 and s.talk_id = $2 and (m.delivery is null or m.delivery <> 'cancelled') order by s.at, m.id", brand, talk)?;
    Ok(all.into_iter().map(|w| w.text).collect())
}
