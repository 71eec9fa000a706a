//! What stands on the page of missed questions: a line for each cluster, one cluster in full, what
//! colleagues propose, what was decided.

use serde::Serialize;

use crate::base::text::excerpt;
use crate::desk::canned::Entry;
use crate::desk::missed::trend::Trend;
use crate::flow::library::LANGUAGES;
use crate::flow::missed::material;
use crate::flow::missed::shown::{self, Listed};
use crate::store::{Tx, agents, channels, choices, proposals};
use crate::web::Result;
use crate::web::ask::Hand;

/// Questions of a cluster that are shown at once.
const PAGE: i64 = 20;

/// A cluster in the list.
#[derive(Debug, Serialize)]
pub struct Row {
    id: String,
    title: String,
    lang: String,
    questions: i64,
    week: u64,
    trend: Trend,
    /// Languages and how many questions each.
    languages: Vec<(String, u64)>,
    saves: i64,
    current: bool,
}

impl Row {
    /// For trying templates.
    pub fn samples() -> Vec<Row> {
        let row = |trend, current| Row {
            id: "0".into(),
            title: "elle passe au lave-vaisselle ?".into(),
            lang: "fr".into(),
            questions: 24,
            week: 9,
            trend,
            languages: vec![("fr".into(), 14), ("en".into(), 10)],
            saves: if current { 20 } else { 0 },
            current,
        };
        Trend::ALL.iter().map(|trend| row(*trend, *trend == Trend::New)).collect()
    }
}

/// A cluster as a line.
pub fn row(listed: &Listed, current: bool) -> Row {
    let kept = &listed.kept;
    let weeks: Vec<usize> = serde_json::from_value(kept.weeks.clone()).unwrap_or_default();
    Row {
        id: kept.id.to_string(),
        title: excerpt(&listed.title, 140),
        lang: listed.language.clone(),
        questions: kept.questions,
        week: weeks.first().map_or(0, |n| *n as u64),
        trend: Trend::of(&weeks),
        languages: serde_json::from_value(kept.languages.clone()).unwrap_or_default(),
        saves: kept.saves,
        current,
    }
}

/// A cluster in full.
#[derive(Debug, Serialize)]
pub struct Detail {
    row: Row,
    /// Questions of each week, this week last, and the most of a week.
    weeks: Vec<u64>,
    most: u64,
    examples: Vec<Example>,
    /// The page before, and the next.
    back: Option<i64>,
    next: Option<i64>,
    answers: Vec<Told>,
    /// The entry they come near to: place and title.
    near: Option<(String, String)>,
    /// Every entry to attach to: place, title, true for the nearest.
    entries: Vec<(String, String, bool)>,
    /// Examples for it, one a line, by language.
    phrases: Vec<(String, String)>,
}

/// A question.
#[derive(Debug, Serialize)]
pub struct Example {
    ticket: String,
    text: String,
    lang: Option<String>,
    name: String,
    network: String,
    at: String,
}

/// What people answered.
#[derive(Debug, Serialize)]
pub struct Told {
    lang: String,
    text: String,
    given: usize,
    alike: usize,
}

impl Detail {
    /// For trying templates.
    pub fn samples() -> Vec<Detail> {
        let example = Example {
            ticket: "0".into(),
            text: "Bonjour, elle passe au lave-vaisselle ?".into(),
            lang: Some("fr".into()),
            name: "Léa".into(),
            network: "facebook".into(),
            at: "hier".into(),
        };
        let full = Detail {
            row: Row::samples().remove(0),
            weeks: vec![1, 2, 0, 4, 9],
            most: 9,
            examples: vec![example],
            back: Some(0),
            next: Some(20),
            answers: vec![Told { lang: "fr".into(), text: "Oui, en haut.".into(), given: 9, alike: 8 }],
            near: Some(("care/wash".into(), "Lavage".into())),
            entries: vec![("care/wash".into(), "Lavage".into(), true)],
            phrases: vec![("fr".into(), "elle passe au lave-vaisselle ?".into())],
        };
        let bare = Detail {
            row: Row::samples().remove(1),
            weeks: vec![0, 0, 0, 0, 3],
            most: 3,
            examples: Vec::new(),
            back: None,
            next: None,
            answers: Vec::new(),
            near: None,
            entries: Vec::new(),
            phrases: Vec::new(),
        };
        vec![full, bare]
    }
}

