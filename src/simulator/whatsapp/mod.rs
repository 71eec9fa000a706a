//! A WhatsApp that runs on this machine: people with numbers, ids of their own, or both, and a
//! business number that writes to them.
//!
//! Sources: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/
//! messages (bodies, statuses), …/whatsapp/business-scoped-user-ids (people without a number, and what
//! is pushed when an id changes), …/whatsapp/messages/send-messages (what a send answers; 4,096
//! characters), …/whatsapp/support/error-codes (131047 and most others come as a status, after the send
//! was accepted); read 2026-11. What we send is never pushed back as a message, only as statuses.

mod choices;
mod files;
mod templates;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::meta::{Done, Item, Side, Sort, Stage, item, list};
use crate::base::At;
use crate::base::json::Reads;

const DAY: Duration = Duration::from_hours(24);

/// Somebody who writes.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Their number; none when they keep it to themselves.
    pub number: Option<String>,
    /// The id this business knows them by.
    pub own_id: Option<String>,
    /// Their name.
    pub name: String,
}

impl Person {
    /// Somebody known by a number.
    pub fn with_number(number: &str, name: &str) -> Person {
        Person { number: Some(number.to_owned()), own_id: None, name: name.to_owned() }
    }

    fn key(&self) -> String {
        self.number.clone().or_else(|| self.own_id.clone()).unwrap_or_default()
    }
}

/// The network.
pub struct Whatsapp {
    /// What it shares with the others.
    pub stage: Stage,
    /// Marks of what we sent, by its id.
    marks: Mutex<BTreeMap<String, String>>,
    templates: Mutex<Vec<Value>>,
    files: files::Files,
}

/// The routes of its Graph.
pub fn routes(whatsapp: Arc<Whatsapp>) -> axum::Router {
    super::meta::routes(whatsapp)
}

impl Whatsapp {
    /// An empty network.
    pub fn new(stage: Stage) -> Whatsapp {
        Whatsapp {
            stage,
            marks: Mutex::default(),
            templates: Mutex::new(templates::usual()),
            files: files::Files::default(),
        }
    }

