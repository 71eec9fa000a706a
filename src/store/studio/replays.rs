//! Replays: how far each is, and the messages that would fare differently.

use serde_json::Value;

use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId, MessageId};
use crate::base::val::Bound;
use crate::desk::replay::{Bucket, Buckets};
use crate::sql;
use crate::store::bulk::Bulk;
use crate::store::{Result, Tx};
use crate::words;

words! {
    /// How a replay stands.
    pub enum State {
        /// It goes on.
        Running = "running",
        /// It has seen all.
        Done = "done",
        /// Somebody ended it; what it had found stays.
        Cancelled = "cancelled",
        /// What it tried was changed meanwhile; what it had found stays.
        Outdated = "outdated",
    }
}

/// A replay.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Replay {
    /// Which.
    pub id: AnyId,
    /// At which brand.
    pub brand_id: BrandId,
    /// Which messages: see `flow::replay::Sample`.
    pub sample: Value,
    /// What was live.
    pub live_print: String,
    /// What was tried.
    pub tried_print: String,
    /// A release's number; none for the draft.
    pub tried: Option<i64>,
    /// How it stands.
    pub state: State,
    /// Messages at most.
    pub most: i64,
    /// Messages so far.
    pub done: i64,
    /// The place in the log before which it goes on.
    pub place: i64,
    /// How they fared.
    pub buckets: Value,
    /// What might mend the regressions.
    pub fixes: Value,
    /// The oldest message.
    pub first_at: Option<At>,
    /// The newest.
    pub last_at: Option<At>,
    /// Milliseconds it has taken.
    pub spent: i64,
    /// Who asked.
    pub agent_id: Option<AgentId>,
    /// When.
    pub began_at: At,
}

impl Replay {
    /// How the messages fared.
    pub fn buckets(&self) -> Buckets {
        serde_json::from_value(self.buckets.clone()).unwrap_or_default()
    }
}

macro_rules! columns {
    () => {
        "id, brand_id, sample, live_print, tried_print, tried, state, most, done, place, buckets, fixes, first_at, last_at, spent, agent_id, began_at"
    };
}

/// Begins a replay; a brand's older ones but the last five go.
pub async fn add(tx: &mut Tx, r: &Replay) -> Result<()> {
    sql!(
        tx,
        run,
        "delete from replays where brand_id = $1 and id not in (select id from replays where brand_id = $1 order by began_at desc, id desc limit 5)",
        r.brand_id
    )?;
    sql!(
        tx,
        run,
        "insert into replays (id, brand_id, sample, live_print, tried_print, tried, state, most, done, place, buckets, fixes, first_at, last_at, spent, agent_id, began_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        r.id,
        r.brand_id,
        &r.sample,
        &r.live_print,
        &r.tried_print,
        r.tried,
        r.state,
        r.most,
        r.done,
        r.place,
        &r.buckets,
        &r.fixes,
        r.first_at,
        r.last_at,
        r.spent,
        r.agent_id,
        r.began_at
    )?;
    Ok(())
}

/// Takes a replay further; false when it was ended, or taken further by another, meanwhile.
pub async fn go_on(tx: &mut Tx, r: &Replay, from: i64) -> Result<bool> {
    let moved = sql!(
        tx,
        run,
        "update replays set state = $4, done = $5, place = $6, buckets = $7, fixes = $8, first_at = $9, last_at = $10, spent = $11 where brand_id = $1 and id = $2 and done = $3 and state = 'running'",
        r.brand_id,
        r.id,
        from,
        r.state,
        r.done,
        r.place,
        &r.buckets,
        &r.fixes,
        r.first_at,
        r.last_at,
        r.spent
    )?;
    Ok(moved == 1)
}

/// Ends what is running at a brand.
pub async fn cancel(tx: &mut Tx, brand: BrandId, id: AnyId) -> Result<bool> {
    let ended = sql!(
        tx,
        run,
        "update replays set state = 'cancelled' where brand_id = $1 and id = $2 and state = 'running'",
        brand,
        id
    )?;
    Ok(ended == 1)
}

/// What is running anywhere, the oldest first.
pub async fn running(tx: &mut Tx) -> Result<Option<Replay>> {
    sql!(tx, maybe Replay, concat!("select ", columns!(), " from replays where state = 'running' order by began_at, id limit 1"))
}

/// One replay.
pub async fn get(tx: &mut Tx, brand: BrandId, id: AnyId) -> Result<Option<Replay>> {
    sql!(tx, maybe Replay, concat!("select ", columns!(), " from replays where brand_id = $1 and id = $2"), brand, id)
}

/// A brand's last replay of the draft.
pub async fn last(tx: &mut Tx, brand: BrandId) -> Result<Option<Replay>> {
    sql!(tx, maybe Replay, concat!("select ", columns!(), " from replays where brand_id = $1 and tried is null order by began_at desc, id desc limit 1"), brand)
}

/// A message that would fare differently.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    /// Its place among those replayed, the newest first.
    pub n: i64,
    /// The message.
    pub message_id: MessageId,
    /// What changes.
    pub bucket: Bucket,
    /// In short.
    pub outcome: String,
    /// Everything seen of it.
    pub seen: Value,
}

const ADD: Bulk = Bulk {
    head: "insert into replay_rows (replay_id, brand_id, n, message_id, bucket, outcome, seen) values",
    tail: "",
};

/// Keeps what a replay found.
pub async fn keep(tx: &mut Tx, replay: AnyId, brand: BrandId, rows: &[Row]) -> Result<()> {
    let row = |r: &Row| {
        vec![
            replay.val(),
            brand.val(),
            r.n.val(),
            r.message_id.val(),
            r.bucket.val(),
            r.outcome.clone().val(),
            (&r.seen).val(),
        ]
    };
    ADD.run(tx, rows.iter().map(row).collect()).await
}

/// What a replay found, in the order of the messages.
pub async fn rows(tx: &mut Tx, brand: BrandId, replay: AnyId) -> Result<Vec<Row>> {
    sql!(tx, all Row, "select n, message_id, bucket, outcome, seen from replay_rows where brand_id = $1 and replay_id = $2 order by n", brand, replay)
}
