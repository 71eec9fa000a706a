//! Everything a network tells that is not a customer's new message: edits, deletions, hides,
//! reactions, receipts, our own publications, our own words coming back.

use std::time::Duration;

use serde_json::{Value, json};

use super::arrive::{self, Arrival};
use super::sort::Happened;
use super::{became, echo, fate, who};
use crate::base::At;
use crate::base::id::{BrandId, InboundId};
use crate::base::text::clean_text;
use crate::desk::channel::{Channel, ChannelState};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::inbound::{Author, InboundState, Post, What, Wrote};
use crate::desk::scope::Scope;
use crate::flow::{House, Result};
use crate::store::deliveries::Source;
use crate::store::inbound::{self, Became, Parked};
use crate::store::messages::{self, Message};
use crate::store::posts::{self, NewPost};
use crate::store::{Tx, channels, threads};

/// How long something waits for the message it speaks of.
const PATIENCE: Duration = Duration::from_hours(24);

/// Carries one event out; none when it was parked.
pub(super) async fn happen(house: &House, tx: &mut Tx, h: Happened) -> Result<Option<Became>> {
    let at = h.event.at.unwrap_or(h.received_at).min(h.received_at);
    match &h.event.what {
        What::Wrote(wrote) => Ok(Some(echo::own(house, tx, &h, wrote.clone(), at).await?)),
        What::Edited(wrote) => edited(house, tx, &h, wrote.clone(), at).await,
        What::Receipt { thread, upto, ids, read } => Ok(Some(receipt(tx, &h, thread, *upto, ids, *read).await?)),
        What::Fared { id, tag, how } => Ok(Some(fate::fared(tx, &h, id, tag.as_deref(), how).await?)),
        What::IdChanged { from, to } => Ok(Some(who::id_changed(house, tx, &h, from, to).await?)),
        What::Named { id, author } => Ok(Some(who::named(house, tx, &h, id, author).await?)),
        What::Published(post) => published(house, tx, &h, post.clone(), at).await.map(Some),
        What::LoginRevoked(why) => {
            let (brand, channel) = (h.channel.brand_id, h.channel.id);
            if channels::set_state(tx, brand, channel, ChannelState::NeedsReauth, Some(why)).await? {
                let event = Event::at(brand, EventKind::ChannelChanged, Actor::Network);
                tx.emit(h.received_at, event.data(json!({"channel": channel, "state": "needs_reauth"})));
            }
            Ok(Some(became(h.id, InboundState::Done)))
        }
        What::Deleted { id } | What::Hidden { id, .. } | What::Reacted { id, .. } => {
            let about = id.clone();
            if let Some(became) = touch(house, tx, h.id, &h.channel, &h.event.what, at).await? {
                Ok(Some(became))
            } else {
                park(tx, &h, &about).await?;
                Ok(None)
            }
        }
    }
}

async fn park(tx: &mut Tx, h: &Happened, waits_for: &str) -> Result<()> {
    let item = serde_json::to_value(&h.event).unwrap_or_default();
    let until = h.received_at.plus(PATIENCE);
    Ok(inbound::park(tx, h.channel.brand_id, h.id, &item, waits_for, until).await?)
}

/// Carries out what had been parked for a message that is there now.
pub(super) async fn release(house: &House, tx: &mut Tx, channel: &Channel, parked: Parked) -> Result<()> {
    let event: crate::desk::inbound::Event = match serde_json::from_value(parked.item) {
        Ok(event) => event,
        Err(error) => {
            let lost = Became { reason: Some(error.to_string()), ..became(parked.id, InboundState::Quarantined) };
            return Ok(inbound::became(tx, parked.brand_id, lost).await?);
        }
    };
    let at = event.at.unwrap_or_else(|| house.now());
    if let Some(outcome) = touch(house, tx, parked.id, channel, &event.what, at).await? {
        inbound::became(tx, parked.brand_id, outcome).await?;
    }
    Ok(())
}

