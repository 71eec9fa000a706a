//! What becomes of a reply: the states of the outbox and the moves between them, decided purely.
//!
//! The one rule behind all of it: what may have been sent is never sent again by itself, unless a
//! person wrote it and the network shows that it did not arrive.

use std::time::Duration;

use super::outbound::{Action, LookBack, Outcome, Refusal};
use crate::base::At;
use crate::base::pace::backoff;
use crate::words;

words! {
    /// Where a reply of ours stands.
    pub enum Delivery {
        /// May still be taken back.
        Held = "held",
        /// Waits for its turn.
        Queued = "queued",
        /// Is being sent: written down before the first byte left.
        Sending = "sending",
        /// The network has it.
        Sent = "sent",
        /// It reached the person's device.
        Delivered = "delivered",
        /// It was read.
        Read = "read",
        /// Waits until somebody clears what is in the way.
        Blocked = "blocked",
        /// Surely not sent; waits to be tried again.
        RetryWait = "retry_wait",
        /// Perhaps sent; we look at the network.
        Unknown = "unknown",
        /// Perhaps sent, and the network does not tell: a person decides.
        NeedsDecision = "needs_decision",
        /// The network will never take it.
        Failed = "failed",
        /// Its time was over before it could be sent.
        Expired = "expired",
        /// Taken back by a person.
        Cancelled = "cancelled",
    }
}

impl Delivery {
    /// True while the house still works on it, so that what was written later has to wait.
    pub fn is_under_way(self) -> bool {
        use Delivery::{Held, Queued, RetryWait, Sending, Unknown};
        matches!(self, Held | Queued | Sending | RetryWait | Unknown)
    }

    /// True when it ended otherwise than the person who wrote it meant.
    pub fn is_trouble(self) -> bool {
        use Delivery::{Blocked, Expired, Failed, NeedsDecision};
        matches!(self, Blocked | NeedsDecision | Failed | Expired)
    }
}

/// One attempt, for deciding what follows it.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// What was asked.
    pub action: Action,
    /// True when a person wrote it.
    pub human: bool,
    /// 1 for the first.
    pub number: u32,
    /// When it may no longer be sent.
    pub not_after: At,
    /// How long the network may still carry out what we gave up on.
    pub settle: Duration,
    /// Dice, 0 to 255.
    pub jitter: u8,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The new state.
    pub state: Delivery,
    /// Why: a word of [`Refusal`], `token`, `rate`, `window`, or nothing.
    pub reason: Option<&'static str>,
    /// The network's words, for the agent.
    pub why: Option<String>,
    /// When to act again.
    pub at: Option<At>,
}

impl Next {
    /// A state with nothing more to say.
    pub fn state(state: Delivery) -> Next {
        Next { state, reason: None, why: None, at: None }
    }

    fn because(state: Delivery, reason: &'static str, why: String) -> Next {
        Next { state, reason: Some(reason), why: Some(why), at: None }
    }
}

/// How long nobody is asked while we look: then whatever was written later may go.
const LOOKS: [Duration; 3] = [Duration::ZERO, Duration::from_mins(2), Duration::from_mins(10)];

/// What follows an attempt.
pub fn after_attempt(attempt: &Attempt, outcome: &Outcome, now: At) -> Next {
    match outcome {
        Outcome::Sent { .. } => Next::state(Delivery::Sent),
        Outcome::Later { after, why, whole_channel } => {
            let (first, longest) = (Duration::from_secs(5), Duration::from_mins(10));
            let wait = after.unwrap_or_else(|| backoff(attempt.number, first, longest, attempt.jitter));
            retry(attempt, now.plus(wait), if *whole_channel { "rate" } else { "later" }, why.clone())
        }
        Outcome::Reconnect(why) => Next::because(Delivery::Blocked, "token", why.clone()),
        Outcome::Never(Refusal::WindowClosed, why) => {
            Next::because(Delivery::Failed, Refusal::WindowClosed.as_str(), why.clone())
        }
        Outcome::Never(refusal, why) => Next::because(Delivery::Failed, refusal.as_str(), why.clone()),
        // Hiding or liking twice is hiding or liking once.
        Outcome::Unknown(why) if !attempt.action.is_reply() => {
            let wait = backoff(attempt.number, Duration::from_secs(5), Duration::from_mins(10), attempt.jitter);
            retry(attempt, now.plus(wait), "unknown", why.clone())
        }
        Outcome::Unknown(why) => {
            Next { state: Delivery::Unknown, reason: None, why: Some(why.clone()), at: Some(now.plus(attempt.settle)) }
        }
    }
}

