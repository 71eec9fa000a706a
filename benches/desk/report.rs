//! Figures, as a line for people and a line of JSON for programs.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::machine;

/// A figure taken several times: the middle one, the least and the most.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    /// Of the figures of every turn.
    pub fn of(values: &[f64]) -> Spread {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |i: usize| sorted.get(i).copied().unwrap_or(f64::NAN);
        Spread { median: at(sorted.len() / 2), least: at(0), most: at(sorted.len().saturating_sub(1)) }
    }

    /// The figures of two things done one after the other.
    pub fn plus(self, other: Spread) -> Spread {
        Spread { median: self.median + other.median, least: self.least + other.least, most: self.most + other.most }
    }

    fn words(self) -> String {
        if self.least.total_cmp(&self.most).is_eq() {
            return short(self.median);
        }
        format!("{} ({}–{})", short(self.median), short(self.least), short(self.most))
    }

    fn json(self) -> Value {
        json!({"median": self.median, "min": self.least, "max": self.most})
    }
}

/// What we want of a figure.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// Ours is at least so many times the other.
    RatioAtLeast(f64),
    /// Ours is at most so many times the other.
    RatioAtMost(f64),
    /// Ours is at most this.
    AtMost(f64),
}

/// A figure of ours, with what it stands beside.
pub struct Figure<'a> {
    pub workload: &'a str,
    pub what: &'a str,
    pub unit: &'a str,
    pub ours: Spread,
    pub beside: Option<(&'a str, Spread)>,
    pub goal: Option<Goal>,
}

impl Figure<'_> {
    /// Prints it, both ways.
    pub fn print(&self) {
        let ratio = self.beside.map(|(_, other)| self.ours.median / other.median);
        let met = self.goal.map(|goal| match goal {
            Goal::RatioAtLeast(least) => ratio.is_some_and(|r| r >= least),
            Goal::RatioAtMost(most) => ratio.is_some_and(|r| r <= most),
            Goal::AtMost(most) => self.ours.median <= most,
        });
        let goal = self.goal.map(|goal| match goal {
            Goal::RatioAtLeast(least) => format!("≥ {least}×"),
            Goal::RatioAtMost(most) => format!("≤ {most}×"),
            Goal::AtMost(most) => format!("≤ {most} {}", self.unit),
        });
        let mut line = format!("{:<6} {:<46} {} {}", self.workload, self.what, self.ours.words(), self.unit);
        if let (Some((name, other)), Some(ratio)) = (self.beside, ratio) {
            let _ = write!(line, " | {name}: {} | {ratio:.2}×", other.words());
        }
        if let (Some(goal), Some(met)) = (&goal, met) {
            let _ = write!(line, " | goal {goal}: {}", if met { "met" } else { "MISSED" });
        }
        println!("{line}");
        let beside = self.beside.map(|(name, other)| json!({"what": name, "figure": other.json()}));
        let data = json!({"workload": self.workload, "what": self.what, "unit": self.unit, "ours": self.ours.json(),
            "beside": beside, "ratio": ratio, "goal": goal, "met": met});
        println!("{data}");
    }
}

/// Prints a figure that stands alone.
pub fn alone(workload: &str, what: &str, unit: &str, values: &[f64]) {
    Figure { workload, what, unit, ours: Spread::of(values), beside: None, goal: None }.print();
}

/// Says on what it runs and what was asked.
pub fn begin(asked: &[String]) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = machine::load_average();
    println!("{cores} cores, load average {load}; asked: {}", asked.join(" "));
    println!("{}", json!({"cores": cores, "load_average": load, "asked": asked}));
}

/// Says what a workload is about, and how busy the machine is when it begins.
pub fn title(words: &str) {
    println!("\n{words} [load average {}]", machine::load_average());
}

/// Three figures that count.
fn short(n: f64) -> String {
    match n.abs() {
        size if size >= 1_000.0 => {
            let whole = format!("{n:.0}");
            let cut = whole.len() - 3;
            format!("{} {}", &whole[..cut], &whole[cut..])
        }
        size if size >= 100.0 => format!("{n:.0}"),
        size if size >= 10.0 => format!("{n:.1}"),
        _ => format!("{n:.2}"),
    }
}

/// A count as a figure.
pub fn many(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Things done per second.
pub fn rate(n: usize, took: Duration) -> f64 {
    many(n) / took.as_secs_f64()
}

/// Microseconds for each of so many things.
pub fn micros_each(n: usize, took: Duration) -> f64 {
    took.as_secs_f64() * 1e6 / many(n)
}

/// Milliseconds.
pub fn millis(d: Duration) -> f64 {
    d.as_secs_f64() * 1e3
}

/// The middle one and the 99th of a hundred.
pub fn middle_and_p99(mut all: Vec<Duration>) -> (Duration, Duration) {
    all.sort();
    let at = |i: usize| all.get(i).copied().unwrap_or_default();
    (at(all.len() / 2), at(all.len() * 99 / 100))
}
