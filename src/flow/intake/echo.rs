//! Our own words coming back. Either Guichet sent them, and then the reply is known to have
//! arrived; or somebody wrote as the page elsewhere, and then the thread shows it and the bot
//! holds back.

use serde_json::{Value, json};

use super::arrive::realm;
use super::sort::Happened;
use super::{became, who};
use crate::base::At;
use crate::base::id::{OutboundId, ThreadId};
use crate::base::text::clean_text;
use crate::desk::delivery::Delivery;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::inbound::{InboundState, Wrote};
use crate::desk::message::{Direction, Visibility};
use crate::desk::outbound::Action;
use crate::desk::scope::Scope;
use crate::desk::ticket::Bot;
use crate::flow::{House, Result};
use crate::store::contacts::{self, NewIdentity};
use crate::store::inbound::Became;
use crate::store::messages::{self, Message};
use crate::store::outbox;
use crate::store::posts::{self, NewPost};
use crate::store::threads::{self, NewThread, Thread};
use crate::store::{Tx, tickets};

/// What our own account wrote: matched to a reply of ours, or kept as the page's own words.
pub(super) async fn own(house: &House, tx: &mut Tx, h: &Happened, wrote: Wrote, at: At) -> Result<Became> {
    let (brand, channel) = (h.channel.brand_id, &h.channel);
    let known = messages::by_external(tx, brand, channel.id, &wrote.id).await?;
    if let Some(m) = known {
        let state = if m.agent_id.is_some() || m.by_rule.is_some() { InboundState::Echo } else { InboundState::Done };
        return Ok(Became {
            kind: Some(m.kind.as_str().into()),
            message: Some(m.id),
            ticket: m.ticket_id,
            ..became(h.id, state)
        });
    }
    let thread = thread_of(house, tx, h, &wrote, at).await?;
    if let Some(row) = matching(tx, h, &wrote, thread.id).await? {
        arrived(house, tx, &row, &wrote, at).await?;
        return Ok(Became {
            kind: Some(wrote.kind.as_str().into()),
            message: Some(row.message_id),
            ticket: row.ticket_id,
            ..became(h.id, InboundState::Echo)
        });
    }
    page_wrote(tx, h, wrote, &thread, at).await
}

/// The reply of ours this is: by the mark we put on it, else by thread and words.
async fn matching(tx: &mut Tx, h: &Happened, wrote: &Wrote, thread: ThreadId) -> Result<Option<outbox::Row>> {
    let brand = h.channel.brand_id;
    if let Some(id) = wrote.tag.as_deref().and_then(|t| t.parse::<OutboundId>().ok())
        && let Ok(row) = outbox::get(tx, brand, id).await
    {
        return Ok(Some(row));
    }
    let text = wrote.text.as_deref().unwrap_or_default().trim();
    let mut flying = outbox::in_flight(tx, brand, thread).await?;
    if wrote.visibility == Visibility::Private {
        flying.extend(outbox::private_in_flight(tx, brand, h.channel.id).await?);
    }
    Ok(flying.into_iter().find(|r| r.action.is_reply() && r.text.trim() == text))
}

/// A reply was seen at the network, whatever its sender still waits for.
async fn arrived(house: &House, tx: &mut Tx, row: &outbox::Row, wrote: &Wrote, at: At) -> Result<()> {
    let news = outbox::arrived(tx, row.brand_id, row.id, Some(&wrote.id)).await?;
    messages::set_delivery(tx, row.brand_id, row.message_id, Delivery::Sent, None, None, Some(&wrote.id)).await?;
    if row.action == Action::ReplyPrivate
        && let Some(partner) = &wrote.partner
    {
        sequel(house, tx, row, &partner.id).await?;
    }
    if let (true, Some(ticket)) = (news, row.ticket_id) {
        let event = Event::of(row.brand_id, EventKind::DeliveryChanged, ticket, Actor::Network).message(row.message_id);
        tx.emit(at, event.data(json!({"delivery": Delivery::Sent})));
    }
    Ok(())
}

