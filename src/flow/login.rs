//! Logging in at a network's own page: a person is sent there, comes back with a code, sees whose
//! account it is, and confirms. What was begun is kept here, good once, in one session, for ten minutes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::connect::{self, NewChannel};
use super::{House, Reason, Result};
use crate::base::id::{AgentId, BrandId, ChannelId};
use crate::base::sign::{same, sha256};
use crate::desk::agent::Power;
use crate::desk::budget::Spent;
use crate::desk::channel::Account;
use crate::desk::scope::Scope;
use crate::networks::oauth::{Authorize, Code, Identity, challenge};
use crate::networks::{Line, Network};
use crate::store::channels;
use crate::store::logins::{self, Login};

/// How long somebody may stay at the network's page, or think before they confirm.
const WHILE: Duration = Duration::from_mins(10);

/// Where networks send people back to; with a slash at its end, as one of them wants it.
pub const BACK: &str = "/settings/login/back/";

/// A login to begin.
#[derive(Debug, Clone)]
pub struct NewLogin {
    /// The network's slug.
    pub network: String,
    /// The brand it is for.
    pub brand: BrandId,
    /// The channel whose login is renewed; none for a new one.
    pub channel: Option<ChannelId>,
    /// The name of the channel to be; the account's own when it is empty.
    pub name: String,
    /// What the form said, by the network's keys.
    pub settings: Vec<(String, String)>,
    /// The site's own address.
    pub site: String,
}

/// Whose session it is.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// What they may do.
    pub scope: &'a Scope,
    /// The session's token.
    pub session: &'a str,
}

/// What is kept while somebody is away.
#[derive(Serialize, Deserialize)]
struct Away {
    name: String,
    settings: Vec<(String, String)>,
    redirect: String,
    verifier: String,
    known: Vec<Identity>,
}

/// The accounts somebody came back with.
#[derive(Debug, Clone)]
pub struct Known {
    /// What they confirm with.
    pub token: String,
    /// The network's slug.
    pub network: String,
    /// The accounts.
    pub accounts: Vec<Identity>,
}

/// Begins a login: the address of the network's page.
///
/// # Errors
/// [`Reason`]: not allowed, no such page, a setting is missing.
pub async fn begin(house: &House, at: At<'_>, new: NewLogin) -> Result<String> {
    let agent = may(at.scope, new.brand)?;
    let network = house.network(&new.network).ok_or_else(|| Reason::UnknownNetwork.about(new.network.clone()))?;
    if network.login_asks().is_empty() {
        return Err(Reason::NotOnThisNetwork.into());
    }
    let mut settings = new.settings.clone();
    if let Some(id) = new.channel {
        // What the application is called need not be said again.
        let mut tx = house.db.read().await?;
        let channel = channels::get(&mut tx, at.scope, id).await?;
        let account = house.account(&mut tx, &channel).await?;
        for key in network.login_asks().iter().chain(&["api_base"]) {
            if let Some(value) = account.settings.get(key).filter(|_| !settings.iter().any(|(k, _)| k == key)) {
                settings.push(((*key).to_owned(), value.to_owned()));
            }
        }
    }
    let all = account(house, network, &settings)?;
    let required =
        |key: &&&str| **key == "client_id" || network.card().fields.iter().any(|f| f.key == **key && f.required);
    if let Some(missing) = network.login_asks().iter().filter(required).find(|k| all.settings.get(k).is_none()) {
        return Err(Reason::MissingSetting.about(*missing));
    }
    let state = hex::encode(house.given.bytes::<32>());
    let verifier = URL_SAFE_NO_PAD.encode(house.given.bytes::<32>());
    let redirect = format!("{}{BACK}", new.site.trim_end_matches('/'));
    let ask = Authorize { redirect: redirect.clone(), state: state.clone(), challenge: challenge(&verifier) };
    let address = network.authorize(&all.settings, &ask).ok_or(Reason::NotOnThisNetwork)?;
    let away = Away { name: new.name, settings, redirect, verifier, known: Vec::new() };
    let row = Login {
        brand_id: new.brand,
        agent_id: agent,
        session: sha256(at.session.as_bytes()).to_vec(),
        network: new.network,
        channel_id: new.channel,
        sealed: Vec::new(),
        state: "asked".into(),
        expires_at: house.now().plus(WHILE),
    };
    keep(house, &state, row, &away).await?;
    Ok(address)
}

fn may(scope: &Scope, brand: BrandId) -> Result<AgentId> {
    Ok(scope.who().filter(|_| scope.may(brand, Power::Manage)).ok_or(Reason::NotAllowed)?)
}

