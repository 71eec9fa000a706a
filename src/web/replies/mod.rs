//! The library on screen: every entry, one entry with its versions, and what the brand says of
//! itself.

mod edit;
mod facts;

pub use edit::{EditView, add, fresh, remove, save, show};
pub use facts::{FactsView, facts, state};

use axum::extract::Query;
use serde::{Deserialize, Serialize};

use super::Result;
use super::ask::Desk;
use super::page::{Page, View};
use crate::base::Lang;
use crate::desk::agent::Power;
use crate::desk::canned::{Entry, Note, lint};
use crate::desk::message::Visibility;
use crate::flow::library::LANGUAGES;
use crate::store::library;

/// Something to mend in a file, in the words of whoever looks.
#[derive(Debug, Serialize)]
pub struct Mend {
    file: String,
    line: usize,
    what: String,
}

impl Mend {
    /// Each of these.
    pub fn all(notes: Vec<Note>, lang: Lang) -> Vec<Mend> {
        notes.into_iter().map(|n| Mend { file: n.file, line: n.line, what: n.what.said(lang) }).collect()
    }

    /// As in samples of pages.
    pub fn sample() -> Mend {
        Mend { file: "delivery/late.md".into(), line: 3, what: "x".into() }
    }
}

/// The list of entries.
#[derive(Debug, Serialize)]
pub struct RepliesView {
    q: String,
    folders: Vec<(String, Vec<Line>)>,
    notes: Vec<Mend>,
    total: usize,
    may_write: bool,
}

/// One entry in the list.
#[derive(Debug, Serialize)]
pub struct Line {
    path: String,
    title: String,
    shortcut: String,
    languages: Vec<String>,
    texts: usize,
    /// `off`, `suggest` or `auto` in private and public; nothing for what is no bot answer.
    bot: Option<(String, String)>,
    excerpt: String,
}

impl View for RepliesView {
    const FILE: &'static str = "replies.html";
    fn samples() -> Vec<RepliesView> {
        let line = Line {
            path: "delivery/where".into(),
            title: "Où est ma commande ?".into(),
            shortcut: "commande".into(),
            languages: vec!["fr".into(), "en".into()],
            texts: 3,
            bot: Some(("suggest".into(), "off".into())),
            excerpt: "Bonjour".into(),
        };
        let folders = vec![("delivery".to_owned(), vec![line])];
        vec![
            RepliesView { q: "com".into(), folders, notes: vec![Mend::sample()], total: 1, may_write: true },
            RepliesView { q: String::new(), folders: Vec::new(), notes: Vec::new(), total: 0, may_write: false },
        ]
    }
}

/// What the list was asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// Every entry by folder, or those some words find.
pub async fn list(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let (hand, tx) = desk.parts();
    let house = &hand.web.house;
    let library = house.library(tx, hand.brand.id).await?;
    let kept = library::all(tx, hand.brand.id).await?;
    let entries: Vec<Entry> = library.entries().cloned().collect();
    let notes = lint(&entries, &LANGUAGES, &house.lengths());
    let language = hand.lang.as_str();
    let mut folders: Vec<(String, Vec<Line>)> = Vec::new();
    let mut found = library.find(&asked.q, language, Visibility::Internal);
    found.sort_by_key(|e| e.folder.clone());
    for entry in found {
        let modes = kept.iter().find(|k| k.path == entry.path()).filter(|_| entry.answers());
        let line = Line {
            path: entry.path(),
            title: entry.title(language).to_owned(),
            shortcut: entry.head.shortcut.clone().unwrap_or_default(),
            languages: entry.texts.keys().cloned().collect(),
            texts: entry.texts.values().map(std::collections::BTreeMap::len).max().unwrap_or(0),
            bot: modes.map(|k| (k.private_mode.to_string(), k.public_mode.to_string())),
            excerpt: entry
                .main_text(Visibility::Private)
                .and_then(|name| entry.text(language, name, ""))
                .map(|v| crate::base::text::excerpt(&v.source, 90))
                .unwrap_or_default(),
        };
        match folders.last_mut().filter(|(folder, _)| *folder == entry.folder) {
            Some((_, lines)) => lines.push(line),
            None => folders.push((entry.folder.clone(), vec![line])),
        }
    }
    let notes = Mend::all(notes, hand.lang);
    let view = RepliesView { q: asked.q, folders, notes, total: entries.len(), may_write: hand.may(Power::Write) };
    desk.show("replies", &view)
}
