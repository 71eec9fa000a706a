//! What every answer bears and every request passes.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use super::ask::{Desk, Problem, language};
use super::page::Chrome;
use super::{Error, Web};

/// Screens: forms only from our own pages, errors as pages, pages compressed.
pub fn around_screens(router: Router<Web>, web: &Web) -> Router<Web> {
    let mut csrf = CsrfLayer::new();
    if let Ok(trusting) = CsrfLayer::new().add_trusted_origin(&web.public_url) {
        csrf = trusting;
    }
    router.layer(CompressionLayer::new()).layer(from_fn_with_state(web.clone(), errors_as_pages)).layer(csrf)
}

/// Programs: nothing of cookies or forms, and every error is a problem document.
pub fn around_programs(router: Router<Web>) -> Router<Web> {
    router.layer(from_fn(errors_as_problems)).layer(CompressionLayer::new())
}

/// A method that a route does not have is answered by the router itself, without words.
async fn errors_as_problems(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    // Which it takes, the router says in the header `Allow`, further out.
    Problem::new(response.status(), "method", "this address does not take this method").into_response()
}

/// Everything: headers, and a panic is one failed request.
pub fn around_all(router: Router<Web>) -> Router<Web> {
    router.layer(from_fn(bear_headers)).layer(CatchPanicLayer::new())
}

/// The policy of our pages: nothing but ourselves, no inline script or style.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; \
connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async fn bear_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut bear = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    bear(header::CONTENT_SECURITY_POLICY, POLICY);
    bear(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    bear(header::REFERRER_POLICY, "no-referrer");
    bear(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    bear(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    bear(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    bear(header::CACHE_CONTROL, "no-store");
    response
}

/// A handler's error becomes a page in the reader's language, within the usual surroundings when
/// somebody is signed in.
async fn errors_as_pages(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (uri, headers, method) = (parts.uri.clone(), parts.headers.clone(), parts.method.clone());
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    let Some(error) = response.extensions().get::<Arc<Error>>().cloned() else { return response };
    parts.uri = uri.clone();
    parts.method = axum::http::Method::GET;
    let here = uri.path().to_owned();
    tracing::debug!(name: "web.refused", %method, path = %here, ?error, "a request was refused");
    if let Ok(desk) = <Desk as FromRequestParts<Web>>::from_request_parts(&mut parts, &web).await {
        error.page(desk.lang, &web.templates, &desk.chrome(""))
    } else {
        let lang = language(&uri, &headers);
        error.page(lang, &web.templates, &Chrome::bare(lang, &here))
    }
}
