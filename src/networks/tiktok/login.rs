//! Logging in at TikTok, renewing the login, and trying it. Its token calls take and give JSON of
//! TikTok's own shape; a refresh token is another one each time.

use serde_json::{Value, json};

use super::super::oauth::{self, Authorize, Code, Identity};
use super::super::unfit::unfit;
use super::super::{Checkup, Line, Refused, Renewed, wire};
use super::act::get;
use super::api;
use super::refuse::judge;
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::channel::Settings;

/// What we ask a person to grant.
const SCOPES: &str = "user.info.basic,user.info.username,video.list,comment.list,comment.list.manage,\
message.list.read,message.list.send,message.list.manage";

/// The page where a person lets the application in.
pub(super) fn authorize(settings: &Settings, ask: &Authorize) -> Option<String> {
    let base = settings.get("api_base").unwrap_or("https://www.tiktok.com").trim_end_matches('/');
    let query = [
        ("client_key", settings.get("client_id")?),
        ("scope", SCOPES),
        ("response_type", "code"),
        ("redirect_uri", &ask.redirect),
        ("state", &ask.state),
    ];
    Some(oauth::address(&format!("{base}/v2/auth/authorize/"), &query))
}

async fn tokens(line: &Line<'_>, path: &str, grant: Value) -> Result<Value, Refused> {
    let settings = &line.account.settings;
    let mut body = grant;
    body["client_id"] = settings.get("client_id").unwrap_or_default().into();
    let secret = settings.get("client_secret").and_then(|s| s.split_whitespace().next());
    body["client_secret"] = secret.unwrap_or_default().into();
    let answer = wire::read(line, Ask::post(api(line, path)).json(body), judge).await;
    match answer {
        Ok(body) if body["data"].text("access_token").is_some() => Ok(body["data"].clone()),
        Ok(_) => Err(Refused::Later(None, "TikTok gave no token".into())),
        // A grant that is not taken is a login that is over.
        Err(Refused::Never(_, why)) => Err(Refused::Reconnect(why)),
        Err(other) => Err(other),
    }
}

/// Redeems a code: one account.
pub(super) async fn redeem(line: &Line<'_>, code: &Code) -> Result<Vec<Identity>, Refused> {
    let grant = json!({"grant_type": "authorization_code", "auth_code": code.code, "redirect_uri": code.redirect});
    let data = tokens(line, "tt_user/oauth2/token", grant).await?;
    let account =
        data.id("open_id").ok_or_else(|| Refused::Later(None, "TikTok did not say whose token this is".into()))?;
    let token = data.text("access_token").unwrap_or_default();
    let ask = Ask::get(api(line, "business/get"))
        .query("business_id", account.clone())
        .query("fields", r#"["username","display_name"]"#)
        .header("access-token", token);
    let told = wire::read(line, ask, judge).await.map(|b| b["data"].clone()).unwrap_or_default();
    let handle = told.text("username").map(|u| format!("@{u}"));
    let name =
        told.text("display_name").map(str::to_owned).or_else(|| handle.clone()).unwrap_or_else(|| account.clone());
    Ok(vec![Identity { account, name, handle, settings: oauth::tokens(&data) }])
}

/// Renews the login: both tokens are new.
pub(super) async fn renew(line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
    let settings = &line.account.settings;
    let (Some(refresh), Some(_)) = (settings.get("refresh_token"), settings.get("client_id")) else { return Ok(None) };
    let grant = json!({"grant_type": "refresh_token", "refresh_token": refresh});
    let data = tokens(line, "tt_user/oauth2/refresh_token", grant).await?;
    Ok(Some(oauth::renewed(line, &data)))
}

/// Tries the login.
pub(super) async fn check(line: &Line<'_>) -> Checkup {
    let mut checkup = Checkup::default();
    let mut problem = |fr: String, en: String| checkup.problems.push((fr, en));
    if line.account.settings.get("access_token").is_none() {
        problem("Le réglage « access_token » manque.".into(), "The setting “access_token” is missing.".into());
        return checkup;
    }
    match get(line, "business/get", &[("fields", r#"["username","display_name"]"#)]).await {
        Ok(data) => {
            let name = data.text("display_name").or_else(|| data.text("username"));
            checkup.name = name.map(str::to_owned);
        }
        Err(refused) => {
            let (fr, en) = unfit(line, "TikTok", &refused);
            problem(fr, en);
            return checkup;
        }
    }
    match get(line, "business/video/list", &[("fields", r#"["item_id"]"#), ("max_count", "1")]).await {
        Ok(_) => checkup.can = vec!["receive", "reply_public", "hide", "like", "dm"],
        Err(refused) => checkup
            .problems
            .push((format!("Les vidéos ne se lisent pas : {refused}"), format!("Videos cannot be read: {refused}"))),
    }
    if ["refresh_token", "client_id"].iter().any(|k| line.account.settings.get(k).is_none()) {
        checkup.missing.push((
            "Sans « refresh_token » et « client_id », ce jeton finit au bout d’un jour.".into(),
            "Without “refresh_token” and “client_id” this token ends after a day.".into(),
        ));
    }
    checkup.missing.push((
        "Dans l’EEE, en Suisse et au Royaume-Uni, TikTok tait le contenu des messages privés : ils sont signalés, pas montrés.".into(),
        "In the EEA, Switzerland and the United Kingdom TikTok withholds what private messages say: they are announced, not shown.".into(),
    ));
    checkup
}
