//! The stories of the fault table: each is told at every network the table has for it.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::channel::ChannelState;
use guichet::desk::delivery::Delivery;
use guichet::desk::inbound::InboundState::{Done, Ignored, Parked, Quarantined};
use guichet::desk::message::Visibility;
use guichet::flow::{Reason, intake, listen, outbox, renew};
use guichet::simulator::gate::Gate;
use guichet::simulator::weather::Weather;
use guichet::simulator::whatsapp::Person;
use serde_json::{Value, json};

use super::table::with;
use super::{AT, answer, asked, colleague, ingest, knock, message, network, question, reconnect, row};
use crate::meta::account;
use crate::on_both;
use crate::support::{Desk, Engine, open};

const LEA: &str = "33612345678";

on_both! {
    async fn batches(desk) {
        for side in with("a batch with the unknown and the broken inside") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let w = |id: &str| side.wrote(id.into(), Some(LEA), id);
            let first = [w("8000001"), side.unknown().unwrap(), w("8000002")];
            let second = [w("8000003"), side.broken(), w("8000004")];
            let mut became = ingest(&desk, &there, side.body(&[&first, &second], AT)).await;
            became.sort_by_key(|s| s.as_str());
            assert_eq!(became, [Done, Done, Done, Done, Ignored, Quarantined], "{slug}");
            for id in ["8000001", "8000002", "8000003", "8000004"] {
                let m = message(&desk, &there, &side.named(id)).await;
                assert_eq!(m.map(|m| m.text).as_deref(), Some(id), "{slug}");
            }
        }
    }

    async fn twice(desk) {
        for side in with("told twice") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let one = [side.wrote("8100001".into(), Some(LEA), "un")];
            assert_eq!(ingest(&desk, &there, side.body(&[&one], AT)).await, [Done], "{slug}");
            // The same event in other bytes is known by its key; the same bytes are known as such.
            for at in [AT + 60, AT] {
                let again = ingest(&desk, &there, side.body(&[&one], at)).await;
                assert!(again.is_empty(), "{slug}: {again:?}");
            }
            assert_eq!(desk.tickets().await.iter().filter(|t| t.network == slug).count(), 1, "{slug}");
        }
    }

    async fn gone_early(desk) {
        for side in with("gone before it came") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let gone = [side.deleted("8200001").unwrap()];
            assert_eq!(ingest(&desk, &there, side.body(&[&gone], AT)).await, [Parked], "{slug}");
            let late = [side.wrote("8200001".into(), Some(LEA), "deux")];
            ingest(&desk, &there, side.body(&[&late], AT)).await;
            let m = message(&desk, &there, &side.named("8200001")).await.unwrap();
            assert!(m.deleted_at.is_some(), "{slug}");
        }
    }

    async fn two_kinds(desk) {
        for side in with("one thing told as two kinds") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let one = side.wrote("8300001".into(), Some(LEA), "@aubepine oui");
            let mut other = one.clone();
            match slug {
                "facebook" => other = json!({"field": "mention", "value": {"item": "comment", "verb": "add",
                    "post_id": one["value"]["post_id"], "comment_id": "8300001", "message": "@aubepine oui"}}),
                "instagram" => other = json!({"field": "mentions", "value": {"media_id": "18000000000000007", "comment_id": "8300001"}}),
                "threads" => other["field"] = "mentions".into(),
                _ => other["event_type"] = "post.reply.create".into(),
            }
            ingest(&desk, &there, side.body(&[&[one]], AT)).await;
            ingest(&desk, &there, side.body(&[&[other]], AT + 1)).await;
            let tickets: Vec<_> = desk.tickets().await.into_iter().filter(|t| t.network == slug).collect();
            assert_eq!(tickets.len(), 1, "{slug}: {tickets:#?}");
            assert_eq!(desk.messages(tickets[0].id).await.len(), 1, "{slug}");
        }
    }

    async fn numbers(desk) {
        for side in with("ids as numbers") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let one = [side.wrote(18_200_000_000_000_006_i64.into(), Some(LEA), "nombre")];
            ingest(&desk, &there, side.body(&[&one], AT)).await;
            let m = message(&desk, &there, "18200000000000006").await;
            assert_eq!(m.map(|m| m.text).as_deref(), Some("nombre"), "{slug}");
            // A number of more digits than programs count in keeps every one of them.
            let huge = side.body(&[&[side.wrote("HUGE".into(), Some(LEA), "énorme")]], AT);
            let huge = String::from_utf8(huge).unwrap();
            let huge = huge.replace("\"HUGE\"", "72345678901234567890123").replace("\\\"HUGE\\\"", "72345678901234567890123");
            let read = network(side).read(huge.as_bytes()).unwrap();
            assert!(format!("{read:?}").contains("\"72345678901234567890123\""), "{slug}: {read:?}");
        }
    }

    async fn nobody(desk) {
        for side in with("nobody is named") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let nobody = [side.wrote("8400001".into(), None, "personne")];
            assert_eq!(ingest(&desk, &there, side.body(&[&nobody], AT)).await, [Done], "{slug}");
            let m = message(&desk, &there, &side.named("8400001")).await.unwrap();
            assert_eq!(m.text, "personne", "{slug}");
        }
    }

    async fn signatures(desk) {
        for side in with("signatures: forged, old, over escaped bytes") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let (key, secret) = side.secret().unwrap();
            let now = desk.house.now();
            let told = |id: &str| String::from_utf8(side.body(&[&[side.wrote(id.into(), Some(LEA), "été")]], AT)).unwrap();
            let escaped = told("8500001").replace("été", "\\u00e9t\\u00e9").replace('/', "\\/").into_bytes();
            let forged = side.signed("another", &escaped, now);
            assert_eq!(knock(&desk, &there, &forged, escaped.clone()).await, 401, "{slug}");
            assert_eq!(knock(&desk, &there, &[], escaped.clone()).await, 401, "{slug}");
            let mut other = escaped.clone();
            other.push(b' ');
            assert_eq!(knock(&desk, &there, &side.signed(secret, &escaped, now), other).await, 401, "{slug}");
            assert_eq!(knock(&desk, &there, &side.signed(secret, &escaped, now), escaped).await, 200, "{slug}");
            let plain = told("8500002").into_bytes();
            assert_eq!(knock(&desk, &there, &side.signed(secret, &plain, now), plain).await, 200, "{slug}");
            // While the secret is changed both are good; afterwards the old one is not.
            reconnect(&desk, &there, &[(key, &format!("new-secret {secret}"))]).await;
            for (id, secret) in [("8500003", secret), ("8500004", "new-secret")] {
                let told = told(id).into_bytes();
                assert_eq!(knock(&desk, &there, &side.signed(secret, &told, now), told).await, 200, "{slug} {id}");
            }
            reconnect(&desk, &there, &[(key, "new-secret")]).await;
            let late = told("8500005").into_bytes();
            assert_eq!(knock(&desk, &there, &side.signed(secret, &late, now), late).await, 401, "{slug}");
            desk.settle().await;
            for id in ["8500001", "8500002", "8500003", "8500004"] {
                let m = message(&desk, &there, &side.named(id)).await;
                assert_eq!(m.map(|m| m.text).as_deref(), Some("été"), "{slug} {id}");
            }
        }
    }

    async fn questions(desk) {
        for side in with("the question whether the hook is ours") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let (ask, expected, wrong) = side.challenge().unwrap();
            let yes = question(&desk, &there, &ask).await;
            assert_eq!(yes.status.as_u16(), 200, "{slug}");
            let same = |a: &str, b: &str| a == b || serde_json::from_str::<Value>(a).ok() == serde_json::from_str::<Value>(b).ok();
            assert!(same(&yes.text, &expected), "{slug}: {}", yes.text);
            if let Some(wrong) = wrong {
                assert_eq!(question(&desk, &there, &wrong).await.status.as_u16(), 403, "{slug}");
            }
        }
    }

    async fn failures(desk) {
        for side in with("an hour of failures") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let pusher = desk.simulator.pusher.clone();
            let hook = format!("{}{}", desk.base, there.hook);
            listen::turn(&desk.house).await.unwrap();
            asked(&desk, side, &there, "a").await;
            // We cannot take anything: an hour long the hook says so. X is patient for a day and more.
            let room = desk.web.room.bodies.clone();
            let all = room.acquire_many(u32::try_from(guichet::web::room::BODIES).unwrap()).await.unwrap();
            if !side.asks(&desk, "bb", "pendant") {
                side.whispers(&desk, "bb", "pendant");
            }
            while pusher.failures(&hook) == 0 {
                tokio::task::yield_now().await;
            }
            desk.clock.forward(Duration::from_hours(if slug == "x" { 28 } else { 1 }));
            let gives_up = matches!(slug, "facebook" | "instagram" | "x");
            let so_far = pusher.failures(&hook);
            // A try that was under way when the clock was set forward counts, but not as late as that.
            let goes_on = || if gives_up { !pusher.has_given_up(&hook) } else { pusher.failures(&hook) == so_far };
            while goes_on() {
                tokio::task::yield_now().await;
            }
            assert_eq!(pusher.has_given_up(&hook), gives_up, "{slug}");
            drop(all);
            if gives_up {
                // Nothing is pushed any more, until the subscription is made anew; what was missed is read.
                side.asks(&desk, "ccc", "après");
                desk.settle().await;
                assert_eq!(desk.tickets().await.iter().filter(|t| t.network == slug).count(), 1, "{slug}");
                listen::turn(&desk.house).await.unwrap();
                assert!(!pusher.has_given_up(&hook), "{slug} is subscribed anew");
                desk.settle().await;
            } else {
                while !pusher.all_are_taken() {
                    tokio::task::yield_now().await;
                }
                desk.settle().await;
            }
            let heard = desk.tickets().await.iter().filter(|t| t.network == slug).count();
            assert_eq!(heard, if gives_up { 3 } else { 2 }, "{slug}: nothing is lost");
            asked(&desk, side, &there, "dddd").await;
        }
    }

    async fn throttled(desk) {
        for side in with("throttled, then taken") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let sarah = colleague(&desk, side).await;
            for (n, (refused, ..)) in side.refusals().iter().filter(|r| r.1 == Delivery::RetryWait).enumerate() {
                // Ten in the morning: a day ends some hours later in UTC, and in California tomorrow.
                let (day, ten) = (86_400, 36_000);
                let hour = u64::try_from(desk.house.now().secs()).unwrap() % day;
                desk.clock.forward(Duration::from_secs((day + ten - hour) % day));
                let ticket = asked(&desk, side, &there, &"x".repeat(n + 1)).await;
                let before = side.deeds(&desk);
                side.refuse(&desk, refused);
                let sent = answer(&desk, &sarah, &ticket, &format!("attendre {n}")).await;
                desk.settle().await;
                assert_eq!(open::state(&desk, &sent).await.0, Delivery::RetryWait, "{slug} {refused:?}");
                desk.pass(Duration::from_secs(1)).await;
                assert_eq!(side.deeds(&desk), before, "{slug}: calling while throttled prolongs the block");
                // At the latest tomorrow: a day's calls begin anew at midnight, of UTC or of California.
                desk.pass(Duration::from_hours(23)).await;
                let state = open::state(&desk, &sent).await.0;
                assert!(matches!(state, Delivery::Sent | Delivery::Delivered), "{slug} {refused:?}: {state}");
                assert_eq!(side.deeds(&desk), before + 1, "{slug} {refused:?}");
            }
        }
    }

    async fn refusals(desk) {
        for side in with("every class of refusal") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let sarah = colleague(&desk, side).await;
            let all = side.refusals();
            for needed in [Delivery::RetryWait, Delivery::Blocked, Delivery::Failed] {
                assert!(all.iter().any(|r| r.1 == needed), "{slug} has nothing that ends as {needed}");
            }
            let ticket = asked(&desk, side, &there, "x").await;
            for (n, (refused, state, reason)) in all.iter().filter(|r| matches!(r.1, Delivery::Failed | Delivery::Blocked)).enumerate() {
                let before = side.deeds(&desk);
                side.refuse(&desk, refused);
                let sent = answer(&desk, &sarah, &ticket, &format!("essai {n}")).await;
                desk.settle().await;
                let (is, why) = open::state(&desk, &sent).await;
                assert_eq!((is, why.as_deref()), (*state, *reason), "{slug} {refused:?}");
                assert_eq!(side.deeds(&desk), before, "{slug} {refused:?}: nothing was done");
                assert!(!open::why(&desk, &sent).await.is_empty(), "{slug} {refused:?}: nothing is said");
                if is == Delivery::Blocked {
                    assert_eq!(row(&desk, &there).await.state, ChannelState::NeedsReauth, "{slug}");
                    let (key, good) = side.login();
                    reconnect(&desk, &there, &[(key, &good)]).await;
                    desk.settle().await;
                    let state = open::state(&desk, &sent).await.0;
                    assert!(matches!(state, Delivery::Sent | Delivery::Delivered), "{slug}: {state}");
                } else {
                    // Nothing fails silently.
                    assert_eq!(desk.again(ticket.id).await.state, guichet::desk::ticket::State::Open, "{slug} {refused:?}");
                }
            }
        }
    }

    async fn last_second(desk) {
        for side in with("the last second of the window") {
            let (_there, slug) = (side.connect(&desk).await, side.slug());
            let sarah = colleague(&desk, side).await;
            let dm = network(side).limits().dm.unwrap();
            let last = dm.human_window.or(dm.window).unwrap();
            assert!(side.whispers(&desk, "x", "Bonjour"), "{slug}");
            desk.settle().await;
            let ticket = desk.tickets().await.into_iter().rfind(|t| t.network == slug).unwrap();
            let before = desk.house.now();
            // A minute is kept back, so that nothing arrives too late.
            desk.clock.forward(last.saturating_sub(Duration::from_secs(61)));
            let sent = answer(&desk, &sarah, &ticket, "à temps").await;
            desk.settle().await;
            let state = open::state(&desk, &sent).await.0;
            assert!(matches!(state, Delivery::Sent | Delivery::Delivered), "{slug}: {state}");
            desk.clock.forward(Duration::from_secs(60));
            assert_eq!(desk.house.now().since(before), last.saturating_sub(Duration::from_secs(1)));
            answer(&desk, &sarah, &ticket, "à la dernière seconde").await;
            desk.clock.forward(Duration::from_secs(2));
            let why = open::refused(&desk, &sarah, ticket.id, "trop tard", Visibility::Private).await;
            assert_eq!(why, Reason::WindowClosed, "{slug}");
            desk.settle().await;
            assert_eq!(side.deeds(&desk), 1, "{slug}: what was not sent in time is not sent late");
        }
    }

    async fn one_too_many(desk) {
        for side in with("one message more than it takes") {
            let (_there, slug) = (side.connect(&desk).await, side.slug());
            let sarah = colleague(&desk, side).await;
            let most = network(side).most_unanswered().unwrap();
            side.whispers(&desk, "x", "Bonjour");
            desk.settle().await;
            let ticket = desk.tickets().await.into_iter().rfind(|t| t.network == slug).unwrap();
            for n in 1..=most {
                let sent = answer(&desk, &sarah, &ticket, &format!("message {n}")).await;
                desk.settle().await;
                assert_eq!(open::state(&desk, &sent).await.0, Delivery::Sent, "{slug} {n}");
            }
            let why = open::refused(&desk, &sarah, ticket.id, "un de trop", Visibility::Private).await;
            assert_eq!(why, Reason::EnoughSaid, "{slug}");
        }
    }

    async fn renewals(desk) {
        for side in with("two renewals at once") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let sarah = colleague(&desk, side).await;
            desk.clock.forward(network(side).renew_after().unwrap());
            let channel = row(&desk, &there).await;
            let (one, two) = tokio::join!(renew::renew(&desk.house, &channel), renew::renew(&desk.house, &channel));
            let done = usize::from(one.unwrap()) + usize::from(two.unwrap());
            assert_eq!(done, 1, "{slug}: one of them renews, the other leaves it to it");
            assert_eq!(row(&desk, &there).await.state, ChannelState::Active, "{slug}");
            // What is stored is what the network takes now.
            let ticket = asked(&desk, side, &there, "x").await;
            let sent = answer(&desk, &sarah, &ticket, "Oui").await;
            desk.settle().await;
            assert_eq!(open::state(&desk, &sent).await.0, Delivery::Sent, "{slug}");
        }
    }

    async fn renamed(desk) {
        for side in with("somebody is called otherwise") {
            let (_there, slug) = (side.connect(&desk).await, side.slug());
            let (us, now) = (account(slug), desk.house.now());
            if slug == "whatsapp" {
                let id = |id: &str| Some(id.to_owned());
                let both = Person { number: id("16505551234"), own_id: id("US.1000001"), name: "Sheena".into() };
                desk.simulator.whatsapp.message_at(us, &both, "un", now);
                desk.settle().await;
                desk.simulator.whatsapp.id_changes(us, &both, "US.1000002");
                desk.settle().await;
                let after = Person { number: None, own_id: id("US.1000002"), name: "Sheena".into() };
                desk.simulator.whatsapp.message_at(us, &after, "deux", now);
            } else {
                let post = desk.simulator.threads.publish_at(us, "Bonjour", now);
                desk.simulator.threads.reply_at(us, &post, "lea.v", "un", now);
                desk.settle().await;
                desk.simulator.threads.rename("lea.v", "lea.vidal");
                desk.simulator.threads.reply_at(us, &post, "lea.vidal", "deux", now);
                desk.settle().await;
                // A poll reads the first reply again, under the new name.
                desk.clock.forward(Duration::from_hours(1));
                listen::turn(&desk.house).await.unwrap();
            }
            desk.settle().await;
            let all: Vec<_> = desk.tickets().await.into_iter().filter(|t| t.network == slug).collect();
            assert!(all.iter().all(|t| t.contact_id == all[0].contact_id), "{slug}: {all:#?}");
        }
    }

    async fn negative(desk) {
        for side in with("a negative number") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let mut one = side.wrote("8600001".into(), Some(LEA), "moins");
            match slug {
                "linkedin" => one["notificationId"] = json!(-4_611_686_018_427_387_904_i64),
                "x" => one["event_uuid"] = "-4611686018427387904".into(),
                _ => one["at"] = json!(-1),
            }
            assert_eq!(ingest(&desk, &there, side.body(&[&[one]], AT)).await, [Done], "{slug}");
            let m = message(&desk, &there, &side.named("8600001")).await;
            assert_eq!(m.map(|m| m.text).as_deref(), Some("moins"), "{slug}");
        }
    }

    async fn wrapped(desk) {
        for side in with("content as a string inside a string") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let mut one = side.wrote("8700001".into(), Some(LEA), "dedans");
            match slug {
                "whatsapp" => {
                    let form = json!({"type": "nfm_reply", "nfm_reply": {"response_json": json!({"ville": "dedans"}).to_string()}});
                    let message = &mut one["value"]["messages"][0];
                    message["type"] = "interactive".into();
                    message["interactive"] = form;
                }
                "bridge" => one = one.to_string().into(),
                // TikTok's content is one in any case: see its bodies.
                _ => {}
            }
            assert_eq!(ingest(&desk, &there, side.body(&[&[one]], AT)).await, [Done], "{slug}");
            let m = message(&desk, &there, &side.named("8700001")).await.unwrap();
            assert!(m.text.contains("dedans"), "{slug}: {}", m.text);
        }
    }

    async fn without_key(desk) {
        for side in with("an empty answer without its key") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            for _ in 0..2 {
                desk.read(there.channel).await;
                desk.clock.forward(Duration::from_hours(1));
            }
            let channel = row(&desk, &there).await;
            assert_eq!((channel.state, desk.tickets().await.len()), (ChannelState::Active, 0), "{slug}");
            assert!(channel.polled_at.is_some(), "{slug}");
        }
    }

    async fn again_and_again(desk) {
        for side in with("the same refusal again and again") {
            let (there, slug) = (side.connect(&desk).await, side.slug());
            let sarah = colleague(&desk, side).await;
            let most = network(side).halts_after().unwrap();
            let (refused, ..) = side.refusals().into_iter().find(|r| r.2 == Some("not_permitted")).unwrap();
            let ticket = asked(&desk, side, &there, "x").await;
            for n in 0..most {
                assert_eq!(row(&desk, &there).await.state, ChannelState::Active, "{slug} {n}");
                side.refuse(&desk, &refused);
                answer(&desk, &sarah, &ticket, &format!("refusé {n}")).await;
                desk.settle().await;
            }
            let channel = row(&desk, &there).await;
            assert_eq!(channel.state, ChannelState::Paused, "{slug}");
            assert!(channel.state_why.unwrap().contains("in a row"), "{slug}");
            // What is written meanwhile is kept, and goes once somebody has looked.
            let kept = answer(&desk, &sarah, &ticket, "gardé").await;
            desk.pass(Duration::from_mins(10)).await;
            assert_eq!((open::state(&desk, &kept).await.0, side.deeds(&desk)), (Delivery::Queued, 0), "{slug}");
            let boss = desk.agent("Ada", Role::Admin).await;
            let scope = desk.scope(&boss).await;
            guichet::flow::connect::pause(&desk.house, &scope, there.channel, false).await.unwrap();
            desk.settle().await;
            assert_eq!(open::state(&desk, &kept).await.0, Delivery::Sent, "{slug}");
        }
    }
}

