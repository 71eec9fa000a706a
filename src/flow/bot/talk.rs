//! The bot's conversations: what a turn of one says and does is written down in one transaction, with
//! how it stands then.

use std::time::Duration;

use super::answer::{self, Came, Ready, Words};
use super::handover::{close, ended, hand_over};
use crate::base::id::{BrandId, ContactId, MessageId};
use crate::base::locale::Lang;
use crate::desk::bot::{Decision, Verdict};
use crate::desk::brakes::Brake;
use crate::desk::canned::Library;
use crate::desk::message::Visibility;
use crate::desk::talk::{self, Ends, Heard, Says, State, Talk, Turn, Waits};
use crate::desk::ticket::Ticket;
use crate::desk::{quoting, scope::Scope};
use crate::flow::{House, Result, facts};
use crate::store::Tx;
use crate::store::messages::Message;
use crate::store::talks::{self, Row};

/// How long the customer is waited for.
const PATIENCE: Duration = Duration::from_hours(24);

/// What came of a message that was heard in a conversation.
pub(super) enum Heeded {
    /// It went on, or ended: with this thought.
    Yes(Came, Box<Decision>),
    /// The message has nothing to do with it.
    No,
}

/// Of these messages, those that may belong to a conversation under way.
pub(super) async fn awaited(tx: &mut Tx, asked: &[Message]) -> Result<Vec<MessageId>> {
    let mut people: Vec<ContactId> = asked.iter().filter_map(|m| m.contact_id).collect();
    people.sort_unstable();
    people.dedup();
    let found = talks::under_way(tx, &people).await?;
    let fits = |m: &&Message| m.contact_id.is_some_and(|c| found.contains(&(m.channel_id, c)));
    Ok(asked.iter().filter(fits).map(|m| m.id).collect())
}

/// A message is heard by the conversation under way with this person, if there is one. `unsaid`: what
/// the bot was about to say was just taken back; `more_came`: another message followed.
pub(super) async fn hear(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    decision: &Decision,
    (unsaid, more_came): (bool, bool),
) -> Result<Heeded> {
    let Some(row) = with(house, tx, ticket.brand_id, asked).await? else { return Ok(Heeded::No) };
    let Ok(stand) = serde_json::from_value::<Talk>(row.stand.clone()) else { return Ok(Heeded::No) };
    let mut decision_now = Decision { language: known_language(&stand.language), ..decision.clone() };
    let heard = Heard { text: quoting::said(asked.kind, &asked.text), decision, unsaid };
    let ready =
        match answer::ready(house, tx, ticket, asked, (&row.entry, &stand.language, Some(stand.visibility))).await? {
            Ok(ready) if ready.entry().is_some_and(|e| e.version == row.version) => ready,
            other => {
                let why = other.err().unwrap_or_else(|| "changed".into());
                return ended(house, tx, ticket, asked, decision_now, (row, stand), &why).await;
            }
        };
    let Some(entry) = ready.entry() else { return Ok(Heeded::No) };
    if more_came && talk::hear(entry, stand.clone(), &heard).says.is_some() {
        return Ok(Heeded::Yes(Came::Held("more_came".into()), Box::new(decision_now)));
    }
    let (turn, ready) = match &stand.waits {
        Some(Waits::Slot(_)) => (talk::hear(entry, stand.clone(), &heard), ready),
        Some(Waits::Choice(paths)) => {
            let titles = titles(&ready.library, paths, &stand.language);
            match talk::meant(&stand, &titles, &heard) {
                Err(turn) => (*turn, ready),
                Ok(path) => {
                    let place = (path.as_str(), stand.language.as_str(), Some(Visibility::Private));
                    match answer::ready(house, tx, ticket, asked, place).await? {
                        Err(why) => return ended(house, tx, ticket, asked, decision_now, (row, stand), &why).await,
                        Ok(ready) => {
                            let Some(chosen) = ready.entry() else { return Ok(Heeded::No) };
                            let mut turn = talk::begin(chosen, &stand.language, Visibility::Private, &stand.asked);
                            turn.talk.turns += stand.turns;
                            (turn, ready)
                        }
                    }
                }
            }
        }
        // While a connector is asked, only what ends the conversation is heard.
        _ => match talk::hear(entry, stand.clone(), &heard) {
            turn if turn.ends == Ends::HandsOver("changed".into(), None) => {
                return Ok(Heeded::Yes(Came::Held("asking".into()), Box::new(decision_now)));
            }
            turn => (turn, ready),
        },
    };
    talks::answered(tx, row.id).await?;
    if turn.ends == Ends::Breaks && decision.decision != Verdict::Answer {
        return ended(house, tx, ticket, asked, decision_now, (row, stand), "new_question").await;
    }
    if turn.ends == Ends::Breaks {
        let over = Row { state: State::Broken, updated_at: house.now(), ..row };
        talks::save(tx, &over).await?;
        return Ok(Heeded::No);
    }
    decision_now.decision = Verdict::Answer;
    decision_now.because = None;
    decision_now.entry = Some(ready.path.clone());
    decision_now.visibility = Some(ready.visibility);
    decision_now.trace.rule.clone_from(&ready.path);
    decision_now.trace.version = ready.entry().map(|e| e.version.clone()).unwrap_or_default();
    decision_now.trace.matched.clone_from(&turn.found);
    (decision_now.trace.score, decision_now.trace.threshold, decision_now.trace.runner_up) = (None, None, None);
    let came = take(house, tx, ticket, asked, &decision_now, &ready, (turn, Some(row))).await?;
    Ok(Heeded::Yes(came, Box::new(decision_now)))
}

