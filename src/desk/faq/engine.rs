//! What a library has learnt of one language, and what it says of a text: the entries that may be
//! meant, how sure that is, and by which words.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::aside;
use super::features::{Known, Vector};
use super::near::Near;
use super::normal::{Reader, Tongue, Word};
use super::pace::Pace;
use super::phrases::{self, Phrases};
use super::vote::{Lesson, Vote};
use crate::desk::bot;

/// A word that weighs less says nothing for or against an entry.
const SAYS: f32 = 0.5;
/// With so many examples an entry, in the mean, it is learnt which words stand in one text; with fewer
/// that would be learning them by heart.
const ENOUGH: f32 = 40.0;
/// With so many, what words side by side say; they are trusted the more, the nearer that is to enough.
const SOME: f32 = 20.0;
/// Share of what words side by side say in the vote, where there is enough.
const PHRASES: f32 = 0.6;
/// Words of so many letters are often another word: they are read as one that the examples say so often.
/// Shorter ones are left as they are.
const SHORT: usize = 4;
const OFTEN: u32 = 4;

/// What an engine is taught.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taught {
    /// The entry it belongs to, or comes near to and misses.
    pub entry: String,
    /// True for a near miss: it speaks against its entry, and for no other.
    pub misses: bool,
    /// What somebody might write.
    pub text: String,
}

impl Taught {
    /// What somebody might write who means this entry.
    pub fn example(entry: &str, text: &str) -> Taught {
        Taught { entry: entry.to_owned(), misses: false, text: text.to_owned() }
    }

    /// What somebody might write who does not mean this entry, though it looks like it.
    pub fn near_miss(entry: &str, text: &str) -> Taught {
        Taught { misses: true, ..Taught::example(entry, text) }
    }
}

/// What is known of one language.
pub struct Engine {
    reader: Reader,
    known: Known,
    entries: Vec<String>,
    examples: Vec<Example>,
    vote: Vote,
    phrases: Phrases,
    /// Share of the vote that the phrases have where they know all words.
    trusted: f32,
    near: Near,
    vocabulary: Vec<HashSet<String>>,
    typos: Typos,
}

/// An example as it is kept.
struct Example {
    entry: usize,
    misses: bool,
    text: String,
}

/// An entry that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its place among the entries.
    pub entry: usize,
    /// How sure it is, between 0 and 1.
    pub score: f32,
    /// The vote for it.
    pub vote: f32,
    /// How near its nearest example is.
    pub near: f32,
    /// Its nearest example.
    pub example: usize,
}

impl Engine {
    /// Learns examples; the order they come in makes no difference.
    pub fn learn(tongue: Tongue, taught: &[Taught]) -> Engine {
        let mut taught: Vec<&Taught> = taught.iter().collect();
        taught.sort();
        taught.dedup();
        let reader = Reader::new(tongue);
        let read: Vec<Vec<Word>> = taught.iter().map(|t| reader.read(&t.text)).collect();
        let names: BTreeSet<&str> = taught.iter().map(|t| t.entry.as_str()).collect();
        #[expect(clippy::cast_precision_loss, reason = "counts of examples")]
        let each = taught.iter().filter(|t| !t.misses).count() as f32 / names.len().max(1) as f32;
        let many = each >= ENOUGH;
        let known = Known::of(read.iter().map(Vec::as_slice), many);
        let names: BTreeMap<&str, usize> = names.into_iter().zip(0..).collect();
        let entries: Vec<String> = names.keys().map(|n| (*n).to_owned()).collect();
        let examples: Vec<Example> = taught
            .iter()
            .map(|t| Example { entry: names[t.entry.as_str()], misses: t.misses, text: t.text.clone() })
            .collect();
        let vectors: Vec<Vector> = read.iter().map(|w| known.vector(w)).collect();
        let lessons: Vec<Lesson<'_>> = examples
            .iter()
            .zip(&vectors)
            .map(|(e, vector)| Lesson { vector, entry: e.entry, misses: e.misses })
            .collect();
        let pace = if many { Pace::LONG } else { Pace::SHORT };
        let vote = Vote::learn(&lessons, entries.len(), known.count(), pace);
        let phrases = if each >= SOME { phrases_of(&examples, &read, entries.len()) } else { Phrases::default() };
        let trusted = PHRASES * (each / ENOUGH).min(1.0).powi(2);
        let mut vocabulary = vec![HashSet::new(); entries.len()];
        for (example, words) in examples.iter().zip(&read) {
            if !example.misses {
                vocabulary[example.entry].extend(words.iter().map(|w| w.stem.clone()));
            }
        }
        let near = Near::of(&vectors, known.count());
        let typos = Typos::of(read.iter().flatten());
        Engine { reader, known, entries, examples, vote, phrases, trusted, near, vocabulary, typos }
    }

