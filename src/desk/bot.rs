//! What the bot would do with a message: answer, offer an entry to the agent, keep silent, and why.
//! A wrong answer is worse than silence, so every doubt leads to less.

use serde::Serialize;

use super::calibration::{Bar, Thresholds, hundredths};
use super::canned::{Entry, Library, Mode};
use super::message::Visibility;
use super::trace::{Matched, Trace, Weighed};
use super::triage::Findings;
use crate::base::text::fold;
use crate::words;

words! {
    /// What is done.
    pub enum Verdict {
        /// The customer is answered.
        Answer = "answer",
        /// The agent is offered an entry.
        Suggest = "suggest",
        /// Nothing.
        Silent = "silent",
        /// A person is called.
        Handoff = "handoff",
    }
}

/// An entry that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Its place in the library.
    pub entry: String,
    /// From 0 to 1.
    pub score: f64,
    /// The nearest example.
    pub example: String,
    /// Runs of words of the message that the entry knows and that say something: first character,
    /// the one after the last, and the words.
    pub known: Vec<(usize, usize, String)>,
    /// Words of the message it does not know.
    pub unknown: Vec<String>,
    /// Words that speak for it, and against; said of the nearest entry only.
    pub speaks_for: Vec<String>,
    /// See `speaks_for`.
    pub against: Vec<String>,
}

/// A message the bot is asked about.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Its words.
    pub text: &'a str,
    /// Who reads it.
    pub visibility: Visibility,
    /// What triage found in it.
    pub findings: &'a Findings,
    /// The languages entries are written in.
    pub languages: &'a [&'a str],
    /// The words of the publication it stands under.
    pub post: Option<&'a str>,
}

/// What the bot would do, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// What.
    pub decision: Verdict,
    /// With which entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Who would read the answer; none without an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// The language it was taken to be in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'static str>,
    /// The words, with what nobody knows still as a placeholder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why not more, in one word: `complaint`, `language`, `unsure`, `long` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The evidence.
    pub trace: Trace,
    /// How sure, in whole hundredths, as it was compared; none where nothing came near.
    #[serde(skip)]
    pub score: Option<u32>,
    /// The other entries that came near.
    pub others: Vec<String>,
}

/// From here on an entry is offered to the agent.
pub const SUGGESTS_AT: f64 = 0.25;
/// From here on an opened entry answers by itself.
pub const ANSWERS_AT: f64 = 0.85;
/// Longer messages are for people.
const MOST_WORDS: usize = 60;
/// What the bot keeps out of, even with suggestions that are sure.
pub const NEVER: [&str; 5] = ["crisis", "legal", "danger", "complaint", "spam"];
/// Whoever asks for a person gets one.
const PERSON: [&str; 12] = [
    "un humain",
    "un conseiller",
    "une conseillere",
    "une vraie personne",
    "quelqu'un de vrai",
    "parler a quelqu'un",
    "un agent",
    "a human",
    "a real person",
    "talk to someone",
    "speak to someone",
    "an agent",
];

impl Default for Thresholds<'_> {
    /// The same for every entry: what holds without evidence.
    fn default() -> Self {
        Thresholds { suggests: SUGGESTS_AT, bar: &|_, _| USUAL }
    }
}

/// From where on an entry answers that has no evidence of its own.
pub const USUAL: Bar = Bar { at: ANSWERS_AT, evidence: None };

/// From where on an entry would have answered, as far as its trace tells.
pub fn answers_at(trace: &Trace) -> f64 {
    trace.threshold.filter(|t| *t > SUGGESTS_AT).unwrap_or(ANSWERS_AT)
}

