//! Rules and questions: every entry the bot can use, by folder, with what the draft makes of it.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::Query;
use serde::{Deserialize, Serialize};

use super::Frame;
use crate::base::text::fold;
use crate::desk::agent::Power;
use crate::desk::canned::{Entry, Mode};
use crate::desk::studio::What;
use crate::desk::studio::change::{Kind, kind};
use crate::flow::studio::draft;
use crate::store::studio::{changes::Drafted, proposals};
use crate::store::{Tx, agents, thoughts};
use crate::web::Result;
use crate::web::ask::{Desk, Hand};
use crate::web::page::{Page, View};

/// The entries.
#[derive(Debug, Serialize)]
pub struct RulesView {
    frame: Frame,
    q: String,
    total: usize,
    folders: Vec<Folder>,
    proposals: Vec<Proposed>,
    said: Option<String>,
}

/// The entries of a folder.
#[derive(Debug, Clone, Serialize)]
pub struct Folder {
    name: String,
    lines: Vec<Line>,
}

/// One entry in the list.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Its place.
    pub path: String,
    /// Its title.
    pub title: String,
    phrases: usize,
    languages: String,
    kind: Kind,
    /// Answers given by itself in thirty days.
    hits: i64,
    /// What the draft does with it, and who made it so.
    draft: Option<What>,
    by: Option<String>,
    modes: (Mode, Mode),
}

/// Something proposed.
#[derive(Debug, Serialize)]
struct Proposed {
    id: String,
    path: String,
    words: String,
    by: String,
    at: String,
}

impl View for RulesView {
    const FILE: &'static str = "bot/rules.html";
    fn samples() -> Vec<RulesView> {
        let proposed = Proposed {
            id: "0".into(),
            path: "delivery/where".into(),
            words: "Ajouter « mon colis »".into(),
            by: "Yves".into(),
            at: "hier".into(),
        };
        let full = RulesView {
            frame: Frame::sample("rules"),
            q: "colis".into(),
            total: 1,
            folders: samples(),
            proposals: vec![proposed],
            said: Some("Enregistré".into()),
        };
        let (q, folders, proposals) = (String::new(), Vec::new(), Vec::new());
        vec![full, RulesView { frame: Frame::sample("rules"), q, total: 0, folders, proposals, said: None }]
    }
}

/// A folder to try templates with.
pub fn samples() -> Vec<Folder> {
    let line = |draft, by: Option<&str>| Line {
        path: "delivery/where".into(),
        title: "Où est ma commande ?".into(),
        phrases: 12,
        languages: "fr, en".into(),
        kind: Kind::Answer,
        hits: 4,
        draft,
        by: by.map(str::to_owned),
        modes: (Mode::Auto, Mode::Suggest),
    };
    vec![Folder { name: "delivery".into(), lines: vec![line(Some(What::Changed), Some("Élodie")), line(None, None)] }]
}

/// What the list was asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    said: String,
}

/// The entries of the brand looked at.
pub async fn list(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let frame = Frame::of(&mut desk, "rules").await?;
    let (hand, tx) = desk.parts();
    let folders = folders(hand, tx, &asked.q).await?;
    let waiting = if hand.may(Power::Write) { proposals::open(tx, hand.brand.id).await? } else { Vec::new() };
    let clock = hand.clockface();
    let proposals = waiting.into_iter().map(|p| Proposed {
        id: p.id.to_string(),
        path: p.path,
        words: p.words,
        by: p.author.unwrap_or_default(),
        at: clock.full(p.at),
    });
    let key = match asked.said.as_str() {
        "proposed" => Some("bot-said-proposed"),
        "dropped" => Some("bot-said-dropped"),
        _ => None,
    };
    let view = RulesView {
        frame,
        q: asked.q,
        total: folders.iter().map(|f| f.lines.len()).sum(),
        folders,
        proposals: proposals.collect(),
        said: key.map(|k| crate::base::locale::t(hand.lang, k, &[])),
    };
    desk.show("bot", &view)
}

/// Every entry of the bot, live or drafted, whose title or words hold what was typed.
pub async fn folders(hand: &Hand, tx: &mut Tx, typed: &str) -> Result<Vec<Folder>> {
    let brand = hand.brand.id;
    let draft = draft::read(tx, brand).await?;
    let names = agents::colleagues(tx, brand).await?;
    let month = hand.now.minus(Duration::from_hours(24 * 30));
    let hits: BTreeMap<String, i64> = thoughts::answers_by_entry(tx, brand, month).await?.into_iter().collect();
    let library = draft.brain(&hand.web.house).await?;
    let live = draft.live_brain(&hand.web.house).await?;
    let typed = fold(typed.trim()).text;
    let who = |d: &Drafted| d.changed_by.and_then(|a| names.iter().find(|n| n.id == a)).map(|n| n.name.clone());
    let mut out: Vec<Folder> = Vec::new();
    let gone = draft.entries.iter().filter(|d| d.source.is_none()).filter_map(|d| live.library.get(&d.path));
    let mut all: Vec<&Entry> = library.library.entries().filter(|e| e.answers()).chain(gone).collect();
    all.sort_by_key(|e| e.path());
    for entry in all {
        let path = entry.path();
        let language = hand.lang.as_str();
        let examples = entry.head.examples.values().flatten().map(|e| fold(e).text);
        let found =
            || fold(entry.title(language)).text.contains(&typed) || examples.clone().any(|e| e.contains(&typed));
        if !typed.is_empty() && !found() {
            continue;
        }
        let drafted = draft.entries.iter().find(|d| d.path == path);
        let kept = draft.live.iter().find(|k| k.path == path);
        let modes = kept.map_or((Mode::Suggest, Mode::Suggest), |k| (k.private_mode, k.public_mode));
        let line = Line {
            title: entry.title(language).to_owned(),
            phrases: entry.head.examples.values().map(Vec::len).sum(),
            languages: entry.head.examples.keys().cloned().collect::<Vec<_>>().join(", "),
            kind: kind(entry, modes),
            hits: hits.get(&path).copied().unwrap_or(0),
            draft: drafted.map(|d| match (&d.source, kept) {
                (None, _) => What::Removed,
                (_, None) => What::Added,
                _ => What::Changed,
            }),
            by: drafted.and_then(who),
            modes,
            path,
        };
        match out.last_mut().filter(|f| f.name == entry.folder) {
            Some(folder) => folder.lines.push(line),
            None => out.push(Folder { name: entry.folder.clone(), lines: vec![line] }),
        }
    }
    Ok(out)
}
