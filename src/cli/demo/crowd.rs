//! Keeps the crowd going: its beat, its pause, and what it remembers in the data folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::base::Given;
use crate::cli::say;
use crate::flow::House;
use crate::simulator::pace::Pace;
use crate::simulator::play::{Play, Record};
use crate::simulator::scenes::Scenario;
use crate::store::{brands, channels, deliveries, messages};
use crate::web::strip::Strip;

/// How often the crowd is looked at.
const BEAT: Duration = Duration::from_millis(200);

/// What the crowd remembers, in a file: a record a line, the later one counts.
pub struct Journal(Mutex<File>);

impl Journal {
    /// Opens the file; what it holds already. A last line that was cut off counts as not written.
    ///
    /// # Errors
    /// When it cannot be read or written, or holds something else.
    pub fn open(path: &Path) -> anyhow::Result<(Journal, Vec<Record>)> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        let read = |(n, line): (usize, &str)| {
            serde_json::from_str(line).with_context(|| format!("{}:{} is no record of a demo", path.display(), n + 1))
        };
        let known = whole.lines().enumerate().map(read).collect::<anyhow::Result<Vec<Record>>>()?;
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        file.set_len(whole.len() as u64)?;
        Ok((Journal(Mutex::new(file)), known))
    }

    /// Writes down what the crowd would remember.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, play: &Play) -> anyhow::Result<()> {
        let records = play.changes();
        if records.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for record in records {
            serde_json::to_writer(&mut lines, &record)?;
            lines.push(b'\n');
        }
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&lines).context("cannot write down what the crowd remembers")
    }
}

/// Refuses to play another play in the folder of one that was begun.
///
/// # Errors
/// When it is another one.
pub fn same_play(scenario: &Scenario, known: &[Record], data: &Path) -> anyhow::Result<()> {
    let other = known.iter().find_map(|r| match r {
        Record::Begun { scenario: begun } if begun != scenario.name => Some(begun),
        _ => None,
    });
    match other {
        Some(begun) => anyhow::bail!(
            "the folder {} holds the scenario {begun}; go on with --scenario {begun}, or choose another folder for {}",
            data.display(),
            scenario.name
        ),
        None => Ok(()),
    }
}

/// The crowd and its networks remember, before anything is sent to them; true when nothing was told
/// yet.
///
/// # Errors
/// When another play was begun.
pub fn recall(play: &Play, known: Vec<Record>) -> anyhow::Result<bool> {
    let first = !known.iter().any(|r| matches!(r, Record::Told));
    for record in known {
        play.remember(record).map_err(|other| anyhow::anyhow!("the folder holds the scenario {other}"))?;
    }
    Ok(first)
}

/// The crowd takes up what it left, or tells what was said before; true when it told.
///
/// # Errors
/// When the desk does not take it in.
pub async fn begin(house: &House, play: &Play, journal: &Journal, first: bool) -> anyhow::Result<bool> {
    play.resume();
    play.tell_the_past().await;
    journal.keep(play)?;
    // The first look at the inbox should find it told.
    for _ in 0..600 {
        if deliveries::unread(&mut house.db.read().await?).await?.n == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(first)
}

/// Lets the crowd live until `stop`, and writes down what it remembers.
pub async fn live(house: House, play: Arc<Play>, journal: Journal, stop: CancellationToken) {
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    let mut beats = 0_u32;
    loop {
        let stopped = tokio::select! {
            () = tokio::time::sleep(BEAT) => false,
            () = stop.cancelled() => true,
        };
        if !stopped {
            let pondered = play.pondered();
            known.retain(|id, _| pondered.contains(id));
            match automatic(&house, pondered.iter().filter(|id| !known.contains_key(*id))).await {
                Ok(told) => known.extend(told),
                Err(error) => {
                    tracing::debug!(name: "demo.who_wrote", error = format!("{error:#}"), "asked again at the next beat");
                }
            }
            play.beat(&|id| known.get(id).copied().unwrap_or(false));
            beats += 1;
        }
        if (stopped || beats.is_multiple_of(5))
            && let Err(error) = journal.keep(&play)
        {
            tracing::error!(name: "demo.forgets", error = format!("{error:#}"), "the next demo will not know this");
        }
        if stopped {
            return;
        }
    }
}

/// Which of our answers, by the network's ids, a machine wrote; those not written down yet are left
/// out.
///
/// # Errors
/// As the database reports.
pub async fn automatic(house: &House, ids: impl Iterator<Item = &String>) -> anyhow::Result<Vec<(String, bool)>> {
    let asked: BTreeSet<&String> = ids.collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = house.db.read().await?;
    let mut told = Vec::new();
    for brand in brands::all(&mut tx).await? {
        for channel in channels::of_brand(&mut tx, brand.id).await? {
            for id in &asked {
                if let Some(m) = messages::by_external(&mut tx, brand.id, channel.id, id).await? {
                    told.push(((*id).clone(), m.agent_id.is_none() && m.by_rule.is_some()));
                }
            }
        }
    }
    Ok(told)
}

/// The crowd's pause and speed, in the hands of whoever looks on.
pub struct Remote {
    pace: Arc<Pace>,
    given: Given,
}

impl Remote {
    /// In these hands.
    pub fn new(pace: Arc<Pace>, given: Given) -> Remote {
        Remote { pace, given }
    }

    /// Stands still, or goes on; which of the two.
    pub fn toggle(&self) -> bool {
        let paused = !self.pace.now().1;
        self.pace.pause(paused, self.given.now());
        paused
    }
}

impl Strip for Remote {
    fn pace(&self) -> (f64, bool) {
        self.pace.now()
    }

    fn pause(&self, paused: bool) {
        self.pace.pause(paused, self.given.now());
    }

    fn set_speed(&self, speed: f64) {
        self.pace.set_speed(speed, self.given.now());
    }
}

/// Enter pauses, where somebody sits at a terminal; true when they do.
pub fn heed_the_keyboard(remote: &Arc<Remote>) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    let remote = Arc::clone(remote);
    // A thread of its own: reading a terminal cannot be called off, and must not hold up the end.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            if line.is_err() {
                return;
            }
            say(if remote.toggle() { "  … paused; Enter goes on" } else { "  … going on; Enter pauses" });
        }
    });
    true
}
