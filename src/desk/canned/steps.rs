//! What is wrong with an entry's steps: what is never reached, what would be asked in public, what leads
//! nowhere.

use super::file::{Act, Entry, Step};
use super::lint::{Tell, Weight};
use super::values::is_personal;
use super::wrong::Wrong;
use crate::desk::message::Visibility;

/// The teams every brand begins with; others are the brand's own.
const TEAMS: [&str; 3] = ["support", "sales", "community"];

/// Looks at steps, slots and connectors.
pub(super) fn steps_are_sound(entry: &Entry, note: &mut Tell<'_>) {
    for visibility in [Visibility::Public, Visibility::Private] {
        reached(entry, visibility, note);
    }
    let needed = |slot: &str| entry.head.steps.iter().any(|s| s.need.as_deref() == Some(slot));
    for (name, slot) in &entry.head.slots {
        if !needed(name) {
            note(Weight::Warning, 2, Wrong::new("slot-never-asked").with("name", name));
        }
        if slot.tries.is_some_and(|t| t == 0 || t > 4) {
            note(Weight::Error, 2, Wrong::new("slot-tries").with("name", name));
        }
    }
    let acts = entry.head.steps.iter().flat_map(|s| s.acts.iter().chain(&s.on_error));
    for team in acts.filter_map(|a| if let Act::Assign(t) | Act::Handoff(t) = a { Some(t) } else { None }) {
        if !TEAMS.contains(&team.as_str()) {
            note(Weight::Warning, 2, Wrong::new("unknown-team").with("team", team));
        }
    }
    for label in entry.head.steps.iter().flat_map(|s| &s.acts).filter_map(|a| match a {
        Act::Label(l) => Some(l),
        _ => None,
    }) {
        if label.trim().is_empty() || label.chars().count() > 60 {
            note(Weight::Error, 2, Wrong::new("label").with("label", label));
        }
    }
    if entry.answers() && entry.head.review_by.is_none() {
        note(Weight::Warning, 2, Wrong::new("no-review"));
    }
    told_somewhere(entry, note);
}

/// Follows the steps as they are walked in one place.
fn reached(entry: &Entry, visibility: Visibility, note: &mut Tell<'_>) {
    let here = |s: &&Step| s.when.visibility.is_none_or(|v| v == visibility);
    let mut said = None;
    for step in entry.head.steps.iter().filter(here) {
        let waits = step.need.as_deref().or(step.call.as_deref());
        let everywhere = step.when.visibility.is_none();
        match (&said, waits) {
            (None, Some(what)) if visibility == Visibility::Public && entry.speaks(Visibility::Public) => {
                note(Weight::Error, 2, Wrong::new("asked-in-public").with("what", what));
                return;
            }
            // What follows a public text is for private messages.
            (Some(_), Some(_)) if visibility == Visibility::Public && everywhere => return,
            (Some(text), Some(what)) => {
                let what = Wrong::new("never-reached").with("what", what).with("text", text);
                note(Weight::Error, 2, what);
                return;
            }
            _ => {}
        }
        for name in step.acts.iter().filter_map(|a| if let Act::Reply(n) = a { Some(n) } else { None }) {
            match &said {
                Some(first) if visibility == Visibility::Private || !everywhere => {
                    note(Weight::Error, 2, Wrong::new("never-said").with("name", name).with("first", first));
                }
                Some(_) => {}
                None => said = Some(name.clone()),
            }
        }
    }
}

/// What connectors tell is told only where one is asked; slots and results never in public.
fn told_somewhere(entry: &Entry, note: &mut Tell<'_>) {
    let calls = entry.head.steps.iter().any(|s| s.call.is_some());
    let public = |name: &str| {
        let says = |s: &&Step| s.acts.contains(&Act::Reply(name.to_owned()));
        entry.head.steps.iter().filter(says).any(|s| s.when.visibility == Some(Visibility::Public))
    };
    for (name, variant) in entry.texts.values().flat_map(|t| t.iter().flat_map(|(n, v)| v.iter().map(move |v| (n, v))))
    {
        for asked in variant.template.names() {
            if asked.starts_with("result.") && !calls {
                note(Weight::Error, variant.line, Wrong::new("nobody-tells").with("name", asked));
            }
            if public(name) && (entry.head.slots.contains_key(asked) || is_personal(asked)) {
                note(Weight::Error, variant.line, Wrong::new("one-persons").with("name", asked));
            }
        }
    }
}
