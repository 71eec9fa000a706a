//! The calls we make: what Graph answers, and what it refuses.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Act, Facebook, Item, Page, World, item, psid_of};
use crate::base::At;
use crate::base::json::Reads;

const DAY: Duration = Duration::from_hours(24);

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
    answer(state.0, m, id, String::new(), query.0, &headers, &body).await
}

async fn edge(
    m: Method,
    Path((_, id, edge)): Path<(String, String, String)>,
    (state, query): Asked,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(state.0, m, id, edge, query.0, &headers, &body).await
}

/// One call, in whatever weather.
async fn answer(
    fb: Arc<Facebook>,
    method: Method,
    id: String,
    edge: String,
    query: BTreeMap<String, String>,
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    fb.asked.fetch_add(1, Ordering::Relaxed);
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
    if edge != "subscribed_apps" {
        fb.weather.hold_answer().await;
    }
    let to_lose = std::mem::take(&mut fb.world().to_lose);
    if to_lose || fb.given.chance(fb.weather.lose_answer) {
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
            ("POST", "subscribed_apps") => {
                let hook = self.world().pages.get(page).map(|p| p.target.hook.clone());
                self.world().subscribed += 1;
                self.pusher.call_again(&hook.unwrap_or_default());
                Ok(json!({"success": true}))
            }
            ("POST", "comments") => self.reply(page, id, fields.text("message").unwrap_or_default()),
            ("POST", "messages") => self.say(page, fields),
            ("POST", "likes") => self.moderate(page, "like", id),
            ("DELETE", "likes") => self.moderate(page, "unlike", id),
            ("DELETE", "") => {
                let done = self.moderate(page, "delete", id)?;
                self.delete_comment(page, id);
                Ok(done)
            }
            ("POST", "") if fields.get("is_hidden").is_some() => {
                let hidden = fields.flag("is_hidden");
                let done = self.moderate(page, if hidden { "hide" } else { "unhide" }, id)?;
                self.world().change_comment(id, |c| c.hidden = hidden);
                self.push_comment(page, id, if hidden { "hide" } else { "unhide" });
                Ok(done)
            }
            _ => Err((100, 0, "unknown call")),
        }
    }

    fn moderate(&self, page: &str, what: &'static str, id: &str) -> Done {
        let mut world = self.world();
        if !world.exists(id) {
            return Err(GONE);
        }
        let (page, what, on) = (page.to_owned(), what.to_owned(), id.to_owned());
        world.ledger.push(Act { page, what, on, text: String::new(), id: String::new(), tag: None });
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
        let id = self.put_comment(page, on, (page, &name), text, self.given.now());
        self.world().ledger.push(Act {
            page: page.to_owned(),
            what: "comment".into(),
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
            (self.private_reply(page, &comment, now)?, "private_reply", comment)
        } else {
            let psid = recipient.id("id").ok_or((100, 2_018_001, "no matching user found"))?;
            self.within_window(page, &psid, fields, now)?;
            (psid.clone(), "message", psid)
        };
        let mid = {
            let mut world = self.world();
            let mid = format!("m_{}", world.fresh());
            let name = world.pages.get(page).map(|p| p.name.clone()).unwrap_or_default();
            world.put_message(page, &psid, item((page.to_owned(), name), &text, &mid, "", now));
            let tag = fields.text("tag").map(str::to_owned);
            let (page, what) = (page.to_owned(), what.to_owned());
            world.ledger.push(Act { page, what, on, text: text.clone(), id: mid.clone(), tag });
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
    fn private_reply(&self, page: &str, comment: &str, now: At) -> Result<String, (i64, i64, &'static str)> {
        let mut world = self.world();
        let c = world.comment(comment).ok_or(GONE)?.clone();
        if c.answered_privately {
            return Err((10_900, 0, "activity already replied to"));
        }
        if now >= c.at.plus(DAY * 7) {
            return Err((10_900, 0, "too old for a private reply"));
        }
        let psid = psid_of(&c.from.0);
        world.reachable(page, &psid)?;
        world.know_everywhere(&psid, &c.from.1);
        world.change_comment(comment, |c| c.answered_privately = true);
        Ok(psid)
    }

    fn within_window(&self, page: &str, psid: &str, fields: &Value, now: At) -> Result<(), (i64, i64, &'static str)> {
        let world = self.world();
        world.reachable(page, psid)?;
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

impl World {
    fn reachable(&self, page: &str, psid: &str) -> Result<(), (i64, i64, &'static str)> {
        let blocked = self.pages.get(page).is_some_and(|p| p.blocked.contains(psid));
        if blocked { Err((551, 1_545_041, "This person isn't available right now.")) } else { Ok(()) }
    }
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
