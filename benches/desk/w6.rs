//! W6: pages of the inbox (W3) while hooks come in, beside the same pages in quiet.

use anyhow::{Context, Result};

use crate::Bench;
use crate::load::Loader;
use crate::pages::Turns;
use crate::report::{self, Figure, Goal, Spread, millis, rate};
use crate::server::Server;
use crate::{lite, traffic, w1, w3};

/// Pages of one turn.
const PAGES: usize = 600;
/// Hooks a second that are wanted.
const WANTED: usize = 5_000;

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let seeded = bench.large()?;
    report::title("W6: a page of the inbox while hooks come in");
    let server = Server::guichet(seeded.desk.folder(), None)?;
    let watch = lite::open(&seeded.desk.file())?;
    // Half of what is wanted tells whether it is the machine that is full.
    for wanted in [WANTED / 10, WANTED] {
        let (mut quiet, mut busy) = (Turns::default(), Turns::default());
        let (mut taken, mut answers, mut behind) = (vec![], vec![], vec![]);
        for turn in 0..bench.turns.min(3) {
            let seed = 600 + u64::try_from(turn + wanted)?;
            let paths: Vec<String> = w3::asked(seeded, seed, PAGES).into_iter().map(|a| a.path).collect();
            quiet.turn(&server, &seeded.desk, &paths, 1, false)?;
            // Eight seconds of them, at the usual size.
            let n = wanted * bench.events / 1_000;
            let comments = traffic::comments(&seeded.desk.pages[0], 300 + turn + wanted / 10, n, w1::people(n));
            let requests = traffic::requests(&seeded.desk.pages[0].hook, &comments);
            let hooks = Loader::paced(server.address, 64, seeded.desk.folder(), &requests, wanted)?;
            let hooks = std::thread::spawn(move || hooks.go());
            std::thread::sleep(std::time::Duration::from_millis(500));
            busy.turn(&server, &seeded.desk, &paths, 1, false)?;
            behind.push(f64::from(i32::try_from(lite::waiting(&watch)?)?));
            let hooks = hooks.join().ok().context("the hooks failed")??;
            taken.push(rate(n, hooks.wall));
            answers.push(millis(hooks.p99));
            while lite::waiting(&watch)? > 0 {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            server.wait_for_search()?;
        }
        let figure = |what: &str, unit, ours: &[f64], beside, goal| {
            let what = format!("{what}, {wanted}/s wanted");
            Figure { workload: "W6", what: &what, unit, ours: Spread::of(ours), beside, goal }.print();
        };
        figure("page, p50", "ms", &busy.p50, Some(("in quiet", Spread::of(&quiet.p50))), None);
        figure("page, p99", "ms", &busy.p99, Some(("in quiet", Spread::of(&quiet.p99))), Some(Goal::RatioAtMost(2.0)));
        figure("page, p99, in all", "ms", &busy.p99, None, Some(Goal::AtMost(5.0)));
        figure("hooks answered", "events/s", &taken, None, None);
        figure("hooks, p99 of the answer", "ms", &answers, None, None);
        figure("bodies not yet taken in", "bodies", &behind, None, None);
    }
    server.stop()
}
