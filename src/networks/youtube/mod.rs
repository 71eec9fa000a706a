//! YouTube: comments and replies under all videos of a channel, and its live chat while it is live.
//! Nothing is pushed: comments are read within the day's quota.
//!
//! Sources: developers.google.com/youtube/v3/docs (commentThreads, comments, videos, channels),
//! …/youtube/v3/live/docs (liveBroadcasts, liveChatMessages), …/youtube/v3/determine_quota_cost (units;
//! 10,000 a day, midnight Pacific), …/youtube/v3/docs/errors, developers.google.com/identity/protocols/
//! oauth2/web-server; read 2026-11.

mod act;
mod card;
mod check;
mod poll;
mod read;
mod refuse;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::oauth::{self, Authorize, Code, Identity};
use super::{Card, Checkup, Line, Network, PollFrom, Polled, Refused, Renewed, Unreadable};
use crate::base::json::{self, Reads};
use crate::desk::budget::Budget;
use crate::desk::channel::Settings;
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::{Length, Limits, Unit};
use crate::desk::message::Kind;
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// The network.
pub struct YouTube;

/// What we ask a person to grant: reading is not enough for answering.
const SCOPE: &str = "https://www.googleapis.com/auth/youtube.force-ssl";

#[async_trait]
impl Network for YouTube {
    fn slug(&self) -> &'static str {
        "youtube"
    }

    fn card(&self) -> Card {
        card::card()
    }

    /// The length of a comment is not documented; 10,000 is what the site takes (seen). Hiding is
    /// “held for review”, deleting is “rejected”: what others wrote cannot be deleted.
    fn limits(&self) -> Limits {
        Limits {
            public_reply: Some(Length::of(10_000, Unit::Utf16)),
            hide: true,
            delete: true,
            settle: Duration::from_secs(30),
            ..Limits::default()
        }
    }

    /// A chat takes 200 characters, and messages there are deleted, not hidden.
    fn limits_for(&self, kind: Kind) -> Limits {
        match kind {
            Kind::Chat => Limits { public_reply: Some(Length::of(200, Unit::Utf16)), hide: false, ..self.limits() },
            _ => self.limits(),
        }
    }

    /// A project's units a day; a fifth is kept for answers.
    fn budget(&self, settings: &Settings) -> Option<Budget> {
        let most = settings.get("daily_units").and_then(|n| n.parse().ok()).unwrap_or(10_000);
        Some(Budget { most, reserve: most / 5, zone: "America/Los_Angeles" })
    }

    /// What a call returns: there are no hooks.
    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        read::document(&json::parse(body).map_err(|e| Unreadable(e.to_string()))?)
    }

    async fn poll(&self, line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
        poll::poll(line, from).await
    }

    /// Comments come whole; whose author is missing was written by somebody who is gone.
    async fn hydrate(&self, _line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        Ok(wrote)
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

    /// A token lives an hour.
    fn renew_after(&self) -> Option<Duration> {
        Some(Duration::from_mins(45))
    }

    /// The refresh token stays the same.
    async fn renew(&self, line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        let settings = &line.account.settings;
        let keys = ["refresh_token", "client_id", "client_secret"].map(|k| settings.get(k));
        let [Some(refresh), Some(client), Some(secret)] = keys else { return Ok(None) };
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", client),
            ("client_secret", secret),
        ];
        let body = oauth::token(line, token_url(settings), &fields, None).await?;
        Ok(Some(oauth::renewed(line, &body)))
    }

    fn login_asks(&self) -> &'static [&'static str] {
        &["client_id", "client_secret"]
    }

    fn authorize(&self, settings: &Settings, ask: &Authorize) -> Option<String> {
        let page = match settings.get("api_base") {
            Some(base) => format!("{}/o/oauth2/v2/auth", base.trim_end_matches('/')),
            None => "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
        };
        let query = [
            ("response_type", "code"),
            ("client_id", settings.get("client_id")?),
            ("redirect_uri", &ask.redirect),
            ("scope", SCOPE),
            ("state", &ask.state),
            ("code_challenge", &ask.challenge),
            ("code_challenge_method", "S256"),
            // Without both there is no refresh token on a second login.
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        Some(oauth::address(&page, &query))
    }

    async fn redeem(&self, line: &Line<'_>, code: &Code) -> Result<Vec<Identity>, Refused> {
        let settings = &line.account.settings;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code.code),
            ("redirect_uri", &code.redirect),
            ("code_verifier", &code.verifier),
            ("client_id", settings.get("client_id").unwrap_or_default()),
            ("client_secret", settings.get("client_secret").unwrap_or_default()),
        ];
        let body = oauth::token(line, token_url(settings), &fields, None).await?;
        let found = check::channels(line, body.text("access_token").unwrap_or_default()).await?;
        let one = |c: &Value| {
            let snippet = &c["snippet"];
            Some(Identity {
                account: c.id("id")?,
                name: snippet.text("title").unwrap_or("YouTube").to_owned(),
                handle: snippet.text("customUrl").map(str::to_owned),
                settings: oauth::tokens(&body),
            })
        };
        Ok(found.iter().filter_map(one).collect())
    }

    fn media_hosts(&self) -> &'static [&'static str] {
        &["ytimg.com", "ggpht.com", "googleusercontent.com"]
    }
}

/// Where the API is, for this account.
fn api(settings: &Settings, path: &str) -> String {
    let base = settings.get("api_base").unwrap_or("https://youtube.googleapis.com");
    format!("{}/youtube/v3/{path}", base.trim_end_matches('/'))
}

fn token_url(settings: &Settings) -> String {
    format!("{}/token", settings.get("api_base").unwrap_or("https://oauth2.googleapis.com").trim_end_matches('/'))
}
