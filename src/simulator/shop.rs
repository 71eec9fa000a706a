//! A shop's own program: it knows where orders are, and tells whoever asks with a signature. What the
//! demo's bot asks; its rules are those of `docs/connectors.md`, which is ours.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use crate::base::Given;
use crate::base::sign::{hex_matches, sha256};

/// What calls are signed with.
pub const SECRET: &str = "demo-shop-secret";

/// The shop.
pub struct Shop {
    given: Given,
    world: Mutex<World>,
}

#[derive(Default)]
struct World {
    asked: Vec<Value>,
    /// By key, what was answered: a repetition is answered the same.
    answered: BTreeMap<String, Value>,
    closed: bool,
}

impl Shop {
    /// One that was never asked.
    pub fn new(given: Given) -> Shop {
        Shop { given, world: Mutex::default() }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on it answers 503, or answers again.
    pub fn close(&self, closed: bool) {
        self.world().closed = closed;
    }

    /// What it was asked, each question once, in order.
    pub fn asked(&self) -> Vec<Value> {
        self.world().asked.clone()
    }

    /// Where an order is: always the same for the same number on the same day.
    fn status(&self, order: &str, language: &str) -> Value {
        const STATES: [(&str, &str); 3] = [
            ("en préparation dans notre atelier", "being prepared in our workshop"),
            ("en transit, remise au transporteur", "in transit, handed to the carrier"),
            ("en cours de livraison aujourd’hui", "out for delivery today"),
        ];
        let dice = sha256(order.as_bytes())[0];
        let (fr, en) = STATES[usize::from(dice) % STATES.len()];
        let label = if language == "en" { en } else { fr };
        let days = std::time::Duration::from_hours(24 * u64::from(2 - dice % 3));
        let day = self.given.now().plus(days).to_string();
        let date = format!("{}/{}", &day[8..10], &day[5..7]);
        json!({"values": {"label": label, "date": date, "carrier": "Colis Bleu", "late": false}})
    }
}

/// Its routes.
pub fn routes(shop: Arc<Shop>) -> Router {
    Router::new().route("/order-status", post(order_status)).with_state(shop)
}

async fn order_status(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let signature = header("guichet-signature");
    let parts: BTreeMap<&str, &str> = signature.split(',').filter_map(|p| p.split_once('=')).collect();
    let (at, mac) = (parts.get("t").copied().unwrap_or_default(), parts.get("v1").copied().unwrap_or_default());
    if !hex_matches(SECRET.as_bytes(), &[at.as_bytes(), b".", &body], mac) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if shop.world().closed {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let key = header("idempotency-key");
    if let Some(before) = shop.world().answered.get(&key) {
        return axum::Json(before.clone()).into_response();
    }
    let asked: Value = crate::base::json::parse(&body).unwrap_or_default();
    let order = asked["slots"]["order"].as_str().unwrap_or_default().to_owned();
    let answer = match order.chars().filter(char::is_ascii_digit).count() {
        5..=8 => shop.status(&order, asked["language"].as_str().unwrap_or_default()),
        _ => json!({"error": "unknown_order"}),
    };
    let mut world = shop.world();
    world.asked.push(asked);
    world.answered.insert(key, answer.clone());
    drop(world);
    axum::Json(answer).into_response()
}
