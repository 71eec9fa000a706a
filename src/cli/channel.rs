//! `guichet channel`

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;

use super::Desk;
use crate::base::id::{ChannelId, ConnectionId};
use crate::desk::scope::Scope;
use crate::flow::House;
use crate::flow::connect::{self, NewChannel};
use crate::networks::NETWORKS;
use crate::store::{brands, channels};

/// Pages, profiles, numbers and mailboxes
#[derive(Debug, Args)]
pub struct Channel {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Connect a channel; prints its id and, where there is one, the hook's address
    #[command(after_help = networks_help())]
    Add {
        /// The network
        network: String,
        /// The brand it speaks for
        #[arg(long)]
        brand: String,
        /// The name people see
        #[arg(long)]
        name: String,
        /// A connection it joins (its secrets and hook are shared)
        #[arg(long)]
        connection: Option<ConnectionId>,
        /// A setting; @FILE as value reads a secret from a file
        #[arg(long = "set", value_name = "KEY=VALUE")]
        set: Vec<String>,
    },
    /// List channels with their state
    #[command(after_help = "Example:\n  guichet channel list")]
    List,
    /// Try a channel's login and say what works
    #[command(after_help = "Example:\n  guichet channel check ID")]
    Check { id: ChannelId },
    /// Pause a channel: nothing goes out, what comes in is kept
    #[command(after_help = "Example:\n  guichet channel pause ID")]
    Pause { id: ChannelId },
    /// Let a paused channel go on
    #[command(after_help = "Example:\n  guichet channel resume ID")]
    Resume { id: ChannelId },
}

/// The settings of every network, from the registry.
fn networks_help() -> String {
    let mut out = String::from(
        "Example:\n  guichet channel add facebook --brand aubepine --name \"Aubépine\" --set page_id=1055 --set page_token=@token.txt --set app_secret=@secret.txt --set verify_token=choose-one\n\nSettings by network (* required):\n",
    );
    for network in NETWORKS {
        let keys: Vec<String> =
            network.card().fields.iter().map(|f| format!("{}{}", f.key, if f.required { "*" } else { "" })).collect();
        let _ = writeln!(out, "  {:<10} {}", network.slug(), keys.join(" "));
    }
    out
}

/// `KEY=VALUE`, or `KEY=@FILE`.
fn setting(pair: &str) -> anyhow::Result<(String, String)> {
    let (key, value) = pair.split_once('=').with_context(|| format!("“{pair}” is not KEY=VALUE"))?;
    let value = match value.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?.trim().to_owned(),
        None => value.to_owned(),
    };
    Ok((key.to_owned(), value))
}

/// The house's own scope over the brand of a channel, for who stands at the machine itself.
async fn scope_of(house: &House, id: ChannelId) -> anyhow::Result<Scope> {
    let mut tx = house.db.read().await?;
    for brand in brands::all(&mut tx).await? {
        let scope = Scope::house(brand.id);
        if channels::get(&mut tx, &scope, id).await.is_ok() {
            return Ok(scope);
        }
    }
    anyhow::bail!("there is no channel {id}; see guichet channel list")
}

impl Channel {
    /// Runs the command.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let house = desk.house().await?;
        let code = match self.command {
            Command::Add { network, brand, name, connection, set } => {
                let mut tx = house.db.read().await?;
                let found = brands::by_slug(&mut tx, &brand).await;
                let brand = found.map_err(|_| anyhow::anyhow!("there is no brand “{brand}”"))?.id;
                drop(tx);
                let settings = set.iter().map(|p| setting(p)).collect::<anyhow::Result<Vec<_>>>()?;
                let new = NewChannel { network, brand, name, connection, settings };
                let (id, hook) = connect::connect(&house, &Scope::house(brand), new).await?;
                let hook = hook.map(|path| format!("{}{path}", desk.config.public()));
                let mut data = json!({"id": id});
                let mut words = format!("Connected: {id}");
                if let Some(hook) = hook {
                    words =
                        format!("{words}\nGive the network this hook address; it is a key, keep it private:\n  {hook}");
                    data["hook_url"] = hook.into();
                }
                desk.print(&data, &words)?;
                ExitCode::SUCCESS
            }
            Command::List => list(desk, &house).await?,
            Command::Check { id } => check(desk, &house, id).await?,
            Command::Pause { id } => pause(desk, &house, id, true).await?,
            Command::Resume { id } => pause(desk, &house, id, false).await?,
        };
        house.db.close().await;
        Ok(code)
    }
}

async fn list(desk: &Desk, house: &House) -> anyhow::Result<ExitCode> {
    let mut tx = house.db.read().await?;
    let (mut data, mut lines) = (Vec::new(), Vec::new());
    for brand in brands::all(&mut tx).await? {
        for c in channels::of_brand(&mut tx, brand.id).await? {
            lines.push(format!("{}  {:<10} {:<12} {:<13} {}", c.id, c.network, brand.slug, c.state, c.name));
            data.push(
                json!({"id": c.id, "brand": brand.slug, "network": c.network, "name": c.name, "account": c.account,
                "connection": c.connection_id, "state": c.state, "reason": c.state_why}),
            );
        }
    }
    if lines.is_empty() {
        lines.push("No channel is connected yet.".to_owned());
    }
    desk.print(&data, &lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

async fn check(desk: &Desk, house: &House, id: ChannelId) -> anyhow::Result<ExitCode> {
    let scope = scope_of(house, id).await?;
    let found = connect::check(house, &scope, id).await?;
    let ok = found.problems.is_empty();
    let problems: Vec<String> = found.problems.into_iter().map(|(_, en)| en).collect();
    let missing: Vec<String> = found.missing.into_iter().map(|(_, en)| en).collect();
    let words = if ok { format!("It works, and may: {}.", found.can.join(", ")) } else { problems.join("\n") };
    let words = [vec![words], missing.clone()].concat().join("\n");
    desk.print(
        &json!({"ok": ok, "problems": problems, "missing": missing, "can": found.can, "name": found.name}),
        &words,
    )?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn pause(desk: &Desk, house: &House, id: ChannelId, paused: bool) -> anyhow::Result<ExitCode> {
    let scope = scope_of(house, id).await?;
    connect::pause(house, &scope, id, paused).await?;
    let words = if paused { "The channel is paused: nothing goes out." } else { "The channel goes on." };
    desk.print(&json!({"id": id, "paused": paused}), words)?;
    Ok(ExitCode::SUCCESS)
}
