//! What the hour brings: the snoozed wake, the parked are given up.

use serde_json::json;

use super::{House, Result};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::sla;
use crate::desk::ticket::State;
use crate::store::{inbound, tickets};

/// Carries out what is due; how many tickets woke.
///
/// # Errors
/// As the database reports.
pub async fn turn(house: &House) -> Result<usize> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let mut awake = tickets::due_awake(&mut tx, now).await?;
    for ticket in &mut awake {
        ticket.state = State::Open;
        ticket.snoozed_until = None;
        ticket.waiting_since = ticket.waiting_since.or(Some(now));
        ticket.sla_due_at = Some(sla::due(now, ticket.priority, ticket.stage));
        let event = Event::of(ticket.brand_id, EventKind::TicketChanged, ticket.id, Actor::House);
        tx.emit(now, event.data(json!({"state": State::Open, "from": State::Snoozed})));
    }
    tickets::save(&mut tx, &awake).await?;
    inbound::expire_parked(&mut tx, now).await?;
    tx.commit().await?;
    Ok(awake.len())
}
