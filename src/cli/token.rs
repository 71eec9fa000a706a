//! `guichet token`

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Desk;
use crate::flow::people;

/// Keys for programs
#[derive(Debug, Args)]
pub struct Token {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a key acting in somebody's name; it is printed once
    #[command(after_help = "Example:\n  guichet token create --agent sarah@example.org --scope read,write")]
    Create {
        /// The person's address
        #[arg(long)]
        agent: String,
        /// What it may do: read, write, admin
        #[arg(long, value_delimiter = ',', default_value = "read")]
        scope: Vec<String>,
        /// After how many days it ends (default: when it is withdrawn or the person leaves)
        #[arg(long)]
        days: Option<u16>,
    },
}

impl Token {
    /// Runs the command.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let Command::Create { agent, scope, days } = self.command;
        let house = desk.house().await?;
        let (id, token) =
            people::create_token(&house, &agent, &scope, days.map(|d| Duration::from_hours(24) * u32::from(d))).await?;
        desk.print(&json!({"token": token, "id": id}), &format!("Keep it; it is not shown again:\n  {token}"))?;
        house.db.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
