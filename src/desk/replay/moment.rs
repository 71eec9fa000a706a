//! What held when a message came, as far as it decides whether the bot speaks by itself.

use std::time::Duration;

use serde::Serialize;

use crate::base::At;
use crate::desk::bot::{Decision, Verdict};

/// What stood in a conversation.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// When.
    pub at: At,
    /// Who wrote it.
    pub by: By,
}

/// Who wrote something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The customer.
    Customer,
    /// One of ours.
    Person,
    /// The bot.
    Bot,
}

/// What held when a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Moment {
    /// Nothing stood there before.
    pub first: bool,
    /// One of ours had written there within a day.
    pub person: bool,
    /// The bot's answers since a person of ours last wrote.
    pub answers: usize,
    /// The bot had answered within ten minutes.
    pub lately: bool,
    /// The network marked it as automatic.
    pub machine: bool,
}

impl Moment {
    /// The moment of a message, from everything in its conversation that came before, in order.
    pub fn of(at: At, machine: bool, before: &[Before]) -> Moment {
        let within = |b: &Before, span: Duration| at.since(b.at) <= span;
        let since = before.iter().rposition(|b| b.by == By::Person).map_or(0, |n| n + 1);
        Moment {
            first: before.is_empty(),
            person: before.iter().any(|b| b.by == By::Person && within(b, Duration::from_hours(24))),
            answers: before[since..].iter().filter(|b| b.by == By::Bot).count(),
            lately: before.iter().any(|b| b.by == By::Bot && within(b, Duration::from_mins(10))),
            machine,
        }
    }

    /// Why nothing was said by itself at this moment, in the brakes' words.
    pub fn holds(&self) -> Option<&'static str> {
        let brakes =
            [(self.machine, "machine"), (self.answers >= 2, "depth"), (self.lately, "rate"), (self.person, "person")];
        brakes.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
    }
}

/// What would have come of a decision at a moment: an answer that was held is offered.
pub fn temper(decision: Decision, moment: &Moment) -> Decision {
    match moment.holds() {
        Some(why) if decision.decision == Verdict::Answer => {
            Decision { decision: Verdict::Suggest, because: Some(why.to_owned()), ..decision }
        }
        _ => decision,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_had_spoken_decides() {
        let hour = |n: u64| At(0).plus(Duration::from_hours(n));
        let said = |n, by| Before { at: hour(n), by };
        let first = Moment::of(hour(50), false, &[]);
        assert!(first.first && first.holds().is_none());
        assert_eq!(Moment::of(hour(50), true, &[]).holds(), Some("machine"));
        assert_eq!(Moment::of(hour(50), false, &[said(40, By::Person)]).holds(), Some("person"));
        assert_eq!(Moment::of(hour(50), false, &[said(20, By::Person)]).holds(), None);
        assert_eq!(Moment::of(hour(50), false, &[said(30, By::Bot), said(31, By::Bot)]).holds(), Some("depth"));
        let between = [said(30, By::Bot), said(31, By::Person), said(49, By::Bot)];
        assert_eq!(Moment::of(hour(60), false, &between).answers, 1);
        assert_eq!(Moment::of(hour(50), false, &[said(50, By::Bot)]).holds(), Some("rate"));
    }
}
