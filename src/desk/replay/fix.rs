//! What might mend a regression: for the entry that wrongly won, an example that pulled it, words that
//! keep it out, near misses. Each is tried on the changed messages; the one that mends most for its
//! price is shown.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::text::fold;
use crate::desk::canned::{Entry, Problem};
use crate::desk::studio;
use crate::desk::studio::judged::plain;
use crate::desk::studio::lists::{self, List};

/// What is done to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Remedy {
    /// These words become near misses of the entry.
    NearMiss {
        /// The entry's place.
        entry: String,
        /// Their language.
        language: String,
        /// The words.
        words: Vec<String>,
    },
    /// This example goes.
    DropExample {
        /// The entry's place.
        entry: String,
        /// Its language.
        language: String,
        /// The example.
        words: Vec<String>,
    },
    /// With this word in it, the entry is not meant.
    NoneOf {
        /// The entry's place.
        entry: String,
        /// Its language.
        language: String,
        /// The word.
        words: Vec<String>,
    },
    /// These examples come back.
    GiveBack {
        /// The entry's place.
        entry: String,
        /// Their language.
        language: String,
        /// The examples.
        words: Vec<String>,
    },
    /// This word no longer keeps the entry out.
    LetIn {
        /// The entry's place.
        entry: String,
        /// Its language.
        language: String,
        /// The word.
        words: Vec<String>,
    },
}

/// A remedy and what it came to when it was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What is done.
    #[serde(flatten)]
    pub remedy: Remedy,
    /// Regressions it mends, of how many.
    pub mends: usize,
    /// See `mends`.
    pub of: usize,
    /// New answers it loses, of how many.
    pub loses: usize,
    /// See `loses`.
    pub among: usize,
}

/// A message that went wrong.
#[derive(Debug, Clone, Copy)]
pub struct Wrong<'a> {
    /// Its words.
    pub text: &'a str,
    /// Its language.
    pub language: &'a str,
    /// The example nearest to it in what was tried, or in what is live where nothing was found.
    pub example: &'a str,
}

impl Remedy {
    /// Kind, entry, language and words.
    pub fn parts(&self) -> (&'static str, &str, &str, &[String]) {
        match self {
            Remedy::NearMiss { entry, language, words } => ("near-miss", entry, language, words),
            Remedy::DropExample { entry, language, words } => ("drop-example", entry, language, words),
            Remedy::NoneOf { entry, language, words } => ("none-of", entry, language, words),
            Remedy::GiveBack { entry, language, words } => ("give-back", entry, language, words),
            Remedy::LetIn { entry, language, words } => ("let-in", entry, language, words),
        }
    }

    /// The entry's file with it.
    ///
    /// # Errors
    /// What is wrong, when the file is written in a way only a text editor changes.
    pub fn apply(&self, source: &str) -> Result<String, Problem> {
        let (_, path, language, words) = self.parts();
        let file = format!("{path}.md");
        let entry = studio::read(&file, source)?;
        let (list, adds) = match self {
            Remedy::NearMiss { .. } => (List::NotExamples, true),
            Remedy::DropExample { .. } => (List::Examples, false),
            Remedy::NoneOf { .. } => (List::NoneOf, true),
            Remedy::GiveBack { .. } => (List::Examples, true),
            Remedy::LetIn { .. } => (List::NoneOf, false),
        };
        let mut all = list.of(&entry.head, language);
        all.retain(|w| !words.contains(w));
        if adds {
            all.extend(words.iter().cloned());
        }
        lists::set(&file, source, list, language, &all)
    }
}

/// Most messages whose words become near misses at once.
const MISSES: usize = 5;

