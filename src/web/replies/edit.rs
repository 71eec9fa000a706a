//! One entry: its file to write in, how it will look, what is wrong with it, its versions.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::desk::agent::Power;
use crate::desk::canned::{Entry, Values};
use crate::flow::library as lib;
use crate::flow::studio::draft;
use crate::store::library;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::page::{Page, View};
use crate::web::{Error, Result, error};

/// One entry.
#[derive(Debug, Serialize)]
pub struct EditView {
    path: String,
    title: String,
    source: String,
    version: i64,
    is_new: bool,
    may_write: bool,
    error: Option<String>,
    said: Option<String>,
    previews: Vec<Preview>,
    versions: Vec<Earlier>,
}

/// A text as people will read it.
#[derive(Debug, Serialize)]
struct Preview {
    language: String,
    name: String,
    network: Option<String>,
    text: String,
}

/// A version.
#[derive(Debug, Serialize)]
struct Earlier {
    version: i64,
    by: Option<String>,
    at: String,
    current: bool,
}

impl View for EditView {
    const FILE: &'static str = "reply.html";
    fn samples() -> Vec<EditView> {
        let preview =
            Preview { language: "fr".into(), name: "answer".into(), network: Some("x".into()), text: "Bonjour".into() };
        let earlier =
            |by: Option<&str>, current| Earlier { version: 3, by: by.map(str::to_owned), at: "hier".into(), current };
        vec![
            EditView {
                path: "delivery/where".into(),
                title: "Où est ma commande ?".into(),
                source: "+++\n+++".into(),
                version: 3,
                is_new: false,
                may_write: true,
                error: Some("Ligne 3".into()),
                said: Some("Enregistré".into()),
                previews: vec![preview],
                versions: vec![earlier(Some("Élodie"), true), earlier(None, false)],
            },
            EditView { may_write: false, ..blank() },
        ]
    }
}

/// What a new entry begins with.
const FRESH: &str =
    "+++\nid = \"\"\ntitle = { fr = \"\", en = \"\" }\nshortcut = \"\"\n+++\n## fr\n### answer\n\n## en\n### answer\n";

/// Which version to look at.
#[derive(Deserialize)]
pub struct Asked {
    version: Option<i64>,
    #[serde(default)]
    said: String,
}

/// One entry, or an earlier version of it, ready to be saved again.
pub async fn show(
    mut desk: Desk,
    Path((folder, slug)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Page> {
    let path = format!("{folder}/{slug}");
    let said = (asked.said == "saved").then(|| crate::base::locale::t(desk.lang, "saved", &[]));
    let view = EditView { said, ..read(&mut desk, &path, asked.version).await? };
    desk.show("replies", &view)
}

async fn read(desk: &mut Desk, path: &str, version: Option<i64>) -> Result<EditView> {
    let (hand, tx) = desk.parts();
    let brand = hand.brand.id;
    let kept = library::get(tx, brand, path).await?;
    let versions = library::versions(tx, brand, path).await?;
    if kept.is_none() && versions.is_empty() {
        return Err(Error::NotFound);
    }
    let chosen = version.and_then(|n| versions.iter().find(|v| v.version == n)).and_then(|v| v.source.clone());
    let source = chosen.or_else(|| kept.as_ref().map(|k| k.source.clone()));
    let source = source.or_else(|| versions.iter().find_map(|v| v.source.clone())).unwrap_or_default();
    let clock = hand.clockface();
    let current = kept.as_ref().map_or(0, |k| k.version);
    let (title, previews) = previewed(path, &source, hand.lang.as_str());
    Ok(EditView {
        path: path.to_owned(),
        title,
        source,
        version: current,
        is_new: false,
        may_write: hand.may(Power::Write),
        error: None,
        said: None,
        previews,
        versions: versions
            .into_iter()
            .map(|v| Earlier { version: v.version, by: v.author, at: clock.full(v.at), current: v.version == current })
            .collect(),
    })
}

/// The texts filled with examples.
fn previewed(path: &str, source: &str, language: &str) -> (String, Vec<Preview>) {
    let Ok(entry) = Entry::read(&format!("{path}.md"), source) else { return (path.to_owned(), Vec::new()) };
    let samples = Values::samples();
    let mut previews = Vec::new();
    for (language, texts) in &entry.texts {
        for (name, variants) in texts {
            previews.extend(variants.iter().map(|v| Preview {
                language: language.clone(),
                name: name.clone(),
                network: v.network.clone(),
                text: v.template.fill(&|n| samples.get(n)).text(),
            }));
        }
    }
    (entry.title(language).to_owned(), previews)
}

/// What somebody wrote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    #[serde(default)]
    path: String,
    source: String,
    #[serde(default)]
    version: i64,
}

/// Saves an entry.
pub async fn save(
    hand: Hand,
    Path((folder, slug)): Path<(String, String)>,
    Form(form): Form<Written>,
) -> Result<Response> {
    written(hand, format!("{folder}/{slug}"), form, false).await
}

/// A form for a new entry.
pub async fn fresh(desk: Desk) -> Result<Page> {
    let view = EditView { source: FRESH.to_owned(), may_write: desk.may(Power::Write), ..blank() };
    desk.show("replies", &view)
}

fn blank() -> EditView {
    EditView {
        path: String::new(),
        title: String::new(),
        source: String::new(),
        version: 0,
        is_new: true,
        may_write: true,
        error: None,
        said: None,
        previews: Vec::new(),
        versions: Vec::new(),
    }
}

/// Adds an entry.
pub async fn add(hand: Hand, Form(form): Form<Written>) -> Result<Response> {
    let path = form.path.trim().trim_end_matches(".md").to_owned();
    written(hand, path, form, true).await
}

async fn written(hand: Hand, path: String, form: Written, is_new: bool) -> Result<Response> {
    let file = (format!("{path}.md"), form.source.clone());
    let (house, scope, brand) = (&hand.web.house, &hand.known.scope, hand.brand.id);
    // What the bot says goes by the studio: it is rehearsed before it is live.
    let saved = match draft::of_bot(house, scope, brand, (&path, Some(&form.source)), form.version).await {
        Ok(true) => return Ok(Redirect::to(&format!("/bot/rules/{path}?said=saved")).into_response()),
        Ok(false) => lib::save(house, scope, brand, file, form.version).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => Ok(Redirect::to(&format!("/replies/{path}?said=saved")).into_response()),
        Err(error) => {
            let Some(sentence) = error::shown(hand.lang, &error) else { return Err(error.into()) };
            let error = Some(sentence);
            let mut desk = hand.read_again().await?;
            let before = if is_new { blank() } else { read(&mut desk, &path, None).await? };
            let (title, previews) = previewed(&path, &form.source, desk.lang.as_str());
            let version = form.version;
            let view = EditView { path, title, previews, source: form.source, version, error, ..before };
            Ok(desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, "replies", &view)?.into_response())
        }
    }
}

/// Takes an entry away; its versions stay.
pub async fn remove(hand: Hand, Path((folder, slug)): Path<(String, String)>) -> Result<Redirect> {
    let (house, scope, brand) = (&hand.web.house, &hand.known.scope, hand.brand.id);
    let path = format!("{folder}/{slug}");
    let kept = library::get(&mut house.db.read().await?, brand, &path).await?;
    if draft::of_bot(house, scope, brand, (&path, None), kept.map_or(0, |k| k.version)).await? {
        return Ok(Redirect::to(&format!("/bot/rules/{path}?said=saved")));
    }
    lib::remove(house, scope, brand, &path).await?;
    Ok(Redirect::to("/replies"))
}
