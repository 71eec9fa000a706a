//! The files people write: a lexicon of signals (`kind = "tag"`) or a rule (`kind = "rule"`), TOML
//! between two `+++` lines, then a few words for the next reader.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::sign::fingerprint;
use crate::desk::message::{Kind, Visibility};
use crate::desk::stage::Stage;
use crate::desk::ticket::Priority;

/// A file that says something else than it may.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// What is wrong with it, in a sentence.
    pub what: String,
}

/// One file, read.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A tag and its signals.
    Tag(TagFile),
    /// A rule.
    Rule(RuleFile),
    /// Shorthands, and words that look misspelt and are not.
    Spelling(SpellingFile),
}

/// How people write in a hurry.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpellingFile {
    /// Always `spelling`.
    pub kind: String,
    /// Shorthands and what they stand for.
    #[serde(default)]
    pub short: BTreeMap<String, String>,
    /// Words that are right as they are, though a word of a lexicon is like them.
    #[serde(default)]
    pub right: Vec<String>,
}

/// A title in several languages.
pub type Titles = BTreeMap<String, String>;

/// A tag: what it is called, when it acts, which signals speak for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagFile {
    /// Always `tag`.
    pub kind: String,
    /// The tag's name in rules.
    pub tag: String,
    /// Its name for people.
    pub title: Titles,
    /// The sum of signals from which rules act on it.
    pub acts_at: f64,
    /// The sum from which it is suggested and the bot holds back.
    #[serde(default)]
    pub suggests_at: Option<f64>,
    /// Its phrases are looked for in messages of every language.
    #[serde(default)]
    pub every_language: bool,
    /// It acts only when one of these signals is among what speaks for it.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Phrases, by language, in which the words of a signal mean something else.
    #[serde(default)]
    pub but_not: BTreeMap<String, Vec<String>>,
    /// What speaks for it.
    pub signals: Vec<SignalFile>,
    /// Fingerprint of the file.
    #[serde(skip)]
    pub version: String,
}

/// One signal: phrases per language, or a fact of the context.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalFile {
    /// Short name, shown in evidence.
    pub name: String,
    /// Its name for people.
    pub title: Titles,
    /// What it adds; negative speaks against.
    pub weight: f64,
    /// French phrases.
    #[serde(default)]
    pub fr: Vec<String>,
    /// English phrases.
    #[serde(default)]
    pub en: Vec<String>,
    /// Phrases and emoji of any language, or of one that has no list of its own.
    #[serde(default)]
    pub any: Vec<String>,
    /// A fact instead of words.
    #[serde(default)]
    pub fact: Option<Fact>,
    /// Counts also after a negation (“pas reçu” is the point itself).
    #[serde(default)]
    pub even_negated: bool,
    /// After a negation it speaks for the contrary instead of for nothing.
    #[serde(default)]
    pub turns: bool,
    /// Counts as often as it is found, three times at most.
    #[serde(default)]
    pub each: bool,
}

crate::words! {
    /// A fact of the context that can be a signal.
    pub enum Fact {
        /// The message is private.
        Private = "private",
        /// It stands under one of our posts.
        UnderOurPost = "under_our_post",
        /// It gives a telephone number or an address.
        ContactLeft = "contact_left",
        /// It names a quantity.
        Quantity = "quantity",
        /// It contains a link.
        Link = "link",
        /// The person is a customer already.
        KnownCustomer = "known_customer",
        /// A review that is not favourable.
        BadReview = "bad_review",
        /// A favourable review.
        GoodReview = "good_review",
        /// Mostly capitals, or many exclamation marks.
        Shouting = "shouting",
        /// It names a day or an hour.
        Date = "date",
        /// They asked for a price within the last 14 days, too.
        AskedBefore = "asked_before",
        /// They wrote within five minutes of our answer.
        QuickReply = "quick_reply",
        /// They have been waiting for an answer for a day.
        Waiting = "waiting",
        /// What the same tag came to in their last message, halved every 14 days.
        Earlier = "earlier",
    }
}

/// A rule: when it holds, what is done.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// Always `rule`.
    pub kind: String,
    /// Its name in traces.
    pub id: String,
    /// Its name for people.
    pub title: Titles,
    /// Higher goes first.
    pub priority: i64,
    /// All of these must hold.
    #[serde(default)]
    pub when: When,
    /// True when nothing after it is looked at.
    #[serde(default)]
    pub stop: bool,
    /// What is done, in order.
    #[serde(rename = "do")]
    pub steps: Vec<Step>,
    /// Fingerprint of the file.
    #[serde(skip)]
    pub version: String,
}

/// Conditions; an absent one always holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// This tag acts.
    pub tag: Option<String>,
    /// This tag does not act.
    pub without: Option<String>,
    /// The message is public or private.
    pub visibility: Option<Visibility>,
    /// The message is of one of these kinds.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// The channel is on one of these networks.
    #[serde(default)]
    pub networks: Vec<String>,
    /// The ticket belongs to no team yet.
    #[serde(default)]
    pub unassigned: bool,
}

/// One thing a rule does.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Raise the stage.
    Stage(Stage),
    /// Hand the ticket to a team, with a reason.
    Escalate(String),
    /// Give it to a team that has not got it yet, silently.
    Assign(String),
    /// Add a label.
    Label(String),
    /// Raise the priority.
    Priority(Priority),
    /// Keep the bot silent in this ticket.
    Silence(bool),
}

/// Reads one file.
///
/// # Errors
/// [`Problem`], with the line where TOML is at fault.
pub fn parse(file: &str, text: &str) -> Result<Entry, Problem> {
    let problem = |what: String| Problem { file: file.to_owned(), what };
    let front =
        front_matter(text).ok_or_else(|| problem("the file must begin with a block between two +++ lines".into()))?;
    let table: toml::Table = front.parse().map_err(|e: toml::de::Error| problem(e.to_string()))?;
    let version = fingerprint(&[text])[..8].to_owned();
    let read = |e: toml::de::Error| problem(e.message().to_owned());
    match table.get("kind").and_then(toml::Value::as_str) {
        Some("tag") => Ok(Entry::Tag(TagFile { version, ..toml::from_str(front).map_err(read)? })),
        Some("rule") => Ok(Entry::Rule(RuleFile { version, ..toml::from_str(front).map_err(read)? })),
        Some("spelling") => Ok(Entry::Spelling(toml::from_str(front).map_err(read)?)),
        _ => Err(problem("kind must be \"tag\", \"rule\" or \"spelling\"".into())),
    }
}

/// What stands between the first two `+++` lines.
pub fn front_matter(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches('\u{FEFF}').strip_prefix("+++")?.strip_prefix(['\n', '\r'])?;
    let end = rest.find("\n+++").map(|i| i + 1)?;
    Some(&rest[..end])
}
