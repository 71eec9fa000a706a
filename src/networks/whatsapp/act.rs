//! What we do at WhatsApp: write, within the window.

use serde_json::{Value, json};

use super::super::meta::{self, graph, signed};
use super::super::{Line, Network, Refused};
use super::{Whatsapp, approved, error, files};
use crate::base::fetch::{Ask, Trouble};
use crate::base::json::Reads;
use crate::desk::limits::{Window, window};
use crate::desk::outbound::{Action, Outbound, Outcome, Refusal};

/// A call in the account’s name.
pub(super) fn ask(line: &Line<'_>, ask: Ask) -> Result<Ask, Refused> {
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    Ok(signed(&line.account.settings, ask, token))
}

/// An address of Graph.
pub(super) fn at(line: &Line<'_>, path: &str) -> String {
    graph(&line.account.settings, path)
}

/// To whom: a number, an id of their own (two letters and a dot), or a group.
fn addressed(to: &str) -> Value {
    let is_own_id = to.split_once('.').is_some_and(|(c, _)| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()));
    match to.strip_prefix("group:") {
        Some(group) => json!({"recipient_type": "group", "to": group}),
        None if is_own_id => json!({"recipient_type": "individual", "recipient": to}),
        None => json!({"recipient_type": "individual", "to": to}),
    }
}

/// The body of a send; beside a file, what is the same for every message. Our id goes along and comes
/// back with every status.
fn body(out: &Outbound) -> Result<Value, Outcome> {
    let Some(to) = &out.recipient else {
        return Err(Outcome::Never(Refusal::Invalid, "the conversation has no person".into()));
    };
    let dm = Whatsapp.limits().dm.expect("WhatsApp has private messages");
    let mut body = addressed(to);
    body["messaging_product"] = "whatsapp".into();
    body["biz_opaque_callback_data"] = out.id.to_string().into();
    if let Some(chosen) = &out.approved {
        body["type"] = "template".into();
        body["template"] = approved::body(chosen);
        return Ok(body);
    }
    if matches!(window(&dm, out.last_inbound_at, out.now), Window::Closed(_)) {
        return Err(Outcome::Never(Refusal::WindowClosed, "24 hours after the person’s last message".into()));
    }
    if let Some(asked) = choices(out) {
        body["type"] = "interactive".into();
        body["interactive"] = asked;
        return Ok(body);
    }
    if !out.files.is_empty() {
        return Ok(body);
    }
    body["type"] = "text".into();
    body["text"] = json!({"body": out.text, "preview_url": false});
    Ok(body)
}

/// Up to three choices are buttons, up to ten a list; with more words than fit above them, or titles
/// that are one when they are cut, the numbers in the text have to do. Source: developers.facebook.com/
/// docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages (3 buttons of 20 characters, text
/// of 1,024) and …/interactive-list-messages (10 rows of 24 characters, text of 4,096); read 2026-11.
fn choices(out: &Outbound) -> Option<Value> {
    let (n, long) = (out.choices.len(), out.text.chars().count());
    let wide = if n <= 3 { 20 } else { 24 };
    let titles: Vec<String> = out.choices.iter().map(|c| c.chars().take(wide).collect()).collect();
    if titles.iter().collect::<std::collections::BTreeSet<_>>().len() < n {
        return None;
    }
    let numbered = (1..).zip(&titles);
    match n {
        1..=3 if long <= 1_024 => {
            let button = |(n, c): (i32, &String)| json!({"type": "reply", "reply": {"id": n.to_string(), "title": c}});
            let buttons: Vec<Value> = numbered.map(button).collect();
            Some(json!({"type": "button", "body": {"text": out.text}, "action": {"buttons": buttons}}))
        }
        4..=10 if long <= 4_096 => {
            let row = |(n, c): (i32, &String)| json!({"id": n.to_string(), "title": c});
            let rows: Vec<Value> = numbered.map(row).collect();
            let action = json!({"button": format!("1 – {n}"), "sections": [{"rows": rows}]});
            Some(json!({"type": "list", "body": {"text": out.text}, "action": action}))
        }
        _ => None,
    }
}

/// Does one thing.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    if out.action != Action::Dm {
        return Outcome::Never(Refusal::Unsupported, "WhatsApp has messages only".into());
    }
    let call = Ask::post(at(line, &format!("{}/messages", line.account.id)));
    let mut body = match body(out) {
        Ok(body) => body,
        Err(outcome) => return outcome,
    };
    if let Some(file) = out.files.first() {
        let (sort, shown) = match files::hand_over(line, file).await {
            Ok(id) => files::body(file, &id, &out.text),
            Err(outcome) => return outcome,
        };
        body["type"] = sort.into();
        body[sort] = shown;
    }
    let call = ask(line, call.json(body));
    let answer = match call {
        Ok(call) => line.call(call).await,
        Err(refused) => return Outcome::Reconnect(refused.to_string()),
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(Trouble::NoAnswer { .. }) => return Outcome::Unknown("no answer came back".into()),
        Err(Trouble::NotSent { why, host }) => {
            return Outcome::Later { after: None, whole_channel: false, why: format!("{host}: {why}") };
        }
        Err(Trouble::Forbidden(why)) => return Outcome::Never(Refusal::Invalid, why.to_string()),
    };
    meta::note_usage(line, &answer);
    match meta::error_in(&answer) {
        Some(refused) => error::outcome(&refused),
        None => Outcome::Sent { external_id: answer.json()["messages"][0].id("id"), recipient: None },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::base::At;

    #[test]
    fn the_window_is_kept_to_the_second_and_each_kind_of_id_has_its_field() {
        let now = At::from_secs(1_795_251_600);
        let said = |to: &str, seconds: u64| {
            let out = Outbound {
                id: crate::base::id::OutboundId(uuid::Uuid::nil()),
                action: Action::Dm,
                text: "oui".into(),
                files: Vec::new(),
                choices: Vec::new(),
                target: None,
                target_is_post: false,
                thread: String::new(),
                root: None,
                post: None,
                recipient: Some(to.into()),
                human: true,
                letter: None,
                approved: None,
                last_inbound_at: Some(now.minus(Duration::from_secs(seconds))),
                asked_at: now,
                now,
            };
            body(&out)
        };
        let day = 86_400;
        assert_eq!(said("33612345678", day - 1).unwrap()["to"], "33612345678");
        assert!(matches!(said("33612345678", day + 1), Err(Outcome::Never(Refusal::WindowClosed, _))));
        let known_by_id = said("US.100000000000001", 0).unwrap();
        assert_eq!((known_by_id["recipient"].as_str(), known_by_id.get("to")), (Some("US.100000000000001"), None));
        let group = said("group:1203@g.us", 0).unwrap();
        assert_eq!((group["to"].as_str(), group["recipient_type"].as_str()), (Some("1203@g.us"), Some("group")));
    }
}
