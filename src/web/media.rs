//! Pictures and recordings that came with messages: fetched from the network when somebody looks,
//! kept for a while, and shown from our own origin in a sandbox. The type is what the bytes say.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::ask::Desk;
use super::{Error, Result, Web};
use crate::base::fetch::{Answer, Ask, Fetch};
use crate::base::id::MessageId;
use crate::base::sign::sha256;
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::channel::Account;
use crate::desk::file::shown_as;
use crate::desk::message::Direction;
use crate::networks::{Line, Network};
use crate::store::messages::Message;
use crate::store::{channels, deliveries, files, inbound, messages};

/// One attachment of a message in view.
pub async fn show(
    State(web): State<Web>,
    mut desk: Desk,
    Path((message, n)): Path<(MessageId, usize)>,
) -> Result<Response> {
    let (hand, tx) = desk.parts();
    let message = messages::get(tx, &hand.known.scope, message).await?;
    let channel = channels::get(tx, &hand.known.scope, message.channel_id).await?;
    let attachments: Vec<Attachment> = serde_json::from_value(message.attachments.clone()).unwrap_or_default();
    let attachment = attachments.into_iter().nth(n).ok_or(Error::NotFound)?;
    let network = hand.web.house.network(&channel.network).ok_or(Error::NotFound)?;
    if let Some((key, place)) = attachment.place() {
        drop(desk);
        let bytes = cut_out(&web, network, &message, key.to_owned(), place).await?;
        return Ok(shown(bytes, attachment.title.as_deref()));
    }
    // What others name a file of ours is none.
    let ours = attachment.file().filter(|_| message.direction == Direction::Outbound);
    if let Some(id) = ours {
        let file = files::get(tx, message.brand_id, id).await?.ok_or(Error::NotFound)?;
        return Ok(shown(file.bytes, attachment.title.as_deref()));
    }
    let account = hand.web.house.account(tx, &channel).await?;
    drop(desk);
    // Stories may be looked at while they last, and not be kept.
    let keeps = attachment.kind != AttachmentKind::Story;
    let bytes = match (attachment.url, attachment.external_id) {
        (Some(url), _) => by_address(&web, network, &account, &url, keeps).await?,
        (None, Some(id)) => by_id(&web, network, &account, &id).await?,
        (None, None) => return Err(Error::NotFound),
    };
    Ok(shown(bytes, None))
}

/// What came with the message itself is cut out of the body it came in: it is kept there, once.
async fn cut_out(
    web: &Web,
    network: &'static dyn Network,
    message: &Message,
    key: String,
    place: usize,
) -> Result<Vec<u8>> {
    let mut tx = web.house.db.read().await?;
    let line = inbound::by_key(&mut tx, message.brand_id, message.channel_id, &key).await?;
    let line = line.filter(|l| l.message_id == Some(message.id)).ok_or(Error::NotFound)?;
    let body = deliveries::get(&mut tx, message.brand_id, line.delivery_id).await?.body;
    drop(tx);
    // Reading a long mail is work: it is done beside the threads that serve pages.
    let cut = tokio::task::spawn_blocking(move || network.part(&body, &key, place)).await;
    cut.map_err(anyhow::Error::from)?.ok_or(Error::NotFound)
}

/// Bytes in a sandbox: pictures, sound and film in place, anything else to be saved.
fn shown(bytes: Vec<u8>, title: Option<&str>) -> Response {
    let (kind, disposition) = match (shown_as(&bytes), title) {
        (Some(kind), _) => (kind, "inline".to_owned()),
        (None, Some(title)) => ("application/octet-stream", format!("attachment; filename*=UTF-8''{}", spelled(title))),
        (None, None) => ("application/octet-stream", "attachment".to_owned()),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// A file's name as a header may carry it (RFC 8187), without ways to other folders.
fn spelled(title: &str) -> String {
    let plain: String = title.chars().map(|c| if matches!(c, '/' | '\\' | '\0') { '_' } else { c }).collect();
    percent_encoding::utf8_percent_encode(plain.trim_start_matches('.'), percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// What stands at an address of a host the account's pictures come from.
async fn by_address(web: &Web, network: &dyn Network, account: &Account, url: &str, keeps: bool) -> Result<Vec<u8>> {
    let host = url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).ok_or(Error::NotFound)?;
    if !network.shows_from(&account.settings, &host) {
        return Err(Error::NotShown(host));
    }
    if let Some(bytes) = kept(web, url).await {
        return Ok(bytes);
    }
    let fetch: Fetch = web.house.fetch.within(std::time::Duration::from_secs(10));
    let answer = fetch.call(Ask::get(url)).await.ok().filter(Answer::ok).ok_or(Error::NotGiven(host))?;
    if keeps {
        keep(web, url, &answer.body).await;
    }
    Ok(answer.body)
}

/// What the network knows by an id only, fetched in the account's name.
async fn by_id(web: &Web, network: &dyn Network, account: &Account, id: &str) -> Result<Vec<u8>> {
    let name = format!("{}/{id}", account.channel);
    if let Some(bytes) = kept(web, &name).await {
        return Ok(bytes);
    }
    let fetch = web.house.fetch.within(std::time::Duration::from_secs(10));
    let line = Line::new(account, &fetch, web.house.now());
    let bytes = network.media(&line, id).await.map_err(|_| Error::NotFound)?;
    keep(web, &name, &bytes).await;
    Ok(bytes)
}

fn place(web: &Web, name: &str) -> std::path::PathBuf {
    web.media_dir.join(hex::encode(sha256(name.as_bytes())))
}

/// The bytes of this name, if they were fetched before.
async fn kept(web: &Web, name: &str) -> Option<Vec<u8>> {
    tokio::fs::read(place(web, name)).await.ok()
}

async fn keep(web: &Web, name: &str, bytes: &[u8]) {
    if let Err(error) = tokio::fs::write(place(web, name), bytes).await {
        tracing::warn!(name: "media.not_kept", %error, "a picture could not be kept; it will be fetched again");
    }
}
