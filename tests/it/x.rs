//! X: what comes in by hook and by poll, what goes out, what it refuses.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::channel::ChannelState;
use guichet::desk::channel::Settings;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::{Direction, Kind, Visibility};
use guichet::desk::outbound::Action;
use guichet::desk::ticket::State;
use guichet::flow::{Reason, connect, listen, moderate};
use guichet::networks::{self, Handshake};
use guichet::simulator::stage::Reply as Answered;
use guichet::simulator::weather::Weather;
use guichet::simulator::x::NewAccount;
use serde_json::json;

use crate::on_both;
use crate::support::open::{self, Elsewhere};
use crate::support::{Desk, Engine};

const ME: &str = "1790000000000000001";
const LEA: (&str, &str, &str) = ("1790000000000000042", "Léa Brun", "lea_brun");
const PAUL: (&str, &str, &str) = ("1790000000000000043", "Paul", "paul_b");
const SECRET: &str = "consumer-CANARY";

async fn connected(desk: &Desk) -> Elsewhere {
    let settings = [
        ("user_id", ME),
        ("access_token", "x-token-CANARY"),
        ("refresh_token", "x-refresh-CANARY"),
        ("client_id", "client"),
        ("consumer_secret", SECRET),
        ("bearer_token", "app-CANARY"),
        ("webhook_id", "7"),
    ];
    let there = open::connect(desk, "x", &settings).await;
    desk.simulator.x.add_account(NewAccount {
        id: ME.into(),
        name: "Aubépine".into(),
        username: "aubepine".into(),
        token: "x-token-CANARY".into(),
        refresh: "x-refresh-CANARY".into(),
        hook: there.hook.clone(),
        secret: SECRET.into(),
    });
    there
}

fn deeds(desk: &Desk) -> Vec<String> {
    desk.simulator.x.ledger().into_iter().map(|d| format!("{}: {}", d.what, d.text)).collect()
}

