//! What the brand says about itself, for its texts.

use axum::response::Redirect;
use serde::Serialize;

use crate::base::Lang;
use crate::desk::agent::Power;
use crate::desk::canned::Fact;
use crate::flow::facts as lib;
use crate::store::facts as kept;
use crate::web::Result;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::page::{Page, View};

/// The facts.
#[derive(Debug, Serialize)]
pub struct FactsView {
    /// Name, what to write there, what stands there.
    facts: Vec<(String, String, String)>,
    may_manage: bool,
}

impl View for FactsView {
    const FILE: &'static str = "settings/facts.html";
    fn samples() -> Vec<FactsView> {
        let facts = || vec![("website".into(), "Site web".into(), "https://aubepine.example".into())];
        vec![FactsView { facts: facts(), may_manage: true }, FactsView { facts: facts(), may_manage: false }]
    }
}

/// The facts of the brand looked at.
pub async fn facts(mut desk: Desk) -> Result<Page> {
    let (hand, tx) = desk.parts();
    let stated = kept::all(tx, hand.brand.id).await?;
    let line = |f: &Fact| {
        let label = if hand.lang == Lang::Fr { f.label.0 } else { f.label.1 };
        let value = stated.iter().find(|s| s.name == f.name).map(|s| s.value.clone()).unwrap_or_default();
        (f.name.to_owned(), label.to_owned(), value)
    };
    let view = FactsView { facts: Fact::ALL.iter().map(line).collect(), may_manage: hand.may(Power::Manage) };
    desk.show("settings", &view)
}

/// States them.
pub async fn state(hand: Hand, Form(form): Form<Vec<(String, String)>>) -> Result<Redirect> {
    lib::state(&hand.web.house, &hand.known.scope, hand.brand.id, &form).await?;
    Ok(Redirect::to("/settings/facts"))
}
