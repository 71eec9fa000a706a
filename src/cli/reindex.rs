//! `guichet reindex`

use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::Desk;
use crate::app;
use crate::base::Given;
use crate::search::{Feeder, Search};
use crate::store::{Db, migrate};

/// Build the search index anew from the log; a running server is asked to do it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  guichet reindex")]
pub struct Reindex {}

impl Reindex {
    /// Rebuilds, or asks.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let Ok(_lock) = app::lock(&desk.config.data_dir) else {
            std::fs::write(desk.config.data_dir.join("reindex"), "")?;
            desk.print(&json!({"asked": true}), "The running server was asked to build its index anew.")?;
            return Ok(ExitCode::SUCCESS);
        };
        let db = Db::open(&desk.config.database()).await?;
        migrate::run(&db).await?;
        let search = Search::open(&desk.config.data_dir.join("search"))?;
        let mut feeder = Feeder::new(db, search, Given::from_machine()?);
        let events = feeder.rebuild(&CancellationToken::new()).await?;
        desk.print(&json!({"events": events}), &format!("The search index was built anew from {events} events."))?;
        Ok(ExitCode::SUCCESS)
    }
}
