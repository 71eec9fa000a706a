//! What YouTube's calls return, in our words: single answers as they come, or the document of a poll,
//! which holds several.

use serde_json::Value;

use super::super::Unreadable;
use crate::base::At;
use crate::base::json::{Reads, as_id};
use crate::base::sign::fingerprint;
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Author, Element, Event, Post, Said, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// A poll's document, or one answer of a list call.
///
/// # Errors
/// [`Unreadable`] when it is neither.
pub(super) fn document(body: &Value) -> Result<Vec<Element>, Unreadable> {
    let is_poll = body.get("answers").is_some();
    let me = body.id("channel_id");
    let single = [body.clone()];
    let answers = if is_poll { body.list("answers") } else { &single[..] };
    let mut elements = Vec::new();
    for answer in answers {
        if answer.text("kind").is_none_or(|k| !k.ends_with("ListResponse")) {
            return Err(Unreadable("this is no answer of a list call".into()));
        }
        // Newest first on the wire; oldest first here, so that a reply finds what it answers. A chat
        // comes in order.
        let chat = answer.text("kind") == Some("youtube#liveChatMessageListResponse");
        let context = Context { me: me.clone(), video: answer.id("guichetVideo") };
        let items = answer.list("items");
        let mut read: Vec<Vec<Element>> = items.iter().map(|i| item(&context, i)).collect();
        if !chat {
            read.reverse();
        }
        elements.extend(read.into_iter().flatten());
    }
    let context = Context { me, video: None };
    let at = body.id("read_at").unwrap_or_default();
    for id in body.list("gone").iter().filter_map(as_id) {
        elements.push(context.event(format!("d:{id}"), None, What::Deleted { id }));
    }
    for id in body.list("released").iter().filter_map(as_id) {
        elements.push(context.event(format!("h:{id}:shown:{at}"), None, What::Hidden { id, hidden: false }));
    }
    // An answer may hold a reply twice: within its thread, and asked for by itself.
    let mut seen = std::collections::BTreeSet::new();
    elements.retain(|e| seen.insert(e.key.clone()));
    Ok(elements)
}

struct Context {
    me: Option<String>,
    video: Option<String>,
}

impl Context {
    fn event(&self, key: String, at: Option<At>, what: What) -> Element {
        Element { account: self.me.clone(), key, said: Said::Event(Box::new(Event { at, what })) }
    }

    fn nothing(&self, of: &Value, why: String) -> Element {
        let key = format!("n:{}", fingerprint(&[&why, &of.to_string()]));
        Element { account: self.me.clone(), key, said: Said::Nothing(why) }
    }

    fn unreadable(&self, of: &Value, why: &str) -> Element {
        let key = format!("u:{}", fingerprint(&[&of.to_string()]));
        Element { account: self.me.clone(), key, said: Said::Unreadable(why.to_owned()) }
    }
}

fn item(context: &Context, i: &Value) -> Vec<Element> {
    match i.text("kind").unwrap_or_default() {
        "youtube#commentThread" => thread(context, i),
        "youtube#comment" => comment(context, i, None, context.me.as_deref()),
        "youtube#liveChatMessage" => vec![chat(context, i)],
        "youtube#video" => vec![video(context, i)],
        other => vec![
            context.nothing(i, other.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '#').take(40).collect()),
        ],
    }
}

/// A thread: its first comment, then those of its replies that came along.
fn thread(context: &Context, t: &Value) -> Vec<Element> {
    let snippet = &t["snippet"];
    let (ours, video) = (snippet.id("channelId"), snippet.id("videoId"));
    let whose = context.me.clone().or(ours);
    let mut elements = comment(context, &snippet["topLevelComment"], video.as_deref(), whose.as_deref());
    let mut replies: Vec<&Value> = t["replies"].list("comments").iter().collect();
    replies.sort_by_key(|r| r["snippet"].text("publishedAt").unwrap_or_default());
    elements.extend(replies.into_iter().flat_map(|r| comment(context, r, video.as_deref(), whose.as_deref())));
    elements
}

fn time(value: &Value, key: &str) -> Option<At> {
    value.text(key).and_then(|t| At::parse(t).ok())
}

/// A comment; a second element where it is held back from others' eyes.
fn comment(context: &Context, c: &Value, video: Option<&str>, whose: Option<&str>) -> Vec<Element> {
    let Some(id) = c.id("id") else { return vec![context.unreadable(c, "a comment without id")] };
    let s = &c["snippet"];
    let author = s["authorChannelId"].id("value").map(|id| {
        let name = s.text("authorDisplayName").map(str::to_owned);
        let handle = name.clone().filter(|n| n.starts_with('@'));
        Author { id, name, handle }
    });
    let parent = s.id("parentId");
    let picture = s.text("imageUrl").filter(|u| !u.is_empty());
    let post = s.id("videoId").or(video.map(str::to_owned)).map(|id| Post { own: Some(true), ..film(&id) });
    let wrote = Wrote {
        own: author.is_some() && author.as_ref().map(|a| a.id.as_str()) == whose,
        author,
        text: s.text("textOriginal").map(str::to_owned).or_else(|| s.text("textDisplay").map(plain)),
        attachments: picture.map(|u| Attachment::new(AttachmentKind::Image, Some(u))).into_iter().collect(),
        post,
        parent: parent.clone(),
        ..Wrote::new(id.clone(), Kind::Comment, Visibility::Public, parent.unwrap_or_else(|| id.clone()))
    };
    let (published, updated) = (time(s, "publishedAt"), time(s, "updatedAt"));
    let changed = updated.filter(|u| Some(*u) != published && published.is_some());
    let mut elements = vec![match changed {
        Some(at) => context.event(format!("e:{id}:{}", at.secs()), Some(at), What::Edited(wrote)),
        None => context.event(format!("w:{id}"), published, What::Wrote(wrote)),
    }];
    if matches!(s.text("moderationStatus"), Some("heldForReview" | "likelySpam" | "rejected")) {
        elements.push(context.event(format!("h:{id}:held"), None, What::Hidden { id, hidden: true }));
    }
    elements
}

