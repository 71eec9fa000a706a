//! Threads’ own ways.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::{Kind, Visibility};
use guichet::desk::outbound::Action;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::{Bot, State};
use guichet::flow::{Reason, connect, listen, moderate};
use guichet::store::channels;

use super::{account, connected, deeds};
use crate::on_both;
use crate::support::replies::{refused, say, state, words};

const DAY: Duration = Duration::from_hours(24);

on_both! {
    async fn a_reply_is_answered_in_two_steps_and_its_publication_is_its_echo(desk) {
        connected(&desk, "threads").await;
        let (us, th) = (account("threads"), &desk.simulator.threads);
        let post = th.publish_at(us, "La nouvelle collection", desk.house.now());
        th.reply_at(us, &post, "lea.v", "Elle existe en bleu ?", desk.house.now());
        desk.settle().await;
        let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, desk.ticket().await);
        assert_eq!((ticket.kind, ticket.visibility), (Kind::Comment, Visibility::Public));
        let sent = say(&desk, &sarah, words(ticket.id, "Oui !", Visibility::Public)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Sent);
        assert_eq!(desk.messages(ticket.id).await.len(), 2);
        // She answers our answer: the same thread, the same ticket.
        let ours = desk.messages(ticket.id).await[1].external_id.clone().unwrap();
        th.reply_at(us, &ours, "lea.v", "Merci", desk.house.now());
        desk.settle().await;
        assert_eq!(desk.ticket().await.id, ticket.id);
        // Somebody of ours answers with the app.
        th.account_wrote_at(us, &ours, "Avec plaisir", desk.house.now());
        desk.settle().await;
        let after = desk.again(ticket.id).await;
        assert_eq!((after.bot, after.state), (Bot::Human, State::Waiting));
        assert_eq!(refused(&desk, &sarah, words(ticket.id, "x", Visibility::Private)).await, Reason::NotOnThisNetwork);
    }

    async fn no_answer_means_another_thing_before_and_after_publishing(desk) {
        connected(&desk, "threads").await;
        let (us, th) = (account("threads"), &desk.simulator.threads);
        let post = th.publish_at(us, "La nouvelle collection", desk.house.now());
        th.reply_at(us, &post, "lea.v", "Elle existe en bleu ?", desk.house.now());
        desk.settle().await;
        let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, desk.ticket().await.id);
        // The container’s answer is lost: surely nothing is published, so it is tried again.
        th.stage.lose_next("threads");
        let first = say(&desk, &sarah, words(ticket, "un", Visibility::Public)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &first).await.0, Delivery::RetryWait);
        desk.pass(Duration::from_secs(15)).await;
        assert_eq!(state(&desk, &first).await.0, Delivery::Sent);
        // The publication’s answer is lost: its echo settles it, and nothing is said twice.
        th.stage.lose_next("threads_publish");
        let second = say(&desk, &sarah, words(ticket, "deux", Visibility::Public)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &second).await.0, Delivery::Sent);
        desk.pass(Duration::from_hours(1)).await;
        assert_eq!(deeds(&desk, "threads"), ["comment: un", "comment: deux"]);
        // A container that is not ready is waited for.
        th.stage.refuse_next(24, 4_279_009);
        let third = say(&desk, &sarah, words(ticket, "trois", Visibility::Public)).await;
        desk.settle().await;
        assert_eq!(state(&desk, &third).await.0, Delivery::RetryWait);
    }

    async fn five_hundred_characters_with_emoji_by_their_bytes(desk) {
        connected(&desk, "threads").await;
        let (us, th) = (account("threads"), &desk.simulator.threads);
        let post = th.publish_at(us, "Bonjour", desk.house.now());
        th.reply_at(us, &post, "lea.v", "Bonjour", desk.house.now());
        desk.settle().await;
        let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, desk.ticket().await.id);
        for long in ["é".repeat(501), format!("{}😀", "é".repeat(497))] {
            assert_eq!(refused(&desk, &sarah, words(ticket, &long, Visibility::Public)).await, Reason::TooLong);
        }
        for fits in ["é".repeat(499), "é".repeat(500), format!("{}😀", "é".repeat(496))] {
            say(&desk, &sarah, words(ticket, &fits, Visibility::Public)).await;
            desk.settle().await;
        }
        assert_eq!(deeds(&desk, "threads").len(), 3);
    }

    async fn whoever_takes_another_name_stays_the_same_person(desk) {
        connected(&desk, "threads").await;
        let (us, th) = (account("threads"), &desk.simulator.threads);
        let post = th.publish_at(us, "Bonjour", desk.house.now());
        th.reply_at(us, &post, "lea.v", "Elle existe en bleu ?", desk.house.now());
        desk.settle().await;
        let before = desk.ticket().await.contact_id;
        th.rename("lea.v", "lea.vidal");
        th.reply_at(us, &post, "lea.vidal", "Et en vert ?", desk.house.now());
        desk.settle().await;
        let apart = desk.tickets().await;
        assert_ne!(apart[0].contact_id, apart[1].contact_id, "names are all that hooks tell");
        // A poll reads the first reply again, under the new name.
        desk.clock.forward(Duration::from_hours(1));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        let one = desk.tickets().await;
        assert!(one.iter().all(|t| t.contact_id == one[0].contact_id), "{one:#?}");
        assert!([before, apart[1].contact_id].contains(&one[0].contact_id));
        assert_eq!(one.len(), 2);
    }

    async fn only_what_stands_directly_under_a_post_is_hidden(desk) {
        connected(&desk, "threads").await;
        let (us, th) = (account("threads"), &desk.simulator.threads);
        let post = th.publish_at(us, "Bonjour", desk.house.now());
        let top = th.reply_at(us, &post, "lea.v", "nul", desk.house.now());
        desk.settle().await;
        th.reply_at(us, &top, "paul", "vraiment nul", desk.house.now());
        desk.settle().await;
        let lead = desk.agent("Elodie", Role::Community).await;
        let scope = desk.scope(&lead).await;
        let all = desk.tickets().await;
        let (first, below) = (desk.messages(all[0].id).await.remove(0), desk.messages(all[1].id).await.remove(0));
        moderate::moderate(&desk.house, &scope, first.id, Action::Hide).await.unwrap();
        moderate::moderate(&desk.house, &scope, below.id, Action::Hide).await.unwrap();
        assert!(moderate::moderate(&desk.house, &scope, first.id, Action::Delete).await.is_err());
        desk.settle().await;
        assert_eq!(deeds(&desk, "threads"), ["hide: "]);
        assert!(desk.messages(all[0].id).await[0].hidden_at.is_some());
        assert!(desk.messages(all[1].id).await[0].hidden_at.is_none());
    }

    async fn mentions_deletions_and_what_came_before(desk) {
        let (channel, _) = connected(&desk, "threads").await;
        let (us, th) = (account("threads"), &desk.simulator.threads);
        let now = desk.house.now();
        let post = th.publish_at(us, "Bonjour", now.minus(DAY * 3));
        desk.settle().await;
        th.reply_unheard(us, &post, "paul", "resté sans réponse", now.minus(DAY * 2));
        th.reply_unheard(us, &post, "luc", "trop vieux", now.minus(DAY * 8));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.messages(desk.ticket().await.id).await[0].text, "resté sans réponse");
        th.mention(us, "chloe", "Merci @aubepine");
        desk.settle().await;
        let mention = desk.tickets().await.pop().unwrap();
        assert_eq!(mention.kind, Kind::Mention);
        let sarah = desk.agent("Sarah", Role::Agent).await;
        say(&desk, &sarah, words(mention.id, "Merci à vous", Visibility::Public)).await;
        desk.settle().await;
        assert_eq!(deeds(&desk, "threads"), ["comment: Merci à vous"]);
        let gone = th.reply_at(us, &post, "marc", "oups", desk.house.now());
        desk.settle().await;
        th.delete(us, &gone);
        desk.settle().await;
        let last = desk.tickets().await.pop().unwrap();
        assert!(desk.messages(last.id).await[0].deleted_at.is_some());
        // Health: the quota stands on the channel, the check says what works.
        desk.clock.forward(Duration::from_hours(1));
        listen::turn(&desk.house).await.unwrap();
        let mut tx = desk.house.db.read().await.unwrap();
        assert_eq!(channels::get(&mut tx, &Scope::house(desk.brand), channel).await.unwrap().usage, Some(3));
        drop(tx);
        let found = connect::check(&desk.house, &Scope::house(desk.brand), channel).await.unwrap();
        assert_eq!((found.problems.len(), found.can), (0, vec!["reply_public", "hide", "receive"]));
    }
}
