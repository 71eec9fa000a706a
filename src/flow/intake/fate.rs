//! How our messages fare, where a network tells it one by one: some failures are only told long
//! after the send was accepted.

use serde_json::json;

use super::became;
use super::sort::Happened;
use crate::base::id::OutboundId;
use crate::desk::delivery::Delivery;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::inbound::{Fate, InboundState};
use crate::desk::message::Direction;
use crate::desk::scope::Scope;
use crate::flow::{Result, outbox as outgoing};
use crate::store::inbound::Became;
use crate::store::messages::{self, Message};
use crate::store::{Tx, outbox};

/// The message moves forward, never back: what was read is not delivered again, what failed stays so.
pub(super) async fn fared(tx: &mut Tx, h: &Happened, id: &str, tag: Option<&str>, how: &Fate) -> Result<Became> {
    let brand = h.channel.brand_id;
    // Named by our mark alone, it has no id at the network that we would not know.
    let id = Some(id).filter(|id| Some(*id) != tag);
    let Some(m) = message_of(tx, h, id, tag).await? else {
        let reason = Some(format!("status:{}:unknown_message", word(how)));
        return Ok(Became { reason, ..became(h.id, InboundState::Ignored) });
    };
    let now = m.delivery.unwrap_or(Delivery::Sending);
    let (next, reason, why) = match how {
        Fate::Sent => (Delivery::Sent, None, None),
        Fate::Delivered => (Delivery::Delivered, None, None),
        Fate::Read => (Delivery::Read, None, None),
        Fate::Failed { refusal, why } => (Delivery::Failed, Some(refusal.as_str()), Some(why.as_str())),
    };
    let moves = match (now, next) {
        (Delivery::Failed | Delivery::Read, _) => false,
        (Delivery::Delivered, next) => next == Delivery::Read,
        (Delivery::Sent, next) => next != Delivery::Sent,
        _ => true,
    };
    if moves {
        messages::set_delivery(tx, brand, m.id, next, reason, why, id).await?;
        if let (Delivery::Failed, Some(row)) = (next, outbox::of_message(tx, brand, m.id).await?) {
            outbox::failed(tx, brand, row.id, reason.unwrap_or_default(), why.unwrap_or_default()).await?;
            outgoing::tell_trouble(tx, &row, next, h.received_at).await?;
        }
        if let Some(ticket) = m.ticket_id {
            let event = Event::of(brand, EventKind::DeliveryChanged, ticket, Actor::Network).message(m.id);
            tx.emit(h.received_at, event.data(json!({"delivery": next, "reason": reason})));
        }
    }
    let done = became(h.id, InboundState::Done);
    let kind = Some(m.kind.as_str().to_owned());
    Ok(Became { kind, reason: Some(word(how).into()), message: Some(m.id), ticket: m.ticket_id, ..done })
}

fn word(how: &Fate) -> &'static str {
    match how {
        Fate::Sent => "sent",
        Fate::Delivered => "delivered",
        Fate::Read => "read",
        Fate::Failed { .. } => "failed",
    }
}

/// Our message of this id; or the one that bears our mark, when this is told before the send was
/// answered: then it is known to have arrived.
async fn message_of(tx: &mut Tx, h: &Happened, id: Option<&str>, tag: Option<&str>) -> Result<Option<Message>> {
    let brand = h.channel.brand_id;
    if let Some(id) = id
        && let Some(m) = messages::by_external(tx, brand, h.channel.id, id).await?
    {
        return Ok(Some(m).filter(|m| m.direction == Direction::Outbound));
    }
    let Some(marked) = tag.and_then(|t| t.parse::<OutboundId>().ok()) else { return Ok(None) };
    let Ok(row) = outbox::get(tx, brand, marked).await else { return Ok(None) };
    let is_another = |known: &str| id.is_some_and(|id| id != known);
    if row.channel_id != h.channel.id || row.external_id.as_deref().is_some_and(is_another) {
        return Ok(None);
    }
    outbox::arrived(tx, brand, row.id, id).await?;
    Ok(Some(messages::get(tx, &Scope::house(brand), row.message_id).await?))
}
