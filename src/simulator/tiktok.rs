//! A TikTok that runs on this machine: business accounts with videos, comments and conversations, the
//! calls we make, and the events it pushes. Synthetic: no recording of a live event is known.
//!
//! Sources: business-api.tiktok.com/portal/docs (webhooks, signature, comments, Business Messaging with
//! its 48 hours and ten messages, return codes, authorisation), as read by independent programs in 2026.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::push::Pusher;
use super::stage::{Call, Deed, Played, Reply, Stage, let_in};
use super::weather::Weather;
use crate::base::json::Reads;
use crate::base::sign::hmac_sha256;
use crate::base::{At, Given};

/// The network.
pub struct TikTok {
    stage: Stage,
    world: Mutex<World>,
}

/// A business account to be simulated.
#[derive(Debug, Clone, Default)]
pub struct NewAccount {
    /// Its open id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The token it accepts; and the one it gives new ones for.
    pub token: String,
    /// See `token`.
    pub refresh: String,
    /// Where its events go.
    pub hook: String,
    /// What they are signed with.
    pub secret: String,
}

#[derive(Default)]
struct World {
    accounts: BTreeMap<String, NewAccount>,
    videos: BTreeMap<u64, (String, String, At)>,
    comments: BTreeMap<u64, Comment>,
    /// By conversation: whose, and what was said.
    talks: BTreeMap<String, (String, Vec<Said>)>,
    codes: BTreeMap<String, String>,
    next: u64,
}

#[derive(Clone)]
struct Comment {
    by: (String, String),
    owner: bool,
    text: String,
    video: u64,
    parent: Option<u64>,
    at: At,
    hidden: bool,
}

struct Said {
    ours: bool,
    at: At,
}

/// Nineteen digits: beyond what a fraction holds exactly.
const FIRST: u64 = 7_300_000_000_000_000_000;

