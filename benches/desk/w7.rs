//! W7: searching by one or two words, common and rare, in the index of the large desk. Beside it the
//! bare index: one term or two on one field, ids only.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use guichet::base::clock::{Clock, SystemClock};
use guichet::search::{By, Search, parse};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, TantivyDocument};
use tantivy::{Index, Term};

use crate::Bench;
use crate::pages::Turns;
use crate::report::{self, Figure, Goal, Spread, many, middle_and_p99, millis};
use crate::seed::word;
use crate::server::Server;
use crate::traffic::dice;

/// Searches of one turn.
const TIMES: usize = 400;
/// Hits on a page.
const MOST: usize = 20;

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let seeded = bench.large()?;
    report::title("W7: search by one or two words");
    let folder = seeded.desk.folder().join("search");
    let (search, bare) = (Search::open(&folder)?, Bare::open(&folder)?);
    let documents = bare.reader.searcher().num_docs();
    report::alone("W7", "messages in the index", "messages", &[many(usize::try_from(documents)?)]);
    for (by, name) in [(By::Relevance, "best first"), (By::Newest, "newest first")] {
        for words in [1, 2] {
            let mut ours = [vec![], vec![]];
            let mut beside = [vec![], vec![]];
            for turn in 0..bench.turns {
                let asked = asked(turn, words);
                let (mut took, mut took_bare, mut found) = (vec![], vec![], 0);
                for words in &asked {
                    let q = words.join(" ");
                    let begun = Instant::now();
                    let hits = search.find(seeded.desk.brand, &parse(&q), (by, SystemClock.now()), None, MOST)?;
                    took.push(begun.elapsed());
                    found += hits.len();
                    let begun = Instant::now();
                    bare.find(words)?;
                    took_bare.push(begun.elapsed());
                }
                ensure!(found > 0, "nothing is found");
                push(&mut ours, took);
                push(&mut beside, took_bare);
            }
            let figure = |what: &str, i: usize, goal| {
                let what = format!("{words} word{}, {name}, {what}", if words > 1 { "s" } else { "" });
                let beside = Some(("bare index, best first", Spread::of(&beside[i])));
                Figure { workload: "W7", what: &what, unit: "ms", ours: Spread::of(&ours[i]), beside, goal }.print();
            };
            figure("p50", 0, Some(Goal::AtMost(3.0)));
            figure("p99", 1, Some(Goal::AtMost(25.0)));
        }
    }
    drop((search, bare));
    let server = Server::guichet(seeded.desk.folder(), None)?;
    let mut turns = Turns::default();
    for turn in 0..bench.turns {
        let paths: Vec<String> = asked(turn, 1).iter().map(|w| format!("/search?q={}", w.join("+"))).collect();
        turns.turn(&server, &seeded.desk, &paths, 1, false)?;
    }
    for (what, figures) in [("p50", &turns.p50), ("p99", &turns.p99)] {
        report::alone("W7", &format!("the page of a search over HTTP, {what}"), "ms", figures);
    }
    server.stop()
}

fn push(figures: &mut [Vec<f64>; 2], took: Vec<Duration>) {
    let (p50, p99) = middle_and_p99(took);
    figures[0].push(millis(p50));
    figures[1].push(millis(p99));
}

/// Searches: ranks drawn so that common and rare words come alike, and words of the texts.
fn asked(turn: usize, words: usize) -> Vec<Vec<String>> {
    const SAID: [&str; 8] = ["commande", "livraison", "colis", "order", "merci", "delivery", "prix", "price"];
    let dice = dice(700 + u64::try_from(turn).unwrap_or(0));
    let below = |n: u64| usize::try_from(dice.below(n)).unwrap_or(0);
    let one = |_| if below(5) == 0 { SAID[below(8)].to_owned() } else { word(below(1 << below(16))) };
    (0..TIMES).map(|_| (0..words).map(one).collect()).collect()
}

/// The index without anything around it.
struct Bare {
    reader: tantivy::IndexReader,
    words: tantivy::schema::Field,
    id: tantivy::schema::Field,
}

impl Bare {
    fn open(folder: &std::path::Path) -> Result<Bare> {
        let index = Index::open_in_dir(folder)?;
        let schema = index.schema();
        Ok(Bare { reader: index.reader()?, words: schema.get_field("words")?, id: schema.get_field("id")? })
    }

    fn find(&self, words: &[String]) -> Result<usize> {
        let terms = words.iter().map(|w| {
            let term = Term::from_field_text(self.words, w);
            (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>)
        });
        let searcher = self.reader.searcher();
        let found =
            searcher.search(&BooleanQuery::new(terms.collect()), &TopDocs::with_limit(MOST).order_by_score())?;
        for (_, address) in &found {
            let doc: TantivyDocument = searcher.doc(*address)?;
            doc.get_first(self.id).context("a hit has no id")?;
        }
        Ok(found.len())
    }
}
