//! Style sheet, script, icons and fonts: built into the program, named by their content, kept by
//! browsers for a year.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

struct Asset {
    name: &'static str,
    hashed: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    brotli: &'static [u8],
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The path of an asset by its plain name; the name itself when there is none such.
pub fn path(name: &str) -> String {
    let hashed = ASSETS.iter().find(|a| a.name == name).map_or(name, |a| a.hashed);
    format!("/assets/{hashed}")
}

/// Serves an asset, compressed for who takes it.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|a| a.hashed == file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let forever = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    let kind = (header::CONTENT_TYPE, asset.kind);
    let vary = (header::VARY, "accept-encoding");
    if !asset.brotli.is_empty() && accepts.split(',').any(|e| e.trim().starts_with("br")) {
        return ([forever, kind, vary, (header::CONTENT_ENCODING, "br")], asset.brotli).into_response();
    }
    ([forever, kind, vary], asset.bytes).into_response()
}