/// An account that is none yet, to speak to the network with.
fn account(house: &House, network: &dyn Network, settings: &[(String, String)]) -> Result<Account> {
    let (shared, own) = connect::sorted(network, settings)?;
    Ok(Account {
        channel: house.given.id(),
        id: String::new(),
        name: String::new(),
        key: [0; 32],
        settings: shared.with(&own),
        hook: None,
        since: house.now(),
        spent: Spent::default(),
    })
}

async fn keep(house: &House, key: &str, row: Login, away: &Away) -> Result<()> {
    let hash = sha256(key.as_bytes());
    let plain = serde_json::to_vec(away).map_err(anyhow::Error::from)?;
    let row = Login { sealed: house.keys.seal(&place(&hash), &plain), ..row };
    let mut tx = house.db.write().await?;
    logins::keep(&mut tx, &hash, &row, house.now()).await?;
    Ok(tx.commit().await?)
}

fn place(hash: &[u8]) -> String {
    format!("logins.sealed/{}", hex::encode(hash))
}

/// Takes out what was kept, once, for whoever it was kept for.
async fn take(house: &House, at: At<'_>, key: &str, state: &str) -> Result<(Login, Away)> {
    let hash = sha256(key.as_bytes());
    let mut tx = house.db.write().await?;
    let row = logins::take(&mut tx, &hash).await?;
    tx.commit().await?;
    let session = hex::encode(sha256(at.session.as_bytes()));
    let good = |row: &Login| {
        row.state == state
            && row.expires_at > house.now()
            && same(&hex::encode(&row.session), &session)
            && Some(row.agent_id) == at.scope.who()
    };
    let row = row.filter(good).ok_or(Reason::LoginOver)?;
    may(at.scope, row.brand_id)?;
    let plain = house.keys.open_sealed(&place(&hash), &row.sealed)?;
    Ok((row, serde_json::from_slice(&plain).map_err(anyhow::Error::from)?))
}

/// Somebody comes back: with a code, or with a refusal. The accounts they may speak for.
///
/// # Errors
/// [`Reason`]: the login is over or another's, it was denied, the code was refused, there is no
/// account.
pub async fn back(house: &House, at: At<'_>, said: &[(String, String)]) -> Result<Known> {
    let get = |key: &str| said.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty());
    let (row, away) = take(house, at, get("state").unwrap_or_default(), "asked").await?;
    let network = house.network(&row.network).ok_or_else(|| Reason::UnknownNetwork.about(row.network.clone()))?;
    // TikTok calls the code by another name.
    let Some(code) = get("code").or_else(|| get("auth_code")) else {
        let why = get("error_description").or_else(|| get("error")).unwrap_or_default();
        return Err(Reason::LoginDenied.about(why.chars().take(200).collect::<String>()));
    };
    let account = account(house, network, &away.settings)?;
    let line = Line::new(&account, &house.fetch, house.now());
    let code = Code { code: code.to_owned(), redirect: away.redirect.clone(), verifier: away.verifier.clone() };
    let accounts = network.redeem(&line, &code).await.map_err(|why| Reason::LoginRefused.about(why.to_string()))?;
    if accounts.is_empty() {
        return Err(Reason::LoginNobody.into());
    }
    let token = hex::encode(house.given.bytes::<32>());
    let name = row.network.clone();
    let row = Login { state: "known".into(), expires_at: house.now().plus(WHILE), ..row };
    keep(house, &token, row, &Away { known: accounts.clone(), verifier: String::new(), ..away }).await?;
    Ok(Known { token, network: name, accounts })
}

/// They confirm one account: the channel is made, or its login renewed.
///
/// # Errors
/// As [`connect::connect`] and [`connect::reconnect`]; the login is over; the account is another one.
pub async fn confirm(house: &House, at: At<'_>, token: &str, chosen: &str) -> Result<ChannelId> {
    let (row, away) = take(house, at, token, "known").await?;
    let network = house.network(&row.network).ok_or_else(|| Reason::UnknownNetwork.about(row.network.clone()))?;
    let identity = away.known.into_iter().find(|i| i.account == chosen).ok_or(Reason::LoginOver)?;
    let mut settings: Vec<(String, String)> = away.settings;
    settings.retain(|(k, _)| !identity.settings.iter().any(|(i, _)| i == k));
    settings.extend(identity.settings);
    if let Some(id) = row.channel_id {
        let mut tx = house.db.read().await?;
        let channel = channels::get(&mut tx, at.scope, id).await?;
        drop(tx);
        if channel.account != identity.account {
            return Err(Reason::OtherAccount.about(identity.name));
        }
        connect::reconnect(house, at.scope, id, &settings).await?;
        return Ok(id);
    }
    settings.push((network.card().account.to_owned(), identity.account));
    let name = if away.name.trim().is_empty() { identity.name } else { away.name };
    let new = NewChannel { network: row.network, brand: row.brand_id, name, connection: None, settings };
    Ok(connect::connect(house, at.scope, new).await?.0)
}