/// A deletion, hide or reaction: to a message, or else to a publication. None when neither is
/// known.
async fn touch(
    house: &House,
    tx: &mut Tx,
    id: InboundId,
    channel: &Channel,
    what: &What,
    at: At,
) -> Result<Option<Became>> {
    let brand = channel.brand_id;
    let (What::Deleted { id: about } | What::Hidden { id: about, .. } | What::Reacted { id: about, .. }) = what else {
        return Ok(None);
    };
    if let Some(message) = messages::by_external(tx, brand, channel.id, about).await? {
        touch_message(tx, brand, &message, what, at).await?;
        let done = became(id, InboundState::Done);
        let kind = Some(message.kind.as_str().to_owned());
        return Ok(Some(Became { kind, message: Some(message.id), ticket: message.ticket_id, ..done }));
    }
    let on_post = matches!(what, What::Reacted { on_post: true, .. });
    let post = match posts::by_external(tx, brand, channel.id, about).await? {
        Some(post) => post,
        None if on_post => {
            let told = Post { id: about.clone(), ..Post::default() };
            let new = NewPost { id: house.given.id(), brand, channel: channel.id, told, published_at: None, at };
            posts::know(tx, vec![new]).await?.remove(0)
        }
        None => return Ok(None),
    };
    match what {
        What::Deleted { .. } => posts::mark(tx, brand, post.id, post.hidden_at, Some(at)).await?,
        What::Hidden { hidden, .. } => posts::mark(tx, brand, post.id, hidden.then_some(at), post.deleted_at).await?,
        What::Reacted { reaction, by, .. } => {
            let reactions = counted(post.reactions, reaction.as_deref(), by.as_ref());
            posts::set_reactions(tx, brand, post.id, &reactions).await?;
        }
        _ => {}
    }
    Ok(Some(Became { kind: Some("post".into()), ..became(id, InboundState::Done) }))
}

async fn touch_message(tx: &mut Tx, brand: BrandId, m: &Message, what: &What, at: At) -> Result<()> {
    let (kind, data) = match what {
        What::Deleted { .. } => {
            messages::mark(tx, brand, m.id, m.deleted_at.or(Some(at)), m.hidden_at, m.liked_at).await?;
            (EventKind::MessageDeleted, Value::Null)
        }
        What::Hidden { hidden, .. } => {
            let hidden_at = hidden.then(|| m.hidden_at.unwrap_or(at));
            if hidden_at.is_some() == m.hidden_at.is_some() {
                return Ok(());
            }
            messages::mark(tx, brand, m.id, m.deleted_at, hidden_at, m.liked_at).await?;
            (EventKind::MessageHidden, json!({"hidden": hidden}))
        }
        What::Reacted { reaction, by, .. } => {
            let reactions = listed(m.reactions.clone(), reaction.as_deref(), by.as_ref());
            messages::set_reactions(tx, brand, m.id, &reactions).await?;
            (EventKind::MessageReacted, json!({"reaction": reaction}))
        }
        _ => return Ok(()),
    };
    if let Some(ticket) = m.ticket_id {
        tx.emit(at, Event::of(brand, kind, ticket, Actor::Network).message(m.id).data(data));
    }
    Ok(())
}

/// Reactions of a message: one a person, `[{by, reaction}]`.
fn listed(known: Value, reaction: Option<&str>, by: Option<&Author>) -> Value {
    let who = by.map_or("", |a| a.id.as_str());
    let mut list: Vec<Value> = known.as_array().cloned().unwrap_or_default();
    list.retain(|r| r["by"] != who);
    if let Some(reaction) = reaction {
        list.push(json!({"by": who, "reaction": reaction.chars().take(20).collect::<String>()}));
    }
    list.truncate(200);
    list.into()
}

