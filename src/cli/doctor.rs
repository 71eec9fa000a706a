//! `guichet doctor`

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::Desk;
use crate::base::Given;
use crate::base::seal::KeyRing;
use crate::flow::house;
use crate::store::{Db, agents, brands, channels, deliveries, migrate, outbox};

/// Say what was understood of the settings, and try database, key, folder and channels
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  guichet doctor")]
pub struct Doctor {}

/// One thing that was tried.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    ok: bool,
    detail: String,
}

impl Doctor {
    /// Looks at everything; fails when something is wrong.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let mut found = Vec::new();
        let mut note = |what, outcome: Result<String, String>| {
            let ok = outcome.is_ok();
            found.push(Finding { what, ok, detail: outcome.unwrap_or_else(|e| e) });
        };
        let c = &desk.config;
        let folder = std::fs::create_dir_all(&c.data_dir).map(|()| c.data_dir.display().to_string());
        note("data folder", folder.map_err(|e| format!("{}: {e}", c.data_dir.display())));
        let public = c.public();
        let reachable = if public.starts_with("https://") {
            Ok(public)
        } else {
            Ok(format!("{public} (networks call https only: set public_url when you connect one)"))
        };
        note("public address", reachable);
        let keys = Given::from_machine().and_then(|given| KeyRing::open(&c.key_file(), &given));
        let opened = keys.as_ref().ok().cloned();
        note("key file", keys.map(|_| c.key_file().display().to_string()).map_err(|e| format!("{e:#}")));
        match Db::open(&c.database()).await {
            Ok(db) => {
                let kind = if db.is_postgres() { "PostgreSQL" } else { "SQLite" };
                let version = migrate::version(&db).await;
                let state = match version {
                    Some(v) if v > migrate::newest() => {
                        Err(format!("{kind}, version {v}: newer than this program ({})", migrate::newest()))
                    }
                    Some(v) if v == migrate::newest() => Ok(format!("{kind}, version {v}")),
                    Some(v) => Ok(format!("{kind}, version {v}: run guichet migrate, or start guichet serve")),
                    None => Ok(format!("{kind}, empty: run guichet migrate, or start guichet serve")),
                };
                let ready = state.is_ok() && version.is_some();
                note("database", state);
                if ready {
                    note("people and channels", people(&db).await.map_err(|e| e.to_string()));
                    if let Some(keys) = opened {
                        note("secrets", secrets(&db, &keys).await);
                    }
                    note("inbound", unread(&db).await.map_err(|e| e.to_string()));
                    note("outbox", waiting(&db).await.map_err(|e| e.to_string()));
                }
                db.close().await;
            }
            Err(error) => note("database", Err(format!("{error:#}"))),
        }
        let rules = crate::app::shipped_rules()
            .map(|book| format!("{} lexicons, {} rules", book.lexicon().tags().len(), book.rules().len()));
        note("rules", rules.map_err(|e| e.to_string()));
        let words: Vec<String> = found
            .iter()
            .map(|f| format!("{} {:<20} {}", if f.ok { "ok  " } else { "BAD " }, f.what, f.detail))
            .collect();
        desk.print(&found, &words.join("\n"))?;
        Ok(if found.iter().all(|f| f.ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

async fn people(db: &Db) -> crate::store::Result<String> {
    let mut tx = db.read().await?;
    if agents::nobody_yet(&mut tx).await? {
        return Ok("nobody can sign in yet: guichet serve prints a set-up link".into());
    }
    let mut lines = Vec::new();
    for brand in brands::all(&mut tx).await? {
        let all = channels::of_brand(&mut tx, brand.id).await?;
        let ill: Vec<&str> = all
            .iter()
            .filter(|c| c.state != crate::desk::channel::ChannelState::Active)
            .map(|c| c.name.as_str())
            .collect();
        let ill = if ill.is_empty() { String::new() } else { format!(", not active: {}", ill.join(", ")) };
        lines.push(format!("{}: {} channel{}{ill}", brand.slug, all.len(), if all.len() == 1 { "" } else { "s" }));
    }
    Ok(lines.join("; "))
}

async fn secrets(db: &Db, keys: &KeyRing) -> Result<String, String> {
    let look = async {
        let mut tx = db.read().await?;
        let mut shut = Vec::new();
        for brand in brands::all(&mut tx).await? {
            shut.extend(house::shut(&mut tx, keys, brand.id).await?);
        }
        Ok::<_, crate::store::Error>(shut)
    };
    match look.await {
        Ok(shut) if shut.is_empty() => Ok("every channel's secrets open".into()),
        Ok(shut) => Err(format!(
            "the key does not open the secrets of {}; put the old key file back, or give these channels their settings anew",
            shut.join(", ")
        )),
        Err(error) => Err(error.to_string()),
    }
}

async fn unread(db: &Db) -> crate::store::Result<String> {
    let unread = deliveries::unread(&mut db.read().await?).await?;
    Ok(match unread.oldest {
        None => "everything is read".into(),
        Some(oldest) => format!("{} unread, the oldest since {oldest}", unread.n),
    })
}

async fn waiting(db: &Db) -> crate::store::Result<String> {
    let mut tx = db.read().await?;
    let gauges = outbox::gauges(&mut tx).await?;
    if gauges.is_empty() {
        return Ok("empty".into());
    }
    Ok(gauges.iter().map(|g| format!("{} {}", g.n, g.state)).collect::<Vec<_>>().join(", "))
}
