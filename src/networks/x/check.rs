//! Whose login this is, what it may do, and the subscriptions that keep events coming.

use serde_json::{Value, json};

use super::super::unfit::unfit;
use super::super::{Checkup, Line, Network, Refused, wire};
use super::X;
use super::act::{get, url};
use super::refuse::judge;
use crate::base::fetch::Ask;
use crate::base::json::Reads;

/// The events we want of an account. `post.create` brings what it publishes and answers elsewhere.
const EVENTS: [&str; 10] = [
    "post.create",
    "post.delete",
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "dm.received",
    "dm.sent",
    "dm.read",
    "chat.received",
    "oauth.revoke",
];

/// Whose token this is: id, name, `@name`.
pub(super) async fn who(line: &Line<'_>, token: &str) -> Result<(String, String, String), Refused> {
    let ask = Ask::get(url(line, "2/users/me")).query("user.fields", "id,name,username").bearer(token);
    let body = wire::read(line, ask, judge).await?;
    let me = &body["data"];
    let id = me.id("id").ok_or_else(|| Refused::Later(None, "X did not say whose token this is".into()))?;
    let handle = format!("@{}", me.text("username").unwrap_or_default());
    Ok((id, me.text("name").unwrap_or(&handle).to_owned(), handle))
}

/// Tries the token, and says what works and what is missing.
pub(super) async fn check(line: &Line<'_>) -> Checkup {
    let mut checkup = Checkup::default();
    let settings = &line.account.settings;
    let mut problem = |fr: String, en: String| checkup.problems.push((fr, en));
    let Some(token) = settings.get("access_token") else {
        problem("Le réglage « access_token » manque.".into(), "The setting “access_token” is missing.".into());
        return checkup;
    };
    match who(line, token).await {
        Ok((id, name, handle)) if id == line.account.id => checkup.name = Some(format!("{name} ({handle})")),
        Ok((id, _, handle)) => {
            problem(
                format!("Le jeton est celui d’un autre compte : {handle} ({id})."),
                format!("The token belongs to another account: {handle} ({id})."),
            );
            return checkup;
        }
        Err(refused) => {
            let (fr, en) = unfit(line, "X", &refused);
            problem(fr, en);
            return checkup;
        }
    }
    checkup.can = vec!["reply_public", "hide"];
    let ask = Ask::get(url(line, "2/dm_events")).query("max_results", "1").query("event_types", "MessageCreate");
    match get(line, ask).await {
        Ok(_) => checkup.can.push("dm"),
        Err(refused) => checkup.missing.push((
            format!("Les messages privés ne se lisent pas : {refused}"),
            format!("Private messages cannot be read: {refused}"),
        )),
    }
    if settings.get("webhook_id").is_none() || settings.get("bearer_token").is_none() {
        checkup.missing.push((
            "Sans « webhook_id » et « bearer_token », X ne pousse rien : Guichet relit les mentions et les messages tous les quarts d’heure, chaque lecture étant payée.".into(),
            "Without “webhook_id” and “bearer_token” X pushes nothing: Guichet reads mentions and messages every quarter of an hour, and each read is paid for.".into(),
        ));
    } else {
        match subscribe(line).await {
            Ok(()) => checkup.can.push("receive"),
            Err(refused) => checkup.problems.push((
                format!("L’abonnement aux événements du compte a échoué : {refused}"),
                format!("Subscribing to the account’s events failed: {refused}"),
            )),
        }
    }
    if settings.get("refresh_token").is_none() {
        checkup.missing.push((
            "Sans « refresh_token », ce jeton finit au bout de deux heures.".into(),
            "Without “refresh_token” this token ends after two hours.".into(),
        ));
    }
    let budget = X.budget(settings);
    if budget.is_some_and(|b| line.used(&b) >= b.most) {
        checkup.missing.push((
            "Les lectures payées du jour sont épuisées ; les événements poussés arrivent toujours.".into(),
            "Today’s paid reads are used up; pushed events still come in.".into(),
        ));
    }
    checkup
}

/// Subscribes to whatever of the account's events is not subscribed to; and has X look at the hook
/// again when it had given it up.
pub(super) async fn subscribe(line: &Line<'_>) -> Result<(), Refused> {
    let settings = &line.account.settings;
    let (Some(bearer), Some(hook)) = (settings.get("bearer_token"), settings.get("webhook_id")) else { return Ok(()) };
    let me = &line.account.id;
    let hooks = wire::read(line, Ask::get(url(line, "2/webhooks")).bearer(bearer), judge).await?;
    let given_up = |h: &Value| h.id("id").as_deref() == Some(hook) && h.get("valid") == Some(&Value::Bool(false));
    if hooks.list("data").iter().any(given_up) {
        wire::read(line, Ask::put(url(line, &format!("2/webhooks/{hook}"))).bearer(bearer), judge).await?;
    }
    let known = wire::read(line, Ask::get(url(line, "2/activity/subscriptions")).bearer(bearer), judge).await?;
    for event in EVENTS {
        let ours = |s: &Value| s.text("event_type") == Some(event) && s["filter"].id("user_id").as_deref() == Some(me);
        if !known.list("data").iter().any(ours) {
            let body = json!({"event_type": event, "filter": {"user_id": me}, "webhook_id": hook, "tag": "guichet"});
            get(line, Ask::post(url(line, "2/activity/subscriptions")).json(body)).await?;
        }
    }
    Ok(())
}
