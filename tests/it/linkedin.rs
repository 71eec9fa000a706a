//! LinkedIn: comments by hook and by pull, replies, reactions, the day's calls.

use std::time::Duration;

use guichet::base::sign::hmac_sha256;
use guichet::desk::agent::Role;
use guichet::desk::channel::Settings;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::{Kind, Visibility};
use guichet::desk::outbound::Action;
use guichet::flow::{Reason, connect, listen, moderate};
use guichet::networks::{self, Handshake, Hook};
use guichet::simulator::linkedin::NewPage;
use guichet::simulator::weather::Weather;

use crate::on_both;
use crate::support::open::{self, Elsewhere};
use crate::support::{Desk, Engine};

const ME: &str = "2414183";
const LEA: (&str, &str) = ("Ab12Cd34", "Léa Brun");
const PAUL: (&str, &str) = ("Ef56Gh78", "Paul Martin");
const SECRET: &str = "client-CANARY";

async fn connected(desk: &Desk) -> Elsewhere {
    let settings = [
        ("organization_id", ME),
        ("access_token", "li-token-CANARY"),
        ("refresh_token", "li-refresh-CANARY"),
        ("client_id", "86ab"),
        ("client_secret", SECRET),
    ];
    let there = open::connect(desk, "linkedin", &settings).await;
    desk.simulator.linkedin.add_page(NewPage {
        id: ME.into(),
        name: "Aubépine".into(),
        token: "li-token-CANARY".into(),
        refresh: "li-refresh-CANARY".into(),
        hook: there.hook.clone(),
        secret: SECRET.into(),
    });
    there
}

fn deeds(desk: &Desk) -> Vec<String> {
    desk.simulator.linkedin.ledger().into_iter().map(|d| format!("{}: {}", d.what, d.text)).collect()
}

#[test]
fn the_challenge_and_both_signatures_are_understood() {
    let network = networks::find("linkedin").unwrap();
    let mut settings = Settings::default();
    let query = [("challengeCode".to_owned(), "890e4665-4dfe-4ab1-b689-ed553bceeed0".to_owned())];
    assert_eq!(network.handshake(&settings, &query), Some(Handshake::No));
    settings.set_secret("client_secret", "new old");
    let Some(Handshake::Yes(body, kind)) = network.handshake(&settings, &query) else { panic!("no answer") };
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let expected = hex::encode(hmac_sha256(b"new", &[query[0].1.as_bytes()]));
    assert_eq!(
        (body["challengeCode"].as_str().unwrap(), body["challengeResponse"].as_str().unwrap(), kind),
        (query[0].1.as_str(), expected.as_str(), "application/json")
    );
    let bytes = br#"{"notifications":[]}"#.to_vec();
    let hook = |signature: String| Hook { headers: vec![("x-li-signature".into(), signature)], body: bytes.clone() };
    let prefixed = hex::encode(hmac_sha256(b"old", &[b"hmacsha256=", &bytes]));
    let bare = hex::encode(hmac_sha256(b"new", &[&bytes]));
    let now = guichet::base::At(0);
    assert!(network.verify(&settings, &hook(prefixed), now).is_ok());
    assert!(network.verify(&settings, &hook(format!("hmacsha256={bare}")), now).is_ok());
    assert!(network.verify(&settings, &hook(hex::encode(hmac_sha256(b"other", &[&bytes]))), now).is_err());
    assert!(network.verify(&Settings::default(), &hook(bare), now).is_err());
}

