//! A YouTube that runs on this machine: channels with videos, comments and a live chat, the calls we
//! make, and the units they cost. It pushes nothing.
//!
//! Sources: developers.google.com/youtube/v3/docs/commentThreads/list, …/comments (list, insert,
//! setModerationStatus), …/videos/list, …/channels/list, …/youtube/v3/live/docs/liveBroadcasts/list,
//! …/liveChatMessages (list, insert, delete), …/determine_quota_cost, …/docs/errors; read 2026-11.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::push::Pusher;
use super::stage::{Call, Deed, Exchange, Played, Reply, Stage, let_in};
use super::weather::Weather;
use crate::base::json::Reads;
use crate::base::{At, Given};
use crate::networks::oauth::challenge;

/// The network.
pub struct YouTube {
    stage: Stage,
    world: Mutex<World>,
}

/// A channel to be simulated.
#[derive(Debug, Clone, Default)]
pub struct NewChannel {
    /// Its id, `UC…`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The token it accepts.
    pub token: String,
    /// What new ones are given for; it stays.
    pub refresh: String,
}

#[derive(Default)]
struct World {
    channels: BTreeMap<String, NewChannel>,
    videos: BTreeMap<String, (String, String, At)>,
    comments: Vec<Comment>,
    live: Option<Live>,
    said: Vec<Said>,
    codes: BTreeMap<String, (String, String)>,
    next: u64,
    units: u64,
    /// The day's units; none: no end of them.
    most: Option<u64>,
}

#[derive(Clone)]
struct Comment {
    id: String,
    by: (String, String),
    text: String,
    parent: Option<String>,
    video: String,
    at: At,
    changed: At,
    status: &'static str,
}

struct Live {
    video: String,
    chat: String,
    over: bool,
}

struct Said {
    id: String,
    by: (String, String),
    kind: &'static str,
    text: String,
    at: At,
    gone: bool,
}

