//! W8: from the hook's answer to being found, at a hundred messages a second; and what keeping the
//! index costs, in a process that does nothing else. Beside it: one message into a bare index,
//! committed and found.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use guichet::search::{Feeder, Search};
use serde_json::Value;
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, STORED, Schema, TEXT};
use tantivy::{Index, TantivyDocument, Term};
use tokio_util::sync::CancellationToken;

use crate::load::Loader;
use crate::report::{self, Figure, Goal, Spread, middle_and_p99, millis};
use crate::server::Server;
use crate::{Bench, furnish, traffic, wire};

/// Messages a second.
const RATE: usize = 100;
/// For so many seconds in a turn.
const SECONDS: usize = 20;
/// Of so many messages, one is waited for.
const SAMPLED: usize = 20;

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let seeded = bench.large()?;
    report::title("W8: from message to found, 100 messages a second");
    let token = bench.runtime.block_on(furnish::token(&seeded.desk))?;
    let (mut p50, mut p99, mut most, mut bare, mut cpu) = (vec![], vec![], vec![], [vec![], vec![]], vec![]);
    let server = Server::guichet(seeded.desk.folder(), None)?;
    let feeder = Server::role(&["role:feed", &seeded.desk.folder().to_string_lossy()], seeded.desk.folder())?;
    // It reads the log from its beginning once.
    while feeder.gauge("behind")? > 0.0 {
        std::thread::sleep(Duration::from_millis(200));
    }
    for turn in 0..bench.turns.min(3) {
        let words: Vec<String> = (0..RATE * SECONDS).map(|n| format!("zwq{turn}n{n}")).collect();
        let texts: Vec<String> = words.iter().map(|w| format!("Bonjour, toujours rien reçu {w} ?")).collect();
        let page = &seeded.desk.pages[1];
        let bodies = traffic::saying(page, 800 + turn, &texts);
        let requests: Vec<Vec<u8>> = bodies.iter().map(|b| traffic::request(&page.hook, b)).collect();
        let (sampled, others): (Vec<_>, Vec<_>) =
            requests.into_iter().zip(words).enumerate().partition(|(n, _)| n % SAMPLED == 0);
        let others: Vec<Vec<u8>> = others.into_iter().map(|(_, (request, _))| request).collect();
        let load = Loader::paced(server.address, 4, seeded.desk.folder(), &others, RATE - RATE / SAMPLED)?;
        let used = feeder.cpu();
        let begun = Instant::now();
        let load = std::thread::spawn(move || load.go());
        let apart = Duration::from_secs(1) * u32::try_from(SAMPLED)? / u32::try_from(RATE)?;
        let address = server.address;
        let token = token.clone();
        let took = bench.runtime.block_on(async move {
            let mut all = Vec::new();
            for (n, (_, (request, word))) in sampled.into_iter().enumerate() {
                tokio::time::sleep_until((begun + apart * u32::try_from(n)?).into()).await;
                let token = token.clone();
                all.push(tokio::spawn(async move {
                    let mut line = wire::Line::open(address).await?;
                    let (status, _) = line.ask(&request).await?;
                    ensure!(status == 200, "the hook answers {status}");
                    until_found(&mut line, &token, &word).await
                }));
            }
            let mut took = Vec::new();
            for one in all {
                took.push(one.await??);
            }
            anyhow::Ok(took)
        })?;
        load.join().ok().context("the load failed")??;
        let wall = begun.elapsed();
        cpu.push(100.0 * feeder.cpu().saturating_sub(used).as_secs_f64() / wall.as_secs_f64());
        most.push(millis(took.iter().copied().max().unwrap_or_default()));
        let (middle, last) = middle_and_p99(took);
        p50.push(millis(middle));
        p99.push(millis(last));
        let (middle, last) = by_hand()?;
        bare[0].push(millis(middle));
        bare[1].push(millis(last));
    }
    let figure = |what: &str, unit, ours: &[f64], beside, goal| {
        Figure { workload: "W8", what, unit, ours: Spread::of(ours), beside, goal }.print();
    };
    figure("from the hook's 200 to found, p50", "ms", &p50, Some(("add, commit, reload", Spread::of(&bare[0]))), None);
    let goal = Some(Goal::AtMost(1_100.0));
    figure("from the hook's 200 to found, p99", "ms", &p99, Some(("add, commit, reload", Spread::of(&bare[1]))), goal);
    figure("from the hook's 200 to found, the last", "ms", &most, None, None);
    figure("keeping the index, of one core", "%", &cpu, None, Some(Goal::AtMost(5.0)));
    feeder.stop()?;
    server.stop()
}

/// Asks until a word is found; how long that took.
async fn until_found(line: &mut wire::Line, token: &str, word: &str) -> Result<Duration> {
    let begun = Instant::now();
    let ask = format!(
        "GET /api/v1/search?q={word}&limit=1 HTTP/1.1\r\nhost: desk.example\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    while begun.elapsed() < Duration::from_secs(30) {
        let (status, body) = line.read(ask.as_bytes()).await?;
        ensure!(status == 200, "the search answers {status}");
        let found: Value = serde_json::from_slice(&body)?;
        if found["items"].as_array().is_some_and(|i| !i.is_empty()) {
            return Ok(begun.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    anyhow::bail!("{word} was not found within half a minute")
}

/// One message at a time into a small bare index: added, committed, found.
fn by_hand() -> Result<(Duration, Duration)> {
    let folder = tempfile::tempdir()?;
    let mut schema = Schema::builder();
    let text = schema.add_text_field("text", TEXT | STORED);
    let index = Index::create_in_dir(folder.path(), schema.build())?;
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 50 << 20)?;
    let reader = index.reader()?;
    let mut took = Vec::new();
    for n in 0..100 {
        let begun = Instant::now();
        let mut doc = TantivyDocument::default();
        doc.add_text(text, format!("Bonjour, toujours rien reçu zwq{n} ?"));
        writer.add_document(doc)?;
        writer.commit()?;
        reader.reload()?;
        let query = TermQuery::new(Term::from_field_text(text, &format!("zwq{n}")), IndexRecordOption::Basic);
        ensure!(reader.searcher().search(&query, &Count)? == 1, "not found");
        took.push(begun.elapsed());
    }
    Ok(middle_and_p99(took))
}

/// What the other process does: keeps an index of its own from the same log, and nothing else.
pub fn feed(folder: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let folder = Path::new(folder);
        let house = furnish::house(folder, None, 88).await?;
        let search = Search::open(&folder.join("search-of-its-own"))?;
        let feeder = Feeder::new(house.db.clone(), search.clone(), house.given.clone());
        tokio::spawn(feeder.run(CancellationToken::new(), std::sync::Arc::default()));
        let behind = move || {
            let (db, search) = (house.db.clone(), search.clone());
            async move {
                let last = async { guichet::store::events::last(&mut db.read().await?).await };
                let last = last.await.unwrap_or(i64::MAX);
                format!("behind {}\n", last - search.fed())
            }
        };
        let site = axum::Router::new()
            .route("/metrics", axum::routing::get(behind))
            .route("/readyz", axum::routing::get(|| async { "ready" }));
        crate::bare::serve(site).await
    })
}
