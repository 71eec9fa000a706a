//! Whose login this is, what it may do, and how the day's quota stands.

use serde_json::Value;

use super::super::unfit::unfit;
use super::super::{Checkup, Line, Network, Refused, wire};
use super::YouTube;
use super::act::{READ, WRITE, get, url};
use super::refuse::judge;
use crate::base::fetch::Ask;
use crate::base::json::Reads;

/// The channels of whoever holds this token.
pub(super) async fn channels(line: &Line<'_>, token: &str) -> Result<Vec<Value>, Refused> {
    let ask =
        Ask::get(url(line, "channels")).query("part", "id,snippet").query("mine", "true").query("maxResults", "50");
    line.spend(READ);
    let body = wire::read(line, ask.bearer(token), judge).await?;
    Ok(body.list("items").to_vec())
}

/// Tries the login, and says what works, what is missing, and how the quota stands.
pub(super) async fn check(line: &Line<'_>) -> Checkup {
    let mut checkup = Checkup::default();
    let settings = &line.account.settings;
    let mut problem = |fr: String, en: String| checkup.problems.push((fr, en));
    let Some(token) = settings.get("access_token") else {
        problem("Le réglage « access_token » manque.".into(), "The setting “access_token” is missing.".into());
        return checkup;
    };
    match channels(line, token).await {
        Ok(all) => {
            let ours = all.iter().find(|c| c.id("id").as_deref() == Some(&line.account.id));
            let Some(ours) = ours else {
                problem(
                    "Ce compte Google n’a pas cette chaîne ; il faut se connecter en choisissant la chaîne.".into(),
                    "This Google account does not have this channel; log in choosing the channel.".into(),
                );
                return checkup;
            };
            checkup.name = ours["snippet"].text("title").map(str::to_owned);
        }
        Err(refused) => {
            let (fr, en) = unfit(line, "YouTube", &refused);
            problem(fr, en);
            return checkup;
        }
    }
    let ask = Ask::get(url(line, "commentThreads"))
        .query("part", "id")
        .query("allThreadsRelatedToChannelId", line.account.id.clone())
        .query("moderationStatus", "heldForReview")
        .query("maxResults", "1");
    // Only who may moderate is shown what is held back.
    match get(line, ask, READ).await {
        Ok(_) => checkup.can = vec!["receive", "reply_public", "hide", "delete"],
        Err(refused) => checkup.problems.push((
            format!(
                "Les commentaires ne se lisent ou ne se modèrent pas (il faut la portée youtube.force-ssl) : {refused}"
            ),
            format!("Comments cannot be read or moderated (the scope youtube.force-ssl is needed): {refused}"),
        )),
    }
    if ["refresh_token", "client_id", "client_secret"].iter().any(|k| settings.get(k).is_none()) {
        checkup.missing.push((
            "Sans « refresh_token », « client_id » et « client_secret », ce jeton finit au bout d’une heure.".into(),
            "Without “refresh_token”, “client_id” and “client_secret” this token ends after an hour.".into(),
        ));
    }
    if let Some(budget) = YouTube.budget(settings) {
        let used = line.used(&budget);
        let answers = budget.most.saturating_sub(used) / WRITE;
        checkup.missing.push((
            format!("Quota du jour : {used} unités sur {}, soit encore {answers} réponses au plus.", budget.most),
            format!("Today’s quota: {used} of {} units, which leaves {answers} answers at the most.", budget.most),
        ));
    }
    checkup
}
