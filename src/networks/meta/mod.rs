//! What the networks of Meta share: hook handshake and signature, the Graph API's errors and the
//! headers that tell how much of a quota is used.
//!
//! Sources: developers.facebook.com/docs/graph-api/webhooks/getting-started (handshake,
//! X-Hub-Signature-256), …/graph-api/guides/error-handling (codes), …/graph-api/overview/
//! rate-limiting (usage headers); read 2026-11.

pub(super) mod entry;
pub(super) mod messaging;
pub(super) mod talk;
mod token;

use std::time::Duration;

use serde_json::Value;

pub use self::token::{missing, refresh, token_problems};
use super::{Forged, Handshake, Hook, Line, Refused, Usage};
use crate::base::fetch::{Answer, Ask, Trouble};
use crate::base::json::Reads;
use crate::base::sign;
use crate::desk::channel::Settings;
use crate::desk::outbound::{Outcome, Refusal};

/// The Graph API version all calls name.
pub const VERSION: &str = "v25.0";

/// `hub.mode=subscribe` with our verify token: the challenge goes back as it came.
pub fn handshake(settings: &Settings, query: &[(String, String)]) -> Option<Handshake> {
    let param = |key: &str| query.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
    param("hub.mode")?;
    let token = settings.get("verify_token").unwrap_or_default();
    match (param("hub.mode"), param("hub.verify_token"), param("hub.challenge")) {
        (Some("subscribe"), Some(given), Some(challenge)) if !token.is_empty() && sign::same(token, given) => {
            Some(Handshake::Yes(challenge.to_owned(), "text/plain; charset=utf-8"))
        }
        _ => Some(Handshake::No),
    }
}

/// `X-Hub-Signature-256: sha256=<hex>` over the raw bytes, under any of the secrets in the setting
/// `app_secret`: several, separated by white space, are good at once while one is being changed.
///
/// # Errors
/// [`Forged`].
pub fn verify(settings: &Settings, hook: &Hook) -> Result<(), Forged> {
    let given = hook.header("x-hub-signature-256").and_then(|h| h.strip_prefix("sha256=")).ok_or(Forged)?;
    let secrets = settings.get("app_secret").unwrap_or_default();
    let good = secrets.split_whitespace().any(|s| sign::hex_matches(s.as_bytes(), &[&hook.body], given));
    if good { Ok(()) } else { Err(Forged) }
}

/// Where Graph is, for this account.
pub fn graph(settings: &Settings, path: &str) -> String {
    graph_at(settings, "https://graph.facebook.com", &format!("{VERSION}/{path}"))
}

/// The same for a network whose Graph stands at another host.
pub fn graph_at(settings: &Settings, host: &str, path: &str) -> String {
    format!("{}/{path}", settings.get("api_base").unwrap_or(host).trim_end_matches('/'))
}

/// Adds the token, and the proof that we hold the app secret, to a call.
pub fn signed(settings: &Settings, ask: Ask, token: &str) -> Ask {
    let ask = ask.bearer(token);
    match settings.get("app_secret").and_then(|s| s.split_whitespace().next()) {
        Some(secret) => {
            ask.query("appsecret_proof", hex::encode(sign::hmac_sha256(secret.as_bytes(), &[token.as_bytes()])))
        }
        None => ask,
    }
}

/// Reads the usage headers of an answer into the line.
pub fn note_usage(line: &Line<'_>, answer: &Answer) {
    let mut usage = Usage::default();
    let parse = |name: &str| answer.header(name).and_then(|h| serde_json::from_str::<Value>(h).ok());
    for header in ["x-app-usage", "x-page-usage"].into_iter().filter_map(parse) {
        usage.percent = usage.percent.max(highest(&header));
    }
    let by_case = parse("x-business-use-case-usage").unwrap_or_default();
    for case in by_case.as_object().into_iter().flatten().filter_map(|(_, v)| v.as_array()).flatten() {
        usage.percent = usage.percent.max(highest(case));
        let minutes = case.number("estimated_time_to_regain_access").and_then(|m| u64::try_from(m).ok());
        usage.quiet_for = usage.quiet_for.max(minutes.filter(|m| *m > 0).map(|m| Duration::from_secs(m * 60)));
    }
    line.note(usage);
}

