//! The event log, for programs that follow a brand.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::store::events as store;
use crate::web::ask::{Caller, Problem, Query};

/// From where on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The last `seq` seen; 0 for the beginning.
    #[serde(default)]
    since: i64,
    /// The brand's slug, where the token sees several.
    brand: Option<String>,
    /// At most 1,000; default 200.
    limit: Option<i64>,
}

/// Events, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Events {
    items: Vec<Event>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    seq: i64,
    at: String,
    kind: String,
    ticket: Option<String>,
    message: Option<String>,
    /// `agent`, `rule`, `network` or `house`.
    actor_kind: String,
    actor: Option<String>,
    data: Value,
    trace: Option<Value>,
}

/// What happened at a brand after a place in the log.
#[utoipa::path(get, path = "/api/v1/events", params(Asked), security(("token" = [])),
    responses((status = 200, body = Events), (status = 400, body = Problem)))]
pub async fn list(caller: Caller, Query(asked): Query<Asked>) -> Result<Json<Events>, Problem> {
    let brand = caller.brand(asked.brand.as_deref()).await?;
    let limit = asked.limit.unwrap_or(200);
    if !(1..=1_000).contains(&limit) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "query", "limit is 1 to 1000"));
    }
    let mut tx = caller.web.house.db.read().await?;
    let items = store::of_brand(&mut tx, brand, asked.since, limit).await?.into_iter().map(|e| Event {
        seq: e.seq,
        at: e.at.to_string(),
        kind: e.kind.to_string(),
        ticket: e.ticket_id.map(|t| t.to_string()),
        message: e.message_id.map(|m| m.to_string()),
        actor_kind: e.actor_kind,
        actor: e.actor,
        data: e.data,
        trace: e.trace,
    });
    Ok(Json(Events { items: items.collect() }))
}
