//! People who answer, and what they are at which brand.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId};
use crate::desk::agent::{Agent, Role};
use crate::desk::scope::Scope;
use crate::sql;

/// Adds a person; without a password they come in by invitation.
///
/// # Errors
/// [`super::Error::Conflict`] when the address is taken.
pub async fn add(tx: &mut Tx, agent: &Agent, password_hash: Option<&str>, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into agents (id, email, name, password_hash, locale, everywhere, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        agent.id,
        &agent.email,
        &agent.name,
        password_hash,
        agent.locale,
        agent.everywhere,
        at
    )?;
    Ok(())
}

/// Gives a role at a brand, or another one.
pub async fn grant(tx: &mut Tx, agent: AgentId, brand: BrandId, role: Role) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into grants (agent_id, brand_id, role) values ($1, $2, $3) on conflict (agent_id, brand_id) do update set role = excluded.role",
        agent,
        brand,
        role
    )?;
    Ok(())
}

/// Takes the role at a brand away, and the seat in its teams.
pub async fn revoke(tx: &mut Tx, agent: AgentId, brand: BrandId) -> Result<()> {
    sql!(tx, run, "delete from team_members where agent_id = $1 and brand_id = $2", agent, brand)?;
    sql!(tx, run, "delete from grants where agent_id = $1 and brand_id = $2", agent, brand)?;
    Ok(())
}

/// Gives everybody with a role everywhere that role at a new brand.
pub async fn welcome_everywhere(tx: &mut Tx, brand: BrandId) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into grants (agent_id, brand_id, role) select id, $1, everywhere from agents where everywhere is not null on conflict do nothing",
        brand
    )?;
    Ok(())
}

/// Ends every session and token of a person at their next request.
pub async fn bump_epoch(tx: &mut Tx, agent: AgentId) -> Result<()> {
    sql!(tx, run, "update agents set auth_epoch = auth_epoch + 1 where id = $1", agent)?;
    Ok(())
}

/// Shuts a person out, or lets them in again (`at` none).
pub async fn disable(tx: &mut Tx, agent: AgentId, at: Option<At>) -> Result<()> {
    sql!(tx, run, "update agents set disabled_at = $2, auth_epoch = auth_epoch + 1 where id = $1", agent, at)?;
    Ok(())
}

/// Sets a password; every session ends.
pub async fn set_password(tx: &mut Tx, agent: AgentId, hash: &str) -> Result<()> {
    sql!(tx, run, "update agents set password_hash = $2, auth_epoch = auth_epoch + 1 where id = $1", agent, hash)?;
    Ok(())
}

/// True when they have a password: an invitation was used.
pub async fn has_password(tx: &mut Tx, agent: AgentId) -> Result<bool> {
    #[derive(sqlx::FromRow)]
    struct Ready {
        ready: bool,
    }
    Ok(sql!(tx, one Ready, "select password_hash is not null as ready from agents where id = $1", agent)?.ready)
}

/// Changes how the interface looks to a person.
pub async fn prefer(tx: &mut Tx, agent: &Agent) -> Result<()> {
    sql!(
        tx,
        run,
        "update agents set locale = $2, theme = $3, density = $4, name = $5, keys = $6 where id = $1",
        agent.id,
        agent.locale,
        &agent.theme,
        &agent.density,
        &agent.name,
        agent.keys
    )?;
    Ok(())
}

/// A person with their stored password hash, for signing in.
#[derive(sqlx::FromRow)]
pub struct Login {
    /// The person.
    #[sqlx(flatten)]
    pub agent: Agent,
    /// What their password must match.
    pub password_hash: Option<String>,
}

/// The person of this address, for signing in and for commands on the machine itself.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<Login>> {
    sql!(tx, maybe Login, "select id, email, name, locale, theme, density, keys, auth_epoch, disabled_at, everywhere, password_hash from agents where email = $1", email)
}

/// The person themself.
pub async fn me(tx: &mut Tx, agent: AgentId) -> Result<Agent> {
    sql!(tx, one Agent, "select id, email, name, locale, theme, density, keys, auth_epoch, disabled_at, everywhere from agents where id = $1", agent)
}

#[derive(sqlx::FromRow)]
struct Grant {
    brand_id: BrandId,
    role: Role,
}

/// What a person may see: their scope.
pub async fn scope(tx: &mut Tx, agent: AgentId) -> Result<Scope> {
    let grants = sql!(tx, all Grant, "select g.brand_id, g.role from grants g join brands b on b.id = g.brand_id where g.agent_id = $1 order by b.name, b.id", agent)?;
    Ok(Scope::agent(agent, grants.into_iter().map(|g| (g.brand_id, g.role)).collect()))
}

/// A colleague at a brand.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Colleague {
    /// Who.
    pub id: AgentId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they are there.
    pub role: Role,
    /// Since when they are shut out.
    pub disabled_at: Option<At>,
    /// True when they have set a password.
    pub ready: bool,
}

/// Everybody at a brand, by name.
pub async fn colleagues(tx: &mut Tx, brand: BrandId) -> Result<Vec<Colleague>> {
    sql!(tx, all Colleague, "select a.id, a.name, a.email, g.role, a.disabled_at, a.password_hash is not null as ready from grants g join agents a on a.id = g.agent_id where g.brand_id = $1 order by a.name, a.id", brand)
}

/// A colleague at a brand, by id.
pub async fn colleague(tx: &mut Tx, brand: BrandId, agent: AgentId) -> Result<Colleague> {
    sql!(tx, one Colleague, "select a.id, a.name, a.email, g.role, a.disabled_at, a.password_hash is not null as ready from grants g join agents a on a.id = g.agent_id where g.brand_id = $1 and a.id = $2", brand, agent)
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// True when nobody has been set up yet: the first run.
pub async fn nobody_yet(tx: &mut Tx) -> Result<bool> {
    Ok(sql!(tx, one Count, "select count(*) as n from agents where password_hash is not null")?.n == 0)
}
