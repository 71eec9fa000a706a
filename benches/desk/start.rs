//! Start-up: from starting `guichet serve` to its first 200.

use anyhow::Result;

use crate::Bench;
use crate::furnish;
use crate::report::{self, millis};
use crate::server::Server;

/// Starts of a series.
const STARTS: usize = 7;

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let large = bench.large()?;
    report::title("start: from exec to the first 200 of /readyz");
    let mut first = Vec::new();
    for _ in 0..STARTS {
        // Nothing is there yet: keys, database and search index are made.
        let folder = tempfile::Builder::new().prefix("guichet-bench-").tempdir()?;
        let server = Server::guichet(folder.path(), None)?;
        first.push(millis(server.took));
        server.stop()?;
    }
    report::alone("start", "the very first, everything is made", "ms", &first);
    let empty = bench.runtime.block_on(furnish::desk(None, 1, 1))?;
    report::alone("start", "an empty desk", "ms", &again(empty.folder())?);
    let what = format!("a desk of {} tickets", bench.tickets);
    report::alone("start", &what, "ms", &again(large.desk.folder())?);
    Ok(())
}

fn again(folder: &std::path::Path) -> Result<Vec<f64>> {
    let mut all = Vec::new();
    // The first is not counted: it makes what is missing.
    for n in 0..=STARTS {
        let server = Server::guichet(folder, None)?;
        if n > 0 {
            all.push(millis(server.took));
        }
        server.stop()?;
    }
    Ok(all)
}