/// Decides. `near` is sorted, the nearest first; `mode` says what an entry is open for, `thresholds`
/// how sure it has to be.
pub fn decide(
    asked: &Asked<'_>,
    near: &[Near],
    library: &Library,
    mode: &dyn Fn(&str) -> Mode,
    thresholds: &Thresholds<'_>,
) -> Decision {
    let text = fold(asked.text).text;
    if PERSON.iter().any(|p| text.contains(p)) {
        return none(Verdict::Handoff, "asks_for_a_person");
    }
    if let Some(tag) = NEVER.iter().find(|tag| asked.findings.suggests(tag)) {
        return Decision { trace: tagged(asked.findings, tag), ..none(Verdict::Silent, tag) };
    }
    if asked.text.split_whitespace().count() > MOST_WORDS {
        return none(Verdict::Silent, "long");
    }
    let Some(language) = asked.findings.language.filter(|l| asked.languages.contains(l)) else {
        return none(Verdict::Silent, "language");
    };
    let fit: Vec<&Near> =
        near.iter().filter(|n| library.get(&n.entry).is_some_and(|e| fits(e, language, &text, asked.post))).collect();
    let near_enough = |n: &Near| hundredths(n.score) >= hundredths(thresholds.suggests);
    let Some(first) = fit.first().filter(|n| near_enough(n) && !n.known.is_empty()) else {
        // Letters alike without one word in common are no reason to speak.
        let because = if fit.first().is_some_and(|n| near_enough(n)) { "no_word_known" } else { "unsure" };
        return Decision {
            trace: fit
                .first()
                .map_or_else(|| none(Verdict::Silent, "").trace, |n| explained(n, library, fit.get(1).copied())),
            score: fit.first().map(|n| hundredths(n.score)),
            language: Some(language),
            ..none(Verdict::Silent, because)
        };
    };
    let bar = (thresholds.bar)(&first.entry, language);
    let sure = hundredths(first.score) >= hundredths(bar.at);
    let (decision, because) = match (mode(&first.entry), sure) {
        (Mode::Off, _) => (Verdict::Silent, Some("off")),
        (Mode::Suggest, _) => (Verdict::Suggest, Some("not_opened")),
        (Mode::Auto, false) => (Verdict::Suggest, Some("not_sure_enough")),
        (Mode::Auto, true) => (Verdict::Answer, None),
    };
    let mut trace = explained(first, library, fit.get(1).copied());
    if mode(&first.entry) == Mode::Auto {
        trace.threshold = Some(bar.at);
        trace.evidence = bar.evidence;
    }
    if let Some(word) = library.get(&first.entry).and_then(|e| post_word(e, asked.post)) {
        trace.matched.push(Matched { field: "post".into(), text: word, start: 0, end: 0, why: "post".into() });
    }
    Decision {
        decision,
        entry: Some(first.entry.clone()),
        visibility: None,
        language: Some(language),
        text: None,
        because: because.map(str::to_owned),
        trace,
        score: Some(hundredths(first.score)),
        others: fit.iter().skip(1).take(2).filter(|n| near_enough(n)).map(|n| n.entry.clone()).collect(),
    }
}

fn none(decision: Verdict, because: &str) -> Decision {
    let trace = Trace {
        weighed: None,
        rule: "bot".into(),
        version: String::new(),
        matched: Vec::new(),
        score: None,
        threshold: None,
        evidence: None,
        runner_up: None,
    };
    Decision {
        decision,
        entry: None,
        visibility: None,
        language: None,
        text: None,
        because: Some(because.to_owned()),
        trace,
        score: None,
        others: Vec::new(),
    }
}

/// What a tag was found by: its signals with their words.
fn tagged(findings: &Findings, tag: &str) -> Trace {
    let found = findings.tags.iter().find(|t| t.tag == tag);
    Trace {
        rule: tag.to_owned(),
        matched: found.into_iter().flat_map(|t| &t.signals).flat_map(|s| s.matched.clone()).collect(),
        score: found.map(|t| t.score),
        threshold: found.map(|t| t.suggests_at),
        ..Trace::default()
    }
}

impl Decision {
    /// A decision without an entry, for this reason.
    pub fn none(decision: Verdict, because: &str) -> Decision {
        none(decision, because)
    }
}

/// What an entry's author laid down allows it to be meant by these words under this publication. `text`
/// is folded.
pub fn fits(entry: &Entry, language: &str, text: &str, post: Option<&str>) -> bool {
    allowed(entry, language, text)
        && !is_near_miss(entry, language, text)
        && (wants_post(entry).is_none() || post_word(entry, post).is_some())
}

