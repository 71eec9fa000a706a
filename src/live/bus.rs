//! Passing events on to whoever listens on this node. Every event is held once, however many
//! listen; who falls behind is told so, and costs nothing.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::broadcast;

use super::{Pace, Room};
use crate::store::events::Past;
use crate::store::select::Open;

/// An event, and what it did to its ticket: as it stood before and after, where it was open.
#[derive(Debug)]
pub struct News {
    /// What happened.
    pub event: Arc<Past>,
    /// The ticket before.
    pub before: Option<Open>,
    /// The ticket after.
    pub after: Option<Open>,
}

impl Deref for News {
    type Target = Past;
    fn deref(&self) -> &Past {
        &self.event
    }
}

/// Where events are passed on, and who is there to hear them. Cheap to clone.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

struct Inner {
    events: broadcast::Sender<Arc<Past>>,
    news: broadcast::Sender<Arc<News>>,
    seq: AtomicI64,
    room: Room,
    pace: Pace,
}

/// Events a listener may be behind.
const BEHIND: usize = 1_024;

impl Default for Bus {
    fn default() -> Bus {
        Bus::at(Pace::default())
    }
}

impl Bus {
    /// A bus whose sockets keep another pace.
    pub fn at(pace: Pace) -> Bus {
        let (events, news) = (broadcast::channel(BEHIND).0, broadcast::channel(BEHIND).0);
        Bus(Arc::new(Inner { events, news, seq: AtomicI64::new(0), room: Room::default(), pace }))
    }

    /// Passes an event on; nobody listening is fine.
    pub fn pass(&self, news: Arc<News>) {
        let event = Arc::clone(&news.event);
        let seq = event.seq;
        let _ = self.0.events.send(event);
        let _ = self.0.news.send(news);
        self.reached(seq);
    }

    /// Notes how far the log has been read.
    pub fn reached(&self, seq: i64) {
        self.0.seq.store(seq, Ordering::Release);
    }

    /// The last event passed on: whoever reads the database after asking sees it and all before.
    pub fn seq(&self) -> i64 {
        self.0.seq.load(Ordering::Acquire)
    }

    /// Listens from now on to what happens.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Past>> {
        self.0.events.subscribe()
    }

    /// Listens from now on to what happens, and to what it did to tickets.
    pub fn follow(&self) -> broadcast::Receiver<Arc<News>> {
        self.0.news.subscribe()
    }

    /// Who is here.
    pub fn room(&self) -> &Room {
        &self.0.room
    }

    /// How sockets keep time.
    pub fn pace(&self) -> Pace {
        self.0.pace
    }
}
