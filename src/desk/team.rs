//! Groups of agents.

use crate::base::id::{BrandId, TeamId};

/// The teams every brand starts with.
pub const FIRST_TEAMS: [&str; 3] = ["support", "sales", "community"];

/// A team.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Team {
    /// Whose row this is.
    pub id: TeamId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Short name in rules and the API.
    pub slug: String,
    /// A name of its own; the first teams have theirs from the interface's words.
    pub name: Option<String>,
}
