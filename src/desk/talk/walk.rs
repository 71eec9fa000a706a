//! Walking an entry's steps, from where a conversation stands to where it says something, has to wait,
//! or is over.

use std::collections::BTreeMap;

use super::{Ends, MOST_TURNS, Says, TRIES, Talk, Turn, Waits, find};
use crate::desk::canned::{Act, Entry, Slot, Step};
use crate::desk::message::Visibility;
use crate::desk::trace::Matched;

/// Begins a conversation with what the customer wrote.
pub fn begin(entry: &Entry, language: &str, visibility: Visibility, text: &str) -> Turn {
    walk(entry, Talk::new(&entry.path(), language, visibility, text), Some(text))
}

/// Goes on with what a connector told; an error, where it told nothing usable.
pub fn result(entry: &Entry, mut talk: Talk, told: Result<BTreeMap<String, String>, String>) -> Turn {
    let Some(Waits::Connector(connector)) = talk.waits.take() else {
        return Turn::of(talk).hands_over("changed", None);
    };
    match told {
        Ok(values) => {
            let found: Vec<Matched> = values.iter().map(|(name, value)| told_by(&connector, name, value)).collect();
            talk.results.extend(values);
            talk.called.insert(talk.step);
            let mut turn = walk(entry, talk, None);
            turn.found.extend(found);
            turn
        }
        Err(why) => {
            let step = entry.head.steps.get(talk.step);
            let acts = step.map(|s| s.on_error.clone()).unwrap_or_default();
            talk.failed = Some(connector.clone());
            let mut turn = Turn::of(talk);
            turn.found.push(told_by(&connector, "", &why));
            let mut team = None;
            for act in acts {
                perform(&mut turn, &mut team, act);
            }
            turn.talk.turns += u8::from(turn.says.is_some());
            turn.hands_over("connector", team)
        }
    }
}

fn told_by(connector: &str, name: &str, value: &str) -> Matched {
    let why = if name.is_empty() { format!("connector {connector}") } else { format!("connector {connector}.{name}") };
    Matched { field: "connector".into(), text: value.to_owned(), start: 0, end: 0, why }
}

/// Walks on. `text` is the message in hand, in which slots may be found.
pub(super) fn walk(entry: &Entry, talk: Talk, text: Option<&str>) -> Turn {
    let mut turn = Turn::of(talk);
    let mut team = None;
    while let Some(step) = entry.head.steps.get(turn.talk.step) {
        let here = step.when.visibility.is_none_or(|v| v == turn.talk.visibility);
        if here && let Some(ended) = stops(entry, step, &mut turn, text) {
            turn.ends = ended;
            break;
        }
        if here {
            for act in step.acts.clone() {
                perform(&mut turn, &mut team, act);
            }
        }
        turn.talk.step += 1;
    }
    // An entry without steps says its text.
    if entry.head.steps.is_empty() {
        turn.says = entry.main_text(turn.talk.visibility).map(|name| Says::Text(name.to_owned()));
    }
    if turn.says.is_some() {
        turn.talk.turns += 1;
    }
    match (turn.ends.clone(), team) {
        (Ends::HandsOver(why, _), team) => turn.hands_over(&why, team),
        (Ends::Over, Some(team)) => turn.hands_over("entry", Some(team)),
        (Ends::Over, None) if turn.says.is_none() && turn.talk.step >= entry.head.steps.len() => {
            turn.hands_over("no_text", None)
        }
        _ => turn,
    }
}

/// Whether a step has to wait for something before its acts; how the walk ends then.
fn stops(entry: &Entry, step: &Step, turn: &mut Turn, text: Option<&str>) -> Option<Ends> {
    let in_public = turn.talk.visibility == Visibility::Public;
    if let Some(name) = &step.need
        && !turn.talk.slots.contains_key(name)
    {
        // One message at most; and what is asked for is never asked for in public.
        if turn.says.is_some() {
            return Some(Ends::Over);
        }
        if in_public {
            return Some(Ends::HandsOver("public".into(), None));
        }
        let Some(slot) = entry.head.slots.get(name) else {
            return Some(Ends::HandsOver("changed".into(), None));
        };
        match text.and_then(|text| find(name, slot, text)) {
            Some(found) => {
                turn.talk.slots.insert(name.clone(), found.text.clone());
                turn.talk.tries = 0;
                turn.found.push(found);
            }
            None => return Some(ask(turn, name, slot)),
        }
    }
    if let Some(name) = &step.call
        && !turn.talk.called.contains(&turn.talk.step)
    {
        if turn.says.is_some() {
            return Some(Ends::Over);
        }
        if in_public {
            return Some(Ends::HandsOver("public".into(), None));
        }
        turn.talk.waits = Some(Waits::Connector(name.clone()));
        return Some(Ends::Calls(name.clone()));
    }
    None
}

/// Asks for a slot, if it was not asked for too often.
fn ask(turn: &mut Turn, name: &str, slot: &Slot) -> Ends {
    if turn.talk.tries >= slot.tries.unwrap_or(TRIES) || turn.talk.turns >= MOST_TURNS {
        return Ends::HandsOver("asked_enough".into(), None);
    }
    let again = slot.again.as_ref().filter(|_| turn.talk.tries > 0);
    turn.says = Some(Says::Text(again.unwrap_or(&slot.ask).clone()));
    turn.talk.tries += 1;
    turn.talk.waits = Some(Waits::Slot(name.to_owned()));
    Ends::Waits
}

/// One act: at most one text is said.
fn perform(turn: &mut Turn, team: &mut Option<String>, act: Act) {
    match act {
        Act::Reply(name) => {
            if turn.says.is_none() {
                turn.says = Some(Says::Text(name));
            }
        }
        Act::Handoff(to) => *team = Some(to),
        other => turn.acts.push(other),
    }
}
