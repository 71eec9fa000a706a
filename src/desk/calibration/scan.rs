//! The threshold of an entry: a plain scan from the highest score downwards. At each score it counts
//! what was judged there or above; the lowest score whose bound still keeps the promise is the
//! threshold. What is promised is promised of everything that will be answered, which is what lies at
//! or above the threshold: so no curve is fitted (isotonic regression would tell the chance of one
//! score, which nobody asks), and a bad stretch below does no harm above.

use super::thresholds::{Bar, Evidence};
use super::wilson::at_least;
use crate::desk::message::Visibility;

/// What was judged at one score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heap {
    /// The score, in hundredths.
    pub score: u32,
    /// Right ones.
    pub right: u32,
    /// All.
    pub of: u32,
}

/// What is promised, and how much must have been seen before anything is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// Right so often, at least, from 0 to 1.
    pub right: f64,
    /// Judgments at or above the threshold.
    pub fewest: u32,
}

/// The aims for both audiences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aims {
    /// For answers one person reads.
    pub private: Aim,
    /// For answers everybody reads.
    pub public: Aim,
}

impl Aims {
    /// The aim for an audience.
    pub fn of(&self, visibility: Visibility) -> Aim {
        if visibility == Visibility::Public { self.public } else { self.private }
    }
}

impl Default for Aims {
    fn default() -> Aims {
        Aims { private: Aim { right: 0.95, fewest: 30 }, public: Aim { right: 0.97, fewest: 50 } }
    }
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Everything that was judged, at whatever score.
    pub all: Evidence,
    /// From where on it may answer; none while the evidence does not carry it.
    pub bar: Option<Bar>,
}

/// Counts. Heaps may come in any order; two of one score are one.
pub fn standing(heaps: &[Heap], aim: Aim) -> Standing {
    let mut heaps = heaps.to_vec();
    heaps.sort_by_key(|h| std::cmp::Reverse(h.score));
    let (mut right, mut of, mut bar) = (0, 0, None);
    for same in heaps.chunk_by(|a, b| a.score == b.score) {
        right += same.iter().map(|h| h.right.min(h.of)).sum::<u32>();
        of += same.iter().map(|h| h.of).sum::<u32>();
        let evidence = Evidence { right, of, at_least: at_least(right, of) };
        if of >= aim.fewest && evidence.at_least >= aim.right {
            bar = Some(Bar { at: f64::from(same[0].score) / 100.0, evidence: Some(evidence) });
        }
    }
    Standing { all: Evidence { right, of, at_least: at_least(right, of) }, bar }
}

/// How many right ones in a row an aim asks for at the least: what people are told to expect.
pub fn fewest_flawless(aim: Aim) -> u32 {
    (1..=100_000).find(|n| *n >= aim.fewest && at_least(*n, *n) >= aim.right).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heap(score: u32, right: u32, of: u32) -> Heap {
        Heap { score, right, of }
    }

    #[test]
    fn the_lowest_score_that_keeps_the_promise() {
        let aim = Aims::default().private;
        // 52 flawless ones are the fewest that promise 95 %.
        assert_eq!(fewest_flawless(aim), 52);
        assert_eq!(standing(&[heap(90, 51, 51)], aim).bar, None);
        let found = standing(&[heap(55, 12, 12), heap(90, 40, 40)], aim).bar.unwrap();
        assert!((found.at - 0.55).abs() < 1e-9, "{found:?}");
        assert_eq!(found.evidence.map(|e| (e.right, e.of)), Some((52, 52)));
        // What is wrong below does no harm above.
        let found = standing(&[heap(55, 12, 12), heap(40, 0, 30), heap(90, 40, 40)], aim);
        assert!((found.bar.unwrap().at - 0.55).abs() < 1e-9);
        assert_eq!((found.all.right, found.all.of), (52, 82));
        // What is wrong above does.
        assert_eq!(standing(&[heap(95, 0, 5), heap(90, 60, 60)], aim).bar, None);
    }

    #[test]
    fn the_public_is_promised_more() {
        let heaps = [heap(80, 60, 60)];
        assert!(standing(&heaps, Aims::default().private).bar.is_some());
        assert_eq!(standing(&heaps, Aims::default().public).bar, None);
        assert_eq!(fewest_flawless(Aims::default().public), 88);
    }

    #[test]
    fn order_and_splitting_change_nothing_and_a_bar_always_keeps_its_promise() {
        // A small generator of its own, so that the same hundred cases come every time.
        let mut seed = 7_u32;
        let mut dice = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) % below
        };
        for _ in 0..300 {
            let aim = Aim { right: 0.6 + f64::from(dice(39)) / 100.0, fewest: dice(40) };
            let heaps: Vec<Heap> = (0..dice(30))
                .map(|_| {
                    let of = 1 + dice(12);
                    heap(25 + dice(76), of - dice(of.div_ceil(5) + 1), of)
                })
                .collect();
            let found = standing(&heaps, aim);
            let turned: Vec<Heap> = heaps.iter().rev().copied().collect();
            assert_eq!(standing(&turned, aim), found);
            let single: Vec<Heap> =
                heaps.iter().flat_map(|h| (0..h.of).map(|n| heap(h.score, u32::from(n < h.right), 1))).collect();
            assert_eq!(standing(&single, aim), found);
            let Some(bar) = found.bar else { continue };
            let above = || heaps.iter().filter(|h| f64::from(h.score) / 100.0 >= bar.at - 1e-9);
            let (right, of) = (above().map(|h| h.right).sum(), above().map(|h| h.of).sum());
            assert!(of >= aim.fewest && at_least(right, of) >= aim.right);
            assert_eq!(bar.evidence.map(|e| (e.right, e.of)), Some((right, of)));
        }
    }
}
