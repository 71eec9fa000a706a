//! Instagram’s own ways.

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
const LEA: (&str, &str) = ("9920000000000001", "lea.v");

on_both! {
    async fn a_comment_is_answered_in_public_and_once_in_private(desk) {
        connected(&desk, "instagram").await;
        let (us, ig) = (account("instagram"), &desk.simulator.instagram);
        let now = desk.house.now();
        let post = ig.publish_at(us, "La nouvelle théière", now);
        ig.comment_at(us, &post, LEA, "Elle existe en bleu ?", now);
        desk.settle().await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let ticket = desk.ticket().await;
        assert_eq!((ticket.kind, ticket.visibility), (Kind::Comment, Visibility::Public));
        let public = say(&desk, &sarah, words(ticket.id, "Oui !", Visibility::Public)).await;
        desk.settle().await;
        let private = say(&desk, &sarah, words(ticket.id, "Voici le lien", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!((state(&desk, &public).await.0, state(&desk, &private).await.0), (Delivery::Sent, Delivery::Sent));
        assert_eq!(deeds(&desk, "instagram"), ["comment: Oui !", "private_reply: Voici le lien"]);
        assert_eq!(desk.messages(ticket.id).await.len(), 3, "echoes are no messages of their own");
        assert_eq!(refused(&desk, &sarah, words(ticket.id, "encore", Visibility::Private)).await, Reason::AlreadyRepliedPrivately);
        // What she writes now continues the ticket.
        ig.message_at(us, LEA, "Merci !", desk.house.now());
        desk.settle().await;
        let all = desk.tickets().await;
        assert_eq!(all.len(), 2);
        assert_eq!(all[1].continues, Some(ticket.id));
        assert_eq!(all[1].contact_id, ticket.contact_id);
        // Seven days later no comment is answered in private any more.
        let late = ig.comment_at(us, &post, ("9920000000000002", "paul"), "Et en vert ?", desk.house.now());
        desk.settle().await;
        assert!(!late.is_empty());
        let late = desk.tickets().await.pop().unwrap();
        desk.clock.forward(DAY * 7);
        assert_eq!(refused(&desk, &sarah, words(late.id, "tard", Visibility::Private)).await, Reason::WindowClosed);
    }

    async fn a_message_takes_a_thousand_bytes_and_a_day_to_the_second(desk) {
        connected(&desk, "instagram").await;
        let (us, ig) = (account("instagram"), &desk.simulator.instagram);
        ig.message_at(us, LEA, "Bonjour", desk.house.now());
        desk.settle().await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let ticket = desk.ticket().await.id;
        // é is two bytes: 999, 1000 and 1001 bytes.
        let of = |bytes: usize| format!("{}{}", "é".repeat(bytes / 2), "x".repeat(bytes % 2));
        assert_eq!(refused(&desk, &sarah, words(ticket, &of(1_001), Visibility::Private)).await, Reason::TooLong);
        for bytes in [999, 1_000] {
            let sent = say(&desk, &sarah, words(ticket, &of(bytes), Visibility::Private)).await;
            desk.settle().await;
            assert_eq!(state(&desk, &sent).await.0, Delivery::Sent, "{bytes}");
        }
        desk.clock.forward(DAY.saturating_sub(Duration::from_secs(1)));
        say(&desk, &sarah, words(ticket, "à la dernière seconde", Visibility::Private)).await;
        desk.settle().await;
        let tag = |n: usize| desk.simulator.instagram.stage.ledger()[n].tag.clone();
        // A minute before the end a reply is no longer sent as if in time.
        assert_eq!(desk.simulator.instagram.stage.ledger().len(), 2);
        desk.clock.forward(Duration::from_secs(2));
        say(&desk, &sarah, words(ticket, "un jour après", Visibility::Private)).await;
        desk.settle().await;
        assert_eq!((tag(2), desk.simulator.instagram.stage.ledger().len()), (Some("HUMAN_AGENT".into()), 3));
        desk.clock.forward(DAY * 6);
        assert_eq!(refused(&desk, &sarah, words(ticket, "sept jours après", Visibility::Private)).await, Reason::WindowClosed);
    }

    async fn mentions_name_nobody_and_are_asked_about_and_answered(desk) {
        connected(&desk, "instagram").await;
        let (us, ig) = (account("instagram"), &desk.simulator.instagram);
        ig.mention(us, ("9920000000000003", "marie"), "demandez à @aubepine");
        ig.mention_in_caption(us, ("9920000000000004", "chloe"), "Merci @aubepine");
        desk.settle().await;
        let all = desk.tickets().await;
        let mut told = Vec::new();
        for t in &all {
            let m = desk.messages(t.id).await.remove(0);
            told.push((t.kind, m.author_name, m.text));
        }
        told.sort_by(|a, b| a.1.cmp(&b.1));
        assert_eq!(told, [
            (Kind::Mention, "chloe".into(), "Merci @aubepine".into()),
            (Kind::Mention, "marie".into(), "demandez à @aubepine".into()),
        ]);
        let sarah = desk.agent("Sarah", Role::Agent).await;
        for t in all {
            let sent = say(&desk, &sarah, words(t.id, "Avec plaisir", Visibility::Public)).await;
            desk.settle().await;
            assert_eq!(state(&desk, &sent).await.0, Delivery::Sent);
        }
        assert_eq!(deeds(&desk, "instagram"), ["mention_reply: Avec plaisir", "mention_reply: Avec plaisir"]);
    }

    async fn stories_reactions_and_receipts_belong_to_the_conversation(desk) {
        connected(&desk, "instagram").await;
        let (us, ig) = (account("instagram"), &desk.simulator.instagram);
        ig.story_reply(us, LEA, "Elle part quand ?");
        desk.settle().await;
        let ticket = desk.ticket().await;
        let message = desk.messages(ticket.id).await.remove(0);
        assert_eq!(message.attachments[0]["kind"], "story");
        assert_eq!(message.author_name, "lea.v");
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let sent = say(&desk, &sarah, words(ticket.id, "Demain", Visibility::Private)).await;
        desk.settle().await;
        let mid = desk.messages(ticket.id).await[1].external_id.clone().unwrap();
        ig.react(us, LEA.0, &mid, "❤");
        ig.read(us, LEA.0, &mid);
        desk.settle().await;
        assert_eq!(state(&desk, &sent).await.0, Delivery::Read);
        assert_eq!(desk.messages(ticket.id).await[1].reactions[0]["reaction"], "❤");
        // Somebody answers with the app: the bot is silent there.
        ig.account_wrote_at(us, LEA.0, "Autre chose ?", desk.house.now());
        desk.settle().await;
        let after = desk.again(ticket.id).await;
        assert_eq!((after.bot, after.state), (Bot::Human, State::Waiting));
    }

    async fn hiding_and_deleting_are_done_and_liking_is_not_offered(desk) {
        connected(&desk, "instagram").await;
        let (us, ig) = (account("instagram"), &desk.simulator.instagram);
        let post = ig.publish_at(us, "Bonjour", desk.house.now());
        ig.comment_at(us, &post, LEA, "nul", desk.house.now());
        desk.settle().await;
        let lead = desk.agent("Elodie", Role::Community).await;
        let scope = desk.scope(&lead).await;
        let message = desk.messages(desk.ticket().await.id).await.remove(0);
        assert!(moderate::moderate(&desk.house, &scope, message.id, Action::Like).await.is_err());
        for action in [Action::Hide, Action::Unhide, Action::Delete] {
            moderate::moderate(&desk.house, &scope, message.id, action).await.unwrap();
            desk.settle().await;
        }
        assert_eq!(deeds(&desk, "instagram"), ["hide: ", "unhide: ", "delete: "]);
        assert!(desk.messages(desk.tickets().await[0].id).await[0].deleted_at.is_some());
    }

    async fn what_came_before_we_were_connected_is_read_back_and_wakes_no_bot(desk) {
        let (channel, _) = connected(&desk, "instagram").await;
        let (us, ig) = (account("instagram"), &desk.simulator.instagram);
        let now = desk.house.now();
        let post = ig.publish_at(us, "Notre boutique", now.minus(DAY * 6));
        let old = ig.publish_at(us, "Jadis", now.minus(DAY * 30));
        let known = ig.comment_unheard(us, &post, LEA, "Vous ouvrez à quelle heure ?", now.minus(DAY * 2));
        ig.comment_unheard(us, &known, ("9920000000000002", "paul"), "Pareil", now.minus(DAY));
        ig.comment_unheard(us, &old, LEA, "trop vieux", now.minus(DAY * 29));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        let all = desk.tickets().await;
        assert_eq!(all.len(), 2, "{all:#?}");
        assert_eq!(all[0].thread_id, all[1].thread_id);
        let thoughts = async {
            let mut tx = desk.house.db.read().await.unwrap();
            let past = guichet::store::events::of_ticket(&mut tx, desk.brand, all[0].id).await.unwrap();
            past.iter().filter(|e| e.kind.as_str().starts_with("bot")).count()
        };
        assert_eq!(thoughts.await, 0);
        // A second poll reads the same and adds nothing.
        desk.clock.forward(Duration::from_hours(1));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.messages(all[0].id).await.len(), 1);
        let mut tx = desk.house.db.read().await.unwrap();
        assert!(channels::get(&mut tx, &Scope::house(desk.brand), channel).await.unwrap().polled_at.is_some());
    }

    async fn a_token_of_its_own_login_is_renewed_and_a_pages_is_left_alone(desk) {
        let (channel, _) = connected(&desk, "instagram").await;
        let scope = Scope::house(desk.brand);
        let standing = async || {
            let mut tx = desk.house.db.read().await.unwrap();
            let c = channels::get(&mut tx, &scope, channel).await.unwrap();
            let token = desk.house.account(&mut tx, &c).await.unwrap().settings.get("access_token").unwrap().to_owned();
            (token, c.login_until)
        };
        desk.clock.forward(Duration::from_hours(25));
        listen::turn(&desk.house).await.unwrap();
        let (token, until) = standing().await;
        assert!(token.starts_with("IG-renewed-1"), "{token}");
        assert_eq!(until, Some(desk.house.now().plus(Duration::from_secs(5_183_944))));
        // The new one works, and is renewed again a month later.
        assert!(connect::check(&desk.house, &scope, channel).await.unwrap().problems.is_empty());
        desk.clock.forward(DAY * 31);
        listen::turn(&desk.house).await.unwrap();
        assert!(standing().await.0.starts_with("IG-renewed-2"));
        // A page’s token: nothing to renew.
        let own = [("login".to_owned(), "facebook".to_owned())];
        connect::reconnect(&desk.house, &scope, channel, &own).await.unwrap();
        desk.clock.forward(DAY * 31);
        listen::turn(&desk.house).await.unwrap();
        assert!(standing().await.0.starts_with("IG-renewed-2"));
    }
}
