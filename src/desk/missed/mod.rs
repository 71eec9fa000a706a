//! What the bot missed: questions it kept silent on, or offered the wrong thing for, put together by
//! what they ask. Pure: the same questions give the same clusters, in whatever order they come, and
//! nothing is downloaded for it.

mod aside;
mod central;
mod group;
mod languages;
mod weigh;

pub mod attach;
pub mod draft;
pub mod reuse;
pub mod same;
pub mod trend;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use self::central::Told;
use self::central::told;
use self::group::Kin;
use crate::base::At;
use crate::base::id::{ContactId, MessageId};
use crate::desk::faq::{Reader, Tongue, Word};

/// How much more than this two questions of a cluster resemble each other on average, where 0 is
/// nothing in common and 1 the same words: the one threshold of the whole.
pub const ALIKE: f32 = 0.15;
/// Fewer questions, or questions of fewer people, are no cluster.
pub const FEWEST: usize = 3;
/// See [`FEWEST`].
const PEOPLE: usize = 2;
/// From here on what came near a question says which entry might be meant.
const NEAR: f64 = 0.15;
/// Weeks a cluster's questions are counted by.
pub const WEEKS: usize = 5;
const WEEK: Duration = Duration::from_hours(24 * 7);

/// A question that was missed.
#[derive(Debug, Clone)]
pub struct Question {
    /// The message.
    pub id: MessageId,
    /// Who asked.
    pub who: Option<ContactId>,
    /// The words.
    pub text: String,
    /// The language, where it is known.
    pub language: Option<String>,
    /// When.
    pub at: At,
    /// What a person answered, and in which message.
    pub answer: Option<(MessageId, String)>,
    /// The entry that came nearest, and how near.
    pub near: Option<(String, f64)>,
}

/// Questions that ask the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The questions, the most central first: its words are the cluster's name.
    pub members: Vec<MessageId>,
    /// How many in each language, the most first.
    pub languages: Vec<(String, usize)>,
    /// How many in each week, this week first.
    pub weeks: [usize; WEEKS],
    /// The answers people gave, by language: the most central one, and how many.
    pub answers: Vec<Told>,
    /// The entry they come near to, where most agree.
    pub near: Option<String>,
}

impl Cluster {
    /// How many of its questions one entry would have answered: all of them, by the share that people
    /// answered alike.
    pub fn saves(&self) -> usize {
        let (given, alike) = self.answers.iter().fold((0, 0), |(g, a), t| (g + t.given, a + t.alike));
        (self.members.len() * alike).checked_div(given).unwrap_or(0)
    }
}

/// Puts questions together. `put_aside` are groups of texts somebody has decided about, each with its
/// language: what asks the same is left out.
pub fn clusters(questions: &[Question], put_aside: &[(String, Vec<String>)], now: At) -> Vec<Cluster> {
    let mut sorted: Vec<&Question> = questions.iter().collect();
    sorted.sort_by(|a, b| (&a.text, a.id).cmp(&(&b.text, b.id)));
    sorted.dedup_by_key(|q| q.id);
    let mut found: Vec<Cluster> = Vec::new();
    for (language, mine) in languages::apart(&sorted) {
        let settled: Vec<&Vec<String>> = put_aside.iter().filter(|(l, _)| *l == language).map(|(_, t)| t).collect();
        found.extend(of_language(&language, &mine, &settled, now));
    }
    let mut found = languages::together(found);
    found.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then(a.members[0].cmp(&b.members[0])));
    found
}

fn of_language(language: &str, mine: &[&Question], settled: &[&Vec<String>], now: At) -> Vec<Cluster> {
    let reader = Reader::new(Tongue::of(language));
    // The same words asked again are one thing, and weigh the more.
    let mut forms: BTreeMap<Vec<String>, (Vec<Word>, Vec<&Question>)> = BTreeMap::new();
    for question in mine {
        let words = reader.read(&question.text);
        if !weigh::asks(&words) {
            continue;
        }
        let key = words.iter().filter(|w| !w.small).map(|w| w.stem.clone()).collect();
        forms.entry(key).or_insert_with(|| (words, Vec::new())).1.push(question);
    }
    let forms: Vec<(Vec<Word>, Vec<&Question>)> = forms.into_values().collect();
    let aside: Vec<Vec<Word>> = settled.iter().flat_map(|texts| texts.iter().map(|t| reader.read(t))).collect();
    let texts: Vec<&[Word]> = forms.iter().map(|f| f.0.as_slice()).chain(aside.iter().map(Vec::as_slice)).collect();
    let (vectors, features) = weigh::vectors(&texts);
    let (vectors, aside) = vectors.split_at(forms.len());
    let aside = aside::Aside::of(aside, settled.iter().map(|t| t.len()));
    #[expect(clippy::cast_precision_loss, reason = "counts of questions")]
    let sizes: Vec<f32> = forms.iter().map(|(_, same)| same.len() as f32).collect();
    let kin = Kin { vectors, sizes: &sizes, features };
    let mut out = Vec::new();
    for members in group::groups(&kin, ALIKE) {
        let order = central::order(&kin, &members, |n| forms[n].1[0].text.as_str());
        let all: Vec<&Question> = order.iter().flat_map(|n| forms[*n].1.iter().copied()).collect();
        let people: BTreeSet<_> = all.iter().map(|q| q.who.map_or(q.id.0, |w| w.0)).collect();
        if all.len() < FEWEST || people.len() < PEOPLE || aside.has(&kin, &members) {
            continue;
        }
        let answers = all.iter().filter_map(|q| q.answer.as_ref());
        out.push(Cluster {
            members: all.iter().map(|q| q.id).collect(),
            languages: vec![(language.to_owned(), all.len())],
            weeks: weeks(&all, now),
            answers: told(&reader, language, answers).into_iter().collect(),
            near: near(&all),
        });
    }
    out
}

fn weeks(all: &[&Question], now: At) -> [usize; WEEKS] {
    let mut weeks = [0; WEEKS];
    for question in all {
        let ago = now.since(question.at).as_secs() / WEEK.as_secs();
        if let Some(week) = weeks.get_mut(usize::try_from(ago).unwrap_or(usize::MAX)) {
            *week += 1;
        }
    }
    weeks
}

/// The entry that more than half of them come nearest to.
fn near(all: &[&Question]) -> Option<String> {
    let mut by_entry: BTreeMap<&str, usize> = BTreeMap::new();
    for (entry, _) in all.iter().filter_map(|q| q.near.as_ref()).filter(|(_, near)| *near >= NEAR) {
        *by_entry.entry(entry).or_default() += 1;
    }
    let most = by_entry.into_iter().max_by_key(|(entry, n)| (*n, std::cmp::Reverse(*entry)))?;
    (most.1 * 2 > all.len()).then(|| most.0.to_owned())
}
