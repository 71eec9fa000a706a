//! What somebody decided about missed questions.

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId, MessageId};
use crate::base::val::Bound;
use crate::sql;
use crate::words;

words! {
    /// What was decided.
    pub enum Chosen {
        /// A new entry was made of them.
        Entry = "entry",
        /// They are examples of an entry that was there.
        Attached = "attached",
        /// The bot shall never answer them.
        Never = "never",
        /// They are of no interest.
        Ignored = "ignored",
    }
}

/// A decision.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Choice {
    /// Which.
    pub id: AnyId,
    /// At which brand.
    pub brand_id: BrandId,
    /// What.
    pub choice: Chosen,
    /// The entry.
    pub entry: Option<String>,
    /// What the cluster was called.
    pub title: String,
    /// Its words by language: `{"fr": ["…"]}`.
    pub texts: Value,
    /// Who decided.
    pub agent_id: Option<AgentId>,
    /// When.
    pub at: At,
}

/// Writes a decision down, and for which questions it was taken.
pub async fn note(tx: &mut Tx, choice: &Choice, messages: &[MessageId]) -> Result<()> {
    const SETTLE: Bulk = Bulk {
        head: "insert into missed_settled (message_id, choice_id) values",
        tail: "on conflict (message_id) do update set choice_id = excluded.choice_id",
    };
    sql!(
        tx,
        run,
        "insert into missed_choices (id, brand_id, choice, entry, title, texts, agent_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        choice.id,
        choice.brand_id,
        choice.choice,
        choice.entry.clone(),
        &choice.title,
        &choice.texts,
        choice.agent_id,
        choice.at
    )?;
    SETTLE.run(tx, messages.iter().map(|m| vec![m.val(), choice.id.val()]).collect()).await
}

/// The last decisions of a brand, the newest first.
pub async fn last(tx: &mut Tx, brand: BrandId, most: i64) -> Result<Vec<Choice>> {
    sql!(tx, all Choice, "select id, brand_id, choice, entry, title, texts, agent_id, at from missed_choices where brand_id = $1 order by at desc, id desc limit $2", brand, most)
}

/// Those that keep what asks the same away: ignored, and never to be answered.
pub async fn put_aside(tx: &mut Tx, brand: BrandId) -> Result<Vec<Choice>> {
    sql!(tx, all Choice, "select id, brand_id, choice, entry, title, texts, agent_id, at from missed_choices where brand_id = $1 and choice in ('ignored', 'never') order by at desc, id desc limit 500", brand)
}

/// Takes a decision back: its questions are missed again.
pub async fn forget(tx: &mut Tx, brand: BrandId, id: AnyId) -> Result<bool> {
    Ok(sql!(tx, run, "delete from missed_choices where brand_id = $1 and id = $2", brand, id)? > 0)
}