impl TikTok {
    /// An empty network.
    pub fn new(given: Given, pusher: Pusher, weather: Weather) -> TikTok {
        TikTok { stage: Stage::new(given, pusher, weather), world: Mutex::default() }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an account.
    pub fn add_account(&self, account: NewAccount) {
        self.world().accounts.insert(account.id.clone(), account);
    }

    /// Everything we did there, in order.
    pub fn ledger(&self) -> Vec<Deed> {
        self.stage.ledger()
    }

    /// The next call to do something is answered like this.
    pub fn refuse_next(&self, reply: Reply) {
        self.stage.refuse_next(reply);
    }

    /// The account publishes a video; its id.
    pub fn publish(&self, account: &str, caption: &str) -> String {
        let at = self.stage.given.now();
        let mut world = self.world();
        let id = world.fresh();
        world.videos.insert(id, (account.to_owned(), caption.to_owned(), at));
        id.to_string()
    }

    /// Somebody comments on a video, or answers a comment; the comment's id.
    pub fn comment(&self, on: &str, from: (&str, &str), text: &str) -> String {
        let id = self.put(on, from, false, text);
        self.tell_comment(id, "insert");
        id.to_string()
    }

    /// As [`TikTok::comment`], but no event comes.
    pub fn comment_unheard(&self, on: &str, from: (&str, &str), text: &str) -> String {
        self.put(on, from, false, text).to_string()
    }

    /// The account answers by TikTok's own application.
    pub fn answered_elsewhere(&self, on: &str, text: &str) -> String {
        let id = self.put(on, ("us", "aubepine"), true, text);
        self.tell_comment(id, "insert");
        id.to_string()
    }

    /// Something befalls a comment: `delete`, `set_to_hidden`, `set_to_public`.
    pub fn befall(&self, id: &str, action: &str) {
        self.tell_comment(id.parse().unwrap_or(0), action);
    }

    /// Somebody writes in private.
    pub fn message(&self, account: &str, from: &str, text: &str) -> String {
        let (id, conversation, now) = self.talk(account, from);
        let content = json!({"type": "text", "message_id": id.to_string(), "conversation_id": conversation, "timestamp": now.millis(),
            "text": {"body": text}, "from": "someone", "from_user": {"id": from, "role": "personal_account"}, "to": "us",
            "to_user": {"id": account, "role": "business_account"}, "unique_identifier": from});
        self.push(account, "im_receive_msg", &content.to_string());
        id.to_string()
    }

    /// Somebody writes to an account in Europe: what they write is withheld.
    pub fn message_in_europe(&self, account: &str, from: &str) {
        let (id, conversation, now) = self.talk(account, from);
        let content = json!({"message_id": id.to_string(), "conversation_id": conversation, "timestamp": now.millis(), "unique_identifier": from});
        self.push(account, "im_receive_msg_eu", &content.to_string());
    }

    fn talk(&self, account: &str, from: &str) -> (u64, String, At) {
        let now = self.stage.given.now();
        let mut world = self.world();
        let conversation = conversation(account, from);
        world
            .talks
            .entry(conversation.clone())
            .or_insert_with(|| (account.to_owned(), Vec::new()))
            .1
            .push(Said { ours: false, at: now });
        (world.fresh(), conversation, now)
    }

    fn put(&self, on: &str, from: (&str, &str), owner: bool, text: &str) -> u64 {
        let at = self.stage.given.now();
        let mut world = self.world();
        let on: u64 = on.parse().unwrap_or(0);
        let (video, parent) = world.comments.get(&on).map_or((on, None), |c| (c.video, Some(c.parent.unwrap_or(on))));
        let id = world.fresh();
        let by = (from.0.to_owned(), from.1.to_owned());
        world.comments.insert(id, Comment { by, owner, text: text.to_owned(), video, parent, at, hidden: false });
        id
    }

    fn tell_comment(&self, id: u64, action: &str) {
        let now = self.stage.given.now().secs();
        let (account, content) = {
            let world = self.world();
            let Some(c) = world.comments.get(&id) else { return };
            let Some((account, ..)) = world.videos.get(&c.video) else { return };
            let parent = c.parent.map(|p| format!(",\"parent_comment_id\":{p}")).unwrap_or_default();
            let kind = if c.parent.is_some() { "reply" } else { "comment" };
            // Ids are bare numbers within the string.
            let content = format!(
                "{{\"comment_id\":{id},\"video_id\":{}{parent},\"comment_type\":\"{kind}\",\"comment_action\":\"{action}\",\"timestamp\":{now},\"unique_identifier\":{},\"text\":{}}}",
                c.video,
                json!(c.by.0),
                json!(c.text)
            );
            (account.clone(), content)
        };
        self.push(&account, "comment.update", &content);
    }

    fn push(&self, account: &str, event: &str, content: &str) {
        let found = self.world().accounts.get(account).map(|a| (a.hook.clone(), a.secret.clone()));
        let Some((hook, secret)) = found.filter(|(hook, _)| !hook.is_empty()) else { return };
        let given = self.stage.given.clone();
        let body = json!({"client_key": "app", "event": event, "create_time": self.stage.given.now().secs(), "user_openid": account, "content": content});
        let body = body.to_string().into_bytes();
        let of = body.clone();
        // Whether a later attempt bears a later time is not documented; here it does.
        let headers = move || {
            let now = given.now().secs().to_string();
            let mac = hex::encode(hmac_sha256(secret.as_bytes(), &[now.as_bytes(), b".", &of]));
            vec![("tiktok-signature", format!("t={now},s={mac}"))]
        };
        self.stage.pusher.push_with(&hook, std::sync::Arc::new(headers), body);
    }
}

/// Looks like base64, with its slashes and plus signs.
pub(super) fn conversation(account: &str, from: &str) -> String {
    format!("0:1:{account}/{from}+==")
}

impl World {
    fn fresh(&mut self) -> u64 {
        self.next += 1;
        FIRST + self.next
    }
}

fn ok(data: Value) -> Reply {
    Reply::ok(json!({"code": 0, "message": "OK", "request_id": "r", "data": data}))
}

/// Refused, with HTTP status 200.
fn refuse(code: i64, message: &str) -> Reply {
    Reply::ok(json!({"code": code, "message": message, "request_id": "r", "data": {}}))
}

impl Played for TikTok {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn is_login(&self, call: &Call) -> bool {
        call.path.contains("oauth2") || call.path.starts_with("v2/auth")
    }

