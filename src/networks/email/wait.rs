//! Waiting for what comes to a mailbox: the server tells (RFC 2177), or is asked again and again.

use std::time::Duration;

use async_imap::Session;
use async_imap::extensions::idle::IdleResponse;
use async_imap::imap_proto::{MailboxDatum, Response};
use async_imap::types::UnsolicitedResponse;

use super::Server;
use super::imap::{LOOKING, Place, numbers, open, trouble, within};
use crate::base::dial::Wire;
use crate::networks::{Line, PollFrom, Refused, Waited};

/// How long one wait lasts. Servers may hang up after 30 minutes (RFC 9051, 5.4), and those who
/// translate addresses between forget silent connections sooner.
const WAIT: Duration = Duration::from_mins(9);
/// How often a server that cannot tell is asked.
const ASK: Duration = Duration::from_secs(15);
/// Waits until there may be something new, or for a while.
pub(super) async fn wait(line: &Line<'_>, server: &Server, from: &PollFrom) -> Result<Waited, Refused> {
    let mut inbox = within(LOOKING, open(line, server)).await?;
    let Some(place) = Place::of(from.cursor.as_deref()).filter(|p| p.validity == inbox.validity) else {
        return Ok(Waited::News);
    };
    if inbox.next.is_none_or(|next| next > place.last.saturating_add(1)) {
        // The numbers between may be of mails that are gone: only one that is there is news.
        let there =
            within(LOOKING, numbers(&mut inbox.session, &format!("UID {}:*", place.last.saturating_add(1)))).await?;
        if there.iter().any(|uid| *uid > place.last) {
            return Ok(Waited::News);
        }
    }
    let able = within(LOOKING, async { inbox.session.capabilities().await.map_err(|e| trouble(&e)) }).await?;
    let idles = able.has_str("IDLE");
    if idles { idle(inbox.session).await } else { ask(inbox.session, place).await }
}

/// The server tells.
async fn idle(session: Session<Wire>) -> Result<Waited, Refused> {
    let said_before = session.unsolicited_responses.clone();
    let mut waiting = session.idle();
    within(LOOKING, async { waiting.init().await.map_err(|e| trouble(&e)) }).await?;
    // What came while one looked is told with the answers to that, and not again.
    while let Ok(said) = said_before.try_recv() {
        if matches!(said, UnsolicitedResponse::Exists(_) | UnsolicitedResponse::Recent(_)) {
            return Ok(Waited::News);
        }
    }
    let told = async {
        loop {
            let told = {
                let (next, _stop) = waiting.wait_with_timeout(WAIT);
                let told = next.await;
                told.map_err(|e| trouble(&e))?
            };
            match told {
                // Flags change and mails go: neither brings anything.
                IdleResponse::NewData(data) => {
                    if let Response::MailboxData(MailboxDatum::Exists(_) | MailboxDatum::Recent(_)) = data.parsed() {
                        return Ok(Waited::News);
                    }
                }
                IdleResponse::Timeout => return Ok(Waited::Nothing),
                IdleResponse::ManualInterrupt => return Err(Refused::Later(None, "the connection was closed".into())),
            }
        }
    };
    tokio::time::timeout(WAIT, told).await.unwrap_or(Ok(Waited::Nothing))
}

/// The server cannot tell: it is asked again and again.
async fn ask(mut session: Session<Wire>, place: Place) -> Result<Waited, Refused> {
    let query = format!("UID {}:*", place.last.saturating_add(1));
    let asking = async {
        loop {
            tokio::time::sleep(ASK).await;
            if within(LOOKING, numbers(&mut session, &query)).await?.iter().any(|uid| *uid > place.last) {
                return Ok(Waited::News);
            }
        }
    };
    tokio::time::timeout(WAIT, asking).await.unwrap_or(Ok(Waited::Nothing))
}
