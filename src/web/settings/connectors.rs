//! Programs of the brand that the bot may ask: where they are, how their last calls went, a trial.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::base::locale::t;
use crate::desk::agent::Power;
use crate::flow::connectors::{self as asking, Question};
use crate::flow::{self};
use crate::store::connectors;
use crate::web::Result;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::error::refusal;
use crate::web::page::{Page, View};

/// The connectors' page.
#[derive(Debug, Default, Serialize)]
pub struct ConnectorsView {
    connectors: Vec<Line>,
    may_manage: bool,
    said: Option<String>,
    error: Option<String>,
    /// A secret that was just made: shown this once.
    secret: Option<String>,
    /// What a trial brought: name and value.
    told: Vec<(String, String)>,
    name: String,
    address: String,
}

/// One connector.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    address: String,
    /// When it last answered, and when it last did not, and why.
    ok: Option<String>,
    failed: Option<String>,
    failure: Option<String>,
    /// Entries that ask it.
    entries: Vec<(String, String)>,
    /// A trial's question, as it would be asked.
    slots: String,
}

impl View for ConnectorsView {
    const FILE: &'static str = "settings/connectors.html";
    fn samples() -> Vec<ConnectorsView> {
        let line = |failure: Option<&str>| Line {
            name: "order-status".into(),
            address: "https://shop.example/guichet".into(),
            ok: Some("12:04".into()),
            failed: failure.map(|_| "12:05".into()),
            failure: failure.map(str::to_owned),
            entries: vec![("delivery/order-status".into(), "Où est ma commande ?".into())],
            slots: "order=204817".into(),
        };
        vec![
            ConnectorsView {
                connectors: vec![line(None), line(Some("it answered 500"))],
                may_manage: true,
                said: Some("Enregistré".into()),
                error: Some("Ce n’est pas une adresse".into()),
                secret: Some("c0ffee".into()),
                told: vec![("label".into(), "en transit".into())],
                name: "order-status".into(),
                address: "https://".into(),
            },
            ConnectorsView::default(),
        ]
    }
}

async fn view(desk: &mut Desk) -> Result<ConnectorsView> {
    let (hand, tx) = desk.parts();
    let (brand, lang) = (hand.brand.id, hand.lang);
    let library = hand.web.house.library(tx, brand).await?;
    let mut lines = Vec::new();
    for c in connectors::all(tx, brand).await? {
        let asks =
            library.entries().filter(|e| e.head.steps.iter().any(|s| s.call.as_deref() == Some(c.name.as_str())));
        let asks: Vec<_> = asks.collect();
        let slots: Vec<String> = asks.iter().flat_map(|e| e.head.slots.keys()).map(|s| format!("{s}=204817")).collect();
        let when = |at: Option<crate::base::At>| at.map(|at| hand.clockface().full(at));
        lines.push(Line {
            name: c.name,
            address: c.address,
            ok: when(c.ok_at),
            failed: when(c.failed_at.filter(|_| c.failure.is_some())),
            failure: c.failure,
            entries: asks.iter().map(|e| (e.path(), e.title(lang.as_str()).to_owned())).collect(),
            slots: slots.first().cloned().unwrap_or_default(),
        });
    }
    Ok(ConnectorsView { connectors: lines, may_manage: hand.may(Power::Manage), ..ConnectorsView::default() })
}

/// What the page was asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    said: String,
}

/// The connectors of the brand looked at.
pub async fn list(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let said =
        ["removed"].contains(&asked.said.as_str()).then(|| t(desk.lang, &format!("connector-{}", asked.said), &[]));
    let view = ConnectorsView { said, ..view(&mut desk).await? };
    desk.show("settings", &view)
}

/// A connector to be kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keeping {
    name: String,
    address: String,
    #[serde(default)]
    secret: String,
}

/// Keeps a connector; a secret that is made for it is shown this once.
pub async fn keep(hand: Hand, Form(form): Form<Keeping>) -> Result<Response> {
    let given = Some(form.secret.as_str()).filter(|s| !s.trim().is_empty());
    let (house, scope, brand, lang) = (&hand.web.house, &hand.known.scope, hand.brand.id, hand.lang);
    let what = (form.name.trim(), form.address.trim(), given);
    match asking::keep(house, scope, brand, what).await {
        Ok(secret) => {
            let mut desk = hand.read_again().await?;
            let (said, secret) = (Some(t(lang, "connector-kept", &[])), Some(secret).filter(|_| given.is_none()));
            let view = ConnectorsView { said, secret, ..view(&mut desk).await? };
            Ok(desk.show("settings", &view)?.into_response())
        }
        Err(flow::Error::Refused(reason, about)) => {
            let error = Some(refusal(lang, reason, about.as_deref()));
            let mut desk = hand.read_again().await?;
            let view = ConnectorsView { error, name: form.name, address: form.address, ..view(&mut desk).await? };
            let hand = desk.into_hand();
            Ok(hand.show_as(StatusCode::UNPROCESSABLE_ENTITY, "settings", &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Which connector.
#[derive(Deserialize)]
pub struct Named {
    name: String,
    #[serde(default)]
    slots: String,
}

/// Asks a connector for a trial, and shows what it told.
pub async fn test(hand: Hand, Form(form): Form<Named>) -> Result<Response> {
    if !hand.may(Power::Manage) {
        return Err(crate::web::Error::Forbidden);
    }
    let (house, brand, lang) = (&hand.web.house, &hand.brand, hand.lang);
    let pairs = form.slots.split([' ', '&', ',']).filter_map(|p| p.split_once('='));
    let slots: BTreeMap<String, String> = pairs.map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned())).collect();
    let question = Question {
        brand: &brand.slug,
        connector: &form.name,
        language: lang.as_str(),
        network: "test",
        contact: "",
        slots: &slots,
        key: format!("test-{}", house.given.id::<crate::base::id::AnyId>()),
    };
    let told = asking::ask(house, brand.id, &question).await?;
    let mut desk = hand.read_again().await?;
    let shown = view(&mut desk).await?;
    let view = match told {
        Ok(told) => {
            let said = Some(t(lang, "connector-answers", &[("name", form.name.into())]));
            ConnectorsView { said, told: told.into_iter().collect(), ..shown }
        }
        Err(why) => {
            let args = [("name", form.name.into()), ("why", why.into())];
            ConnectorsView { error: Some(t(lang, "connector-does-not", &args)), ..shown }
        }
    };
    Ok(desk.show("settings", &view)?.into_response())
}

/// Takes a connector away.
pub async fn remove(hand: Hand, Form(form): Form<Named>) -> Result<Redirect> {
    asking::remove(&hand.web.house, &hand.known.scope, hand.brand.id, &form.name).await?;
    Ok(Redirect::to("/settings/bot/connectors?said=removed"))
}