#[test]
fn the_challenge_is_answered_in_base64_and_only_with_a_secret() {
    let x = networks::find("x").unwrap();
    let mut settings = Settings::default();
    let query = [("crc_token".to_owned(), "token".to_owned())];
    assert_eq!(x.handshake(&settings, &query), Some(Handshake::No));
    settings.set_secret("consumer_secret", "key old");
    let Some(Handshake::Yes(body, kind)) = x.handshake(&settings, &query) else { panic!("no answer") };
    assert_eq!(kind, "application/json");
    assert_eq!(body, format!(r#"{{"response_token":"sha256={}"}}"#, crc()));
    assert_eq!(x.handshake(&settings, &[]), None);
}

/// The challenge's answer, made another way than the connector's.
fn crc() -> String {
    use base64::Engine as _;
    let mac = guichet::base::sign::hmac_sha256(b"key", &[b"tok", b"en"]);
    base64::engine::general_purpose::STANDARD.encode(mac)
}

on_both! {
    async fn one_post_told_as_mention_and_reply_is_one_message(desk) {
        connected(&desk).await;
        let x = &desk.simulator.x;
        let post = x.publish(ME, "Notre nouvelle cocotte est là");
        let asked = x.reply(ME, &post, LEA, "@aubepine C’est combien & où ?");
        desk.settle().await;
        x.reply(ME, &asked, PAUL, "@aubepine pareil");
        desk.settle().await;
        let tickets = desk.tickets().await;
        assert_eq!(tickets.len(), 2);
        assert_eq!(tickets[0].thread_id, tickets[1].thread_id);
        let all = desk.messages(tickets[0].id).await;
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].kind, all[0].text.as_str()), (Kind::Comment, "@aubepine C’est combien & où ?"));
        assert_eq!((all[0].author_name.as_str(), all[0].author_handle.as_deref()), ("Léa Brun", Some("@lea_brun")));
        assert_eq!(all[0].post_external_id.as_deref(), Some(post.as_str()));
    }

    async fn a_reply_goes_out_and_its_echo_is_no_news(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let asked = desk.simulator.x.mention(ME, LEA, "@aubepine elle passe au four ?");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        let reply = open::say(&desk, &sarah, ticket, "Oui, jusqu’à 220 °C : https://aubepine.example/four?a=1&b=2", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await, (Delivery::Sent, None));
        let all = desk.messages(ticket).await;
        assert_eq!(all.len(), 2, "the echo, with X’s name and short link in it, is our reply");
        assert_eq!(desk.simulator.x.ledger()[0].on, asked);
        assert_eq!(desk.again(ticket).await.state, State::Waiting);
        // Somebody answers as the account elsewhere: its word, and the bot is silent.
        desk.simulator.x.answered_elsewhere(ME, &asked, "Et aussi au lave-vaisselle");
        desk.settle().await;
        let all = desk.messages(ticket).await;
        assert_eq!((all.len(), all[2].direction, all[2].text.as_str()), (3, Direction::Outbound, "Et aussi au lave-vaisselle"));
        assert_eq!(desk.tickets().await.len(), 1);
    }

    async fn an_edit_is_the_same_message_and_a_quote_a_mention(desk) {
        connected(&desk).await;
        let x = &desk.simulator.x;
        let post = x.publish(ME, "La cocotte");
        let first = x.mention(ME, LEA, "@aubepine combien ?");
        desk.settle().await;
        x.edit(ME, &first, "@aubepine combien en 28 cm ?");
        x.quote(ME, &post, PAUL, "Je la veux");
        desk.settle().await;
        let tickets = desk.tickets().await;
        assert_eq!(tickets.len(), 2);
        let lea = desk.messages(tickets[0].id).await;
        assert_eq!((lea.len(), lea[0].text.as_str()), (1, "@aubepine combien en 28 cm ?"));
        assert!(lea[0].edited_at.is_some());
        let paul = desk.messages(tickets[1].id).await;
        assert_eq!((paul[0].kind, paul[0].post_external_id.as_deref()), (Kind::Mention, Some(post.as_str())));
    }

    async fn the_weights_are_held_to_the_edge(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        desk.simulator.x.mention(ME, LEA, "@aubepine alors ?");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        let link = "https://aubepine.example/une/adresse/bien/plus/longue/que/vingt-trois";
        let texts = [("a".repeat(281), false), (format!("{}語", "a".repeat(279)), false), (format!("{} {link}", "a".repeat(257)), false),
            ("a".repeat(279), true), ("b".repeat(280), true), (format!("{} {link}", "c".repeat(256)), true), (format!("{}👩‍👩‍👧", "d".repeat(278)), true)];
        let mut sent = 0;
        for (text, fits) in texts {
            if fits {
                let reply = open::say(&desk, &sarah, ticket, &text, Visibility::Public).await;
                desk.settle().await;
                assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent, "{text}");
                sent += 1;
            } else {
                assert_eq!(open::refused(&desk, &sarah, ticket, &text, Visibility::Public).await, Reason::TooLong, "{text}");
            }
        }
        assert_eq!(deeds(&desk).len(), sent);
    }

    async fn private_messages_go_both_ways(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        desk.simulator.x.message(ME, LEA, "Bonjour, ma commande <20451> ?");
        desk.settle().await;
        let ticket = desk.ticket().await;
        assert_eq!((ticket.kind, ticket.visibility), (Kind::Dm, Visibility::Private));
        assert_eq!(desk.messages(ticket.id).await[0].text, "Bonjour, ma commande <20451> ?");
        let reply = open::say(&desk, &sarah, ticket.id, "Je regarde & je reviens", Visibility::Private).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
        assert_eq!(desk.messages(ticket.id).await.len(), 2);
        assert_eq!(deeds(&desk), ["dm: Je regarde & je reviens"]);
    }

    async fn what_hooks_missed_is_polled_within_the_budget(desk) {
        let there = connected(&desk).await;
        let x = &desk.simulator.x;
        let post = x.publish(ME, "La cocotte");
        desk.settle().await;
        x.reply_unheard(&post, LEA, "@aubepine un");
        x.message_unheard(ME, PAUL, "deux");
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 2);
        // The next one begins where that one stopped; an answer without `data` is nothing.
        desk.clock.forward(Duration::from_secs(1_000));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 2);
        let asked: Vec<String> = desk.simulator.x.journal().iter().filter(|e| e.call.path.ends_with("mentions")).map(|e| e.call.asked("since_id").to_owned()).collect();
        assert!(asked[0].is_empty() && !asked[1].is_empty(), "{asked:?}");
        // Four were read so far, the publication among them; with the fifth the day’s reads are used
        // up, and nothing is read.
        open::set(&desk, &there, &[("daily_reads", "5")]).await;
        desk.clock.forward(Duration::from_secs(1_000));
        listen::turn(&desk.house).await.unwrap();
        assert_eq!(open::channel(&desk, &there).await.usage, Some(100));
        let read = || desk.simulator.x.journal().iter().filter(|e| e.call.path.ends_with("dm_events")).count();
        let so_far = read();
        desk.clock.forward(Duration::from_secs(7_200));
        listen::turn(&desk.house).await.unwrap();
        assert_eq!(read(), so_far, "the day’s reads are used up");
        desk.clock.forward(Duration::from_secs(20 * 3_600));
        listen::turn(&desk.house).await.unwrap();
        assert!(read() > so_far, "a new day");
    }

    /// The day's reads end in the middle of a list that begins with the newest: the next day goes on
    /// where it stopped, and nothing between is missed.
    async fn a_list_that_was_cut_is_read_to_its_end_later(desk) {
        let there = connected(&desk).await;
        let x = &desk.simulator.x;
        let post = x.publish(ME, "La cocotte");
        desk.settle().await;
        let ask = |n: usize| x.reply_unheard(&post, (&format!("70{n}"), "Léa", "lea"), &format!("@aubepine {n}"));
        (0..23).for_each(|n| drop(ask(n)));
        // Two days on which not even the smallest page may be read.
        open::set(&desk, &there, &[("daily_reads", "4")]).await;
        for _ in 0..2 {
            listen::turn(&desk.house).await.unwrap();
            desk.settle().await;
            assert!(desk.tickets().await.is_empty());
            desk.clock.forward(Duration::from_hours(24));
        }
        open::set(&desk, &there, &[("daily_reads", "10")]).await;
        let mut seen = Vec::new();
        for day in 0..5 {
            listen::turn(&desk.house).await.unwrap();
            desk.settle().await;
            seen.push(desk.tickets().await.len());
            if day == 1 {
                // Meanwhile others write.
                (23..25).for_each(|n| drop(ask(n)));
            }
            desk.clock.forward(Duration::from_hours(24));
        }
        assert!(seen[0] > 0 && seen[0] <= 10 && seen[1] > seen[0], "{seen:?}");
        assert_eq!(seen.last(), Some(&25), "{seen:?}");
        let mut texts = Vec::new();
        for ticket in desk.tickets().await {
            texts.extend(desk.messages(ticket.id).await.into_iter().map(|m| m.text));
        }
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 25, "each once");
    }

    async fn quotes_that_no_hook_told_are_searched_for(desk) {
        connected(&desk).await;
        let x = &desk.simulator.x;
        let posts: Vec<String> = (0..12).map(|n| x.publish(ME, &format!("La cocotte, vue {n}"))).collect();
        desk.settle().await;
        x.quote(ME, &posts[0], LEA, "poussée");
        desk.settle().await;
        x.quote_unheard(&posts[11], PAUL, "Je la veux");
        // One that names us is a mention, too; ours are no news, nor are those of others’ posts.
        x.quote_unheard(&posts[0], PAUL, "@aubepine encore en stock ?");
        x.quote_unheard(&posts[0], (ME, "Aubépine", "aubepine"), "Et la voici");
        let other = x.mention(ME, LEA, "@aubepine bonjour");
        x.quote_unheard(&other, PAUL, "moi aussi");
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        let mut told = Vec::new();
        for ticket in desk.tickets().await {
            for m in desk.messages(ticket.id).await {
                assert_eq!(m.kind, Kind::Mention);
                assert!(["Léa Brun", "Paul"].contains(&m.author_name.as_str()), "{}", m.author_name);
                told.push((m.text, m.post_external_id));
            }
        }
        told.sort();
        let quoted = |n: usize| Some(posts[n].clone());
        assert_eq!(told, [
            ("@aubepine bonjour".to_owned(), None),
            ("@aubepine encore en stock ?".to_owned(), quoted(0)),
            ("Je la veux".to_owned(), quoted(11)),
            ("poussée".to_owned(), quoted(0)),
        ]);
        // Ten posts a search; the next one begins after the newest quote, until that is a week old:
        // then X would refuse it.
        let searched = || {
            let calls = desk.simulator.x.journal().into_iter().filter(|e| e.call.path.ends_with("search/recent"));
            calls.map(|e| (e.call.asked("since_id").to_owned(), e.reply.status)).collect::<Vec<_>>()
        };
        assert_eq!(searched(), vec![(String::new(), 200); 2]);
        for (days, since) in [(1, true), (5, true), (2, false)] {
            let so_far = searched().len();
            desk.clock.forward(Duration::from_hours(24 * days - 2));
            x.publish(ME, "Une autre");
            desk.clock.forward(Duration::from_hours(2));
            listen::turn(&desk.house).await.unwrap();
            desk.settle().await;
            let now = searched().split_off(so_far);
            assert!(!now.is_empty() && now.iter().all(|(id, status)| id.is_empty() != since && *status == 200), "{now:?}");
        }
        assert_eq!(desk.tickets().await.len(), 4);
        let late = x.publish(ME, "Encore une");
        x.quote_unheard(&late, LEA, "Et celle-ci ?");
        desk.clock.forward(Duration::from_secs(1_000));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 5);
    }

    async fn refusals_say_what_people_can_act_upon(desk) {
        let there = connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Admin).await;
        let x = &desk.simulator.x;
        // Somebody whose words do not name us: X lets nobody answer who was not called.
        let root = x.mention(ME, PAUL, "Quelle cocotte choisir ?");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        let reply = open::say(&desk, &sarah, ticket, "La nôtre !", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await, (Delivery::Failed, Some("not_permitted".into())));
        assert!(open::why(&desk, &reply).await.contains("not been mentioned"));
        x.reply(ME, &root, LEA, "@aubepine peut-être ?");
        desk.settle().await;
        let lea = desk.tickets().await.last().unwrap().id;
        // Credits run out: the channel stops, and goes on once there are new ones.
        x.set_out_of_credits(true);
        let reply = open::say(&desk, &sarah, lea, "Oui !", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await, (Delivery::Blocked, Some("token".into())));
        let channel = open::channel(&desk, &there).await;
        assert_eq!(channel.state, ChannelState::NeedsReauth);
        assert!(channel.state_why.unwrap().contains("credits are used up"));
        x.set_out_of_credits(false);
        let found = connect::check(&desk.house, &desk.scope(&sarah).await, there.channel).await.unwrap();
        assert!(found.problems.is_empty(), "{found:?}");
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
        // Throttled: until the moment X names.
        let reset = (desk.house.now().secs() + 600).to_string();
        let limited = json!({"title": "Too Many Requests", "type": "https://api.twitter.com/2/problems/rate-limit-exceeded", "status": 429});
        desk.simulator.x.refuse_next(Answered::of(429, limited).with("x-rate-limit-reset", reset));
        let reply = open::say(&desk, &sarah, lea, "Encore", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::RetryWait);
        desk.pass(Duration::from_secs(599)).await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::RetryWait);
        desk.pass(Duration::from_secs(2)).await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
    }

    async fn replies_under_our_posts_can_be_hidden(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Lead).await;
        let post = desk.simulator.x.publish(ME, "La cocotte");
        desk.simulator.x.reply(ME, &post, LEA, "@aubepine nulle");
        desk.settle().await;
        let message = desk.messages(desk.ticket().await.id).await[0].id;
        let scope = desk.scope(&sarah).await;
        moderate::moderate(&desk.house, &scope, message, Action::Hide).await.unwrap();
        desk.settle().await;
        assert_eq!(deeds(&desk), ["hide: "]);
        assert!(desk.messages(desk.ticket().await.id).await[0].hidden_at.is_some());
        let like = moderate::moderate(&desk.house, &scope, message, Action::Like).await;
        assert!(matches!(like, Err(guichet::flow::Error::Refused(Reason::NotOnThisNetwork, _))));
    }

    async fn a_login_is_renewed_and_one_taken_away_says_so(desk) {
        let there = connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Admin).await;
        desk.simulator.x.mention(ME, LEA, "@aubepine ?");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        desk.clock.forward(Duration::from_secs(91 * 60));
        listen::turn(&desk.house).await.unwrap();
        // Both tokens are new at X now; what is stored must be, too.
        let reply = open::say(&desk, &sarah, ticket, "Oui", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
        desk.simulator.x.revoke(ME);
        desk.settle().await;
        assert_eq!(open::channel(&desk, &there).await.state, ChannelState::NeedsReauth);
    }

    async fn a_hook_of_a_stranger_is_turned_away(desk) {
        let there = connected(&desk).await;
        let body = br#"{"data":{"event_type":"post.mention.create"}}"#.to_vec();
        let forged = open::knock(&desk, &there, "x-twitter-webhooks-signature", "sha256=AAAA", &body).await;
        assert_eq!(forged, 401);
        // An older secret is good while both are set.
        open::set(&desk, &there, &[("consumer_secret", &format!("new-one {SECRET}"))]).await;
        desk.simulator.x.mention(ME, LEA, "@aubepine ?");
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_looked_for_and_never_sent_twice() {
    let desk =
        Desk::in_weather(Engine::Sqlite, Weather { lose_answer: 100, no_echo: true, ..Weather::default() }).await;
    connected(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    desk.simulator.x.mention(ME, LEA, "@aubepine ?");
    desk.settle().await;
    desk.simulator.x.message(ME, PAUL, "Bonjour");
    desk.settle().await;
    let tickets = desk.tickets().await;
    let public = open::say(&desk, &sarah, tickets[0].id, "Oui : https://aubepine.example/a", Visibility::Public).await;
    // X's list of private messages lags behind: what is not there yet is not taken for lost.
    desk.simulator.x.set_lag(Duration::from_secs(240));
    let private = open::say(&desk, &sarah, tickets[1].id, "Bonjour Paul", Visibility::Private).await;
    desk.settle().await;
    assert_eq!(
        (open::state(&desk, &public).await.0, open::state(&desk, &private).await.0),
        (Delivery::Unknown, Delivery::Unknown)
    );
    desk.pass(Duration::from_secs(61)).await;
    assert_eq!(
        (open::state(&desk, &public).await.0, open::state(&desk, &private).await.0),
        (Delivery::Sent, Delivery::Unknown)
    );
    desk.pass(Duration::from_secs(130)).await;
    desk.pass(Duration::from_secs(500)).await;
    assert_eq!(open::state(&desk, &private).await.0, Delivery::Sent);
    assert_eq!(deeds(&desk).len(), 2);
}

/// The page counts as the server does, so that nobody is surprised when they send.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_composer_weighs_as_the_server_does() {
    let desk = Desk::open(Engine::Sqlite).await;
    connected(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    desk.simulator.x.mention(ME, LEA, "@aubepine ?");
    desk.settle().await;
    let mut browser = crate::support::browser::Browser::open().await;
    browser.sign_in(&desk.base, &sarah.token).await;
    browser.go(&format!("{}/tickets/{}", desk.base, desk.ticket().await.id)).await;
    for text in [
        "café 日本語",
        "👩‍👩‍👧 🇫🇷 1️⃣ © ™ ☺",
        "voir https://velora.example/a/b?c=d. et velora.fr, merci",
        "écrire à sav@velora.fr (http://a.fr) « … » — l’œuf",
        "aΩЖعह語😀e\u{301}",
    ] {
        let set = format!(
            "const e = document.getElementById('ed'); e.value = {}; e.dispatchEvent(new Event('input', {{bubbles: true}}))",
            json!(text)
        );
        browser.eval(&format!("(() => {{ {set} }})()")).await;
        let shown = browser.eval("document.querySelector('#count').lastElementChild.textContent").await;
        let expected = format!("{} / 280", guichet::base::text::weighted(text));
        assert_eq!(shown, expected, "{text}");
    }
}
