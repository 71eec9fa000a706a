//! WhatsApp’s own ways.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::{Bot, State};
use guichet::flow::reply::Decision;
use guichet::flow::{Reason, connect, reply};
use guichet::simulator::weather::Weather;
use guichet::simulator::whatsapp::Person;
use guichet::store::contacts;
use serde_json::json;

use super::{account, connected, deeds};
use crate::on_both;
use crate::support::replies::{refused, say, state, words};
use crate::support::{Desk, Engine};

const DAY: Duration = Duration::from_hours(24);

fn lea() -> Person {
    Person::with_number("33612345678", "Léa Vidal")
}

on_both! {
    async fn a_message_is_answered_and_its_statuses_move_forward_only(desk) {
        connected(&desk, "whatsapp").await;
        let (us, wa) = (account("whatsapp"), &desk.simulator.whatsapp);
        let said = wa.message_at(us, &lea(), "Bonjour", desk.house.now());
        desk.settle().await;
        let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, desk.ticket().await);
        let sent = say(&desk, &sarah, words(ticket.id, "Bonjour Léa", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Delivered);
        let id = desk.messages(ticket.id).await[1].external_id.clone().unwrap();
        wa.read(us, &id);
        desk.settle().await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Read);
        // “sent” again, later and in other bytes, moves nothing back.
        let channel = channel_of(&desk).await;
        let late = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
            "metadata": {"phone_number_id": us}, "statuses": [{"id": id, "status": "delivered", "timestamp": "1795251700", "recipient_participant_id": "x"}]}}]}]});
        super::ingest(&desk, channel, &late).await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Read);
        // Edits and revocations are of the person’s own message.
        wa.edit(us, &lea(), &said, "Bonsoir");
        desk.settle().await;
        assert_eq!(desk.messages(ticket.id).await[0].text, "Bonsoir");
        wa.revoke(us, &lea(), &said);
        desk.settle().await;
        assert!(desk.messages(ticket.id).await[0].deleted_at.is_some());
        assert_eq!(desk.tickets().await.len(), 1);
    }

    async fn what_fails_after_it_was_accepted_reopens_the_ticket(desk) {
        connected(&desk, "whatsapp").await;
        let (us, wa) = (account("whatsapp"), &desk.simulator.whatsapp);
        wa.message_at(us, &lea(), "Bonjour", desk.house.now());
        desk.settle().await;
        let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, desk.ticket().await.id);
        for (code, reason) in [(131_026, "unreachable"), (131_047, "window_closed"), (131_042, "restricted"), (131_053, "invalid")] {
            wa.stage.fail_next(code);
            let sent = say(&desk, &sarah, words(ticket, &format!("essai {code}"), Visibility::Private)).await;
            desk.settle().await;
            assert_eq!(state(&desk, &sent).await, (Delivery::Failed, Some(reason.into())), "{code}");
            assert_eq!(desk.again(ticket).await.state, State::Open);
        }
        assert!(deeds(&desk, "whatsapp").is_empty());
        // A person may send it again.
        let last = desk.messages(ticket).await.pop().unwrap();
        let scope = desk.scope(&sarah).await;
        reply::decide(&desk.house, &scope, last.id, Decision::SendAgain).await.unwrap();
        desk.settle().await;
        assert_eq!(deeds(&desk, "whatsapp"), ["message: essai 131053"]);
        assert_eq!(state(&desk, &last).await.0, Delivery::Delivered);
    }

    async fn after_24_hours_nothing_is_sent(desk) {
        connected(&desk, "whatsapp").await;
        let (us, wa) = (account("whatsapp"), &desk.simulator.whatsapp);
        wa.message_at(us, &lea(), "Bonjour", desk.house.now());
        desk.settle().await;
        let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, desk.ticket().await.id);
        desk.clock.forward(DAY.saturating_sub(Duration::from_secs(61)));
        let sent = say(&desk, &sarah, words(ticket, "à temps", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Delivered);
        desk.clock.forward(Duration::from_secs(62));
        assert_eq!(refused(&desk, &sarah, words(ticket, "trop tard", Visibility::Private)).await, Reason::WindowClosed);
        assert_eq!(refused(&desk, &sarah, words(ticket, "x", Visibility::Public)).await, Reason::NotOnThisNetwork);
        // A day later one signs in again.
        let karim = desk.agent("Karim", Role::Agent).await;
        let page = karim.get(&format!("/tickets/{ticket}")).await.expect(200).seen();
        assert!(page.contains("Le délai pour répondre en privé est passé"), "{page}");
    }

    async fn limits_are_counted_in_characters(desk) {
        connected(&desk, "whatsapp").await;
        let (us, wa) = (account("whatsapp"), &desk.simulator.whatsapp);
        wa.message_at(us, &lea(), "Bonjour", desk.house.now());
        desk.settle().await;
        let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, desk.ticket().await.id);
        assert_eq!(refused(&desk, &sarah, words(ticket, &"😀".repeat(4_097), Visibility::Private)).await, Reason::TooLong);
        for n in [4_095, 4_096] {
            say(&desk, &sarah, words(ticket, &"😀".repeat(n), Visibility::Private)).await;
            desk.settle().await;
        }
        assert_eq!(deeds(&desk, "whatsapp").len(), 2);
    }

    async fn number_and_id_become_one_person_and_the_conversation_follows(desk) {
        connected(&desk, "whatsapp").await;
        let (us, wa) = (account("whatsapp"), &desk.simulator.whatsapp);
        let id = |id: &str| Some(id.to_owned());
        let secretive = Person { number: None, own_id: id("US.100000000000001"), name: "Sheena".into() };
        wa.message_at(us, &secretive, "Hello", desk.house.now());
        wa.message_at(us, &Person::with_number("16505551234", "Sheena N."), "It is me", desk.house.now());
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 2, "nobody knows yet that they are one");
        let both = Person { number: id("16505551234"), own_id: id("US.100000000000001"), name: "Sheena".into() };
        wa.message_at(us, &both, "now you know", desk.house.now());
        desk.settle().await;
        let all = desk.tickets().await;
        assert!(all.iter().all(|t| t.contact_id == all[0].contact_id), "{all:#?}");
        let mut tx = desk.house.db.read().await.unwrap();
        assert_eq!(contacts::identities(&mut tx, desk.brand, all[0].contact_id).await.unwrap().len(), 2);
        drop(tx);
        // The id changes, and is all that is told: still the same conversation, and no third one.
        wa.id_changes(us, &both, "US.100000000000002");
        desk.settle().await;
        let renamed = Person { number: None, own_id: id("US.100000000000002"), name: "Sheena".into() };
        wa.message_at(us, &renamed, "same me", desk.house.now());
        desk.settle().await;
        let after = desk.tickets().await;
        assert_eq!(after.len(), 2);
        assert!(after.iter().all(|t| t.contact_id == after[0].contact_id));
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let spoken = after.iter().find(|t| t.last_message_at == after.iter().map(|t| t.last_message_at).max().unwrap()).unwrap();
        say(&desk, &sarah, words(spoken.id, "Welcome back", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(deeds(&desk, "whatsapp"), ["message: Welcome back"]);
    }

    async fn a_new_number_is_where_the_next_answer_goes(desk) {
        connected(&desk, "whatsapp").await;
        let (us, wa) = (account("whatsapp"), &desk.simulator.whatsapp);
        wa.message_at(us, &lea(), "Bonjour", desk.house.now());
        desk.settle().await;
        let ticket = desk.ticket().await;
        wa.number_changes(us, "33612345678", "33687654321");
        desk.settle().await;
        wa.message_at(us, &Person::with_number("33687654321", "Léa"), "nouveau numéro", desk.house.now());
        desk.settle().await;
        assert_eq!(desk.ticket().await.id, ticket.id);
        let sarah = desk.agent("Sarah", Role::Agent).await;
        say(&desk, &sarah, words(ticket.id, "C’est noté", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(wa.stage.ledger()[0].on, "33687654321");
    }

    async fn the_phone_that_shares_the_number_answers_too(desk) {
        connected(&desk, "whatsapp").await;
        let (us, wa) = (account("whatsapp"), &desk.simulator.whatsapp);
        wa.message_at(us, &lea(), "Bonjour", desk.house.now());
        desk.settle().await;
        wa.phone_wrote_at(us, "33612345678", "Bonjour Léa, c’est noté", desk.house.now());
        desk.settle().await;
        let ticket = desk.ticket().await;
        assert_eq!((ticket.bot, ticket.state), (Bot::Human, State::Waiting));
        assert_eq!(desk.messages(ticket.id).await.len(), 2);
    }

    async fn a_check_says_what_works_and_what_does_not(desk) {
        let (channel, _) = connected(&desk, "whatsapp").await;
        let scope = Scope::house(desk.brand);
        let found = connect::check(&desk.house, &scope, channel).await.unwrap();
        assert_eq!((found.problems.len(), found.can), (0, vec!["dm", "receive"]));
        desk.simulator.whatsapp.stage.set_token(account("whatsapp"), "another");
        let found = connect::check(&desk.house, &scope, channel).await.unwrap();
        assert_eq!(found.problems.len(), 1);
        assert!(found.problems[0].0.contains("n’accepte pas") && found.problems[0].1.contains("does not accept"), "{found:?}");
    }
}

async fn channel_of(desk: &Desk) -> guichet::base::id::ChannelId {
    let mut tx = desk.house.db.read().await.unwrap();
    let all = guichet::store::channels::of_brand(&mut tx, desk.brand).await.unwrap();
    all.into_iter().find(|c| c.network == "whatsapp").unwrap().id
}

/// A send without an answer is settled by the status that bears our mark, and never repeated.
async fn settled_by_its_status(engine: Engine) {
    let desk = Desk::in_weather(engine, Weather { lose_answer: 100, ..Weather::default() }).await;
    connected(&desk, "whatsapp").await;
    let (us, wa) = (account("whatsapp"), &desk.simulator.whatsapp);
    wa.message_at(us, &lea(), "Bonjour", desk.house.now());
    desk.settle().await;
    let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, desk.ticket().await.id);
    let sent = say(&desk, &sarah, words(ticket, "Bonjour Léa", Visibility::Private)).await;
    desk.settle().await;
    assert_eq!(state(&desk, &sent).await.0, Delivery::Delivered);
    desk.pass(Duration::from_hours(1)).await;
    assert_eq!(deeds(&desk, "whatsapp"), ["message: Bonjour Léa"]);
    assert_eq!(desk.messages(ticket).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn settled_by_its_status_on_sqlite() {
    settled_by_its_status(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settled_by_its_status_on_postgres() {
    settled_by_its_status(Engine::Postgres).await;
}
