//! What people write in a hurry, read as what they mean: shorthands written out, drawn-out letters
//! squeezed, and a word one slip away from a word of the lexicons taken for it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::words::{Word, words};

/// Shorter words are too like each other to be repaired.
const SHORTEST: usize = 6;

/// The words the lexicons know, and the shorthands.
#[derive(Debug, Default)]
pub struct Spelling {
    short: HashMap<String, Vec<String>>,
    known: HashSet<String>,
    begun: HashSet<String>,
    /// A word with one letter left out, and the words of the lexicons it may come from.
    slips: HashMap<String, Vec<String>>,
}

impl Spelling {
    /// Of the words of all phrases and the beginnings they look for, shorthands, and words that are right as they are.
    pub fn of<'a>(
        vocabulary: impl Iterator<Item = &'a str>,
        begun: impl Iterator<Item = &'a str>,
        short: &BTreeMap<String, String>,
        right: &[String],
    ) -> Spelling {
        let written_out = |text: &str| words(text).into_iter().map(|w| w.text).collect::<Vec<String>>();
        let short: HashMap<String, Vec<String>> =
            short.iter().map(|(from, to)| (written_out(from).concat(), written_out(to))).collect();
        let all: std::collections::BTreeSet<String> = vocabulary.map(str::to_owned).collect();
        let mut slips: HashMap<String, Vec<String>> = HashMap::new();
        for word in all.iter().filter(|w| w.chars().count() >= SHORTEST && w.chars().all(char::is_alphabetic)) {
            for left in std::iter::once(word.clone()).chain(shortened(word)) {
                slips.entry(left).or_default().push(word.clone());
            }
        }
        let right = right.iter().flat_map(|w| written_out(w));
        let begun = begun.map(str::to_owned).collect();
        Spelling { known: all.into_iter().chain(right).collect(), begun, short, slips }
    }

    /// Reads the words anew; a shorthand for several words becomes several, all in its place.
    pub fn read(&self, words: Vec<Word>) -> Vec<Word> {
        let mut out = Vec::with_capacity(words.len());
        for mut word in words {
            if !word.elided {
                if let Some(long) = self.short.get(&word.text) {
                    out.extend(long.iter().map(|text| Word { text: text.clone(), ..word.clone() }));
                    continue;
                }
                let read = self.one(&word.text);
                word.repaired = read != word.text && squeeze(&word.text, 1).is_none();
                word.text = read;
            }
            out.push(word);
        }
        out
    }

    fn one(&self, text: &str) -> String {
        if self.known.contains(text) {
            return text.to_owned();
        }
        let squeezed = |keep: usize| squeeze(text, keep);
        if let Some(two) = squeezed(2) {
            let one = squeezed(1).unwrap_or_else(|| two.clone());
            return if self.known.contains(&two) { two } else { one };
        }
        let begun = || text.char_indices().skip(3).any(|(cut, _)| self.begun.contains(&text[..cut]));
        if text.chars().count() < SHORTEST || !text.chars().all(char::is_alphabetic) || begun() {
            return text.to_owned();
        }
        self.repaired(text).unwrap_or_else(|| text.to_owned())
    }

    /// The word of the lexicons one slip away that begins with the same letter; the first by the
    /// alphabet where there are several.
    fn repaired(&self, text: &str) -> Option<String> {
        let first = text.chars().next();
        let near = std::iter::once(text.to_owned()).chain(shortened(text));
        let found = near.filter_map(|n| self.slips.get(&n)).flatten();
        found.filter(|w| w.chars().next() == first && is_one_slip(text, w)).min().cloned()
    }
}

/// A word with each of its letters left out in turn.
fn shortened(word: &str) -> impl Iterator<Item = String> + '_ {
    word.char_indices().map(|(i, c)| format!("{}{}", &word[..i], &word[i + c.len_utf8()..]))
}

/// One letter more, less, other, or two in each other's place; but not where only the end differs:
/// “annuel” is no slip of “annulé”. A plural is.
fn is_one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (long, short) = (a.len().max(b.len()), a.len().min(b.len()));
    let (left, right) = (&a[same..], &b[same..]);
    let plural = same == short && long == short + 1 && (left.first().or(right.first()) == Some(&'s'));
    if plural {
        return true;
    }
    // A letter written twice is a slip also next to the end.
    let twice = |long: &[char], short: &[char]| {
        same > 0 && !short.is_empty() && long.first() == a[..same].last() && long[1..] == *short
    };
    if twice(left, right) || twice(right, left) {
        return true;
    }
    if same + 2 > short {
        return false;
    }
    match (left.len(), right.len()) {
        (x, y) if x == y => {
            let swapped = x >= 3 && left[0] == right[1] && left[1] == right[0] && left[2..] == right[2..];
            swapped || (long > SHORTEST && left[1..] == right[1..])
        }
        (x, y) if x == y + 1 => left[1..] == *right,
        (x, y) if x + 1 == y => *left == right[1..],
        _ => false,
    }
}

/// Letters that stand three times and more in a row are kept this often; nothing when there are none.
fn squeeze(word: &str, keep: usize) -> Option<String> {
    let chars: Vec<char> = word.chars().collect();
    let (mut out, mut at, mut long) = (String::new(), 0, false);
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|c| **c == chars[at]).count();
        let drawn = run >= 3 && chars[at].is_alphabetic();
        long |= drawn;
        out.extend(std::iter::repeat_n(chars[at], if drawn { keep } else { run }));
        at += run;
    }
    long.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let short = BTreeMap::from([("tjs".to_owned(), "toujours".to_owned()), ("jai".to_owned(), "j'ai".to_owned())]);
        let known = ["remboursement", "commande", "toujours", "good", "refund", "livraison"];
        let spelling = Spelling::of(known.into_iter(), ["rembours"].into_iter(), &short, &["commander".to_owned()]);
        spelling.read(words(text)).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn slips_and_shorthands_are_read_as_meant() {
        assert_eq!(read("jai tjs pas"), ["j", "ai", "toujours", "pas"]);
        assert_eq!(
            read("rembousement livraiosn refunnd comande"),
            ["remboursement", "livraison", "refund", "commande"]
        );
        assert_eq!(read("goooood siiii"), ["good", "si"]);
        assert_eq!(read("commander demande fund"), ["commander", "demande", "fund"], "other words stay what they are");
    }

    #[test]
    fn what_a_slip_is() {
        for (a, b, yes) in [
            ("refnud", "refund", true),
            ("refunnd", "refund", true),
            ("annuel", "annule", false),
            ("refunds", "refund", true),
            ("reefund", "refund", true),
            ("livroison", "livraison", true),
            ("refuse", "refund", false),
            ("fund", "refund", false),
        ] {
            assert_eq!(is_one_slip(a, b), yes, "{a} {b}");
        }
    }
}
