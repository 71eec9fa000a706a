//! What every network does to those who listen to it, as a table: each fault, at each network it
//! applies to.

use std::time::Duration;

use guichet::base::id::DeliveryId;
use guichet::base::sign::sha256;
use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::inbound::InboundState;
use guichet::desk::scope::Scope;
use guichet::networks;
use guichet::simulator::stage::Reply as Answered;
use guichet::simulator::{linkedin, tiktok, x, youtube};
use guichet::store::channels;
use guichet::store::deliveries::{self, NewDelivery, Source};
use guichet::store::inbound;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::Desk;
use crate::support::open::{self, Elsewhere};

const X: &str = "1790000000000000001";

/// Connects each of them.
async fn connect(desk: &Desk, slug: &str) -> Elsewhere {
    let settings: &[(&str, &str)] = match slug {
        "x" => &[("user_id", X), ("access_token", "t"), ("consumer_secret", "s")],
        "youtube" => &[("channel_id", "UCaubepine0000000000001"), ("access_token", "t")],
        "linkedin" => &[("organization_id", "2414183"), ("access_token", "t"), ("client_secret", "s")],
        _ => &[("business_id", "openid-aubepine-0001"), ("access_token", "t"), ("client_secret", "s")],
    };
    let there = open::connect(desk, slug, settings).await;
    let (token, secret, hook, id) = ("t".to_owned(), "s".to_owned(), there.hook.clone(), settings[0].1.to_owned());
    let (name, refresh) = ("Aubépine".to_owned(), String::new());
    let s = &desk.simulator;
    match slug {
        "x" => s.x.add_account(x::NewAccount { id, name, username: "aubepine".into(), token, refresh, hook, secret }),
        "youtube" => s.youtube.add_channel(youtube::NewChannel { id, title: name, token, refresh }),
        "linkedin" => s.linkedin.add_page(linkedin::NewPage { id, name, token, refresh, hook, secret }),
        _ => s.tiktok.add_account(tiktok::NewAccount { id, name, token, refresh, hook, secret }),
    }
    there
}

/// Somebody writes to us there; it is taken in.
async fn asked(desk: &Desk, slug: &str) -> guichet::base::id::TicketId {
    let s = &desk.simulator;
    match slug {
        "x" => drop(s.x.mention(X, ("1790000000000000042", "Léa", "lea"), "@aubepine combien ?")),
        "youtube" => {
            let video = s.youtube.publish("UCaubepine0000000000001", "La cocotte");
            s.youtube.comment(&video, ("UClea", "@lea"), "combien ?");
            guichet::flow::listen::turn(&desk.house).await.unwrap();
        }
        "linkedin" => {
            let post = s.linkedin.publish("2414183", "La cocotte");
            s.linkedin.comment(&post, ("Ab12", "Léa"), "combien ?");
        }
        _ => {
            let video = s.tiktok.publish("openid-aubepine-0001", "La cocotte");
            s.tiktok.comment(&video, ("u-lea", "lea"), "combien ?");
        }
    }
    desk.settle().await;
    desk.tickets().await.into_iter().find(|t| t.network == slug).unwrap().id
}

fn refuse(desk: &Desk, slug: &str, reply: Answered) {
    match slug {
        "x" => desk.simulator.x.refuse_next(reply),
        "youtube" => desk.simulator.youtube.refuse_next(reply),
        "linkedin" => desk.simulator.linkedin.refuse_next(reply),
        _ => desk.simulator.tiktok.refuse_next(reply),
    }
}

/// A fixture's body taken in, as if its signature had been checked; what became of its elements.
async fn ingest(desk: &Desk, there: &Elsewhere, body: Vec<u8>) -> Vec<(InboundState, Option<String>)> {
    let mut tx = desk.house.db.write().await.unwrap();
    let row = channels::get(&mut tx, &Scope::house(desk.brand), there.channel).await.unwrap();
    let id: DeliveryId = desk.house.given.id();
    let (at, connection) = (desk.house.now(), row.connection_id);
    let new = NewDelivery {
        id,
        brand: desk.brand,
        connection,
        channel: Some(there.channel),
        source: Source::Ingest,
        sha256: sha256(&body),
        body,
        at,
    };
    deliveries::record(&mut tx, vec![new]).await.unwrap();
    tx.commit().await.unwrap();
    desk.settle().await;
    let mut tx = desk.house.db.read().await.unwrap();
    let lines = inbound::of_delivery(&mut tx, desk.brand, id).await.unwrap();
    lines.into_iter().map(|l| (l.state, l.reason)).collect()
}

fn fixture(slug: &str, name: &str) -> Value {
    let path = format!("{}/tests/fixtures/networks/{slug}/{name}.json", env!("CARGO_MANIFEST_DIR"));
    guichet::base::json::parse(&std::fs::read(path).unwrap()).unwrap()
}

const ALL: [&str; 4] = ["x", "youtube", "linkedin", "tiktok"];

