//! A LinkedIn that runs on this machine: a page's posts and their comments, the calls we make, and the
//! notifications it pushes.
//!
//! Sources: learn.microsoft.com/linkedin/marketing/community-management/organizations/
//! organization-social-action-notifications (notifications, pull of sixty days), …/shares/comments-api
//! (one level of replies, 1,250 characters, `x-restli-id`), …/shares/reactions-api, …/organizations/
//! organization-access-control-by-role, learn.microsoft.com/linkedin/shared/authentication; read
//! 2026-08 to 2026-11. Negative numbers of notifications and the two names of a post are seen.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::push::Pusher;
use super::stage::{Call, Deed, Exchange, Played, Reply, Stage, let_in};
use super::weather::Weather;
use crate::base::json::Reads;
use crate::base::sign::hmac_sha256;
use crate::base::{At, Given};

/// The network.
pub struct LinkedIn {
    stage: Stage,
    world: Mutex<World>,
}

/// A page to be simulated.
#[derive(Debug, Clone, Default)]
pub struct NewPage {
    /// Its number.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The administrator's token it accepts.
    pub token: String,
    /// What new ones are given for.
    pub refresh: String,
    /// Where its notifications go.
    pub hook: String,
    /// What they are signed with.
    pub secret: String,
}

#[derive(Default)]
struct World {
    pages: BTreeMap<String, NewPage>,
    /// Posts by their number as an activity: the page, and the words.
    posts: BTreeMap<u64, (String, String)>,
    comments: BTreeMap<u64, Comment>,
    people: BTreeMap<String, String>,
    told: Vec<(String, Value)>,
    /// The applications that have to subscribe before anything is pushed, by page; and who has.
    applications: BTreeMap<String, String>,
    subscribed: std::collections::BTreeSet<String>,
    codes: BTreeMap<String, String>,
    next: u64,
    /// Calls of the day so far, and how many there are.
    calls: u64,
    most: Option<u64>,
}

#[derive(Clone)]
struct Comment {
    by: String,
    text: String,
    post: u64,
    parent: Option<u64>,
    at: At,
}

const FIRST: u64 = 7_100_000_000_000_000_000;

