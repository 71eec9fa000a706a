//! What we do at Threads: reply in two steps, hide, look back.

use std::time::Duration;

use serde_json::Value;

use super::super::meta::{self, talk::is_before};
use super::super::{Checkup, Line, Refused, Usage};
use super::read::{attachments, author};
use super::{at, signed};
use crate::base::fetch::{Ask, Body, Trouble};
use crate::base::json::Reads;
use crate::desk::inbound::Wrote;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome, Refusal};

async fn read(line: &Line<'_>, ask: Ask) -> Result<Value, Refused> {
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

/// Asks for what a hook left out.
pub(super) async fn hydrate(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let fields = "id,text,username,permalink,timestamp,media_type,media_url,children{media_type,media_url}";
    let body = read(line, Ask::get(at(line, &wrote.id)).query("fields", fields)).await?;
    let came = attachments(&body);
    Ok(Wrote {
        author: author(&body).or(wrote.author),
        text: body.text("text").map(str::to_owned).or(wrote.text),
        attachments: if wrote.attachments.is_empty() { came } else { wrote.attachments },
        ..wrote
    })
}

/// How many of the 1,000 replies of 24 hours are used; the channel rests a while when it is all.
pub(super) async fn note_quota(line: &Line<'_>) -> Result<u8, Refused> {
    let ask = Ask::get(at(line, "me/threads_publishing_limit")).query("fields", "reply_quota_usage,reply_config");
    let body = read(line, ask).await?;
    let told = &body["data"][0];
    let total = told["reply_config"].number("quota_total").filter(|t| *t > 0).unwrap_or(1_000);
    let used = told.number("reply_quota_usage").unwrap_or(0).clamp(0, total);
    let percent = u8::try_from(used * 100 / total).unwrap_or(100);
    let quiet_for = (percent >= 100).then(|| Duration::from_mins(15));
    line.note(Usage { percent: Some(percent), quiet_for });
    Ok(percent)
}

/// Tries the token, what it may read, and how much of the quota is left.
pub(super) async fn check(line: &Line<'_>) -> Checkup {
    let problems = meta::missing(&line.account.settings, &["app_secret", "verify_token", "access_token"]);
    let mut checkup = Checkup { problems, ..Checkup::default() };
    if line.account.settings.get("access_token").is_none() {
        return checkup;
    }
    match read(line, Ask::get(at(line, "me")).query("fields", "id,username")).await {
        Ok(body) if body.id("id").as_deref() == Some(&line.account.id) => {
            checkup.name = body.text("username").map(|u| format!("@{u}"));
        }
        Ok(body) => {
            let other = body.id("id").unwrap_or_default();
            checkup.problems.push((
                format!("Le jeton est celui d’un autre profil ({other})."),
                format!("The token belongs to another profile ({other})."),
            ));
            return checkup;
        }
        Err(refused) => {
            checkup.problems.push((
                format!("Threads n’accepte pas ce jeton : {refused}"),
                format!("Threads does not accept this token: {refused}"),
            ));
            return checkup;
        }
    }
    let probe = |path: &str| Ask::get(at(line, path)).query("limit", "1").query("fields", "id");
    let areas = [
        (read(line, probe("me/replies")).await.err(), "les réponses", "replies", &["reply_public", "hide"][..]),
        (read(line, probe("me/mentions")).await.err(), "les mentions", "mentions", &["receive"][..]),
    ];
    for (refused, fr, en, can) in areas {
        match refused {
            Some(Refused::Never(_, why)) => checkup.problems.push((
                format!("Ce jeton ne donne pas accès aux données suivantes : {fr} ({why})"),
                format!("This token gives no access to {en}: {why}"),
            )),
            _ => checkup.can.extend(can),
        }
    }
    if let Ok(percent @ 90..) = note_quota(line).await {
        checkup.problems.push((
            format!("{percent} % des réponses permises en 24 heures sont utilisées."),
            format!("{percent}% of the replies allowed in 24 hours are used."),
        ));
    }
    checkup
}
