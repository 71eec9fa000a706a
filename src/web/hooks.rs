//! Networks at the door. Nothing is read of a body before the token is known, nothing is kept
//! before the signature is good, and 200 is said only once the bytes are safe.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::sync::SemaphorePermit;

use super::Web;
use crate::flow;
use crate::flow::hook::{self, Refused};
use crate::networks::{Handshake, Hook};

/// Longest body taken: Meta batches up to a thousand updates.
const LONGEST: usize = 4 << 20;
/// How long the rest of a body nobody wants is let in.
const PATIENCE: Duration = Duration::from_secs(5);
/// KiB of bodies being read at once, over all connections.
pub const ROOM: usize = 24 << 10;

/// `GET`: a network asks whether the hook is ours.
pub async fn handshake(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    match web.house.connected(&token).await {
        Ok(Some(connected)) => match hook::handshake(&connected, &query) {
            Handshake::Yes(body, kind) => ([(header::CONTENT_TYPE, kind)], body).into_response(),
            Handshake::No => StatusCode::FORBIDDEN.into_response(),
        },
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => ajar(&error),
    }
}

/// `POST`: events.
pub async fn receive(State(web): State<Web>, Path(token): Path<String>, headers: HeaderMap, body: Body) -> Response {
    let connected = match web.house.connected(&token).await {
        Ok(Some(connected)) => connected,
        Ok(None) => return unread(StatusCode::NOT_FOUND, body.into_data_stream()).await,
        Err(error) => return ajar(&error),
    };
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|h| h.to_str().ok()).and_then(|h| h.parse::<usize>().ok());
    let mut stream = body.into_data_stream();
    if declared.is_some_and(|n| n > LONGEST) {
        return unread(StatusCode::PAYLOAD_TOO_LARGE, stream).await;
    }
    let read = tokio::time::timeout(Duration::from_mins(1), read(&web, &mut stream, declared)).await;
    let body = match read {
        Ok(Ok(body)) => body,
        Ok(Err(status)) => return unread(status, stream).await,
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let named = headers.iter().filter_map(|(k, v)| Some((k.as_str().to_owned(), v.to_str().ok()?.to_owned())));
    let hook = Hook { headers: named.collect(), body };
    match hook::receive(&web.house, &web.log, &connected, hook).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(Refused::Forged(_)) => {
            web.forged.fetch_add(1, Ordering::Relaxed);
            StatusCode::UNAUTHORIZED.into_response()
        }
        Err(Refused::Busy(_)) => busy(),
    }
}

/// The connection cannot be read: our trouble, so the network is asked to come back.
fn ajar(error: &flow::Error) -> Response {
    tracing::error!(name: "hooks.unreadable", %error, "a hook was called whose connection cannot be read");
    busy()
}

/// An answer to a body that was not read to its end. Who is still writing does not hear an answer
/// before they are done: so the rest is let in, for a while, and dropped.
async fn unread(status: StatusCode, mut rest: BodyDataStream) -> Response {
    let drop_it = async { while let Some(Ok(_)) = rest.next().await {} };
    // Whether it came to its end or not, this is the answer.
    let _ = tokio::time::timeout(PATIENCE, drop_it).await;
    let mut answer = status.into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    answer
}

fn busy() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
}

/// Reads a body within its own cap and within the room all bodies share, so that many slow senders
/// cannot fill the memory.
async fn read(web: &Web, stream: &mut BodyDataStream, declared: Option<usize>) -> Result<Vec<u8>, StatusCode> {
    let mut room = take(web, declared.unwrap_or(64 << 10).min(LONGEST))?;
    let mut taken = room.num_permits() << 10;
    let mut bytes = Vec::with_capacity(declared.unwrap_or(0).min(LONGEST));
    loop {
        let next = tokio::time::timeout(Duration::from_secs(30), stream.next()).await;
        let chunk = match next.map_err(|_| StatusCode::REQUEST_TIMEOUT)? {
            Some(Ok(chunk)) => chunk,
            Some(Err(_)) => return Err(StatusCode::BAD_REQUEST),
            None => return Ok(bytes),
        };
        if bytes.len() + chunk.len() > LONGEST {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if bytes.len() + chunk.len() > taken {
            let more = take(web, (256 << 10).max(chunk.len()))?;
            taken += more.num_permits() << 10;
            room.merge(more);
        }
        bytes.extend_from_slice(&chunk);
    }
}

fn take(web: &Web, bytes: usize) -> Result<SemaphorePermit<'_>, StatusCode> {
    let kib = u32::try_from(bytes.div_ceil(1 << 10).max(1)).unwrap_or(u32::MAX);
    web.hook_room.try_acquire_many(kib).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}
