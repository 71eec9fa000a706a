//! What a text is compared by: stems alone and in pairs, what they mean, and pieces of three to five
//! letters inside words, so that misspelt words still meet; where there are examples enough to learn
//! it from, also which words stand in one text, however far apart. Each weighs the more the fewer
//! examples have it.

use std::collections::{BTreeMap, HashMap};

use super::normal::Word;

/// A sparse vector: numbers of features, in order, and what each weighs.
pub type Vector = Vec<(u32, f32)>;

/// What words that say little weigh beside others.
pub const LITTLE: f32 = 0.5;
/// What a meaning weighs beside the word that has it.
const MEANT: f32 = 0.7;
/// Share of the pieces of words beside whole ones.
const PIECES: f32 = 1.0;
/// Share of words that stand in one text.
const APART: f32 = 1.0;
/// Words that stand in one text are looked at in texts of at most so many.
const LONG: usize = 24;
/// Where there are examples enough for that, the vote itself learns what is telling: how rare something is
/// weighs less, by this power.
const FLAT: f32 = 0.75;
/// How many examples must have such a pair.
const OFTEN: u32 = 2;

/// Every feature the examples have.
#[derive(Debug, Default)]
pub struct Known {
    /// Its number and what it weighs.
    by_name: HashMap<String, (u32, f32)>,
    /// What a feature weighs that no example has.
    unknown: f32,
    /// True when words that stand apart are looked at, too.
    apart: bool,
}

/// The features of a text by name, with how often they occur: words, pieces of words, and, if
/// wanted, words that stand apart.
fn names(words: &[Word], apart: bool) -> [BTreeMap<String, f32>; 3] {
    let (mut whole, mut pieces) = (BTreeMap::new(), BTreeMap::new());
    for (n, word) in words.iter().enumerate() {
        let weight = if word.small { LITTLE } else { 1.0 };
        *whole.entry(word.stem.clone()).or_insert(0.0) += weight;
        if let Some(meaning) = word.alike {
            *whole.entry(format!("={meaning}")).or_insert(0.0) += weight * MEANT;
        }
        if let Some(next) = words.get(n + 1) {
            let weight = if word.small && next.small { LITTLE } else { 1.0 };
            *whole.entry(format!("{} {}", word.stem, next.stem)).or_insert(0.0) += weight;
        }
        if word.plain.is_empty() {
            continue;
        }
        let padded: Vec<char> = std::iter::once(' ').chain(word.plain.chars()).chain([' ']).collect();
        for size in 3..=5 {
            for piece in padded.windows(size) {
                *pieces.entry(format!("~{}", piece.iter().collect::<String>())).or_insert(0.0) += weight;
            }
        }
    }
    [whole, pieces, if apart { pairs(words) } else { BTreeMap::new() }]
}

/// Each word of a text and each two of them, in the order of the alphabet.
fn pairs(words: &[Word]) -> BTreeMap<String, f32> {
    let mut pairs = BTreeMap::new();
    for (n, one) in words.iter().enumerate().take(LONG) {
        *pairs.entry(format!("_{}", one.stem)).or_insert(0.0) += 1.0;
        for other in words.iter().take(LONG).skip(n + 1) {
            let (first, second) =
                if one.stem < other.stem { (&one.stem, &other.stem) } else { (&other.stem, &one.stem) };
            *pairs.entry(format!("_{first} {second}")).or_insert(0.0) += 1.0;
        }
    }
    pairs
}

impl Known {
    /// Learns the features of examples; with `apart`, also which words stand in one text.
    pub fn of<'a>(examples: impl Iterator<Item = &'a [Word]>, apart: bool) -> Known {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut total = 0_u32;
        for words in examples {
            total += 1;
            for group in names(words, apart) {
                for name in group.into_keys() {
                    *seen.entry(name).or_default() += 1;
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "there are fewer examples than f32 counts exactly")]
        let idf = |n: u32| (1.0 + (total + 1) as f32 / (n + 1) as f32).ln().powf(if apart { FLAT } else { 1.0 });
        let kept = seen.into_iter().filter(|(name, n)| !name.starts_with('_') || *n >= OFTEN);
        let by_name = kept.zip(0..).map(|((name, n), id)| (name, (id, idf(n)))).collect();
        Known { by_name, unknown: idf(0), apart }
    }

    /// How many features there are.
    pub fn count(&self) -> usize {
        self.by_name.len()
    }

    /// True when some example has this word.
    pub fn has(&self, stem: &str) -> bool {
        self.by_name.contains_key(stem)
    }

    /// A text as a vector of length one; what no example has counts for the length, and is left out.
    pub fn vector(&self, words: &[Word]) -> Vector {
        let mut vector = Vector::new();
        let shares = [1.0, PIECES, if self.apart { APART } else { 0.0 }];
        for (group, share) in names(words, self.apart).into_iter().zip(shares) {
            let mut length = 0.0;
            let from = vector.len();
            for (name, count) in group {
                let count = if count > 1.0 { 1.0 + count.ln() } else { count };
                match self.by_name.get(&name) {
                    Some((id, idf)) => {
                        length += (count * idf).powi(2);
                        vector.push((*id, count * idf));
                    }
                    None => length += (count * self.unknown).powi(2),
                }
            }
            let length = length.sqrt().max(f32::MIN_POSITIVE);
            vector[from..].iter_mut().for_each(|(_, w)| *w *= share / length);
        }
        let share = shares.iter().map(|s| s * s).sum::<f32>().sqrt();
        for (_, weight) in &mut vector {
            *weight /= share;
        }
        vector.sort_unstable_by_key(|(id, _)| *id);
        vector
    }
}