    /// The entries, in their order.
    pub fn entries(&self) -> &[String] {
        &self.entries
    }

    /// The words of a text, with what looks misspelt as it was probably meant.
    fn words(&self, text: &str) -> Vec<Word> {
        let mut words = self.reader.read(text);
        for word in &mut words {
            if !word.small
                && !self.known.has(&word.stem)
                && let Some((plain, stem)) = self.typos.meant(&word.plain)
            {
                word.plain = plain.to_owned();
                word.stem = stem.to_owned();
                word.alike = self.reader.meaning(stem);
            }
        }
        words
    }

    /// The entries a text may mean, the likeliest first, `most` at most.
    pub fn ask(&self, text: &str, most: usize) -> Vec<Hit> {
        self.hear(text, most, &|_| true).1
    }

    /// The words that were taken for the question, and the entries they may mean. Where it cannot be told
    /// what only stands beside it, the reading that finds the surer entry holds.
    pub(super) fn hear(&self, text: &str, most: usize, may: &dyn Fn(&str) -> bool) -> (Vec<Word>, Vec<Hit>) {
        let readings = aside::readings(text, self.words(text));
        let heard = readings.into_iter().map(|words| {
            let hits = self.of_words(&words, most, may);
            (words, hits)
        });
        let sure = |hits: &[Hit]| hits.first().map_or(0.0, |h| h.score);
        heard.reduce(|a, b| if sure(&b.1) > sure(&a.1) { b } else { a }).unwrap_or_default()
    }

    /// The entries words may mean, of those that may be meant at all: `may` is asked only of those that
    /// count.
    fn of_words(&self, words: &[Word], most: usize, may: &dyn Fn(&str) -> bool) -> Vec<Hit> {
        if words.iter().all(|w| w.small) {
            return Vec::new();
        }
        let vector = self.known.vector(words);
        let votes = self.votes(words, &vector);
        let mut best: Vec<(f32, usize)> = vec![(0.0, usize::MAX); self.entries.len()];
        for (example, near) in self.near.ask(&vector).into_iter().enumerate() {
            let Example { entry, misses, .. } = self.examples[example];
            if !misses && near > best[entry].0 {
                best[entry] = (near, example);
            }
        }
        let mut order: Vec<(f32, usize)> = best
            .iter()
            .enumerate()
            .filter(|(_, (near, _))| *near > 0.0)
            .map(|(entry, (near, _))| ((votes[entry] * near).sqrt(), entry))
            .collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let may = |entry: usize| may(&self.entries[entry]);
        let first: Vec<usize> = order.iter().map(|(_, entry)| *entry).filter(|entry| may(*entry)).take(most).collect();
        let mut by_vote: Vec<usize> = order.into_iter().map(|(_, entry)| entry).collect();
        by_vote.sort_by(|a, b| votes[*b].total_cmp(&votes[*a]).then(a.cmp(b)));
        let hit = |(place, entry): (usize, &usize)| {
            // What stands before an entry is not its rival: it is asked about when that one was not meant.
            let rival = by_vote.iter().find(|other| !first[..=place].contains(other) && may(**other));
            let (entry, (near, example)) = (*entry, best[*entry]);
            let score = score(votes[entry], near, rival.map_or(0.0, |other| votes[*other]));
            Hit { entry, score, vote: votes[entry], near, example }
        };
        first.iter().enumerate().map(hit).collect()
    }

    /// The vote for each entry: what its words and their pieces say, and, where that was learnt, what
    /// words side by side say, the more the more of them are known.
    fn votes(&self, words: &[Word], vector: &[(u32, f32)]) -> Vec<f32> {
        let votes = self.vote.ask(vector);
        let Some((phrases, known)) = self.phrases.ask(words) else { return votes };
        let share = self.trusted * known.powi(2);
        let both = |(vote, phrase): (f32, f32)| vote.powf(1.0 - share) * phrase.powf(share);
        votes.into_iter().zip(phrases).map(both).collect()
    }

    /// A hit with its evidence: the words the entry knows and those it does not, and its nearest example.
    pub(super) fn explain(&self, text: &str, words: &[Word], hit: &Hit) -> bot::Near {
        let chars: Vec<char> = text.chars().collect();
        let knows = |w: &&Word| self.vocabulary[hit.entry].contains(&w.stem);
        let known = words.iter().filter(knows).map(|w| (w.start, w.end, !w.small));
        let unknown = words.iter().filter(|w| !w.small && !knows(w)).map(|w| chars[w.start..w.end].iter().collect());
        bot::Near {
            entry: self.entries[hit.entry].clone(),
            score: f64::from(hit.score),
            example: self.examples[hit.example].text.clone(),
            known: runs(known, &chars),
            unknown: unknown.collect(),
            speaks_for: Vec::new(),
            against: Vec::new(),
        }
    }