    fn serve(&self, call: &Call) -> Reply {
        if call.path.starts_with("v2/auth/authorize") {
            let mut world = self.world();
            let Some(id) = world.accounts.keys().next().cloned() else { return Reply::of(400, Value::Null) };
            let code = format!("auth-{}", world.fresh());
            world.codes.insert(code.clone(), id);
            return let_in(call, &code);
        }
        let Some(path) = call.path.strip_prefix("open_api/v1.3/").and_then(|p| p.strip_suffix('/')) else {
            return refuse(40_007, "no such path: each ends in a slash");
        };
        if path.starts_with("tt_user/oauth2") {
            return self.token(call);
        }
        let asked = call.body.text("business_id").unwrap_or_else(|| call.asked("business_id")).to_owned();
        let account = self.world().accounts.get(&asked).filter(|a| a.token == call.token).cloned();
        let Some(account) = account else { return refuse(40_105, "Access token is incorrect or has been revoked.") };
        match path {
            "business/get" => ok(json!({"username": "aubepine", "display_name": account.name})),
            "business/video/list" => self.videos(&account.id),
            "business/comment/list" => self.comments(call, None),
            "business/comment/reply/list" => self.comments(call, call.asked("comment_id").parse().ok()),
            "business/comment/reply/create" => self.answer(call),
            "business/comment/hide" | "business/comment/like" => self.moderate(call, path.ends_with("hide")),
            "business/message/send" => self.say(call, &account),
            _ => refuse(40_007, "no such path"),
        }
    }
}

impl TikTok {
    fn token(&self, call: &Call) -> Reply {
        let field = |key: &str| call.body.text(key).unwrap_or_default();
        let mut world = self.world();
        let id = match field("grant_type") {
            "authorization_code" => world.codes.remove(field("auth_code")),
            _ => world.accounts.values().find(|a| a.refresh == field("refresh_token")).map(|a| a.id.clone()),
        };
        let Some(id) = id else { return refuse(40_002, "the grant is not valid") };
        let n = world.fresh();
        let (token, refresh) = (format!("act.{n}"), format!("rft.{n}"));
        if let Some(account) = world.accounts.get_mut(&id) {
            (account.token, account.refresh) = (token.clone(), refresh.clone());
        }
        ok(
            json!({"access_token": token, "expires_in": 86_400, "refresh_token": refresh, "refresh_token_expires_in": 31_536_000, "open_id": id, "scope": "comment.list"}),
        )
    }

    fn videos(&self, account: &str) -> Reply {
        let world = self.world();
        let all = world.videos.iter().rev().filter(|(_, (a, ..))| a == account);
        let told = all.map(|(id, (_, caption, at))| json!({"item_id": id.to_string(), "caption": caption, "create_time": at.secs(), "share_url": format!("https://www.tiktok.com/@aubepine/video/{id}")}));
        ok(json!({"videos": told.take(20).collect::<Vec<_>>(), "has_more": false}))
    }