/// The words an entry asks for are there, and those it will not have are not. `text` is folded.
pub fn allowed(entry: &Entry, language: &str, text: &str) -> bool {
    let has = |words: &Vec<String>| words.iter().any(|w| text.contains(fold(w).text.as_str()));
    let when = &entry.head.when;
    when.any_of.get(language).is_none_or(|w| w.is_empty() || has(w)) && !when.none_of.get(language).is_some_and(has)
}

/// The words, in any language, one of which the publication must have; none: it may be any.
fn wants_post(entry: &Entry) -> Option<impl Iterator<Item = &String>> {
    let words = &entry.head.when.post_any_of;
    words.values().any(|w| !w.is_empty()).then(|| words.values().flatten())
}

/// The word of a publication an entry asks for, in whichever language that is written.
fn post_word(entry: &Entry, post: Option<&str>) -> Option<String> {
    let post = fold(post?).text;
    wants_post(entry)?.find(|w| post.contains(fold(w).text.as_str())).cloned()
}

/// The author said of these very words that they do not belong here.
fn is_near_miss(entry: &Entry, language: &str, text: &str) -> bool {
    let plain = |t: &str| t.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<String>().trim().to_owned();
    let text = plain(text);
    entry.head.not_examples.get(language).is_some_and(|all| all.iter().any(|n| plain(&fold(n).text) == text))
}

fn explained(near: &Near, library: &Library, second: Option<&Near>) -> Trace {
    let matched = near.known.iter().map(|(start, end, text)| Matched {
        field: "text".into(),
        text: text.clone(),
        start: *start,
        end: *end,
        why: near.example.clone(),
    });
    Trace {
        rule: near.entry.clone(),
        version: library.get(&near.entry).map(|e| e.version.clone()).unwrap_or_default(),
        matched: matched.collect(),
        score: Some(f64::from(hundredths(near.score)) / 100.0),
        threshold: Some(SUGGESTS_AT),
        evidence: None,
        runner_up: second.map(|n| n.entry.clone()),
        weighed: Some(Weighed {
            speaks_for: near.speaks_for.clone(),
            against: near.against.clone(),
            unknown: near.unknown.clone(),
            runner_score: second.map(|n| f64::from(hundredths(n.score)) / 100.0),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "+++\nid = \"bottle\"\ntitle = { fr = \"La gourde\", en = \"The bottle\" }\n[examples]\nfr = [\"elle est à combien ?\"]\n[when]\npost_any_of.fr = [\"gourde\"]\n+++\n## fr\n### answer\n24 €.\n";

    /// The same words mean the bottle under a post about it, and nothing under another or none.
    #[test]
    fn the_publication_above_says_what_is_meant() {
        let library = Library::of([Entry::read("prices/bottle.md", FILE).unwrap()]);
        let near = Near {
            entry: "prices/bottle".into(),
            score: 0.9,
            example: "elle est à combien ?".into(),
            known: vec![(0, 19, "elle est à combien".into())],
            unknown: Vec::new(),
            speaks_for: Vec::new(),
            against: Vec::new(),
        };
        let findings = Findings { language: Some("fr"), ..Findings::default() };
        let ask = |post: Option<&str>| {
            let asked = Asked {
                text: "elle est à combien ?",
                visibility: Visibility::Public,
                findings: &findings,
                languages: &["fr"],
                post,
            };
            decide(&asked, std::slice::from_ref(&near), &library, &|_| Mode::Auto, &Thresholds::default())
        };
        let under = ask(Some("Notre GOURDE Sentier est de retour"));
        assert_eq!(under.decision, Verdict::Answer);
        assert!(under.trace.matched.iter().any(|m| m.field == "post" && m.text == "gourde"), "{:?}", under.trace);
        assert_eq!(ask(Some("Le sac du mois")).decision, Verdict::Silent);
        assert_eq!(ask(None).decision, Verdict::Silent);
    }
}
