//! A new entry that writes itself as far as it can: of a cluster of missed questions, of a reply that
//! was sent, of what a colleague proposed.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::Frame;
use super::missed_acts::lines;
use crate::base::id::{AnyId, MessageId};
use crate::desk::agent::Power;
use crate::desk::canned::Entry;
use crate::desk::missed::draft::Draft;
use crate::flow::missed::material;
use crate::flow::missed::propose::{self, Came};
use crate::flow::{self, missed};
use crate::store::proposals;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::page::{Page, View};
use crate::web::{Error, Result, error};

/// The form.
#[derive(Debug, Serialize)]
pub struct ProposalView {
    frame: Frame,
    error: Option<String>,
    form: Written,
    folders: Vec<String>,
    /// True when it is saved at once, false when it is proposed.
    may_write: bool,
}

/// What stands in it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Made of this cluster, this reply or this proposal.
    #[serde(default)]
    cluster: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    proposal: String,
    /// `1`: the bot does nothing with it, agents have the text.
    #[serde(default)]
    never: String,
    #[serde(default)]
    folder: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    title_fr: String,
    #[serde(default)]
    title_en: String,
    #[serde(default)]
    examples_fr: String,
    #[serde(default)]
    examples_en: String,
    #[serde(default)]
    answer_fr: String,
    #[serde(default)]
    answer_en: String,
}

impl View for ProposalView {
    const FILE: &'static str = "bot/proposal.html";
    fn samples() -> Vec<ProposalView> {
        let form = |proposal: &str| Written {
            proposal: proposal.into(),
            folder: "care".into(),
            name: "wash".into(),
            title_fr: "Lavage".into(),
            examples_fr: "elle passe au lave-vaisselle ?".into(),
            answer_fr: "Oui.".into(),
            ..Written::default()
        };
        let view = |error: Option<&str>, form, may_write| ProposalView {
            frame: Frame::sample("missed"),
            error: error.map(str::to_owned),
            form,
            folders: vec!["care".into(), "delivery".into()],
            may_write,
        };
        let of_cluster = Written { cluster: "0".into(), never: "1".into(), ..form("") };
        vec![
            view(Some("Il manque un texte."), of_cluster, true),
            view(None, form(""), true),
            view(None, form("0"), true),
            view(None, form(""), false),
        ]
    }
}

impl Written {
    fn of(draft: &Draft) -> Written {
        let (folder, name) = draft.path.split_once('/').unwrap_or(("questions", &draft.path));
        let text = |by: &std::collections::BTreeMap<String, String>, l: &str| by.get(l).cloned().unwrap_or_default();
        let list = |l: &str| draft.examples.get(l).map(|e| e.join("\n")).unwrap_or_default();
        Written {
            folder: folder.to_owned(),
            name: name.to_owned(),
            title_fr: text(&draft.title, "fr"),
            title_en: text(&draft.title, "en"),
            examples_fr: list("fr"),
            examples_en: list("en"),
            answer_fr: text(&draft.answers, "fr"),
            answer_en: text(&draft.answers, "en"),
            ..Written::default()
        }
    }

    fn draft(&self) -> Draft {
        let by = |fr: &str, en: &str| [("fr", fr), ("en", en)].map(|(l, t)| (l.to_owned(), t.trim().to_owned()));
        Draft {
            path: format!("{}/{}", self.folder.trim(), self.name.trim()),
            title: by(&self.title_fr, &self.title_en).into(),
            examples: [("fr".to_owned(), lines(&self.examples_fr)), ("en".to_owned(), lines(&self.examples_en))].into(),
            answers: by(&self.answer_fr, &self.answer_en).into(),
        }
    }
}

/// What it is made of.
#[derive(Deserialize)]
pub struct Of {
    cluster: Option<AnyId>,
    message: Option<MessageId>,
    proposal: Option<AnyId>,
    #[serde(default)]
    never: String,
}

/// The form, filled in.
pub async fn form(mut desk: Desk, Query(of): Query<Of>) -> Result<Page> {
    let (hand, tx) = desk.parts();
    let (brand, house, scope) = (hand.brand.id, &hand.web.house, &hand.known.scope);
    let form = if let Some(id) = of.cluster {
        hand.needs(Power::Write)?;
        let cluster = material::cluster(tx, brand, id).await?;
        let draft = material::of_cluster(house, tx, scope, &cluster).await?.draft;
        Written { cluster: id.to_string(), never: of.never, ..Written::of(&draft) }
    } else if let Some(id) = of.message {
        hand.needs(Power::Handle)?;
        let (theirs, draft) = material::of_reply(house, tx, scope, id).await?;
        if theirs != brand {
            return Err(Error::NotFound);
        }
        Written { message: id.to_string(), ..Written::of(&draft) }
    } else {
        hand.needs(Power::Write)?;
        let id = of.proposal.ok_or(Error::NotFound)?;
        let proposal = proposals::get(tx, brand, id).await?.ok_or(Error::NotFound)?;
        let entry = Entry::read(&format!("{}.md", proposal.path), &proposal.source).map_err(flow::Error::from)?;
        Written { proposal: id.to_string(), ..Written::of(&draft_of(&entry)) }
    };
    let (desk, view) = shown(desk, form, None).await?;
    desk.show("bot", &view)
}

fn draft_of(entry: &Entry) -> Draft {
    let text = |l: &String| Some((l.clone(), entry.text(l, "answer", "")?.source.clone()));
    Draft {
        path: entry.path(),
        title: entry.head.title.clone(),
        examples: entry.head.examples.clone(),
        answers: entry.texts.keys().filter_map(text).collect(),
    }
}

async fn shown(mut desk: Desk, form: Written, error: Option<String>) -> Result<(Desk, ProposalView)> {
    let frame = Frame::of(&mut desk, "missed").await?;
    let (hand, tx) = desk.parts();
    let library = hand.web.house.library(tx, hand.brand.id).await?;
    let mut folders: Vec<String> = library.entries().map(|e| e.folder.clone()).collect();
    folders.push(form.folder.clone());
    folders.sort();
    folders.dedup();
    let view = ProposalView { frame, error, form, folders, may_write: hand.may(Power::Write) };
    Ok((desk, view))
}

/// Saves it, or proposes it.
pub async fn save(hand: Hand, Form(form): Form<Written>) -> Result<Response> {
    let (house, scope, brand) = (&hand.web.house, &hand.known.scope, hand.brand.id);
    let draft = form.draft();
    let id = |text: &str| text.parse::<AnyId>().map_err(|_| Error::NotFound);
    let came = if !form.cluster.is_empty() {
        let never = form.never == "1";
        let made = missed::make_entry(house, scope, brand, id(&form.cluster)?, (&draft, never)).await;
        made.map(|()| if never { "never" } else { "entry" })
    } else if !form.proposal.is_empty() {
        propose::accept(house, scope, brand, id(&form.proposal)?, &draft).await.map(|()| "accepted")
    } else {
        let message = form.message.parse().map_err(|_| Error::NotFound)?;
        let came = propose::reply(house, scope, brand, message, &draft).await;
        came.map(|c| if c == Came::Saved { "entry" } else { "proposed" })
    };
    match came {
        Ok(said) => Ok(Redirect::to(&format!("/bot/missed?said={said}")).into_response()),
        Err(error) => {
            let Some(sentence) = error::shown(hand.lang, &error) else { return Err(error.into()) };
            let error = Some(sentence);
            let (desk, view) = shown(hand.read_again().await?, form, error).await?;
            Ok(desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, "bot", &view)?.into_response())
        }
    }
}
