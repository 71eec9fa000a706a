//! What X tells, by hook or when asked, in our words.

use std::collections::HashMap;

use serde_json::Value;

use super::super::Unreadable;
use super::user;
use crate::base::At;
use crate::base::json::{Reads, as_id};
use crate::base::sign::fingerprint;
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Author, Element, Event, Post, Said, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// The thread of a private conversation with this person.
fn thread_of(person: &str) -> String {
    format!("dm:{person}")
}

/// A hook's body: one event of the activity API, a list of them, or what a call for posts or
/// private messages returns.
///
/// # Errors
/// [`Unreadable`] when it is none of these.
pub(super) fn hook(body: &Value) -> Result<Vec<Element>, Unreadable> {
    let events: Vec<&Value> = match &body["data"] {
        Value::Array(all) => all.iter().collect(),
        one @ Value::Object(_) => vec![one],
        // An answer that found nothing has no `data` (seen).
        Value::Null if body.get("meta").is_some() => Vec::new(),
        _ => return Err(Unreadable("there is no “data” in the body".into())),
    };
    let is_answer = |e: &&Value| e.get("event_type").is_none() || e.get("payload").is_none();
    if !events.is_empty() && events.iter().all(is_answer) {
        return Ok(answer(&Context::new(None, &body["includes"]), &events));
    }
    Ok(events.into_iter().flat_map(activity).collect())
}

/// The document of a poll: whose it is, and the answers as they came, newest first. A quote that names
/// us is among the mentions, too: it is told once.
pub(super) fn poll(body: &Value) -> Vec<Element> {
    let me = body.id("user_id");
    let of = |key: &str| {
        let context = Context::new(me.clone(), &body[key]["includes"]);
        let items: Vec<&Value> = body[key].list("data").iter().rev().collect();
        answer(&context, &items)
    };
    let mut elements: Vec<Element> = Vec::new();
    for element in ["posts", "mentions", "quotes", "dms"].into_iter().flat_map(of) {
        if !elements.iter().any(|e| e.key == element.key) {
            elements.push(element);
        }
    }
    elements
}

fn answer(context: &Context, items: &[&Value]) -> Vec<Element> {
    let item = |v: &&Value| {
        if v.get("event_type").is_some() || v.get("dm_conversation_id").is_some() {
            dm_event(context, v)
        } else {
            post(context, v)
        }
    };
    items.iter().map(item).collect()
}

/// What an event or an answer says about everything in it.
struct Context {
    me: Option<String>,
    users: HashMap<String, Author>,
    posts: HashMap<String, Value>,
    media: HashMap<String, Attachment>,
}

impl Context {
    fn new(me: Option<String>, includes: &Value) -> Context {
        let mut context = Context { me, users: HashMap::new(), posts: HashMap::new(), media: HashMap::new() };
        includes.list("users").iter().for_each(|u| context.know(user(u)));
        for p in includes.list("tweets") {
            if let Some(id) = p.id("id") {
                context.posts.insert(id, p.clone());
            }
        }
        for m in includes.list("media") {
            let kind = match m.text("type") {
                Some("photo") => AttachmentKind::Image,
                Some("video" | "animated_gif") => AttachmentKind::Video,
                _ => AttachmentKind::Unsupported,
            };
            let url = m.text("url").or_else(|| m.list("variants").iter().find_map(|v| v.text("url")));
            let url = url.or_else(|| m.text("preview_image_url"));
            if let Some(key) = m.id("media_key") {
                context.media.insert(key, Attachment::new(kind, url).titled(m.text("alt_text")));
            }
        }
        context
    }

    fn know(&mut self, u: &Value) {
        if let Some(id) = u.id("id") {
            let handle = u.text("username").map(|h| format!("@{h}"));
            self.users.insert(id.clone(), Author { id, name: u.text("name").map(str::to_owned), handle });
        }
    }

    fn author(&self, id: String) -> Author {
        self.users.get(&id).cloned().unwrap_or(Author { id, ..Author::default() })
    }

