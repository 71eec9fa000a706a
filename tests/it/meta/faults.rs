//! What any network may do to us, told once and tried with each of Meta’s: batches with the unknown
//! inside, repetitions, the wrong order, bad signatures, ids as numbers, nobody named, answers lost.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use guichet::base::id::ChannelId;
use guichet::base::sign::hmac_sha256;
use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::inbound::InboundState::{self, Done, Ignored, Parked, Quarantined};
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::flow::{connect, listen};
use guichet::simulator::weather::Weather;
use guichet::simulator::whatsapp::Person;
use guichet::store::{channels, messages};
use serde_json::{Value, json};

use super::{account, connected, deeds, ingest, stage};
use crate::hooks::post;
use crate::on_both;
use crate::support::desk::{PAGE, SECRET};
use crate::support::replies::{say, state, words};
use crate::support::visitor::send;
use crate::support::{Desk, Engine};

const NETWORKS: [&str; 4] = ["facebook", "instagram", "whatsapp", "threads"];
const AT: i64 = 1_795_251_600;

/// One element of a network’s body: somebody wrote this, under this id, or nobody did.
fn wrote(network: &str, id: Value, author: Option<&str>, text: &str) -> Value {
    match network {
        "facebook" => {
            let mut value = json!({"item": "comment", "verb": "add", "comment_id": id, "post_id": format!("{PAGE}_7"),
                "parent_id": format!("{PAGE}_7"), "created_time": AT, "message": text});
            if let Some(author) = author {
                value["from"] = json!({"id": author, "name": "Léa"});
            }
            json!({"field": "feed", "value": value})
        }
        "instagram" => {
            let mut value = json!({"id": id, "text": text, "media": {"id": "18000000000000007"}});
            if let Some(author) = author {
                value["from"] = json!({"id": author, "username": "lea.v"});
            }
            json!({"field": "comments", "value": value})
        }
        "whatsapp" => {
            let mut message = json!({"id": id, "timestamp": AT.to_string(), "type": "text", "text": {"body": text}});
            if let Some(author) = author {
                message["from"] = author.into();
            }
            of_whatsapp(json!({"messages": [message]}))
        }
        _ => {
            let mut value = json!({"id": id, "text": text, "replied_to": {"id": "18100000000000001"},
                "root_post": {"id": "18100000000000001", "owner_id": account("threads")}});
            if let Some(author) = author {
                value["username"] = author.into();
            }
            json!({"field": "replies", "value": value})
        }
    }
}

fn of_whatsapp(mut value: Value) -> Value {
    value["metadata"] = json!({"phone_number_id": account("whatsapp")});
    json!({"field": "messages", "value": value})
}

/// Something nobody knows yet, something broken.
fn unknown(network: &str) -> Value {
    if network == "facebook" {
        return json!({"field": "feed", "value": {"item": "hologram", "verb": "add"}});
    }
    json!({"field": "hologram", "value": {"id": "1"}})
}

fn broken(network: &str) -> Value {
    match network {
        "facebook" => json!({"field": "feed", "value": {"item": "comment", "verb": "add"}}),
        "whatsapp" => of_whatsapp(json!({"messages": [{"type": "text"}]})),
        "instagram" => json!({"field": "comments", "value": {"text": "x"}}),
        _ => json!({"field": "replies", "value": {"text": "x"}}),
    }
}

/// It is gone; nothing where the network never says so.
fn deleted(network: &str, id: &str) -> Option<Value> {
    Some(match network {
        "facebook" => {
            json!({"field": "feed", "value": {"item": "comment", "verb": "remove", "comment_id": id, "post_id": format!("{PAGE}_7")}})
        }
        "whatsapp" => of_whatsapp(
            json!({"messages": [{"id": format!("{id}r"), "from": "33612345678", "timestamp": AT.to_string(),
            "type": "revoke", "revoke": {"original_message_id": id}}]}),
        ),
        "threads" => json!({"field": "delete", "value": {"id": id, "deleted_at": "2026-11-21T10:00:00+0000"}}),
        _ => return None,
    })
}

/// A body with these entries of these elements, told at this time. Threads has one entry.
fn body(network: &str, entries: &[&[Value]], time: i64) -> Value {
    if network == "threads" {
        let values: Vec<Value> = entries.concat();
        return json!({"target_id": account("threads"), "topic": "moderate", "time": time, "values": values});
    }
    let (object, id) = match network {
        "facebook" => ("page", PAGE),
        "instagram" => ("instagram", account("instagram")),
        _ => ("whatsapp_business_account", "102290129340398"),
    };
    let entries: Vec<Value> = entries.iter().map(|e| json!({"id": id, "time": time, "changes": e})).collect();
    json!({"object": object, "entry": entries})
}

