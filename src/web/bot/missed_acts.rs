//! What is done with missed questions.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Redirect;
use serde::Deserialize;

use crate::base::id::AnyId;
use crate::flow::missed::{self, propose, survey};
use crate::web::Result;
use crate::web::ask::{Form, Hand};

fn back(said: &str) -> Redirect {
    Redirect::to(&format!("/bot/missed?said={said}"))
}

/// Lines of a field, as examples.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|l| !l.is_empty()).collect()
}

/// Looks again, in the background.
pub async fn again(hand: Hand) -> Result<Redirect> {
    survey::ask(&hand.web.house, &hand.known.scope, hand.brand.id).await?;
    Ok(back("asked"))
}

/// To which entry, with which examples.
#[derive(Deserialize)]
pub struct Attaching {
    path: String,
    #[serde(default)]
    fr: String,
    #[serde(default)]
    en: String,
}

/// Adds a cluster's questions to an entry.
pub async fn attach(hand: Hand, Path(id): Path<AnyId>, Form(form): Form<Attaching>) -> Result<Redirect> {
    let all = [("fr".to_owned(), lines(&form.fr)), ("en".to_owned(), lines(&form.en))];
    let examples: BTreeMap<String, Vec<String>> = all.into_iter().filter(|(_, l)| !l.is_empty()).collect();
    let (house, scope) = (&hand.web.house, &hand.known.scope);
    missed::attach(house, scope, hand.brand.id, id, (&form.path, &examples)).await?;
    Ok(back("attached"))
}

/// These are of no interest.
pub async fn ignore(hand: Hand, Path(id): Path<AnyId>) -> Result<Redirect> {
    missed::ignore(&hand.web.house, &hand.known.scope, hand.brand.id, id).await?;
    Ok(back("ignored"))
}

/// Takes a decision back.
pub async fn take_back(hand: Hand, Path(id): Path<AnyId>) -> Result<Redirect> {
    missed::take_back(&hand.web.house, &hand.known.scope, hand.brand.id, id).await?;
    Ok(back("back"))
}

/// Declines what a colleague proposed.
pub async fn decline(hand: Hand, Path(id): Path<AnyId>) -> Result<Redirect> {
    propose::decline(&hand.web.house, &hand.known.scope, hand.brand.id, id).await?;
    Ok(back("declined"))
}