    fn is_me(&self, id: Option<&str>) -> bool {
        id.is_some() && id == self.me.as_deref()
    }

    /// The first id of a post that was edited: each edit is a post of its own.
    fn first(&self, id: String) -> String {
        self.posts.get(&id).and_then(|p| p.list("edit_history_tweet_ids").first().and_then(as_id)).unwrap_or(id)
    }

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

fn brief(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')).take(40).collect()
}

/// One event of the activity API. The same post may come as several (mention, reply, create): all
/// have the post's own key.
fn activity(event: &Value) -> Vec<Element> {
    let payload = &event["payload"];
    let whose = event["filter"].id("user_id");
    let mut context = Context::new(whose, &event["includes"]);
    let kind = event.text("event_type").unwrap_or_default();
    match kind {
        "post.create" | "post.mention.create" | "post.reply.create" | "post.quote.create" => {
            vec![post(&context, payload)]
        }
        "post.delete" => match payload.id("id") {
            Some(id) => vec![context.event(format!("d:{id}"), None, What::Deleted { id })],
            None => vec![context.unreadable(event, "a deletion without id")],
        },
        "dm.received" | "dm.sent" => {
            payload["users"].as_object().into_iter().flatten().for_each(|(_, u)| context.know(user(u)));
            let all = payload.list("direct_message_events");
            if all.is_empty() {
                return vec![context.unreadable(event, "a private message without its event")];
            }
            all.iter().map(|m| dm(&context, m, kind == "dm.sent")).collect()
        }
        "dm.read" => {
            let all = payload.list("direct_message_mark_read_events");
            let mut elements: Vec<Element> = all.iter().map(|r| seen(&context, r)).collect();
            if elements.is_empty() {
                elements.push(context.nothing(event, "dm.read:unknown_shape".into()));
            }
            elements
        }
        "chat.received" => vec![sealed(&context, payload)],
        "oauth.revoke" => {
            let me = payload.id("user_id").or(context.me.clone());
            let when = payload.text("date_time").unwrap_or_default();
            let key = format!("revoked:{}:{when}", me.as_deref().unwrap_or_default());
            let why = "the account took this application’s access away at X".to_owned();
            let context = Context { me, ..context };
            vec![context.event(key, At::parse(when).ok(), What::LoginRevoked(why))]
        }
        other => vec![context.nothing(event, brief(other))],
    }
}

/// A post: ours, or one that answers, quotes or mentions us.
fn post(context: &Context, p: &Value) -> Element {
    let Some(id) = p.id("id") else { return context.unreadable(p, "a post without id") };
    let history: Vec<String> = p.list("edit_history_tweet_ids").iter().filter_map(as_id).collect();
    let first = history.first().cloned().unwrap_or_else(|| id.clone());
    let refers = |kind: &str| {
        let all = p.list("referenced_tweets");
        all.iter().find(|r| r.text("type") == Some(kind)).and_then(|r| r.id("id")).map(|id| context.first(id))
    };
    if refers("retweeted").is_some() {
        return context.nothing(p, "repost".into());
    }
    let at = p.text("created_at").and_then(|t| At::parse(t).ok());
    let author = p.id("author_id").map(|a| context.author(a));
    let own = context.is_me(author.as_ref().map(|a| a.id.as_str()));
    let parent = refers("replied_to").or_else(|| p.id("in_reply_to_tweet_id"));
    let text = p.text("text").map(|t| plain(t, &p["entities"]));
    if own && parent.is_none() {
        let key = format!("p:{id}");
        let published = Post { text, own: Some(true), author, ..publication(&first) };
        return context.event(key, at, What::Published(published));
    }
    let conversation = p.id("conversation_id").unwrap_or_else(|| first.clone());
    let to_us = context.is_me(p.id("in_reply_to_user_id").as_deref());
    // Directly under a publication it is the first of a thread; further down the thread is known by
    // what it answers, and by the conversation where that is not here.
    let thread = match &parent {
        Some(p) if *p != conversation => conversation.clone(),
        _ => first.clone(),
    };
    let under = match (&parent, refers("quoted")) {
        (Some(parent), _) if conversation != first => {
            let ours = (to_us && *parent == conversation).then_some(true);
            Some(told(context, &conversation, ours))
        }
        (_, Some(quoted)) => Some(told(context, &quoted, None)),
        _ => None,
    };
    let media = p["attachments"].list("media_keys").iter().filter_map(as_id);
    let wrote = Wrote {
        own,
        text: if own { text.map(|t| without_names(&t)) } else { text },
        attachments: media.filter_map(|k| context.media.get(&k).cloned()).collect(),
        parent: parent.clone(),
        post: under,
        author,
        ..Wrote::new(
            first.clone(),
            if parent.is_some() && (to_us || own) { Kind::Comment } else { Kind::Mention },
            Visibility::Public,
            thread,
        )
    };
    if id == first {
        context.event(format!("w:{id}"), at, What::Wrote(wrote))
    } else {
        context.event(format!("e:{id}"), at, What::Edited(wrote))
    }
}

fn publication(id: &str) -> Post {
    Post { id: id.to_owned(), permalink: Some(format!("https://x.com/i/status/{id}")), ..Post::default() }
}

/// A publication with what came along about it.
fn told(context: &Context, id: &str, ours: Option<bool>) -> Post {
    let Some(p) = context.posts.get(id) else { return Post { own: ours, ..publication(id) } };
    let author = p.id("author_id").map(|a| context.author(a));
    let own = author.as_ref().filter(|_| context.me.is_some()).map(|a| context.is_me(Some(&a.id)));
    Post { text: p.text("text").map(|t| plain(t, &p["entities"])), own: own.or(ours), author, ..publication(id) }
}

/// The text as a reader sees it: X escapes `&`, `<` and `>`, and puts its own short links in.
fn plain(text: &str, entities: &Value) -> String {
    let mut text = text.to_owned();
    for url in entities.list("urls") {
        if let (Some(short), Some(long)) =
            (url.text("url"), url.text("expanded_url").or_else(|| url.text("display_url")))
        {
            text = text.replace(short, long);
        }
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The names X puts before a reply are not words of ours.
fn without_names(text: &str) -> String {
    let mut rest = text.trim_start();
    while let Some((name, after)) = rest.split_once(char::is_whitespace).filter(|(n, _)| is_name(n)) {
        let _ = name;
        rest = after.trim_start();
    }
    rest.to_owned()
}

fn is_name(word: &str) -> bool {
    word.strip_prefix('@')
        .is_some_and(|n| (1..=15).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// A private message as an activity event tells it.
fn dm(context: &Context, m: &Value, sent: bool) -> Element {
    let Some(id) = m.id("id") else { return context.unreadable(m, "a private message without id") };
    let created = &m["message_create"];
    if m.text("type").is_some_and(|t| t != "message_create") {
        return context.nothing(m, format!("dm:{}", brief(m.text("type").unwrap_or_default())));
    }
    let (Some(from), Some(to)) = (created.id("sender_id"), created["target"].id("recipient_id")) else {
        return context.unreadable(m, "a private message that names no sender or no recipient");
    };
    let own = sent || context.is_me(Some(&from));
    let data = &created["message_data"];
    let media = &data["attachment"]["media"];
    // Its bytes are only for who signs in: the kind is told, not the address.
    let attachments = match (data.get("attachment"), media.text("type")) {
        (None, _) => Vec::new(),
        (_, Some("photo")) => vec![Attachment::new(AttachmentKind::Image, None)],
        (_, Some("video" | "animated_gif")) => vec![Attachment::new(AttachmentKind::Video, None)],
        _ => vec![Attachment::new(AttachmentKind::Unsupported, None)],
    };
    let partner = context.author(if own { to } else { from });
    let wrote = Wrote {
        own,
        author: (!own).then(|| partner.clone()),
        text: data.text("text").map(|t| plain(t, &data["entities"])),
        attachments,
        partner: Some(partner.clone()),
        ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, thread_of(&partner.id))
    };
    let at = m.number("created_timestamp").map(At::from_millis);
    context.event(format!("w:{id}"), at, What::Wrote(wrote))
}

/// A private message as a call returns it. Of a conversation of two the id is both people's.
fn dm_event(context: &Context, m: &Value) -> Element {
    let Some(id) = m.id("id") else { return context.unreadable(m, "a private message without id") };
    if m.text("event_type").is_some_and(|t| t != "MessageCreate") {
        return context.nothing(m, format!("dm:{}", brief(m.text("event_type").unwrap_or_default())));
    }
    let Some(from) = m.id("sender_id") else {
        return context.unreadable(m, "a private message that names no sender");
    };
    let own = context.is_me(Some(&from));
    let conversation = m.id("dm_conversation_id").unwrap_or_default();
    let two: Vec<&str> = conversation.split('-').collect();
    let (partner, thread, group) = match two[..] {
        [a, b] if own => {
            let other = if context.is_me(Some(a)) { b } else { a };
            (other.to_owned(), thread_of(other), false)
        }
        [_, _] => (from.clone(), thread_of(&from), false),
        _ if conversation.is_empty() => (from.clone(), thread_of(&from), false),
        // Of several people: shown, and not to be answered as if it were one.
        _ => (from.clone(), thread_of(&conversation), true),
    };
    let keys = m["attachments"].list("media_keys");
    let partner = context.author(partner);
    let wrote = Wrote {
        own,
        author: (!own).then(|| context.author(from)),
        text: m.text("text").map(|t| plain(t, &m["entities"])),
        attachments: keys.iter().map(|_| Attachment::new(AttachmentKind::Image, None)).collect(),
        partner: Some(partner),
        replyable: !group,
        ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, thread)
    };
    let at = m.text("created_at").and_then(|t| At::parse(t).ok());
    context.event(format!("w:{id}"), at, What::Wrote(wrote))
}

/// Somebody has read our private messages up to one of them.
fn seen(context: &Context, r: &Value) -> Element {
    let (Some(who), Some(last)) = (r.id("sender_id"), r.id("last_read_event_id")) else {
        return context.nothing(r, "dm.read:unknown_shape".into());
    };
    if context.is_me(Some(&who)) {
        return context.nothing(r, "dm.read:own".into());
    }
    let at = r.number("created_timestamp").map(At::from_millis);
    let key = format!("rc:{who}:{last}");
    context.event(key, at, What::Receipt { thread: thread_of(&who), ids: vec![last], upto: None, read: true })
}

/// A message sealed from end to end: somebody wrote, and only X's own application can show it.
fn sealed(context: &Context, m: &Value) -> Element {
    let (Some(id), Some(from)) = (m.id("id"), m.id("sender_id")) else {
        return context.unreadable(m, "a sealed message without id or sender");
    };
    let partner = context.author(from);
    let wrote = Wrote {
        author: Some(partner.clone()),
        partner: Some(partner.clone()),
        attachments: vec![Attachment::new(AttachmentKind::Unsupported, None)],
        replyable: false,
        ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, format!("chat:{}", partner.id))
    };
    let at = m.number("created_at_msec").map(At::from_millis);
    context.event(format!("w:{id}"), at, What::Wrote(wrote))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_names_before_the_words_are_left_out() {
        assert_eq!(without_names("@lea @paul_2 Oui, @lea a raison"), "Oui, @lea a raison");
        assert_eq!(without_names("Oui @lea"), "Oui @lea");
        assert_eq!(without_names("@lea"), "@lea");
    }

    #[test]
    fn a_text_is_what_its_reader_sees() {
        let entities = json!({"urls": [{"url": "https://t.co/a", "expanded_url": "https://velora.example/x?a=1&b=2"}]});
        assert_eq!(
            plain("1 &lt; 2 &amp;amp; https://t.co/a", &entities),
            "1 < 2 &amp; https://velora.example/x?a=1&b=2"
        );
    }
}
