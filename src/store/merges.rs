//! Merges of tickets and contacts, with what is needed to undo them.

use serde_json::Value;

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId, MergeId};
use crate::sql;

/// A merge.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Merge {
    /// Which.
    pub id: MergeId,
    /// At which brand.
    pub brand_id: BrandId,
    /// `ticket` or `contact`.
    pub kind: String,
    /// What was merged.
    pub from_id: AnyId,
    /// Into what.
    pub into_id: AnyId,
    /// What must be put back.
    pub undo: Value,
    /// When.
    pub at: At,
}

/// Notes a merge.
pub async fn add(tx: &mut Tx, merge: &Merge, agent: Option<AgentId>) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into merges (id, brand_id, kind, from_id, into_id, undo, agent_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        merge.id,
        merge.brand_id,
        &merge.kind,
        merge.from_id,
        merge.into_id,
        &merge.undo,
        agent,
        merge.at
    )?;
    Ok(())
}

/// A merge that can still be undone.
pub async fn get(tx: &mut Tx, brand: BrandId, id: MergeId) -> Result<Merge> {
    sql!(tx, one Merge, "select id, brand_id, kind, from_id, into_id, undo, at from merges where id = $1 and brand_id = $2 and undone_at is null", id, brand)
}

/// Open merges into something, newest first.
pub async fn into(tx: &mut Tx, brand: BrandId, into: AnyId) -> Result<Vec<Merge>> {
    sql!(tx, all Merge, "select id, brand_id, kind, from_id, into_id, undo, at from merges where brand_id = $1 and into_id = $2 and undone_at is null order by at desc", brand, into)
}

/// Notes that a merge was undone; false when somebody was faster.
pub async fn undone(tx: &mut Tx, brand: BrandId, id: MergeId, at: At) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update merges set undone_at = $3 where id = $1 and brand_id = $2 and undone_at is null",
        id,
        brand,
        at
    )? == 1)
}
