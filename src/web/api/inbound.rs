//! The inbound logs: what could not be read, and reading it again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::base::id::AnyId;
use crate::desk::agent::Power;
use crate::desk::inbound::InboundState;
use crate::flow::{self, Reason, intake};
use crate::store::{deliveries, inbound as store};
use crate::web::Web;
use crate::web::ask::{Caller, Path, Problem, Query};

/// Which elements.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// An inbound state; default `quarantined`, which also lists unreadable bodies.
    #[param(value_type = Option<String>)]
    state: Option<InboundState>,
    /// The brand's slug, where the token sees several.
    brand: Option<String>,
    /// At most 100; default 50.
    limit: Option<i64>,
}

/// Elements and bodies.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbound {
    items: Vec<Item>,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Item {
    id: String,
    /// `body` for a whole delivery, `element` for a part of one.
    what: &'static str,
    delivery: String,
    state: String,
    kind: Option<String>,
    reason: Option<String>,
    message: Option<String>,
    ticket: Option<String>,
    received_at: String,
}

fn allowed(caller: &Caller, brand: crate::base::id::BrandId) -> Result<(), Problem> {
    if caller.scope.may(brand, Power::Mend) { Ok(()) } else { Err(flow::Error::from(Reason::NotAllowed).into()) }
}

/// What came in, by what became of it.
#[utoipa::path(get, path = "/api/v1/inbound", params(Asked), security(("token" = [])),
    responses((status = 200, body = Inbound), (status = 403, body = Problem)))]
pub async fn list(caller: Caller, Query(asked): Query<Asked>) -> Result<Json<Inbound>, Problem> {
    let brand = caller.brand(asked.brand.as_deref()).await?;
    allowed(&caller, brand)?;
    let limit = asked.limit.unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "query", "limit is 1 to 100"));
    }
    let state = asked.state.unwrap_or(InboundState::Quarantined);
    let mut tx = caller.web.house.db.read().await?;
    let mut items = Vec::new();
    if state == InboundState::Quarantined {
        items.extend(deliveries::quarantined(&mut tx, brand, limit).await?.into_iter().map(|b| Item {
            id: b.id.to_string(),
            what: "body",
            delivery: b.id.to_string(),
            state: state.to_string(),
            kind: None,
            reason: b.error,
            message: None,
            ticket: None,
            received_at: b.received_at.to_string(),
        }));
    }
    items.extend(store::in_state(&mut tx, brand, state, limit).await?.into_iter().map(|e| Item {
        id: e.id.to_string(),
        what: "element",
        delivery: e.delivery_id.to_string(),
        state: e.state.to_string(),
        kind: e.kind,
        reason: e.reason,
        message: e.message_id.map(|m| m.to_string()),
        ticket: e.ticket_id.map(|t| t.to_string()),
        received_at: e.created_at.to_string(),
    }));
    Ok(Json(Inbound { items }))
}

/// What is read again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Again {
    /// The body that is read again.
    delivery: String,
}

/// Reads a quarantined body or element again.
#[utoipa::path(post, path = "/api/v1/inbound/{id}/replay", params(("id" = String, Path)), security(("token" = [])),
    responses((status = 202, body = Again), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn replay(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<AnyId>,
) -> Result<(StatusCode, Json<Again>), Problem> {
    // The id does not name its brand: it is looked for in each the caller may mend, and nowhere else.
    for brand in caller.scope.brands() {
        if !caller.scope.may(brand, Power::Mend) {
            continue;
        }
        match intake::replay(&web.house, brand, id).await {
            Ok(delivery) => return Ok((StatusCode::ACCEPTED, Json(Again { delivery: delivery.to_string() }))),
            Err(flow::Error::Store(crate::store::Error::NotFound)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(crate::store::Error::NotFound.into())
}
