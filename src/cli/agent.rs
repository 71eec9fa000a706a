//! `guichet agent`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Desk, secret_from_stdin};
use crate::base::Lang;
use crate::desk::agent::Role;
use crate::flow::people::{self, Host, NewAgent};
use crate::store::brands;

/// People who answer
#[derive(Debug, Args)]
pub struct Agent {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a person; their password comes on standard input, else an invitation link is printed
    #[command(
        after_help = "Examples:\n  guichet agent add sarah@example.org --name Sarah --role agent --brand aubepine\n  echo 'trois petits chats' | guichet agent add karim@example.org --name Karim --role admin"
    )]
    Add {
        /// Their address
        email: String,
        /// The name colleagues see
        #[arg(long)]
        name: String,
        /// viewer, agent, sales, community, lead or admin
        #[arg(long)]
        role: Role,
        /// At this brand only (default: every brand, also those to come)
        #[arg(long)]
        brand: Option<String>,
        /// The interface's language: fr or en
        #[arg(long, default_value = "fr")]
        language: Lang,
    },
}

impl Agent {
    /// Runs the command.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let Command::Add { email, name, role, brand, language } = self.command;
        let house = desk.house().await?;
        let brand = match brand {
            Some(slug) => {
                let mut tx = house.db.read().await?;
                let found = brands::by_slug(&mut tx, &slug).await;
                Some(
                    found
                        .map_err(|_| {
                            anyhow::anyhow!(
                                "there is no brand “{slug}”; add it with: guichet brand add {slug} --name NAME"
                            )
                        })?
                        .id,
                )
            }
            None => None,
        };
        let password = secret_from_stdin()?;
        let new = NewAgent { email, name, role, brand, password, locale: language };
        let email = new.email.clone();
        let (id, link) = people::add(&house, Host::Operator, new).await?;
        let invitation = link.map(|l| format!("{}/invite/{l}", desk.config.public()));
        let words = match &invitation {
            Some(link) => format!("{email} was added. Pass this link on; it works once, for seven days:\n  {link}"),
            None => format!("{email} was added and can sign in."),
        };
        let mut data = json!({"id": id, "email": email});
        if let Some(link) = invitation {
            data["invitation"] = link.into();
        }
        desk.print(&data, &words)?;
        house.db.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