on_both! {
    async fn a_reply_joins_its_thread_once_linkedin_says_what_it_answers(desk) {
        connected(&desk).await;
        let li = &desk.simulator.linkedin;
        let post = li.publish(ME, "Nous recrutons");
        let first = li.comment(&post, LEA, "Le poste est-il ouvert à Nantes ?");
        desk.settle().await;
        li.comment(&first, PAUL, "Bonne question");
        desk.settle().await;
        li.comment(&first, LEA, "Ou à distance ?");
        desk.settle().await;
        let tickets = desk.tickets().await;
        assert_eq!(tickets.len(), 2, "Léa goes on in her ticket");
        assert_eq!(tickets[0].thread_id, tickets[1].thread_id);
        let lea = desk.messages(tickets[0].id).await;
        assert_eq!(lea.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["Le poste est-il ouvert à Nantes ?", "Ou à distance ?"]);
        assert_eq!((lea[0].author_name.as_str(), lea[0].kind), ("Léa Brun", Kind::Comment));
        assert_eq!(lea[0].post_external_id.as_deref(), Some(post.as_str()));
    }

    async fn answers_likes_edits_and_deletions_go_their_way(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Lead).await;
        let li = &desk.simulator.linkedin;
        let post = li.publish(ME, "Nous recrutons");
        let first = li.comment(&post, LEA, "À Nantes ?");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        let reply = open::say(&desk, &sarah, ticket, "Oui, et à Lyon", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await, (Delivery::Sent, None));
        assert_eq!(desk.messages(ticket).await.len(), 2, "the page’s own comment coming back is the reply");
        let scope = desk.scope(&sarah).await;
        let message = desk.messages(ticket).await[0].id;
        moderate::moderate(&desk.house, &scope, message, Action::Like).await.unwrap();
        desk.settle().await;
        assert_eq!(deeds(&desk), ["reply: Oui, et à Lyon", "like: "]);
        let hide = moderate::moderate(&desk.house, &scope, message, Action::Hide).await;
        assert!(matches!(hide, Err(guichet::flow::Error::Refused(Reason::NotOnThisNetwork, _))));
        assert_eq!(open::refused(&desk, &sarah, ticket, "en privé", Visibility::Private).await, Reason::NotOnThisNetwork);
        for (n, fits) in [(1_249, true), (1_250, true), (1_251, false)] {
            let text = "é".repeat(n);
            if fits {
                let sent = open::say(&desk, &sarah, ticket, &text, Visibility::Public).await;
                desk.settle().await;
                assert_eq!(open::state(&desk, &sent).await.0, Delivery::Sent);
            } else {
                assert_eq!(open::refused(&desk, &sarah, ticket, &text, Visibility::Public).await, Reason::TooLong);
            }
        }
        desk.clock.forward(Duration::from_secs(60));
        li.edit(&first, "À Nantes ou à Rennes ?");
        desk.settle().await;
        assert_eq!(desk.messages(ticket).await[0].text, "À Nantes ou à Rennes ?");
        li.delete(&first);
        desk.settle().await;
        assert!(desk.messages(ticket).await[0].deleted_at.is_some());
    }

    async fn what_hooks_missed_is_pulled_and_mentions_come_too(desk) {
        connected(&desk).await;
        let li = &desk.simulator.linkedin;
        let post = li.publish(ME, "Nous recrutons");
        li.comment(&post, LEA, "poussé");
        li.comment_unheard(&post, PAUL, "perdu");
        li.share(ME, Some(&post), PAUL, "À lire");
        li.share(ME, None, LEA, "Merci à Aubépine");
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 3);
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        let tickets = desk.tickets().await;
        assert_eq!(tickets.len(), 4, "what was pushed already is no news");
        assert_eq!(tickets.iter().filter(|t| t.kind == Kind::Mention).count(), 2);
    }

    async fn a_page_is_subscribed_when_it_is_connected_and_again_when_it_was_lost(desk) {
        let there = connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Admin).await;
        let li = &desk.simulator.linkedin;
        li.ask_for_subscription(ME, "221195903");
        let post = li.publish(ME, "Nous recrutons");
        // Without the application’s number somebody has to do it by hand, and is told.
        let check = || async { connect::check(&desk.house, &desk.scope(&sarah).await, there.channel).await.unwrap() };
        assert!(check().await.missing.iter().any(|(_, en)| en.contains("application_id")));
        // Another application’s: LinkedIn refuses, and the card says what to do.
        open::set(&desk, &there, &[("application_id", "7")]).await;
        let found = check().await;
        let [(fr, en)] = &found.problems[..] else { panic!("{found:?}") };
        assert!(fr.contains("L’abonnement") && en.contains("validated at LinkedIn") && en.contains("403"), "{fr} {en}");
        assert!(found.can.contains(&"receive"), "what is not pushed is pulled");
        // Within the hour of connecting it is done by itself.
        open::set(&desk, &there, &[("application_id", "221195903")]).await;
        li.comment(&post, LEA, "avant");
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 0);
        listen::turn(&desk.house).await.unwrap();
        li.comment(&post, PAUL, "après");
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 2, "one pulled, one pushed");
        // What ended with a grant is back within six hours, at two calls each time.
        li.end_subscriptions();
        let subscribed = || li.journal().iter().filter(|e| e.call.path.contains("eventSubscriptions")).count();
        let before = subscribed();
        for _ in 0..12 {
            desk.clock.forward(Duration::from_hours(1));
            listen::turn(&desk.house).await.unwrap();
        }
        assert_eq!(subscribed(), before + 2);
        li.comment(&post, LEA, "encore");
        desk.settle().await;
        let mut said = Vec::new();
        for ticket in desk.tickets().await {
            said.extend(desk.messages(ticket.id).await.into_iter().map(|m| m.text));
        }
        said.sort();
        assert_eq!(said, ["après", "avant", "encore"]);
        assert!(check().await.problems.is_empty());
    }

    async fn the_days_calls_end_without_a_warning_and_begin_anew_at_midnight(desk) {
        let there = connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Admin).await;
        let li = &desk.simulator.linkedin;
        let post = li.publish(ME, "Nous recrutons");
        li.comment(&post, LEA, "À Nantes ?");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        li.set_calls(Some(0));
        let reply = open::say(&desk, &sarah, ticket, "Oui", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::RetryWait);
        // It is nine in the morning, UTC: fifteen hours to go.
        desk.pass(Duration::from_secs(15 * 3_600 - 60)).await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::RetryWait);
        li.set_calls(None);
        desk.pass(Duration::from_secs(120)).await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
        let found = connect::check(&desk.house, &desk.scope(&sarah).await, there.channel).await.unwrap();
        assert!(found.problems.is_empty() && found.name.as_deref() == Some("Aubépine"), "{found:?}");
        open::set(&desk, &there, &[("daily_calls", "1")]).await;
        let second = open::say(&desk, &sarah, ticket, "Et à Lyon", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &second).await.0, Delivery::RetryWait, "our own count says so before LinkedIn does");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_looked_for_and_never_sent_twice() {
    let desk =
        Desk::in_weather(Engine::Sqlite, Weather { lose_answer: 100, no_echo: true, ..Weather::default() }).await;
    connected(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let post = desk.simulator.linkedin.publish(ME, "Nous recrutons");
    desk.simulator.linkedin.comment(&post, LEA, "À Nantes ?");
    desk.settle().await;
    let reply = open::say(&desk, &sarah, desk.ticket().await.id, "Oui", Visibility::Public).await;
    desk.settle().await;
    assert_eq!(open::state(&desk, &reply).await.0, Delivery::Unknown);
    desk.pass(Duration::from_secs(31)).await;
    assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
    assert_eq!(deeds(&desk).len(), 1);
}
