//! Programs at the API: a bearer token, its scopes, and errors as problem documents (RFC 9457).

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::id::{AgentId, BrandId};
use crate::base::{At, Lang};
use crate::desk::scope::Scope;
use crate::flow::{self, Reason, people};
use crate::store;
use crate::web::{Web, error};

/// A program that showed a good token.
pub struct Caller {
    /// What every handler has at hand.
    pub web: Web,
    /// What it may see: what the person may, in whose name it acts.
    pub scope: Scope,
    /// That person.
    pub agent: AgentId,
    /// The hour.
    pub now: At,
}

impl Caller {
    /// The brand a list is about: the one named by slug, or the only one.
    ///
    /// # Errors
    /// A problem when several are possible or the named one is not in scope.
    pub async fn brand(&self, slug: Option<&str>) -> Result<BrandId, Problem> {
        let mut ids = self.scope.brands();
        match slug {
            Some(slug) => {
                let mut tx = self.web.house.db.read().await?;
                let brand = store::brands::by_slug(&mut tx, slug).await?;
                if self.scope.admits(brand.id) { Ok(brand.id) } else { Err(store::Error::NotFound.into()) }
            }
            None => match (ids.next(), ids.next()) {
                (Some(only), None) => Ok(only),
                (None, _) => Err(Problem::new(StatusCode::FORBIDDEN, "no-brand", "this token sees no brand")),
                _ => Err(Problem::new(
                    StatusCode::BAD_REQUEST,
                    "which-brand",
                    "name one with ?brand=SLUG: this token sees several",
                )),
            },
        }
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Caller, Problem> {
        let refuse = || {
            let mut problem =
                Problem::new(StatusCode::UNAUTHORIZED, "no-token", "send a good token: Authorization: Bearer TOKEN");
            problem.challenge = true;
            problem
        };
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|h| h.to_str().ok());
        let token = header.and_then(|h| h.strip_prefix("Bearer ")).ok_or_else(refuse)?.trim().to_owned();
        let now = web.house.now();
        let mut tx = web.house.db.read().await?;
        let (known, key) = people::by_token(&mut tx, &token, now).await?.ok_or_else(refuse)?;
        let has = |scope: &str| key.scopes.split(',').any(|s| s == scope || s == "admin");
        let needed = if parts.method == Method::GET { "read" } else { "write" };
        if !(has(needed) || (needed == "read" && has("write"))) {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "scope",
                &format!("this token lacks the scope “{needed}”"),
            ));
        }
        drop(tx);
        if let Err(error) = people::note_use(&web.house, &key).await {
            tracing::warn!(name: "token.use_not_noted", %error, "when a key was last used is not up to date");
        }
        Ok(Caller { web: web.clone(), scope: known.scope, agent: known.agent.id, now })
    }
}

/// An error for programs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Stable: what a program may decide by.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is, in English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What this one is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(skip)]
    challenge: bool,
}

impl Problem {
    /// A problem of this status and stable name.
    pub fn new(status: StatusCode, kind: &str, title: &str) -> Problem {
        Problem {
            kind: format!("urn:guichet:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            challenge: false,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let challenge = self.challenge;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Problem {
        match error {
            store::Error::NotFound => Problem::new(StatusCode::NOT_FOUND, "not-found", "there is no such thing here"),
            store::Error::Conflict(_) => Problem::new(StatusCode::CONFLICT, "conflict", "it exists already"),
            store::Error::Busy(_) => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "the database cannot take this now; try again")
            }
            store::Error::Db(error) => {
                tracing::error!(name: "api.failed", %error, "a call failed");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something failed on our side")
            }
        }
    }
}

impl From<flow::Error> for Problem {
    fn from(error: flow::Error) -> Problem {
        match error {
            flow::Error::Store(error) => error.into(),
            flow::Error::House(error) => {
                tracing::error!(name: "api.failed", error = format!("{error:#}"), "a call failed");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something failed on our side")
            }
            flow::Error::Unfit(problem) => Reason::UnfitReply.about(problem.to_string()).into(),
            flow::Error::Refused(reason, about) => {
                let status = match reason {
                    Reason::NotAllowed => StatusCode::FORBIDDEN,
                    Reason::KeyReused | Reason::AlreadySent => StatusCode::CONFLICT,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                let title = error::refusal(Lang::En, reason, about.as_deref());
                Problem { detail: about, ..Problem::new(status, reason.as_str(), &title) }
            }
        }
    }
}

/// A JSON body; unknown fields and broken JSON are problems, not pages.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|b| Body(b.0)).map_err(|e| {
            let status = e.status();
            let status = if status == StatusCode::UNSUPPORTED_MEDIA_TYPE { status } else { StatusCode::BAD_REQUEST };
            Problem {
                detail: Some(e.body_text()),
                ..Problem::new(status, "body", "the body is not what this call takes")
            }
        })
    }
}

/// A query; what cannot be read is a problem.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Problem> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|q| Query(q.0)).map_err(|e| Problem {
            detail: Some(e.body_text()),
            ..Problem::new(StatusCode::BAD_REQUEST, "query", "the query is not what this call takes")
        })
    }
}

/// The id in an address. What is no id names nothing here.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|p| Path(p.0)).map_err(|_| store::Error::NotFound.into())
    }
}