/// A private reply has opened a conversation: the person there is the ticket's contact, and what
/// is written there continues the ticket.
pub async fn sequel(house: &House, tx: &mut Tx, row: &outbox::Row, person: &str) -> Result<()> {
    let Some(ticket) = row.ticket_id else { return Ok(()) };
    let scope = Scope::house(row.brand_id);
    let ticket = tickets::get(tx, &scope, ticket).await?;
    let channel = crate::store::channels::get(tx, &scope, row.channel_id).await?;
    let now = house.now();
    let identity = NewIdentity {
        id: house.given.id(),
        contact: house.given.id(),
        brand: row.brand_id,
        network: channel.network.clone(),
        realm: realm(&channel),
        external_id: person.to_owned(),
        handle: None,
        name: None,
        at: now,
    };
    let known = contacts::know(tx, vec![identity]).await?.remove(0);
    if known.contact_id != ticket.contact_id
        && tickets::all_of_contact(tx, row.brand_id, known.contact_id).await?.is_empty()
    {
        contacts::move_identity(tx, row.brand_id, known.id, ticket.contact_id).await?;
    }
    let new = NewThread {
        id: house.given.id(),
        brand: row.brand_id,
        channel: row.channel_id,
        key: format!("dm:{person}"),
        post: None,
        kind: crate::desk::message::Kind::Dm,
        visibility: Visibility::Private,
        partner: Some(person.to_owned()),
        at: now,
    };
    let thread = threads::know(tx, vec![new]).await?.remove(0);
    Ok(threads::continue_from(tx, row.brand_id, thread.id, ticket.id).await?)
}

async fn thread_of(house: &House, tx: &mut Tx, h: &Happened, wrote: &Wrote, at: At) -> Result<Thread> {
    let (brand, channel) = (h.channel.brand_id, h.channel.id);
    if let Some(parent) = &wrote.parent
        && let Some(m) = messages::by_external(tx, brand, channel, parent).await?
    {
        return Ok(threads::get(tx, brand, m.thread_id).await?);
    }
    let mut post = None;
    if let Some(told) = wrote.post.clone() {
        let new = NewPost { id: house.given.id(), brand, channel, told, published_at: None, at };
        post = posts::know(tx, vec![new]).await?.first().map(|p| p.id);
    }
    let key = match &wrote.partner {
        Some(partner) => who::talk_with(house, tx, &h.channel, &wrote.thread, &partner.id).await?,
        None => wrote.thread.clone(),
    };
    let new = NewThread {
        id: house.given.id(),
        brand,
        channel,
        key,
        post,
        kind: wrote.kind,
        visibility: wrote.visibility,
        partner: wrote.partner.as_ref().map(|p| p.id.clone()),
        at,
    };
    Ok(threads::know(tx, vec![new]).await?.remove(0))
}

/// Somebody wrote as the page, elsewhere. It belongs to the ticket of whom it answers; the bot is
/// silent there from now on, and the customer has an answer.
async fn page_wrote(tx: &mut Tx, h: &Happened, wrote: Wrote, thread: &Thread, at: At) -> Result<Became> {
    let (brand, channel) = (h.channel.brand_id, h.channel.id);
    let parent = match &wrote.parent {
        Some(parent) => messages::by_external(tx, brand, channel, parent).await?,
        None => None,
    };
    let answered = match parent.and_then(|m| m.ticket_id) {
        Some(ticket) => Some(ticket),
        None => tickets::of_thread(tx, brand, thread.id).await?.last().map(|t| t.id),
    };
    let message = Message {
        id: h.message,
        brand_id: brand,
        ticket_id: answered,
        thread_id: thread.id,
        channel_id: channel,
        direction: Direction::Outbound,
        kind: wrote.kind,
        visibility: wrote.visibility,
        contact_id: None,
        agent_id: None,
        by_rule: None,
        author_name: h.channel.name.clone(),
        author_handle: None,
        text: clean_text(wrote.text.as_deref().unwrap_or_default()),
        attachments: serde_json::to_value(&wrote.attachments).unwrap_or_default(),
        external_id: Some(wrote.id),
        parent_external_id: wrote.parent,
        post_external_id: wrote.post.map(|p| p.id),
        rating: None,
        language: None,
        replyable: wrote.replyable,
        machine: false,
        at,
        edited_at: None,
        deleted_at: None,
        hidden_at: None,
        liked_at: None,
        reactions: Value::Array(Vec::new()),
        versions: Value::Array(Vec::new()),
        delivery: Some(Delivery::Sent),
        delivery_reason: None,
        delivery_why: None,
        trace: None,
        client_key: None,
        created_at: h.received_at,
    };
    messages::add(tx, vec![message]).await?;
    if let Some(id) = answered {
        let mut ticket = tickets::take(tx, &Scope::house(brand), id).await?;
        ticket.bot = Bot::Human;
        if ticket.last_inbound_at.is_none_or(|last| at >= last) {
            ticket.answered(at);
        }
        tickets::save(tx, &[ticket]).await?;
        tx.emit(h.received_at, Event::of(brand, EventKind::PageWrote, id, Actor::Network).message(h.message));
    }
    let done = became(h.id, InboundState::Done);
    Ok(Became { kind: Some(wrote.kind.as_str().into()), message: Some(h.message), ticket: answered, ..done })
}
