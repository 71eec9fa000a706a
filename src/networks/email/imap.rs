//! The mailbox: reading on from where the last reading stopped, and looking whether a mail of ours was
//! sent.
//!
//! Sources: RFC 9051 and 3501 (IMAP; 2.3.1.1 for UIDs and UIDVALIDITY, 7.1 for response codes), RFC
//! 2177 (IDLE), RFC 6154 (\Sent), RFC 5530 (why a login failed). Of Dovecot 2.3 it was seen that it
//! says “* OK Still here” while one waits, and that what it can do changes with the login; 2026-11.

use std::time::Duration;

use async_imap::{Client, Session};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};

use super::login::{Key, Once, xoauth2};
use super::{Server, frames, secured};
use crate::base::At;
use crate::base::dial::{Security, Wire};
use crate::desk::outbound::{LookBack, Outbound};
use crate::networks::{Line, PollFrom, Polled, Refused};

/// Mails read at once, and their bytes: so much is kept in memory, and written in one transaction.
const BATCH: (usize, usize) = (40, 8 << 20);
/// The longest mail that is read whole; of a longer one its beginning is.
const LONGEST: usize = 25 << 20;
const BEGINNING: usize = 256 << 10;
/// How long reading a batch may take, and looking for one mail.
const READING: Duration = Duration::from_mins(2);
pub(super) const LOOKING: Duration = Duration::from_secs(20);
/// How far back a mailbox is read again when its numbers no longer mean what they meant.
const AGAIN: Duration = Duration::from_hours(7 * 24);

/// Where the last reading stopped: the mailbox's validity and its last number read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub validity: u32,
    pub last: u32,
}

impl Place {
    pub fn of(cursor: Option<&str>) -> Option<Place> {
        serde_json::from_str(cursor?).ok()
    }

    fn cursor(self) -> Option<String> {
        serde_json::to_string(&self).ok()
    }
}

pub(super) struct Inbox {
    pub session: Session<Wire>,
    pub validity: u32,
    pub next: Option<u32>,
}

/// Reads on: at most a batch, in the order of arrival.
pub(super) async fn poll(line: &Line<'_>, server: &Server, from: &PollFrom) -> Result<Polled, Refused> {
    within(READING, async {
        let mut inbox = open(line, server).await?;
        let known = Place::of(from.cursor.as_deref()).filter(|p| p.validity == inbox.validity);
        let query = if let Some(place) = known {
            format!("UID {}:*", place.last.saturating_add(1))
        } else {
            // Never read, or numbered anew: by date. What is here already is known by its name.
            let since = if from.cursor.is_some() { from.since.minus(AGAIN) } else { from.since };
            format!("SINCE {}", day(since.minus(Duration::from_hours(24))))
        };
        let mut new = numbers(&mut inbox.session, &query).await?;
        // “n:*” always names the last mail, even where it is older than n (RFC 9051, 6.4.9).
        new.retain(|uid| known.is_none_or(|p| *uid > p.last));
        let waiting = new.len();
        new.truncate(BATCH.0);
        let (mails, taken) = if new.is_empty() { (Vec::new(), 0) } else { fetch(&mut inbox.session, &new).await? };
        let upto = match (new.get(..taken).and_then(|t| t.last()), known) {
            (Some(last), _) => *last,
            (None, Some(place)) => place.last,
            (None, None) => inbox.next.unwrap_or(1).saturating_sub(1),
        };
        let cursor = Place { validity: inbox.validity, last: upto }.cursor();
        // A farewell the server may take or leave: the mails are here.
        let _ = tokio::time::timeout(Duration::from_secs(1), inbox.session.logout()).await;
        let body = (!mails.is_empty()).then(|| frames::join(&mails));
        Ok(Polled { body, cursor, more: taken < waiting })
    })
    .await
}