fn film(id: &str) -> Post {
    Post { id: id.to_owned(), permalink: Some(format!("https://www.youtube.com/watch?v={id}")), ..Post::default() }
}

/// `textDisplay` is HTML unless plain text was asked for.
fn plain(html: &str) -> String {
    if !html.contains("<br") && !html.contains("<a ") && !html.contains("</") && !html.contains('&') {
        return html.to_owned();
    }
    let (mut text, mut tag) = (String::with_capacity(html.len()), false);
    for c in html.replace("<br>", "\n").replace("<br />", "\n").chars() {
        match c {
            '<' => tag = true,
            '>' if tag => tag = false,
            c if !tag => text.push(c),
            _ => {}
        }
    }
    let names = [("&#39;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    names.iter().fold(text, |t, (from, to)| t.replace(from, to))
}

/// A film of ours, so that comments show what they are about.
fn video(context: &Context, v: &Value) -> Element {
    let Some(id) = v.id("id") else { return context.unreadable(v, "a video without id") };
    let s = &v["snippet"];
    let pictures = &s["thumbnails"];
    let picture = ["medium", "default", "high"].iter().find_map(|k| pictures[*k].text("url")).map(str::to_owned);
    let own = context.me.as_ref().map(|me| s.id("channelId").as_ref() == Some(me));
    let author =
        s.id("channelId").map(|id| Author { id, name: s.text("channelTitle").map(str::to_owned), handle: None });
    let post = Post { text: s.text("title").map(str::to_owned), picture, author, own, ..film(&id) };
    context.event(
        format!("p:{id}:{}", fingerprint(&[s.text("title").unwrap_or_default()])),
        time(s, "publishedAt"),
        What::Published(post),
    )
}

/// A message or an event of a live chat. Everybody there is in one room: the chat is the thread.
fn chat(context: &Context, m: &Value) -> Element {
    let Some(id) = m.id("id") else { return context.unreadable(m, "a chat message without id") };
    let s = &m["snippet"];
    let at = time(s, "publishedAt");
    let kind = s.text("type").unwrap_or_default();
    let deleted = |id: String| context.event(format!("d:{id}"), at, What::Deleted { id });
    let text = match kind {
        "textMessageEvent" => {
            s["textMessageDetails"].text("messageText").or_else(|| s.text("displayMessage")).map(str::to_owned)
        }
        "superChatEvent" | "superStickerEvent" => {
            let d = if kind == "superChatEvent" { &s["superChatDetails"] } else { &s["superStickerDetails"] };
            let words = d.text("userComment").or_else(|| d["superStickerMetadata"].text("altText")).unwrap_or_default();
            Some(format!("{} {words}", d.text("amountDisplayString").unwrap_or_default()).trim().to_owned())
        }
        "memberMilestoneChatEvent" => s["memberMilestoneChatDetails"].text("userComment").map(str::to_owned),
        "messageDeletedEvent" => {
            return match s["messageDeletedDetails"].id("deletedMessageId") {
                Some(gone) => deleted(gone),
                None => context.unreadable(m, "a deletion that names no message"),
            };
        }
        "messageRetractedEvent" => {
            return match s["messageRetractedDetails"].id("retractedMessageId") {
                Some(gone) => deleted(gone),
                None => context.unreadable(m, "a retraction that names no message"),
            };
        }
        "tombstone" => return deleted(id),
        other => {
            let why = other.chars().filter(char::is_ascii_alphanumeric).take(40).collect::<String>();
            return context.nothing(m, format!("chat:{why}"));
        }
    };
    let who = &m["authorDetails"];
    let author = who.id("channelId").or_else(|| s.id("authorChannelId")).map(|id| {
        let name = who.text("displayName").map(str::to_owned);
        Author { id, handle: name.clone().filter(|n| n.starts_with('@')), name }
    });
    let Some(chat) = s.id("liveChatId") else { return context.unreadable(m, "a chat message without its chat") };
    if text.as_deref().unwrap_or_default().is_empty() {
        return context.nothing(m, format!("chat:{kind}:without_words"));
    }
    let wrote = Wrote {
        own: author.is_some() && author.as_ref().map(|a| a.id.as_str()) == context.me.as_deref(),
        author,
        text,
        post: context.video.as_deref().map(|v| Post { own: Some(true), ..film(v) }),
        ..Wrote::new(id.clone(), Kind::Chat, Visibility::Public, format!("live:{chat}"))
    };
    context.event(format!("w:{id}"), at, What::Wrote(wrote))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_shown_text_becomes_plain() {
        assert_eq!(
            plain("l&#39;été<br>à <a href=\"https://a.example\">0:12</a> &lt;3 &amp;amp;"),
            "l'été\nà 0:12 <3 &amp;"
        );
        assert_eq!(plain("1 < 2"), "1 < 2");
    }
}
