//! Looking at one message: the sum of named signals for every tag, each with its words.

use serde::Serialize;

use super::before::Before;
use super::file::{Fact, SignalFile, SpellingFile, TagFile};
use super::phrase::{Found, Phrases, is_negated};
use super::spelling::Spelling;
use super::words::Word;
use super::{fact, language};
use crate::base::text::fold;
use crate::desk::message::{Kind, Visibility};
use crate::desk::trace::Matched;

/// What is known when a message comes in.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The words.
    pub text: &'a str,
    /// What kind of message.
    pub kind: Kind,
    /// Who can read it.
    pub visibility: Visibility,
    /// The network's slug.
    pub network: &'a str,
    /// True under one of our own posts.
    pub under_our_post: bool,
    /// True when the person's other tickets say customer or advocate.
    pub known_customer: bool,
    /// True when the ticket has a team already.
    pub has_team: bool,
    /// A review's verdict.
    pub rating: Option<&'a str>,
}

/// A signal that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Signal {
    /// Its short name.
    pub name: String,
    /// What it adds.
    pub weight: f64,
    /// The words, or the fact.
    pub matched: Vec<Matched>,
}

/// What a tag came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tag {
    /// Its name.
    pub tag: String,
    /// The sum.
    pub score: f64,
    /// From where rules act.
    pub acts_at: f64,
    /// From where it is suggested.
    pub suggests_at: f64,
    /// What spoke for and against it.
    pub signals: Vec<Signal>,
}

impl Tag {
    /// True when rules act on it.
    pub fn acts(&self) -> bool {
        self.score >= self.acts_at
    }
}

/// Everything the first look found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    /// ISO 639-1, where the text told.
    pub language: Option<&'static str>,
    /// Tags with at least one signal, by score.
    pub tags: Vec<Tag>,
    /// The mood, where words told of it: its score is below zero when it is a bad one.
    pub mood: Option<Tag>,
}

impl Findings {
    /// The tag of this name, when it acts.
    pub fn acting(&self, name: &str) -> Option<&Tag> {
        self.tags.iter().find(|t| t.tag == name && t.acts())
    }

    /// True when the tag is at least suggested.
    pub fn suggests(&self, name: &str) -> bool {
        self.tags.iter().any(|t| t.tag == name && t.score >= t.suggests_at)
    }

    /// The mood between -1 and 1; none where no word told of it.
    pub fn sentiment(&self) -> Option<f64> {
        self.mood.as_ref().map(|m| (m.score / (m.score.abs() + 2.0) * 100.0).round() / 100.0)
    }
}

/// The tag whose score is the mood; it may go below zero, and no rule acts on it.
pub const MOOD: &str = "sentiment";

/// What a phrase belongs to.
#[derive(Debug, Clone, Copy)]
struct Owner {
    tag: usize,
    /// None: where this phrase stands, the tag's signals mean something else.
    signal: Option<usize>,
    /// The language it is of; none for all.
    language: Option<&'static str>,
}

/// The lexicons, ready to look.
#[derive(Debug)]
pub struct Lexicon {
    tags: Vec<TagFile>,
    phrases: Phrases,
    owners: Vec<Owner>,
    spelling: Spelling,
}

impl Lexicon {
    /// Prepares the tags' phrases and the shorthands.
    ///
    /// # Errors
    /// A phrase that cannot be looked for; a tag that needs a signal it has not.
    pub fn new(tags: Vec<TagFile>, spelling: &SpellingFile) -> Result<Lexicon, String> {
        let (mut words, mut owners): (Vec<&str>, Vec<Owner>) = (Vec::new(), Vec::new());
        for (t, tag) in tags.iter().enumerate() {
            for (s, signal) in tag.signals.iter().enumerate() {
                for (language, phrases) in [(Some("fr"), &signal.fr), (Some("en"), &signal.en), (None, &signal.any)] {
                    words.extend(phrases.iter().map(String::as_str));
                    owners.extend(phrases.iter().map(|_| Owner { tag: t, signal: Some(s), language }));
                }
            }
            for (language, phrases) in &tag.but_not {
                let language = ["fr", "en"].into_iter().find(|l| l == language);
                words.extend(phrases.iter().map(String::as_str));
                owners.extend(phrases.iter().map(|_| Owner { tag: t, signal: None, language }));
            }
            if let Some(missing) = tag.needs.iter().find(|n| tag.signals.iter().all(|s| s.name != **n)) {
                return Err(format!("“{}” needs the signal “{missing}”, which it has not", tag.tag));
            }
        }
        let phrases = Phrases::new(&words)?;
        let spelling = Spelling::of(phrases.vocabulary(), phrases.beginnings(), &spelling.short, &spelling.right);
        Ok(Lexicon { tags, phrases, owners, spelling })
    }

    /// The tags, as their authors wrote them.
    pub fn tags(&self) -> &[TagFile] {
        &self.tags
    }

    /// Looks at one message by itself.
    pub fn look(&self, facts: &Facts<'_>) -> Findings {
        self.look_after(facts, &Before::default())
    }

