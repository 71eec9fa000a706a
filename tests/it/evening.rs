//! The rush hour of the demo: every network that is spoken here brings something at once, and nobody
//! waits behind anybody else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use guichet::base::Given;
use guichet::cli::demo::{Chance, Town, town};
use guichet::config::Config;
use guichet::desk::message::Kind;
use guichet::desk::scope::Scope;
use guichet::flow::{connect, intake, listen};
use guichet::networks::NETWORKS;
use guichet::simulator::pace::Pace;
use guichet::simulator::scenes::{SCENARIOS, scenario};
use guichet::store::select::{self, Filter, Sort, States};
use guichet::store::{brands, deliveries};

use crate::on_both;
use crate::support::Desk;

/// The town of the rush hour at a desk's own brand, whose page takes what this town pushes.
pub async fn town_of(desk: &Desk) -> Town {
    let secret = ("app_secret".to_owned(), "demo-secret".to_owned());
    connect::reconnect(&desk.house, &Scope::house(desk.brand), desk.channel, &[secret]).await.unwrap();
    let config = Config { public_url: desk.base.clone(), ..Config::default() };
    let pace = Arc::new(Pace::new(1.0));
    let chance = Chance { given: Given::seeded(desk.clock.clone(), 3), seed: 1, pace };
    town(&desk.house, &config, &desk.simulator, scenario("evening").unwrap(), chance).await.unwrap()
}

async fn unread(desk: &Desk) -> i64 {
    deliveries::unread(&mut desk.house.db.read().await.unwrap()).await.unwrap().n
}

/// The networks that have tickets, at all brands.
async fn heard(desk: &Desk) -> BTreeSet<String> {
    let filter = Filter { states: States::All, ..Filter::default() };
    let mut tx = desk.house.db.read().await.unwrap();
    let mut found = BTreeSet::new();
    for brand in brands::all(&mut tx).await.unwrap() {
        for sort in [Sort::Oldest, Sort::Newest] {
            let rows = select::page(&mut tx, brand.id, &filter, sort, None, 100).await.unwrap();
            found.extend(rows.into_iter().map(|l| l.ticket.network));
        }
    }
    found
}

on_both! {
    async fn every_network_at_once_and_none_behind_another(desk) {
        let town = town_of(&desk).await;
        town.play.tell_the_past().await;
        // Whatever was there before is read; what comes now is what is looked at.
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        let before = unread(&desk).await;
        assert_eq!(before, 0);
        for _ in 0..120 {
            desk.clock.forward(Duration::from_millis(500));
            town.play.beat(&|_| false);
            town.voices.beat();
            town.letters.beat();
        }
        desk.simulator.facebook.all_taken().await;
        // Whoever comes over the bridge is on a wire of their own. Four networks of both brands, and four
        // of the first one.
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        let have_something = async || {
            let mut tx = desk.house.db.read().await.unwrap();
            deliveries::connections_waiting(&mut tx).await.unwrap().len()
        };
        while have_something().await < 12 {
            assert!(tokio::time::Instant::now() < deadline, "only {} have something", have_something().await);
            tokio::task::yield_now().await;
        }
        // Those that are asked, not told: mailboxes and videos, after their usual pause.
        desk.clock.forward(Duration::from_mins(20));
        listen::turn(&desk.house).await.unwrap();
        let waiting = unread(&desk).await;
        assert!(waiting > 150, "that is no rush: {waiting}");
        // One batch holds something of everybody, however many wait for the first page of them all.
        assert_eq!(intake::turn(&desk.house).await.unwrap(), 64);
        let all: BTreeSet<String> = NETWORKS.iter().map(|n| n.slug().to_owned()).collect();
        assert_eq!(heard(&desk).await, all);
        desk.settle().await;
        assert_eq!(unread(&desk).await, 0);
        let mut tx = desk.house.db.read().await.unwrap();
        for brand in brands::all(&mut tx).await.unwrap() {
            let unclear = deliveries::quarantined(&mut tx, brand.id, 100).await.unwrap();
            assert!(unclear.is_empty(), "{unclear:?}");
        }
        drop(tx);
        let kinds: BTreeSet<Kind> = desk.tickets().await.into_iter().map(|t| t.kind).collect();
        assert!(kinds.len() >= 3, "{kinds:?}");
    }
}

#[test]
fn the_plays_are_those_that_are_promised() {
    let names: BTreeSet<&str> = SCENARIOS.iter().map(|s| s.name).collect();
    assert_eq!(names, BTreeSet::from(["normal", "evening", "launch", "badbuzz", "b2b"]));
    // In the rush of the evening some hundreds come in a minute, on the pages alone.
    let evening = scenario("evening").unwrap();
    let (least, more) = evening.gap(100);
    assert!((200..=600).contains(&(600 * 2 / (2 * least + more - 1))), "{least} {more}");
}
