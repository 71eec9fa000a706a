//! A Threads that runs on this machine: posts, what is said under them, and who names us. People are
//! known by names, which they may change.
//!
//! Sources: developers.facebook.com/documentation/threads/webhooks (envelope; what we publish comes
//! back as `publish`), …/docs/threads/posts (container, publish; 500 characters), …/docs/threads/
//! reply-management (conversation, manage_reply: only what stands directly under a post; what is said
//! below goes with it), …/docs/threads/overview (quotas); read 2026-11. `values` is a list, as seen in
//! what is delivered since 2026-09.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::meta::{Done, Gone, Item, Side, Sort, Stage, item, list, time};
use crate::base::At;
use crate::base::json::Reads;

const GONE: Gone = (100, 33, "Unsupported request. Object does not exist");

/// The network.
pub struct Threads {
    /// What it shares with the others.
    pub stage: Stage,
}

/// The routes of its Graph.
pub fn routes(threads: Arc<Threads>) -> axum::Router {
    super::meta::routes(threads)
}

impl Threads {
    /// An empty network.
    pub fn new(stage: Stage) -> Threads {
        Threads { stage }
    }

    /// The account publishes; the post's id.
    pub fn publish_at(&self, account: &str, text: &str, at: At) -> String {
        let name = self.stage.world().name_of(account);
        let id = self.stage.put(item(account, Sort::Post, (account, &name), text, at));
        self.push(account, "interaction", "publish", &id, at);
        id
    }

    /// Somebody replies to a post or a reply; the reply's id.
    pub fn reply_at(&self, account: &str, on: &str, username: &str, text: &str, at: At) -> String {
        let id = self.reply_unheard(account, on, username, text, at);
        self.push(account, "moderate", "replies", &id, at);
        id
    }

    /// The same, but the hook is lost: only a poll will find it.
    pub fn reply_unheard(&self, account: &str, on: &str, username: &str, text: &str, at: At) -> String {
        let post = self.stage.world().here(on).filter(|i| i.sort == Sort::Comment).map(|i| i.post.clone());
        let post = post.unwrap_or_else(|| on.to_owned());
        let said = item(account, Sort::Comment, (username, username), text, at);
        self.stage.put(Item { parent: on.to_owned(), post, ..said })
    }

    /// Somebody names the account in a post of theirs; its id.
    pub fn mention(&self, account: &str, username: &str, text: &str) -> String {
        let now = self.stage.given.now();
        let id = self.stage.put(item("", Sort::Post, (username, username), text, now));
        self.push(account, "interaction", "mentions", &id, now);
        id
    }

    /// Somebody takes a reply of theirs away.
    pub fn delete(&self, account: &str, id: &str) {
        let now = self.stage.given.now();
        self.stage.world().change(id, |i| i.gone = true);
        let value = json!({"id": id, "owner": {"owner_id": account}, "deleted_at": time(now)});
        self.push_value(account, "moderate", "delete", value, now);
    }

    /// Somebody goes by another name from now on; everything they wrote shows it.
    pub fn rename(&self, from: &str, to: &str) {
        let mut world = self.stage.world();
        let theirs: Vec<String> =
            world.items.iter().filter(|(_, i)| i.from.0 == from).map(|(id, _)| id.clone()).collect();
        for id in theirs {
            world.change(&id, |i| i.from = (to.to_owned(), to.to_owned()));
        }
    }

    /// The account wrote by other means than ours.
    pub fn account_wrote_at(&self, account: &str, on: &str, text: &str, at: At) -> String {
        let name = self.stage.world().name_of(account);
        let id = self.reply_unheard(account, on, &name, text, at);
        self.push(account, "interaction", "publish", &id, at);
        id
    }

    fn told(&self, account: &str, id: &str, i: &Item) -> Value {
        let name = self.stage.world().name_of(account);
        let mut told = json!({"id": id, "username": i.from.1, "text": i.text, "media_type": "TEXT_POST",
            "permalink": format!("https://www.threads.net/@{}/post/{id}", i.from.1), "shortcode": id, "timestamp": time(i.at)});
        if !i.post.is_empty() {
            told["replied_to"] = json!({"id": i.parent});
            told["root_post"] = json!({"id": i.post, "owner_id": account, "owner": {"id": account}, "username": name});
            told["is_reply"] = true.into();
            told["is_reply_owned_by_me"] = (i.from.1 == name).into();
            told["hide_status"] = if i.hidden { "HIDDEN" } else { "NOT_HUSHED" }.into();
        }
        told
    }

    fn push(&self, account: &str, topic: &str, field: &str, id: &str, at: At) {
        let Some(i) = self.stage.world().here(id).cloned() else { return };
        let value = self.told(account, id, &i);
        self.push_value(account, topic, field, value, at);
    }

