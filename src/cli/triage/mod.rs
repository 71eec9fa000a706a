//! `guichet triage`: how well messages are told apart by the lexicons and rules that come with the
//! program.

mod read;
mod report;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};

use self::read::Row;
use self::report::Report;
use super::Desk;
use crate::desk::message::{Kind, Visibility};
use crate::desk::triage::verdict::Verdict;
use crate::desk::triage::{Facts, Rulebook};

/// The first look at messages: how well it tells them apart
#[derive(Debug, Args)]
pub struct Triage {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say how often the labels of a file are found: precision, recall and F1 of each
    #[command(after_help = "Example:\n  guichet triage eval --test labelled.csv --out told.jsonl")]
    Eval {
        /// What was written, and its labels: text[,language,stage,hot,support,complaint,spam,legal,crisis,sentiment]
        #[arg(long)]
        test: PathBuf,
        /// A line of JSON for each message: what was told, and by which signals
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

impl Triage {
    /// Runs the command.
    pub fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let Command::Eval { test, out } = self.command;
        let book = crate::app::shipped_rules()?;
        let file = read::read(&test)?;
        let told: Vec<Verdict> = file.rows.iter().map(|row| look(&book, &row.text)).collect();
        if let Some(path) = out {
            write(&path, &file.rows, &told)?;
        }
        let report = Report::of(&file, &told);
        desk.print(&report, &report.words())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A message by itself: nobody knows its author, and nothing went before.
fn look(book: &Rulebook, text: &str) -> Verdict {
    let facts = Facts {
        text,
        kind: Kind::Comment,
        visibility: Visibility::Public,
        network: "",
        under_our_post: false,
        known_customer: false,
        has_team: false,
        rating: None,
    };
    let (findings, acts) = book.judge(&facts);
    Verdict::of(findings, &acts)
}

fn write(path: &Path, rows: &[Row], told: &[Verdict]) -> anyhow::Result<()> {
    let file = std::fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut file = std::io::BufWriter::new(file);
    for (row, told) in rows.iter().zip(told) {
        let line = serde_json::json!({"text": row.text, "expected": row.expected(), "predicted": told});
        writeln!(file, "{line}")?;
    }
    Ok(file.flush()?)
}
