//! Writing bodies into the log by group commit: while one commit runs, the next batch gathers, and
//! whoever waits is answered only when theirs is durable.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{Error, House, Result};
use crate::base::id::ConnectionId;
use crate::store;
use crate::store::deliveries::{self, NewDelivery};

/// The way into the log.
#[derive(Clone)]
pub struct Log {
    way: mpsc::Sender<Entry>,
    waiting: Arc<Mutex<HashMap<ConnectionId, usize>>>,
}

type Entry = (NewDelivery, oneshot::Sender<bool>);

/// Bodies that may wait for a commit; beyond that networks are told to come back.
const WAITING: usize = 1_024;
/// How many of them may be one connection's: a flood on one leaves the way open for the others.
const OF_ONE: usize = WAITING / 4;
/// Bodies in one commit.
const TOGETHER: usize = 256;

impl Log {
    /// A log and its writer; the writer runs until it is cancelled and everything handed in is
    /// answered.
    pub fn open(house: House, stop: CancellationToken) -> (Log, impl Future<Output = ()>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Log { way: sender, waiting: Arc::default() }, write(house, receiver, stop))
    }

    /// Writes a body down; returns once it is durable.
    ///
    /// # Errors
    /// [`store::Error::Busy`] when too many wait or the database cannot take it.
    pub async fn record(&self, delivery: NewDelivery) -> Result<()> {
        let busy = || Error::Store(store::Error::Busy("too many bodies wait to be written".into()));
        let _counted = self.count(delivery.connection).ok_or_else(busy)?;
        let (answer, written) = oneshot::channel();
        self.way.try_send((delivery, answer)).map_err(|_| busy())?;
        match written.await {
            Ok(true) => Ok(()),
            _ => Err(busy()),
        }
    }

    /// Counts a body of a connection, as long as what is returned lives; none when it has enough.
    fn count(&self, connection: ConnectionId) -> Option<Counted<'_>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let n = waiting.entry(connection).or_default();
        if *n == OF_ONE {
            return None;
        }
        *n += 1;
        Some(Counted(self, connection))
    }
}

struct Counted<'a>(&'a Log, ConnectionId);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = waiting.get_mut(&self.1) {
            *n -= 1;
            if *n == 0 {
                waiting.remove(&self.1);
            }
        }
    }
}

async fn write(house: House, mut receiver: mpsc::Receiver<Entry>, stop: CancellationToken) {
    let mut batch: Vec<Entry> = Vec::with_capacity(TOGETHER);
    loop {
        let n = tokio::select! {
            n = receiver.recv_many(&mut batch, TOGETHER) => n,
            () = stop.cancelled(), if batch.is_empty() && receiver.is_empty() => 0,
        };
        if n == 0 {
            return;
        }
        let (deliveries, answers): (Vec<NewDelivery>, Vec<oneshot::Sender<bool>>) = batch.drain(..).unzip();
        let outcome = commit(&house, deliveries).await;
        if let Err(error) = &outcome {
            tracing::error!(name: "log.write_failed", %error, "bodies were not written; networks were told to come back");
        }
        for answer in answers {
            // Who no longer waits has left; the body is durable all the same.
            let _ = answer.send(outcome.is_ok());
        }
        if outcome.is_ok() {
            house.bells.intake.notify_one();
        }
    }
}

async fn commit(house: &House, deliveries: Vec<NewDelivery>) -> Result<()> {
    let mut tx = house.db.write().await?;
    deliveries::record(&mut tx, deliveries).await?;
    Ok(tx.commit().await?)
}
