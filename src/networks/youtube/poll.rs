//! Reading a channel's comments and its live chat within the day's units. What is remembered between
//! two reads is small: the threads of the last week with their number of replies, so that a reply to an
//! older thread, and a thread that vanished, are seen without reading everything again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::{Line, Network, PollFrom, Polled, Refused, Usage};
use super::YouTube;
use super::act::{CHAT, READ, get, url};
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::{self, Reads, as_id};
use crate::desk::budget::Budget;

/// How often comments are read while units last.
const USUAL: Duration = Duration::from_mins(5);
/// How often a chat is read at the most: whoever is live is many.
const QUICK: Duration = Duration::from_secs(5);
/// Threads that are remembered, and how far back.
const REMEMBERED: usize = 200;
const WEEK: Duration = Duration::from_hours(168);
/// Pages of a hundred threads read in one go.
const PAGES: usize = 5;

/// A thread as remembered: when it began, in seconds, and its replies.
type Known = BTreeMap<String, (i64, i64)>;

/// Reads what is new, as far as the day's units reach.
pub(super) async fn poll(line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
    let Some(budget) = YouTube.budget(&line.account.settings) else {
        return Ok(Polled { body: None, cursor: from.cursor.clone(), more: false });
    };
    let cursor = from.cursor.as_deref().and_then(|c| json::parse(c.as_bytes()).ok()).unwrap_or(Value::Null);
    let mut reading =
        Reading { line, budget, since: from.since, answers: Vec::new(), gone: Vec::new(), released: Vec::new() };
    let mut next = cursor.clone();
    if !next.is_object() {
        next = json!({});
    }
    let now = line.now.secs();
    let mut live = cursor["live"].clone();
    if cursor.number("comments_at").is_none_or(|at| at <= now) {
        let before = line.cost();
        if reading.may(READ) {
            reading.comments(&cursor, &mut next).await?;
            live = reading.broadcast(live).await?;
        }
        let cost = (line.cost() - before).max(2);
        let wait = budget.pace(line.used(&budget), cost, USUAL, line.now);
        next["comments_at"] = (now + i64::try_from(wait.as_secs()).unwrap_or(300)).into();
    }
    let until = next.number("comments_at").unwrap_or(now) - now;
    let mut again = Duration::from_secs(u64::try_from(until).unwrap_or(300).max(5));
    if live.is_object() && reading.may(CHAT) {
        let (kept, wait) = reading.chat(live).await?;
        live = kept;
        if live.is_object() {
            again = again.min(budget.pace(line.used(&budget), CHAT, wait.max(QUICK), line.now));
        }
    }
    next["live"] = live;
    line.again_after(again);
    line.note(Usage { percent: Some(budget.percent(line.used(&budget))), quiet_for: None });
    let document = json!({"channel_id": line.account.id, "read_at": now.to_string(), "answers": reading.answers,
        "gone": reading.gone, "released": reading.released});
    let found = reading.answers.iter().any(|a| !a.list("items").is_empty());
    let news = found || !reading.gone.is_empty() || !reading.released.is_empty();
    Ok(Polled { body: news.then(|| document.to_string().into_bytes()), cursor: Some(next.to_string()), more: false })
}

struct Reading<'a, 'b> {
    line: &'a Line<'b>,
    budget: Budget,
    since: At,
    answers: Vec<Value>,
    gone: Vec<String>,
    released: Vec<String>,
}

fn moment(value: &Value, key: &str) -> Option<At> {
    value.text(key).and_then(|t| At::parse(t).ok())
}

impl Reading<'_, '_> {
    fn may(&self, units: u64) -> bool {
        self.budget.may_read(self.line.used(&self.budget), units)
    }

    fn threads(&self, status: &str) -> Ask {
        let ask = Ask::get(url(self.line, "commentThreads"))
            .query("part", "id,snippet,replies")
            .query("allThreadsRelatedToChannelId", self.line.account.id.clone())
            .query("order", "time")
            .query("textFormat", "plainText")
            .query("maxResults", "100");
        // The published ones are the default.
        if status == "published" { ask } else { ask.query("moderationStatus", status) }
    }

