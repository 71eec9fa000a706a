//! What we do at TikTok: answer, hide, like, write, look back, ask whose a comment is.

use serde_json::{Value, json};

use super::super::wire::{self, is_before, looked, same_words, sent};
use super::super::{Line, Refused};
use super::api;
use super::refuse::judge;
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::inbound::{Author, Wrote};
use crate::desk::message::Kind;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome, Refusal};

/// Pages of thirty comments looked through for one.
const PAGES: usize = 4;

pub(super) fn signed(line: &Line<'_>, ask: Ask) -> Result<Ask, Refused> {
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    Ok(ask.header("access-token", token))
}

pub(super) async fn get(line: &Line<'_>, path: &str, query: &[(&str, &str)]) -> Result<Value, Refused> {
    let ask = Ask::get(api(line, path)).query("business_id", line.account.id.clone());
    let ask = query.iter().fold(ask, |ask, (k, v)| ask.query(k, *v));
    let body = wire::read(line, signed(line, ask)?, judge).await?;
    Ok(body["data"].clone())
}

/// Comments of a video, or the replies to one of them, newest first.
pub(super) async fn comments(
    line: &Line<'_>,
    video: &str,
    under: Option<&str>,
    pages: usize,
) -> Result<Vec<Value>, Refused> {
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    for _ in 0..pages {
        let at = cursor.take().unwrap_or_else(|| "0".into());
        let mut query = vec![("video_id", video), ("max_count", "30"), ("cursor", at.as_str()), ("status", "ALL")];
        query.push(under.map_or(("include_replies", "true"), |id| ("comment_id", id)));
        let path = if under.is_some() { "business/comment/reply/list" } else { "business/comment/list" };
        let data = get(line, path, &query).await?;
        all.extend(data.list("comments").iter().cloned());
        cursor = data.id("cursor").filter(|_| data.flag("has_more"));
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

/// Does one thing.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    let target = out.target.clone().unwrap_or_default();
    let (path, mut body) = match out.action {
        Action::ReplyPublic => {
            let root = out.root.clone().unwrap_or(target);
            ("business/comment/reply/create", json!({"video_id": out.post, "comment_id": root, "text": out.text}))
        }
        Action::Hide | Action::Unhide => {
            let action = if out.action == Action::Hide { "HIDE" } else { "UNHIDE" };
            ("business/comment/hide", json!({"video_id": out.post, "comment_id": target, "action": action}))
        }
        Action::Like | Action::Unlike => {
            let action = if out.action == Action::Like { "LIKE" } else { "UNLIKE" };
            ("business/comment/like", json!({"comment_id": target, "action": action}))
        }
        Action::Dm => {
            let Some(conversation) = &out.recipient else {
                return Outcome::Never(Refusal::Invalid, "the conversation is not known".into());
            };
            let body = json!({"recipient_type": "CONVERSATION", "recipient": conversation, "message_type": "TEXT", "text": {"body": out.text}});
            ("business/message/send", body)
        }
        Action::ReplyPrivate | Action::Delete => {
            return Outcome::Never(Refusal::Unsupported, "TikTok has no such act".into());
        }
    };
    body["business_id"] = line.account.id.clone().into();
    let ask = match signed(line, Ask::post(api(line, path)).json(body)) {
        Ok(ask) => ask,
        Err(refused) => return Outcome::Reconnect(refused.to_string()),
    };
    wire::act(line, ask, judge, |_, body| match out.action {
        Action::ReplyPublic => sent(body["data"].id("comment_id")),
        Action::Dm => sent(body["data"]["message"].id("message_id").or_else(|| body["data"].id("message_id"))),
        _ => sent(None),
    })
    .await
}

/// Looks whether a reply is there. Of conversations there is nothing to read: the echo tells.
pub(super) async fn look_back(line: &Line<'_>, out: &Outbound) -> LookBack {
    let (Action::ReplyPublic, Some(video)) = (out.action, &out.post) else {
        return LookBack::CannotSay("TikTok shows no conversation; its own event will tell".into());
    };
    let root = out.root.clone().or_else(|| out.target.clone()).unwrap_or_default();
    let ours = |c: &&Value| {
        c.flag("owner")
            && c.text("text").is_some_and(|t| same_words(t, out))
            && !is_before(c.number("create_time").map(At::from_secs_or_millis), out)
    };
    let found = comments(line, video, Some(&root), PAGES).await;
    looked(found.map(|all| all.iter().filter(ours).filter_map(|c| c.id("comment_id")).collect()))
}

/// Asks whether a comment is our own, and for its author's name.
pub(super) async fn hydrate(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let (Kind::Comment, Some(video)) = (wrote.kind, wrote.post.as_ref().map(|p| p.id.clone())) else {
        return Ok(Wrote { ask: false, ..wrote });
    };
    let all = comments(line, &video, wrote.parent.as_deref(), PAGES).await?;
    let Some(found) = all.iter().find(|c| c.id("comment_id").as_deref() == Some(&wrote.id)) else {
        // Listed late, or gone: as it came, it is somebody's.
        return Ok(Wrote { ask: false, ..wrote });
    };
    let author = named(found).or(wrote.author);
    let text = wrote.text.or_else(|| found.text("text").map(str::to_owned));
    Ok(Wrote { own: found.flag("owner"), author, text, ask: false, ..wrote })
}

/// Who wrote a listed comment.
pub(super) fn named(c: &Value) -> Option<Author> {
    let handle = c.text("username").map(|u| format!("@{u}"));
    Some(Author {
        id: c.id("unique_identifier").or_else(|| c.id("user_id"))?,
        name: c.text("display_name").map(str::to_owned).or_else(|| handle.clone()),
        handle,
    })
}
