//! What a network gives us a day, where it gives by the day and says so too late: counted by
//! ourselves, so that reading never eats what answering needs.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::base::At;

/// A daily allowance, counted in the network's own units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Units a day.
    pub most: u64,
    /// Of these, what is kept for answers: reading stops before it.
    pub reserve: u64,
    /// The time zone whose midnight begins a new day.
    pub zone: &'static str,
}

/// What was used of a budget on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    /// The day, as [`Budget::day`] writes it.
    pub day: String,
    /// Units.
    pub units: u64,
}

impl Budget {
    fn zone(&self) -> TimeZone {
        TimeZone::get(self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The day of a moment, where the network is.
    pub fn day(&self, now: At) -> String {
        now.timestamp().to_zoned(self.zone()).date().to_string()
    }

    /// How long until a new day begins.
    pub fn until_tomorrow(&self, now: At) -> Duration {
        let here = now.timestamp().to_zoned(self.zone());
        let next = here.date().tomorrow().ok().and_then(|d| d.to_zoned(self.zone()).ok());
        let secs = next.map_or(86_400, |n| n.timestamp().as_second() - here.timestamp().as_second());
        Duration::from_secs(u64::try_from(secs).unwrap_or(86_400))
    }

    /// What is used today of what was counted.
    pub fn used(&self, spent: &Spent, now: At) -> u64 {
        if spent.day == self.day(now) { spent.units } else { 0 }
    }

    /// The share of the day's units that is used, in percent.
    pub fn percent(&self, used: u64) -> u8 {
        u8::try_from((used.saturating_mul(100) / self.most.max(1)).min(100)).unwrap_or(100)
    }

    /// True while this much may be used for reading.
    pub fn may_read(&self, used: u64, units: u64) -> bool {
        used + units + self.reserve <= self.most
    }

    /// True while this much may be used for answering.
    pub fn may_write(&self, used: u64, units: u64) -> bool {
        used + units <= self.most
    }

    /// How long to wait before reading again: the usual while half is left, then as long as what
    /// is left for reading lasts to the end of the day at `cost` a time.
    pub fn pace(&self, used: u64, cost: u64, usual: Duration, now: At) -> Duration {
        let left = self.most.saturating_sub(self.reserve).saturating_sub(used);
        if used * 2 <= self.most {
            return usual;
        }
        let times = left / cost.max(1);
        let rest = self.until_tomorrow(now);
        if times == 0 { rest } else { usual.max(rest / u32::try_from(times).unwrap_or(u32::MAX)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOGLE: Budget = Budget { most: 10_000, reserve: 2_000, zone: "America/Los_Angeles" };

    #[test]
    fn a_day_is_the_networks_own() {
        let at = |text| At::parse(text).unwrap();
        assert_eq!(GOOGLE.day(at("2026-11-21T07:59:59Z")), "2026-11-20");
        assert_eq!(GOOGLE.day(at("2026-11-21T08:00:00Z")), "2026-11-21");
        assert_eq!(GOOGLE.until_tomorrow(at("2026-11-21T07:59:00Z")), Duration::from_secs(60));
        let spent = Spent { day: "2026-11-20".into(), units: 9_000 };
        assert_eq!(GOOGLE.used(&spent, at("2026-11-21T07:59:59Z")), 9_000);
        assert_eq!(GOOGLE.used(&spent, at("2026-11-21T08:00:00Z")), 0);
        // The day the clocks go forward has 23 hours.
        assert_eq!(GOOGLE.until_tomorrow(at("2026-03-08T08:00:00Z")), Duration::from_hours(23));
    }

    #[test]
    fn reading_leaves_the_reserve_to_answers() {
        assert!(GOOGLE.may_read(7_999, 1) && !GOOGLE.may_read(8_000, 1));
        assert!(GOOGLE.may_write(9_950, 50) && !GOOGLE.may_write(9_951, 50));
        assert_eq!((GOOGLE.percent(0), GOOGLE.percent(4_250), GOOGLE.percent(20_000)), (0, 42, 100));
    }

    #[test]
    fn reading_slows_as_the_budget_goes() {
        let (usual, now) = (Duration::from_mins(5), At::parse("2026-11-21T20:00:00Z").unwrap());
        assert_eq!(GOOGLE.pace(5_000, 5, usual, now), usual);
        // Twelve hours are left and a hundred units: twenty looks.
        assert_eq!(GOOGLE.pace(7_900, 5, usual, now), Duration::from_mins(36));
        assert_eq!(GOOGLE.pace(8_000, 5, usual, now), Duration::from_hours(12));
    }
}