fn retry(attempt: &Attempt, at: At, reason: &'static str, why: String) -> Next {
    if at >= attempt.not_after {
        return Next::because(Delivery::Expired, reason, why);
    }
    Next { state: Delivery::RetryWait, reason: Some(reason), why: Some(why), at: Some(at) }
}

/// What follows a look at the network. `looks` counts this one; `resent` says that one automatic
/// resend has already been made.
pub fn after_look(attempt: &Attempt, looks: u32, resent: bool, found: &LookBack, now: At) -> Next {
    match found {
        LookBack::Found(_) => Next::state(Delivery::Sent),
        LookBack::Absent if attempt.human && !resent => {
            retry(attempt, now, "resend", "it was not found at the network".to_owned())
        }
        LookBack::Absent => ask("it was not found at the network"),
        LookBack::CannotSay(why) => match LOOKS.get(looks as usize) {
            Some(next) => {
                let so_far = LOOKS.get(looks as usize - 1).copied().unwrap_or_default();
                let at = now.plus(next.saturating_sub(so_far));
                Next { state: Delivery::Unknown, reason: None, why: Some(why.clone()), at: Some(at) }
            }
            None => ask(why),
        },
    }
}

fn ask(why: &str) -> Next {
    Next::because(Delivery::NeedsDecision, "unknown", why.to_owned())
}

/// When a reply may no longer be sent: a bot's ten minutes after what it answers, a person's a day
/// later or a minute before the window closes.
pub fn not_after(human: bool, asked: At, window_end: Option<At>) -> At {
    let own = asked.plus(Duration::from_secs(if human { 86_400 } else { 600 }));
    match window_end {
        Some(end) => own.min(end.minus(Duration::from_mins(1))),
        None => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At(1_000_000_000_000);

    fn attempt(action: Action, human: bool) -> Attempt {
        let not_after = NOW.plus(Duration::from_secs(3_600));
        Attempt { action, human, number: 1, not_after, settle: Duration::from_secs(30), jitter: 0 }
    }

    fn unknown() -> Outcome {
        Outcome::Unknown("time ran out".into())
    }

    #[test]
    fn a_reply_without_an_answer_is_looked_for_and_never_queued_again() {
        let next = after_attempt(&attempt(Action::Dm, true), &unknown(), NOW);
        assert_eq!((next.state, next.at), (Delivery::Unknown, Some(NOW.plus(Duration::from_secs(30)))));
    }

    #[test]
    fn moderation_without_an_answer_is_simply_repeated() {
        assert_eq!(after_attempt(&attempt(Action::Hide, true), &unknown(), NOW).state, Delivery::RetryWait);
    }

    #[test]
    fn only_a_persons_reply_is_resent_and_only_once() {
        let look = |human, resent| after_look(&attempt(Action::Dm, human), 1, resent, &LookBack::Absent, NOW).state;
        assert_eq!(look(true, false), Delivery::RetryWait);
        assert_eq!(look(true, true), Delivery::NeedsDecision);
        assert_eq!(look(false, false), Delivery::NeedsDecision);
    }

    #[test]
    fn after_ten_minutes_of_silence_a_person_is_asked() {
        let a = attempt(Action::ReplyPublic, true);
        let look = |n| after_look(&a, n, false, &LookBack::CannotSay("down".into()), NOW);
        assert_eq!(look(1).at, Some(NOW.plus(Duration::from_secs(120))));
        assert_eq!(look(2).at, Some(NOW.plus(Duration::from_secs(480))));
        assert_eq!(look(3).state, Delivery::NeedsDecision);
    }

    #[test]
    fn what_cannot_be_tried_in_time_expires() {
        let outcome =
            Outcome::Later { after: Some(Duration::from_secs(7_200)), whole_channel: true, why: "80001".into() };
        assert_eq!(after_attempt(&attempt(Action::Dm, true), &outcome, NOW).state, Delivery::Expired);
    }

    #[test]
    fn a_dead_login_blocks_and_a_refusal_fails_with_its_reason() {
        let a = attempt(Action::Dm, true);
        assert_eq!(after_attempt(&a, &Outcome::Reconnect("190".into()), NOW).reason, Some("token"));
        let gone = Outcome::Never(Refusal::Gone, "100/33".into());
        assert_eq!(after_attempt(&a, &gone, NOW), Next::because(Delivery::Failed, "gone", "100/33".into()));
    }

    #[test]
    fn a_person_has_a_day_a_bot_ten_minutes_and_both_the_window() {
        let minutes = |m: u64| NOW.plus(Duration::from_secs(m * 60));
        assert_eq!(not_after(true, NOW, None), minutes(1_440));
        assert_eq!(not_after(false, NOW, None), minutes(10));
        assert_eq!(not_after(true, NOW, Some(minutes(31))), minutes(30));
    }
}
