//! What is wrong with a library before anybody is answered with it.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{Act, Audience, Entry, Variant};
use super::values::{Values, is_known, is_personal};
use super::wrong::Wrong;
use crate::base::text::fold;
use crate::desk::limits::Length;
use crate::desk::message::Visibility;
use crate::desk::personal;
use crate::words;

words! {
    /// How bad it is.
    pub enum Weight {
        /// Must be mended before the library is used.
        Error = "error",
        /// Should be looked at.
        Warning = "warning",
    }
}

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// How bad it is.
    pub weight: Weight,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: Wrong,
}

/// What a network takes, for the check of lengths.
#[derive(Debug, Clone, Copy)]
pub struct Network {
    /// Its slug.
    pub slug: &'static str,
    /// Public replies.
    pub public: Option<Length>,
    /// Private ones.
    pub private: Option<Length>,
}

/// Networks that take less than this are short: a text for all networks is not held to them, else
/// every text would be as short as the shortest. For such a network one writes a variant of its own,
/// which is; where there is none, the composer says how much too long a text is, and the bot keeps it.
pub const SHORT: usize = 500;

/// Looks at every entry, alone and beside the others.
pub fn lint(entries: &[Entry], languages: &[&str], networks: &[Network]) -> Vec<Note> {
    let mut notes = Vec::new();
    for entry in entries {
        let mut note = |weight, line, what| {
            notes.push(Note { weight, file: format!("{}.md", entry.path()), line, what });
        };
        languages_are_there(entry, languages, &mut note);
        names_are_there(entry, &mut note);
        texts_are_fit(entry, networks, &mut note);
        examples_are_free(entry, &mut note);
        super::steps::steps_are_sound(entry, &mut note);
        if entry.answers() && entry.tests.is_empty() {
            note(Weight::Warning, 1, Wrong::new("no-tests"));
        }
    }
    beside_each_other(entries, &mut notes);
    notes.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    notes
}

pub(super) type Tell<'a> = dyn FnMut(Weight, usize, Wrong) + 'a;

fn languages_are_there(entry: &Entry, languages: &[&str], note: &mut Tell<'_>) {
    let names: BTreeSet<&String> = entry.texts.values().flat_map(BTreeMap::keys).collect();
    for language in languages {
        if !entry.head.title.contains_key(*language) {
            note(Weight::Error, 2, Wrong::new("title-missing").with("language", language));
        }
        if entry.answers() && entry.head.examples.get(*language).is_none_or(Vec::is_empty) {
            note(Weight::Warning, 2, Wrong::new("no-examples").with("language", language));
        }
        for name in &names {
            let texts = entry.texts.get(*language).and_then(|t| t.get(*name));
            if texts.is_none_or(|v| v.iter().all(|v| v.network.is_some())) {
                note(Weight::Error, 1, Wrong::new("text-missing").with("name", name).with("language", language));
            }
        }
    }
    if names.is_empty() {
        note(Weight::Error, 1, Wrong::new("no-text"));
    }
}

/// Every name of a text, slot or step leads somewhere.
fn names_are_there(entry: &Entry, note: &mut Tell<'_>) {
    let known: BTreeSet<&str> = entry.texts.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let acts = entry.head.steps.iter().flat_map(|s| s.acts.iter().chain(&s.on_error));
    for act in acts {
        if let Act::Reply(name) = act
            && !known.contains(name.as_str())
        {
            note(Weight::Error, 1, Wrong::new("step-says-nothing").with("name", name));
        }
    }
    for (slot, ask) in &entry.head.slots {
        if !known.contains(ask.ask.as_str()) {
            note(Weight::Error, 1, Wrong::new("slot-asks-nothing").with("slot", slot).with("name", &ask.ask));
        }
        if let Some(again) = ask.again.as_deref().filter(|a| !known.contains(a)) {
            note(Weight::Error, 1, Wrong::new("slot-asks-again").with("slot", slot).with("name", again));
        }
        if ask.regex.len() > 512 || regex::RegexBuilder::new(&ask.regex).size_limit(256 << 10).build().is_err() {
            note(Weight::Error, 1, Wrong::new("slot-pattern").with("slot", slot));
        }
    }
    for need in entry.head.steps.iter().filter_map(|s| s.need.as_ref()) {
        if !entry.head.slots.contains_key(need) {
            note(Weight::Error, 1, Wrong::new("step-needs-nothing").with("need", need));
        }
    }
}

