//! Brands.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId};
use crate::desk::brand::Brand;
use crate::sql;

/// Adds a brand.
///
/// # Errors
/// [`super::Error::Conflict`] when the slug is taken.
pub async fn add(tx: &mut Tx, brand: &Brand, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into brands (id, slug, name, languages, timezone, created_at) values ($1, $2, $3, $4, $5, $6)",
        brand.id,
        &brand.slug,
        &brand.name,
        &brand.languages,
        &brand.timezone,
        at
    )?;
    Ok(())
}

/// Changes name, languages and time zone.
pub async fn change(tx: &mut Tx, brand: &Brand) -> Result<()> {
    sql!(
        tx,
        run,
        "update brands set name = $2, languages = $3, timezone = $4 where id = $1",
        brand.id,
        &brand.name,
        &brand.languages,
        &brand.timezone
    )?;
    Ok(())
}

/// One brand.
pub async fn get(tx: &mut Tx, brand: BrandId) -> Result<Brand> {
    sql!(tx, one Brand, "select id, slug, name, languages, timezone, bot_stopped_at from brands where id = $1", brand)
}

/// The brands somebody works at, by name.
pub async fn of_agent(tx: &mut Tx, agent: AgentId) -> Result<Vec<Brand>> {
    sql!(tx, all Brand, "select b.id, b.slug, b.name, b.languages, b.timezone, b.bot_stopped_at from brands b join grants g on g.brand_id = b.id where g.agent_id = $1 order by b.name, b.id", agent)
}

/// The brand of this slug, for commands run on the machine itself.
pub async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Brand> {
    sql!(tx, one Brand, "select id, slug, name, languages, timezone, bot_stopped_at from brands where slug = $1", slug)
}

/// Every brand, by name: for the house itself, which works for all of them.
pub async fn all(tx: &mut Tx) -> Result<Vec<Brand>> {
    sql!(tx, all Brand, "select id, slug, name, languages, timezone, bot_stopped_at from brands order by name, id")
}

#[derive(sqlx::FromRow)]
struct Next {
    next_number: i64,
}

/// Takes `n` ticket numbers; the first of them.
pub async fn take_numbers(tx: &mut Tx, brand: BrandId, n: i64) -> Result<i64> {
    let row = sql!(tx, one Next, "update brands set next_number = next_number + $2 where id = $1 returning next_number", brand, n)?;
    Ok(row.next_number - n)
}

/// Stops the brand's bot, or starts it again (`at` none).
pub async fn switch_bot(tx: &mut Tx, brand: BrandId, stopped_at: Option<At>) -> Result<()> {
    sql!(tx, run, "update brands set bot_stopped_at = $2 where id = $1", brand, stopped_at)?;
    Ok(())
}