async fn channel(desk: &Desk, network: &str) -> (ChannelId, String) {
    if network == "facebook" { (desk.channel, desk.hook.clone()) } else { connected(desk, network).await }
}

fn states(became: &[(InboundState, Option<String>)]) -> Vec<InboundState> {
    became.iter().map(|b| b.0).collect()
}

async fn text_of(desk: &Desk, channel: ChannelId, id: &str) -> Option<String> {
    let mut tx = desk.house.db.read().await.unwrap();
    messages::by_external(&mut tx, desk.brand, channel, id).await.unwrap().map(|m| m.text)
}

on_both! {
    async fn two_entries_of_three_with_the_unknown_and_the_broken_inside(desk) {
        for network in NETWORKS {
            let (channel, _) = channel(&desk, network).await;
            let w = |id: &str| wrote(network, id.into(), Some("33612345678"), id);
            let first = [w("80_1"), unknown(network), w("80_2")];
            let second = [w("80_3"), broken(network), w("80_4")];
            let became = ingest(&desk, channel, &body(network, &[&first, &second], AT)).await;
            assert_eq!(states(&became), [Done, Ignored, Done, Done, Quarantined, Done], "{network}");
            for id in ["80_1", "80_2", "80_3", "80_4"] {
                assert_eq!(text_of(&desk, channel, id).await.as_deref(), Some(id), "{network}");
            }
        }
    }

    async fn told_twice_is_once_and_gone_before_it_came_is_gone(desk) {
        for network in NETWORKS {
            let (channel, _) = channel(&desk, network).await;
            let one = wrote(network, "81_1".into(), Some("33612345678"), "un");
            assert_eq!(states(&ingest(&desk, channel, &body(network, &[std::slice::from_ref(&one)], AT)).await), [Done], "{network}");
            // The same event in other bytes is known by its key.
            assert!(ingest(&desk, channel, &body(network, &[&[one]], AT + 60)).await.is_empty(), "{network}");
            let Some(gone) = deleted(network, "81_2") else { continue };
            assert_eq!(states(&ingest(&desk, channel, &body(network, &[&[gone]], AT)).await), [Parked], "{network}");
            let late = wrote(network, "81_2".into(), Some("33612345678"), "deux");
            ingest(&desk, channel, &body(network, &[&[late]], AT)).await;
            let mut tx = desk.house.db.read().await.unwrap();
            let m = messages::by_external(&mut tx, desk.brand, channel, "81_2").await.unwrap().unwrap();
            assert!(m.deleted_at.is_some(), "{network}");
        }
    }

    async fn ids_as_numbers_and_nobody_named(desk) {
        for network in NETWORKS {
            let (channel, _) = channel(&desk, network).await;
            let number = wrote(network, 18_200_000_000_000_006_i64.into(), Some("33612345678"), "nombre");
            ingest(&desk, channel, &body(network, &[&[number]], AT)).await;
            assert_eq!(text_of(&desk, channel, "18200000000000006").await.as_deref(), Some("nombre"), "{network}");
            // A number of more digits than programs count in keeps every one of them.
            let huge = body(network, &[&[wrote(network, "HUGE".into(), Some("33612345678"), "énorme")]], AT).to_string();
            let huge = huge.replace("\"HUGE\"", "72345678901234567890123");
            let read = guichet::networks::find(network).unwrap().read(huge.as_bytes()).unwrap();
            assert!(format!("{read:?}").contains("\"72345678901234567890123\""), "{network}");
            let nobody = wrote(network, "82_1".into(), None, "personne");
            assert_eq!(states(&ingest(&desk, channel, &body(network, &[&[nobody]], AT)).await), [Done], "{network}");
            assert_eq!(text_of(&desk, channel, "82_1").await.as_deref(), Some("personne"), "{network}");
        }
    }

    async fn signatures_over_the_bytes_as_they_came_and_the_old_secret_for_a_while(desk) {
        for network in NETWORKS {
            let (channel, hook) = channel(&desk, network).await;
            let scope = Scope::house(desk.brand);
            let signed = |secret: &str, body: &[u8]| format!("sha256={}", hex::encode(hmac_sha256(secret.as_bytes(), &[body])));
            let told = |id: &str| body(network, &[&[wrote(network, id.into(), Some("33612345678"), "été")]], AT).to_string();
            // Meta signs what it escaped; Threads is seen to send plain UTF-8.
            let escaped = told("83_1").replace("été", "\\u00e9t\\u00e9").replace('/', "\\/").into_bytes();
            assert_eq!(post(&desk, &hook, escaped.clone(), Some(&signed("another", &escaped))).await, 401, "{network}");
            assert_eq!(post(&desk, &hook, escaped.clone(), None).await, 401, "{network}");
            assert_eq!(post(&desk, &hook, escaped.clone(), Some(&signed(SECRET, &escaped))).await, 200, "{network}");
            let plain = told("83_2").into_bytes();
            assert_eq!(post(&desk, &hook, plain.clone(), Some(&signed(SECRET, &plain))).await, 200, "{network}");
            let both = [("app_secret".to_owned(), format!("new-secret {SECRET}"))];
            connect::reconnect(&desk.house, &scope, channel, &both).await.unwrap();
            for (id, secret) in [("83_3", SECRET), ("83_4", "new-secret")] {
                let told = told(id).into_bytes();
                assert_eq!(post(&desk, &hook, told.clone(), Some(&signed(secret, &told))).await, 200, "{network}");
            }
            let only = [("app_secret".to_owned(), "new-secret".to_owned())];
            connect::reconnect(&desk.house, &scope, channel, &only).await.unwrap();
            let late = told("83_5").into_bytes();
            assert_eq!(post(&desk, &hook, late.clone(), Some(&signed(SECRET, &late))).await, 401, "{network}");
            desk.settle().await;
            for id in ["83_1", "83_2", "83_3", "83_4"] {
                assert_eq!(text_of(&desk, channel, id).await.as_deref(), Some("été"), "{network} {id}");
            }
        }
    }

    async fn what_is_no_body_is_kept_whole_and_holds_nobody_up(desk) {
        for network in NETWORKS {
            let (channel, _) = channel(&desk, network).await;
            for (n, nonsense) in [json!("a string"), json!([]), json!({}), json!(7)].iter().enumerate() {
                let mut nonsense = nonsense.clone();
                if let Some(object) = nonsense.as_object_mut() {
                    object.insert(network.into(), n.into());
                }
                ingest(&desk, channel, &nonsense).await;
            }
            let good = wrote(network, "84_1".into(), Some("33612345678"), "bien");
            assert_eq!(states(&ingest(&desk, channel, &body(network, &[&[good]], AT)).await), [Done], "{network}");
        }
    }

    async fn the_same_thing_told_as_a_reply_and_as_a_mention_is_one_message(desk) {
        let (channel, _) = connected(&desk, "threads").await;
        let reply = wrote("threads", "85_1".into(), Some("lea.v"), "@aubepine oui");
        let mut mention = reply.clone();
        mention["field"] = "mentions".into();
        ingest(&desk, channel, &body("threads", &[&[reply]], AT)).await;
        assert!(ingest(&desk, channel, &body("threads", &[&[mention]], AT)).await.is_empty());
        assert_eq!(desk.tickets().await.len(), 1);
    }

    async fn after_an_hour_of_failures_the_subscription_is_made_anew(desk) {
        for network in ["instagram", "whatsapp"] {
            connected(&desk, network).await;
        }
        let subscribed = || {
            let of = |network| stage(&desk, network).world().subscribed;
            [desk.simulator.facebook.subscriptions(), of("instagram"), of("whatsapp")]
        };
        listen::turn(&desk.house).await.unwrap();
        assert_eq!(subscribed(), [1, 1, 1]);
        desk.clock.forward(Duration::from_mins(59));
        listen::turn(&desk.house).await.unwrap();
        assert_eq!(subscribed(), [1, 1, 1]);
        desk.clock.forward(Duration::from_mins(1));
        listen::turn(&desk.house).await.unwrap();
        assert_eq!(subscribed(), [2, 2, 2]);
    }

    async fn the_challenge_goes_back_for_our_word_only(desk) {
        for network in NETWORKS {
            let (_, hook) = channel(&desk, network).await;
            let ask = async |word: &str| {
                let query = format!("{hook}?hub.mode=subscribe&hub.verify_token={word}&hub.challenge=11x58");
                let request = Request::builder().uri(query).body(Body::empty()).unwrap();
                send(&desk.web, request).await
            };
            let yes = ask("s%C3%A9same").await;
            assert_eq!((yes.status.as_u16(), yes.text.as_str()), (200, "11x58"), "{network}");
            assert_eq!(ask("sesame").await.status.as_u16(), 403, "{network}");
        }
    }

    async fn throttled_then_taken(desk) {
        for (network, code) in [("instagram", 80_002), ("whatsapp", 130_429), ("threads", 4)] {
            connected(&desk, network).await;
            let (sarah, ticket, visibility) = asked(&desk, network).await;
            stage(&desk, network).refuse_next(code, 0);
            let sent = say(&desk, &sarah, words(ticket, "un", visibility)).await;
            desk.settle().await;
            assert_eq!(state(&desk, &sent).await.0, Delivery::RetryWait, "{network}");
            desk.pass(Duration::from_secs(30)).await;
            assert!(deeds(&desk, network).is_empty(), "{network}: calling while throttled prolongs the block");
            desk.pass(Duration::from_secs(40)).await;
            assert_eq!(deeds(&desk, network).len(), 1, "{network}");
        }
    }

    async fn a_dead_login_waits_for_a_new_one_while_messages_keep_coming(desk) {
        for network in ["instagram", "whatsapp", "threads"] {
            let (channel, _) = connected(&desk, network).await;
            let (sarah, ticket, visibility) = asked(&desk, network).await;
            stage(&desk, network).set_token(account(network), "changed");
            let sent = say(&desk, &sarah, words(ticket, "un", visibility)).await;
            desk.settle().await;
            assert_eq!(state(&desk, &sent).await, (Delivery::Blocked, Some("token".into())), "{network}");
            let token = [("access_token".to_owned(), "changed".to_owned())];
            connect::reconnect(&desk.house, &Scope::house(desk.brand), channel, &token).await.unwrap();
            desk.settle().await;
            assert_eq!(deeds(&desk, network).len(), 1, "{network}");
            let mut tx = desk.house.db.read().await.unwrap();
            let c = channels::get(&mut tx, &Scope::house(desk.brand), channel).await.unwrap();
            assert_eq!(c.state.as_str(), "active", "{network}");
        }
    }
}

