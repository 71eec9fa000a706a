//! W1: from the hook to a durable ticket, `SQLite`. Signed bodies go in over HTTP; the clock stops
//! when the last of them is a message in a ticket. Beside it the transaction somebody would write by
//! hand, on the same tables: one that leaves only what a ticket needs, and one that leaves every row
//! the product leaves.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::furnish::{self, Desk};
use crate::lite::{self, Rows};
use crate::load::Loader;
use crate::report::{self, Figure, Goal, Spread, many, micros_each, millis, rate};
use crate::server::Server;
use crate::traffic::{self, Comment};
use crate::{Bench, machine};

/// What each person writes.
const EACH: usize = 5;

/// People behind so many comments.
pub fn people(events: usize) -> usize {
    events.div_ceil(EACH)
}

/// What came of sending comments through a server.
pub struct Through {
    pub wall: Duration,
    /// Time of the server on the processor until every comment was a message.
    pub cpu: Duration,
    pub p99: Duration,
    pub statements: f64,
    pub commits: f64,
}

/// Sends comments through the hook and waits until all of them are messages. `cpu` tells the time
/// all processes concerned have spent; `waiting` how many bodies are still to be taken in.
pub fn through(
    server: &Server,
    desk: &Desk,
    comments: &[Comment],
    at_once: usize,
    cpu: &mut dyn FnMut() -> Result<Duration>,
    waiting: &mut dyn FnMut() -> Result<i64>,
) -> Result<Through> {
    let requests = traffic::requests(&desk.pages[0].hook, comments);
    let loader = Loader::ready(server.address, at_once, desk.folder(), &requests)?;
    let (statements, commits) = server.statements()?;
    let (begun, used) = (Instant::now(), cpu()?);
    let loaded = loader.go()?;
    while waiting()? > 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let wall = begun.elapsed();
    let used = cpu()?.saturating_sub(used);
    let (s, c) = server.statements()?;
    Ok(Through { wall, cpu: used, p99: loaded.p99, statements: s - statements, commits: c - commits })
}

/// The figures of every turn, ours and what stands beside them.
#[derive(Default)]
struct Turns {
    rate: Vec<f64>,
    cpu: Vec<f64>,
    cpu_to_search: Vec<f64>,
    p99: Vec<f64>,
    statements: Vec<f64>,
    commits: Vec<f64>,
    few: [Vec<f64>; 2],
    same: [Vec<f64>; 2],
}

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    report::title("W1: hook to durable ticket, SQLite, synchronous=FULL");
    for at_once in [64, 256] {
        let mut turns = Turns::default();
        for turn in 0..bench.turns {
            ours(bench, turn, at_once, &mut turns)?;
            turns.few = by_hand(bench, turn, at_once, Rows::Few, turns.few)?;
            turns.same = by_hand(bench, turn, at_once, Rows::Same, turns.same)?;
        }
        tell(at_once, &turns);
    }
    Ok(())
}

fn ours(bench: &Bench, turn: usize, at_once: usize, turns: &mut Turns) -> Result<()> {
    let n = bench.events;
    let desk = bench.runtime.block_on(furnish::desk(None, 1, 0))?;
    let comments = traffic::comments(&desk.pages[0], turn, n, people(n));
    let server = Server::guichet(desk.folder(), None)?;
    let watch = lite::open(&desk.file())?;
    let used = server.cpu();
    let mut cpu = || Ok(server.cpu());
    let t = through(&server, &desk, &comments, at_once, &mut cpu, &mut || lite::waiting(&watch))?;
    let (messages, tickets) = lite::taken_in(&watch)?;
    ensure!(usize::try_from(messages)? == n, "{messages} messages came of {n} bodies");
    ensure!(usize::try_from(tickets)? == people(n), "{tickets} tickets came of {} people", people(n));
    turns.rate.push(rate(n, t.wall));
    turns.cpu.push(micros_each(n, t.cpu));
    turns.p99.push(millis(t.p99));
    turns.statements.push(t.statements / many(n));
    turns.commits.push(t.commits / many(n));
    server.wait_for_search()?;
    turns.cpu_to_search.push(micros_each(n, server.cpu().saturating_sub(used)));
    server.stop()
}

fn by_hand(bench: &Bench, turn: usize, together: usize, rows: Rows, mut told: [Vec<f64>; 2]) -> Result<[Vec<f64>; 2]> {
    let n = bench.events;
    let desk = bench.runtime.block_on(furnish::desk(None, 1, 0))?;
    let comments = traffic::comments(&desk.pages[0], turn, n, people(n));
    let mut db = lite::open(&desk.file())?;
    let (begun, used) = (Instant::now(), machine::cpu_here());
    lite::take_in(&mut db, &desk, &comments, together, rows)?;
    told[0].push(rate(n, begun.elapsed()));
    told[1].push(micros_each(n, machine::cpu_here().saturating_sub(used)));
    let (messages, tickets) = lite::taken_in(&db)?;
    ensure!(
        usize::try_from(messages)? == n && usize::try_from(tickets)? == people(n),
        "by hand: {messages}, {tickets}"
    );
    Ok(told)
}

fn tell(at_once: usize, turns: &Turns) {
    let figure = |what: &str, unit, ours: &[f64], beside, goal| {
        let what = format!("{at_once} at once{what}");
        Figure { workload: "W1", what: &what, unit, ours: Spread::of(ours), beside, goal }.print();
    };
    let few = turns.few.each_ref().map(|f| Spread::of(f));
    let same = turns.same.each_ref().map(|f| Spread::of(f));
    figure("", "events/s", &turns.rate, Some(("rusqlite", few[0])), Some(Goal::RatioAtLeast(0.6)));
    figure(", every row", "events/s", &turns.rate, Some(("rusqlite", same[0])), None);
    figure(", processor", "µs/event", &turns.cpu, Some(("rusqlite", few[1])), Some(Goal::RatioAtMost(1.6)));
    figure(", processor, every row", "µs/event", &turns.cpu, Some(("rusqlite", same[1])), None);
    figure(", processor until searchable", "µs/event", &turns.cpu_to_search, None, None);
    figure(", p99 of the answer", "ms", &turns.p99, None, Some(Goal::AtMost(20.0)).filter(|_| at_once == 64));
    figure(", statements", "per event", &turns.statements, None, None);
    figure(", commits", "per event", &turns.commits, None, None);
}
