//! People of a brand: who is there as what, inviting, changing, shutting out.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::base::id::AgentId;
use crate::base::locale::t;
use crate::base::text;
use crate::desk::agent::{Power, Role};
use crate::flow::people::{self, Host, NewAgent};
use crate::flow::{self};
use crate::store::agents;
use crate::web::Result;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::error::refusal;
use crate::web::page::{Page, View};
use crate::web::show::tint;

/// The people page.
#[derive(Debug, Serialize)]
pub struct PeopleView {
    people: Vec<Person>,
    roles: Vec<(String, String, String)>,
    may_manage: bool,
    /// A link just made, to be handed over.
    link: Option<(String, String)>,
    error: Option<String>,
    email: String,
    name: String,
}

/// A colleague.
#[derive(Debug, Serialize)]
struct Person {
    id: String,
    name: String,
    initials: String,
    tint: usize,
    email: String,
    role: String,
    role_label: String,
    disabled: bool,
    ready: bool,
    me: bool,
}

impl View for PeopleView {
    const FILE: &'static str = "settings/people.html";
    fn samples() -> Vec<PeopleView> {
        let person = |disabled| Person {
            id: "0".into(),
            name: "Karim".into(),
            initials: "K".into(),
            tint: 3,
            email: "k@a.example".into(),
            role: "agent".into(),
            role_label: "Agent".into(),
            disabled,
            ready: !disabled,
            me: false,
        };
        let roles = vec![("agent".into(), "Agent".into(), "Répond aux clients".into())];
        vec![PeopleView {
            people: vec![person(false), person(true)],
            roles,
            may_manage: true,
            link: Some(("Karim".into(), "https://desk.example/invite/ab".into())),
            error: Some("Adresse incorrecte".into()),
            email: String::new(),
            name: String::new(),
        }]
    }
}

async fn view(desk: &mut Desk) -> Result<PeopleView> {
    let (hand, tx) = desk.parts();
    let all = agents::colleagues(tx, hand.brand.id).await?;
    let label = |r: Role| t(hand.lang, &format!("role-{r}"), &[]);
    let people = all.into_iter().map(|c| Person {
        id: c.id.to_string(),
        initials: text::initials(&c.name),
        tint: tint(&c.name),
        name: c.name,
        email: c.email,
        role: c.role.to_string(),
        role_label: label(c.role),
        disabled: c.disabled_at.is_some(),
        ready: c.ready,
        me: c.id == hand.known.agent.id,
    });
    let roles = Role::ALL.iter().map(|r| (r.to_string(), label(*r), t(hand.lang, &format!("role-{r}-does"), &[])));
    Ok(PeopleView {
        people: people.collect(),
        roles: roles.collect(),
        may_manage: hand.may(Power::Manage),
        link: None,
        error: None,
        email: String::new(),
        name: String::new(),
    })
}

/// The people of the brand.
pub async fn list(mut desk: Desk) -> Result<Page> {
    let view = view(&mut desk).await?;
    desk.show("settings", &view)
}

/// Somebody to be invited.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newcomer {
    email: String,
    name: String,
    role: Role,
}

/// Invites somebody; the link is shown once, to be handed over.
pub async fn invite(mut desk: Desk, Form(form): Form<Newcomer>) -> Result<Response> {
    desk.needs(Power::Manage)?;
    let mut page = view(&mut desk).await?;
    let hand = desk.into_hand();
    let new = NewAgent {
        email: form.email.clone(),
        name: form.name.clone(),
        role: form.role,
        brand: Some(hand.brand.id),
        password: None,
        locale: hand.lang,
    };
    match people::add(&hand.web.house, Host::Colleague(&hand.known.scope), new).await {
        Ok((_, link)) => {
            // Read again, so that the newcomer is in the list.
            let mut desk = hand.read_again().await?;
            let mut page = view(&mut desk).await?;
            page.link = link.map(|l| (form.name, format!("{}/invite/{l}", desk.web.public_url)));
            Ok(desk.show("settings", &page)?.into_response())
        }
        Err(flow::Error::Refused(reason, about)) => {
            page.error = Some(refusal(hand.lang, reason, about.as_deref()));
            (page.email, page.name) = (form.email, form.name);
            Ok(hand.show_as(StatusCode::UNPROCESSABLE_ENTITY, "settings", &page)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// A role to be given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    role: String,
}

/// Changes a role; an empty one takes the place at this brand away.
pub async fn role(hand: Hand, Path(id): Path<AgentId>, Form(form): Form<NewRole>) -> Result<Redirect> {
    let role = if form.role.is_empty() {
        None
    } else {
        Some(form.role.parse::<Role>().map_err(|e| crate::web::Error::Bad(e.to_string()))?)
    };
    people::set_role(&hand.web.house, &hand.known.scope, hand.brand.id, id, role).await?;
    Ok(Redirect::to("/settings/people"))
}

/// Whether somebody may come in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    disabled: bool,
}

/// Shuts somebody out at once, or lets them in again.
pub async fn access(hand: Hand, Path(id): Path<AgentId>, Form(form): Form<Access>) -> Result<Redirect> {
    people::set_disabled(&hand.web.house, &hand.known.scope, hand.brand.id, id, form.disabled).await?;
    Ok(Redirect::to("/settings/people"))
}

/// A new link for somebody who lost theirs; shown once, to be handed over.
pub async fn link(hand: Hand, Path(id): Path<AgentId>) -> Result<Response> {
    let made = people::let_in_again(&hand.web.house, &hand.known.scope, hand.brand.id, id).await;
    let mut desk = hand.read_again().await?;
    let mut page = view(&mut desk).await?;
    match made {
        Ok(token) => {
            let name = page.people.iter().find(|p| p.id == id.to_string()).map(|p| p.name.clone()).unwrap_or_default();
            page.link = Some((name, format!("{}/invite/{token}", desk.web.public_url)));
            Ok(desk.show("settings", &page)?.into_response())
        }
        Err(flow::Error::Refused(reason @ flow::Reason::BelongsElsewhere, about)) => {
            page.error = Some(refusal(desk.lang, reason, about.as_deref()));
            Ok(desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, "settings", &page)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}
