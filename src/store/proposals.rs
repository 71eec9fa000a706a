//! Replies that colleagues propose as entries of the library.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId, MessageId};
use crate::sql;
use crate::words;

words! {
    /// How a proposal stands.
    pub enum Standing {
        /// Nobody has decided.
        Open = "open",
        /// It is in the library.
        Accepted = "accepted",
        /// It is not wanted.
        Declined = "declined",
    }
}

/// A proposal.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Proposal {
    /// Which.
    pub id: AnyId,
    /// At which brand.
    pub brand_id: BrandId,
    /// The reply it was made of.
    pub message_id: Option<MessageId>,
    /// `folder/name`.
    pub path: String,
    /// The file.
    pub source: String,
    /// Who proposes it.
    pub agent_id: Option<AgentId>,
    /// When.
    pub at: At,
    /// How it stands.
    pub state: Standing,
    /// Who decided.
    pub decided_by: Option<AgentId>,
    /// When.
    pub decided_at: Option<At>,
}

macro_rules! columns {
    () => {
        "id, brand_id, message_id, path, source, agent_id, at, state, decided_by, decided_at"
    };
}

/// Writes a proposal down.
pub async fn add(tx: &mut Tx, p: &Proposal) -> Result<()> {
    sql!(
        tx,
        run,
        concat!("insert into reply_proposals (", columns!(), ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
        p.id,
        p.brand_id,
        p.message_id,
        &p.path,
        &p.source,
        p.agent_id,
        p.at,
        p.state,
        p.decided_by,
        p.decided_at
    )?;
    Ok(())
}

/// What waits for a decision, the oldest first, at most 50.
pub async fn open(tx: &mut Tx, brand: BrandId) -> Result<Vec<Proposal>> {
    sql!(tx, all Proposal, concat!("select ", columns!(), " from reply_proposals where brand_id = $1 and state = 'open' order by at, id limit 50"), brand)
}

/// One that waits for a decision.
pub async fn get(tx: &mut Tx, brand: BrandId, id: AnyId) -> Result<Option<Proposal>> {
    sql!(tx, maybe Proposal, concat!("select ", columns!(), " from reply_proposals where brand_id = $1 and id = $2 and state = 'open'"), brand, id)
}

/// Decides; false when somebody has before.
pub async fn decide(tx: &mut Tx, brand: BrandId, id: AnyId, to: Standing, by: AgentId, at: At) -> Result<bool> {
    let n = sql!(
        tx,
        run,
        "update reply_proposals set state = $3, decided_by = $4, decided_at = $5 where brand_id = $1 and id = $2 and state = 'open'",
        brand,
        id,
        to,
        by,
        at
    )?;
    Ok(n > 0)
}
