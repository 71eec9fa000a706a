//! The front door, and doors that do not exist.

use axum::response::Redirect;

use super::ask::Desk;
use super::{Error, Result};

/// To the inbox, or to the sign-in page.
pub async fn home(desk: Option<Desk>) -> Redirect {
    Redirect::to(if desk.is_some() { "/inbox" } else { "/login" })
}

/// Nothing of this name here.
pub async fn nowhere() -> Result<()> {
    Err(Error::NotFound)
}
