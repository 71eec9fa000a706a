//! `guichet ingest`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};

use super::{Desk, recorded};
use crate::base::id::ChannelId;
use crate::base::sign::sha256;
use crate::desk::channel::Channel;
use crate::desk::scope::Scope;
use crate::flow::{House, intake};
use crate::networks::Network;
use crate::store::deliveries::{self, NewDelivery, Source};
use crate::store::{brands, channels, inbound};

/// Take recorded bodies in by the real path after signature checking; prints what each became
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  guichet ingest --channel ID recorded/*.json --json")]
pub struct Ingest {
    /// The channel they are for; every entry is taken as that channel's own
    #[arg(long)]
    channel: ChannelId,
    /// Files: one body each, a body a line, a list of bodies, or bodies by name
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Ingest {
    /// Takes the files in, one after the other. Nothing stops the ones behind it.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let house = desk.house().await?;
        let channel = find(&house, self.channel).await?;
        let network = house.network(&channel.network).context("this network is not spoken here")?;
        let mut unread = 0;
        for file in &self.files {
            let body = match std::fs::read(file) {
                Ok(body) => body,
                Err(error) => {
                    writeln!(std::io::stderr(), "guichet: cannot read {}: {error}", file.display())?;
                    unread += 1;
                    continue;
                }
            };
            // Elements are counted through the file, so that each line of it has a number of its own.
            let mut so_far = 0;
            for body in recorded::bodies(network, body) {
                let lines = take_in(&house, &channel, network, body.bytes).await?;
                let next = lines.iter().filter_map(|l| l["n"].as_i64()).max().map_or(so_far, |n| so_far + n + 1);
                for mut shown in lines {
                    shown["n"] = (shown["n"].as_i64().unwrap_or(0) + so_far).into();
                    shown["file"] = file.display().to_string().into();
                    if let Some(name) = &body.name {
                        shown["name"] = name.clone().into();
                    }
                    print(desk, &shown)?;
                }
                so_far = next;
            }
        }
        house.db.close().await;
        Ok(if unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

async fn find(house: &House, id: ChannelId) -> anyhow::Result<Channel> {
    let mut tx = house.db.read().await?;
    for brand in brands::all(&mut tx).await? {
        if let Ok(channel) = channels::get(&mut tx, &Scope::house(brand.id), id).await {
            return Ok(channel);
        }
    }
    anyhow::bail!("there is no channel {id}; see guichet channel list")
}

/// Takes one body in; a line for each of its elements.
async fn take_in(house: &House, channel: &Channel, network: &dyn Network, body: Vec<u8>) -> anyhow::Result<Vec<Value>> {
    let (brand, now, hash) = (channel.brand_id, house.now(), sha256(&body));
    let delivery = NewDelivery {
        id: house.given.id(),
        brand,
        connection: channel.connection_id,
        channel: Some(channel.id),
        source: Source::Ingest,
        sha256: hash,
        body,
        at: now,
    };
    let mut tx = house.db.write().await?;
    let (offered, before) = (delivery.id, deliveries::by_hash(&mut tx, brand, channel.connection_id, &hash).await.ok());
    deliveries::record(&mut tx, vec![delivery]).await?;
    tx.commit().await?;
    let again = before.filter(|id| *id != offered).map(|_| "duplicate");
    while intake::turn(house).await? > 0 {}
    let mut tx = house.db.read().await?;
    let id = deliveries::by_hash(&mut tx, brand, channel.connection_id, &hash).await?;
    if let Some(reason) = deliveries::error_of(&mut tx, brand, id).await? {
        return Ok(vec![json!({"n": 0, "outcome": "quarantined", "reason": reason})]);
    }
    let mut lines: Vec<Value> =
        inbound::of_delivery(&mut tx, brand, id).await?.into_iter().map(|l| shown(l, again)).collect();
    // What was here already has no line of its own in this body; it is shown as what it was.
    let kept = deliveries::get(&mut tx, brand, id).await?;
    for (n, element) in network.read(&kept.body)?.into_iter().enumerate() {
        if lines.iter().any(|l| l["n"] == n) {
            continue;
        }
        if let Some(known) = inbound::by_key(&mut tx, brand, channel.id, &element.key).await? {
            lines.push(shown(inbound::Line { n: i64::try_from(n)?, ..known }, Some("duplicate")));
        }
    }
    lines.sort_by_key(|l| l["n"].as_i64());
    Ok(lines)
}

/// A line of the log as it is printed; `note` stands in for a reason where there is none.
fn shown(l: inbound::Line, note: Option<&str>) -> Value {
    let mut line = json!({"n": l.n, "outcome": l.state});
    let fields = [
        ("kind", l.kind),
        ("ticket", l.ticket_id.map(|t| t.to_string())),
        ("message", l.message_id.map(|m| m.to_string())),
        ("reason", l.reason.or(note.map(str::to_owned))),
    ];
    for (key, value) in fields {
        if let Some(value) = value {
            line[key] = value.into();
        }
    }
    line
}

fn print(desk: &Desk, line: &Value) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if desk.json {
        writeln!(out, "{line}")?;
    } else {
        let field = |key: &str| line[key].as_str().unwrap_or_default();
        let name = line["name"].as_str().map(|n| format!(" ({n})")).unwrap_or_default();
        let (outcome, kind) = (field("outcome"), field("kind"));
        writeln!(out, "{}{name} #{} {outcome} {kind} {}", field("file"), line["n"], field("reason"))?;
    }
    Ok(out.flush()?)
}
