//! Two tickets that are one, two contacts who are one person; and taking that back.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{House, Reason, Result};
use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId, ContactId, IdentityId, MergeId, MessageId, TicketId};
use crate::desk::agent::Power;
use crate::desk::contact::Contact;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::desk::ticket::{State, Ticket};
use crate::store::merges::{self, Merge};
use crate::store::{Tx, contacts, messages, tickets};

/// What must be put back when a ticket merge is undone.
#[derive(Debug, Serialize, Deserialize)]
struct TicketUndo {
    messages: Vec<MessageId>,
    state: State,
}

/// What must be put back when a contact merge is undone.
#[derive(Debug, Serialize, Deserialize)]
struct ContactUndo {
    identities: Vec<IdentityId>,
    tickets: Vec<TicketId>,
    /// Tickets that had to be merged because both people had one in the same thread.
    merged: Vec<(TicketId, TicketId, TicketUndo)>,
}

/// Merges a ticket into another of the same contact: its messages move there, and what comes for
/// it later goes there too.
///
/// # Errors
/// [`Reason::NotAllowed`], [`Reason::CannotMerge`] for tickets of two contacts or merged ones.
pub async fn tickets_into(house: &House, scope: &Scope, from: TicketId, into: TicketId) -> Result<MergeId> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let mut a = tickets::take(&mut tx, scope, from).await?;
    let mut b = tickets::take(&mut tx, scope, into).await?;
    let agent = allowed(scope, a.brand_id)?;
    let same = a.brand_id == b.brand_id && a.contact_id == b.contact_id && a.id != b.id;
    if !same || a.merged_into.is_some() || b.merged_into.is_some() {
        return Err(Reason::CannotMerge.into());
    }
    let undo = fold(&mut tx, &mut a, &mut b, now).await?;
    let merge = note(house, "ticket", a.brand_id, AnyId(a.id.0), AnyId(b.id.0), json!(undo), now);
    merges::add(&mut tx, &merge, Some(agent)).await?;
    let told = |id| Event::of(a.brand_id, EventKind::Merged, id, Actor::Agent(agent));
    tx.emit(now, told(b.id).data(json!({"merge": merge.id, "ticket": a.number, "into": b.number})));
    tx.emit(now, told(a.id).data(json!({"merge": merge.id, "ticket": a.number, "into": b.number})));
    tx.commit().await?;
    Ok(merge.id)
}

fn allowed(scope: &Scope, brand: BrandId) -> Result<AgentId> {
    scope.who().filter(|_| scope.may(brand, Power::Handle)).ok_or_else(|| Reason::NotAllowed.into())
}

fn note(
    house: &House,
    kind: &str,
    brand_id: BrandId,
    from_id: AnyId,
    into_id: AnyId,
    undo: serde_json::Value,
    at: At,
) -> Merge {
    Merge { id: house.given.id(), brand_id, kind: kind.to_owned(), from_id, into_id, undo, at }
}

/// Moves everything of `a` to `b` and closes `a`.
async fn fold(tx: &mut Tx, a: &mut Ticket, b: &mut Ticket, now: At) -> Result<TicketUndo> {
    let moved = messages::move_all(tx, a.brand_id, a.id, b.id).await?;
    let undo = TicketUndo { messages: moved, state: a.state };
    if a.last_inbound_at > b.last_inbound_at {
        b.last_inbound_at = a.last_inbound_at;
        b.excerpt.clone_from(&a.excerpt);
    }
    b.last_message_at = b.last_message_at.max(a.last_message_at);
    b.waiting_since = [a.waiting_since, b.waiting_since].into_iter().flatten().min();
    b.sla_due_at = [a.sla_due_at, b.sla_due_at].into_iter().flatten().min();
    b.stage = b.stage.after(a.stage, b.stage_held);
    b.priority = b.priority.max(a.priority);
    for label in a.label_list() {
        b.label(&label);
    }
    if a.state != State::Resolved && matches!(b.state, State::Resolved | State::Waiting | State::Snoozed) {
        b.move_to(State::Open, None, now)?;
    }
    a.move_to(State::Resolved, None, now)?;
    a.merged_into = Some(b.id);
    tickets::save(tx, std::slice::from_ref(a)).await?;
    tickets::save(tx, std::slice::from_ref(b)).await?;
    Ok(undo)
}

async fn unfold(tx: &mut Tx, brand: BrandId, from: TicketId, undo: &TicketUndo, now: At) -> Result<()> {
    let mut a = tickets::take(tx, &Scope::house(brand), from).await?;
    a.merged_into = None;
    if undo.state != State::Resolved {
        a.state = undo.state;
        a.resolved_at = None;
        a.snoozed_until = a.snoozed_until.filter(|u| *u > now);
    }
    messages::move_these(tx, brand, &undo.messages, from).await?;
    Ok(tickets::save(tx, &[a]).await?)
}

