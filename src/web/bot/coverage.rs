//! Coverage: which share of what is asked has an entry, is offered, is answered, and was settled by it;
//! which entries nobody needs, and which somebody should read again.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::extract::Query;
use serde::{Deserialize, Serialize};

use super::Frame;
use crate::base::id::ChannelId;
use crate::base::locale::t;
use crate::desk::coverage::{Count, by, overdue};
use crate::store::channels;
use crate::store::coverage::{self, Fate, Seen};
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::page::{Page, View};

/// Days one may look back.
pub const DAYS: [u64; 3] = [7, 30, 90];

/// The figures of a time.
#[derive(Debug, Serialize)]
pub struct CoverageView {
    frame: Frame,
    /// Days and whether they are looked at.
    days: Vec<(u64, bool)>,
    /// Channels and languages one may choose: value, name, chosen.
    channels: Vec<(String, String, bool)>,
    languages: Vec<(String, String, bool)>,
    /// All of it, then by folder, channel and language.
    total: Line,
    tables: Vec<(&'static str, Vec<Line>)>,
    /// Entries nobody asked for: place and title.
    idle: Vec<(String, String)>,
    /// Entries to be read again: place, title, since when.
    overdue: Vec<(String, String, String)>,
}

/// A line of figures.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    figures: Vec<Figure>,
}

/// A figure, and the way to what stands behind it.
#[derive(Debug, Serialize)]
struct Figure {
    fate: Fate,
    n: i64,
    share: Option<i64>,
    href: String,
}

/// The figures that are shown.
const SHOWN: [Fate; 5] = [Fate::Asked, Fate::Known, Fate::Suggested, Fate::Answered, Fate::Deflected];

/// What is looked at; empty is everything.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    days: Option<u64>,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    language: String,
}

impl Asked {
    fn days(&self) -> u64 {
        self.days.filter(|d| DAYS.contains(d)).unwrap_or(30)
    }
}

impl View for CoverageView {
    const FILE: &'static str = "bot/coverage.html";
    fn samples() -> Vec<CoverageView> {
        let count = Count { asked: 1200, known: 700, suggested: 500, answered: 200, deflected: 150 };
        let line = || line("delivery".into(), count, &Asked::default(), ("delivery", None, None));
        let full = CoverageView {
            frame: Frame::sample("coverage"),
            days: vec![(7, false), (30, true)],
            channels: vec![("0".into(), "Aubépine".into(), true)],
            languages: vec![("fr".into(), "FR".into(), false)],
            total: line(),
            tables: vec![("folder", vec![line()]), ("channel", vec![line()]), ("language", vec![line()])],
            idle: vec![("care/wash".into(), "Lavage".into())],
            overdue: vec![("care/wash".into(), "Lavage".into(), "2026-11-01".into())],
        };
        let empty = CoverageView {
            frame: Frame::sample("coverage"),
            days: vec![(7, true)],
            channels: Vec::new(),
            languages: Vec::new(),
            total: self::line(String::new(), Count::default(), &Asked::default(), ("", None, None)),
            tables: Vec::new(),
            idle: Vec::new(),
            overdue: Vec::new(),
        };
        vec![full, empty]
    }
}

