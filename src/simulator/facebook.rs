//! A Facebook that runs on this machine: pages with posts, comments and conversations, the Graph
//! calls we make, and the hooks it pushes.
//!
//! Sources: developers.facebook.com/docs/graph-api/reference/comment, …/page-feed,
//! …/messenger-platform/reference/send-api, …/messenger-platform/policy/policy-overview (24 hours,
//! human agent 7 days), …/discovery/private-replies (once, 7 days), …/graph-api/guides/
//! error-handling; read 2026-11.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::push::{Pusher, Target};
use super::weather::Weather;
use crate::base::json::Reads;
use crate::base::{At, Given};

const DAY: Duration = Duration::from_hours(24);

/// The network.
pub struct Facebook {
    given: Given,
    pusher: Pusher,
    weather: Weather,
    world: Mutex<World>,
}

#[derive(Default)]
struct World {
    pages: BTreeMap<String, Page>,
    ledger: Vec<Act>,
    /// The next refusals, by Graph code and subcode, for tests.
    refusals: Vec<(i64, i64)>,
    next_id: u64,
}

/// One thing we did there, as the network saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// `comment`, `message`, `private_reply`, `hide`, `unhide`, `delete`, `like`, `unlike`.
    pub what: &'static str,
    /// Upon what: a comment, a post, a person.
    pub on: String,
    /// The words.
    pub text: String,
    /// The id of what was made.
    pub id: String,
    /// The Messenger tag, where one was used.
    pub tag: Option<String>,
}

/// A page to be simulated.
#[derive(Debug, Clone)]
pub struct NewPage {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The token it accepts.
    pub token: String,
    /// Where its events go.
    pub target: Target,
}

struct Page {
    name: String,
    token: String,
    target: Target,
    posts: BTreeMap<String, Item>,
    comments: BTreeMap<String, Item>,
    talks: BTreeMap<String, Vec<Item>>,
    people: BTreeMap<String, String>,
}

#[derive(Clone)]
struct Item {
    from: (String, String),
    text: String,
    parent: String,
    post: String,
    at: At,
    hidden: bool,
    gone: bool,
    answered_privately: bool,
}

