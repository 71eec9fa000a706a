//! What we do at YouTube, what it costs, and what its refusals mean.

use serde_json::{Value, json};

use super::super::wire::{self, is_before, later, looked, same_words, sent};
use super::super::{Line, Network, Refused, Usage};
use super::refuse::judge;
use super::{YouTube, api};
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome, Refusal};

/// Units of a call that reads, and of one that writes; a call that is refused costs them, too.
/// Source: developers.google.com/youtube/v3/determine_quota_cost, 2026-11.
pub(super) const READ: u64 = 1;
pub(super) const WRITE: u64 = 50;

/// Reading a chat is not in that table; this is what projects were charged (not verified).
pub(super) const CHAT: u64 = 5;

pub(super) fn url(line: &Line<'_>, path: &str) -> String {
    api(&line.account.settings, path)
}

fn call(line: &Line<'_>, ask: Ask) -> Result<Ask, Refused> {
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    Ok(ask.bearer(token))
}

/// Reads something that costs `units`.
pub(super) async fn get(line: &Line<'_>, ask: Ask, units: u64) -> Result<Value, Refused> {
    let ask = call(line, ask)?;
    line.spend(units);
    wire::read(line, ask, judge).await
}

/// Does one thing, if the day's units reach for it.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    if let Some(budget) = YouTube.budget(&line.account.settings)
        && !budget.may_write(line.used(&budget), WRITE)
    {
        let why = format!("the day’s {} units of YouTube’s quota are used up", budget.most);
        line.note(Usage { percent: Some(budget.percent(line.used(&budget))), quiet_for: None });
        return later(Some(budget.until_tomorrow(line.now)), true, why);
    }
    let target = out.target.clone().unwrap_or_default();
    let root = out.root.clone().unwrap_or_else(|| target.clone());
    let ask = match (out.action, root.strip_prefix("live:")) {
        (Action::ReplyPublic, Some(chat)) => Ask::post(url(line, "liveChat/messages")).query("part", "snippet").json(
            json!({"snippet": {"liveChatId": chat, "type": "textMessageEvent", "textMessageDetails": {"messageText": out.text}}}),
        ),
        // One answers the first comment of a thread; a reply to a reply stands in the same list.
        (Action::ReplyPublic, None) => Ask::post(url(line, "comments"))
            .query("part", "snippet")
            .json(json!({"snippet": {"parentId": root, "textOriginal": out.text}})),
        (Action::Delete, Some(_)) => Ask::delete(url(line, "liveChat/messages")).query("id", target),
        (Action::Hide | Action::Unhide | Action::Delete, None) => {
            let status = match out.action {
                Action::Hide => "heldForReview",
                Action::Unhide => "published",
                _ => "rejected",
            };
            Ask::post(url(line, "comments/setModerationStatus")).query("id", target).query("moderationStatus", status)
        }
        _ => return Outcome::Never(Refusal::Unsupported, "YouTube has no such act".into()),
    };
    let ask = match call(line, ask) {
        Ok(ask) => ask,
        Err(refused) => return Outcome::Reconnect(refused.to_string()),
    };
    line.spend(WRITE);
    wire::act(line, ask, judge, |_, body| sent(body.id("id").filter(|_| out.action.is_reply()))).await
}

/// Looks whether a reply is there.
pub(super) async fn look_back(line: &Line<'_>, out: &Outbound) -> LookBack {
    if out.action != Action::ReplyPublic {
        return LookBack::CannotSay("moderation is repeated, not looked for".into());
    }
    let root = out.root.clone().or_else(|| out.target.clone()).unwrap_or_default();
    let list = |path: &str| Ask::get(url(line, path)).query("part", "id,snippet");
    let found = if let Some(chat) = root.strip_prefix("live:") {
        let ask = list("liveChat/messages").query("liveChatId", chat).query("maxResults", "2000");
        get(line, ask, CHAT).await
    } else {
        let ask = list("comments").query("parentId", root).query("textFormat", "plainText").query("maxResults", "100");
        get(line, ask, READ).await
    };
    let ours = |c: &&Value| {
        let s = &c["snippet"];
        let who = s["authorChannelId"].id("value").or_else(|| s.id("authorChannelId"));
        let said = s.text("textOriginal").or_else(|| s.text("textDisplay")).or_else(|| s.text("displayMessage"));
        let at = s.text("publishedAt").and_then(|t| At::parse(t).ok());
        who.as_deref() == Some(line.account.id.as_str())
            && said.is_some_and(|t| same_words(t, out))
            && !is_before(at, out)
    };
    looked(found.map(|b| b.list("items").iter().filter(ours).filter_map(|c| c.id("id")).collect()))
}
