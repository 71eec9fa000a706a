//! Channels with their health.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::store::channels as store;
use crate::web::ask::{Caller, Problem, Query};

/// Which brand's.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The brand's slug, where the token sees several.
    brand: Option<String>,
}

/// Channels.
#[derive(Debug, Serialize, ToSchema)]
pub struct Channels {
    items: Vec<Channel>,
}

/// A channel with its health.
#[derive(Debug, Serialize, ToSchema)]
pub struct Channel {
    id: String,
    name: String,
    network: String,
    account: String,
    /// `active`, `paused` or `needs_reauth`.
    state: String,
    /// How it is at this hour: its state, or what else keeps it from working: `expired`, `refused`,
    /// `quiet`, `unreachable`.
    health: String,
    /// Why, in the network's words.
    reason: Option<String>,
    /// Since when it cannot be reached or read.
    hindered_since: Option<String>,
    /// Until when the network asks for quiet.
    quiet_until: Option<String>,
    /// Percent of a quota used, as last told.
    usage: Option<i64>,
    last_in_at: Option<String>,
    last_out_at: Option<String>,
}

/// The channels of a brand.
#[utoipa::path(get, path = "/api/v1/channels", params(Asked), security(("token" = [])), responses((status = 200, body = Channels)))]
pub async fn list(caller: Caller, Query(asked): Query<Asked>) -> Result<Json<Channels>, Problem> {
    let brand = caller.brand(asked.brand.as_deref()).await?;
    let mut tx = caller.web.house.db.read().await?;
    let items = store::of_brand(&mut tx, brand).await?.into_iter().map(|c| Channel {
        id: c.id.to_string(),
        health: c.health(caller.now).to_string(),
        reason: c.why(caller.now).map(str::to_owned),
        hindered_since: c.hindered_since.map(|at| at.to_string()),
        name: c.name,
        network: c.network,
        account: c.account,
        state: c.state.to_string(),
        quiet_until: c.quiet_until.filter(|q| *q > caller.now).map(|q| q.to_string()),
        usage: c.usage,
        last_in_at: c.last_in_at.map(|at| at.to_string()),
        last_out_at: c.last_out_at.map(|at| at.to_string()),
    });
    Ok(Json(Channels { items: items.collect() }))
}
