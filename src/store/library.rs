//! Canned replies with their versions, and what brands say about themselves.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId};
use crate::desk::canned::Mode;
use crate::desk::message::Visibility;
use crate::sql;

/// An entry as kept: its file, and what the bot may do with it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Kept {
    /// Which.
    pub id: AnyId,
    /// Its brand.
    pub brand_id: BrandId,
    /// `folder/name`.
    pub path: String,
    /// Raised at every change.
    pub version: i64,
    /// The file, byte for byte.
    pub source: String,
    /// What the bot may do in private.
    pub private_mode: Mode,
    /// What the bot may do in public.
    pub public_mode: Mode,
    /// Who asked for public answers, until a second person agrees.
    pub public_asked_by: Option<AgentId>,
    /// Who changed it last.
    pub changed_by: Option<AgentId>,
    /// When.
    pub changed_at: At,
}

impl Kept {
    /// What the bot may do before this audience.
    pub fn mode(&self, visibility: Visibility) -> Mode {
        if visibility == Visibility::Public { self.public_mode } else { self.private_mode }
    }
}

/// Every entry of a brand, by place.
pub async fn all(tx: &mut Tx, brand: BrandId) -> Result<Vec<Kept>> {
    sql!(tx, all Kept, "select id, brand_id, path, version, source, private_mode, public_mode, public_asked_by, changed_by, changed_at from canned_replies where brand_id = $1 order by path", brand)
}

/// One entry.
pub async fn get(tx: &mut Tx, brand: BrandId, path: &str) -> Result<Option<Kept>> {
    sql!(tx, maybe Kept, "select id, brand_id, path, version, source, private_mode, public_mode, public_asked_by, changed_by, changed_at from canned_replies where brand_id = $1 and path = $2", brand, path)
}

/// Writes an entry and its version down; false when somebody wrote this version before.
pub async fn put(tx: &mut Tx, kept: &Kept, version_id: AnyId) -> Result<bool> {
    if !write(tx, kept, false).await? {
        return Ok(false);
    }
    note(tx, kept, Some(&kept.source), version_id).await?;
    Ok(true)
}

/// Takes an entry away; its versions stay.
pub async fn remove(tx: &mut Tx, kept: &Kept, version_id: AnyId) -> Result<()> {
    sql!(tx, run, "delete from canned_replies where brand_id = $1 and path = $2", kept.brand_id, &kept.path)?;
    note(tx, kept, None, version_id).await
}

/// Keeps a version without making it live.
pub async fn keep_version(tx: &mut Tx, kept: &Kept, version_id: AnyId) -> Result<()> {
    note(tx, kept, Some(&kept.source), version_id).await
}

/// Makes a version live that is kept already, an earlier one too.
pub async fn stand(tx: &mut Tx, kept: &Kept) -> Result<()> {
    write(tx, kept, true).await?;
    Ok(())
}

/// Writes what is live; over a later version only when an earlier one may come back.
async fn write(tx: &mut Tx, kept: &Kept, back: bool) -> Result<bool> {
    let written = sql!(
        tx,
        run,
        "insert into canned_replies (id, brand_id, path, version, source, private_mode, public_mode, public_asked_by, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (brand_id, path) do update set version = excluded.version, source = excluded.source, private_mode = excluded.private_mode, public_mode = excluded.public_mode, public_asked_by = excluded.public_asked_by, changed_by = excluded.changed_by, changed_at = excluded.changed_at where canned_replies.version < excluded.version or $11",
        kept.id,
        kept.brand_id,
        &kept.path,
        kept.version,
        &kept.source,
        kept.private_mode,
        kept.public_mode,
        kept.public_asked_by,
        kept.changed_by,
        kept.changed_at,
        back
    )?;
    Ok(written > 0)
}

async fn note(tx: &mut Tx, kept: &Kept, source: Option<&str>, id: AnyId) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into canned_versions (id, brand_id, path, version, source, agent_id, at) values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        kept.brand_id,
        &kept.path,
        kept.version,
        source,
        kept.changed_by,
        kept.changed_at
    )?;
    Ok(())
}

/// Says what the bot may do with an entry; its text stays.
pub async fn set_modes(tx: &mut Tx, kept: &Kept) -> Result<()> {
    sql!(
        tx,
        run,
        "update canned_replies set private_mode = $3, public_mode = $4, public_asked_by = $5 where brand_id = $1 and path = $2",
        kept.brand_id,
        &kept.path,
        kept.private_mode,
        kept.public_mode,
        kept.public_asked_by
    )?;
    Ok(())
}

/// A version of an entry.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Version {
    /// Its number.
    pub version: i64,
    /// The file; none when it was taken away then.
    pub source: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When.
    pub at: At,
}

/// An entry's versions, the newest first, at most 50.
pub async fn versions(tx: &mut Tx, brand: BrandId, path: &str) -> Result<Vec<Version>> {
    sql!(tx, all Version, "select v.version, v.source, a.name as author, v.at from canned_versions v left join agents a on a.id = v.agent_id where v.brand_id = $1 and v.path = $2 order by v.version desc limit 50", brand, path)
}

#[derive(sqlx::FromRow)]
struct Last {
    version: Option<i64>,
}

/// The last version ever given to a place, also when nothing stands there now.
pub async fn last_version(tx: &mut Tx, brand: BrandId, path: &str) -> Result<i64> {
    let row = sql!(tx, one Last, "select max(version) as version from canned_versions where brand_id = $1 and path = $2", brand, path)?;
    Ok(row.version.unwrap_or(0))
}