    /// Threads of the last week: what is new in them, what is held back, what vanished.
    async fn comments(&mut self, cursor: &Value, next: &mut Value) -> Result<(), Refused> {
        let known: Known = cursor["threads"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(id, v)| Some((id.clone(), (v.get(0)?.as_i64()?, v.get(1)?.as_i64()?))))
            .collect();
        let was_held: Vec<String> = cursor.list("held").iter().filter_map(as_id).collect();
        let tight = self.line.used(&self.budget) * 2 > self.budget.most;
        let (published, oldest) = self.list("published", if tight { 1 } else { PAGES }).await?;
        let held = if self.may(READ) { self.list("heldForReview", 1).await?.0 } else { Vec::new() };
        let mut seen = Known::new();
        let mut fresh = Vec::new();
        for thread in published.iter().chain(&held) {
            let Some(id) = thread.id("id") else { continue };
            let snippet = &thread["snippet"];
            let began = moment(&snippet["topLevelComment"]["snippet"], "publishedAt").unwrap_or_default();
            let replies = snippet.number("totalReplyCount").unwrap_or(0);
            let before = known.get(&id).map(|k| k.1);
            if before != Some(replies) || self.is_new(thread) {
                fresh.push(thread.clone());
            }
            let shown = i64::try_from(thread["replies"].list("comments").len()).unwrap_or(0);
            // The answer holds a few replies at the most.
            if replies > shown && before != Some(replies) && self.may(READ) {
                self.replies(&id, snippet).await?;
            }
            seen.insert(id, (began.secs(), replies));
        }
        let ids: Vec<String> = held.iter().filter_map(|t| t.id("id")).collect();
        let is_shown = |id: &String| published.iter().any(|t| t.id("id").as_ref() == Some(id));
        self.released = was_held.into_iter().filter(|id| !ids.contains(id) && is_shown(id)).collect();
        self.vanished(&known, &seen, oldest).await?;
        self.films(&fresh, cursor, next).await?;
        self.answers.insert(0, json!({"kind": "youtube#commentThreadListResponse", "items": fresh}));
        // What was not listed this time is remembered as long as it is not too old.
        let horizon = self.line.now.minus(WEEK).secs();
        let mut kept: Vec<(String, (i64, i64))> =
            known.into_iter().filter(|(id, _)| !self.gone.contains(id)).chain(seen).collect();
        kept.retain(|(_, (began, _))| *began >= horizon);
        kept.sort_by_key(|(id, (began, _))| (std::cmp::Reverse(*began), id.clone()));
        kept.reverse();
        let over = kept.len().saturating_sub(REMEMBERED);
        let all: serde_json::Map<String, Value> =
            kept.into_iter().skip(over).map(|(id, (began, n))| (id, json!([began, n]))).collect();
        next["threads"] = all.into();
        next["held"] = ids.into();
        Ok(())
    }

    fn is_new(&self, thread: &Value) -> bool {
        let top = &thread["snippet"]["topLevelComment"]["snippet"];
        let of = |s: &Value| moment(s, "updatedAt").or(moment(s, "publishedAt")).is_none_or(|at| at >= self.since);
        of(top) || thread["replies"].list("comments").iter().any(|r| of(&r["snippet"]))
    }

    /// Threads, newest first, and the beginning of the oldest one when the list ends before the
    /// horizon does.
    async fn list(&self, status: &str, pages: usize) -> Result<(Vec<Value>, Option<At>), Refused> {
        let horizon = self.line.now.minus(WEEK);
        let (mut all, mut page): (Vec<Value>, Option<String>) = (Vec::new(), None);
        for _ in 0..pages {
            if !self.may(READ) {
                break;
            }
            let mut ask = self.threads(status);
            if let Some(token) = page.take() {
                ask = ask.query("pageToken", token);
            }
            let body = get(self.line, ask, READ).await?;
            all.extend(body.list("items").iter().cloned());
            let last = all.last().and_then(|t| moment(&t["snippet"]["topLevelComment"]["snippet"], "publishedAt"));
            page = body.id("nextPageToken").filter(|_| last.is_none_or(|at| at >= horizon));
            if page.is_none() {
                return Ok((all, Some(horizon)));
            }
        }
        let last = all.last().and_then(|t| moment(&t["snippet"]["topLevelComment"]["snippet"], "publishedAt"));
        Ok((all, last))
    }

