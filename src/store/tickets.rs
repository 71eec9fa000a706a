//! Tickets.

use serde_json::Value;

use super::bulk::Bulk;
use super::error::Error;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ContactId, ThreadId, TicketId};
use crate::base::val::{Bound, Val};
use crate::desk::scope::Scope;
use crate::desk::ticket::Ticket;
use crate::sql;

macro_rules! columns {
    () => {
        "id, brand_id, number, channel_id, network, thread_id, contact_id, kind, visibility, state, bot, stage, stage_held, stage_evidence, team_id, assignee_id, priority, sentiment, language, labels, excerpt, last_message_at, last_inbound_at, waiting_since, sla_due_at, snoozed_until, created_at, resolved_at, merged_into, continues"
    };
}

const SAVE: Bulk = Bulk {
    head: concat!("insert into tickets (", columns!(), ") values"),
    tail: "on conflict (id) do update set thread_id = excluded.thread_id, contact_id = excluded.contact_id, state = excluded.state, bot = excluded.bot, stage = excluded.stage, stage_held = excluded.stage_held, stage_evidence = excluded.stage_evidence, team_id = excluded.team_id, assignee_id = excluded.assignee_id, priority = excluded.priority, sentiment = excluded.sentiment, language = excluded.language, labels = excluded.labels, excerpt = excluded.excerpt, last_message_at = excluded.last_message_at, last_inbound_at = excluded.last_inbound_at, waiting_since = excluded.waiting_since, sla_due_at = excluded.sla_due_at, snoozed_until = excluded.snoozed_until, resolved_at = excluded.resolved_at, merged_into = excluded.merged_into, continues = excluded.continues",
};

/// Writes tickets as they are now, new ones and changed ones alike. The same one may not be given
/// twice. What a ticket is about (brand, number, channel, thread, kind) never changes.
pub async fn save(tx: &mut Tx, tickets: &[Ticket]) -> Result<()> {
    SAVE.run(tx, tickets.iter().map(row).collect()).await
}

fn row(t: &Ticket) -> Vec<Val> {
    vec![
        t.id.val(),
        t.brand_id.val(),
        t.number.val(),
        t.channel_id.val(),
        t.network.as_str().val(),
        t.thread_id.val(),
        t.contact_id.val(),
        t.kind.val(),
        t.visibility.val(),
        t.state.val(),
        t.bot.val(),
        t.stage.val(),
        t.stage_held.val(),
        (&t.stage_evidence).val(),
        t.team_id.val(),
        t.assignee_id.val(),
        t.priority.val(),
        t.sentiment.val(),
        t.language.clone().val(),
        (&t.labels).val(),
        t.excerpt.as_str().val(),
        t.last_message_at.val(),
        t.last_inbound_at.val(),
        t.waiting_since.val(),
        t.sla_due_at.val(),
        t.snoozed_until.val(),
        t.created_at.val(),
        t.resolved_at.val(),
        t.merged_into.val(),
        t.continues.val(),
    ]
}

/// One ticket in scope.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, or not in scope.
pub async fn get(tx: &mut Tx, scope: &Scope, id: TicketId) -> Result<Ticket> {
    let found = sql!(tx, maybe Ticket, concat!("select ", columns!(), " from tickets where id = $1"), id)?;
    found.filter(|t| scope.admits(t.brand_id)).ok_or(Error::NotFound)
}

/// Tickets of a brand, many at once, in no order; those that are not there are left out.
pub async fn many(tx: &mut Tx, brand: BrandId, ids: &[TicketId]) -> Result<Vec<Ticket>> {
    const FIND: Bulk =
        Bulk { head: concat!("select ", columns!(), " from tickets where brand_id = $1 and id in (values"), tail: ")" };
    FIND.among(tx, &[brand.val()], ids.iter().map(|id| vec![id.val()]).collect()).await
}

/// One ticket in scope, to be changed: no other node changes it meanwhile.
///
/// # Errors
/// As [`get`].
pub async fn take(tx: &mut Tx, scope: &Scope, id: TicketId) -> Result<Ticket> {
    if tx.is_postgres() {
        sql!(tx, run, "select id from tickets where id = $1 for update", id)?;
    }
    get(tx, scope, id).await
}

