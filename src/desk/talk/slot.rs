//! Finding in a message what an entry asks for.

use regex::RegexBuilder;

use crate::desk::canned::Slot;
use crate::desk::trace::Matched;

/// Longest value, in characters.
const LONGEST: usize = 60;

/// What a message says for a slot: the pattern's first group, or all it matched. Places are counted in
/// characters of the message.
pub fn find(name: &str, slot: &Slot, text: &str) -> Option<Matched> {
    let pattern = RegexBuilder::new(&slot.regex).case_insensitive(true).size_limit(256 << 10).build().ok()?;
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