on_both! {
    async fn the_same_event_in_other_bytes_is_one_message(desk) {
        for (slug, name) in [("x", "mention"), ("youtube", "thread"), ("linkedin", "comment"), ("tiktok", "comment")] {
            let there = connect(&desk, slug).await;
            let body = fixture(slug, name);
            assert_eq!(ingest(&desk, &there, body.to_string().into_bytes()).await.len(), 1, "{slug}");
            let mut other = body;
            other["delivered"] = json!("again");
            assert!(ingest(&desk, &there, other.to_string().into_bytes()).await.is_empty(), "{slug}");
        }
        assert_eq!(desk.tickets().await.len(), 4);
    }

    async fn what_is_gone_before_it_came_is_gone_when_it_comes(desk) {
        let gone_at_youtube = json!({"channel_id": "UCaubepine0000000000001", "read_at": "1", "answers": [], "gone": ["Ugx000000000001AaABAg"]});
        for (slug, first, then) in [
            ("youtube", gone_at_youtube, "thread"),
            ("linkedin", fixture("linkedin", "comment-deleted"), "comment"),
            ("tiktok", fixture("tiktok", "comment-deleted"), "comment"),
        ] {
            let there = connect(&desk, slug).await;
            let parked = ingest(&desk, &there, first.to_string().into_bytes()).await;
            assert_eq!(parked[0].0, InboundState::Parked, "{slug}");
            ingest(&desk, &there, fixture(slug, then).to_string().into_bytes()).await;
            let ticket = desk.tickets().await.into_iter().find(|t| t.network == slug).unwrap();
            assert!(desk.messages(ticket.id).await[0].deleted_at.is_some(), "{slug}");
        }
    }

    async fn an_unknown_kind_in_a_batch_stops_none_of_its_neighbours(desk) {
        for (slug, name, done) in [("x", "batch", 2), ("youtube", "chat-member", 1), ("linkedin", "batch", 2)] {
            let there = connect(&desk, slug).await;
            let became = ingest(&desk, &there, fixture(slug, name).to_string().into_bytes()).await;
            assert_eq!(became.iter().filter(|b| b.0 == InboundState::Done).count(), done, "{slug}: {became:?}");
            assert!(became.iter().any(|b| b.0 == InboundState::Ignored), "{slug}: {became:?}");
        }
    }

    async fn each_refusal_ends_where_people_can_act_upon_it(desk) {
        let sarah = desk.agent("Sarah", Role::Admin).await;
        let google = |reason: &str| json!({"error": {"code": 1, "message": "m", "errors": [{"reason": reason}]}});
        let tik = |code: i64| Answered::ok(json!({"code": code, "message": "m"}));
        let li = |status: u16| Answered::of(status, json!({"message": "m", "status": status}));
        for slug in ALL {
            connect(&desk, slug).await;
            let ticket = asked(&desk, slug).await;
            let (throttled, gone, broken) = match slug {
                "x" => (Answered::of(429, json!({"title": "m"})), Answered::of(404, json!({"title": "m"})), Answered::of(500, Value::Null)),
                "youtube" => (Answered::of(403, google("rateLimitExceeded")), Answered::of(404, google("commentNotFound")), Answered::of(503, Value::Null)),
                "linkedin" => (li(429), li(404), li(500)),
                _ => (tik(40_100), tik(40_007), tik(50_002)),
            };
            refuse(&desk, slug, gone);
            let reply = open::say(&desk, &sarah, ticket, "un", guichet::desk::message::Visibility::Public).await;
            desk.settle().await;
            assert_eq!(open::state(&desk, &reply).await, (Delivery::Failed, Some("gone".into())), "{slug}");
            // Nobody knows whether a server that broke down did it: it is looked for, and sent once more.
            refuse(&desk, slug, broken);
            let reply = open::say(&desk, &sarah, ticket, "deux", guichet::desk::message::Visibility::Public).await;
            desk.settle().await;
            assert_eq!(open::state(&desk, &reply).await.0, Delivery::Unknown, "{slug}");
            desk.pass(Duration::from_secs(61)).await;
            assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent, "{slug}");
            refuse(&desk, slug, throttled);
            let reply = open::say(&desk, &sarah, ticket, "trois", guichet::desk::message::Visibility::Public).await;
            desk.settle().await;
            assert_eq!(open::state(&desk, &reply).await.0, Delivery::RetryWait, "{slug}");
            desk.pass(Duration::from_secs(16 * 3_600)).await;
            assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent, "{slug}");
        }
    }

    async fn a_dead_login_blocks_its_own_channel_and_no_other(desk) {
        let sarah = desk.agent("Sarah", Role::Admin).await;
        let dead = |slug: &str| match slug {
            "tiktok" => Answered::ok(json!({"code": 40_105, "message": "m"})),
            _ => Answered::of(401, json!({"message": "m"})),
        };
        for slug in ALL {
            let there = connect(&desk, slug).await;
            let ticket = asked(&desk, slug).await;
            refuse(&desk, slug, dead(slug));
            let reply = open::say(&desk, &sarah, ticket, "un", guichet::desk::message::Visibility::Public).await;
            desk.settle().await;
            assert_eq!(open::state(&desk, &reply).await, (Delivery::Blocked, Some("token".into())), "{slug}");
            open::set(&desk, &there, &[("access_token", "t")]).await;
            desk.settle().await;
            assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent, "{slug}");
        }
    }
}

/// Limits and windows at their edge are told in each network's stories; here, that each network says
/// how it counts at all.
#[test]
fn every_network_counts_its_own_way() {
    for (slug, most, unit) in
        [("x", 280, "weighted"), ("youtube", 10_000, "utf16"), ("linkedin", 1_250, "chars"), ("tiktok", 150, "utf16")]
    {
        let length = networks::find(slug).unwrap().limits().public_reply.unwrap();
        assert_eq!((length.most, length.unit.as_str()), (most, unit), "{slug}");
    }
}
