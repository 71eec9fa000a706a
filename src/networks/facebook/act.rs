//! What we do at Facebook: reply, moderate, look back, ask for what a hook only named.

use serde_json::{Value, json};

use super::super::meta::messaging::thread_of;
use super::super::meta::{self, graph, signed, talk};
use super::super::unfit::unfit;
use super::super::{Checkup, Line, Refused};
use crate::base::fetch::{Ask, Body};
use crate::base::json::Reads;
use crate::desk::inbound::{Author, Post, Wrote};
use crate::desk::message::Kind;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome};

/// The hook fields a page must be subscribed to.
const FIELDS: &str = "feed,mention,ratings,messages,message_echoes,message_reads,message_deliveries,message_edits,\
message_reactions,messaging_postbacks,messaging_referrals,messaging_optins,messaging_handovers,standby";

/// What a page's token must be allowed.
const SCOPES: [&str; 6] = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_messaging",
];

fn page<'a>(line: &'a Line<'_>) -> Result<(&'a str, &'a str), Refused> {
    let token = line.account.need("page_token").map_err(Refused::Reconnect)?;
    Ok((&line.account.id, token))
}

fn ask(line: &Line<'_>, token: &str, ask: Ask) -> Ask {
    signed(&line.account.settings, ask, token)
}

/// Does one thing.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    let (page, token) = match page(line) {
        Ok(page) => page,
        Err(refused) => return Outcome::Reconnect(refused.to_string()),
    };
    let target = out.target.clone().unwrap_or_default();
    let url = |path: String| graph(&line.account.settings, &path);
    let form =
        |fields: &[(&str, &str)]| Body::Form(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect());
    let made = |body: &Value| sent(body.id("id"), None);
    let done = |_: &Value| sent(None, None);
    match out.action {
        Action::ReplyPublic => {
            let under = out.root.clone().or_else(|| out.post.clone()).unwrap_or(target);
            let call = Ask::post(url(format!("{under}/comments"))).body(form(&[("message", &out.text)]));
            meta::act(line, ask(line, token, call), made).await
        }
        Action::ReplyPrivate | Action::Dm => {
            let body = match message(out) {
                Ok(body) => body,
                Err(outcome) => return outcome,
            };
            let call = Ask::post(url(format!("{page}/messages"))).json(body);
            meta::act(line, ask(line, token, call), |b| sent(b.id("message_id"), b.id("recipient_id"))).await
        }
        Action::Hide | Action::Unhide => {
            let hidden = if out.action == Action::Hide { "true" } else { "false" };
            let call = Ask::post(url(target)).body(form(&[("is_hidden", hidden)]));
            meta::act(line, ask(line, token, call), done).await
        }
        Action::Delete => meta::act(line, ask(line, token, Ask::delete(url(target))), done).await,
        Action::Like => meta::act(line, ask(line, token, Ask::post(url(format!("{target}/likes")))), done).await,
        Action::Unlike => meta::act(line, ask(line, token, Ask::delete(url(format!("{target}/likes")))), done).await,
    }
}

fn sent(external_id: Option<String>, recipient: Option<String>) -> Outcome {
    Outcome::Sent { external_id, recipient }
}

/// The body of a Messenger send. Our id goes along as metadata and comes back in the echo.
fn message(out: &Outbound) -> Result<Value, Outcome> {
    let dm = super::super::Network::limits(&super::Facebook).dm.expect("Messenger has private messages");
    talk::body(out, &dm, &json!({"text": out.text, "metadata": out.id.to_string()}))
}

/// Looks whether a reply is there. Comments are listed newest first; of a conversation Graph shows
/// the twenty newest messages; a private reply shows only as “can no longer be sent”.
pub(super) async fn look_back(line: &Line<'_>, out: &Outbound) -> LookBack {
    let found = match out.action {
        Action::ReplyPublic => comments_by_us(line, out).await,
        Action::Dm => messages_by_us(line, out).await,
        Action::ReplyPrivate => return private_reply_there(line, out).await,
        _ => return LookBack::CannotSay("moderation is repeated, not looked for".into()),
    };
    match found {
        Ok(ids) if ids.is_empty() => LookBack::Absent,
        Ok(ids) => LookBack::Found(ids),
        Err(refused) => LookBack::CannotSay(refused.to_string()),
    }
}

async fn comments_by_us(line: &Line<'_>, out: &Outbound) -> Result<Vec<String>, Refused> {
    let (page, token) = page(line)?;
    let under = out.root.clone().or_else(|| out.post.clone()).or_else(|| out.target.clone()).unwrap_or_default();
    let call = Ask::get(graph(&line.account.settings, &format!("{under}/comments")))
        .query("filter", "stream")
        .query("order", "reverse_chronological")
        .query("limit", "100")
        .query("fields", "id,message,from{id},created_time");
    let body = meta::read(line, ask(line, token, call)).await?;
    let ours = |c: &&Value| {
        c["from"].id("id").as_deref() == Some(page) && same_text(c, out) && !talk::is_before(c, "created_time", out)
    };
    Ok(body.list("data").iter().filter(ours).filter_map(|c| c.id("id")).collect())
}

