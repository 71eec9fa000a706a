//! Templates: what Meta has approved for this account, and how one of them is sent.
//!
//! Sources: developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview and
//! …/templates/components (parts, gaps by number or by name, examples), …/docs/graph-api/reference/
//! whats-app-business-account/message_templates (the list); read 2026-11.

use serde_json::{Value, json};

use super::super::meta;
use super::super::{Line, Refused};
use super::act::{ask, at};
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::approved::{Approved, Chosen, Part};

/// Pages read of the list, of a hundred each.
const PAGES: usize = 10;

/// Everything the account has, those that cannot be sent just now marked as such. What needs a picture,
/// a place or an address behind a button is left out: it cannot be filled in here.
pub(super) async fn list(line: &Line<'_>) -> Result<Vec<Approved>, Refused> {
    let account = line.account.need("waba_id").map_err(Refused::Reconnect)?;
    let (mut all, mut after) = (Vec::new(), None::<String>);
    for _ in 0..PAGES {
        let mut call = Ask::get(at(line, &format!("{account}/message_templates")))
            .query("fields", "name,language,status,category,components,parameter_format")
            .query("limit", "100");
        if let Some(after) = after.take() {
            call = call.query("after", after);
        }
        let page = meta::read(line, ask(line, call)?).await?;
        all.extend(page.list("data").iter().filter_map(read));
        let more = page["paging"].text("next").is_some();
        after = page["paging"]["cursors"].text("after").filter(|_| more).map(str::to_owned);
        if after.is_none() {
            break;
        }
    }
    Ok(all)
}

fn read(template: &Value) -> Option<Approved> {
    let mut text = Approved {
        name: template.text("name")?.to_owned(),
        language: template.text("language")?.to_owned(),
        category: template.text("category").unwrap_or_default().to_lowercase(),
        barred: template.text("status").filter(|s| *s != "APPROVED").map(str::to_lowercase),
        ..Approved::default()
    };
    // One-time codes have a form of their own.
    if text.category == "authentication" {
        return None;
    }
    for component in template.list("components") {
        match component.text("type").unwrap_or_default() {
            "HEADER" if component.text("format") == Some("TEXT") => text.header = Some(part(component, "header_text")),
            "BODY" => text.body = part(component, "body_text"),
            "FOOTER" => text.footer = component.text("text").map(str::to_owned),
            "BUTTONS" => {
                let buttons = component.list("buttons");
                if buttons.iter().any(|b| b.text("url").is_some_and(|u| u.contains("{{")) || needs_more(b)) {
                    return None;
                }
                text.buttons.extend(buttons.iter().filter_map(|b| b.text("text").map(str::to_owned)));
            }
            _ => return None,
        }
    }
    (!text.body.text.is_empty()).then_some(text)
}

/// True for a button that something goes along with.
fn needs_more(button: &Value) -> bool {
    !matches!(button.text("type"), Some("URL" | "PHONE_NUMBER" | "QUICK_REPLY" | "VOICE_CALL"))
}

/// Examples stand in a list, or in a list within a list; with named gaps each has its name.
fn part(component: &Value, key: &str) -> Part {
    let text = component.text("text").unwrap_or_default().to_owned();
    let example = &component["example"];
    let mut part = Part { text, samples: Vec::new() };
    let named = example.list(&format!("{key}_named_params"));
    part.samples = if named.is_empty() {
        let all = example.list(key);
        let all = all.first().and_then(Value::as_array).map_or(all, Vec::as_slice);
        all.iter().filter_map(|s| s.as_str().map(str::to_owned)).collect()
    } else {
        let sample = |gap: &str| {
            let of = named.iter().find(|p| p.text("param_name") == Some(gap));
            of.and_then(|p| p.text("example")).unwrap_or_default().to_owned()
        };
        part.gaps().into_iter().map(sample).collect()
    };
    part
}

/// The body of a send, beside to whom.
pub(super) fn body(chosen: &Chosen) -> Value {
    let parameters = |values: &[(String, String)]| -> Vec<Value> {
        let one = |(name, value): &(String, String)| {
            let mut parameter = json!({"type": "text", "text": value});
            if name.parse::<u32>().is_err() {
                parameter["parameter_name"] = name.clone().into();
            }
            parameter
        };
        values.iter().map(one).collect()
    };
    let mut components = Vec::new();
    for (kind, values) in [("header", &chosen.header), ("body", &chosen.body)] {
        if !values.is_empty() {
            components.push(json!({"type": kind, "parameters": parameters(values)}));
        }
    }
    json!({"name": chosen.name, "language": {"code": chosen.language}, "components": components})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_filled_in_is_read_and_what_cannot_is_left_out() {
        let order = json!({"name": "order_update", "language": "fr", "status": "APPROVED", "category": "UTILITY",
            "components": [
                {"type": "HEADER", "format": "TEXT", "text": "Commande {{1}}", "example": {"header_text": ["20451"]}},
                {"type": "BODY", "text": "Bonjour {{1}}, {{2}}", "example": {"body_text": [["Léa", "demain"]]}},
                {"type": "FOOTER", "text": "Aubépine"},
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Merci"}]}]});
        let text = read(&order).unwrap();
        assert_eq!(text.asks(), [("1", Some("20451")), ("1", Some("Léa")), ("2", Some("demain"))]);
        assert_eq!((text.category.as_str(), text.barred.as_deref(), text.buttons.len()), ("utility", None, 1));
        let chosen = text.choose(&["7".into(), "Zoé".into(), "lundi".into()]).unwrap();
        let sent = body(&chosen);
        assert_eq!(sent["components"][0]["parameters"], json!([{"type": "text", "text": "7"}]));
        assert_eq!(sent["components"][1]["parameters"][1]["text"], "lundi");

        let named = json!({"name": "n", "language": "en_US", "status": "PAUSED", "category": "MARKETING",
            "components": [{"type": "BODY", "text": "Hi {{first_name}}", "example": {"body_text_named_params":
                [{"param_name": "first_name", "example": "Ann"}]}}]});
        let text = read(&named).unwrap();
        assert_eq!((text.barred.as_deref(), text.asks()), (Some("paused"), vec![("first_name", Some("Ann"))]));
        let sent = body(&text.choose(&["Zoe".into()]).unwrap());
        assert_eq!(sent["components"][0]["parameters"][0]["parameter_name"], "first_name");

        for components in [
            json!([{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "a"}]),
            json!([{"type": "BODY", "text": "a"}, {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "b", "url": "https://a.fr/{{1}}"}]}]),
            json!([{"type": "BODY", "text": "a"}, {"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "b"}]}]),
            json!([{"type": "FOOTER", "text": "a"}]),
        ] {
            let of = json!({"name": "x", "language": "fr", "status": "APPROVED", "category": "UTILITY", "components": components});
            assert_eq!(read(&of), None, "{of}");
        }
    }
}
