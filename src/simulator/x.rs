//! An X that runs on this machine: accounts, posts, private messages, the calls we make, and the
//! activity events it pushes.
//!
//! Sources: docs.x.com/x-api/activity/event-payloads (shapes of events), …/x-api/webhooks/introduction
//! (signature), …/x-api/posts/create-post, …/hide-reply, …/search, …/users/…/mentions, …/direct-messages,
//! …/fundamentals/authentication/oauth-2-0/authorization-code (PKCE, rotation), …/fundamentals/
//! counting-characters, …/fundamentals/rate-limits (headers); docs.x.com/changelog 2026-02 (an
//! application answers only who has mentioned or quoted it); read 2026-08 to 2026-11. The refusals'
//! sentences and the lag of private messages are seen.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::push::Pusher;
use super::stage::{Call, Deed, Played, Reply, Stage, let_in};
use super::weather::Weather;
use crate::base::json::Reads;
use crate::base::sign::hmac_sha256;
use crate::base::text::weighted;
use crate::base::{At, Given};
use crate::networks::oauth::challenge;

/// The network.
pub struct X {
    stage: Stage,
    world: Mutex<World>,
}

/// An account of ours to be simulated.
#[derive(Debug, Clone, Default)]
pub struct NewAccount {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its `name` after the `@`.
    pub username: String,
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
    people: BTreeMap<String, (String, String)>,
    posts: BTreeMap<u64, Post>,
    messages: Vec<Message>,
    subscribed: Vec<Value>,
    /// Codes that may be redeemed: whose, and the challenge.
    codes: BTreeMap<String, (String, String)>,
    next: u64,
    out_of_credits: bool,
    /// Private messages younger than this are not listed yet.
    lag_millis: i64,
}

#[derive(Clone)]
struct Post {
    by: String,
    text: String,
    at: At,
    parent: Option<u64>,
    conversation: u64,
    quoted: Option<u64>,
    history: Vec<u64>,
    hidden: bool,
    gone: bool,
}

#[derive(Clone)]
struct Message {
    id: u64,
    from: String,
    to: String,
    text: String,
    at: At,
}

/// The first of the ids made here: as long as real ones, and beyond what a fraction holds exactly.
const FIRST: u64 = 2_080_761_390_344_937_000;

