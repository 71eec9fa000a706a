//! The Graph in front of a stage: who calls, in what weather, and how a refusal looks.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::super::stage::Call;
use super::Stage;
use crate::base::At;
use crate::base::json::Reads;

/// An error: code, subcode, words.
pub type Gone = (i64, i64, &'static str);
/// What a call leads to.
pub type Done = Result<Value, Gone>;

/// A network of Meta behind its Graph.
pub trait Side: Send + Sync + 'static {
    /// Where it is played.
    fn stage(&self) -> &Stage;

    /// What a path tells, for this account.
    ///
    /// # Errors
    /// As the network would refuse.
    fn tell(&self, account: &str, path: &[&str], query: &BTreeMap<String, String>) -> Done;

    /// Does what is asked.
    ///
    /// # Errors
    /// As the network would refuse.
    fn act(&self, account: &str, method: &str, path: &[&str], fields: &Value) -> Done;
}

/// The routes of a network.
pub fn routes<S: Side>(side: Arc<S>) -> Router {
    Router::new().route("/{*path}", any(call::<S>)).layer(DefaultBodyLimit::disable()).with_state(side)
}

async fn call<S: Side>(
    State(side): State<Arc<S>>,
    method: Method,
    Path(path): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fields = read_fields(&headers, &body).await;
    let bearer = headers.get("authorization").and_then(|h| h.to_str().ok()).and_then(|h| h.strip_prefix("Bearer "));
    let token = bearer.or(query.get("access_token").map(String::as_str)).or(fields.text("access_token"));
    let account = side.stage().world().account_of(token.unwrap_or_default()).map(str::to_owned);
    let Some(account) = account else {
        return error(190, 460, "Error validating access token");
    };
    if path == "refresh_access_token" {
        return refresh(side.stage(), &account);
    }
    // The version is the first part of every other path.
    let path: Vec<&str> = path.split('/').skip(1).collect();
    let usage = [("x-app-usage", r#"{"call_count":3,"total_cputime":1,"total_time":2}"#)];
    let call = Call {
        method: method.clone(),
        path: path.join("/"),
        query: query.clone(),
        token: String::new(),
        headers: HeaderMap::new(),
        body: fields.clone(),
    };
    if method == Method::GET {
        let told = side.tell(&account, &path, &query);
        side.stage().said(call, told.as_ref().ok());
        return match told {
            Ok(told) => (usage, Json(told)).into_response(),
            Err((code, subcode, words)) => error(code, subcode, words),
        };
    }
    let stage = side.stage();
    if stage.given.chance(stage.weather.refuse) {
        let told = json!({"error": {"code": 4, "message": "Application request limit reached"}});
        return (StatusCode::SERVICE_UNAVAILABLE, Json(told)).into_response();
    }
    let edge = path.last().copied().unwrap_or_default();
    let refusal = {
        let mut world = stage.world();
        // What only keeps a subscription alive is not what a test wants refused.
        if edge == "subscribed_apps" { None } else { world.refusals.pop() }
    };
    if let Some((code, subcode)) = refusal {
        return error(code, subcode, "refused by the test");
    }
    if stage.given.chance(stage.weather.act_late) {
        let (side, method) = (Arc::clone(&side), method.to_string());
        let (path, late_by) = (path.join("/"), stage.weather.late_by);
        tokio::spawn(async move {
            tokio::time::sleep(late_by).await;
            let path: Vec<&str> = path.split('/').collect();
            let _ = side.act(&account, &method, &path, &fields);
        });
        return broken();
    }
    let done = side.act(&account, method.as_str(), &path, &fields);
    side.stage().said(call, done.as_ref().ok());
    if edge == "subscribed_apps" {
        side.stage().listens_again(&account);
    } else {
        side.stage().weather.hold_answer().await;
    }
    let is_lost = {
        let mut world = side.stage().world();
        let named = world.lost.iter().position(|lost| *lost == edge);
        named.map(|n| world.lost.remove(n)).is_some()
    };
    if is_lost || side.stage().given.chance(side.stage().weather.lose_answer) {
        return broken();
    }
    match done {
        Ok(made) => (usage, Json(made)).into_response(),
        Err((code, subcode, words)) => error(code, subcode, words),
    }
}

/// A token of sixty days for one that is good. Sources: developers.facebook.com/docs/
/// instagram-platform/reference/refresh_access_token, …/docs/threads/get-started/long-lived-tokens;
/// read 2026-11.
fn refresh(stage: &Stage, account: &str) -> Response {
    let mut world = stage.world();
    world.renewed += 1;
    let token = format!("IG-renewed-{}-{account}", world.renewed);
    if let Some(account) = world.accounts.get_mut(account) {
        account.token.clone_from(&token);
    }
    Json(json!({"access_token": token, "token_type": "bearer", "expires_in": 5_183_944})).into_response()
}

/// An answer that breaks off: status 200 and then nothing.
fn broken() -> Response {
    let cut = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("the line was cut")) });
    Response::new(Body::from_stream(cut))
}

fn error(code: i64, subcode: i64, message: &str) -> Response {
    let status = if code == 190 { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let body = json!({"error": {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "sim"}});
    (status, Json(body)).into_response()
}

async fn read_fields(headers: &HeaderMap, body: &Bytes) -> Value {
    let kind = headers.get("content-type").and_then(|h| h.to_str().ok()).unwrap_or_default();
    if kind.contains("json") {
        return serde_json::from_slice(body).unwrap_or_default();
    }
    if kind.starts_with("multipart/form-data") {
        return read_parts(kind, body.clone()).await;
    }
    let pairs = url::form_urlencoded::parse(body).map(|(k, v)| (k.into_owned(), Value::from(v.into_owned())));
    pairs.collect::<serde_json::Map<_, _>>().into()
}

/// The parts of a form: texts, and of a file its name, its type and how long it is.
async fn read_parts(kind: &str, body: Bytes) -> Value {
    let request = Request::builder().header("content-type", kind).body(Body::from(body)).unwrap_or_default();
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Value::Null };
    let mut fields = serde_json::Map::new();
    while let Ok(Some(part)) = form.next_field().await {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let told = part.content_type().unwrap_or_default().to_owned();
        let Ok(bytes) = part.bytes().await else { return Value::Null };
        let said = || Value::from(String::from_utf8_lossy(&bytes).into_owned());
        let value = file.map_or_else(said, |file| json!({"name": file, "type": told, "size": bytes.len()}));
        fields.insert(name, value);
    }
    fields.into()
}

/// A list as Graph gives it.
pub fn list(items: Vec<Value>) -> Value {
    json!({"data": items, "paging": {"cursors": {"before": "b", "after": "a"}}})
}

/// Graph writes `2026-11-21T10:00:00+0000`.
pub fn time(at: At) -> String {
    at.timestamp().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}
