//! Reading the log onwards. Interest is registered before looking, and one looks once a second in
//! any case: on SQLite another process may have written, on PostgreSQL a notification may be lost.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Bus, Counts, News};
use crate::store::events::{self, Past};
use crate::store::{Db, Result};

/// Events read at once.
const BATCH: i64 = 500;

/// Where the reader stands, and whom it feeds.
pub struct Tail {
    db: Db,
    counts: Counts,
    bus: Bus,
    seq: i64,
}

impl Tail {
    /// Begins at the end of the log, with the counts loaded.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn begin(db: Db, counts: Counts, bus: Bus) -> Result<Tail> {
        let mut tx = db.read().await?;
        let seq = events::last(&mut tx).await?;
        drop(tx);
        counts.load(&db).await?;
        bus.reached(seq);
        Ok(Tail { db, counts, bus, seq })
    }

    /// Passes on what has happened since; how many events. `heed` hears of each first.
    ///
    /// # Errors
    /// As the database reports; the next turn goes on from the same place.
    pub async fn turn(&mut self, heed: &(dyn Fn(&Past) + Send + Sync)) -> Result<usize> {
        let mut tx = self.db.read().await?;
        let news = events::after(&mut tx, self.seq, BATCH).await?;
        drop(tx);
        let mut changed: Vec<_> = news.iter().filter_map(|e| Some((e.brand_id, e.ticket_id?))).collect();
        changed.sort();
        changed.dedup();
        let mut moved = self.counts.refresh(&self.db, &changed).await?;
        let n = news.len();
        for event in news {
            self.seq = event.seq;
            heed(&event);
            let stands = event.ticket_id.and_then(|t| moved.get_mut(&t));
            // The first event of a ticket here tells the way it went; those after it find it there.
            let (before, after) = stands.map_or((None, None), |s| (std::mem::replace(&mut s.0, s.1), s.1));
            self.bus.pass(Arc::new(News { event: Arc::new(event), before, after }));
        }
        Ok(n)
    }

    /// Runs until cancelled.
    pub async fn run(mut self, stop: CancellationToken, heed: Arc<dyn Fn(&Past) + Send + Sync>) {
        let db = self.db.clone();
        loop {
            let news = db.news().notified();
            match self.turn(&*heed).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(name: "tail.failed", %error, "the log could not be read; trying again"),
            }
            tokio::select! {
                () = news => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = stop.cancelled() => return,
            }
        }
    }
}