/// The conversation a message may belong to: private words of a person, by the same channel.
async fn with(house: &House, tx: &mut Tx, brand: BrandId, asked: &Message) -> Result<Option<Row>> {
    let Some(contact) = asked.contact_id.filter(|_| talk::listens(asked.visibility, asked.machine)) else {
        return Ok(None);
    };
    Ok(talks::with(tx, brand, asked.channel_id, contact, house.now()).await?)
}

fn known_language(code: &str) -> Option<&'static str> {
    crate::flow::library::LANGUAGES.into_iter().find(|l| *l == code)
}

fn titles(library: &Library, paths: &[String], language: &str) -> Vec<String> {
    paths.iter().map(|p| library.get(p).map_or_else(|| p.clone(), |e| e.title(language).to_owned())).collect()
}

/// Asks which of the entries near to a message is meant: in private, where each is open to the bot.
pub(super) async fn choose(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    decision: &Decision,
    paths: Vec<String>,
) -> Result<Came> {
    let language = decision.language.unwrap_or("fr");
    let first = paths.first().cloned().unwrap_or_default();
    match answer::ready(house, tx, ticket, asked, (&first, language, Some(Visibility::Private))).await? {
        Err(why) => Ok(Came::Held(why)),
        Ok(ready) => {
            let turn = talk::choose(paths, language, quoting::said(asked.kind, &asked.text));
            take(house, tx, ticket, asked, decision, &ready, (turn, None)).await
        }
    }
}

/// Says and does what a turn brings, and writes down how the conversation stands then.
pub(super) async fn take(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    decision: &Decision,
    ready: &Ready,
    (turn, row): (Turn, Option<Row>),
) -> Result<Came> {
    let begins = row.is_none();
    let mut row = match row {
        Some(row) => row,
        None => begun(house, ticket, asked, ready),
    };
    let came = match words(tx, ticket, ready, &turn, begins).await? {
        None => None,
        Some(Err(why)) => Some(Came::Held(why)),
        Some(Ok(words)) => Some(answer::speak(house, tx, ticket, asked, decision, ready, words).await?),
    };
    // What cannot be said: a conversation under way goes to people, an answer is offered to them.
    if let Some(Came::Held(why)) = came {
        if begins {
            return Ok(Came::Held(why));
        }
        // Whoever leads by now has read it: a note would tell them what they know.
        if why == Brake::Person.as_str() {
            talks::save(tx, &Row { state: State::Broken, updated_at: house.now(), ..row }).await?;
            return Ok(Came::Held(why));
        }
        close(house, tx, ticket, asked, (row, &turn.talk), (&why, None, false), ready).await?;
        return Ok(Came::HandedOver(why));
    }
    if let Some(entry) = ready.entry() {
        answer::act(house, tx, ticket, asked, decision, (entry, &turn.acts)).await?;
    }
    let now = house.now();
    row.stand = serde_json::to_value(&turn.talk).unwrap_or_default();
    (row.entry, row.message_id, row.updated_at) = (ready.path.clone(), asked.id, now);
    (row.thread_id, row.ticket_id) = (ticket.thread_id, ticket.id);
    row.version = ready.entry().map(|e| e.version.clone()).unwrap_or_default();
    if let Some(Came::Said(message, _)) = &came
        && (!begins || turn.ends != Ends::Over)
    {
        talks::save(tx, &row).await?;
        talks::said(tx, row.id, message.id, now).await?;
    }
    match &turn.ends {
        Ends::Over | Ends::Breaks if begins => {}
        Ends::Over | Ends::Breaks => {
            row.state = State::Over;
            talks::save(tx, &row).await?;
        }
        Ends::Waits => {
            (row.state, row.until) = (State::Waiting, now.plus(PATIENCE));
            talks::save(tx, &row).await?;
        }
        Ends::Calls(_) => {
            row.state = State::ToCall;
            talks::save(tx, &row).await?;
            house.bells.calls.notify_one();
            return Ok(Came::Calls);
        }
        Ends::HandsOver(why, team) => {
            let said = came.is_some();
            close(house, tx, ticket, asked, (row, &turn.talk), (why, team.as_deref(), said), ready).await?;
            if !said {
                return Ok(Came::HandedOver(why.clone()));
            }
        }
    }
    Ok(came.unwrap_or_else(|| Came::Held("no_text".into())))
}

