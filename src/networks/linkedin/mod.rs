//! LinkedIn: what people say under and about an organisation's posts.
//!
//! Sources: learn.microsoft.com/linkedin/marketing/community-management (organization social action
//! notifications, comments API, reactions API, organization lookup and access control), …/shared/
//! authentication (code flow, programmatic refresh tokens), …/shared/api-guide/webhook-validation and
//! …/concepts/rate-limits; read 2026-08 to 2026-11. What only recordings showed is marked “seen”.

mod act;
mod card;
mod check;
mod read;
mod refuse;
mod subscribe;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;

use super::oauth::{self, Authorize, Code, Identity};
use super::{Card, Checkup, Forged, Handshake, Hook, Line, Network, PollFrom, Polled, Refused, Renewed, Unreadable};
use crate::base::At;
use crate::base::json::{self, Reads};
use crate::base::sign::{hex_matches, hmac_sha256};
use crate::desk::budget::Budget;
use crate::desk::channel::Settings;
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::{Length, Limits, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// The network.
pub struct LinkedIn;

/// What we ask a person to grant.
const SCOPES: &str = "r_organization_social w_organization_social rw_organization_admin";

#[async_trait]
impl Network for LinkedIn {
    fn slug(&self) -> &'static str {
        "linkedin"
    }

    fn card(&self) -> Card {
        card::card()
    }

    /// There are no private messages for organisations, and what others wrote can be neither hidden
    /// nor (as far as is documented) deleted.
    fn limits(&self) -> Limits {
        Limits {
            public_reply: Some(Length::of(1_250, Unit::Chars)),
            like: true,
            settle: Duration::from_secs(30),
            ..Limits::default()
        }
    }

    /// Calls are given by the day, to midnight UTC, and no header says how many are left: 500 in the
    /// development tier; a fifth is kept for answers.
    fn budget(&self, settings: &Settings) -> Option<Budget> {
        let most = settings.get("daily_calls").and_then(|n| n.parse().ok()).unwrap_or(500);
        Some(Budget { most, reserve: most / 5, zone: "UTC" })
    }

    /// `GET ?challengeCode=…`, every two hours: the code signed with the client secret, in hexadecimal.
    fn handshake(&self, settings: &Settings, query: &[(String, String)]) -> Option<Handshake> {
        let code = query.iter().find(|(k, _)| k == "challengeCode").map(|(_, v)| v)?;
        let Some(secret) = settings.get("client_secret").and_then(|s| s.split_whitespace().next()) else {
            return Some(Handshake::No);
        };
        let signed = hex::encode(hmac_sha256(secret.as_bytes(), &[code.as_bytes()]));
        let body = json!({"challengeCode": code, "challengeResponse": signed});
        Some(Handshake::Yes(body.to_string(), "application/json"))
    }

    /// `X-LI-Signature`, in hexadecimal. The page says the body is signed with `hmacsha256=` before
    /// it; others are seen to take the bare body and write those letters before the signature. Both
    /// are made with the secret, so both are good.
    fn verify(&self, settings: &Settings, hook: &Hook, _now: At) -> Result<(), Forged> {
        let given = hook.header("x-li-signature").ok_or(Forged)?;
        let given = given.strip_prefix("hmacsha256=").unwrap_or(given);
        let good = |secret: &str| {
            hex_matches(secret.as_bytes(), &[b"hmacsha256=", &hook.body], given)
                || hex_matches(secret.as_bytes(), &[&hook.body], given)
        };
        let secrets = settings.get("client_secret").unwrap_or_default();
        if secrets.split_whitespace().any(good) { Ok(()) } else { Err(Forged) }
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        read::notifications(&json::parse(body).map_err(|e| Unreadable(e.to_string()))?)
    }

    async fn poll(&self, line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
        act::poll(line, from).await
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
        if subscribe::is_time(line) {
            subscribe::subscribe(line).await?;
        }
        Ok(())
    }

    /// A token lives sixty days.
    fn renew_after(&self) -> Option<Duration> {
        Some(Duration::from_hours(24 * 45))
    }

    /// Only approved applications are given refresh tokens.
    async fn renew(&self, line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        let settings = &line.account.settings;
        let Some(refresh) = settings.get("refresh_token") else { return Ok(None) };
        let (client, secret) = client(settings);
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", client),
            ("client_secret", secret),
        ];
        let body = oauth::token(line, login(settings, "accessToken"), &fields, None).await?;
        let renewed = oauth::renewed(line, &body);
        let until = body.number("expires_in").and_then(|s| u64::try_from(s).ok());
        Ok(Some(Renewed { until: until.map(|s| line.now.plus(Duration::from_secs(s))), ..renewed }))
    }

    fn login_asks(&self) -> &'static [&'static str] {
        &["client_id", "client_secret"]
    }

    fn authorize(&self, settings: &Settings, ask: &Authorize) -> Option<String> {
        let query = [
            ("response_type", "code"),
            ("client_id", settings.get("client_id")?),
            ("redirect_uri", &ask.redirect),
            ("scope", SCOPES),
            ("state", &ask.state),
        ];
        Some(oauth::address(&login(settings, "authorization"), &query))
    }

    async fn redeem(&self, line: &Line<'_>, code: &Code) -> Result<Vec<Identity>, Refused> {
        let settings = &line.account.settings;
        let (client, secret) = client(settings);
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code.code),
            ("redirect_uri", &code.redirect),
            ("client_id", client),
            ("client_secret", secret),
        ];
        let body = oauth::token(line, login(settings, "accessToken"), &fields, None).await?;
        let pages = check::pages(line, body.text("access_token").unwrap_or_default()).await?;
        let one = |(account, name): (String, String)| Identity {
            account,
            name,
            handle: None,
            settings: oauth::tokens(&body),
        };
        Ok(pages.into_iter().map(one).collect())
    }

    fn media_hosts(&self) -> &'static [&'static str] {
        &["licdn.com"]
    }
}

/// The application's id, and its secret now in use.
fn client(settings: &Settings) -> (&str, &str) {
    let secret = settings.get("client_secret").and_then(|s| s.split_whitespace().next());
    (settings.get("client_id").unwrap_or_default(), secret.unwrap_or_default())
}

/// Where one logs in.
fn login(settings: &Settings, path: &str) -> String {
    format!("{}/oauth/v2/{path}", settings.get("api_base").unwrap_or("https://www.linkedin.com").trim_end_matches('/'))
}
