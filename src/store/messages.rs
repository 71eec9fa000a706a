//! Messages.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bulk::Bulk;
use super::error::Error;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId, ChannelId, ContactId, MessageId, ThreadId, TicketId};
use crate::base::val::{Bound, Val};
use crate::desk::delivery::Delivery;
use crate::desk::message::{Direction, Kind, Visibility};
use crate::desk::scope::Scope;
use crate::desk::trace::Trace;
use crate::sql;

/// A message as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Its ticket; none for what our page wrote with nobody asking.
    pub ticket_id: Option<TicketId>,
    /// Its thread.
    pub thread_id: ThreadId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// To us or from us.
    pub direction: Direction,
    /// What it is.
    pub kind: Kind,
    /// Who can read it.
    pub visibility: Visibility,
    /// The customer who wrote it.
    pub contact_id: Option<ContactId>,
    /// The colleague who wrote it.
    pub agent_id: Option<AgentId>,
    /// The rule or bot entry that wrote it.
    pub by_rule: Option<String>,
    /// The name shown.
    pub author_name: String,
    /// The handle shown.
    pub author_handle: Option<String>,
    /// The words.
    pub text: String,
    /// What came along.
    pub attachments: Value,
    /// The network's id of it.
    pub external_id: Option<String>,
    /// The network's id of what it answers.
    pub parent_external_id: Option<String>,
    /// The network's id of the publication.
    pub post_external_id: Option<String>,
    /// A review's verdict.
    pub rating: Option<String>,
    /// The language it is in.
    pub language: Option<String>,
    /// False where the network lets us read but not answer.
    pub replyable: bool,
    /// True when a machine wrote it.
    pub machine: bool,
    /// When it was written.
    pub at: At,
    /// When it was last changed at the network.
    pub edited_at: Option<At>,
    /// Since when it is gone there.
    pub deleted_at: Option<At>,
    /// Since when it is hidden there.
    pub hidden_at: Option<At>,
    /// Since when our account likes it.
    pub liked_at: Option<At>,
    /// Who reacted how.
    pub reactions: Value,
    /// What it said before it was changed: `[{at, text}]`.
    pub versions: Value,
    /// Where our reply stands.
    pub delivery: Option<Delivery>,
    /// Why it stands there.
    pub delivery_reason: Option<String>,
    /// The network's words.
    pub delivery_why: Option<String>,
    /// Why it was written, where a rule wrote it.
    pub trace: Option<Value>,
    /// The writer's own key, so that one click is one message.
    pub client_key: Option<String>,
    /// When we wrote it down.
    pub created_at: At,
}

macro_rules! columns {
    () => {
        "id, brand_id, ticket_id, thread_id, channel_id, direction, kind, visibility, contact_id, agent_id, by_rule, author_name, author_handle, text, attachments, external_id, parent_external_id, post_external_id, rating, language, replyable, machine, at, edited_at, deleted_at, hidden_at, liked_at, reactions, versions, delivery, delivery_reason, delivery_why, trace, client_key, created_at"
    };
}

const INSERT: Bulk = Bulk {
    head: "insert into messages (id, brand_id, ticket_id, thread_id, channel_id, direction, kind, visibility, contact_id, agent_id, by_rule, author_name, author_handle, text, attachments, external_id, parent_external_id, post_external_id, rating, language, replyable, machine, at, reactions, versions, delivery, trace, client_key, created_at) values",
    tail: "",
};

/// Writes new messages down.
///
/// # Errors
/// [`Error::Conflict`] when the network's id or the client key is there already.
pub async fn add(tx: &mut Tx, messages: Vec<Message>) -> Result<()> {
    INSERT.run(tx, messages.into_iter().map(row).collect()).await
}

fn row(m: Message) -> Vec<Val> {
    vec![
        m.id.val(),
        m.brand_id.val(),
        m.ticket_id.val(),
        m.thread_id.val(),
        m.channel_id.val(),
        m.direction.val(),
        m.kind.val(),
        m.visibility.val(),
        m.contact_id.val(),
        m.agent_id.val(),
        m.by_rule.val(),
        m.author_name.val(),
        m.author_handle.val(),
        m.text.val(),
        m.attachments.val(),
        m.external_id.val(),
        m.parent_external_id.val(),
        m.post_external_id.val(),
        m.rating.val(),
        m.language.val(),
        m.replyable.val(),
        m.machine.val(),
        m.at.val(),
        m.reactions.val(),
        m.versions.val(),
        m.delivery.val(),
        m.trace.val(),
        m.client_key.val(),
        m.created_at.val(),
    ]
}

/// One message in scope.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, or not in scope.
pub async fn get(tx: &mut Tx, scope: &Scope, id: MessageId) -> Result<Message> {
    let found = sql!(tx, maybe Message, concat!("select ", columns!(), " from messages where id = $1"), id)?;
    found.filter(|m| scope.admits(m.brand_id)).ok_or(Error::NotFound)
}

