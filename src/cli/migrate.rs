//! `guichet migrate`

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::Desk;
use crate::store::{Db, migrate};

/// Bring the database to this program's shape (serve does it by itself)
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  GUICHET_DATABASE_URL=postgres://guichet@localhost/guichet guichet migrate")]
pub struct Migrate {}

impl Migrate {
    /// Migrates.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let db = Db::open(&desk.config.database()).await?;
        let before = migrate::version(&db).await;
        migrate::run(&db).await?;
        let version = migrate::newest();
        let words = match before {
            Some(before) if before == version => format!("The database is at version {version} already."),
            _ => format!("The database is at version {version} now."),
        };
        desk.print(&json!({"version": version, "before": before}), &words)?;
        db.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
