//! What TikTok pushes: an envelope whose content is JSON written as a string, with bare numbers of
//! nineteen digits in it.

use serde_json::Value;

use super::super::Unreadable;
use crate::base::At;
use crate::base::json::{self, Reads};
use crate::base::sign::fingerprint;
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Author, Element, Event, Post, Said, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// Whose event it is, and when.
pub(super) struct Context {
    pub(super) me: Option<String>,
    pub(super) at: Option<At>,
}

impl Context {
    pub(super) fn event(&self, key: String, at: Option<At>, what: What) -> Element {
        Element { account: self.me.clone(), key, said: Said::Event(Box::new(Event { at: at.or(self.at), what })) }
    }

    fn nothing(&self, of: &Value, why: String) -> Element {
        let key = format!("n:{}", fingerprint(&[&why, &of.to_string()]));
        Element { account: self.me.clone(), key, said: Said::Nothing(why) }
    }

    pub(super) fn unreadable(&self, of: &Value, why: &str) -> Element {
        let key = format!("u:{}", fingerprint(&[&of.to_string()]));
        Element { account: self.me.clone(), key, said: Said::Unreadable(why.to_owned()) }
    }
}

/// The thread of a conversation.
pub(super) fn thread_of(conversation: &str) -> String {
    format!("dm:{conversation}")
}

/// A hook's body: one event.
///
/// # Errors
/// [`Unreadable`] when it is no event.
pub(super) fn event(body: &Value) -> Result<Vec<Element>, Unreadable> {
    let Some(kind) = body.text("event") else { return Err(Unreadable("there is no “event” in the body".into())) };
    let context = Context { me: body.id("user_openid"), at: body.number("create_time").map(At::from_secs_or_millis) };
    // Read a second time, with the same care for long numbers.
    let content = match &body["content"] {
        Value::String(text) => match json::parse(text.as_bytes()) {
            Ok(content) => content,
            Err(_) => return Ok(vec![context.unreadable(body, "the content is no JSON")]),
        },
        other => other.clone(),
    };
    Ok(vec![match kind {
        "comment.update" => comment(&context, &content),
        "im_receive_msg" => message(&context, &content, false),
        "im_send_msg" => message(&context, &content, true),
        "im_receive_msg_eu" => withheld(&context, &content),
        "im_mark_read_msg" => seen(&context, &content),
        other => {
            let why: String =
                other.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')).take(60).collect();
            context.nothing(body, why)
        }
    }])
}

/// Somebody as an event names them: the same in comments and in messages.
fn person(content: &Value) -> Option<Author> {
    Some(Author { id: content.id("unique_identifier")?, ..Author::default() })
}

fn comment(context: &Context, c: &Value) -> Element {
    let Some(id) = c.id("comment_id") else { return context.unreadable(c, "a comment without comment_id") };
    let at = c.number("timestamp").map(At::from_secs_or_millis);
    let action = c.text("comment_action").unwrap_or_default();
    let stamp = at.map(|a| a.secs().to_string()).unwrap_or_default();
    match action {
        "insert" => {
            let parent = c.id("parent_comment_id").filter(|p| p != "0");
            let wrote = Wrote {
                author: person(c),
                text: c.text("text").map(str::to_owned),
                post: c.id("video_id").map(|id| Post { id, own: Some(true), ..Post::default() }),
                parent: parent.clone(),
                // Whether it is our own is not said.
                ask: true,
                ..Wrote::new(id.clone(), Kind::Comment, Visibility::Public, parent.unwrap_or_else(|| id.clone()))
            };
            context.event(format!("w:{id}"), at, What::Wrote(wrote))
        }
        "delete" => context.event(format!("d:{id}"), at, What::Deleted { id }),
        "set_to_hidden" | "set_to_friends_only" | "set_to_public" => {
            let hidden = action != "set_to_public";
            context.event(format!("{action}:{id}:{stamp}"), at, What::Hidden { id, hidden })
        }
        other => context.nothing(
            c,
            format!(
                "comment:{}",
                other.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect::<String>()
            ),
        ),
    }
}

/// A private message; one of ours coming back when it was `sent`.
fn message(context: &Context, m: &Value, sent: bool) -> Element {
    let (Some(id), Some(conversation)) = (m.id("message_id"), m.id("conversation_id")) else {
        return context.unreadable(m, "a private message without message_id or conversation_id");
    };
    let kind = m.text("type").unwrap_or_default();
    let attach = |kind| vec![Attachment::new(kind, None)];
    let attachments = match kind {
        "text" => Vec::new(),
        "image" => attach(AttachmentKind::Image),
        "sticker" => attach(AttachmentKind::Sticker),
        "video" => attach(AttachmentKind::Video),
        "share_post" => vec![Attachment::new(AttachmentKind::Link, m["share_post"].text("embed_url"))],
        _ => attach(AttachmentKind::Unsupported),
    };
    let wrote = Wrote {
        own: sent,
        author: if sent {
            None
        } else {
            person(m).or_else(|| m["from_user"].id("id").map(|id| Author { id, ..Author::default() }))
        },
        text: m["text"].text("body").map(str::to_owned),
        attachments,
        // One answers a conversation, not a person.
        partner: Some(Author { id: conversation.clone(), ..Author::default() }),
        parent: m["referenced_message_info"].id("referenced_message_id"),
        ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, thread_of(&conversation))
    };
    context.event(format!("w:{id}"), m.number("timestamp").map(At::from_secs_or_millis), What::Wrote(wrote))
}

/// A message to an account in the EEA, Switzerland or the United Kingdom: that somebody wrote is told,
/// not what.
fn withheld(context: &Context, m: &Value) -> Element {
    let who = person(m).or_else(|| m["from_user"].id("id").map(|id| Author { id, ..Author::default() }));
    let Some(conversation) = m.id("conversation_id").or_else(|| who.as_ref().map(|w| w.id.clone())) else {
        return context.nothing(m, "im_receive_msg_eu:nobody_named".into());
    };
    let id = m.id("message_id").unwrap_or_else(|| {
        format!(
            "eu:{}",
            fingerprint(&[&m.to_string(), &context.at.map(|a| a.millis().to_string()).unwrap_or_default()])
        )
    });
    let wrote = Wrote {
        author: who,
        partner: Some(Author { id: conversation.clone(), ..Author::default() }),
        attachments: vec![Attachment::new(AttachmentKind::Unsupported, None)],
        replyable: false,
        ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, thread_of(&conversation))
    };
    context.event(format!("w:{id}"), m.number("timestamp").map(At::from_secs_or_millis), What::Wrote(wrote))
}

/// The person has read the conversation up to a moment.
fn seen(context: &Context, m: &Value) -> Element {
    if m["from_user"].text("role").is_some_and(|r| r.to_lowercase().contains("business")) {
        return context.nothing(m, "im_mark_read_msg:own".into());
    }
    let (Some(conversation), Some(last)) = (m.id("conversation_id"), m["read"].number("last_read_timestamp")) else {
        return context.nothing(m, "im_mark_read_msg:incomplete".into());
    };
    let upto = At::from_secs_or_millis(last);
    let what = What::Receipt { thread: thread_of(&conversation), ids: Vec::new(), upto: Some(upto), read: true };
    context.event(format!("rc:{conversation}:{last}"), Some(upto), what)
}
