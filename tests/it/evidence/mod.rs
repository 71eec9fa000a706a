//! What people make of what the bot offers is evidence: it is kept, it opens entries, it closes them
//! again, it is counted, and it goes out and in as a file.

mod lock;
mod report;

use std::time::Duration;

use guichet::base::id::TicketId;
use guichet::desk::agent::Role;
use guichet::desk::calibration::Judged;
use guichet::desk::canned::Mode;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::Ticket;
use guichet::flow::bot::evidence;
use guichet::flow::reply::{self, Reply};
use guichet::flow::{Error, Reason, bot, facts};
use guichet::store::library::{self, Kept};
use guichet::store::thoughts::{self, Thought};
use guichet::store::{calibrations, events};

use crate::on_both;
use crate::support::desk::PAGE;
use crate::support::{Desk, Visitor};

pub const HOURS: &str = "hours/opening-hours";
pub const ASKED: &str = "Bonjour, quels sont vos horaires ?";
/// What the library knows nothing of.
const UNKNOWN: &str = "Bonjour, le vernis bleu de la soucoupe contient-il du plomb ou du cadmium ?";

pub async fn state_hours(desk: &Desk) {
    let stated = [("opening_hours".to_owned(), "du lundi au vendredi, 9 h à 18 h".to_owned())];
    facts::state(&desk.house, &Scope::house(desk.brand), desk.brand, &stated).await.unwrap();
}

/// Somebody writes in private; their ticket.
pub async fn writes(desk: &Desk, who: &str, text: &str) -> Ticket {
    desk.simulator.facebook.message(PAGE, (who, "Léa"), text);
    desk.settle().await;
    desk.tickets().await.pop().unwrap()
}

async fn thoughts_of(desk: &Desk, ticket: TicketId) -> Vec<Thought> {
    let mut tx = desk.house.db.read().await.unwrap();
    thoughts::of_ticket(&mut tx, desk.brand, ticket, 10).await.unwrap()
}

async fn judged(desk: &Desk, ticket: TicketId) -> Option<Judged> {
    thoughts_of(desk, ticket).await.swap_remove(0).judged
}

/// An entry's text as it would stand in the composer of a ticket.
pub async fn text_of(who: &Visitor, ticket: TicketId, path: &str) -> String {
    let offers = who.get(&format!("/tickets/{ticket}/canned.json")).await.expect(200).json();
    let found = offers["private"].as_array().unwrap().iter().find(|o| o["path"] == path);
    found.unwrap_or_else(|| panic!("{path} is not offered"))["text"].as_str().unwrap().to_owned()
}

/// Answers in private, by what a composer sends.
pub async fn answers(desk: &Desk, scope: &Scope, ticket: TicketId, text: &str) {
    let reply = Reply {
        ticket,
        text: text.to_owned(),
        files: Vec::new(),
        visibility: Visibility::Private,
        to: None,
        client_key: None,
        at_once: true,
    };
    reply::reply(&desk.house, scope, reply).await.unwrap();
}

pub async fn kept(desk: &Desk) -> Kept {
    let mut tx = desk.house.db.read().await.unwrap();
    library::get(&mut tx, desk.brand, HOURS).await.unwrap().unwrap()
}

/// So many customers asked, and were sent the entry as it is by somebody who answers.
pub async fn judged_right(desk: &Desk, sarah: &Visitor, n: usize) {
    for i in 0..n {
        desk.simulator.facebook.message(PAGE, (&format!("7{i:03}"), "Léa"), ASKED);
    }
    desk.settle().await;
    let scope = desk.scope(sarah).await;
    let all = desk.tickets().await;
    let text = text_of(sarah, all[0].id, HOURS).await;
    for ticket in all.into_iter().filter(|t| t.assignee_id.is_none()) {
        answers(desk, &scope, ticket.id, &text).await;
    }
    desk.settle().await;
}

