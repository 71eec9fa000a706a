//! Rules and questions: every entry the bot can use, by folder.

use serde::Serialize;

use super::Frame;
use crate::desk::canned::Entry;
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::page::{Page, View};

/// The entries.
#[derive(Debug, Serialize)]
pub struct RulesView {
    frame: Frame,
    folders: Vec<(String, Vec<Line>)>,
}

/// One entry in the list.
#[derive(Debug, Serialize)]
struct Line {
    path: String,
    title: String,
    phrases: usize,
    languages: Vec<String>,
}

impl View for RulesView {
    const FILE: &'static str = "bot/rules.html";
    fn samples() -> Vec<RulesView> {
        let line = Line {
            path: "delivery/where".into(),
            title: "Où est ma commande ?".into(),
            phrases: 12,
            languages: vec!["fr".into(), "en".into()],
        };
        let folders = vec![("delivery".to_owned(), vec![line])];
        vec![
            RulesView { frame: Frame::sample("rules"), folders },
            RulesView { frame: Frame::sample("rules"), folders: Vec::new() },
        ]
    }
}

/// The entries of the brand looked at.
pub async fn list(mut desk: Desk) -> Result<Page> {
    let frame = Frame::of(&mut desk, "rules").await?;
    let (hand, tx) = desk.parts();
    let library = hand.web.house.library(tx, hand.brand.id).await?;
    let language = hand.lang.as_str();
    let line = |e: &Entry| Line {
        path: e.path(),
        title: e.title(language).to_owned(),
        phrases: e.head.examples.values().map(Vec::len).sum(),
        languages: e.head.examples.keys().cloned().collect(),
    };
    let mut folders: Vec<(String, Vec<Line>)> = Vec::new();
    for entry in library.entries().filter(|e| e.answers()) {
        match folders.last_mut().filter(|(folder, _)| *folder == entry.folder) {
            Some((_, lines)) => lines.push(line(entry)),
            None => folders.push((entry.folder.clone(), vec![line(entry)])),
        }
    }
    desk.show("bot", &RulesView { frame, folders })
}