    fn comments(&self, call: &Call, under: Option<u64>) -> Reply {
        let video: u64 = call.asked("video_id").parse().unwrap_or(0);
        let world = self.world();
        let here = |c: &Comment| c.video == video && under.is_none_or(|u| c.parent == Some(u));
        let told = |id: u64, c: &Comment| {
            let mut out = json!({"comment_id": id.to_string(), "video_id": video.to_string(), "text": c.text, "owner": c.owner, "unique_identifier": c.by.0,
                "username": c.by.1, "display_name": c.by.1, "create_time": c.at.secs(), "status": if c.hidden { "HIDDEN" } else { "PUBLIC" }});
            if let Some(parent) = c.parent {
                out["parent_comment_id"] = parent.to_string().into();
            }
            out
        };
        let all: Vec<Value> =
            world.comments.iter().rev().filter(|(_, c)| here(c)).map(|(id, c)| told(*id, c)).collect();
        ok(json!({"comments": all, "has_more": false, "cursor": 0}))
    }

    fn answer(&self, call: &Call) -> Reply {
        let (on, text) = (call.body.text("comment_id").unwrap_or_default(), call.body.text("text").unwrap_or_default());
        if text.trim().is_empty() || text.encode_utf16().count() > 150 {
            return refuse(40_002, "text: the length is not valid");
        }
        if !self.world().comments.contains_key(&on.parse().unwrap_or(0)) {
            return refuse(40_007, "The comment does not exist.");
        }
        let id = self.put(on, ("us", "aubepine"), true, text);
        self.stage.did("reply", on, text, &id.to_string());
        if !self.stage.weather.no_echo {
            self.tell_comment(id, "insert");
        }
        ok(json!({"comment_id": id.to_string(), "text": text}))
    }

    fn moderate(&self, call: &Call, hides: bool) -> Reply {
        let (id, action) =
            (call.body.text("comment_id").unwrap_or_default(), call.body.text("action").unwrap_or_default());
        let what = match action {
            "HIDE" => "hide",
            "UNHIDE" => "unhide",
            "LIKE" => "like",
            "UNLIKE" => "unlike",
            _ => return refuse(40_002, "action: is not valid"),
        };
        {
            let mut world = self.world();
            let Some(c) = world.comments.get_mut(&id.parse().unwrap_or(0)) else {
                return refuse(40_007, "The comment does not exist.");
            };
            if hides {
                c.hidden = action == "HIDE";
            }
        }
        self.stage.did(what, id, "", "");
        if hides {
            self.befall(id, if action == "HIDE" { "set_to_hidden" } else { "set_to_public" });
        }
        ok(json!({}))
    }

    /// Within 48 hours of the person's last message, and ten of ours at the most before the next.
    fn say(&self, call: &Call, account: &NewAccount) -> Reply {
        let text = call.body["text"].text("body").unwrap_or_default();
        let to = call.body.text("recipient").unwrap_or_default().to_owned();
        if call.body.text("recipient_type") != Some("CONVERSATION")
            || text.trim().is_empty()
            || text.encode_utf16().count() > 6_000
        {
            return refuse(40_002, "a parameter is not valid");
        }
        let now = self.stage.given.now();
        let id = {
            let mut world = self.world();
            let id = world.fresh();
            let Some((_, talk)) = world.talks.get_mut(&to) else {
                return refuse(40_007, "The conversation does not exist.");
            };
            let last = talk.iter().rposition(|s| !s.ours);
            let open = last.is_some_and(|n| now < talk[n].at.plus(Duration::from_hours(48)));
            let since = last.map_or(0, |n| talk.len() - n - 1);
            if !open || since >= 10 {
                return refuse(40_064, "The message cannot be sent in this conversation now.");
            }
            talk.push(Said { ours: true, at: now });
            id
        };
        self.stage.did("dm", &to, text, &id.to_string());
        if !self.stage.weather.no_echo {
            let content = json!({"type": "text", "message_id": id.to_string(), "conversation_id": to, "timestamp": now.millis(), "text": {"body": text},
                "from_user": {"id": account.id, "role": "business_account"}, "message_tag": {"source": "API"}, "unique_identifier": "us"});
            self.push(&account.id, "im_send_msg", &content.to_string());
        }
        ok(json!({"message": {"message_id": id.to_string()}}))
    }
}
