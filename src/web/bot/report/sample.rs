//! A report with everything in it, for trying the template.

use super::ReportView;
use super::asked::Asked;
use super::figures::{Bar, Row, figures};
use crate::base::{At, Lang};
use crate::flow::bot::report::{Counts, Report, Stretch};
use crate::web::bot::Frame;
use crate::web::page::View;

impl View for ReportView {
    const FILE: &'static str = "bot/report.html";
    fn samples() -> Vec<ReportView> {
        let counts = Counts {
            answered: 30,
            suggested: 40,
            handed_over: 3,
            silent: 50,
            corrected: 1,
            right: 60,
            judged: 64,
            alone: 12,
        };
        let few = Counts { answered: 1, suggested: 2, ..Counts::default() };
        let asked = Asked::default().sound();
        let list = asked.list((At(0), At(1)));
        let report =
            Report { stretches: vec![Stretch { from: At(0), to: At(1), counts }], all: counts, ..Report::default() };
        let row = |name: &str, c: &Counts| Row::of(Lang::Fr, name.into(), &list, c);
        let choice = |words: &str, chosen| (asked.page("", ""), words.to_owned(), chosen);
        let full = ReportView {
            frame: Frame::sample("report"),
            days: vec![choice("7 jours", false), choice("30 jours", true)],
            networks: vec![choice("Tous", true), choice("Facebook", false)],
            languages: vec![choice("Toutes", true)],
            figures: figures(Lang::Fr, &counts, &list),
            stretches: vec![Bar::of(Lang::Fr, "21 nov.".into(), &list, &counts, &report)],
            weekly: false,
            entries: vec![row("Horaires", &counts), row("Suivi <b>", &few)],
            by_network: vec![row("Facebook", &counts)],
            by_language: vec![row("français", &counts)],
            gap: Some(("12 questions".into(), list.to_string())),
            csv: "/bot/report.csv?days=30".into(),
            empty: false,
        };
        let empty = ReportView {
            frame: Frame::sample("report"),
            days: vec![choice("7 jours", true)],
            networks: Vec::new(),
            languages: Vec::new(),
            figures: figures(Lang::Fr, &Counts::default(), &list),
            stretches: Vec::new(),
            weekly: true,
            entries: Vec::new(),
            by_network: Vec::new(),
            by_language: Vec::new(),
            gap: None,
            csv: "/bot/report.csv?days=30".into(),
            empty: true,
        };
        vec![full, empty]
    }
}
