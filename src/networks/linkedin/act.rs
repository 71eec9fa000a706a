//! What we do at LinkedIn, and what its refusals mean.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::super::wire::{self, is_before, later, looked, same_words, sent};
use super::super::{Line, Network, PollFrom, Polled, Refused, Usage};
use super::LinkedIn;
use super::read::comment_urn;
use super::refuse::judge;
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::inbound::{Author, Wrote};
use crate::desk::message::Kind;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome, Refusal};

/// How often what hooks missed is looked for while calls last.
const USUAL: Duration = Duration::from_mins(15);

/// The actions that are pulled.
const ACTIONS: &str = "COMMENT,ADMIN_COMMENT,COMMENT_EDIT,COMMENT_DELETE,SHARE,SHARE_MENTION";

/// Pages of a hundred pulled in one go.
const PAGES: usize = 5;

/// A URN within a path or a key: colons, commas and parentheses have a meaning of their own there.
pub(super) fn key(urn: &str) -> String {
    utf8_percent_encode(urn, NON_ALPHANUMERIC).to_string()
}

pub(super) fn url(line: &Line<'_>, path: &str) -> String {
    let base = line.account.settings.get("api_base").unwrap_or("https://api.linkedin.com");
    format!("{}/rest/{path}", base.trim_end_matches('/'))
}

pub(super) fn us(line: &Line<'_>) -> String {
    format!("urn:li:organization:{}", line.account.id)
}

fn call(line: &Line<'_>, ask: Ask) -> Result<Ask, Refused> {
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    Ok(versioned(line, ask).bearer(token))
}

/// The version is a month; each lives a year at the least.
pub(super) fn versioned(line: &Line<'_>, ask: Ask) -> Ask {
    let version = line.account.settings.get("version").unwrap_or("202606");
    ask.header("linkedin-version", version).header("x-restli-protocol-version", "2.0.0")
}

pub(super) async fn get(line: &Line<'_>, path: &str) -> Result<Value, Refused> {
    let ask = call(line, Ask::get(url(line, path)))?;
    line.spend(1);
    wire::read(line, ask, judge).await
}

/// The URN of what is answered or liked: a comment by its number under its post, else a share.
fn urn_of(id: &str, post: Option<&str>) -> Option<String> {
    if id.starts_with("urn:li:") {
        return Some(id.to_owned());
    }
    Some(format!("urn:li:comment:({},{id})", post?))
}

/// Does one thing, if the day's calls reach for it.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    if let Some(budget) = LinkedIn.budget(&line.account.settings)
        && !budget.may_write(line.used(&budget), 1)
    {
        let why = format!("the day’s {} calls to LinkedIn are used up", budget.most);
        return later(Some(budget.until_tomorrow(line.now)), true, why);
    }
    let us = us(line);
    let target = out.target.clone().unwrap_or_default();
    // One level of replies: what answers a reply stands under the first comment, too.
    let root = out.root.clone().filter(|_| out.action.is_reply()).unwrap_or_else(|| target.clone());
    let Some(urn) = urn_of(&root, out.post.as_deref()) else {
        return Outcome::Never(Refusal::Invalid, "the comment’s post is not known".into());
    };
    let ask = match out.action {
        Action::ReplyPublic => {
            let mut body = json!({"actor": us, "object": urn, "message": {"text": out.text}});
            if let Some((post, _)) = comment_urn(&urn) {
                body["object"] = post.into();
                body["parentComment"] = urn.clone().into();
            }
            Ask::post(url(line, &format!("socialActions/{}/comments", key(&urn)))).json(body)
        }
        Action::Like => Ask::post(url(line, &format!("reactions?actor={}", key(&us))))
            .json(json!({"root": urn, "reactionType": "LIKE"})),
        Action::Unlike => Ask::delete(url(line, &format!("reactions/(actor:{},entity:{})", key(&us), key(&urn)))),
        // Of our own comments only.
        Action::Delete => match comment_urn(&urn) {
            Some((post, id)) => {
                Ask::delete(url(line, &format!("socialActions/{}/comments/{id}?actor={}", key(&post), key(&us))))
            }
            None => return Outcome::Never(Refusal::Unsupported, "only comments can be deleted".into()),
        },
        Action::ReplyPrivate | Action::Dm | Action::Hide | Action::Unhide => {
            return Outcome::Never(Refusal::Unsupported, "LinkedIn has no such act for organisations".into());
        }
    };
    let ask = match call(line, ask) {
        Ok(ask) => ask,
        Err(refused) => return Outcome::Reconnect(refused.to_string()),
    };
    line.spend(1);
    wire::act(line, ask, judge, |answer, body| {
        let number = |urn: &str| comment_urn(urn).map_or_else(|| urn.to_owned(), |(_, id)| id);
        let made = answer.header("x-restli-id").map(number).or_else(|| body.text("commentUrn").map(number));
        sent(made.or_else(|| body.id("id")).filter(|_| out.action.is_reply()))
    })
    .await
}

