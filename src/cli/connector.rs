//! `guichet bot connector`

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::Desk;
use crate::desk::scope::Scope;
use crate::flow::House;
use crate::flow::connectors::{self as asking, Question};
use crate::store::{brands, connectors};

/// Programs of a brand that the bot asks.
#[derive(Debug, Subcommand)]
pub enum Connector {
    /// Add one, or change its address; prints the secret that calls are signed with
    #[command(
        after_help = "Example:\n  guichet bot connector add order-status --brand aubepine --address https://shop.example/guichet"
    )]
    Add {
        /// What entries call it
        name: String,
        /// The brand
        #[arg(long)]
        brand: String,
        /// Where it is
        #[arg(long)]
        address: String,
        /// A secret of your own (default: one is made)
        #[arg(long)]
        secret: Option<String>,
    },
    /// List them, and how their last calls went
    #[command(after_help = "Example:\n  guichet bot connector list --brand aubepine")]
    List {
        /// The brand
        #[arg(long)]
        brand: String,
    },
    /// Ask one, and print what it tells
    #[command(after_help = "Example:\n  guichet bot connector try order-status --brand aubepine --slot order=204817")]
    Try {
        /// Which
        name: String,
        /// The brand
        #[arg(long)]
        brand: String,
        /// What the customer would have told: name=value
        #[arg(long = "slot", value_parser = pair)]
        slots: Vec<(String, String)>,
    },
    /// Take one away
    #[command(after_help = "Example:\n  guichet bot connector remove order-status --brand aubepine")]
    Remove {
        /// Which
        name: String,
        /// The brand
        #[arg(long)]
        brand: String,
    },
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("“{text}” is not name=value"))?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Connector {
    /// Runs the command.
    pub(super) async fn run(self, desk: &Desk, house: &House) -> anyhow::Result<ExitCode> {
        let (Connector::Add { brand, .. }
        | Connector::List { brand }
        | Connector::Try { brand, .. }
        | Connector::Remove { brand, .. }) = &self;
        let found = brands::by_slug(&mut house.db.read().await?, brand).await;
        let brand = found.map_err(|_| anyhow::anyhow!("there is no brand “{brand}”"))?;
        let scope = Scope::house(brand.id);
        match &self {
            Connector::Add { name, address, secret, .. } => {
                let kept = asking::keep(house, &scope, brand.id, (name, address, secret.as_deref())).await;
                let secret = kept.map_err(|e| match e {
                    crate::flow::Error::Refused(_, about) => {
                        anyhow::anyhow!("“{}” is no name or address of a connector", about.unwrap_or_default())
                    }
                    other => other.into(),
                })?;
                let words = format!("Calls are signed with this secret:\n{secret}");
                desk.print(&json!({"name": name, "address": address, "secret": secret}), &words)?;
            }
            Connector::List { .. } => {
                let all = connectors::all(&mut house.db.read().await?, brand.id).await?;
                let one = |c: &connectors::Connector| json!({"name": c.name, "address": c.address, "ok_at": c.ok_at, "failed_at": c.failed_at, "failure": c.failure});
                let words = |c: &connectors::Connector| {
                    let state = match (&c.failure, c.ok_at) {
                        (Some(why), _) => format!("does not answer: {why}"),
                        (None, Some(at)) => format!("answered last {at}"),
                        (None, None) => "never asked".to_owned(),
                    };
                    format!("{}  {}  {state}", c.name, c.address)
                };
                let lines: Vec<String> = all.iter().map(words).collect();
                let lines = if lines.is_empty() { "The bot asks no program yet.".into() } else { lines.join("\n") };
                desk.print(&all.iter().map(one).collect::<Vec<_>>(), &lines)?;
            }
            Connector::Try { name, slots, .. } => {
                let slots: BTreeMap<String, String> = slots.iter().cloned().collect();
                let question = Question {
                    brand: &brand.slug,
                    connector: name,
                    language: "en",
                    network: "test",
                    contact: "",
                    slots: &slots,
                    key: format!("test-{}", house.given.id::<crate::base::id::AnyId>()),
                };
                let told = asking::ask(house, brand.id, &question).await?;
                let told = told.map_err(|why| anyhow::anyhow!("“{name}” gives no usable answer: {why}"))?;
                let lines: Vec<String> = told.iter().map(|(k, v)| format!("{k} = {v}")).collect();
                desk.print(&json!({"values": told}), &lines.join("\n"))?;
            }
            Connector::Remove { name, .. } => {
                let gone = asking::remove(house, &scope, brand.id, name).await;
                gone.map_err(|_| anyhow::anyhow!("there is no connector “{name}”"))?;
                desk.print(&json!({"name": name}), &format!("“{name}” was taken away."))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
