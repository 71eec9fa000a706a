//! Phrases of a lexicon, found in a message by whole words. In a phrase, `*` at the end of a word
//! stands for any ending, `#` for any number, and `…` for up to three words in between.

use std::collections::HashMap;

use super::words::{Word, words};

/// Where a phrase was found, in words of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which phrase, by its place in the list.
    pub phrase: usize,
    /// First word.
    pub start: usize,
    /// After the last word.
    pub end: usize,
}

/// One part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Word(String),
    Begins(String),
    Number,
    Gap,
}

/// The most words a gap spans.
const GAP: usize = 3;

/// Many phrases, looked for in one pass.
#[derive(Debug, Default)]
pub struct Phrases {
    kept: Vec<Vec<Part>>,
    by_word: HashMap<String, Vec<usize>>,
    /// By the first letters of the first word.
    by_beginning: HashMap<String, Vec<usize>>,
    by_number: Vec<usize>,
}

impl Phrases {
    /// Prepares the phrases, given as written by people.
    ///
    /// # Errors
    /// A phrase without a word, or that begins or ends with a gap.
    pub fn new<S: AsRef<str>>(phrases: &[S]) -> Result<Phrases, String> {
        let mut all = Phrases::default();
        for (n, phrase) in phrases.iter().enumerate() {
            let parts = parts(phrase.as_ref());
            match parts.first() {
                Some(Part::Word(w)) => all.by_word.entry(w.clone()).or_default().push(n),
                Some(Part::Begins(w)) => all.by_beginning.entry(w.clone()).or_default().push(n),
                Some(Part::Number) if parts.len() > 1 => all.by_number.push(n),
                _ => return Err(format!("“{}” begins with no word", phrase.as_ref())),
            }
            if parts.last() == Some(&Part::Gap) {
                return Err(format!("“{}” ends with a gap", phrase.as_ref()));
            }
            all.kept.push(parts);
        }
        Ok(all)
    }

    /// Every word the phrases are made of.
    pub fn vocabulary(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().flatten().filter_map(|p| match p {
            Part::Word(w) => Some(w.as_str()),
            _ => None,
        })
    }

    /// Every beginning of a word that some phrase looks for.
    pub fn beginnings(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().flatten().filter_map(|p| match p {
            Part::Begins(w) => Some(w.as_str()),
            _ => None,
        })
    }

    /// Every place where a phrase stands.
    pub fn find(&self, words: &[Word]) -> Vec<Found> {
        let mut found = Vec::new();
        for (start, word) in words.iter().enumerate() {
            let mut try_all = |phrases: &[usize]| {
                for phrase in phrases {
                    if let Some(end) = reach(&self.kept[*phrase], words, start) {
                        found.push(Found { phrase: *phrase, start, end });
                    }
                }
            };
            if let Some(phrases) = self.by_word.get(&word.text) {
                try_all(phrases);
            }
            if is_number(&word.text) {
                try_all(&self.by_number);
            }
            if !self.by_beginning.is_empty() {
                for (cut, _) in word.text.char_indices().skip(1).chain([(word.text.len(), ' ')]) {
                    if let Some(phrases) = self.by_beginning.get(&word.text[..cut]) {
                        try_all(phrases);
                    }
                }
            }
        }
        found
    }
}

/// Where a phrase that begins at this word ends, if it stands there; within one sentence.
fn reach(parts: &[Part], words: &[Word], at: usize) -> Option<usize> {
    let Some(part) = parts.first() else { return Some(at) };
    let rest = &parts[1..];
    if *part == Part::Gap {
        return (0..=GAP).find_map(|skip| reach(rest, words, at + skip));
    }
    let word = words.get(at)?;
    let fits = match part {
        Part::Word(w) => *w == word.text,
        Part::Begins(w) => word.text.starts_with(w.as_str()),
        Part::Number => is_number(&word.text),
        Part::Gap => false,
    };
    if !fits {
        return None;
    }
    let end = reach(rest, words, at + 1)?;
    (words[end - 1].sentence == word.sentence).then_some(end)
}

