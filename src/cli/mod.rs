//! The command line: one file per command. Every command says what it did or, in one sentence, why
//! not; exit 0 done, 1 failed, 2 misused.

mod agent;
mod bot;
mod brand;
mod channel;
mod connector;
pub mod demo;
mod doctor;
mod eval;
mod ingest;
mod migrate;
mod recorded;
mod reindex;
mod replay;
mod replies;
mod serve;
mod token;
mod triage;

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use serde::Serialize;

use crate::app;
use crate::base::Given;
use crate::config::{Config, LogFormat};
use crate::flow::House;
use crate::networks::NETWORKS;

/// A customer-service inbox: every network's comments, mentions and messages in one ticket queue.
#[derive(Debug, Parser)]
#[command(
    name = "guichet",
    version,
    about,
    after_help = "Example:\n  guichet demo        a living inbox with simulated people, nothing leaves this machine\n  guichet serve       your own"
)]
struct Cli {
    /// The settings file (default: guichet.toml here, if there is one)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print data as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    Doctor(doctor::Doctor),
    Reindex(reindex::Reindex),
    Replies(replies::Replies),
    Bot(bot::Bot),
    Triage(triage::Triage),
    Brand(brand::Brand),
    Agent(agent::Agent),
    Token(token::Token),
    Channel(channel::Channel),
    Ingest(ingest::Ingest),
}

/// What every command has at hand.
pub struct Desk {
    config: Config,
    json: bool,
}

impl Desk {
    /// Opens the database for a command beside a running server.
    async fn house(&self) -> anyhow::Result<House> {
        app::open_house(&self.config, Given::from_machine()?, NETWORKS, app::tuning(&self.config)).await
    }

    /// Prints data: as one line of JSON when asked, else as written out.
    fn print(&self, data: &impl Serialize, words: &str) -> anyhow::Result<()> {
        let line = if self.json { serde_json::to_string(data)? } else { words.to_owned() };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }
}

/// A line for whoever watches a server; when nobody listens any more, it serves on.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A secret on standard input, when it is no terminal and not empty.
fn secret_from_stdin() -> anyhow::Result<Option<String>> {
    let mut stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok(None);
    }
    let mut text = String::new();
    stdin.read_to_string(&mut text)?;
    let secret = text.trim_end_matches(['\r', '\n']);
    Ok((!secret.is_empty()).then(|| secret.to_owned()))
}

/// The command line's definition, for tests of what documents show.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output with 0, misuse to standard error with 2.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(anyhow::Error::from);
    match done.and_then(|runtime| runtime.block_on(dispatch(cli))) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "guichet: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = Config::read(cli.config.as_deref(), std::env::vars())?;
    begin_log(&config, matches!(cli.command, Command::Serve(_)));
    let desk = Desk { config, json: cli.json };
    match cli.command {
        Command::Demo(c) => c.run(desk).await,
        Command::Serve(c) => c.run(desk).await,
        Command::Migrate(c) => c.run(&desk).await,
        Command::Doctor(c) => c.run(&desk).await,
        Command::Reindex(c) => c.run(&desk).await,
        Command::Replies(c) => c.run(&desk).await,
        Command::Bot(c) => c.run(&desk).await,
        Command::Triage(c) => c.run(&desk),
        Command::Brand(c) => c.run(&desk).await,
        Command::Agent(c) => c.run(&desk).await,
        Command::Token(c) => c.run(&desk).await,
        Command::Channel(c) => c.run(&desk).await,
        Command::Ingest(c) => c.run(&desk).await,
    }
}

/// The log goes to standard error; commands only say what went wrong.
fn begin_log(config: &Config, serving: bool) {
    use tracing_subscriber::EnvFilter;
    let level = if serving { config.log.as_str() } else { "error" };
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let begun = if config.log_format == LogFormat::Json {
        builder.json().try_init()
    } else {
        builder.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    // A second log in one process (tests) is none.
    drop(begun);
}
