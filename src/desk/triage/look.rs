//! Looking at one message: the sum of named signals for every tag, each with its words.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use super::file::{Fact, TagFile};
use super::language;
use super::phrase::{Phrases, is_negated, is_quoted};
use crate::base::text::{Folded, fold};
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
}

/// The lexicons, ready to look.
#[derive(Debug)]
pub struct Lexicon {
    tags: Vec<TagFile>,
    phrases: Phrases,
    /// For each phrase: tag and signal it belongs to.
    owner: Vec<(usize, usize)>,
}

impl Lexicon {
    /// Prepares the tags' phrases.
    ///
    /// # Errors
    /// When there are too many phrases to hold.
    pub fn new(tags: Vec<TagFile>) -> Result<Lexicon, String> {
        let (mut words, mut owner) = (Vec::new(), Vec::new());
        for (t, tag) in tags.iter().enumerate() {
            for (s, signal) in tag.signals.iter().enumerate() {
                for phrase in signal.fr.iter().chain(&signal.en).chain(&signal.any) {
                    words.push(phrase.as_str());
                    owner.push((t, s));
                }
            }
        }
        Ok(Lexicon { phrases: Phrases::new(&words)?, tags, owner })
    }

    /// The tags, as their authors wrote them.
    pub fn tags(&self) -> &[TagFile] {
        &self.tags
    }

    /// Looks at one message.
    pub fn look(&self, facts: &Facts<'_>) -> Findings {
        let folded = fold(facts.text);
        let mut found: Vec<Vec<Vec<Matched>>> = self.tags.iter().map(|t| vec![Vec::new(); t.signals.len()]).collect();
        for hit in self.phrases.find(&folded) {
            let (t, s) = self.owner[hit.phrase];
            let signal = &self.tags[t].signals[s];
            let (start, end) = folded.original(hit.start, hit.end);
            if (signal.even_negated || !is_negated(&folded.text, hit.start)) && !is_quoted(facts.text, start) {
                found[t][s].push(matched(facts.text, start, end, &signal.name, signal.weight));
            }
        }
        for (t, tag) in self.tags.iter().enumerate() {
            for (s, signal) in tag.signals.iter().enumerate() {
                if let Some(m) = signal.fact.and_then(|fact| holds(fact, facts, &folded)) {
                    found[t][s].push(Matched { why: why(&signal.name, signal.weight), ..m });
                }
            }
        }
        let mut tags: Vec<Tag> = self.tags.iter().zip(found).filter_map(|(tag, found)| sum(tag, found)).collect();
        tags.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.tag.cmp(&b.tag)));
        Findings { language: language::of(facts.text), tags }
    }
}

fn sum(tag: &TagFile, found: Vec<Vec<Matched>>) -> Option<Tag> {
    let signals: Vec<Signal> = tag
        .signals
        .iter()
        .zip(found)
        .filter(|(_, m)| !m.is_empty())
        .map(|(s, matched)| Signal { name: s.name.clone(), weight: s.weight, matched: widest(matched) })
        .collect();
    // A fact alone (a private message, a known customer) colours a tag; it does not make one.
    let has_words =
        signals.iter().any(|s| s.weight > 0.0 && s.matched.iter().any(|m| m.field == "text" || m.field == "rating"));
    has_words.then(|| Tag {
        tag: tag.tag.clone(),
        score: signals.iter().map(|s| s.weight).sum(),
        acts_at: tag.acts_at,
        suggests_at: tag.suggests_at.unwrap_or(tag.acts_at),
        signals,
    })
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

fn matched(text: &str, start: usize, end: usize, name: &str, weight: f64) -> Matched {
    let words = text.chars().skip(start).take(end - start).collect();
    Matched { field: "text".into(), text: words, start, end, why: why(name, weight) }
}

static PHONE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:\+|\b00|\b0)\d(?:[ .\-]?\d){7,12}\b"));
static MAIL: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b"));
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|me|ru|info|shop|xyz|top|click)(?:/\S*)?\b")
});
static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(?:x ?)?([2-9]|[1-9]\d{1,4}) ?(?:x\b|pieces?|unites?|exemplaires?|gourdes?|articles?|lots?|cartons?|units?|items?|boxes|bottles|pcs)\b",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is written in this file and compiled by its tests")
}

fn holds(fact: Fact, facts: &Facts<'_>, folded: &Folded) -> Option<Matched> {
    let context = |yes: bool| {
        let blank =
            || Matched { field: fact.as_str().into(), text: String::new(), start: 0, end: 0, why: String::new() };
        yes.then(blank)
    };
    let pattern = |pattern: &Regex| {
        let m = pattern.find(&folded.text)?;
        let (start, end) = folded.original(m.start(), m.end());
        Some(Matched { field: "text".into(), ..matched(facts.text, start, end, "", 0.0) })
    };
    match fact {
        Fact::Private => context(facts.visibility == Visibility::Private),
        Fact::UnderOurPost => context(facts.under_our_post),
        Fact::KnownCustomer => context(facts.known_customer),
        Fact::ContactLeft => pattern(&PHONE).or_else(|| pattern(&MAIL)),
        Fact::Quantity => pattern(&QUANTITY),
        Fact::Link => pattern(&LINK),
        Fact::BadReview => rating(facts, is_bad),
        Fact::GoodReview => rating(facts, |r| !is_bad(r)),
        Fact::Shouting => context(is_shouting(facts.text)),
    }
}

fn rating(facts: &Facts<'_>, holds: impl Fn(&str) -> bool) -> Option<Matched> {
    let rating = facts.rating.filter(|r| holds(r))?;
    Some(Matched { field: "rating".into(), text: rating.to_owned(), start: 0, end: 0, why: String::new() })
}

fn is_bad(rating: &str) -> bool {
    match rating.split_once('/') {
        Some((stars, of)) => {
            let share = stars.parse::<f64>().unwrap_or(0.0) / of.parse::<f64>().unwrap_or(5.0);
            share <= 0.6
        }
        None => rating == "negative",
    }
}

fn is_shouting(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    text.matches('!').count() >= 3 || (letters.len() >= 12 && capitals * 10 >= letters.len() * 7)
}
