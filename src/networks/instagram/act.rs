//! What we do at Instagram: reply, moderate, look back.

use serde_json::{Value, json};

use super::super::meta;
use super::super::meta::talk::{self, is_before};
use super::super::{Line, Network, Refused};
use super::{Instagram, graph, signed};
use crate::base::fetch::{Ask, Body};
use crate::base::json::Reads;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome, Refusal};

/// An address of the account’s Graph.
pub(super) fn at(line: &Line<'_>, path: &str) -> String {
    graph(&line.account.settings, path)
}

/// Reads something in the account’s name.
pub(super) async fn read(line: &Line<'_>, ask: Ask) -> Result<Value, Refused> {
    meta::read(line, signed(line, ask)?).await
}

/// A body of form fields.
pub(super) fn form(fields: &[(&str, &str)]) -> Body {
    Body::Form(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}

fn sent(external_id: Option<String>, recipient: Option<String>) -> Outcome {
    Outcome::Sent { external_id, recipient }
}

/// The call for an act.
fn call(line: &Line<'_>, out: &Outbound) -> Result<Ask, Outcome> {
    let target = out.target.clone().unwrap_or_default();
    Ok(match out.action {
        // Who named us elsewhere is answered by an edge of our own account.
        Action::ReplyPublic if out.target_is_post => {
            let mut fields = vec![("message", out.text.as_str())];
            match &out.post {
                Some(media) => fields.extend([("media_id", media.as_str()), ("comment_id", target.as_str())]),
                None => fields.push(("media_id", target.as_str())),
            }
            Ask::post(at(line, &format!("{}/mentions", line.account.id))).body(form(&fields))
        }
        // A reply to a reply is put under the comment above both.
        Action::ReplyPublic => Ask::post(at(line, &format!("{target}/replies"))).body(form(&[("message", &out.text)])),
        Action::ReplyPrivate | Action::Dm => {
            let dm = Instagram.limits().dm.expect("Instagram has private messages");
            let body = talk::body(out, &dm, &json!({"text": out.text}))?;
            Ask::post(at(line, "me/messages")).json(body)
        }
        Action::Hide | Action::Unhide => {
            let hide = if out.action == Action::Hide { "true" } else { "false" };
            Ask::post(at(line, &target)).body(form(&[("hide", hide)]))
        }
        Action::Delete => Ask::delete(at(line, &target)),
        Action::Like | Action::Unlike => {
            return Err(Outcome::Never(Refusal::Unsupported, "Instagram has no likes for applications".into()));
        }
    })
}

/// Does one thing.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    let ask = match call(line, out) {
        Ok(ask) => ask,
        Err(outcome) => return outcome,
    };
    let ask = match signed(line, ask) {
        Ok(ask) => ask,
        Err(refused) => return Outcome::Reconnect(refused.to_string()),
    };
    meta::act(line, ask, |body| match out.action {
        Action::ReplyPublic => sent(body.id("id"), None),
        Action::ReplyPrivate | Action::Dm => sent(body.id("message_id"), body.id("recipient_id")),
        _ => sent(None, None),
    })
    .await
}

/// Looks whether a reply is there.
pub(super) async fn look_back(line: &Line<'_>, out: &Outbound) -> LookBack {
    let found = match out.action {
        Action::ReplyPublic if out.target_is_post => {
            return LookBack::CannotSay("what is said under others’ publications is not listed".into());
        }
        Action::ReplyPublic => replies_by_us(line, out).await,
        Action::Dm => messages_by_us(line, out).await,
        Action::ReplyPrivate => {
            return LookBack::CannotSay("Instagram does not tell to which comment a message was a reply".into());
        }
        _ => return LookBack::CannotSay("moderation is repeated, not looked for".into()),
    };
    match found {
        Ok(ids) if ids.is_empty() => LookBack::Absent,
        Ok(ids) => LookBack::Found(ids),
        Err(refused) => LookBack::CannotSay(refused.to_string()),
    }
}

/// Ours under a comment. `user` stands only on what the account of the token wrote itself; `from`
/// does not always.
async fn replies_by_us(line: &Line<'_>, out: &Outbound) -> Result<Vec<String>, Refused> {
    let under = out.root.clone().or_else(|| out.target.clone()).unwrap_or_default();
    let ask = Ask::get(at(line, &format!("{under}/replies")))
        .query("limit", "50")
        .query("fields", "id,text,timestamp,from,user,username");
    let body = read(line, ask).await?;
    let us = line.account.id.as_str();
    let ours = |c: &&Value| {
        let by_us = c["from"].id("id").as_deref() == Some(us) || c["user"].id("id").is_some();
        let same = c.text("text").is_some_and(|t| t.trim() == out.text.trim());
        by_us && same && !is_before(c, "timestamp", out)
    };
    let mut found: Vec<&Value> = body.list("data").iter().filter(ours).collect();
    found.sort_by_key(|c| std::cmp::Reverse(c.text("timestamp").map(str::to_owned)));
    Ok(found.iter().filter_map(|c| c.id("id")).collect())
}

async fn messages_by_us(line: &Line<'_>, out: &Outbound) -> Result<Vec<String>, Refused> {
    let ask = signed(line, Ask::get(at(line, "me/conversations")).query("platform", "instagram"))?;
    talk::by_us(line, out, &line.account.id, ask).await
}
