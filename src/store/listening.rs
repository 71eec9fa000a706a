//! How the reading of a channel stands: who is at it, where it stopped, what keeps it from going on.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AnyId, BrandId, ChannelId};
use crate::desk::channel::Hindrance;
use crate::sql;

/// Notes that a channel was polled, where the poll stopped, and when it wants the next, if not at
/// the usual hour.
pub async fn polled(
    tx: &mut Tx,
    brand: BrandId,
    id: ChannelId,
    at: At,
    cursor: Option<&str>,
    next: Option<At>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set polled_at = $3, poll_cursor = $4, poll_at = $5, poll_failures = 0 where id = $1 and brand_id = $2",
        id,
        brand,
        at,
        cursor,
        next
    )?;
    Ok(())
}

/// Notes where a reading that is not at its end yet stands: it goes on from there at `next`.
pub async fn reading(tx: &mut Tx, brand: BrandId, id: ChannelId, cursor: Option<&str>, next: At) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set poll_cursor = $3, poll_at = $4, poll_failures = 0 where id = $1 and brand_id = $2",
        id,
        brand,
        cursor,
        next
    )?;
    Ok(())
}

/// Notes that a poll failed: what was read and where it stopped stay, and it is tried again at `next`.
pub async fn poll_failed(tx: &mut Tx, brand: BrandId, id: ChannelId, next: At) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set poll_failures = poll_failures + 1, poll_at = $3 where id = $1 and brand_id = $2",
        id,
        brand,
        next
    )?;
    Ok(())
}

/// Holds a channel for reading, or goes on holding it; false when somebody else reads it.
pub async fn hold(tx: &mut Tx, brand: BrandId, id: ChannelId, holder: AnyId, now: At, until: At) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update channels set held_by = $3, held_until = $4 where id = $1 and brand_id = $2 and (held_until is null or held_until <= $5 or held_by = $3)",
        id,
        brand,
        holder,
        until,
        now
    )? == 1)
}

/// Lets go of it.
pub async fn let_go(tx: &mut Tx, brand: BrandId, id: ChannelId, holder: AnyId) -> Result<()> {
    sql!(
        tx,
        run,
        "update channels set held_by = null, held_until = null where id = $1 and brand_id = $2 and held_by = $3",
        id,
        brand,
        holder
    )?;
    Ok(())
}

/// Notes what keeps a channel from working, since when; false when something did before.
pub async fn hinder(
    tx: &mut Tx,
    brand: BrandId,
    id: ChannelId,
    hindrance: Hindrance,
    why: &str,
    now: At,
) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update channels set hindered = $3, hindered_why = $4, hindered_since = $5 where id = $1 and brand_id = $2 and hindered is null",
        id,
        brand,
        hindrance,
        why,
        now
    )? == 1)
}

/// Nothing keeps it from working any more; false when nothing did.
pub async fn unhinder(tx: &mut Tx, brand: BrandId, id: ChannelId) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update channels set hindered = null, hindered_why = null, hindered_since = null where id = $1 and brand_id = $2 and hindered is not null",
        id,
        brand
    )? == 1)
}
