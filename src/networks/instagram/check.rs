//! The login tried, and the subscription kept alive.

use super::super::meta;
use super::super::unfit::unfit;
use super::super::{Checkup, Line, Refused};
use super::act::{at, form, read};
use super::{Login, signed};
use crate::base::fetch::Ask;
use crate::base::json::Reads;

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
            checkup.problems.push(unfit(line, "Instagram", &refused));
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
