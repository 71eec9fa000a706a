//! An Instagram that runs on this machine: publications with comments, mentions elsewhere, private
//! messages.
//!
//! Sources: developers.facebook.com/docs/instagram-platform/webhooks/examples (bodies),
//! …/instagram-platform/comment-moderation (replies, hide, delete; a reply to a reply stands under the
//! comment above both; hidden comments cannot be answered), …/instagram-platform/private-replies (once,
//! seven days), …/instagram-api-with-instagram-login/messaging-api (1,000 bytes, 24 hours, seven days
//! with the human-agent tag); codes 2534022 and 2534025 as listed in …/messenger-platform/
//! error-codes; read 2026-11. There are no hooks for changed, hidden or deleted comments.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::meta::{Done, Gone, Item, Side, Sort, Stage, item, list, time};
use crate::base::At;
use crate::base::json::Reads;

const DAY: Duration = Duration::from_hours(24);
const GONE: Gone = (100, 33, "Unsupported request. Object does not exist");

/// The network.
pub struct Instagram {
    /// What it shares with the others.
    pub stage: Stage,
}

/// The routes of its Graph.
pub fn routes(instagram: Arc<Instagram>) -> axum::Router {
    super::meta::routes(instagram)
}

impl Instagram {
    /// An empty network.
    pub fn new(stage: Stage) -> Instagram {
        // After an hour of failures the application is unsubscribed from the account:
        // developers.facebook.com/docs/messenger-platform/webhooks; read 2026-11.
        let mut stage = stage;
        stage.patience = Some(Duration::from_hours(1));
        Instagram { stage }
    }

    /// The account publishes; the publication's id. Instagram tells nobody of it.
    pub fn publish_at(&self, account: &str, text: &str, at: At) -> String {
        let name = self.stage.world().name_of(account);
        self.stage.put(item(account, Sort::Post, (account, &name), text, at))
    }

    /// Somebody comments, or answers a comment; the comment's id.
    pub fn comment_at(&self, account: &str, on: &str, from: (&str, &str), text: &str, at: At) -> String {
        let id = self.comment_unheard(account, on, from, text, at);
        self.push_comment(account, &id);
        id
    }

    /// The same, but the hook is lost: only a poll will find it.
    pub fn comment_unheard(&self, account: &str, on: &str, from: (&str, &str), text: &str, at: At) -> String {
        let (post, parent) = {
            let world = self.stage.world();
            match world.here(on) {
                // A reply to a reply stands under the comment above both.
                Some(c) if c.sort == Sort::Comment && !c.parent.is_empty() => (c.post.clone(), c.parent.clone()),
                Some(c) if c.sort == Sort::Comment => (c.post.clone(), on.to_owned()),
                _ => (on.to_owned(), String::new()),
            }
        };
        self.stage.put(Item { parent, post, ..item(account, Sort::Comment, from, text, at) })
    }

    /// Tells of a comment, as if it were new.
    pub fn push_comment(&self, account: &str, id: &str) {
        let Some(c) = self.stage.world().here(id).cloned() else { return };
        let mut value = json!({"id": id, "text": c.text, "from": {"id": c.from.0, "username": c.from.1},
            "media": {"id": c.post, "media_product_type": "FEED"}});
        if !c.parent.is_empty() {
            value["parent_id"] = c.parent.into();
        }
        self.push_change(account, "comments", value, c.at);
    }

    /// Somebody names the account in a comment under a publication of somebody else's; both ids.
    pub fn mention(&self, account: &str, from: (&str, &str), text: &str) -> (String, String) {
        let now = self.stage.given.now();
        let media = self.stage.put(item("", Sort::Post, ("1", "someone.else"), "…", now));
        let told = Item { post: media.clone(), ..item("", Sort::Comment, from, text, now) };
        let comment = self.stage.put(told);
        self.push_change(account, "mentions", json!({"media_id": media, "comment_id": comment}), now);
        (media, comment)
    }

