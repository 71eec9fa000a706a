//! What Meta's networks share of a hook's body: entries, each with elements of its own, and what an
//! entry says about all of them.

use serde_json::Value;

use crate::base::At;
use crate::base::json::{Reads, as_id};
use crate::base::sign::fingerprint;
use crate::desk::inbound::{Element, Event, Said, What};

/// A word as it may stand in a reason: letters, digits and underscores.
pub(in crate::networks) fn brief(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}

/// What an entry says about all of its elements.
pub(in crate::networks) struct Context {
    /// Our account.
    pub account: Option<String>,
    /// When.
    pub at: Option<At>,
}

impl Context {
    /// Of an entry: `time` is in milliseconds with messages, often in seconds with changes.
    pub fn of(entry: &Value) -> Context {
        Context { account: entry.get("id").and_then(as_id), at: entry.number("time").map(At::from_secs_or_millis) }
    }

    /// True for the id of our own account.
    pub fn is_ours(&self, id: Option<&str>) -> bool {
        id.is_some() && id == self.account.as_deref()
    }

    /// An element of this account.
    pub fn element(&self, key: String, said: Said) -> Element {
        let key = if key.len() > 300 { fingerprint(&[&key]) } else { key };
        Element { account: self.account.clone(), key, said }
    }

    /// Something that means nothing to an inbox; `of` tells repetitions from new ones.
    pub fn nothing(&self, of: &str, why: String) -> Element {
        let time = self.at.map(|a| a.millis().to_string()).unwrap_or_default();
        self.element(format!("n:{}", fingerprint(&[&why, &time, of])), Said::Nothing(why))
    }

    /// Something that should have meant something.
    pub fn unreadable(&self, of: &Value, why: &str) -> Element {
        let key = format!("u:{}", fingerprint(&[&of.to_string()]));
        self.element(key, Said::Unreadable(why.to_owned()))
    }

    /// Something that happened.
    pub fn event(&self, key: String, at: Option<At>, what: What) -> Element {
        self.element(key, Said::Event(Box::new(Event { at: at.or(self.at), what })))
    }
}
