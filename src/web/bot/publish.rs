//! Publishing on screen: what differs, what is missing, to whom, and the way back.

use axum::extract::Path;
use axum::response::Redirect;
use serde::{Deserialize, Serialize};

use super::Frame;
use super::versions::{Diff, diff_of};
use crate::base::Lang;
use crate::base::id::AnyId;
use crate::base::locale::t;
use crate::desk::canned::Library;
use crate::desk::release::Reach;
use crate::desk::studio::judged;
use crate::flow::bot::scenes::{Came, Failing, Wrong};
use crate::flow::library;
use crate::flow::replay::verdict;
use crate::flow::studio::draft::{self, Draft};
use crate::flow::studio::{gate, propose, publish as flow, roll};
use crate::store::agents;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::page::{Page, View};
use crate::web::replies::Mend;
use crate::web::{Error, Result};

/// The page before publishing.
#[derive(Debug, Serialize)]
pub struct PublishView {
    frame: Frame,
    print: String,
    missing: Vec<(String, usize)>,
    notes: Vec<Mend>,
    failed: Vec<Failed>,
    stale: Vec<String>,
    for_two: bool,
    may_agree: bool,
    agreed: Option<String>,
    diffs: Vec<Diff>,
}

/// A test that fails, in the reader's words.
#[derive(Debug, Serialize)]
struct Failed {
    path: String,
    title: String,
    said: String,
    words: String,
    /// True when a verdict left it: it may be withdrawn.
    judged: bool,
}

fn failed(f: &Failing, draft: &Draft, library: &Library, lang: Lang) -> Failed {
    let titled = |name: &str| library.get(name).map_or_else(|| name.to_owned(), |e| e.title(lang.as_str()).to_owned());
    let came = |came: &Came| match came {
        Came::Text(name, entry) => {
            t(lang, "bot-came-text", &[("name", name.as_str().into()), ("what", titled(entry).into())])
        }
        Came::With(name, act) => {
            t(lang, "bot-came-with", &[("name", name.as_str().into()), ("what", act.as_str().into())])
        }
        Came::Entry(entry) => t(lang, "bot-came-entry", &[("what", titled(entry).into())]),
        Came::Not(entry) => t(lang, "bot-came-not", &[("what", titled(entry).into())]),
        Came::Silence => t(lang, "bot-came-silence", &[]),
        Came::Person(_) => t(lang, "bot-came-person", &[]),
    };
    let words = match &f.wrong {
        Wrong::Differs(expected, got) => {
            t(lang, "bot-came-differs", &[("expected", came(expected).into()), ("got", came(got).into())])
        }
        Wrong::Unfit(why) => why.clone(),
    };
    Failed {
        title: titled(&f.path),
        said: f.said.clone(),
        words: t(lang, "bot-failed-line", &[("said", f.said.as_str().into()), ("words", words.into())]),
        judged: draft.source(&f.path).is_some_and(|s| judged::has(s, &judged::asked(&f.said))),
        path: f.path.clone(),
    }
}

impl View for PublishView {
    const FILE: &'static str = "bot/publish.html";
    fn samples() -> Vec<PublishView> {
        let shut = PublishView {
            frame: Frame::sample("versions"),
            print: "0".into(),
            missing: gate::Missing::ALL.iter().map(|m| (m.to_string(), 2)).collect(),
            notes: vec![Mend::sample()],
            failed: vec![Failed {
                path: "delivery/late".into(),
                title: "Livraison en retard".into(),
                said: "toujours rien".into(),
                words: "attendu : le silence".into(),
                judged: true,
            }],
            stale: vec!["delivery/late".into()],
            for_two: true,
            may_agree: true,
            agreed: None,
            diffs: vec![Diff::sample()],
        };
        let open = PublishView {
            frame: Frame::sample("versions"),
            print: "0".into(),
            missing: Vec::new(),
            notes: Vec::new(),
            failed: Vec::new(),
            stale: Vec::new(),
            for_two: true,
            may_agree: false,
            agreed: Some("Ada".into()),
            diffs: Vec::new(),
        };
        vec![shut, open]
    }
}

