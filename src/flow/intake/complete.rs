//! What a network told later of a message its hook had only named: author, text, or that it was
//! our own.

use serde_json::json;

use super::arrive::realm;
use crate::base::text::{clean_name, clean_text, excerpt};
use crate::desk::channel::Channel;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::inbound::Wrote;
use crate::desk::message::Direction;
use crate::desk::scope::Scope;
use crate::desk::ticket::{Bot, State};
use crate::desk::triage::Facts;
use crate::flow::{House, Result, triage};
use crate::store::contacts::{self, NewIdentity};
use crate::store::messages::{self, Message};
use crate::store::{Tx, posts, threads, tickets};

/// Completes a message.
///
/// # Errors
/// As the database reports.
pub async fn complete(house: &House, tx: &mut Tx, channel: &Channel, mut m: Message, wrote: Wrote) -> Result<()> {
    let (brand, now) = (m.brand_id, house.now());
    let new_text = m.text.is_empty().then(|| wrote.text.as_deref().map(clean_text)).flatten().filter(|t| !t.is_empty());
    if let Some(text) = &new_text {
        m.text.clone_from(text);
    }
    let before = (m.contact_id, m.author_name.clone());
    if wrote.own {
        m.direction = Direction::Outbound;
        m.contact_id = None;
        m.author_name.clone_from(&channel.name);
    } else if let Some(author) = &wrote.author {
        name(house, tx, channel, &mut m, author).await?;
    }
    if let Some(parent) = wrote.parent.as_deref().filter(|_| m.parent_external_id.is_none()) {
        join(house, tx, &mut m, parent).await?;
    }
    messages::complete(tx, &m).await?;
    let Some(id) = m.ticket_id else { return Ok(()) };
    let mut ticket = tickets::take(tx, &Scope::house(brand), id).await?;
    if wrote.own {
        ticket.bot = Bot::Human;
        if ticket.last_inbound_at == Some(m.at) && ticket.state == State::New {
            ticket.move_to(State::Resolved, None, now)?;
        }
    } else if let Some(text) = &new_text {
        let under_our_post = match threads::get(tx, brand, m.thread_id).await?.post_id {
            Some(post) => posts::get(tx, brand, post).await?.own == Some(true),
            None => false,
        };
        let facts = Facts {
            text,
            kind: m.kind,
            visibility: m.visibility,
            network: &channel.network,
            under_our_post,
            known_customer: false,
            has_team: false,
            rating: m.rating.as_deref(),
        };
        let (findings, acts) = house.rules.judge(&facts);
        let teams = house.teams(tx, brand).await?;
        for event in acts.iter().filter_map(|act| triage::apply(&mut ticket, act, &teams)) {
            tx.emit(now, event.message(m.id));
        }
        ticket.sentiment = findings.sentiment().or(ticket.sentiment);
        ticket.language = findings.language.map(str::to_owned).or(ticket.language);
        if ticket.last_inbound_at == Some(m.at) {
            ticket.excerpt = excerpt(text, 140);
        }
    }
    tickets::save(tx, &[ticket]).await?;
    if let Some(contact) = m.contact_id.filter(|_| before != (m.contact_id, m.author_name.clone())) {
        let known = Event::of(brand, EventKind::ContactChanged, id, Actor::Network);
        tx.emit(now, known.message(m.id).data(json!({"contact": contact})));
    }
    // Whether it is only now that there are words: a name alone is nothing to think about again.
    let told = json!({"completed": true, "words": new_text.is_some()});
    tx.emit(now, Event::of(brand, EventKind::MessageEdited, id, Actor::Network).message(m.id).data(told));
    Ok(())
}

/// The network told only now what it answers: it belongs where that stands. A person who has a ticket
/// there goes on in it; else the ticket moves along.
async fn join(house: &House, tx: &mut Tx, m: &mut Message, parent: &str) -> Result<()> {
    let Some(answered) = messages::by_external(tx, m.brand_id, m.channel_id, parent).await? else { return Ok(()) };
    messages::place(tx, m.brand_id, m.id, answered.thread_id, parent).await?;
    let moves = answered.thread_id != m.thread_id;
    m.thread_id = answered.thread_id;
    let (Some(id), Some(contact)) = (m.ticket_id.filter(|_| moves), m.contact_id) else { return Ok(()) };
    // A ticket that has grown meanwhile stays what people made of it.
    if messages::of_ticket(tx, m.brand_id, id).await?.len() > 1 {
        return Ok(());
    }
    let twin = tickets::of_pairs(tx, m.brand_id, &[(answered.thread_id, contact)]).await?.pop();
    let mut own = tickets::take(tx, &Scope::house(m.brand_id), id).await?;
    match twin {
        Some(mut twin) => {
            messages::move_these(tx, m.brand_id, &[m.id], twin.id).await?;
            m.ticket_id = Some(twin.id);
            twin.receive(m.at, &excerpt(&m.text, 140));
            own.merged_into = Some(twin.id);
            own.state = State::Resolved;
            own.resolved_at = Some(house.now());
            tickets::save(tx, &[twin]).await?;
        }
        None => own.thread_id = answered.thread_id,
    }
    Ok(tickets::save(tx, &[own]).await?)
}

/// The author has a name now, or is somebody we know.
async fn name(
    house: &House,
    tx: &mut Tx,
    channel: &Channel,
    m: &mut Message,
    author: &crate::desk::inbound::Author,
) -> Result<()> {
    let told = author.name.as_deref().map(clean_name).filter(|n| !n.is_empty());
    let identity = NewIdentity {
        id: house.given.id(),
        contact: house.given.id(),
        brand: m.brand_id,
        network: channel.network.clone(),
        realm: realm(channel),
        external_id: author.id.clone(),
        handle: author.handle.as_deref().map(clean_name),
        name: told.clone(),
        at: house.now(),
    };
    let known = contacts::know(tx, vec![identity]).await?.remove(0);
    if let Some(was) = m.contact_id.filter(|c| *c != known.contact_id)
        && let Some(ticket) = m.ticket_id
    {
        // The nameless stand-in is this person; where they have a ticket in this thread already,
        // the message joins it, else the ticket becomes theirs.
        let twin = tickets::of_pairs(tx, m.brand_id, &[(m.thread_id, known.contact_id)]).await?.pop();
        let mut own = tickets::take(tx, &Scope::house(m.brand_id), ticket).await?;
        match twin {
            Some(twin) => {
                messages::move_these(tx, m.brand_id, &[m.id], twin.id).await?;
                m.ticket_id = Some(twin.id);
                own.merged_into = Some(twin.id);
                own.state = State::Resolved;
                own.resolved_at = Some(house.now());
            }
            None => own.contact_id = known.contact_id,
        }
        tickets::save(tx, &[own]).await?;
        contacts::set_merged(tx, m.brand_id, was, Some(known.contact_id)).await?;
        m.contact_id = Some(known.contact_id);
    }
    if let Some(told) = told {
        m.author_name = told;
        contacts::describe(tx, m.brand_id, known.contact_id, Some(&m.author_name), None).await?;
    }
    m.author_handle = author.handle.clone().or(m.author_handle.take());
    Ok(())
}
