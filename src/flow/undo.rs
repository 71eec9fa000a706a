//! Taking back what a person has just done to a ticket.

use serde_json::json;

use super::handle::allowed;
use super::{House, Reason, Result};
use crate::base::At;
use crate::base::id::{ActId, AgentId, MessageId, TicketId};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::desk::ticket::Ticket;
use crate::desk::undo::Act;
use crate::store::events::{self, Past};
use crate::store::{Tx, tickets};

/// How far back an act is looked for in a ticket's history.
const RECENT: i64 = 50;

/// Takes one's own act on a ticket back.
///
/// # Errors
/// [`Reason::AlreadyUndone`]; [`Reason::ChangedSince`] when somebody or something has changed the
/// same since; not found when it was nobody's act here, or not one's own.
pub async fn undo(house: &House, scope: &Scope, id: TicketId, act: ActId) -> Result<Ticket> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let mut ticket = tickets::take(&mut tx, scope, id).await?;
    let agent = allowed(scope, &ticket)?;
    let recent = events::latest(&mut tx, ticket.brand_id, id, RECENT).await?;
    if recent.iter().any(|e| e.data["undid"] == json!(act)) {
        return Err(Reason::AlreadyUndone.into());
    }
    let found = of(&recent, act, agent).ok_or(crate::store::Error::NotFound)?;
    // What was said of a message and is taken back is no example any more.
    let about = recent.iter().filter(|e| Act::of(&e.data).is_some_and(|a| a.id == act)).find_map(|e| e.message_id);
    if !found.undo(&mut ticket) {
        return Err(Reason::ChangedSince.into());
    }
    tickets::save(&mut tx, std::slice::from_ref(&ticket)).await?;
    tell(&mut tx, &ticket, act, agent, now, about);
    if let Some(other) = found.also {
        with_it(&mut tx, &ticket, other, act, agent, now).await?;
    }
    tx.commit().await?;
    Ok(ticket)
}

/// The other ticket an act changed goes back too, unless it has moved on.
async fn with_it(tx: &mut Tx, ticket: &Ticket, other: TicketId, act: ActId, agent: AgentId, now: At) -> Result<()> {
    let mut other = tickets::take(tx, &Scope::house(ticket.brand_id), other).await?;
    let recent = events::latest(tx, other.brand_id, other.id, RECENT).await?;
    if of(&recent, act, agent).is_some_and(|found| found.undo(&mut other)) {
        tickets::save(tx, std::slice::from_ref(&other)).await?;
        tell(tx, &other, act, agent, now, None);
    }
    Ok(())
}

fn of(recent: &[Past], act: ActId, agent: AgentId) -> Option<Act> {
    let own = recent.iter().filter(|e| e.actor.as_deref() == Some(agent.to_string().as_str()));
    own.filter_map(|e| Act::of(&e.data)).find(|found| found.id == act)
}

fn tell(tx: &mut Tx, ticket: &Ticket, act: ActId, agent: AgentId, now: At, about: Option<MessageId>) {
    let event = Event::of(ticket.brand_id, EventKind::TicketChanged, ticket.id, Actor::Agent(agent));
    tx.emit(now, about.into_iter().fold(event, Event::message).data(json!({"undid": act})));
}
