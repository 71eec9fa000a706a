//! Filling holes: what was said under recent posts, and who named us. Reading the same reply again
//! also tells when its author has taken another name.

use serde_json::{Value, json};

use super::super::meta::entry::Context;
use super::super::meta::{self, talk::time};
use super::super::{Line, PollFrom, Polled, Refused, Unreadable};
use super::read::{author, mention, published, reply, stamp};
use super::{at, signed};
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::{self, Reads};
use crate::desk::inbound::{Element, What};

const FIELDS: &str = "id,text,username,permalink,timestamp,media_type,media_url,root_post{id,owner,username},\
replied_to{id},is_reply,is_reply_owned_by_me,hide_status";
/// Pages of a hundred read of one list, at the most.
const PAGES: usize = 5;

/// Reads everything since a moment; what one list refuses does not keep the others.
pub(super) async fn poll(line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
    let since = from.since;
    let posts = list(line, "me/threads", "id,text,permalink,timestamp,media_type,media_url,username", since).await?;
    let mut ids: Vec<String> = posts.iter().filter_map(|p| p.id("id")).chain(from.posts.iter().cloned()).collect();
    ids.sort();
    ids.dedup();
    let mut replies = serde_json::Map::new();
    for id in ids {
        match list(line, &format!("{id}/conversation"), FIELDS, since).await {
            Ok(found) if !found.is_empty() => drop(replies.insert(id, found.into())),
            Ok(_) | Err(Refused::Never(..)) => {}
            Err(other) => return Err(other),
        }
    }
    let mentions = match list(line, "me/mentions", FIELDS, since).await {
        Ok(found) => found,
        Err(Refused::Never(..)) => Vec::new(),
        Err(other) => return Err(other),
    };
    let document = json!({"account": line.account.id, "posts": posts, "replies": replies, "mentions": mentions});
    Ok(Polled { body: Some(document.to_string().into_bytes()), cursor: None, more: false })
}

async fn list(line: &Line<'_>, path: &str, fields: &str, since: At) -> Result<Vec<Value>, Refused> {
    let (mut items, mut after) = (Vec::new(), None);
    for _ in 0..PAGES {
        let mut ask = Ask::get(at(line, path)).query("limit", "100").query("fields", fields);
        ask = ask.query("since", since.secs().to_string());
        if let Some(after) = after.take() {
            ask = ask.query("after", after);
        }
        let body = meta::read(line, signed(line, ask)?).await?;
        let new = |i: &&Value| i.text("timestamp").and_then(time).is_none_or(|at| at >= since);
        items.extend(body.list("data").iter().filter(new).cloned());
        after = body["paging"]["cursors"].id("after").filter(|_| body["paging"].get("next").is_some());
        if after.is_none() {
            break;
        }
    }
    Ok(items)
}

/// Reads a poll’s document into what hooks would have brought, under the same keys.
pub(super) fn read(body: &[u8]) -> Result<Vec<Element>, Unreadable> {
    let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
    let context = Context { account: body.id("account"), at: None };
    let mut elements: Vec<Element> = body.list("posts").iter().map(|p| published(&context, p)).collect();
    for (_, told) in body["replies"].as_object().into_iter().flatten() {
        let mut told: Vec<&Value> = told.as_array().into_iter().flatten().collect();
        // Oldest first, so that a reply finds what it answers.
        told.sort_by_key(|r| stamp(r, "timestamp"));
        for r in told {
            let own = r.flag("is_reply_owned_by_me");
            elements.push(reply(&context, r, own));
            elements.extend(named(&context, r).filter(|_| !own));
            elements.extend(hidden(&context, r));
        }
    }
    for m in body.list("mentions") {
        elements.push(mention(&context, m));
        elements.extend(named(&context, m));
    }
    Ok(elements)
}

fn named(context: &Context, value: &Value) -> Option<Element> {
    let (id, author) = (value.id("id")?, author(value)?);
    Some(context.event(format!("name:{id}:{}", author.id), None, What::Named { id, author }))
}

/// `HIDDEN` and `UNHUSHED` are our own doing, here or elsewhere; the others are Threads’.
fn hidden(context: &Context, value: &Value) -> Option<Element> {
    let (id, status) = (value.id("id")?, value.text("hide_status")?);
    let hidden = match status {
        "HIDDEN" => true,
        "UNHUSHED" => false,
        _ => return None,
    };
    Some(context.event(format!("h:{id}:{status}"), None, What::Hidden { id, hidden }))
}
