//! The front door, and doors that do not exist.

use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};

use super::Error;
use super::ask::{Desk, Problem};
use crate::store;

/// To the inbox, or to the sign-in page.
pub async fn home(desk: Option<Desk>) -> Redirect {
    Redirect::to(if desk.is_some() { "/inbox" } else { "/login" })
}

/// Nothing of this name here.
pub async fn nowhere(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        return Problem::from(store::Error::NotFound).into_response();
    }
    Error::NotFound.into_response()
}