    /// Somebody names the account in the caption of a publication of theirs; its id.
    pub fn mention_in_caption(&self, account: &str, from: (&str, &str), text: &str) -> String {
        let now = self.stage.given.now();
        let media = self.stage.put(item("", Sort::Post, from, text, now));
        self.push_change(account, "mentions", json!({"media_id": media}), now);
        media
    }

    /// Somebody writes to the account; the message's id.
    pub fn message_at(&self, account: &str, from: (&str, &str), text: &str, at: At) -> String {
        self.say(account, from, text, json!({"text": text}), at)
    }

    /// Somebody answers a story of the account.
    pub fn story_reply(&self, account: &str, from: (&str, &str), text: &str) -> String {
        let story = json!({"story": {"url": "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1", "id": "179"}});
        self.say(account, from, text, json!({"text": text, "reply_to": story}), self.stage.given.now())
    }

    fn say(&self, account: &str, from: (&str, &str), text: &str, message: Value, at: At) -> String {
        let mid = self.stage.put(Item { post: from.0.to_owned(), ..item(account, Sort::Message, from, text, at) });
        let mut message = message;
        message["mid"] = mid.clone().into();
        self.push_messaging(account, (from.0, account), "message", message, at);
        mid
    }

    /// The account wrote to somebody by other means than ours.
    pub fn account_wrote_at(&self, account: &str, person: &str, text: &str, at: At) -> String {
        let name = self.stage.world().name_of(account);
        let said = Item { post: person.to_owned(), ..item(account, Sort::Message, (account, &name), text, at) };
        let mid = self.stage.put(said);
        self.push_messaging(
            account,
            (account, person),
            "message",
            json!({"mid": mid, "text": text, "is_echo": true}),
            at,
        );
        mid
    }

    /// The person has read this message.
    pub fn read(&self, account: &str, person: &str, mid: &str) {
        self.push_messaging(account, (person, account), "read", json!({"mid": mid}), self.stage.given.now());
    }

    /// Somebody reacts to a message.
    pub fn react(&self, account: &str, person: &str, mid: &str, emoji: &str) {
        let reaction = json!({"mid": mid, "action": "react", "reaction": "other", "emoji": emoji});
        self.push_messaging(account, (person, account), "reaction", reaction, self.stage.given.now());
    }

    fn push_change(&self, account: &str, field: &str, value: Value, at: At) {
        let entry = json!({"id": account, "time": at.secs(), "changes": [{"field": field, "value": value}]});
        self.stage.push(account, &json!({"object": "instagram", "entry": [entry]}));
    }

    fn push_messaging(&self, account: &str, (from, to): (&str, &str), what: &str, told: Value, at: At) {
        let mut messaging = json!({"sender": {"id": from}, "recipient": {"id": to}, "timestamp": at.millis()});
        messaging[what] = told;
        let entry = json!({"id": account, "time": at.millis(), "messaging": [messaging]});
        self.stage.push(account, &json!({"object": "instagram", "entry": [entry]}));
    }

    fn told(account: &str, id: &str, i: &Item) -> Value {
        let mut told = json!({"id": id, "text": i.text, "username": i.from.1, "timestamp": time(i.at), "hidden": i.hidden,
            "from": {"id": i.from.0, "username": i.from.1}, "media": {"id": i.post}});
        if i.from.0 == account {
            told["user"] = json!({"id": account});
        }
        told
    }

    /// What stands under a publication, or under a comment, newest first.
    fn under(&self, account: &str, post: &str, parent: &str) -> Vec<Value> {
        let world = self.stage.world();
        let here = |i: &&Item| i.sort == Sort::Comment && !i.gone && i.post == post && i.parent == parent;
        let mut found: Vec<(&String, &Item)> = world.items.iter().filter(|(_, i)| here(i)).collect();
        found.sort_by_key(|(id, i)| (std::cmp::Reverse(i.at), std::cmp::Reverse((*id).clone())));
        found.into_iter().map(|(id, i)| Instagram::told(account, id, i)).collect()
    }

