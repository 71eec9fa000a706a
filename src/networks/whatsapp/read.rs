//! WhatsApp’s hooks: messages, how ours fare, who changed their number, and what Meta says of the
//! account.

use serde_json::Value;

use super::super::Unreadable;
use super::super::meta::entry::{Context, brief};
use super::news::{account, new_id, status, system};
use super::types::content;
use crate::base::At;
use crate::base::json::{self, Reads};
use crate::desk::inbound::{Author, Element, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// Every element of a body.
pub(super) fn read(body: &[u8]) -> Result<Vec<Element>, Unreadable> {
    let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
    if !body["entry"].is_array() {
        return Err(Unreadable("there is no “entry” list in the body".into()));
    }
    Ok(body.list("entry").iter().flat_map(entry).collect())
}

fn entry(entry: &Value) -> Vec<Element> {
    let at = entry.number("time").map(At::from_secs_or_millis);
    let elements: Vec<Element> = entry.list("changes").iter().flat_map(|c| change(at, c)).collect();
    if elements.is_empty() {
        let context = Context { account: None, at };
        return vec![context.nothing(&entry.to_string(), "empty_entry".into())];
    }
    elements
}

/// One change: of the number its metadata name, or of the whole account when they name none.
fn change(at: Option<At>, change: &Value) -> Vec<Element> {
    let (field, value) = (change.text("field").unwrap_or_default(), &change["value"]);
    let context = Context { account: value["metadata"].id("phone_number_id"), at };
    let mut elements = Vec::new();
    match field {
        "messages" => {
            elements.extend(value.list("messages").iter().flat_map(|m| message(&context, value, m)));
            elements.extend(value.list("statuses").iter().map(|s| status(&context, s)));
            let errors = value.list("errors").iter();
            elements.extend(errors.map(|e| context.nothing(&e.to_string(), format!("error:{}", code(e)))));
        }
        "smb_message_echoes" => {
            elements.extend(value.list("message_echoes").iter().flat_map(|m| echo(&context, m)));
        }
        "user_id_update" => {
            elements.extend(value.list("user_id_update").iter().map(|u| new_id(&context, u)));
        }
        "account_update" => elements.push(account(&context, value)),
        _ => {}
    }
    if elements.is_empty() {
        let event = value.text("event").or_else(|| value["calls"][0].text("event"));
        let event = event.map(|e| format!(":{}", brief(e).to_lowercase())).unwrap_or_default();
        elements.push(context.nothing(&value.to_string(), format!("field:{}{event}", brief(field))));
    }
    elements
}

pub(super) fn code(error: &Value) -> i64 {
    error.number("code").unwrap_or(0)
}

pub(super) fn seconds(value: &Value) -> Option<At> {
    value.number("timestamp").map(At::from_secs_or_millis)
}

/// Who wrote: by number, by an id of their own, or both. Numbers may be missing since 2026.
fn author(value: &Value, message: &Value) -> Option<(Author, Vec<String>)> {
    let (number, own_id) = (message.id("from"), message.id("from_user_id"));
    let all = value.list("contacts");
    let is_theirs =
        |c: &&Value| (number.is_some() && c.id("wa_id") == number) || (own_id.is_some() && c.id("user_id") == own_id);
    let contact = all.iter().find(is_theirs);
    // The one card that came along is of whoever wrote, even when it spells the number otherwise.
    let card = contact.or_else(|| all.first().filter(|_| all.len() == 1));
    let own_id = own_id.or_else(|| contact.or_else(|| card.filter(|_| number.is_none())).and_then(|c| c.id("user_id")));
    let number = number.or_else(|| contact.and_then(|c| c.id("wa_id")));
    let ids: Vec<String> = [number.clone(), own_id].into_iter().flatten().collect();
    let (id, also) = ids.split_first()?;
    let profile = card.map(|c| &c["profile"]);
    let username = profile.and_then(|p| p.text("username")).map(|u| format!("@{}", u.trim_start_matches('@')));
    let name = profile.and_then(|p| p.text("name")).map(str::to_owned);
    let handle = username.or_else(|| number.map(|n| format!("+{}", n.trim_start_matches('+'))));
    Some((Author { id: id.clone(), name, handle }, also.to_vec()))
}

fn dm(id: &str, person: &str, message: &Value) -> Wrote {
    // What is said in a group stays in the group.
    let other = message.id("group_id").map_or_else(|| person.to_owned(), |g| format!("group:{g}"));
    let partner = Author { id: other.clone(), ..Author::default() };
    Wrote { partner: Some(partner), ..Wrote::new(id, Kind::Dm, Visibility::Private, format!("dm:{other}")) }
}

fn message(context: &Context, value: &Value, message: &Value) -> Vec<Element> {
    let Some(id) = message.id("id") else { return vec![context.unreadable(message, "a message without id")] };
    let at = seconds(message);
    let kind = message.text("type").unwrap_or_default();
    if kind == "system" {
        return vec![system(context, &id, message)];
    }
    let who = author(value, message);
    let (person, also) = who.map_or((None, Vec::new()), |(a, also)| (Some(a), also));
    let nobody = format!("unknown:{id}");
    let thread = person.as_ref().map_or(nobody.as_str(), |p| p.id.as_str());
    match kind {
        "reaction" => {
            let about = &message["reaction"];
            let Some(on) = about.id("message_id") else {
                return vec![context.unreadable(message, "a reaction to nothing")];
            };
            let reaction = about.text("emoji").filter(|e| !e.is_empty()).map(str::to_owned);
            return vec![context.event(
                format!("r:{id}"),
                at,
                What::Reacted { id: on, by: person, reaction, on_post: false },
            )];
        }
        "revoke" => {
            let Some(gone) = message["revoke"].id("original_message_id") else {
                return vec![context.unreadable(message, "nothing is named that was taken back")];
            };
            return vec![context.event(format!("d:{gone}"), at, What::Deleted { id: gone })];
        }
        // The chat was opened, nothing is said yet.
        "request_welcome" => return vec![context.nothing(&id, "request_welcome".into())],
        _ => {}
    }
    let (changed, said) = match kind {
        "edit" => (message["edit"].id("original_message_id"), &message["edit"]["message"]),
        _ => (None, message),
    };
    let (text, attachments) = content(said);
    let about = changed.clone().unwrap_or_else(|| id.clone());
    let wrote = Wrote {
        author: person.clone(),
        also,
        text,
        attachments,
        parent: said["context"].id("id"),
        ..dm(&about, thread, message)
    };
    vec![match changed {
        Some(original) => context.event(format!("e:{original}:{id}"), at, What::Edited(wrote)),
        None => context.event(format!("w:{id}"), at, What::Wrote(wrote)),
    }]
}

/// What somebody of ours wrote with the phone that shares the number.
fn echo(context: &Context, message: &Value) -> Vec<Element> {
    let Some(id) = message.id("id") else { return vec![context.unreadable(message, "a message without id")] };
    let at = seconds(message);
    let Some(to) = message.id("to").or_else(|| message.id("to_user_id")).or_else(|| message.id("group_id")) else {
        return vec![context.nothing(&message.to_string(), "messaging:no_person".into())];
    };
    match message.text("type").unwrap_or_default() {
        "revoke" => match message["revoke"].id("original_message_id") {
            Some(gone) => vec![context.event(format!("d:{gone}"), at, What::Deleted { id: gone })],
            None => vec![context.unreadable(message, "nothing is named that was taken back")],
        },
        "reaction" => vec![context.nothing(&id, "own_reaction".into())],
        kind => {
            let changed = message["edit"].id("original_message_id").filter(|_| kind == "edit");
            let said = if changed.is_some() { &message["edit"]["message"] } else { message };
            let (text, attachments) = content(said);
            let about = changed.clone().unwrap_or_else(|| id.clone());
            let wrote =
                Wrote { own: true, text, attachments, parent: said["context"].id("id"), ..dm(&about, &to, message) };
            vec![match changed {
                Some(original) => context.event(format!("e:{original}:{id}"), at, What::Edited(wrote)),
                None => context.event(format!("w:{id}"), at, What::Wrote(wrote)),
            }]
        }
    }
}
