//! How sure is sure enough, learnt from the examples alone: they are asked of engines that have not
//! seen them, and some of them of engines that do not even know their entry.

use std::collections::BTreeSet;

use super::engine::{Engine, Taught};
use super::normal::Tongue;

/// In so many parts the examples are cut; each is asked of the others.
const PARTS: usize = 5;
/// With fewer examples than this for an entry, in the mean, nothing can be learnt of them.
const FEWEST: usize = 4;
/// Of the right answers so many are kept by [`Sureness::fits`].
const KEPT: f64 = 0.997;
/// What is promised of automatic answers: right so often, with the doubt of few cases taken off.
const RIGHT: f64 = 0.97;

/// From which score on what is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sureness {
    /// From here on an entry fits at all.
    pub fits: f32,
    /// From here on it may be answered without a person; none where the examples cannot promise it.
    pub answers: Option<f32>,
}

/// Learns it. Where there are too few examples to tell, everything fits and nothing is answered.
pub fn sureness(tongue: Tongue, taught: &[Taught]) -> Sureness {
    let mut taught: Vec<&Taught> = taught.iter().collect();
    taught.sort();
    taught.dedup();
    let entries: BTreeSet<&str> = taught.iter().map(|t| t.entry.as_str()).collect();
    let entries: Vec<&str> = entries.into_iter().collect();
    let none = Sureness { fits: 0.0, answers: None };
    if entries.len() < PARTS || taught.len() < FEWEST * entries.len() {
        return none;
    }
    let mut asked: Vec<(f32, bool)> = Vec::new();
    for part in 0..PARTS {
        // Every fifth entry is unknown to this engine, and every fifth example of the others.
        let unknown = |t: &Taught| entries.binary_search(&t.entry.as_str()).is_ok_and(|n| n % PARTS == part);
        let held = |n: usize| (n * 7 + n / 3) % PARTS == part;
        let numbered = || taught.iter().enumerate();
        let seen: Vec<Taught> =
            numbered().filter(|(n, t)| !unknown(t) && !held(*n)).map(|(_, t)| (*t).clone()).collect();
        let engine = Engine::learn(tongue, &seen);
        for (_, t) in numbered().filter(|(n, t)| if unknown(t) { n % 3 == 0 } else { held(*n) }) {
            let hit = engine.ask(&t.text, 1).into_iter().next();
            let right = |entry: usize| engine.entries()[entry] == t.entry && !t.misses;
            asked.push(hit.map_or((0.0, false), |h| (h.score, right(h.entry))));
        }
    }
    asked.sort_by(|a, b| b.0.total_cmp(&a.0));
    Sureness { fits: fits(&asked), answers: answers(&asked) }
}

fn fits(asked: &[(f32, bool)]) -> f32 {
    let right: Vec<f32> = asked.iter().filter(|a| a.1).map(|a| a.0).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share")]
    let last = (right.len() as f64 * KEPT) as usize;
    right.get(last.min(right.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

/// The lowest score down to which enough were right; those of one score stand or fall together.
fn answers(asked: &[(f32, bool)]) -> Option<f32> {
    let (mut right, mut all, mut from) = (0_u32, 0_u32, None);
    for same in asked.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        for (_, is_right) in same {
            right += u32::from(*is_right);
            all += 1;
        }
        if lower_bound(right, all) >= RIGHT {
            from = Some(same[0].0);
        }
    }
    from
}

/// What a share of right ones is at least, in nineteen of twenty cases (Wilson, 1927).
fn lower_bound(right: u32, of: u32) -> f64 {
    const Z: f64 = 1.96;
    let (n, p) = (f64::from(of), f64::from(right) / f64::from(of));
    let middle = p + Z * Z / (2.0 * n);
    let spread = Z * ((p * (1.0 - p) + Z * Z / (4.0 * n)) / n).sqrt();
    (middle - spread) / (1.0 + Z * Z / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_cases_promise_little() {
        assert!((lower_bound(10, 10) - 0.722).abs() < 0.001);
        assert!((lower_bound(97, 100) - 0.915).abs() < 0.001);
        let sure: Vec<(f32, bool)> = (0..60_u8).map(|n| (1.0 - f32::from(n) / 100.0, true)).collect();
        assert_eq!(answers(&sure), None, "sixty right ones are not enough");
        let mut more: Vec<(f32, bool)> = (0..200_u8).map(|n| (1.0 - f32::from(n) / 400.0, true)).collect();
        assert_eq!(answers(&more), Some(more[199].0));
        more.extend((0..50_u8).map(|_| (0.4, false)));
        assert_eq!(answers(&more), Some(more[199].0), "what is wrong below does no harm above");
    }

    #[test]
    fn an_entry_a_question_leaves_nothing_to_learn_from() {
        let one = |n: usize| Taught::example(&format!("e{n}"), &format!("question numéro {n} sur les tasses"));
        let taught: Vec<Taught> = (0..30).map(one).collect();
        assert_eq!(sureness(Tongue::French, &taught), Sureness { fits: 0.0, answers: None });
    }
}
