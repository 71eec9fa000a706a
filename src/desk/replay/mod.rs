//! What another library would have done with messages that came: beside what is live, and beside what
//! a person really said. Pure: the same messages and libraries give the same answer, to the byte.

pub mod alike;
pub mod fix;
pub mod moment;

pub use self::alike::Alike;
pub use self::fix::{Fix, Remedy};
pub use self::moment::{Moment, temper};

use serde::{Deserialize, Serialize};

use super::bot::{Decision, Verdict};
use crate::words;

words! {
    /// What changes for a message, the riskiest first.
    pub enum Bucket {
        /// What is live agreed with what a person really answered; what is tried does not.
        Regression = "regression",
        /// A person has to answer what was answered or offered.
        Escalated = "escalated",
        /// Another answer.
        Changed = "changed",
        /// An answer where there was none.
        New = "new",
        /// Nothing.
        Unchanged = "unchanged",
    }
}

/// What a library does with a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// What, with which entry, and why.
    #[serde(flatten)]
    pub decision: Decision,
    /// How like the person's answer its text is, from 0 to 1; none where nobody answered, or it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alike: Option<f64>,
}

impl Outcome {
    /// In short: `answer hours/opening-hours`, `silent`.
    pub fn short(&self) -> String {
        let d = &self.decision;
        d.entry
            .as_ref()
            .filter(|_| self.says())
            .map_or_else(|| d.decision.to_string(), |e| format!("{} {e}", d.decision))
    }

    /// True when it answers, or offers an entry.
    pub fn says(&self) -> bool {
        matches!(self.decision.decision, Verdict::Answer | Verdict::Suggest)
    }
}

/// From here on a text says what a person said.
pub const AGREES: f64 = 0.35;
/// So much less like it, and it no longer does.
pub const APART: f64 = 0.1;

/// What changes for a message.
pub fn bucket(live: &Outcome, tried: &Outcome) -> Bucket {
    let (a, b) = (&live.decision, &tried.decision);
    if a.decision == b.decision && a.entry == b.entry && a.text == b.text && a.visibility == b.visibility {
        return Bucket::Unchanged;
    }
    if !live.says() && !tried.says() {
        // Silence for another reason is silence; a person who is called is not.
        return if a.decision == b.decision { Bucket::Unchanged } else { Bucket::Escalated };
    }
    let agreed = live.alike.filter(|_| live.says()).is_some_and(|s| s >= AGREES);
    let parted = !tried.says() || tried.alike.unwrap_or(0.0) < live.alike.unwrap_or(0.0) - APART;
    if agreed && parted {
        return Bucket::Regression;
    }
    if !tried.says() {
        return Bucket::Escalated;
    }
    if !live.says() {
        return Bucket::New;
    }
    let other = a.entry != b.entry || a.text != b.text;
    match (other, a.decision, b.decision) {
        (false, Verdict::Answer, Verdict::Suggest) => Bucket::Escalated,
        (false, Verdict::Suggest, Verdict::Answer) => Bucket::New,
        _ => Bucket::Changed,
    }
}

/// How many messages fare how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buckets {
    /// See [`Bucket`].
    pub regression: usize,
    /// See [`Bucket`].
    pub escalated: usize,
    /// See [`Bucket`].
    pub changed: usize,
    /// See [`Bucket`].
    pub new: usize,
    /// See [`Bucket`].
    pub unchanged: usize,
}

impl Buckets {
    /// One more.
    pub fn count(&mut self, bucket: Bucket) {
        *match bucket {
            Bucket::Regression => &mut self.regression,
            Bucket::Escalated => &mut self.escalated,
            Bucket::Changed => &mut self.changed,
            Bucket::New => &mut self.new,
            Bucket::Unchanged => &mut self.unchanged,
        } += 1;
    }

    /// How many fare otherwise than before.
    pub fn differ(&self) -> usize {
        self.regression + self.escalated + self.changed + self.new
    }

    /// Both together.
    #[must_use]
    pub fn and(self, more: Buckets) -> Buckets {
        Buckets {
            regression: self.regression + more.regression,
            escalated: self.escalated + more.escalated,
            changed: self.changed + more.changed,
            new: self.new + more.new,
            unchanged: self.unchanged + more.unchanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(decision: Verdict, entry: Option<&str>, alike: Option<f64>) -> Outcome {
        let decision = Decision {
            decision,
            entry: entry.map(str::to_owned),
            visibility: None,
            language: Some("fr"),
            text: entry.map(str::to_owned),
            because: None,
            trace: crate::desk::trace::Trace::default(),
            score: None,
            others: Vec::new(),
        };
        Outcome { decision, alike }
    }

    #[test]
    fn the_riskiest_name_wins() {
        use Verdict::{Answer, Handoff, Silent, Suggest};
        let (a, b) = (Some("a"), Some("b"));
        for (live, tried, want) in [
            (outcome(Suggest, a, Some(0.8)), outcome(Suggest, a, Some(0.8)), Bucket::Unchanged),
            (outcome(Suggest, a, Some(0.8)), outcome(Suggest, b, Some(0.1)), Bucket::Regression),
            (outcome(Suggest, a, Some(0.8)), outcome(Silent, None, None), Bucket::Regression),
            (outcome(Suggest, a, Some(0.1)), outcome(Suggest, b, Some(0.8)), Bucket::Changed),
            (outcome(Suggest, a, None), outcome(Suggest, b, None), Bucket::Changed),
            (outcome(Suggest, a, None), outcome(Silent, None, None), Bucket::Escalated),
            (outcome(Silent, None, None), outcome(Handoff, None, None), Bucket::Escalated),
            (outcome(Silent, None, None), outcome(Suggest, b, None), Bucket::New),
            (outcome(Answer, a, None), outcome(Suggest, a, None), Bucket::Escalated),
            (outcome(Suggest, a, None), outcome(Answer, a, None), Bucket::New),
            (outcome(Silent, None, None), outcome(Silent, None, None), Bucket::Unchanged),
        ] {
            assert_eq!(bucket(&live, &tried), want, "{} > {}", live.short(), tried.short());
        }
    }
}
