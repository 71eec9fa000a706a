//! The one place where the parts are joined: open, run, stop.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rust_embed::RustEmbed;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::base::Given;
use crate::base::fetch::Fetch;
use crate::base::id::AnyId;
use crate::base::seal::KeyRing;
use crate::config::Config;
use crate::desk::calibration::{Aim, Aims};
use crate::desk::event::EventKind;
use crate::desk::triage::Rulebook;
use crate::flow::beside::{self, Job};
use crate::flow::house::{Parts, Tuning};
use crate::flow::log::Log;
use crate::flow::{House, attend, bot, errands, intake, listen, missed, outbox, renew, replay, tick};
use crate::live::tail::Tail;
use crate::live::{Bus, Counts};
use crate::networks::Network;
use crate::search::{Feeder, Search};
use crate::store::events::Past;
use crate::store::{Db, migrate};
use crate::web::page::Templates;
use crate::web::room::Room;
use crate::web::{Web, server};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/canned-replies"]
struct Library;

/// The parts, opened.
pub struct App {
    /// The use cases.
    pub house: House,
    search: Search,
    tasks: TaskTracker,
    stop: CancellationToken,
    reindex: Arc<Notify>,
}

/// Opens the database, brings it to this program's shape and joins what the use cases need.
///
/// # Errors
/// A sentence naming the database, folder, key or file at fault.
pub async fn open_house(
    config: &Config,
    given: Given,
    networks: &'static [&'static dyn Network],
    tuning: Tuning,
) -> anyhow::Result<House> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    let db = Db::open(&config.database()).await?;
    migrate::run(&db).await?;
    let keys = KeyRing::open(&config.key_file(), &given)?;
    let fetch = Fetch::trusting(config.guard(), config.authorities()?)?;
    let node = node_id(&config.data_dir, &given)?;
    let (rules, starter) = (shipped_rules()?, starter());
    let site = config.public().into();
    Ok(House::new(Parts { db, given, keys, fetch, networks, rules, starter, node, site, tuning }))
}

/// The figures a configuration sets.
pub fn tuning(config: &Config) -> Tuning {
    let t = &config.timing;
    let aim = |right: f64, fewest| Aim { right: right.clamp(0.5, 0.999), fewest };
    Tuning {
        aims: Aims {
            private: aim(config.bot.right_private, config.bot.judged_private),
            public: aim(config.bot.right_public, config.bot.judged_public),
        },
        hold_public: Duration::from_secs(t.undo_public_seconds),
        hold_private: Duration::from_secs(t.undo_private_seconds),
        hold_bot_public: Duration::from_secs(t.undo_bot_public_seconds),
        hold_bot_private: Duration::from_secs(t.undo_bot_private_seconds),
        stop_file: Some(config.data_dir.join("STOP_BOT")),
        settle: (t.settle_millis > 0).then(|| Duration::from_millis(t.settle_millis)),
        poll_every: Duration::from_secs(t.poll_seconds),
        ..Tuning::default()
    }
}

/// The lexicons and rules that come with the program.
///
/// # Errors
/// Every mistake in them, one a line.
pub fn shipped_rules() -> anyhow::Result<Rulebook> {
    let files: Vec<(String, String)> = Library::iter()
        .filter(|name| name.starts_with("triage/"))
        .filter_map(|name| {
            let text = String::from_utf8_lossy(&Library::get(&name)?.data).into_owned();
            Some((name.into_owned(), text))
        })
        .collect();
    Rulebook::read(files.iter().map(|(n, t)| (n.as_str(), t.as_str()))).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    })
}

/// The canned replies that come with the program, for new brands: `folder/name.md` and its words.
pub fn starter() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Library::iter()
        .filter(|name| name.ends_with(".md") && !name.starts_with("triage/"))
        .filter_map(|name| {
            let text = String::from_utf8_lossy(&Library::get(&name)?.data).into_owned();
            Some((name.into_owned(), text))
        })
        .collect();
    files.sort();
    files
}

/// This node's name: the same after a restart, another one in another data folder.
fn node_id(data: &Path, given: &Given) -> anyhow::Result<AnyId> {
    let path = data.join("node");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return text.trim().parse().with_context(|| format!("{} does not hold an id", path.display()));
    }
    let id: AnyId = given.id();
    crate::base::seal::write_private(&path, &id.to_string())?;
    Ok(id)
}

