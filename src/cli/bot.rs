//! `guichet bot`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Desk;
use super::connector::Connector;
use super::eval::eval;
use super::replies::read;
use crate::base::id::BrandId;
use crate::base::locale::{Lang, t};
use crate::desk::bot::Decision;
use crate::desk::explain::{Told, sentences};
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::flow::House;
use crate::flow::bot::{self, Said};
use crate::store::brands;

/// The bot: what it would do, its authors' tests, stopping it
#[derive(Debug, Args)]
pub struct Bot {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    AtDesk(AtDesk),
    /// Say how well questions are told apart: learnt from one file, asked by another
    #[command(after_help = "Example:\n  guichet bot eval --faq faq.csv --test test.csv --out told.jsonl")]
    Eval {
        /// Questions and their answers: question,answer_id[,language]
        #[arg(long)]
        faq: PathBuf,
        /// What is asked: text,answer_id[,language]; no answer_id where nothing fits
        #[arg(long)]
        test: PathBuf,
        /// A line of JSON for each question
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// What needs a desk.
#[derive(Debug, Subcommand)]
enum AtDesk {
    /// Say what the bot would do with a message, and why
    #[command(
        after_help = "Example:\n  guichet bot ask \"où est ma commande ?\" --network facebook --visibility public"
    )]
    Ask {
        /// The message
        text: String,
        /// The network it came by
        #[arg(long, default_value = "facebook")]
        network: String,
        /// fr or en (default: told from the words)
        #[arg(long)]
        lang: Option<String>,
        /// public or private
        #[arg(long, default_value = "private")]
        visibility: Visibility,
        /// The words of the publication it stands under
        #[arg(long)]
        post: Option<String>,
        /// The brand (default: the first)
        #[arg(long)]
        brand: Option<String>,
    },
    /// Run the conversations written beside the answers, as if every entry were open
    #[command(after_help = "Example:\n  guichet bot test canned-replies")]
    Test {
        /// The folder
        #[arg(default_value = "canned-replies")]
        folder: PathBuf,
    },
    /// The programs the bot asks: add, list, try, remove
    #[command(subcommand, after_help = "Example:\n  guichet bot connector list --brand aubepine")]
    Connector(Connector),
    /// Say what the draft would have done with the last real messages, beside what is live
    #[command(after_help = "Example:\n  guichet bot replay --last 5000 --draft")]
    Replay(super::replay::Replay),
    /// Stop the bot: what it had not yet sent is taken back
    #[command(after_help = "Example:\n  guichet bot stop --brand aubepine")]
    Stop {
        /// The brand (default: every brand)
        #[arg(long)]
        brand: Option<String>,
    },
    /// Let the bot go on
    #[command(after_help = "Example:\n  guichet bot start --brand aubepine")]
    Start {
        /// The brand (default: every brand)
        #[arg(long)]
        brand: Option<String>,
    },
}

impl Bot {
    /// Runs the command.
    pub async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Eval { faq, test, out } => {
                let report = eval(&faq, &test, out.as_ref())?;
                desk.print(&report, &report.words())?;
                Ok(ExitCode::SUCCESS)
            }
            Command::AtDesk(command) => command.run(desk).await,
        }
    }
}

