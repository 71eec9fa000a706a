//! What YouTube's refusals mean, by their reason.

use std::time::Duration;

use serde_json::Value;

use super::super::wire::later;
use super::super::{Line, Network};
use super::YouTube;
use crate::base::fetch::Answer;
use crate::base::json::Reads;
use crate::desk::outbound::{Outcome, Refusal};

/// What an answer says when it is no success.
pub(super) fn judge(line: &Line<'_>, answer: &Answer) -> Option<Outcome> {
    if answer.ok() {
        return None;
    }
    let tomorrow = YouTube.budget(&line.account.settings).map(|b| b.until_tomorrow(line.now));
    Some(outcome(answer.status, &answer.json(), tomorrow))
}

/// What an error means, by its reason.
///
/// Source: developers.google.com/youtube/v3/docs/errors and the error tables of each call, 2026-11.
fn outcome(status: u16, body: &Value, tomorrow: Option<Duration>) -> Outcome {
    let error = &body["error"];
    let reason = error.list("errors").first().and_then(|e| e.text("reason")).unwrap_or_default();
    let said = error.text("message").unwrap_or("no readable answer");
    let why = if reason.is_empty() { format!("{said} ({status})") } else { format!("{said} ({reason})") };
    let never = |refusal| Outcome::Never(refusal, why.clone());
    match (status, reason) {
        (_, "quotaExceeded" | "dailyLimitExceeded") => later(tomorrow, true, why),
        (_, "rateLimitExceeded" | "userRateLimitExceeded") | (429, _) => later(None, true, why),
        (401, _) | (_, "authError" | "authorizationRequired") => Outcome::Reconnect(why),
        (_, "commentTextTooLong") => never(Refusal::TooLong),
        (_, "channelSuspended" | "channelClosed" | "accountSuspended" | "userBlocked" | "ineligibleAccount") => {
            never(Refusal::Restricted)
        }
        (_, "liveChatEnded" | "liveChatDisabled" | "commentsDisabled" | "parentCommentIsPrivate") => {
            never(Refusal::Gone)
        }
        (404, _) => never(Refusal::Gone),
        (_, "operationNotSupported") => never(Refusal::Unsupported),
        // The server failed over it; whether it is there is looked up.
        (_, "processingFailure" | "backendError") | (500.., _) => Outcome::Unknown(why),
        (403, _) => never(Refusal::NotPermitted),
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
        let body = |reason: &str| json!({"error": {"code": 1, "message": "x", "errors": [{"reason": reason, "domain": "youtube"}]}});
        for (status, reason, refusal) in [
            (400, "commentTextTooLong", TooLong),
            (400, "commentTextRequired", Invalid),
            (400, "parentIdMissing", Invalid),
            (400, "invalidCommentMetadata", Invalid),
            (400, "operationNotSupported", Unsupported),
            (403, "ineligibleAccount", Restricted),
            (403, "channelSuspended", Restricted),
            (403, "forbidden", NotPermitted),
            (403, "insufficientPermissions", NotPermitted),
            (403, "commentsDisabled", Gone),
            (403, "liveChatEnded", Gone),
            (400, "parentCommentIsPrivate", Gone),
            (404, "commentNotFound", Gone),
            (404, "liveChatNotFound", Gone),
        ] {
            assert!(matches!(outcome(status, &body(reason), None), Outcome::Never(r, _) if r == refusal), "{reason}");
        }
        let tomorrow = Some(Duration::from_secs(99));
        assert!(
            matches!(outcome(403, &body("quotaExceeded"), tomorrow), Outcome::Later { after, whole_channel: true, .. } if after == tomorrow)
        );
        assert!(matches!(
            outcome(403, &body("rateLimitExceeded"), tomorrow),
            Outcome::Later { after: None, whole_channel: true, .. }
        ));
        assert!(matches!(outcome(401, &body("authError"), None), Outcome::Reconnect(_)));
        for (status, reason) in [(400, "processingFailure"), (500, "backendError"), (503, "")] {
            assert!(matches!(outcome(status, &body(reason), None), Outcome::Unknown(_)), "{reason}");
        }
    }
}
