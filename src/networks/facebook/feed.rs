//! The fields `feed`, `mention` and `ratings`: what happens in public on and about a page.

use serde_json::Value;

use super::super::meta::entry::{Context, brief};
use crate::base::At;
use crate::base::json::{Reads, as_id};
use crate::base::sign::fingerprint;
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Author, Element, Post, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// One `feed` value: comments, posts, reactions on and by the page.
pub(super) fn read(context: &Context, value: &Value) -> Element {
    let (item, verb) = (value.text("item").unwrap_or_default(), value.text("verb").unwrap_or_default());
    match item {
        "comment" => comment(context, value, verb),
        "like" | "reaction" => reaction(context, value, verb),
        "post" | "status" | "photo" | "video" | "share" | "album" | "link" | "note" | "event" | "milestone" => {
            publication(context, value, verb)
        }
        "" => context.nothing(&value.to_string(), "feed:no_item".into()),
        other => context.nothing(&value.to_string(), format!("feed:{}:{}", brief(other), brief(verb))),
    }
}

/// Who did it: `from` in newer bodies, `sender_id` and `sender_name` in older ones (seen).
fn author(value: &Value) -> Option<Author> {
    let from = &value["from"];
    let id = from.id("id").or_else(|| value.id("sender_id")).or_else(|| value.id("reviewer_id"))?;
    let name = from.text("name").or_else(|| value.text("sender_name")).or_else(|| value.text("reviewer_name"));
    Some(Author { id, name: name.map(str::to_owned), handle: None })
}

fn created(value: &Value) -> Option<At> {
    value.number("created_time").map(At::from_secs_or_millis)
}

/// When it happened, as part of a key: of two edits of one comment both count.
fn stamp(context: &Context, value: &Value) -> String {
    created(value).or(context.at).map(|a| a.secs().to_string()).unwrap_or_default()
}

fn post(context: &Context, value: &Value) -> Option<Post> {
    let id = value.id("post_id")?;
    let details = &value["post"];
    let own = context.account.as_deref().filter(|a| id.starts_with(&format!("{a}_"))).map(|_| true);
    let permalink = details.text("permalink_url").map(str::to_owned);
    Some(Post { id, permalink, own, ..Post::default() })
}

fn pictures(value: &Value) -> Vec<Attachment> {
    let image = |url: &str| Attachment::new(AttachmentKind::Image, Some(url));
    let mut all: Vec<Attachment> = value.text("photo").map(image).into_iter().collect();
    all.extend(value.list("photos").iter().filter_map(Value::as_str).map(image));
    all.extend(value.text("video").map(|url| Attachment::new(AttachmentKind::Video, Some(url))));
    all
}

fn comment(context: &Context, value: &Value, verb: &str) -> Element {
    let Some(id) = value.id("comment_id") else { return context.unreadable(value, "a comment without comment_id") };
    match verb {
        "add" => {
            let wrote = comment_text(context, value, id.clone());
            context.event(format!("w:{id}"), created(value), What::Wrote(wrote))
        }
        "edited" | "edit" | "update" => {
            let wrote = comment_text(context, value, id.clone());
            let key = format!(
                "e:{id}:{}:{}",
                stamp(context, value),
                fingerprint(&[wrote.text.as_deref().unwrap_or_default()])
            );
            context.event(key, None, What::Edited(wrote))
        }
        _ => gone_or_hidden(context, value, verb, id),
    }
}

fn comment_text(context: &Context, value: &Value, id: String) -> Wrote {
    let author = author(value);
    let post = post(context, value);
    let parent = value.id("parent_id");
    // A root comment names the post as its parent; a reply names the comment it answers.
    let is_root = parent.is_none() || parent == post.as_ref().map(|p| p.id.clone());
    let thread = if is_root { id.clone() } else { parent.clone().unwrap_or_default() };
    Wrote {
        own: context.is_ours(author.as_ref().map(|a| a.id.as_str())),
        author,
        text: value.text("message").map(str::to_owned),
        attachments: pictures(value),
        parent,
        post,
        ..Wrote::new(id, Kind::Comment, Visibility::Public, thread)
    }
}

/// The verbs that take something away from view, for comments and publications alike.
fn gone_or_hidden(context: &Context, value: &Value, verb: &str, id: String) -> Element {
    let key = format!("{verb}:{id}:{}", stamp(context, value));
    match verb {
        "remove" | "delete" => context.event(format!("d:{id}"), None, What::Deleted { id }),
        "hide" | "unhide" => context.event(key, None, What::Hidden { id, hidden: verb == "hide" }),
        other => context.nothing(&value.to_string(), format!("feed:verb:{}", brief(other))),
    }
}

fn reaction(context: &Context, value: &Value, verb: &str) -> Element {
    let comment = value.id("comment_id");
    let on_post = comment.is_none();
    let Some(id) = comment.or_else(|| value.id("post_id")).or_else(|| value.id("parent_id")) else {
        // A like of the page itself.
        return context.nothing(&value.to_string(), "like_of_page".into());
    };
    let by = author(value);
    if context.is_ours(by.as_ref().map(|a| a.id.as_str())) && !on_post {
        return context.nothing(&value.to_string(), "own_reaction".into());
    }
    let reaction =
        (!matches!(verb, "remove" | "delete")).then(|| value.text("reaction_type").unwrap_or("like").to_owned());
    let who = by.as_ref().map(|a| a.id.as_str()).unwrap_or_default();
    let key = format!("r:{id}:{who}:{verb}:{}:{}", reaction.as_deref().unwrap_or_default(), stamp(context, value));
    context.event(key, created(value), What::Reacted { id, by, reaction, on_post })
}

