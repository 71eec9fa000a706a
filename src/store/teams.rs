//! Teams and who sits in them.

use super::{Result, Tx};
use crate::base::id::{AgentId, BrandId, TeamId};
use crate::desk::team::Team;
use crate::sql;

/// Adds a team.
pub async fn add(tx: &mut Tx, team: &Team) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into teams (id, brand_id, slug, name) values ($1, $2, $3, $4)",
        team.id,
        team.brand_id,
        &team.slug,
        team.name.clone()
    )?;
    Ok(())
}

/// A brand's teams, by slug.
pub async fn all(tx: &mut Tx, brand: BrandId) -> Result<Vec<Team>> {
    sql!(tx, all Team, "select id, brand_id, slug, name from teams where brand_id = $1 order by slug", brand)
}

/// The team of this slug at a brand.
pub async fn by_slug(tx: &mut Tx, brand: BrandId, slug: &str) -> Result<Team> {
    sql!(tx, one Team, "select id, brand_id, slug, name from teams where brand_id = $1 and slug = $2", brand, slug)
}

/// Seats a person in a team.
pub async fn join(tx: &mut Tx, brand: BrandId, team: TeamId, agent: AgentId) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into team_members (team_id, agent_id, brand_id) values ($1, $2, $3) on conflict do nothing",
        team,
        agent,
        brand
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Seat {
    team_id: TeamId,
}

/// The teams of a brand a person sits in.
pub async fn of_agent(tx: &mut Tx, brand: BrandId, agent: AgentId) -> Result<Vec<TeamId>> {
    let seats =
        sql!(tx, all Seat, "select team_id from team_members where brand_id = $1 and agent_id = $2", brand, agent)?;
    Ok(seats.into_iter().map(|s| s.team_id).collect())
}
