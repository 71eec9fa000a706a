//! The conversations behind a figure.

use axum::extract::Query;
use serde::{Deserialize, Serialize};

use super::asked::{Asked, Link, network_name};
use crate::base::At;
use crate::base::id::MessageId;
use crate::base::locale::{find, t};
use crate::base::text::excerpt;
use crate::flow::bot::judge::QUIET;
use crate::store::report::{self, Came, Case, What, Which};
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::bot::Frame;
use crate::web::page::{Page, View};

/// A page of it.
const PAGE: usize = 50;

/// Which conversations.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    days: i64,
    #[serde(default)]
    network: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    from: i64,
    #[serde(default)]
    to: i64,
    #[serde(default)]
    entry: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    came: String,
    /// The last one of the page before: moment and message.
    #[serde(default)]
    before: i64,
    #[serde(default)]
    id: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub struct ListView {
    frame: Frame,
    /// Back to the report.
    back: String,
    /// What is listed, piece by piece.
    about: Vec<String>,
    cases: Vec<Line>,
    more: Option<String>,
}

/// One message.
#[derive(Debug, Serialize)]
struct Line {
    ticket: String,
    text: String,
    network: String,
    /// What the bot did, with which entry.
    did: String,
    entry: String,
    /// What was made of it.
    judged: String,
    score: String,
    when: String,
}

impl View for ListView {
    const FILE: &'static str = "bot/report_list.html";
    fn samples() -> Vec<ListView> {
        let line = Line {
            ticket: "0".into(),
            text: "Où est ma commande ? <b>".into(),
            network: "facebook".into(),
            did: "Proposé".into(),
            entry: "Suivi".into(),
            judged: "envoyé tel quel".into(),
            score: "62".into(),
            when: "21 nov. 2026, 10:00".into(),
        };
        let view = |cases, more: Option<&str>| ListView {
            frame: Frame::sample("report"),
            back: "/bot/report?days=30".into(),
            about: vec!["Proposé".into(), "Suivi".into()],
            cases,
            more: more.map(str::to_owned),
        };
        vec![view(vec![line], Some("/bot/report/list?before=1")), view(Vec::new(), None)]
    }
}

/// Lists them, the newest first.
pub async fn list(mut desk: Desk, Query(chosen): Query<Chosen>) -> Result<Page> {
    let some = |v: &String| Some(v.clone()).filter(|v| !v.is_empty());
    let asked = Asked { days: chosen.days, network: chosen.network.clone(), language: chosen.language.clone() }.sound();
    let frame = Frame::of(&mut desk, "report").await?;
    let (hand, tx) = desk.parts();
    let lang = hand.lang;
    let which = Which {
        from: At(chosen.from),
        to: if chosen.to > 0 { At(chosen.to) } else { At(i64::MAX) },
        network: some(&chosen.network),
        language: some(&chosen.language),
        entry: some(&chosen.entry),
        what: chosen.what.parse().ok(),
        came: chosen.came.parse().ok(),
    };
    let before = chosen.id.parse::<MessageId>().ok().map(|id| (At(chosen.before), id));
    let quiet = hand.now.minus(QUIET);
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut cases = report::cases(tx, hand.brand.id, &which, before, quiet, most).await?;
    let library = hand.web.house.library(tx, hand.brand.id).await?;
    let title = |path: &str| library.get(path).map_or(path, |e| e.title(lang.as_str())).to_owned();
    let more = cases.len() > PAGE;
    cases.truncate(PAGE);
    let here = |last: &Case| {
        let link = ["entry", "what", "came"].into_iter().fold(asked.list((which.from, which.to)), |link, key| {
            let value = match key {
                "entry" => &chosen.entry,
                "what" => &chosen.what,
                _ => &chosen.came,
            };
            link.with((key, value))
        });
        let link: Link = link.with(("before", &last.at.0.to_string())).with(("id", &last.message_id.to_string()));
        link.to_string()
    };
    let did = |what: What| t(lang, &format!("report-did-{}", what.as_str().replace('_', "-")), &[]);
    let judged = |j: &str| find(lang, &format!("judged-{}", j.replace('_', "-")), &[]).unwrap_or_default();
    let came = |c: Came| t(lang, &format!("report-came-{c}"), &[]);
    let about = [
        which.what.map(did),
        which.came.map(came),
        which.entry.as_deref().map(title),
        which.network.as_deref().map(|n| network_name(lang, n)),
        which.language.as_deref().and_then(|l| find(lang, &format!("language-{l}"), &[])),
    ];
    let clock = hand.clockface();
    let view = ListView {
        frame,
        back: asked.page("", ""),
        about: about.into_iter().flatten().collect(),
        more: cases.last().filter(|_| more).map(here),
        cases: cases
            .iter()
            .map(|c| Line {
                ticket: c.ticket_id.to_string(),
                text: excerpt(&c.text, 140),
                network: c.network.clone(),
                did: did(c.what),
                entry: c.entry.as_deref().map(title).unwrap_or_default(),
                judged: c.judged.map(|j| judged(j.as_str())).unwrap_or_default(),
                score: c.score.map(|s| s.to_string()).unwrap_or_default(),
                when: clock.full(c.at),
            })
            .collect(),
    };
    desk.show("bot", &view)
}