/// Messages of a brand, many at once, in no order; those that are not there are left out.
pub async fn many(tx: &mut Tx, brand: BrandId, ids: &[MessageId]) -> Result<Vec<Message>> {
    const FIND: Bulk = Bulk {
        head: concat!("select ", columns!(), " from messages where brand_id = $1 and id in (values"),
        tail: ")",
    };
    FIND.among(tx, &[brand.val()], ids.iter().map(|id| vec![id.val()]).collect()).await
}

/// A message and its ticket.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct OfTicket {
    /// The message.
    pub id: MessageId,
    /// Its ticket.
    pub ticket_id: TicketId,
}

/// To which tickets messages belong, many at once; those that have none are left out.
pub async fn tickets_of(tx: &mut Tx, brand: BrandId, ids: &[MessageId]) -> Result<Vec<OfTicket>> {
    const FIND: Bulk = Bulk {
        head: "select id, ticket_id from messages where brand_id = $1 and ticket_id is not null and id in (values",
        tail: ")",
    };
    FIND.among(tx, &[brand.val()], ids.iter().map(|id| vec![id.val()]).collect()).await
}

/// The ids of a ticket's messages, at most so many.
pub async fn ids_of_ticket(tx: &mut Tx, brand: BrandId, ticket: TicketId, most: i64) -> Result<Vec<MessageId>> {
    let found = sql!(tx, all OfTicket, "select id, ticket_id from messages where brand_id = $1 and ticket_id = $2 limit $3", brand, ticket, most)?;
    Ok(found.into_iter().map(|m| m.id).collect())
}

/// The message of this id at the network.
pub async fn by_external(
    tx: &mut Tx,
    brand: BrandId,
    channel: ChannelId,
    external_id: &str,
) -> Result<Option<Message>> {
    sql!(tx, maybe Message, concat!("select ", columns!(), " from messages where brand_id = $1 and channel_id = $2 and external_id = $3"), brand, channel, external_id)
}

/// Where messages of these ids at the network stand: their thread and ticket.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Place {
    /// Its channel.
    pub channel_id: ChannelId,
    /// The network's id.
    pub external_id: String,
    /// The message.
    pub id: MessageId,
    /// Its thread.
    pub thread_id: ThreadId,
    /// Its ticket.
    pub ticket_id: Option<TicketId>,
    /// Which way it went.
    pub direction: Direction,
    /// When.
    pub at: At,
}

/// Finds messages by their ids at the network, many at once.
pub async fn places(tx: &mut Tx, brand: BrandId, ids: &[(ChannelId, String)]) -> Result<Vec<Place>> {
    const FIND: Bulk = Bulk {
        head: "select channel_id, external_id, id, thread_id, ticket_id, direction, at from messages where brand_id = $1 and channel_id = $2 and external_id in (values",
        tail: ")",
    };
    let mut of_channel: BTreeMap<ChannelId, Vec<Vec<Val>>> = BTreeMap::new();
    for (channel, external_id) in ids {
        of_channel.entry(*channel).or_default().push(vec![external_id.as_str().val()]);
    }
    let mut found = Vec::with_capacity(ids.len());
    for (channel, rows) in of_channel {
        found.extend(FIND.among(tx, &[brand.val(), channel.val()], rows).await?);
    }
    Ok(found)
}

/// The message of this client key.
pub async fn by_client_key(tx: &mut Tx, brand: BrandId, key: &str) -> Result<Option<Message>> {
    sql!(tx, maybe Message, concat!("select ", columns!(), " from messages where brand_id = $1 and client_key = $2"), brand, key)
}

/// The newest messages of a thread before a moment, oldest first: what everybody wrote there, and
/// the notes.
pub async fn of_thread(tx: &mut Tx, brand: BrandId, thread: ThreadId, before: At, most: i64) -> Result<Vec<Message>> {
    let mut found = sql!(tx, all Message, concat!("select ", columns!(), " from messages where brand_id = $1 and thread_id = $2 and at < $3 order by at desc, id desc limit $4"), brand, thread, before, most)?;
    found.reverse();
    Ok(found)
}

