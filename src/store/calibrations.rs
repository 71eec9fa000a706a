//! Thresholds of entries with their evidence, and since when entries answer by themselves.

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId};
use crate::base::val::Bound;
use crate::desk::calibration::lock::Locked;
use crate::desk::message::Visibility;
use crate::sql;

#[derive(sqlx::FromRow)]
struct Row {
    entry: String,
    visibility: Visibility,
    language: String,
    threshold: i64,
    carried: i64,
    right_ones: i64,
    judged: i64,
    at: At,
}

/// A brand’s thresholds, by entry, audience and language.
pub async fn all(tx: &mut Tx, brand: BrandId) -> Result<Vec<Locked>> {
    let rows = sql!(tx, all Row, "select entry, visibility, language, threshold, carried, right_ones, judged, at from calibrations where brand_id = $1 order by entry, visibility, language", brand)?;
    let small = |n: i64| u32::try_from(n).unwrap_or(0);
    let one = |r: Row| Locked {
        entry: r.entry,
        visibility: r.visibility,
        language: r.language,
        threshold: small(r.threshold),
        carried: small(r.carried),
        right: small(r.right_ones),
        judged: small(r.judged),
        at: r.at,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Writes thresholds down, each in the place of the one before.
pub async fn put(tx: &mut Tx, brand: BrandId, locked: &[Locked]) -> Result<()> {
    const PUT: Bulk = Bulk {
        head: "insert into calibrations (brand_id, entry, visibility, language, threshold, carried, right_ones, judged, at) values",
        tail: "on conflict (brand_id, entry, visibility, language) do update set threshold = excluded.threshold, carried = excluded.carried, right_ones = excluded.right_ones, judged = excluded.judged, at = excluded.at",
    };
    let row = |l: &Locked| {
        vec![
            brand.val(),
            l.entry.as_str().val(),
            l.visibility.val(),
            l.language.as_str().val(),
            l.threshold.val(),
            l.carried.val(),
            l.right.val(),
            l.judged.val(),
            l.at.val(),
        ]
    };
    PUT.run(tx, locked.iter().map(row).collect()).await
}

/// Forgets the thresholds of an entry for an audience: they are about to be counted anew.
pub async fn clear(tx: &mut Tx, brand: BrandId, entry: &str, visibility: Visibility) -> Result<()> {
    sql!(
        tx,
        run,
        "delete from calibrations where brand_id = $1 and entry = $2 and visibility = $3",
        brand,
        entry,
        visibility
    )?;
    Ok(())
}

/// Since when an entry answers by itself, and when the brake closed it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Opening {
    /// The entry.
    pub entry: String,
    /// Who reads the answers.
    pub visibility: Visibility,
    /// Since when.
    pub opened_at: At,
    /// By whom; none by the program itself.
    pub opened_by: Option<AgentId>,
    /// When the brake closed it.
    pub closed_at: Option<At>,
    /// So many corrections.
    pub corrected: i64,
    /// Among so many answers.
    pub answers: i64,
}

/// Every opening of a brand.
pub async fn openings(tx: &mut Tx, brand: BrandId) -> Result<Vec<Opening>> {
    sql!(tx, all Opening, "select entry, visibility, opened_at, opened_by, closed_at, corrected, answers from openings where brand_id = $1 order by entry, visibility", brand)
}

/// An entry is open from now on; earlier corrections are forgiven.
pub async fn open(
    tx: &mut Tx,
    brand: BrandId,
    entry: &str,
    visibility: Visibility,
    by: Option<AgentId>,
    at: At,
) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into openings (brand_id, entry, visibility, opened_at, opened_by, closed_at, corrected, answers) values ($1, $2, $3, $4, $5, null, 0, 0) on conflict (brand_id, entry, visibility) do update set opened_at = excluded.opened_at, opened_by = excluded.opened_by, closed_at = null, corrected = 0, answers = 0",
        brand,
        entry,
        visibility,
        at,
        by
    )?;
    Ok(())
}

/// The brake has closed an entry.
pub async fn close(
    tx: &mut Tx,
    brand: BrandId,
    entry: &str,
    visibility: Visibility,
    at: At,
    of: (i64, i64),
) -> Result<()> {
    sql!(
        tx,
        run,
        "update openings set closed_at = $4, corrected = $5, answers = $6 where brand_id = $1 and entry = $2 and visibility = $3",
        brand,
        entry,
        visibility,
        at,
        of.0,
        of.1
    )?;
    Ok(())
}
