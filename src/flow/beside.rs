//! Work done side by side: each piece on a task of its own, so that whoever is slow delays nobody.

use std::pin::Pin;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::{House, Result};

/// A piece of work; true when something came of it, so that there may be more to do now.
pub type Piece = Pin<Box<dyn Future<Output = Result<bool>> + Send>>;
/// Finds what can be begun now.
pub type Begin = fn(House) -> Pin<Box<dyn Future<Output = Result<Vec<Piece>>> + Send>>;

/// Work that is kept going.
#[derive(Clone, Copy)]
pub struct Job {
    /// Its name in the log.
    pub name: &'static str,
    /// How often it is looked for when nobody rings.
    pub every: Duration,
    /// Finds what can be begun.
    pub begin: Begin,
    /// Rung when there may be something to do.
    pub bell: fn(&House) -> &Notify,
    /// True when its pieces are heard out in the end; else they are called off: what they were about
    /// is begun again another day.
    pub ends: bool,
}

/// How long a look waits for other pieces that are about to end: one look for many of them.
const GATHER: Duration = Duration::from_millis(10);

/// Begins all of it and hears every piece out: leaving early would break off those beside one that
/// failed. How many there were.
///
/// # Errors
/// The first failure.
pub async fn all(pieces: Vec<Piece>) -> Result<usize> {
    let n = pieces.len();
    let mut tasks = JoinSet::new();
    for piece in pieces {
        tasks.spawn(piece);
    }
    let mut failed = None;
    while let Some(done) = tasks.join_next().await {
        match done {
            Ok(outcome) => failed = outcome.err().or(failed),
            Err(panic) => told("beside", &panic),
        }
    }
    failed.map_or(Ok(n), Err)
}

/// A piece that panicked failed in our own code; what it was about is found again by its state.
fn told(name: &str, panic: &JoinError) {
    tracing::error!(name: "piece.panicked", work = name, error = %panic, "a piece of work failed in our own code");
}

/// Keeps work going until `stop`: begins what can be begun while the rest goes on, looks again when a
/// piece has ended, at the bell, or after a while.
pub async fn keep(house: House, job: Job, stop: CancellationToken) {
    let mut tasks: JoinSet<Result<bool>> = JoinSet::new();
    let mut failures: u32 = 0;
    while !stop.is_cancelled() {
        let rung = (job.bell)(&house).notified();
        let begun = tokio::spawn((job.begin)(house.clone())).await;
        let wait = match begun {
            Ok(Ok(pieces)) => {
                failures = 0;
                for piece in pieces {
                    tasks.spawn(piece);
                }
                job.every
            }
            Ok(Err(error)) => {
                failures += 1;
                tracing::warn!(name: "turn.failed", turn = job.name, %error, failures, "trying again");
                Duration::from_millis(100) * failures.min(50)
            }
            Err(panic) => {
                failures += 1;
                tracing::error!(name: "turn.panicked", turn = job.name, error = %panic, failures, "trying again");
                Duration::from_secs(1) * failures.min(30)
            }
        };
        tokio::select! {
            () = rung, if failures == 0 => {}
            () = until_one_brought_something(&job, &mut tasks), if failures == 0 => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => {}
        }
        while let Some(done) = tasks.try_join_next() {
            heard(&job, done);
        }
    }
    if !job.ends {
        tasks.abort_all();
    }
    while let Some(done) = tasks.join_next().await {
        heard(&job, done);
    }
}

/// What came of a piece; true when there may be more to do now.
fn heard(job: &Job, done: std::result::Result<Result<bool>, JoinError>) -> bool {
    match done {
        Ok(Ok(more)) => more,
        Ok(Err(error)) => {
            tracing::warn!(name: "piece.failed", work = job.name, %error, "it is found again");
            false
        }
        Err(off) if off.is_cancelled() => false,
        Err(panic) => {
            told(job.name, &panic);
            false
        }
    }
}

/// Ends when a piece has ended that brought something; never when there is none.
async fn until_one_brought_something(job: &Job, tasks: &mut JoinSet<Result<bool>>) {
    loop {
        match tasks.join_next().await {
            Some(done) => {
                if heard(job, done) {
                    return;
                }
            }
            None => std::future::pending().await,
        }
    }
}
