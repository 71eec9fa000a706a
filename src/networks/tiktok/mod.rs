//! TikTok: comments under a business account's videos, and private messages.
//!
//! Sources: business-api.tiktok.com/portal/docs (API for Business, “Accounts” and “Business Messaging”:
//! webhooks, comments, messages, error codes, authorisation), as read by independent programs in 2026;
//! no recording of a live event was found, so what is here is marked synthetic in the documentation.

mod act;
mod card;
mod login;
mod poll;
mod read;
mod refuse;

use std::time::Duration;

use async_trait::async_trait;

use super::oauth::{Authorize, Code, Identity};
use super::{Card, Checkup, Forged, Hook, Line, Network, PollFrom, Polled, Refused, Renewed, Unreadable};
use crate::base::At;
use crate::base::json;
use crate::base::sign::hex_matches;
use crate::desk::channel::Settings;
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::{Dm, Length, Limits, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// The network.
pub struct TikTok;

#[async_trait]
impl Network for TikTok {
    fn slug(&self) -> &'static str {
        "tiktok"
    }

    fn card(&self) -> Card {
        card::card()
    }

    /// Sources differ on the length of a comment, 150 or 1,200: until somebody has tried, 150. A
    /// conversation is begun by the person and open for 48 hours after each message of theirs.
    fn limits(&self) -> Limits {
        Limits {
            public_reply: Some(Length::of(150, Unit::Utf16)),
            dm: Some(Dm {
                length: Length::of(6_000, Unit::Utf16),
                window: Some(Duration::from_hours(48)),
                human_window: None,
            }),
            hide: true,
            like: true,
            settle: Duration::from_mins(1),
            ..Limits::default()
        }
    }

    fn most_unanswered(&self) -> Option<usize> {
        Some(10)
    }

    /// `Tiktok-Signature: t=<seconds>,s=<hex>` over the time, a dot and the raw body. What is older
    /// than five minutes is refused, unless the setting `max_age` says otherwise.
    fn verify(&self, settings: &Settings, hook: &Hook, now: At) -> Result<(), Forged> {
        let header = hook.header("tiktok-signature").ok_or(Forged)?;
        let part = |key: &str| header.split(',').find_map(|p| p.trim().strip_prefix(key)?.strip_prefix('='));
        let (Some(time), Some(given)) = (part("t"), part("s")) else { return Err(Forged) };
        let signed = time.parse().map(At::from_secs).map_err(|_| Forged)?;
        let most = settings.get("max_age").and_then(|s| s.parse().ok()).unwrap_or(300);
        let apart = now.since(signed).max(signed.since(now));
        let good = |secret: &str| hex_matches(secret.as_bytes(), &[time.as_bytes(), b".", &hook.body], given);
        let secrets = settings.get("client_secret").unwrap_or_default();
        if apart.as_secs() <= most && secrets.split_whitespace().any(good) { Ok(()) } else { Err(Forged) }
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        read::event(&json::parse(body).map_err(|e| Unreadable(e.to_string()))?)
    }

    fn read_poll(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        Ok(poll::read(&json::parse(body).map_err(|e| Unreadable(e.to_string()))?))
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
        login::check(line).await
    }

    /// A token lives a day.
    fn renew_after(&self) -> Option<Duration> {
        Some(Duration::from_hours(18))
    }

    async fn renew(&self, line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        login::renew(line).await
    }

    fn login_asks(&self) -> &'static [&'static str] {
        &["client_id", "client_secret"]
    }

    fn authorize(&self, settings: &Settings, ask: &Authorize) -> Option<String> {
        login::authorize(settings, ask)
    }

    async fn redeem(&self, line: &Line<'_>, code: &Code) -> Result<Vec<Identity>, Refused> {
        login::redeem(line, code).await
    }

    fn media_hosts(&self) -> &'static [&'static str] {
        &["tiktokcdn.com", "tiktokcdn-us.com", "tiktokcdn-eu.com"]
    }
}

/// Where the API is; each of its paths ends in a slash.
fn api(line: &Line<'_>, path: &str) -> String {
    let base = line.account.settings.get("api_base").unwrap_or("https://business-api.tiktok.com");
    format!("{}/open_api/v1.3/{path}/", base.trim_end_matches('/'))
}
