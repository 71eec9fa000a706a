//! How the interface looks to oneself.

use axum::response::Redirect;
use serde::{Deserialize, Serialize};

use crate::base::Lang;
use crate::base::text::clean_name;
use crate::desk::agent::Agent;
use crate::flow::people;
use crate::web::Result;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::page::{Page, View};

/// One's own settings.
#[derive(Debug, Serialize)]
pub struct MeView {
    name: String,
    email: String,
    locale: Lang,
    theme: String,
    density: String,
    keys: bool,
}

impl View for MeView {
    const FILE: &'static str = "settings/me.html";
    fn samples() -> Vec<MeView> {
        vec![MeView {
            name: "Sarah".into(),
            email: "sarah@aubepine.example".into(),
            locale: Lang::Fr,
            theme: "auto".into(),
            density: "compact".into(),
            keys: true,
        }]
    }
}

/// One's own settings.
pub async fn form(desk: Desk) -> Result<Page> {
    let agent = &desk.known.agent;
    let view = MeView {
        name: agent.name.clone(),
        email: agent.email.clone(),
        locale: agent.locale,
        theme: agent.theme.clone(),
        density: agent.density.clone(),
        keys: agent.keys,
    };
    desk.show("settings", &view)
}

/// What somebody wants for themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    locale: Option<Lang>,
    theme: Option<String>,
    density: Option<String>,
    keys: Option<String>,
    name: Option<String>,
    #[serde(default)]
    back: String,
}

/// Changes what is named, keeps the rest.
pub async fn submit(hand: Hand, Form(form): Form<Wishes>) -> Result<Redirect> {
    let now = hand.known.agent.clone();
    let one_of = |wish: Option<String>, allowed: &[&str], now: String| {
        wish.filter(|w| allowed.contains(&w.as_str())).unwrap_or(now)
    };
    let agent = Agent {
        locale: form.locale.unwrap_or(now.locale),
        theme: one_of(form.theme, &["auto", "light", "dark"], now.theme),
        density: one_of(form.density, &["comfortable", "compact"], now.density),
        keys: form.keys.map_or(now.keys, |k| k == "on"),
        name: form.name.map(|n| clean_name(&n)).filter(|n| !n.is_empty()).unwrap_or(now.name),
        ..now
    };
    people::prefer(&hand.web.house, &agent).await?;
    let back =
        if form.back.starts_with('/') && !form.back.starts_with("//") { form.back } else { "/settings/me".into() };
    Ok(Redirect::to(&back))
}
