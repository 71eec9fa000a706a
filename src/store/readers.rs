//! How far those who act upon the log have read it, so that each event is acted upon once.

use super::{Result, Tx};
use crate::sql;

#[derive(sqlx::FromRow)]
struct Place {
    seq: i64,
}

/// Where a reader stands; none when it has never read.
pub async fn place(tx: &mut Tx, name: &str) -> Result<Option<i64>> {
    Ok(sql!(tx, maybe Place, "select seq from readers where name = $1", name)?.map(|p| p.seq))
}

/// A reader begins at a place; false when it has begun before.
pub async fn begin(tx: &mut Tx, name: &str, seq: i64) -> Result<bool> {
    Ok(sql!(tx, run, "insert into readers (name, seq) values ($1, $2) on conflict (name) do nothing", name, seq)? == 1)
}

/// A reader goes on from one place to another; false when somebody else took it on meanwhile, and
/// then nothing of what was done for it may be committed.
pub async fn go_on(tx: &mut Tx, name: &str, from: i64, to: i64) -> Result<bool> {
    Ok(sql!(tx, run, "update readers set seq = $3 where name = $1 and seq = $2", name, from, to)? == 1)
}
