//! Threads: replies to our posts and mentions of us.
//!
//! Sources: developers.facebook.com/documentation/threads/webhooks (envelope, topics, fields; updated
//! 2026-06-30), …/docs/threads/reply-management (replies, conversation, manage_reply), …/docs/threads/
//! posts (container, publish, 500 characters, emoji by bytes), …/docs/threads/overview (250 posts,
//! 1,000 replies and 100 deletions in 24 hours), …/docs/threads/get-started/long-lived-tokens; read
//! 2026-11. What recordings showed and pages do not say is marked “seen”.

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
use crate::desk::limits::{Length, Limits, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// The network.
pub struct Threads;

const HOST: &str = "https://graph.threads.net";

/// A call in the account’s name. Threads documents its token as a parameter.
fn signed(line: &Line<'_>, ask: Ask) -> Result<Ask, Refused> {
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    Ok(ask.query("access_token", token))
}

fn at(line: &Line<'_>, path: &str) -> String {
    meta::graph_at(&line.account.settings, HOST, &format!("v1.0/{path}"))
}

#[async_trait]
impl Network for Threads {
    fn slug(&self) -> &'static str {
        "threads"
    }

    fn card(&self) -> Card {
        Card {
            name: "Threads",
            brings: ("Réponses à vos publications et mentions", "Replies to your posts, and mentions"),
            fields: &FIELDS,
            account: "user_id",
            help: "https://developers.facebook.com/docs/threads/get-started",
            hooks: true,
        }
    }

    /// 500 characters, emoji counted by their bytes. There are no private messages, no likes, and
    /// only our own words can be deleted.
    fn limits(&self) -> Limits {
        Limits {
            public_reply: Some(Length::of(500, Unit::EmojiBytes)),
            hide: true,
            settle: Duration::from_secs(60),
            ..Limits::default()
        }
    }

    /// People are known by their name, and may take another.
    fn ids_change(&self) -> bool {
        true
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

    /// Subscriptions stand in the application and cannot be asked for; the quota can.
    async fn tend(&self, line: &Line<'_>) -> Result<(), Refused> {
        check::note_quota(line).await.map(|_| ())
    }

    /// A token may be renewed when it is a day old.
    fn renew_after(&self) -> Option<Duration> {
        Some(Duration::from_hours(25))
    }

    async fn renew(&self, line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
        meta::refresh(line, HOST, "th_refresh_token", token).await.map(Some)
    }

    fn media_hosts(&self) -> &'static [&'static str] {
        &["cdninstagram.com", "fbcdn.net"]
    }
}

const fn field(key: &'static str, label: (&'static str, &'static str), secret: bool, shared: bool) -> Field {
    Field { key, label, secret, required: true, shared }
}

static FIELDS: [Field; 5] = [
    field("user_id", ("Identifiant du profil Threads", "Threads user ID"), false, false),
    field("access_token", ("Jeton d’accès de longue durée", "Long-lived access token"), true, false),
    field("app_secret", ("Clé secrète de l’application Threads", "Threads app secret"), true, true),
    field("verify_token", ("Jeton de vérification du webhook", "Webhook verify token"), true, true),
    Field {
        key: "api_base",
        label: ("Adresse de l’API (tests)", "API address (tests)"),
        secret: false,
        required: false,
        shared: true,
    },
];
