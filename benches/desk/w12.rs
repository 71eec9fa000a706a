//! W12: one decision. A library of 150 entries with 100 examples each, as large as they come; what the
//! bot thinks of a message there, beside the same examples searched by BM25 alone.

use std::time::Instant;

use anyhow::{Context, Result};
use guichet::app;
use guichet::desk::calibration::Thresholds;
use guichet::desk::canned::{Entry, Library, Mode};
use guichet::desk::faq::Faq;
use guichet::desk::message::Visibility;
use guichet::desk::think::{Said, think};
use guichet::flow::bot::learn;
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{STORED, STRING, Schema, TEXT};
use tantivy::{Index, doc};

use crate::Bench;
use crate::machine;
use crate::report::{self, Figure, Goal, Spread};

/// Entries.
const ENTRIES: usize = 150;
/// Examples of each, in the library that is asked and in a smaller one.
const MANY: usize = 100;
/// See [`MANY`].
const SOME: usize = 20;
/// Messages thought about in each turn.
const MESSAGES: usize = 2_000;

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    report::title("W12: one decision among 150 entries with 100 examples each");
    let book = app::shipped_rules()?;
    let (_, learnt, kept) = learning(&large_library(SOME)?);
    report::alone("W12", "learning 150 × 20", "s", &[learnt]);
    let goal = Some(Goal::AtMost(64.0));
    let what = "memory of what was learnt, 150 × 20";
    Figure { workload: "W12", what, unit: "MiB", ours: Spread::of(&[kept]), beside: None, goal }.print();
    let entries = large_library(MANY)?;
    let (faq, learnt, kept) = learning(&entries);
    report::alone("W12", "learning 150 × 100", "s", &[learnt]);
    report::alone("W12", "memory of what was learnt, 150 × 100", "MiB", &[kept]);
    let phrases: Vec<String> = entries.iter().flat_map(|e| e.head.examples["fr"].clone()).collect();
    let messages: Vec<String> =
        (0..MESSAGES).map(|n| mixed(&phrases[n * 37 % phrases.len()], &phrases[n * 101 % phrases.len()])).collect();
    let library = Library::of(entries.clone());
    let bm25 = Bm25::of(&entries)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..bench.turns {
        ours.push(each(&messages, |text| {
            let said = Said::new(text, "facebook", Visibility::Private, Some("fr"));
            let decision = think(book.lexicon(), &library, &faq, said, &|_| Mode::Auto, &Thresholds::default());
            Ok(usize::from(decision.entry.is_some()))
        })?);
        theirs.push(each(&messages, |text| bm25.ask(text))?);
    }
    let at = |all: &[Vec<f64>], part: usize| {
        let of = |turn: &Vec<f64>| turn[(turn.len() * part / 100).min(turn.len() - 1)];
        Spread::of(&all.iter().map(of).collect::<Vec<_>>())
    };
    for (part, what, goal) in [
        (50, "one decision, triage and all, p50", None),
        (99, "one decision, triage and all, p99", Some(Goal::AtMost(1_000.0))),
    ] {
        let beside = Some(("BM25 alone", at(&theirs, part)));
        Figure { workload: "W12", what, unit: "µs", ours: at(&ours, part), beside, goal }.print();
    }
    Ok(())
}

/// What was learnt, the seconds it took, and the MiB it keeps.
fn learning(entries: &[Entry]) -> (Faq, f64, f64) {
    let before = machine::memory_of(std::process::id()).1;
    let begun = Instant::now();
    let faq = learn(entries.iter());
    let took = begun.elapsed().as_secs_f64();
    (faq, took, machine::memory_of(std::process::id()).1 - before)
}

/// Microseconds of each message, sorted.
fn each(messages: &[String], mut ask: impl FnMut(&str) -> Result<usize>) -> Result<Vec<f64>> {
    let mut took = Vec::with_capacity(messages.len());
    for text in messages {
        let begun = Instant::now();
        std::hint::black_box(ask(text)?);
        took.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    took.sort_by(f64::total_cmp);
    Ok(took)
}

/// The first half of one text and the second of another.
fn mixed(a: &str, b: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    [&a[..a.len().div_ceil(2)], &b[b.len() / 2..]].concat().join(" ")
}

/// Entries about the matters of the starter pack, each with a thing of its own: what people ask is put
/// together from what they ask there.
fn large_library(examples: usize) -> Result<Vec<Entry>> {
    let starter: Vec<Entry> =
        app::starter().iter().filter_map(|(name, text)| Entry::read(name, text).ok()).filter(Entry::answers).collect();
    let lists: Vec<&Vec<String>> = starter.iter().filter_map(|e| e.head.examples.get("fr")).collect();
    let syllables = ["ba", "ri", "lo", "tu", "mé", "san", "cor", "vi", "né", "dou", "gra", "pli"];
    let thing = |n: usize| {
        [n, n / 12 + 5, n / 3 + 1].iter().fold(String::new(), |word, k| word + syllables[k % syllables.len()])
    };
    let example = |entry: usize, n: usize| {
        let (list, other) = (lists[entry % lists.len()], lists[(entry * 7 + n) % lists.len()]);
        let words = mixed(&list[n % list.len()], &other[(n / list.len() + entry) % other.len()]);
        format!("  \"{} {} {n}\",\n", words.replace('"', " "), thing(entry))
    };
    (0..ENTRIES)
        .map(|entry| {
            let all: String = (0..examples).map(|n| example(entry, n)).collect();
            let file = format!(
                "+++\nid = \"entry-{entry}\"\ntitle = {{ fr = \"Entrée\", en = \"Entry\" }}\n[examples]\nfr = [\n{all}]\n+++\n## fr\n### answer\nOui.\n## en\n### answer\nYes.\n"
            );
            Entry::read(&format!("large/entry-{entry}.md"), &file).ok().context("an entry of the large library")
        })
        .collect()
}

/// The examples in an index of words, ranked by BM25 and nothing else.
struct Bm25 {
    searcher: tantivy::Searcher,
    parser: QueryParser,
}

impl Bm25 {
    fn of(entries: &[Entry]) -> Result<Bm25> {
        let mut schema = Schema::builder();
        let (entry, text) = (schema.add_text_field("entry", STRING | STORED), schema.add_text_field("text", TEXT));
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 32 << 20)?;
        for e in entries {
            for example in &e.head.examples["fr"] {
                writer.add_document(doc!(entry => e.path(), text => example.as_str()))?;
            }
        }
        writer.commit()?;
        let parser = QueryParser::for_index(&index, vec![text]);
        Ok(Bm25 { searcher: index.reader()?.searcher(), parser })
    }

    /// The five nearest examples; how many there are.
    fn ask(&self, text: &str) -> Result<usize> {
        let plain: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        let query = self.parser.parse_query(&plain.to_lowercase())?;
        let top = TopDocs::with_limit(5).order_by_score();
        Ok(self.searcher.search(&query, &top)?.len())
    }
}