/// A colleague, and a ticket at this network that can be answered.
async fn asked(desk: &Desk, network: &str) -> (crate::support::Visitor, guichet::base::id::TicketId, Visibility) {
    let (us, now, simulator) = (account(network), desk.house.now(), &desk.simulator);
    let before: Vec<_> = desk.tickets().await.into_iter().map(|t| t.id).collect();
    let visibility = match network {
        "instagram" => {
            simulator.instagram.message_at(us, ("9920000000000001", "lea.v"), "Bonjour", now);
            Visibility::Private
        }
        "whatsapp" => {
            simulator.whatsapp.message_at(us, &Person::with_number("33612345678", "Léa"), "Bonjour", now);
            Visibility::Private
        }
        _ => {
            let post = simulator.threads.publish_at(us, "Bonjour", now);
            simulator.threads.reply_at(us, &post, "lea.v", "Bonjour", now);
            Visibility::Public
        }
    };
    desk.settle().await;
    let ticket = desk.tickets().await.into_iter().find(|t| !before.contains(&t.id)).unwrap().id;
    (desk.agent(&format!("Sarah-{network}"), Role::Agent).await, ticket, visibility)
}

/// Accepted, and the answer never comes, nor an echo: it is looked for and never said twice; where
/// nothing can be looked up, a person decides.
async fn accepted_without_an_answer(engine: Engine) {
    let desk = Desk::in_weather(engine, Weather { no_echo: true, ..Weather::default() }).await;
    for (network, edge, ends) in [
        ("instagram", "messages", Delivery::Sent),
        ("whatsapp", "messages", Delivery::NeedsDecision),
        ("threads", "threads_publish", Delivery::Sent),
    ] {
        connected(&desk, network).await;
        let (sarah, ticket, visibility) = asked(&desk, network).await;
        stage(&desk, network).lose_next(edge);
        let sent = say(&desk, &sarah, words(ticket, "une seule fois", visibility)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Unknown, "{network}");
        for _ in 0..4 {
            desk.pass(Duration::from_mins(10)).await;
        }
        assert_eq!(state(&desk, &sent).await.0, ends, "{network}");
        assert_eq!(deeds(&desk, network).len(), 1, "{network}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accepted_without_an_answer_on_sqlite() {
    accepted_without_an_answer(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accepted_without_an_answer_on_postgres() {
    accepted_without_an_answer(Engine::Postgres).await;
}
