//! W11: the bot rehearsed. The last 5,000 messages of the large desk through a draft and through what
//! is live; a library of 150 entries with 20 examples each, published with its training.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use guichet::desk::agent::Role;
use guichet::desk::release::Reach;
use guichet::desk::scope::Scope;
use guichet::flow::replay::{self, Sample, Tried};
use guichet::flow::studio::{draft, gate, publish};
use guichet::flow::{House, library};
use guichet::store::library as kept;
use guichet::store::studio::replays::{self, State};

use crate::Bench;
use crate::furnish;
use crate::report::{self, Figure, Goal, Spread, many};

/// Entries and examples of the large library.
const LARGE: (usize, usize) = (150, 20);

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    report::title("W11: the bot rehearsed");
    let seeded = bench.large()?;
    let turns = bench.turns;
    bench.runtime.block_on(async {
        let house = furnish::house(seeded.desk.folder(), None, 9).await?;
        replayed(&house, &seeded.desk, turns).await?;
        in_pieces(&house, &seeded.desk).await?;
        house.db.close().await;
        Ok::<(), anyhow::Error>(())
    })?;
    let mut took = Vec::new();
    for _ in 0..turns {
        took.push(bench.runtime.block_on(published())?);
    }
    let goal = Some(Goal::AtMost(5.0));
    let what = "publishing 150 × 20 examples, learnt by the rehearsal";
    Figure { workload: "W11", what, unit: "s", ours: Spread::of(&took), beside: None, goal }.print();
    Ok(())
}

/// The draft on the last messages.
async fn replayed(house: &House, desk: &furnish::Desk, turns: usize) -> Result<()> {
    let (brand, scope) = (desk.brand, Scope::agent(desk.agents[0], vec![(desk.brand, Role::Admin)]));
    let path = "hours/opening-hours";
    let entry = kept::get(&mut house.db.read().await?, brand, path).await?.context("the starter pack is there")?;
    let changed = entry.source.replacen("fr = [", "fr = [\n  \"vous faites quelles heures\",", 1);
    draft::put(house, &scope, brand, path, Some(changed), 0).await?;
    let mut took = Vec::new();
    let mut n = 0;
    for _ in 0..turns {
        let begun = Instant::now();
        let report = replay::report(house, brand, &Sample::default(), Tried::Draft).await?;
        took.push(begun.elapsed().as_secs_f64());
        n = report.n;
    }
    ensure!(n == 5_000, "only {n} messages were replayed");
    let goal = Some(Goal::AtMost(2.0));
    let what = "5,000 messages, the draft beside what is live";
    Figure { workload: "W11", what, unit: "s", ours: Spread::of(&took), beside: None, goal }.print();
    report::alone("W11", "a message", "µs", &[took.iter().sum::<f64>() / many(took.len() * n) * 1e6]);
    Ok(())
}

/// As many messages as a replay may have, or as there are, as it goes on by itself beside everything else.
async fn in_pieces(house: &House, desk: &furnish::Desk) -> Result<()> {
    let scope = Scope::agent(desk.agents[0], vec![(desk.brand, Role::Admin)]);
    let sample = Sample { last: replay::MOST, ..Sample::default() };
    let id = replay::begin(house, &scope, desk.brand, sample).await?;
    let (begun, mut pieces) = (Instant::now(), Vec::new());
    loop {
        let piece = Instant::now();
        if replay::turn(house).await? == 0 {
            break;
        }
        pieces.push(piece.elapsed().as_secs_f64() * 1e3);
    }
    let took = begun.elapsed().as_secs_f64();
    let done = replays::get(&mut house.db.read().await?, desk.brand, id).await?.context("it was begun")?;
    ensure!(done.state == State::Done, "it came to no end");
    report::alone("W11", &format!("{} messages in the background", done.done), "s", &[took]);
    report::alone("W11", "a piece of it, after which its progress is told", "ms", &pieces);
    Ok(())
}

/// Seconds from pressing to the bot knowing it.
async fn published() -> Result<f64> {
    let desk = furnish::desk(None, 1, 1).await?;
    let house = furnish::house(desk.folder(), None, 10).await?;
    let scope = Scope::agent(desk.agents[0], vec![(desk.brand, Role::Admin)]);
    let files: Vec<(String, String)> =
        (0..LARGE.0).map(|n| (format!("large/entry-{n}.md"), entry(n, LARGE.1))).collect();
    library::import(&house, desk.brand, &files).await?;
    let more = entry(0, LARGE.1 + 1);
    draft::put(&house, &scope, desk.brand, "large/entry-0", Some(more), 0).await?;
    let id = replay::begin(&house, &scope, desk.brand, Sample::default()).await?;
    replay::finish(&house, desk.brand, id).await?;
    // What was learnt while it was rehearsed is forgotten: a node that has just started knows nothing.
    house.db.close().await;
    let house = furnish::house(desk.folder(), None, 11).await?;
    let mut tx = house.db.read().await?;
    let changes = draft::read(&mut tx, desk.brand).await?;
    let gate = gate::of(&house, &mut tx, &changes, None).await?;
    drop(tx);
    ensure!(gate.failed.is_empty(), "tests fail: {:?}", gate.failed);
    let begun = Instant::now();
    publish::publish(&house, &scope, desk.brand, Reach::All, "").await?;
    let took = begun.elapsed().as_secs_f64();
    house.db.close().await;
    Ok(took)
}

/// An entry with so many examples, of words no other library has: the tests of the starter pack beside
/// it hold.
fn entry(n: usize, examples: usize) -> String {
    let parts = ["zor", "glub", "quif", "mynd", "wexa", "trold", "yash", "plonk", "dwim", "kvas"];
    let word = |k: usize| format!("{}{}{}", parts[k % 10], parts[k / 10 % 10], parts[k / 100 % 10]);
    let one = |k: usize| {
        let words = [n, n + 400, n * 7 + k, n * 13 + k, k * 3 + 200, k * 11 + 500, n + k + 700].map(word);
        format!("  \"{}\",\n", words.join(" "))
    };
    let all: String = (0..examples).fold(String::new(), |all, k| all + &one(k));
    format!(
        "+++\nid = \"entry-{n}\"\ntitle = {{ fr = \"Entrée {n}\", en = \"Entry {n}\" }}\naudience = \"private\"\n[examples]\nfr = [\n{all}]\nen = [\n{all}]\n+++\n## fr\n### answer\nRéponse {n}.\n## en\n### answer\nAnswer {n}.\n"
    )
}
