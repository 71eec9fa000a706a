//! `kill -9` while messages are indexed, the index's folder deleted or damaged between two lives,
//! `guichet reindex` beside a running server: every word is found in the end, once.

use std::path::Path;
use std::time::Duration;

use guichet::app;
use guichet::base::fetch::{Ask, Fetch};
use guichet::base::{Given, Lang};
use guichet::config::{Config, Outbound};
use guichet::desk::agent::Role;
use guichet::flow::house::Tuning;
use guichet::flow::people::{self, Host, NewAgent};
use guichet::networks::NETWORKS;
use guichet::simulator::Simulator;
use guichet::simulator::weather::Weather;
use tokio_util::sync::CancellationToken;

use crate::crash::server::{self, Server, Who};
use crate::support::Engine;
use crate::support::desk::{PAGE, PASSWORD, connect_page, found_brand};

/// Kills, unless `GUICHET_TEST_KILLS` says otherwise.
fn kills() -> u64 {
    std::env::var("GUICHET_TEST_KILLS").map_or(8, |n| n.parse().expect("GUICHET_TEST_KILLS is a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_word_is_found_after_kills_on_sqlite() {
    survive(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_word_is_found_after_kills_on_postgres() {
    survive(Engine::Postgres).await;
}

async fn survive(engine: Engine) {
    let dir = tempfile::tempdir().unwrap();
    let dice = Given::from_machine().unwrap();
    let config = Config {
        database_url: engine.fresh(dir.path()).await,
        data_dir: dir.path().to_path_buf(),
        listen: server::free_port(),
        outbound: Outbound { allow: vec!["127.0.0.0/8".parse().unwrap()], only: true, ca_file: None },
        ..Config::default()
    };
    let house = app::open_house(&config, dice.clone(), NETWORKS, Tuning::default()).await.unwrap();
    let stop = CancellationToken::new();
    let _at_the_end = stop.clone().drop_guard();
    let simulator = Simulator::start(dice.clone(), house.fetch.clone(), Weather::default(), stop).await.unwrap();
    let brand = found_brand(&house, "aubepine", "Aubépine").await;
    let base = format!("http://{}", config.listen);
    connect_page(&house, &simulator, brand, PAGE, "Aubépine", &base).await;
    let nina = NewAgent {
        email: "nina@guichet.example".into(),
        name: "Nina".into(),
        role: Role::Lead,
        brand: Some(brand),
        password: Some(PASSWORD.into()),
        locale: Lang::Fr,
    };
    people::add(&house, Host::Operator, nina).await.unwrap();
    let (_, token) = people::create_token(&house, "nina@guichet.example", &["read".to_owned()], None).await.unwrap();
    let desk = Reader { fetch: house.fetch.within(Duration::from_secs(10)), base, token };

    let post = simulator.facebook.publish(PAGE, "Bonjour");
    let index = dir.path().join("search");
    let (mut written, kills) = (0_u64, kills());
    let mut server = Server::start(Who::Program, &config);
    for n in 0..kills {
        for _ in 0..4 + dice.below(8) {
            let person = format!("33{}", dice.below(50));
            simulator.facebook.comment(PAGE, &post, (&person, "Léa"), &format!("question motrare{written} !"));
            written += 1;
        }
        // Most die while the first of these are being indexed; some before, some after.
        let before = place_of(&index);
        match dice.below(10) {
            0 => {}
            1..=7 => server.until(|| place_of(&index) != before || simulator.facebook.all_are_taken()).await,
            _ => server.until(|| simulator.facebook.all_are_taken()).await,
        }
        tokio::time::sleep(Duration::from_micros(dice.below(600_000))).await;
        server.kill();
        match n % 4 {
            1 => drop(std::fs::remove_dir_all(&index)),
            3 => damage(&index, &dice),
            _ => {}
        }
        server = Server::start(Who::Program, &config);
    }
    simulator.facebook.all_taken().await;
    let missing = desk.all_found(written).await;
    assert!(missing.is_empty(), "{missing:?} of {written} are not found");
    // Asked to build it anew, the server goes on answering meanwhile, and has all of it afterwards.
    let inode = |path: &Path| std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(path).unwrap());
    let old = inode(&index);
    let asked = std::process::Command::new(env!("CARGO_BIN_EXE_guichet"))
        .arg("reindex")
        .current_dir(dir.path())
        .env("GUICHET_DATA_DIR", dir.path())
        .env("GUICHET_DATABASE_URL", &config.database_url)
        .output()
        .unwrap();
    assert!(asked.status.success() && String::from_utf8_lossy(&asked.stdout).contains("was asked"), "{asked:?}");
    simulator.facebook.comment(PAGE, &post, ("339", "Léa"), &format!("question motrare{written} !"));
    written += 1;
    for _ in 0..3_000 {
        assert_eq!(desk.times("motrare0").await, 1, "the old index answers until the new one does");
        if index.exists() && inode(&index) != old {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_ne!(inode(&index), old, "the index was not built anew");
    let missing = desk.all_found(written).await;
    assert!(missing.is_empty(), "{missing:?} of {written} are not found after reindex");
    server.kill();
    house.db.close().await;
}

/// Somebody who searches.
struct Reader {
    fetch: Fetch,
    base: String,
    token: String,
}

impl Reader {
    /// How often a word is found.
    async fn times(&self, word: &str) -> usize {
        let url = format!("{}/api/v1/search", self.base);
        loop {
            match self.fetch.call(Ask::get(&url).query("q", word).bearer(&self.token)).await {
                Ok(answer) if answer.status == 200 => return answer.json()["items"].as_array().unwrap().len(),
                // It is starting.
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// Waits until every word is found once; those that are not after a minute.
    async fn all_found(&self, written: u64) -> Vec<u64> {
        let mut missing: Vec<u64> = (0..written).collect();
        for _ in 0..600 {
            let mut left = Vec::new();
            for n in missing {
                let times = self.times(&format!("motrare{n}")).await;
                assert!(times <= 1, "motrare{n} is found {times} times");
                if times == 0 {
                    left.push(n);
                }
            }
            if left.is_empty() {
                return left;
            }
            missing = left;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        missing
    }
}

/// Something that changes with every commit of the index.
fn place_of(index: &Path) -> Option<std::time::SystemTime> {
    std::fs::metadata(index.join("meta.json")).ok()?.modified().ok()
}

/// Random bytes into some file of the index.
fn damage(index: &Path, dice: &Given) {
    let Ok(files) = std::fs::read_dir(index) else { return };
    let files: Vec<_> = files.filter_map(|f| Some(f.ok()?.path())).collect();
    let Some(path) = files.get(usize::try_from(dice.below(files.len().max(1) as u64)).unwrap()) else { return };
    let Ok(mut bytes) = std::fs::read(path) else { return };
    for _ in 0..20 {
        if !bytes.is_empty() {
            let at = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
            bytes[at] = u8::try_from(dice.below(256)).unwrap();
        }
    }
    let _ = std::fs::write(path, bytes);
}