/// The network tells of our reply while its answer to us is still on the way.
async fn echo_first(engine: Engine) {
    let gate = Gate::default();
    let desk = Desk::in_weather(engine, Weather { gate: Some(gate.clone()), ..Weather::default() }).await;
    for side in with("its echo before the answer") {
        let (there, slug) = (side.connect(&desk).await, side.slug());
        let sarah = colleague(&desk, side).await;
        let ticket = asked(&desk, side, &there, "x").await;
        let sent = answer(&desk, &sarah, &ticket, "déjà là").await;
        let house = desk.house.clone();
        let turn = tokio::spawn(async move { outbox::turn(&house).await.unwrap() });
        while !turn.is_finished() {
            if gate.holds_one() {
                side.echo(&desk, &there).await;
                desk.take_in().await;
                gate.let_through();
            }
            tokio::task::yield_now().await;
        }
        turn.await.unwrap();
        while intake::turn(&desk.house).await.unwrap() > 0 {}
        let state = open::state(&desk, &sent).await.0;
        assert!(matches!(state, Delivery::Sent | Delivery::Delivered), "{slug}: {state}");
        let all = desk.messages(ticket.id).await;
        assert_eq!(all.len(), 2, "{slug}: the reply is there once: {all:#?}");
        assert!(all[1].external_id.is_some(), "{slug}");
        assert_eq!(side.deeds(&desk), 1, "{slug}");
        assert_eq!(desk.tickets().await.iter().filter(|t| t.network == slug).count(), 1, "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn echo_first_on_sqlite() {
    echo_first(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn echo_first_on_postgres() {
    echo_first(Engine::Postgres).await;
}

/// Accepted, and the answer never comes, nor an echo: it is looked for and never said twice; where
/// nothing can be looked up, a person decides.
async fn without_an_answer(engine: Engine) {
    let desk = Desk::in_weather(engine, Weather { no_echo: true, ..Weather::default() }).await;
    for side in with("accepted without an answer") {
        let (there, slug) = (side.connect(&desk).await, side.slug());
        let sarah = colleague(&desk, side).await;
        let ticket = asked(&desk, side, &there, "x").await;
        let ends = side.lose_answer(&desk);
        let sent = answer(&desk, &sarah, &ticket, "une seule fois").await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &sent).await.0, Delivery::Unknown, "{slug}");
        for _ in 0..4 {
            desk.pass(Duration::from_mins(10)).await;
        }
        assert_eq!(open::state(&desk, &sent).await.0, ends, "{slug}");
        assert_eq!(side.deeds(&desk), 1, "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_answer_on_sqlite() {
    without_an_answer(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_answer_on_postgres() {
    without_an_answer(Engine::Postgres).await;
}

/// What was sent may be missing from the network's own list for a while: so long nobody can say.
async fn lagging(engine: Engine) {
    let desk = Desk::in_weather(engine, Weather { no_echo: true, ..Weather::default() }).await;
    for side in with("a list that lags behind") {
        let (_there, slug) = (side.connect(&desk).await, side.slug());
        let sarah = colleague(&desk, side).await;
        side.whispers(&desk, "x", "Bonjour");
        desk.settle().await;
        let ticket = desk.tickets().await.into_iter().rfind(|t| t.network == slug).unwrap();
        desk.simulator.x.set_lag(Duration::from_mins(4));
        side.lose_answer(&desk);
        let sent = answer(&desk, &sarah, &ticket, "Bonjour Paul").await;
        desk.settle().await;
        for (seconds, state) in [(61, Delivery::Unknown), (130, Delivery::Unknown), (500, Delivery::Sent)] {
            desk.pass(Duration::from_secs(seconds)).await;
            assert_eq!(open::state(&desk, &sent).await.0, state, "{slug} {seconds}");
        }
        assert_eq!(side.deeds(&desk), 1, "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lagging_on_sqlite() {
    lagging(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lagging_on_postgres() {
    lagging(Engine::Postgres).await;
}