on_both! {
    /// Sent as is, changed, another chosen, answered otherwise, not useful, alone: each in the
    /// transaction of the reply, and none for a note.
    async fn what_people_make_of_an_offer_is_kept(desk) {
        state_hours(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let scope = desk.scope(&sarah).await;
        let first = writes(&desk, "1", ASKED).await;
        let text = text_of(&sarah, first.id, HOURS).await;
        assert!(text.contains("9 h à 18 h"), "{text}");
        let other = text_of(&sarah, first.id, "payment/payment-methods").await;
        let note = [("text", text.as_str()), ("visibility", "internal"), ("client_key", "n")];
        sarah.post(&format!("/tickets/{}/reply", first.id), &note).await.expect(303);
        assert_eq!(judged(&desk, first.id).await, None, "a note answers nobody");
        answers(&desk, &scope, first.id, &text).await;
        assert_eq!(judged(&desk, first.id).await, Some(Judged::Sent));
        let changed = format!("Bonjour Léa ! {text} Bonne journée, Sarah");
        for (who, said, expected) in [
            ("2", changed.as_str(), Judged::Edited),
            ("3", other.as_str(), Judged::Another),
            ("4", "Je regarde et je reviens vers vous.", Judged::OwnWords),
        ] {
            let ticket = writes(&desk, who, ASKED).await;
            answers(&desk, &scope, ticket.id, said).await;
            assert_eq!(judged(&desk, ticket.id).await, Some(expected), "{said}");
            // What is said later is about something else.
            answers(&desk, &scope, ticket.id, &text).await;
            assert_eq!(judged(&desk, ticket.id).await, Some(expected));
        }
        let useless = writes(&desk, "5", ASKED).await;
        sarah.post(&format!("/tickets/{}/not-useful", useless.id), &[]).await.expect(303);
        assert_eq!(judged(&desk, useless.id).await, Some(Judged::NotUseful));
        let alone = writes(&desk, "6", UNKNOWN).await;
        assert_eq!(thoughts_of(&desk, alone.id).await[0].entry, None, "the test asks what nobody knows");
        desk.clock.forward(Duration::from_mins(7));
        answers(&desk, &scope, alone.id, "Non, ni l’un ni l’autre.").await;
        assert_eq!(judged(&desk, alone.id).await, Some(Judged::Alone));
        // A colleague thinks otherwise of the fourth: without scripts, beside the message.
        let fourth = desk.tickets().await.into_iter().find(|t| t.number == first.number + 3).unwrap();
        let page = sarah.get(&format!("/tickets/{}", fourth.id)).await.expect(200);
        let beside = page.all(".m .whybox").concat();
        assert!(beside.contains("Le robot proposait") && beside.contains("répondu autrement"), "{beside}");
        let action = page.attr("form.judge", "action").unwrap();
        let done = sarah.post(&action, &[("right", "1")]).await.expect(303);
        assert!(sarah.get(done.location()).await.expect(200).seen().contains("cela compte pour les preuves"));
        assert_eq!(judged(&desk, fourth.id).await, Some(Judged::Right));
        let viewer = desk.agent("Vera", Role::Viewer).await;
        assert_eq!(viewer.post(&action, &[("right", "0")]).await.status, 403);
        let page = viewer.get(&format!("/tickets/{}", fourth.id)).await.expect(200);
        assert!(page.attr("form.judge", "action").is_none() && page.seen().contains("confirmé juste"));
    }

    /// Nothing opens by itself; the evidence is shown, an admin presses once; two corrections close it.
    async fn an_entry_opens_on_evidence_and_the_brake_closes_it(desk) {
        state_hours(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let (ada, elodie) = (desk.agent("Ada", Role::Admin).await, desk.agent("Elodie", Role::Community).await);
        judged_right(&desk, &sarah, 40).await;
        let form = [("path", HOURS), ("visibility", "private")];
        let early = ada.get("/settings/bot").await.expect(200);
        assert!(early.all("#evidence").is_empty() && early.seen().contains("40 des 40"), "{}", early.seen());
        assert_eq!(ada.post("/settings/bot/evidence", &form).await.status, 422, "forty flawless ones promise 93 %");
        judged_right(&desk, &sarah, 55).await;
        assert_eq!(kept(&desk).await.private_mode, Mode::Suggest, "it does not open by itself");
        let page = elodie.get("/settings/bot").await.expect(200);
        let told = page.all("#evidence").concat();
        assert!(told.contains("messages jugés avaient la bonne fiche") && told.contains("au moins 9"), "{told}");
        assert!(page.attr("#evidence form", "action").is_none(), "she reads it and may not press");
        assert_eq!(elodie.post("/settings/bot/evidence", &form).await.status, 403);
        let refused = evidence::open(&desk.house, &desk.scope(&ada).await, desk.brand, HOURS, Visibility::Public).await;
        assert!(matches!(refused, Err(Error::Refused(Reason::NotEnoughEvidence, _))), "{refused:?}");
        ada.post("/settings/bot/evidence", &form).await.expect(303);
        assert_eq!(kept(&desk).await.private_mode, Mode::Auto);
        desk.pass(Duration::from_mins(61)).await;

        // It answers, and the answer carries threshold and evidence.
        let one = writes(&desk, "9001", ASKED).await;
        desk.pass(Duration::from_secs(31)).await;
        let answer = desk.messages(one.id).await.pop().unwrap();
        assert_eq!((answer.by_rule.as_deref(), answer.delivery), (Some(HOURS), Some(Delivery::Sent)));
        let trace = answer.trace.clone().unwrap();
        assert!(trace["evidence"]["of"].as_u64().unwrap() >= 52 && trace["evidence"]["at_least"].as_f64().unwrap() >= 0.95, "{trace}");
        assert!(trace["score"].as_f64().unwrap() + 0.006 >= trace["threshold"].as_f64().unwrap(), "{trace}");

        // One correction is one correction; another answer waits to leave.
        sarah.post(&format!("/messages/{}/judge", answer.id), &[("right", "0")]).await.expect(303);
        assert_eq!(judged(&desk, one.id).await, Some(Judged::Wrong));
        assert_eq!(kept(&desk).await.private_mode, Mode::Auto);
        let two = writes(&desk, "9002", ASKED).await;
        desk.pass(Duration::from_secs(31)).await;
        let three = writes(&desk, "9003", ASKED).await;
        let held = desk.messages(three.id).await.pop().unwrap();
        assert_eq!(held.delivery, Some(Delivery::Held), "the story needs an answer that waits: {held:?}");
        desk.simulator.facebook.message(PAGE, ("9002", "Léa"), "Non, ce n’est pas ma question");
        desk.settle().await;
        let asked = thoughts_of(&desk, two.id).await.pop().unwrap();
        assert_eq!(asked.judged, Some(Judged::Corrected));
        assert_eq!(kept(&desk).await.private_mode, Mode::Suggest, "two of the last twenty");
        assert_eq!(desk.messages(three.id).await.pop().unwrap().delivery, Some(Delivery::Cancelled), "at once");
        let mut tx = desk.house.db.read().await.unwrap();
        let opening = calibrations::openings(&mut tx, desk.brand).await.unwrap().swap_remove(0);
        assert_eq!((opening.corrected, opening.answers, opening.closed_at.is_some()), (2, 3, true));
        let last = events::last(&mut tx).await.unwrap();
        let past = events::after(&mut tx, last - 40, 60).await.unwrap();
        assert!(past.iter().any(|e| e.data["closed"] == "private" && e.data["path"] == HOURS), "the log says so");
        drop(tx);
        let page = ada.get("/settings/bot").await.expect(200);
        assert!(page.seen().contains("Refermées par le frein") && page.seen().contains("2 corrections parmi 3"), "{}", page.seen());

        // An admin opens it by hand: what was corrected before is forgiven.
        bot::set_mode(&desk.house, &Scope::house(desk.brand), desk.brand, HOURS, Visibility::Private, Mode::Auto).await.unwrap();
        let four = writes(&desk, "9004", ASKED).await;
        let held = desk.messages(four.id).await.pop().unwrap();
        sarah.post(&format!("/messages/{}/take-back", held.id), &[]).await.expect(303);
        assert_eq!(judged(&desk, four.id).await, Some(Judged::Corrected), "taken back is corrected");
        assert_eq!(kept(&desk).await.private_mode, Mode::Auto);
        // A person writes something else after the bot had answered.
        let five = writes(&desk, "9005", ASKED).await;
        desk.pass(Duration::from_secs(31)).await;
        answers(&desk, &desk.scope(&sarah).await, five.id, "Pardon, samedi nous sommes fermés pour inventaire.").await;
        assert_eq!(judged(&desk, five.id).await, Some(Judged::Corrected));
        assert_eq!(kept(&desk).await.private_mode, Mode::Suggest);
    }
}
