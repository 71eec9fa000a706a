//! Canned replies beside a ticket: every entry with its text as it would stand in the composer, for
//! the picker and, without scripts, for a page of links.

use axum::Json;
use axum::extract::{Path, Query, RawQuery};
use axum::response::{Redirect, Response};
use serde::{Deserialize, Serialize};

use super::act::back;
use super::said::Did;
use crate::base::id::{MessageId, TicketId};
use crate::desk::canned::{Library, Values};
use crate::desk::message::Visibility;
use crate::desk::ticket::Ticket;
use crate::flow::{bot, facts, library};
use crate::store::tickets;
use crate::web::Result;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::page::{Page, View};

/// One entry, ready for the composer.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// `folder/name`.
    path: String,
    title: String,
    folder: String,
    shortcut: String,
    /// The text as it would stand in the composer; what nobody knows stands there as `{{ name }}`.
    text: String,
    /// What nobody knows.
    missing: Vec<String>,
}

/// Every entry for both audiences.
#[derive(Debug, Serialize)]
pub struct Offers {
    public: Vec<Offer>,
    private: Vec<Offer>,
}

/// For the picker: everything at once, so that typing asks nobody.
pub async fn offers(mut desk: Desk, Path(id): Path<TicketId>) -> Result<Json<Offers>> {
    let (ticket, library, values) = beside(&mut desk, id).await?;
    let near = near(&mut desk, &ticket).await?;
    let of = |visibility| offered(&library, &ticket, &values, (visibility, "", &near), language(&desk, &ticket));
    Ok(Json(Offers { public: of(Visibility::Public), private: of(Visibility::Private) }))
}

async fn beside(desk: &mut Desk, id: TicketId) -> Result<(Ticket, std::sync::Arc<Library>, Values)> {
    let (hand, tx) = desk.parts();
    let ticket = tickets::get(tx, &hand.known.scope, id).await?;
    let library = hand.web.house.library(tx, ticket.brand_id).await?;
    let values = facts::values(tx, &hand.known.scope, id).await?;
    Ok((ticket, library, values))
}

/// The entries that stand first when nothing is typed.
async fn near(desk: &mut Desk, ticket: &Ticket) -> Result<Vec<String>> {
    let language = language(desk, ticket).to_owned();
    let (hand, tx) = desk.parts();
    super::near::order(hand, tx, ticket, &language).await
}

/// The customer's language, where texts are written in it; the reader's own otherwise.
fn language<'a>(desk: &'a Desk, ticket: &'a Ticket) -> &'a str {
    let theirs = ticket.language.as_deref().filter(|l| library::LANGUAGES.contains(l));
    theirs.unwrap_or(desk.lang.as_str())
}

fn offered(
    library: &Library,
    ticket: &Ticket,
    values: &Values,
    (visibility, typed, near): (Visibility, &str, &[String]),
    language: &str,
) -> Vec<Offer> {
    let mut found = library.find(typed, language, visibility);
    if typed.trim().is_empty() {
        found.sort_by_key(|e| near.iter().position(|path| *path == e.path()).unwrap_or(usize::MAX));
    }
    let place = (language, ticket.network.as_str(), visibility);
    let offer = |e| {
        let choice = library.choose(e, None, place, values)?;
        Some(Offer {
            path: e.path(),
            title: e.title(language).to_owned(),
            folder: e.folder.clone(),
            shortcut: e.head.shortcut.clone().unwrap_or_default(),
            text: choice.filled.text(),
            missing: choice.filled.missing().into_iter().map(str::to_owned).collect(),
        })
    };
    found.into_iter().filter_map(offer).collect()
}

/// The page of links.
#[derive(Debug, Serialize)]
pub struct PickView {
    ticket: String,
    q: String,
    mode: String,
    offers: Vec<Offer>,
}

impl View for PickView {
    const FILE: &'static str = "inbox/pick.html";
    fn samples() -> Vec<PickView> {
        let offer = Offer {
            path: "delivery/where".into(),
            title: "Où est ma commande ?".into(),
            folder: "delivery".into(),
            shortcut: "commande".into(),
            text: "Bonjour, quel est votre numéro {{ order }} ?".into(),
            missing: vec!["order".into()],
        };
        let view = |offers| PickView { ticket: "0".into(), q: "com".into(), mode: "private".into(), offers };
        vec![view(vec![offer]), view(Vec::new())]
    }
}

/// What the page was asked for.
#[derive(Deserialize)]
pub struct Picking {
    #[serde(default)]
    q: String,
    #[serde(default)]
    mode: String,
}

/// Entries as links into the composer.
pub async fn pick(mut desk: Desk, Path(id): Path<TicketId>, Query(asked): Query<Picking>) -> Result<Page> {
    let (ticket, library, values) = beside(&mut desk, id).await?;
    let visibility = if asked.mode == "public" { Visibility::Public } else { Visibility::Private };
    let near = near(&mut desk, &ticket).await?;
    let offers = offered(&library, &ticket, &values, (visibility, &asked.q, &near), language(&desk, &ticket));
    let view = PickView { ticket: id.to_string(), q: asked.q, mode: visibility.to_string(), offers };
    desk.show("inbox", &view)
}

/// The text of an entry as it would stand in a ticket's composer.
///
/// # Errors
/// As the database reports.
pub(super) async fn text_of(desk: &mut Desk, ticket: &Ticket, path: &str, mode: &str) -> Result<Option<String>> {
    let (_, library, values) = beside(desk, ticket.id).await?;
    let visibility = if mode == "public" { Visibility::Public } else { Visibility::Private };
    let place = (language(desk, ticket), ticket.network.as_str(), visibility);
    let entry = library.get(path);
    Ok(entry.and_then(|e| library.choose(e, None, place, &values)).map(|c| c.filled.text()))
}

/// What the bot offered does not help.
pub async fn not_useful(hand: Hand, Path(id): Path<TicketId>, RawQuery(query): RawQuery) -> Result<Redirect> {
    bot::turn::not_useful(&hand.web.house, &hand.known.scope, id).await?;
    let tail = query.map(|q| format!("?{q}")).unwrap_or_default();
    Ok(Redirect::to(&format!("/tickets/{id}{tail}")))
}

/// Whether the bot was right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judging {
    right: String,
}

/// Somebody says that the bot was right, or wrong, about a message.
pub async fn judge(
    hand: Hand,
    Path(id): Path<MessageId>,
    RawQuery(query): RawQuery,
    Form(form): Form<Judging>,
) -> Result<Response> {
    let thought = bot::judge::by_hand(&hand.web.house, &hand.known.scope, id, form.right == "1").await?;
    Ok(back(thought.ticket_id, query, &Did::Judged.to_string()))
}
