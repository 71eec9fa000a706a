//! A colleague's reply becomes an entry: in the draft by who may write the library, else as a proposal
//! that somebody of them accepts or declines.

use crate::base::id::{AnyId, BrandId, MessageId};
use crate::desk::agent::Power;
use crate::desk::canned::Entry;
use crate::desk::missed::draft::Draft;
use crate::desk::scope::Scope;
use crate::flow::studio::learn;
use crate::flow::{House, Reason, Result};
use crate::store::proposals::{self, Proposal, Standing};
use crate::store::{Error, messages};

/// What became of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It is in the draft.
    Saved,
    /// It waits for somebody who may write there.
    Waits,
}

/// Takes a draft that was made of a reply.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::UnfitReply`]: proposals are read, too, before they are kept.
pub async fn reply(house: &House, scope: &Scope, brand: BrandId, message: MessageId, draft: &Draft) -> Result<Came> {
    let mut tx = house.db.read().await?;
    if messages::get(&mut tx, scope, message).await?.brand_id != brand {
        return Err(Error::NotFound.into());
    }
    drop(tx);
    let file = (format!("{}.md", draft.path), draft.source());
    if scope.may(brand, Power::Write) {
        learn::add(house, scope, brand, &draft.path, file.1).await?;
        return Ok(Came::Saved);
    }
    if !scope.may(brand, Power::Handle) {
        return Err(Reason::NotAllowed.into());
    }
    Entry::read(&file.0, &file.1)?;
    let proposal = Proposal {
        id: house.given.id(),
        brand_id: brand,
        message_id: Some(message),
        path: draft.path.clone(),
        source: file.1,
        agent_id: scope.who(),
        at: house.now(),
        state: Standing::Open,
        decided_by: None,
        decided_at: None,
    };
    let mut tx = house.db.write().await?;
    proposals::add(&mut tx, &proposal).await?;
    tx.commit().await?;
    Ok(Came::Waits)
}

/// Accepts a proposal as it was changed meanwhile.
///
/// # Errors
/// As [`learn::add`]; when somebody has decided before.
pub async fn accept(house: &House, scope: &Scope, brand: BrandId, id: AnyId, draft: &Draft) -> Result<()> {
    waiting(house, scope, brand, id).await?;
    learn::add(house, scope, brand, &draft.path, draft.source()).await?;
    decide(house, scope, brand, id, Standing::Accepted).await
}

/// Declines a proposal.
///
/// # Errors
/// [`Reason::NotAllowed`]; when somebody has decided before.
pub async fn decline(house: &House, scope: &Scope, brand: BrandId, id: AnyId) -> Result<()> {
    waiting(house, scope, brand, id).await?;
    decide(house, scope, brand, id, Standing::Declined).await
}

async fn waiting(house: &House, scope: &Scope, brand: BrandId, id: AnyId) -> Result<()> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let found = proposals::get(&mut house.db.read().await?, brand, id).await?;
    Ok(found.map(|_| ()).ok_or(Error::NotFound)?)
}

async fn decide(house: &House, scope: &Scope, brand: BrandId, id: AnyId, to: Standing) -> Result<()> {
    let by = scope.who().ok_or(Reason::NotAllowed)?;
    let mut tx = house.db.write().await?;
    if !proposals::decide(&mut tx, brand, id, to, by, house.now()).await? {
        return Err(Reason::ChangedMeanwhile.into());
    }
    Ok(tx.commit().await?)
}
