//! Reading what hooks missed. Every post read is paid for: as far as the day's budget goes.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::{Line, Network, PollFrom, Polled, Refused, Usage};
use super::act::{ALONG, POST, get, moment, url};
use super::quotes::{newest_quote, published, quotes, recent};
use super::{X, newer};
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::{self, Reads};
use crate::desk::budget::Budget;

/// Pages read of one list, at the most.
const PAGES: usize = 5;

/// The smallest page of a timeline there is: of mentions, and of what we published.
pub(super) const LEAST: u64 = 5;

/// How often what hooks missed is looked for while money lasts.
const USUAL: Duration = Duration::from_mins(15);

/// Reads what hooks missed, as far as the day's budget goes.
pub(super) async fn poll(line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
    let budget = X.budget(&line.account.settings).unwrap_or(Budget { most: 0, reserve: 0, zone: "UTC" });
    let known = from.cursor.as_deref().and_then(|c| json::parse(c.as_bytes()).ok()).unwrap_or(Value::Null);
    let mentions = mentions(line, from, &known, &budget).await?;
    let dms = or_none(dms(line, from, &budget).await)?;
    let posts = or_next_time(published(line, &known, &budget).await)?;
    let ours = recent(line, &known, &posts);
    let searched = if posts.is_null() { &Value::Null } else { &ours };
    let quotes = or_next_time(quotes(line, searched, &known, &budget).await)?;
    let mut cursor = json!({"posts": ours, "quote": newest_quote(&known, &quotes)});
    if let Some(newest) = newest_of(&dms, known.id("dm")) {
        cursor["dm"] = newest.into();
    }
    go_on(&mut cursor, &known, &mentions, began(from, &known));
    let used = line.used(&budget);
    line.note(Usage { percent: Some(budget.percent(used)), quiet_for: None });
    if used * 2 > budget.most {
        line.again_after(budget.pace(used, line.cost().max(1), USUAL, line.now));
    }
    let empty = [&mentions, &dms, &posts, &quotes].iter().all(|answer| answer.list("data").is_empty());
    let document =
        json!({"user_id": line.account.id, "posts": posts, "mentions": mentions, "quotes": quotes, "dms": dms});
    Ok(Polled {
        body: (!empty).then(|| document.to_string().into_bytes()),
        cursor: Some(cursor.to_string()),
        // What was left of the mentions, or what came while that was read.
        more: (is_cut(&mentions) || known.id("below").is_some()) && budget.most >= line.used(&budget) + LEAST,
    })
}

/// The newest of what was read, or of what was known.
fn newest_of(read: &Value, known: Option<String>) -> Option<String> {
    let ids = read.list("data").iter().filter_map(|p| p.id("id")).chain(known);
    ids.reduce(|a, b| if newer(&b, &a) { b } else { a })
}

/// Where mentions are read on from: after `mention`, the newest of those before which none is missing.
/// Lists begin with the newest; where one was cut, those older than `below` are missing, `top` is the
/// newest, and it began at `from`.
fn go_on(cursor: &mut Value, known: &Value, read: &Value, began: String) {
    let newest = newest_of(read, known.id("top").or_else(|| known.id("mention")));
    if !is_cut(read) {
        cursor["mention"] = newest.into();
        return;
    }
    let ids = read.list("data").iter().filter_map(|p| p.id("id")).chain(known.id("below"));
    cursor["mention"] = known["mention"].clone();
    cursor["from"] = began.into();
    if let Some(oldest) = ids.reduce(|a, b| if newer(&a, &b) { b } else { a }) {
        cursor["below"] = oldest.into();
        cursor["top"] = newest.into();
    }
}

/// Since when mentions are read where none is known: as the list began that was cut.
fn began(from: &PollFrom, known: &Value) -> String {
    known.text("from").map_or_else(|| moment(from.since), str::to_owned)
}

/// True when a list was not read to its end.
pub(super) fn is_cut(read: &Value) -> bool {
    read.flag("cut")
}

