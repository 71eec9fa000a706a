//! What comes and goes beside the conversation: drafts, and undoing what was just done.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::act::back;
use super::said::{self, Did};
use crate::base::At;
use crate::base::id::{ActId, TicketId};
use crate::desk::message::Visibility;
use crate::flow::draft::{self, Written};
use crate::flow::undo as undoing;
use crate::web::Result;
use crate::web::ask::{Form, Hand};

/// The composer as it stands; its other fields are of no matter here.
#[derive(Deserialize)]
pub struct Writing {
    #[serde(default)]
    text: String,
    visibility: Visibility,
    #[serde(default)]
    client_key: String,
    /// The version written upon.
    #[serde(default)]
    base: String,
    /// Present to bring the previous version back instead.
    #[serde(default)]
    bring_back: Option<String>,
}

impl Writing {
    /// The draft it is, in a ticket.
    pub(super) fn of(self, ticket: TicketId) -> Written {
        written(ticket, (self.visibility, self.text), &self.base, self.client_key)
    }
}

/// What is kept of a draft, for the page it was sent from.
#[derive(Debug, Serialize)]
pub struct Kept {
    version: String,
    previous: Option<String>,
}

/// What stands in a composer, as its form says it.
pub(super) fn written(ticket: TicketId, (mode, text): (Visibility, String), base: &str, client_key: String) -> Written {
    Written { ticket, mode, text, base: base.parse().ok().map(At), client_key: Some(client_key) }
}

/// Keeps what somebody is writing. The page's script asks for JSON; a form comes back to the page.
pub async fn keep(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Form(form): Form<Writing>,
) -> Result<Response> {
    let (house, scope) = (&hand.web.house, &hand.known.scope);
    let brings_back = form.bring_back.is_some();
    let written = form.of(id);
    if brings_back {
        draft::bring_back(house, scope, written).await?;
        return Ok(back(id, query, &Did::BroughtBack.to_string()));
    }
    let kept = draft::keep(house, scope, written).await?;
    let wants_json = headers.get(header::ACCEPT).is_some_and(|a| a.as_bytes().starts_with(b"application/json"));
    if !wants_json {
        return Ok(back(id, query, &Did::Kept.to_string()));
    }
    let version = kept.as_ref().map(|d| d.updated_at.0.to_string()).unwrap_or_default();
    Ok(Json(Kept { version, previous: kept.and_then(|d| d.previous) }).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deed {
    act: ActId,
}

/// Undoes what was just done to a ticket.
pub async fn undo(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<Deed>,
) -> Result<Response> {
    undoing::undo(&hand.web.house, &hand.known.scope, id, form.act).await?;
    Ok(back(id, query, &said::act(Did::Undone, id, None)))
}
