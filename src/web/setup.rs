//! The first set-up: an administrator and a brand, by the link the program printed.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::ask::{Form, language};
use super::error::refusal;
use super::login::signed_in;
use super::page::{Chrome, Page, View};
use super::{Error, Result, Web};
use crate::base::Lang;
use crate::desk::agent::Role;
use crate::flow::found::{self, NewBrand};
use crate::flow::people::{self, NewAgent};
use crate::flow::{self};
use crate::store::agents;

/// The set-up page.
#[derive(Debug, Default, Serialize)]
pub struct SetupView {
    link: String,
    name: String,
    email: String,
    brand: String,
    timezone: String,
    error: Option<String>,
}

impl View for SetupView {
    const FILE: &'static str = "setup.html";
    fn samples() -> Vec<SetupView> {
        let failed = SetupView { error: Some("Ce mot de passe est trop court".into()), ..SetupView::default() };
        vec![SetupView { link: "ab".into(), timezone: "Europe/Paris".into(), ..SetupView::default() }, failed]
    }
}

/// The key of the first visit.
#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    link: String,
}

/// The set-up page; nothing of the kind once somebody can sign in.
pub async fn form(State(web): State<Web>, uri: Uri, headers: HeaderMap, Query(query): Query<Link>) -> Result<Page> {
    check(&web, &query.link).await?;
    let view = SetupView { link: query.link, timezone: "Europe/Paris".into(), ..SetupView::default() };
    page(&web, language(&uri, &headers), StatusCode::OK, &view)
}

async fn check(web: &Web, link: &str) -> Result<()> {
    let mut tx = web.house.db.read().await?;
    if !agents::nobody_yet(&mut tx).await? {
        return Err(Error::NotFound);
    }
    let invitation = people::invited(&mut tx, link, web.house.now()).await?;
    if invitation.kind == "setup" { Ok(()) } else { Err(Error::NotFound) }
}

fn page(web: &Web, lang: Lang, status: StatusCode, view: &SetupView) -> Result<Page> {
    Ok(Page::new(status, web.templates.render(lang, &Chrome::bare(lang, "/setup"), view)?))
}

/// What the first visitor answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    link: String,
    name: String,
    email: String,
    password: String,
    brand: String,
    timezone: String,
}

/// Founds the brand and signs the administrator in, on the way to connecting a first channel.
pub async fn submit(State(web): State<Web>, uri: Uri, headers: HeaderMap, Form(a): Form<Answers>) -> Result<Response> {
    check(&web, &a.link).await?;
    let lang = language(&uri, &headers);
    let admin = NewAgent {
        email: a.email.clone(),
        name: a.name.clone(),
        role: Role::Admin,
        brand: None,
        password: Some(a.password),
        locale: lang,
    };
    let brand =
        NewBrand { slug: String::new(), name: a.brand.clone(), languages: Vec::new(), timezone: a.timezone.clone() };
    let agent = headers.get(header::USER_AGENT).and_then(|h| h.to_str().ok()).unwrap_or_default();
    match found::first(&web.house, &a.link, admin, brand, agent).await {
        Ok((_, token)) => Ok(signed_in(&web, &token, "/settings/channels")),
        Err(flow::Error::Refused(reason, about)) => {
            let error = Some(refusal(lang, reason, about.as_deref()));
            let view =
                SetupView { link: a.link, name: a.name, email: a.email, brand: a.brand, timezone: a.timezone, error };
            Ok(page(&web, lang, StatusCode::UNPROCESSABLE_ENTITY, &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}
