//! What went before a message: what its author asked and was answered, as far as it is a signal.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::base::At;

/// How long a price that was asked is remembered, and in how long a score halves.
pub const FORTNIGHT: Duration = Duration::from_hours(14 * 24);
/// An answer to us within this time is a quick one.
const QUICK: Duration = Duration::from_mins(5);
/// Who waits longer than this for an answer has waited.
const LONG: Duration = Duration::from_hours(24);

/// What went before. By default, nothing did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Before {
    /// They asked for a price within the last 14 days.
    pub asked_price: bool,
    /// They write within five minutes of our answer.
    pub quick_reply: bool,
    /// Their earlier message has waited for a day.
    pub waiting: bool,
    /// By tag, what their last message came to, and is still worth.
    pub earlier: BTreeMap<String, f64>,
}

impl Before {
    /// Of the times of what was written in the ticket before: our last answer, and since when they wait.
    pub fn of_times(now: At, answered: Option<At>, waiting_since: Option<At>) -> Before {
        Before {
            quick_reply: answered.is_some_and(|at| at <= now && now.since(at) <= QUICK),
            waiting: waiting_since.is_some_and(|at| at <= now && now.since(at) >= LONG),
            ..Before::default()
        }
    }

    /// Remembers what an earlier message came to, at its worth today.
    pub fn remember(&mut self, tag: &str, score: f64, at: At, now: At) {
        let worth = faded(score, now.since(at));
        let kept = self.earlier.get(tag).copied().unwrap_or(0.0);
        if worth > kept {
            self.earlier.insert(tag.to_owned(), worth);
        }
    }
}

/// A score after some time: half of it every 14 days; to a tenth.
pub fn faded(score: f64, after: Duration) -> f64 {
    let halves = after.as_secs_f64() / FORTNIGHT.as_secs_f64();
    (score * 0.5_f64.powf(halves) * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_halves_every_fortnight() {
        let days = |n: u64| Duration::from_hours(24 * n);
        assert!((faded(6.0, days(0)) - 6.0).abs() < 1e-9);
        assert!((faded(6.0, days(14)) - 3.0).abs() < 1e-9);
        assert!((faded(6.0, days(28)) - 1.5).abs() < 1e-9);
        assert!((faded(6.0, days(7)) - 4.2).abs() < 1e-9);
    }

    #[test]
    fn quick_answers_and_long_waits() {
        let at = |minutes: u64| At(0).plus(Duration::from_mins(minutes));
        assert!(Before::of_times(at(4), Some(at(0)), None).quick_reply);
        assert!(!Before::of_times(at(6), Some(at(0)), None).quick_reply);
        assert!(Before::of_times(at(24 * 60), None, Some(at(0))).waiting);
        assert!(!Before::of_times(at(60), None, Some(at(0))).waiting);
    }
}
