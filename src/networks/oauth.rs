//! Logging in at a network's own page, as RFC 6749 and RFC 7636 have it, and renewing what came of it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Line, Refused, Renewed};
use crate::base::fetch::{Ask, Body};
use crate::base::json::Reads;
use crate::base::sign::sha256;

/// What goes along when somebody is sent to a network's page.
#[derive(Debug, Clone)]
pub struct Authorize {
    /// Where the network sends them back.
    pub redirect: String,
    /// Comes back with them, and is good once.
    pub state: String,
    /// What the code will be redeemed with stays here; this is made of it.
    pub challenge: String,
}

/// What they came back with.
#[derive(Debug, Clone)]
pub struct Code {
    /// The network's code.
    pub code: String,
    /// Where it sent them back.
    pub redirect: String,
    /// What the challenge was made of.
    pub verifier: String,
}

/// An account somebody may speak for, as the network tells.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// Its id there.
    pub account: String,
    /// Its name.
    pub name: String,
    /// `@name` or address, where there is one.
    pub handle: Option<String>,
    /// What the channel will be made with, by the keys of the card.
    pub settings: Vec<(String, String)>,
}

/// The challenge of a verifier: RFC 7636, 4.2, method S256.
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()))
}

/// An address with query parameters.
pub fn address(base: &str, query: &[(&str, &str)]) -> String {
    match url::Url::parse(base) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(query);
            url.to_string()
        }
        Err(_) => base.to_owned(),
    }
}

/// `Authorization: Basic` of a client's id and secret.
pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// Asks for tokens with a form. A refusal of the grant is a login that is over (RFC 6749, 5.2).
///
/// # Errors
/// [`Refused`].
pub async fn token(
    line: &Line<'_>,
    url: String,
    fields: &[(&str, &str)],
    basic: Option<String>,
) -> Result<Value, Refused> {
    let form = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let mut ask = Ask::post(url).body(Body::Form(form));
    if let Some(basic) = basic {
        ask = ask.header("authorization", basic);
    }
    let answer = line.call(ask).await?;
    let body = answer.json();
    if answer.ok() && body.text("access_token").is_some() {
        return Ok(body);
    }
    let what = body.text("error").map(str::to_owned);
    let words = body.text("error_description").map(str::to_owned).or(what).unwrap_or_else(|| answer.status.to_string());
    match answer.status {
        429 | 500.. => Err(Refused::Later(None, words)),
        _ => Err(Refused::Reconnect(words)),
    }
}

/// What a token answer means for the settings, and when to renew it: a quarter of its life, at the
/// least ten minutes, before its end.
pub fn renewed(line: &Line<'_>, body: &Value) -> Renewed {
    let lives = Duration::from_secs(u64::try_from(body.number("expires_in").unwrap_or(3_600)).unwrap_or(3_600));
    let spare = (lives / 4).min(Duration::from_hours(24 * 7)).max(Duration::from_mins(10)).min(lives);
    Renewed { settings: tokens(body), until: None, again: line.now.plus(lives.saturating_sub(spare)) }
}

/// The tokens of an answer, as settings.
pub fn tokens(body: &Value) -> Vec<(String, String)> {
    let keys = ["access_token", "refresh_token"];
    keys.iter().filter_map(|k| Some(((*k).to_owned(), body.text(k)?.to_owned()))).collect()
}
