//! What stands in the middle: the question that resembles the others most, and the answer.

use serde::{Deserialize, Serialize};

use super::group::Kin;
use super::weigh;
use crate::base::id::MessageId;
use crate::desk::faq::{Reader, Word};

/// Answers from here on say the same.
const SAME: f32 = 0.3;
/// So many answers are compared, at most.
const MOST: usize = 200;

/// What people answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// In which language they were asked.
    pub language: String,
    /// The answer that resembles the others most.
    pub central: MessageId,
    /// How many were given.
    pub given: usize,
    /// How many of them say the same as it.
    pub alike: usize,
}

/// Members of a group, the one that resembles the others most first; shorter ones before longer.
pub(super) fn order<'a>(kin: &Kin<'_>, members: &[usize], text: impl Fn(usize) -> &'a str) -> Vec<usize> {
    let sum = kin.sum(members);
    let mut order: Vec<(f32, usize)> = members.iter().map(|n| (weigh::dot(&kin.vectors[*n], &sum), *n)).collect();
    let key = |n: usize| (text(n).chars().count(), text(n));
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| key(a.1).cmp(&key(b.1))));
    order.into_iter().map(|(_, n)| n).collect()
}

/// What was answered to a cluster's questions.
pub(super) fn told<'a>(
    reader: &Reader,
    language: &str,
    answers: impl Iterator<Item = &'a (MessageId, String)>,
) -> Option<Told> {
    let mut answers: Vec<&(MessageId, String)> = answers.collect();
    answers.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    answers.dedup_by_key(|a| a.0);
    let given = answers.len();
    // Spread over all of them, so that no words are left out for their first letter.
    let step = given.div_ceil(MOST).max(1);
    let some: Vec<&(MessageId, String)> = answers.into_iter().step_by(step).collect();
    let words: Vec<Vec<Word>> = some.iter().map(|a| reader.read(&a.1)).collect();
    let texts: Vec<&[Word]> = words.iter().map(Vec::as_slice).collect();
    let (vectors, _) = weigh::vectors(&texts);
    let like = |a: usize, b: usize| if some[a].1 == some[b].1 { 1.0 } else { weigh::dot(&vectors[a], &vectors[b]) };
    let sums = (0..some.len()).map(|a| (0..some.len()).map(|b| like(a, b)).sum::<f32>());
    let best = sums.enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?.0;
    let alike = (0..some.len()).filter(|n| *n == best || like(best, *n) >= SAME).count() * step;
    Some(Told { language: language.to_owned(), central: some[best].0, given, alike: alike.min(given) })
}