/// Reactions of a publication: numbers, `{love: 3}`.
fn counted(known: Value, reaction: Option<&str>, _by: Option<&Author>) -> Value {
    let mut counts = known.as_object().cloned().unwrap_or_default();
    if let Some(reaction) = reaction {
        let entry = counts.entry(reaction.chars().take(20).collect::<String>()).or_insert_with(|| 0.into());
        *entry = (entry.as_i64().unwrap_or(0) + 1).into();
    } else if let Some((_, n)) = counts.iter_mut().max_by_key(|(_, n)| n.as_i64()) {
        // Taken back: the network does not always say which; the likeliest loses one.
        *n = (n.as_i64().unwrap_or(0) - 1).max(0).into();
    }
    counts.into()
}

/// An edit changes the message; one that comes first, with the whole text, is the message.
async fn edited(house: &House, tx: &mut Tx, h: &Happened, wrote: Wrote, at: At) -> Result<Option<Became>> {
    let brand = h.channel.brand_id;
    let Some(m) = messages::by_external(tx, brand, h.channel.id, &wrote.id).await? else {
        if wrote.own {
            return Ok(Some(echo::own(house, tx, h, wrote, at).await?));
        }
        let (kind, message) = (wrote.kind.as_str().to_owned(), h.message);
        let arrival = Arrival {
            told: h.id,
            id: message,
            channel: h.channel.clone(),
            source: h.source,
            at,
            received_at: h.received_at,
            wrote,
        };
        arrive::all(house, tx, vec![arrival]).await?;
        return Ok(Some(Became { kind: Some(kind), message: Some(message), ..became(h.id, InboundState::Done) }));
    };
    let text = clean_text(wrote.text.as_deref().unwrap_or_default());
    let done = Became {
        kind: Some(m.kind.as_str().to_owned()),
        message: Some(m.id),
        ticket: m.ticket_id,
        ..became(h.id, InboundState::Done)
    };
    // A late edit does not undo a later one.
    if text == m.text || m.edited_at.is_some_and(|last| at < last) {
        return Ok(Some(done));
    }
    let mut versions = m.versions.as_array().cloned().unwrap_or_default();
    versions.push(json!({"at": m.edited_at.unwrap_or(m.at), "text": m.text}));
    messages::edit(tx, brand, m.id, &text, &versions.into(), at).await?;
    if let Some(ticket) = m.ticket_id {
        tx.emit(h.received_at, Event::of(brand, EventKind::MessageEdited, ticket, Actor::Network).message(m.id));
    }
    Ok(Some(done))
}

async fn receipt(
    tx: &mut Tx,
    h: &Happened,
    thread: &str,
    upto: Option<At>,
    ids: &[String],
    read: bool,
) -> Result<Became> {
    let brand = h.channel.brand_id;
    let done =
        Became { reason: Some(if read { "read" } else { "delivered" }.into()), ..became(h.id, InboundState::Done) };
    let mut until = upto;
    for id in ids {
        if let Some(m) = messages::by_external(tx, brand, h.channel.id, id).await? {
            until = until.max(Some(m.at));
        }
    }
    let (Some(thread), Some(until)) = (threads::by_key(tx, brand, h.channel.id, thread).await?, until) else {
        return Ok(Became { state: InboundState::Ignored, reason: Some("receipt:unknown_thread".into()), ..done });
    };
    for message in messages::receipt(tx, brand, thread.id, until, read).await? {
        let m = messages::get(tx, &Scope::house(brand), message).await?;
        if let Some(ticket) = m.ticket_id {
            let event = Event::of(brand, EventKind::DeliveryChanged, ticket, Actor::Network).message(message);
            tx.emit(h.received_at, event.data(json!({"delivery": if read { "read" } else { "delivered" }})));
        }
    }
    Ok(done)
}

async fn published(house: &House, tx: &mut Tx, h: &Happened, post: Post, at: At) -> Result<Became> {
    let (brand, channel) = (h.channel.brand_id, h.channel.id);
    let published_at = (h.source != Source::Ingest || h.event.at.is_some()).then_some(at);
    let new = NewPost { id: house.given.id(), brand, channel, told: post, published_at, at: h.received_at };
    posts::know(tx, vec![new]).await?;
    Ok(Became { kind: Some("post".into()), ..became(h.id, InboundState::Done) })
}
