//! Reading what hooks missed: the comments of recent videos. Conversations cannot be read.

use serde_json::{Value, json};

use super::super::{Line, PollFrom, Polled, Refused};
use super::act::{comments, get, named};
use super::read::Context;
use crate::base::At;
use crate::base::json::Reads;
use crate::desk::inbound::{Element, Post, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// Videos whose comments are read: forty calls a minute are allowed for one account.
const VIDEOS: usize = 20;

/// The comments since then of the newest videos and of those that are lively.
pub(super) async fn poll(line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
    let fields = r#"["item_id","caption","share_url","create_time","thumbnail_url"]"#;
    let data = get(line, "business/video/list", &[("fields", fields), ("max_count", "20")]).await?;
    let videos = data.list("videos").to_vec();
    let mut ids: Vec<String> =
        videos.iter().filter_map(|v| v.id("item_id")).chain(from.posts.iter().cloned()).collect();
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    ids.truncate(VIDEOS);
    let mut found = serde_json::Map::new();
    for id in ids {
        let mut all = match comments(line, &id, None, 1).await {
            // A video that is gone or closed for comments keeps nobody from the others.
            Err(Refused::Never(..)) => continue,
            other => other?,
        };
        let at = |c: &Value| c.number("create_time").map(At::from_secs_or_millis);
        all.retain(|c| at(c).is_none_or(|at| at >= from.since));
        if !all.is_empty() {
            found.insert(id, all.into());
        }
    }
    let known: Vec<Value> =
        videos.into_iter().filter(|v| v.id("item_id").is_some_and(|id| found.contains_key(&id))).collect();
    let document = json!({"business_id": line.account.id, "videos": known, "comments": found});
    let body = (!found.is_empty()).then(|| document.to_string().into_bytes());
    Ok(Polled { body, cursor: None, more: false })
}

/// Reads the document under the same keys as the hooks' events.
pub(super) fn read(body: &Value) -> Vec<Element> {
    let context = Context { me: body.id("business_id"), at: None };
    let video = |v: &Value| {
        let id = v.id("item_id")?;
        let words = |key: &str| v.text(key).map(str::to_owned);
        let post = Post {
            id: id.clone(),
            text: words("caption"),
            permalink: words("share_url"),
            picture: words("thumbnail_url"),
            own: Some(true),
            author: None,
        };
        Some(context.event(
            format!("p:{id}:poll"),
            v.number("create_time").map(At::from_secs_or_millis),
            What::Published(post),
        ))
    };
    let mut elements: Vec<Element> = body.list("videos").iter().filter_map(video).collect();
    let mut all: Vec<(&String, &Value)> = Vec::new();
    for (video, comments) in body["comments"].as_object().into_iter().flatten() {
        for c in comments.as_array().into_iter().flatten() {
            all.push((video, c));
            all.extend(c.list("reply_list").iter().map(|r| (video, r)));
        }
    }
    all.sort_by_key(|(_, c)| c.number("create_time").unwrap_or(0));
    elements.extend(all.into_iter().map(|(video, c)| comment(&context, video, c)));
    // Pages overlap, and a list may hold a comment twice.
    let mut seen = std::collections::BTreeSet::new();
    elements.retain(|e| seen.insert(e.key.clone()));
    elements
}

fn comment(context: &Context, video: &str, c: &Value) -> Element {
    let Some(id) = c.id("comment_id") else { return context.unreadable(c, "a comment without comment_id") };
    let parent = c.id("parent_comment_id").filter(|p| p != "0" && *p != id);
    let wrote = Wrote {
        own: c.flag("owner"),
        author: named(c),
        text: c.text("text").map(str::to_owned),
        post: Some(Post { id: video.to_owned(), own: Some(true), ..Post::default() }),
        parent: parent.clone(),
        ..Wrote::new(id.clone(), Kind::Comment, Visibility::Public, parent.unwrap_or_else(|| id.clone()))
    };
    context.event(format!("w:{id}"), c.number("create_time").map(At::from_secs_or_millis), What::Wrote(wrote))
}
