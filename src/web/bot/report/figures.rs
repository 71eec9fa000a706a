//! Figures as they are shown: a number, what is behind it, and how far it can be trusted.

use serde::Serialize;

use super::asked::Link;
use super::shown;
use crate::base::Lang;
use crate::base::locale::t;
use crate::desk::calibration::wilson::interval;
use crate::flow::bot::report::{Counts, Report};

/// Fewer judgments than this are no figure.
const FEW: u32 = 20;

/// A great figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// Its name.
    pub label: String,
    /// The number.
    pub value: String,
    /// What it means, or how sure it is.
    pub note: String,
    /// The conversations behind it; empty where there are none.
    pub href: String,
}

/// A line of a table.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What it is about.
    pub name: String,
    /// All of its conversations.
    pub href: String,
    /// The numbers, each with its conversations: answered, suggested, corrected, handed over, silent.
    pub cells: Vec<(String, String)>,
    /// How often it was right.
    pub right: String,
}

/// A day or a week.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// The line of the table.
    pub row: Row,
    /// The parts of the bar: where they begin and how long they are, in hundredths of the longest.
    pub parts: Vec<(u32, u32)>,
}

fn part(of: u32, all: u32) -> u32 {
    u32::try_from(u64::from(of) * 100 / u64::from(all.max(1))).unwrap_or(100)
}

/// How often the bot was right: the share and between what it lies, or that too little is known.
pub fn precision(lang: Lang, counts: &Counts) -> (String, String) {
    let (right, of) = (counts.right, counts.judged);
    if of < FEW {
        return ("–".to_owned(), t(lang, "report-few", &[("n", i64::from(of).into()), ("few", i64::from(FEW).into())]));
    }
    let (low, high) = interval(right, of);
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    let args = [
        ("low", percent(low).into()),
        ("high", percent(high).into()),
        ("right", shown(lang, right).into()),
        ("of", shown(lang, of).into()),
    ];
    let share = t(lang, "percent", &[("n", percent(f64::from(right) / f64::from(of)).into())]);
    (share, t(lang, "report-between", &args))
}

/// The great figures.
pub fn figures(lang: Lang, all: &Counts, list: &Link) -> Vec<Figure> {
    let one = |key: &str, n: u32, part: (&str, &str)| Figure {
        label: t(lang, &format!("report-{key}"), &[]),
        value: shown(lang, n),
        note: t(lang, "report-of-all", &[("percent", i64::from(super::figures::part(n, all.all())).into())]),
        href: if n > 0 { list.with(part).to_string() } else { String::new() },
    };
    let (share, doubt) = precision(lang, all);
    let corrected = Figure {
        note: t(lang, "report-of-answers", &[("n", i64::from(all.answered).into())]),
        href: if all.corrected > 0 {
            list.with(("what", "answered")).with(("came", "wrong")).to_string()
        } else {
            String::new()
        },
        ..one("corrected", all.corrected, ("what", "answered"))
    };
    vec![
        one("answered", all.answered, ("what", "answered")),
        one("suggested", all.suggested, ("what", "suggested")),
        one("handed-over", all.handed_over, ("what", "handed_over")),
        one("silent", all.silent, ("what", "silent")),
        corrected,
        Figure {
            label: t(lang, "report-right", &[]),
            value: share,
            note: doubt,
            href: if all.right > 0 { list.with(("came", "right")).to_string() } else { String::new() },
        },
    ]
}

impl Row {
    /// A line about a part of the work.
    pub fn of(lang: Lang, name: String, list: &Link, counts: &Counts) -> Row {
        let cell = |n: u32, parts: &[(&str, &str)]| {
            let link = parts.iter().fold(list.clone(), |link, part| link.with(*part));
            (shown(lang, n), if n > 0 { link.to_string() } else { String::new() })
        };
        let cells = vec![
            cell(counts.answered, &[("what", "answered")]),
            cell(counts.suggested, &[("what", "suggested")]),
            cell(counts.corrected, &[("what", "answered"), ("came", "wrong")]),
            cell(counts.handed_over, &[("what", "handed_over")]),
            cell(counts.silent, &[("what", "silent")]),
        ];
        let (share, doubt) = precision(lang, counts);
        let right = match counts.judged {
            0 => share,
            n if n < FEW => t(lang, "report-few-short", &[("n", i64::from(n).into())]),
            _ => format!("{share} · {doubt}"),
        };
        Row { name, href: list.to_string(), cells, right }
    }
}

impl Bar {
    /// A day or a week, beside the fullest.
    pub fn of(lang: Lang, name: String, list: &Link, counts: &Counts, report: &Report) -> Bar {
        let longest = report.stretches.iter().map(|s| s.counts.all()).max().unwrap_or(0);
        let mut at = 0;
        let mut parts = Vec::new();
        for n in [counts.answered, counts.suggested, counts.handed_over, counts.silent] {
            let long = part(n, longest);
            parts.push((at, long));
            at += long;
        }
        Bar { row: Row::of(lang, name, list, counts), parts }
    }
}
