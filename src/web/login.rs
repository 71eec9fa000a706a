//! Signing in and out, invitations, and the demo's link.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::ask::{Form, Peer, cookie_of, language};
use super::error::refusal;
use super::page::{Chrome, Page, View};
use super::{Error, Result, Web};
use crate::base::Lang;
use crate::flow::{self, people};
use crate::store::agents;

/// The sign-in page, and the page of an invitation.
#[derive(Debug, Default, Serialize)]
pub struct LoginView {
    email: String,
    next: String,
    error: Option<String>,
    /// Set on an invitation: whose it is, and its link.
    invited: Option<(String, String)>,
}

impl View for LoginView {
    const FILE: &'static str = "login.html";
    fn samples() -> Vec<LoginView> {
        let plain = LoginView { next: "/inbox".into(), ..LoginView::default() };
        let failed = LoginView {
            email: "a@b.c".into(),
            error: Some("E-mail ou mot de passe inconnu".into()),
            ..LoginView::default()
        };
        let invited = LoginView { invited: Some(("Karim".into(), "abc".into())), ..LoginView::default() };
        vec![plain, failed, invited]
    }
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// A path of ours to go on to; anything else is the inbox.
fn own_path(next: &str) -> &str {
    let ours =
        next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\") && !next.contains(['\r', '\n']);
    if ours { next } else { "/inbox" }
}

fn page(web: &Web, lang: Lang, status: StatusCode, view: &LoginView) -> Result<Page> {
    let chrome = Chrome::bare(lang, "/login");
    Ok(Page::new(status, web.templates.render(lang, &chrome, view)?))
}

/// The sign-in page.
pub async fn form(State(web): State<Web>, uri: Uri, headers: HeaderMap, Query(next): Query<Next>) -> Result<Page> {
    let view = LoginView { next: own_path(&next.next).to_owned(), ..LoginView::default() };
    page(&web, language(&uri, &headers), StatusCode::OK, &view)
}

/// What was typed at the door.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Signs in.
pub async fn submit(
    State(web): State<Web>,
    Peer(from): Peer,
    uri: Uri,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Result<Response> {
    let (from, lang) = (from.to_string(), language(&uri, &headers));
    match people::sign_in(&web.house, &form.email, form.password, &from, user_agent(&headers)).await {
        Ok(token) => Ok(signed_in(&web, &token, own_path(&form.next))),
        Err(flow::Error::Refused(reason, about)) => {
            let error = Some(refusal(lang, reason, about.as_deref()));
            let status = Error::Refused(reason, None).status();
            let view = LoginView { email: form.email, next: own_path(&form.next).to_owned(), error, invited: None };
            Ok(page(&web, lang, status, &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|h| h.to_str().ok()).unwrap_or_default()
}

/// Sends the session's cookie along, on the way to a page.
pub fn signed_in(web: &Web, token: &str, to: &str) -> Response {
    let secure = if web.is_secure() { "; Secure" } else { "" };
    let age = people::LONGEST.as_secs();
    let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", web.cookie());
    let mut response = Redirect::to(to).into_response();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Signs out: the session ends on our side, and the browser forgets.
pub async fn logout(State(web): State<Web>, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = cookie_of(&headers, web.cookie()) {
        people::sign_out(&web.house, &token).await?;
    }
    let secure = if web.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", web.cookie());
    let mut response = Redirect::to("/login").into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, value);
    }
    headers.insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    Ok(response)
}

/// The demo's link: it signs in, and can be used again.
pub async fn enter(State(web): State<Web>, Path(link): Path<String>, headers: HeaderMap) -> Result<Response> {
    let mut tx = web.house.db.write().await?;
    let invitation = people::invited(&mut tx, &link, web.house.now()).await?;
    let agent = invitation.agent_id.filter(|_| invitation.kind == "demo").ok_or(Error::NotFound)?;
    let agent = agents::me(&mut tx, agent).await?;
    let token = people::begin_session(&web.house, &mut tx, &agent, user_agent(&headers)).await?;
    tx.commit().await?;
    Ok(signed_in(&web, &token, "/inbox"))
}

/// The page of an invitation.
pub async fn invite(State(web): State<Web>, Path(link): Path<String>, uri: Uri, headers: HeaderMap) -> Result<Page> {
    let view = LoginView { invited: Some((whose(&web, &link).await?, link)), ..LoginView::default() };
    page(&web, language(&uri, &headers), StatusCode::OK, &view)
}

async fn whose(web: &Web, link: &str) -> Result<String> {
    let mut tx = web.house.db.read().await?;
    let invitation = people::invited(&mut tx, link, web.house.now()).await?;
    let agent = invitation.agent_id.filter(|_| invitation.kind == "invite").ok_or(Error::NotFound)?;
    Ok(agents::me(&mut tx, agent).await?.name)
}

/// A password chosen with an invitation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    password: String,
}

/// Sets the password of an invitation.
pub async fn accept(
    State(web): State<Web>,
    Path(link): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Form(form): Form<NewPassword>,
) -> Result<Response> {
    let lang = language(&uri, &headers);
    let name = whose(&web, &link).await?;
    match people::accept(&web.house, &link, form.password, user_agent(&headers)).await {
        Ok(token) => Ok(signed_in(&web, &token, "/inbox")),
        Err(flow::Error::Refused(reason, about)) => {
            let error = Some(refusal(lang, reason, about.as_deref()));
            let view = LoginView { error, invited: Some((name, link)), ..LoginView::default() };
            Ok(page(&web, lang, StatusCode::UNPROCESSABLE_ENTITY, &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn one_goes_on_only_to_our_own_pages() {
        assert_eq!(own_path("/tickets/1?in=todo"), "/tickets/1?in=todo");
        for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "", "javascript:1", "/a\r\nb"] {
            assert_eq!(own_path(elsewhere), "/inbox", "{elsewhere}");
        }
    }
}
