//! Whether a question is asked more often than it was.

use super::{Cluster, WEEKS};
use crate::words;

words! {
    /// This week against the weeks before.
    pub enum Trend {
        /// Nobody asked before this week.
        New = "new",
        /// Half as often again, or more.
        Up = "up",
        /// About as often.
        Same = "same",
        /// A third less often, or rarer.
        Down = "down",
    }
}

impl Trend {
    /// Of questions by week, this week first.
    pub fn of(weeks: &[usize]) -> Trend {
        let this = weeks.first().copied().unwrap_or(0);
        let before: usize = weeks.iter().skip(1).sum();
        // Beside an average week before: everything times the weeks, so that nothing is rounded.
        let (now, was) = (this * (WEEKS - 1), before);
        match () {
            () if before == 0 && this > 0 => Trend::New,
            () if now * 2 >= was * 3 && now >= was + WEEKS => Trend::Up,
            () if was * 2 >= now * 3 && was >= now + WEEKS => Trend::Down,
            () => Trend::Same,
        }
    }
}

impl Cluster {
    /// How it is asked.
    pub fn trend(&self) -> Trend {
        Trend::of(&self.weeks)
    }
}

#[cfg(test)]
mod tests {
    use super::Trend;

    #[test]
    fn a_few_more_are_no_trend() {
        for (weeks, trend) in [
            ([3, 0, 0, 0, 0], Trend::New),
            ([8, 4, 4, 4, 4], Trend::Up),
            ([2, 1, 1, 1, 1], Trend::Same),
            ([1, 5, 6, 4, 5], Trend::Down),
            ([0, 1, 1, 1, 0], Trend::Same),
            ([4, 4, 4, 4, 4], Trend::Same),
        ] {
            assert_eq!(Trend::of(&weeks), trend, "{weeks:?}");
        }
    }
}
