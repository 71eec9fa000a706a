//! Keys for programs.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, TokenId};
use crate::sql;

/// A key as looked up at every request.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// In whose name it acts.
    pub agent_id: AgentId,
    /// What it may do: `read`, `write`, `admin`, separated by commas.
    pub scopes: String,
    /// The person's epoch when it was made.
    pub auth_epoch: i64,
    /// Until when.
    pub expires_at: Option<At>,
    /// When it was last used.
    pub used_at: Option<At>,
    /// When it was withdrawn.
    pub revoked_at: Option<At>,
}

/// Makes a key.
pub async fn add(tx: &mut Tx, token: &Token, hash: &[u8], at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into tokens (id, agent_id, hash, scopes, auth_epoch, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
        token.id,
        token.agent_id,
        hash,
        &token.scopes,
        token.auth_epoch,
        at,
        token.expires_at
    )?;
    Ok(())
}

/// The key of this hash.
pub async fn get(tx: &mut Tx, hash: &[u8]) -> Result<Option<Token>> {
    sql!(tx, maybe Token, "select id, agent_id, scopes, auth_epoch, expires_at, used_at, revoked_at from tokens where hash = $1", hash)
}

/// Notes that a key was used.
pub async fn used(tx: &mut Tx, agent: AgentId, id: TokenId, at: At) -> Result<()> {
    sql!(tx, run, "update tokens set used_at = $3 where id = $1 and agent_id = $2", id, agent, at)?;
    Ok(())
}

/// Withdraws a key; false when there is none of this id that is still good.
pub async fn revoke(tx: &mut Tx, id: TokenId, at: At) -> Result<bool> {
    Ok(sql!(tx, run, "update tokens set revoked_at = $2 where id = $1 and revoked_at is null", id, at)? == 1)
}

/// A key as listed: never its secret, which nobody has.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow)]
pub struct Held {
    /// Which.
    pub id: TokenId,
    /// In whose name it acts.
    pub agent: String,
    /// What it may do.
    pub scopes: String,
    /// Since when.
    pub created_at: At,
    /// Until when.
    pub expires_at: Option<At>,
    /// When it was last used, to the hour.
    pub used_at: Option<At>,
}

/// Keys that are still good, over all brands, the newest first: for operators.
pub async fn held(tx: &mut Tx, now: At) -> Result<Vec<Held>> {
    sql!(tx, all Held, "select t.id, a.email as agent, t.scopes, t.created_at, t.expires_at, t.used_at from tokens t join agents a on a.id = t.agent_id where t.revoked_at is null and (t.expires_at is null or t.expires_at > $1) and t.auth_epoch = a.auth_epoch and a.disabled_at is null order by t.created_at desc", now)
}