    async fn replies(&mut self, thread: &str, snippet: &Value) -> Result<(), Refused> {
        let ask = Ask::get(url(self.line, "comments"))
            .query("part", "id,snippet")
            .query("parentId", thread)
            .query("textFormat", "plainText")
            .query("maxResults", "100");
        let mut body = get(self.line, ask, READ).await?;
        // Asked for like this, a reply does not say under which video it stands.
        if let (Some(items), Some(video)) = (body["items"].as_array_mut(), snippet.id("videoId")) {
            for item in items {
                item["snippet"]["videoId"] = video.clone().into();
            }
        }
        self.answers.push(body);
        Ok(())
    }

    /// Threads that should have been listed and were not: asked for by id; what is not there is gone.
    async fn vanished(&mut self, known: &Known, seen: &Known, oldest: Option<At>) -> Result<(), Refused> {
        let Some(oldest) = oldest.map(At::secs) else { return Ok(()) };
        let missing: Vec<&str> = known
            .iter()
            .filter(|(id, (began, _))| *began > oldest && !seen.contains_key(*id))
            .map(|(id, _)| id.as_str())
            .take(50)
            .collect();
        if missing.is_empty() || !self.may(READ) {
            return Ok(());
        }
        let ask = Ask::get(url(self.line, "comments")).query("part", "id").query("id", missing.join(","));
        let body = get(self.line, ask, READ).await?;
        let there: Vec<String> = body.list("items").iter().filter_map(|c| c.id("id")).collect();
        self.gone = missing.into_iter().filter(|id| !there.iter().any(|t| t == id)).map(str::to_owned).collect();
        Ok(())
    }

    /// Titles of films that are commented on for the first time.
    async fn films(&mut self, threads: &[Value], cursor: &Value, next: &mut Value) -> Result<(), Refused> {
        let mut known: Vec<String> = cursor.list("films").iter().filter_map(as_id).collect();
        let mut new: Vec<String> = threads.iter().filter_map(|t| t["snippet"].id("videoId")).collect();
        new.sort();
        new.dedup();
        new.retain(|v| !known.contains(v));
        new.truncate(50);
        if !new.is_empty() && self.may(READ) {
            let ask = Ask::get(url(self.line, "videos")).query("part", "id,snippet").query("id", new.join(","));
            self.answers.push(get(self.line, ask, READ).await?);
            known.extend(new);
        }
        let over = known.len().saturating_sub(REMEMBERED);
        known.drain(..over);
        next["films"] = known.into();
        Ok(())
    }

    /// The chat of the broadcast that is on, if any; the one we are reading goes on until it ends.
    async fn broadcast(&self, live: Value) -> Result<Value, Refused> {
        if live.is_object() || !self.may(READ) {
            return Ok(live);
        }
        let ask = Ask::get(url(self.line, "liveBroadcasts"))
            .query("part", "id,snippet")
            .query("broadcastStatus", "active")
            .query("broadcastType", "all");
        let body = match get(self.line, ask, READ).await {
            // A channel that may not broadcast has no chat.
            Err(Refused::Never(..)) => return Ok(Value::Null),
            other => other?,
        };
        let on = body.list("items").iter().find_map(|b| Some((b.id("id")?, b["snippet"].id("liveChatId")?)));
        Ok(on.map_or(Value::Null, |(video, chat)| json!({"video": video, "chat": chat})))
    }

    /// What was said in the chat since the last time; and how long YouTube wants us to wait.
    async fn chat(&mut self, mut live: Value) -> Result<(Value, Duration), Refused> {
        let mut ask = Ask::get(url(self.line, "liveChat/messages"))
            .query("part", "id,snippet,authorDetails")
            .query("liveChatId", live.id("chat").unwrap_or_default())
            .query("maxResults", "2000");
        if let Some(page) = live.id("page") {
            ask = ask.query("pageToken", page);
        }
        let mut body = match get(self.line, ask, CHAT).await {
            // It is over.
            Err(Refused::Never(..)) => return Ok((Value::Null, USUAL)),
            other => other?,
        };
        let wait = Duration::from_millis(u64::try_from(body.number("pollingIntervalMillis").unwrap_or(0)).unwrap_or(0));
        let ended = |m: &Value| m["snippet"].text("type") == Some("chatEndedEvent");
        let over = body.get("offlineAt").is_some() || body.list("items").iter().any(ended);
        live["page"] = body["nextPageToken"].clone();
        body["guichetVideo"] = live["video"].clone();
        self.answers.push(body);
        Ok((if over { Value::Null } else { live }, wait))
    }
}