impl AtDesk {
    async fn run(self, desk: &Desk) -> anyhow::Result<ExitCode> {
        let house = desk.house().await?;
        let code = match self {
            AtDesk::Ask { text, network, lang, visibility, brand, post } => {
                let (id, _) = chosen(&house, brand.as_deref()).await?.swap_remove(0);
                let said = Said { post: post.as_deref(), ..Said::new(&text, &network, visibility, lang.as_deref()) };
                let mut tx = house.db.read().await?;
                let decision = bot::ask(&house, &mut tx, id, said).await?;
                let library = house.library(&mut tx, id).await?;
                let caller = of_caller(lang.as_deref());
                let title = |path: &str| library.get(path).map_or(path, |e| e.title(caller.as_str())).to_owned();
                let lines = told(caller, &decision, &title);
                let mut data = serde_json::to_value(&decision)?;
                data["explanation"] = json!(lines);
                let text = decision.text.as_ref().map(|t| format!("\n\n{t}")).unwrap_or_default();
                desk.print(&data, &format!("{}{text}", lines.join("\n")))?;
                ExitCode::SUCCESS
            }
            AtDesk::Test { folder } => {
                let looked = house.look_at(&read(&folder)?);
                let (entries, _) = looked.map_err(|p| anyhow::anyhow!("{}; see guichet replies lint", p[0]))?;
                let (passed, failed) = bot::scenes::play(&house, entries);
                let failed: Vec<String> = failed.iter().map(ToString::to_string).collect();
                let words = format!(
                    "{}{passed} passed, {} failed",
                    failed.iter().fold(String::new(), |all, f| all + f + "\n"),
                    failed.len()
                );
                desk.print(&json!({"passed": passed, "failed": failed}), &words)?;
                if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
            }
            AtDesk::Connector(command) => command.run(desk, &house).await?,
            AtDesk::Replay(replay) => {
                let (id, _) = chosen(&house, replay.brand()).await?.swap_remove(0);
                replay.run(desk, &house, id).await?
            }
            AtDesk::Stop { brand } => switch(desk, &house, brand.as_deref(), true).await?,
            AtDesk::Start { brand } => switch(desk, &house, brand.as_deref(), false).await?,
        };
        house.db.close().await;
        Ok(code)
    }
}

/// The brand named, or every one, by name.
async fn chosen(house: &House, slug: Option<&str>) -> anyhow::Result<Vec<(BrandId, String)>> {
    let mut tx = house.db.read().await?;
    let all = match slug {
        Some(slug) => {
            let found = brands::by_slug(&mut tx, slug).await;
            vec![found.map_err(|_| anyhow::anyhow!("there is no brand “{slug}”"))?]
        }
        None => brands::all(&mut tx).await?,
    };
    anyhow::ensure!(!all.is_empty(), "there is no brand yet; add one with: guichet brand add SLUG --name NAME");
    Ok(all.into_iter().map(|b| (b.id, b.slug)).collect())
}

async fn switch(desk: &Desk, house: &House, slug: Option<&str>, stop: bool) -> anyhow::Result<ExitCode> {
    let mut done = Vec::new();
    for (id, slug) in chosen(house, slug).await? {
        let switched = bot::switch(house, &Scope::house(id), id, stop).await?;
        let (back, under_way) = (switched.taken_back, switched.under_way);
        done.push(json!({"brand": slug, "stopped": stop, "taken_back": back, "under_way": under_way}));
    }
    let words = if stop { "The bot is stopped." } else { "The bot goes on." };
    desk.print(&done, words)?;
    Ok(ExitCode::SUCCESS)
}

/// The decision in plain sentences, and the words it would use.
fn told(lang: Lang, d: &Decision, title: &dyn Fn(&str) -> String) -> Vec<String> {
    let told = Told {
        decision: d.decision,
        entry: d.entry.as_deref(),
        because: d.because.as_deref(),
        trace: &d.trace,
        done: false,
    };
    let mut lines = sentences(lang, &told, title);
    if !d.others.is_empty() {
        let others: Vec<String> = d.others.iter().map(|o| title(o)).collect();
        lines.push(format!("{} {}", t(lang, "bot-also", &[]), others.join(", ")));
    }
    lines
}

/// The language of whoever asks: as named, else as the terminal's.
fn of_caller(named: Option<&str>) -> Lang {
    let terminal =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|k| std::env::var(k).ok().filter(|v| !v.is_empty()));
    named.and_then(|l| l.parse().ok()).unwrap_or_else(|| match terminal {
        Some(locale) if locale.starts_with("fr") => Lang::Fr,
        _ => Lang::En,
    })
}
