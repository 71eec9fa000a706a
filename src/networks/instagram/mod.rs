//! Instagram: comments, mentions and private messages of a professional account.
//!
//! Two logins lead there, with different hosts, tokens and secrets: Instagram’s own, and the one of
//! the Facebook page the account is tied to. Which one a token is shows in its first letters.
//!
//! Sources: developers.facebook.com/docs/instagram-platform/webhooks (fields, examples),
//! …/instagram-platform/comment-moderation, …/instagram-platform/private-replies,
//! …/instagram-platform/instagram-api-with-instagram-login/messaging-api (1,000 bytes, 24 hours),
//! …/instagram-platform/reference/refresh_access_token; read 2026-11. What recordings showed and
//! pages do not say is marked “seen”.

mod act;
mod ask;
mod check;
mod poll;
mod read;

use std::time::Duration;

use async_trait::async_trait;

use super::meta;
use super::{
    Card, Checkup, Field, Forged, Handshake, Hook, Line, Network, PollFrom, Polled, Refused, Renewed, Unreadable,
};
use crate::base::At;
use crate::base::fetch::Ask;
use crate::desk::channel::Settings;
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::{Dm, Length, Limits, PrivateReply, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// The network.
pub struct Instagram;

const DAY: Duration = Duration::from_hours(24);

/// By which login an account is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Login {
    /// Instagram’s own.
    Instagram,
    /// That of the Facebook page.
    Facebook,
}

impl Login {
    /// What the setting says, else what the token looks like: Instagram’s begin with `IG` (seen).
    fn of(settings: &Settings) -> Login {
        let token = settings.get("access_token").unwrap_or_default();
        match settings.get("login") {
            Some("facebook") => Login::Facebook,
            Some("instagram") => Login::Instagram,
            _ if token.starts_with("IG") => Login::Instagram,
            _ => Login::Facebook,
        }
    }

    fn host(self) -> &'static str {
        match self {
            Login::Instagram => "https://graph.instagram.com",
            Login::Facebook => "https://graph.facebook.com",
        }
    }
}

/// An address of this account’s Graph.
fn graph(settings: &Settings, path: &str) -> String {
    meta::graph_at(settings, Login::of(settings).host(), &format!("{}/{path}", meta::VERSION))
}

/// A call in the account’s name. The proof that we hold the secret is Facebook’s; Instagram’s own
/// login does not know it.
fn signed(line: &Line<'_>, ask: Ask) -> Result<Ask, Refused> {
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    Ok(match Login::of(&line.account.settings) {
        Login::Facebook => meta::signed(&line.account.settings, ask, token),
        Login::Instagram => ask.bearer(token),
    })
}

#[async_trait]
impl Network for Instagram {
    fn slug(&self) -> &'static str {
        "instagram"
    }

    fn card(&self) -> Card {
        Card {
            name: "Instagram",
            brings: (
                "Commentaires, mentions, stories et messages privés d’un compte professionnel",
                "A professional account’s comments, mentions, stories and private messages",
            ),
            fields: &FIELDS,
            account: "account_id",
            help: "https://developers.facebook.com/docs/instagram-platform",
            hooks: true,
        }
    }

    /// A private message takes 1,000 bytes of UTF-8. The length of a comment is not documented for
    /// replies; the app takes 2,200 characters, as captions do.
    fn limits(&self) -> Limits {
        let message = Length::of(1_000, Unit::Bytes);
        Limits {
            public_reply: Some(Length::of(2_200, Unit::Utf16)),
            private_reply: Some(PrivateReply { length: message, within: DAY * 7 }),
            dm: Some(Dm { length: message, window: Some(DAY), human_window: Some(DAY * 7) }),
            files: None,
            hide: true,
            delete: true,
            // Liking by API is a limited release since 2026-04.
            like: false,
            approved: false,
            settle: Duration::from_secs(30),
        }
    }

    fn handshake(&self, settings: &Settings, query: &[(String, String)]) -> Option<Handshake> {
        meta::handshake(settings, query)
    }

    fn verify(&self, settings: &Settings, hook: &Hook, _now: At) -> Result<(), Forged> {
        meta::verify(settings, hook)
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        read::read(body)
    }

    fn read_poll(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        poll::read(body)
    }

    async fn poll(&self, line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
        poll::poll(line, from).await
    }

    async fn hydrate(&self, line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        ask::hydrate(line, wrote).await
    }

    async fn send(&self, line: &Line<'_>, out: &Outbound) -> Outcome {
        act::send(line, out).await
    }

    async fn look_back(&self, line: &Line<'_>, out: &Outbound) -> LookBack {
        act::look_back(line, out).await
    }

    async fn check(&self, line: &Line<'_>) -> Checkup {
        check::check(line).await
    }

    async fn tend(&self, line: &Line<'_>) -> Result<(), Refused> {
        check::subscribe(line).await
    }

    /// A token may be renewed when it is a day old.
    fn renew_after(&self) -> Option<Duration> {
        Some(Duration::from_hours(25))
    }

    async fn renew(&self, line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        let login = Login::of(&line.account.settings);
        if login == Login::Facebook {
            // A page’s token does not age.
            return Ok(None);
        }
        let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
        meta::refresh(line, login.host(), "ig_refresh_token", token).await.map(Some)
    }

    fn media_hosts(&self) -> &'static [&'static str] {
        &["cdninstagram.com", "fbcdn.net", "fbsbx.com"]
    }
}

const fn field(key: &'static str, label: (&'static str, &'static str), secret: bool, shared: bool) -> Field {
    Field { key, label, secret, required: true, shared }
}

const fn optional(key: &'static str, label: (&'static str, &'static str), shared: bool) -> Field {
    Field { key, label, secret: false, required: false, shared }
}

static FIELDS: [Field; 6] = [
    field("account_id", ("Identifiant du compte Instagram", "Instagram account ID"), false, false),
    field("access_token", ("Jeton d’accès", "Access token"), true, false),
    field("app_secret", ("Clé secrète de l’application", "App secret"), true, true),
    field("verify_token", ("Jeton de vérification du webhook", "Webhook verify token"), true, true),
    optional("login", ("Connexion : instagram ou facebook", "Login: instagram or facebook"), false),
    optional("api_base", ("Adresse de l’API (tests)", "API address (tests)"), true),
];
