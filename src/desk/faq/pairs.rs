//! Two entries that look alike, told from each other: a judge for each such pair, learnt from the
//! examples of these two alone. A judge is a share of each of its examples, so that what a text has in
//! common with the examples, which is known by then, is all it needs.

use std::collections::BTreeMap;

use super::pace::stride;
use super::vote::{Lesson, Vote, in_threads};

/// Rivals of an example that its entry is told from.
const RIVALS: usize = 3;
/// So many examples must have them as their rivals.
const OFTEN: usize = 2;
/// How closely examples are followed; the greater, the closer.
const CLOSE: f32 = 5.0;
/// Rounds over the examples, at most.
const ROUNDS: usize = 30;
/// Good enough.
const ENOUGH: f32 = 0.05;

/// The judges, by the two entries they tell from each other, the lesser first.
#[derive(Debug, Default)]
pub struct Pairs(BTreeMap<(usize, usize), Judge>);

/// Tells one entry from another.
#[derive(Debug, Default)]
struct Judge {
    /// What each example says: above 0 for the first entry, below 0 for the second.
    says: Box<[(u32, f32)]>,
    bias: f32,
}

impl Pairs {
    /// Learns to tell entries from each other that the vote finds alike.
    pub fn learn(lessons: &[Lesson<'_>], vote: &Vote, features: usize) -> Pairs {
        let mut of: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (example, lesson) in (0..).zip(lessons).filter(|(_, lesson)| !lesson.misses) {
            of.entry(lesson.entry).or_default().push(example);
        }
        let alike = alike(lessons, vote);
        let examples = |entry: usize| of.get(&entry).map_or(&[][..], Vec::as_slice);
        let judges = in_threads(alike.len(), |n| {
            let (one, other) = alike[n];
            Judge::learn(lessons, examples(one), examples(other), features)
        });
        Pairs(alike.into_iter().zip(judges).collect())
    }

    /// How much more a text looks like the one entry than like the other, from what it has in common
    /// with each example; 0 where they were never mistaken for each other.
    pub fn between(&self, one: usize, other: usize, near: &[f32]) -> f32 {
        let judge = |one, other| self.0.get(&(one, other)).map(|judge| judge.ask(near));
        judge(one, other).or_else(|| judge(other, one).map(|says| -says)).unwrap_or(0.0)
    }
}

/// The pairs of entries that the vote finds alike: one has examples that it would give to the other,
/// were they not its own.
fn alike(lessons: &[Lesson<'_>], vote: &Vote) -> Vec<(usize, usize)> {
    let mut alike: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for rivals in in_threads(lessons.len(), |n| rivals(&lessons[n], vote)) {
        for pair in rivals {
            *alike.entry(pair).or_default() += 1;
        }
    }
    alike.into_iter().filter(|(_, often)| *often >= OFTEN).map(|(pair, _)| pair).collect()
}

/// An example’s entry with each of its strongest rivals.
fn rivals(lesson: &Lesson<'_>, vote: &Vote) -> Vec<(usize, usize)> {
    let mut others: Vec<(f32, usize)> = vote.ask(lesson.vector).into_iter().zip(0..).collect();
    others.retain(|(_, entry)| *entry != lesson.entry && !lesson.misses);
    others.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    others.truncate(RIVALS);
    others.into_iter().map(|(_, other)| (lesson.entry.min(other), lesson.entry.max(other))).collect()
}

impl Judge {
    /// A linear support vector machine by dual coordinate descent (Hsieh and others, 2008), in a fixed
    /// order; examples of an entry that has fewer weigh more.
    fn learn(lessons: &[Lesson<'_>], ones: &[u32], others: &[u32], features: usize) -> Judge {
        #[expect(clippy::cast_precision_loss, reason = "counts of examples")]
        let close = |mine: usize| CLOSE * (ones.len() + others.len()) as f32 / (2 * mine.max(1)) as f32;
        let ones = ones.iter().map(|example| (*example, 1.0, close(ones.len())));
        let others = others.iter().map(|example| (*example, -1.0, close(others.len())));
        let sides: Vec<(u32, f32, f32)> = ones.chain(others).collect();
        let lengths: Vec<f32> =
            sides.iter().map(|s| 1.0 + lessons[s.0 as usize].vector.iter().map(|(_, v)| v * v).sum::<f32>()).collect();
        let mut alphas = vec![0.0_f32; sides.len()];
        let mut weights = vec![0.0_f32; features];
        let mut bias = 0.0_f32;
        let mut order = vec![0; sides.len()];
        for round in 0..ROUNDS {
            let mut worst = 0.0_f32;
            stride(&mut order, round);
            for &at in &order {
                let (example, side, close) = sides[at];
                let vector = lessons[example as usize].vector;
                let dot = bias + vector.iter().map(|(f, v)| weights[*f as usize] * v).sum::<f32>();
                let new = (alphas[at] - (side * dot - 1.0) / lengths[at]).clamp(0.0, close);
                let change = new - alphas[at];
                worst = worst.max(change.abs());
                if change.abs() > 0.0 {
                    alphas[at] = new;
                    for (feature, value) in vector {
                        weights[*feature as usize] += side * change * value;
                    }
                    bias += side * change;
                }
            }
            if worst < ENOUGH {
                break;
            }
        }
        let says = sides.iter().zip(alphas).filter(|(_, alpha)| *alpha > 0.0);
        Judge { says: says.map(|((example, side, _), alpha)| (*example, side * alpha)).collect(), bias }
    }

    fn ask(&self, near: &[f32]) -> f32 {
        self.bias + self.says.iter().map(|(example, says)| says * near[*example as usize]).sum::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::Vector;
    use super::super::pace::Pace;
    use super::*;

    /// Two entries that share a feature and differ in another, and one far away.
    const TAUGHT: [(usize, [u32; 2]); 6] =
        [(0, [0, 1]), (0, [0, 1]), (1, [0, 2]), (1, [0, 2]), (2, [3, 4]), (2, [3, 4])];

    fn vector(features: [u32; 2]) -> Vector {
        features.map(|feature| (feature, 0.5_f32.sqrt())).to_vec()
    }

    /// What the judges say between two entries of a text that has the features, where `misses` adds a near
    /// miss of the first entry.
    fn between(one: usize, other: usize, text: [u32; 2], misses: bool) -> f32 {
        let vectors = TAUGHT.map(|(_, features)| vector(features));
        let mut lessons: Vec<Lesson<'_>> = TAUGHT
            .iter()
            .zip(&vectors)
            .map(|((entry, _), vector)| Lesson { vector, entry: *entry, misses: false })
            .collect();
        if misses {
            lessons.push(Lesson { vector: &vectors[2], entry: 0, misses: true });
        }
        let vote = Vote::learn(&lessons, 3, 5, Pace::LONG);
        let text = vector(text);
        let dot = |v: &Vector| v.iter().flat_map(|a| text.iter().filter(|b| b.0 == a.0).map(|b| a.1 * b.1)).sum();
        let near: Vec<f32> = lessons.iter().map(|lesson| dot(lesson.vector)).collect();
        Pairs::learn(&lessons, &vote, 5).between(one, other, &near)
    }

    #[test]
    fn a_judge_speaks_for_the_entry_whose_examples_are_like_the_text() {
        assert!(between(0, 1, [0, 1], false) > 0.9);
        assert!(between(0, 1, [0, 2], false) < -0.9);
        assert!(between(0, 1, [0, 3], false).abs() < 0.5);
    }

    #[test]
    fn what_speaks_for_one_speaks_against_the_other() {
        for text in [[0, 1], [0, 2], [1, 3]] {
            assert_eq!(between(0, 1, text, false).to_bits(), (-between(1, 0, text, false)).to_bits());
        }
    }

    #[test]
    fn entries_without_a_judge_and_near_misses_say_nothing() {
        assert_eq!(between(0, 7, [0, 1], false).to_bits(), 0.0_f32.to_bits());
        assert_eq!(between(0, 1, [0, 1], true).to_bits(), between(0, 1, [0, 1], false).to_bits());
    }
}
