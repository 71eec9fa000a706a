//! W4: the numbers beside every view, from memory. Beside it what most desks do: the list's own query
//! with `count(*) over ()`, once for each view.

use std::time::Instant;

use anyhow::{Result, ensure};
use guichet::base::clock::{Clock, SystemClock};
use guichet::base::id::TicketId;
use guichet::live::Counts;
use rusqlite::Connection;

use crate::report::{self, Figure, Goal, Spread, micros_each, middle_and_p99, millis};
use crate::{Bench, furnish, lite};

/// Times all numbers are asked for in one turn.
const TIMES: usize = 2_000;
/// Changed tickets looked at again together.
const CHANGED: usize = 64;

/// The views' conditions, as [`guichet::live::counts::Numbers`] has them.
const VIEWS: [&str; 5] = [
    "state in ('new', 'open')",
    "state in ('new', 'open') and assignee_id is null",
    "state = 'waiting'",
    "state = 'snoozed'",
    "1 = 1",
];

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let seeded = bench.large()?;
    report::title("W4: all counts beside the views");
    let house = bench.runtime.block_on(furnish::house(seeded.desk.folder(), None, 4))?;
    let counts = Counts::default();
    let begun = Instant::now();
    bench.runtime.block_on(counts.load(&house.db))?;
    report::alone("W4", "loading at the start", "ms", &[millis(begun.elapsed())]);
    let db = lite::open(&seeded.desk.file())?;
    let (brand, me) = (seeded.desk.brand, seeded.desk.agents[0]);
    let (mut p50, mut p99, mut over, mut again) = (vec![], vec![], vec![], vec![]);
    for _ in 0..bench.turns {
        let mut took = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let begun = Instant::now();
            let numbers = counts.numbers(brand, me, SystemClock.now());
            took.push(begun.elapsed());
            ensure!(numbers.open > 0, "nothing is open");
        }
        let (middle, last) = middle_and_p99(took);
        p50.push(millis(middle));
        p99.push(millis(last));
        let begun = Instant::now();
        let by_hand = count_over(&db, seeded.desk.brand.0.as_bytes())?;
        over.push(millis(begun.elapsed()));
        let n = counts.numbers(brand, me, SystemClock.now());
        ensure!(by_hand == [n.todo, n.unassigned, n.waiting, n.snoozed, n.open], "{by_hand:?} by hand, {n:?}");
        let changed: Vec<(_, TicketId)> = seeded.places[0].iter().take(CHANGED).map(|(_, t)| (brand, *t)).collect();
        let begun = Instant::now();
        for _ in 0..50 {
            bench.runtime.block_on(counts.refresh(&house.db, &changed))?;
        }
        again.push(micros_each(50 * changed.len(), begun.elapsed()));
    }
    bench.runtime.block_on(house.db.close());
    let figure = |what: &str, unit, ours: &[f64], beside, goal| {
        Figure { workload: "W4", what, unit, ours: Spread::of(ours), beside, goal }.print();
    };
    figure("all counts, p50", "ms", &p50, Some(("count(*) over ()", Spread::of(&over))), None);
    figure("all counts, p99", "ms", &p99, Some(("count(*) over ()", Spread::of(&over))), Some(Goal::AtMost(1.0)));
    figure("keeping them up to date", "µs/ticket", &again, None, None);
    Ok(())
}

/// A page of each view with how many there are in all.
fn count_over(db: &Connection, brand: &[u8]) -> Result<Vec<usize>> {
    let one = |view: &&str| -> Result<usize> {
        let sql = format!(
            "select id, count(*) over () from tickets where brand_id = ?1 and state <> 'resolved' and merged_into is null and {view} order by last_message_at desc limit 50"
        );
        let mut statement = db.prepare_cached(&sql)?;
        let mut rows = statement.query([brand])?;
        let mut all = 0;
        while let Some(row) = rows.next()? {
            let _: Vec<u8> = row.get(0)?;
            all = usize::try_from(row.get::<_, i64>(1)?)?;
        }
        Ok(all)
    };
    VIEWS.iter().map(one).collect()
}