/// A conversation that begins with this message.
fn begun(house: &House, ticket: &Ticket, asked: &Message, ready: &Ready) -> Row {
    let now = house.now();
    Row {
        id: house.given.id(),
        brand_id: ticket.brand_id,
        channel_id: ticket.channel_id,
        thread_id: ticket.thread_id,
        ticket_id: ticket.id,
        contact_id: asked.contact_id.unwrap_or(ticket.contact_id),
        message_id: asked.id,
        entry: ready.path.clone(),
        version: String::new(),
        state: State::Waiting,
        stand: serde_json::Value::Null,
        until: now,
        begun_at: now,
        updated_at: now,
    }
}

/// The words of a turn, filled in; the reason, where something is missing.
async fn words(
    tx: &mut Tx,
    ticket: &Ticket,
    ready: &Ready,
    turn: &Turn,
    begins: bool,
) -> Result<Option<std::result::Result<Words, String>>> {
    let Some(says) = &turn.says else { return Ok(None) };
    let waits = turn.ends == Ends::Waits;
    let (turns, begins_talk) = (i64::from(turn.talk.turns) - 1, begins && waits);
    let shape = |text: String, choices: Vec<String>| Words {
        text,
        choices,
        turns: if begins { 0 } else { turns },
        begins: begins_talk,
        again: !begins && waits && turn.talk.tries > 1,
    };
    match says {
        Says::Choice(paths) => {
            let lang = ready.language.parse().unwrap_or(Lang::En);
            let (text, buttons) = talk::asking(lang, &titles(&ready.library, paths, &ready.language));
            Ok(Some(Ok(shape(text, buttons))))
        }
        Says::Text(name) => {
            let mut values = facts::values(tx, &Scope::house(ticket.brand_id), ticket.id).await?;
            for (slot, value) in &turn.talk.slots {
                values.tell(slot, value);
            }
            for (name, value) in &turn.talk.results {
                values.tell(&format!("result.{name}"), value);
            }
            let place = (ready.language.as_str(), ready.network(), ready.visibility);
            let choice = ready.entry().and_then(|e| ready.library.choose(e, Some(name), place, &values));
            Ok(Some(match choice {
                None => Err("no_text".into()),
                Some(choice) if !choice.filled.missing().is_empty() => Err("missing_values".into()),
                Some(choice) => Ok(shape(choice.filled.text(), Vec::new())),
            }))
        }
    }
}

/// A conversation whose connector told something, or nothing, goes on.
pub(super) async fn told(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    row: Row,
    result: std::result::Result<std::collections::BTreeMap<String, String>, String>,
) -> Result<(Came, Decision)> {
    let stand: Talk = serde_json::from_value(row.stand.clone()).map_err(anyhow::Error::from)?;
    let language = known_language(&stand.language);
    let mut decision = Decision { entry: Some(row.entry.clone()), language, ..Decision::none(Verdict::Answer, "") };
    decision.because = None;
    decision.trace.rule.clone_from(&row.entry);
    decision.trace.version.clone_from(&row.version);
    let place = (row.entry.as_str(), stand.language.as_str(), Some(stand.visibility));
    let ready = match answer::ready(house, tx, ticket, asked, place).await? {
        Ok(ready) if ready.entry().is_some_and(|e| e.version == row.version) => ready,
        other => {
            let why = other.err().unwrap_or_else(|| "changed".into());
            let title = house.library(tx, ticket.brand_id).await?.get(&row.entry).map(|e| e.head.title.clone());
            hand_over(house, tx, ticket, asked, (row, &stand), (&why, false), title.as_ref()).await?;
            return Ok((Came::HandedOver(why), decision));
        }
    };
    let turn = match ready.entry() {
        Some(entry) => talk::result(entry, stand, result),
        None => return Ok((Came::Held("gone".into()), decision)),
    };
    decision.visibility = Some(ready.visibility);
    decision.trace.matched.clone_from(&turn.found);
    let came = take(house, tx, ticket, asked, &decision, &ready, (turn, Some(row))).await?;
    Ok((came, decision))
}