impl X {
    /// An empty network.
    pub fn new(given: Given, pusher: Pusher, weather: Weather) -> X {
        X { stage: Stage::new(given, pusher, weather), world: Mutex::default() }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an account of ours.
    pub fn add_account(&self, account: NewAccount) {
        // Failures of other kinds are borne for about 28 hours: docs.x.com/x-api/webhooks/introduction.
        self.stage.pusher.give_up_after(&account.hook, std::time::Duration::from_hours(28));
        let mut world = self.world();
        world.people.insert(account.id.clone(), (account.name.clone(), account.username.clone()));
        world.accounts.insert(account.id.clone(), account);
    }

    /// What stands after the account's `@`.
    pub fn username(&self, account: &str) -> String {
        self.world().name_of(account)
    }

    /// Everything we did there, in order.
    pub fn ledger(&self) -> Vec<Deed> {
        self.stage.ledger()
    }

    /// What was said on the wire, in order.
    pub fn journal(&self) -> Vec<super::stage::Exchange> {
        self.stage.journal()
    }

    /// The next call to do something is answered like this.
    pub fn refuse_next(&self, reply: Reply) {
        self.stage.refuse_next(reply);
    }

    /// The account's token is another one now.
    pub fn set_token(&self, account: &str, token: &str) {
        if let Some(account) = self.world().accounts.get_mut(account) {
            token.clone_into(&mut account.token);
        }
    }

    /// Nothing that costs is done any more, or again.
    pub fn set_out_of_credits(&self, out: bool) {
        self.world().out_of_credits = out;
    }

    /// Private messages are listed only so long after they were sent.
    pub fn set_lag(&self, lag: std::time::Duration) {
        self.world().lag_millis = i64::try_from(lag.as_millis()).unwrap_or(0);
    }

    /// Our account publishes; the post's id.
    pub fn publish(&self, account: &str, text: &str) -> String {
        let id = self.world().write(account, text, None, None, self.stage.given.now());
        self.tell(account, &["post.create"], id);
        id.to_string()
    }

    /// Somebody mentions the account, out of nowhere; the post's id.
    pub fn mention(&self, account: &str, from: (&str, &str, &str), text: &str) -> String {
        let id = self.somebody(from, text, None, None);
        self.tell(account, &["post.mention.create"], id);
        id.to_string()
    }

    /// Somebody answers a post. It is told twice, as a mention and as a reply, as X does when the
    /// account's name stands in it.
    pub fn reply(&self, account: &str, to: &str, from: (&str, &str, &str), text: &str) -> String {
        let id = self.somebody(from, text, to.parse().ok(), None);
        self.tell(account, &["post.mention.create", "post.reply.create"], id);
        id.to_string()
    }

    /// As [`X::reply`], but no event comes: only a poll will find it.
    pub fn reply_unheard(&self, to: &str, from: (&str, &str, &str), text: &str) -> String {
        self.somebody(from, text, to.parse().ok(), None).to_string()
    }

    /// Somebody quotes a post.
    pub fn quote(&self, account: &str, of: &str, from: (&str, &str, &str), text: &str) -> String {
        let id = self.somebody(from, text, None, of.parse().ok());
        self.tell(account, &["post.quote.create"], id);
        id.to_string()
    }

    /// As [`X::quote`], but no event comes.
    pub fn quote_unheard(&self, of: &str, from: (&str, &str, &str), text: &str) -> String {
        self.somebody(from, text, None, of.parse().ok()).to_string()
    }

    /// Somebody writes a post of theirs anew: another id in the same history.
    pub fn edit(&self, account: &str, id: &str, text: &str) -> String {
        let now = self.stage.given.now();
        let fresh = {
            let mut world = self.world();
            let Some(old) = id.parse().ok().and_then(|id: u64| world.posts.get(&id).cloned()) else {
                return String::new();
            };
            let fresh = world.fresh();
            let history = [old.history.clone(), vec![fresh]].concat();
            for id in &old.history {
                if let Some(p) = world.posts.get_mut(id) {
                    p.history.clone_from(&history);
                }
            }
            world.posts.insert(fresh, Post { text: text.to_owned(), at: now, history, ..old });
            fresh
        };
        self.tell(account, &["post.mention.create"], fresh);
        fresh.to_string()
    }

    /// Somebody writes in private; the message's id.
    pub fn message(&self, account: &str, from: (&str, &str, &str), text: &str) -> String {
        let id = self.message_unheard(account, from, text);
        self.tell_message(account, "dm.received", id.parse().unwrap_or_default());
        id
    }

    /// As [`X::message`], but no event comes.
    pub fn message_unheard(&self, account: &str, from: (&str, &str, &str), text: &str) -> String {
        let mut world = self.world();
        world.know(from);
        let id = world.fresh();
        let (from, to, text) = (from.0.to_owned(), account.to_owned(), text.to_owned());
        world.messages.push(Message { id, from, to, text, at: self.stage.given.now() });
        id.to_string()
    }

    /// Our account answers by X's own application.
    pub fn answered_elsewhere(&self, account: &str, to: &str, text: &str) -> String {
        let id = self.world().write(account, text, to.parse().ok(), None, self.stage.given.now());
        self.tell(account, &["post.create"], id);
        id.to_string()
    }

    /// The account takes our access away.
    pub fn revoke(&self, account: &str) {
        let payload =
            json!({"date_time": self.stage.given.now().to_string(), "user_id": account, "app_id": "29820954"});
        let event = json!({"data": {"event_uuid": self.uuid(), "filter": {}, "event_type": "oauth.revoke", "payload": payload}});
        self.push(account, &event);
    }

    fn somebody(&self, from: (&str, &str, &str), text: &str, parent: Option<u64>, quoted: Option<u64>) -> u64 {
        let now = self.stage.given.now();
        let mut world = self.world();
        world.know(from);
        world.write(from.0, text, parent, quoted, now)
    }

    /// Event ids are signed numbers of 64 bits, written as text.
    fn uuid(&self) -> String {
        i64::from_le_bytes(self.stage.given.bytes()).to_string()
    }

    fn tell(&self, account: &str, kinds: &[&str], id: u64) {
        let (payload, includes) = {
            let world = self.world();
            let Some(p) = world.posts.get(&id) else { return };
            let answered = p.parent.or(p.quoted).and_then(|p| world.posts.get(&p).map(|post| (p, post)));
            let mut tweets = vec![world.shown(id, p)];
            tweets.extend(answered.map(|(id, p)| world.shown(id, p)));
            let users: Vec<Value> =
                [Some(p.by.as_str()), Some(account)].into_iter().flatten().map(|u| world.user(u)).collect();
            (world.shown(id, p), json!({"users": users, "tweets": tweets}))
        };
        for kind in kinds {
            let event = json!({"data": {"event_uuid": self.uuid(), "filter": {"user_id": account}, "event_type": kind,
                "tag": "guichet", "payload": payload, "includes": includes}});
            self.push(account, &event);
        }
    }

    fn tell_message(&self, account: &str, kind: &str, id: u64) {
        let payload = {
            let world = self.world();
            let Some(m) = world.messages.iter().find(|m| m.id == id) else { return };
            let users: serde_json::Map<String, Value> =
                [&m.from, &m.to].into_iter().map(|u| (u.clone(), json!({"data": world.user(u)}))).collect();
            json!({"direct_message_events": [{"type": "message_create", "id": m.id.to_string(),
                "created_timestamp": m.at.millis().to_string(), "message_create": {"target": {"recipient_id": m.to},
                "sender_id": m.from, "message_data": {"text": escaped(&m.text), "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []}}}}],
                "users": users})
        };
        let event = json!({"data": {"event_uuid": self.uuid(), "filter": {"user_id": account}, "event_type": kind,
            "tag": "guichet", "payload": payload}});
        self.push(account, &event);
    }

    fn push(&self, account: &str, event: &Value) {
        let found = self.world().accounts.get(account).map(|a| (a.hook.clone(), a.secret.clone()));
        let Some((hook, secret)) = found.filter(|(hook, _)| !hook.is_empty()) else { return };
        self.push_raw(&hook, &secret, event.to_string().into_bytes());
    }

    /// Pushes bytes of the caller's making, rightly signed.
    pub fn push_raw(&self, hook: &str, secret: &str, body: Vec<u8>) {
        let signature = format!("sha256={}", STANDARD.encode(hmac_sha256(secret.as_bytes(), &[&body])));
        self.stage.pusher.push_signed(hook, "x-twitter-webhooks-signature", &signature, body);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl World {
    fn fresh(&mut self) -> u64 {
        self.next += 1;
        FIRST + self.next
    }

    fn know(&mut self, (id, name, username): (&str, &str, &str)) {
        self.people.insert(id.to_owned(), (name.to_owned(), username.to_owned()));
    }

    fn write(&mut self, by: &str, text: &str, parent: Option<u64>, quoted: Option<u64>, at: At) -> u64 {
        let id = self.fresh();
        let conversation = parent.and_then(|p| self.posts.get(&p)).map_or(id, |p| p.conversation);
        let (by, text) = (by.to_owned(), text.to_owned());
        self.posts.insert(
            id,
            Post { by, text, at, parent, conversation, quoted, history: vec![id], hidden: false, gone: false },
        );
        id
    }

    fn user(&self, id: &str) -> Value {
        let (name, username) = self.people.get(id).cloned().unwrap_or_default();
        json!({"id": id, "name": name, "username": username, "verified": false})
    }

    fn name_of(&self, id: &str) -> String {
        self.people.get(id).map(|p| p.1.clone()).unwrap_or_default()
    }

    /// A post as the API shows it: escaped, links shortened, and before a reply the name of whom it
    /// answers.
    fn shown(&self, id: u64, p: &Post) -> Value {
        let answered = p.parent.and_then(|p| self.posts.get(&p));
        let (mut text, mut urls) = (escaped(&p.text), Vec::new());
        for (n, word) in p.text.split_whitespace().filter(|w| w.starts_with("http")).enumerate() {
            let short = format!("https://t.co/{id}{n}");
            text = text.replace(&escaped(word), &short);
            urls.push(json!({"start": 0, "end": 23, "url": short, "expanded_url": word, "display_url": word}));
        }
        if let Some(answered) = answered {
            let name = format!("@{}", self.name_of(&answered.by));
            if !text.contains(&name) {
                text = format!("{name} {text}");
            }
        }
        let mut refers = Vec::new();
        refers.extend(p.parent.map(|id| json!({"type": "replied_to", "id": id.to_string()})));
        refers.extend(p.quoted.map(|id| json!({"type": "quoted", "id": id.to_string()})));
        let mut out = json!({"id": id.to_string(), "text": text, "author_id": p.by, "created_at": p.at.to_string(),
            "conversation_id": p.conversation.to_string(),
            "edit_history_tweet_ids": p.history.iter().map(u64::to_string).collect::<Vec<_>>(), "entities": {"urls": urls}});
        if !refers.is_empty() {
            out["referenced_tweets"] = refers.into();
        }
        if let Some(answered) = answered {
            out["in_reply_to_user_id"] = answered.by.clone().into();
        }
        out
    }

    /// True when the author of a post has called us: by name, by quoting us, or under what we wrote.
    fn summoned(&self, me: &str, p: &Post) -> bool {
        self.names(me, p) || p.quoted.and_then(|id| self.posts.get(&id)).is_some_and(|p| p.by == me)
    }

    /// True when a post names us, as one under what we wrote does by itself.
    fn names(&self, me: &str, p: &Post) -> bool {
        let named = p.text.to_lowercase().contains(&format!("@{}", self.name_of(me).to_lowercase()));
        named || p.parent.and_then(|id| self.posts.get(&id)).is_some_and(|p| p.by == me)
    }
}

fn problem(status: u16, title: &str, detail: &str, kind: &str) -> Reply {
    Reply::of(status, json!({"title": title, "detail": detail, "type": kind, "status": status}))
}

const GONE: &str = "https://api.twitter.com/2/problems/resource-not-found";

impl Played for X {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn serve(&self, call: &Call) -> Reply {
        let pieces = call.pieces();
        let path: Vec<&str> = pieces.iter().map(String::as_str).collect();
        match (call.method.as_str(), &path[..]) {
            ("GET", ["i", "oauth2", "authorize"]) => return self.authorize(call),
            ("POST", ["2", "oauth2", "token"]) => return self.token(call),
            ("GET", ["2", "webhooks"]) => {
                let given_up = self.world().accounts.values().any(|a| self.stage.pusher.has_given_up(&a.hook));
                return Reply::ok(
                    json!({"data": [{"id": "7", "valid": !given_up, "url": "https://desk.example/hooks/x", "created_at": "2026-11-01T10:00:00.000Z"}], "meta": {"result_count": 1}}),
                );
            }
            // The hook is looked at again (the challenge is the tests' own matter here).
            ("PUT", ["2", "webhooks", _]) => {
                let hooks: Vec<String> = self.world().accounts.values().map(|a| a.hook.clone()).collect();
                for hook in &hooks {
                    self.stage.pusher.call_again(hook);
                }
                return Reply::ok(json!({"data": {"valid": true}}));
            }
            ("GET", ["2", "activity", "subscriptions"]) => {
                return Reply::ok(json!({"data": self.world().subscribed, "meta": {"result_count": 0}}));
            }
            _ => {}
        }
        let me = self
            .world()
            .accounts
            .values()
            .find(|a| !call.token.is_empty() && a.token == call.token)
            .map(|a| a.id.clone());
        let Some(me) = me else { return problem(401, "Unauthorized", "Unauthorized", "about:blank") };
        let free = path[..] == ["2", "users", "me"];
        if self.world().out_of_credits && !free {
            return problem(
                402,
                "CreditsDepleted",
                "Your enrolled account does not have any credits to fulfill this request.",
                "https://api.twitter.com/2/problems/credits",
            );
        }
        let reply = match (call.method.as_str(), &path[..]) {
            ("GET", ["2", "users", "me"]) => Reply::ok(json!({"data": self.world().user(&me)})),
            ("GET", ["2", "users", id, "mentions"]) => self.mentions(call, id),
            ("GET", ["2", "users", id, "tweets"]) => self.timeline(call, id),
            ("GET", ["2", "users", id]) => Reply::ok(json!({"data": self.world().user(id)})),
            ("GET", ["2", "tweets", "search", "recent"]) => self.search(call),
            ("GET", ["2", "tweets", id]) => self.one(id),
            ("GET", ["2", "dm_events"]) => self.messages(call, &me, None),
            ("GET", ["2", "dm_conversations", "with", person, "dm_events"]) => self.messages(call, &me, Some(person)),
            ("POST", ["2", "tweets"]) => self.answer(call, &me),
            ("POST", ["2", "dm_conversations", "with", person, "messages"]) => self.say(call, &me, person),
            ("PUT", ["2", "tweets", id, "hidden"]) => self.hide(call, &me, id),
            ("POST", ["2", "activity", "subscriptions"]) => {
                let mut made = call.body.clone();
                made["subscription_id"] = self.uuid().into();
                self.world().subscribed.push(made.clone());
                Reply::ok(json!({"data": made, "meta": {"total_subscriptions": 1}}))
            }
            _ => problem(404, "Not Found", "there is no such call", "about:blank"),
        };
        let reset = self.stage.given.now().secs() + 900;
        reply
            .with("x-rate-limit-limit", "300")
            .with("x-rate-limit-remaining", "297")
            .with("x-rate-limit-reset", reset.to_string())
    }
}

impl X {
    /// Somebody is asked whether to let us in, and says yes. The code is good once.
    fn authorize(&self, call: &Call) -> Reply {
        let mut world = self.world();
        let Some(id) = world.accounts.keys().next().cloned() else { return Reply::of(400, Value::Null) };
        let code = format!("code-{}", world.fresh());
        world.codes.insert(code.clone(), (id, call.asked("code_challenge").to_owned()));
        let_in(call, &code)
    }

    fn token(&self, call: &Call) -> Reply {
        let refuse = |error: &str, words: &str| Reply::of(400, json!({"error": error, "error_description": words}));
        let mut world = self.world();
        let field = |key: &str| call.body.text(key).unwrap_or_default();
        let id = match field("grant_type") {
            "authorization_code" => match world.codes.remove(field("code")) {
                Some((id, given)) if given == challenge(field("code_verifier")) => id,
                Some(_) => {
                    return refuse(
                        "invalid_request",
                        "Value passed for the code verifier did not match the code challenge.",
                    );
                }
                None => return refuse("invalid_request", "Value passed for the authorization code was invalid."),
            },
            "refresh_token" => match world.accounts.values().find(|a| a.refresh == field("refresh_token")) {
                Some(account) => account.id.clone(),
                None => return refuse("invalid_request", "Value passed for the token was invalid."),
            },
            _ => return refuse("unsupported_grant_type", "unknown grant"),
        };
        // Both are new; the old ones are over.
        let n = world.fresh();
        let (token, refresh) = (format!("x-access-{n}"), format!("x-refresh-{n}"));
        if let Some(account) = world.accounts.get_mut(&id) {
            (account.token, account.refresh) = (token.clone(), refresh.clone());
        }
        Reply::ok(json!({"token_type": "bearer", "expires_in": 7200, "access_token": token, "refresh_token": refresh,
            "scope": "tweet.read tweet.write users.read dm.read dm.write offline.access"}))
    }

    fn listed(&self, call: &Call, of: impl Fn(&World, &Post) -> bool) -> Reply {
        let world = self.world();
        let since: u64 = call.asked("since_id").parse().unwrap_or(0);
        let until: u64 = call.asked("until_id").parse().unwrap_or(u64::MAX);
        let skip: usize = call.asked("pagination_token").parse().unwrap_or(0);
        let from = At::parse(call.asked("start_time")).unwrap_or(At(0));
        let most: usize = call.asked("max_results").parse().unwrap_or(10);
        let newest = |id: u64, p: &Post| p.history.last() == Some(&id);
        let all = world.posts.iter().rev();
        let mut rest = all
            .filter(|(id, p)| {
                **id > since && **id < until && p.at >= from && !p.gone && newest(**id, p) && of(&world, p)
            })
            .skip(skip);
        let found: Vec<_> = rest.by_ref().take(most).collect();
        let next = rest.next().map(|_| (skip + most).to_string());
        let Some((newest, _)) = found.first() else {
            // Without anything to tell there is no `data` (seen).
            return Reply::ok(json!({"meta": {"result_count": 0}}));
        };
        let users: std::collections::BTreeSet<&str> = found.iter().map(|(_, p)| p.by.as_str()).collect();
        let answered =
            found.iter().filter_map(|(_, p)| p.parent.or(p.quoted)).filter_map(|id| Some((id, world.posts.get(&id)?)));
        let tweets: Vec<Value> = answered.map(|(id, p)| world.shown(id, p)).collect();
        Reply::ok(json!({"data": found.iter().map(|(id, p)| world.shown(**id, p)).collect::<Vec<_>>(),
            "includes": {"users": users.into_iter().map(|u| world.user(u)).collect::<Vec<_>>(), "tweets": tweets},
            "meta": {"result_count": found.len(), "newest_id": newest.to_string(),
                "oldest_id": found.last().map(|(id, _)| id.to_string()), "next_token": next}}))
    }

    /// Posts that name the account, as answers to it do; a quote need not.
    fn mentions(&self, call: &Call, id: &str) -> Reply {
        self.listed(call, |world, p| p.by != id && world.names(id, p))
    }

    /// docs.x.com/x-api/users/user-posts-timeline-by-user-id: `exclude` leaves out replies.
    fn timeline(&self, call: &Call, id: &str) -> Reply {
        let replies = !call.asked("exclude").contains("replies");
        self.listed(call, |_, p| p.by == id && (replies || p.parent.is_none()))
    }

    /// docs.x.com/x-api/posts/search: of the operators, the quotes of posts and whose posts are left
    /// out; 512 characters for self-serve, pages from ten on, seven days back (the refusal of an older
    /// `since_id` is seen).
    fn search(&self, call: &Call) -> Reply {
        let asked = call.asked("query");
        let words: Vec<&str> = asked.split([' ', '(', ')']).collect();
        let after = |of: &str| words.iter().filter_map(|w| w.strip_prefix(of)).map(str::to_owned).collect::<Vec<_>>();
        let (quoted, without) = (after("quotes_of_tweet_id:"), after("-from:"));
        let week = self.stage.given.now().minus(std::time::Duration::from_hours(7 * 24));
        let since = call.asked("since_id").parse().ok().and_then(|id: u64| Some(self.world().posts.get(&id)?.at));
        let old = [since, At::parse(call.asked("start_time")).ok()].into_iter().flatten().any(|at| at < week);
        let size: usize = call.asked("max_results").parse().unwrap_or(10);
        if quoted.is_empty() || asked.chars().count() > 512 || old || !(10..=100).contains(&size) {
            return problem(
                400,
                "Invalid Request",
                "One or more parameters to your request was invalid.",
                "https://api.twitter.com/2/problems/invalid-request",
            );
        }
        self.listed(call, |_, p| p.quoted.is_some_and(|q| quoted.contains(&q.to_string())) && !without.contains(&p.by))
    }

    fn one(&self, id: &str) -> Reply {
        let world = self.world();
        match id.parse().ok().and_then(|id: u64| Some((id, world.posts.get(&id)?))) {
            Some((id, p)) if !p.gone => {
                Reply::ok(json!({"data": world.shown(id, p), "includes": {"users": [world.user(&p.by)]}}))
            }
            _ => Reply::ok(
                json!({"errors": [{"title": "Not Found Error", "detail": format!("Could not find tweet with id: [{id}]."), "type": GONE, "resource_type": "tweet", "parameter": "id", "value": id}]}),
            ),
        }
    }

    fn messages(&self, call: &Call, me: &str, with: Option<&str>) -> Reply {
        let (world, now) = (self.world(), self.stage.given.now().millis());
        let most: usize = call.asked("max_results").parse().unwrap_or(100);
        let mine = |m: &&Message| m.from == me || m.to == me;
        let between = |m: &&Message| with.is_none_or(|w| m.from == w || m.to == w);
        let settled = |m: &&Message| m.at.millis() + world.lag_millis <= now;
        let found: Vec<&Message> =
            world.messages.iter().rev().filter(mine).filter(between).filter(settled).take(most).collect();
        if found.is_empty() {
            return Reply::ok(json!({"meta": {"result_count": 0}}));
        }
        let told = |m: &Message| {
            let mut two = [m.from.as_str(), m.to.as_str()];
            two.sort_by_key(|id| (id.len(), id.to_owned()));
            json!({"id": m.id.to_string(), "event_type": "MessageCreate", "text": escaped(&m.text), "sender_id": m.from,
                "dm_conversation_id": two.join("-"), "created_at": m.at.to_string()})
        };
        let users: std::collections::BTreeSet<&str> = found.iter().map(|m| m.from.as_str()).collect();
        Reply::ok(json!({"data": found.iter().map(|m| told(m)).collect::<Vec<_>>(),
            "includes": {"users": users.into_iter().map(|u| world.user(u)).collect::<Vec<_>>()},
            "meta": {"result_count": found.len()}}))
    }

    fn answer(&self, call: &Call, me: &str) -> Reply {
        let text = call.body.text("text").unwrap_or_default();
        let to = call.body["reply"].text("in_reply_to_tweet_id").and_then(|t| t.parse::<u64>().ok());
        if text.trim().is_empty() {
            return problem(
                400,
                "Invalid Request",
                "One or more parameters to your request was invalid.",
                "https://api.twitter.com/2/problems/invalid-request",
            );
        }
        if weighted(text) > 280 {
            return Reply::of(403, json!({"errors": [{"code": 186, "message": "Tweet needs to be a bit shorter."}]}));
        }
        let now = self.stage.given.now();
        let id = {
            let mut world = self.world();
            let Some(target) = to.and_then(|t| world.posts.get(&t)).filter(|p| !p.gone) else {
                return problem(
                    403,
                    "Forbidden",
                    "You attempted to reply to a Tweet that is deleted or not visible to you.",
                    "about:blank",
                );
            };
            if !world.summoned(me, target) {
                return problem(
                    403,
                    "Forbidden",
                    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
                    "about:blank",
                );
            }
            if world.posts.values().any(|p| p.by == me && p.parent == to && p.text == text && !p.gone) {
                return problem(
                    403,
                    "Forbidden",
                    "You are not allowed to create a Tweet with duplicate content.",
                    "about:blank",
                );
            }
            world.write(me, text, to, None, now)
        };
        self.stage.did("reply", &to.unwrap_or_default().to_string(), text, &id.to_string());
        if !self.stage.weather.no_echo {
            self.tell(me, &["post.create"], id);
        }
        Reply::of(
            201,
            json!({"data": {"id": id.to_string(), "text": text, "edit_history_tweet_ids": [id.to_string()]}}),
        )
    }

    fn say(&self, call: &Call, me: &str, person: &str) -> Reply {
        let text = call.body.text("text").unwrap_or_default();
        if text.trim().is_empty() || text.chars().count() > 10_000 {
            return problem(
                400,
                "Invalid Request",
                "One or more parameters to your request was invalid.",
                "https://api.twitter.com/2/problems/invalid-request",
            );
        }
        let id = {
            let mut world = self.world();
            // Whoever never wrote takes no messages of strangers, as most people's settings say.
            if !world.messages.iter().any(|m| m.from == person && m.to == me) {
                return problem(
                    403,
                    "Forbidden",
                    "You do not have permission to DM one or more participants.",
                    "about:blank",
                );
            }
            let id = world.fresh();
            let (from, to) = (me.to_owned(), person.to_owned());
            world.messages.push(Message { id, from, to, text: text.to_owned(), at: self.stage.given.now() });
            id
        };
        self.stage.did("dm", person, text, &id.to_string());
        if !self.stage.weather.no_echo {
            self.tell_message(me, "dm.sent", id);
        }
        let mut two = [me, person];
        two.sort_by_key(|id| (id.len(), (*id).to_owned()));
        Reply::of(201, json!({"data": {"dm_conversation_id": two.join("-"), "dm_event_id": id.to_string()}}))
    }

    fn hide(&self, call: &Call, me: &str, id: &str) -> Reply {
        let hidden = call.body.flag("hidden");
        let mut world = self.world();
        let found = id.parse().ok().and_then(|id: u64| world.posts.get(&id).cloned().map(|p| (id, p)));
        let Some((number, post)) = found else { return problem(404, "Not Found Error", "no such post", GONE) };
        if world.posts.get(&post.conversation).is_none_or(|root| root.by != me) {
            return problem(403, "Forbidden", "You are not permitted to hide this reply.", "about:blank");
        }
        if let Some(p) = world.posts.get_mut(&number) {
            p.hidden = hidden;
        }
        drop(world);
        self.stage.did(if hidden { "hide" } else { "unhide" }, id, "", "");
        Reply::ok(json!({"data": {"hidden": hidden}}))
    }
}
