//! Filling holes: what hooks missed is read from the page's feed, from recent publications, from
//! posts that tag the page, and from conversations. There is no history of hooks to ask for.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::meta::entry::Context;
use super::super::meta::messaging::thread_of;
use super::super::meta::talk::time;
use super::super::meta::{self, graph, signed};
use super::super::{Line, PollFrom, Polled, Refused, Unreadable};
use crate::base::fetch::Ask;
use crate::base::json::{self, Reads};
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Author, Element, Post, What, Wrote};
use crate::desk::message::{Kind, Visibility};

const COMMENT: &str = "id,message,from{id,name},parent{id},created_time,attachment,permalink_url";
/// Pages of a hundred read of one list, at the most.
const PAGES: usize = 5;

/// Reads everything since a moment; what one list refuses does not keep the others.
pub(super) async fn poll(line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
    let page = line.account.id.clone();
    let since = from.since.secs().to_string();
    let list = |path: String, query: Vec<(&'static str, String)>| read_list(line, path, query);
    let feed_fields = "id,message,from{id,name},created_time,permalink_url,full_picture".to_owned();
    let feed = list(format!("{page}/feed"), vec![("fields", feed_fields.clone()), ("since", since.clone())]).await?;
    let mut posts: Vec<String> = feed.iter().filter_map(|p| p.id("id")).chain(from.posts.iter().cloned()).collect();
    posts.sort();
    posts.dedup();
    let mut comments = serde_json::Map::new();
    for post in posts {
        let query = vec![
            ("fields", COMMENT.to_owned()),
            ("filter", "stream".to_owned()),
            ("order", "reverse_chronological".to_owned()),
            ("since", since.clone()),
        ];
        match list(format!("{post}/comments"), query).await {
            Ok(found) if !found.is_empty() => drop(comments.insert(post, found.into())),
            Ok(_) | Err(Refused::Never(..)) => {}
            Err(other) => return Err(other),
        }
    }
    let tagged = list(format!("{page}/tagged"), vec![("fields", feed_fields), ("since", since)]).await;
    let talks = vec![
        ("platform", "messenger".to_owned()),
        (
            "fields",
            "updated_time,messages.limit(20){id,message,from{id,name},to{data{id,name}},created_time,sticker}"
                .to_owned(),
        ),
    ];
    let conversations = list(format!("{page}/conversations"), talks).await;
    let fresh = |items: Result<Vec<Value>, Refused>| match items {
        Ok(items) => Ok(items.into_iter().filter(|i| !is_old(i, from)).collect::<Vec<_>>()),
        Err(Refused::Never(..)) => Ok(Vec::new()),
        Err(other) => Err(other),
    };
    let document = json!({
        "page": page,
        "feed": feed,
        "comments": comments,
        "tagged": fresh(tagged)?,
        "conversations": fresh(conversations)?,
    });
    Ok(Polled { body: Some(document.to_string().into_bytes()), cursor: None, more: false })
}

fn is_old(item: &Value, from: &PollFrom) -> bool {
    let moved = item.text("updated_time").or_else(|| item.text("created_time")).and_then(time);
    moved.is_some_and(|at| at < from.since.minus(Duration::from_mins(1)))
}

async fn read_list(line: &Line<'_>, path: String, query: Vec<(&'static str, String)>) -> Result<Vec<Value>, Refused> {
    let token = line.account.need("page_token").map_err(Refused::Reconnect)?;
    let (mut items, mut after) = (Vec::new(), None);
    for _ in 0..PAGES {
        let mut call = Ask::get(graph(&line.account.settings, &path)).query("limit", "100");
        for (key, value) in &query {
            call = call.query(key, value.clone());
        }
        if let Some(after) = after.take() {
            call = call.query("after", after);
        }
        let body = meta::read(line, signed(&line.account.settings, call, token)).await?;
        items.extend(body.list("data").iter().cloned());
        let next = body["paging"].get("next").is_some();
        after = body["paging"]["cursors"].id("after").filter(|_| next);
        if after.is_none() {
            break;
        }
    }
    Ok(items)
}

