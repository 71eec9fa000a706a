//! Hiding, showing, liking and deleting what customers wrote in public.

use serde_json::json;

use super::{House, Reason, Result};
use crate::base::id::MessageId;
use crate::desk::agent::Power;
use crate::desk::delivery::{self, Delivery};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::limits::Limits;
use crate::desk::message::{Direction, Visibility};
use crate::desk::outbound::Action;
use crate::desk::scope::Scope;
use crate::store::outbox::{self, Row};
use crate::store::{channels, messages, threads};

/// True when a network has this act.
pub fn is_possible(limits: &Limits, action: Action) -> bool {
    match action {
        Action::Hide | Action::Unhide => limits.hide,
        Action::Delete => limits.delete,
        Action::Like | Action::Unlike => limits.like,
        Action::ReplyPublic => limits.public_reply.is_some(),
        Action::ReplyPrivate => limits.private_reply.is_some(),
        Action::Dm => limits.dm.is_some(),
    }
}

/// Asks the network for one act of moderation.
///
/// # Errors
/// [`Reason::NotAllowed`], [`Reason::NotOnThisNetwork`].
pub async fn moderate(house: &House, scope: &Scope, message: MessageId, action: Action) -> Result<()> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let m = messages::get(&mut tx, scope, message).await?;
    let power = if action == Action::Delete { Power::Delete } else { Power::Moderate };
    let agent = scope.who().filter(|_| scope.may(m.brand_id, power)).ok_or(Reason::NotAllowed)?;
    let channel = channels::get(&mut tx, scope, m.channel_id).await?;
    let limits = house.network(&channel.network).ok_or(Reason::NotOnThisNetwork)?.limits_for(m.kind);
    let moderates = !action.is_reply() && is_possible(&limits, action);
    let public = m.visibility == Visibility::Public && m.direction == Direction::Inbound && m.external_id.is_some();
    if !moderates || !public {
        return Err(Reason::NotOnThisNetwork.into());
    }
    let thread = threads::get(&mut tx, m.brand_id, m.thread_id).await?;
    let row = Row {
        seq: 0,
        id: house.given.id(),
        brand_id: m.brand_id,
        channel_id: m.channel_id,
        thread_id: m.thread_id,
        ticket_id: m.ticket_id,
        message_id: m.id,
        agent_id: Some(agent),
        by_rule: None,
        action,
        text: String::new(),
        target: m.external_id.clone(),
        target_is_post: false,
        root: Some(thread.external_key),
        post: m.post_external_id.clone(),
        recipient: None,
        state: Delivery::Queued,
        reason: None,
        why: None,
        attempt: 0,
        looks: 0,
        resent: false,
        next_at: now,
        not_after: delivery::not_after(true, now, None),
        asked_at: None,
        external_id: None,
        approved: None,
        created_at: now,
        choices: None,
    };
    outbox::add(&mut tx, &row).await?;
    if let Some(ticket) = m.ticket_id {
        let event = Event::of(m.brand_id, EventKind::TicketChanged, ticket, Actor::Agent(agent)).message(m.id);
        tx.emit(now, event.data(json!({"moderated": action})));
    }
    tx.commit().await?;
    house.bells.outbox.notify_one();
    Ok(())
}
