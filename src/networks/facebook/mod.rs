//! Facebook Pages and Messenger.
//!
//! Sources: developers.facebook.com/docs/graph-api/webhooks/reference/page (fields `feed`,
//! `mention`, `ratings`), …/docs/messenger-platform/reference/webhook-events (messaging and
//! standby), …/docs/graph-api/reference/comment, …/docs/messenger-platform/reference/send-api;
//! read 2026-11. What recordings showed and pages do not say is marked “seen”.

mod act;
mod feed;
mod poll;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::meta::entry::{Context, brief};
use super::meta::{self, messaging};
use super::{Card, Checkup, Field, Forged, Handshake, Hook, Line, Network, PollFrom, Polled, Refused, Unreadable};
use crate::base::At;
use crate::base::json::{self, Reads};
use crate::desk::channel::Settings;
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::{Dm, Length, Limits, PrivateReply, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// The network.
pub struct Facebook;

const DAY: Duration = Duration::from_hours(24);

#[async_trait]
impl Network for Facebook {
    fn slug(&self) -> &'static str {
        "facebook"
    }

    fn card(&self) -> Card {
        Card {
            name: "Facebook",
            brings: (
                "Commentaires, mentions, avis et messages privés d’une page",
                "A page’s comments, mentions, reviews and private messages",
            ),
            fields: &FIELDS,
            account: "page_id",
            help: "https://developers.facebook.com/docs/pages-api/getting-started",
            hooks: true,
        }
    }

    /// Comments take 8,000 characters (not documented; seen). Messenger takes 2,000 characters a
    /// message, answers within 24 hours of the person's last act, and people may answer for seven
    /// days with the human-agent tag. A comment can be answered in private once, within seven days.
    fn limits(&self) -> Limits {
        let message = Length::of(2_000, Unit::Utf16);
        Limits {
            public_reply: Some(Length::of(8_000, Unit::Utf16)),
            private_reply: Some(PrivateReply { length: message, within: DAY * 7 }),
            dm: Some(Dm { length: message, window: Some(DAY), human_window: Some(DAY * 7) }),
            files: None,
            hide: true,
            delete: true,
            like: true,
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
        let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
        let object = body.text("object").unwrap_or_default();
        if !body["entry"].is_array() {
            return Err(Unreadable("there is no “entry” list in the body".into()));
        }
        Ok(body.list("entry").iter().flat_map(|entry| entry_elements(object, entry)).collect())
    }

    fn read_poll(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        poll::read(body)
    }

    async fn poll(&self, line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
        poll::poll(line, from).await
    }

    async fn hydrate(&self, line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        act::hydrate(line, wrote).await
    }

    async fn send(&self, line: &Line<'_>, out: &Outbound) -> Outcome {
        act::send(line, out).await
    }

    async fn look_back(&self, line: &Line<'_>, out: &Outbound) -> LookBack {
        act::look_back(line, out).await
    }

    async fn check(&self, line: &Line<'_>) -> Checkup {
        act::check(line).await
    }

    async fn tend(&self, line: &Line<'_>) -> Result<(), Refused> {
        act::subscribe(line).await
    }

    fn media_hosts(&self) -> &'static [&'static str] {
        &["fbcdn.net", "fbsbx.com", "facebook.com"]
    }
}

static FIELDS: [Field; 5] = [
    Field {
        key: "page_id",
        label: ("Identifiant de la page", "Page ID"),
        secret: false,
        required: true,
        shared: false,
    },
    Field {
        key: "page_token",
        label: ("Jeton d’accès de la page", "Page access token"),
        secret: true,
        required: true,
        shared: false,
    },
    Field {
        key: "app_secret",
        label: ("Clé secrète de l’application", "App secret"),
        secret: true,
        required: true,
        shared: true,
    },
    Field {
        key: "verify_token",
        label: ("Jeton de vérification du webhook", "Webhook verify token"),
        secret: true,
        required: true,
        shared: true,
    },
    Field {
        key: "api_base",
        label: ("Adresse de l’API (tests)", "API address (tests)"),
        secret: false,
        required: false,
        shared: true,
    },
];

/// Every element of one entry: its `changes`, `messaging` and `standby`, each on its own.
fn entry_elements(object: &str, entry: &Value) -> Vec<Element> {
    let context = Context::of(entry);
    if object != "page" {
        return vec![context.nothing(&entry.to_string(), format!("object:{}", brief(object)))];
    }
    let mut elements: Vec<Element> = entry.list("changes").iter().map(|c| change(&context, c)).collect();
    elements.extend(entry.list("messaging").iter().map(|m| messaging::read(&context, m, true)));
    elements.extend(entry.list("standby").iter().map(|m| messaging::read(&context, m, false)));
    if elements.is_empty() {
        elements.push(context.nothing(&entry.to_string(), "empty_entry".into()));
    }
    elements
}

/// What one change of an entry says.
fn change(context: &Context, change: &Value) -> Element {
    let field = change.text("field").unwrap_or_default();
    let value = &change["value"];
    match field {
        "feed" => feed::read(context, value),
        "mention" => feed::mention(context, value),
        "ratings" => feed::rating(context, value),
        // The dashboard's test button wraps messaging samples like this.
        _ if value.get("sender").is_some() => messaging::read(context, value, true),
        _ => context.nothing(&value.to_string(), format!("field:{}", brief(field))),
    }
}
