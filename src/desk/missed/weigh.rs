//! What questions are compared by: the stems of the words that say something, their roots, and
//! stems that follow each other. Each weighs the more the fewer questions have it.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use crate::desk::faq::Word;

/// A sparse vector: features in order, and what each weighs.
pub type Vector = Vec<(u32, f32)>;

/// What the root of a word weighs beside its stem.
const ROOT: f32 = 0.5;
/// What two stems that follow each other weigh beside one.
const PAIR: f32 = 0.4;
/// Letters of a root; shorter words are their own.
const LETTERS: usize = 4;
/// Features of more than this share of all questions say nothing, once there are enough questions.
const EVERYWHERE: f32 = 0.25;
/// See [`EVERYWHERE`].
const ENOUGH: usize = 200;
/// A word is as rare as it would be among so many questions, when there are fewer: what all of a
/// handful have in common is what they are about.
const BESIDE: usize = 400;

/// What a word weighs that only frames a question.
const FRAME: f32 = 0.4;
/// Words that frame a question, and say little of what it is about.
static FRAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "combien coute coutent cout possible possibles faire fait faites fais peut peux peuvent pouvez pouvoir \
voudrais voudrait aimerais aimerait souhaite souhaiterais veux veut savoir sais quand quoi quel quelle quels quelles comment \
pourquoi ca cela ceci fonctionne fonctionnent marche marchent va vont aller besoin cherche avoir aussi encore seulement juste \
deja toujours jamais ici alors donc mais ou car fois tout tous toute toutes rien petit petite quelqu quelque autre autres \
question demande dire dit dois doit devez il reste y faut serait sera etre trop plus moins apres avant depuis sans entre \
how much many what which where when why who can could would like want wanted need needs get got possible any some there \
here work works working just also still only yet out up again too then than more less after before from about into over \
know tell question go goes going make makes if will now one may should must been being its im ive dont cant us"
        .split_whitespace()
        .collect()
});

/// Words of thanks and good wishes: who says nothing else asks nothing.
static COURTESIES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "beaucoup bonne bon journee soiree weekend parfait super genial top nickel cool reponse rapide aide \
great perfect awesome lot much very nice day help quick reply appreciate welcome cheers"
        .split_whitespace()
        .collect()
});

/// True when a text says more than a greeting, thanks and good wishes.
pub fn asks(words: &[Word]) -> bool {
    words.iter().any(|w| !w.small && !w.plain.is_empty() && !COURTESIES.contains(w.plain.as_str()))
}

/// The features of a text by name, with what they weigh in it.
fn names(words: &[Word]) -> BTreeMap<String, f32> {
    let mut names = BTreeMap::new();
    let said: Vec<&Word> = words.iter().filter(|w| !w.small && !w.plain.is_empty()).collect();
    for (n, word) in said.iter().enumerate() {
        let weight = |w: &Word| if FRAMES.contains(w.plain.as_str()) { FRAME } else { 1.0 };
        let mine = weight(word);
        names.entry(word.stem.clone()).or_insert(mine);
        if word.plain.chars().count() > LETTERS {
            let root: String = word.plain.chars().take(LETTERS).collect();
            names.entry(format!("^{root}")).or_insert(ROOT * mine);
        }
        if let Some(next) = said.get(n + 1) {
            names.entry(format!("{} {}", word.stem, next.stem)).or_insert(PAIR * mine * weight(next));
        }
    }
    names
}

/// Every text as a vector of length one, and how many features there are. What one text alone has
/// counts for its length and is left out; a text that says nothing is empty.
pub fn vectors(texts: &[&[Word]]) -> (Vec<Vector>, usize) {
    let named: Vec<BTreeMap<String, f32>> = texts.iter().map(|words| names(words)).collect();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for name in named.iter().flat_map(BTreeMap::keys) {
        *seen.entry(name).or_default() += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "there are fewer questions than f32 counts exactly")]
    let (all, beside) = (texts.len() as f32, texts.len().max(BESIDE) as f32);
    #[expect(clippy::cast_precision_loss, reason = "as above")]
    let common = |n: u32| texts.len() >= ENOUGH && n as f32 > all * EVERYWHERE;
    #[expect(clippy::cast_precision_loss, reason = "as above")]
    let idf = |n: u32| ((beside + 1.0) / (n as f32 + 0.5)).ln().max(0.1);
    let kept = seen.iter().filter(|(_, n)| **n > 1 && !common(**n));
    let ids: BTreeMap<&str, u32> = kept.map(|(name, _)| *name).zip(0..).collect();
    let vector = |names: &BTreeMap<String, f32>| {
        let weigh = |(name, weight): (&String, &f32)| (ids.get(name.as_str()), weight * idf(seen[name.as_str()]));
        let weighed: Vec<(Option<&u32>, f32)> = names.iter().map(weigh).collect();
        let length = weighed.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        let mut out: Vector = weighed.iter().filter_map(|(id, w)| Some((**id.as_ref()?, w / length))).collect();
        out.sort_unstable_by_key(|(id, _)| *id);
        out
    };
    (named.iter().map(vector).collect(), ids.len())
}

/// What two vectors have in common.
pub fn dot(one: &[(u32, f32)], other: &[(u32, f32)]) -> f32 {
    let (mut a, mut b, mut sum) = (0, 0, 0.0);
    while let (Some((x, v)), Some((y, w))) = (one.get(a), other.get(b)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => {
                sum += v * w;
                (a, b) = (a + 1, b + 1);
            }
        }
    }
    sum
}

/// Vectors added, each so many times.
pub fn sum<'a>(vectors: impl Iterator<Item = (&'a [(u32, f32)], f32)>) -> Vector {
    let mut all: BTreeMap<u32, f32> = BTreeMap::new();
    for (vector, times) in vectors {
        for (feature, weight) in vector {
            *all.entry(*feature).or_default() += weight * times;
        }
    }
    all.into_iter().collect()
}
