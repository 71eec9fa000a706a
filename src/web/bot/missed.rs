//! Missed questions: clusters of what the bot kept silent on, and what can be made of each.

use axum::extract::{Path, Query};
use serde::{Deserialize, Serialize};

use super::Frame;
use super::missed_rows::{Decided, Detail, Proposed, Row, decided, detail, proposed, row};
use crate::base::id::AnyId;
use crate::base::locale::t;
use crate::desk::agent::Power;
use crate::flow::missed::shown;
use crate::store::surveys;
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::page::{Page, View};

/// The clusters, one of them open.
#[derive(Debug, Serialize)]
pub struct MissedView {
    frame: Frame,
    said: Option<String>,
    /// When the survey was made; none before the first.
    made: Option<String>,
    /// True while a new one is waited for.
    waits: bool,
    questions: i64,
    capped: bool,
    rows: Vec<Row>,
    open: Option<Detail>,
    proposals: Vec<Proposed>,
    decided: Vec<Decided>,
    may_write: bool,
}

impl View for MissedView {
    const FILE: &'static str = "bot/missed.html";
    fn samples() -> Vec<MissedView> {
        let view = |may_write, open| MissedView {
            frame: Frame::sample("missed"),
            said: Some("Enregistré".into()),
            made: Some("12:04".into()),
            waits: false,
            questions: 412,
            capped: true,
            rows: Row::samples(),
            open,
            proposals: Proposed::samples(),
            decided: Decided::samples(),
            may_write,
        };
        let empty = |made: Option<&str>, waits| MissedView {
            said: None,
            made: made.map(str::to_owned),
            waits,
            questions: 0,
            capped: false,
            rows: Vec::new(),
            proposals: Vec::new(),
            decided: Vec::new(),
            ..view(false, None)
        };
        let details = Detail::samples().into_iter().map(|d| view(true, Some(d)));
        let only_looking = Detail::samples().into_iter().next();
        details
            .chain([view(false, only_looking), view(true, None), empty(Some("12:04"), true), empty(None, false)])
            .collect()
    }
}

/// What the page was asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    said: String,
    /// From which question on.
    #[serde(default)]
    from: i64,
}

/// Every cluster; on a wide screen the first is open.
pub async fn list(desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    page(desk, None, asked).await
}

/// Every cluster, and this one open.
pub async fn show(desk: Desk, Path(id): Path<AnyId>, Query(asked): Query<Asked>) -> Result<Page> {
    page(desk, Some(id), asked).await
}

async fn page(mut desk: Desk, id: Option<AnyId>, asked: Asked) -> Result<Page> {
    let frame = Frame::of(&mut desk, "missed").await?;
    let (hand, tx) = desk.parts();
    let (brand, lang) = (hand.brand.id, hand.lang);
    let survey = surveys::of(tx, brand).await?;
    let listed = shown::list(tx, brand).await?;
    let rows = listed.iter().map(|l| row(l, id == Some(l.kept.id))).collect();
    let open = match id {
        Some(id) => {
            let listed = listed.iter().find(|l| l.kept.id == id).ok_or(crate::web::Error::NotFound)?;
            Some(detail(hand, tx, listed, asked.from.max(0)).await?)
        }
        None => None,
    };
    let known = ["entry", "attached", "never", "ignored", "asked", "back", "accepted", "declined", "proposed"];
    let view = MissedView {
        frame,
        said: known.contains(&asked.said.as_str()).then(|| t(lang, &format!("missed-said-{}", asked.said), &[])),
        made: survey.as_ref().and_then(|s| s.made_at).map(|at| hand.clockface().full(at)),
        waits: survey.as_ref().is_some_and(|s| s.asked_at.is_some()),
        questions: survey.as_ref().map_or(0, |s| s.questions),
        capped: survey.is_some_and(|s| s.capped),
        rows,
        open,
        proposals: proposed(hand, tx).await?,
        decided: decided(hand, tx).await?,
        may_write: hand.may(Power::Write),
    };
    desk.show("bot", &view)
}
