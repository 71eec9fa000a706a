//! `guichet token`

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Desk;
use crate::base::id::TokenId;
use crate::flow::people;
use crate::store::tokens::Held;

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
        #[arg(long, value_delimiter = ',', default_value = "read", value_parser = ["read", "write", "admin"])]
        scope: Vec<String>,
        /// After how many days it ends (default: when it is withdrawn or the person leaves)
        #[arg(long)]
        days: Option<u16>,
    },
    /// List the keys that are good, without their secrets
    #[command(after_help = "Example:\n  guichet token list")]
    List,
    /// Withdraw a key: the next request with it is refused
    #[command(after_help = "Example:\n  guichet token revoke ID")]
    Revoke {
        /// Its id, as listed
        id: TokenId,
    },
}

fn list(keys: &[Held]) -> String {
    if keys.is_empty() {
        return "No program has a key.".into();
    }
    let line = |k: &Held| {
        let used = k.used_at.map_or_else(|| "never used".to_owned(), |at| format!("last used {at}"));
        format!("{}  {}  {}  {used}", k.id, k.agent, k.scopes)
    };
    keys.iter().map(line).collect::<Vec<_>>().join("\n")
}

impl Token {
    /// Runs the command.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let house = desk.house().await?;
        match self.command {
            Command::Create { agent, scope, days } => {
                let lasts = days.map(|d| Duration::from_hours(24) * u32::from(d));
                let (id, token) = people::create_token(&house, &agent, &scope, lasts).await?;
                desk.print(&json!({"token": token, "id": id}), &format!("Keep it; it is not shown again:\n  {token}"))?;
            }
            Command::List => {
                let keys = people::keys(&house).await?;
                desk.print(&keys, &list(&keys))?;
            }
            Command::Revoke { id } => {
                let done = people::withdraw_key(&house, id).await;
                done.map_err(|_| anyhow::anyhow!("no key {id} is in use; see guichet token list"))?;
                desk.print(&json!({"id": id, "revoked": true}), "The key is withdrawn.")?;
            }
        }
        house.db.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
