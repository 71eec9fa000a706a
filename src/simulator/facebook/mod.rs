//! A Facebook that runs on this machine: pages with posts, comments and conversations, the Graph
//! calls we make, and the hooks it pushes.
//!
//! Sources: developers.facebook.com/docs/graph-api/reference/comment, …/page-feed,
//! …/messenger-platform/reference/send-api, …/messenger-platform/policy/policy-overview (24 hours,
//! human agent 7 days), …/discovery/private-replies (once, 7 days), …/graph-api/guides/
//! error-handling; read 2026-11. Somebody who blocks the page cannot be written to any more: error
//! 551 of …/messenger-platform/reference/send-api/error-codes, with subcode 1545041 as in a body
//! shown in github.com/microsoft/botframework-sdk issue 4556; that it is what blocking looks like,
//! github.com/nyaruka/courier issue 421; read 2026-11.

mod graph;
mod kept;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::push::{Pusher, Target};
use super::weather::Weather;
use crate::base::{At, Given};

pub use graph::routes;
pub use kept::Kept;

/// The network.
pub struct Facebook {
    given: Given,
    pusher: Pusher,
    weather: Weather,
    world: Mutex<World>,
    asked: AtomicU64,
}

#[derive(Default)]
struct World {
    pages: BTreeMap<String, Page>,
    ledger: Vec<Act>,
    /// The next answer is lost, for tests.
    to_lose: bool,
    /// The next refusals, by Graph code and subcode, for tests.
    refusals: Vec<(i64, i64)>,
    /// How often a page was subscribed to its events.
    subscribed: u64,
    next_id: u64,
    /// What changed since it was last asked for; nothing where nobody asks.
    changed: Option<Vec<Kept>>,
}

/// One thing we did there, as the network saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// As which page.
    pub page: String,
    /// `comment`, `message`, `private_reply`, `hide`, `unhide`, `delete`, `like`, `unlike`.
    pub what: String,
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
    /// Who wants no messages of this page any more, by their id in Messenger.
    blocked: BTreeSet<String>,
}

