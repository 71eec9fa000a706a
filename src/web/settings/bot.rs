//! The bot: whether it runs, what it may say by itself, what it said last.

use axum::extract::Query;
use axum::response::Redirect;
use serde::{Deserialize, Serialize};

use super::evidence::Proofs;
use crate::base::locale::t;
use crate::base::text::excerpt;
use crate::desk::agent::Power;
use crate::desk::canned::{Entry, Mode, Values};
use crate::desk::message::Visibility;
use crate::flow::bot;
use crate::store::library::{self, Kept};
use crate::store::{agents, thoughts, tickets};
use crate::web::Result;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::page::{Page, View};

/// The bot's page.
#[derive(Debug, Serialize)]
pub struct BotView {
    /// Since when it is stopped.
    stopped: Option<String>,
    /// True while a file in the data folder stops every bot.
    barred: bool,
    said: Option<String>,
    asked: Option<Asking>,
    entries: Vec<Line>,
    answers: Vec<Answer>,
    proofs: Proofs,
    may_write: bool,
    may_stop: bool,
    may_open: bool,
}

/// An entry about to be opened: what one should know first.
#[derive(Debug, Serialize)]
struct Asking {
    path: String,
    title: String,
    visibility: Visibility,
    /// Language and words of what customers will read.
    texts: Vec<(String, String)>,
    /// Who asked before, where a second person agrees.
    first: Option<String>,
}

/// One entry.
#[derive(Debug, Serialize)]
struct Line {
    path: String,
    title: String,
    examples: usize,
    private: Mode,
    public: Mode,
    /// True when it has no text for that audience.
    no_private: bool,
    no_public: bool,
    /// Who asked for public answers and waits for a second person.
    first: Option<String>,
}

/// One automatic answer.
#[derive(Debug, Serialize)]
struct Answer {
    ticket: String,
    number: i64,
    excerpt: String,
    title: String,
    at: String,
}

impl View for BotView {
    const FILE: &'static str = "settings/bot.html";
    fn samples() -> Vec<BotView> {
        let line = |private, first: Option<&str>| Line {
            path: "hours/opening-hours".into(),
            title: "Horaires".into(),
            examples: 12,
            private,
            public: Mode::Suggest,
            no_private: first.is_none(),
            no_public: first.is_some(),
            first: first.map(str::to_owned),
        };
        let asking = |visibility, first: Option<&str>| Asking {
            path: "hours/opening-hours".into(),
            title: "Horaires".into(),
            visibility,
            texts: vec![("fr".into(), "Nous répondons de 9 h à 18 h.".into())],
            first: first.map(str::to_owned),
        };
        let answer = Answer {
            ticket: "0".into(),
            number: 12,
            excerpt: "Vous êtes ouverts le samedi ?".into(),
            title: "Horaires".into(),
            at: "12:04".into(),
        };
        vec![
            BotView {
                stopped: Some("12:04".into()),
                barred: false,
                said: Some("Enregistré".into()),
                asked: Some(asking(Visibility::Private, None)),
                entries: vec![line(Mode::Auto, None), line(Mode::Off, Some("Élodie"))],
                answers: vec![answer],
                proofs: Proofs::sample(),
                may_write: true,
                may_stop: true,
                may_open: true,
            },
            BotView {
                stopped: None,
                barred: true,
                said: None,
                asked: Some(asking(Visibility::Public, Some("Élodie"))),
                entries: Vec::new(),
                answers: Vec::new(),
                proofs: Proofs::default(),
                may_write: false,
                may_stop: false,
                may_open: false,
            },
        ]
    }
}

/// What the page was asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    open: String,
    visibility: Option<Visibility>,
    #[serde(default)]
    said: String,
}

