//! YouTube: comments read within the day's units, the live chat, answers and moderation.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::{Direction, Kind, Visibility};
use guichet::desk::outbound::Action;
use guichet::flow::{Reason, connect, listen, moderate};
use guichet::simulator::weather::Weather;
use guichet::simulator::youtube::NewChannel;
use guichet::store::posts;

use crate::on_both;
use crate::support::open::{self, Elsewhere};
use crate::support::{Desk, Engine};

const ME: &str = "UCaubepine0000000000001";
const LEA: (&str, &str) = ("UClea0000000000000001", "@lea.brun");
const PAUL: (&str, &str) = ("UCpaul000000000000001", "@paul");
const LOOK: Duration = Duration::from_secs(301);

async fn connected(desk: &Desk) -> Elsewhere {
    let settings = [
        ("channel_id", ME),
        ("access_token", "yt-token-CANARY"),
        ("refresh_token", "yt-refresh-CANARY"),
        ("client_id", "client"),
        ("client_secret", "client-CANARY"),
    ];
    desk.simulator.youtube.add_channel(NewChannel {
        id: ME.into(),
        title: "Aubépine".into(),
        token: "yt-token-CANARY".into(),
        refresh: "yt-refresh-CANARY".into(),
    });
    open::connect(desk, "youtube", &settings).await
}

/// The next look, and all that follows.
async fn look(desk: &Desk) {
    desk.clock.forward(LOOK);
    listen::turn(&desk.house).await.unwrap();
    desk.settle().await;
}

fn deeds(desk: &Desk) -> Vec<String> {
    desk.simulator.youtube.ledger().into_iter().map(|d| format!("{}: {}", d.what, d.text)).collect()
}

