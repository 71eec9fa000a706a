//! What a mail says beside its words: what it is about, where an answer goes, in answer to what it
//! was written.

use serde::{Deserialize, Serialize};

/// A mail's own facts. Only its subject, its way back and its references are kept; by the rest its
/// place is found when it comes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Letter {
    /// What it is about.
    pub subject: String,
    /// The address an answer goes to; none when it names none that can be written to.
    pub answer_to: Option<String>,
    /// The mails before it in the same exchange, oldest first.
    pub references: Vec<String>,
    /// Mails of ours it may answer, the surest first: only who received one knows its name, which
    /// nobody can guess.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ours: Vec<String>,
    /// Names its thread may be known by, the surest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sought: Vec<String>,
    /// Names its thread is known by from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub borne: Vec<String>,
    /// The name it takes where another mail bears its own already: names are given by senders, and
    /// some give the same one twice.
    #[serde(default)]
    pub twin: String,
    /// True when it only says that somebody is away: nobody need look because of it.
    #[serde(default)]
    pub absent: bool,
}

/// A subject without the marks of answers and forwards before it (`Re:`, `RE :`, `AW: Fwd: [2]`),
/// for comparing and for answering.
pub fn bare_subject(subject: &str) -> &str {
    let mut rest = subject.trim();
    loop {
        let Some((mark, after)) = rest.split_once(':') else { return rest };
        let word = mark.trim().trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')'));
        if !MARKS.iter().any(|m| m.eq_ignore_ascii_case(word.trim())) && !WIDE.contains(&word.trim()) {
            return rest;
        }
        rest = after.trim_start();
    }
}

/// True when a subject begins as an answer's does.
pub fn is_answer(subject: &str) -> bool {
    let bare = bare_subject(subject);
    let before = subject.trim().strip_suffix(bare).unwrap_or_default();
    let mut marks = before.split(':').map(|m| m.trim().trim_end_matches(|c: char| !c.is_alphabetic()));
    marks.any(|m| ANSWERS.iter().any(|a| a.eq_ignore_ascii_case(m)) || WIDE.contains(&m))
}

/// The marks mail programs put before a subject, in the languages they are seen in.
const MARKS: [&str; 17] =
    ["re", "aw", "antw", "sv", "vs", "odp", "res", "rif", "ref", "fw", "fwd", "wg", "tr", "rv", "i", "enc", "vb"];
const ANSWERS: [&str; 9] = ["re", "aw", "antw", "sv", "vs", "odp", "res", "rif", "ref"];
const WIDE: [&str; 4] = ["ré", "Ré", "回复", "答复"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_before_a_subject_are_put_aside() {
        for (subject, bare, answers) in [
            ("Re: Ma commande", "Ma commande", true),
            ("RE : Re: AW: [2] x", "[2] x", true),
            ("Fwd: Ma commande", "Ma commande", false),
            ("TR : Ma commande", "Ma commande", false),
            ("Re[3]: Ma commande", "Ma commande", true),
            ("Ré: Ma commande", "Ma commande", true),
            ("Commande : où est-elle ?", "Commande : où est-elle ?", false),
            ("Re:", "", true),
            ("", "", false),
            ("  Fwd: Re: x", "x", true),
        ] {
            assert_eq!((bare_subject(subject), is_answer(subject)), (bare, answers), "{subject}");
        }
    }
}