/// Makes two contacts one person: handles and tickets of the first belong to the second.
///
/// # Errors
/// [`Reason::NotAllowed`], [`Reason::CannotMerge`] for one with itself, of two brands, or merged.
pub async fn contacts_into(house: &House, scope: &Scope, from: ContactId, into: ContactId) -> Result<MergeId> {
    let mut tx = house.db.write().await?;
    let a = contacts::get(&mut tx, scope, from).await?;
    let b = contacts::get(&mut tx, scope, into).await?;
    let agent = allowed(scope, a.brand_id)?;
    if a.brand_id != b.brand_id || a.id == b.id || a.merged_into.is_some() || b.merged_into.is_some() {
        return Err(Reason::CannotMerge.into());
    }
    let merge = one_person(house, &mut tx, &a, &b, Some(agent)).await?;
    tx.commit().await?;
    Ok(merge)
}

/// Handles and tickets of the first belong to the second; by a person, or because the network said so.
pub(super) async fn one_person(
    house: &House,
    tx: &mut Tx,
    a: &Contact,
    b: &Contact,
    agent: Option<AgentId>,
) -> Result<MergeId> {
    let (now, brand) = (house.now(), a.brand_id);
    let mut undo = ContactUndo { identities: Vec::new(), tickets: Vec::new(), merged: Vec::new() };
    for identity in contacts::identities(tx, brand, a.id).await? {
        contacts::move_identity(tx, brand, identity.id, b.id).await?;
        undo.identities.push(identity.id);
    }
    for mut ticket in tickets::all_of_contact(tx, brand, a.id).await? {
        let twin = tickets::of_pairs(tx, brand, &[(ticket.thread_id, b.id)]).await?.pop();
        match twin.filter(|t| t.merged_into.is_none() && ticket.merged_into.is_none()) {
            Some(mut twin) => {
                let folded = fold(tx, &mut ticket, &mut twin, now).await?;
                undo.merged.push((ticket.id, twin.id, folded));
            }
            None if ticket.merged_into.is_none() => {
                ticket.contact_id = b.id;
                tickets::save(tx, &[ticket.clone()]).await?;
                messages::set_contact(tx, brand, ticket.id, a.id, b.id).await?;
                undo.tickets.push(ticket.id);
            }
            None => {}
        }
    }
    contacts::set_merged(tx, brand, a.id, Some(b.id)).await?;
    contacts::describe(tx, brand, b.id, Some(&a.name).filter(|n| !n.is_empty()).map(String::as_str), None).await?;
    let merge = note(house, "contact", brand, AnyId(a.id.0), AnyId(b.id.0), json!(undo), now);
    merges::add(tx, &merge, agent).await?;
    let event = Event::at(brand, EventKind::Merged, agent.map_or(Actor::Network, Actor::Agent));
    tx.emit(now, event.data(json!({"merge": merge.id, "contact": a.id, "into": b.id})));
    Ok(merge.id)
}

/// Takes a merge back.
///
/// # Errors
/// [`crate::store::Error::NotFound`] when it was taken back already.
pub async fn undo(house: &House, scope: &Scope, brand: BrandId, id: MergeId) -> Result<()> {
    let now = house.now();
    let agent = allowed(scope, brand)?;
    let mut tx = house.db.write().await?;
    let merge = merges::get(&mut tx, brand, id).await?;
    if !merges::undone(&mut tx, brand, id, now).await? {
        return Err(crate::store::Error::NotFound.into());
    }
    if merge.kind == "ticket" {
        let undo: TicketUndo = serde_json::from_value(merge.undo).map_err(anyhow::Error::from)?;
        unfold(&mut tx, brand, TicketId(merge.from_id.0), &undo, now).await?;
        for ticket in [merge.from_id, merge.into_id] {
            let event = Event::of(brand, EventKind::Unmerged, TicketId(ticket.0), Actor::Agent(agent));
            tx.emit(now, event.data(json!({"merge": id})));
        }
    } else {
        let undo: ContactUndo = serde_json::from_value(merge.undo).map_err(anyhow::Error::from)?;
        let (from, into) = (ContactId(merge.from_id.0), ContactId(merge.into_id.0));
        contacts::set_merged(&mut tx, brand, from, None).await?;
        for identity in undo.identities {
            contacts::move_identity(&mut tx, brand, identity, from).await?;
        }
        for ticket in undo.tickets {
            let mut ticket = tickets::take(&mut tx, &Scope::house(brand), ticket).await?;
            ticket.contact_id = from;
            messages::set_contact(&mut tx, brand, ticket.id, into, from).await?;
            tickets::save(&mut tx, &[ticket]).await?;
        }
        for (ticket, _, folded) in undo.merged {
            unfold(&mut tx, brand, ticket, &folded, now).await?;
        }
        tx.emit(
            now,
            Event::at(brand, EventKind::Unmerged, Actor::Agent(agent)).data(json!({"merge": id, "contact": from})),
        );
    }
    tx.commit().await?;
    Ok(())
}
