//! The words that led to automatic acts, marked in what customers wrote.

use std::collections::HashMap;

use serde::Serialize;

use crate::base::id::MessageId;
use crate::desk::trace::{Matched, Trace};
use crate::store::events::Past;

/// Some words of a message.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub(super) text: String,
    pub(super) why: Option<String>,
}

/// Cuts a text into pieces at the evidence.
pub fn marked(text: &str, evidence: &[Matched]) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().collect();
    let mut marks: Vec<&Matched> =
        evidence.iter().filter(|m| m.field == "text" && m.start < m.end && m.end <= chars.len()).collect();
    marks.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
    let (mut pieces, mut at) = (Vec::new(), 0);
    let cut = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
    for m in marks {
        if m.start < at || cut(m.start, m.end) != m.text {
            continue;
        }
        if m.start > at {
            pieces.push(Piece { text: cut(at, m.start), why: None });
        }
        pieces.push(Piece { text: m.text.clone(), why: Some(m.why.clone()) });
        at = m.end;
    }
    if at < chars.len() {
        pieces.push(Piece { text: cut(at, chars.len()), why: None });
    }
    pieces
}

/// The marks of every message that a rule acted upon.
pub(super) fn evidence(past: &[Past]) -> HashMap<MessageId, Vec<Matched>> {
    let mut out: HashMap<MessageId, Vec<Matched>> = HashMap::new();
    for event in past {
        let trace: Option<Trace> = event.trace.clone().and_then(|t| serde_json::from_value(t).ok());
        if let (Some(id), Some(trace)) = (event.message_id, trace) {
            out.entry(id).or_default().extend(trace.matched);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(start: usize, end: usize, text: &str) -> Matched {
        Matched { field: "text".into(), text: text.into(), start, end, why: "x".into() }
    }

    #[test]
    fn evidence_cuts_the_text_where_it_stands() {
        let pieces = marked("C’est combien ? 👋", &[evidence(0, 13, "C’est combien"), evidence(6, 13, "combien")]);
        assert_eq!(pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["C’est combien", " ? 👋"]);
        // Evidence for a text that has been edited since marks nothing.
        assert_eq!(marked("autre chose", &[evidence(0, 5, "prix?")]).len(), 1);
        assert!(marked("", &[]).is_empty());
    }
}
