//! `guichet bot`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Desk;
use super::eval::eval;
use super::replies::read;
use crate::base::id::BrandId;
use crate::desk::bot::{Decision, SUGGESTS_AT, Verdict, answers_at};
use crate::desk::calibration::Thresholds;
use crate::desk::canned::{Entry, Expect, Library, Line, Mode, Scene};
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
            AtDesk::Ask { text, network, lang, visibility, brand } => {
                let (id, _) = chosen(&house, brand.as_deref()).await?.swap_remove(0);
                let said = Said { text: &text, network: &network, visibility, language: lang.as_deref() };
                let mut tx = house.db.read().await?;
                let decision = bot::ask(&house, &mut tx, id, said).await?;
                desk.print(&decision, &told(&decision))?;
                ExitCode::SUCCESS
            }
            AtDesk::Test { folder } => {
                let looked = house.look_at(&read(&folder)?);
                let (entries, _) = looked.map_err(|p| anyhow::anyhow!("{}; see guichet replies lint", p[0]))?;
                let (passed, failed) = run_tests(&house, entries)?;
                let words = format!(
                    "{}{passed} passed, {} failed",
                    failed.iter().fold(String::new(), |all, f| all + f + "\n"),
                    failed.len()
                );
                desk.print(&json!({"passed": passed, "failed": failed}), &words)?;
                if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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

fn told(d: &Decision) -> String {
    let mut lines = vec![format!("{}{}", d.decision, d.entry.as_ref().map(|e| format!(" {e}")).unwrap_or_default())];
    if let Some(because) = &d.because {
        lines.push(format!("because: {because}"));
    }
    if d.entry.is_none() && d.decision == Verdict::Silent && d.trace.rule == d.because.as_deref().unwrap_or_default() {
        // A tag speaks against it: its named signals, each with its words.
        let signals: Vec<String> = d.trace.matched.iter().map(|m| format!("{} “{}”", m.why, m.text)).collect();
        lines.push(format!("{} {}: {}", d.trace.rule, d.trace.score.unwrap_or_default(), signals.join(", ")));
        return lines.join("\n");
    }
    if let Some(score) = d.trace.score {
        let answers = answers_at(&d.trace);
        lines.push(format!("score {score} of {SUGGESTS_AT} needed to suggest, {answers} to answer"));
    }
    if let Some(e) = &d.trace.evidence {
        let least = (e.at_least * 100.0).floor();
        lines
            .push(format!("evidence: {} of {} judged messages right from there on, at least {least} %", e.right, e.of));
    }
    if let Some(m) = d.trace.matched.first() {
        let words: Vec<&str> = d.trace.matched.iter().map(|m| m.text.as_str()).collect();
        lines.push(format!("like “{}”: {}", m.why, words.join(" · ")));
    }
    if !d.others.is_empty() {
        lines.push(format!("also: {}", d.others.join(", ")));
    }
    lines.join("\n")
}

/// Runs every test; how many passed, and what went wrong in the others.
fn run_tests(house: &House, entries: Vec<Entry>) -> anyhow::Result<(usize, Vec<String>)> {
    let faq = bot::learn(entries.iter());
    let library = Library::of(entries);
    let (mut passed, mut failed) = (0, Vec::new());
    for entry in library.entries() {
        for scene in &entry.tests {
            match play(house, &library, &faq, entry, scene)? {
                None => passed += 1,
                Some(wrong) => failed.push(format!("{}.md:{}: {wrong}", entry.path(), scene.line)),
            }
        }
    }
    Ok((passed, failed))
}

/// Plays a scene; what went wrong, if anything did.
fn play(
    house: &House,
    library: &Library,
    faq: &crate::desk::faq::Faq,
    entry: &Entry,
    scene: &Scene,
) -> anyhow::Result<Option<String>> {
    let visibility = if scene.public { Visibility::Public } else { Visibility::Private };
    let mut last: Option<(String, Decision)> = None;
    for line in &scene.lines {
        match line {
            Line::Says(text) => {
                let said = Said { text, network: &scene.network, visibility, language: Some(&scene.language) };
                last = Some((text.clone(), house.think(library, faq, said, &|_| Mode::Auto, &Thresholds::default())?));
            }
            Line::Connector(_) => {}
            Line::Expects(expect) => {
                let Some((text, decision)) = &last else { continue };
                if let Some(wrong) = differs(library, entry, expect, decision, visibility) {
                    return Ok(Some(format!("“{text}”: {wrong}")));
                }
            }
        }
    }
    Ok(None)
}

fn differs(library: &Library, entry: &Entry, expect: &Expect, d: &Decision, visibility: Visibility) -> Option<String> {
    let got = || format!("{} {}", d.decision, d.entry.as_deref().unwrap_or("nothing"));
    let meant =
        |id: &str| d.entry.as_deref().and_then(|p| library.get(p)).is_some_and(|e| e.head.id == id || e.path() == id);
    match expect {
        Expect::Reply(name, _) => {
            let text = entry.main_text(visibility);
            if !meant(&entry.head.id) {
                return Some(format!("expected {}, got {}", entry.head.id, got()));
            }
            (text != Some(name.as_str())).then(|| format!("expected the text {name}, got {}", text.unwrap_or("none")))
        }
        Expect::Silence => (!matches!(d.decision, Verdict::Silent | Verdict::Handoff))
            .then(|| format!("expected silence, got {}", got())),
        Expect::Suggest(id) => (!meant(id)).then(|| format!("expected {id}, got {}", got())),
        Expect::Not(id) => meant(id).then(|| format!("expected anything but {id}, got {}", got())),
    }
}
