//! X: mentions, replies, quotes and private messages.
//!
//! Sources: docs.x.com/x-api/activity/introduction and …/activity/event-payloads (events),
//! …/x-api/webhooks/introduction (CRC, signature), …/x-api/posts and …/x-api/direct-messages (calls),
//! …/fundamentals/counting-characters, …/fundamentals/authentication/oauth-2-0; read 2026-08 to
//! 2026-11. What only recordings showed is marked “seen”.

mod act;
mod card;
mod check;
mod poll;
mod quotes;
mod read;
mod refuse;

use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::oauth::{self, Authorize, Code, Identity};
use super::{Card, Checkup, Forged, Handshake, Hook, Line, Network, PollFrom, Polled, Refused, Renewed, Unreadable};
use crate::base::At;
use crate::base::json;
use crate::base::sign::{hmac_sha256, same};
use crate::desk::budget::Budget;
use crate::desk::channel::Settings;
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::{Dm, Length, Limits, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// The network.
pub struct X;

/// What we ask a person to grant.
const SCOPES: &str = "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write offline.access";

#[async_trait]
impl Network for X {
    fn slug(&self) -> &'static str {
        "x"
    }

    fn card(&self) -> Card {
        card::card()
    }

    /// Replies weigh 280 (longer ones are for paying accounts only); private messages take 10,000
    /// characters and have no window, but the person's settings decide. Likes are gone for
    /// self-serve applications since 2026-04; one can hide a reply, and delete only one's own.
    fn limits(&self) -> Limits {
        Limits {
            public_reply: Some(Length::of(280, Unit::Weighted)),
            dm: Some(Dm { length: Length::of(10_000, Unit::Chars), window: None, human_window: None }),
            hide: true,
            settle: Duration::from_mins(1),
            ..Limits::default()
        }
    }

    /// The same 403 again and again is about the account, not about a post (seen: more than a hundred
    /// replies lost within two minutes).
    fn halts_after(&self) -> Option<i64> {
        Some(5)
    }

    /// Every post read is paid for, so reading has a budget of its own; hooks cost nothing of it.
    fn budget(&self, settings: &Settings) -> Option<Budget> {
        let most = settings.get("daily_reads").and_then(|n| n.parse().ok()).unwrap_or(2_000);
        Some(Budget { most, reserve: 0, zone: "UTC" })
    }

    /// `GET ?crc_token=…`, at the beginning and every hour: the token signed with the consumer
    /// secret, in base64.
    fn handshake(&self, settings: &Settings, query: &[(String, String)]) -> Option<Handshake> {
        let token = query.iter().find(|(k, _)| k == "crc_token").map(|(_, v)| v)?;
        let Some(secret) = settings.get("consumer_secret").and_then(|s| s.split_whitespace().next()) else {
            return Some(Handshake::No);
        };
        let signed = STANDARD.encode(hmac_sha256(secret.as_bytes(), &[token.as_bytes()]));
        let body = json!({"response_token": format!("sha256={signed}")});
        Some(Handshake::Yes(body.to_string(), "application/json"))
    }

    /// `x-twitter-webhooks-signature: sha256=<base64>` over the raw body, under any of the secrets in
    /// `consumer_secret`: several are good at once while one is being changed.
    fn verify(&self, settings: &Settings, hook: &Hook, _now: At) -> Result<(), Forged> {
        let given =
            hook.header("x-twitter-webhooks-signature").and_then(|h| h.strip_prefix("sha256=")).ok_or(Forged)?;
        let good = |secret: &str| same(&STANDARD.encode(hmac_sha256(secret.as_bytes(), &[&hook.body])), given);
        let secrets = settings.get("consumer_secret").unwrap_or_default();
        if secrets.split_whitespace().any(good) { Ok(()) } else { Err(Forged) }
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        read::hook(&json::parse(body).map_err(|e| Unreadable(e.to_string()))?)
    }

    fn read_poll(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        Ok(read::poll(&json::parse(body).map_err(|e| Unreadable(e.to_string()))?))
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
        check::check(line).await
    }

    async fn tend(&self, line: &Line<'_>) -> Result<(), Refused> {
        check::subscribe(line).await
    }

    /// A token lives two hours.
    fn renew_after(&self) -> Option<Duration> {
        Some(Duration::from_mins(90))
    }

    /// The refresh token is another one each time: the old one is over with the answer.
    async fn renew(&self, line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        let settings = &line.account.settings;
        let (Some(refresh), Some(client)) = (settings.get("refresh_token"), settings.get("client_id")) else {
            return Ok(None);
        };
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", client)];
        let body = oauth::token(line, api(settings, "2/oauth2/token"), &fields, own_name(settings)).await?;
        Ok(Some(oauth::renewed(line, &body)))
    }

    fn login_asks(&self) -> &'static [&'static str] {
        &["client_id", "client_secret", "consumer_secret"]
    }

    fn authorize(&self, settings: &Settings, ask: &Authorize) -> Option<String> {
        let base = settings.get("api_base").unwrap_or("https://x.com").trim_end_matches('/');
        let query = [
            ("response_type", "code"),
            ("client_id", settings.get("client_id")?),
            ("redirect_uri", &ask.redirect),
            ("scope", SCOPES),
            ("state", &ask.state),
            ("code_challenge", &ask.challenge),
            ("code_challenge_method", "S256"),
        ];
        Some(oauth::address(&format!("{base}/i/oauth2/authorize"), &query))
    }

    async fn redeem(&self, line: &Line<'_>, code: &Code) -> Result<Vec<Identity>, Refused> {
        let settings = &line.account.settings;
        let client = settings.get("client_id").unwrap_or_default();
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code.code),
            ("redirect_uri", &code.redirect),
            ("code_verifier", &code.verifier),
            ("client_id", client),
        ];
        let body = oauth::token(line, api(settings, "2/oauth2/token"), &fields, own_name(settings)).await?;
        let token = body["access_token"].as_str().unwrap_or_default();
        check::who(line, token).await.map(|(account, name, handle)| {
            vec![Identity { account, name, handle: Some(handle), settings: oauth::tokens(&body) }]
        })
    }

    fn media_hosts(&self) -> &'static [&'static str] {
        &["pbs.twimg.com", "video.twimg.com"]
    }
}

/// An application with a secret says its name with every token call.
fn own_name(settings: &Settings) -> Option<String> {
    Some(oauth::basic(settings.get("client_id")?, settings.get("client_secret")?))
}

/// Where the API is, for this account.
fn api(settings: &Settings, path: &str) -> String {
    format!("{}/{path}", settings.get("api_base").unwrap_or("https://api.x.com").trim_end_matches('/'))
}

/// Ids have up to 19 digits and sort as numbers: the longer one is greater.
fn newer(a: &str, b: &str) -> bool {
    (a.len(), a) > (b.len(), b)
}

/// A user object, also wrapped once more in `data` as activity events do.
fn user(value: &Value) -> &Value {
    value.get("data").filter(|d| d.is_object()).unwrap_or(value)
}
