//! What WhatsApp tells that nobody wrote: how our messages fare, who changed their number, what becomes
//! of the account.

use serde_json::Value;

use super::super::meta::entry::{Context, brief};
use super::error;
use super::read::{code, seconds};
use crate::base::json::Reads;
use crate::desk::inbound::{Element, Fate, What};

/// What WhatsApp says about a person: a new number, a new id, a new device.
pub(super) fn system(context: &Context, id: &str, message: &Value) -> Element {
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
pub(super) fn new_id(context: &Context, update: &Value) -> Element {
    let ids = &update["user_id"];
    match ids.id("previous").zip(ids.id("current")) {
        Some((from, to)) if from != to => {
            context.event(format!("i:{from}:{to}"), seconds(update), What::IdChanged { from, to })
        }
        _ => context.unreadable(update, "an id that changed, without the ids"),
    }
}

/// How a message of ours fares. Where several people were written to, each tells.
pub(super) fn status(context: &Context, status: &Value) -> Element {
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

/// The field `account_update`: only what takes the number away from us concerns an inbox.
pub(super) fn account(context: &Context, value: &Value) -> Element {
    let event = value.text("event").unwrap_or_default();
    // One state, or a list of them (seen); what is only announced is not there yet.
    let told = &value["ban_info"]["waba_ban_state"];
    let states = told.as_array().map_or(std::slice::from_ref(told), Vec::as_slice);
    let is_banned = states.iter().any(|s| s == "DISABLE");
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
