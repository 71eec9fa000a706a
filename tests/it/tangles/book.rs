//! What was said automatically, and what the brakes would count of it.

use std::time::Duration;

use guichet::base::At;
use guichet::desk::brakes::{Around, Brake};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// An automatic message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    pub at: At,
    pub thread: usize,
    pub contact: usize,
    pub entry: u8,
    /// The words, by number.
    pub words: u64,
    /// The conversation it belongs to.
    pub talk: Option<usize>,
    /// True once it was an ask, and answered in private.
    pub answered: bool,
    /// True when it was taken back before it left.
    pub back: bool,
}

/// Everything automatic in a tangle.
#[derive(Debug, Default)]
pub struct Book {
    pub said: Vec<Said>,
    /// Conversations: thread, and when it began.
    pub talks: Vec<(usize, At)>,
    /// Brakes that held something back.
    pub held: Vec<Brake>,
    /// A conversation heard a machine's mark.
    pub marked: bool,
    pub public: Vec<bool>,
}

impl Book {
    fn count(&self, fits: impl Fn(&Said) -> bool) -> i64 {
        i64::try_from(self.said.iter().filter(|s| !s.back && fits(s)).count()).unwrap()
    }

    /// What is known around a message, as far as what was said tells it: as `flow::bot` counts.
    pub fn around(
        &self,
        now: At,
        (thread, contact): (usize, usize),
        since_person: At,
        (entry, words): (u8, u64),
    ) -> Around {
        let (hour, day) = (now.minus(HOUR), now.minus(DAY));
        let ten = now.minus(Duration::from_mins(10));
        Around {
            our_words: self.count(|s| s.words == words && s.at > day) > 0,
            chain: self.count(|s| !s.answered && s.thread == thread && s.at > since_person.max(day)),
            contact_ten_minutes: self.count(|s| !s.answered && s.contact == contact && s.at > ten),
            contact_entry_day: self.count(|s| !s.answered && s.contact == contact && s.entry == entry && s.at > day),
            thread_hour: self.count(|s| !s.answered && s.thread == thread && s.at > hour),
            thread_day: self.count(|s| !s.answered && s.thread == thread && s.at > day),
            entry_hour: self.count(|s| s.entry == entry && s.at > hour),
            brand_hour: self.count(|s| s.at > hour),
            brand_week: self.count(|_| true),
            ..Around::default()
        }
    }

    /// How often the same was said to a contact within a day.
    pub fn same_answer(&self, now: At, contact: usize, words: u64) -> i64 {
        self.count(|s| s.contact == contact && s.words == words && s.at > now.minus(DAY))
    }

    /// Messages that left.
    pub fn spoken(&self) -> usize {
        self.said.iter().filter(|s| !s.back).count()
    }

    /// Conversations.
    pub fn talks(&self) -> usize {
        self.talks.len()
    }

    /// The first bound that is broken, in words.
    pub fn wrong(&self) -> Option<String> {
        let stand = || self.said.iter().filter(|s| !s.back);
        for (thread, public) in self.public.iter().enumerate() {
            // Asks that a person answered in private count in their conversation; in public all count.
            let counted: Vec<At> =
                stand().filter(|s| s.thread == thread && (*public || !s.answered)).map(|s| s.at).collect();
            if let Some(three) = counted.windows(3).find(|w| w[2].since(w[0]) < HOUR) {
                return Some(format!("three within an hour in thread {thread}: {three:?}"));
            }
            let begun: Vec<At> = self.talks.iter().filter(|t| t.0 == thread).map(|t| t.1).collect();
            if begun.windows(2).any(|w| w[1].since(w[0]) < DAY) {
                return Some(format!("two conversations within a day in thread {thread}"));
            }
            if *public && stand().any(|s| s.thread == thread && s.talk.is_some()) {
                return Some(format!("a conversation in public, in thread {thread}"));
            }
        }
        let turns = |talk: usize| stand().filter(|s| s.talk == Some(talk)).count();
        if let Some(long) = (0..self.talks.len()).find(|t| turns(*t) > 5) {
            return Some(format!("conversation {long} has {} turns", turns(long)));
        }
        self.marked.then(|| "a conversation went on with a machine".to_owned())
    }
}
