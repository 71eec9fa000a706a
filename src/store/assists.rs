//! The outside model of each brand that has one.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId};
use crate::desk::assist::May;
use crate::sql;

/// A brand’s outside model.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Assist {
    /// Whose.
    pub brand_id: BrandId,
    /// Where it is called: what stands before `/chat/completions`.
    pub address: String,
    /// Its name there.
    pub model: String,
    /// What it may do.
    pub may: May,
    /// The key, sealed; none where it needs none.
    pub sealed: Option<Vec<u8>>,
    /// Who set it up.
    pub changed_by: Option<AgentId>,
    /// When.
    pub changed_at: At,
}

/// The brand’s, where it has one.
pub async fn of_brand(tx: &mut Tx, brand: BrandId) -> Result<Option<Assist>> {
    sql!(tx, maybe Assist, "select brand_id, address, model, may, sealed, changed_by, changed_at from assists where brand_id = $1", brand)
}

/// Sets it up, in the place of the one before.
pub async fn put(tx: &mut Tx, a: &Assist) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into assists (brand_id, address, model, may, sealed, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (brand_id) do update set address = excluded.address, model = excluded.model, may = excluded.may, sealed = excluded.sealed, changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        a.brand_id,
        &a.address,
        &a.model,
        a.may,
        a.sealed.clone(),
        a.changed_by,
        a.changed_at
    )?;
    Ok(())
}