impl YouTube {
    /// An empty network.
    pub fn new(given: Given, pusher: Pusher, weather: Weather) -> YouTube {
        YouTube { stage: Stage::new(given, pusher, weather), world: Mutex::default() }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a channel.
    pub fn add_channel(&self, channel: NewChannel) {
        self.world().channels.insert(channel.id.clone(), channel);
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

    /// The units that were used so far.
    pub fn units(&self) -> u64 {
        self.world().units
    }

    /// From now on there are so many.
    pub fn set_units(&self, most: Option<u64>) {
        self.world().most = most;
    }

    /// The channel publishes a video; its id.
    pub fn publish(&self, channel: &str, title: &str) -> String {
        let at = self.stage.given.now();
        let mut world = self.world();
        let id = format!("v{:010}", world.fresh());
        world.videos.insert(id.clone(), (channel.to_owned(), title.to_owned(), at));
        id
    }

    /// Somebody comments on a video; the comment's id.
    pub fn comment(&self, video: &str, from: (&str, &str), text: &str) -> String {
        self.put(video, None, from, text, "published")
    }

    /// As [`YouTube::comment`], but it is held back until somebody looks at it.
    pub fn comment_held(&self, video: &str, from: (&str, &str), text: &str) -> String {
        self.put(video, None, from, text, "heldForReview")
    }

    /// Somebody answers a comment; the reply's id.
    pub fn reply(&self, to: &str, from: (&str, &str), text: &str) -> String {
        let video = self.world().comments.iter().find(|c| c.id == to).map(|c| c.video.clone()).unwrap_or_default();
        self.put(&video, Some(to), from, text, "published")
    }

    fn put(&self, video: &str, parent: Option<&str>, from: (&str, &str), text: &str, status: &'static str) -> String {
        let at = self.stage.given.now();
        let mut world = self.world();
        let n = world.fresh();
        let id = parent.map_or_else(|| format!("Ugx{n:012}AaABAg"), |p| format!("{p}.{n:012}"));
        world.comments.push(Comment {
            id: id.clone(),
            by: (from.0.to_owned(), from.1.to_owned()),
            text: text.to_owned(),
            parent: parent.map(str::to_owned),
            video: video.to_owned(),
            at,
            changed: at,
            status,
        });
        id
    }

    /// Somebody writes a comment of theirs anew.
    pub fn edit(&self, id: &str, text: &str) {
        let now = self.stage.given.now();
        if let Some(c) = self.world().comments.iter_mut().find(|c| c.id == id) {
            (c.text, c.changed) = (text.to_owned(), now);
        }
    }

    /// Somebody takes a comment of theirs away, and its replies with it.
    pub fn delete(&self, id: &str) {
        self.world().comments.retain(|c| c.id != id && c.parent.as_deref() != Some(id));
    }

    /// The channel goes live; the chat's id.
    pub fn go_live(&self, video: &str) -> String {
        let mut world = self.world();
        let chat = format!("Cg0K{:08}", world.fresh());
        world.live = Some(Live { video: video.to_owned(), chat: chat.clone(), over: false });
        chat
    }

    /// The broadcast is over.
    pub fn end_live(&self) {
        if let Some(live) = &mut self.world().live {
            live.over = true;
        }
    }

    /// Somebody writes in the chat; the message's id.
    pub fn chat(&self, from: (&str, &str), text: &str) -> String {
        self.put_said(from, "textMessageEvent", text)
    }

    /// Somebody takes back what they wrote in the chat.
    pub fn retract(&self, id: &str) {
        self.put_said(("", ""), "messageRetractedEvent", id);
    }

    fn put_said(&self, from: (&str, &str), kind: &'static str, text: &str) -> String {
        let at = self.stage.given.now();
        let mut world = self.world();
        let id = format!("LCC.{:08}", world.fresh());
        let by = (from.0.to_owned(), from.1.to_owned());
        world.said.push(Said { id: id.clone(), by, kind, text: text.to_owned(), at, gone: false });
        id
    }
}

impl World {
    fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn shown(&self, c: &Comment, by_id: bool) -> Value {
        let channel = self.videos.get(&c.video).map(|v| v.0.clone()).unwrap_or_default();
        let mut snippet = json!({"channelId": channel, "textDisplay": c.text, "authorDisplayName": c.by.1,
            "authorProfileImageUrl": "https://yt3.ggpht.com/a", "authorChannelUrl": format!("https://www.youtube.com/channel/{}", c.by.0),
            "authorChannelId": {"value": c.by.0}, "canRate": true, "viewerRating": "none", "likeCount": 0,
            "publishedAt": c.at.to_string(), "updatedAt": c.changed.to_string()});
        match &c.parent {
            Some(parent) => snippet["parentId"] = parent.clone().into(),
            None => snippet["videoId"] = c.video.clone().into(),
        }
        // Not told when asked for by id.
        if !by_id {
            snippet["moderationStatus"] = c.status.into();
        }
        json!({"kind": "youtube#comment", "etag": "e", "id": c.id, "snippet": snippet})
    }

    fn answers<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Comment> {
        self.comments.iter().filter(move |c| c.parent.as_deref() == Some(id) && c.status == "published")
    }
}

fn refuse(status: u16, reason: &str) -> Reply {
    Reply::of(
        status,
        json!({"error": {"code": status, "message": format!("The request was refused: {reason}"),
        "errors": [{"domain": "youtube", "reason": reason, "message": reason}]}}),
    )
}

fn list(kind: &str, items: Vec<Value>) -> Value {
    json!({"kind": format!("youtube#{kind}ListResponse"), "etag": "e", "pageInfo": {"totalResults": items.len(), "resultsPerPage": items.len()}, "items": items})
}

impl Played for YouTube {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn is_login(&self, call: &Call) -> bool {
        call.path.contains("oauth2") || call.path == "token"
    }

    fn serve(&self, call: &Call) -> Reply {
        match (call.method.as_str(), call.path.as_str()) {
            ("GET", "o/oauth2/v2/auth") => return self.authorize(call),
            ("POST", "token") => return self.token(call),
            _ => {}
        }
        let me = self.world().channels.values().find(|c| !call.token.is_empty() && c.token == call.token).cloned();
        let Some(me) = me else { return refuse(401, "authError") };
        let what = call.path.strip_prefix("youtube/v3/").unwrap_or_default();
        let cost = match (call.method.as_str(), what) {
            ("GET", "liveChat/messages") => 5,
            ("GET", _) => 1,
            _ => 50,
        };
        {
            let mut world = self.world();
            if world.most.is_some_and(|most| world.units + cost > most) {
                return refuse(403, "quotaExceeded");
            }
            world.units += cost;
        }
        match (call.method.as_str(), what) {
            ("GET", "channels") => Reply::ok(list(
                "channel",
                vec![json!({"kind": "youtube#channel", "etag": "e", "id": me.id,
                "snippet": {"title": me.title, "customUrl": "@aubepine", "publishedAt": "2020-01-01T00:00:00Z"}})],
            )),
            ("GET", "commentThreads") => self.threads(call, &me.id),
            ("GET", "comments") => self.comments(call),
            ("GET", "videos") => self.videos(call),
            ("GET", "liveBroadcasts") => self.broadcasts(),
            ("GET", "liveChat/messages") => self.messages(call),
            ("POST", "comments") => self.answer(call, &me),
            ("POST", "comments/setModerationStatus") => self.moderate(call),
            ("POST", "liveChat/messages") => self.say(call, &me),
            ("DELETE", "liveChat/messages") => self.remove(call),
            _ => refuse(404, "notFound"),
        }
    }
}

impl YouTube {
    fn authorize(&self, call: &Call) -> Reply {
        let mut world = self.world();
        let Some(id) = world.channels.keys().next().cloned() else { return Reply::of(400, Value::Null) };
        let code = format!("4/{}", world.fresh());
        world.codes.insert(code.clone(), (id, call.asked("code_challenge").to_owned()));
        let_in(call, &code)
    }

    fn token(&self, call: &Call) -> Reply {
        let grant_over = || {
            Reply::of(400, json!({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}))
        };
        let field = |key: &str| call.body.text(key).unwrap_or_default();
        let mut world = self.world();
        let id = match field("grant_type") {
            "authorization_code" => match world.codes.remove(field("code")) {
                Some((id, given)) if given == challenge(field("code_verifier")) => id,
                _ => return grant_over(),
            },
            _ => match world.channels.values().find(|c| c.refresh == field("refresh_token")) {
                Some(channel) => channel.id.clone(),
                None => return grant_over(),
            },
        };
        let token = format!("ya29.{}", world.fresh());
        let Some(channel) = world.channels.get_mut(&id) else { return grant_over() };
        channel.token.clone_from(&token);
        let mut body = json!({"access_token": token, "expires_in": 3599, "token_type": "Bearer", "scope": "https://www.googleapis.com/auth/youtube.force-ssl"});
        // A refresh token is given once, with the code.
        if field("grant_type") == "authorization_code" {
            body["refresh_token"] = channel.refresh.clone().into();
        }
        Reply::ok(body)
    }

    fn threads(&self, call: &Call, me: &str) -> Reply {
        if call.asked("allThreadsRelatedToChannelId") != me {
            return refuse(403, "forbidden");
        }
        let status =
            if call.asked("moderationStatus").is_empty() { "published" } else { call.asked("moderationStatus") };
        let most: usize = call.asked("maxResults").parse().unwrap_or(20);
        let from: usize = call.asked("pageToken").parse().unwrap_or(0);
        let world = self.world();
        let mut tops: Vec<&Comment> =
            world.comments.iter().filter(|c| c.parent.is_none() && c.status == status).collect();
        tops.sort_by_key(|c| std::cmp::Reverse(c.at));
        let all = tops.len();
        let items: Vec<Value> = tops.into_iter().skip(from).take(most).map(|c| {
            let replies: Vec<&Comment> = world.answers(&c.id).collect();
            let mut item = json!({"kind": "youtube#commentThread", "etag": "e", "id": c.id, "snippet": {"channelId": me, "videoId": c.video,
                "topLevelComment": world.shown(c, false), "canReply": true, "totalReplyCount": replies.len(), "isPublic": true}});
            if !replies.is_empty() {
                // A few at the most; the rest has to be asked for.
                item["replies"] = json!({"comments": replies.iter().rev().take(2).map(|r| world.shown(r, false)).collect::<Vec<_>>()});
            }
            item
        }).collect();
        let mut body = list("commentThread", items);
        if from + most < all {
            body["nextPageToken"] = (from + most).to_string().into();
        }
        Reply::ok(body)
    }

    fn comments(&self, call: &Call) -> Reply {
        let world = self.world();
        let by_id = !call.asked("id").is_empty();
        let items: Vec<Value> = if by_id {
            let asked: Vec<&str> = call.asked("id").split(',').collect();
            world.comments.iter().filter(|c| asked.contains(&c.id.as_str())).map(|c| world.shown(c, true)).collect()
        } else {
            {
                let mut all: Vec<Value> =
                    world.answers(call.asked("parentId")).map(|c| world.shown(c, false)).collect();
                all.reverse();
                all
            }
        };
        Reply::ok(list("comment", items))
    }

    fn videos(&self, call: &Call) -> Reply {
        let world = self.world();
        let asked = call.asked("id").split(',');
        let items = asked.filter_map(|id| {
            let (channel, title, at) = world.videos.get(id)?;
            Some(json!({"kind": "youtube#video", "etag": "e", "id": id, "snippet": {"publishedAt": at.to_string(), "channelId": channel, "title": title,
                "thumbnails": {"medium": {"url": format!("https://i.ytimg.com/vi/{id}/mqdefault.jpg"), "width": 320, "height": 180}}, "channelTitle": channel}}))
        });
        Reply::ok(list("video", items.collect()))
    }

    fn broadcasts(&self) -> Reply {
        let world = self.world();
        let on = world.live.iter().filter(|l| !l.over);
        let items = on.map(|l| json!({"kind": "youtube#liveBroadcast", "etag": "e", "id": l.video, "snippet": {"title": "En direct", "liveChatId": l.chat}}));
        Reply::ok(list("liveBroadcast", items.collect()))
    }

    fn messages(&self, call: &Call) -> Reply {
        let world = self.world();
        let Some(live) = world.live.as_ref().filter(|l| l.chat == call.asked("liveChatId")) else {
            return refuse(404, "liveChatNotFound");
        };
        let from: usize = call.asked("pageToken").parse().unwrap_or(0);
        let told = |m: &Said| {
            let mut snippet = json!({"type": m.kind, "liveChatId": live.chat, "authorChannelId": m.by.0, "publishedAt": m.at.to_string(), "hasDisplayContent": true});
            if m.kind == "messageRetractedEvent" {
                snippet["messageRetractedDetails"] = json!({"retractedMessageId": m.text});
            } else {
                snippet["displayMessage"] = m.text.clone().into();
                snippet["textMessageDetails"] = json!({"messageText": m.text});
            }
            json!({"kind": "youtube#liveChatMessage", "etag": "e", "id": m.id, "snippet": snippet,
                "authorDetails": {"channelId": m.by.0, "displayName": m.by.1, "isChatOwner": false, "isChatModerator": false}})
        };
        let items: Vec<Value> = world.said.iter().skip(from).filter(|m| !m.gone).map(told).collect();
        let mut body = list("liveChatMessage", items);
        body["pollingIntervalMillis"] = 5_000.into();
        body["nextPageToken"] = world.said.len().to_string().into();
        if live.over {
            body["offlineAt"] = self.stage.given.now().to_string().into();
        }
        Reply::ok(body)
    }

    fn answer(&self, call: &Call, me: &NewChannel) -> Reply {
        let (parent, text) = (
            call.body["snippet"].text("parentId").unwrap_or_default(),
            call.body["snippet"].text("textOriginal").unwrap_or_default(),
        );
        if text.trim().is_empty() {
            return refuse(400, "commentTextRequired");
        }
        if text.encode_utf16().count() > 10_000 {
            return refuse(400, "commentTextTooLong");
        }
        // Only the first comment of a thread can be answered.
        let found = self.world().comments.iter().find(|c| c.id == parent).cloned();
        let Some(top) = found.filter(|c| c.parent.is_none()) else { return refuse(404, "parentCommentNotFound") };
        let id = self.put(&top.video, Some(parent), (&me.id, &me.title), text, "published");
        self.stage.did("reply", parent, text, &id);
        let world = self.world();
        let made = world.comments.iter().find(|c| c.id == id).map(|c| world.shown(c, true));
        Reply::ok(made.unwrap_or_default())
    }

    fn moderate(&self, call: &Call) -> Reply {
        let status = match call.asked("moderationStatus") {
            "heldForReview" => "heldForReview",
            "published" => "published",
            "rejected" => "rejected",
            _ => return refuse(400, "invalidModerationStatus"),
        };
        let id = call.asked("id");
        {
            let mut world = self.world();
            let Some(c) = world.comments.iter_mut().find(|c| c.id == id) else { return refuse(404, "commentNotFound") };
            c.status = status;
        }
        self.stage.did(status, id, "", "");
        Reply::of(204, Value::Null)
    }

    fn say(&self, call: &Call, me: &NewChannel) -> Reply {
        let snippet = &call.body["snippet"];
        let text = snippet["textMessageDetails"].text("messageText").unwrap_or_default();
        let chat = snippet.text("liveChatId").unwrap_or_default();
        let on = self.world().live.as_ref().map(|l| (l.chat.clone(), l.over));
        match on {
            Some((here, false)) if here == chat => {}
            Some((here, true)) if here == chat => return refuse(403, "liveChatEnded"),
            _ => return refuse(404, "liveChatNotFound"),
        }
        if text.trim().is_empty() || text.encode_utf16().count() > 200 {
            return refuse(400, "messageTextInvalid");
        }
        let id = self.put_said((&me.id, &me.title), "textMessageEvent", text);
        self.stage.did("chat", chat, text, &id);
        Reply::ok(json!({"kind": "youtube#liveChatMessage", "etag": "e", "id": id, "snippet": snippet}))
    }

    fn remove(&self, call: &Call) -> Reply {
        let id = call.asked("id");
        {
            let mut world = self.world();
            let Some(m) = world.said.iter_mut().find(|m| m.id == id) else {
                return refuse(404, "liveChatMessageNotFound");
            };
            m.gone = true;
        }
        self.stage.did("delete", id, "", "");
        Reply::of(204, Value::Null)
    }
}
