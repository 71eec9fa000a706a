//! Messages with something to choose from.
//!
//! Sources: developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages
//! (one to three buttons of 20 characters, each title once; words of 1,024), …/interactive-list-messages
//! (up to ten rows of 24 characters, a button of 20; words of 4,096); read 2026-11.

use serde_json::Value;

use super::super::meta::Gone;
use crate::base::json::Reads;

/// The words of such a message.
pub fn shown(asked: &Value) -> Result<String, Gone> {
    let words = asked["body"].text("text").unwrap_or_default();
    let action = &asked["action"];
    let (titles, most, long, wide) = match asked.text("type") {
        Some("button") => (titles(action.list("buttons").iter().map(|b| &b["reply"])), 3, 1_024, 20),
        Some("list") if action.text("button").is_some_and(|b| fits(b, 20)) => {
            (titles(action.list("sections").iter().flat_map(|s| s.list("rows"))), 10, 4_096, 24)
        }
        _ => return Err((131_009, 0, "Parameter value is not valid")),
    };
    let mut once = titles.clone();
    once.sort();
    once.dedup();
    let fit = (1..=most).contains(&titles.len()) && titles.iter().all(|t| fits(t, wide)) && fits(words, long);
    if fit && once.len() == titles.len() {
        Ok(words.to_owned())
    } else {
        Err((131_009, 0, "Parameter value is not valid"))
    }
}

fn titles<'a>(of: impl Iterator<Item = &'a Value>) -> Vec<String> {
    of.map(|one| one.text("id").and(one.text("title")).unwrap_or_default().to_owned()).collect()
}

fn fits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_pages_allow_is_taken_and_no_more() {
        let buttons = |titles: &[&str]| {
            let all: Vec<Value> =
                titles.iter().map(|t| json!({"type": "reply", "reply": {"id": "1", "title": t}})).collect();
            shown(&json!({"type": "button", "body": {"text": "Lequel ?"}, "action": {"buttons": all}}))
        };
        assert_eq!(buttons(&["Colis", "Autre chose"]).unwrap(), "Lequel ?");
        for bad in [&[][..], &["a", "b", "c", "d"], &["a", "a"], &["vingt et un caractères"]] {
            assert!(buttons(bad).is_err(), "{bad:?}");
        }
        let rows: Vec<Value> = (0..10).map(|n| json!({"id": format!("{n}"), "title": format!("Fiche {n}")})).collect();
        let list = |button: &str| json!({"type": "list", "body": {"text": "Lequel ?"}, "action": {"button": button, "sections": [{"rows": rows}]}});
        assert!(shown(&list("1 – 10")).is_ok() && shown(&list("")).is_err());
    }
}
