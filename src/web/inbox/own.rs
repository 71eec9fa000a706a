//! What the brand's own corrections suggest of a message, said beside the ticket and never acted upon.

use crate::base::Lang;
use crate::base::locale::t;
use crate::desk::triage::own::{Example, Own};
use crate::store::examples::Said;

/// Which acts of a log are examples of complaints and of none: each message once, as it was said
/// last, without what was taken back.
fn complaints(said: &[Said]) -> Vec<Example> {
    let undone: Vec<&str> = said.iter().filter_map(|s| s.data["undid"].as_str()).collect();
    let mut seen = std::collections::HashSet::new();
    said.iter()
        .filter(|s| !s.data["act"]["id"].as_str().is_some_and(|id| undone.contains(&id)))
        .filter_map(|s| Some((s, s.data["complaint"].as_bool()?)))
        .filter(|(s, _)| seen.insert(s.message_id))
        .map(|(s, is)| Example { text: s.text.clone(), is })
        .collect()
}

/// One sentence, where there are enough examples and they speak clearly.
pub(super) fn suggestion(lang: Lang, said: &[Said], text: &str) -> Option<String> {
    let found = Own::learn(&complaints(said))?.suggest(text)?;
    let key = if found.is { "own-complaint" } else { "own-no-complaint" };
    #[expect(clippy::cast_possible_truncation, reason = "from 0 to 100")]
    let sure = (found.sure * 100.0).round() as i64;
    let args = [
        ("sure", sure.to_string().into()),
        ("n", found.examples.to_string().into()),
        ("words", found.words.iter().map(|w| format!("« {w} »")).collect::<Vec<_>>().join(" ").into()),
    ];
    Some(t(lang, key, &args))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::id::MessageId;

    fn said(n: u128, text: &str, data: serde_json::Value) -> Said {
        Said { message_id: MessageId(uuid::Uuid::from_u128(n)), text: text.into(), data }
    }

    #[test]
    fn what_was_taken_back_teaches_nothing() {
        let all = [
            said(1, "a", json!({"undid": "x"})),
            said(1, "a", json!({"complaint": true, "act": {"id": "x"}})),
            said(2, "b", json!({"complaint": false, "act": {"id": "y"}})),
            said(2, "b", json!({"complaint": true, "act": {"id": "z"}})),
            said(3, "c", json!({"from": "awareness", "to": "customer"})),
        ];
        assert_eq!(complaints(&all), [Example { text: "b".into(), is: false }]);
    }
}
