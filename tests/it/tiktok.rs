//! TikTok: comments and conversations, within their windows. Synthetic, as its page says.

use std::time::Duration;

use guichet::base::At;
use guichet::base::sign::hmac_sha256;
use guichet::desk::agent::Role;
use guichet::desk::channel::Settings;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::{Direction, Kind, Visibility};
use guichet::desk::outbound::Action;
use guichet::flow::{Reason, listen, moderate};
use guichet::networks::{self, Hook};
use guichet::simulator::tiktok::NewAccount;

use crate::on_both;
use crate::support::Desk;
use crate::support::open::{self, Elsewhere};

const ME: &str = "openid-aubepine-0001";
const LEA: (&str, &str) = ("u-lea", "lea.brun");
const SECRET: &str = "app-CANARY";

async fn connected(desk: &Desk) -> Elsewhere {
    let settings = [
        ("business_id", ME),
        ("access_token", "tt-token-CANARY"),
        ("refresh_token", "tt-refresh-CANARY"),
        ("client_id", "aw12"),
        ("client_secret", SECRET),
    ];
    let there = open::connect(desk, "tiktok", &settings).await;
    desk.simulator.tiktok.add_account(NewAccount {
        id: ME.into(),
        name: "Aubépine".into(),
        token: "tt-token-CANARY".into(),
        refresh: "tt-refresh-CANARY".into(),
        hook: there.hook.clone(),
        secret: SECRET.into(),
    });
    there
}

fn deeds(desk: &Desk) -> Vec<String> {
    desk.simulator.tiktok.ledger().into_iter().map(|d| format!("{}: {}", d.what, d.text)).collect()
}

#[test]
fn a_signature_is_good_for_five_minutes_and_for_each_of_the_secrets() {
    let network = networks::find("tiktok").unwrap();
    let mut settings = Settings::default();
    settings.set_secret("client_secret", "new old");
    let body = b"{}".to_vec();
    let hook = |secret: &str, t: i64| {
        let mac = hex::encode(hmac_sha256(secret.as_bytes(), &[t.to_string().as_bytes(), b".", &body]));
        Hook { headers: vec![("tiktok-signature".into(), format!("s={mac}, t={t}"))], body: body.clone() }
    };
    let now = At::from_secs(1_795_251_600);
    for (secret, age, good) in [
        ("new", 0, true),
        ("old", 300, true),
        ("new", 301, false),
        ("new", -300, true),
        ("new", -301, false),
        ("other", 0, false),
    ] {
        assert_eq!(network.verify(&settings, &hook(secret, now.secs() - age), now).is_ok(), good, "{secret} {age}");
    }
    settings.set("max_age", "259200");
    assert!(network.verify(&settings, &hook("new", now.secs() - 250_000), now).is_ok());
    assert!(network.verify(&Settings::default(), &hook("", now.secs()), now).is_err());
}

on_both! {
    async fn comments_come_in_with_every_digit_and_ours_are_known_by_asking(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Lead).await;
        let tt = &desk.simulator.tiktok;
        let video = tt.publish(ME, "La nouvelle cocotte");
        let asked = tt.comment(&video, LEA, "Elle passe au four ?");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        let first = &desk.messages(ticket).await[0];
        assert_eq!((first.external_id.as_deref(), first.post_external_id.as_deref()), (Some(asked.as_str()), Some(video.as_str())));
        assert_eq!((first.author_name.as_str(), first.kind), ("lea.brun", Kind::Comment));
        let reply = open::say(&desk, &sarah, ticket, "Oui, jusqu’à 220 °C", Visibility::Public).await;
        desk.settle().await;
        assert_eq!(open::state(&desk, &reply).await, (Delivery::Sent, None));
        tt.answered_elsewhere(&asked, "Et au lave-vaisselle");
        desk.settle().await;
        let all = desk.tickets().await;
        let ours: Vec<Direction> = desk.messages(ticket).await.iter().map(|m| m.direction).collect();
        assert_eq!(ours.iter().filter(|d| **d == Direction::Inbound).count(), 1);
        assert!(all.iter().all(|t| t.id == ticket || t.excerpt.contains("lave-vaisselle")), "{all:?}");
        let scope = desk.scope(&sarah).await;
        for act in [Action::Hide, Action::Unhide, Action::Like] {
            moderate::moderate(&desk.house, &scope, first.id, act).await.unwrap();
            desk.settle().await;
        }
        assert_eq!(deeds(&desk), ["reply: Oui, jusqu’à 220 °C", "hide: ", "unhide: ", "like: "]);
        assert_eq!(open::refused(&desk, &sarah, ticket, &"a".repeat(151), Visibility::Public).await, Reason::TooLong);
        assert_eq!(open::refused(&desk, &sarah, ticket, "en privé", Visibility::Private).await, Reason::NotOnThisNetwork);
    }

    async fn a_conversation_is_open_for_forty_eight_hours_and_ten_messages(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let tt = &desk.simulator.tiktok;
        tt.message(ME, "u-lea", "Bonjour, ma commande ?");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        for n in 1..=10 {
            let reply = open::say(&desk, &sarah, ticket, &format!("message {n}"), Visibility::Private).await;
            desk.settle().await;
            assert_eq!(open::state(&desk, &reply).await.0, Delivery::Sent, "{n}");
        }
        assert_eq!(open::refused(&desk, &sarah, ticket, "un de trop", Visibility::Private).await, Reason::EnoughSaid);
        // Whatever they write opens it anew, to the second.
        tt.message(ME, "u-lea", "Merci");
        desk.settle().await;
        desk.clock.forward(Duration::from_secs(48 * 3_600 - 1));
        let reply = open::say(&desk, &sarah, ticket, "de rien", Visibility::Private).await;
        assert_eq!(reply.visibility, Visibility::Private);
        desk.clock.forward(Duration::from_secs(1));
        assert_eq!(open::refused(&desk, &sarah, ticket, "trop tard", Visibility::Private).await, Reason::WindowClosed);
    }

    async fn what_europe_withholds_is_announced_and_cannot_be_answered_here(desk) {
        connected(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        desk.simulator.tiktok.message_in_europe(ME, "u-lea");
        desk.settle().await;
        let ticket = desk.ticket().await.id;
        assert_eq!(open::refused(&desk, &sarah, ticket, "Bonjour", Visibility::Private).await, Reason::NotReplyable);
    }

    async fn missed_comments_are_read_and_the_login_is_renewed(desk) {
        connected(&desk).await;
        let tt = &desk.simulator.tiktok;
        let video = tt.publish(ME, "La nouvelle cocotte");
        tt.comment(&video, LEA, "poussé");
        tt.comment_unheard(&video, ("u-paul", "paul"), "perdu");
        desk.settle().await;
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 2);
        desk.clock.forward(Duration::from_secs(19 * 3_600));
        listen::turn(&desk.house).await.unwrap();
        tt.comment_unheard(&video, ("u-ines", "ines"), "après");
        desk.clock.forward(Duration::from_secs(1_000));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 3);
    }
}
