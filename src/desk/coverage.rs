//! How much of what is asked the library covers: counts, shares, and entries that need somebody.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use crate::desk::canned::Entry;

/// What became of questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Questions.
    pub asked: i64,
    /// Of these with an entry.
    pub known: i64,
    /// Of these offered to the agent.
    pub suggested: i64,
    /// Of these answered by the bot.
    pub answered: i64,
    /// Of these with nothing after the answer.
    pub deflected: i64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.asked += other.asked;
        self.known += other.known;
        self.suggested += other.suggested;
        self.answered += other.answered;
        self.deflected += other.deflected;
    }
}

impl Count {
    /// A part of the questions in hundredths, rounded; none of no questions.
    pub fn share(&self, part: i64) -> Option<i64> {
        (self.asked > 0).then(|| (part * 200 + self.asked) / (self.asked * 2))
    }
}

/// Counts put together by something they share.
pub fn by<K: Ord>(rows: impl Iterator<Item = (K, Count)>) -> BTreeMap<K, Count> {
    let mut out: BTreeMap<K, Count> = BTreeMap::new();
    for (key, count) in rows {
        *out.entry(key).or_default() += count;
    }
    out
}

/// The day on which somebody wanted to read an entry again, when it has come: `2027-03-01`. `today` is
/// written the same way.
pub fn overdue(entry: &Entry, today: &str) -> Option<String> {
    let date = entry.head.review_by.as_ref()?.date?;
    let day = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    (day.as_str() <= today).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_was_asked() {
        let one = Count { asked: 3, known: 2, suggested: 1, answered: 1, deflected: 0 };
        let both = by([("a", one), ("b", one), ("a", one)].into_iter());
        assert_eq!((both["a"].asked, both["b"].asked), (6, 3));
        assert_eq!((one.share(one.known), one.share(one.answered), one.share(3)), (Some(67), Some(33), Some(100)));
        assert_eq!(Count::default().share(0), None);
    }

    #[test]
    fn the_day_itself_is_late() {
        let file = "+++\nid = \"b\"\ntitle = { fr = \"B\" }\nreview_by = 2026-11-22\n+++\n## fr\n### answer\nOui.\n";
        let entry = Entry::read("a/b.md", file).unwrap();
        assert_eq!(overdue(&entry, "2026-11-21"), None);
        assert_eq!(overdue(&entry, "2026-11-22").as_deref(), Some("2026-11-22"));
    }
}
