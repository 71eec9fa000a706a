//! People on their way to a network's own page and back: each row is good once, for a while, in the
//! session it was begun in.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId, ChannelId};
use crate::sql;

/// A login under way.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Login {
    /// The brand it is for.
    pub brand_id: BrandId,
    /// Who logs in.
    pub agent_id: AgentId,
    /// A hash of the session it was begun in.
    pub session: Vec<u8>,
    /// The network's slug.
    pub network: String,
    /// The channel whose login is renewed; none for a new one.
    pub channel_id: Option<ChannelId>,
    /// The form, the verifier, what the network told; sealed.
    pub sealed: Vec<u8>,
    /// `asked`, then `known`.
    pub state: String,
    /// Until when it is good.
    pub expires_at: At,
}

/// Keeps a login under way, and drops those whose time is over.
pub async fn keep(tx: &mut Tx, hash: &[u8], l: &Login, now: At) -> Result<()> {
    sql!(tx, run, "delete from logins where expires_at <= $1", now)?;
    sql!(
        tx,
        run,
        "insert into logins (hash, brand_id, agent_id, session, network, channel_id, sealed, state, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        hash,
        l.brand_id,
        l.agent_id,
        l.session.clone(),
        &l.network,
        l.channel_id,
        l.sealed.clone(),
        &l.state,
        l.expires_at
    )?;
    Ok(())
}

/// Takes a login out: whoever comes second finds nothing.
pub async fn take(tx: &mut Tx, hash: &[u8]) -> Result<Option<Login>> {
    sql!(tx, maybe Login, "delete from logins where hash = $1 returning brand_id, agent_id, session, network, channel_id, sealed, state, expires_at", hash)
}
