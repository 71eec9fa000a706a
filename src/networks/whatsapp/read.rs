//! WhatsApp’s hooks: messages, how ours fare, who changed their number, and what Meta says of the
//! account.

use serde_json::Value;

use super::super::Unreadable;
use super::super::meta::entry::{Context, brief};
use super::error;
use super::types::content;
use crate::base::At;
use crate::base::json::{self, Reads};
use crate::desk::inbound::{Author, Element, Fate, What, Wrote};
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

fn code(error: &Value) -> i64 {
    error.number("code").unwrap_or(0)
}

fn seconds(value: &Value) -> Option<At> {
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

/// What WhatsApp says about a person: a new number, a new id, a new device.
fn system(context: &Context, id: &str, message: &Value) -> Element {
    let told = &message["system"];
    let kind = told.text("type").unwrap_or_default();
    let words = told.text("body").unwrap_or_default();
    let changed = match kind {
        "user_changed_number" => {
            message.id("from").or_else(|| told.id("customer")).zip(told.id("wa_id").or_else(|| told.id("new_wa_id")))
        }
        "user_changed_user_id" => {
            let to = told.id("user_id");
            // The id they had stands only in the words (seen).
            let is_id = |w: &&str| w.split_once('.').is_some_and(|(c, _)| c.len() == 2) && Some(*w) != to.as_deref();
            let before = words.split_whitespace().map(|w| w.trim_end_matches(['.', ','])).find(is_id);
            let from = message.id("from_user_id").filter(|f| Some(f) != to.as_ref());
            from.or_else(|| before.map(str::to_owned)).zip(to)
        }
        _ => None,
    };
    match changed {
        Some((from, to)) if from != to => {
            context.event(format!("i:{from}:{to}"), seconds(message), What::IdChanged { from, to })
        }
        _ => context.nothing(&format!("{id}{words}"), format!("system:{}", brief(kind))),
    }
}

/// The field `user_id_update`: somebody’s id is another one, because their number is.
fn new_id(context: &Context, update: &Value) -> Element {
    let ids = &update["user_id"];
    match ids.id("previous").zip(ids.id("current")) {
        Some((from, to)) if from != to => {
            context.event(format!("i:{from}:{to}"), seconds(update), What::IdChanged { from, to })
        }
        _ => context.unreadable(update, "an id that changed, without the ids"),
    }
}

/// How a message of ours fares. Where several people were written to, each tells.
fn status(context: &Context, status: &Value) -> Element {
    let Some(id) = status.id("id") else { return context.unreadable(status, "a status without id") };
    let word = status.text("status").unwrap_or_default();
    let who = status.id("recipient_participant_user_id").or_else(|| status.id("recipient_participant_id"));
    let key = format!("s:{id}:{word}:{}", who.unwrap_or_default());
    let how = match word {
        "sent" => Fate::Sent,
        "delivered" => Fate::Delivered,
        "read" | "played" => Fate::Read,
        "failed" => {
            let why = &status["errors"][0];
            let words = why["error_data"].text("details").or_else(|| why.text("message")).or_else(|| why.text("title"));
            error::fate(code(why), words.unwrap_or("the network does not say why"))
        }
        "deleted" => return context.event(format!("d:{id}"), seconds(status), What::Deleted { id }),
        other => return context.nothing(&status.to_string(), format!("status:{}", brief(other))),
    };
    let tag = status.text("biz_opaque_callback_data").map(str::to_owned);
    context.event(key, seconds(status), What::Fared { id, tag, how })
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

/// The field `account_update`: only what takes the number away from us concerns an inbox.
fn account(context: &Context, value: &Value) -> Element {
    let event = value.text("event").unwrap_or_default();
    let is_banned = value["ban_info"].text("waba_ban_state").is_some_and(|s| s.contains("DISABLE"));
    let lost = match event {
        "ACCOUNT_DELETED" | "ACCOUNT_OFFBOARDED" | "PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED" => true,
        "DISABLED_UPDATE" => is_banned,
        _ => false,
    };
    let time = context.at.map(|a| a.secs().to_string()).unwrap_or_default();
    if lost {
        let key = format!("a:{event}:{time}");
        return context.event(key, None, What::LoginRevoked(format!("WhatsApp: {}", event.to_lowercase())));
    }
    context.nothing(&value.to_string(), format!("account_update:{}", brief(event).to_lowercase()))
}
