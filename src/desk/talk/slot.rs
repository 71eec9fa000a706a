//! Finding in a message what an entry asks for.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex::{Regex, RegexBuilder};

use crate::desk::canned::Slot;
use crate::desk::trace::Matched;

/// Longest value, in characters.
const LONGEST: usize = 60;
/// Patterns that are remembered ready to use, at most.
const REMEMBERED: usize = 256;

/// Making a pattern ready takes longer than all the rest of a turn.
static READY: LazyLock<Mutex<HashMap<String, Option<Regex>>>> = LazyLock::new(Mutex::default);

/// What a message says for a slot: the pattern's first group, or all it matched. Places are counted in
/// characters of the message.
pub fn find(name: &str, slot: &Slot, text: &str) -> Option<Matched> {
    let pattern = ready(&slot.regex)?;
    let found = pattern.captures(text)?;
    let piece = found.iter().skip(1).flatten().next().or_else(|| found.get(0))?;
    let value = piece.as_str().trim();
    if value.is_empty() || value.chars().count() > LONGEST {
        return None;
    }
    let start = text[..piece.start()].chars().count();
    Some(Matched {
        field: "text".into(),
        text: value.to_owned(),
        start,
        end: start + piece.as_str().chars().count(),
        why: format!("slot {name}"),
    })
}

fn ready(pattern: &str) -> Option<Regex> {
    let mut known = READY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(ready) = known.get(pattern) {
        return ready.clone();
    }
    let ready = RegexBuilder::new(pattern).case_insensitive(true).size_limit(256 << 10).build().ok();
    if known.len() >= REMEMBERED {
        known.clear();
    }
    known.insert(pattern.to_owned(), ready.clone());
    ready
}