/// Looks whether a reply is there.
pub(super) async fn look_back(line: &Line<'_>, out: &Outbound) -> LookBack {
    if out.action != Action::ReplyPublic {
        return LookBack::CannotSay("reactions are repeated, not looked for".into());
    }
    let root = out.root.clone().or_else(|| out.target.clone()).unwrap_or_default();
    let Some(urn) = urn_of(&root, out.post.as_deref()) else {
        return LookBack::CannotSay("the comment’s post is not known".into());
    };
    let found = get(line, &format!("socialActions/{}/comments?start=0&count=100", key(&urn))).await;
    let us = us(line);
    let ours = |c: &&Value| {
        c.text("actor") == Some(us.as_str())
            && c["message"].text("text").is_some_and(|t| same_words(t, out))
            && !is_before(c["created"].number("time").map(At::from_millis), out)
    };
    looked(found.map(|b| b.list("elements").iter().filter(ours).filter_map(|c| c.id("id")).collect()))
}

/// Pulls what hooks missed, as far as the day's calls go; LinkedIn keeps sixty days.
pub(super) async fn poll(line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
    let budget = LinkedIn.budget(&line.account.settings);
    let may = |line: &Line<'_>| budget.is_none_or(|b| b.may_read(line.used(&b), 1));
    let mut all: Vec<Value> = Vec::new();
    for page in 0..PAGES {
        if !may(line) {
            break;
        }
        // Written out: within Rest.li's lists and ranges these characters must stay what they are.
        let path = format!(
            "organizationalEntityNotifications?q=criteria&actions=List({ACTIONS})&organizationalEntity={}&timeRange=(start:{},end:{})&start={}&count=100",
            key(&us(line)),
            from.since.millis(),
            line.now.millis(),
            page * 100
        );
        let body = get(line, &path).await?;
        let found = body.list("elements");
        all.extend(found.iter().cloned());
        if found.len() < 100 {
            break;
        }
    }
    if let Some(budget) = budget {
        let used = line.used(&budget);
        line.note(Usage { percent: Some(budget.percent(used)), quiet_for: None });
        line.again_after(budget.pace(used, line.cost().max(1), USUAL, line.now));
    }
    // Oldest first, so that an edit finds what it changes.
    all.sort_by_key(|n| n.number("lastModifiedAt").unwrap_or(0));
    let body = (!all.is_empty()).then(|| json!({"elements": all}).to_string().into_bytes());
    Ok(Polled { body, cursor: None, more: false })
}

/// Asks what a comment answers, and who wrote it. Names are told to few applications: without, the
/// person stays nameless.
pub(super) async fn hydrate(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let budget = LinkedIn.budget(&line.account.settings);
    if budget.is_some_and(|b| !b.may_read(line.used(&b), 2)) {
        return Err(Refused::Later(budget.map(|b| b.until_tomorrow(line.now)), "the day’s calls are used up".into()));
    }
    let mut wrote = Wrote { ask: false, ..wrote };
    if let (Kind::Comment, Some(post)) = (wrote.kind, wrote.post.clone()) {
        let path = format!("socialActions/{}/comments/{}", key(&post.id), wrote.id);
        let body = get(line, &path).await?;
        wrote.parent = body.text("parentComment").and_then(comment_urn).map(|(_, id)| id).or(wrote.parent);
        wrote.text = wrote.text.or_else(|| body["message"].text("text").map(str::to_owned));
        let actor = body.text("actor").map(str::to_owned);
        wrote.own = wrote.own || actor.as_deref() == Some(us(line).as_str());
        wrote.author = wrote.author.or(actor.map(|id| Author { id, ..Author::default() }));
    }
    if let Some(person) = wrote.author.clone().filter(|a| a.name.is_none() && !wrote.own)
        && let Some(id) = person.id.strip_prefix("urn:li:person:")
        && let Ok(told) = get(line, &format!("people/(id:{})", key(id))).await
    {
        let parts = [told.text("localizedFirstName"), told.text("localizedLastName")];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        wrote.author = Some(Author { name: Some(name).filter(|n| !n.is_empty()), ..person });
    }
    Ok(wrote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urns_are_written_so_that_paths_stay_whole() {
        assert_eq!(
            key("urn:li:comment:(urn:li:activity:7,9)"),
            "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7%2C9%29"
        );
        assert_eq!(urn_of("9", Some("urn:li:activity:7")).unwrap(), "urn:li:comment:(urn:li:activity:7,9)");
        assert_eq!(urn_of("urn:li:share:3", None).unwrap(), "urn:li:share:3");
        assert_eq!(urn_of("9", None), None);
    }
}
