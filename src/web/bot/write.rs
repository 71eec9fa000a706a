//! Writing in the draft: by the form, list by list and text by text, or the file itself; and proposing
//! where one may not write.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::entry;
use super::fields::Fields;
use crate::desk::canned::Problem;
use crate::desk::studio::lists::{self, List};
use crate::desk::studio::texts;
use crate::flow;
use crate::flow::studio::{draft, propose};
use crate::web::ask::{Form, Hand};
use crate::web::error::shown;
use crate::web::{Error, Result};

/// Changes an entry of the draft.
pub async fn save(
    hand: Hand,
    Path((folder, slug)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let path = format!("{folder}/{slug}");
    let version = fields.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let source = match fields.get("source") {
        Some(source) => Ok(source.to_owned()),
        None => formed(&hand, &path, &fields).await?,
    };
    let written = match source {
        Ok(source) => put(&hand, &path, Some(source), version).await,
        Err(problem) => Err(problem.into()),
    };
    match written {
        Ok(_) => Ok(Redirect::to(&format!("/bot/rules/{path}?said=saved")).into_response()),
        Err(error) => {
            let Some(sentence) = shown(hand.lang, &error) else { return Err(error.into()) };
            let mut desk = hand.read_again().await?;
            let mut view = entry::read(&mut desk, &path).await?;
            view.error = Some(sentence);
            // What was written stays in the form; what somebody else wrote is shown beside it.
            view.keep(&fields);
            Ok(desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, "bot", &view)?.into_response())
        }
    }
}

async fn put(hand: &Hand, path: &str, source: Option<String>, version: i64) -> flow::Result<i64> {
    draft::put(&hand.web.house, &hand.known.scope, hand.brand.id, path, source, version).await
}

/// The file with what the form says: each list and each text in its place.
async fn formed(hand: &Hand, path: &str, fields: &Fields) -> Result<std::result::Result<String, Problem>> {
    let draft = draft::read(&mut hand.web.house.db.read().await?, hand.brand.id).await?;
    let Some(source) = draft.source(path) else { return Err(Error::NotFound) };
    Ok(fill(&format!("{path}.md"), source, fields))
}

fn fill(file: &str, source: &str, fields: &Fields) -> std::result::Result<String, Problem> {
    let mut out = source.to_owned();
    for (name, value) in fields.each() {
        let parts: Vec<&str> = name.splitn(4, ':').collect();
        match parts[..] {
            ["list", list, language] => {
                let Ok(list) = list.parse::<List>() else { continue };
                let words: Vec<String> =
                    value.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
                out = lists::set(file, &out, list, language, &words)?;
            }
            ["text", language, name, network] => {
                let network = Some(network).filter(|n| !n.is_empty());
                out = texts::set(file, &out, (language, name, network), value)?;
            }
            _ => {}
        }
    }
    let more = |name: &str| fields.get(name).unwrap_or_default();
    if !more("more:words").trim().is_empty() {
        let place = (more("more:language"), more("more:name"), Some(more("more:network")));
        out = texts::add(file, &out, place, more("more:words"))?;
    }
    Ok(out)
}

/// Adds an entry to the draft.
pub async fn add(hand: Hand, Form(fields): Form<Fields>) -> Result<Response> {
    let path = fields.get("path").unwrap_or_default().trim().trim_end_matches(".md").to_owned();
    let source = fields.get("source").unwrap_or_default().to_owned();
    match put(&hand, &path, Some(source.clone()), 0).await {
        Ok(_) => Ok(Redirect::to(&format!("/bot/rules/{path}?said=saved")).into_response()),
        Err(error) => {
            let Some(sentence) = shown(hand.lang, &error) else { return Err(error.into()) };
            let mut desk = hand.read_again().await?;
            let mut view = entry::begin(&mut desk).await?;
            view.error = Some(sentence);
            (view.path, view.source) = (path, source);
            Ok(desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, "bot", &view)?.into_response())
        }
    }
}

/// Takes an entry away, in the draft.
pub async fn remove(
    hand: Hand,
    Path((folder, slug)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Redirect> {
    let version = fields.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
    put(&hand, &format!("{folder}/{slug}"), None, version).await?;
    Ok(Redirect::to(&format!("/bot/rules/{folder}/{slug}?said=saved")))
}

/// Gives up what the draft makes of an entry.
pub async fn drop(
    hand: Hand,
    Path((folder, slug)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Redirect> {
    let version = fields.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let path = format!("{folder}/{slug}");
    draft::drop(&hand.web.house, &hand.known.scope, hand.brand.id, &path, version).await?;
    Ok(Redirect::to("/bot?said=dropped"))
}

/// Says what should be written.
pub async fn propose(
    hand: Hand,
    Path((folder, slug)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Redirect> {
    let path = format!("{folder}/{slug}");
    let words = fields.get("words").unwrap_or_default();
    propose::propose(&hand.web.house, &hand.known.scope, hand.brand.id, &path, words).await?;
    Ok(Redirect::to(&format!("/bot/rules/{path}?said=proposed")))
}
