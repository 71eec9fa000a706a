//! `guichet replies`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;

use super::Desk;
use crate::desk::calibration::lock::FILE;
use crate::desk::canned::{Note, Weight, hijacks};
use crate::flow::bot::lock;
use crate::flow::library::{self, File};
use crate::store::brands;

/// The library of canned replies
#[derive(Debug, Args)]
pub struct Replies {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Look for mistakes in a folder of entries; fails when there are errors
    #[command(after_help = "Example:\n  guichet replies lint canned-replies")]
    Lint {
        /// The folder
        #[arg(default_value = "canned-replies")]
        folder: PathBuf,
    },
    /// Put a folder's entries into a brand's library; what is the same stays as it is
    #[command(after_help = "Example:\n  guichet replies import canned-replies --brand aubepine")]
    Import {
        /// The folder
        #[arg(default_value = "canned-replies")]
        folder: PathBuf,
        /// The brand
        #[arg(long)]
        brand: String,
    },
    /// Write a brand's library into a folder, byte for byte as it was written
    #[command(after_help = "Example:\n  guichet replies export my-replies --brand aubepine")]
    Export {
        /// The folder
        #[arg(default_value = "canned-replies")]
        folder: PathBuf,
        /// The brand
        #[arg(long)]
        brand: String,
    },
}

impl Replies {
    /// Runs the command.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let house = desk.house().await?;
        let code = match self.command {
            Command::Lint { folder } => {
                let files = read(&folder)?;
                let mut notes = match house.look_at(&files) {
                    Ok((entries, mut notes)) => {
                        notes.extend(hijacks(&entries));
                        notes
                    }
                    Err(problems) => {
                        let note = |p: crate::desk::canned::Problem| Note {
                            weight: Weight::Error,
                            file: p.file,
                            line: p.line,
                            what: p.what,
                        };
                        problems.into_iter().map(note).collect()
                    }
                };
                if let Some(text) = locked(&folder)? {
                    let entries: Vec<String> =
                        files.iter().map(|(name, _)| name.trim_end_matches(".md").to_owned()).collect();
                    notes.extend(lock::lint(&house, &text, &entries));
                }
                let words: Vec<String> =
                    notes.iter().map(|n| format!("{} {}:{}: {}", n.weight, n.file, n.line, n.what)).collect();
                let words = if words.is_empty() { "Nothing to mend.".to_owned() } else { words.join("\n") };
                desk.print(&notes, &words)?;
                if notes.iter().any(|n| n.weight == Weight::Error) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
            }
            Command::Import { folder, brand } => {
                let brand = brand_of(&house, &brand).await?;
                let files = read(&folder)?;
                let thresholds = locked(&folder)?;
                // What cannot be read is refused before anything is changed.
                let bad = thresholds.iter().flat_map(|text| lock::lint(&house, text, &[]));
                if let Some(bad) = bad.into_iter().find(|n| n.weight == Weight::Error) {
                    anyhow::bail!("{}", bad.what);
                }
                let changed = library::import(&house, brand, &files).await?;
                let mut words = format!("{changed} of {} entries were added or changed.", files.len());
                let mut taken = lock::Taken::default();
                if let Some(text) = thresholds {
                    taken = lock::import(&house, brand, &text).await?;
                    words.push_str(&taken.words());
                }
                let told = json!({"entries": files.len(), "changed": changed, "thresholds": taken});
                desk.print(&told, &words)?;
                ExitCode::SUCCESS
            }
            Command::Export { folder, brand } => {
                let brand = brand_of(&house, &brand).await?;
                let files = library::export(&house, brand).await?;
                for (name, source) in &files {
                    let path = folder.join(name);
                    let parent = path.parent().context("an entry stands in a folder")?;
                    std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
                    std::fs::write(&path, source).with_context(|| format!("cannot write {}", path.display()))?;
                }
                if let Some(text) = lock::export(&house, brand).await? {
                    let path = folder.join(FILE);
                    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
                }
                desk.print(
                    &json!({"entries": files.len()}),
                    &format!("{} entries were written to {}.", files.len(), folder.display()),
                )?;
                ExitCode::SUCCESS
            }
        };
        house.db.close().await;
        Ok(code)
    }
}

async fn brand_of(house: &crate::flow::House, slug: &str) -> anyhow::Result<crate::base::id::BrandId> {
    let mut tx = house.db.read().await?;
    let brand = brands::by_slug(&mut tx, slug).await;
    Ok(brand.map_err(|_| anyhow::anyhow!("there is no brand “{slug}”"))?.id)
}

/// The thresholds beside a folder's entries, where there are any.
fn locked(folder: &Path) -> anyhow::Result<Option<String>> {
    let path = folder.join(FILE);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?))
}

/// Every entry below a folder, by place; the rules of triage are no entries.
pub(super) fn read(folder: &Path) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(here) = open.pop() {
        let inside = std::fs::read_dir(&here).with_context(|| format!("cannot read the folder {}", here.display()))?;
        for item in inside {
            let path = item?.path();
            if path.is_dir() {
                if path != folder.join("triage") {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "md") {
                let name: Vec<String> = path
                    .strip_prefix(folder)?
                    .components()
                    .map(|c| c.as_os_str().to_string_lossy().into_owned())
                    .collect();
                let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                files.push((name.join("/"), text));
            }
        }
    }
    files.sort();
    Ok(files)
}
