//! What goes out: once, in order, in time, or with a reason that people can read.

use std::time::Duration;

use guichet::base::id::TicketId;
use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::desk::outbound::Action;
use guichet::desk::ticket::State;
use guichet::flow::reply::{self, Decision, Reply};
use guichet::flow::{Error, Reason, connect, house, moderate, outbox};
use guichet::simulator::weather::Weather;
use guichet::store::{channels, outbox as rows};

use crate::on_both;
use crate::support::desk::{PAGE, TOKEN};
use crate::support::replies::{refused, say, state, words};
use crate::support::{Desk, Engine, Visitor};

const MINUTE: Duration = Duration::from_secs(60);

async fn asked(desk: &Desk) -> (Visitor, TicketId) {
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Elle passe au lave-vaisselle ?");
    desk.settle().await;
    (sarah, desk.ticket().await.id)
}

async fn in_messenger(desk: &Desk) -> (Visitor, TicketId) {
    let sarah = desk.agent("Sarah", Role::Agent).await;
    desk.simulator.facebook.message(PAGE, ("501", "Inès"), "Bonjour");
    desk.settle().await;
    (sarah, desk.ticket().await.id)
}

on_both! {
    async fn a_reply_can_be_taken_back_until_it_leaves(desk) {
        let (sarah, ticket) = asked(&desk).await;
        let held = say(&desk, &sarah, Reply { at_once: false, ..words(ticket, "Oui !", Visibility::Public) }).await;
        desk.pass(Duration::from_secs(9)).await;
        assert_eq!(state(&desk, &held).await.0, Delivery::Held);
        let scope = desk.scope(&sarah).await;
        reply::take_back(&desk.house, &scope, held.id).await.unwrap();
        desk.pass(MINUTE).await;
        assert!(desk.deeds().is_empty());
        assert_eq!(desk.again(ticket).await.state, State::Open);
        let sent = say(&desk, &sarah, Reply { at_once: false, ..words(ticket, "Oui, sans souci", Visibility::Public) }).await;
        desk.pass(Duration::from_secs(11)).await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Sent);
        assert!(reply::take_back(&desk.house, &scope, sent.id).await.is_err());
        assert_eq!(desk.deeds(), ["comment: Oui, sans souci"]);
    }

    async fn one_click_is_one_reply(desk) {
        let (sarah, ticket) = asked(&desk).await;
        let reply = Reply { client_key: Some("k1".into()), ..words(ticket, "Oui", Visibility::Public) };
        let first = say(&desk, &sarah, reply.clone()).await;
        let second = say(&desk, &sarah, reply.clone()).await;
        assert_eq!(first.id, second.id);
        assert_eq!(refused(&desk, &sarah, Reply { text: "Non".into(), ..reply }).await, Reason::KeyReused);
        desk.settle().await;
        assert_eq!(desk.deeds(), ["comment: Oui"]);
    }

    async fn a_threads_replies_keep_their_order(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        desk.simulator.facebook.refuse_next(1_200, 0);
        let first = say(&desk, &sarah, words(ticket, "un", Visibility::Private)).await;
        let second = say(&desk, &sarah, words(ticket, "deux", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!((state(&desk, &first).await.0, state(&desk, &second).await.0), (Delivery::RetryWait, Delivery::Queued));
        desk.pass(Duration::from_secs(10)).await;
        assert_eq!(desk.deeds(), ["message: un", "message: deux"]);
    }

    async fn our_own_words_coming_back_are_no_news(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        say(&desk, &sarah, words(ticket, "Bonjour Inès", Visibility::Private)).await;
        desk.settle().await;
        let all = desk.messages(ticket).await;
        assert_eq!(all.len(), 2, "the echo is no message of its own");
        assert!(all[1].external_id.is_some());
        assert_eq!(desk.again(ticket).await.state, State::Waiting);
        desk.clock.forward(MINUTE);
        desk.simulator.facebook.read(PAGE, "501");
        desk.settle().await;
        assert_eq!(state(&desk, &all[1]).await.0, Delivery::Read);
    }

    async fn a_private_reply_is_sent_once_and_within_seven_days(desk) {
        let (sarah, ticket) = asked(&desk).await;
        let sent = say(&desk, &sarah, words(ticket, "en privé", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Sent);
        assert_eq!(refused(&desk, &sarah, words(ticket, "encore", Visibility::Private)).await, Reason::AlreadyRepliedPrivately);
        let other = desk.simulator.facebook.publish(PAGE, "Encore");
        desk.simulator.facebook.comment(PAGE, &other, ("2", "Paul"), "Bonjour");
        desk.settle().await;
        let late = desk.tickets().await.last().unwrap().id;
        desk.clock.forward(Duration::from_secs(7 * 86_400));
        assert_eq!(refused(&desk, &sarah, words(late, "trop tard", Visibility::Private)).await, Reason::WindowClosed);
        say(&desk, &sarah, words(late, "mais en public", Visibility::Public)).await;
    }

    async fn after_a_day_only_people_may_write_and_after_seven_nobody(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        desk.clock.forward(Duration::from_secs(86_400));
        say(&desk, &sarah, words(ticket, "un jour après", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(desk.simulator.facebook.ledger()[0].tag.as_deref(), Some("HUMAN_AGENT"));
        desk.clock.forward(Duration::from_secs(6 * 86_400));
        assert_eq!(refused(&desk, &sarah, words(ticket, "sept jours après", Visibility::Private)).await, Reason::WindowClosed);
    }

    async fn what_the_network_refuses_reopens_the_ticket_and_says_why(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        desk.simulator.facebook.refuse_next(551, 1_545_041);
        let reply = say(&desk, &sarah, words(ticket, "Bonjour", Visibility::Private)).await;
        assert_eq!(desk.again(ticket).await.state, State::Waiting);
        desk.settle().await;
        assert_eq!(state(&desk, &reply).await, (Delivery::Failed, Some("unreachable".into())));
        assert_eq!(desk.again(ticket).await.state, State::Open);
        let page = sarah.get(&format!("/tickets/{ticket}")).await.expect(200);
        assert!(page.seen().contains("Échec · la personne n’est pas joignable"), "{}", page.seen());
        // A person may try again.
        let scope = desk.scope(&sarah).await;
        reply::decide(&desk.house, &scope, reply.id, Decision::SendAgain).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.deeds(), ["message: Bonjour"]);
    }

    async fn a_dead_login_blocks_what_waits_and_a_new_one_lets_it_go_in_order(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        let admin = desk.agent("Admin", Role::Admin).await;
        desk.simulator.facebook.set_token(PAGE, "changed");
        let first = say(&desk, &sarah, words(ticket, "un", Visibility::Private)).await;
        desk.settle().await;
        let second = say(&desk, &sarah, words(ticket, "deux", Visibility::Private)).await;
        desk.settle().await;
        for reply in [&first, &second] {
            assert_eq!(state(&desk, reply).await, (Delivery::Blocked, if reply.id == first.id { Some("token".into()) } else { None }));
        }
        let page = sarah.get(&format!("/tickets/{ticket}")).await.expect(200).seen();
        assert!(page.contains("demande une reconnexion"), "{page}");
        // Inbound keeps flowing meanwhile.
        desk.simulator.facebook.message(PAGE, ("502", "Paul"), "Bonjour aussi");
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 2);
        let scope = desk.scope(&admin).await;
        connect::reconnect(&desk.house, &scope, desk.channel, &[("page_token".into(), "changed".into())]).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.deeds(), ["message: un", "message: deux"]);
    }

    async fn secrets_that_do_not_open_block_one_channel_until_it_is_connected_anew(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        let admin = desk.agent("Admin", Role::Admin).await;
        let mut tx = desk.house.db.write().await.unwrap();
        let kept = channels::kept(&mut tx, desk.brand, desk.channel).await.unwrap();
        channels::keep(&mut tx, desk.brand, desk.channel, &kept.settings, vec![1, 2, 3]).await.unwrap();
        assert_eq!(house::shut(&mut tx, &desk.house.keys, desk.brand).await.unwrap(), ["Aubépine"]);
        tx.commit().await.unwrap();
        let reply = say(&desk, &sarah, words(ticket, "un", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &reply).await, (Delivery::Blocked, Some("token".into())));
        let page = sarah.get(&format!("/tickets/{ticket}")).await.expect(200).seen();
        assert!(page.contains("demande une reconnexion"), "{page}");
        let scope = desk.scope(&admin).await;
        let half = connect::reconnect(&desk.house, &scope, desk.channel, &[]).await;
        assert!(matches!(half, Err(Error::Refused(Reason::MissingSetting, Some(key))) if key == "page_token"));
        let token = ("page_token".into(), format!("{TOKEN}{PAGE}"));
        connect::reconnect(&desk.house, &scope, desk.channel, &[token]).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.deeds(), ["message: un"]);
    }

    async fn a_throttled_channel_is_left_in_peace(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        desk.simulator.facebook.refuse_next(80_006, 0);
        let reply = say(&desk, &sarah, words(ticket, "un", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &reply).await.0, Delivery::RetryWait);
        desk.pass(Duration::from_secs(30)).await;
        assert!(desk.deeds().is_empty(), "calling while throttled prolongs the block");
        desk.pass(Duration::from_secs(40)).await;
        assert_eq!(desk.deeds(), ["message: un"]);
    }

    async fn a_reply_that_misses_its_time_expires_and_is_never_sent_late(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        let admin = desk.agent("Admin", Role::Admin).await;
        let scope = desk.scope(&admin).await;
        connect::pause(&desk.house, &scope, desk.channel, true).await.unwrap();
        let reply = say(&desk, &sarah, words(ticket, "un", Visibility::Private)).await;
        desk.pass(Duration::from_secs(86_400)).await;
        connect::pause(&desk.house, &scope, desk.channel, false).await.unwrap();
        desk.settle().await;
        assert_eq!(state(&desk, &reply).await.0, Delivery::Expired);
        assert!(desk.deeds().is_empty());
        assert_eq!(desk.again(ticket).await.state, State::Open);
    }

    async fn moderation_is_done_and_shown(desk) {
        let (_, ticket) = asked(&desk).await;
        let elodie = desk.agent("Elodie", Role::Community).await;
        let agent = desk.agent("Karim", Role::Agent).await;
        let message = desk.messages(ticket).await.remove(0);
        let scope = desk.scope(&elodie).await;
        for action in [Action::Like, Action::Hide, Action::Unhide, Action::Unlike] {
            moderate::moderate(&desk.house, &scope, message.id, action).await.unwrap();
            desk.settle().await;
        }
        let karim = desk.scope(&agent).await;
        assert!(moderate::moderate(&desk.house, &karim, message.id, Action::Delete).await.is_err(), "deleting needs more than an agent");
        moderate::moderate(&desk.house, &scope, message.id, Action::Delete).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.deeds(), ["like: ", "hide: ", "unhide: ", "unlike: ", "delete: "]);
        assert!(desk.messages(ticket).await[0].deleted_at.is_some());
    }

    async fn a_text_too_long_is_refused_before_it_is_written(desk) {
        let (sarah, ticket) = in_messenger(&desk).await;
        assert_eq!(refused(&desk, &sarah, words(ticket, &"é".repeat(2_001), Visibility::Private)).await, Reason::TooLong);
        assert_eq!(refused(&desk, &sarah, words(ticket, " \n ", Visibility::Private)).await, Reason::EmptyText);
        assert_eq!(refused(&desk, &sarah, words(ticket, "x", Visibility::Public)).await, Reason::NotOnThisNetwork);
        say(&desk, &sarah, words(ticket, &"é".repeat(2_000), Visibility::Private)).await;
        desk.settle().await;
        assert_eq!(desk.deeds().len(), 1);
    }
}

