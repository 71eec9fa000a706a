//! Replay on screen: the draft beside what is live, message by message, the riskiest first.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::Frame;
use super::detail::{self, Detail};
use super::rules::{self, Folder};
use super::shown::Shown;
use crate::base::At;
use crate::base::id::AnyId;
use crate::base::text::excerpt;
use crate::desk::replay::{Bucket, Fix};
use crate::flow::replay::{self as flow, LAST, MOST, Sample};
use crate::flow::studio::{draft, gate};
use crate::store::channels;
use crate::store::studio::replays::{self, Replay, Row, State};
use crate::store::studio::verdicts::{self, Said, Verdict};
use crate::web::ask::{Desk, Form, Hand};
use crate::web::page::{Page, View};
use crate::web::{Error, Result};

/// The replay of a draft.
#[derive(Debug, Serialize)]
pub struct ReplayView {
    frame: Frame,
    /// Nothing: no entry of the list beside it is open.
    path: String,
    folders: Vec<Folder>,
    head: Option<Head>,
    /// The kind of change that is looked at; empty for all.
    bucket: String,
    rows: Vec<Line>,
    /// How many more there are than are shown.
    more: usize,
    /// True when one message was asked for: small windows show it alone.
    one: bool,
    detail: Option<Detail>,
    /// What is missing before the draft can be published, and how often.
    missing: Vec<(String, usize)>,
    networks: Vec<String>,
    sample: Sample,
}

/// The whole replay in figures.
#[derive(Debug, Serialize)]
struct Head {
    id: String,
    state: State,
    n: usize,
    done: i64,
    most: i64,
    percent: i64,
    from: String,
    to: String,
    seconds: String,
    differ: usize,
    share: String,
    /// Bucket, how many, where its bar begins and how wide it is, in thousandths.
    buckets: Vec<(Bucket, usize, usize, usize)>,
    unchanged: usize,
    reviewed: usize,
    old: bool,
}

/// One message in the list.
#[derive(Debug, Serialize)]
struct Line {
    n: i64,
    network: String,
    language: String,
    text: String,
    live: Shown,
    draft: Shown,
    bucket: Bucket,
    verdict: Option<Said>,
    current: bool,
}

/// So many are listed.
const LISTED: usize = 200;

impl View for ReplayView {
    const FILE: &'static str = "bot/replay.html";
    fn samples() -> Vec<ReplayView> {
        let head = |state| Head {
            id: "0".into(),
            state,
            n: 5_000,
            done: 5_000,
            most: 5_000,
            percent: 100,
            from: "20 oct.".into(),
            to: "18 nov.".into(),
            seconds: "1,8".into(),
            differ: 198,
            share: "4,0".into(),
            buckets: vec![(Bucket::Regression, 7, 0, 100), (Bucket::Changed, 0, 100, 0), (Bucket::New, 128, 100, 900)],
            unchanged: 4_802,
            reviewed: 5,
            old: state == State::Outdated,
        };
        let line = |says: bool, verdict| Line {
            n: 3,
            network: "facebook".into(),
            language: "fr".into(),
            text: "toujours en attente ?".into(),
            live: super::shown::sample(!says),
            draft: super::shown::sample(says),
            bucket: Bucket::Regression,
            verdict,
            current: says,
        };
        let view = |state, detail: Option<Detail>| ReplayView {
            frame: Frame::sample("replay"),
            path: String::new(),
            folders: rules::samples(),
            head: Some(head(state)),
            bucket: "regression".into(),
            rows: vec![line(true, None), line(false, Some(Said::Right)), line(true, Some(Said::Wrong))],
            more: 3,
            one: true,
            detail,
            missing: gate::Missing::ALL.iter().map(|m| (m.to_string(), 7)).collect(),
            networks: vec!["facebook".into()],
            sample: Sample { language: Some("fr".into()), network: Some("facebook".into()), ..Sample::default() },
        };
        let empty = ReplayView { head: None, rows: Vec::new(), more: 0, ..view(State::Done, None) };
        let mut all: Vec<ReplayView> = detail::samples().into_iter().map(|d| view(State::Done, Some(d))).collect();
        all.extend([view(State::Running, None), view(State::Cancelled, None), view(State::Outdated, None), empty]);
        all
    }
}

/// What is looked at.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    bucket: String,
    m: Option<i64>,
}