    fn conversations(&self, account: &str, with: Option<&String>) -> Value {
        let world = self.stage.world();
        let mut talks: BTreeMap<&str, Vec<(&String, &Item)>> = BTreeMap::new();
        for (id, i) in world.items.iter().filter(|(_, i)| i.sort == Sort::Message && i.account == account && !i.gone) {
            talks.entry(&i.post).or_default().push((id, i));
        }
        let told =
            talks.into_iter().filter(|(person, _)| with.is_none_or(|w| w == person)).map(|(person, mut said)| {
                said.sort_by_key(|(_, i)| std::cmp::Reverse(i.at));
                let newest = said.first().map(|(_, i)| time(i.at));
                // Graph shows the twenty newest messages of a conversation.
                let said = said.into_iter().take(20).map(|(id, i)| {
                    let to = if i.from.0 == account { person } else { account };
                    json!({"id": id, "message": i.text, "created_time": time(i.at),
                    "from": {"id": i.from.0, "username": i.from.1}, "to": {"data": [{"id": to}]}})
                });
                json!({"id": format!("t_{person}"), "updated_time": newest, "messages": list(said.collect())})
            });
        list(told.collect())
    }

    /// A mention is read through the account that was named.
    fn mentioned(&self, fields: &str) -> Option<Value> {
        let id = |edge: &str| {
            let rest = fields.split_once(edge)?.1;
            Some(rest.split_once(')')?.0.to_owned())
        };
        let world = self.stage.world();
        if let Some(id) = id("mentioned_comment.comment_id(") {
            let c = world.here(&id)?;
            let told = json!({"id": id, "text": c.text, "username": c.from.1, "timestamp": time(c.at), "media": {"id": c.post}});
            return Some(json!({"mentioned_comment": told}));
        }
        let id = id("mentioned_media.media_id(")?;
        let m = world.here(&id)?;
        let told =
            json!({"id": id, "caption": m.text, "username": m.from.1, "timestamp": time(m.at), "media_type": "IMAGE"});
        Some(json!({"mentioned_media": told}))
    }

    fn comment_back(&self, account: &str, on: &str, what: &str, text: &str) -> Done {
        if text.trim().is_empty() || text.encode_utf16().count() > 2_200 {
            return Err((100, 0, "invalid message"));
        }
        let (own, hidden) = self.stage.world().here(on).map(|i| (i.account == account, i.hidden)).ok_or(GONE)?;
        if hidden || (what == "reply" && !own) {
            return Err((100, 0, "this comment cannot be replied to"));
        }
        let name = self.stage.world().name_of(account);
        let id = self.comment_unheard(account, on, (account, &name), text, self.stage.given.now());
        self.stage.note(account, if what == "reply" { "comment" } else { what }, on, text, &id, None);
        if !self.stage.weather.no_echo && own {
            self.push_comment(account, &id);
        }
        Ok(json!({"id": id}))
    }

    fn send(&self, account: &str, fields: &Value) -> Done {
        let (recipient, text) = (&fields["recipient"], fields["message"].text("text").unwrap_or_default());
        if text.trim().is_empty() || text.len() > 1_000 {
            return Err((100, 0, "the message is empty or longer than 1000 bytes"));
        }
        let now = self.stage.given.now();
        let (person, what, on) = if let Some(comment) = recipient.id("comment_id") {
            let c = self.stage.world().here(&comment).cloned().ok_or(GONE)?;
            if c.answered {
                return Err((100, 2_534_025, "a private reply was already sent"));
            }
            if now >= c.at.plus(DAY * 7) {
                return Err((10, 2_534_022, "the comment is older than seven days"));
            }
            (c.from.0, "private_reply", comment)
        } else {
            let person = recipient.id("id").ok_or((100, 2_534_014, "no such user"))?;
            let human = fields.text("tag") == Some("HUMAN_AGENT");
            let last = self.stage.world().last_from(account, &person).ok_or((100, 2_534_014, "no such user"))?;
            if now >= last.plus(if human { DAY * 7 } else { DAY }) {
                return Err((10, 2_534_022, "sent outside of the allowed window"));
            }
            (person.clone(), "message", person)
        };
        if self.stage.world().blocked.contains(&(account.to_owned(), person.clone())) {
            return Err((551, 1_545_041, "This person isn't available right now."));
        }
        if what == "private_reply" {
            self.stage.world().change(&on, |c| c.answered = true);
        }
        let name = self.stage.world().name_of(account);
        let said = Item { post: person.clone(), ..item(account, Sort::Message, (account, &name), text, now) };
        let mid = self.stage.put(said);
        self.stage.note(account, what, &on, text, &mid, fields.text("tag").map(str::to_owned));
        if !self.stage.weather.no_echo {
            let echo = json!({"mid": mid, "text": text, "is_echo": true});
            self.push_messaging(account, (account, &person), "message", echo, now);
        }
        Ok(json!({"recipient_id": person, "message_id": mid}))
    }