/// What would be published.
pub async fn show(mut desk: Desk) -> Result<Page> {
    let frame = Frame::of(&mut desk, "versions").await?;
    let (hand, tx) = desk.parts();
    let brand = hand.brand.id;
    let draft = draft::read(tx, brand).await?;
    let gate = gate::of(&hand.web.house, tx, &draft, hand.known.scope.who()).await?;
    let failed = match gate.failed.as_slice() {
        [] => Vec::new(),
        failing => {
            let library = &draft.brain(&hand.web.house).await?.library;
            failing.iter().map(|f| failed(f, &draft, library, hand.lang)).collect()
        }
    };
    let names = agents::colleagues(tx, brand).await?;
    let name = |id| names.iter().find(|n| n.id == id).map(|n| n.name.clone());
    let clock = hand.clockface();
    let diffs = draft.entries.iter().map(|d| {
        let by = d.changed_by.and_then(name);
        diff_of(&d.path, draft.live_source(&d.path), d.source.as_deref(), by, clock.full(d.changed_at))
    });
    let view = PublishView {
        print: draft.print(),
        missing: gate.missing.iter().map(|(m, n)| (m.to_string(), *n)).collect(),
        diffs: diffs.collect(),
        notes: Mend::all(gate.notes, hand.lang),
        failed,
        stale: gate.stale,
        for_two: gate.for_two,
        may_agree: gate.may_agree && hand.may(crate::desk::agent::Power::Write),
        agreed: gate.approved_by.and_then(name),
        frame,
    };
    desk.show("bot", &view)
}

/// To whom, and why.
#[derive(Deserialize)]
pub struct Wanted {
    reach: Reach,
    #[serde(default)]
    why: String,
}

/// Publishes.
pub async fn publish(hand: Hand, Form(form): Form<Wanted>) -> Result<Redirect> {
    flow::publish(&hand.web.house, &hand.known.scope, hand.brand.id, form.reach, &form.why).await?;
    Ok(Redirect::to("/bot/versions?said=published"))
}

/// What was read.
#[derive(Deserialize)]
pub struct Read {
    print: String,
}

/// A second person agrees.
pub async fn agree(hand: Hand, Form(form): Form<Read>) -> Result<Redirect> {
    gate::agree(&hand.web.house, &hand.known.scope, hand.brand.id, &form.print).await?;
    Ok(Redirect::to("/bot/publish"))
}

/// A test that a verdict left.
#[derive(Deserialize)]
pub struct Left {
    path: String,
    said: String,
}

/// Takes it out of the draft again.
pub async fn withdraw(hand: Hand, Form(form): Form<Left>) -> Result<Redirect> {
    verdict::withdraw(&hand.web.house, &hand.known.scope, hand.brand.id, &form.path, &form.said).await?;
    Ok(Redirect::to("/bot/publish"))
}

/// What was tried becomes what is live.
pub async fn promote(hand: Hand) -> Result<Redirect> {
    flow::promote(&hand.web.house, &hand.known.scope, hand.brand.id).await?;
    Ok(Redirect::to("/bot/versions?said=published"))
}

/// Where to.
#[derive(Deserialize)]
pub struct Back {
    number: i64,
}

/// Back to a release, in one act.
pub async fn rollback(hand: Hand, Form(form): Form<Back>) -> Result<Redirect> {
    roll::back(&hand.web.house, &hand.known.scope, hand.brand.id, form.number).await?;
    Ok(Redirect::to("/bot/versions?said=back"))
}

/// The entries that come with the program, for a brand that has none.
pub async fn starter(hand: Hand) -> Result<Redirect> {
    hand.needs(crate::desk::agent::Power::Write)?;
    let files = hand.web.house.starter.to_vec();
    library::import(&hand.web.house, hand.brand.id, &files).await?;
    Ok(Redirect::to("/bot"))
}

/// A proposal was dealt with.
pub async fn settle(hand: Hand, Path(id): Path<String>) -> Result<Redirect> {
    let id: AnyId = id.parse().map_err(|_| Error::NotFound)?;
    propose::settle(&hand.web.house, &hand.known.scope, hand.brand.id, id).await?;
    Ok(Redirect::to("/bot"))
}