/// In weather where every answer is lost, replies are found at the network and never sent twice.
async fn answers_lost(engine: Engine) {
    let desk = Desk::in_weather(engine, Weather { lose_answer: 100, no_echo: true, ..Weather::default() }).await;
    let (sarah, ticket) = asked(&desk).await;
    let public = say(&desk, &sarah, words(ticket, "Oui, au lave-vaisselle", Visibility::Public)).await;
    desk.settle().await;
    assert_eq!(state(&desk, &public).await.0, Delivery::Unknown);
    desk.pass(Duration::from_secs(31)).await;
    assert_eq!(state(&desk, &public).await.0, Delivery::Sent);
    desk.simulator.facebook.message(PAGE, ("501", "Inès"), "Bonjour");
    desk.settle().await;
    let talk = desk.tickets().await.iter().find(|t| t.visibility == Visibility::Private).unwrap().id;
    let private = say(&desk, &sarah, words(talk, "Bonjour Inès", Visibility::Private)).await;
    desk.pass(Duration::from_secs(31)).await;
    desk.pass(Duration::from_secs(31)).await;
    assert_eq!(state(&desk, &private).await.0, Delivery::Sent);
    assert_eq!(desk.deeds(), ["comment: Oui, au lave-vaisselle", "message: Bonjour Inès"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_lost_on_sqlite() {
    answers_lost(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_lost_on_postgres() {
    answers_lost(Engine::Postgres).await;
}

/// Where answers are lost but echoes come, the echo settles it at once.
#[tokio::test(flavor = "multi_thread")]
async fn an_echo_settles_an_unknown_outcome() {
    let desk = Desk::in_weather(Engine::Sqlite, Weather { lose_answer: 100, ..Weather::default() }).await;
    let (sarah, ticket) = in_messenger(&desk).await;
    let reply = say(&desk, &sarah, words(ticket, "Bonjour Inès", Visibility::Private)).await;
    desk.settle().await;
    assert_eq!(state(&desk, &reply).await.0, Delivery::Sent);
    desk.pass(Duration::from_secs(3_600)).await;
    assert_eq!(desk.deeds(), ["message: Bonjour Inès"]);
    assert_eq!(desk.messages(ticket).await.len(), 2);
}

/// A sender that was stopped half-way leaves `sending` behind: it is looked for, never queued.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_being_sent_when_we_stopped_is_looked_for() {
    let desk = Desk::open(Engine::Sqlite).await;
    let (sarah, ticket) = in_messenger(&desk).await;
    let reply = say(&desk, &sarah, words(ticket, "Bonjour", Visibility::Private)).await;
    let now = desk.house.now();
    let mut tx = desk.house.db.write().await.unwrap();
    let claimed = rows::claim(&mut tx, desk.house.node, now, now.plus(MINUTE), (desk.channel, 10), true).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1);
    outbox::find_orphans(&desk.house, true).await.unwrap();
    assert_eq!(state(&desk, &reply).await.0, Delivery::Unknown);
    // It had not left; a person wrote it; so it is sent once more by itself, and only once.
    desk.pass(Duration::from_secs(31)).await;
    desk.pass(Duration::from_secs(31)).await;
    assert_eq!(state(&desk, &reply).await.0, Delivery::Sent);
    assert_eq!(desk.deeds(), ["message: Bonjour"]);
}
