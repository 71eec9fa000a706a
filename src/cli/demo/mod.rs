//! `guichet demo`: the product as it is, joined by the real connector to networks that run on this
//! machine, with people who write and colleagues who answer. Nothing leaves the machine.

mod colleagues;
mod crowd;
mod elsewhere;
mod furnish;
mod narrate;
mod post;
mod town;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use clap::builder::PossibleValuesParser;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::serve::until_interrupted;
use super::{Desk, say};
use crate::app::{self, App};
use crate::base::Given;
use crate::base::clock::SystemClock;
use crate::config::Config;
use crate::flow::house::Tuning;
use crate::networks::NETWORKS;
use crate::simulator::Simulator;
use crate::simulator::pace::{Pace, SPEEDS};
use crate::simulator::scenes::{SCENARIOS, Scenario, scenario};
use crate::simulator::weather::Weather;
use crate::store::events;

pub use crowd::{Journal, Remote, automatic};
pub use furnish::open_for_business;
pub use town::{Chance, Town, town};

/// Show a living inbox: simulated people write, colleagues answer, nothing leaves this machine
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  guichet demo")]
pub struct Demo {
    /// Address and port to listen on; when taken, the next free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Dice: the same seed brings the same people in the same order
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How fast things happen, from 0.1 to 100: 1 is leisurely, 10 is a rush
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// Which brands are written to, and by whom
    #[arg(long, value_name = "NAME", default_value = "normal",
        value_parser = PossibleValuesParser::new(SCENARIOS.iter().map(|s| s.name)))]
    scenario: String,
    /// Keep the data in this folder (default: a temporary one, gone afterwards)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

fn speed(text: &str) -> Result<f64, String> {
    let (slowest, fastest) = SPEEDS;
    let within = text.parse::<f64>().ok().filter(|s| (slowest..=fastest).contains(s));
    within.ok_or_else(|| format!("a speed is a number from {slowest} to {fastest}"))
}

impl Demo {
    /// Plays until interrupted.
    pub async fn run(self, desk: Desk) -> anyhow::Result<ExitCode> {
        let scenario = scenario(&self.scenario).context("the command line knows every scenario")?;
        let (listener, address) = bind(&self.listen).await?;
        let temporary = std::env::temp_dir().join(format!("guichet-demo-{}", std::process::id()));
        let data = self.data.clone().unwrap_or_else(|| temporary.clone());
        let config = Config {
            data_dir: data.clone(),
            listen: address.clone(),
            public_url: format!("http://{address}"),
            secret_key_file: PathBuf::new(),
            outbound: crate::config::Outbound { allow: vec!["127.0.0.0/8".parse()?], only: true, ca_file: None },
            // Its own database, always: a demo never writes where real people's tickets are.
            database_url: String::new(),
            ..desk.config
        };
        let _lock = app::lock(&data)?;
        let stop = until_interrupted();
        let played = self.play(scenario, &config, listener, stop).await;
        if self.data.is_none() {
            std::fs::remove_dir_all(&temporary)
                .with_context(|| format!("the temporary folder {} is still there", temporary.display()))?;
        }
        played.map(|()| ExitCode::SUCCESS)
    }

    async fn play(
        &self,
        scenario: &'static Scenario,
        config: &Config,
        listener: TcpListener,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let tuning = Tuning {
            demo: true,
            // As much as the crowd can be hurried: the bot's brakes count by real hours.
            lively: 100,
            hold_public: Duration::from_secs(3),
            hold_private: Duration::from_secs(3),
            hold_bot_public: Duration::from_secs(3),
            hold_bot_private: Duration::from_secs(3),
            settle: Some(Duration::from_secs(5)),
            ..app::tuning(config)
        };
        let (journal, known) = Journal::open(&config.data_dir.join("crowd.jsonl"))?;
        crowd::same_play(scenario, &known, &config.data_dir)?;
        let app = App::open(config, Given::from_machine()?, NETWORKS, tuning).await?;
        let dice = Given::seeded(Arc::new(SystemClock), self.seed);
        let weather = Weather::default();
        let simulator = Simulator::start(dice.clone(), app.house.fetch.clone(), weather, stop.clone()).await?;
        let house = app.house.clone();
        let pace = Arc::new(Pace::new(self.speed));
        let chance = Chance { given: dice.clone(), seed: self.seed, pace: Arc::clone(&pace) };
        let Town { people, play, voices, letters } = town(&house, config, &simulator, scenario, chance).await?;
        let play = Arc::new(play);
        // Networks that are asked, not told, are asked at the start, and then not for a while.
        voices.beat();
        let remote = Arc::new(Remote::new(Arc::clone(&pace), dice));
        let first = crowd::recall(&play, known)?;
        let mut web = app.start(config, stop.clone()).await?;
        web.strip = Some(Arc::clone(&remote) as Arc<_>);
        let served = tokio::spawn(crate::web::server::serve(listener, crate::web::router(web.clone()), stop.clone()));
        let news = web.bus.listen();
        if crowd::begin(&house, &play, &journal, first).await? {
            colleagues::tidy(&house, &people).await?;
        }
        let since = events::last(&mut house.db.read().await?).await?;
        greet(config, &people.link, crowd::heed_the_keyboard(&remote));
        tokio::spawn(narrate::narrate(house.clone(), news, since, stop.clone()));
        let lived = tokio::spawn(crowd::live(house.clone(), Arc::clone(&play), journal, stop.clone()));
        tokio::spawn(elsewhere::speak(voices, stop.clone()));
        tokio::spawn(post::write(letters, stop.clone()));
        tokio::spawn(colleagues::work(house, web, people, pace, stop));
        served.await?;
        lived.await?;
        app.finish().await;
        Ok(())
    }
}

/// The first lines: where it is, how to come in, how to stop.
fn greet(config: &Config, link: &str, keyboard: bool) {
    say(&format!("Guichet demo: http://{}", config.listen));
    say(&format!("Open this link to sign in as Sarah (it can be used again):\n  {}/enter/{link}\n", config.public()));
    let pause =
        if keyboard { "Enter pauses the crowd and lets it go on, Ctrl-C stops. " } else { "Stop with Ctrl-C. " };
    say(&format!("{pause}What happens:"));
}

/// Binds the address, or the next free port after it.
async fn bind(listen: &str) -> anyhow::Result<(TcpListener, String)> {
    let (host, port) = listen.rsplit_once(':').with_context(|| format!("“{listen}” is not ADDRESS:PORT"))?;
    let port: u16 = port.parse().with_context(|| format!("“{port}” is no port"))?;
    for candidate in (port..=port.saturating_add(50)).take(50) {
        match TcpListener::bind((host, candidate)).await {
            Ok(listener) => {
                let address = listener.local_addr()?.to_string();
                return Ok((listener, address));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(error).with_context(|| format!("cannot listen on {host}:{candidate}")),
        }
    }
    anyhow::bail!("ports {port} to {} are taken; choose another with --listen", port.saturating_add(49))
}
