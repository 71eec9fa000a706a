//! Messages: moderation, unknown deliveries, taking back.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::Message;
use crate::base::id::MessageId;
use crate::desk::outbound::Action;
use crate::flow::reply::Decision;
use crate::flow::{moderate as moderation, reply as replies};
use crate::store::messages;
use crate::web::Web;
use crate::web::ask::{Body, Caller, Path, Problem};

/// An act of moderation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Moderation {
    /// `hide`, `unhide`, `delete`, `like` or `unlike`.
    #[schema(value_type = String)]
    action: Action,
}

/// Hides, shows, likes, unlikes or deletes a public message at the network.
#[utoipa::path(post, path = "/api/v1/messages/{id}/moderate", params(("id" = String, Path)), request_body = Moderation, security(("token" = [])),
    responses((status = 202, body = Message), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn moderate(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Body(body): Body<Moderation>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    moderation::moderate(&web.house, &caller.scope, id, body.action).await?;
    let mut tx = web.house.db.read().await?;
    let message = messages::get(&mut tx, &caller.scope, id).await?;
    Ok((StatusCode::ACCEPTED, Json(message.into())))
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// `arrived` or `send_again`.
    #[schema(value_type = String)]
    outcome: Decision,
}

/// Decides about a reply whose outcome nobody knows, or sends a refused one again.
#[utoipa::path(post, path = "/api/v1/messages/{id}/resolve-delivery", params(("id" = String, Path)), request_body = Decided, security(("token" = [])),
    responses((status = 200, body = Message), (status = 404, body = Problem)))]
pub async fn resolve(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Body(body): Body<Decided>,
) -> Result<Json<Message>, Problem> {
    Ok(Json(replies::decide(&web.house, &caller.scope, id, body.outcome).await?.into()))
}

/// Takes a reply back before it has left.
#[utoipa::path(delete, path = "/api/v1/messages/{id}", params(("id" = String, Path)), security(("token" = [])),
    responses((status = 200, body = Message), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn take_back(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> Result<Json<Message>, Problem> {
    Ok(Json(replies::take_back(&web.house, &caller.scope, id).await?.into()))
}
