//! What brands say about themselves.

use super::{Result, Tx};
use crate::base::id::BrandId;
use crate::sql;

/// Something a brand says about itself.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stated {
    /// The fact's name.
    pub name: String,
    /// What the brand says.
    pub value: String,
}

/// What a brand says about itself.
pub async fn all(tx: &mut Tx, brand: BrandId) -> Result<Vec<Stated>> {
    sql!(tx, all Stated, "select name, value from brand_facts where brand_id = $1 order by name", brand)
}

/// States a fact; an empty value takes it back.
pub async fn state(tx: &mut Tx, brand: BrandId, name: &str, value: &str) -> Result<()> {
    if value.is_empty() {
        sql!(tx, run, "delete from brand_facts where brand_id = $1 and name = $2", brand, name)?;
        return Ok(());
    }
    sql!(
        tx,
        run,
        "insert into brand_facts (brand_id, name, value) values ($1, $2, $3) on conflict (brand_id, name) do update set value = excluded.value",
        brand,
        name,
        value
    )?;
    Ok(())
}
