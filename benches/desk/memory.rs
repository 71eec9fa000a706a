//! Memory of `guichet serve`: at rest, after a load of hooks, with the large desk.

use std::time::Duration;

use anyhow::Result;

use crate::pages::Turns;
use crate::server::Server;
use crate::w1::{people, through};
use crate::{Bench, furnish, lite, machine, report, traffic, w3};

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let large = bench.large()?;
    report::title("memory: resident, and of that its own (without mapped files)");
    let desk = bench.runtime.block_on(furnish::desk(None, 1, 1))?;
    let server = Server::guichet(desk.folder(), None)?;
    tell("at rest, empty", &server);
    let n = bench.events;
    let comments = traffic::comments(&desk.pages[0], 0, n, people(n));
    let watch = lite::open(&desk.file())?;
    through(&server, &desk, &comments, 64, &mut || Ok(server.cpu()), &mut || lite::waiting(&watch))?;
    server.wait_for_search()?;
    tell(&format!("after {n} hooks"), &server);
    server.stop()?;
    let server = Server::guichet(large.desk.folder(), None)?;
    tell(&format!("at rest, {} tickets", bench.tickets), &server);
    let paths: Vec<String> = w3::asked(large, 77, 3_000).into_iter().map(|a| a.path).collect();
    Turns::default().turn(&server, &large.desk, &paths, 4, false)?;
    tell(&format!("after 3 000 pages, {} tickets", bench.tickets), &server);
    server.stop()
}

fn tell(what: &str, server: &Server) {
    // What the allocator gives back, it gives back soon.
    std::thread::sleep(Duration::from_secs(2));
    let (resident, own) = machine::memory_of(server.pid());
    report::alone("memory", what, "MiB", &[resident]);
    report::alone("memory", &format!("{what}, its own"), "MiB", &[own]);
}