impl Facebook {
    /// An empty network.
    pub fn new(given: Given, pusher: Pusher, weather: Weather) -> Facebook {
        Facebook { given, pusher, weather, world: Mutex::default() }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a page.
    pub fn add_page(&self, page: NewPage) {
        let made = Page {
            name: page.name,
            token: page.token,
            target: page.target,
            posts: BTreeMap::new(),
            comments: BTreeMap::new(),
            talks: BTreeMap::new(),
            people: BTreeMap::new(),
        };
        self.world().pages.insert(page.id, made);
    }

    /// Everything we did there, in order.
    pub fn ledger(&self) -> Vec<Act> {
        self.world().ledger.clone()
    }

    /// How many things we did there.
    pub fn ledger_len(&self) -> usize {
        self.world().ledger.len()
    }

    /// The next call to do something is refused with this code and subcode.
    pub fn refuse_next(&self, code: i64, subcode: i64) {
        self.world().refusals.push((code, subcode));
    }

    /// The page's token is no longer good, or another one is.
    pub fn set_token(&self, page: &str, token: &str) {
        if let Some(page) = self.world().pages.get_mut(page) {
            token.clone_into(&mut page.token);
        }
    }

    /// Waits until every event was taken by its hook.
    pub async fn all_taken(&self) {
        self.pusher.all_taken().await;
    }

    /// True when no event waits for its hook.
    pub fn all_are_taken(&self) -> bool {
        self.pusher.all_are_taken()
    }

    /// How many events were taken so far.
    pub fn taken(&self) -> u64 {
        self.pusher.taken()
    }

    /// Pushes bytes of the caller's making, rightly signed.
    pub fn push_raw(&self, page: &str, body: Vec<u8>) {
        let target = self.world().pages.get(page).map(|p| p.target.clone());
        if let Some(target) = target {
            self.pusher.push_raw(&target, body);
        }
    }

    /// The page publishes a post; its id.
    pub fn publish(&self, page: &str, text: &str) -> String {
        let (id, name) = {
            let mut world = self.world();
            let id = format!("{page}_{}", world.fresh());
            let Some(p) = world.pages.get_mut(page) else { return id };
            let from = (page.to_owned(), p.name.clone());
            p.posts.insert(id.clone(), item(from, text, "", &id, self.given.now()));
            (id, p.name.clone())
        };
        let value = json!({"item": "status", "verb": "add", "post_id": id, "from": {"id": page, "name": name},
            "message": text, "published": 1, "created_time": self.given.now().secs(),
            "post": {"id": id, "permalink_url": format!("https://www.facebook.com/{id}"), "is_published": true}});
        self.push_change(page, "feed", value);
        id
    }

    /// Somebody comments on a post, or answers a comment; the comment's id.
    pub fn comment(&self, page: &str, on: &str, from: (&str, &str), text: &str) -> String {
        let id = self.put_comment(page, on, from, text);
        self.push_comment(page, &id, "add");
        id
    }

    /// As [`Facebook::comment`], but the hook is lost: only a poll will find it.
    pub fn comment_unheard(&self, page: &str, on: &str, from: (&str, &str), text: &str) -> String {
        self.put_comment(page, on, from, text)
    }

    fn put_comment(&self, page: &str, on: &str, from: (&str, &str), text: &str) -> String {
        let now = self.given.now();
        let mut world = self.world();
        let fresh = world.fresh();
        let Some(p) = world.pages.get_mut(page) else { return String::new() };
        let post = p.comments.get(on).map_or_else(|| on.to_owned(), |c| c.post.clone());
        let id = format!("{}_{fresh}", post.rsplit('_').next().unwrap_or_default());
        p.people.insert(from.0.to_owned(), from.1.to_owned());
        p.comments.insert(id.clone(), item((from.0.to_owned(), from.1.to_owned()), text, on, &post, now));
        id
    }

    /// Somebody changes, removes or sees hidden what they wrote: `edited`, `remove`, `hide`.
    pub fn push_comment(&self, page: &str, id: &str, verb: &str) {
        let Some(c) = self.world().pages.get(page).and_then(|p| p.comments.get(id).cloned()) else { return };
        let mut value = json!({"item": "comment", "verb": verb, "comment_id": id, "post_id": c.post, "parent_id": c.parent,
            "from": {"id": c.from.0, "name": c.from.1}, "created_time": self.given.now().secs(),
            "post": {"id": c.post, "permalink_url": format!("https://www.facebook.com/{}", c.post)}});
        if verb != "remove" {
            value["message"] = c.text.into();
        }
        self.push_change(page, "feed", value);
    }

    /// Somebody edits a comment.
    pub fn edit_comment(&self, page: &str, id: &str, text: &str) {
        if let Some(c) = self.world().pages.get_mut(page).and_then(|p| p.comments.get_mut(id)) {
            text.clone_into(&mut c.text);
        }
        self.push_comment(page, id, "edited");
    }

    /// Somebody writes on the page's wall; the post's id.
    pub fn visitor_post(&self, page: &str, from: (&str, &str), text: &str) -> String {
        let now = self.given.now();
        let id = {
            let mut world = self.world();
            let id = format!("{page}_{}", world.fresh());
            let Some(p) = world.pages.get_mut(page) else { return id };
            p.people.insert(from.0.to_owned(), from.1.to_owned());
            p.posts.insert(id.clone(), item((from.0.to_owned(), from.1.to_owned()), text, "", &id, now));
            id
        };
        let value = json!({"item": "status", "verb": "add", "post_id": id, "from": {"id": from.0, "name": from.1},
            "message": text, "created_time": now.secs()});
        self.push_change(page, "feed", value);
        id
    }

    /// Somebody writes to the page in Messenger; the message's id.
    pub fn message(&self, page: &str, from: (&str, &str), text: &str) -> String {
        let now = self.given.now();
        let mid = {
            let mut world = self.world();
            let mid = format!("m_{}", world.fresh());
            let Some(p) = world.pages.get_mut(page) else { return mid };
            p.people.insert(from.0.to_owned(), from.1.to_owned());
            let wrote = item((from.0.to_owned(), from.1.to_owned()), text, &mid, "", now);
            p.talks.entry(from.0.to_owned()).or_default().push(wrote);
            mid
        };
        self.push_messaging(
            page,
            json!({"sender": {"id": from.0}, "recipient": {"id": page},
            "timestamp": now.millis(), "message": {"mid": mid, "text": text}}),
        );
        mid
    }

    /// The person of a conversation has read everything.
    pub fn read(&self, page: &str, psid: &str) {
        let now = self.given.now().millis();
        self.push_messaging(
            page,
            json!({"sender": {"id": psid}, "recipient": {"id": page}, "timestamp": now, "read": {"watermark": now}}),
        );
    }

    fn push_change(&self, page: &str, field: &str, value: Value) {
        let body = json!({"object": "page", "entry": [{"id": page, "time": self.given.now().secs(), "changes": [{"field": field, "value": value}]}]});
        self.push(page, &body);
    }

    fn push_messaging(&self, page: &str, messaging: Value) {
        let body = json!({"object": "page", "entry": [{"id": page, "time": self.given.now().millis(), "messaging": [messaging]}]});
        self.push(page, &body);
    }

    fn push(&self, page: &str, body: &Value) {
        let target = self.world().pages.get(page).map(|p| p.target.clone());
        if let Some(target) = target {
            self.pusher.push(&target, body);
        }
    }
}

fn item(from: (String, String), text: &str, parent: &str, post: &str, at: At) -> Item {
    let (text, parent, post) = (text.to_owned(), parent.to_owned(), post.to_owned());
    Item { from, text, parent, post, at, hidden: false, gone: false, answered_privately: false }
}

impl World {
    fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        100_000_000_000_000 + self.next_id
    }