/// A post, photo, video or share: ours, or a visitor's on our page.
fn publication(context: &Context, value: &Value, verb: &str) -> Element {
    let Some(id) = value.id("post_id") else {
        return context.nothing(
            &value.to_string(),
            format!("feed:{}:{}", brief(value.text("item").unwrap_or_default()), brief(verb)),
        );
    };
    let author = author(value);
    let own = context.is_ours(author.as_ref().map(|a| a.id.as_str()));
    match verb {
        "add" | "edited" | "edit" | "update" if own => {
            let published = Post {
                id: id.clone(),
                text: value.text("message").map(str::to_owned),
                permalink: value["post"].text("permalink_url").or_else(|| value.text("link")).map(str::to_owned),
                picture: pictures(value).into_iter().find_map(|p| p.url),
                own: Some(true),
                author,
            };
            let key = format!(
                "p:{id}:{}:{}",
                stamp(context, value),
                fingerprint(&[verb, published.text.as_deref().unwrap_or_default()])
            );
            context.event(key, created(value), What::Published(published))
        }
        // An edit that does not say by whom is of our own post: visitors' posts name them.
        "add" | "edited" | "edit" | "update" if author.is_none() => {
            context.nothing(&value.to_string(), format!("feed:{}:no_author", brief(verb)))
        }
        "add" | "edited" | "edit" | "update" => {
            let wrote = Wrote {
                author,
                text: value.text("message").map(str::to_owned),
                attachments: pictures(value),
                ..Wrote::new(id.clone(), Kind::Mention, Visibility::Public, id.clone())
            };
            if verb == "add" {
                return context.event(format!("w:{id}"), created(value), What::Wrote(wrote));
            }
            let key = format!(
                "e:{id}:{}:{}",
                stamp(context, value),
                fingerprint(&[wrote.text.as_deref().unwrap_or_default()])
            );
            context.event(key, None, What::Edited(wrote))
        }
        _ => gone_or_hidden(context, value, verb, id),
    }
}

/// The field `mention`: somebody named the page in a post or comment elsewhere. A real body names
/// neither author nor sender (seen 2021).
pub(super) fn mention(context: &Context, value: &Value) -> Element {
    let Some(id) = value.id("comment_id").or_else(|| value.id("post_id")) else {
        return context.unreadable(value, "a mention without post_id or comment_id");
    };
    match value.text("verb").unwrap_or_default() {
        "add" | "edited" | "edit" | "update" | "" => {
            let under = value.get("comment_id").and_then(as_id).and_then(|_| value.id("post_id"));
            let wrote = Wrote {
                author: author(value),
                text: value.text("message").map(str::to_owned),
                post: under.map(|id| Post { id, own: Some(false), ..Post::default() }),
                ..Wrote::new(id.clone(), Kind::Mention, Visibility::Public, id.clone())
            };
            context.event(format!("w:{id}"), created(value), What::Wrote(wrote))
        }
        verb => gone_or_hidden(context, value, verb, id),
    }
}

/// The field `ratings`: reviews, and what is said under them.
pub(super) fn rating(context: &Context, value: &Value) -> Element {
    let verb = value.text("verb").unwrap_or_default();
    match value.text("item").unwrap_or_default() {
        "rating" => review(context, value, verb),
        "comment" => match value.id("comment_id") {
            Some(id) if verb == "add" => {
                let wrote = comment_text(context, value, id.clone());
                let thread = value.id("open_graph_story_id").unwrap_or_else(|| wrote.thread.clone());
                context.event(format!("w:{id}"), created(value), What::Wrote(Wrote { thread, ..wrote }))
            }
            Some(_) => comment(context, value, verb),
            None => context.unreadable(value, "a comment on a review without comment_id"),
        },
        "like" | "reaction" => {
            let story = value.id("open_graph_story_id");
            let mut about = value.clone();
            if let (Some(story), Some(fields)) = (story, about.as_object_mut()) {
                fields.insert("post_id".into(), story.into());
            }
            reaction(context, &about, verb)
        }
        other => context.nothing(&value.to_string(), format!("ratings:{}", brief(other))),
    }
}

fn review(context: &Context, value: &Value, verb: &str) -> Element {
    let Some(id) = value.id("open_graph_story_id") else {
        return context.unreadable(value, "a review without open_graph_story_id");
    };
    let rating = match (value.text("recommendation_type"), value.number("rating")) {
        (Some(kind), _) => Some(kind.to_lowercase()),
        (None, Some(stars)) => Some(format!("{stars}/5")),
        (None, None) => None,
    };
    let wrote = Wrote {
        author: author(value),
        text: value.text("review_text").map(str::to_owned),
        rating,
        ..Wrote::new(id.clone(), Kind::Review, Visibility::Public, id.clone())
    };
    match verb {
        "add" => context.event(format!("w:{id}"), created(value), What::Wrote(wrote)),
        "edit" | "edited" | "update" => {
            let text = wrote.text.clone().unwrap_or_default();
            let key = format!("e:{id}:{}:{}", stamp(context, value), fingerprint(&[&text]));
            context.event(key, None, What::Edited(wrote))
        }
        _ => gone_or_hidden(context, value, verb, id),
    }
}