/// The tickets of these contacts in these threads.
pub async fn of_pairs(tx: &mut Tx, brand: BrandId, pairs: &[(ThreadId, ContactId)]) -> Result<Vec<Ticket>> {
    const FIND: Bulk = Bulk {
        head: concat!("select ", columns!(), " from (values"),
        // A join in this order, because SQLite finds pairs in a list only by reading every ticket.
        tail: ") as v cross join tickets t where t.thread_id = v.column2 and t.contact_id = v.column3 and t.brand_id = v.column1",
    };
    FIND.all(tx, pairs.iter().map(|(t, c)| vec![brand.val(), t.val(), c.val()]).collect()).await
}

/// The tickets of a thread, oldest first.
pub async fn of_thread(tx: &mut Tx, brand: BrandId, thread: ThreadId) -> Result<Vec<Ticket>> {
    sql!(tx, all Ticket, concat!("select ", columns!(), " from tickets where brand_id = $1 and thread_id = $2 order by created_at, id"), brand, thread)
}

/// A person's tickets, newest first, at most 50; merged ones left out.
pub async fn of_contact(tx: &mut Tx, brand: BrandId, contact: ContactId) -> Result<Vec<Ticket>> {
    sql!(tx, all Ticket, concat!("select ", columns!(), " from tickets where brand_id = $1 and contact_id = $2 and merged_into is null order by last_message_at desc, id desc limit 50"), brand, contact)
}

/// Every ticket of a person, merged ones too, for merging people.
pub async fn all_of_contact(tx: &mut Tx, brand: BrandId, contact: ContactId) -> Result<Vec<Ticket>> {
    sql!(tx, all Ticket, concat!("select ", columns!(), " from tickets where brand_id = $1 and contact_id = $2 order by id"), brand, contact)
}

/// The private sequels of a ticket.
pub async fn sequels(tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<Vec<Ticket>> {
    sql!(tx, all Ticket, concat!("select ", columns!(), " from tickets where brand_id = $1 and continues = $2 order by id"), brand, ticket)
}

/// Which of these people have a ticket that says customer or advocate.
pub async fn known_customers(tx: &mut Tx, brand: BrandId, contacts: &[ContactId]) -> Result<Vec<ContactId>> {
    #[derive(sqlx::FromRow)]
    struct Known {
        contact_id: ContactId,
    }
    const FIND: Bulk = Bulk {
        head: "select distinct contact_id from tickets where stage in ('customer', 'advocate') and brand_id = $1 and contact_id in (values",
        tail: ")",
    };
    let rows = contacts.iter().map(|c| vec![c.val()]).collect();
    Ok(FIND.among::<Known>(tx, &[brand.val()], rows).await?.into_iter().map(|k| k.contact_id).collect())
}

/// What rules had found of somebody, and when they had last written.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Found {
    /// Of whom.
    pub contact_id: ContactId,
    /// The trace of the rule that set the stage.
    pub stage_evidence: Value,
    /// When they wrote.
    pub last_inbound_at: At,
}

/// What was found of these people in tickets in which they wrote since a moment.
pub async fn found_since(tx: &mut Tx, brand: BrandId, contacts: &[ContactId], since: At) -> Result<Vec<Found>> {
    const FIND: Bulk = Bulk {
        head: "select contact_id, stage_evidence, last_inbound_at from tickets where brand_id = $1 and last_inbound_at > $2 and contact_id in (values",
        tail: ")",
    };
    let rows = contacts.iter().map(|c| vec![c.val()]).collect();
    FIND.among::<Found>(tx, &[brand.val(), since.val()], rows).await
}

/// Snoozed tickets of every brand whose time has come.
pub async fn due_awake(tx: &mut Tx, now: At) -> Result<Vec<Ticket>> {
    sql!(tx, all Ticket, concat!("select ", columns!(), " from tickets where state = 'snoozed' and snoozed_until <= $1 order by snoozed_until limit 200"), now)
}

/// The ticket of a number.
pub async fn by_number(tx: &mut Tx, brand: BrandId, number: i64) -> Result<Option<Ticket>> {
    sql!(tx, maybe Ticket, concat!("select ", columns!(), " from tickets where brand_id = $1 and number = $2"), brand, number)
}
