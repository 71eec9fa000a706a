//! How often labels are right: precision, recall and F1.

use serde::Serialize;

/// What a label came to over many messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rightly given.
    pub right: usize,
    /// Given where it should not be.
    pub wrong: usize,
    /// Missing where it should be.
    pub missed: usize,
}

/// The figures of a label; a share of nothing is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Messages that have the label.
    pub n: usize,
    /// Messages that were given it.
    pub given: usize,
    /// Of those given it, how many have it.
    pub precision: Option<f64>,
    /// Of those that have it, how many were given it.
    pub recall: Option<f64>,
    /// Their harmonic mean.
    pub f1: Option<f64>,
}

impl Tally {
    /// Counts one message.
    pub fn count(&mut self, has: bool, given: bool) {
        match (has, given) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }

    /// The figures.
    pub fn figures(self) -> Figures {
        let (n, given) = (self.right + self.missed, self.right + self.wrong);
        Figures {
            n,
            given,
            precision: share(self.right, given),
            recall: share(self.right, n),
            f1: share(2 * self.right, n + given),
        }
    }
}

/// A share of a whole, to four digits; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of messages")]
pub fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| (part as f64 / of as f64 * 10_000.0).round() / 10_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_tally() {
        let mut tally = Tally::default();
        for (has, given) in [(true, true), (true, true), (true, true), (false, true), (true, false), (false, false)] {
            tally.count(has, given);
        }
        let f = tally.figures();
        assert_eq!((f.n, f.given, f.precision, f.recall, f.f1), (4, 4, Some(0.75), Some(0.75), Some(0.75)));
        assert_eq!(Tally::default().figures().precision, None);
    }
}
