//! The programs of brands that the bot may ask.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AnyId, BrandId};
use crate::sql;

/// A connector as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Connector {
    /// Which.
    pub id: AnyId,
    /// At which brand.
    pub brand_id: BrandId,
    /// What entries call it.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// What calls are signed with, sealed.
    pub secret: Vec<u8>,
    /// When it last answered as it should.
    pub ok_at: Option<At>,
    /// When it last did not.
    pub failed_at: Option<At>,
    /// And why.
    pub failure: Option<String>,
    /// When it was added.
    pub created_at: At,
}

macro_rules! columns {
    () => {
        "id, brand_id, name, address, secret, ok_at, failed_at, failure, created_at"
    };
}

/// A brand's connectors, by name.
pub async fn all(tx: &mut Tx, brand: BrandId) -> Result<Vec<Connector>> {
    sql!(tx, all Connector, concat!("select ", columns!(), " from connectors where brand_id = $1 order by name"), brand)
}

/// The connector of this name.
pub async fn named(tx: &mut Tx, brand: BrandId, name: &str) -> Result<Option<Connector>> {
    sql!(tx, maybe Connector, concat!("select ", columns!(), " from connectors where brand_id = $1 and name = $2"), brand, name)
}

/// Keeps a connector, in the place of one of the same name.
pub async fn save(tx: &mut Tx, c: &Connector) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into connectors (id, brand_id, name, address, secret, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (brand_id, name) do update set address = excluded.address, secret = excluded.secret, ok_at = null, failed_at = null, failure = null",
        c.id,
        c.brand_id,
        &c.name,
        &c.address,
        c.secret.clone(),
        c.created_at
    )?;
    Ok(())
}

/// Notes how a call went: `failure` none is well.
pub async fn went(tx: &mut Tx, brand: BrandId, id: AnyId, failure: Option<&str>, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "update connectors set ok_at = case when $3 is null then $4 else ok_at end, failed_at = case when $3 is null then failed_at else $4 end, failure = $3 where brand_id = $1 and id = $2",
        brand,
        id,
        failure,
        at
    )?;
    Ok(())
}

/// Takes a connector away; false when there was none.
pub async fn remove(tx: &mut Tx, brand: BrandId, name: &str) -> Result<bool> {
    Ok(sql!(tx, run, "delete from connectors where brand_id = $1 and name = $2", brand, name)? == 1)
}
