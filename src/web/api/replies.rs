//! Replies and notes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::Message;
use crate::base::id::TicketId;
use crate::desk::message::Visibility;
use crate::flow::reply::{self, Reply};
use crate::flow::{facts, library};
use crate::store::tickets;
use crate::web::Web;
use crate::web::ask::{Body, Caller, Path, Problem};

/// A reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// The words; or `canned_reply`.
    text: Option<String>,
    /// The place of a canned reply, `folder/name`, instead of words. What nobody knows is refused.
    canned_reply: Option<String>,
    /// Which of its texts; its main one when none is named.
    variant: Option<String>,
    /// `public` or `private`.
    #[schema(value_type = String)]
    visibility: Visibility,
    /// The same key twice is one reply.
    client_key: Option<String>,
}

/// Writes a reply down to be sent.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/replies", params(("id" = String, Path)), request_body = NewReply, security(("token" = [])),
    responses((status = 201, body = Message), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn reply(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<TicketId>,
    Body(body): Body<NewReply>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    if body.visibility == Visibility::Internal {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "visibility", "a note goes to /notes"));
    }
    let text = match (body.text, &body.canned_reply) {
        (Some(text), None) => text,
        (None, Some(path)) => canned(&web, &caller, id, path, body.variant.as_deref(), body.visibility).await?,
        _ => return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "text", "send text, or canned_reply")),
    };
    write(&web, &caller, id, text, body.visibility, body.client_key).await
}

/// A canned reply's text, filled in for a ticket.
async fn canned(
    web: &Web,
    caller: &Caller,
    id: TicketId,
    path: &str,
    variant: Option<&str>,
    visibility: Visibility,
) -> Result<String, Problem> {
    let mut tx = web.house.db.read().await?;
    let ticket = tickets::get(&mut tx, &caller.scope, id).await?;
    let library = web.house.library(&mut tx, ticket.brand_id).await?;
    let values = facts::values(&mut tx, &caller.scope, id).await?;
    let language = ticket.language.as_deref().filter(|l| library::LANGUAGES.contains(l)).unwrap_or("fr");
    let missing = |what: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "canned-reply", what);
    let entry = library.get(path).ok_or_else(|| missing("there is no such canned reply"))?;
    let place = (language, ticket.network.as_str(), visibility);
    let choice = library.choose(entry, variant, place, &values).ok_or_else(|| missing("it has no such text"))?;
    let unknown = choice.filled.missing().join(", ");
    choice.filled.complete().ok_or_else(|| missing(&format!("not everything it asks for is known: {unknown}")))
}

/// A note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// The words.
    text: String,
    /// The same key twice is one note.
    client_key: Option<String>,
}

/// Adds a note colleagues see.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/notes", params(("id" = String, Path)), request_body = NewNote, security(("token" = [])),
    responses((status = 201, body = Message), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn note(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<TicketId>,
    Body(body): Body<NewNote>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    write(&web, &caller, id, body.text, Visibility::Internal, body.client_key).await
}

/// A caller's own key, as far as it is one.
pub(super) fn key(client_key: Option<String>) -> Result<Option<String>, Problem> {
    if client_key.as_ref().is_some_and(|k| k.len() > 100) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "client-key", "client_key is at most 100 bytes"));
    }
    Ok(client_key.filter(|k| !k.is_empty()))
}

async fn write(
    web: &Web,
    caller: &Caller,
    ticket: TicketId,
    text: String,
    visibility: Visibility,
    client_key: Option<String>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    let client_key = key(client_key)?;
    let wanted = Reply { ticket, text, files: Vec::new(), visibility, to: None, client_key, at_once: true };
    let message = reply::reply(&web.house, &caller.scope, wanted).await?;
    Ok((StatusCode::CREATED, Json(message.into())))
}
