//! The outside model: off until somebody sets one up, and what it may do.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::desk::agent::Power;
use crate::desk::assist::May;
use crate::flow;
use crate::flow::assist::{self, Setup};
use crate::store::assists;
use crate::web::Result;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::error::refusal;
use crate::web::page::{Page, View};

/// The page.
#[derive(Debug, Default, Serialize)]
pub struct AssistView {
    address: String,
    model: String,
    may: String,
    /// Each thing it may do, and whether it is chosen.
    choices: Vec<(&'static str, bool)>,
    /// True when a key is kept.
    has_key: bool,
    saved: bool,
    error: Option<String>,
}

impl AssistView {
    fn of(address: String, model: String, may: May, has_key: bool) -> AssistView {
        let choices = May::ALL.iter().map(|m| (m.as_str(), *m == may)).collect();
        AssistView { address, model, may: may.to_string(), choices, has_key, ..AssistView::default() }
    }
}

impl View for AssistView {
    const FILE: &'static str = "settings/assist.html";
    fn samples() -> Vec<AssistView> {
        let full = AssistView::of("https://model.example/v1".into(), "petit".into(), May::Draft, true);
        let error = Some("Il manque une adresse <b>".into());
        vec![AssistView { saved: true, error, ..full }, AssistView::of(String::new(), String::new(), May::Off, false)]
    }
}

/// What the page was asked for.
#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    saved: String,
}

/// Shows it.
pub async fn form(mut desk: Desk, Query(said): Query<Said>) -> Result<Page> {
    desk.needs(Power::Manage)?;
    let (hand, tx) = desk.parts();
    let found = assists::of_brand(tx, hand.brand.id).await?;
    let view = match found {
        Some(a) => AssistView::of(a.address, a.model, a.may, a.sealed.is_some()),
        None => AssistView::of(String::new(), String::new(), May::Off, false),
    };
    desk.show("settings", &AssistView { saved: said.saved == "1", ..view })
}

/// What is set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    #[serde(default)]
    address: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    key: String,
    may: May,
}

/// Sets it up.
pub async fn submit(hand: Hand, Form(setting): Form<Setting>) -> Result<Response> {
    hand.needs(Power::Manage)?;
    let Setting { address, model, key, may } = setting;
    let setup = Setup { address: address.clone(), model: model.clone(), may, key: Some(key).filter(|k| !k.is_empty()) };
    match assist::set(&hand.web.house, &hand.known.scope, hand.brand.id, setup).await {
        Ok(()) => Ok(Redirect::to("/settings/assist?saved=1").into_response()),
        Err(flow::Error::Refused(reason, about)) => {
            let error = Some(refusal(hand.lang, reason, about.as_deref()));
            let view = AssistView { error, ..AssistView::of(address, model, may, false) };
            Ok(hand.show_as(StatusCode::UNPROCESSABLE_ENTITY, "settings", &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}
