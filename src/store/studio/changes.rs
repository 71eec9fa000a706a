//! A brand's draft, and every change of it.

use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId};
use crate::sql;
use crate::store::{Result, Tx};

/// An entry of a draft.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Drafted {
    /// Its brand.
    pub brand_id: BrandId,
    /// `folder/name`.
    pub path: String,
    /// The live version it was begun from; 0 for a new entry.
    pub base: i64,
    /// Its file; none when it goes.
    pub source: Option<String>,
    /// Raised at every change.
    pub version: i64,
    /// Who changed it last.
    pub changed_by: Option<AgentId>,
    /// When.
    pub changed_at: At,
}

/// A brand's draft, by place.
pub async fn all(tx: &mut Tx, brand: BrandId) -> Result<Vec<Drafted>> {
    sql!(tx, all Drafted, "select brand_id, path, base, source, version, changed_by, changed_at from draft_entries where brand_id = $1 order by path", brand)
}

/// One entry of it.
pub async fn get(tx: &mut Tx, brand: BrandId, path: &str) -> Result<Option<Drafted>> {
    sql!(tx, maybe Drafted, "select brand_id, path, base, source, version, changed_by, changed_at from draft_entries where brand_id = $1 and path = $2", brand, path)
}

/// Writes an entry down; false when somebody was quicker.
pub async fn put(tx: &mut Tx, d: &Drafted) -> Result<bool> {
    let written = sql!(
        tx,
        run,
        "insert into draft_entries (brand_id, path, base, source, version, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (brand_id, path) do update set base = excluded.base, source = excluded.source, version = excluded.version, changed_by = excluded.changed_by, changed_at = excluded.changed_at where draft_entries.version = excluded.version - 1",
        d.brand_id,
        &d.path,
        d.base,
        d.source.clone(),
        d.version,
        d.changed_by,
        d.changed_at
    )?;
    Ok(written == 1)
}

/// The draft no longer differs there.
pub async fn drop(tx: &mut Tx, brand: BrandId, path: &str) -> Result<()> {
    sql!(tx, run, "delete from draft_entries where brand_id = $1 and path = $2", brand, path)?;
    Ok(())
}

/// What a change was: the file before and after.
#[derive(Debug, Clone)]
pub struct Note<'a> {
    /// Names the row.
    pub id: AnyId,
    /// At which brand.
    pub brand: BrandId,
    /// Of which entry.
    pub path: &'a str,
    /// The file before.
    pub before: Option<&'a str>,
    /// The file after.
    pub after: Option<&'a str>,
    /// By whom.
    pub by: Option<AgentId>,
    /// When.
    pub at: At,
}

/// Remembers a change.
pub async fn note(tx: &mut Tx, n: &Note<'_>) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into draft_changes (id, brand_id, path, before, after, agent_id, at) values ($1, $2, $3, $4, $5, $6, $7)",
        n.id,
        n.brand,
        n.path,
        n.before,
        n.after,
        n.by,
        n.at
    )?;
    Ok(())
}

/// A change as it was noted.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Past {
    /// The file before.
    pub before: Option<String>,
    /// The file after.
    pub after: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// When.
    pub at: At,
}

/// The last changes of an entry's draft, the newest first, at most 20.
pub async fn history(tx: &mut Tx, brand: BrandId, path: &str) -> Result<Vec<Past>> {
    sql!(tx, all Past, "select c.before, c.after, a.name as author, c.at from draft_changes c left join agents a on a.id = c.agent_id where c.brand_id = $1 and c.path = $2 order by c.at desc, c.id desc limit 20", brand, path)
}