on_both! {
    async fn comments_and_replies_under_every_video_come_in_once(desk) {
        connected(&desk).await;
        let yt = &desk.simulator.youtube;
        let video = yt.publish(ME, "La nouvelle cocotte");
        let first = yt.comment(&video, LEA, "Elle passe au four ?");
        look(&desk).await;
        // A reply to an older thread, more replies than the answer holds, another thread.
        for n in 1..=4 {
            yt.reply(&first, PAUL, &format!("réponse {n}"));
        }
        yt.comment(&video, PAUL, "Et en bleu ?");
        look(&desk).await;
        look(&desk).await;
        let tickets = desk.tickets().await;
        assert_eq!(tickets.len(), 3);
        assert_eq!(desk.messages(tickets[0].id).await.len(), 1);
        let paul: Vec<usize> = vec![desk.messages(tickets[1].id).await.len(), desk.messages(tickets[2].id).await.len()];
        assert!(paul == [4, 1] || paul == [1, 4], "{paul:?}");
        let lea = &desk.messages(tickets[0].id).await[0];
        assert_eq!((lea.author_name.as_str(), lea.author_handle.as_deref()), ("@lea.brun", Some("@lea.brun")));
        let mut tx = desk.house.db.read().await.unwrap();
        let here = connected_channel(&desk).await;
        let post = posts::by_external(&mut tx, desk.brand, here, &video).await.unwrap().unwrap();
        assert_eq!((post.text.as_deref(), post.own), (Some("La nouvelle cocotte"), Some(true)));
    }

    async fn what_changes_or_vanishes_is_seen(desk) {
        connected(&desk).await;
        let yt = &desk.simulator.youtube;
        let video = yt.publish(ME, "La nouvelle cocotte");
        let edited = yt.comment(&video, LEA, "Combien ?");
        desk.clock.forward(Duration::from_secs(1));
        let gone = yt.comment(&video, PAUL, "Nulle");
        desk.clock.forward(Duration::from_secs(1));
        yt.comment_held(&video, ("UCspam", "@spam"), "Venez sur mon site");
        look(&desk).await;
        let tickets = desk.tickets().await;
        assert_eq!(tickets.len(), 3);
        let held = tickets.iter().find(|t| t.excerpt.contains("Venez")).unwrap();
        assert!(desk.messages(held.id).await[0].hidden_at.is_some(), "held back from others’ eyes");
        yt.edit(&edited, "Combien en 28 cm ?");
        yt.delete(&gone);
        look(&desk).await;
        let texts = |all: Vec<guichet::store::messages::Message>| (all.len(), all[0].text.clone(), all[0].edited_at.is_some(), all[0].deleted_at.is_some());
        let of = |words: &str| tickets.iter().find(|t| t.excerpt.contains(words)).unwrap().id;
        assert_eq!(texts(desk.messages(of("Combien")).await), (1, "Combien en 28 cm ?".into(), true, false));
        assert_eq!(texts(desk.messages(of("Nulle")).await), (1, "Nulle".into(), false, true));
    }

    async fn answers_and_moderation_go_out_and_are_no_news_when_read(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Lead).await;
        let yt = &desk.simulator.youtube;
        let video = yt.publish(ME, "La nouvelle cocotte");
        let first = yt.comment(&video, LEA, "Elle passe au four ?");
        yt.reply(&first, PAUL, "Oui ?");
        look(&desk).await;
        let tickets = desk.tickets().await;
        // An answer to a reply stands under the first comment, as YouTube has it.
        let reply = open::say(&desk, &sarah, tickets[1].id, "Oui Paul, jusqu’à 220 °C", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await, (Delivery::Sent, None));
        assert_eq!(yt.ledger()[0].on, first);
        look(&desk).await;
        look(&desk).await;
        assert_eq!(desk.messages(tickets[1].id).await.len(), 2);
        assert_eq!(desk.tickets().await.len(), 2);
        let message = desk.messages(tickets[0].id).await[0].id;
        let scope = desk.scope(&sarah).await;
        for act in [Action::Hide, Action::Unhide, Action::Delete] {
            moderate::moderate(&desk.house, &scope, message, act).await.unwrap();
            desk.settle().await;
        }
        assert_eq!(deeds(&desk)[1..], ["heldForReview: ", "published: ", "rejected: "]);
        assert!(desk.messages(tickets[0].id).await[0].deleted_at.is_some());
        let long = "a".repeat(10_001);
        assert_eq!(open::refused(&desk, &sarah, tickets[0].id, &long, Visibility::Public).await, Reason::TooLong);
    }

    async fn the_live_chat_is_followed_while_it_lasts(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let yt = &desk.simulator.youtube;
        let video = yt.publish(ME, "Atelier en direct");
        yt.go_live(&video);
        yt.chat(LEA, "Bonsoir, elle existe en bleu ?");
        look(&desk).await;
        let ticket = desk.ticket().await;
        assert_eq!((ticket.kind, ticket.visibility), (Kind::Chat, Visibility::Public));
        assert_eq!(open::refused(&desk, &sarah, ticket.id, &"a".repeat(201), Visibility::Public).await, Reason::TooLong);
        let reply = open::say(&desk, &sarah, ticket.id, &"b".repeat(200), Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
        // Read again after as long as YouTube wants, not after the usual while.
        let second = yt.chat(LEA, "Merci !");
        desk.clock.forward(Duration::from_secs(6));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        let all = desk.messages(ticket.id).await;
        assert_eq!(all.iter().map(|m| m.direction).collect::<Vec<_>>(), [Direction::Inbound, Direction::Outbound, Direction::Inbound]);
        yt.retract(&second);
        desk.clock.forward(Duration::from_secs(6));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert!(desk.messages(ticket.id).await[2].deleted_at.is_some());
        yt.end_live();
        look(&desk).await;
        let read = || yt.journal().iter().filter(|e| e.call.path.ends_with("liveChat/messages")).count();
        let so_far = read();
        look(&desk).await;
        assert_eq!(read(), so_far, "nobody reads a chat that is over");
        let late = open::say(&desk, &sarah, ticket.id, "Trop tard ?", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &late).await, (Delivery::Failed, Some("gone".into())));
    }

    async fn the_days_units_are_counted_and_a_part_is_kept_for_answers(desk) {
        let there = connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Admin).await;
        let yt = &desk.simulator.youtube;
        let video = yt.publish(ME, "La nouvelle cocotte");
        yt.comment(&video, LEA, "Elle passe au four ?");
        look(&desk).await;
        let ticket = desk.ticket().await.id;
        open::set(&desk, &there, &[("daily_units", "100")]).await;
        yt.set_units(Some(200));
        // Until midnight in California: reading slows down, and stops where the answers' part begins.
        for _ in 0..40 {
            look(&desk).await;
        }
        let used = yt.units();
        assert!(used <= 80, "{used} units were used of the 80 for reading");
        assert!(open::channel(&desk, &there).await.usage.unwrap() >= 50);
        let found = connect::check(&desk.house, &desk.scope(&sarah).await, there.channel).await.unwrap();
        assert!(found.problems.is_empty() && found.missing.iter().any(|(_, en)| en.contains("of 100 units")), "{found:?}");
        let reply = open::say(&desk, &sarah, ticket, "Oui", Visibility::Public).await;
        desk.settle().await;
        // 50 of the rest would be too many only when reading had eaten them.
        let left = 100 - used - 2;
        let expected = if left >= 50 { Delivery::Sent } else { Delivery::RetryWait };
        assert_eq!(open::state(&desk, &reply).await.0, expected);
        // A new day, and everything goes on.
        desk.pass(Duration::from_secs(21 * 3_600)).await;
        assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
    }

    async fn a_token_of_google_is_renewed_before_its_hour_is_over(desk) {
        connected(&desk).await;
        let yt = &desk.simulator.youtube;
        let video = yt.publish(ME, "La nouvelle cocotte");
        look(&desk).await;
        desk.clock.forward(Duration::from_secs(46 * 60));
        listen::turn(&desk.house).await.unwrap();
        yt.comment(&video, LEA, "Elle passe au four ?");
        look(&desk).await;
        assert_eq!(desk.tickets().await.len(), 1);
        let refreshed = yt.journal().iter().filter(|e| e.call.path == "token").count();
        assert_eq!(refreshed, 1);
    }
}

async fn connected_channel(desk: &Desk) -> guichet::base::id::ChannelId {
    let mut tx = desk.house.db.read().await.unwrap();
    let all = guichet::store::channels::of_brand(&mut tx, desk.brand).await.unwrap();
    all.into_iter().find(|c| c.network == "youtube").unwrap().id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_looked_for_and_never_sent_twice() {
    let desk = Desk::in_weather(Engine::Sqlite, Weather { lose_answer: 100, ..Weather::default() }).await;
    connected(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let video = desk.simulator.youtube.publish(ME, "La nouvelle cocotte");
    desk.simulator.youtube.comment(&video, LEA, "Elle passe au four ?");
    look(&desk).await;
    let reply = open::say(&desk, &sarah, desk.ticket().await.id, "Oui", Visibility::Public).await;
    desk.settle().await;
    assert_eq!(open::state(&desk, &reply).await.0, Delivery::Unknown);
    desk.pass(Duration::from_secs(31)).await;
    assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent);
    look(&desk).await;
    assert_eq!((deeds(&desk).len(), desk.messages(desk.tickets().await[0].id).await.len()), (1, 2));
}
