//! Who is signed in, who is invited, and how often a door was tried. Only hashes of the tokens
//! people hold are kept.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId};
use crate::sql;

/// A session as looked up at every request.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Session {
    /// Whose.
    pub agent_id: AgentId,
    /// The brand last looked at.
    pub brand_id: Option<BrandId>,
    /// The person's epoch when it began.
    pub auth_epoch: i64,
    /// When it began.
    pub created_at: At,
    /// When it was last used.
    pub seen_at: At,
    /// When it ends at the latest.
    pub expires_at: At,
}

/// Begins a session.
pub async fn begin(tx: &mut Tx, hash: &[u8], session: &Session, user_agent: &str) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into sessions (hash, agent_id, brand_id, auth_epoch, user_agent, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        hash,
        session.agent_id,
        session.brand_id,
        session.auth_epoch,
        user_agent,
        session.created_at,
        session.seen_at,
        session.expires_at
    )?;
    Ok(())
}

/// The session of a token's hash.
pub async fn get(tx: &mut Tx, hash: &[u8]) -> Result<Option<Session>> {
    sql!(tx, maybe Session, "select agent_id, brand_id, auth_epoch, created_at, seen_at, expires_at from sessions where hash = $1", hash)
}

/// Notes that a session was used, and for which brand.
pub async fn seen(tx: &mut Tx, hash: &[u8], brand: Option<BrandId>, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "update sessions set seen_at = $2, brand_id = coalesce($3, brand_id) where hash = $1",
        hash,
        at,
        brand
    )?;
    Ok(())
}

/// Ends one session.
pub async fn end(tx: &mut Tx, hash: &[u8]) -> Result<()> {
    sql!(tx, run, "delete from sessions where hash = $1", hash)?;
    Ok(())
}

/// Ends what has run out, and keeps a person's newest `most` sessions.
pub async fn tidy(tx: &mut Tx, agent: AgentId, now: At, most: i64) -> Result<()> {
    sql!(
        tx,
        run,
        "delete from sessions where agent_id = $1 and (expires_at <= $2 or hash not in (select hash from sessions where agent_id = $1 order by seen_at desc limit $3))",
        agent,
        now,
        most
    )?;
    Ok(())
}

/// A link that lets somebody in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Invitation {
    /// Whom; none for the first set-up.
    pub agent_id: Option<AgentId>,
    /// `invite`, `setup` or `demo`.
    pub kind: String,
    /// Until when.
    pub expires_at: At,
    /// When it was used.
    pub used_at: Option<At>,
}

/// Makes a link.
pub async fn invite(tx: &mut Tx, hash: &[u8], invitation: &Invitation, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into invitations (hash, agent_id, kind, created_at, expires_at) values ($1, $2, $3, $4, $5)",
        hash,
        invitation.agent_id,
        &invitation.kind,
        at,
        invitation.expires_at
    )?;
    Ok(())
}

/// The link of a token's hash.
pub async fn invitation(tx: &mut Tx, hash: &[u8]) -> Result<Option<Invitation>> {
    sql!(tx, maybe Invitation, "select agent_id, kind, expires_at, used_at from invitations where hash = $1", hash)
}

/// Marks a link as used; false when somebody was faster.
pub async fn use_invitation(tx: &mut Tx, hash: &[u8], at: At) -> Result<bool> {
    Ok(sql!(tx, run, "update invitations set used_at = $2 where hash = $1 and used_at is null", hash, at)? == 1)
}

/// Withdraws every open link of a kind.
pub async fn withdraw(tx: &mut Tx, kind: &str) -> Result<()> {
    sql!(tx, run, "delete from invitations where kind = $1 and used_at is null", kind)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// How often a door was tried since a moment.
pub async fn attempts(tx: &mut Tx, key: &str, since: At) -> Result<i64> {
    Ok(sql!(tx, one Count, "select count(*) as n from attempts where key = $1 and at > $2", key, since)?.n)
}

/// Notes that a door was tried, and forgets tries older than `keep_since`.
pub async fn attempted(tx: &mut Tx, id: AnyId, key: &str, at: At, keep_since: At) -> Result<()> {
    sql!(tx, run, "delete from attempts where at < $1", keep_since)?;
    sql!(tx, run, "insert into attempts (id, key, at) values ($1, $2, $3)", id, key, at)?;
    Ok(())
}

/// Forgets a try: it was somebody who may come in.
pub async fn forgive(tx: &mut Tx, id: AnyId) -> Result<()> {
    sql!(tx, run, "delete from attempts where id = $1", id)?;
    Ok(())
}