/// The bot of the brand looked at.
pub async fn show(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let (hand, tx) = desk.parts();
    let (brand, lang) = (hand.brand.id, hand.lang);
    let library = hand.web.house.library(tx, brand).await?;
    let kept = library::all(tx, brand).await?;
    let names = agents::colleagues(tx, brand).await?;
    let first = |k: &Kept| k.public_asked_by.and_then(|a| names.iter().find(|n| n.id == a)).map(|n| n.name.clone());
    let of = |path: &str| kept.iter().find(|k| k.path == path);
    let entries = library.entries().filter(|e| e.answers()).filter_map(|e| {
        let kept = of(&e.path())?;
        Some(Line {
            path: e.path(),
            title: e.title(lang.as_str()).to_owned(),
            examples: e.head.examples.values().map(Vec::len).sum(),
            private: kept.private_mode,
            public: kept.public_mode,
            no_private: !e.speaks(Visibility::Private),
            no_public: !e.speaks(Visibility::Public),
            first: first(kept),
        })
    });
    let entries = entries.collect();
    let visibility = asked.visibility.unwrap_or(Visibility::Private);
    let asking = library.get(&asked.open).filter(|_| hand.may(Power::Manage)).map(|e| Asking {
        path: e.path(),
        title: e.title(lang.as_str()).to_owned(),
        visibility,
        texts: texts(e, visibility),
        first: of(&e.path()).and_then(first),
    });
    let mut answers = Vec::new();
    for thought in thoughts::answers(tx, brand, 20).await? {
        let ticket = tickets::get(tx, &hand.known.scope, thought.ticket_id).await?;
        let entry = thought.entry.unwrap_or_default();
        answers.push(Answer {
            ticket: ticket.id.to_string(),
            number: ticket.number,
            excerpt: ticket.excerpt,
            title: library.get(&entry).map_or(entry.clone(), |e| e.title(lang.as_str()).to_owned()),
            at: hand.clockface().full(thought.at),
        });
    }
    let known = ["opened", "asked", "set", "stopped", "started"];
    let view = BotView {
        stopped: hand.brand.bot_stopped_at.map(|at| hand.clockface().full(at)),
        barred: hand.web.house.bot_is_barred(),
        said: known.contains(&asked.said.as_str()).then(|| t(lang, &format!("bot-said-{}", asked.said), &[])),
        asked: asking,
        entries,
        answers,
        proofs: Proofs::read(hand, tx, &library, &kept).await?,
        may_write: hand.may(Power::Write),
        may_stop: hand.may(Power::StopBot),
        may_open: hand.may(Power::Manage),
    };
    desk.show("settings", &view)
}

/// What customers will read, with examples for what is filled in.
fn texts(entry: &Entry, visibility: Visibility) -> Vec<(String, String)> {
    let samples = Values::samples();
    let Some(name) = entry.main_text(visibility) else { return Vec::new() };
    let languages = entry.texts.keys();
    let text = |l: &String| {
        let variant = entry.text(l, name, "")?;
        Some((l.clone(), excerpt(&variant.template.fill(&|n| samples.get(n)).text(), 600)))
    };
    languages.filter_map(text).collect()
}

/// What an entry shall be open for.
#[derive(Deserialize)]
pub struct Setting {
    path: String,
    visibility: Visibility,
    mode: Mode,
    /// True once the warning was read.
    #[serde(default)]
    sure: String,
}

/// Sets what the bot may do with an entry; opening it for automatic answers is asked back first.
pub async fn set(hand: Hand, Form(setting): Form<Setting>) -> Result<Redirect> {
    let (path, visibility) = (setting.path, setting.visibility);
    if setting.mode == Mode::Auto && setting.sure.is_empty() && hand.may(Power::Manage) {
        return Ok(Redirect::to(&format!("/settings/bot?open={path}&visibility={visibility}")));
    }
    let (house, scope) = (&hand.web.house, &hand.known.scope);
    let kept = bot::set_mode(house, scope, hand.brand.id, &path, visibility, setting.mode).await?;
    let said = match (setting.mode, visibility) {
        (Mode::Auto, Visibility::Public) if kept.public_mode != Mode::Auto => "asked",
        (Mode::Auto, _) => "opened",
        _ => "set",
    };
    Ok(Redirect::to(&format!("/settings/bot?said={said}")))
}

/// Whether it shall stop.
#[derive(Deserialize)]
pub struct Switch {
    stop: String,
}

/// Stops the brand's bot, or lets it go on.
pub async fn switch(hand: Hand, Form(form): Form<Switch>) -> Result<Redirect> {
    let stop = form.stop == "1";
    bot::switch(&hand.web.house, &hand.known.scope, hand.brand.id, stop).await?;
    Ok(Redirect::to(&format!("/settings/bot?said={}", if stop { "stopped" } else { "started" })))
}
