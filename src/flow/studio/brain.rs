//! A library that has learnt: remembered by its fingerprint.

use std::sync::Arc;

use super::{known, remember};
use crate::base::sign::fingerprint;
use crate::desk::canned::{Entry, Library};
use crate::desk::faq::Faq;
use crate::flow::bot::learn;
use crate::flow::library::File;
use crate::flow::{House, Result};

/// A library that has learnt.
pub struct Brain {
    /// Its entries.
    pub library: Arc<Library>,
    /// What they have learnt.
    pub faq: Arc<Faq>,
    /// A fingerprint of all that decides; tests do not.
    pub sense: String,
}

/// The brain of these files; what cannot be read is left out.
///
/// # Errors
/// When learning fails.
pub async fn of(house: &House, files: &[File]) -> Result<Arc<Brain>> {
    let parts: Vec<&str> = files.iter().flat_map(|(n, s)| [n.as_str(), s.as_str()]).collect();
    let print = fingerprint(&parts);
    if let Some(brain) = known(&house.studio.brains, &print) {
        return Ok(brain);
    }
    let entries: Vec<Entry> = files.iter().filter_map(|(n, s)| Entry::read(n, s).ok()).collect();
    let sense = sense(files, &entries);
    let faq = if let Some(faq) = known(&house.studio.learnt, &sense) {
        faq
    } else {
        let taught = entries.clone();
        let faq = tokio::task::spawn_blocking(move || Arc::new(learn(taught.iter())));
        let faq = faq.await.map_err(anyhow::Error::from)?;
        remember(&house.studio.learnt, &sense, Arc::clone(&faq));
        faq
    };
    let brain = Arc::new(Brain { library: Arc::new(Library::of(entries)), faq, sense });
    remember(&house.studio.brains, &print, Arc::clone(&brain));
    Ok(brain)
}

/// The fingerprint of what decides: of every entry with examples all but its tests.
fn sense(files: &[File], entries: &[Entry]) -> String {
    let mut parts = Vec::new();
    for (name, source) in files {
        let path = name.strip_suffix(".md").unwrap_or(name);
        if entries.iter().any(|e| e.answers() && e.path() == path) {
            parts.push(name.as_str());
            parts.push(source.split("\n## tests").next().unwrap_or(source).trim_end());
        }
    }
    fingerprint(&parts)
}