/// The last replay of the draft.
pub async fn show(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let frame = Frame::of(&mut desk, "replay").await?;
    let (hand, tx) = desk.parts();
    let (brand, house) = (hand.brand.id, &hand.web.house);
    let draft = draft::read(tx, brand).await?;
    let gate = gate::of(house, tx, &draft, hand.known.scope.who()).await?;
    let (live, tried) = (draft.live_brain(house).await?, draft.brain(house).await?);
    let replay = replays::last(tx, brand).await?;
    let (mut rows, mut said) = (Vec::new(), Vec::new());
    if let Some(replay) = &replay {
        rows = replays::rows(tx, brand, replay.id).await?;
        said = verdicts::of_replay(tx, brand, replay.id).await?;
    }
    rows.sort_by_key(|r| (r.bucket, r.n));
    let verdict = |r: &Row| said_of(&said, r);
    let reviewed = rows.iter().filter(|r| verdict(r).is_some()).count();
    let old = replay.as_ref().is_some_and(|r| r.tried_print != tried.sense || r.live_print != live.sense);
    let listed: Vec<&Row> =
        rows.iter().filter(|r| asked.bucket.is_empty() || r.bucket.as_str() == asked.bucket).collect();
    let current = asked.m.and_then(|m| rows.iter().find(|r| r.n == m)).or(listed.first().copied());
    let place = current.and_then(|c| listed.iter().position(|r| r.n == c.n)).unwrap_or(0);
    let first = place.saturating_sub(LISTED / 2);
    let line = |r: &&Row| {
        let text = |name: &str| r.seen[name].as_str().unwrap_or_default().to_owned();
        Line {
            n: r.n,
            network: text("network"),
            language: text("language"),
            text: excerpt(&text("text"), 220),
            live: Shown::of(&r.seen["live"], &live.library, hand.lang),
            draft: Shown::of(&r.seen["draft"], &tried.library, hand.lang),
            bucket: r.bucket,
            verdict: verdict(r),
            current: current.is_some_and(|c| c.n == r.n),
        }
    };
    let lines: Vec<Line> = listed.iter().skip(first).take(LISTED).map(line).collect();
    let fixes: Vec<Fix> =
        replay.as_ref().and_then(|r| serde_json::from_value(r.fixes.clone()).ok()).unwrap_or_default();
    let detail = current.map(|row| {
        let libraries = (live.library.as_ref(), tried.library.as_ref());
        detail::of(hand, row, libraries, if old { &[] } else { &fixes }, verdict(row))
    });
    let mut networks: Vec<String> = channels::of_brand(tx, brand).await?.into_iter().map(|c| c.network).collect();
    networks.sort();
    networks.dedup();
    let view = ReplayView {
        folders: rules::folders(hand, tx, "").await?,
        path: String::new(),
        head: replay.as_ref().map(|r| head(hand, r, reviewed, old)),
        bucket: asked.bucket,
        more: listed.len() - lines.len(),
        rows: lines,
        one: asked.m.is_some(),
        detail,
        missing: gate.missing.iter().map(|(m, n)| (m.to_string(), *n)).collect(),
        networks,
        sample: replay.and_then(|r| serde_json::from_value(r.sample).ok()).unwrap_or_default(),
        frame,
    };
    desk.show("bot", &view)
}

fn said_of(said: &[Verdict], row: &Row) -> Option<Said> {
    said.iter().find(|v| v.message_id == row.message_id && v.outcome == row.outcome).map(|v| v.verdict)
}

fn head(hand: &Hand, r: &Replay, reviewed: usize, old: bool) -> Head {
    let (b, clock) = (r.buckets(), hand.clockface());
    let (differ, n) = (b.differ(), b.differ() + b.unchanged);
    let mut at = 0;
    let all = [
        (Bucket::Regression, b.regression),
        (Bucket::Escalated, b.escalated),
        (Bucket::Changed, b.changed),
        (Bucket::New, b.new),
    ];
    let buckets = all.into_iter().map(|(bucket, count)| {
        let wide = (count * 1_000).checked_div(differ).unwrap_or(0);
        let begins = at;
        at += wide;
        (bucket, count, begins, wide)
    });
    let comma = |text: String| if hand.lang == crate::base::Lang::Fr { text.replace('.', ",") } else { text };
    let tenths = (differ * 1_000).checked_div(n).unwrap_or(0);
    Head {
        id: r.id.to_string(),
        state: r.state,
        n,
        done: r.done,
        most: r.most,
        percent: (r.done * 100).checked_div(r.most).unwrap_or(100),
        from: r.first_at.map(|at| clock.short(at)).unwrap_or_default(),
        to: r.last_at.map(|at| clock.short(at)).unwrap_or_default(),
        seconds: comma(format!("{}.{}", r.spent / 1_000, r.spent % 1_000 / 100)),
        differ,
        share: comma(format!("{}.{}", tenths / 10, tenths % 10)),
        buckets: buckets.collect(),
        unchanged: b.unchanged,
        reviewed,
        old,
    }
}

/// Which messages.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    last: Option<i64>,
    #[serde(default)]
    days: Option<i64>,
    #[serde(default)]
    network: String,
    #[serde(default)]
    language: String,
}

/// Replays the draft; what takes long goes on by itself.
pub async fn begin(hand: Hand, Form(wanted): Form<Wanted>) -> Result<Response> {
    let (house, brand) = (&hand.web.house, hand.brand.id);
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let from = wanted.days.filter(|d| (1..=3_650).contains(d)).map(|days| {
        let span = std::time::Duration::from_hours(24 * days.unsigned_abs());
        let At(from) = hand.now.minus(span);
        from
    });
    let last = wanted.last.unwrap_or(LAST).clamp(1, MOST);
    let sample =
        Sample { last, from, network: some(wanted.network), language: some(wanted.language), ..Sample::default() };
    let id = flow::begin(house, &hand.known.scope, brand, sample).await?;
    if last <= flow::job::AT_ONCE {
        flow::finish(house, brand, id).await?;
    }
    Ok(Redirect::to("/bot/replay").into_response())
}

/// Ends a replay; what it has found stays.
pub async fn cancel(hand: Hand, Path(id): Path<String>) -> Result<Redirect> {
    let id: AnyId = id.parse().map_err(|_| Error::NotFound)?;
    flow::cancel(&hand.web.house, &hand.known.scope, hand.brand.id, id).await?;
    Ok(Redirect::to("/bot/replay"))
}
