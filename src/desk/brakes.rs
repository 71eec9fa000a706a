//! Seven brakes against loops and floods. Each alone is enough to end one: a machine on the other
//! side, another bot, our own words coming back, a customer who is answered over and over.

use crate::words;

words! {
    /// Why the bot keeps quiet although it knew an answer.
    pub enum Brake {
        /// Our own account wrote, or our own automatic words came back.
        Origin = "origin",
        /// A machine wrote, by its own marks.
        Machine = "machine",
        /// Answers to answers.
        Depth = "depth",
        /// Too many in too short a time.
        Rate = "rate",
        /// The same words again, theirs or ours.
        Sameness = "sameness",
        /// The brand's bot says far more than it used to.
        Breaker = "breaker",
        /// A person leads.
        Person = "person",
    }
}

/// What is known around a message. Counts are of automatic answers that stand, this one not yet
/// among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Around {
    /// The author is one of our own accounts, at any brand.
    pub our_account: bool,
    /// The message says what the bot said within a day.
    pub our_words: bool,
    /// The network or the mail says that a machine wrote it.
    pub machine: bool,
    /// Answers in the thread within a day since a person of ours last wrote there. Here, in an hour, a
    /// day and ten minutes, what was asked in a conversation and answered in private is left out.
    pub chain: i64,
    /// Answers to this contact by this channel in ten minutes.
    pub contact_ten_minutes: i64,
    /// Answers to this contact with this entry in a day.
    pub contact_entry_day: i64,
    /// Answers in the thread in an hour, and in a day.
    pub thread_hour: i64,
    /// See `thread_hour`.
    pub thread_day: i64,
    /// Answers with this entry in an hour, at this brand.
    pub entry_hour: i64,
    /// Answers at this brand in an hour, and in seven days.
    pub brand_hour: i64,
    /// See `brand_hour`.
    pub brand_week: i64,
    /// How much of the network's quota the channel has used, in percent.
    pub channel_usage: i64,
    /// Answers to this contact in these very words within a day.
    pub same_answer: i64,
    /// How often the contact wrote these very words in this ticket within a day, before.
    pub same_question: i64,
    /// For a message that would begin a conversation: those begun in the thread within a day.
    pub talks_day: i64,
    /// What the bot has said so far in the conversation that goes on.
    pub talk_turns: i64,
    /// A person of ours has the ticket, wrote in it within a day, or closed it.
    pub person: bool,
    /// How many times livelier than a real desk it may be by the hour: in the demo, whose crowd is
    /// hurried at will. Below 2: not at all.
    pub lively: i64,
}

/// Above this share of its quota a channel is kept for people, in percent.
const QUOTA: i64 = 90;
/// Messages of the bot in one conversation.
const MOST_TURNS: i64 = super::talk::MOST_TURNS as i64;

impl Around {
    /// Every brake that holds, in the order of [`Brake::ALL`]; none: the bot may answer.
    pub fn brakes(&self) -> Vec<Brake> {
        let holds = |brake: &Brake| match brake {
            Brake::Origin => self.our_account || self.our_words,
            Brake::Machine => self.machine,
            // A customer's reply to an answer may be answered once more; what follows is for people.
            // A conversation has its own bounds, and two brakes that hold them.
            Brake::Depth => self.chain > 1 || self.talk_is_over(),
            Brake::Rate => {
                self.contact_ten_minutes >= 1
                    || self.contact_entry_day >= 3
                    || self.thread_hour >= 2
                    || self.thread_day >= 5
                    || self.entry_hour >= 60 * self.lively.max(1)
                    || self.brand_hour >= 600 * self.lively.max(1)
                    || self.channel_usage >= QUOTA
                    || self.talk_is_over()
            }
            Brake::Sameness => self.same_answer >= 1 || self.same_question >= 2,
            Brake::Breaker => self.is_a_flood(),
            Brake::Person => self.person,
        };
        Brake::ALL.iter().copied().filter(|b| holds(b)).collect()
    }

    /// One conversation a thread and day, of so many turns.
    fn talk_is_over(&self) -> bool {
        self.talks_day >= 1 || self.talk_turns >= MOST_TURNS
    }

    /// True when the brand's bot says more than five times what it says in an hour of its week, and
    /// more than fifty in all: its rules are stopped until a person looks.
    pub fn is_a_flood(&self) -> bool {
        self.brand_hour > 50 * self.lively.max(1) && self.brand_hour * 168 > 5 * self.brand_week.max(self.brand_hour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(set: impl FnOnce(&mut Around)) -> Vec<Brake> {
        let mut around = Around::default();
        set(&mut around);
        around.brakes()
    }

    #[test]
    fn nothing_around_holds_nothing_back() {
        assert!(Around::default().brakes().is_empty());
        assert!(around(|a| (a.chain, a.brand_hour, a.brand_week) = (1, 50, 50)).is_empty());
    }

    #[test]
    fn each_brake_holds_alone() {
        type Set = fn(&mut Around);
        let cases: [(Brake, Set); 15] = [
            (Brake::Origin, |a| a.our_account = true),
            (Brake::Origin, |a| a.our_words = true),
            (Brake::Machine, |a| a.machine = true),
            (Brake::Depth, |a| a.chain = 2),
            (Brake::Rate, |a| a.contact_ten_minutes = 1),
            (Brake::Rate, |a| a.contact_entry_day = 3),
            (Brake::Rate, |a| a.thread_hour = 2),
            (Brake::Rate, |a| a.thread_day = 5),
            (Brake::Rate, |a| a.entry_hour = 60),
            (Brake::Rate, |a| a.channel_usage = 90),
            (Brake::Sameness, |a| a.same_answer = 1),
            (Brake::Sameness, |a| a.same_question = 2),
            (Brake::Breaker, |a| (a.brand_hour, a.brand_week) = (51, 200)),
            (Brake::Person, |a| a.person = true),
            (Brake::Rate, |a| (a.brand_hour, a.brand_week) = (600, 100_000)),
        ];
        for (brake, set) in cases {
            assert_eq!(around(set), [brake]);
        }
        let both = [Brake::Depth, Brake::Rate];
        assert_eq!((around(|a| a.talk_turns = 5), around(|a| a.talks_day = 1)), (both.to_vec(), both.to_vec()));
    }

    #[test]
    fn a_lively_brand_is_no_flood() {
        let flood = |hour, week| Around { brand_hour: hour, brand_week: week, ..Around::default() }.is_a_flood();
        assert!(flood(51, 51) && flood(120, 1_000));
        // Thirty an hour for a week, and a hundred and twenty now: four times as many.
        assert!(!flood(120, 30 * 168) && !flood(50, 50));
        // A crowd that is hurried a hundred times has an hour every half minute.
        let hurried = |hour| Around { brand_hour: hour, brand_week: hour, lively: 100, ..Around::default() };
        assert!(hurried(5_000).brakes().is_empty() && hurried(5_001).is_a_flood());
    }
}