    /// Looks at one message, knowing what went before.
    pub fn look_after(&self, facts: &Facts<'_>, before: &Before) -> Findings {
        let language = language::of(facts.text);
        let words = self.spelling.read(super::words::words(facts.text));
        let mut found: Vec<Vec<Vec<Matched>>> = self.tags.iter().map(|t| vec![Vec::new(); t.signals.len()]).collect();
        let hits: Vec<(Found, Owner)> =
            self.phrases.find(&words).into_iter().map(|f| (f, self.owners[f.phrase])).collect();
        let spoken = |owner: &Owner| match (language, owner.language) {
            // What says that somebody is in danger is looked for in every language.
            _ if self.tags[owner.tag].every_language => true,
            (Some(told @ ("fr" | "en")), Some(of)) => told == of,
            _ => true,
        };
        let elsewhere = |hit: &Found, tag: usize| {
            hits.iter()
                .any(|(f, o)| o.signal.is_none() && o.tag == tag && spoken(o) && f.start < hit.end && hit.start < f.end)
        };
        for (hit, owner) in hits.iter().filter(|(_, o)| spoken(o)) {
            let Some(s) = owner.signal else { continue };
            let signal = &self.tags[owner.tag].signals[s];
            if doubtful(&words[hit.start..hit.end], self.tags[owner.tag].every_language) {
                continue;
            }
            let negated = is_negated(&words, hit.start, hit.end, language == Some("fr"));
            if words[hit.start].quoted
                || (negated && !signal.even_negated && !signal.turns)
                || elsewhere(hit, owner.tag)
            {
                continue;
            }
            let (start, end) = (words[hit.start].start, words[hit.end - 1].end);
            let weight = if negated && signal.turns { -signal.weight } else { signal.weight };
            found[owner.tag][s].push(matched(facts.text, start, end, &signal.name, weight));
        }
        let folded = fold(facts.text);
        let mut tags = Vec::new();
        for (tag, mut found) in self.tags.iter().zip(found) {
            let told =
                found.iter().zip(&tag.signals).any(|(m, s)| !m.is_empty() && (s.weight > 0.0 || tag.tag == MOOD));
            for (signal, found) in tag.signals.iter().zip(&mut found) {
                let held = signal.fact.and_then(|fact| fact::holds(fact, &tag.tag, facts, &folded, before));
                found.extend(held.map(|m| Matched { why: why(&signal.name, weight(signal, before, &tag.tag)), ..m }));
            }
            // A fact alone (a private message, a known customer) colours a tag; it does not make one.
            let told = told || found.iter().flatten().any(|m| m.field == "rating");
            tags.extend(told.then(|| sum(tag, found, before)));
        }
        tags.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.tag.cmp(&b.tag)));
        let mood = tags.iter().position(|t| t.tag == MOOD).map(|i| tags.remove(i));
        Findings { language, tags, mood }
    }
}

/// A single short word that was not written like this is too little to go by (“garage” is no
/// “garbage”), and where danger is looked for, any single word.
fn doubtful(words: &[Word], danger: bool) -> bool {
    match words {
        [one] => one.repaired && (danger || one.text.chars().count() < 8),
        _ => false,
    }
}

/// What a signal adds: for what is remembered, as much as it is still worth.
fn weight(signal: &SignalFile, before: &Before, tag: &str) -> f64 {
    let worth = if signal.fact == Some(Fact::Earlier) { before.earlier.get(tag).copied().unwrap_or(0.0) } else { 1.0 };
    (signal.weight * worth * 10.0).round() / 10.0
}

/// How often a signal counts that counts each time.
const TIMES: usize = 3;

fn sum(tag: &TagFile, found: Vec<Vec<Matched>>, before: &Before) -> Tag {
    let mut signals = Vec::new();
    for (file, matched) in tag.signals.iter().zip(found) {
        let matched = widest(matched);
        let one = weight(file, before, &tag.tag);
        // With a turning signal, what was found after a negation speaks for the contrary.
        let turned = matched.iter().filter(|m| file.turns && m.why == why(&file.name, -one)).count();
        let straight = matched.len() - turned;
        let times = |n: usize| if file.each { n.min(TIMES) } else { n.min(1) };
        #[expect(clippy::cast_precision_loss, reason = "three at most")]
        let weight = one * times(straight) as f64 - one * times(turned) as f64;
        if !matched.is_empty() {
            signals.push(Signal { name: file.name.clone(), weight, matched });
        }
    }
    let lacking = !tag.needs.is_empty() && !signals.iter().any(|s| tag.needs.contains(&s.name));
    let score = (signals.iter().map(|s| s.weight).sum::<f64>() * 10.0).round() / 10.0;
    Tag {
        tag: tag.tag.clone(),
        // Without what it needs it never acts, however much speaks for it.
        score: if lacking { score.min(tag.acts_at - 1.0) } else { score },
        acts_at: tag.acts_at,
        suggests_at: tag.suggests_at.unwrap_or(tag.acts_at),
        signals,
    }
}

/// Of matches that overlap only the first and widest, in the order of the text.
fn widest(mut matched: Vec<Matched>) -> Vec<Matched> {
    matched.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
    let mut kept: Vec<Matched> = Vec::new();
    for m in matched {
        if kept.last().is_none_or(|k| m.start >= k.end || m.field != k.field) {
            kept.push(m);
        }
    }
    kept
}

fn why(name: &str, weight: f64) -> String {
    format!("{name} {weight:+}")
}

pub(super) fn matched(text: &str, start: usize, end: usize, name: &str, weight: f64) -> Matched {
    let words = text.chars().skip(start).take(end - start).collect();
    Matched { field: "text".into(), text: words, start, end, why: why(name, weight) }
}
