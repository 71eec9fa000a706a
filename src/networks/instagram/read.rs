//! Instagram’s hooks: comments, mentions, messages.

use serde_json::Value;

use super::super::Unreadable;
use super::super::meta::entry::{Context, brief};
use super::super::meta::messaging;
use crate::base::json::{self, Reads};
use crate::desk::inbound::{Author, Element, Post, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// Every element of a body.
pub(super) fn read(body: &[u8]) -> Result<Vec<Element>, Unreadable> {
    let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
    if !body["entry"].is_array() {
        return Err(Unreadable("there is no “entry” list in the body".into()));
    }
    Ok(body.list("entry").iter().flat_map(entry).collect())
}

/// One entry: its changes, messages and what other applications hold, each on its own. Routed by its
/// id; the page of the documentation also prints a change that is the entry itself.
fn entry(entry: &Value) -> Vec<Element> {
    let context = Context::of(entry);
    let mut elements: Vec<Element> = entry.list("changes").iter().map(|c| change(&context, c)).collect();
    if entry.get("field").is_some() {
        elements.push(change(&context, entry));
    }
    elements.extend(entry.list("messaging").iter().map(|m| messaging::read(&context, m, true)));
    elements.extend(entry.list("standby").iter().map(|m| messaging::read(&context, m, false)));
    if elements.is_empty() {
        elements.push(context.nothing(&entry.to_string(), "empty_entry".into()));
    }
    elements
}

fn change(context: &Context, change: &Value) -> Element {
    let (field, value) = (change.text("field").unwrap_or_default(), &change["value"]);
    match field {
        "comments" | "live_comments" => comment(context, value),
        "mentions" => mention(context, value),
        // The dashboard’s test button wraps messaging samples like this.
        _ if value.get("sender").is_some() => messaging::read(context, value, true),
        _ => context.nothing(&value.to_string(), format!("field:{}", brief(field))),
    }
}

/// Who is known by id and name; the name is what people go by here.
pub(super) fn person(id: String, username: Option<&str>) -> Author {
    Author { id, name: username.map(str::to_owned), handle: username.map(|u| format!("@{u}")) }
}

/// A new comment; there are no hooks for changed, hidden or deleted ones. Bodies of before 2022 name
/// neither author nor publication (seen).
fn comment(context: &Context, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a comment without id") };
    let (from, media) = (&value["from"], &value["media"]);
    let author = from.id("id").map(|id| person(id, from.text("username")));
    let own = context.is_ours(author.as_ref().map(|a| a.id.as_str())) || from.get("self_ig_scoped_id").is_some();
    // What is advertised has an id of its own beside that of the publication it came from.
    let post = media.id("original_media_id").or_else(|| media.id("id"));
    let parent = value.id("parent_id");
    let wrote = Wrote {
        own,
        author,
        text: value.text("text").map(str::to_owned),
        post: post.map(|id| Post { id, own: Some(true), ..Post::default() }),
        parent: parent.clone(),
        ..Wrote::new(id.clone(), Kind::Comment, Visibility::Public, parent.unwrap_or_else(|| id.clone()))
    };
    context.event(format!("w:{id}"), None, What::Wrote(wrote))
}

/// Somebody named us in a caption or a comment elsewhere: only ids, the rest has to be asked for.
fn mention(context: &Context, value: &Value) -> Element {
    let (comment, media) = (value.id("comment_id"), value.id("media_id"));
    let Some(id) = comment.clone().or_else(|| media.clone()) else {
        return context.unreadable(value, "a mention without media_id");
    };
    let under = media.filter(|_| comment.is_some());
    let wrote = Wrote {
        post: under.map(|id| Post { id, own: Some(false), ..Post::default() }),
        ..Wrote::new(id.clone(), Kind::Mention, Visibility::Public, id.clone())
    };
    context.event(format!("w:{id}"), None, What::Wrote(wrote))
}