async fn messages_by_us(line: &Line<'_>, out: &Outbound) -> Result<Vec<String>, Refused> {
    let (page, token) = page(line)?;
    let call = Ask::get(graph(&line.account.settings, &format!("{page}/conversations"))).query("platform", "messenger");
    talk::by_us(line, out, page, ask(line, token, call)).await
}

fn same_text(item: &Value, out: &Outbound) -> bool {
    item.text("message").is_some_and(|m| m.trim() == out.text.trim())
}

async fn private_reply_there(line: &Line<'_>, out: &Outbound) -> LookBack {
    let target = out.target.clone().unwrap_or_default();
    let asked = async {
        let (_, token) = page(line)?;
        let call = Ask::get(graph(&line.account.settings, &target)).query("fields", "can_reply_privately");
        meta::read(line, ask(line, token, call)).await
    };
    match asked.await {
        Ok(body) if body.flag("can_reply_privately") => LookBack::Absent,
        Ok(_) => {
            LookBack::CannotSay("the network says a private reply can no longer be sent, not whether ours was".into())
        }
        Err(refused) => LookBack::CannotSay(refused.to_string()),
    }
}

/// Asks for author, text and post of something a hook only named.
pub(super) async fn hydrate(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let (page, token) = page(line)?;
    if wrote.kind == Kind::Dm {
        return profile(line, token, wrote).await;
    }
    let fields = match wrote.kind {
        Kind::Comment => "id,message,from{id,name},parent{id},created_time,attachment,permalink_url",
        _ => "id,message,from{id,name},created_time,permalink_url,full_picture",
    };
    let call = Ask::get(graph(&line.account.settings, &wrote.id)).query("fields", fields);
    let body = meta::read(line, ask(line, token, call)).await?;
    let from = &body["from"];
    let author = from.id("id").map(|id| Author { id, name: from.text("name").map(str::to_owned), handle: None });
    let text = body.text("message").map(str::to_owned);
    let post = wrote
        .post
        .clone()
        .map(|p| Post { permalink: p.permalink.or(body.text("permalink_url").map(str::to_owned)), ..p });
    Ok(Wrote {
        own: wrote.own || author.as_ref().is_some_and(|a| a.id == page),
        author: author.or(wrote.author),
        text: text.or(wrote.text),
        post,
        ..wrote
    })
}

async fn profile(line: &Line<'_>, token: &str, wrote: Wrote) -> Result<Wrote, Refused> {
    let Some(author) = wrote.author.clone() else { return Ok(wrote) };
    let call =
        Ask::get(graph(&line.account.settings, &author.id)).query("fields", "first_name,last_name,profile_pic,locale");
    let body = meta::read(line, ask(line, token, call)).await?;
    let names = [body.text("first_name"), body.text("last_name")];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let named = Author { name: Some(name).filter(|n| !n.is_empty()).or(author.name), ..author };
    Ok(Wrote { thread: thread_of(&named.id), author: Some(named), ..wrote })
}

/// Subscribes the page to the fields we read; Meta drops a page after an hour of failures.
pub(super) async fn subscribe(line: &Line<'_>) -> Result<(), Refused> {
    let (page, token) = page(line)?;
    let call = Ask::post(graph(&line.account.settings, &format!("{page}/subscribed_apps")))
        .body(Body::Form(vec![("subscribed_fields".into(), FIELDS.into())]));
    let answer = line.call(ask(line, token, call)).await?;
    meta::note_usage(line, &answer);
    match meta::error_in(&answer) {
        Some(error) => Err(meta::refused(&error)),
        None => Ok(()),
    }
}

/// Tries the token and the subscription.
pub(super) async fn check(line: &Line<'_>) -> Checkup {
    let problems = meta::missing(&line.account.settings, &["app_secret", "verify_token", "page_token"]);
    let mut checkup = Checkup { problems, ..Checkup::default() };
    let Ok((page, token)) = page(line) else { return checkup };
    checkup.problems.extend(meta::token_problems(line, token, &SCOPES).await);
    let mut problem = |fr: String, en: String| checkup.problems.push((fr, en));
    let call = Ask::get(graph(&line.account.settings, page)).query("fields", "id,name");
    match meta::read(line, ask(line, token, call)).await {
        Ok(body) if body.id("id").as_deref() == Some(page) => checkup.name = body.text("name").map(str::to_owned),
        Ok(body) => {
            let other = body.id("id").unwrap_or_default();
            problem(
                format!("Le jeton est celui d’une autre page ({other})."),
                format!("The token belongs to another page ({other})."),
            );
            return checkup;
        }
        Err(refused) => {
            let (fr, en) = unfit(line, "Facebook", &refused);
            problem(fr, en);
            return checkup;
        }
    }
    checkup.can = vec!["reply_public", "reply_private", "dm", "hide", "delete", "like"];
    match subscribe(line).await {
        Ok(()) => checkup.can.push("receive"),
        Err(refused) => checkup.problems.push((
            format!("L’abonnement aux événements de la page a échoué : {refused}"),
            format!("Subscribing to the page’s events failed: {refused}"),
        )),
    }
    checkup
}
