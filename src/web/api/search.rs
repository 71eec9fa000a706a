//! Searching.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{self, Message, Ticket};
use super::tickets;
use crate::base::Lang;
use crate::search::By;
use crate::web::ask::{Caller, Problem, Query};
use crate::web::find::{Wanted, doubt, find};

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
    /// From `next_cursor`.
    cursor: Option<String>,
    /// At most 100; default 40.
    limit: Option<usize>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    items: Vec<Hit>,
    /// Ask again with it for what comes after; null at the end.
    next_cursor: Option<String>,
    /// Operators nobody knows; they were searched as words.
    unknown_operators: Vec<String>,
    /// Whatever was not understood, a sentence each; the rest was searched.
    not_understood: Vec<String>,
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
    let by = match asked.sort.as_deref() {
        None | Some("relevance") => By::Relevance,
        Some("newest") => By::Newest,
        _ => return Err(Problem::new(StatusCode::BAD_REQUEST, "query", "sort is relevance or newest")),
    };
    let mut tx = caller.web.house.db.read().await?;
    let understood = tickets::words(&mut tx, brand, &asked.q).await?;
    let after = tickets::place(asked.cursor.as_deref())?;
    let wanted = Wanted { brand, asked: &understood, by, after, most: limit, fits: &|_| true };
    let internal = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the search could not be made");
    let found = find(&caller.web.search, &mut tx, &caller.scope, caller.now, wanted).await.map_err(internal)?;
    let mut items = Vec::with_capacity(found.hits.len());
    for (ticket, message) in found.hits {
        items.push(Hit {
            ticket: model::ticket(&mut tx, &caller.scope, &ticket, caller.now).await?,
            message: message.into(),
        });
    }
    let not_understood = understood.doubts.iter().chain(&found.doubts).map(|d| doubt(Lang::En, d)).collect();
    let next_cursor = found.next.map(|spot| spot.to_string());
    Ok(Json(Found { items, next_cursor, unknown_operators: understood.unknown(), not_understood }))
}
