//! Clusters against a corpus of our own: `tests/corpus/missed.tsv`, fifteen topics in two languages,
//! and what belongs nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::*;
use crate::base::id::ContactId;

const CORPUS: &str = include_str!("../../../tests/corpus/missed.tsv");
const NOW: At = At(1_790_000_000_000_000);

fn question(n: u128, language: &str, text: &str) -> Question {
    Question {
        id: MessageId(uuid::Uuid::from_u128(n)),
        who: Some(ContactId(uuid::Uuid::from_u128(n))),
        text: text.to_owned(),
        language: Some(language.to_owned()),
        at: NOW.minus(Duration::from_hours(u64::try_from(n % 700).unwrap())),
        answer: None,
        near: None,
    }
}

/// The corpus: topic and question.
fn corpus() -> Vec<(&'static str, Question)> {
    let lines = CORPUS.lines().filter(|l| !l.starts_with('#'));
    let rows = lines.map(|l| l.split('\t').collect::<Vec<_>>()).zip(1..);
    rows.map(|(row, n)| (row[0], question(n, row[1], row[2]))).collect()
}

fn of(corpus: &[(&str, Question)], aside: &[(String, Vec<String>)]) -> Vec<Cluster> {
    clusters(&corpus.iter().map(|(_, q)| q.clone()).collect::<Vec<_>>(), aside, NOW)
}

/// How well clusters and topics agree: the share of clustered questions that are of their cluster's
/// topic, and the share of each topic's questions that are in its largest cluster (per language).
fn figures(corpus: &[(&str, Question)], found: &[Cluster]) -> (f64, f64) {
    let topic: BTreeMap<MessageId, (&str, &str)> =
        corpus.iter().map(|(t, q)| (q.id, (*t, q.language.as_deref().unwrap()))).collect();
    let (mut pure, mut clustered) = (0, 0);
    let mut largest: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for cluster in found {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for member in &cluster.members {
            *counts.entry(topic[member]).or_default() += 1;
        }
        clustered += cluster.members.len();
        if let Some((topic, n)) = counts.into_iter().filter(|((t, _), _)| *t != "noise").max_by_key(|(_, n)| *n) {
            pure += n;
            let most = largest.entry(topic).or_default();
            *most = n.max(*most);
        }
    }
    let all = corpus.iter().filter(|(t, _)| *t != "noise").count();
    #[expect(clippy::cast_precision_loss, reason = "hundreds of questions")]
    let share = |a: usize, b: usize| a as f64 / b as f64;
    (share(pure, clustered), share(largest.values().sum(), all))
}

#[test]
fn fifteen_topics_are_told_apart() {
    let corpus = corpus();
    assert!(corpus.len() >= 340, "{} questions", corpus.len());
    let found = of(&corpus, &[]);
    let (purity, completeness) = figures(&corpus, &found);
    assert!(purity >= 0.93, "purity {purity:.3}");
    assert!(completeness >= 0.74, "completeness {completeness:.3}");
    let topics: BTreeSet<&str> = found
        .iter()
        .filter_map(|c| corpus.iter().find(|(_, q)| q.id == c.members[0]).map(|(t, _)| *t))
        .filter(|t| *t != "noise")
        .collect();
    assert_eq!(topics.len(), 15, "each topic names a cluster: {topics:?}");
    let names: Vec<&str> = found
        .iter()
        .take(4)
        .map(|c| corpus.iter().find(|(_, q)| q.id == c.members[0]).unwrap().1.text.as_str())
        .collect();
    assert!(names.iter().any(|n| n.contains("vaisselle")), "{names:?}");
}

#[test]
fn the_order_of_questions_makes_no_difference() {
    let mut corpus = corpus();
    let there = of(&corpus, &[]);
    corpus.reverse();
    assert_eq!(there, of(&corpus, &[]));
    corpus.rotate_left(101);
    assert_eq!(there, of(&corpus, &[]));
}

#[test]
fn what_was_put_aside_does_not_come_back() {
    let corpus = corpus();
    let is = |topic: &str, q: &Question, t: &str| t == topic && q.language.as_deref() == Some("fr");
    let mine = |n: usize| move |(at, _): &(usize, &(&str, Question))| at % 2 == n;
    let dish: Vec<&(&str, Question)> = corpus.iter().filter(|(t, q)| is("dishwasher", q, t)).collect();
    let aside: Vec<String> =
        dish.iter().copied().enumerate().filter(|(n, d)| mine(0)(&(*n, *d))).map(|(_, d)| d.1.text.clone()).collect();
    let rest: Vec<(&str, Question)> = corpus.iter().filter(|(_, q)| !aside.contains(&q.text)).cloned().collect();
    let has = |found: &[Cluster]| {
        let ids: Vec<MessageId> = dish.iter().map(|d| d.1.id).collect();
        found.iter().any(|c| ids.contains(&c.members[0]))
    };
    let before = of(&rest, &[]);
    assert!(has(&before), "half of them are enough for a cluster");
    let after = of(&rest, &[("fr".to_owned(), aside)]);
    assert!(!has(&after), "and are left out when the other half was put aside");
    assert!(after.len() + 2 >= before.len(), "others stay: {} of {}", after.len(), before.len());
}

