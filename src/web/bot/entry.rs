//! One entry in the studio: its phrases, words and texts to write in, what it does in a sentence, what it
//! collides with, its last hits, and who changed what.

use std::collections::BTreeSet;

use axum::extract::{Path, Query};
use serde::{Deserialize, Serialize};

use super::Frame;
use super::fields::Fields;
use super::rules::{self, Folder};
use super::versions::{Diff, diff_of};
use crate::base::locale::t;
use crate::base::text::excerpt;
use crate::desk::canned::{Entry, Mode, lint};
use crate::desk::message::Visibility;
use crate::desk::studio::change::{Kind, kind};
use crate::desk::studio::lists::List;
use crate::flow::library::LANGUAGES;
use crate::flow::studio::draft::{self, Draft};
use crate::store::studio::changes;
use crate::store::{agents, messages, thoughts};
use crate::web::ask::Desk;
use crate::web::page::{Page, View};
use crate::web::{Error, Result};

/// One entry.
#[derive(Debug, Serialize)]
pub struct EntryView {
    pub(super) frame: Frame,
    pub(super) folders: Vec<Folder>,
    pub(super) path: String,
    title: String,
    pub(super) source: String,
    /// The draft's version that is looked at; 0 where the draft has none.
    pub(super) version: i64,
    is_new: bool,
    gone: bool,
    /// Who last changed it in the draft, when.
    by: Option<String>,
    at: String,
    kind: Kind,
    modes: (Mode, Mode),
    sentence: Vec<String>,
    languages: Vec<Words>,
    /// What may be written for one network alone.
    more: More,
    conflicts: Vec<String>,
    hits: Vec<(String, String, String)>,
    changed: Option<Diff>,
    history: Vec<Diff>,
    pub(super) error: Option<String>,
    said: Option<String>,
}

/// What is written in a language.
#[derive(Debug, Serialize)]
struct Words {
    language: String,
    /// List, and one line for each of its words.
    lists: Vec<(List, String)>,
    /// Name, network, words.
    texts: Vec<(String, String, String)>,
}

/// Words for one network: of which text, for which network, and what was written of it so far.
#[derive(Debug, Default, Serialize)]
struct More {
    names: Vec<String>,
    networks: Vec<&'static str>,
    language: String,
    name: String,
    network: String,
    words: String,
}

impl EntryView {
    /// Keeps what was written, where it could not be saved.
    pub(super) fn keep(&mut self, fields: &Fields) {
        for language in &mut self.languages {
            for (list, words) in &mut language.lists {
                keep(fields, &format!("list:{list}:{}", language.language), words);
            }
            for (name, network, words) in &mut language.texts {
                keep(fields, &format!("text:{}:{name}:{network}", language.language), words);
            }
        }
        let More { language, name, network, words, .. } = &mut self.more;
        for (part, kept) in [("language", language), ("name", name), ("network", network), ("words", words)] {
            keep(fields, &format!("more:{part}"), kept);
        }
        keep(fields, "source", &mut self.source);
    }
}

fn keep(fields: &Fields, name: &str, kept: &mut String) {
    if let Some(written) = fields.get(name) {
        written.clone_into(kept);
    }
}

impl View for EntryView {
    const FILE: &'static str = "bot/entry.html";
    fn samples() -> Vec<EntryView> {
        let words = Words {
            language: "fr".into(),
            lists: List::ALL.iter().map(|l| (*l, "où est ma commande".to_owned())).collect(),
            texts: vec![("answer".into(), String::new(), "Bonjour".into()), ("answer".into(), "x".into(), "x".into())],
        };
        let full = EntryView {
            title: "Où est ma commande ?".into(),
            version: 3,
            by: Some("Élodie".into()),
            at: "12:04".into(),
            sentence: vec!["Quand …".into()],
            languages: vec![words],
            more: More {
                names: vec!["answer".into()],
                networks: vec!["x"],
                words: "Bonjour".into(),
                ..More::default()
            },
            conflicts: vec!["même phrase".into()],
            hits: vec![("0".into(), "où est mon colis".into(), "12:04".into())],
            changed: Some(Diff::sample()),
            history: vec![Diff::sample()],
            error: Some("Ligne 3".into()),
            said: Some("Enregistré".into()),
            ..blank(Frame::sample("rules"), "delivery/late")
        };
        let gone = EntryView { gone: true, said: None, ..blank(Frame::sample("rules"), "delivery/late") };
        let mut looks = blank(Frame::sample("rules"), "delivery/late");
        looks.frame.may_write = false;
        let fresh = EntryView { is_new: true, ..blank(Frame::sample("rules"), "") };
        vec![full, gone, looks, fresh]
    }
}