/// A post, a comment or a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
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
        Facebook { given, pusher, weather, world: Mutex::default(), asked: AtomicU64::new(0) }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a page.
    pub fn add_page(&self, page: NewPage) {
        // After an hour of failures the application is unsubscribed from the page:
        // developers.facebook.com/docs/messenger-platform/webhooks; read 2026-11.
        self.pusher.give_up_after(&page.target.hook, std::time::Duration::from_hours(1));
        let made = Page {
            name: page.name,
            token: page.token,
            target: page.target,
            posts: BTreeMap::new(),
            comments: BTreeMap::new(),
            talks: BTreeMap::new(),
            people: BTreeMap::new(),
            blocked: BTreeSet::new(),
        };
        self.world().pages.insert(page.id, made);
    }

    /// How many requests it has had, of whatever kind.
    pub fn requests(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Everything we did there, in order.
    pub fn ledger(&self) -> Vec<Act> {
        self.world().ledger.clone()
    }

    /// What we did there after so many things.
    pub fn ledger_from(&self, read: usize) -> Vec<Act> {
        self.world().ledger.get(read..).unwrap_or_default().to_vec()
    }

    /// How many things we did there.
    pub fn ledger_len(&self) -> usize {
        self.world().ledger.len()
    }

    /// The answer to the next call to do something is lost, after it was carried out.
    pub fn lose_next(&self) {
        self.world().to_lose = true;
    }

    /// The next call to do something is refused with this code and subcode.
    pub fn refuse_next(&self, code: i64, subcode: i64) {
        self.world().refusals.push((code, subcode));
    }

    /// How often a page was subscribed to its events.
    pub fn subscriptions(&self) -> u64 {
        self.world().subscribed
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
        self.publish_at(page, text, self.given.now())
    }

    /// As [`Facebook::publish`], some time ago.
    pub fn publish_at(&self, page: &str, text: &str, at: At) -> String {
        let (id, name) = {
            let mut world = self.world();
            let id = format!("{page}_{}", world.fresh());
            let Some(p) = world.pages.get(page) else { return id };
            let name = p.name.clone();
            world.put_post(page, &id, item((page.to_owned(), name.clone()), text, "", &id, at));
            (id, name)
        };
        let value = json!({"item": "status", "verb": "add", "post_id": id, "from": {"id": page, "name": name},
            "message": text, "published": 1, "created_time": at.secs(),
            "post": {"id": id, "permalink_url": format!("https://www.facebook.com/{id}"), "is_published": true}});
        self.push_change(page, "feed", value);
        id
    }

    /// Somebody comments on a post, or answers a comment; the comment's id.
    pub fn comment(&self, page: &str, on: &str, from: (&str, &str), text: &str) -> String {
        self.comment_at(page, on, from, text, self.given.now())
    }

    /// As [`Facebook::comment`], some time ago; the page itself may comment, too.
    pub fn comment_at(&self, page: &str, on: &str, from: (&str, &str), text: &str, at: At) -> String {
        let id = self.put_comment(page, on, from, text, at);
        self.push_comment(page, &id, "add");
        id
    }

    /// As [`Facebook::comment`], but the hook is lost: only a poll will find it.
    pub fn comment_unheard(&self, page: &str, on: &str, from: (&str, &str), text: &str) -> String {
        self.put_comment(page, on, from, text, self.given.now())
    }

    fn put_comment(&self, page: &str, on: &str, from: (&str, &str), text: &str, at: At) -> String {
        let mut world = self.world();
        let fresh = world.fresh();
        let Some(p) = world.pages.get(page) else { return String::new() };
        let post = p.comments.get(on).map_or_else(|| on.to_owned(), |c| c.post.clone());
        let id = format!("{}_{fresh}", post.rsplit('_').next().unwrap_or_default());
        world.put_comment(page, &id, item((from.0.to_owned(), from.1.to_owned()), text, on, &post, at));
        id
    }

    /// Somebody changes, removes or sees hidden what they wrote: `edited`, `remove`, `hide`.
    pub fn push_comment(&self, page: &str, id: &str, verb: &str) {
        let Some(c) = self.world().pages.get(page).and_then(|p| p.comments.get(id).cloned()) else { return };
        let when = if verb == "add" { c.at } else { self.given.now() };
        let mut value = json!({"item": "comment", "verb": verb, "comment_id": id, "post_id": c.post, "parent_id": c.parent,
            "from": {"id": c.from.0, "name": c.from.1}, "created_time": when.secs(),
            "post": {"id": c.post, "permalink_url": format!("https://www.facebook.com/{}", c.post)}});
        if verb != "remove" {
            value["message"] = c.text.into();
        }
        self.push_change(page, "feed", value);
    }

    /// Somebody edits a comment.
    pub fn edit_comment(&self, page: &str, id: &str, text: &str) {
        self.world().change_comment(id, |c| text.clone_into(&mut c.text));
        self.push_comment(page, id, "edited");
    }

    /// Somebody takes a comment of theirs away.
    pub fn delete_comment(&self, page: &str, id: &str) {
        self.push_comment(page, id, "remove");
        self.world().change_comment(id, |c| c.gone = true);
    }

    /// Somebody writes on the page's wall; the post's id.
    pub fn visitor_post(&self, page: &str, from: (&str, &str), text: &str) -> String {
        self.visitor_post_at(page, from, text, self.given.now())
    }

    /// As [`Facebook::visitor_post`], some time ago.
    pub fn visitor_post_at(&self, page: &str, from: (&str, &str), text: &str, at: At) -> String {
        let id = {
            let mut world = self.world();
            let id = format!("{page}_{}", world.fresh());
            world.put_post(page, &id, item((from.0.to_owned(), from.1.to_owned()), text, "", &id, at));
            id
        };
        let value = json!({"item": "status", "verb": "add", "post_id": id, "from": {"id": from.0, "name": from.1},
            "message": text, "created_time": at.secs()});
        self.push_change(page, "feed", value);
        id
    }

    /// Somebody writes to the page in Messenger; the message's id.
    pub fn message(&self, page: &str, from: (&str, &str), text: &str) -> String {
        self.message_at(page, from, text, self.given.now())
    }

    /// As [`Facebook::message`], some time ago.
    pub fn message_at(&self, page: &str, from: (&str, &str), text: &str, at: At) -> String {
        let mid = {
            let mut world = self.world();
            let mid = format!("m_{}", world.fresh());
            let wrote = item((from.0.to_owned(), from.1.to_owned()), text, &mid, "", at);
            world.put_message(page, from.0, wrote);
            mid
        };
        self.push_messaging(
            page,
            json!({"sender": {"id": from.0}, "recipient": {"id": page},
            "timestamp": at.millis(), "message": {"mid": mid, "text": text}}),
        );
        mid
    }

    /// The page wrote to somebody in Messenger, some time ago, by other means than ours.
    pub fn page_wrote_at(&self, page: &str, psid: &str, text: &str, at: At) -> String {
        let mid = {
            let mut world = self.world();
            let mid = format!("m_{}", world.fresh());
            let name = world.pages.get(page).map(|p| p.name.clone()).unwrap_or_default();
            world.put_message(page, psid, item((page.to_owned(), name), text, &mid, "", at));
            mid
        };
        let echo = json!({"mid": mid, "text": text, "is_echo": true, "app_id": 2});
        self.push_messaging(
            page,
            json!({"sender": {"id": page}, "recipient": {"id": psid}, "timestamp": at.millis(), "message": echo}),
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

    /// Somebody reacts to a comment or a post: `like`, `love`, `haha`, `wow`, `sad`, `angry`.
    pub fn react(&self, page: &str, on: &str, from: (&str, &str), reaction: &str) {
        let post = self.world().pages.get(page).and_then(|p| p.comments.get(on).map(|c| c.post.clone()));
        let mut value = json!({"item": "reaction", "verb": "add", "reaction_type": reaction, "post_id": on,
            "from": {"id": from.0, "name": from.1}, "created_time": self.given.now().secs()});
        if let Some(post) = post {
            value["comment_id"] = on.into();
            value["parent_id"] = on.into();
            value["post_id"] = post.into();
        }
        self.push_change(page, "feed", value);
    }

    /// Somebody blocks the page: nothing can be written to them any more.
    pub fn block(&self, page: &str, psid: &str) {
        self.world().keep(Kept::Blocked { page: page.to_owned(), id: psid.to_owned() });
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

/// The id somebody has in Messenger, made of the one they have under posts.
pub fn psid_of(commenter: &str) -> String {
    format!("7{commenter}")
}
