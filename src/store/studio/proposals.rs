//! What people who may not write say should be written.

use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId};
use crate::sql;
use crate::store::{Result, Tx};

/// A proposal nobody has settled yet.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Proposal {
    /// Which.
    pub id: AnyId,
    /// About which entry.
    pub path: String,
    /// In which words.
    pub words: String,
    /// By whom.
    pub author: Option<String>,
    /// When.
    pub at: At,
}

/// What waits at a brand, the newest first, at most 100.
pub async fn open(tx: &mut Tx, brand: BrandId) -> Result<Vec<Proposal>> {
    sql!(tx, all Proposal, "select p.id, p.path, p.words, a.name as author, p.at from proposals p left join agents a on a.id = p.agent_id where p.brand_id = $1 and p.settled_at is null order by p.at desc, p.id desc limit 100", brand)
}

/// Somebody proposes something.
pub async fn add(
    tx: &mut Tx,
    id: AnyId,
    brand: BrandId,
    (path, words): (&str, &str),
    (by, at): (AgentId, At),
) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into proposals (id, brand_id, path, words, agent_id, at) values ($1, $2, $3, $4, $5, $6)",
        id,
        brand,
        path,
        words,
        by,
        at
    )?;
    Ok(())
}

/// It was done, or will not be; false when nothing of the kind waits.
pub async fn settle(tx: &mut Tx, brand: BrandId, id: AnyId, at: At) -> Result<bool> {
    let settled = sql!(
        tx,
        run,
        "update proposals set settled_at = $3 where brand_id = $1 and id = $2 and settled_at is null",
        brand,
        id,
        at
    )?;
    Ok(settled == 1)
}
