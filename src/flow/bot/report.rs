//! The report of the bot: how much it answered, offered, handed over and left, how often it was right,
//! and what it cost that it had nothing to say. Counted for whole days by the brand's clock.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::judge::QUIET;
use crate::base::At;
use crate::desk::brand::Brand;
use crate::flow::{House, Result};
use crate::store::report::{self, Came, Tally, What, Which};
use crate::store::{Tx, channels};

/// Which part of the work is looked at.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// So many days, today included.
    pub days: i64,
    /// On this network only.
    pub network: Option<String>,
    /// In this language only.
    pub language: Option<String>,
}

/// How often what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Answered by itself.
    pub answered: u32,
    /// Offered to an agent.
    pub suggested: u32,
    /// A person was called.
    pub handed_over: u32,
    /// Nothing was done.
    pub silent: u32,
    /// Of the answers, those somebody corrected.
    pub corrected: u32,
    /// Of answers and offers, those that were right.
    pub right: u32,
    /// And those anybody has judged, in deed or in words.
    pub judged: u32,
    /// Of what it kept silent about, what a person answered.
    pub alone: u32,
}

impl Counts {
    fn add(&mut self, tally: &Tally) {
        let n = u32::try_from(tally.n).unwrap_or(u32::MAX);
        *match tally.what {
            What::Answered => &mut self.answered,
            What::Suggested => &mut self.suggested,
            What::HandedOver => &mut self.handed_over,
            What::Silent => &mut self.silent,
        } += n;
        match tally.came {
            Came::Alone => self.alone += n,
            Came::Right => (self.right, self.judged) = (self.right + n, self.judged + n),
            Came::Wrong => self.judged += n,
            Came::Open => {}
        }
        if (tally.what, tally.came) == (What::Answered, Came::Wrong) {
            self.corrected += n;
        }
    }

    /// Everything the bot thought about.
    pub fn all(&self) -> u32 {
        self.answered + self.suggested + self.handed_over + self.silent
    }
}

/// A stretch of days.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// From here.
    pub from: At,
    /// To here, not included.
    pub to: At,
    /// What happened.
    pub counts: Counts,
}

/// The report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Days, or weeks where there are many.
    pub stretches: Vec<Stretch>,
    /// Everything.
    pub all: Counts,
    /// By entry; what had none is left out.
    pub entries: BTreeMap<String, Counts>,
    /// By network.
    pub networks: BTreeMap<String, Counts>,
    /// By language; empty where it was not known.
    pub languages: BTreeMap<String, Counts>,
    /// The median time from a question the bot had nothing for to a person's answer.
    pub gap: Option<Duration>,
}

impl Report {
    /// From where to where it goes.
    pub fn span(&self) -> (At, At) {
        let from = self.stretches.first().map(|s| s.from).unwrap_or_default();
        (from, self.stretches.last().map(|s| s.to).unwrap_or_default())
    }

    /// What the gaps cost: how long people waited altogether for what the bot had nothing for, the
    /// median taken for each.
    pub fn cost(&self) -> Option<Duration> {
        self.gap.map(|gap| gap.saturating_mul(self.all.alone))
    }
}

/// Up to so many days each has a row of its own; else each week.
const DAYS: i64 = 14;

/// Counts.
///
/// # Errors
/// As the database reports.
pub async fn report(house: &House, tx: &mut Tx, brand: &Brand, wanted: &Wanted) -> Result<Report> {
    let now = house.now();
    let networks: BTreeMap<_, _> =
        channels::of_brand(tx, brand.id).await?.into_iter().map(|c| (c.id, c.network)).collect();
    let mut report = Report::default();
    for (from, to) in stretches(now, &brand.timezone, wanted.days) {
        let mut counts = Counts::default();
        for tally in report::tallies(tx, brand.id, (from, to), now.minus(QUIET)).await? {
            let network = networks.get(&tally.channel_id).map_or("", String::as_str);
            let other = |wanted: &Option<String>, is: &str| wanted.as_deref().is_some_and(|w| w != is);
            // What one may choose from is everything there is.
            let (by_network, by_language) =
                (report.networks.entry(network.to_owned()), report.languages.entry(tally.language.clone()));
            let (by_network, by_language) = (by_network.or_default(), by_language.or_default());
            let (elsewhere, otherwise) = (other(&wanted.network, network), other(&wanted.language, &tally.language));
            if !otherwise {
                by_network.add(&tally);
            }
            if !elsewhere {
                by_language.add(&tally);
            }
            if elsewhere || otherwise {
                continue;
            }
            counts.add(&tally);
            report.all.add(&tally);
            if !tally.entry.is_empty() {
                report.entries.entry(tally.entry.clone()).or_default().add(&tally);
            }
        }
        report.stretches.push(Stretch { from, to, counts });
    }
    let (from, to) = report.span();
    if report.all.alone > 0 {
        let (network, language) = (wanted.network.clone(), wanted.language.clone());
        let which = Which { from, to, network, language, ..Which::default() };
        let took = report::median(tx, brand.id, &which, i64::from(report.all.alone)).await?;
        report.gap = took.and_then(|t| u64::try_from(t).ok()).map(Duration::from_micros);
    }
    Ok(report)
}

/// The days, or weeks, up to and with today: the last ends with the present day.
fn stretches(now: At, zone: &str, days: i64) -> Vec<(At, At)> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let days = days.clamp(1, 366);
    let step = if days <= DAYS { 1 } else { 7 };
    let today = now.timestamp().to_zoned(zone.clone()).date();
    let at = |back: i64| {
        let date = today.checked_sub(back.days()).unwrap_or(today);
        date.to_zoned(zone.clone()).map_or(now, |z| At(z.timestamp().as_microsecond()))
    };
    let mut out = Vec::new();
    let mut back = days - 1;
    while back >= 0 {
        let end = (back - step).max(-1);
        out.push((at(back), at(end)));
        back = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_brands_own_and_leave_nothing_out() {
        // The clock goes back in Paris on 25 October 2026.
        let now = At::parse("2026-10-27T09:00:00Z").unwrap();
        let week = stretches(now, "Europe/Paris", 7);
        assert_eq!(week.len(), 7);
        assert_eq!(week[0].0, At::parse("2026-10-20T22:00:00Z").unwrap());
        assert_eq!(week[6].1, At::parse("2026-10-27T23:00:00Z").unwrap());
        let hours: Vec<u64> = week.iter().map(|(a, b)| b.since(*a).as_secs() / 3600).collect();
        assert_eq!(hours, [24, 24, 24, 24, 25, 24, 24]);
        for days in [1, 14, 15, 30, 90] {
            let all = stretches(now, "Europe/Paris", days);
            assert!(all.windows(2).all(|w| w[0].1 == w[1].0), "{days}");
            assert_eq!(all.last().unwrap().1, week[6].1);
        }
        assert_eq!(stretches(now, "UTC", 90).len(), 13);
    }
}
