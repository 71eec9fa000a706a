//! What X's refusals mean, and what its headers say of limits.

use std::time::Duration;

use serde_json::Value;

use super::super::wire::later;
use super::super::{Line, Usage};
use crate::base::At;
use crate::base::fetch::Answer;
use crate::base::json::Reads;
use crate::desk::outbound::{Outcome, Refusal};

/// What an answer says when it is no success.
pub(super) fn judge(line: &Line<'_>, answer: &Answer) -> Option<Outcome> {
    note(line, answer);
    let body = answer.json();
    // A success may carry errors beside what it found; without anything found it is none.
    let half = body.get("data").is_none() && !body.list("errors").is_empty() && body.get("meta").is_none();
    if answer.ok() && !half {
        return None;
    }
    let wait =
        answer.header("x-rate-limit-reset").and_then(|h| h.parse().ok()).map(|s| At::from_secs(s).since(line.now));
    Some(outcome(answer.status, &body, wait))
}

/// The share of a limit that is used, as the headers of every answer say.
fn note(line: &Line<'_>, answer: &Answer) {
    let number = |name: &str| answer.header(name).and_then(|h| h.parse::<u64>().ok());
    if let (Some(limit), Some(left)) = (number("x-rate-limit-limit"), number("x-rate-limit-remaining")) {
        let used = limit.saturating_sub(left) * 100 / limit.max(1);
        // Of small limits the last one may be used, too: the refusal says when there are more.
        let percent = (limit >= 100).then(|| u8::try_from(used).unwrap_or(100));
        line.note(Usage { percent, quiet_for: None });
    }
}

/// What an error means. X tells several apart only by their English sentence; by type and code
/// wherever there is one.
///
/// Source: docs.x.com/x-api/fundamentals/response-codes-and-errors; the sentences of summoned-only,
/// duplicate and private-message refusals are seen (2026).
fn outcome(status: u16, body: &Value, wait: Option<Duration>) -> Outcome {
    let error = body.list("errors").first().unwrap_or(body);
    let pick = |key: &str| error.text(key).or_else(|| body.text(key));
    let said = pick("detail").or_else(|| pick("message")).or_else(|| pick("title")).unwrap_or("no readable answer");
    let kind = pick("type").or_else(|| pick("title")).unwrap_or_default().to_lowercase();
    let code = error.number("code").unwrap_or(0);
    let why = format!("{said} ({status})");
    let words = said.to_lowercase();
    let never = |refusal| Outcome::Never(refusal, why.clone());
    match (status, code) {
        (429, _) if kind.contains("usage-cap") => later(Some(Duration::from_hours(1)), true, why),
        (429, _) => later(wait.or(Some(Duration::from_mins(15))), true, why),
        // Nothing goes until somebody buys credits: as good as no login.
        (402, _) => Outcome::Reconnect(format!("X’s credits are used up: {why}")),
        (401, _) | (_, 32 | 89) => Outcome::Reconnect(why),
        (_, 186) => never(Refusal::TooLong),
        (_, 187) => Outcome::Unknown(why),
        (_, 349 | 150) => never(Refusal::Unreachable),
        (_, 433) => never(Refusal::NotPermitted),
        (_, 64 | 326) => never(Refusal::Restricted),
        (404, _) | (_, 144 | 385) => never(Refusal::Gone),
        _ if kind.contains("not-authorized-for-resource") || kind.contains("resource-not-found") => {
            never(Refusal::Gone)
        }
        // Said already, perhaps by the try whose answer was lost: it is looked for.
        (403, _) if words.contains("duplicate") => Outcome::Unknown(why),
        (403, _) if words.contains("permission to dm") => never(Refusal::Unreachable),
        (403, _) if words.contains("deleted or not visible") => never(Refusal::Gone),
        (403, _) if words.contains("operation is not permitted") || words.contains("suspended") => {
            never(Refusal::Restricted)
        }
        // Summoned only: without being mentioned by its author one may not answer a post.
        (403, _) => never(Refusal::NotPermitted),
        (500.., _) => Outcome::Unknown(why),
        _ => never(Refusal::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_class_of_refusal_is_told_apart() {
        use Refusal::*;
        let problem = |detail: &str| json!({"title": "x", "detail": detail, "type": "about:blank"});
        let typed = |kind: &str| json!({"errors": [{"title": "x", "detail": "y", "type": kind}]});
        let code = |n: i64| json!({"errors": [{"code": n, "message": "x"}]});
        for (status, body, refusal) in [
            (
                403,
                problem(
                    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
                ),
                NotPermitted,
            ),
            (403, problem("The author limits who can reply."), NotPermitted),
            (403, problem("You do not have permission to DM one or more participants."), Unreachable),
            (403, problem("This operation is not permitted."), Restricted),
            (403, problem("You attempted to reply to a Tweet that is deleted or not visible to you."), Gone),
            (403, code(64), Restricted),
            (403, code(326), Restricted),
            (403, code(349), Unreachable),
            (403, code(433), NotPermitted),
            (403, code(385), Gone),
            (403, code(186), TooLong),
            (404, json!({}), Gone),
            (200, typed("https://api.twitter.com/2/problems/resource-not-found"), Gone),
            (200, typed("https://api.twitter.com/2/problems/not-authorized-for-resource"), Gone),
            (400, typed("https://api.twitter.com/2/problems/invalid-request"), Invalid),
        ] {
            assert!(matches!(outcome(status, &body, None), Outcome::Never(r, _) if r == refusal), "{status} {body}");
        }
        for (status, body) in [(401, json!({})), (402, json!({"title": "CreditsDepleted"})), (403, code(89))] {
            assert!(matches!(outcome(status, &body, None), Outcome::Reconnect(_)), "{status}");
        }
        for (status, body) in [
            (403, problem("You are not allowed to create a Tweet with duplicate content.")),
            (403, code(187)),
            (500, json!({})),
            (503, Value::Null),
        ] {
            assert!(matches!(outcome(status, &body, None), Outcome::Unknown(_)), "{status}");
        }
        let wait = Some(Duration::from_secs(77));
        let limited = outcome(429, &typed("https://api.twitter.com/2/problems/rate-limit-exceeded"), wait);
        assert!(matches!(limited, Outcome::Later { after, whole_channel: true, .. } if after == wait));
        let capped = outcome(429, &typed("https://api.twitter.com/2/problems/usage-capped"), wait);
        assert!(matches!(capped, Outcome::Later { after: Some(a), .. } if a == Duration::from_hours(1)));
    }
}