/// Reads a poll's document into the same events a hook would have brought, under the same keys.
pub(super) fn read(body: &[u8]) -> Result<Vec<Element>, Unreadable> {
    let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
    let context = Context { account: body.id("page"), at: None };
    let mut elements: Vec<Element> = body.list("feed").iter().map(|p| publication(&context, p)).collect();
    for (post, comments) in body["comments"].as_object().into_iter().flatten() {
        // Oldest first, so that a reply finds what it answers.
        elements.extend(comments.as_array().into_iter().flatten().rev().map(|c| comment(&context, post, c)));
    }
    elements.extend(body.list("tagged").iter().map(|p| tagged(&context, p)));
    for conversation in body.list("conversations") {
        elements.extend(conversation["messages"].list("data").iter().rev().map(|m| message(&context, m)));
    }
    Ok(elements)
}

fn author(value: &Value) -> Option<Author> {
    let from = &value["from"];
    Some(Author { id: from.id("id")?, name: from.text("name").map(str::to_owned), handle: None })
}

fn publication(context: &Context, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a publication without id") };
    let author = author(value);
    let at = value.text("created_time").and_then(time);
    let text = value.text("message").map(str::to_owned);
    let own = context.is_ours(author.as_ref().map(|a| a.id.as_str()));
    if own || author.is_none() {
        let post = Post {
            id: id.clone(),
            text,
            permalink: value.text("permalink_url").map(str::to_owned),
            picture: value.text("full_picture").map(str::to_owned),
            author,
            own: Some(true),
        };
        return context.event(format!("p:{id}:poll"), at, What::Published(post));
    }
    let picture = value.text("full_picture").map(|url| Attachment::new(AttachmentKind::Image, Some(url)));
    let wrote = Wrote {
        author,
        text,
        attachments: picture.into_iter().collect(),
        ..Wrote::new(id.clone(), Kind::Mention, Visibility::Public, id.clone())
    };
    context.event(format!("w:{id}"), at, What::Wrote(wrote))
}

fn comment(context: &Context, post: &str, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a comment without id") };
    let author = author(value);
    let parent = value["parent"].id("id");
    let picture =
        value["attachment"]["media"]["image"].text("src").map(|url| Attachment::new(AttachmentKind::Image, Some(url)));
    let wrote = Wrote {
        own: context.is_ours(author.as_ref().map(|a| a.id.as_str())),
        author,
        text: value.text("message").map(str::to_owned),
        attachments: picture.into_iter().collect(),
        post: Some(Post { id: post.to_owned(), ..Post::default() }),
        parent: Some(parent.clone().unwrap_or_else(|| post.to_owned())),
        ..Wrote::new(id.clone(), Kind::Comment, Visibility::Public, parent.unwrap_or_else(|| id.clone()))
    };
    context.event(format!("w:{id}"), value.text("created_time").and_then(time), What::Wrote(wrote))
}

fn tagged(context: &Context, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a tagged post without id") };
    let wrote = Wrote {
        author: author(value),
        text: value.text("message").map(str::to_owned),
        ..Wrote::new(id.clone(), Kind::Mention, Visibility::Public, id.clone())
    };
    context.event(format!("w:{id}"), value.text("created_time").and_then(time), What::Wrote(wrote))
}

fn message(context: &Context, value: &Value) -> Element {
    let Some(id) = value.id("id") else { return context.unreadable(value, "a message without id") };
    let from = author(value);
    let own = context.is_ours(from.as_ref().map(|a| a.id.as_str()));
    let to = value["to"]
        .list("data")
        .iter()
        .find_map(|t| Some(Author { id: t.id("id")?, name: t.text("name").map(str::to_owned), handle: None }));
    let Some(partner) = (if own { to } else { from.clone() }) else {
        return context.nothing(&value.to_string(), "messaging:no_person".into());
    };
    let sticker = value.text("sticker").map(|url| Attachment::new(AttachmentKind::Sticker, Some(url)));
    let wrote = Wrote {
        own,
        author: from.filter(|_| !own),
        partner: Some(partner.clone()),
        text: value.text("message").map(str::to_owned),
        attachments: sticker.into_iter().collect(),
        ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, thread_of(&partner.id))
    };
    context.event(format!("w:{id}"), value.text("created_time").and_then(time), What::Wrote(wrote))
}