    fn moderate(&self, account: &str, id: &str, what: &str, change: impl FnOnce(&mut Item)) -> Done {
        if !self.stage.world().change(id, change) {
            return Err(GONE);
        }
        self.stage.note(account, what, id, "", "", None);
        Ok(json!({"success": true}))
    }
}

impl Side for Instagram {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn tell(&self, account: &str, path: &[&str], query: &BTreeMap<String, String>) -> Done {
        let fields = query.get("fields").map(String::as_str).unwrap_or_default();
        match path {
            ["me" | "debug_token"] => {
                let name = self.stage.world().name_of(account);
                Ok(json!({"id": account, "user_id": account, "username": name}))
            }
            [id] if *id == account && fields.contains("mentioned_") => self.mentioned(fields).ok_or(GONE),
            [id, "media"] if *id == account => {
                let world = self.stage.world();
                let own = |i: &&Item| i.sort == Sort::Post && i.account == account && !i.gone;
                let mut found: Vec<(&String, &Item)> = world.items.iter().filter(|(_, i)| own(i)).collect();
                found.sort_by_key(|(_, i)| std::cmp::Reverse(i.at));
                let told = |(id, i): (&String, &Item)| {
                    json!({"id": id, "caption": i.text, "media_type": "IMAGE", "timestamp": time(i.at),
                        "permalink": format!("https://www.instagram.com/p/{id}/")})
                };
                Ok(list(found.into_iter().map(told).collect()))
            }
            [id, "comments"] => {
                let mut top = self.under(account, id, "");
                for comment in &mut top {
                    let replies = self.under(account, id, &comment.id("id").unwrap_or_default());
                    comment["replies"] = list(replies);
                }
                Ok(list(top))
            }
            [id, "replies"] => {
                let post = self.stage.world().here(id).map(|c| c.post.clone()).ok_or(GONE)?;
                Ok(list(self.under(account, &post, id)))
            }
            [_, "conversations"] => Ok(self.conversations(account, query.get("user_id"))),
            [id] => {
                let world = self.stage.world();
                if let Some(i) = world.here(id) {
                    return Ok(Instagram::told(account, id, i));
                }
                let who = world.items.values().find(|i| i.from.0 == *id).map(|i| i.from.1.clone());
                who.map(|name| json!({"id": id, "username": name, "name": name})).ok_or(GONE)
            }
            _ => Err((100, 0, "unknown path")),
        }
    }

    fn act(&self, account: &str, method: &str, path: &[&str], fields: &Value) -> Done {
        let text = fields.text("message").unwrap_or_default();
        match (method, path) {
            ("POST", [_, "subscribed_apps"]) => {
                self.stage.world().subscribed += 1;
                Ok(json!({"success": true}))
            }
            ("POST", [_, "messages"]) => self.send(account, fields),
            ("POST", [comment, "replies"]) => self.comment_back(account, comment, "reply", text),
            ("POST", [_, "mentions"]) => {
                let on = fields.id("comment_id").or_else(|| fields.id("media_id")).ok_or(GONE)?;
                self.comment_back(account, &on, "mention_reply", text)
            }
            ("POST", [comment]) if fields.get("hide").is_some() => {
                let hide = fields.flag("hide");
                self.moderate(account, comment, if hide { "hide" } else { "unhide" }, |c| c.hidden = hide)
            }
            ("DELETE", [comment]) => self.moderate(account, comment, "delete", |c| c.gone = true),
            _ => Err((100, 0, "unknown call")),
        }
    }
}
