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
use crate::web::Web;
use crate::web::ask::{Body, Caller, Path, Problem};

/// A reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// The words.
    text: String,
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
    write(&web, &caller, id, body.text, body.visibility, body.client_key).await
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

async fn write(
    web: &Web,
    caller: &Caller,
    ticket: TicketId,
    text: String,
    visibility: Visibility,
    client_key: Option<String>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    if client_key.as_ref().is_some_and(|k| k.len() > 100) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "client-key", "client_key is at most 100 bytes"));
    }
    let wanted = Reply { ticket, text, visibility, to: None, client_key, at_once: true };
    let message = reply::reply(&web.house, &caller.scope, wanted).await?;
    Ok((StatusCode::CREATED, Json(message.into())))
}