    /// The page of a token.
    fn page_of(&self, token: &str) -> Option<&str> {
        self.pages.iter().find(|(_, p)| p.token == token).map(|(id, _)| id.as_str())
    }

    fn comment(&mut self, id: &str) -> Option<&mut Item> {
        self.pages.values_mut().find_map(|p| p.comments.get_mut(id)).filter(|c| !c.gone)
    }

    fn exists(&self, id: &str) -> bool {
        self.pages.values().any(|p| p.posts.contains_key(id) || p.comments.get(id).is_some_and(|c| !c.gone))
    }
}

/// Graph, as far as we call it.
pub fn routes(facebook: Arc<Facebook>) -> Router {
    Router::new().route("/{version}/{id}", any(object)).route("/{version}/{id}/{edge}", any(edge)).with_state(facebook)
}

type Asked = (State<Arc<Facebook>>, Query<BTreeMap<String, String>>);

async fn object(
    m: Method,
    Path((_, id)): Path<(String, String)>,
    (state, query): Asked,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(state.0, m, id, String::new(), query.0, &headers, &body)
}

async fn edge(
    m: Method,
    Path((_, id, edge)): Path<(String, String, String)>,
    (state, query): Asked,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(state.0, m, id, edge, query.0, &headers, &body)
}

/// One call, in whatever weather.
fn answer(
    fb: Arc<Facebook>,
    method: Method,
    id: String,
    edge: String,
    query: BTreeMap<String, String>,
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    let token = headers
        .get("authorization")
        .and_then(|h| h.to_str().ok())
        .and_then(|h| h.strip_prefix("Bearer "))
        .unwrap_or_default();
    let page = fb.world().page_of(token).map(str::to_owned);
    let Some(page) = page else {
        return error(190, 460, "Error validating access token");
    };
    let usage = [("x-app-usage", r#"{"call_count":3,"total_cputime":1,"total_time":2}"#)];
    if method == Method::GET {
        return (usage, fb.get(&page, &id, &edge, &query)).into_response();
    }
    if fb.given.chance(fb.weather.refuse) {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(json!({"error": {"code": 4, "message": "Application request limit reached"}})),
        )
            .into_response();
    }
    let refusal = fb.world().refusals.pop();
    if let Some((code, subcode)) = refusal {
        return error(code, subcode, "refused by the test");
    }
    let fields = read_fields(headers, body);
    if fb.given.chance(fb.weather.act_late) {
        let later = Arc::clone(&fb);
        let late_by = fb.weather.late_by;
        tokio::spawn(async move {
            tokio::time::sleep(late_by).await;
            let _ = later.act(&method, &page, &id, &edge, &fields);
        });
        return broken();
    }
    let done = fb.act(&method, &page, &id, &edge, &fields);
    if fb.given.chance(fb.weather.lose_answer) {
        return broken();
    }
    match done {
        Ok(made) => (usage, Json(made)).into_response(),
        Err((code, subcode, words)) => error(code, subcode, words),
    }
}

/// An answer that breaks off: status 200 and then nothing.
fn broken() -> Response {
    let cut = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("the line was cut")) });
    Response::new(Body::from_stream(cut))
}

