//! The brands one may look at, and founding another.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::desk::agent::{Power, Role};
use crate::flow::found::{self, NewBrand};
use crate::flow::{self};
use crate::web::Result;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::error::refusal;
use crate::web::page::{Page, View};

/// The brands page.
#[derive(Debug, Serialize)]
pub struct BrandsView {
    brands: Vec<(String, String, String)>,
    may_found: bool,
    error: Option<String>,
    name: String,
    timezone: String,
}

impl View for BrandsView {
    const FILE: &'static str = "settings/brands.html";
    fn samples() -> Vec<BrandsView> {
        let brands = vec![("aubepine".into(), "Aubépine".into(), "Europe/Paris".into())];
        vec![BrandsView {
            brands,
            may_found: true,
            error: Some("Ce nom est pris".into()),
            name: "Vélora".into(),
            timezone: "Europe/Paris".into(),
        }]
    }
}

/// Only who administers everything may found a brand: they will administer that one too.
fn may_found(hand: &Hand) -> bool {
    hand.may(Power::Manage) && hand.known.agent.everywhere == Some(Role::Admin)
}

fn view(hand: &Hand) -> BrandsView {
    let brands = hand.brands.iter().map(|b| (b.slug.clone(), b.name.clone(), b.timezone.clone())).collect();
    BrandsView { brands, may_found: may_found(hand), error: None, name: String::new(), timezone: "Europe/Paris".into() }
}

/// The brands one may look at.
pub async fn list(desk: Desk) -> Result<Page> {
    let view = view(&desk);
    desk.show("settings", &view)
}

/// A brand to be added.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founding {
    name: String,
    timezone: String,
}

/// Founds a brand.
pub async fn add(hand: Hand, Form(form): Form<Founding>) -> Result<Response> {
    if !may_found(&hand) {
        return Err(crate::web::Error::Forbidden);
    }
    let new = NewBrand {
        slug: String::new(),
        name: form.name.clone(),
        languages: Vec::new(),
        timezone: form.timezone.clone(),
    };
    match found::brand(&hand.web.house, new).await {
        Ok(brand) => Ok(Redirect::to(&format!("/settings/channels?brand={}", brand.slug)).into_response()),
        Err(flow::Error::Refused(reason, about)) => {
            let error = Some(refusal(hand.lang, reason, about.as_deref()));
            let view = BrandsView { error, name: form.name, timezone: form.timezone, ..view(&hand) };
            Ok(hand.show_as(StatusCode::UNPROCESSABLE_ENTITY, "settings", &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}
