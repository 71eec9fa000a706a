//! What we do at X: reply, hide, write, look back, read for holes; and what its refusals mean.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::wire::{self, is_before, looked, same_words, sent};
use super::super::{Line, Refused};
use super::refuse::judge;
use super::{api, read, user};
use crate::base::At;
use crate::base::fetch::{Answer, Ask};
use crate::base::json::Reads;
use crate::desk::inbound::{Author, Said, What, Wrote};
use crate::desk::message::Kind;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome, Refusal};

/// What we ask of every post.
pub(super) const POST: &str = "id,text,author_id,conversation_id,created_at,in_reply_to_user_id,referenced_tweets,\
edit_history_tweet_ids,entities,attachments";

/// What comes along.
pub(super) const ALONG: &str = "author_id,referenced_tweets.id,referenced_tweets.id.author_id,attachments.media_keys";

/// So long a private message may be missing from X's own list after it was sent (seen).
const LAG: Duration = Duration::from_mins(5);

fn call(line: &Line<'_>, ask: Ask) -> Result<Ask, Refused> {
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    Ok(ask.bearer(token))
}

pub(super) fn url(line: &Line<'_>, path: &str) -> String {
    api(&line.account.settings, path)
}

pub(super) async fn get(line: &Line<'_>, ask: Ask) -> Result<Value, Refused> {
    wire::read(line, call(line, ask)?, judge).await
}

/// Does one thing.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    let target = out.target.clone().unwrap_or_default();
    let ask = match out.action {
        Action::ReplyPublic => {
            Ask::post(url(line, "2/tweets")).json(json!({"text": out.text, "reply": {"in_reply_to_tweet_id": target}}))
        }
        Action::Dm => {
            let Some(person) = &out.recipient else {
                return Outcome::Never(Refusal::Invalid, "the conversation has no person".into());
            };
            Ask::post(url(line, &format!("2/dm_conversations/with/{person}/messages"))).json(json!({"text": out.text}))
        }
        Action::Hide | Action::Unhide => {
            let hidden = out.action == Action::Hide;
            Ask::put(url(line, &format!("2/tweets/{target}/hidden"))).json(json!({"hidden": hidden}))
        }
        Action::ReplyPrivate | Action::Delete | Action::Like | Action::Unlike => {
            return Outcome::Never(Refusal::Unsupported, "X has no such act".into());
        }
    };
    let ask = match call(line, ask) {
        Ok(ask) => ask,
        Err(refused) => return Outcome::Reconnect(refused.to_string()),
    };
    let done = |_: &Answer, body: &Value| match out.action {
        Action::ReplyPublic => sent(body["data"].id("id")),
        Action::Dm => sent(body["data"].id("dm_event_id")),
        _ => sent(None),
    };
    wire::act(line, ask, judge, done).await
}

/// Looks whether a reply is there. A private message may be missing from the list for a while
/// although it was sent: so long nobody can say.
pub(super) async fn look_back(line: &Line<'_>, out: &Outbound) -> LookBack {
    match out.action {
        Action::ReplyPublic => looked(replies_by_us(line, out).await),
        Action::Dm => match looked(messages_by_us(line, out).await) {
            LookBack::Absent if line.now.since(out.asked_at) < LAG => {
                LookBack::CannotSay("X’s list of private messages lags behind".into())
            }
            other => other,
        },
        _ => LookBack::CannotSay("moderation is repeated, not looked for".into()),
    }
}

async fn replies_by_us(line: &Line<'_>, out: &Outbound) -> Result<Vec<String>, Refused> {
    let me = &line.account.id;
    let ask = Ask::get(url(line, &format!("2/users/{me}/tweets")))
        .query("max_results", "100")
        .query("start_time", moment(out.asked_at.minus(Duration::from_mins(5))))
        .query("tweet.fields", POST);
    let body = get(line, ask).await?;
    line.spend(u64::try_from(body.list("data").len()).unwrap_or(0));
    // Read as the reader reads: its names and short links are not in our words.
    let document = json!({"user_id": me, "mentions": body});
    let ours = |w: &Wrote, at: Option<At>| {
        w.own && w.parent == out.target && !is_before(at, out) && w.text.as_deref().is_some_and(|t| same_words(t, out))
    };
    Ok(found(&document, ours))
}

async fn messages_by_us(line: &Line<'_>, out: &Outbound) -> Result<Vec<String>, Refused> {
    let person = out.recipient.clone().unwrap_or_default();
    let ask = Ask::get(url(line, &format!("2/dm_conversations/with/{person}/dm_events")))
        .query("max_results", "50")
        .query("dm_event.fields", "id,text,event_type,sender_id,dm_conversation_id,created_at");
    let body = get(line, ask).await?;
    line.spend(u64::try_from(body.list("data").len()).unwrap_or(0));
    let document = json!({"user_id": line.account.id, "dms": body});
    let ours = |w: &Wrote, at: Option<At>| {
        w.own && !is_before(at, out) && w.text.as_deref().is_some_and(|t| same_words(t, out))
    };
    Ok(found(&document, ours))
}

fn found(document: &Value, ours: impl Fn(&Wrote, Option<At>) -> bool) -> Vec<String> {
    let mut ids = Vec::new();
    for element in read::poll(document).into_iter().rev() {
        if let Said::Event(event) = element.said
            && let What::Wrote(wrote) = event.what
            && ours(&wrote, event.at)
        {
            ids.push(wrote.id);
        }
    }
    ids
}

/// RFC 3339 to the second, as X takes it.
pub(super) fn moment(at: At) -> String {
    At::from_secs(at.secs()).to_string()
}

/// Asks for author and text of something only named.
pub(super) async fn hydrate(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    if wrote.kind == Kind::Dm {
        let Some(author) = wrote.author.clone() else { return Ok(wrote) };
        let ask = Ask::get(url(line, &format!("2/users/{}", author.id))).query("user.fields", "id,name,username");
        let body = get(line, ask).await?;
        let u = user(&body);
        let named = Author {
            name: u.text("name").map(str::to_owned).or(author.name),
            handle: u.text("username").map(|h| format!("@{h}")).or(author.handle),
            id: author.id,
        };
        return Ok(Wrote { author: Some(named), ..wrote });
    }
    let ask = Ask::get(url(line, &format!("2/tweets/{}", wrote.id)))
        .query("tweet.fields", POST)
        .query("expansions", ALONG)
        .query("user.fields", "id,name,username");
    let body = get(line, ask).await?;
    line.spend(1);
    let document =
        json!({"user_id": line.account.id, "mentions": {"data": [body["data"]], "includes": body["includes"]}});
    let told = read::poll(&document).into_iter().find_map(|e| match e.said {
        Said::Event(event) => match event.what {
            What::Wrote(told) | What::Edited(told) => Some(told),
            _ => None,
        },
        _ => None,
    });
    Ok(match told {
        Some(told) => Wrote { id: wrote.id, thread: wrote.thread, ..told },
        None => wrote,
    })
}
