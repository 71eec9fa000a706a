//! WhatsApp, by the Cloud API: private messages of one business number.
//!
//! Sources: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks (envelope,
//! fields, every type of message), …/whatsapp/messages/send-messages (the call, 24 hours, templates),
//! …/whatsapp/business-scoped-user-ids (people without a number), …/whatsapp/support/error-codes;
//! read 2026-11. What recordings showed and pages do not say is marked “seen”.

mod act;
mod approved;
mod check;
mod error;
mod files;
mod media;
mod news;
mod read;
mod types;

use std::time::Duration;

use async_trait::async_trait;

use super::meta;
use super::{Card, Checkup, Field, Forged, Handshake, Hook, Line, Network, PollFrom, Polled, Refused, Unreadable};
use crate::base::At;
use crate::desk::approved::Approved;
use crate::desk::channel::Settings;
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::{Dm, Length, Limits, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// The network.
pub struct Whatsapp;

#[async_trait]
impl Network for Whatsapp {
    fn slug(&self) -> &'static str {
        "whatsapp"
    }

    fn card(&self) -> Card {
        Card {
            name: "WhatsApp",
            brings: ("Messages d’un numéro professionnel (API Cloud)", "A business number’s messages (Cloud API)"),
            fields: &FIELDS,
            account: "phone_number_id",
            help: "https://developers.facebook.com/docs/whatsapp/cloud-api/get-started",
            hooks: true,
        }
    }

    /// 4,096 characters a message, within 24 hours of the person’s last one; after that only with a
    /// template that Meta has approved.
    fn limits(&self) -> Limits {
        let length = Length::of(4_096, Unit::Chars);
        Limits {
            dm: Some(Dm { length, window: Some(Duration::from_hours(24)), human_window: None }),
            files: Some(files::TAKES),
            approved: true,
            settle: Duration::from_secs(30),
            ..Limits::default()
        }
    }

    /// Somebody has a number, an id of their own for each business (since 2026), or both; either may
    /// change.
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

    /// Nothing can be read back here: hooks come again for up to seven days instead.
    async fn poll(&self, _line: &Line<'_>, _from: &PollFrom) -> Result<Polled, Refused> {
        Ok(Polled { body: None, cursor: None, more: false })
    }

    /// Hooks tell everything there is.
    async fn hydrate(&self, _line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        Ok(wrote)
    }

    async fn send(&self, line: &Line<'_>, out: &Outbound) -> Outcome {
        act::send(line, out).await
    }

    /// What was sent cannot be listed. Its status bears our mark, and settles it whenever it comes.
    async fn look_back(&self, _line: &Line<'_>, _out: &Outbound) -> LookBack {
        LookBack::CannotSay("WhatsApp lists no messages; their status settles it when it comes".into())
    }

    async fn check(&self, line: &Line<'_>) -> Checkup {
        check::check(line).await
    }

    async fn tend(&self, line: &Line<'_>) -> Result<(), Refused> {
        check::subscribe(line).await
    }

    async fn approved(&self, line: &Line<'_>) -> Result<Option<Vec<Approved>>, Refused> {
        approved::list(line).await.map(Some)
    }

    async fn media(&self, line: &Line<'_>, id: &str) -> Result<Vec<u8>, Refused> {
        media::media(line, id).await
    }

    fn media_hosts(&self) -> &'static [&'static str] {
        &["lookaside.fbsbx.com"]
    }
}

const fn field(key: &'static str, label: (&'static str, &'static str), secret: bool, shared: bool) -> Field {
    Field { key, label, secret, required: true, shared }
}

static FIELDS: [Field; 6] = [
    field("phone_number_id", ("Identifiant du numéro de téléphone", "Phone number ID"), false, false),
    field("waba_id", ("Identifiant du compte WhatsApp Business", "WhatsApp Business account ID"), false, true),
    field("access_token", ("Jeton d’accès (utilisateur système)", "Access token (system user)"), true, true),
    field("app_secret", ("Clé secrète de l’application", "App secret"), true, true),
    field("verify_token", ("Jeton de vérification du webhook", "Webhook verify token"), true, true),
    Field {
        key: "api_base",
        label: ("Adresse de l’API (tests)", "API address (tests)"),
        secret: false,
        required: false,
        shared: true,
    },
];
