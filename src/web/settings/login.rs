//! Logging in at a network's own page: the way there, the way back, and whose account it is.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Redirect;
use serde::{Deserialize, Serialize};

use crate::base::id::ChannelId;
use crate::desk::agent::Power;
use crate::flow;
use crate::flow::login::{self, At, NewLogin};
use crate::store::channels;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::error::refusal;
use crate::web::page::{Page, View};
use crate::web::{Error, Result};

/// Where one goes on to the network, or what one came back with.
#[derive(Debug, Default, Serialize)]
pub struct LoginView {
    network: String,
    network_name: String,
    /// The network's page; none once one is back.
    address: Option<String>,
    /// What one confirms with.
    token: String,
    /// The accounts: id, name, `@name`.
    accounts: Vec<(String, String, Option<String>)>,
    /// Why it came to nothing.
    error: Option<String>,
}

impl View for LoginView {
    const FILE: &'static str = "settings/login.html";
    fn samples() -> Vec<LoginView> {
        let view = |address: Option<&str>, accounts: &[(&str, Option<&str>)]| LoginView {
            network: "x".into(),
            network_name: "X".into(),
            address: address.map(str::to_owned),
            token: "ab".into(),
            accounts: accounts.iter().map(|(n, h)| ("1".into(), (*n).to_owned(), h.map(str::to_owned))).collect(),
            error: None,
        };
        let error = Some("Cette connexion a trop attendu".into());
        vec![
            LoginView { error, ..view(None, &[]) },
            view(Some("https://x.example/?a=1&b=2"), &[]),
            view(None, &[("Aubépine <b>", Some("@aubepine"))]),
            view(None, &[("Aubépine", None), ("Vélora", None)]),
        ]
    }
}

fn at(hand: &Hand) -> At<'_> {
    At { scope: &hand.known.scope, session: hand.token() }
}

/// A page with the link there: the policy of our pages lets no form lead elsewhere.
async fn leave(hand: Hand, new: NewLogin) -> Result<Page> {
    let network = hand.web.house.network(&new.network).ok_or(Error::NotFound)?;
    let (slug, name) = (network.slug().to_owned(), network.card().name.to_owned());
    let address = login::begin(&hand.web.house, at(&hand), new).await?;
    let view = LoginView {
        network: slug,
        network_name: name,
        address: Some(address),
        token: String::new(),
        accounts: Vec::new(),
        error: None,
    };
    hand.show("settings", &view)
}

/// Begins a login for a new channel.
pub async fn begin(hand: Hand, Path(network): Path<String>, Form(fields): Form<Vec<(String, String)>>) -> Result<Page> {
    hand.needs(Power::Manage)?;
    let name = fields.iter().find(|(k, _)| k == "name").map(|(_, v)| v.clone()).unwrap_or_default();
    let settings = fields.into_iter().filter(|(k, v)| k != "name" && !v.trim().is_empty()).collect();
    let (brand, site) = (hand.brand.id, hand.web.public_url.to_string());
    leave(hand, NewLogin { network, brand, channel: None, name, settings, site }).await
}

/// Begins a login for a channel that has one.
pub async fn again(hand: Hand, mut desk: Desk, Path(id): Path<ChannelId>) -> Result<Page> {
    let channel = channels::get(&mut desk.tx, &hand.known.scope, id).await?;
    drop(desk);
    if !hand.known.scope.may(channel.brand_id, Power::Manage) {
        return Err(Error::Forbidden);
    }
    let (network, brand, site) = (channel.network, channel.brand_id, hand.web.public_url.to_string());
    leave(hand, NewLogin { network, brand, channel: Some(id), name: String::new(), settings: Vec::new(), site }).await
}

/// Back from the network: whose account is it?
pub async fn back(hand: Hand, Query(said): Query<Vec<(String, String)>>) -> Result<Page> {
    hand.needs(Power::Manage)?;
    let known = match login::back(&hand.web.house, at(&hand), &said).await {
        Ok(known) => known,
        Err(flow::Error::Refused(reason, about)) => {
            let error = Some(refusal(hand.lang, reason, about.as_deref()));
            let view = LoginView { error, ..LoginView::default() };
            return hand.show_as(StatusCode::UNPROCESSABLE_ENTITY, "settings", &view);
        }
        Err(other) => return Err(other.into()),
    };
    let name = hand.web.house.network(&known.network).map_or_else(String::new, |n| n.card().name.to_owned());
    let accounts = known.accounts.into_iter().map(|a| (a.account, a.name, a.handle)).collect();
    let view = LoginView {
        network: known.network,
        network_name: name,
        address: None,
        token: known.token,
        accounts,
        error: None,
    };
    hand.show("settings", &view)
}

/// Which account it shall be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    token: String,
    account: String,
}

/// Makes the channel.
pub async fn confirm(hand: Hand, Form(chosen): Form<Chosen>) -> Result<Redirect> {
    hand.needs(Power::Manage)?;
    let id = login::confirm(&hand.web.house, at(&hand), &chosen.token, &chosen.account).await?;
    Ok(Redirect::to(&format!("/settings/channels/{id}")))
}