impl LinkedIn {
    /// An empty network.
    pub fn new(given: Given, pusher: Pusher, weather: Weather) -> LinkedIn {
        LinkedIn { stage: Stage::new(given, pusher, weather), world: Mutex::default() }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a page.
    pub fn add_page(&self, page: NewPage) {
        self.world().pages.insert(page.id.clone(), page);
    }

    /// From now on the page's actions are pushed to this application only once it has subscribed.
    pub fn ask_for_subscription(&self, page: &str, application: &str) {
        self.world().applications.insert(page.to_owned(), application.to_owned());
    }

    /// The administrator takes the application's grant back, and gives it again: subscriptions are over.
    pub fn end_subscriptions(&self) {
        self.world().subscribed.clear();
    }

    /// Everything we did there, in order.
    pub fn ledger(&self) -> Vec<Deed> {
        self.stage.ledger()
    }

    /// What was said on the wire, in order.
    pub fn journal(&self) -> Vec<Exchange> {
        self.stage.journal()
    }

    /// The next call to do something is answered like this.
    pub fn refuse_next(&self, reply: Reply) {
        self.stage.refuse_next(reply);
    }

    /// From now on there are so many calls left today.
    pub fn set_calls(&self, most: Option<u64>) {
        let mut world = self.world();
        (world.calls, world.most) = (0, most);
    }

    /// The page publishes; the post's URN, as an activity.
    pub fn publish(&self, page: &str, text: &str) -> String {
        let mut world = self.world();
        let id = world.fresh();
        world.posts.insert(id, (page.to_owned(), text.to_owned()));
        format!("urn:li:activity:{id}")
    }

    /// Somebody comments on a post, or answers a comment; the comment's number.
    pub fn comment(&self, on: &str, from: (&str, &str), text: &str) -> String {
        let id = self.comment_unheard(on, from, text);
        self.tell("COMMENT", id.parse().unwrap_or_default(), true);
        id
    }

    /// As [`LinkedIn::comment`], but the hook is lost: only a pull will find it.
    pub fn comment_unheard(&self, on: &str, from: (&str, &str), text: &str) -> String {
        let mut world = self.world();
        world.people.insert(from.0.to_owned(), from.1.to_owned());
        let id = world.put(on, &format!("urn:li:person:{}", from.0), text, self.stage.given.now());
        drop(world);
        self.tell("COMMENT", id, false);
        id.to_string()
    }

    /// Somebody changes a comment of theirs.
    pub fn edit(&self, id: &str, text: &str) {
        let id = id.parse().unwrap_or_default();
        if let Some(c) = self.world().comments.get_mut(&id) {
            text.clone_into(&mut c.text);
        }
        self.tell("COMMENT_EDIT", id, true);
    }

    /// Somebody takes a comment of theirs away.
    pub fn delete(&self, id: &str) {
        let id = id.parse().unwrap_or_default();
        self.tell("COMMENT_DELETE", id, true);
        self.world().comments.remove(&id);
    }

    /// Somebody shares a post of the page, or names the page in one of theirs; the share's URN.
    pub fn share(&self, page: &str, of: Option<&str>, from: (&str, &str), text: &str) -> String {
        let now = self.stage.given.now();
        let (urn, body) = {
            let mut world = self.world();
            world.people.insert(from.0.to_owned(), from.1.to_owned());
            let urn = format!("urn:li:share:{}", world.fresh());
            let share = json!({"share": {"entity": urn, "owner": format!("urn:li:person:{}", from.0), "text": text, "mediaCategory": "NONE"}});
            let body = json!({"notificationId": world.number(), "organizationalEntity": format!("urn:li:organization:{page}"),
                "action": if of.is_some() { "SHARE" } else { "SHARE_MENTION" }, "sourcePost": of.unwrap_or(&urn),
                "lastModifiedAt": now.millis(), "generatedActivity": urn, "decoratedGeneratedActivity": share, "subscriber": "urn:li:person:admin"});
            (urn, body)
        };
        self.push(page, body, true);
        urn
    }

    fn tell(&self, action: &str, id: u64, pushed: bool) {
        let now = self.stage.given.now();
        let (page, body) = {
            let mut world = self.world();
            let Some(c) = world.comments.get(&id).cloned() else { return };
            let Some((page, text)) = world.posts.get(&c.post).cloned() else { return };
            let organization = format!("urn:li:organization:{page}");
            let action = if action == "COMMENT" && c.by == organization { "ADMIN_COMMENT" } else { action };
            // The same comment and the same post under two names each.
            let mut body = json!({"notificationId": world.number(), "organizationalEntity": organization, "action": action,
                "sourcePost": format!("urn:li:activity:{}", c.post),
                "decoratedSourcePost": {"entity": format!("urn:li:share:{}", c.post - 1), "owner": organization, "text": text, "mediaCategory": "NONE"},
                "lastModifiedAt": now.millis(), "generatedActivity": format!("urn:li:comment:(activity:{},{id})", c.post), "subscriber": "urn:li:person:admin"});
            if action != "COMMENT_DELETE" {
                body["decoratedGeneratedActivity"] = json!({"comment": {"entity": format!("urn:li:comment:(urn:li:activity:{},{id})", c.post),
                    "owner": c.by, "text": c.text, "object": format!("urn:li:activity:{}", c.post)}});
            }
            (page, body)
        };
        self.push(&page, body, pushed);
    }

    /// Notes a notification for those who pull, and pushes it.
    fn push(&self, page: &str, notification: Value, pushed: bool) {
        let found = {
            let mut world = self.world();
            if !world.told.iter().any(|(_, n)| {
                n["generatedActivity"] == notification["generatedActivity"]
                    && n["action"] == notification["action"]
                    && n["lastModifiedAt"] == notification["lastModifiedAt"]
            }) {
                world.told.push((page.to_owned(), notification.clone()));
            }
            let pushes = !world.applications.contains_key(page) || world.subscribed.contains(page);
            world.pages.get(page).filter(|_| pushes).map(|p| (p.hook.clone(), p.secret.clone()))
        };
        let Some((hook, secret)) = found.filter(|(hook, _)| pushed && !hook.is_empty()) else { return };
        let body = json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [notification]});
        let body = body.to_string().into_bytes();
        let signature = hex::encode(hmac_sha256(secret.as_bytes(), &[b"hmacsha256=", &body]));
        self.stage.pusher.push_signed(&hook, "x-li-signature", &signature, body);
    }
}

impl World {
    fn fresh(&mut self) -> u64 {
        self.next += 2;
        FIRST + self.next
    }

    /// Numbers of notifications are below zero as often as not.
    fn number(&mut self) -> i64 {
        self.next += 1;
        let n = i64::try_from(self.next).unwrap_or(0);
        if n % 2 == 0 { n } else { -n - 4_000_000_000_000_000_000 }
    }

    /// A comment on a post's URN, or under a comment's number; one level of replies.
    fn put(&mut self, on: &str, by: &str, text: &str, at: At) -> u64 {
        let number: u64 = on.rsplit(':').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let (post, parent) = match self.comments.get(&number) {
            Some(c) => (c.post, Some(c.parent.unwrap_or(number))),
            None => (number, None),
        };
        let id = self.fresh();
        self.comments.insert(id, Comment { by: by.to_owned(), text: text.to_owned(), post, parent, at });
        id
    }

