//! Settings: one's own, channels, people, brands, and what could not be read.

pub mod assist;
pub mod bot;
pub mod brands;
pub mod channels;
pub mod connectors;
pub mod evidence;
pub mod login;
pub mod me;
pub mod people;
pub mod troubles;

use axum::response::Redirect;

use super::ask::Desk;
use crate::desk::agent::Power;

/// `/settings`: to the first page one may use.
pub async fn index(desk: Desk) -> Redirect {
    Redirect::to(if desk.may(Power::Manage) { "/settings/channels" } else { "/settings/me" })
}
