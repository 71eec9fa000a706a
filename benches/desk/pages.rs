//! Pages fetched over HTTP by somebody signed in, and what surrounds their measuring: the load of
//! every turn, and the rendering of such a page alone.

use std::time::Instant;

use anyhow::{Context, Result};
use guichet::base::Lang;
use guichet::web::inbox::InboxView;
use guichet::web::page::{Chrome, Templates};
use guichet::web::{Page, View};
use serde::Serialize;
use serde_json::Value;

use crate::furnish::Desk;
use crate::load::Loader;
use crate::report::{self, Spread, many, micros_each, middle_and_p99, millis};
use crate::server::Server;
use crate::traffic;
use crate::wire;

/// The figures of every turn.
#[derive(Default)]
pub struct Turns {
    pub p50: Vec<f64>,
    pub p99: Vec<f64>,
    pub cpu: Vec<f64>,
    pub kib: Vec<f64>,
    pub statements: Vec<f64>,
}

impl Turns {
    /// Fetches these pages, so many at once.
    pub fn turn(&mut self, server: &Server, desk: &Desk, paths: &[String], at_once: usize, packed: bool) -> Result<()> {
        let request = |p: &String| traffic::page_request(server.address, p, &desk.session, packed);
        let requests: Vec<Vec<u8>> = paths.iter().map(request).collect();
        let loader = Loader::ready(server.address, at_once, desk.folder(), &requests)?;
        let ((statements, _), used) = (server.statements()?, server.cpu());
        let loaded = loader.go()?;
        self.cpu.push(micros_each(paths.len(), server.cpu().saturating_sub(used)));
        self.statements.push((server.statements()?.0 - statements) / many(paths.len()));
        self.p50.push(millis(loaded.p50));
        self.p99.push(millis(loaded.p99));
        self.kib.push(many(loaded.bytes) / many(paths.len()) / 1024.0);
        Ok(())
    }
}

/// A page as a person sees it, to see that it is the page that was meant.
pub fn look(server: &Server, desk: &Desk, path: &str) -> Result<String> {
    let cookie = format!("cookie: guichet={}\r\n", desk.session);
    let (status, html) = wire::get(server.address, path, &cookie)?;
    anyhow::ensure!(status == 200, "{path} answers {status}");
    // Slashes are escaped in what comes from data.
    Ok(html.replace("&#x2f;", "/"))
}

/// An inbox made of the template's own samples, repeated.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Made(pub Value);

impl View for Made {
    const FILE: &'static str = InboxView::FILE;
    fn samples() -> Vec<Made> {
        Vec::new()
    }
}

/// Milliseconds to render an inbox of fifty rows, with a conversation of so many messages or none:
/// the middle of a thousand.
pub fn render(messages: usize) -> Result<Spread> {
    let view = Made(inbox(messages)?);
    let (templates, chrome) = (Templates::load()?, Chrome::sample(Lang::Fr));
    let mut took = Vec::with_capacity(1_000);
    for _ in 0..1_000 {
        let begun = Instant::now();
        let html = templates.render(Lang::Fr, &chrome, &view)?;
        took.push(begun.elapsed());
        drop(Page::new(axum::http::StatusCode::OK, html));
    }
    Ok(Spread::of(&[report::millis(middle_and_p99(took).0)]))
}

/// An inbox of fifty rows, with a conversation of so many messages or none.
pub fn inbox(messages: usize) -> Result<Value> {
    let mut samples = InboxView::samples();
    let sample = if messages > 0 { samples.remove(0) } else { samples.pop().context("there are samples")? };
    let mut view = serde_json::to_value(&sample)?;
    let full = serde_json::to_value(InboxView::samples().remove(0))?;
    let mut row = full["queue"]["rows"][0].clone();
    row["current"] = Value::Bool(false);
    view["queue"] = full["queue"].clone();
    view["queue"]["rows"] = Value::Array(vec![row; 50]);
    if messages > 0 {
        let entries = &full["open"]["conversation"]["entries"];
        let each = (0..messages).map(|n| plain(entries[if n % 2 == 0 { 1 } else { 3 }].clone()));
        view["open"]["conversation"]["entries"] = Value::Array(each.collect());
    }
    Ok(view)
}

/// The sample shows everything a message can have; most have none of it.
fn plain(mut message: Value) -> Value {
    let nothing = [("attachments", Value::Array(Vec::new())), ("edited", Value::Null), ("rating", Value::Null)];
    for (key, value) in nothing.into_iter().chain([("reactions", "".into()), ("delivery_why", Value::Null)]) {
        message[key] = value;
    }
    for key in ["deleted", "hidden", "trouble", "may_take_back", "may_decide", "may_send_again", "other_person"] {
        message[key] = Value::Bool(false);
    }
    message
}
