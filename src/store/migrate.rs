//! Bringing a database to this program's shape: forward only, each step in one transaction, so a
//! kill leaves the step before or the step after and nothing between.

use anyhow::{Context, bail};

use super::Db;
use crate::sql;

static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// Migrates; safe to call at every start, and by two processes at once: on PostgreSQL the migrator
/// locks, on SQLite the writer's transaction does.
///
/// # Errors
/// When a step fails, or the database is newer than this program.
pub async fn run(db: &Db) -> anyhow::Result<()> {
    let newest = SQLITE.iter().map(|m| m.version).max().unwrap_or(0);
    if let Some(found) = version(db).await
        && found > newest
    {
        bail!("the database is of version {found}, newer than this program ({newest}); run the newer guichet");
    }
    // Two processes starting at once: the later one finds the earlier one's table or row and
    // looks again.
    for _ in 0..5 {
        match db.migrate_with(&SQLITE, &POSTGRES).await {
            Ok(()) => return Ok(()),
            Err(super::Error::Db(sqlx::Error::Migrate(e)))
                if !matches!(*e, sqlx::migrate::MigrateError::Execute(_)) =>
            {
                return Err(*e).context("the database could not be migrated");
            }
            Err(error) => tracing::warn!(name: "migrate.again", %error, "migrating again"),
        }
    }
    db.migrate_with(&SQLITE, &POSTGRES).await.context("the database could not be migrated")
}

#[derive(sqlx::FromRow)]
struct Version {
    version: Option<i64>,
}

/// The version a database is at; none before its first migration.
pub async fn version(db: &Db) -> Option<i64> {
    let mut tx = db.read().await.ok()?;
    let row = sql!(tx, one Version, "select max(version) as version from _sqlx_migrations where success");
    row.ok()?.version
}

/// The version this program brings databases to.
pub fn newest() -> i64 {
    SQLITE.iter().map(|m| m.version).max().unwrap_or(0)
}