/// Reads a cluster in full.
///
/// # Errors
/// As the database reports.
pub async fn detail(hand: &Hand, tx: &mut Tx, listed: &Listed, from: i64) -> Result<Detail> {
    let (brand, kept, house) = (hand.brand.id, &listed.kept, &hand.web.house);
    let material = material::of_cluster(house, tx, &hand.known.scope, kept).await?;
    let networks = channels::of_brand(tx, brand).await?;
    let clock = hand.clockface();
    let questions = shown::questions(tx, kept, from, PAGE).await?;
    let example = |m: crate::store::messages::Message| Example {
        ticket: m.ticket_id.map(|t| t.to_string()).unwrap_or_default(),
        text: excerpt(crate::desk::quoting::said(m.kind, &m.text), 400),
        lang: m.language,
        name: m.author_name,
        network: networks.iter().find(|c| c.id == m.channel_id).map(|c| c.network.clone()).unwrap_or_default(),
        at: clock.short(m.at),
    };
    let told: Vec<crate::desk::missed::Told> = serde_json::from_value(kept.answers.clone()).unwrap_or_default();
    let library = house.library(tx, brand).await?;
    let title = |e: &Entry| e.title(hand.lang.as_str()).to_owned();
    // Where most come near to none, the entry that is nearest to the one in the middle is chosen first.
    let faq = house.faq(tx, brand).await?;
    let first = faq.ask(&listed.language, &listed.title).into_iter().next().map(|n| n.entry);
    let chosen = material.near.clone().or(first);
    let is_near = |path: &str| chosen.as_deref() == Some(path);
    let mut weeks: Vec<u64> = serde_json::from_value(kept.weeks.clone()).unwrap_or_default();
    weeks.reverse();
    let ours = |l: &&String| LANGUAGES.contains(&l.as_str());
    Ok(Detail {
        row: row(listed, true),
        most: weeks.iter().copied().max().unwrap_or(0),
        weeks,
        examples: questions.into_iter().map(example).collect(),
        back: (from > 0).then_some((from - PAGE).max(0)),
        next: (from + PAGE < kept.questions).then_some(from + PAGE),
        answers: told
            .into_iter()
            .filter_map(|t| {
                let text = material.draft.answers.get(&t.language)?.clone();
                Some(Told { text, lang: t.language, given: t.given, alike: t.alike })
            })
            .collect(),
        near: material.near.as_deref().and_then(|p| library.get(p)).map(|e| (e.path(), title(e))),
        entries: library
            .entries()
            .filter(|_| material.texts.keys().any(|l| ours(&l)))
            .map(|e| (e.path(), title(e), is_near(&e.path())))
            .collect(),
        phrases: material.texts.iter().filter(|(l, _)| ours(l)).map(|(l, t)| (l.clone(), t.join("\n"))).collect(),
    })
}

/// A reply that is proposed as an entry.
#[derive(Debug, Serialize)]
pub struct Proposed {
    id: String,
    path: String,
    by: Option<String>,
    at: String,
}

impl Proposed {
    /// For trying templates.
    pub fn samples() -> Vec<Proposed> {
        let one = |by: Option<&str>| Proposed {
            id: "0".into(),
            path: "care/wash".into(),
            by: by.map(str::to_owned),
            at: "hier".into(),
        };
        vec![one(Some("Karim")), one(None)]
    }
}

/// What waits for somebody who may write the library.
///
/// # Errors
/// As the database reports.
pub async fn proposed(hand: &Hand, tx: &mut Tx) -> Result<Vec<Proposed>> {
    let names = agents::colleagues(tx, hand.brand.id).await?;
    let clock = hand.clockface();
    let all = proposals::open(tx, hand.brand.id).await?.into_iter().map(|p| Proposed {
        id: p.id.to_string(),
        path: p.path,
        by: p.agent_id.and_then(|a| names.iter().find(|n| n.id == a)).map(|n| n.name.clone()),
        at: clock.short(p.at),
    });
    Ok(all.collect())
}

/// What was decided about a cluster.
#[derive(Debug, Serialize)]
pub struct Decided {
    id: String,
    choice: choices::Chosen,
    title: String,
    entry: Option<String>,
    by: Option<String>,
    at: String,
}

impl Decided {
    /// For trying templates.
    pub fn samples() -> Vec<Decided> {
        let one = |choice: &choices::Chosen| Decided {
            id: "0".into(),
            choice: *choice,
            title: "et au four ?".into(),
            entry: (*choice == choices::Chosen::Entry).then(|| "care/wash".into()),
            by: (*choice == choices::Chosen::Never).then(|| "Sarah".into()),
            at: "hier".into(),
        };
        choices::Chosen::ALL.iter().map(one).collect()
    }
}

/// The last decisions.
///
/// # Errors
/// As the database reports.
pub async fn decided(hand: &Hand, tx: &mut Tx) -> Result<Vec<Decided>> {
    let names = agents::colleagues(tx, hand.brand.id).await?;
    let clock = hand.clockface();
    let all = choices::last(tx, hand.brand.id, 20).await?.into_iter().map(|c| Decided {
        id: c.id.to_string(),
        choice: c.choice,
        title: c.title,
        entry: c.entry,
        by: c.agent_id.and_then(|a| names.iter().find(|n| n.id == a)).map(|n| n.name.clone()),
        at: clock.short(c.at),
    });
    Ok(all.collect())
}
