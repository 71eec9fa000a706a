//! Texts the network has approved beforehand, for a ticket whose time to answer is over: a page to
//! choose one, and a form to fill it in. Links and forms only.

use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::base::id::{AnyId, TicketId};
use crate::base::locale::{find, t};
use crate::desk::agent::Power;
use crate::desk::approved::Approved;
use crate::flow::approved::{self, Wanted};
use crate::flow::{self, Reason, facts};
use crate::store::tickets;
use crate::web::Result;
use crate::web::ask::{Desk, Hand};
use crate::web::error::refusal;
use crate::web::page::{Page, View};

/// One that can be chosen.
#[derive(Debug, Default, Clone, Serialize)]
struct Offer {
    name: String,
    language: String,
    category: String,
    /// How it reads with its examples.
    text: String,
    buttons: Vec<String>,
}

/// A gap to be filled in.
#[derive(Debug, Default, Clone, Serialize)]
struct Gap {
    name: String,
    sample: String,
    value: String,
}

/// The page.
#[derive(Debug, Default, Serialize)]
pub struct ApprovedView {
    ticket: String,
    offers: Vec<Offer>,
    chosen: Option<Offer>,
    gaps: Vec<Gap>,
    /// What is known of the customer and the brand, to be picked from while typing.
    known: Vec<String>,
    key: String,
    error: Option<String>,
}

impl View for ApprovedView {
    const FILE: &'static str = "inbox/approved.html";
    fn samples() -> Vec<ApprovedView> {
        let offer = Offer {
            name: "order_update".into(),
            language: "fr".into(),
            category: "utilitaire".into(),
            text: "Bonjour Léa,\n\nvotre commande part demain.".into(),
            buttons: vec!["Merci".into()],
        };
        let gap = Gap { name: "1".into(), sample: "Léa".into(), value: String::new() };
        let base = ApprovedView { ticket: "0".into(), key: "k".into(), ..ApprovedView::default() };
        vec![
            ApprovedView {
                offers: vec![offer.clone()],
                ..ApprovedView { ticket: "0".into(), ..ApprovedView::default() }
            },
            ApprovedView {
                chosen: Some(offer),
                gaps: vec![gap],
                known: vec!["Léa".into()],
                error: Some("Il reste quelque chose à compléter.".into()),
                ..base
            },
            ApprovedView { ticket: "0".into(), ..ApprovedView::default() },
        ]
    }
}

/// What the page was asked for.
#[derive(Debug, Deserialize)]
pub struct Choice {
    #[serde(default)]
    name: String,
    #[serde(default)]
    language: String,
}

/// What can be sent, or one of them to be filled in.
pub async fn approved_form(mut desk: Desk, Path(id): Path<TicketId>, Query(choice): Query<Choice>) -> Result<Page> {
    desk.needs(Power::Handle)?;
    let view = page(&mut desk, id, &choice.name, &choice.language, Vec::new(), None).await?;
    desk.show("inbox", &view)
}

async fn page(
    desk: &mut Desk,
    id: TicketId,
    name: &str,
    language: &str,
    values: Vec<String>,
    error: Option<String>,
) -> Result<ApprovedView> {
    let (hand, tx) = desk.parts();
    let ticket = tickets::get(tx, &hand.known.scope, id).await?;
    let network = hand.web.house.network(&ticket.network).filter(|n| approved::applies(*n, &ticket));
    if network.is_none() {
        return Err(flow::Error::from(Reason::NotOnThisNetwork).into());
    }
    let all = approved::offered(tx, &ticket).await?;
    let mut view = ApprovedView { ticket: id.to_string(), error, ..ApprovedView::default() };
    if let Some(text) = all.iter().find(|a| a.name == name && a.language == language) {
        let asked = text.asks().into_iter().enumerate();
        let gap = |(n, (name, sample)): (usize, (&str, Option<&str>))| Gap {
            name: name.to_owned(),
            sample: sample.unwrap_or_default().to_owned(),
            value: values.get(n).cloned().unwrap_or_default(),
        };
        view.gaps = asked.map(gap).collect();
        view.chosen = Some(offer(hand, text));
        view.known = facts::values(tx, &hand.known.scope, id).await?.texts();
        view.key = hand.web.house.given.id::<AnyId>().to_string();
    } else {
        view.offers = all.iter().map(|a| offer(hand, a)).collect();
    }
    Ok(view)
}

fn offer(hand: &Hand, text: &Approved) -> Offer {
    let category = find(hand.lang, &format!("approved-for-{}", text.category), &[]);
    Offer {
        name: text.name.clone(),
        language: text.language.clone(),
        category: category.unwrap_or_else(|| text.category.clone()),
        text: text.example(),
        buttons: text.buttons.clone(),
    }
}

/// Sends one. What is missing brings the form back, with what was typed.
pub async fn send_approved(
    mut desk: Desk,
    Path(id): Path<TicketId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response> {
    desk.needs(Power::Handle)?;
    let field = |key: &str| form.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()).unwrap_or_default();
    let values: Vec<String> = form.iter().filter(|(k, _)| k == "value").map(|(_, v)| v.clone()).collect();
    let (name, language) = (field("name"), field("language"));
    let wanted = Wanted {
        ticket: id,
        name: name.clone(),
        language: language.clone(),
        values: values.clone(),
        client_key: Some(field("client_key")).filter(|k| !k.is_empty()),
    };
    match approved::send(&desk.web.house, &desk.known.scope, wanted).await {
        Ok(_) => Ok(Redirect::to(&format!("/tickets/{id}")).into_response()),
        Err(flow::Error::Refused(reason, about)) => {
            let error = match reason {
                Reason::NotFilled => t(desk.lang, "approved-to-fill-in", &[]),
                _ => refusal(desk.lang, reason, about.as_deref()),
            };
            let view = page(&mut desk, id, &name, &language, values, Some(error)).await?;
            Ok(desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, "inbox", &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}
