//! One tab's socket: it hears everything, tells what concerns the view, at most four times a
//! second. What it keeps in mind is bounded; when that is not enough, the tab is asked to look for
//! itself. The session is judged afresh before anything is told.

use std::pin::pin;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until, timeout};

use crate::base::id::TicketId;
use crate::live::{Heard, Pace, Seat, heard};
use crate::store::events;
use crate::web::ask::Hand;
use crate::web::inbox::tell::{self, Frame, Looked};
use crate::web::{Error, Result};

/// The longest telling; more than that, and the tab looks for itself.
const LONGEST: usize = 200 << 10;
/// How long the first of several changes waits for the others.
const GATHER: Duration = Duration::from_millis(20);

/// The session is over.
const SIGNED_OUT: (u16, &str) = (4401, "signed out");
/// The tab does not read.
const STALLED: (u16, &str) = (1013, "too slow");
/// The house closes.
const LEAVING: (u16, &str) = (1001, "leaving");
/// The tab went.
const GONE: (u16, &str) = (1000, "");

/// Why a socket ends; the tab is told, if it still listens.
type Ended<T> = std::result::Result<T, (u16, &'static str)>;

/// What a tab says of itself.
#[derive(Deserialize)]
struct Said {
    view: String,
    ticket: Option<TicketId>,
    #[serde(default)]
    composing: bool,
    /// The last event known to what was just put into the page.
    since: Option<i64>,
}

/// A tab.
pub(super) struct Tab {
    socket: WebSocket,
    hand: Hand,
    seat: Seat,
    looked: Option<Looked>,
    heard: Heard,
    pace: Pace,
    /// When something was first heard that was not told.
    noticed: Instant,
    told: Option<Instant>,
    counted: Option<Instant>,
    beat: Instant,
    /// By when the tab must have answered the last beat.
    answer_by: Option<Instant>,
    /// Until when the person counts as writing.
    writing: Option<Instant>,
}

impl Tab {
    pub(super) fn new(socket: WebSocket, hand: Hand, seat: Seat) -> Tab {
        let (now, pace) = (Instant::now(), hand.web.bus.pace());
        Tab {
            socket,
            hand,
            seat,
            looked: None,
            heard: Heard::default(),
            pace,
            noticed: now,
            told: None,
            counted: None,
            beat: now + pace.beat,
            answer_by: None,
            writing: None,
        }
    }

    /// Serves the tab until either side has enough.
    pub(super) async fn run(mut self, since: i64) {
        let Err((code, reason)) = self.serve(since).await;
        let frame = CloseFrame { code, reason: reason.into() };
        // A tab that does not read does not read this either; it is not waited for.
        let _ = timeout(Duration::from_secs(1), self.socket.send(Message::Close(Some(frame)))).await;
    }

    async fn serve(&mut self, since: i64) -> Ended<std::convert::Infallible> {
        let bus = self.hand.web.bus.clone();
        let leaving = self.hand.web.leaving.clone();
        // Interest is registered before looking back, so that nothing falls between the two.
        let (mut news, mut moves) = (bus.follow(), bus.room().moves());
        let upto = self.catch_up(since).await;
        loop {
            let never = Instant::now() + Duration::from_hours(24);
            let mut tell = pin!(sleep_until(self.due().unwrap_or(never)));
            let next = self.beat.min(self.answer_by.unwrap_or(never)).min(self.writing.unwrap_or(never));
            let mut tick = pin!(sleep_until(next));
            tokio::select! {
                heard = news.recv() => match heard {
                    Ok(event) if event.seq > upto => {
                        self.notice();
                        self.heard.hear(self.hand.brand.id, &event);
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => {
                        self.notice();
                        self.heard.lose();
                    }
                    Err(RecvError::Closed) => return Err(LEAVING),
                },
                moved = moves.recv() => if let Ok((brand, ticket)) = moved && brand == self.hand.brand.id {
                    self.notice();
                    self.heard.meet(ticket);
                },
                said = self.socket.recv() => match said {
                    Some(Ok(message)) => self.listen(message).await?,
                    _ => return Err(GONE),
                },
                () = &mut tell => self.tell().await?,
                () = &mut tick => self.tick().await?,
                () = leaving.cancelled() => return Err(LEAVING),
            }
        }
    }

    /// Takes in what happened while the tab was away; up to where.
    async fn catch_up(&mut self, since: i64) -> i64 {
        let most = i64::try_from(heard::MOST).unwrap_or(i64::MAX);
        let brand = self.hand.brand.id;
        let past = async {
            let mut tx = self.hand.web.house.db.read().await?;
            events::of_brand(&mut tx, brand, since, most + 1).await
        };
        self.heard.seq = self.heard.seq.max(self.hand.web.bus.seq());
        match past.await {
            Ok(past) if past.len() <= heard::MOST && since <= self.heard.seq => {
                for event in &past {
                    self.heard.catch_up(brand, event);
                }
                past.last().map_or(since, |e| e.seq)
            }
            _ => {
                self.heard.lose();
                0
            }
        }
    }

    fn notice(&mut self) {
        if self.heard.is_empty() {
            self.noticed = Instant::now();
        }
    }

    /// When the tab is to be told next.
    fn due(&self) -> Option<Instant> {
        if self.looked.is_none() || self.heard.is_empty() {
            return None;
        }
        if self.heard.only_counts() {
            return Some(self.counted.map_or(self.noticed, |c| c + self.pace.counts));
        }
        let rested = self.told.map_or(self.noticed, |t| t + self.pace.telling);
        Some(rested.max(self.noticed + GATHER))
    }

    /// Hears what the tab says of itself.
    async fn listen(&mut self, message: Message) -> Ended<()> {
        self.answer_by = None;
        let Message::Text(text) = message else { return Ok(()) };
        let Ok(said) = serde_json::from_str::<Said>(&text) else { return Ok(()) };
        let moved = self.looked.as_ref().is_none_or(|l| l.ticket != said.ticket);
        if let (true, Some(ticket)) = (moved, said.ticket) {
            let mut desk = judged(self.hand.look_again().await)?;
            if !tell::may_look(&mut desk, ticket).await.unwrap_or(false) {
                return Ok(());
            }
        }
        let Some(looked) = Looked::read(&said.view, said.ticket) else { return Ok(()) };
        self.looked = Some(looked);
        if said.composing && said.ticket.is_some() {
            self.writing = Some(Instant::now() + self.pace.writing);
        } else if moved {
            self.writing = None;
        }
        self.seat.look(said.ticket.map(|t| (t, self.writing.is_some())));
        if let (true, Some(ticket)) = (moved, said.ticket) {
            self.notice();
            self.heard.meet(ticket);
        }
        if let Some(since) = said.since {
            self.notice();
            self.catch_up(since).await;
        }
        Ok(())
    }

    /// Tells what was heard, to whoever the session says this is now.
    async fn tell(&mut self) -> Ended<()> {
        let Some(looked) = &self.looked else { return Ok(()) };
        let now = Instant::now();
        let counts = self.heard.counts && self.counted.is_none_or(|c| c + self.pace.counts <= now);
        let frames = async {
            let mut desk = self.hand.look_again().await?;
            let mut frames = if self.heard.lost {
                vec![Frame::bare(self.heard.seq, "resync")]
            } else {
                tell::tell(&mut desk, looked, &self.heard).await?
            };
            if counts {
                frames.push(tell::counts(&mut desk, looked, self.heard.seq).await?);
            }
            Ok(frames)
        };
        let frames = frames.await;
        self.told = Some(now);
        let frames = match frames {
            // The database is busy: what was heard is kept, and told a little later.
            Err(Error::Busy) => return Ok(()),
            other => judged(other)?,
        };
        self.heard = Heard { seq: self.heard.seq, counts: self.heard.counts && !counts, ..Heard::default() };
        if counts {
            self.counted = Some(now);
        }
        if frames.is_empty() {
            return Ok(());
        }
        let text = serde_json::to_string(&frames).unwrap_or_default();
        let fits = text.len() <= LONGEST;
        let text = if fits {
            text
        } else {
            serde_json::to_string(&[Frame::bare(self.heard.seq, "resync")]).unwrap_or_default()
        };
        self.send(Message::text(text)).await
    }

    /// What the clock asks for: a beat, an answer that did not come, a pen that was laid down.
    async fn tick(&mut self) -> Ended<()> {
        let now = Instant::now();
        if self.answer_by.is_some_and(|by| by <= now) {
            return Err(STALLED);
        }
        if self.writing.is_some_and(|until| until <= now) {
            self.writing = None;
            self.seat.rest();
        }
        if self.beat <= now {
            self.beat = now + self.pace.beat;
            judged(self.hand.look_again().await)?;
            // Counted from the first beat without an answer.
            self.answer_by.get_or_insert(now + self.pace.stalled);
            self.send(Message::Ping(Vec::new().into())).await?;
            // Scripts do not see pings.
            self.send(Message::text("[]")).await?;
        }
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Ended<()> {
        match timeout(self.pace.stalled, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(GONE),
            Err(_) => Err(STALLED),
        }
    }
}

/// What came of looking; a session that is over ends the socket, a fault of ours does too.
fn judged<T>(result: Result<T>) -> Ended<T> {
    result.map_err(|error| match error {
        Error::SignIn(_) | Error::Forbidden => SIGNED_OUT,
        other => {
            tracing::warn!(name: "live.failed", error = ?other, "a tab could not be told; it will ask again");
            (1011, "failed")
        }
    })
}
