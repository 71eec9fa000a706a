//! Work that only one node may do at a time: who holds it, until when.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::AnyId;
use crate::sql;

/// Takes or renews a lease; false when another node holds it.
pub async fn take(tx: &mut Tx, name: &str, holder: AnyId, now: At, until: At) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "insert into leases (name, holder, until) values ($1, $2, $3) on conflict (name) do update set holder = excluded.holder, until = excluded.until where leases.holder = excluded.holder or leases.until <= $4",
        name,
        holder,
        until,
        now
    )? == 1)
}

/// Gives a lease back.
pub async fn give_back(tx: &mut Tx, name: &str, holder: AnyId) -> Result<()> {
    sql!(tx, run, "delete from leases where name = $1 and holder = $2", name, holder)?;
    Ok(())
}
