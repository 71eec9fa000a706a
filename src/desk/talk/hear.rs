//! What a customer's message means to a conversation that waits for one.

use super::walk::walk;
use super::{Chosen, Ends, Says, Talk, Turn, Waits, chosen, find};
use crate::desk::bot::{Decision, NEVER, Verdict};
use crate::desk::canned::Entry;
use crate::desk::message::Visibility;
use crate::desk::trace::Matched;

/// So sure that another entry is meant, and the customer asks something else.
pub const NEW_QUESTION_AT: f64 = 0.5;

/// A message, heard while the bot waits.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// The words.
    pub text: &'a str,
    /// What the bot would do with them if it were the first it hears.
    pub decision: &'a Decision,
    /// True when what the bot was about to ask had not left.
    pub unsaid: bool,
}

/// Whether a message is heard by a conversation at all: private words, of somebody who is no machine.
pub fn listens(visibility: Visibility, machine: bool) -> bool {
    visibility == Visibility::Private && !machine
}

/// Goes on with a customer's message: what was asked for is filled in, or asked for again; a wish for a
/// person, a complaint, or another question ends it.
pub fn hear(entry: &Entry, mut talk: Talk, heard: &Heard<'_>) -> Turn {
    if heard.unsaid {
        talk.unsay();
    }
    if let Some(why) = ends_it(heard.decision) {
        return Turn::of(talk).hands_over(&why, None);
    }
    let Some(Waits::Slot(name)) = talk.waits.clone() else {
        return Turn::of(talk).hands_over("changed", None);
    };
    if asks_else(heard.decision, &talk.entry) {
        talk.waits = None;
        return Turn { ends: Ends::Breaks, ..Turn::of(talk) };
    }
    let told = entry.head.slots.get(&name).and_then(|slot| find(&name, slot, heard.text));
    talk.waits = None;
    let mut turn = walk(entry, talk, Some(heard.text));
    if told.is_none() && turn.says.is_some() {
        turn.found.push(Matched {
            field: "text".into(),
            text: String::new(),
            start: 0,
            end: 0,
            why: format!("slot {name} missing"),
        });
    }
    turn
}

/// What ends a conversation whatever it waits for: a person is asked for, or the bot keeps out.
fn ends_it(decision: &Decision) -> Option<String> {
    match (decision.decision, decision.because.as_deref()) {
        (Verdict::Handoff, why) => Some(why.unwrap_or("asks_for_a_person").to_owned()),
        (Verdict::Silent, Some(why)) if NEVER.contains(&why) || why == "long" => Some(why.to_owned()),
        _ => None,
    }
}

fn asks_else(decision: &Decision, entry: &str) -> bool {
    let sure = decision.trace.score.is_some_and(|s| s >= NEW_QUESTION_AT);
    sure && decision.entry.as_deref().is_some_and(|other| other != entry)
}

/// Asks which of these entries is meant; in private only.
pub fn choose(entries: Vec<String>, language: &str, text: &str) -> Turn {
    let first = entries.first().cloned().unwrap_or_default();
    let mut talk = Talk::new(&first, language, Visibility::Private, text);
    talk.waits = Some(Waits::Choice(entries.clone()));
    (talk.turns, talk.tries) = (1, 1);
    Turn { says: Some(Says::Choice(entries)), ends: Ends::Waits, ..Turn::of(talk) }
}

/// Which entry the customer chose, by the titles they were offered, in that order; else how the
/// conversation ends.
///
/// # Errors
/// The turn that ends it: handed over, or another question.
pub fn meant(talk: &Talk, titles: &[String], heard: &Heard<'_>) -> Result<String, Box<Turn>> {
    let over = |why: &str| Err(Box::new(Turn::of(talk.clone()).hands_over(why, None)));
    if let Some(why) = ends_it(heard.decision) {
        return over(&why);
    }
    let Some(Waits::Choice(entries)) = &talk.waits else { return over("changed") };
    match chosen(heard.text, titles) {
        Chosen::One(n) if n < entries.len() => Ok(entries[n].clone()),
        Chosen::One(_) | Chosen::Other => over("none_of_these"),
        Chosen::Unclear => {
            let mut talk = talk.clone();
            talk.waits = None;
            Err(Box::new(Turn { ends: Ends::Breaks, ..Turn::of(talk) }))
        }
    }
}
