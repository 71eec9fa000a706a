//! What we do at Threads: reply in two steps, hide, look back.

use serde_json::Value;

use super::super::meta::{self, talk::is_before};
use super::super::{Line, Refused};
use super::{at, signed};
use crate::base::fetch::{Ask, Body, Trouble};
use crate::base::json::Reads;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome, Refusal};

/// Reads something in the account’s name.
pub(super) async fn read(line: &Line<'_>, ask: Ask) -> Result<Value, Refused> {
    meta::read(line, signed(line, ask)?).await
}

fn form(fields: &[(&str, &str)]) -> Body {
    Body::Form(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}

async fn act(line: &Line<'_>, ask: Ask, done: impl FnOnce(&Value) -> Outcome + Send) -> Outcome {
    match signed(line, ask) {
        Ok(ask) => meta::act(line, ask, done).await,
        Err(refused) => Outcome::Reconnect(refused.to_string()),
    }
}

/// Does one thing.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    let target = out.target.clone().unwrap_or_default();
    match out.action {
        Action::ReplyPublic => reply(line, out, &target).await,
        Action::Hide | Action::Unhide => {
            // Only what stands directly under a post can be hidden; what is said below goes with it.
            if out.root.as_ref().is_some_and(|root| *root != target) {
                let why = "only replies directly under a post can be hidden";
                return Outcome::Never(Refusal::Unsupported, why.into());
            }
            let hide = if out.action == Action::Hide { "true" } else { "false" };
            let ask = Ask::post(at(line, &format!("{target}/manage_reply"))).body(form(&[("hide", hide)]));
            act(line, ask, |_| Outcome::Sent { external_id: None, recipient: None }).await
        }
        _ => Outcome::Never(Refusal::Unsupported, "Threads does not know this act".into()),
    }
}

/// First a container, then its publication. While there is only a container nothing is published: no
/// answer to the first step is surely not sent, no answer to the second may be.
async fn reply(line: &Line<'_>, out: &Outbound, target: &str) -> Outcome {
    let fields = [("media_type", "TEXT"), ("text", out.text.as_str()), ("reply_to_id", target)];
    let container = match container(line, Ask::post(at(line, "me/threads")).body(form(&fields))).await {
        Ok(id) => id,
        Err(outcome) => return outcome,
    };
    let publish = Ask::post(at(line, "me/threads_publish")).body(form(&[("creation_id", &container)]));
    act(line, publish, |body| Outcome::Sent { external_id: body.id("id"), recipient: None }).await
}

async fn container(line: &Line<'_>, ask: Ask) -> Result<String, Outcome> {
    let later = |why: String| Outcome::Later { after: None, whole_channel: false, why };
    let ask = signed(line, ask).map_err(|refused| Outcome::Reconnect(refused.to_string()))?;
    let answer = match line.call(ask).await {
        Ok(answer) => answer,
        Err(Trouble::Forbidden(why)) => return Err(Outcome::Never(Refusal::Invalid, why.to_string())),
        Err(nothing_published) => return Err(later(nothing_published.to_string())),
    };
    meta::note_usage(line, &answer);
    if let Some(error) = meta::error_in(&answer) {
        return Err(match meta::outcome(&error) {
            Outcome::Unknown(why) => later(why),
            told => told,
        });
    }
    answer.json().id("id").ok_or_else(|| later("no container came back".into()))
}

/// Looks among what we answered last.
pub(super) async fn look_back(line: &Line<'_>, out: &Outbound) -> LookBack {
    if out.action != Action::ReplyPublic {
        return LookBack::CannotSay("moderation is repeated, not looked for".into());
    }
    let ask = Ask::get(at(line, "me/replies"))
        .query("limit", "50")
        .query("fields", "id,text,timestamp,replied_to{id},root_post{id}");
    match read(line, ask).await {
        Ok(body) => {
            let ours = |r: &&Value| {
                let same = r.text("text").is_some_and(|t| t.trim() == out.text.trim());
                let here = r["replied_to"].id("id").is_none_or(|to| Some(&to) == out.target.as_ref());
                same && here && !is_before(r, "timestamp", out)
            };
            let found: Vec<String> = body.list("data").iter().filter(ours).filter_map(|r| r.id("id")).collect();
            if found.is_empty() { LookBack::Absent } else { LookBack::Found(found) }
        }
        Err(refused) => LookBack::CannotSay(refused.to_string()),
    }
}