    fn push_value(&self, account: &str, topic: &str, field: &str, value: Value, at: At) {
        let body = json!({"app_id": "1", "topic": topic, "target_id": account, "time": at.secs(), "subscription_id": "2",
            "has_uid_field": false, "values": [{"value": value, "field": field}]});
        self.stage.push(account, &body);
    }

    /// What fits, newest first.
    fn all(&self, account: &str, fits: impl Fn(&Item) -> bool) -> Value {
        let found: Vec<(String, Item)> = {
            let world = self.stage.world();
            let mut found: Vec<(String, Item)> =
                world.items.iter().filter(|(_, i)| !i.gone && fits(i)).map(|(id, i)| (id.clone(), i.clone())).collect();
            found.sort_by_key(|(id, i)| (std::cmp::Reverse(i.at), std::cmp::Reverse(id.clone())));
            found
        };
        list(found.iter().map(|(id, i)| self.told(account, id, i)).collect())
    }

    /// The first step: a container, which nobody sees.
    fn container(&self, account: &str, fields: &Value) -> Done {
        let text = fields.text("text").unwrap_or_default();
        if text.trim().is_empty() || text.chars().count() > 500 {
            return Err((100, 0, "Param text must be at most 500 characters long."));
        }
        let on = fields.id("reply_to_id").ok_or((100, 0, "nothing to reply to"))?;
        if self.stage.world().here(&on).is_none() {
            return Err(GONE);
        }
        let made = Item { parent: on, ..item(account, Sort::Container, (account, ""), text, self.stage.given.now()) };
        Ok(json!({"id": self.stage.put(made)}))
    }

    /// The second: it is published, and comes back as every publication does.
    fn publish(&self, account: &str, fields: &Value) -> Done {
        let made = fields.id("creation_id").and_then(|id| self.stage.world().here(&id).cloned().map(|c| (id, c)));
        let (id, container) =
            made.filter(|(_, c)| c.sort == Sort::Container).ok_or((24, 4_279_009, "Media not found"))?;
        self.stage.world().change(&id, |c| c.gone = true);
        let (on, now) = (container.parent, self.stage.given.now());
        let name = self.stage.world().name_of(account);
        let reply = self.reply_unheard(account, &on, &name, &container.text, now);
        self.stage.note(account, "comment", &on, &container.text, &reply, None);
        if !self.stage.weather.no_echo {
            self.push(account, "interaction", "publish", &reply, now);
        }
        Ok(json!({"id": reply}))
    }

    fn hide(&self, account: &str, id: &str, hide: bool) -> Done {
        let is_top = self.stage.world().here(id).map(|i| i.parent == i.post).ok_or(GONE)?;
        if !is_top {
            return Err((100, 0, "only top-level replies can be hidden"));
        }
        self.stage.world().change(id, |i| i.hidden = hide);
        self.stage.note(account, if hide { "hide" } else { "unhide" }, id, "", "", None);
        Ok(json!({"success": true}))
    }
}

impl Side for Threads {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn tell(&self, account: &str, path: &[&str], query: &BTreeMap<String, String>) -> Done {
        let since = query.get("since").and_then(|s| s.parse().ok()).map_or(At(0), At::from_secs);
        let name = self.stage.world().name_of(account);
        match path {
            ["me"] => Ok(json!({"id": account, "username": name})),
            ["me", "threads"] => {
                Ok(self.all(account, |i| i.sort == Sort::Post && i.account == account && i.at >= since))
            }
            ["me", "replies"] => Ok(self.all(account, |i| i.sort == Sort::Comment && i.from.1 == name)),
            ["me", "mentions"] => {
                let us = format!("@{name}");
                Ok(self.all(account, |i| i.sort == Sort::Post && i.text.contains(&us) && i.at >= since))
            }
            ["me", "threads_publishing_limit"] => {
                let used = self.stage.ledger().iter().filter(|a| a.page == account && a.what == "comment").count();
                Ok(
                    json!({"data": [{"reply_quota_usage": used, "reply_config": {"quota_total": 1_000, "quota_duration": 86_400}}]}),
                )
            }
            [id, "conversation"] => {
                let id = (*id).to_owned();
                Ok(self.all(account, |i| i.sort == Sort::Comment && i.post == id && i.at >= since))
            }
            [id] => {
                let found = self.stage.world().here(id).cloned().ok_or(GONE)?;
                Ok(self.told(account, id, &found))
            }
            _ => Err((100, 0, "unknown path")),
        }
    }

    fn act(&self, account: &str, method: &str, path: &[&str], fields: &Value) -> Done {
        match (method, path) {
            ("POST", ["me", "threads"]) => self.container(account, fields),
            ("POST", ["me", "threads_publish"]) => self.publish(account, fields),
            ("POST", [id, "manage_reply"]) => self.hide(account, id, fields.flag("hide")),
            _ => Err((100, 0, "unknown call")),
        }
    }
}
