//! What we do at WhatsApp: write within the window, keep the subscription, try the login.

use serde_json::{Value, json};

use super::super::meta::{self, graph, signed};
use super::super::{Checkup, Line, Network, Refused};
use super::{Whatsapp, error};
use crate::base::fetch::{Ask, Trouble};
use crate::base::json::Reads;
use crate::desk::limits::{Window, window};
use crate::desk::outbound::{Action, Outbound, Outcome, Refusal};

const SCOPES: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];

fn ask(line: &Line<'_>, ask: Ask) -> Result<Ask, Refused> {
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    Ok(signed(&line.account.settings, ask, token))
}

fn at(line: &Line<'_>, path: &str) -> String {
    graph(&line.account.settings, path)
}

/// To whom: a number, an id of their own (two letters and a dot), or a group.
fn addressed(to: &str) -> Value {
    let is_own_id = to.split_once('.').is_some_and(|(c, _)| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()));
    match to.strip_prefix("group:") {
        Some(group) => json!({"recipient_type": "group", "to": group}),
        None if is_own_id => json!({"recipient_type": "individual", "recipient": to}),
        None => json!({"recipient_type": "individual", "to": to}),
    }
}

/// The body of a send. Our id goes along and comes back with every status.
fn body(out: &Outbound) -> Result<Value, Outcome> {
    let Some(to) = &out.recipient else {
        return Err(Outcome::Never(Refusal::Invalid, "the conversation has no person".into()));
    };
    let dm = Whatsapp.limits().dm.expect("WhatsApp has private messages");
    let mut body = addressed(to);
    body["messaging_product"] = "whatsapp".into();
    body["biz_opaque_callback_data"] = out.id.to_string().into();
    if matches!(window(&dm, out.last_inbound_at, out.now), Window::Closed(_)) {
        return Err(Outcome::Never(Refusal::WindowClosed, "24 hours after the person’s last message".into()));
    }
    body["type"] = "text".into();
    body["text"] = json!({"body": out.text, "preview_url": false});
    Ok(body)
}

/// Does one thing.
pub(super) async fn send(line: &Line<'_>, out: &Outbound) -> Outcome {
    if out.action != Action::Dm {
        return Outcome::Never(Refusal::Unsupported, "WhatsApp has messages only".into());
    }
    let call = Ask::post(at(line, &format!("{}/messages", line.account.id)));
    let call = match body(out) {
        Ok(body) => ask(line, call.json(body)),
        Err(outcome) => return outcome,
    };
    let answer = match call {
        Ok(call) => line.call(call).await,
        Err(refused) => return Outcome::Reconnect(refused.to_string()),
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(Trouble::NoAnswer { .. }) => return Outcome::Unknown("no answer came back".into()),
        Err(Trouble::NotSent { why, host }) => {
            return Outcome::Later { after: None, whole_channel: false, why: format!("{host}: {why}") };
        }
        Err(Trouble::Forbidden(why)) => return Outcome::Never(Refusal::Invalid, why.to_string()),
    };
    meta::note_usage(line, &answer);
    match meta::error_in(&answer) {
        Some(refused) => error::outcome(&refused),
        None => Outcome::Sent { external_id: answer.json()["messages"][0].id("id"), recipient: None },
    }
}

/// What came with a message: its id leads to an address that lives for five minutes and asks for our
/// token; it is called at Meta’s hosts only. Source: developers.facebook.com/docs/whatsapp/cloud-api/
/// reference/media; read 2026-11.
pub(super) async fn media(line: &Line<'_>, id: &str) -> Result<Vec<u8>, Refused> {
    let number = line.account.id.clone();
    let about = Ask::get(at(line, id)).query("phone_number_id", number);
    let body = meta::read(line, ask(line, about)?).await?;
    let url = body.text("url").ok_or_else(|| Refused::Later(None, "no address came back".into()))?;
    let host = url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
    let known = Whatsapp.media_hosts().iter().any(|h| host == *h || host.ends_with(&format!(".{h}")));
    // Simulated networks stand on this machine; whether it may be called at all is the guard's to say.
    if !known && !host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
        return Err(Refused::Never(Refusal::Invalid, format!("{host} is not Meta’s")));
    }
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    let answer = line.call(Ask::get(url).bearer(token)).await?;
    if answer.ok() {
        return Ok(answer.body);
    }
    Err(Refused::Later(None, format!("{host} answered {}", answer.status)))
}

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
            checkup.problems.push((
                format!("WhatsApp n’accepte pas ce jeton ou ce numéro : {refused}"),
                format!("WhatsApp does not accept this token or number: {refused}"),
            ));
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