fn blank(frame: Frame, path: &str) -> EntryView {
    EntryView {
        frame,
        folders: Vec::new(),
        path: path.to_owned(),
        title: String::new(),
        source: String::new(),
        version: 0,
        is_new: false,
        gone: false,
        by: None,
        at: String::new(),
        kind: Kind::Answer,
        modes: (Mode::Suggest, Mode::Suggest),
        sentence: Vec::new(),
        languages: Vec::new(),
        more: More::default(),
        conflicts: Vec::new(),
        hits: Vec::new(),
        changed: None,
        history: Vec::new(),
        error: None,
        said: None,
    }
}

/// What a new entry begins with.
const FRESH: &str = "+++\nid = \"\"\ntitle = { fr = \"\", en = \"\" }\naudience = \"any\"\n\n[examples]\nfr = [\n]\nen = [\n]\n\n[not_examples]\nfr = []\nen = []\n+++\n## fr\n### answer\n\n## en\n### answer\n";

/// What the page was asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    said: String,
}

/// An entry as the draft has it.
pub async fn show(
    mut desk: Desk,
    Path((folder, slug)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Page> {
    let mut view = read(&mut desk, &format!("{folder}/{slug}")).await?;
    view.said = match asked.said.as_str() {
        "saved" => Some(t(desk.lang, "bot-said-drafted", &[])),
        "proposed" => Some(t(desk.lang, "bot-said-proposed", &[])),
        _ => None,
    };
    desk.show("bot", &view)
}

/// A new entry.
pub async fn fresh(mut desk: Desk) -> Result<Page> {
    let view = begin(&mut desk).await?;
    desk.show("bot", &view)
}

/// The form of a new entry.
pub(super) async fn begin(desk: &mut Desk) -> Result<EntryView> {
    let frame = Frame::of(desk, "rules").await?;
    let (hand, tx) = desk.parts();
    let folders = rules::folders(hand, tx, "").await?;
    Ok(EntryView { is_new: true, source: FRESH.to_owned(), folders, ..blank(frame, "") })
}

/// Everything known of an entry.
pub(super) async fn read(desk: &mut Desk, path: &str) -> Result<EntryView> {
    let frame = Frame::of(desk, "rules").await?;
    let (hand, tx) = desk.parts();
    let (brand, clock, lang) = (hand.brand.id, hand.clockface(), hand.lang);
    let draft = draft::read(tx, brand).await?;
    let drafted = draft.entries.iter().find(|d| d.path == path);
    let live = draft.live_source(path);
    let Some(source) = draft.source(path).or(live) else { return Err(Error::NotFound) };
    let names = agents::colleagues(tx, brand).await?;
    let by = drafted.and_then(|d| d.changed_by).and_then(|a| names.iter().find(|n| n.id == a)).map(|n| n.name.clone());
    let kept = draft.live.iter().find(|k| k.path == path);
    let modes = kept.map_or((Mode::Suggest, Mode::Suggest), |k| (k.private_mode, k.public_mode));
    let entry = Entry::read(&format!("{path}.md"), source).ok();
    let mut hits = Vec::new();
    let last = thoughts::of_entry(tx, brand, path, 20).await?;
    let ids: Vec<_> = last.iter().map(|h| h.message_id).collect();
    let said = messages::many(tx, brand, &ids).await?;
    for thought in &last {
        if let Some(message) = said.iter().find(|m| m.id == thought.message_id) {
            hits.push((thought.ticket_id.to_string(), excerpt(&message.text, 120), clock.short(thought.at)));
        }
    }
    let history = changes::history(tx, brand, path)
        .await?
        .into_iter()
        .map(|c| diff_of(path, c.before.as_deref(), c.after.as_deref(), c.author, clock.full(c.at)));
    let history = history.collect();
    let conflicts = conflicts(hand, &draft, path).await?;
    let changed = drafted.map(|d| diff_of(path, live, d.source.as_deref(), by.clone(), clock.full(d.changed_at)));
    Ok(EntryView {
        folders: rules::folders(hand, tx, "").await?,
        title: entry.as_ref().map_or_else(|| path.to_owned(), |e| e.title(lang.as_str()).to_owned()),
        version: drafted.map_or(0, |d| d.version),
        gone: drafted.is_some_and(|d| d.source.is_none()),
        at: drafted.map(|d| clock.full(d.changed_at)).unwrap_or_default(),
        kind: entry.as_ref().map_or(Kind::Answer, |e| kind(e, modes)),
        sentence: entry.as_ref().map(|e| sentence(e, modes, lang)).unwrap_or_default(),
        languages: entry.as_ref().map(words).unwrap_or_default(),
        more: entry.as_ref().map(|entry| more(entry, hand)).unwrap_or_default(),
        source: source.to_owned(),
        by,
        modes,
        conflicts,
        hits,
        changed,
        history,
        ..blank(frame, path)
    })
}

fn words(entry: &Entry) -> Vec<Words> {
    let of = |language: &&str| {
        let texts = entry.texts.get(*language).into_iter().flatten().flat_map(|(name, all)| {
            all.iter().map(|v| (name.clone(), v.network.clone().unwrap_or_default(), v.source.clone()))
        });
        let lists = List::ALL.iter().map(|l| (*l, l.of(&entry.head, language).join("\n")));
        Words { language: (*language).to_owned(), lists: lists.collect(), texts: texts.collect() }
    };
    LANGUAGES.iter().map(of).collect()
}

fn more(entry: &Entry, hand: &crate::web::ask::Hand) -> More {
    let names: BTreeSet<&String> = entry.texts.values().flat_map(|texts| texts.keys()).collect();
    let networks = hand.web.house.lengths().into_iter().map(|network| network.slug);
    More { names: names.into_iter().cloned().collect(), networks: networks.collect(), ..More::default() }
}

/// The mistakes of the library that name this entry.
async fn conflicts(hand: &crate::web::ask::Hand, draft: &Draft, path: &str) -> Result<Vec<String>> {
    let house = &hand.web.house;
    let entries: Vec<Entry> = draft.brain(house).await?.library.entries().cloned().collect();
    let file = format!("{path}.md");
    let notes = lint(&entries, &LANGUAGES, &house.lengths());
    let about = notes.into_iter().filter(|n| n.file == file || n.what.names(path));
    Ok(about
        .map(|n| {
            let what = n.what.said(hand.lang);
            if n.file == file { format!("{} : {what}", n.line) } else { format!("{} : {what}", n.file) }
        })
        .collect())
}

/// What the entry does, in plain sentences.
fn sentence(entry: &Entry, modes: (Mode, Mode), lang: crate::base::Lang) -> Vec<String> {
    let language = lang.as_str();
    let list = |l: List| l.of(&entry.head, language).join(", ");
    let first = List::Examples.of(&entry.head, language).into_iter().next().unwrap_or_default();
    let count = i64::try_from(List::Examples.of(&entry.head, language).len()).unwrap_or(0);
    let mut out = vec![t(lang, "bot-sentence-like", &[("example", first.into()), ("n", count.into())])];
    for (words, key) in [(list(List::AnyOf), "bot-sentence-any"), (list(List::NoneOf), "bot-sentence-none")] {
        if !words.is_empty() {
            out.push(t(lang, key, &[("words", words.into())]));
        }
    }
    for (visibility, mode) in [(Visibility::Private, modes.0), (Visibility::Public, modes.1)] {
        let text = entry.main_text(visibility).filter(|_| entry.speaks(visibility)).unwrap_or_default();
        let key = if text.is_empty() { "bot-sentence-mute".to_owned() } else { format!("bot-sentence-{mode}") };
        let place = t(lang, &format!("bot-mode-{visibility}"), &[]);
        out.push(t(lang, &key, &[("place", place.into()), ("text", text.to_owned().into())]));
    }
    out
}