    /// The account's templates, as Graph lists them.
    pub fn templates(&self) -> Vec<Value> {
        self.templates.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on the account has these templates.
    pub fn set_templates(&self, all: Vec<Value>) {
        *self.templates.lock().unwrap_or_else(PoisonError::into_inner) = all;
    }

    /// Somebody writes; the message's id.
    pub fn message_at(&self, account: &str, from: &Person, text: &str, at: At) -> String {
        self.say(account, from, text, json!({"type": "text", "text": {"body": text}}), at)
    }

    /// Somebody writes something of any type: `kind` and what stands under that name.
    pub fn say_this(&self, account: &str, from: &Person, kind: &str, of: Value) -> String {
        let mut message = json!({"type": kind});
        message[kind] = of;
        self.say(account, from, "", message, self.stage.given.now())
    }

    fn say(&self, account: &str, from: &Person, text: &str, mut message: Value, at: At) -> String {
        let key = from.key();
        let said = Item { post: key.clone(), ..item(account, Sort::Message, (&key, &from.name), text, at) };
        let id = self.stage.put(said);
        message["id"] = id.clone().into();
        message["timestamp"] = at.secs().to_string().into();
        let mut contact = json!({"profile": {"name": from.name}});
        if let Some(number) = &from.number {
            message["from"] = number.clone().into();
            contact["wa_id"] = number.clone().into();
        }
        if let Some(own_id) = &from.own_id {
            message["from_user_id"] = own_id.clone().into();
            contact["user_id"] = own_id.clone().into();
        }
        self.push(account, "messages", json!({"contacts": [contact], "messages": [message]}));
        id
    }

    /// Somebody's id is another one: because their number is.
    pub fn id_changes(&self, account: &str, person: &Person, to: &str) {
        let now = self.stage.given.now().secs().to_string();
        let update =
            json!({"wa_id": person.number, "user_id": {"previous": person.own_id, "current": to}, "timestamp": now});
        self.push(account, "user_id_update", json!({"user_id_update": [update]}));
    }

    /// Somebody has another number.
    pub fn number_changes(&self, account: &str, from: &str, to: &str) {
        let system =
            json!({"type": "user_changed_number", "wa_id": to, "body": format!("User changed from {from} to {to}")});
        let now = self.stage.given.now();
        let id = self.stage.put(item(account, Sort::Message, (to, ""), "", now));
        let message =
            json!({"from": from, "id": id, "timestamp": now.secs().to_string(), "type": "system", "system": system});
        self.push(account, "messages", json!({"messages": [message]}));
    }

    /// Somebody changes what they wrote.
    pub fn edit(&self, account: &str, from: &Person, id: &str, text: &str) {
        let edit = json!({"original_message_id": id, "message": {"type": "text", "text": {"body": text}}});
        self.say_this(account, from, "edit", edit);
    }

    /// Somebody takes back what they wrote.
    pub fn revoke(&self, account: &str, from: &Person, id: &str) {
        self.say_this(account, from, "revoke", json!({"original_message_id": id}));
    }

    /// The person has read this message of ours.
    pub fn read(&self, account: &str, id: &str) {
        self.push_status(account, id, "read", Value::Null);
    }

    /// Somebody of the brand wrote with the phone that shares the number.
    pub fn phone_wrote_at(&self, account: &str, to: &str, text: &str, at: At) -> String {
        let name = self.stage.world().name_of(account);
        let said = Item { post: to.to_owned(), ..item(account, Sort::Message, (account, &name), text, at) };
        let id = self.stage.put(said);
        let echo = json!({"from": account, "to": to, "id": id, "timestamp": at.secs().to_string(), "type": "text", "text": {"body": text}});
        self.push(account, "smb_message_echoes", json!({"message_echoes": [echo]}));
        id
    }

    fn push(&self, account: &str, field: &str, mut value: Value) {
        value["messaging_product"] = "whatsapp".into();
        value["metadata"] = json!({"display_phone_number": account, "phone_number_id": account});
        let entry = json!({"id": "102290129340398", "changes": [{"field": field, "value": value}]});
        self.stage.push(account, &json!({"object": "whatsapp_business_account", "entry": [entry]}));
    }

    fn push_status(&self, account: &str, id: &str, word: &str, errors: Value) {
        let mark = self.marks.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        let to = self.stage.world().items.get(id).map(|i| i.post.clone());
        let now = self.stage.given.now().secs().to_string();
        let mut status = json!({"id": id, "status": word, "timestamp": now, "recipient_id": to});
        if let Some(mark) = mark {
            status["biz_opaque_callback_data"] = mark.into();
        }
        if !errors.is_null() {
            status["errors"] = errors;
        }
        self.push(account, "messages", json!({"statuses": [status]}));
    }

    /// When this person last wrote, under whichever of their ids.
    fn last_from(&self, account: &str, person: &str) -> Option<At> {
        self.stage.world().last_from(account, person)
    }

    fn send(&self, account: &str, fields: &Value) -> Done {
        let Some(to) = fields.id("to").or_else(|| fields.id("recipient")) else {
            return Err((131_008, 0, "Required parameter is missing"));
        };
        let text = match fields.text("type") {
            Some("text") => fields["text"].text("body").unwrap_or_default().to_owned(),
            Some(sort @ ("image" | "video" | "audio" | "document")) => self.files.shown(sort, &fields[sort])?,
            Some("interactive") => choices::shown(&fields["interactive"])?,
            Some("template") => templates::said(&self.templates(), &fields["template"])?,
            _ => return Err((131_051, 0, "Unsupported message type")),
        };
        if text.is_empty() || text.chars().count() > 4_096 {
            return Err((131_009, 0, "Parameter value is not valid"));
        }
        let now = self.stage.given.now();
        let name = self.stage.world().name_of(account);
        let said = Item { post: to.clone(), ..item(account, Sort::Message, (account, &name), &text, now) };
        let id = self.stage.put(said);
        if let Some(mark) = fields.text("biz_opaque_callback_data") {
            let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
            marks.insert(id.clone(), mark.to_owned());
        }
        let is_open = self.last_from(account, &to).is_some_and(|last| now < last.plus(DAY));
        let blocked = self.stage.world().blocked.contains(&(account.to_owned(), to.clone()));
        let failure = match self.stage.next_failure() {
            Some(code) => Some(code),
            None if blocked => Some(131_026),
            None if !is_open && fields.text("type") != Some("template") => Some(131_047),
            None => None,
        };
        // Accepted, and told to have failed only afterwards.
        if let Some(code) = failure {
            self.push_status(
                account,
                &id,
                "failed",
                json!([{"code": code, "title": "Message failed", "message": "Message failed",
                "error_data": {"details": "said by the simulator"}}]),
            );
        } else {
            self.stage.note(account, "message", &to, &text, &id, None);
            if !self.stage.weather.no_echo {
                self.push_status(account, &id, "sent", Value::Null);
                self.push_status(account, &id, "delivered", Value::Null);
            }
        }
        Ok(json!({"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}], "messages": [{"id": id}]}))
    }
}

impl Side for Whatsapp {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn tell(&self, account: &str, path: &[&str], _query: &BTreeMap<String, String>) -> Done {
        match path {
            ["debug_token"] => {
                let scopes = ["whatsapp_business_messaging", "whatsapp_business_management"];
                Ok(json!({"data": {"is_valid": true, "expires_at": 0, "scopes": scopes}}))
            }
            [id] if *id == account => {
                let name = self.stage.world().name_of(account);
                Ok(
                    json!({"id": id, "display_phone_number": "+33 1 23 45 67 89", "verified_name": name, "quality_rating": "GREEN"}),
                )
            }
            [_, "message_templates"] => Ok(list(self.templates())),
            _ => Err((100, 33, "Unsupported get request. Object does not exist")),
        }
    }

    fn act(&self, account: &str, method: &str, path: &[&str], fields: &Value) -> Done {
        match (method, path) {
            ("POST", [_, "subscribed_apps"]) => {
                self.stage.world().subscribed += 1;
                Ok(json!({"success": true}))
            }
            ("POST", [id, "messages"]) if *id == account => self.send(account, fields),
            ("POST", [id, "media"]) if *id == account => self.files.take_in(fields),
            _ => Err((100, 33, "Unsupported post request. Object does not exist")),
        }
    }
}