/// Looks for a mail of ours among what the server keeps of sent mails. Where it keeps none of ours at
/// all, that this one is missing says nothing.
pub(super) async fn look_back(line: &Line<'_>, server: &Server, out: &Outbound, name: &str) -> LookBack {
    let looked = within(LOOKING, async {
        let mut inbox = open(line, server).await?;
        let session = &mut inbox.session;
        let mut kept = None;
        let all: Vec<_> = session
            .list(Some(""), Some("*"))
            .await
            .map_err(|e| trouble(&e))?
            .try_collect()
            .await
            .map_err(|e| trouble(&e))?;
        for folder in &all {
            let marks = folder.attributes().iter().map(|a| format!("{a:?}").to_lowercase()).collect::<Vec<_>>();
            if marks.iter().any(|m| m.contains("sent")) {
                kept = Some(folder.name().to_owned());
            }
        }
        let cannot = || LookBack::CannotSay("the mail server does not say where it keeps what it has sent".into());
        let Some(folder) = kept else { return Ok(cannot()) };
        session.examine(&folder).await.map_err(|e| trouble(&e))?;
        if !numbers(session, &format!("HEADER Message-ID \"{name}\"")).await?.is_empty() {
            return Ok(LookBack::Found(vec![name.to_owned()]));
        }
        let before = day(out.asked_at.minus(Duration::from_hours(30 * 24)));
        let others = numbers(session, &format!("SINCE {before} HEADER Message-ID \"gui.\"")).await?;
        if others.is_empty() {
            return Ok(LookBack::CannotSay("the mail server keeps no copies of what it sends".into()));
        }
        Ok(LookBack::Absent)
    });
    looked.await.unwrap_or_else(|refused: Refused| LookBack::CannotSay(refused.to_string()))
}

/// Tries the login.
pub(super) async fn sign_in(line: &Line<'_>, server: &Server) -> Result<(), Refused> {
    within(LOOKING, open(line, server)).await.map(drop)
}

pub(super) async fn open(line: &Line<'_>, server: &Server) -> Result<Inbox, Refused> {
    let cap = LONGEST + BATCH.1 + (8 << 20);
    let wire = line.dial(&server.host, server.port, server.security, cap).await?;
    let mut client = Client::new(wire);
    let greeting = client.read_response().await.map_err(|e| Refused::Later(None, e.to_string()))?;
    if greeting.is_none() {
        return Err(Refused::Later(None, format!("{} closed the connection", server.host)));
    }
    if server.security == Security::StartTls {
        client.run_command_and_check_ok("STARTTLS", None).await.map_err(|e| trouble(&e))?;
        client = Client::new(secured(client.into_inner()).await?);
    }
    let logged_in = match &server.key {
        Key::Password(password) => client.login(&server.user, password).await,
        Key::Token(token) => client.authenticate("XOAUTH2", Once(Some(xoauth2(&server.user, token)))).await,
    };
    let mut session = logged_in.map_err(|(error, _)| not_let_in(&error))?;
    let inbox = session.select("INBOX").await.map_err(|e| trouble(&e))?;
    let validity = inbox.uid_validity.unwrap_or(0);
    Ok(Inbox { session, validity, next: inbox.uid_next })
}

/// RFC 5530: a server may be out of order itself; anything else says the login is not good.
fn not_let_in(error: &async_imap::error::Error) -> Refused {
    let why = plain(error);
    let upper = why.to_uppercase();
    let passing = ["UNAVAILABLE", "INUSE", "SERVERBUG", "CONTACTADMIN", "LIMIT", "TEMPORAR", "TRY AGAIN"];
    match error {
        async_imap::error::Error::No(_) if !passing.iter().any(|p| upper.contains(p)) => Refused::Reconnect(why),
        async_imap::error::Error::Validate(_) => Refused::Reconnect(why),
        _ => Refused::Later(None, why),
    }
}

pub(super) fn trouble(error: &async_imap::error::Error) -> Refused {
    Refused::Later(None, plain(error))
}

