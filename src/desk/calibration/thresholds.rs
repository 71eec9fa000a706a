//! From which score on what is done: the same for every entry without evidence of its own.

use serde::{Deserialize, Serialize};

/// What a threshold rests on: so many judged messages at or above it, and so many of them right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Evidence {
    /// Right ones.
    pub right: u32,
    /// All of them.
    pub of: u32,
    /// What the share of right ones is at least, at 95 %, one-sided.
    pub at_least: f64,
}

/// From which score on an entry answers by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// From 0 to 1, in hundredths.
    pub at: f64,
    /// Why so; none where nobody has judged enough.
    pub evidence: Option<Evidence>,
}

/// Everything that is compared with a score.
#[derive(Clone, Copy)]
pub struct Thresholds<'a> {
    /// From here on an entry is offered to the agent.
    pub suggests: f64,
    /// From where on an entry answers, in a language.
    pub bar: &'a (dyn Fn(&str, &str) -> Bar + Sync),
}

/// A score as it is compared: whole hundredths, the rest left off, so that what is kept, shown and
/// written into files decides as what was thought.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept between 0 and 100")]
pub fn hundredths(score: f64) -> u32 {
    (score * 100.0 + 1e-6).clamp(0.0, 100.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundredth_is_itself() {
        for n in 0..=100_u32 {
            assert_eq!(hundredths(f64::from(n) / 100.0), n);
        }
        assert_eq!((hundredths(0.699_9), hundredths(-1.0), hundredths(7.0), hundredths(f64::NAN)), (69, 0, 100, 0));
    }
}
