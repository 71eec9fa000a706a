//! The words an entry would say somewhere, with what the brand says about itself; the rest of what is
//! not known stays a placeholder. Remembered, since few entries say many messages.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::desk::bot::{Decision, Verdict};
use crate::desk::canned::{Library, Values};
use crate::desk::message::Visibility;

/// Which side, entry, language, network and reader.
type Key = (u8, String, &'static str, String, Visibility);

/// Says what entries would say.
pub struct Voice {
    values: Values,
    said: Mutex<HashMap<Key, Option<String>>>,
}

impl Voice {
    /// A voice that knows these values.
    pub fn new(values: Values) -> Voice {
        Voice { values, said: Mutex::default() }
    }

    /// The words of a decision, when it answers or offers an entry. `side` tells libraries apart.
    pub fn text(&self, side: u8, library: &Library, decision: &Decision, network: &str) -> Option<String> {
        if !matches!(decision.decision, Verdict::Answer | Verdict::Suggest) {
            return None;
        }
        let (path, language) = (decision.entry.as_deref()?, decision.language.unwrap_or("fr"));
        let visibility = decision.visibility?;
        let key = (side, path.to_owned(), language, network.to_owned(), visibility);
        if let Some(said) = self.said.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return said.clone();
        }
        let entry = library.get(path)?;
        let choice = library.choose(entry, None, (language, network, visibility), &self.values);
        let text = choice.map(|c| c.filled.text());
        self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(key, text.clone());
        text
    }
}