/// What this login may not read is not there; the check says so.
fn or_none(answer: Result<Value, Refused>) -> Result<Value, Refused> {
    match answer {
        Err(Refused::Never(..)) => Ok(Value::Null),
        other => other,
    }
}

/// What is not told now is asked for by the next poll, from the same place: what was paid for until here
/// is kept.
fn or_next_time(answer: Result<Value, Refused>) -> Result<Value, Refused> {
    match answer {
        Err(Refused::Later(..)) => Ok(Value::Null),
        other => or_none(other),
    }
}

async fn mentions(line: &Line<'_>, from: &PollFrom, known: &Value, budget: &Budget) -> Result<Value, Refused> {
    let ask = ask_for(url(line, &format!("2/users/{}/mentions", line.account.id)));
    let ask = match known.id("mention") {
        Some(id) => ask.query("since_id", id),
        None => ask.query("start_time", began(from, known)),
    };
    let ask = match known.id("below") {
        Some(id) => ask.query("until_id", id),
        None => ask,
    };
    pages(line, budget, LEAST, "pagination_token", &ask).await
}

/// Asks for posts, and for all we want to know of them.
pub(super) fn ask_for(url: String) -> Ask {
    Ask::get(url)
        .query("tweet.fields", POST)
        .query("expansions", ALONG)
        .query("user.fields", "id,name,username")
        .query("media.fields", "media_key,type,url,preview_image_url,alt_text")
}

/// Reads a list page by page, as far as the day's budget goes: `least` is the smallest page there is,
/// `next` the name by which the following one is asked for. `cut` tells whether it went on.
pub(super) async fn pages(
    line: &Line<'_>,
    budget: &Budget,
    least: u64,
    next: &str,
    ask: &Ask,
) -> Result<Value, Refused> {
    let mut all = nothing();
    let mut token: Option<String> = None;
    all["cut"] = true.into();
    for _ in 0..PAGES {
        let left = budget.most.saturating_sub(line.used(budget));
        if left < least {
            break;
        }
        let mut ask = ask.clone().query("max_results", left.min(100).to_string());
        if let Some(token) = token.take() {
            ask = ask.query(next, token);
        }
        let page = get(line, ask).await?;
        line.spend(u64::try_from(page.list("data").len()).unwrap_or(0));
        gather(&mut all, &page);
        token = page["meta"].id("next_token");
        if token.is_none() {
            all["cut"] = false.into();
            break;
        }
    }
    Ok(all)
}

/// An answer that nothing is gathered in yet.
pub(super) fn nothing() -> Value {
    json!({"data": [], "includes": {"users": [], "tweets": [], "media": []}})
}

/// Adds what a page or a list has; cut is what has a cut list in it.
pub(super) fn gather(all: &mut Value, page: &Value) {
    if is_cut(page) {
        all["cut"] = true.into();
    }
    let add = |to: &mut Value, more: &[Value]| {
        if let Some(list) = to.as_array_mut() {
            list.extend(more.iter().cloned());
        }
    };
    add(&mut all["data"], page.list("data"));
    for key in ["users", "tweets", "media"] {
        add(&mut all["includes"][key], page["includes"].list(key));
    }
}

async fn dms(line: &Line<'_>, from: &PollFrom, budget: &Budget) -> Result<Value, Refused> {
    let left = budget.most.saturating_sub(line.used(budget));
    if left == 0 {
        return Ok(Value::Null);
    }
    let ask = Ask::get(url(line, "2/dm_events"))
        .query("max_results", left.min(100).to_string())
        .query("event_types", "MessageCreate")
        .query("dm_event.fields", "id,text,event_type,sender_id,dm_conversation_id,created_at,attachments,entities")
        .query("expansions", "sender_id")
        .query("user.fields", "id,name,username");
    let mut page = get(line, ask).await?;
    line.spend(u64::try_from(page.list("data").len()).unwrap_or(0));
    if let Some(all) = page["data"].as_array_mut() {
        let old = |m: &Value| m.text("created_at").and_then(|t| At::parse(t).ok()).is_some_and(|at| at < from.since);
        all.retain(|m| !old(m));
    }
    Ok(page)
}
