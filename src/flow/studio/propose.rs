//! Whoever may not write may say what should be written.

use crate::base::id::{AnyId, BrandId};
use crate::desk::agent::Power;
use crate::desk::scope::Scope;
use crate::flow::{House, Reason, Result};
use crate::store::studio::proposals;

/// Longest proposal, in characters.
const LONGEST: usize = 2_000;

/// Proposes a change to an entry.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::EmptyText`].
pub async fn propose(house: &House, scope: &Scope, brand: BrandId, path: &str, words: &str) -> Result<()> {
    let who = scope.who().filter(|_| scope.may(brand, Power::Handle)).ok_or(Reason::NotAllowed)?;
    let words: String = words.trim().chars().take(LONGEST).collect();
    if words.is_empty() {
        return Err(Reason::EmptyText.into());
    }
    let path: String = path.chars().take(120).collect();
    let mut tx = house.db.write().await?;
    proposals::add(&mut tx, house.given.id(), brand, (&path, &words), (who, house.now())).await?;
    Ok(tx.commit().await?)
}

/// Whoever may write has dealt with a proposal.
///
/// # Errors
/// [`Reason::NotAllowed`].
pub async fn settle(house: &House, scope: &Scope, brand: BrandId, id: AnyId) -> Result<()> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    if !proposals::settle(&mut tx, brand, id, house.now()).await? {
        return Err(crate::store::Error::NotFound.into());
    }
    Ok(tx.commit().await?)
}