/// The figures of the brand looked at.
pub async fn show(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let frame = Frame::of(&mut desk, "coverage").await?;
    let (hand, tx) = desk.parts();
    let (brand, lang, now) = (hand.brand.id, hand.lang, hand.now);
    let from = now.minus(Duration::from_hours(24 * asked.days()));
    let seen = coverage::count(tx, brand, from, now).await?;
    let all = channels::of_brand(tx, brand).await?;
    let library = hand.web.house.library(tx, brand).await?;
    let channel: Option<ChannelId> = asked.channel.parse().ok();
    let language = Some(asked.language.as_str()).filter(|l| !l.is_empty());
    let fits =
        |s: &&Seen| channel.is_none_or(|c| c == s.channel_id) && language.is_none_or(|l| l == known_as(&s.language));
    let rows = || seen.iter().filter(fits);
    let folder = |s: &Seen| s.entry.as_deref().and_then(|e| e.split('/').next()).unwrap_or_default().to_owned();
    let none = t(lang, "coverage-no-entry", &[]);
    let total = by(rows().map(|s| ((), count(s)))).remove(&()).unwrap_or_default();
    let of_folder =
        by(rows().map(|s| (folder(s), count(s)))).into_iter().map(|(folder, count)| match folder.as_str() {
            "" => line(none.clone(), count, &asked, ("", None, None)),
            _ => line(folder.clone(), count, &asked, (&folder, None, None)),
        });
    let name = |id: ChannelId| all.iter().find(|c| c.id == id).map_or_else(|| id.to_string(), |c| c.name.clone());
    let of_channel = by(rows().map(|s| (s.channel_id, count(s))))
        .into_iter()
        .map(|(id, count)| line(name(id), count, &asked, ("", Some(&id.to_string()), None)));
    let shown = |code: &str| if code == "none" { t(lang, "coverage-no-language", &[]) } else { code.to_uppercase() };
    let of_language = by(rows().map(|s| (known_as(&s.language).to_owned(), count(s))))
        .into_iter()
        .map(|(code, count)| line(shown(&code), count, &asked, ("", None, Some(&code))));
    let asked_for: BTreeSet<&str> = seen.iter().filter_map(|s| s.entry.as_deref()).collect();
    let title = |e: &crate::desk::canned::Entry| (e.path(), e.title(lang.as_str()).to_owned());
    let today = hand.clockface().date(now);
    let languages: BTreeSet<&str> = seen.iter().map(|s| known_as(&s.language)).collect();
    let view = CoverageView {
        days: DAYS.iter().map(|d| (*d, *d == asked.days())).collect(),
        channels: all.iter().map(|c| (c.id.to_string(), c.name.clone(), channel == Some(c.id))).collect(),
        languages: languages.iter().map(|l| ((*l).to_owned(), shown(l), language == Some(l))).collect(),
        total: line(String::new(), total, &asked, ("", None, None)),
        tables: vec![
            ("folder", of_folder.collect()),
            ("channel", of_channel.collect()),
            ("language", of_language.collect()),
        ],
        idle: library.entries().filter(|e| e.answers() && !asked_for.contains(e.path().as_str())).map(title).collect(),
        overdue: library
            .entries()
            .filter_map(|e| overdue(e, &today).map(|since| (e.path(), e.title(lang.as_str()).to_owned(), since)))
            .collect(),
        frame,
    };
    desk.show("bot", &view)
}

/// A language in addresses: one that is not known has a name, too.
pub(super) fn known_as(language: &str) -> &str {
    if language.is_empty() { "none" } else { language }
}

fn count(s: &Seen) -> Count {
    let known = if s.entry.is_some() { s.asked } else { 0 };
    Count { asked: s.asked, known, suggested: s.suggested, answered: s.answered, deflected: s.deflected }
}

/// A line; its figures lead to the questions of this folder, channel and language, and to those that
/// are chosen for the whole page.
fn line(
    name: String,
    count: Count,
    asked: &Asked,
    (of, channel, language): (&str, Option<&str>, Option<&str>),
) -> Line {
    let (channel, language) = (channel.unwrap_or(&asked.channel), language.unwrap_or(&asked.language));
    let without = !name.is_empty() && of.is_empty() && count.known == 0 && count.asked > 0;
    let figure = |fate: &Fate| {
        let n = match fate {
            Fate::Known => count.known,
            Fate::Suggested => count.suggested,
            Fate::Answered => count.answered,
            Fate::Deflected => count.deflected,
            Fate::Asked | Fate::Unknown => count.asked,
        };
        let fate = if without && *fate == Fate::Asked { Fate::Unknown } else { *fate };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("days", &asked.days().to_string()).append_pair("fate", fate.as_str());
        for (key, value) in [("of", of), ("channel", channel), ("language", language)] {
            if !value.is_empty() {
                query.append_pair(key, value);
            }
        }
        let share = count.share(n).filter(|_| !matches!(fate, Fate::Asked | Fate::Unknown));
        Figure { fate, n, share, href: format!("/bot/coverage/questions?{}", query.finish()) }
    };
    Line { name, figures: SHOWN.iter().map(figure).collect() }
}
