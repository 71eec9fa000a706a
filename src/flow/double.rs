//! A network may tell of our reply before it answers us, without saying that it is ours: then it was
//! taken for somebody's words, with a ticket of its own.

use super::{House, Result};
use crate::base::At;
use crate::base::id::TicketId;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::desk::ticket::State;
use crate::store::messages::{self, Message};
use crate::store::{Tx, tickets};

/// Takes what turned out to be our reply out of the conversation; a ticket that held nothing else is
/// merged into the reply's.
pub(super) async fn remove(
    house: &House,
    tx: &mut Tx,
    double: &Message,
    reply: Option<TicketId>,
    now: At,
) -> Result<()> {
    messages::remove_double(tx, double.brand_id, double.id).await?;
    let Some(id) = double.ticket_id.filter(|t| Some(*t) != reply) else { return Ok(()) };
    if !messages::of_ticket(tx, double.brand_id, id).await?.is_empty() {
        return Ok(());
    }
    let mut ticket = tickets::take(tx, &Scope::house(double.brand_id), id).await?;
    ticket.merged_into = reply;
    ticket.state = State::Resolved;
    ticket.resolved_at = Some(house.now());
    tickets::save(tx, &[ticket]).await?;
    tx.emit(now, Event::of(double.brand_id, EventKind::TicketChanged, id, Actor::Network));
    Ok(())
}