#[test]
fn two_languages_are_one_where_they_mean_one_entry() {
    let mut corpus: Vec<(&str, Question)> = corpus().into_iter().filter(|(t, _)| *t == "dishwasher").collect();
    let apart = of(&corpus, &[]);
    assert!(apart.iter().all(|c| c.languages.len() == 1), "{apart:?}");
    for (_, question) in &mut corpus {
        question.near = Some(("care/dishwasher".into(), 0.2));
    }
    let found = of(&corpus, &[]);
    let largest = &found[0];
    assert_eq!(largest.languages.iter().map(|(l, _)| l.as_str()).collect::<Vec<_>>(), ["fr", "en"]);
    assert_eq!(largest.near.as_deref(), Some("care/dishwasher"));
    assert_eq!(largest.members.len(), largest.languages.iter().map(|(_, n)| n).sum::<usize>());
    assert_eq!(largest.weeks.iter().sum::<usize>(), largest.members.len());
}

#[test]
fn what_people_answered_says_what_one_entry_would_save() {
    let yes = "Oui, elle passe au lave-vaisselle, dans le panier du haut.";
    let mut corpus: Vec<(&str, Question)> =
        corpus().into_iter().filter(|(t, q)| *t == "dishwasher" && q.language.as_deref() == Some("fr")).collect();
    for (n, (_, question)) in corpus.iter_mut().enumerate().take(8) {
        let text = match n {
            0..4 => yes,
            4 | 5 => "Bonjour ! Oui, au lave-vaisselle dans le panier du haut sans souci.",
            6 => "Je demande à mes collègues et reviens vers vous demain.",
            _ => "Envoyez-nous une photo en message privé svp",
        };
        question.answer = Some((MessageId(uuid::Uuid::from_u128(900 + n as u128)), text.into()));
    }
    let cluster = &of(&corpus, &[])[0];
    let told = &cluster.answers[0];
    assert!(told.given >= 7 && told.alike < told.given && told.alike >= 5, "{told:?}");
    assert!((900..906).contains(&told.central.0.as_u128()), "one of those that say yes: {told:?}");
    assert_eq!(cluster.saves(), cluster.members.len() * told.alike / told.given);
}

#[test]
fn thanks_ask_nothing() {
    let thanks =
        ["Merci beaucoup !", "merci, bonne journée", "Merci beaucoup, c’est parfait", "merci beaucoup 😊 super"];
    let all: Vec<Question> = thanks.iter().zip(1..).map(|(t, n)| question(n, "fr", t)).collect();
    assert!(clusters(&all, &[], NOW).is_empty());
}

#[test]
fn one_person_is_no_cluster_and_unknown_languages_find_theirs() {
    let again = |n: u128| Question {
        who: Some(ContactId(uuid::Uuid::from_u128(1))),
        ..question(n, "fr", "La gourde passe au lave-vaisselle ?")
    };
    let alone: Vec<Question> = (1..9).map(again).collect();
    assert!(clusters(&alone, &[], NOW).is_empty());
    let mut many: Vec<Question> = corpus().into_iter().filter(|(t, _)| *t == "dishwasher").map(|(_, q)| q).collect();
    many.push(Question { language: None, ..question(999, "", "lave-vaisselle ?") });
    let found = clusters(&many, &[], NOW);
    let cluster = found.iter().find(|c| c.members.contains(&many.last().unwrap().id)).expect("it is somewhere");
    assert_eq!(cluster.languages[0].0, "fr");
}

proptest::proptest! {
    #[test]
    fn whatever_is_asked_is_grouped_once(texts in proptest::collection::vec("[a-e ]{0,12}", 0..40)) {
        let all: Vec<Question> = texts.iter().zip(1..).map(|(t, n)| question(n, "fr", t)).collect();
        let found = clusters(&all, &[], NOW);
        let members: Vec<MessageId> = found.iter().flat_map(|c| c.members.clone()).collect();
        let once: BTreeSet<&MessageId> = members.iter().collect();
        proptest::prop_assert_eq!(once.len(), members.len());
    }
}