/// True when a text may be read by everybody.
fn may_be_public(entry: &Entry, name: &str) -> bool {
    if entry.head.audience == Audience::Private {
        return false;
    }
    // What is asked, and what follows that, is said in private only.
    let says = |acts: &[Act]| acts.contains(&Act::Reply(name.to_owned()));
    let asks = entry.head.slots.values().any(|s| s.ask == name || s.again.as_deref() == Some(name));
    let (mut behind, mut named, mut public) = (false, asks, false);
    for step in &entry.head.steps {
        behind |= step.need.is_some() || step.call.is_some();
        let said = says(&step.acts);
        named |= said || says(&step.on_error);
        public |= said && !behind && step.when.visibility != Some(Visibility::Private);
    }
    public || !named
}

fn texts_are_fit(entry: &Entry, networks: &[Network], note: &mut Tell<'_>) {
    let samples = Values::samples();
    for (language, name, variant) in each_text(entry) {
        for asked in variant.template.names() {
            if !is_known(asked) && !entry.head.slots.contains_key(asked) {
                note(Weight::Error, variant.line, Wrong::new("unknown-name").with("name", asked));
            } else if (is_personal(asked) || entry.head.slots.contains_key(asked)) && may_be_public(entry, name) {
                note(Weight::Error, variant.line, Wrong::new("personal-name").with("name", asked));
            }
        }
        // Somebody's number or address written into the text itself is read by everybody, too.
        for found in personal::find(&variant.source).iter().filter(|_| may_be_public(entry, name)) {
            let what = Wrong::new("personal-words").with("words", found.piece(&variant.source));
            note(Weight::Error, variant.line, what);
        }
        let Some(text) = variant.template.fill(&|n| samples.get(n).or_else(|| Some("204817".into()))).complete() else {
            continue;
        };
        for network in networks.iter().filter(|n| variant.network.as_deref().is_none_or(|v| v == n.slug)) {
            let has_own = entry.text(language, name, network.slug).is_some_and(|v| v != variant);
            let public = network.public.filter(|_| may_be_public(entry, name));
            let private = network.private.filter(|_| entry.head.audience != Audience::Public);
            let held = |l: &Length| l.most >= SHORT || variant.network.is_some();
            for length in [public, private].into_iter().flatten().filter(held).filter(|_| !has_own) {
                let n = length.count(&text);
                if n > length.most {
                    let what = Wrong::new("too-long")
                        .with("name", name)
                        .with("language", language)
                        .with("n", n)
                        .with("network", network.slug)
                        .with("most", length.most);
                    note(Weight::Error, variant.line, what);
                }
            }
        }
    }
}

fn each_text(entry: &Entry) -> impl Iterator<Item = (&str, &str, &Variant)> {
    entry.texts.iter().flat_map(|(language, names)| {
        names.iter().flat_map(move |(name, all)| all.iter().map(move |v| (language.as_str(), name.as_str(), v)))
    })
}

/// An entry's own words must not stand in the way of its examples.
fn examples_are_free(entry: &Entry, note: &mut Tell<'_>) {
    for (language, examples) in &entry.head.examples {
        let words = |of: &BTreeMap<String, Vec<String>>| -> Vec<String> {
            of.get(language).into_iter().flatten().map(|w| fold(w).text).collect()
        };
        let (any, none) = (words(&entry.head.when.any_of), words(&entry.head.when.none_of));
        for example in examples {
            let text = fold(example).text;
            if let Some(word) = none.iter().find(|w| text.contains(w.as_str())) {
                note(Weight::Error, 2, Wrong::new("keeps-out").with("word", word).with("example", example));
            }
            if !any.is_empty() && !any.iter().any(|w| text.contains(w.as_str())) {
                note(Weight::Error, 2, Wrong::new("none-of-words").with("example", example));
            }
        }
    }
}

fn beside_each_other(entries: &[Entry], notes: &mut Vec<Note>) {
    let mut ids: BTreeMap<&str, &Entry> = BTreeMap::new();
    let mut shortcuts: BTreeMap<&str, &Entry> = BTreeMap::new();
    let mut examples: BTreeMap<(String, String), &Entry> = BTreeMap::new();
    for entry in entries {
        let mut note = |what| {
            notes.push(Note { weight: Weight::Error, file: format!("{}.md", entry.path()), line: 2, what });
        };
        if let Some(other) = ids.insert(&entry.head.id, entry) {
            note(Wrong::new("same-id").with("other", other.path()));
        }
        if let Some(other) = entry.head.shortcut.as_deref().and_then(|s| shortcuts.insert(s, entry)) {
            note(Wrong::new("same-shortcut").with("other", other.path()));
        }
        for (language, all) in &entry.head.examples {
            for example in all {
                let key = (language.clone(), fold(example).text.trim().to_owned());
                match examples.insert(key, entry) {
                    Some(other) if other.path() != entry.path() => {
                        note(Wrong::new("same-example").with("example", example).with("other", other.path()));
                    }
                    _ => {}
                }
            }
        }
    }
}
