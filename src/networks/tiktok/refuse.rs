//! What TikTok's codes mean. Its HTTP status is 200 even for errors.

use std::time::Duration;

use serde_json::Value;

use super::super::Line;
use super::super::wire::later;
use crate::base::fetch::Answer;
use crate::base::json::Reads;
use crate::desk::outbound::{Outcome, Refusal};

/// What an answer says when it is no success.
pub(super) fn judge(_line: &Line<'_>, answer: &Answer) -> Option<Outcome> {
    let body = answer.json();
    if answer.ok() && body.number("code") == Some(0) {
        return None;
    }
    Some(outcome(answer.status, &body))
}

/// Source: business-api.tiktok.com/portal/docs, “Return codes”, 2026-08.
fn outcome(status: u16, body: &Value) -> Outcome {
    let code = body.number("code").unwrap_or(-1);
    let why = format!("{} ({code})", body.text("message").unwrap_or("no readable answer"));
    let never = |refusal| Outcome::Never(refusal, why.clone());
    match (code, status) {
        (40_100, _) | (_, 429) => later(Some(Duration::from_mins(5)), true, why),
        (51_065, _) => later(None, false, why),
        (40_102 | 40_104 | 40_105, _) | (_, 401) => Outcome::Reconnect(why),
        (40_001, _) | (_, 403) => never(Refusal::NotPermitted),
        (40_007, _) | (_, 404) => never(Refusal::Gone),
        // There is no code of its own for the window; whatever a conversation forbids has this one.
        (40_064, _) => never(Refusal::WindowClosed),
        // The last: a success without a readable code. Whether it was done is looked up.
        (50_000..=59_999, _) | (_, 500..) | (-1, 200..=299) => Outcome::Unknown(why),
        _ => never(Refusal::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_class_of_refusal_is_told_apart() {
        use Refusal::*;
        let said = |code: i64| outcome(200, &json!({"code": code, "message": "x", "request_id": "r"}));
        for (code, refusal) in
            [(40_001, NotPermitted), (40_002, Invalid), (40_007, Gone), (40_064, WindowClosed), (40_908, Invalid)]
        {
            assert!(matches!(said(code), Outcome::Never(r, _) if r == refusal), "{code}");
        }
        for code in [40_102, 40_104, 40_105] {
            assert!(matches!(said(code), Outcome::Reconnect(_)), "{code}");
        }
        assert!(
            matches!(said(40_100), Outcome::Later { after: Some(a), whole_channel: true, .. } if a == Duration::from_mins(5))
        );
        assert!(matches!(said(51_065), Outcome::Later { whole_channel: false, .. }));
        for code in [50_000, 50_002, 59_999] {
            assert!(matches!(said(code), Outcome::Unknown(_)), "{code}");
        }
        assert!(matches!(outcome(200, &Value::Null), Outcome::Unknown(_)));
        assert!(matches!(outcome(502, &Value::Null), Outcome::Unknown(_)));
    }
}
