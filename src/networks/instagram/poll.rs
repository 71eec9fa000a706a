//! Filling holes: comments of recent publications and the newest messages of conversations. What
//! hooks missed cannot be asked for otherwise.

use serde_json::{Value, json};

use super::super::meta::entry::Context;
use super::super::meta::messaging::thread_of;
use super::super::meta::{self, talk::time};
use super::super::{Line, PollFrom, Polled, Refused, Unreadable};
use super::read::person;
use super::{graph, signed};
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::{self, Reads};
use crate::desk::inbound::{Element, Post, What, Wrote};
use crate::desk::message::{Kind, Visibility};

const COMMENT: &str =
    "id,text,timestamp,from,user,username,hidden,replies.limit(50){id,text,timestamp,from,user,username,hidden}";
/// Pages of fifty read of one list, at the most.
const PAGES: usize = 5;

/// Reads everything since a moment; what one list refuses does not keep the others.
pub(super) async fn poll(line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
    let id = &line.account.id;
    let mut media =
        list(line, format!("{id}/media"), "id,caption,permalink,media_type,media_url,timestamp", from.since).await?;
    for known in &from.posts {
        if !media.iter().any(|m| m.id("id").as_ref() == Some(known)) {
            media.push(json!({"id": known}));
        }
    }
    let mut comments = serde_json::Map::new();
    for id in media.iter().filter_map(|m| m.id("id")) {
        match list(line, format!("{id}/comments"), COMMENT, At(0)).await {
            Ok(found) => {
                let found: Vec<Value> = found.into_iter().filter_map(|c| fresh(c, from.since)).collect();
                if !found.is_empty() {
                    comments.insert(id, found.into());
                }
            }
            Err(Refused::Never(..)) => {}
            Err(other) => return Err(other),
        }
    }
    let fields = "updated_time,messages.limit(20){id,message,from,to,created_time}";
    let talks = Ask::get(graph(&line.account.settings, "me/conversations")).query("platform", "instagram");
    let talks = match meta::read(line, signed(line, talks.query("fields", fields).query("limit", "50"))?).await {
        Ok(body) => body.list("data").to_vec(),
        Err(Refused::Never(..)) => Vec::new(),
        Err(other) => return Err(other),
    };
    let moved = |t: &Value| t.text("updated_time").and_then(time).is_none_or(|at| at >= from.since);
    let talks: Vec<Value> = talks.into_iter().filter(moved).collect();
    let document = json!({"account": id, "media": media, "comments": comments, "conversations": talks});
    Ok(Polled { body: Some(document.to_string().into_bytes()), cursor: None, more: false })
}

/// A comment with those of its replies that are not older than that; where it is older itself, it
/// only says what they answer.
fn fresh(mut comment: Value, since: At) -> Option<Value> {
    let new = |c: &Value| c.text("timestamp").and_then(time).is_none_or(|at| at >= since);
    let replies: Vec<Value> = comment["replies"].list("data").iter().filter(|r| new(r)).cloned().collect();
    let is_new = new(&comment);
    if !is_new && replies.is_empty() {
        return None;
    }
    comment["replies"] = json!({"data": replies});
    comment["old"] = json!(!is_new);
    Some(comment)
}

/// A list, newest first, as far back as that.
async fn list(line: &Line<'_>, path: String, fields: &str, since: At) -> Result<Vec<Value>, Refused> {
    let (mut items, mut after) = (Vec::new(), None);
    for _ in 0..PAGES {
        let mut ask = Ask::get(graph(&line.account.settings, &path)).query("limit", "50").query("fields", fields);
        if let Some(after) = after.take() {
            ask = ask.query("after", after);
        }
        let body = meta::read(line, signed(line, ask)?).await?;
        let told = body.list("data").len();
        let new = |i: &&Value| i.text("timestamp").and_then(time).is_none_or(|at| at >= since);
        let fresh: Vec<Value> = body.list("data").iter().filter(new).cloned().collect();
        let is_past = fresh.len() < told;
        items.extend(fresh);
        after = body["paging"]["cursors"].id("after").filter(|_| body["paging"].get("next").is_some());
        if after.is_none() || is_past {
            break;
        }
    }
    Ok(items)
}

/// Reads a poll’s document into what hooks would have brought, under the same keys.
pub(super) fn read(body: &[u8]) -> Result<Vec<Element>, Unreadable> {
    let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
    let context = Context { account: body.id("account"), at: None };
    let mut elements: Vec<Element> = Vec::new();
    for media in body.list("media").iter().filter(|m| m.get("timestamp").is_some()) {
        elements.extend(published(&context, media));
    }
    for (post, comments) in body["comments"].as_object().into_iter().flatten() {
        // Oldest first, so that a reply finds what it answers.
        for c in comments.as_array().into_iter().flatten().rev() {
            let parent = c.id("id");
            elements.extend(Some(c).filter(|c| !c.flag("old")).map(|c| comment(&context, post, None, c)));
            elements.extend(c["replies"].list("data").iter().map(|r| comment(&context, post, parent.as_deref(), r)));
        }
    }
    for talk in body.list("conversations") {
        elements.extend(talk["messages"].list("data").iter().rev().map(|m| message(&context, m)));
    }
    Ok(elements)
}

fn published(context: &Context, value: &Value) -> Option<Element> {
    let id = value.id("id")?;
    let post = Post {
        id: id.clone(),
        text: value.text("caption").map(str::to_owned),
        permalink: value.text("permalink").map(str::to_owned),
        picture: value.text("media_url").filter(|_| value.text("media_type") != Some("VIDEO")).map(str::to_owned),
        author: None,
        own: Some(true),
    };
    Some(context.event(format!("p:{id}:poll"), value.text("timestamp").and_then(time), What::Published(post)))
}

fn comment(context: &Context, post: &str, parent: Option<&str>, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a comment without id") };
    let username = value["from"].text("username").or_else(|| value.text("username"));
    let author = value["from"].id("id").or_else(|| username.map(|u| format!("@{u}"))).map(|id| person(id, username));
    let own = context.is_ours(author.as_ref().map(|a| a.id.as_str())) || value["user"].id("id").is_some();
    let wrote = Wrote {
        own,
        author,
        text: value.text("text").map(str::to_owned),
        post: Some(Post { id: post.to_owned(), own: Some(true), ..Post::default() }),
        parent: parent.map(str::to_owned),
        ..Wrote::new(id.clone(), Kind::Comment, Visibility::Public, parent.unwrap_or(&id))
    };
    context.event(format!("w:{id}"), value.text("timestamp").and_then(time), What::Wrote(wrote))
}

fn message(context: &Context, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a message without id") };
    let who = |v: &Value| v.id("id").map(|id| person(id, v.text("username")));
    let from = who(&value["from"]);
    let own = context.is_ours(from.as_ref().map(|a| a.id.as_str()));
    let to = value["to"].list("data").iter().find_map(who);
    let Some(partner) = (if own { to } else { from.clone() }) else {
        return context.nothing(&value.to_string(), "messaging:no_person".into());
    };
    let wrote = Wrote {
        own,
        author: from.filter(|_| !own),
        partner: Some(partner.clone()),
        text: value.text("message").map(str::to_owned),
        ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, thread_of(&partner.id))
    };
    context.event(format!("w:{id}"), value.text("created_time").and_then(time), What::Wrote(wrote))
}
