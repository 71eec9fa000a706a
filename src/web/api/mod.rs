//! JSON for programs. One file per noun; `openapi.json` describes every call, and a test holds the
//! description against the routes.

pub mod channels;
pub mod contacts;
pub mod events;
pub mod inbound;
pub mod messages;
pub mod model;
pub mod replies;
pub mod search;
pub mod tickets;

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(title = "Guichet", description = "The counter's JSON API. Lists are read page by page with `cursor`; errors are problem documents (RFC 9457) with a stable `type`."),
    paths(
        openapi, tickets::list, tickets::get, tickets::change, tickets::escalate, replies::reply, replies::note,
        messages::moderate, messages::resolve, messages::take_back, contacts::get, search::search, channels::list,
        events::list, inbound::list, inbound::replay
    ),
    components(schemas(crate::web::ask::Problem)),
    modifiers(&Token)
)]
struct Description;

struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        if let Some(components) = openapi.components.as_mut() {
            components.add_security_scheme("token", scheme);
        }
    }
}

/// The description of every call.
pub fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(description())
}
