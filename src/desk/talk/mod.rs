//! A conversation of the bot over several turns: it asks, waits for the customer, asks a connector,
//! answers, or gives the ticket to people. A machine without a clock or a database: given how it
//! stands and what came, it says how it stands then, what to say, what to do, and why.

mod choice;
mod hear;
mod slot;
mod summary;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use self::choice::{BUTTON, Chosen, MOST_CHOICES, asking, button, chosen};
pub use self::hear::{Heard, NEW_QUESTION_AT, choose, hear, listens, meant};
pub use self::slot::find;
pub use self::summary::summary;
pub use self::walk::{begin, result};
use super::canned::Act;
use super::message::Visibility;
use super::trace::Matched;
use crate::words;

words! {
    /// Where a conversation is.
    pub enum State {
        /// The customer is waited for.
        Waiting = "waiting",
        /// A connector is to be asked.
        ToCall = "to_call",
        /// A connector is being asked.
        Calling = "calling",
        /// All was said.
        Over = "over",
        /// People go on.
        HandedOver = "handed_over",
        /// The customer asked something else.
        Broken = "broken",
        /// The customer did not go on.
        GivenUp = "given_up",
    }
}

/// Messages of the bot in one conversation, at most.
pub const MOST_TURNS: u8 = 5;
/// How often something is asked when its author does not say.
pub const TRIES: u8 = 2;

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waits {
    /// For the customer to tell this slot.
    Slot(String),
    /// For this connector.
    Connector(String),
    /// For the customer to say which of these entries is meant.
    Choice(Vec<String>),
}

/// How a conversation stands; kept between two messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// The entry it follows.
    pub entry: String,
    /// In which language.
    pub language: String,
    /// Who reads the bot's words.
    pub visibility: Visibility,
    /// The step it stands at.
    pub step: usize,
    /// What is waited for; none: it is over.
    pub waits: Option<Waits>,
    /// What the customer told, by slot.
    pub slots: BTreeMap<String, String>,
    /// What connectors told, by name.
    pub results: BTreeMap<String, String>,
    /// The steps whose connector has answered.
    pub called: BTreeSet<usize>,
    /// The connector that gave no answer.
    pub failed: Option<String>,
    /// How often what is waited for was asked.
    pub tries: u8,
    /// Messages of the bot in it so far.
    pub turns: u8,
    /// What the customer wrote first.
    pub asked: String,
}

impl Talk {
    /// A conversation that has not begun.
    pub fn new(entry: &str, language: &str, visibility: Visibility, asked: &str) -> Talk {
        Talk {
            entry: entry.to_owned(),
            language: language.to_owned(),
            visibility,
            step: 0,
            waits: None,
            slots: BTreeMap::new(),
            results: BTreeMap::new(),
            called: BTreeSet::new(),
            failed: None,
            tries: 0,
            turns: 0,
            asked: asked.chars().take(300).collect(),
        }
    }

    /// The bot was about to say something and did not: it counts no longer.
    pub fn unsay(&mut self) {
        self.turns = self.turns.saturating_sub(1);
        self.tries = self.tries.saturating_sub(1);
    }
}

/// What the bot says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// This text of the entry.
    Text(String),
    /// Which of these entries is meant?
    Choice(Vec<String>),
}

/// How a turn ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ends {
    /// All is said.
    Over,
    /// The customer is waited for.
    Waits,
    /// This connector is to be asked.
    Calls(String),
    /// People go on, for this reason in one word, of this team.
    HandsOver(String, Option<String>),
    /// The customer asks something else.
    Breaks,
}

/// What follows from a message, or from what a connector told.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// How the conversation stands then.
    pub talk: Talk,
    /// What is said.
    pub says: Option<Says>,
    /// What is done besides: labels, stage, team.
    pub acts: Vec<Act>,
    /// How it ends.
    pub ends: Ends,
    /// What was found, for the explanation.
    pub found: Vec<Matched>,
}

impl Turn {
    fn of(talk: Talk) -> Turn {
        Turn { talk, says: None, acts: Vec::new(), ends: Ends::Over, found: Vec::new() }
    }

    fn hands_over(mut self, why: &str, team: Option<String>) -> Turn {
        self.talk.waits = None;
        self.ends = Ends::HandsOver(why.to_owned(), team);
        self
    }
}