    /// The words of a text that speak for an entry, and those that speak against it, the weightiest
    /// first, three of each at most: each weighed as if it stood alone.
    pub(super) fn weigh(&self, text: &str, words: &[Word], entry: &str) -> (Vec<String>, Vec<String>) {
        let Ok(entry) = self.entries.binary_search_by(|e| e.as_str().cmp(entry)) else {
            return (Vec::new(), Vec::new());
        };
        let chars: Vec<char> = text.chars().collect();
        let mut weights: Vec<(f32, String)> = Vec::new();
        for word in words.iter().filter(|w| !w.small && w.start < w.end) {
            let said: String = chars[word.start..word.end].iter().collect();
            if !weights.iter().any(|(_, w)| *w == said) {
                weights.push((self.vote.weigh(&self.known.vector(std::slice::from_ref(word)), entry), said));
            }
        }
        weights.sort_by(|a, b| b.0.total_cmp(&a.0));
        let speaks = weights.iter().filter(|w| w.0 > SAYS).take(3).map(|w| w.1.clone()).collect();
        let against = weights.iter().rev().filter(|w| w.0 < -SAYS).take(3).map(|w| w.1.clone()).collect();
        (speaks, against)
    }
}

/// What words side by side say in these examples.
fn phrases_of(examples: &[Example], read: &[Vec<Word>], entries: usize) -> Phrases {
    let both = examples.iter().zip(read);
    let lessons = both.map(|(e, words)| phrases::Lesson { words, entry: e.entry, misses: e.misses });
    Phrases::learn(&lessons.collect::<Vec<_>>(), entries)
}

/// How often such an answer is right: the vote for it, how near its nearest example is, and the vote
/// for the strongest of the others, weighed as questions of many libraries teach that were asked of
/// engines that had not seen them, some not even their entry (`docs/bot.md`).
fn score(vote: f32, near: f32, rival: f32) -> f32 {
    let logit = 3.5 + 1.15 * vote.max(1e-6).ln() + 1.1 * near.max(1e-6).ln() + 2.9 * (1.0 - rival).max(1e-6).ln();
    1.0 / (1.0 + (-logit).exp())
}

/// Known words that follow each other, as one piece each; pieces that say little are no evidence.
fn runs(known: impl Iterator<Item = (usize, usize, bool)>, said: &[char]) -> Vec<(usize, usize, String)> {
    let mut runs: Vec<(usize, usize, bool)> = Vec::new();
    for (start, end, says) in known {
        match runs.last_mut().filter(|last| last.1 + 1 == start) {
            Some(last) => {
                last.1 = end;
                last.2 |= says;
            }
            None => runs.push((start, end, says)),
        }
    }
    let words = |(start, end, _): (usize, usize, bool)| (start, end, said[start..end].iter().collect());
    runs.into_iter().filter(|run| run.2).map(words).collect()
}

/// Known words by what is left of them when a letter is missing.
#[derive(Default)]
struct Typos {
    words: Vec<(String, String, u32)>,
    without: HashMap<String, Vec<u32>>,
}

impl Typos {
    fn of<'a>(words: impl Iterator<Item = &'a Word>) -> Typos {
        let mut seen: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for word in words.filter(|w| w.plain.chars().count() >= 4) {
            *seen.entry((&word.plain, &word.stem)).or_default() += 1;
        }
        let mut typos = Typos::default();
        for ((plain, stem), count) in seen {
            let n = u32::try_from(typos.words.len()).unwrap_or(u32::MAX);
            for less in shorter(plain) {
                typos.without.entry(less).or_default().push(n);
            }
            typos.words.push((plain.to_owned(), stem.to_owned(), count));
        }
        typos
    }

    /// The commonest known word one letter away: one missing, one too many, one wrong, two swapped.
    fn meant(&self, word: &str) -> Option<(&str, &str)> {
        let found = shorter(word).chain([word.to_owned()]).filter_map(|less| self.without.get(&less)).flatten();
        let least = match word.chars().count() {
            0..SHORT => return None,
            SHORT => OFTEN,
            _ => 1,
        };
        let found = found.filter(|n| self.words[**n as usize].2 >= least);
        let best = found.max_by_key(|n| (self.words[**n as usize].2, std::cmp::Reverse(**n)))?;
        let (plain, stem, _) = &self.words[*best as usize];
        Some((plain, stem))
    }
}

/// A word without one of its letters (the first stays), and whole.
fn shorter(word: &str) -> impl Iterator<Item = String> {
    let chars: Vec<char> = word.chars().collect();
    let whole = word.to_owned();
    (1..chars.len())
        .map(move |skip| chars.iter().enumerate().filter(|(n, _)| *n != skip).map(|(_, c)| *c).collect())
        .chain([whole])
}
