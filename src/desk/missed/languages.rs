//! Languages of questions: apart for comparing, together again where they mean one entry.

use std::collections::{BTreeMap, HashMap};

use super::{Cluster, Question, WEEKS};
use crate::base::text::fold;

/// Questions by language. Whose language is not known is counted where its words are used most; who
/// has no word in common with any stays out.
pub(super) fn apart<'a>(questions: &[&'a Question]) -> BTreeMap<String, Vec<&'a Question>> {
    let mut out: BTreeMap<String, Vec<&Question>> = BTreeMap::new();
    let mut used: HashMap<String, BTreeMap<&str, u32>> = HashMap::new();
    let words = |text: &str| {
        let folded = fold(text).text;
        folded.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 1).map(str::to_owned).collect::<Vec<_>>()
    };
    for question in questions {
        let Some(language) = question.language.as_deref() else { continue };
        out.entry(language.to_owned()).or_default().push(question);
        for word in words(&question.text) {
            *used.entry(word).or_default().entry(language).or_default() += 1;
        }
    }
    for question in questions.iter().filter(|q| q.language.is_none()) {
        let mut votes: BTreeMap<&str, f64> = BTreeMap::new();
        for uses in words(&question.text).iter().filter_map(|w| used.get(w)) {
            let all: u32 = uses.values().sum();
            for (language, n) in uses {
                *votes.entry(language).or_default() += f64::from(*n) / f64::from(all);
            }
        }
        let best = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(a.0)));
        if let Some((language, _)) = best {
            out.entry(language.to_owned()).or_default().push(question);
        }
    }
    for mine in out.values_mut() {
        mine.sort_by(|a, b| (&a.text, a.id).cmp(&(&b.text, b.id)));
    }
    out
}

/// Clusters of different languages that come near to the same entry are one: of each language the
/// largest.
pub(super) fn together(mut found: Vec<Cluster>) -> Vec<Cluster> {
    found.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then(a.members[0].cmp(&b.members[0])));
    let mut out: Vec<Cluster> = Vec::new();
    for cluster in found {
        let language = &cluster.languages[0].0;
        let fits = |o: &&mut Cluster| o.near == cluster.near && o.languages.iter().all(|(l, _)| l != language);
        match out.iter_mut().find(fits).filter(|_| cluster.near.is_some()) {
            Some(other) => {
                other.members.extend(cluster.members);
                other.languages.extend(cluster.languages);
                other.answers.extend(cluster.answers);
                (0..WEEKS).for_each(|n| other.weeks[n] += cluster.weeks[n]);
            }
            None => out.push(cluster),
        }
    }
    out
}
