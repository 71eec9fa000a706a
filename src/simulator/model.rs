//! An outside model at the other end of the wire, that says what it is told to, remembers what it was
//! asked, and can be as bad as models are. Its form is that of the “Create chat completion” call of
//! OpenAI’s API reference (platform.openai.com/docs/api-reference/chat, read 2026-11), which others
//! follow.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

/// How it answers next.
#[derive(Debug, Clone)]
pub enum Says {
    /// These words, in the form that is documented.
    Words(String),
    /// This body, whatever it is, with this status.
    Raw(u16, String),
    /// So many bytes.
    Much(usize),
}

/// The model.
#[derive(Default)]
pub struct Model {
    world: Mutex<World>,
}

#[derive(Default)]
struct World {
    next: VecDeque<Says>,
    asked: Vec<(Option<String>, Value)>,
}

impl Model {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next answer.
    pub fn says(&self, says: Says) {
        self.world().next.push_back(says);
    }

    /// Everything it was asked: the `Authorization` header and the body.
    pub fn asked(&self) -> Vec<(Option<String>, Value)> {
        self.world().asked.clone()
    }
}

/// Its routes.
pub fn routes(model: Arc<Model>) -> Router {
    Router::new().route("/v1/chat/completions", post(complete)).with_state(model)
}

async fn complete(State(model): State<Arc<Model>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let key = headers.get(header::AUTHORIZATION).and_then(|h| h.to_str().ok()).map(str::to_owned);
    let name = body["model"].clone();
    let mut world = model.world();
    world.asked.push((key, body));
    match world.next.pop_front() {
        None => (StatusCode::TOO_MANY_REQUESTS, Json(json!({"error": {"message": "slow down"}}))).into_response(),
        Some(Says::Words(words)) => Json(json!({
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "model": name,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": "stop"}],
        }))
        .into_response(),
        Some(Says::Raw(status, body)) => (StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body).into_response(),
        Some(Says::Much(bytes)) => "x".repeat(bytes).into_response(),
    }
}
