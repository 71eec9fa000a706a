//! Whether entries take each other's questions: examples are asked of a bot that has not seen them.

use std::collections::BTreeMap;

use super::file::Entry;
use super::lint::{Note, Weight};
use super::wrong::Wrong;
use crate::base::text::fold;
use crate::desk::bot::{ANSWERS_AT, Near, allowed};
use crate::desk::faq::{Faq, Taught};

/// In so many parts the examples are cut; each is asked of what the others teach.
const PARTS: usize = 8;

/// Surer than this of another entry, the bot is close to answering by itself, and wrongly.
const WORTH_A_LOOK: f64 = 0.75;

/// Every example left out still finds its own entry, or at least no other that is surer; no near miss
/// finds its entry. Learns the library several times over: some seconds for a large one.
pub fn hijacks(entries: &[Entry]) -> Vec<Note> {
    let all = examples(entries);
    let misses: Vec<(String, Taught)> = entries.iter().flat_map(near_misses).collect();
    let mut notes = Vec::new();
    for part in 0..PARTS {
        let held = |n: usize| n % PARTS == part;
        let seen = all.iter().enumerate().filter(|(n, _)| !held(*n)).map(|(_, t)| t.clone());
        let faq = Faq::learn(seen.chain(misses.iter().cloned()));
        for (_, (language, taught)) in all.iter().enumerate().filter(|(n, _)| held(*n)) {
            notes.extend(taken(&faq, entries, language, taught));
        }
    }
    let faq = Faq::learn(all.iter().chain(&misses).cloned());
    for (language, miss) in &misses {
        let near = among(&faq, entries, language, &miss.text);
        if near.first().is_some_and(|n| n.entry == miss.entry && n.score >= ANSWERS_AT) {
            notes.push(noted(Weight::Warning, &miss.entry, Wrong::new("near-miss").with("text", &miss.text)));
        }
    }
    notes.sort_by(|a, b| (&a.file, &a.what).cmp(&(&b.file, &b.what)));
    notes
}

/// What a text may mean, of the entries whose own words allow it.
fn among(faq: &Faq, entries: &[Entry], language: &str, text: &str) -> Vec<Near> {
    let folded = fold(text).text;
    faq.ask_among(language, text, &|path| entries.iter().any(|e| e.path() == path && allowed(e, language, &folded)))
}

/// An example that another entry takes.
fn taken(faq: &Faq, entries: &[Entry], language: &str, taught: &Taught) -> Option<Note> {
    let near = among(faq, entries, language, &taught.text);
    let own = near.iter().find(|n| n.entry == taught.entry).map_or(0.0, |n| n.score);
    let other = near.first().filter(|n| n.entry != taught.entry && n.score >= WORTH_A_LOOK)?;
    let weight = if other.score >= ANSWERS_AT { Weight::Error } else { Weight::Warning };
    let (mine, theirs) = ((own * 100.0).round(), (other.score * 100.0).round());
    let what = Wrong::new("hijacked")
        .with("text", &taught.text)
        .with("other", &other.entry)
        .with("theirs", theirs)
        .with("mine", mine);
    Some(noted(weight, &taught.entry, what))
}

fn noted(weight: Weight, path: &str, what: Wrong) -> Note {
    Note { weight, file: format!("{path}.md"), line: 2, what }
}

/// Each entry's examples, in turn, so that the parts hold some of each.
fn examples(entries: &[Entry]) -> Vec<(String, Taught)> {
    let mut out: BTreeMap<(usize, String, String), (String, Taught)> = BTreeMap::new();
    for entry in entries {
        let path = entry.path();
        for (language, all) in &entry.head.examples {
            for (n, text) in all.iter().enumerate() {
                let key = (n, language.clone(), path.clone());
                out.insert(key, (language.clone(), Taught::example(&path, text)));
            }
        }
    }
    let mut sorted: Vec<(String, Taught)> = out.into_values().collect();
    sorted.sort_by(|a, b| (&a.0, &a.1.entry, &a.1.text).cmp(&(&b.0, &b.1.entry, &b.1.text)));
    sorted
}

fn near_misses(entry: &Entry) -> Vec<(String, Taught)> {
    let path = entry.path();
    let taught = |(language, all): (&String, &Vec<String>)| -> Vec<(String, Taught)> {
        all.iter().map(|text| (language.clone(), Taught::near_miss(&path, text))).collect()
    };
    let answered = |language: &str| entry.head.examples.get(language).is_some_and(|e| !e.is_empty());
    entry.head.not_examples.iter().filter(|(l, _)| answered(l)).flat_map(taught).collect()
}