/// What might help where `winner`, as it is tried, wrongly takes these messages: the least change first.
pub fn against(live: Option<&Entry>, winner: &Entry, wrong: &[Wrong<'_>]) -> Vec<Remedy> {
    let Some(language) = most(wrong.iter().map(|w| w.language)) else { return Vec::new() };
    let wrong: Vec<&Wrong<'_>> = wrong.iter().filter(|w| w.language == language).collect();
    let (entry, language) = (winner.path(), language.to_owned());
    let of = |e: &Entry, list: List| list.of(&e.head, &language);
    let mut out = Vec::new();
    let old: Vec<String> = live.map(|e| of(e, List::Examples)).unwrap_or_default();
    let fresh =
        |example: &&str| !old.iter().any(|o| o == example) && of(winner, List::Examples).iter().any(|e| e == example);
    if let Some(example) = most(wrong.iter().map(|w| w.example).filter(fresh)) {
        let words = vec![example.to_owned()];
        out.push(Remedy::DropExample { entry: entry.clone(), language: language.clone(), words });
    }
    if let Some(word) = telling(&of(winner, List::Examples), &wrong) {
        out.push(Remedy::NoneOf { entry: entry.clone(), language: language.clone(), words: vec![word] });
    }
    let words: BTreeSet<String> = wrong.iter().map(|w| plain(w.text)).filter(|t| !t.is_empty()).take(MISSES).collect();
    out.push(Remedy::NearMiss { entry, language, words: words.into_iter().collect() });
    out
}

/// What might help where `lost`, as it was live, no longer takes these messages.
pub fn giving_back(live: &Entry, lost: &Entry, wrong: &[Wrong<'_>]) -> Vec<Remedy> {
    let Some(language) = most(wrong.iter().map(|w| w.language)) else { return Vec::new() };
    let of = |e: &Entry, list: List| list.of(&e.head, language);
    let (now, kept_out) = (of(lost, List::Examples), of(lost, List::NoneOf));
    let gone: Vec<String> = of(live, List::Examples).into_iter().filter(|e| !now.contains(e)).collect();
    let (entry, language) = (lost.path(), language.to_owned());
    let mut out = Vec::new();
    let was_out = of_live(live, &language);
    let bars = kept_out.iter().filter(|w| !was_out.contains(w)).filter(|w| {
        let word = fold(w).text;
        wrong.iter().any(|m| fold(m.text).text.contains(&word))
    });
    out.extend(bars.map(|w| Remedy::LetIn {
        entry: entry.clone(),
        language: language.clone(),
        words: vec![w.clone()],
    }));
    let nearest: Vec<String> = gone.iter().filter(|g| wrong.iter().any(|w| w.example == g.as_str())).cloned().collect();
    if !nearest.is_empty() {
        out.push(Remedy::GiveBack { entry, language, words: nearest });
    }
    out
}

fn of_live(live: &Entry, language: &str) -> Vec<String> {
    List::NoneOf.of(&live.head, language)
}

/// The word that most of the wrong messages have and none of the entry's examples: long enough to mean
/// something.
fn telling(examples: &[String], wrong: &[&Wrong<'_>]) -> Option<String> {
    let examples: Vec<String> = examples.iter().map(|e| fold(e).text).collect();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for one in wrong {
        let folded = fold(&plain(one.text)).text;
        let words: BTreeSet<&str> =
            folded.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() > 3).collect();
        for word in words {
            if !examples.iter().any(|e| e.contains(word)) {
                *found.entry(word.to_owned()).or_default() += 1;
            }
        }
    }
    let best = found.into_iter().max_by(|a, b| (a.1, a.0.len(), &b.0).cmp(&(b.1, b.0.len(), &a.0)))?;
    Some(best.0)
}

/// What there is most of; of equals the first by letters.
fn most<'a>(all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    all.for_each(|one| *count.entry(one).or_default() += 1);
    count.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0))).map(|(one, _)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "+++\nid = \"late\"\ntitle = { fr = \"A\", en = \"A\" }\n[examples]\nfr = [\"mon colis est en retard\", \"toujours en attente\"]\n+++\n## fr\n### answer\nUn.\n## en\n### answer\nOne.\n";

    fn entry(source: &str) -> Entry {
        Entry::read("d/late.md", source).unwrap()
    }

    #[test]
    fn the_new_example_that_pulled_it_is_named_first() {
        let tried = entry(FILE);
        let live = entry(&FILE.replace(", \"toujours en attente\"", ""));
        let wrong = [
            Wrong {
                text: "toujours en liste d'attente pour la gourde ?",
                language: "fr",
                example: "toujours en attente",
            },
            Wrong { text: "je suis en attente du stock", language: "fr", example: "toujours en attente" },
        ];
        let remedies = against(Some(&live), &tried, &wrong);
        let kinds: Vec<&str> = remedies.iter().map(|r| r.parts().0).collect();
        assert_eq!(kinds, ["drop-example", "none-of", "near-miss"]);
        assert_eq!(Entry::read("d/late.md", &remedies[0].apply(FILE).unwrap()).unwrap().head, live.head);
        let missed = entry(&remedies[2].apply(FILE).unwrap());
        assert_eq!(missed.head.not_examples["fr"].len(), 2);
        assert!(!entry(&remedies[1].apply(FILE).unwrap()).head.when.none_of["fr"].is_empty());
    }

    #[test]
    fn what_was_taken_away_can_come_back() {
        let live = entry(FILE);
        let lost = entry(&FILE.replace("[\"mon colis est en retard\", ", "["));
        let wrong = [Wrong { text: "colis en retard", language: "fr", example: "mon colis est en retard" }];
        let remedies = giving_back(&live, &lost, &wrong);
        assert_eq!(remedies.len(), 1);
        let back = entry(&remedies[0].apply(&FILE.replace("[\"mon colis est en retard\", ", "[")).unwrap());
        assert_eq!(back.head.examples["fr"].len(), 2);
    }
}