/// The highest of the three percentages Graph counts.
fn highest(usage: &Value) -> Option<u8> {
    let fields = ["call_count", "total_cputime", "total_time"];
    fields.iter().filter_map(|f| usage.number(f)).max().map(|n| u8::try_from(n.clamp(0, 255)).unwrap_or(255))
}

/// An error of Graph: code, subcode and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphError {
    /// `error.code`.
    pub code: i64,
    /// `error.error_subcode`, 0 when absent.
    pub subcode: i64,
    /// `error.is_transient`.
    pub transient: bool,
    /// HTTP status.
    pub status: u16,
    /// Code and message, for people.
    pub words: String,
}

/// The error in an answer; also in one of status 200. None when it is a success.
pub fn error_in(answer: &Answer) -> Option<GraphError> {
    let body = answer.json();
    let error = body.get("error");
    if answer.ok() && error.is_none() {
        return None;
    }
    let field = |key: &str| error.and_then(|e| e.number(key)).unwrap_or(0);
    let (code, subcode) = (field("code"), field("error_subcode"));
    let message = error.and_then(|e| e.text("message")).unwrap_or("no readable answer");
    let words = match subcode {
        0 => format!("{message} ({code})"),
        _ => format!("{message} ({code}/{subcode})"),
    };
    let transient = error.is_some_and(|e| e.flag("is_transient"));
    Some(GraphError { code, subcode, transient, status: answer.status, words })
}

/// What a Graph error means for something we wanted done. Codes and subcodes only: messages are
/// localised. Unlisted errors of the server's side may have been carried out: unknown.
pub fn outcome(error: &GraphError) -> Outcome {
    let never = |refusal| Outcome::Never(refusal, error.words.clone());
    let later = |after, whole_channel| Outcome::Later { after, whole_channel, why: error.words.clone() };
    match (error.code, error.subcode) {
        (190 | 102, _) => Outcome::Reconnect(error.words.clone()),
        (10, 2_018_278 | 2_534_022) | (100, 2_534_022) => never(Refusal::WindowClosed),
        (551 | 200, 1_545_041) | (10, 2_018_108) | (100, 2_018_001) | (_, 2_534_014) | (551 | 9010, _) => {
            never(Refusal::Unreachable)
        }
        (10_900, _) | (_, 2_534_025) => never(Refusal::AlreadyReplied),
        (10, 2_018_300) => never(Refusal::NotOwner),
        (100, 33 | 2_534_001) => never(Refusal::Gone),
        (10, 1_893_063) | (368, _) => never(Refusal::Restricted),
        (_, 2_534_013) | (4 | 17 | 32 | 613 | 80_000..=80_014, _) => later(None, true),
        (3 | 10 | 200..=299, _) => never(Refusal::NotPermitted),
        // A container of Threads that is not ready to be published yet.
        (24, 4_279_009) | (341 | 1_200, _) | (2, 1_545_133) => later(None, false),
        (100, _) => never(Refusal::Invalid),
        _ if error.status == 429 => later(None, true),
        // 1 and 2 are “unknown” and “service” errors: the docs say try again, experience says the
        // comment is sometimes there. So they are looked up, not resent.
        (1 | 2, _) => Outcome::Unknown(error.words.clone()),
        _ if error.transient => later(None, false),
        _ if error.status >= 500 || error.status < 400 => Outcome::Unknown(error.words.clone()),
        _ => never(Refusal::Invalid),
    }
}

/// What a Graph error means for something we wanted to read.
pub fn refused(error: &GraphError) -> Refused {
    match outcome(error) {
        Outcome::Reconnect(why) => Refused::Reconnect(why),
        Outcome::Never(refusal, why) => Refused::Never(refusal, why),
        Outcome::Later { after, why, .. } => Refused::Later(after, why),
        Outcome::Sent { .. } | Outcome::Unknown(_) => Refused::Later(None, error.words.clone()),
    }
}

/// Reads something; errors of Graph become refusals.
///
/// # Errors
/// [`Refused`].
pub async fn read(line: &Line<'_>, ask: Ask) -> Result<Value, Refused> {
    let answer = line.call(ask).await?;
    note_usage(line, &answer);
    match error_in(&answer) {
        Some(error) => Err(refused(&error)),
        None => Ok(answer.json()),
    }
}

