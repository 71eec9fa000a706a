//! `kill -9` at random moments, with customers and agents at work and a network that loses answers,
//! acts late, repeats and delays. Afterwards the books are compared: what the network has, what
//! people were promised, what the desk shows.
//!
//! `GUICHET_TEST_KILLS=5000` asks for that many kills on each database.

mod books;
mod crowd;
pub mod server;

use std::sync::Arc;
use std::time::Duration;

use guichet::app;
use guichet::base::Given;
use guichet::config::{Config, Outbound, Timing};
use guichet::flow::house::Tuning;
use guichet::flow::people::{self, Host, NewAgent};
use guichet::networks::NETWORKS;
use guichet::simulator::Simulator;
use guichet::simulator::weather::Weather;
use tokio_util::sync::CancellationToken;

use self::books::Books;
use self::crowd::Crowd;
use self::server::{Server, Who};
use crate::support::desk::{PAGE, connect_page, found_brand};
use crate::support::{Engine, desk};

/// Answers lost, acts carried out late and unanswered, pushes twice and in any order.
fn storm() -> Weather {
    Weather {
        lose_answer: 15,
        act_late: 10,
        late_by: Duration::from_millis(60),
        push_twice: 20,
        push_delay: Duration::from_millis(100),
        ..Weather::default()
    }
}

/// How often to kill: as the flag says, or `usual`.
fn kills(usual: u32) -> u32 {
    std::env::var("GUICHET_TEST_KILLS").map_or(usual, |n| n.parse().expect("GUICHET_TEST_KILLS is a number"))
}

/// Runs a desk through a storm, killing it again and again; the books afterwards.
async fn survive(engine: Engine, who: Who, kills: u32) -> Books {
    let dir = tempfile::tempdir().unwrap();
    let dice = Given::from_machine().unwrap();
    let config = Config {
        database_url: engine.fresh(dir.path()).await,
        data_dir: dir.path().to_path_buf(),
        listen: server::free_port(),
        outbound: Outbound { allow: vec!["127.0.0.0/8".parse().unwrap()], only: true, ca_file: None },
        // Far longer than the network's lateness, so that a busy machine changes nothing.
        timing: Timing { undo_public_seconds: 0, undo_private_seconds: 0, settle_millis: 1_500, ..Timing::default() },
        ..Config::default()
    };
    let house = app::open_house(&config, dice.clone(), NETWORKS, Tuning::default()).await.unwrap();
    let stop = CancellationToken::new();
    let _at_the_end = stop.clone().drop_guard();
    let simulator = Simulator::start(dice.clone(), house.fetch.clone(), storm(), stop).await.unwrap();
    let brand = found_brand(&house, "aubepine", "Aubépine").await;
    let base = format!("http://{}", config.listen);
    connect_page(&house, &simulator, brand, PAGE, "Aubépine", &base).await;
    let sarah = NewAgent {
        email: "sarah@guichet.example".into(),
        name: "Sarah".into(),
        role: guichet::desk::agent::Role::Agent,
        brand: Some(brand),
        password: Some(desk::PASSWORD.into()),
        locale: guichet::base::Lang::Fr,
    };
    people::add(&house, Host::Operator, sarah).await.unwrap();
    let scopes = ["read".to_owned(), "write".to_owned()];
    let (_, token) = people::create_token(&house, "sarah@guichet.example", &scopes, None).await.unwrap();

    let crowd = Arc::new(Crowd::new(simulator.clone(), house.fetch.clone(), dice.clone(), base, token));
    let agents = [tokio::spawn(Arc::clone(&crowd).answer()), tokio::spawn(Arc::clone(&crowd).answer())];
    let mut server = Server::start(who, &config);
    for _ in 0..kills {
        crowd.write(1 + dice.below(4));
        crowd.expect_replies(1 + dice.below(3));
        // Some die while they start, most after a few deeds, in the middle of the next; some once
        // every agent has their answer, while the replies leave.
        match dice.below(100) {
            0..15 => {}
            15..60 => {
                let enough = crowd.deeds() + 1 + dice.below(8);
                server.until(|| crowd.deeds() >= enough || crowd.idle()).await;
            }
            _ => server.until(|| crowd.all_are_told()).await,
        }
        tokio::time::sleep(Duration::from_micros(dice.below(20_000))).await;
        server.kill();
        server = Server::start(who, &config);
    }
    crowd.no_more();
    for agent in agents {
        agent.await.unwrap();
    }
    simulator.facebook.all_taken().await;
    let unfinished = books::rest(&house).await;
    server.kill();
    let mut books = Books::compare(&house, brand, &crowd).await;
    books.unfinished += unfinished;
    if engine == Engine::Sqlite {
        books.broken = books::integrity(&dir.path().join("guichet.db"));
    }
    house.db.close().await;
    books
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    let books = survive(Engine::Sqlite, Who::Program, kills(200)).await;
    books.hold();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_postgres() {
    let books = survive(Engine::Postgres, Who::Program, kills(50)).await;
    books.hold();
}

/// The same harness finds the doubles of a sender that sends again whatever had no answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_sends_blindly_again_is_found_out() {
    let books = survive(Engine::Sqlite, Who::SendsBlindlyAgain, 30).await;
    assert!(!books.sent_twice.is_empty(), "no double was seen: {books:#?}");
    assert!(books.lost.is_empty(), "{books:#?}");
}

/// Not a story of its own: the other process of the one above.
#[test]
#[ignore = "started by the harness, as a server of its own"]
fn a_server_that_sends_blindly_again() {
    server::serve_blindly();
}