/// Holds the data folder for one server: a second one on the same folder is refused.
///
/// # Errors
/// When another server holds it.
pub fn lock(data: &Path) -> anyhow::Result<std::fs::File> {
    std::fs::create_dir_all(data)?;
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(data.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => anyhow::bail!(
            "another guichet serves from the folder {}; stop it first, or choose another with GUICHET_DATA_DIR",
            data.display()
        ),
    }
}

impl App {
    /// Joins the parts.
    ///
    /// # Errors
    /// As [`open_house`], or when the search folder cannot be written.
    pub async fn open(
        config: &Config,
        given: Given,
        networks: &'static [&'static dyn Network],
        tuning: Tuning,
    ) -> anyhow::Result<App> {
        let house = open_house(config, given, networks, tuning).await?;
        let search = Search::open(&config.data_dir.join("search"))?;
        Ok(App { house, search, tasks: TaskTracker::new(), stop: CancellationToken::new(), reindex: Arc::default() })
    }

    /// Starts the clockwork and serves until `stop` is cancelled; returns once everything has
    /// finished.
    ///
    /// # Errors
    /// When the templates or the log cannot be read at the start.
    pub async fn serve(self, config: &Config, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
        let web = self.start(config, stop.clone()).await?;
        server::serve(listener, crate::web::router(web), stop).await;
        self.finish().await;
        Ok(())
    }

    /// Starts the clockwork: log, intake, outbox, errands, polls, timers, tail, search.
    ///
    /// # Errors
    /// When the templates or the log cannot be read.
    pub async fn start(&self, config: &Config, leaving: CancellationToken) -> anyhow::Result<Web> {
        let (counts, bus) = (Counts::default(), Bus::default());
        let tail = Tail::begin(self.house.db.clone(), counts.clone(), bus.clone()).await?;
        let (log, writer) = Log::open(self.house.clone(), self.stop.clone());
        self.tasks.spawn(writer);
        outbox::find_orphans(&self.house, true).await.map_err(|e| anyhow::anyhow!("{e}"))?;
        bot::turn::begin(&self.house).await.map_err(|e| anyhow::anyhow!("{e}"))?;
        self.keep_turning();
        let house = self.house.clone();
        let heed = Arc::new(move |event: &Past| {
            if matches!(event.kind, EventKind::ChannelChanged) {
                house.forget();
                house.bells.channels.notify_one();
            }
            if matches!(event.kind, EventKind::LibraryChanged) {
                house.forget_library(event.brand_id);
            }
            if matches!(event.kind, EventKind::MessageReceived | EventKind::MessageEdited | EventKind::Assigned) {
                house.bells.bot.notify_one();
            }
            if matches!(event.kind, EventKind::ReplyQueued | EventKind::ChannelChanged) {
                house.bells.outbox.notify_one();
            }
        });
        self.tasks.spawn(tail.run(self.stop.clone(), heed));
        let (db, stop) = (self.house.db.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            loop {
                tokio::select! {
                    heard = db.hear_others() => {
                        if let Err(error) = heard {
                            tracing::warn!(name: "news.lost", %error, "notifications are not heard; polling meanwhile");
                        }
                        tokio::time::sleep(Duration::from_secs(2)).await;
                    }
                    () = stop.cancelled() => return,
                }
            }
        });
        let feeder = Feeder::new(self.house.db.clone(), self.search.clone(), self.house.given.clone());
        self.tasks.spawn(feeder.run(self.stop.clone(), Arc::clone(&self.reindex)));
        self.watch_for_reindex(config);
        let media_dir = config.data_dir.join("media");
        std::fs::create_dir_all(&media_dir)?;
        Ok(Web {
            house: self.house.clone(),
            log,
            counts,
            bus,
            search: self.search.clone(),
            proxies: config.trusted_proxies.clone().into(),
            forged: Arc::default(),
            templates: Arc::new(Templates::load()?),
            public_url: config.public().into(),
            media_dir: Arc::new(media_dir),
            room: Room::default(),
            strip: None,
            leaving,
        })
    }

    /// `guichet reindex` beside a running server asks for it by a file.
    fn watch_for_reindex(&self, config: &Config) {
        let (path, again, stop) = (config.data_dir.join("reindex"), Arc::clone(&self.reindex), self.stop.clone());
        self.tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                    () = stop.cancelled() => return,
                }
                if tokio::fs::remove_file(&path).await.is_ok() {
                    again.notify_one();
                }
            }
        });
    }

    fn keep_turning(&self) {
        let second = Duration::from_secs(1);
        self.keep("intake", second, |h| Box::pin(async move { intake::turn(&h).await }), |h| &h.bells.intake);
        self.keep("calls", second, |h| Box::pin(async move { bot::call::turn(&h).await }), |h| &h.bells.calls);
        self.keep("bot", second, |h| Box::pin(async move { bot::turn::turn(&h).await }), |h| &h.bells.bot);
        self.keep("replay", second * 5, |h| Box::pin(async move { replay::turn(&h).await }), |h| &h.bells.replay);
        self.keep(
            "missed",
            second * 60,
            |h| Box::pin(async move { missed::survey::turn(&h).await }),
            |h| &h.bells.missed,
        );
        self.keep("tick", second * 5, |h| Box::pin(async move { tick::turn(&h).await }), no_bell);
        self.tasks.spawn(attend::attend(self.house.clone(), self.stop.clone()));
        let jobs = [
            Job {
                name: "outbox",
                every: second,
                begin: |h| Box::pin(async move { outbox::begin(&h).await }),
                bell: |h| &h.bells.outbox,
                ends: true,
            },
            Job {
                name: "errands",
                every: second * 5,
                begin: |h| Box::pin(async move { errands::begin(&h).await }),
                bell: |h| &h.bells.errands,
                ends: false,
            },
            Job {
                name: "listen",
                every: second * 5,
                begin: |h| Box::pin(async move { listen::begin(&h).await }),
                bell: no_bell,
                ends: false,
            },
            // Some networks take the old login away with the answer that brings the new one.
            Job {
                name: "renew",
                every: second * 5,
                begin: |h| Box::pin(async move { renew::begin(&h).await }),
                bell: no_bell,
                ends: true,
            },
        ];
        for job in jobs {
            self.tasks.spawn(beside::keep(self.house.clone(), job, self.stop.clone()));
        }
    }

    /// Keeps a turn turning: at once while there is work, else at its bell or after `every`. A turn
    /// that fails or panics is tried again, a little later each time.
    fn keep(&self, name: &'static str, every: Duration, turn: Turn, bell: fn(&House) -> &Notify) {
        let (house, stop) = (self.house.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            let mut failures: u32 = 0;
            while !stop.is_cancelled() {
                let rung = bell(&house).notified();
                let outcome = tokio::spawn(turn(house.clone())).await;
                let wait = match outcome {
                    Ok(Ok(0)) => {
                        failures = 0;
                        every
                    }
                    Ok(Ok(_)) => {
                        failures = 0;
                        continue;
                    }
                    Ok(Err(error)) => {
                        failures += 1;
                        tracing::warn!(name: "turn.failed", turn = name, %error, failures, "trying again");
                        Duration::from_millis(100) * failures.min(50)
                    }
                    Err(panic) => {
                        failures += 1;
                        tracing::error!(name: "turn.panicked", turn = name, error = %panic, failures, "trying again");
                        Duration::from_secs(1) * failures.min(30)
                    }
                };
                tokio::select! {
                    () = rung, if failures == 0 => {}
                    () = tokio::time::sleep(wait) => {}
                    () = stop.cancelled() => {}
                }
            }
        });
    }

    /// Lets everything finish: what is being sent is sent and written down.
    pub async fn finish(self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(Duration::from_secs(25), self.tasks.wait()).await.is_err() {
            tracing::warn!(name: "app.impatient", "not everything finished in time; it goes on at the next start");
        }
        self.house.db.close().await;
    }
}

type Turn = fn(House) -> std::pin::Pin<Box<dyn Future<Output = crate::flow::Result<usize>> + Send>>;

/// For turns that only the hour moves: a bell nobody rings.
fn no_bell(house: &House) -> &Notify {
    &house.bells.silent
}
