//! `GET /live?since=SEQ&brand=SLUG`: one socket a tab, over which the house tells what is new. The
//! same session as the pages; other sites are turned away here, since browsers let them knock.

mod tab;

use axum::extract::{Query, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::ask::Onlooker;
use super::{Error, Result};
use crate::live::room::Full;

/// The longest word a tab may say.
const LONGEST: usize = 4 << 10;
/// What may wait to be written to a tab that reads slowly.
const WAITING: usize = 256 << 10;

/// What a tab knows already.
#[derive(Deserialize)]
pub struct Since {
    #[serde(default)]
    since: i64,
}

/// Opens a tab's socket.
pub async fn open(
    Onlooker(hand): Onlooker,
    headers: HeaderMap,
    Query(asked): Query<Since>,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    if !is_ours(&headers, &hand.web.public_url) {
        return Err(Error::Forbidden);
    }
    if hand.web.leaving.is_cancelled() {
        return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response());
    }
    let agent = &hand.known.agent;
    let seat = match hand.web.bus.room().sit(hand.brand.id, agent.id, &agent.name) {
        Ok(seat) => seat,
        Err(Full::Person) => return Ok(StatusCode::TOO_MANY_REQUESTS.into_response()),
        Err(Full::Node) => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
    };
    let upgrade = upgrade.read_buffer_size(4_096).write_buffer_size(0).max_write_buffer_size(WAITING);
    let upgrade = upgrade.max_message_size(LONGEST).max_frame_size(LONGEST);
    Ok(upgrade.on_upgrade(move |socket| tab::Tab::new(socket, hand, seat).run(asked.since)))
}

/// True when a page of ours asks: a socket is not held to the rules that keep sites apart.
fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|o| o.to_str().ok());
    let ours = url::Url::parse(public_url).map(|u| u.origin().ascii_serialization());
    ours.is_ok_and(|ours| origin == Some(ours.as_str()))
}
