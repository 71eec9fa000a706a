//! Threads’ hooks have an envelope of their own: one account, one or several values.

use serde_json::Value;

use super::super::Unreadable;
use super::super::meta::entry::{Context, brief};
use super::super::meta::talk::time;
use crate::base::At;
use crate::base::json::{self, Reads};
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Author, Element, Post, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// Every element of a body. `values` is an object in the documentation and a list in what is
/// delivered (seen 2026-09).
pub(super) fn read(body: &[u8]) -> Result<Vec<Element>, Unreadable> {
    let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
    if body["entry"].is_array() {
        // The form of the other networks of Meta, as the dashboard’s samples have it.
        let of = |entry: &Value| {
            let context = Context::of(entry);
            entry.list("changes").iter().map(|c| element(&context, c)).collect::<Vec<_>>()
        };
        return Ok(body.list("entry").iter().flat_map(of).collect());
    }
    let context = Context { account: body.id("target_id"), at: body.number("time").map(At::from_secs_or_millis) };
    let values = match &body["values"] {
        Value::Array(all) => all.as_slice(),
        one @ Value::Object(_) => std::slice::from_ref(one),
        _ => return Err(Unreadable("there are no “values” in the body".into())),
    };
    if values.is_empty() {
        return Ok(vec![context.nothing(&body.to_string(), "empty_entry".into())]);
    }
    Ok(values.iter().map(|v| element(&context, v)).collect())
}

fn element(context: &Context, told: &Value) -> Element {
    let (field, value) = (told.text("field").unwrap_or_default(), &told["value"]);
    match field {
        "replies" => reply(context, value, false),
        "mentions" => mention(context, value),
        // Whatever we publish comes back like this, replies included.
        "publish" if value["replied_to"].id("id").is_some() => reply(context, value, true),
        "publish" => published(context, value),
        "delete" => match value.id("id") {
            Some(id) => context.event(format!("d:{id}"), stamp(value, "deleted_at"), What::Deleted { id }),
            None => context.unreadable(value, "a deletion of nothing"),
        },
        _ => context.nothing(&value.to_string(), format!("field:{}", brief(field))),
    }
}

pub(super) fn stamp(value: &Value, field: &str) -> Option<At> {
    value.text(field).and_then(time).or_else(|| value.number(field).map(At::from_secs_or_millis))
}

/// There are no ids of people, only names.
pub(super) fn author(value: &Value) -> Option<Author> {
    let name = value.text("username").filter(|n| !n.is_empty())?;
    Some(Author { id: name.to_lowercase(), name: Some(name.to_owned()), handle: Some(format!("@{name}")) })
}

pub(super) fn attachments(value: &Value) -> Vec<Attachment> {
    let one = |v: &Value| {
        let kind = match v.text("media_type").unwrap_or_default() {
            "IMAGE" => AttachmentKind::Image,
            "VIDEO" => AttachmentKind::Video,
            "AUDIO" => AttachmentKind::Audio,
            _ => return None,
        };
        Some(Attachment::new(kind, v.text("media_url")))
    };
    let children = value["children"].list("data").iter().filter_map(one);
    let link = value.text("link_attachment_url").map(|l| Attachment::new(AttachmentKind::Link, Some(l)));
    one(value).into_iter().chain(children).chain(link).collect()
}

/// The post an exchange stands under, and whether it is ours.
fn root(context: &Context, value: &Value) -> Option<Post> {
    let root = &value["root_post"];
    let owner = root.id("owner_id").or_else(|| root["owner"].id("id"));
    let own = owner.map(|o| context.is_ours(Some(&o)));
    Some(Post { id: root.id("id")?, author: author(root), own, ..Post::default() })
}

/// A reply: to one of our posts, or within what is said under it.
pub(super) fn reply(context: &Context, value: &Value, own: bool) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a reply without id") };
    let post = root(context, value);
    let parent = value["replied_to"].id("id").or_else(|| post.as_ref().map(|p| p.id.clone()));
    let is_top = parent.is_none() || parent == post.as_ref().map(|p| p.id.clone());
    let thread = if is_top { id.clone() } else { parent.clone().unwrap_or_default() };
    let wrote = Wrote {
        own,
        author: author(value).filter(|_| !own),
        text: value.text("text").map(str::to_owned),
        attachments: attachments(value),
        parent,
        post,
        ..Wrote::new(id.clone(), Kind::Comment, Visibility::Public, thread)
    };
    context.event(format!("w:{id}"), stamp(value, "timestamp"), What::Wrote(wrote))
}

/// Somebody named us, in a post of theirs or under somebody’s.
pub(super) fn mention(context: &Context, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a mention without id") };
    let wrote = Wrote {
        author: author(value),
        text: value.text("text").map(str::to_owned),
        attachments: attachments(value),
        post: root(context, value),
        ..Wrote::new(id.clone(), Kind::Mention, Visibility::Public, id.clone())
    };
    context.event(format!("w:{id}"), stamp(value, "timestamp"), What::Wrote(wrote))
}

pub(super) fn published(context: &Context, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a post without id") };
    let post = Post {
        id: id.clone(),
        text: value.text("text").map(str::to_owned),
        permalink: value.text("permalink").map(str::to_owned),
        picture: attachments(value).into_iter().find(|a| a.kind == AttachmentKind::Image).and_then(|a| a.url),
        author: None,
        own: Some(true),
    };
    context.event(format!("p:{id}"), stamp(value, "timestamp"), What::Published(post))
}
