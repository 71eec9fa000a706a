//! `messaging` and `standby`: what happens in conversations on Messenger and Instagram.
//!
//! Sources: developers.facebook.com/docs/messenger-platform/reference/webhook-events,
//! …/docs/instagram-platform/webhooks/examples; read 2026-11.

use serde_json::Value;

use super::entry::{Context, brief};
use crate::base::At;
use crate::base::json::Reads;
use crate::base::sign::fingerprint;
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Author, Element, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// The thread of a private conversation with this person.
pub(in crate::networks) fn thread_of(psid: &str) -> String {
    format!("dm:{psid}")
}

/// One element. `replyable` is false in standby: another application holds the conversation.
pub(in crate::networks) fn read(context: &Context, value: &Value, replyable: bool) -> Element {
    let at = value.number("timestamp").map(At::from_secs_or_millis).or(context.at);
    let Some(partner) = partner(context, value) else {
        return context.nothing(&value.to_string(), "messaging:no_person".into());
    };
    let stamp = at.map(|a| a.millis().to_string()).unwrap_or_default();
    if let Some(message) = value.get("message") {
        return written(context, message, at, partner, replyable);
    }
    if let Some(edit) = value.get("message_edit") {
        let Some(id) = edit.id("mid") else { return context.unreadable(value, "an edit without mid") };
        let text = edit.text("text").map(str::to_owned);
        let key = format!("e:{id}:{stamp}:{}", edit.id("num_edit").unwrap_or_default());
        let wrote = Wrote { text, replyable, ..dm(id, &partner) };
        return context.event(key, at, What::Edited(wrote));
    }
    if let Some(reaction) = value.get("reaction") {
        let Some(id) = reaction.id("mid") else { return context.unreadable(value, "a reaction without mid") };
        let taken_back = reaction.text("action") == Some("unreact");
        let emoji = reaction.text("emoji").or_else(|| reaction.text("reaction")).unwrap_or("like");
        let key = format!("r:{id}:{}:{}:{emoji}:{stamp}", partner.id, reaction.text("action").unwrap_or_default());
        let reaction = (!taken_back).then(|| emoji.to_owned());
        return context.event(key, at, What::Reacted { id, by: Some(partner), reaction, on_post: false });
    }
    if let Some(postback) = value.get("postback") {
        return pressed(context, postback, at, partner, replyable);
    }
    for (field, read) in [("delivery", false), ("read", true)] {
        if let Some(receipt) = value.get(field) {
            let upto = receipt.number("watermark").map(At::from_secs_or_millis);
            // Messenger gives a mark, Instagram the one message that was read.
            let named = receipt.list("mids").iter().filter_map(crate::base::json::as_id);
            let ids: Vec<String> = named.chain(receipt.id("mid")).collect();
            let mark = upto.map(|a| a.millis().to_string()).unwrap_or_default();
            let key = format!(
                "rc:{}:{field}:{mark}:{}",
                partner.id,
                fingerprint(&ids.iter().map(String::as_str).collect::<Vec<_>>())
            );
            let what = What::Receipt { thread: thread_of(&partner.id), ids, upto, read };
            return context.event(key, at, what);
        }
    }
    let known = ["sender", "recipient", "timestamp", "prior_message"];
    let field = value.as_object().into_iter().flatten().map(|(k, _)| k.as_str()).find(|k| !known.contains(k));
    context.nothing(&value.to_string(), format!("messaging:{}", brief(field.unwrap_or("empty"))))
}

/// The person in the conversation: of sender and recipient the one that is not the page. A plugin
/// may know only a `user_ref` of them.
fn partner(context: &Context, value: &Value) -> Option<Author> {
    let side = |key: &str| {
        let side = &value[key];
        side.id("id").or_else(|| side.id("user_ref").map(|r| format!("ref:{r}")))
    };
    let (sender, recipient) = (side("sender"), side("recipient"));
    let page = context.account.as_deref();
    let person = sender.filter(|s| Some(s.as_str()) != page).or(recipient.filter(|r| Some(r.as_str()) != page))?;
    Some(Author { id: person, ..Author::default() })
}

