//! What goes over the socket, and to whom.

use std::sync::Arc;
use std::time::Duration;

use guichet::base::id::TicketId;
use guichet::desk::agent::Role;
use guichet::desk::event::EventKind;
use guichet::desk::message::{Kind, Visibility};
use guichet::desk::stage::Stage;
use guichet::desk::ticket::State;
use guichet::live::News;
use guichet::live::room::PER_PERSON;
use guichet::store::events::{self, Past};
use guichet::store::select::{self, Assignee, Filter, Sort, States};
use guichet::store::{agents, tickets};
use serde_json::json;

use super::line::{Line, PATIENCE, is};
use crate::on_both;
use crate::support::desk::PAGE;
use crate::support::{Desk, Engine};

on_both! {
    /// The line is cut; what happened meanwhile comes when it is back. Away for too long, the tab
    /// is asked to look for itself.
    async fn back_again_nothing_is_missing(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
        for (id, name) in [("1", "Léa"), ("2", "Max")] {
            desk.simulator.facebook.comment(PAGE, &post, (id, name), "Une question");
        }
        desk.settle().await;
        let [lea, max] = &desk.tickets().await[..] else { panic!("two tickets") };
        let seen = desk.web.bus.seq();
        drop(Line::open(&desk, &sarah, seen, "/inbox/todo").await);
        desk.simulator.facebook.comment(PAGE, &post, ("3", "Zoé"), "Une autre");
        karim.post(&format!("/tickets/{}/state", lea.id), &[("state", "resolved")]).await.expect(303);
        karim.post(&format!("/tickets/{}/stage", max.id), &[("stage", "customer")]).await.expect(303);
        desk.settle().await;
        let zoe = desk.tickets().await.into_iter().find(|t| t.id != max.id && t.id != lea.id).unwrap();
        let mut line = Line::open(&desk, &sarah, seen, "/inbox/todo").await;
        let told = line.next().await.unwrap();
        assert!(told.iter().any(|f| is(f, "new", zoe.id)), "{told:?}");
        assert!(told.iter().any(|f| is(f, "gone", lea.id)), "{told:?}");
        assert!(told.iter().any(|f| is(f, "new", max.id)), "it may have come or been there; the tab knows: {told:?}");
        assert_eq!(told[0]["seq"], desk.web.bus.seq());
        assert!(Line::open(&desk, &sarah, desk.web.bus.seq() + 1, "/inbox/todo").await.next().await.unwrap()[0]["t"] == "resync");
    }

    /// In a view or not: the answer in memory is the database's.
    async fn a_view_holds_what_it_lists(desk) {
        let karim = desk.agent("Karim", Role::Agent).await;
        let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
        for n in 0..6 {
            let id = n.to_string();
            desk.simulator.facebook.comment(PAGE, &post, (&id, &format!("P{n}")), "C’est combien ?");
            desk.simulator.facebook.message(PAGE, (&format!("7{n}"), &format!("Q{n}")), "Mon colis est arrivé cassé");
        }
        desk.settle().await;
        let all = desk.tickets().await;
        let acts: [(&str, &[(&str, &str)]); 5] = [
            ("state", &[("state", "resolved")]),
            ("assign", &[("assignee", "me")]),
            ("state", &[("state", "snoozed"), ("until", "demain 9h")]),
            ("stage", &[("stage", "customer")]),
            ("labels", &[("labels", "b2b, vip")]),
        ];
        for (i, (act, fields)) in acts.iter().enumerate() {
            karim.post(&format!("/tickets/{}/{act}", all[i].id), fields).await.expect(303);
            karim.post(&format!("/tickets/{}/{act}", all[i + 6].id), fields).await.expect(303);
        }
        desk.settle().await;
        let mut tx = desk.house.db.read().await.unwrap();
        let me = agents::by_email(&mut tx, &karim.email).await.unwrap().unwrap().agent.id;
        let ids: Vec<TicketId> = all.iter().map(|t| t.id).collect();
        let all = tickets::many(&mut tx, desk.brand, &ids).await.unwrap();
        let states = [States::Open, States::ToDo, States::One(State::Snoozed), States::One(State::Resolved)];
        let with = [
            Filter::default(),
            Filter { assignee: Some(Assignee::Agent(me)), ..Filter::default() },
            Filter { assignee: Some(Assignee::Nobody), ..Filter::default() },
            Filter { stage: Some(Stage::Customer), ..Filter::default() },
            Filter { stage: Some(Stage::HotProspect), ..Filter::default() },
            Filter { team: all[0].team_id, ..Filter::default() },
            Filter { network: Some("facebook".into()), channel: Some(desk.channel), ..Filter::default() },
            Filter { network: Some("mastodon".into()), ..Filter::default() },
            Filter { kind: Some(Kind::Comment), ..Filter::default() },
            Filter { visibility: Some(Visibility::Private), ..Filter::default() },
            Filter { label: Some("vip".into()), ..Filter::default() },
        ];
        let (mut found, mut asked) = (0, 0);
        for filter in states.iter().flat_map(|s| with.iter().map(|f| Filter { states: *s, ..f.clone() })) {
            let listed = select::page(&mut tx, desk.brand, &filter, Sort::Newest, None, 100).await.unwrap();
            let mut listed: Vec<TicketId> = listed.into_iter().map(|l| l.ticket.id).collect();
            let mut held: Vec<TicketId> = all.iter().filter(|t| filter.admits(t)).map(|t| t.id).collect();
            listed.sort();
            held.sort();
            assert_eq!(held, listed, "{filter:?}");
            found += listed.len();
            asked += 1;
        }
        assert!(asked == 44 && found > 60, "{asked} views, {found} rows");
    }
}

