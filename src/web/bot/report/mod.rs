//! The report of the bot: its figures, the conversations behind each of them, and the same as CSV.

mod asked;
mod csv;
mod figures;
mod list;
mod sample;

use axum::extract::Query;
use serde::Serialize;

pub use self::asked::Asked;
pub use self::csv::csv;
use self::figures::{Bar, Figure, Row};
pub use self::list::{ListView, list};
use super::Frame;
use crate::base::locale::{find, t};
use crate::flow::bot::report;
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::page::Page;
use crate::web::show::number;

/// The report.
#[derive(Debug, Serialize)]
pub struct ReportView {
    pub(super) frame: Frame,
    /// Days, networks, languages: address, words, chosen.
    pub(super) days: Vec<(String, String, bool)>,
    pub(super) networks: Vec<(String, String, bool)>,
    pub(super) languages: Vec<(String, String, bool)>,
    /// The great figures.
    pub(super) figures: Vec<Figure>,
    /// Day by day, or week by week.
    pub(super) stretches: Vec<Bar>,
    pub(super) weekly: bool,
    pub(super) entries: Vec<Row>,
    pub(super) by_network: Vec<Row>,
    pub(super) by_language: Vec<Row>,
    /// What the gaps cost, in a sentence; where to see them.
    pub(super) gap: Option<(String, String)>,
    pub(super) csv: String,
    /// True when nothing was thought about in this time.
    pub(super) empty: bool,
}

/// Shows it.
pub async fn show(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let asked = asked.sound();
    let frame = Frame::of(&mut desk, "report").await?;
    let (hand, tx) = desk.parts();
    let (house, lang) = (&hand.web.house, hand.lang);
    let report = report::report(house, tx, &hand.brand, &asked.wanted()).await?;
    let library = house.library(tx, hand.brand.id).await?;
    let title = |path: &str| library.get(path).map_or(path, |e| e.title(lang.as_str())).to_owned();
    let span_of = report.span();
    let clock = hand.clockface();
    let language =
        |l: &str| find(lang, &format!("language-{l}"), &[]).unwrap_or_else(|| t(lang, "report-language-unknown", &[]));
    let name = |slug: &str| asked::network_name(lang, slug);
    let row = |name: String, part: (&str, &str), counts| Row::of(lang, name, &asked.list(span_of).with(part), counts);
    let mut entries: Vec<_> = report.entries.iter().collect();
    entries.sort_by_key(|(path, c)| (std::cmp::Reverse(c.answered + c.suggested), path.as_str()));
    let gap = report.gap.zip(report.cost()).map(|(median, cost)| {
        let args = [
            ("n", i64::from(report.all.alone).into()),
            ("median", clock.span(median).into()),
            ("cost", clock.span(cost).into()),
        ];
        (t(lang, "report-gap", &args), asked.list(span_of).with(("came", "alone")).to_string())
    });
    let choices = |key: &'static str, all: Vec<(String, String)>| {
        let current = asked.value(key);
        let any = (String::new(), t(lang, &format!("report-all-{key}"), &[]));
        let each = std::iter::once(any).chain(all);
        each.map(|(value, words)| (asked.page(key, &value), words, current == value)).collect::<Vec<_>>()
    };
    let view = ReportView {
        frame,
        days: asked::DAYS
            .map(|d| {
                let words = t(lang, "report-days", &[("n", d.into())]);
                (asked.page("days", &d.to_string()), words, asked.days == d)
            })
            .to_vec(),
        networks: choices("network", report.networks.keys().map(|n| (n.clone(), name(n))).collect()),
        languages: choices(
            "language",
            report.languages.keys().filter(|l| !l.is_empty()).map(|l| (l.clone(), language(l))).collect(),
        ),
        figures: figures::figures(lang, &report.all, &asked.list(span_of)),
        stretches: report
            .stretches
            .iter()
            .map(|s| Bar::of(lang, clock.short(s.from), &asked.list((s.from, s.to)), &s.counts, &report))
            .collect(),
        weekly: report.stretches.first().is_some_and(|s| s.to.since(s.from).as_secs() > 2 * 86_400),
        entries: entries.into_iter().map(|(path, c)| row(title(path), ("entry", path), c)).collect(),
        by_network: report.networks.iter().map(|(n, c)| row(name(n), ("network", n), c)).collect(),
        by_language: report
            .languages
            .iter()
            .filter(|(l, _)| !l.is_empty())
            .map(|(l, c)| row(language(l), ("language", l), c))
            .collect(),
        gap,
        csv: asked.page("", "").replacen("/bot/report", "/bot/report.csv", 1),
        empty: report.all.all() == 0,
    };
    desk.show("bot", &view)
}

/// A number in a cell.
fn shown(lang: crate::base::Lang, n: u32) -> String {
    number(lang, i64::from(n))
}
