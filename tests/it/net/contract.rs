//! What every registered network is asked for beside the faults: its limits at their edge, counted its
//! own way, and taken by the other side of the wire as well.

use guichet::desk::delivery::Delivery;
use guichet::desk::limits::{Length, Unit};
use guichet::desk::message::{Kind, Visibility};
use guichet::desk::ticket::Ticket;
use guichet::flow::Reason;

use super::{SIDES, Side, There, colleague, hear, network};
use crate::on_both;
use crate::support::{Desk, Visitor, open};

/// A text of exactly so many units, made of what counts for more than it seems.
fn text_of(length: Length, n: usize) -> String {
    let (odd, weighs) = match length.unit {
        Unit::Graphemes => ("👩\u{200d}👩\u{200d}👧", 1),
        Unit::Chars => ("😀", 1),
        Unit::Utf16 => ("😀", 2),
        Unit::Bytes => ("é", 2),
        Unit::EmojiBytes => ("😀", 4),
        // A link counts 23, whatever its length.
        Unit::Weighted => (" https://aubepine.example/une/adresse/bien/plus/longue/que/vingt-trois ", 25),
    };
    let odd = odd.repeat(3.min(n / weighs));
    let counted = length.count(&odd);
    let text = format!("a{odd}{}", "b".repeat(n - counted - 1));
    assert_eq!(length.count(&text), n, "{:?}", length.unit);
    text
}

async fn at_the_edge(desk: &Desk, side: &dyn Side, who: &Visitor, ticket: &Ticket, way: Visibility, length: Length) {
    let slug = side.slug();
    let long = text_of(length, length.most + 1);
    assert_eq!(open::refused(desk, who, ticket.id, &long, way).await, Reason::TooLong, "{slug} {way}");
    for n in [length.most - 1, length.most] {
        let sent = open::say(desk, who, ticket.id, &text_of(length, n), way).await;
        desk.settle().await;
        let (state, why) = open::state(desk, &sent).await;
        assert!(matches!(state, Delivery::Sent | Delivery::Delivered), "{slug} {way} {n}: {state} {why:?}");
    }
}

async fn new_ticket(desk: &Desk, side: &dyn Side, there: &There) -> Ticket {
    hear(desk, there).await;
    desk.tickets().await.into_iter().rfind(|t| t.network == side.slug()).unwrap()
}

on_both! {
    async fn every_limit_is_held_to_its_edge(desk) {
        for side in SIDES.iter().copied() {
            let there = side.connect(&desk).await;
            let sarah = colleague(&desk, side).await;
            let mut tried = 0;
            if side.asks(&desk, "a", "Bonjour ?") {
                let ticket = new_ticket(&desk, side, &there).await;
                let limits = network(side).limits_for(ticket.kind);
                let length = limits.public_reply.expect("what can be asked in public is answered there");
                at_the_edge(&desk, side, &sarah, &ticket, Visibility::Public, length).await;
                tried += 1;
                if let Some(private) = limits.private_reply {
                    let long = text_of(private.length, private.length.most + 1);
                    let why = open::refused(&desk, &sarah, ticket.id, &long, Visibility::Private).await;
                    assert_eq!(why, Reason::TooLong, "{}", side.slug());
                    let whole = text_of(private.length, private.length.most);
                    let sent = open::say(&desk, &sarah, ticket.id, &whole, Visibility::Private).await;
                    desk.settle().await;
                    assert_eq!(open::state(&desk, &sent).await.0, Delivery::Sent, "{}", side.slug());
                }
            }
            if side.whispers(&desk, "bb", "Bonjour ?") {
                let ticket = new_ticket(&desk, side, &there).await;
                let kind = if side.slug() == "email" { Kind::Email } else { Kind::Dm };
                assert_eq!(ticket.kind, kind, "{}", side.slug());
                let length = network(side).limits_for(ticket.kind).dm.unwrap().length;
                at_the_edge(&desk, side, &sarah, &ticket, Visibility::Private, length).await;
                tried += 1;
            }
            assert!(tried > 0, "{} cannot be written to", side.slug());
        }
    }
}

/// How each network counts, by its own pages: what the code says is held to what they say.
#[test]
fn every_network_counts_its_own_way() {
    let mut left: Vec<&str> = SIDES.iter().map(|s| s.slug()).collect();
    for (slug, public, private) in [
        ("facebook", Some((8_000, "utf16")), Some((2_000, "utf16"))),
        ("instagram", Some((2_200, "utf16")), Some((1_000, "bytes"))),
        ("whatsapp", None, Some((4_096, "chars"))),
        ("threads", Some((500, "emoji_bytes")), None),
        ("x", Some((280, "weighted")), Some((10_000, "chars"))),
        ("youtube", Some((10_000, "utf16")), None),
        ("linkedin", Some((1_250, "chars")), None),
        ("tiktok", Some((150, "utf16")), Some((6_000, "utf16"))),
        ("email", None, Some((50_000, "chars"))),
        ("bridge", Some((10_000, "chars")), Some((10_000, "chars"))),
    ] {
        let limits = guichet::networks::find(slug).unwrap().limits();
        let told = |l: Length| (l.most, l.unit.as_str());
        assert_eq!(limits.public_reply.map(told), public, "{slug}");
        assert_eq!(limits.dm.map(|d| told(d.length)), private, "{slug}");
        left.retain(|s| *s != slug);
    }
    assert!(left.is_empty(), "nobody says how these count: {left:?}");
}
