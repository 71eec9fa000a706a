//! How much of our memory those at the door may hold before we know them. Who knows no token and no
//! password can open many connections and speak slowly on each; so what a slow one costs is counted,
//! and there is an end to it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, SemaphorePermit};

/// KiB of hook bodies being read at once, over all connections.
pub const BODIES: usize = 20 << 10;
/// What a connection and its request hold beside the body, in KiB: measured, rounded up.
pub const EACH: usize = 32;
/// Bodies nobody wants that are let in and dropped at once, so that their senders hear why.
const DROPPED: usize = 64;
/// Forms of people who are not signed in, at once; how long one may take; its length.
const STRANGERS: usize = 128;
const WITHIN: Duration = Duration::from_secs(30);
/// See `STRANGERS`.
pub const FORM: usize = 64 << 10;

/// The room at the door. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Room {
    /// For hook bodies, in KiB.
    pub bodies: Arc<Semaphore>,
    pub(super) dropped: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Default for Room {
    fn default() -> Room {
        Room {
            bodies: Arc::new(Semaphore::new(BODIES)),
            dropped: Arc::new(Semaphore::new(DROPPED)),
            strangers: Arc::new(Semaphore::new(STRANGERS)),
        }
    }
}

impl Room {
    /// Room for a body of so many bytes and for the request around it.
    ///
    /// # Errors
    /// 503 when there is none.
    pub fn take(&self, bytes: usize) -> Result<SemaphorePermit<'_>, StatusCode> {
        self.more(bytes + (EACH << 10))
    }

    /// More room for the same request.
    ///
    /// # Errors
    /// 503 when there is none.
    pub fn more(&self, bytes: usize) -> Result<SemaphorePermit<'_>, StatusCode> {
        let kib = u32::try_from(bytes.div_ceil(1 << 10).max(1)).unwrap_or(u32::MAX);
        self.bodies.try_acquire_many(kib).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
    }
}

/// Only so many strangers fill in a form at once.
pub async fn for_strangers(State(room): State<Room>, request: Request, next: Next) -> Response {
    match room.strangers.try_acquire() {
        Ok(_permit) => match tokio::time::timeout(WITHIN, next.run(request)).await {
            Ok(response) => response,
            Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
        },
        Err(_) => busy(),
    }
}

/// Not now; come back.
pub fn busy() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, HeaderValue::from_static("5"))]).into_response()
}
