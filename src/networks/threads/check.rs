//! The login tried, and the quota told.

use std::time::Duration;

use super::super::meta;
use super::super::unfit::unfit;
use super::super::{Checkup, Line, Refused, Usage};
use super::act::read;
use super::at;
use crate::base::fetch::Ask;
use crate::base::json::Reads;

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
            checkup.problems.push(unfit(line, "Threads", &refused));
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
