//! Networks at the door. Nothing is read of a body before the token is known, nothing is kept
//! before the signature is good, and 200 is said only once the bytes are safe.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;

use super::Web;
use super::room::busy;
use crate::flow;
use crate::flow::hook::{self, Refused};
use crate::networks::{Handshake, Hook};

/// Longest body taken: Meta batches up to a thousand updates.
const LONGEST: usize = 4 << 20;
/// How long the rest of a body nobody wants is let in, and how long its sender may be silent.
const PATIENCE: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(1);
/// How long a body may take: this, and a second for each so many bytes of it.
const WITHIN: Duration = Duration::from_secs(10);
const A_SECOND: usize = 64 << 10;

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
        Ok(None) => return unread(&web, StatusCode::NOT_FOUND, body.into_data_stream()).await,
        Err(error) => return ajar(&error),
    };
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|h| h.to_str().ok()).and_then(|h| h.parse::<usize>().ok());
    let mut stream = body.into_data_stream();
    if declared.is_some_and(|n| n > LONGEST) {
        return unread(&web, StatusCode::PAYLOAD_TOO_LARGE, stream).await;
    }
    let within = WITHIN + Duration::from_secs((declared.unwrap_or(LONGEST) / A_SECOND) as u64);
    let read = tokio::time::timeout(within, read(&web, &mut stream, declared)).await;
    let body = match read {
        Ok(Ok(body)) => body,
        Ok(Err(status)) => return unread(&web, status, stream).await,
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
/// before they are done: so the rest is let in, while it comes and for a while, and dropped.
async fn unread(web: &Web, status: StatusCode, mut rest: BodyDataStream) -> Response {
    if let Ok(_permit) = web.room.dropped.try_acquire() {
        let drop_it = async { while let Ok(Some(Ok(_))) = tokio::time::timeout(SILENCE, rest.next()).await {} };
        // Whether it came to its end or not, this is the answer.
        let _ = tokio::time::timeout(PATIENCE, drop_it).await;
    }
    if status == StatusCode::SERVICE_UNAVAILABLE { busy() } else { status.into_response() }
}

/// Reads a body within its own cap and within the room all bodies share, so that many slow senders
/// cannot fill the memory.
async fn read(web: &Web, stream: &mut BodyDataStream, declared: Option<usize>) -> Result<Vec<u8>, StatusCode> {
    let expected = declared.unwrap_or(64 << 10).min(LONGEST);
    let mut room = web.room.take(expected)?;
    let mut taken = expected;
    let mut bytes = Vec::with_capacity(declared.unwrap_or(0).min(A_SECOND));
    loop {
        let next = tokio::time::timeout(WITHIN, stream.next()).await;
        let chunk = match next.map_err(|_| StatusCode::REQUEST_TIMEOUT)? {
            Some(Ok(chunk)) => chunk,
            Some(Err(_)) => return Err(StatusCode::BAD_REQUEST),
            None => return Ok(bytes),
        };
        if bytes.len() + chunk.len() > LONGEST {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if bytes.len() + chunk.len() > taken {
            let more = web.room.more((256 << 10).max(chunk.len()))?;
            taken += more.num_permits() << 10;
            room.merge(more);
        }
        bytes.extend_from_slice(&chunk);
    }
}
