//! What we do at Instagram: reply, moderate, look back, ask for what a hook only named.

use serde_json::{Value, json};

use super::super::meta::talk::{self, is_before};
use super::super::meta::{self, messaging::thread_of};
use super::super::{Checkup, Line, Network, Refused};
use super::read::person;
use super::{Instagram, Login, graph, signed};
use crate::base::fetch::{Ask, Body};
use crate::base::json::Reads;
use crate::desk::inbound::{Author, Post, Wrote};
use crate::desk::message::Kind;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome, Refusal};

/// The hook fields an account is subscribed to.
const FIELDS: &str =
    "comments,live_comments,mentions,messages,message_edit,message_reactions,messaging_postbacks,messaging_seen";
/// What the token of a page must be allowed; Instagram’s own tokens cannot be asked.
const SCOPES: [&str; 5] = [
    "instagram_basic",
    "instagram_manage_comments",
    "instagram_manage_messages",
    "pages_manage_metadata",
    "pages_read_engagement",
];

/// An address of the account’s Graph.
fn at(line: &Line<'_>, path: &str) -> String {
    graph(&line.account.settings, path)
}

async fn read(line: &Line<'_>, ask: Ask) -> Result<Value, Refused> {
    meta::read(line, signed(line, ask)?).await
}

fn form(fields: &[(&str, &str)]) -> Body {
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

/// Asks for what a hook only named.
pub(super) async fn hydrate(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    match wrote.kind {
        Kind::Dm => profile(line, wrote).await,
        Kind::Mention => mention(line, wrote).await,
        _ => comment(line, wrote).await,
    }
}

async fn profile(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let Some(author) = wrote.author.clone() else { return Ok(wrote) };
    let ask = Ask::get(at(line, &author.id)).query("fields", "name,username");
    let body = read(line, ask).await?;
    let username = body.text("username");
    let named = Author {
        name: body.text("name").filter(|n| !n.trim().is_empty()).or(username).map(str::to_owned).or(author.name),
        handle: username.map(|u| format!("@{u}")).or(author.handle),
        id: author.id,
    };
    Ok(Wrote { thread: thread_of(&named.id), author: Some(named), ..wrote })
}

/// A mention is read through our own account; of its author only the name is told.
async fn mention(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let (edge, fields) = match &wrote.post {
        Some(_) => (
            "mentioned_comment",
            format!("mentioned_comment.comment_id({}){{id,text,timestamp,username,media{{id}}}}", wrote.id),
        ),
        None => (
            "mentioned_media",
            format!("mentioned_media.media_id({}){{id,caption,username,permalink,media_type,timestamp}}", wrote.id),
        ),
    };
    let body = read(line, Ask::get(at(line, &line.account.id)).query("fields", fields)).await?;
    let told = &body[edge];
    let author = told.text("username").map(|u| person(format!("@{u}"), Some(u)));
    let text = told.text("text").or_else(|| told.text("caption"));
    Ok(Wrote { author: author.or(wrote.author), text: text.map(str::to_owned).or(wrote.text), ..wrote })
}

async fn comment(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let fields = "id,text,timestamp,from,user,username,parent_id,hidden,media{id,permalink}";
    let body = read(line, Ask::get(at(line, &wrote.id)).query("fields", fields)).await?;
    let username = body["from"].text("username").or_else(|| body.text("username"));
    let id = body["from"].id("id").or_else(|| username.map(|u| format!("@{u}")));
    let author = id.map(|id| person(id, username));
    let own = author.as_ref().is_some_and(|a| a.id == line.account.id) || body["user"].id("id").is_some();
    let link = body["media"].text("permalink").map(str::to_owned);
    Ok(Wrote {
        own: wrote.own || own,
        author: author.or(wrote.author),
        text: body.text("text").map(str::to_owned).or(wrote.text),
        post: wrote.post.map(|p| Post { permalink: p.permalink.or(link), ..p }),
        ..wrote
    })
}

/// Subscribes the account to the fields we read; Meta drops it after an hour of failures.
pub(super) async fn subscribe(line: &Line<'_>) -> Result<(), Refused> {
    let ask = Ask::post(at(line, "me/subscribed_apps")).body(form(&[("subscribed_fields", FIELDS)]));
    let answer = line.call(signed(line, ask)?).await?;
    meta::note_usage(line, &answer);
    match meta::error_in(&answer) {
        Some(error) => Err(meta::refused(&error)),
        None => Ok(()),
    }
}

/// Tries the token, what it may read, and the subscription.
pub(super) async fn check(line: &Line<'_>) -> Checkup {
    let settings = &line.account.settings;
    let problems = meta::missing(settings, &["app_secret", "verify_token", "access_token"]);
    let mut checkup = Checkup { problems, ..Checkup::default() };
    let Some(token) = settings.get("access_token") else { return checkup };
    let ask = match Login::of(settings) {
        Login::Instagram => Ask::get(at(line, "me")).query("fields", "user_id,username"),
        Login::Facebook => Ask::get(at(line, &line.account.id)).query("fields", "id,username"),
    };
    match read(line, ask).await {
        Ok(body) if [body.id("user_id"), body.id("id")].contains(&Some(line.account.id.clone())) => {
            checkup.name = body.text("username").map(|u| format!("@{u}"));
        }
        Ok(body) => {
            let other = body.id("user_id").or(body.id("id")).unwrap_or_default();
            checkup.problems.push((
                format!("Le jeton est celui d’un autre compte ({other})."),
                format!("The token belongs to another account ({other})."),
            ));
            return checkup;
        }
        Err(refused) => {
            checkup.problems.push((
                format!("Instagram n’accepte pas ce jeton : {refused}"),
                format!("Instagram does not accept this token: {refused}"),
            ));
            return checkup;
        }
    }
    if Login::of(settings) == Login::Facebook {
        checkup.problems.extend(meta::token_problems(line, token, &SCOPES).await);
    }
    let id = &line.account.id;
    let media = read(line, Ask::get(at(line, &format!("{id}/media"))).query("limit", "1")).await;
    let talks = Ask::get(at(line, "me/conversations")).query("platform", "instagram").query("limit", "1");
    let talks = read(line, talks).await;
    let areas = [
        (media.err(), "les commentaires", "comments", &["reply_public", "hide", "delete"][..]),
        (talks.err(), "les messages privés", "private messages", &["reply_private", "dm"][..]),
    ];
    for (refused, fr, en, can) in areas {
        match refused {
            Some(Refused::Never(_, why)) => checkup.problems.push((
                format!("Ce jeton ne donne pas accès à {fr} : {why}"),
                format!("This token gives no access to {en}: {why}"),
            )),
            _ => checkup.can.extend(can),
        }
    }
    match subscribe(line).await {
        Ok(()) => checkup.can.push("receive"),
        Err(refused) => checkup.problems.push((
            format!("L’abonnement aux événements du compte a échoué : {refused}"),
            format!("Subscribing to the account’s events failed: {refused}"),
        )),
    }
    checkup
}