fn dm(id: String, partner: &Author) -> Wrote {
    Wrote {
        author: Some(partner.clone()),
        partner: Some(partner.clone()),
        ..Wrote::new(id, Kind::Dm, Visibility::Private, thread_of(&partner.id))
    }
}

fn written(context: &Context, message: &Value, at: Option<At>, partner: Author, replyable: bool) -> Element {
    let Some(id) = message.id("mid") else { return context.unreadable(message, "a message without mid") };
    if message.flag("is_deleted") {
        return context.event(format!("d:{id}"), at, What::Deleted { id });
    }
    let own = message.flag("is_echo");
    let mut attachments = attachments(message);
    // An answer to a story of ours: the story is gone after a day, its address with it.
    let story = &message["reply_to"]["story"];
    if story.is_object() {
        attachments.insert(0, told(AttachmentKind::Story, story.text("url"), story.id("id")));
    }
    if message.flag("is_unsupported") {
        attachments.push(Attachment::new(AttachmentKind::Unsupported, None));
    }
    let wrote = Wrote {
        own,
        author: (!own).then(|| partner.clone()),
        text: message.text("text").map(str::to_owned),
        attachments,
        parent: message["reply_to"].id("mid"),
        tag: message.text("metadata").map(str::to_owned),
        replyable,
        ..dm(id.clone(), &partner)
    };
    context.event(format!("w:{id}"), at, What::Wrote(wrote))
}

/// A button was pressed: the person's act, in the button's words. Newer bodies carry a mid.
fn pressed(context: &Context, postback: &Value, at: Option<At>, partner: Author, replyable: bool) -> Element {
    let words = postback.text("title").or_else(|| postback.text("payload")).unwrap_or_default();
    let stamp = at.map(|a| a.millis().to_string()).unwrap_or_default();
    let id = postback.id("mid").unwrap_or_else(|| {
        format!("postback:{}:{stamp}:{}", partner.id, fingerprint(&[postback.text("payload").unwrap_or_default()]))
    });
    let wrote = Wrote { text: Some(words.to_owned()), replyable, ..dm(id.clone(), &partner) };
    context.event(format!("w:{id}"), at, What::Wrote(wrote))
}

/// Stickers came as pictures with a `sticker_id` until 2026-08-30, since then as their own type;
/// templates carry products.
fn attachments(message: &Value) -> Vec<Attachment> {
    message.list("attachments").iter().flat_map(attachment).collect()
}

fn attachment(value: &Value) -> Vec<Attachment> {
    let payload = &value["payload"];
    let kind = match value.text("type").unwrap_or_default() {
        "image" if payload.get("sticker_id").is_some() => AttachmentKind::Sticker,
        "image" => AttachmentKind::Image,
        "video" => AttachmentKind::Video,
        "audio" => AttachmentKind::Audio,
        "file" => AttachmentKind::File,
        "sticker" | "like_heart" => AttachmentKind::Sticker,
        "location" => AttachmentKind::Location,
        "story_mention" => AttachmentKind::Story,
        "fallback" | "template" | "reel" | "ig_reel" | "post" | "ig_post" | "share" | "appointment_booking" => {
            AttachmentKind::Link
        }
        _ => AttachmentKind::Unsupported,
    };
    let products = payload["product"].list("elements");
    if !products.is_empty() {
        let product = |p: &Value| Attachment::new(AttachmentKind::Link, p.text("image_url")).titled(p.text("title"));
        return products.iter().map(product).collect();
    }
    let url = payload.text("url").or_else(|| value.text("url"));
    let title = value.text("title").or_else(|| payload.text("title")).or_else(|| payload.text("name"));
    vec![Attachment::new(kind, url).titled(title)]
}

fn told(kind: AttachmentKind, url: Option<&str>, id: Option<String>) -> Attachment {
    Attachment { external_id: id, ..Attachment::new(kind, url) }
}
