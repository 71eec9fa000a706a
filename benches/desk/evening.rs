//! Evening: `guichet demo --scenario evening`, with every network's simulator pushing at once. Pages as
//! somebody asks for them meanwhile, and how long what came by each network waited for its ticket.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;

use crate::Bench;
use crate::report::{self, Figure, Goal, Spread, middle_and_p99, millis};
use crate::{lite, wire};

/// How long one looks on: the rush lasts about four minutes.
const LASTS: Duration = Duration::from_mins(3);
/// A page is asked for this often: as ten busy agents ask.
const EVERY: Duration = Duration::from_millis(100);
/// How often the log is looked at: no wait is measured more finely.
const LOOK: Duration = Duration::from_millis(25);
const PAGES: [&str; 5] = [
    "/inbox/todo",
    "/inbox/open?sort=newest",
    "/inbox/open?stage=hot_prospect",
    "/inbox/waiting",
    "/settings/channels",
];

/// Stops the demo, also when something went wrong.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

/// Measures.
pub fn run(_: &Bench) -> Result<()> {
    report::title("evening: every network's simulator pushes at once");
    let folder = tempfile::Builder::new().prefix("guichet-bench-").tempdir()?;
    let (said, data) = (folder.path().join("said"), folder.path().join("data"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["demo", "--scenario", "evening", "--listen", "127.0.0.1:8720", "--data"]).arg(&data);
    command.stdin(Stdio::null()).stdout(File::create(&said)?).stderr(File::create(folder.path().join("log"))?);
    let demo = Demo(command.spawn()?);
    let (address, link) = began(&said)?;
    let cookie = sign_in(address, &link)?;
    let over = Arc::new(AtomicBool::new(false));
    let (file, done) = (data.join("guichet.db"), Arc::clone(&over));
    let watcher = std::thread::spawn(move || waits(&file, &done));
    let pages = ask(address, &cookie)?;
    over.store(true, Ordering::SeqCst);
    let waits = watcher.join().map_err(|_| anyhow::anyhow!("the watcher failed"))??;
    drop(demo);
    let (p50, p99) = middle_and_p99(pages);
    print("pages, p50", Spread::of(&[millis(p50)]), None);
    print("pages, p99", Spread::of(&[millis(p99)]), Some(Goal::AtMost(500.0)));
    let bodies: usize = waits.values().map(Vec::len).sum();
    report::alone("even.", "bodies a minute, all networks", "/min", &[report::rate(bodies, LASTS) * 60.0]);
    for (network, waits) in waits {
        let (n, (p50, p99)) = (waits.len(), middle_and_p99(waits));
        print(&format!("{network}: {n} bodies, until the ticket, p50"), Spread::of(&[millis(p50)]), None);
        print(&format!("{network}: until the ticket, p99"), Spread::of(&[millis(p99)]), Some(Goal::AtMost(2_000.0)));
    }
    Ok(())
}

fn print(what: &str, ours: Spread, goal: Option<Goal>) {
    Figure { workload: "even.", what, unit: "ms", ours, beside: None, goal }.print();
}

/// Waits for the first lines: where it is, and the link.
fn began(said: &Path) -> Result<(SocketAddr, String)> {
    let deadline = Instant::now() + Duration::from_mins(2);
    loop {
        let text = std::fs::read_to_string(said)?;
        let link = text.split("/enter/").nth(1).and_then(|rest| rest.split_once('\n'));
        let address = text.lines().next().and_then(|l| l.rsplit_once("http://")?.1.trim().parse().ok());
        if let (Some(address), Some((link, _))) = (address, link) {
            return Ok((address, link.trim().to_owned()));
        }
        ensure!(Instant::now() < deadline, "the demo did not begin; it said: {text}");
        std::thread::sleep(LOOK);
    }
}

fn sign_in(address: SocketAddr, link: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /enter/{link} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let cookie = answer.lines().find_map(|l| Some(l.strip_prefix("set-cookie: ")?.split(';').next()?.to_owned()));
    Ok(format!("cookie: {}\r\n", cookie.context("the link does not sign in")?))
}

/// Pages one after another, as far apart as they may be; how long each took.
fn ask(address: SocketAddr, cookie: &str) -> Result<Vec<Duration>> {
    let (begun, mut took, mut n) = (Instant::now(), Vec::new(), 0_u32);
    while begun.elapsed() < LASTS {
        let path = PAGES[usize::try_from(n)? % PAGES.len()];
        let asked = Instant::now();
        let (status, _) = wire::get(address, path, cookie)?;
        ensure!(status == 200, "{path}: {status}");
        took.push(asked.elapsed());
        n += 1;
        std::thread::sleep((EVERY * n).saturating_sub(begun.elapsed()));
    }
    Ok(took)
}

/// How long each body waited from its arrival until what it says was a ticket, by network.
fn waits(file: &Path, over: &AtomicBool) -> Result<BTreeMap<String, Vec<Duration>>> {
    let db = lite::open(file)?;
    let (mut waits, mut known): (BTreeMap<String, Vec<Duration>>, BTreeSet<i64>) = (BTreeMap::new(), past(&db)?);
    while !over.load(Ordering::SeqCst) {
        let lowest = known.last().copied().unwrap_or(0) - 5_000;
        let mut query = db.prepare_cached("select d.seq, d.received_at, c.network from deliveries d join connections c on c.id = d.connection_id where d.seq > ?1 and d.state = 'done'")?;
        let rows =
            query.query_map([lowest], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, String>(2)?)))?;
        let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let now = i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_micros())?;
        for (seq, received, network) in rows {
            if known.insert(seq) {
                let waited = u64::try_from(now - received).unwrap_or(0);
                waits.entry(network).or_default().push(Duration::from_micros(waited));
            }
        }
        std::thread::sleep(LOOK);
    }
    Ok(waits)
}

fn past(db: &Connection) -> Result<BTreeSet<i64>> {
    let mut query = db.prepare("select seq from deliveries where state = 'done'")?;
    Ok(query.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
}