/// A ticket's messages, oldest first, at most 200, the newest of them.
pub async fn of_ticket(tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<Vec<Message>> {
    let mut found = sql!(tx, all Message, concat!("select ", columns!(), " from messages where brand_id = $1 and ticket_id = $2 order by at desc, id desc limit 200"), brand, ticket)?;
    found.reverse();
    Ok(found)
}

/// The customer's last message in a ticket.
pub async fn last_inbound(tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<Option<Message>> {
    sql!(tx, maybe Message, concat!("select ", columns!(), " from messages where brand_id = $1 and ticket_id = $2 and direction = 'inbound' order by at desc, id desc limit 1"), brand, ticket)
}

/// A message was changed at the network: the old words are kept as a version.
pub async fn edit(tx: &mut Tx, brand: BrandId, id: MessageId, text: &str, versions: &Value, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "update messages set text = $3, versions = $4, edited_at = $5 where id = $1 and brand_id = $2",
        id,
        brand,
        text,
        versions,
        at
    )?;
    Ok(())
}

/// What a network told later of a message it had only named.
pub async fn complete(tx: &mut Tx, m: &Message) -> Result<()> {
    sql!(
        tx,
        run,
        "update messages set contact_id = $3, author_name = $4, author_handle = $5, text = $6, language = $7, direction = $8, ticket_id = $9 where id = $1 and brand_id = $2",
        m.id,
        m.brand_id,
        m.contact_id,
        &m.author_name,
        m.author_handle.clone(),
        &m.text,
        m.language.clone(),
        m.direction,
        m.ticket_id
    )?;
    Ok(())
}

/// Puts a message where what it answers stands.
pub async fn place(tx: &mut Tx, brand: BrandId, id: MessageId, thread: ThreadId, parent: &str) -> Result<()> {
    sql!(
        tx,
        run,
        "update messages set thread_id = $3, parent_external_id = $4 where id = $1 and brand_id = $2",
        id,
        brand,
        thread,
        parent
    )?;
    Ok(())
}

/// Notes that a message is gone, hidden or shown, liked or not.
pub async fn mark(
    tx: &mut Tx,
    brand: BrandId,
    id: MessageId,
    deleted_at: Option<At>,
    hidden_at: Option<At>,
    liked_at: Option<At>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update messages set deleted_at = $3, hidden_at = $4, liked_at = $5 where id = $1 and brand_id = $2",
        id,
        brand,
        deleted_at,
        hidden_at,
        liked_at
    )?;
    Ok(())
}

/// Replaces the reactions.
pub async fn set_reactions(tx: &mut Tx, brand: BrandId, id: MessageId, reactions: &Value) -> Result<()> {
    sql!(tx, run, "update messages set reactions = $3 where id = $1 and brand_id = $2", id, brand, reactions)?;
    Ok(())
}

/// Where our reply stands now, and its id at the network once it has one.
pub async fn set_delivery(
    tx: &mut Tx,
    brand: BrandId,
    id: MessageId,
    delivery: Delivery,
    reason: Option<&str>,
    why: Option<&str>,
    external_id: Option<&str>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update messages set delivery = $3, delivery_reason = $4, delivery_why = $5, external_id = coalesce($6, external_id) where id = $1 and brand_id = $2",
        id,
        brand,
        delivery,
        reason,
        why,
        external_id
    )?;
    Ok(())
}

/// Replies of ours in a thread that reached the person (or were read) by now: those sent until a
/// moment, or of these ids. They only ever move forward.
pub async fn receipt(tx: &mut Tx, brand: BrandId, thread: ThreadId, upto: At, read: bool) -> Result<Vec<MessageId>> {
    #[derive(sqlx::FromRow)]
    struct Moved {
        id: MessageId,
    }
    let moved = if read {
        sql!(tx, all Moved, "update messages set delivery = 'read' where brand_id = $1 and thread_id = $2 and at <= $3 and delivery in ('sent', 'delivered') returning id", brand, thread, upto)?
    } else {
        sql!(tx, all Moved, "update messages set delivery = 'delivered' where brand_id = $1 and thread_id = $2 and at <= $3 and delivery = 'sent' returning id", brand, thread, upto)?
    };
    Ok(moved.into_iter().map(|m| m.id).collect())
}

/// Removes what turned out to be our own reply told twice.
pub async fn remove_double(tx: &mut Tx, brand: BrandId, id: MessageId) -> Result<()> {
    sql!(
        tx,
        run,
        "delete from messages where id = $1 and brand_id = $2 and agent_id is null and by_rule is null",
        id,
        brand
    )?;
    Ok(())
}

/// Moves every message of one ticket to another.
pub async fn move_all(tx: &mut Tx, brand: BrandId, from: TicketId, to: TicketId) -> Result<Vec<MessageId>> {
    #[derive(sqlx::FromRow)]
    struct Moved {
        id: MessageId,
    }
    let moved = sql!(tx, all Moved, "update messages set ticket_id = $3 where brand_id = $1 and ticket_id = $2 returning id", brand, from, to)?;
    Ok(moved.into_iter().map(|m| m.id).collect())
}

/// Moves these messages to a ticket, for undoing a merge.
pub async fn move_these(tx: &mut Tx, brand: BrandId, ids: &[MessageId], to: TicketId) -> Result<()> {
    for id in ids {
        sql!(tx, run, "update messages set ticket_id = $3 where id = $1 and brand_id = $2", *id, brand, to)?;
    }
    Ok(())
}

/// Gives the messages of a ticket to another person, or back.
pub async fn set_contact(tx: &mut Tx, brand: BrandId, ticket: TicketId, from: ContactId, to: ContactId) -> Result<()> {
    sql!(
        tx,
        run,
        "update messages set contact_id = $4 where brand_id = $1 and ticket_id = $2 and contact_id = $3",
        brand,
        ticket,
        from,
        to
    )?;
    Ok(())
}

/// Puts the evidence beside an automatic message.
pub async fn set_trace(tx: &mut Tx, brand: BrandId, id: MessageId, trace: &Trace) -> Result<()> {
    let trace = serde_json::to_value(trace).unwrap_or_default();
    sql!(tx, run, "update messages set trace = $3 where id = $1 and brand_id = $2", id, brand, &trace)?;
    Ok(())
}
