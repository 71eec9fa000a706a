//! What the bridge tells, in the desk's words.

use serde_json::Value;

use crate::base::At;
use crate::base::json::{self, Reads};
use crate::base::sign::fingerprint;
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Author, Element, Event, Fate, Post, Said, What, Wrote};
use crate::desk::message::{Kind, Visibility};
use crate::desk::outbound::Refusal;

/// One event, read on its own: one that cannot be read stops none of the others.
pub(super) fn element(account: Option<&String>, event: &Value) -> Element {
    // Some put a document into a string on its way.
    let opened = event.as_str().and_then(|text| json::parse(text.as_bytes()).ok());
    let event = opened.as_ref().unwrap_or(event);
    let account = event.id("account").or_else(|| account.cloned());
    let kind = event.text("type").unwrap_or_default();
    let at =
        event.text("at").and_then(|t| At::parse(t).ok()).or_else(|| event.number("at").map(At::from_secs_or_millis));
    let (key, said) = match read_event(kind, event) {
        Ok((key, what)) => (key, Said::Event(Box::new(Event { at, what }))),
        Err(said) => (format!("x:{}", fingerprint(&[&event.to_string()])), said),
    };
    // A bridge may name its events; then that name recognises a repetition.
    let key = event.id("event").map_or(key, |id| format!("n:{id}"));
    Element { account, key, said }
}

fn read_event(kind: &str, event: &Value) -> Result<(String, What), Said> {
    let missing = |what: &str| Said::Unreadable(format!("a {kind} without “{what}”"));
    let id = || event.id("id").ok_or_else(|| missing("id"));
    let at = event.get("at").map(ToString::to_string).unwrap_or_default();
    match kind {
        "message" => Ok((format!("w:{}", id()?), What::Wrote(wrote(event, id()?)?))),
        "edit" => {
            let edited = wrote(event, id()?)?;
            let key = format!("e:{}", fingerprint(&[&edited.id, edited.text.as_deref().unwrap_or_default(), &at]));
            Ok((key, What::Edited(edited)))
        }
        "delete" => Ok((format!("d:{}", id()?), What::Deleted { id: id()? })),
        "hidden" => {
            let hidden = event.get("hidden").is_none_or(|h| h != &Value::Bool(false));
            Ok((
                format!("h:{}", fingerprint(&[&id()?, if hidden { "1" } else { "0" }, &at])),
                What::Hidden { id: id()?, hidden },
            ))
        }
        "reaction" => {
            let by = author(&event["from"]);
            let reaction = event.text("reaction").map(str::to_owned).filter(|r| !r.is_empty());
            let who = by.as_ref().map(|a| a.id.clone()).unwrap_or_default();
            let key = fingerprint(&[&id()?, &who, reaction.as_deref().unwrap_or_default(), &at]);
            let on_post = event.flag("on_post");
            Ok((format!("r:{key}"), What::Reacted { id: id()?, by, reaction, on_post }))
        }
        "status" => status(event),
        "post" => {
            let post = post(event).ok_or_else(|| missing("id"))?;
            Ok((
                format!("p:{}", fingerprint(&[&post.id, post.text.as_deref().unwrap_or_default()])),
                What::Published(post),
            ))
        }
        "" => Err(Said::Unreadable("an event without “type”".into())),
        other => Err(Said::Nothing(format!("type:{}", brief(other)))),
    }
}

/// What became of a reply of ours: named by the network's id, or by the key we sent with it.
fn status(event: &Value) -> Result<(String, What), Said> {
    let id = event.id("id");
    let tag = event.id("key");
    let named = id.clone().or_else(|| tag.clone());
    let Some(named) = named else { return Err(Said::Unreadable("a status without “id” or “key”".into())) };
    let word = event.text("status").unwrap_or_default();
    let key = format!("s:{}", fingerprint(&[&named, word]));
    match word {
        "delivered" | "read" => {
            let thread = event.id("thread").ok_or_else(|| Said::Unreadable("a status without “thread”".into()))?;
            let upto = event.text("upto").and_then(|t| At::parse(t).ok());
            Ok((key, What::Receipt { thread, ids: id.into_iter().collect(), upto, read: word == "read" }))
        }
        "failed" => {
            let refusal = event.text("refused").and_then(|r| r.parse().ok()).unwrap_or(Refusal::Invalid);
            let why = event.text("why").unwrap_or("the bridge could not carry it over").chars().take(300).collect();
            Ok((key, What::Fared { id: named, tag, how: Fate::Failed { refusal, why } }))
        }
        other => Err(Said::Nothing(format!("status:{}", brief(other)))),
    }
}

fn wrote(event: &Value, id: String) -> Result<Wrote, Said> {
    let kind = match event.text("kind").unwrap_or("dm") {
        "comment" => Kind::Comment,
        "mention" => Kind::Mention,
        "review" => Kind::Review,
        "chat" => Kind::Chat,
        "dm" => Kind::Dm,
        other => return Err(Said::Nothing(format!("kind:{}", brief(other)))),
    };
    let public = event
        .get("public")
        .map_or(matches!(kind, Kind::Comment | Kind::Mention | Kind::Review), |p| p == &Value::Bool(true));
    let visibility = if public { Visibility::Public } else { Visibility::Private };
    let own = event.flag("own");
    let author = author(&event["from"]);
    let partner = if public { None } else { author_of(event, "with").or_else(|| author.clone().filter(|_| !own)) };
    let parent = event.id("reply_to");
    let thread = event.id("thread").or_else(|| partner.as_ref().map(|p| p.id.clone())).or_else(|| parent.clone());
    Ok(Wrote {
        author: author.filter(|_| !own),
        own,
        partner,
        text: event.text("text").map(str::to_owned),
        attachments: event.list("attachments").iter().take(50).map(attachment).collect(),
        parent,
        post: post(&event["post"]),
        tag: event.id("key"),
        replyable: event.get("answerable").is_none_or(|a| a != &Value::Bool(false)),
        machine: event.flag("machine"),
        rating: event.text("rating").map(|r| r.chars().take(20).collect()),
        ..Wrote::new(id.clone(), kind, visibility, thread.unwrap_or(id))
    })
}

fn author_of(event: &Value, key: &str) -> Option<Author> {
    author(&event[key])
}

/// Somebody: `{"id", "name", "handle"}`, or just an id.
fn author(value: &Value) -> Option<Author> {
    if let Some(id) = json::as_id(value) {
        return Some(Author { id, ..Author::default() });
    }
    let text = |key: &str| value.text(key).map(str::to_owned);
    Some(Author { id: value.id("id")?, name: text("name"), handle: text("handle") })
}

fn post(value: &Value) -> Option<Post> {
    if let Some(id) = json::as_id(value) {
        return Some(Post { id, ..Post::default() });
    }
    let text = |key: &str| value.text(key).map(str::to_owned);
    Some(Post {
        id: value.id("id")?,
        text: text("text"),
        permalink: text("url").filter(|u| u.starts_with("https://") || u.starts_with("http://")),
        picture: None,
        author: author(&value["from"]),
        own: value.get("own").and_then(Value::as_bool),
    })
}

/// What came is named, by its address where it has no title; whether its bytes may be fetched from
/// there is for the channel's settings to say.
fn attachment(value: &Value) -> Attachment {
    let kind = value.text("kind").and_then(|k| k.parse().ok()).unwrap_or(AttachmentKind::File);
    let title = value.text("title").or_else(|| value.text("url"));
    let url = value.text("url").filter(|u| u.len() <= 2_000 && (u.starts_with("https://") || u.starts_with("http://")));
    Attachment::new(kind, url).titled(title)
}

fn brief(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}