/// Who may not listen does not, and who listens hears their own brand only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_hear_nothing() {
    let desk = Desk::open(Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let refused = Line::knock(&desk, &sarah.token, origin, 0).await.err();
        assert_eq!(refused.map(|s| s.as_u16()), Some(403), "{origin:?}");
    }
    let refused = Line::knock(&desk, &"ab".repeat(32), Some(&desk.base), 0).await.err();
    assert_eq!(refused.map(|s| s.as_u16()), Some(303), "nobody is signed in");

    // Another brand's ticket neither arrives nor can be looked at.
    let (theirs, page) = desk.second_brand().await;
    let denis = desk.agent_at(theirs, "Denis", Role::Agent).await;
    let mut line = Line::open(&desk, &sarah, desk.web.bus.seq(), "/inbox/todo").await;
    let post = desk.simulator.facebook.publish(page, "Nouveau");
    desk.simulator.facebook.comment(page, &post, ("901", "Zélie Canari"), "Le canari ?");
    desk.settle().await;
    let mut tx = desk.house.db.read().await.unwrap();
    let hidden = select::page(&mut tx, theirs, &Filter::default(), Sort::Oldest, None, 9).await.unwrap();
    drop(tx);
    let hidden = hidden[0].ticket.id;
    line.look("/inbox/todo", json!(hidden), true).await;
    let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Une question");
    desk.settle().await;
    let told = line.until(|f| f["t"] == "new").await;
    assert!(!json!(told).to_string().to_lowercase().contains("canari"), "{told:?}");
    assert!(!json!(told).to_string().contains(&hidden.to_string()), "{told:?}");
    let seen = denis.get(&format!("/tickets/{hidden}")).await.expect(200).text;
    assert!(!seen.contains("Sarah"), "nobody of another brand looks over one's shoulder");

    // A session that ends takes its lines with it, before anything more is told.
    sarah.post("/logout", &[]).await.expect(303);
    desk.simulator.facebook.comment(PAGE, &post, ("2", "Max"), "Une autre");
    desk.settle().await;
    assert_eq!(line.closes().await, Some(4401));
}

/// A person has ten lines, not eleven; one that is closed makes room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_holds_every_line() {
    let desk = Desk::open(Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut lines = Vec::new();
    for _ in 0..PER_PERSON {
        lines.push(Line::knock(&desk, &sarah.token, Some(&desk.base), 0).await.unwrap());
    }
    let refused = Line::knock(&desk, &sarah.token, Some(&desk.base), 0).await.err();
    assert_eq!(refused.map(|s| s.as_u16()), Some(429));
    lines.pop();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while Line::knock(&desk, &sarah.token, Some(&desk.base), 0).await.is_err() {
        assert!(tokio::time::Instant::now() < deadline, "the seat is not given back");
        tokio::task::yield_now().await;
    }
}

