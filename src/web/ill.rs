//! A channel that does not work as it should, in words: on its card, above the queue, and to whoever is
//! about to answer.

use serde::Serialize;

use super::ask::Hand;
use crate::base::locale::t;
use crate::desk::channel::{Channel, Health};

/// What is the matter with a channel.
#[derive(Debug, Clone, Serialize)]
pub struct Ill {
    /// How it is, in a word of [`Health`].
    pub health: String,
    /// What that means for whoever works here, in a sentence.
    pub text: String,
    /// Why, in the network's words.
    pub why: Option<String>,
    /// The channel's card.
    pub href: String,
}

impl Ill {
    /// For trying templates.
    pub fn sample(health: Health) -> Ill {
        Ill {
            health: health.to_string(),
            text: "Aubépine demande une nouvelle connexion".into(),
            why: Some("Error validating access token (190/460)".into()),
            href: "/settings/channels/0".into(),
        }
    }
}

/// What is the matter with a channel; none when all is well.
pub fn of(hand: &Hand, channel: &Channel) -> Option<Ill> {
    let health = channel.health(hand.now);
    let when = match health {
        Health::Active => return None,
        Health::Quiet => channel.quiet_until,
        Health::Expired => channel.login_until,
        Health::Refused | Health::Unreachable => channel.hindered_since,
        Health::Paused | Health::NeedsReauth => None,
    };
    let network = hand.web.house.network(&channel.network).map_or(channel.network.as_str(), |n| n.card().name);
    let words = [
        ("name", channel.name.clone().into()),
        ("network", network.into()),
        ("when", when.map(|at| hand.clockface().short(at)).unwrap_or_default().into()),
    ];
    Some(Ill {
        health: health.to_string(),
        text: t(hand.lang, &format!("channel-{health}"), &words),
        why: channel.why(hand.now).map(str::to_owned),
        href: format!("/settings/channels/{}", channel.id),
    })
}
