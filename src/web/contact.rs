//! People who write to us.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::ask::{Desk, Form, Hand};
use super::inbox::{Row, rows};
use super::page::{Page, View};
use super::show::tint;
use super::{Error, Result};
use crate::base::id::{AnyId, ContactId};
use crate::base::locale::t;
use crate::base::text;
use crate::desk::agent::Power;
use crate::flow::merge as merges;
use crate::store::{contacts, merges as kept, select, tickets};

/// The list of contacts.
#[derive(Debug, Serialize)]
pub struct ListView {
    q: String,
    people: Vec<Person>,
}

/// One person.
#[derive(Debug, Serialize)]
pub struct Person {
    id: String,
    name: String,
    initials: String,
    tint: usize,
    since: String,
}

impl View for ListView {
    const FILE: &'static str = "contacts.html";
    fn samples() -> Vec<ListView> {
        let person =
            Person { id: "0".into(), name: "Camille".into(), initials: "C".into(), tint: 1, since: "avril".into() };
        vec![ListView { q: "cam".into(), people: vec![person] }, ListView { q: String::new(), people: Vec::new() }]
    }
}

/// What the list was asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// People by the beginning of their name or handle.
pub async fn list(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let (hand, tx) = desk.parts();
    let found = contacts::list(tx, hand.brand.id, asked.q.trim(), 100).await?;
    let clock = hand.clockface();
    let people = found.into_iter().map(|c| {
        let name = if c.name.is_empty() { t(hand.lang, "nobody-named", &[]) } else { c.name };
        Person {
            id: c.id.to_string(),
            initials: text::initials(&name),
            tint: tint(&name),
            since: clock.short(c.created_at),
            name,
        }
    });
    let view = ListView { q: asked.q, people: people.collect() };
    desk.show("contacts", &view)
}

/// One contact.
#[derive(Debug, Serialize)]
pub struct ContactView {
    id: String,
    name: String,
    initials: String,
    tint: usize,
    since: String,
    language: Option<String>,
    identities: Vec<(String, String, String)>,
    rows: Vec<Row>,
    merges: Vec<(String, String)>,
    candidates: Vec<Person>,
    q: String,
    may_handle: bool,
}

impl View for ContactView {
    const FILE: &'static str = "contact.html";
    fn samples() -> Vec<ContactView> {
        let person =
            Person { id: "1".into(), name: "Camille R".into(), initials: "CR".into(), tint: 2, since: "mai".into() };
        vec![ContactView {
            id: "0".into(),
            name: "Camille".into(),
            initials: "C".into(),
            tint: 1,
            since: "avril".into(),
            language: Some("français".into()),
            identities: vec![("facebook".into(), "@camille".into(), "Camille".into())],
            rows: vec![Row::sample(false)],
            merges: vec![("0".into(), "hier".into())],
            candidates: vec![person],
            q: "cam".into(),
            may_handle: true,
        }]
    }
}

/// A contact: handles, tickets, and merging with another.
pub async fn show(mut desk: Desk, Path(id): Path<ContactId>, Query(asked): Query<Asked>) -> Result<Response> {
    let (hand, tx) = desk.parts();
    let contact = contacts::get(tx, &hand.known.scope, id).await?;
    if let Some(into) = contact.merged_into {
        return Ok(Redirect::to(&format!("/contacts/{into}")).into_response());
    }
    if contact.brand_id != hand.brand.id {
        let slug =
            hand.brands.iter().find(|b| b.id == contact.brand_id).map(|b| b.slug.clone()).ok_or(Error::NotFound)?;
        return Ok(Redirect::to(&format!("/contacts/{id}?brand={slug}")).into_response());
    }
    let brand = contact.brand_id;
    let clock = hand.clockface();
    let identities = contacts::identities(tx, brand, id).await?;
    let all = tickets::of_contact(tx, brand, id).await?;
    let ids: Vec<_> = all.iter().map(|t| t.id).collect();
    let mut listed = select::these(tx, brand, &ids).await?;
    listed.sort_by_key(|l| std::cmp::Reverse(l.ticket.last_message_at));
    let rows = rows(hand, tx, listed, None, "").await?;
    let open = kept::into(tx, brand, AnyId(id.0)).await?;
    let q = asked.q.trim().to_owned();
    let candidates = if q.is_empty() { Vec::new() } else { contacts::list(tx, brand, &q, 10).await? };
    let name = if contact.name.is_empty() { t(hand.lang, "nobody-named", &[]) } else { contact.name };
    let view = ContactView {
        id: id.to_string(),
        initials: text::initials(&name),
        tint: tint(&name),
        since: clock.short(contact.created_at),
        language: contact
            .language
            .map(|l| crate::base::locale::find(hand.lang, &format!("language-{l}"), &[]).unwrap_or(l)),
        identities: identities
            .into_iter()
            .map(|i| (i.network, i.handle.unwrap_or_default(), i.name.unwrap_or_default()))
            .collect(),
        rows,
        merges: open
            .into_iter()
            .filter(|m| m.kind == "contact")
            .map(|m| (m.id.to_string(), clock.short(m.at)))
            .collect(),
        candidates: candidates
            .into_iter()
            .filter(|c| c.id != id)
            .map(|c| Person {
                initials: text::initials(&c.name),
                tint: tint(&c.name),
                since: clock.short(c.created_at),
                id: c.id.to_string(),
                name: c.name,
            })
            .collect(),
        q,
        may_handle: hand.may(Power::Handle),
        name,
    };
    Ok(desk.show("contacts", &view)?.into_response())
}

/// The other contact of a merge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twin {
    from: ContactId,
}

/// Makes another contact and this one the same person.
pub async fn merge(hand: Hand, Path(id): Path<ContactId>, Form(form): Form<Twin>) -> Result<Redirect> {
    merges::contacts_into(&hand.web.house, &hand.known.scope, form.from, id).await?;
    Ok(Redirect::to(&format!("/contacts/{id}")))
}