/// However much happens, a tab is told at most four times a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_told_in_few_words() {
    let desk = Desk::open(Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Une question");
    desk.settle().await;
    let lea = desk.ticket().await.id;
    let mut tx = desk.house.db.read().await.unwrap();
    let model = events::of_ticket(&mut tx, desk.brand, lea).await.unwrap().remove(0);
    drop(tx);
    let mut line = Line::at(&desk, &sarah, "/inbox/todo", lea).await;
    let (seq, begun, mut told, mut passed) = (desk.web.bus.seq(), tokio::time::Instant::now(), 0_u32, 0_i64);
    while told < 8 {
        while passed < 20 * i64::from(told + 1) {
            passed += 1;
            let event = Arc::new(Past { seq: seq + passed, ..model.clone() });
            desk.web.bus.pass(Arc::new(News { event, before: None, after: None }));
        }
        line.next().await.unwrap();
        told += 1;
    }
    let least = desk.web.bus.pace().telling * (told - 1);
    assert!(begun.elapsed() >= least, "{told} times in {:?}", begun.elapsed());
}

/// Told of more than it can hold in mind, a tab looks for itself; one that does not even read is
/// let go.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_costs_no_memory() {
    let desk = Desk::open(Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Une question");
    desk.settle().await;
    let lea = desk.ticket().await.id;
    let mut line = Line::at(&desk, &sarah, "/inbox/todo", lea).await;
    let mut tx = desk.house.db.read().await.unwrap();
    let model = events::of_ticket(&mut tx, desk.brand, lea).await.unwrap().remove(0);
    drop(tx);
    let seq = desk.web.bus.seq();
    // Enough for several tellings, should one fall into the middle of it.
    for n in 0..1_500_u16 {
        let ticket: TicketId = desk.house.given.id();
        let event = Past { seq: seq + 1 + i64::from(n), ticket_id: Some(ticket), ..model.clone() };
        assert_eq!(event.kind, EventKind::TicketOpened);
        desk.web.bus.pass(Arc::new(News { event: Arc::new(event), before: None, after: None }));
    }
    let told = line.until(|f| f["t"] == "resync").await;
    assert!(!told.iter().any(|f| f["t"] == "row" || f["t"] == "new"), "{told:?}");

    // The other side stops reading: it answers no beat, and is let go.
    assert_eq!(desk.web.bus.room().seats(), 1);
    let pace = desk.web.bus.pace();
    let deadline = tokio::time::Instant::now() + pace.beat + pace.stalled + PATIENCE;
    while desk.web.bus.room().seats() > 0 {
        assert!(tokio::time::Instant::now() < deadline, "a dead line is held");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(matches!(line.closes().await, None | Some(1013)));
}

/// What comes, changes and leaves is told to each view in its own words.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_is_told_what_is_its_own() {
    let desk = Desk::open(Engine::Postgres).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let karim = desk.agent("Karim", Role::Agent).await;
    let mut todo = Line::open(&desk, &sarah, desk.web.bus.seq(), "/inbox/todo").await;
    let mut customers = Line::open(&desk, &sarah, desk.web.bus.seq(), "/inbox/open?stage=customer").await;
    let mut resolved = Line::open(&desk, &sarah, desk.web.bus.seq(), "/inbox/resolved").await;
    let post = desk.simulator.facebook.publish(PAGE, "La théière est de retour");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Elle passe au four ?");
    desk.settle().await;
    let lea = desk.ticket().await;
    let mut told = todo.until(|f| is(f, "new", lea.id)).await;
    let new = told.iter().find(|f| is(f, "new", lea.id)).unwrap();
    assert!(new["html"].as_str().unwrap().contains("Elle passe au four"), "{new}");
    while told.iter().rfind(|f| f["t"] == "counts").is_none_or(|f| f["v"]["views"]["/inbox/todo"] != "1") {
        told = todo.next().await.unwrap();
    }

    karim.post(&format!("/tickets/{}/stage", lea.id), &[("stage", "customer")]).await.expect(303);
    desk.settle().await;
    todo.until(|f| is(f, "row", lea.id)).await;
    let told = customers.until(|f| is(f, "new", lea.id)).await;
    assert!(!told.iter().any(|f| f["t"] == "row"), "it was not there before: {told:?}");

    karim.post(&format!("/tickets/{}/state", lea.id), &[("state", "resolved")]).await.expect(303);
    desk.settle().await;
    for line in [&mut todo, &mut customers] {
        let told = line.until(|f| is(f, "gone", lea.id)).await;
        assert_eq!(told.iter().find(|f| f["t"] == "gone").unwrap()["v"], "Résolue par Karim");
    }
    resolved.until(|f| is(f, "new", lea.id)).await;
}
