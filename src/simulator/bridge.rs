//! The other end of a bridge: it tells our hook what happened and takes the answers we carry to it,
//! each once, however often it is told.
//!
//! Its rules are those of `docs/networks/bridge.md`, which is ours, and of Standard Webhooks
//! (spec/standard-webhooks.md, read 2026-11), which is not. What proves both from outside is the script
//! on that page, run with Python's own library.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::base::Given;
use crate::base::fetch::{Ask, Body, Fetch};
use crate::networks::bridge::signature;

use super::push::Pusher;
use super::weather::Weather;

/// The other end.
pub struct Bridge {
    given: Given,
    fetch: Fetch,
    weather: Weather,
    pusher: Pusher,
    world: Mutex<World>,
}

#[derive(Default)]
struct World {
    secret: Vec<u8>,
    hook: String,
    next: u64,
    taken: Vec<Value>,
    /// By key, what was answered: a repetition is answered the same and carried over once.
    answered: BTreeMap<String, (u16, Value)>,
    instead: VecDeque<(u16, Value)>,
    forgets: bool,
}

impl Bridge {
    /// One that knows nobody yet.
    pub fn new(given: Given, fetch: Fetch, pusher: Pusher, weather: Weather) -> Bridge {
        Bridge { given, fetch, weather, pusher, world: Mutex::default() }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The secret it shares with us, without `whsec_` and coding.
    pub fn share(&self, secret: &[u8]) {
        self.world().secret = secret.to_vec();
    }

    /// The next answer is carried to it, and this is said.
    pub fn answer_next(&self, status: u16, body: Value) {
        self.world().instead.push_back((status, body));
    }

    /// It remembers nothing of what it carried over.
    pub fn forget(&self) {
        self.world().forgets = true;
    }

    /// Everything it carried over, in order, each once.
    pub fn ledger(&self) -> Vec<Value> {
        self.world().taken.clone()
    }

    /// Where [`Bridge::push`] tells what happened.
    pub fn call_at(&self, hook: &str) {
        hook.clone_into(&mut self.world().hook);
    }

    /// An id nobody had yet.
    pub fn fresh(&self) -> String {
        let mut world = self.world();
        world.next += 1;
        format!("f{}", world.next)
    }

    /// Tells what happened, again and again until it is taken.
    pub fn push(&self, body: &Value) {
        let (id, given) = (hex::encode(self.given.bytes::<8>()), self.given.clone());
        let body = body.to_string().into_bytes();
        let (hook, secret) = {
            let world = self.world();
            (world.hook.clone(), world.secret.clone())
        };
        let of = body.clone();
        let headers = move || {
            let at = given.now().secs().to_string();
            let signed = signature(&secret, &id, &at, &of);
            vec![("webhook-id", id.clone()), ("webhook-timestamp", at), ("webhook-signature", signed)]
        };
        self.pusher.push_with(&hook, Arc::new(headers), body);
    }

    /// Tells our hook; the status it answered with.
    pub async fn tell(&self, hook: &str, body: &Value) -> u16 {
        let (id, at) = (hex::encode(self.given.bytes::<8>()), self.given.now().secs().to_string());
        let body = body.to_string().into_bytes();
        let signed = signature(&self.world().secret, &id, &at, &body);
        let ask = Ask::post(hook)
            .header("webhook-id", id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signed)
            .body(Body::Raw(body, "application/json"));
        self.fetch.call(ask).await.map_or(0, |answer| answer.status)
    }
}

/// Where answers are carried to.
pub fn routes(bridge: Arc<Bridge>) -> Router {
    Router::new().route("/replies", post(receive)).route("/files/picture.png", get(picture)).with_state(bridge)
}

/// A file of somebody's, as far as its first bytes go.
async fn picture() -> &'static [u8] {
    b"\x89PNG\r\n\x1A\n a cork"
}

async fn receive(State(bridge): State<Arc<Bridge>>, headers: HeaderMap, body: Bytes) -> Response {
    let (response, carried) = answer(&bridge, &headers, &body);
    if carried {
        bridge.weather.hold_answer().await;
    }
    response
}

/// The answer, and whether something was carried over.
fn answer(bridge: &Bridge, headers: &HeaderMap, body: &[u8]) -> (Response, bool) {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
    let mut world = bridge.world();
    if header("webhook-signature") != signature(&world.secret, &id, &at, body) {
        return (StatusCode::UNAUTHORIZED.into_response(), false);
    }
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    let carried = matches!(told["type"].as_str(), Some("reply" | "act"));
    let key = told["key"].as_str().unwrap_or_default().to_owned();
    let (status, answer) = match told["type"].as_str() {
        Some("check") => (200, json!({})),
        Some("lookup") if world.forgets => (501, json!({})),
        Some("lookup") => match world.answered.get(&key) {
            Some((_, answer)) => (200, answer.clone()),
            None => (200, json!({"absent": true})),
        },
        Some("reply" | "act") => match world.answered.get(&key).cloned() {
            Some(known) => known,
            None => take(&mut world, key, told),
        },
        _ => (400, json!({})),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    ((status, axum::Json(answer)).into_response(), carried)
}

/// Carries it over, unless something else was to be said; a 5xx is said of what was carried over all
/// the same.
fn take(world: &mut World, key: String, told: Value) -> (u16, Value) {
    let done = json!({"id": format!("b{}", world.taken.len() + 1)});
    let instead = world.instead.pop_front();
    if instead.as_ref().is_none_or(|(status, _)| *status >= 500 && *status != 501) {
        world.taken.push(told);
        world.answered.insert(key, (200, done.clone()));
    }
    instead.unwrap_or((200, done))
}
