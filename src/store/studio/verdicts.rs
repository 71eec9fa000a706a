//! What people said of the changes a replay showed.

use crate::base::At;
use crate::base::id::{AgentId, BrandId, MessageId};
use crate::sql;
use crate::store::{Result, Tx};
use crate::words;

words! {
    /// What a person says of a change.
    pub enum Said {
        /// What is tried is right.
        Right = "right",
        /// What is tried is wrong.
        Wrong = "wrong",
    }
}

/// A verdict.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Verdict {
    /// About which message.
    pub message_id: MessageId,
    /// About exactly this change.
    pub outcome: String,
    /// What was said.
    pub verdict: Said,
    /// The entry whose tests remember it.
    pub entry: Option<String>,
}

/// Every verdict of a brand about messages of a replay.
pub async fn of_replay(tx: &mut Tx, brand: BrandId, replay: crate::base::id::AnyId) -> Result<Vec<Verdict>> {
    sql!(tx, all Verdict, "select v.message_id, v.outcome, v.verdict, v.entry from replay_verdicts v join replay_rows r on r.message_id = v.message_id and r.outcome = v.outcome and r.brand_id = v.brand_id where v.brand_id = $1 and r.replay_id = $2", brand, replay)
}

/// The verdict about one change.
pub async fn get(tx: &mut Tx, brand: BrandId, message: MessageId, outcome: &str) -> Result<Option<Verdict>> {
    sql!(tx, maybe Verdict, "select message_id, outcome, verdict, entry from replay_verdicts where brand_id = $1 and message_id = $2 and outcome = $3", brand, message, outcome)
}

/// Writes a verdict down; a later one about the same change takes its place.
pub async fn put(tx: &mut Tx, brand: BrandId, v: &Verdict, by: Option<AgentId>, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into replay_verdicts (brand_id, message_id, outcome, verdict, entry, agent_id, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (brand_id, message_id, outcome) do update set verdict = excluded.verdict, entry = excluded.entry, agent_id = excluded.agent_id, at = excluded.at",
        brand,
        v.message_id,
        &v.outcome,
        v.verdict,
        v.entry.clone(),
        by,
        at
    )?;
    Ok(())
}