/// Does something; `done` makes the outcome from a success's body.
pub async fn act(line: &Line<'_>, ask: Ask, done: impl FnOnce(&Value) -> Outcome + Send) -> Outcome {
    let answer = match line.call(ask).await {
        Ok(answer) => answer,
        Err(Trouble::NoAnswer { .. }) => return Outcome::Unknown("no answer came back".into()),
        Err(Trouble::NotSent { why, host }) => {
            return Outcome::Later { after: None, whole_channel: false, why: format!("{host}: {why}") };
        }
        Err(Trouble::Forbidden(why)) => return Outcome::Never(Refusal::Invalid, why.to_string()),
    };
    note_usage(line, &answer);
    match error_in(&answer) {
        Some(error) => outcome(&error),
        None => done(&answer.json()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: i64, subcode: i64, status: u16) -> Outcome {
        outcome(&GraphError { code, subcode, transient: false, status, words: String::new() })
    }

    #[test]
    fn every_class_of_refusal_is_told_apart() {
        use Refusal::*;
        for (code, subcode, refusal) in [
            (10, 2_018_278, WindowClosed),
            (10, 2_534_022, WindowClosed),
            (551, 1_545_041, Unreachable),
            (200, 1_545_041, Unreachable),
            (10, 2_018_108, Unreachable),
            (100, 2_018_001, Unreachable),
            (10_900, 0, AlreadyReplied),
            (100, 2_534_025, AlreadyReplied),
            (10, 2_018_300, NotOwner),
            (100, 33, Gone),
            (100, 2_534_001, Gone),
            (368, 0, Restricted),
            (10, 1_893_063, Restricted),
            (10, 0, NotPermitted),
            (200, 0, NotPermitted),
            (3, 0, NotPermitted),
            (100, 0, Invalid),
            (100, 2_018_047, Invalid),
        ] {
            assert_eq!(error(code, subcode, 400), Outcome::Never(refusal, String::new()), "{code}/{subcode}");
        }
        for subcode in [0, 458, 459, 460, 463, 464, 467, 492] {
            assert_eq!(error(190, subcode, 400), Outcome::Reconnect(String::new()));
        }
        for code in [4, 17, 32, 613, 80_001, 80_002, 80_006] {
            assert!(matches!(error(code, 0, 400), Outcome::Later { whole_channel: true, .. }), "{code}");
        }
        for code in [341, 1_200] {
            assert!(matches!(error(code, 0, 400), Outcome::Later { whole_channel: false, .. }), "{code}");
        }
        for (code, status) in [(1, 500), (2, 503), (0, 500), (0, 502), (0, 504), (0, 200)] {
            assert!(matches!(error(code, 0, status), Outcome::Unknown(_)), "{code} {status}");
        }
    }

    #[test]
    fn several_secrets_are_good_at_once_and_an_empty_one_never() {
        let body = br#"{"text":"\u00e9\/"}"#.to_vec();
        let header = |secret: &str| {
            let mac = hex::encode(sign::hmac_sha256(secret.as_bytes(), &[&body]));
            Hook { headers: vec![("x-hub-signature-256".into(), format!("sha256={mac}"))], body: body.clone() }
        };
        let settings = |secrets: &str| {
            let mut s = Settings::default();
            s.set_secret("app_secret", secrets);
            s
        };
        assert_eq!(verify(&settings("new old"), &header("old")), Ok(()));
        assert_eq!(verify(&settings("new old"), &header("new")), Ok(()));
        assert_eq!(verify(&settings("new"), &header("old")), Err(Forged));
        assert_eq!(verify(&settings(""), &header("")), Err(Forged));
        assert_eq!(verify(&settings("new"), &Hook { headers: Vec::new(), body: body.clone() }), Err(Forged));
        let mut changed = header("new");
        changed.body.push(b' ');
        assert_eq!(verify(&settings("new"), &changed), Err(Forged));
    }

    #[test]
    fn the_challenge_goes_back_only_for_our_token() {
        let mut settings = Settings::default();
        settings.set_secret("verify_token", "sésame");
        let ask = |token: &str| {
            let pairs = [("hub.mode", "subscribe"), ("hub.verify_token", token), ("hub.challenge", "11x58")];
            handshake(&settings, &pairs.map(|(k, v)| (k.to_owned(), v.to_owned())))
        };
        assert_eq!(ask("sésame"), Some(Handshake::Yes("11x58".into(), "text/plain; charset=utf-8")));
        assert_eq!(ask("sesame"), Some(Handshake::No));
        assert_eq!(handshake(&settings, &[]), None);
    }
}
