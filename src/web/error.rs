//! When a page cannot be shown: a status, a sentence in the reader's words, a way out; the cause
//! goes to the log under the number that the page shows.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use super::page::{Chrome, Page, Templates, View};
use crate::base::{Lang, locale};
use crate::desk::canned::Problem;
use crate::flow::{self, Reason};
use crate::store;

/// The web's result.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a page cannot be shown.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in: to the sign-in page, then back here.
    SignIn(String),
    /// Nothing of this name here, or nothing for these eyes.
    NotFound,
    /// A file stands at a host that files of its channel are not shown from.
    NotShown(String),
    /// A file was not to be had from its host.
    NotGiven(String),
    /// This role may not do that.
    Forbidden,
    /// A request from elsewhere, or no form of ours.
    Bad(String),
    /// Refused, with what it speaks of.
    Refused(Reason, Option<String>),
    /// A file of the library cannot be used as it is.
    Unfit(Box<Problem>),
    /// The database cannot take this now.
    Busy,
    /// A fault of ours.
    Internal(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        match error {
            store::Error::NotFound => Error::NotFound,
            store::Error::Busy(_) => Error::Busy,
            other => Error::Internal(other.to_string()),
        }
    }
}

impl From<flow::Error> for Error {
    fn from(error: flow::Error) -> Error {
        match error {
            flow::Error::Refused(Reason::NotAllowed, _) => Error::Forbidden,
            flow::Error::Refused(reason, about) => Error::Refused(reason, about),
            flow::Error::Unfit(problem) => Error::Unfit(problem),
            flow::Error::Store(error) => error.into(),
            flow::Error::House(error) => Error::Internal(format!("{error:#}")),
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Error {
        Error::Internal(format!("{error:#}"))
    }
}

/// The sentence of a refusal.
pub fn refusal(lang: Lang, reason: Reason, about: Option<&str>) -> String {
    locale::t(lang, &reason.key(), &[("about", about.unwrap_or_default().to_owned().into())])
}

fn unfit(lang: Lang, problem: &Problem) -> String {
    refusal(lang, Reason::UnfitReply, Some(&problem.said(lang)))
}

/// The sentence of a failure that its form can show; nothing where the form cannot help.
pub fn shown(lang: Lang, error: &flow::Error) -> Option<String> {
    match error {
        flow::Error::Refused(reason, about) => Some(refusal(lang, *reason, about.as_deref())),
        flow::Error::Unfit(problem) => Some(unfit(lang, problem)),
        flow::Error::Store(_) | flow::Error::House(_) => None,
    }
}

/// The error page.
#[derive(Debug, Serialize)]
pub struct ErrorView {
    status: u16,
    title: String,
    sentence: String,
    number: Option<String>,
}

impl View for ErrorView {
    const FILE: &'static str = "error.html";
    fn samples() -> Vec<ErrorView> {
        let sample = |status, number: Option<&str>| ErrorView {
            status,
            title: "Introuvable".into(),
            sentence: "Il n’y a rien à cette adresse.".into(),
            number: number.map(str::to_owned),
        };
        vec![sample(404, None), sample(500, Some("ab12"))]
    }
}

impl Error {
    /// Its status.
    pub fn status(&self) -> StatusCode {
        match self {
            Error::SignIn(_) => StatusCode::SEE_OTHER,
            Error::NotFound | Error::NotShown(_) | Error::NotGiven(_) => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::Bad(_) => StatusCode::BAD_REQUEST,
            Error::Refused(Reason::TooManyTries, _) => StatusCode::TOO_MANY_REQUESTS,
            Error::Refused(..) | Error::Unfit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page that says so.
    pub fn page(&self, lang: Lang, templates: &Templates, chrome: &Chrome) -> Response {
        let words = |key: &str| locale::t(lang, key, &[]);
        let about = |key: &str, host: &str| locale::t(lang, key, &[("host", host.to_owned().into())]);
        let (title, sentence) = match self {
            Error::SignIn(next) => return to_login(next),
            Error::NotFound => (words("error-not-found-title"), words("error-not-found")),
            Error::NotShown(host) => (words("error-not-shown-title"), about("error-not-shown", host)),
            Error::NotGiven(host) => (words("error-not-shown-title"), about("error-not-given", host)),
            Error::Forbidden => (words("error-forbidden-title"), words("error-forbidden")),
            Error::Bad(_) => (words("error-bad-title"), words("error-bad")),
            Error::Refused(reason, about) => (words("error-refused-title"), refusal(lang, *reason, about.as_deref())),
            Error::Unfit(problem) => (words("error-refused-title"), unfit(lang, problem)),
            Error::Busy => (words("error-busy-title"), words("error-busy")),
            Error::Internal(_) => (words("error-internal-title"), words("error-internal")),
        };
        let number = match self {
            Error::Internal(cause) => {
                let number = crate::base::sign::fingerprint(&[cause, &chrome.here])[..8].to_owned();
                tracing::error!(name: "web.failed", number, cause, "a page could not be shown");
                Some(number)
            }
            _ => None,
        };
        let view = ErrorView { status: self.status().as_u16(), title, sentence, number };
        match templates.render(lang, chrome, &view) {
            Ok(html) => Page::new(self.status(), html).into_response(),
            Err(error) => {
                tracing::error!(name: "web.error_page_failed", %error, "the error page itself failed");
                self.status().into_response()
            }
        }
    }
}

fn to_login(next: &str) -> Response {
    let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
    Redirect::to(&format!("/login?next={next}")).into_response()
}

/// Outside a screen (an extractor that failed before anything was known) only the kind of error is
/// kept; the layer around all screens makes the page.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}
