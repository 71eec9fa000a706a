//! The fields of a form that has one for each list and each text of an entry.

use serde::Deserialize;

/// Names and what was written there.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// What was written in a field; none where the form has none of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.each().find(|(n, _)| *n == name).map(|(_, written)| written)
    }

    /// Each field, in the form's order.
    pub fn each(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, written)| (name.as_str(), written.as_str()))
    }
}
