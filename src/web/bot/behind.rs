//! The questions behind a figure of the coverage.

use std::time::Duration;

use axum::extract::Query;
use serde::{Deserialize, Serialize};

use super::Frame;
use super::coverage::DAYS;
use crate::base::At;
use crate::base::id::{ChannelId, MessageId};
use crate::base::text::excerpt;
use crate::store::channels;
use crate::store::coverage::{self, Fate, Question, Which};
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::page::{Page, View};

/// Questions at once.
const PAGE: i64 = 50;

/// The questions.
#[derive(Debug, Serialize)]
pub struct BehindView {
    frame: Frame,
    fate: Fate,
    days: u64,
    of: String,
    rows: Vec<Row>,
    /// The next page.
    next: Option<String>,
}

/// One of them.
#[derive(Debug, Serialize)]
struct Row {
    ticket: String,
    text: String,
    lang: Option<String>,
    network: String,
    entry: Option<String>,
    at: String,
}

impl View for BehindView {
    const FILE: &'static str = "bot/behind.html";
    fn samples() -> Vec<BehindView> {
        let row = |entry: Option<&str>| Row {
            ticket: "0".into(),
            text: "Elle passe au four ?".into(),
            lang: entry.map(|_| "fr".into()),
            network: "facebook".into(),
            entry: entry.map(str::to_owned),
            at: "hier".into(),
        };
        let view = |fate: &Fate, rows, next| BehindView {
            frame: Frame::sample("coverage"),
            fate: *fate,
            days: 30,
            of: "care".into(),
            rows,
            next,
        };
        let each =
            Fate::ALL.iter().map(|fate| view(fate, vec![row(Some("care/wash")), row(None)], Some("days=30".into())));
        each.chain([view(&Fate::Asked, Vec::new(), None)]).collect()
    }
}

/// Which questions.
#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    days: Option<u64>,
    fate: Option<Fate>,
    #[serde(default)]
    of: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    language: String,
    /// Where the page before ended: the moment and the message.
    at: Option<i64>,
    id: Option<MessageId>,
}

/// The questions behind a figure, the newest first.
pub async fn show(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let frame = Frame::of(&mut desk, "coverage").await?;
    let (hand, tx) = desk.parts();
    let (brand, now) = (hand.brand.id, hand.now);
    let days = asked.days.filter(|d| DAYS.contains(d)).unwrap_or(30);
    let channel: Option<ChannelId> = asked.channel.parse().ok();
    let language = match asked.language.as_str() {
        "" => None,
        "none" => Some(String::new()),
        code => Some(code.to_owned()),
    };
    let fate = asked.fate.unwrap_or(Fate::Asked);
    let from = now.minus(Duration::from_hours(24 * days));
    let which = Which { from, to: now, fate, of: asked.of.clone(), channel, language };
    let before = asked.at.map(At).zip(asked.id);
    let found = coverage::behind(tx, brand, &which, before, PAGE).await?;
    let full = i64::try_from(found.len()).is_ok_and(|n| n == PAGE);
    let next = found.last().filter(|_| full).map(|last| further(&asked, days, fate, last));
    let all = channels::of_brand(tx, brand).await?;
    let clock = hand.clockface();
    let row = |q: Question| Row {
        ticket: q.ticket_id.to_string(),
        text: excerpt(&q.text, 240),
        lang: q.language,
        network: all.iter().find(|c| c.id == q.channel_id).map(|c| c.network.clone()).unwrap_or_default(),
        entry: q.entry,
        at: clock.short(q.at),
    };
    let rows = found.into_iter().map(row).collect();
    let view = BehindView { frame, fate, days, of: asked.of, rows, next };
    desk.show("bot", &view)
}

/// The query of the next page.
fn further(asked: &Asked, days: u64, fate: Fate, last: &Question) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("days", &days.to_string()).append_pair("fate", fate.as_str());
    for (key, value) in [("of", &asked.of), ("channel", &asked.channel), ("language", &asked.language)] {
        if !value.is_empty() {
            query.append_pair(key, value);
        }
    }
    query.append_pair("at", &last.at.0.to_string()).append_pair("id", &last.message_id.to_string());
    query.finish()
}