fn error(code: i64, subcode: i64, message: &str) -> Response {
    let body = json!({"error": {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "sim"}});
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

fn read_fields(headers: &HeaderMap, body: &[u8]) -> Value {
    let is_json = headers.get("content-type").and_then(|h| h.to_str().ok()).is_some_and(|h| h.contains("json"));
    if is_json {
        return serde_json::from_slice(body).unwrap_or_default();
    }
    url::form_urlencoded::parse(body)
        .map(|(k, v)| (k.into_owned(), Value::from(v.into_owned())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

type Done = Result<Value, (i64, i64, &'static str)>;
const GONE: (i64, i64, &str) = (100, 33, "Unsupported request. Object does not exist");

impl Facebook {
    fn get(&self, page: &str, id: &str, edge: &str, query: &BTreeMap<String, String>) -> Response {
        let world = self.world();
        let Some(p) = world.pages.get(page) else { return error(100, 33, "no such page") };
        let since = query.get("since").and_then(|s| s.parse().ok()).map_or(At(0), At::from_secs);
        let found = match edge {
            "" if id == page => json!({"id": page, "name": p.name}),
            "" => match (p.comments.get(id).filter(|c| !c.gone), p.posts.get(id), p.people.get(id)) {
                (Some(c), _, _) => told(id, c),
                (_, Some(post), _) => told(id, post),
                (_, _, Some(name)) => {
                    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
                    json!({"id": id, "first_name": first, "last_name": last})
                }
                _ => return error(GONE.0, GONE.1, GONE.2),
            },
            "feed" => list(p.posts.iter().filter(|(_, i)| i.at >= since).map(|(id, i)| told(id, i)).collect()),
            "comments" => {
                let here = |c: &&Item| (c.post == id || c.parent == id) && !c.gone && c.at >= since;
                let mut all: Vec<_> = p.comments.iter().filter(|(_, c)| here(c)).collect();
                all.sort_by_key(|(_, c)| std::cmp::Reverse(c.at));
                list(all.into_iter().map(|(id, c)| told(id, c)).collect())
            }
            "conversations" => {
                let with = query.get("user_id");
                let talks = p.talks.iter().filter(|(psid, _)| with.is_none_or(|w| w == *psid));
                list(talks.map(|(psid, talk)| conversation(page, psid, p, talk)).collect())
            }
            "tagged" => list(Vec::new()),
            "subscribed_apps" => list(vec![json!({"id": "1"})]),
            _ => return error(100, 0, "unknown edge"),
        };
        Json(found).into_response()
    }

    /// Does what a POST or DELETE asks.
    fn act(&self, method: &Method, page: &str, id: &str, edge: &str, fields: &Value) -> Done {
        match (method.as_str(), edge) {
            ("POST", "subscribed_apps") => Ok(json!({"success": true})),
            ("POST", "comments") => self.reply(page, id, fields.text("message").unwrap_or_default()),
            ("POST", "messages") => self.say(page, fields),
            ("POST", "likes") => self.moderate("like", id),
            ("DELETE", "likes") => self.moderate("unlike", id),
            ("DELETE", "") => {
                let done = self.moderate("delete", id)?;
                self.push_comment(page, id, "remove");
                if let Some(c) = self.world().comment(id) {
                    c.gone = true;
                }
                Ok(done)
            }
            ("POST", "") if fields.get("is_hidden").is_some() => {
                let hidden = fields.flag("is_hidden");
                let done = self.moderate(if hidden { "hide" } else { "unhide" }, id)?;
                if let Some(c) = self.world().comment(id) {
                    c.hidden = hidden;
                }
                self.push_comment(page, id, if hidden { "hide" } else { "unhide" });
                Ok(done)
            }
            _ => Err((100, 0, "unknown call")),
        }
    }

    fn moderate(&self, what: &'static str, id: &str) -> Done {
        let mut world = self.world();
        if !world.exists(id) {
            return Err(GONE);
        }
        world.ledger.push(Act { what, on: id.to_owned(), text: String::new(), id: String::new(), tag: None });
        Ok(json!({"success": true}))
    }

    /// A comment by the page. Empty texts are refused (error 100).
    fn reply(&self, page: &str, on: &str, text: &str) -> Done {
        if text.trim().is_empty() {
            return Err((100, 0, "message must not be empty"));
        }
        if text.encode_utf16().count() > 8_000 {
            return Err((100, 0, "message is too long"));
        }
        if !self.world().exists(on) {
            return Err(GONE);
        }
        let name = self.world().pages.get(page).map(|p| p.name.clone()).unwrap_or_default();
        let id = self.put_comment(page, on, (page, &name), text);
        self.world().ledger.push(Act {
            what: "comment",
            on: on.to_owned(),
            text: text.to_owned(),
            id: id.clone(),
            tag: None,
        });
        if !self.weather.no_echo {
            self.push_comment(page, &id, "add");
        }
        Ok(json!({"id": id}))
    }

    /// A message by the page: into a conversation, or as a private reply to a comment.
    fn say(&self, page: &str, fields: &Value) -> Done {
        let (recipient, message) = (&fields["recipient"], &fields["message"]);
        let text = message.text("text").unwrap_or_default().to_owned();
        if text.trim().is_empty() || text.encode_utf16().count() > 2_000 {
            return Err((100, 0, "invalid message text"));
        }
        let now = self.given.now();
        let (psid, what, on) = if let Some(comment) = recipient.id("comment_id").or_else(|| recipient.id("post_id")) {
            (self.private_reply(&comment, now)?, "private_reply", comment)
        } else {
            let psid = recipient.id("id").ok_or((100, 2_018_001, "no matching user found"))?;
            self.within_window(page, &psid, fields, now)?;
            (psid.clone(), "message", psid)
        };
        let mid = {
            let mut world = self.world();
            let mid = format!("m_{}", world.fresh());
            let name = world.pages.get(page).map(|p| p.name.clone()).unwrap_or_default();
            let Some(p) = world.pages.get_mut(page) else { return Err(GONE) };
            p.talks.entry(psid.clone()).or_default().push(item((page.to_owned(), name), &text, &mid, "", now));
            let tag = fields.text("tag").map(str::to_owned);
            world.ledger.push(Act { what, on, text: text.clone(), id: mid.clone(), tag });
            mid
        };
        if !self.weather.no_echo {
            let echo = json!({"mid": mid, "text": text, "is_echo": true, "app_id": 1, "metadata": message["metadata"]});
            self.push_messaging(
                page,
                json!({"sender": {"id": page}, "recipient": {"id": psid}, "timestamp": now.millis(), "message": echo}),
            );
        }
        Ok(json!({"recipient_id": psid, "message_id": mid}))
    }

    /// Once a comment, within seven days. The person's id in Messenger is another one than under
    /// the post.
    fn private_reply(&self, comment: &str, now: At) -> Result<String, (i64, i64, &'static str)> {
        let mut world = self.world();
        let c = world.comment(comment).ok_or(GONE)?;
        if c.answered_privately {
            return Err((10_900, 0, "activity already replied to"));
        }
        if now >= c.at.plus(DAY * 7) {
            return Err((10_900, 0, "too old for a private reply"));
        }
        c.answered_privately = true;
        let (psid, name) = (psid_of(&c.from.0), c.from.1.clone());
        for page in world.pages.values_mut() {
            page.people.insert(psid.clone(), name.clone());
        }
        Ok(psid)
    }

    fn within_window(&self, page: &str, psid: &str, fields: &Value, now: At) -> Result<(), (i64, i64, &'static str)> {
        let world = self.world();
        let talk =
            world.pages.get(page).and_then(|p| p.talks.get(psid)).ok_or((100, 2_018_001, "no matching user found"))?;
        let last = talk.iter().filter(|m| m.from.0 == psid).map(|m| m.at).max();
        let human = fields.text("messaging_type") == Some("MESSAGE_TAG") && fields.text("tag") == Some("HUMAN_AGENT");
        let window = if human { DAY * 7 } else { DAY };
        match last {
            Some(last) if now < last.plus(window) => Ok(()),
            _ => Err((10, 2_018_278, "sent outside of allowed window")),
        }
    }
}

/// The id somebody has in Messenger, made of the one they have under posts.
pub fn psid_of(commenter: &str) -> String {
    format!("7{commenter}")
}

fn list(items: Vec<Value>) -> Value {
    json!({"data": items, "paging": {"cursors": {"before": "b", "after": "a"}}})
}

fn told(id: &str, i: &Item) -> Value {
    let mut out = json!({"id": id, "message": i.text, "from": {"id": i.from.0, "name": i.from.1}, "created_time": graph_time(i.at),
        "is_hidden": i.hidden, "can_reply_privately": !i.answered_privately, "permalink_url": format!("https://www.facebook.com/{id}")});
    if !i.parent.is_empty() && i.parent != i.post {
        out["parent"] = json!({"id": i.parent});
    }
    out
}

fn conversation(page: &str, psid: &str, p: &Page, talk: &[Item]) -> Value {
    let messages: Vec<Value> = talk.iter().rev().take(20).map(|m| {
        let to = if m.from.0 == page { psid } else { page };
        json!({"id": m.parent, "message": m.text, "from": {"id": m.from.0, "name": m.from.1}, "to": {"data": [{"id": to, "name": p.people.get(to)}]}, "created_time": graph_time(m.at)})
    }).collect();
    let updated = talk.last().map(|m| graph_time(m.at));
    json!({"id": format!("t_{psid}"), "updated_time": updated, "messages": {"data": messages}})
}

/// Graph writes `2026-11-21T10:00:00+0000`.
fn graph_time(at: At) -> String {
    At::from_secs(at.secs()).to_string().replace('Z', "+0000")
}