    fn shown(id: u64, c: &Comment) -> Value {
        let mut out = json!({"id": id.to_string(), "actor": c.by, "object": format!("urn:li:activity:{}", c.post),
            "commentUrn": format!("urn:li:comment:(urn:li:activity:{},{id})", c.post),
            "message": {"text": c.text, "attributes": []}, "created": {"actor": c.by, "time": c.at.millis()}});
        if let Some(parent) = c.parent {
            out["parentComment"] = format!("urn:li:comment:(urn:li:activity:{},{parent})", c.post).into();
        }
        out
    }
}

fn refuse(status: u16, message: &str) -> Reply {
    Reply::of(status, json!({"message": message, "serviceErrorCode": 100, "status": status}))
}

/// The number of what a URN names: a comment's own, else the post's.
fn number(urn: &str) -> u64 {
    urn.trim_end_matches(')').rsplit([',', ':']).next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

impl Played for LinkedIn {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn serve(&self, call: &Call) -> Reply {
        match (call.method.as_str(), call.path.as_str()) {
            ("GET", "oauth/v2/authorization") => {
                let code = format!("AQ{}", self.world().fresh());
                let Some(page) = self.world().pages.keys().next().cloned() else { return Reply::of(400, Value::Null) };
                self.world().codes.insert(code.clone(), page);
                return let_in(call, &code);
            }
            ("POST", "oauth/v2/accessToken") => return self.token(call),
            _ => {}
        }
        let token = call.token.clone();
        let mine = self.world().pages.values().find(|p| !token.is_empty() && p.token == token).cloned();
        let Some(page) = mine else { return refuse(401, "Invalid access token") };
        // Both are asked for with every call.
        let version = call.headers.get("linkedin-version").and_then(|v| v.to_str().ok()).unwrap_or_default();
        if version.len() != 6 || !call.headers.contains_key("x-restli-protocol-version") {
            return refuse(
                400,
                "A version must be present. Please specify a version by adding the LinkedIn-Version header.",
            );
        }
        {
            let mut world = self.world();
            world.calls += 1;
            if world.most.is_some_and(|most| world.calls > most) {
                return refuse(
                    429,
                    "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.",
                );
            }
        }
        let pieces = call.pieces();
        let path: Vec<&str> = pieces.iter().map(String::as_str).collect();
        match (call.method.as_str(), &path[..]) {
            ("GET", ["rest", "organizationAcls"]) => {
                let all = self.world().pages.values().filter(|p| p.token == token).map(|p| json!({"organization": format!("urn:li:organization:{}", p.id), "roleAssignee": "urn:li:person:admin", "role": "ADMINISTRATOR", "state": "APPROVED"})).collect::<Vec<_>>();
                Reply::ok(json!({"elements": all, "paging": {"start": 0, "count": 10}}))
            }
            ("GET", ["rest", "organizations", id]) => match self.world().pages.get(*id) {
                Some(p) => Reply::ok(json!({"id": p.id.parse::<u64>().unwrap_or(0), "localizedName": p.name})),
                None => refuse(404, "Organization not found"),
            },
            ("GET", ["rest", "organizationalEntityNotifications"]) => self.pull(call, &page.id),
            ("PUT", ["rest", "eventSubscriptions", key]) => self.subscribe(call, key, &page),
            ("GET", ["rest", "people", key]) => {
                let id = key.trim_start_matches("(id:").trim_end_matches(')');
                match self.world().people.get(id) {
                    Some(name) => {
                        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
                        Reply::ok(json!({"id": id, "localizedFirstName": first, "localizedLastName": last}))
                    }
                    None => refuse(403, "Not enough permissions to access: people.GET"),
                }
            }
            ("GET", ["rest", "socialActions", urn, "comments"]) => {
                let (world, on) = (self.world(), number(urn));
                let here = |c: &Comment| c.parent == Some(on) || (c.parent.is_none() && c.post == on);
                let all: Vec<Value> =
                    world.comments.iter().rev().filter(|(_, c)| here(c)).map(|(id, c)| World::shown(*id, c)).collect();
                Reply::ok(json!({"elements": all, "paging": {"start": 0, "count": 100}}))
            }
            ("GET", ["rest", "socialActions", _, "comments", id]) => {
                let (world, id) = (self.world(), number(id));
                world
                    .comments
                    .get(&id)
                    .map_or_else(|| refuse(404, "Comment not found"), |c| Reply::ok(World::shown(id, c)))
            }
            ("POST", ["rest", "socialActions", urn, "comments"]) => self.answer(call, urn, &page.id),
            ("DELETE", ["rest", "socialActions", _, "comments", id]) => {
                self.stage.did("delete", id, "", "");
                self.delete(id);
                Reply::of(204, Value::Null)
            }
            ("POST", ["rest", "reactions"]) => {
                self.stage.did("like", call.body.text("root").unwrap_or_default(), "", "");
                Reply::of(201, Value::Null)
            }
            ("DELETE", ["rest", "reactions", key]) => {
                self.stage.did("unlike", key, "", "");
                Reply::of(204, Value::Null)
            }
            _ => refuse(404, "No virtual resource found"),
        }
    }
}

impl LinkedIn {
    fn token(&self, call: &Call) -> Reply {
        let field = |key: &str| call.body.text(key).unwrap_or_default();
        let mut world = self.world();
        let id = match field("grant_type") {
            "authorization_code" => world.codes.remove(field("code")),
            _ => world.pages.values().find(|p| p.refresh == field("refresh_token")).map(|p| p.id.clone()),
        };
        let Some(id) = id else {
            return Reply::of(
                400,
                json!({"error": "invalid_request", "error_description": "Unable to retrieve access token: authorization code not found"}),
            );
        };
        let token = format!("li-access-{}", world.fresh());
        // One person may administer several pages: all take the new token.
        let was = world.pages.get(&id).map(|p| p.token.clone()).unwrap_or_default();
        world.pages.values_mut().filter(|p| p.token == was).for_each(|p| token.clone_into(&mut p.token));
        let refresh = world.pages.get(&id).map(|p| p.refresh.clone()).unwrap_or_default();
        Reply::ok(
            json!({"access_token": token, "expires_in": 5_184_000, "refresh_token": refresh, "refresh_token_expires_in": 31_536_000, "scope": "r_organization_social"}),
        )
    }

    /// An administrator subscribes an application to their page; the hook has to be one that was
    /// validated: learn.microsoft.com/linkedin/marketing/community-management/organizations/
    /// organization-social-action-notifications.
    fn subscribe(&self, call: &Call, key: &str, page: &NewPage) -> Reply {
        let mut world = self.world();
        let application = world.applications.get(&page.id).map_or("", String::as_str);
        let good = format!(
            "(developerApplication:urn:li:developerApplication:{application},user:urn:li:person:admin,entity:urn:li:organization:{},eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)",
            page.id
        );
        if key != good {
            return refuse(403, "Not enough permissions to access: eventSubscriptions.UPDATE");
        }
        if call.body.text("webhook") != Some(page.hook.as_str()) {
            return refuse(400, "Webhook is not validated");
        }
        world.subscribed.insert(page.id.clone());
        Reply::of(204, Value::Null)
    }

    fn pull(&self, call: &Call, page: &str) -> Reply {
        let start: usize = call.asked("start").parse().unwrap_or(0);
        let range = call.asked("timeRange");
        let bound = |key: &str| {
            range.split(key).nth(1).and_then(|r| r.split([',', ')']).next()).and_then(|n| n.parse::<i64>().ok())
        };
        let (from, to) = (bound("start:").unwrap_or(0), bound("end:").unwrap_or(i64::MAX));
        let at = |n: &Value| n.number("lastModifiedAt").unwrap_or(0);
        let all: Vec<Value> = self
            .world()
            .told
            .iter()
            .rev()
            .filter(|(p, n)| p == page && (from..=to).contains(&at(n)))
            .map(|(_, n)| n.clone())
            .skip(start)
            .take(100)
            .collect();
        Reply::ok(json!({"elements": all, "paging": {"start": start, "count": 100}}))
    }

    fn answer(&self, call: &Call, urn: &str, page: &str) -> Reply {
        let text = call.body["message"].text("text").unwrap_or_default();
        let actor = format!("urn:li:organization:{page}");
        if call.body.text("actor") != Some(actor.as_str()) || call.body.text("object").is_none() {
            return refuse(400, "Field /actor or /object is missing or wrong");
        }
        if text.trim().is_empty() || text.chars().count() > 1_250 {
            return refuse(422, "Comment text is empty or too long");
        }
        let on = number(urn);
        let id = {
            let mut world = self.world();
            if urn.contains("comment") && !world.comments.contains_key(&on) {
                return refuse(404, "Comment not found");
            }
            world.put(&on.to_string(), &actor, text, self.stage.given.now())
        };
        self.stage.did("reply", &on.to_string(), text, &id.to_string());
        if !self.stage.weather.no_echo {
            self.tell("COMMENT", id, true);
        }
        let world = self.world();
        let made = world.comments.get(&id).map(|c| World::shown(id, c)).unwrap_or_default();
        Reply::of(201, made).with("x-restli-id", id.to_string())
    }
}
