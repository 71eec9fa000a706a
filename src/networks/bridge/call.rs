//! Calling the bridge, and what its answers mean.

use std::time::Duration;

use serde_json::{Value, json};

use super::sign::{key, signature};
use crate::base::fetch::{Answer, Ask, Body, Trouble};
use crate::base::json::Reads;
use crate::desk::outbound::{Outbound, Outcome, Refusal};
use crate::networks::Line;

/// Why a call was not answered.
pub(super) enum Called {
    Trouble(Trouble),
    Unset(String),
}

/// Calls the bridge, signed under the first secret.
pub(super) async fn call(line: &Line<'_>, id: &str, body: &Value) -> Result<Answer, Called> {
    let account = line.account;
    let url = account.need("url").map_err(Called::Unset)?;
    let secret = account.need("secret").map_err(Called::Unset)?;
    let key = secret.split_whitespace().find_map(key).ok_or_else(|| Called::Unset("the secret is empty".into()))?;
    let (at, body) = (line.now.secs().to_string(), body.to_string().into_bytes());
    let ask = Ask::post(url)
        .header("webhook-id", id)
        .header("webhook-timestamp", at.clone())
        .header("webhook-signature", signature(&key, id, &at, &body))
        .header("idempotency-key", id)
        .body(Body::Raw(body, "application/json"));
    line.call(ask).await.map_err(Called::Trouble)
}

/// What every call about a reply says.
pub(super) fn about(line: &Line<'_>, out: &Outbound) -> Value {
    json!({
        "key": out.id.to_string(),
        "account": line.account.id,
        "thread": out.thread,
        "target": out.target,
        "post": out.post,
        "recipient": out.recipient,
        "by": if out.human { "person" } else { "bot" },
    })
}

/// What the bridge's answer means. With a 2xx its words decide; else the status does.
pub(super) fn outcome(answer: &Answer) -> Outcome {
    let told = answer.json();
    let refused = told.text("refused").map(str::to_owned);
    let why = told.text("why").map_or_else(|| format!("the bridge answered {}", answer.status), str::to_owned);
    let why: String = why.chars().take(300).collect();
    let seconds = |text: &str| text.trim().parse::<u64>().ok().map(|s| Duration::from_secs(s.min(86_400)));
    let after = told.number("after").and_then(|s| seconds(&s.to_string()));
    let after = after.or_else(|| answer.header("retry-after").and_then(seconds));
    match (refused.as_deref(), answer.status) {
        (Some("later"), _) | (None, 408 | 425 | 429) => {
            Outcome::Later { after, whole_channel: answer.status == 429 || told.flag("all"), why }
        }
        (Some("reconnect"), _) | (None, 401 | 403) => Outcome::Reconnect(why),
        (Some(word), _) => Outcome::Never(word.parse().unwrap_or(Refusal::Invalid), why),
        (None, 200..=299) => Outcome::Sent { external_id: told.id("id"), recipient: told.id("recipient") },
        (None, 404 | 410) => Outcome::Never(Refusal::Gone, why),
        (None, 413) => Outcome::Never(Refusal::TooLong, why),
        (None, 501) => Outcome::Never(Refusal::Unsupported, why),
        (None, 400..=499) => Outcome::Never(Refusal::Invalid, why),
        // It may have carried the answer over and failed behind it.
        (None, _) => Outcome::Unknown(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_its_class() {
        let class = |status: u16, body: &str| {
            let answer = Answer {
                status,
                headers: [("retry-after".parse().unwrap(), "7".parse().unwrap())].into_iter().collect(),
                body: body.into(),
            };
            match outcome(&answer) {
                Outcome::Sent { external_id, .. } => format!("sent {}", external_id.unwrap_or_default()),
                Outcome::Later { after, whole_channel, .. } => {
                    format!("later {} {whole_channel}", after.unwrap_or_default().as_secs())
                }
                Outcome::Reconnect(_) => "reconnect".into(),
                Outcome::Never(refusal, _) => refusal.to_string(),
                Outcome::Unknown(_) => "unknown".into(),
            }
        };
        for (status, body, means) in [
            (200, r#"{"id": "x1"}"#, "sent x1"),
            (200, r#"{"id": 7234567890123456789012}"#, "sent 7234567890123456789012"),
            (204, "", "sent "),
            (200, r#"{"refused": "window_closed", "why": "24 h"}"#, "window_closed"),
            (200, r#"{"refused": "no such word"}"#, "invalid"),
            (200, r#"{"refused": "later", "after": 90}"#, "later 90 false"),
            (429, "", "later 7 true"),
            (422, r#"{"refused": "too_long"}"#, "too_long"),
            (401, "", "reconnect"),
            (404, "", "gone"),
            (413, "", "too_long"),
            (501, "", "unsupported"),
            (400, "", "invalid"),
            (500, r#"{"id": "x"}"#, "unknown"),
            (302, "", "unknown"),
        ] {
            assert_eq!(class(status, body), means, "{status} {body}");
        }
    }
}
