//! A conversation that ends with people: the ticket is theirs, and a note says what happened.

use std::collections::BTreeMap;

use serde_json::json;

use super::answer::{self, Came, Ready};
use super::talk::Heeded;
use crate::base::locale::Lang;
use crate::desk::bot::{Decision, Verdict};
use crate::desk::canned::Act;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::message::Visibility;
use crate::desk::talk::{self, State, Talk};
use crate::desk::ticket::{Bot, Ticket};
use crate::flow::{House, Result, reply};
use crate::store::messages::{self, Message};
use crate::store::talks::{self, Row};
use crate::store::{Tx, brands};

/// Gives a conversation under way to people because it cannot go on.
pub(super) async fn ended(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    decision: Decision,
    (row, stand): (Row, Talk),
    why: &str,
) -> Result<Heeded> {
    let library = house.library(tx, ticket.brand_id).await?;
    let title = library.get(&row.entry).map(|e| e.head.title.clone());
    hand_over(house, tx, ticket, asked, (row, &stand), (why, false), title.as_ref()).await?;
    let decision = Decision { decision: Verdict::Handoff, because: Some(why.to_owned()), ..decision };
    Ok(Heeded::Yes(Came::HandedOver(why.to_owned()), Box::new(decision)))
}

/// Ends a conversation with people: the team, the note, the state.
pub(super) async fn close(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    (row, stand): (Row, &Talk),
    (why, team, said): (&str, Option<&str>, bool),
    ready: &Ready,
) -> Result<()> {
    if let (Some(team), Some(entry)) = (team, ready.entry()) {
        let decision = Decision { entry: Some(ready.path.clone()), ..Decision::none(Verdict::Handoff, why) };
        answer::act(house, tx, ticket, asked, &decision, (entry, &[Act::Handoff(team.to_owned())])).await?;
    }
    let title = ready.entry().map(|e| e.head.title.clone());
    hand_over(house, tx, ticket, asked, (row, stand), (why, said), title.as_ref()).await
}

/// The ticket is for people from here on, who find a note of what happened. Where something was just
/// said, that still leaves; the ticket is open again, and the bot silent from the next message on.
pub(super) async fn hand_over(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    (row, stand): (Row, &Talk),
    (why, said): (&str, bool),
    title: Option<&BTreeMap<String, String>>,
) -> Result<()> {
    let (brand, now) = (ticket.brand_id, house.now());
    let spoken = brands::get(tx, brand).await?.spoken();
    let lang = spoken.first().copied().unwrap_or(Lang::En);
    let title = title.and_then(|t| t.get(lang.as_str()).or_else(|| t.values().next())).unwrap_or(&row.entry).clone();
    let words = talks::words(tx, brand, row.id).await?;
    let text = talk::summary(lang, stand, &title, why, &words);
    let by = reply::By { agent: None, rule: Some(row.entry.clone()), name: String::new() };
    let note = reply::written(house, ticket, by, text, Visibility::Internal, now);
    messages::add(tx, vec![note.clone()]).await?;
    let actor = Actor::Rule(row.entry.clone());
    tx.emit(now, Event::of(brand, EventKind::Noted, ticket.id, actor.clone()).message(note.id));
    let event = Event::of(brand, EventKind::RuleActed, ticket.id, actor).message(asked.id);
    tx.emit(now, event.data(json!({"did": "handed_over", "why": "talk", "reason": why, "entry": row.entry})));
    if said {
        ticket.reopen_unsent();
    } else if ticket.bot == Bot::Active {
        ticket.bot = Bot::HandoffRequested;
    }
    let stand = serde_json::to_value(stand).unwrap_or_default();
    talks::save(tx, &Row { state: State::HandedOver, updated_at: now, message_id: asked.id, stand, ..row }).await?;
    Ok(())
}
