//! `guichet brand`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Desk;
use crate::flow::found::{self, NewBrand};

/// Brands: the companies whose accounts we answer for
#[derive(Debug, Args)]
pub struct Brand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a brand
    #[command(
        after_help = "Example:\n  guichet brand add aubepine --name Aubépine --languages fr,en --timezone Europe/Paris"
    )]
    Add {
        /// Short name: lower-case letters, digits, hyphens
        slug: String,
        /// The name people see
        #[arg(long)]
        name: String,
        /// Languages it answers in, the first by default
        #[arg(long, value_delimiter = ',', default_value = "fr,en")]
        languages: Vec<String>,
        /// Time zone
        #[arg(long, default_value = "Europe/Paris")]
        timezone: String,
    },
}

impl Brand {
    /// Runs the command.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let Command::Add { slug, name, languages, timezone } = self.command;
        let house = desk.house().await?;
        let brand = found::brand(&house, NewBrand { slug, name, languages, timezone }).await?;
        desk.print(
            &json!({"id": brand.id, "slug": brand.slug}),
            &format!("The brand {} ({}) was added.", brand.name, brand.slug),
        )?;
        house.db.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
