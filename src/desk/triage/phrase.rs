//! Phrases of a lexicon, found in a message by whole words.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::base::text::{Folded, fold};

/// Where a phrase was found: bytes of the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which phrase, by its place in the list.
    pub phrase: usize,
    /// First byte.
    pub start: usize,
    /// After the last byte.
    pub end: usize,
}

/// Many phrases, looked for in one pass. A phrase ending in `*` also matches longer words.
#[derive(Debug)]
pub struct Phrases {
    automaton: AhoCorasick,
    open_ended: Vec<bool>,
}

impl Phrases {
    /// Prepares the phrases, given as written by people.
    ///
    /// # Errors
    /// When there are more than the automaton can hold (some tens of millions of bytes).
    pub fn new<S: AsRef<str>>(phrases: &[S]) -> Result<Phrases, String> {
        let open_ended = phrases.iter().map(|p| p.as_ref().ends_with('*')).collect();
        let folded = phrases.iter().map(|p| fold(p.as_ref().trim_end_matches('*').trim()).text);
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::Standard).build(folded).map_err(|e| e.to_string())?;
        Ok(Phrases { automaton, open_ended })
    }

    /// Every place where a phrase stands as whole words.
    pub fn find(&self, text: &Folded) -> Vec<Found> {
        let found = self.automaton.find_overlapping_iter(&text.text);
        found
            .map(|m| Found { phrase: m.pattern().as_usize(), start: m.start(), end: m.end() })
            .filter(|f| f.end > f.start && self.stands_alone(f, &text.text))
            .map(|f| self.whole_word(f, &text.text))
            .collect()
    }

    fn stands_alone(&self, found: &Found, text: &str) -> bool {
        let (before, inside, after) = (&text[..found.start], &text[found.start..found.end], &text[found.end..]);
        let joined = |a: Option<char>, b: Option<char>| {
            a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
        };
        !joined(before.chars().next_back(), inside.chars().next())
            && (self.open_ended[found.phrase] || !joined(inside.chars().next_back(), after.chars().next()))
    }

    /// An open-ended match reaches to the end of its word, so that the mark covers it.
    fn whole_word(&self, found: Found, text: &str) -> Found {
        if !self.open_ended[found.phrase] {
            return found;
        }
        let rest = text[found.end..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - found.end);
        Found { end: found.end + rest, ..found }
    }
}

const NEGATIONS: &str = " pas jamais aucun aucune sans ni ne n'est n'ai not no never don't dont doesn't didn't isn't wasn't \
 without can't cannot won't wouldn't haven't aren't ";

/// True when one of the three words before this place negates what follows.
pub fn is_negated(text: &str, start: usize) -> bool {
    let clause = text[..start].rsplit(['.', '!', '?', ';', '\n', ',']).next().unwrap_or_default();
    clause.split_whitespace().rev().take(3).any(|w| {
        let word = w.trim_matches(|c: char| !c.is_alphanumeric());
        NEGATIONS.contains(&format!(" {word} "))
    })
}

/// True when this place is in a line that quotes somebody else.
pub fn is_quoted(original: &str, at: usize) -> bool {
    let before: String = original.chars().take(at).collect();
    before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let folded = fold(text);
        let phrases = Phrases::new(phrases).unwrap();
        let mut out: Vec<String> =
            phrases.find(&folded).iter().map(|f| folded.text[f.start..f.end].to_owned()).collect();
        out.sort();
        out
    }

    #[test]
    fn whole_words_only_unless_the_author_says_otherwise() {
        assert_eq!(found(&["prix"], "Quel PRIX ? un prixfixe"), ["prix"]);
        assert_eq!(found(&["command*"], "je commande, recommande"), ["commande"]);
        assert_eq!(found(&["ça coûte combien"], "Ca coute combien svp"), ["ca coute combien"]);
        assert_eq!(found(&["😡"], "grr😡😡"), ["😡", "😡"]);
        assert_eq!(found(&["c'est combien"], "C’est combien ?"), ["c'est combien"]);
    }

    #[test]
    fn a_negation_just_before_counts_one_further_away_does_not() {
        let text = fold("je ne veux pas acheter").text;
        assert!(is_negated(&text, text.find("acheter").unwrap()));
        let text = fold("pas de souci, je veux acheter").text;
        assert!(!is_negated(&text, text.find("acheter").unwrap()));
        assert!(is_quoted("> vous écriviez : cassé\nmerci", 20));
        assert!(!is_quoted("> vous\ncassé", 8));
    }
}
