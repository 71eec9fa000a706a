//! W0: from the hook to a durable 200. First the log alone against a hand-written insert, then the
//! hook over HTTP against a server that only checks signatures.

use std::time::Instant;

use anyhow::Result;
use guichet::store::deliveries::{self, NewDelivery, Source};

use crate::furnish::{self, Desk};
use crate::load::Loader;
use crate::report::{self, Figure, Goal, Spread, micros_each, millis, rate};
use crate::server::Server;
use crate::traffic::{self, Comment};
use crate::{Bench, lite, machine};

/// Bodies in one commit.
const TOGETHER: usize = 64;
/// Bodies of one turn at the log.
const BODIES: usize = 32_000;
/// Requests of one turn over HTTP.
const REQUESTS: usize = 16_000;
/// Requests at once.
const AT_ONCE: usize = 64;

/// Measures both halves.
pub fn run(bench: &Bench) -> Result<()> {
    report::title("W0: hook to durable 200, SQLite, synchronous=FULL");
    store(bench)?;
    http(bench)
}

fn deliveries_of(desk: &Desk, comments: Vec<Comment>) -> Vec<Vec<NewDelivery>> {
    let page = &desk.pages[0];
    let one = |c: Comment| NewDelivery {
        id: c.ids.delivery.into(),
        brand: desk.brand,
        connection: page.connection,
        channel: None,
        source: Source::Hook,
        sha256: c.sha256,
        body: c.body,
        at: c.at,
    };
    let all: Vec<NewDelivery> = comments.into_iter().map(one).collect();
    all.chunks(TOGETHER).map(<[_]>::to_vec).collect()
}

fn store(bench: &Bench) -> Result<()> {
    let ours = bench.runtime.block_on(furnish::desk(None, 1, 0))?;
    let house = bench.runtime.block_on(furnish::house(ours.folder(), None, 1))?;
    let by_hand = bench.runtime.block_on(furnish::desk(None, 1, 0))?;
    let mut raw = lite::open(&by_hand.file())?;
    let (mut wall, mut cpu) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let mut note = |who: usize, begun: Instant, used| {
        wall[who].push(rate(BODIES, begun.elapsed()));
        cpu[who].push(micros_each(BODIES, machine::cpu_here().saturating_sub(used)));
    };
    for turn in 0..bench.turns {
        let batches = deliveries_of(&ours, traffic::comments(&ours.pages[0], turn, BODIES, 1_600));
        let (begun, used) = (Instant::now(), machine::cpu_here());
        bench.runtime.block_on(async {
            for batch in batches {
                let mut tx = house.db.write().await?;
                deliveries::record(&mut tx, batch).await?;
                tx.commit().await?;
            }
            Ok::<_, guichet::store::Error>(())
        })?;
        note(0, begun, used);
        let batches = deliveries_of(&by_hand, traffic::comments(&by_hand.pages[0], turn, BODIES, 1_600));
        let (begun, used) = (Instant::now(), machine::cpu_here());
        for batch in &batches {
            lite::record(&mut raw, batch)?;
        }
        note(1, begun, used);
    }
    bench.runtime.block_on(house.db.close());
    let [ours, other] = wall.map(|w| Spread::of(&w));
    let goal = Some(Goal::RatioAtLeast(0.8));
    let (what, beside) = ("log, 64 a commit", Some(("rusqlite", other)));
    Figure { workload: "W0", what, unit: "events/s", ours, beside, goal }.print();
    let [ours, other] = cpu.map(|c| Spread::of(&c));
    let (what, beside) = ("log, 64 a commit, processor", Some(("rusqlite", other)));
    Figure { workload: "W0", what, unit: "µs/event", ours, beside, goal: None }.print();
    Ok(())
}

/// What one server came to.
#[derive(Default)]
struct Column {
    rate: Vec<f64>,
    cpu: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
}

impl Column {
    fn turn(&mut self, server: &Server, desk: &Desk, comments: &[Comment]) -> Result<()> {
        let requests = traffic::requests(&desk.pages[0].hook, comments);
        let loader = Loader::ready(server.address, AT_ONCE, desk.folder(), &requests)?;
        let used = server.cpu();
        let loaded = loader.go()?;
        self.rate.push(rate(requests.len(), loaded.wall));
        self.cpu.push(micros_each(requests.len(), server.cpu().saturating_sub(used)));
        self.p50.push(millis(loaded.p50));
        self.p99.push(millis(loaded.p99));
        Ok(())
    }
}

fn http(bench: &Bench) -> Result<()> {
    let desk = || bench.runtime.block_on(furnish::desk(None, 1, 0));
    let (log_desk, whole_desk) = (desk()?, desk()?);
    let log_folder = log_desk.folder().to_string_lossy().into_owned();
    let verifying = Server::role(&["role:verify"], log_desk.folder())?;
    let logging = Server::role(&["role:log", &log_folder], log_desk.folder())?;
    let whole = Server::guichet(whole_desk.folder(), None)?;
    let watch = lite::open(&whole_desk.file())?;
    let mut columns = [Column::default(), Column::default(), Column::default()];
    for turn in 0..bench.turns {
        let comments = traffic::comments(&log_desk.pages[0], turn, REQUESTS, 1_600);
        columns[0].turn(&verifying, &log_desk, &comments)?;
        columns[1].turn(&logging, &log_desk, &comments)?;
        let comments = traffic::comments(&whole_desk.pages[0], turn, REQUESTS, 1_600);
        columns[2].turn(&whole, &whole_desk, &comments)?;
        // What came in is taken in before anybody else has their turn.
        while lite::waiting(&watch)? > 0 {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        whole.wait_for_search()?;
    }
    let [verify, log, whole_desk] = &columns;
    let other = Spread::of(&verify.rate);
    report::alone("W0", "a server that only checks, 64 at once, p99", "ms", &verify.p99);
    for (column, what, goals) in [(log, "hook, 64 at once", true), (whole_desk, "hook while tickets are made", false)] {
        let figure = |of: &str, unit, values: &[f64], beside, goal: Option<Goal>| {
            let what = format!("{what}{of}");
            let goal = goal.filter(|_| goals);
            Figure { workload: "W0", what: &what, unit, ours: Spread::of(values), beside, goal }.print();
        };
        let beside = Some(("only checks", other));
        figure("", "req/s", &column.rate, beside, Some(Goal::RatioAtLeast(0.5)));
        figure(", processor", "µs/req", &column.cpu, Some(("only checks", Spread::of(&verify.cpu))), None);
        figure(", p50", "ms", &column.p50, Some(("only checks", Spread::of(&verify.p50))), None);
        figure(", p99", "ms", &column.p99, None, Some(Goal::AtMost(10.0)));
    }
    whole.stop()
}