/// The server's own words of `no response: code: None, info: Some("…")`.
fn plain(error: &async_imap::error::Error) -> String {
    let all = error.to_string();
    let info = all.split_once("info: Some(\"").and_then(|(_, i)| i.rsplit_once("\")"));
    info.map_or(all.clone(), |(said, _)| said.to_owned())
}

pub(super) async fn numbers(session: &mut Session<Wire>, query: &str) -> Result<Vec<u32>, Refused> {
    let found = session.uid_search(query).await.map_err(|e| trouble(&e))?;
    let mut found: Vec<u32> = found.into_iter().collect();
    found.sort_unstable();
    Ok(found)
}

/// Mails of these numbers as far as the batch's room reaches, and how many of the numbers that were.
async fn fetch(session: &mut Session<Wire>, uids: &[u32]) -> Result<(Vec<(u32, Vec<u8>)>, usize), Refused> {
    let sizes: Vec<(u32, usize)> = {
        let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let stream = session.uid_fetch(set, "(UID RFC822.SIZE)").await.map_err(|e| trouble(&e))?;
        let rows: Vec<_> = stream.try_collect().await.map_err(|e| trouble(&e))?;
        rows.iter().filter_map(|f| Some((f.uid?, f.size.unwrap_or(0) as usize))).collect()
    };
    let size_of = |uid: u32| sizes.iter().find(|(u, _)| *u == uid).map_or(0, |(_, s)| *s);
    let (mut mails, mut room, mut taken) = (Vec::new(), BATCH.1, 0);
    for &uid in uids {
        let size = size_of(uid);
        let whole = size <= LONGEST;
        let costs = if whole { size } else { BEGINNING };
        if taken > 0 && costs > room {
            break;
        }
        room = room.saturating_sub(costs);
        taken += 1;
        let what = if whole { "(UID BODY.PEEK[])".to_owned() } else { format!("(UID BODY.PEEK[]<0.{BEGINNING}>)") };
        let stream = session.uid_fetch(uid.to_string(), what).await.map_err(|e| trouble(&e))?;
        let rows: Vec<_> = stream.try_collect().await.map_err(|e| trouble(&e))?;
        // One that is gone meanwhile is passed over.
        let read = rows.iter().filter(|f| f.uid == Some(uid)).find_map(|f| f.body().map(<[u8]>::to_vec));
        mails.extend(read.filter(|raw| !raw.is_empty()).map(|raw| (uid, raw)));
    }
    Ok((mails, taken))
}

/// A day as IMAP writes it: `21-Nov-2026`.
fn day(at: At) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = at.to_string();
    let month = text.get(5..7).and_then(|m| m.parse::<usize>().ok()).unwrap_or(1);
    let name = MONTHS.get(month.saturating_sub(1)).unwrap_or(&"Jan");
    format!("{}-{name}-{}", text.get(8..10).unwrap_or("01"), text.get(..4).unwrap_or("1970"))
}

pub(super) async fn within<T>(most: Duration, done: impl Future<Output = Result<T, Refused>>) -> Result<T, Refused> {
    tokio::time::timeout(most, done).await.unwrap_or_else(|_| Err(Refused::Later(None, "time ran out".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_imap_reads_them() {
        assert_eq!(day(At::parse("2026-11-05T23:30:00Z").unwrap()), "05-Nov-2026");
        assert_eq!(day(At::parse("2027-01-01T00:00:00Z").unwrap()), "01-Jan-2027");
    }

    #[test]
    fn only_a_refused_login_asks_for_another() {
        let no = |text: &str| not_let_in(&async_imap::error::Error::No(text.into()));
        assert!(
            matches!(no("code: None, info: Some(\"[AUTHENTICATIONFAILED] Authentication failed.\")"), Refused::Reconnect(why) if why == "[AUTHENTICATIONFAILED] Authentication failed.")
        );
        assert!(matches!(no("code: None, info: Some(\"[UNAVAILABLE] Internal error\")"), Refused::Later(..)));
        assert!(matches!(not_let_in(&async_imap::error::Error::ConnectionLost), Refused::Later(..)));
    }
}
