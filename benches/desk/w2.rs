//! W2: from the hook to a durable ticket, PostgreSQL. Beside it one set-based statement for a whole
//! batch, and a transaction for each request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection};

use crate::furnish::{self, Desk};
use crate::post::{self, Backends, Database, Place};
use crate::report::{self, Figure, Goal, Spread, micros_each, millis, rate};
use crate::server::Server;
use crate::traffic::{self, Comment};
use crate::w1::{people, through};
use crate::{Bench, machine};

/// Connections of those who take a transaction for each request.
const POOL: u32 = 16;

/// Rate and processor time of every turn.
type Told = [Vec<f64>; 2];

/// Measures, where there is a server.
pub fn run(bench: &Bench) -> Result<()> {
    report::title("W2: hook to durable ticket, PostgreSQL");
    let Some(server) = post::server() else {
        println!(
            "W2     left out: set GUICHET_BENCH_POSTGRES=postgres://USER@HOST:PORT/postgres to a server where databases may be made"
        );
        return Ok(());
    };
    println!("W2     {}", bench.runtime.block_on(post::settings(&server))?);
    for at_once in [64, 256] {
        let (mut ours, mut p99) = (Told::default(), Vec::new());
        let (mut together, mut alone) = (Told::default(), Told::default());
        for turn in 0..bench.turns {
            let mut case = Case::open(bench, &server, turn, at_once)?;
            p99.push(case.ours(&mut ours)?);
            case.close()?;
            let mut case = Case::open(bench, &server, turn, at_once)?;
            case.together(&mut together)?;
            case.close()?;
            let mut case = Case::open(bench, &server, turn, at_once)?;
            case.each_alone(&mut alone)?;
            case.close()?;
        }
        tell(at_once, &ours, &p99, &together, &alone);
    }
    Ok(())
}

fn tell(at_once: usize, ours: &Told, p99: &[f64], together: &Told, alone: &Told) {
    let figure = |what: &str, unit, ours: &[f64], beside, goal| {
        let what = format!("{at_once} at once{what}");
        Figure { workload: "W2", what: &what, unit, ours: Spread::of(ours), beside, goal }.print();
    };
    let spread = |told: &Told| told.each_ref().map(|t| Spread::of(t));
    let (together, alone) = (spread(together), spread(alone));
    figure("", "events/s", &ours[0], Some(("unnest", together[0])), Some(Goal::RatioAtLeast(0.8)));
    figure("", "events/s", &ours[0], Some(("tx per request", alone[0])), Some(Goal::RatioAtLeast(3.0)));
    figure(", processor", "µs/event", &ours[1], Some(("unnest", together[1])), None);
    figure(", processor", "µs/event", &ours[1], Some(("tx per request", alone[1])), None);
    figure(", p99 of the answer", "ms", p99, None, None);
}

/// One turn of one variant, on a database of its own.
struct Case<'a> {
    bench: &'a Bench,
    database: Database,
    desk: Desk,
    comments: Vec<Comment>,
    at_once: usize,
    db: PgConnection,
    backends: Backends,
}

impl<'a> Case<'a> {
    fn open(bench: &'a Bench, server: &str, turn: usize, at_once: usize) -> Result<Case<'a>> {
        bench.runtime.block_on(async {
            let database = Database::new(server, turn).await?;
            let desk = furnish::desk(Some(&database.url), 1, 0).await?;
            let comments = traffic::comments(&desk.pages[0], turn, bench.events, people(bench.events));
            let mut db = PgConnection::connect(&database.url).await?;
            let mut backends = Backends::default();
            backends.cpu(&mut db).await?;
            Ok(Case { bench, database, desk, comments, at_once, db, backends })
        })
    }

    fn close(self) -> Result<()> {
        self.bench.runtime.block_on(async {
            self.db.close().await?;
            self.database.remove().await
        })
    }

    fn check(&mut self) -> Result<()> {
        let n = self.comments.len();
        let (messages, tickets) = self.bench.runtime.block_on(post::taken_in(&mut self.db))?;
        let right = usize::try_from(messages)? == n && usize::try_from(tickets)? == people(n);
        ensure!(right, "{messages} messages in {tickets} tickets came of {n} bodies of {} people", people(n));
        Ok(())
    }

    /// Through the product; the p99 of its answers.
    fn ours(&mut self, told: &mut Told) -> Result<f64> {
        let server = Server::guichet(self.desk.folder(), self.desk.database.as_deref())?;
        let mut watch = self.bench.runtime.block_on(PgConnection::connect(&self.database.url))?;
        let (runtime, db, backends) = (&self.bench.runtime, &mut self.db, &mut self.backends);
        let mut cpu = || Ok(server.cpu() + runtime.block_on(backends.cpu(db))?);
        let mut waiting = || runtime.block_on(post::waiting(&mut watch));
        let t = through(&server, &self.desk, &self.comments, self.at_once, &mut cpu, &mut waiting)?;
        told[0].push(rate(self.comments.len(), t.wall));
        told[1].push(micros_each(self.comments.len(), t.cpu));
        self.bench.runtime.block_on(watch.close())?;
        self.check()?;
        server.stop()?;
        Ok(millis(t.p99))
    }

    fn together(&mut self, told: &mut Told) -> Result<()> {
        let place = Place::of(&self.desk);
        let (begun, used) = self.begin()?;
        let mut db = self.bench.runtime.block_on(PgConnection::connect(&self.database.url))?;
        self.bench.runtime.block_on(post::together(&mut db, &place, &self.comments, self.at_once))?;
        self.end(begun, used, told)
    }

    fn each_alone(&mut self, told: &mut Told) -> Result<()> {
        let place = Place::of(&self.desk);
        let comments = Arc::new(self.comments.clone());
        let pool = PgPoolOptions::new().max_connections(POOL).min_connections(POOL);
        let pool = self.bench.runtime.block_on(pool.connect(&self.database.url))?;
        let (begun, used) = self.begin()?;
        self.bench.runtime.block_on(post::each_alone(&pool, &place, comments, self.at_once))?;
        self.end(begun, used, told)?;
        self.bench.runtime.block_on(pool.close());
        Ok(())
    }

    fn begin(&mut self) -> Result<(Instant, Duration)> {
        let used = self.bench.runtime.block_on(self.backends.cpu(&mut self.db))? + machine::cpu_here();
        Ok((Instant::now(), used))
    }

    fn end(&mut self, begun: Instant, used: Duration, told: &mut Told) -> Result<()> {
        told[0].push(rate(self.comments.len(), begun.elapsed()));
        let now = self.bench.runtime.block_on(self.backends.cpu(&mut self.db))? + machine::cpu_here();
        told[1].push(micros_each(self.comments.len(), now.saturating_sub(used)));
        self.check()
    }
}
