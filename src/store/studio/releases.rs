//! What was published, to whom, and what was done with it since.

use serde_json::Value;

use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId};
use crate::desk::release::{Did, Manifest, Reach, Standing};
use crate::sql;
use crate::store::{Result, Tx};

/// A release.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Release {
    /// Which.
    pub id: AnyId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Counted from 1.
    pub number: i64,
    /// Path and version of every entry.
    pub manifest: Value,
    /// What it is now.
    pub standing: Standing,
    /// To whom it speaks.
    pub reach: Reach,
    /// Why it was made.
    pub why: String,
    /// By whom.
    pub made_by: Option<AgentId>,
    /// Who agreed.
    pub approved_by: Option<AgentId>,
    /// When it was made.
    pub made_at: At,
    /// Since when it stands as it does.
    pub since: At,
    /// When a trial ends by itself.
    pub ends_at: Option<At>,
}

impl Release {
    /// Path and version of every entry.
    pub fn manifest(&self) -> Manifest {
        serde_json::from_value(self.manifest.clone()).unwrap_or_default()
    }

    /// True while it is tried.
    pub fn is_on_trial(&self, now: At) -> bool {
        self.standing == Standing::Trial && self.ends_at.is_none_or(|end| now < end)
    }
}

macro_rules! columns {
    () => {
        "id, brand_id, number, manifest, standing, reach, why, made_by, approved_by, made_at, since, ends_at"
    };
}

/// A brand's releases, the newest first, at most 100.
pub async fn all(tx: &mut Tx, brand: BrandId) -> Result<Vec<Release>> {
    sql!(tx, all Release, concat!("select ", columns!(), " from releases where brand_id = $1 order by number desc limit 100"), brand)
}

/// A release by its number.
pub async fn get(tx: &mut Tx, brand: BrandId, number: i64) -> Result<Option<Release>> {
    sql!(tx, maybe Release, concat!("select ", columns!(), " from releases where brand_id = $1 and number = $2"), brand, number)
}

/// The release that stands so; there is at most one live and one on trial.
pub async fn standing(tx: &mut Tx, brand: BrandId, standing: Standing) -> Result<Option<Release>> {
    sql!(tx, maybe Release, concat!("select ", columns!(), " from releases where brand_id = $1 and standing = $2 order by number desc limit 1"), brand, standing)
}

/// Adds a release.
pub async fn add(tx: &mut Tx, r: &Release) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into releases (id, brand_id, number, manifest, standing, reach, why, made_by, approved_by, made_at, since, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        r.id,
        r.brand_id,
        r.number,
        &r.manifest,
        r.standing,
        r.reach,
        &r.why,
        r.made_by,
        r.approved_by,
        r.made_at,
        r.since,
        r.ends_at
    )?;
    Ok(())
}

/// A release stands otherwise from now on.
pub async fn set_standing(tx: &mut Tx, r: &Release) -> Result<()> {
    sql!(
        tx,
        run,
        "update releases set standing = $3, reach = $4, since = $5, ends_at = $6 where brand_id = $1 and id = $2",
        r.brand_id,
        r.id,
        r.standing,
        r.reach,
        r.since,
        r.ends_at
    )?;
    Ok(())
}

/// Something done with a release.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Act {
    /// With which, by number.
    pub number: i64,
    /// What.
    pub did: Did,
    /// Why.
    pub why: String,
    /// Who.
    pub author: Option<String>,
    /// When.
    pub at: At,
}

/// Remembers what was done with a release.
pub async fn note(
    tx: &mut Tx,
    (id, brand, number): (AnyId, BrandId, i64),
    (did, why): (Did, &str),
    (by, at): (Option<AgentId>, At),
) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into release_acts (id, brand_id, number, did, why, agent_id, at) values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        brand,
        number,
        did,
        why,
        by,
        at
    )?;
    Ok(())
}

/// What was done with a brand's releases, the newest first, at most 50.
pub async fn acts(tx: &mut Tx, brand: BrandId) -> Result<Vec<Act>> {
    sql!(tx, all Act, "select r.number, r.did, r.why, a.name as author, r.at from release_acts r left join agents a on a.id = r.agent_id where r.brand_id = $1 order by r.at desc, r.id desc limit 50", brand)
}

#[derive(sqlx::FromRow)]
struct Source {
    source: Option<String>,
}

/// The file an entry had in a version.
pub async fn source(tx: &mut Tx, brand: BrandId, path: &str, version: i64) -> Result<Option<String>> {
    let row = sql!(tx, maybe Source, "select source from canned_versions where brand_id = $1 and path = $2 and version = $3", brand, path, version)?;
    Ok(row.and_then(|r| r.source))
}

#[derive(sqlx::FromRow)]
struct Approver {
    agent_id: AgentId,
}

/// Who agrees with a draft of this fingerprint.
pub async fn approvers(tx: &mut Tx, brand: BrandId, print: &str) -> Result<Vec<AgentId>> {
    let rows = sql!(tx, all Approver, "select agent_id from approvals where brand_id = $1 and print = $2 order by at", brand, print)?;
    Ok(rows.into_iter().map(|r| r.agent_id).collect())
}

/// Somebody agrees with a draft of this fingerprint.
pub async fn approve(tx: &mut Tx, brand: BrandId, print: &str, by: AgentId, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into approvals (brand_id, print, agent_id, at) values ($1, $2, $3, $4) on conflict do nothing",
        brand,
        print,
        by,
        at
    )?;
    Ok(())
}
