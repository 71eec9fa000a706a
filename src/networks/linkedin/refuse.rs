//! What LinkedIn's refusals mean, by their status.

use std::time::Duration;

use serde_json::Value;

use super::super::wire::later;
use super::super::{Line, Network};
use super::LinkedIn;
use crate::base::fetch::Answer;
use crate::base::json::Reads;
use crate::desk::outbound::{Outcome, Refusal};

pub(super) fn judge(line: &Line<'_>, answer: &Answer) -> Option<Outcome> {
    if answer.ok() {
        return None;
    }
    let tomorrow = LinkedIn.budget(&line.account.settings).map(|b| b.until_tomorrow(line.now));
    Some(outcome(answer.status, &answer.json(), tomorrow))
}

/// What an error means, by its status: service codes say little more.
///
/// Source: learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling and …/rate-limits.
fn outcome(status: u16, body: &Value, tomorrow: Option<Duration>) -> Outcome {
    let said = body.text("message").unwrap_or("no readable answer");
    let code = body.id("serviceErrorCode").or_else(|| body.id("code")).unwrap_or_default();
    let why = if code.is_empty() { format!("{said} ({status})") } else { format!("{said} ({status}, {code})") };
    let never = |refusal| Outcome::Never(refusal, why.clone());
    match status {
        401 => Outcome::Reconnect(why),
        403 => never(Refusal::NotPermitted),
        404 | 410 => never(Refusal::Gone),
        // The day's calls are used up, and nothing says so before.
        429 => later(tomorrow, true, why),
        // 409: the same words twice in a row, perhaps the try whose answer was lost.
        409 | 500.. => Outcome::Unknown(why),
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
        let body = json!({"message": "x", "serviceErrorCode": 100, "status": 1});
        for (status, refusal) in [(400, Invalid), (403, NotPermitted), (404, Gone), (410, Gone), (422, Invalid)] {
            assert!(matches!(outcome(status, &body, None), Outcome::Never(r, _) if r == refusal), "{status}");
        }
        assert!(matches!(outcome(401, &body, None), Outcome::Reconnect(_)));
        let tomorrow = Some(Duration::from_secs(7));
        assert!(
            matches!(outcome(429, &body, tomorrow), Outcome::Later { after, whole_channel: true, .. } if after == tomorrow)
        );
        for status in [409, 500, 503] {
            assert!(matches!(outcome(status, &Value::Null, None), Outcome::Unknown(_)), "{status}");
        }
    }
}