fn parts(phrase: &str) -> Vec<Part> {
    let mut out = Vec::new();
    for piece in phrase.replace('…', " … ").split_whitespace() {
        match piece {
            "…" => out.push(Part::Gap),
            "#" => out.push(Part::Number),
            _ => {
                out.extend(words(piece.trim_end_matches('*')).into_iter().map(|w| Part::Word(w.text)));
                if piece.ends_with('*')
                    && let Some(Part::Word(last)) = out.last().cloned()
                {
                    out.pop();
                    out.push(Part::Begins(last));
                }
            }
        }
    }
    out
}

const NUMBERS: &str = " un une deux trois quatre cinq six sept huit neuf dix douze quinze vingt trente quarante cinquante cent \
 mille plusieurs one two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty several few ";

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        || NUMBERS.contains(&format!(" {word} "))
}

const NEGATIONS: &str = " pas jamais aucun aucune sans ni ne n non guere not no never without nothing nobody nor cannot cant \
 doesnt didnt isnt wasnt arent wont wouldnt havent hasnt couldnt shouldnt neither ";

/// True when one of the three words before this place, in its clause, negates what follows; or, as
/// French has it, the word after (“je recommande pas”).
pub fn is_negated(words: &[Word], start: usize, end: usize, french: bool) -> bool {
    let clause = words[start].clause;
    let before = words[start.saturating_sub(3)..start].iter().filter(|w| w.clause == clause);
    let mut negates =
        before.map(|w| w.text.as_str()).filter(|w| NEGATIONS.contains(&format!(" {w} ")) || (!french && *w == "dont"));
    let after = words.get(end).is_some_and(|w| w.clause == clause && w.text == "pas")
        && words.get(end + 1).is_none_or(|w| !matches!(w.text.as_str(), "mal" | "cher" | "trop" | "de"));
    negates.next().is_some() || after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let words = words(text);
        let phrases = Phrases::new(phrases).unwrap();
        let piece = |f: &Found| words[f.start..f.end].iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        phrases.find(&words).iter().map(piece).collect()
    }

    #[test]
    fn whole_words_only_unless_the_author_says_otherwise() {
        assert_eq!(found(&["prix"], "Quel PRIX ? un prixfixe"), ["prix"]);
        assert_eq!(found(&["command*"], "je commande, recommande"), ["commande"]);
        assert_eq!(found(&["ça coûte combien"], "Ca coute combien svp"), ["ca coute combien"]);
        assert_eq!(found(&["😡"], "grr😡😡"), ["😡", "😡"]);
        assert_eq!(found(&["c'est combien"], "C’est combien ?"), ["c est combien"]);
    }

    #[test]
    fn numbers_and_gaps() {
        assert_eq!(found(&["depuis # jours"], "depuis 3 jours, depuis trois jours, depuis jours").len(), 2);
        let phrases = ["want to … buy"];
        assert_eq!(found(&phrases, "I want to buy"), ["want to buy"]);
        assert_eq!(found(&phrases, "I want to maybe really buy").len(), 1);
        assert!(found(&phrases, "I want to. Then buy").is_empty(), "not across sentences");
        assert!(found(&phrases, "I want to go to the shop to buy").is_empty(), "too far");
        assert!(Phrases::new(&["… x"]).is_err() && Phrases::new(&["x …"]).is_err() && Phrases::new(&["?"]).is_err());
    }

    #[test]
    fn a_negation_just_before_counts_one_further_away_does_not() {
        let negated = |text: &str, word: &str, french: bool| {
            let words = words(text);
            let at = words.iter().position(|w| w.text == word).unwrap();
            is_negated(&words, at, at + 1, french)
        };
        assert!(negated("je ne veux pas acheter", "acheter", true));
        assert!(!negated("pas de souci, je veux acheter", "acheter", true));
        assert!(negated("je recommande pas", "recommande", true));
        assert!(negated("I don't recommend", "recommend", false));
        assert!(!negated("le colis dont j'ai besoin", "besoin", true));
    }
}
