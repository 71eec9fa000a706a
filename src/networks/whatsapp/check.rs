//! The login tried, and the subscription kept alive.

use super::super::meta;
use super::super::unfit::unfit;
use super::super::{Checkup, Line, Refused};
use super::act::{ask, at};
use crate::base::fetch::Ask;
use crate::base::json::Reads;

const SCOPES: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];

/// Keeps the account subscribed; Meta drops it after an hour of failures.
pub(super) async fn subscribe(line: &Line<'_>) -> Result<(), Refused> {
    let account = line.account.need("waba_id").map_err(Refused::Reconnect)?;
    let call = Ask::post(at(line, &format!("{account}/subscribed_apps")));
    let answer = line.call(ask(line, call)?).await?;
    meta::note_usage(line, &answer);
    match meta::error_in(&answer) {
        Some(error) => Err(meta::refused(&error)),
        None => Ok(()),
    }
}

/// Tries the token, the number and the subscription.
pub(super) async fn check(line: &Line<'_>) -> Checkup {
    let settings = &line.account.settings;
    let problems = meta::missing(settings, &["app_secret", "verify_token", "access_token", "waba_id"]);
    let mut checkup = Checkup { problems, ..Checkup::default() };
    let Some(token) = settings.get("access_token") else { return checkup };
    let fields = "id,display_phone_number,verified_name,quality_rating,code_verification_status";
    let call = Ask::get(at(line, &line.account.id)).query("fields", fields);
    let number = async { meta::read(line, ask(line, call)?).await };
    match number.await {
        Ok(number) => {
            let parts = [number.text("verified_name"), number.text("display_phone_number")];
            checkup.name = Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")).filter(|n| !n.is_empty());
            if number.text("quality_rating") == Some("RED") {
                checkup.problems.push((
                    "Meta juge mauvaise la qualité de ce numéro : il risque d’être limité.".into(),
                    "Meta rates this number’s quality as low: it may be limited.".into(),
                ));
            }
        }
        Err(refused) => {
            checkup.problems.push(unfit(line, "WhatsApp", &refused));
            return checkup;
        }
    }
    checkup.can.push("dm");
    checkup.problems.extend(meta::token_problems(line, token, &SCOPES).await);
    match subscribe(line).await {
        Ok(()) => checkup.can.push("receive"),
        Err(refused) => checkup.problems.push((
            format!("L’abonnement aux événements du compte a échoué : {refused}"),
            format!("Subscribing to the account’s events failed: {refused}"),
        )),
    }
    checkup
}
