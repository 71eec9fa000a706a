//! Searching.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{self, Message, Ticket};
use crate::search::index::By;
use crate::search::parse;
use crate::web::ask::{Caller, Problem, Query};
use crate::web::search as pages;

/// A search.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Words, phrases, operators.
    q: String,
    /// The brand's slug, where the token sees several.
    brand: Option<String>,
    /// `relevance` (default) or `newest`.
    sort: Option<String>,
    /// At most 100; default 40.
    limit: Option<usize>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    items: Vec<Hit>,
    /// Operators nobody knows; they were searched as words.
    unknown_operators: Vec<String>,
}

/// A ticket with the message that matched.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    ticket: Ticket,
    message: Message,
}

/// Finds messages by their words.
#[utoipa::path(get, path = "/api/v1/search", params(Asked), security(("token" = [])),
    responses((status = 200, body = Found), (status = 400, body = Problem)))]
pub async fn search(caller: Caller, Query(asked): Query<Asked>) -> Result<Json<Found>, Problem> {
    let brand = caller.brand(asked.brand.as_deref()).await?;
    let limit = asked.limit.unwrap_or(40);
    if !(1..=100).contains(&limit) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "query", "limit is 1 to 100"));
    }
    let by = if asked.sort.as_deref() == Some("newest") { By::Newest } else { By::Relevance };
    let understood = parse(&asked.q);
    let mut tx = caller.web.house.db.read().await?;
    let internal = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the search could not be made");
    let hits = pages::find(&caller.web.search, &mut tx, &caller.scope, brand, &understood, by, limit)
        .await
        .map_err(internal)?;
    let mut items = Vec::with_capacity(hits.len());
    for (ticket, message) in hits {
        items.push(Hit {
            ticket: model::ticket(&mut tx, &caller.scope, &ticket, caller.now).await?,
            message: message.into(),
        });
    }
    Ok(Json(Found { items, unknown_operators: understood.unknown }))
}
