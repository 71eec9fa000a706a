//! What a tab is told: rows, lines and counts, rendered for its very viewer as the page itself
//! renders them. What to tell was decided before, in [`crate::live::heard`].

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::asked::Asked;
use super::beside::presence;
use super::{gone, queue, thread, views};
use crate::base::id::TicketId;
use crate::desk::ticket::Ticket;
use crate::live::heard::{Changed, Move};
use crate::live::{Heard, Left};
use crate::store::select::{self, Listed};
use crate::store::tickets;
use crate::web::Result;
use crate::web::ask::Desk;

/// What a tab looks at.
#[derive(Debug)]
pub struct Looked {
    asked: Asked,
    /// The ticket open in it.
    pub ticket: Option<TicketId>,
}

impl Looked {
    /// Reads the address of a view: `/inbox/todo?stage=…`.
    pub fn read(address: &str, ticket: Option<TicketId>) -> Option<Looked> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Some(Looked { asked: Asked::read(path.strip_prefix("/inbox/")?, query)?, ticket })
    }
}

/// One thing told.
#[derive(Debug, Serialize)]
pub struct Frame {
    /// The last event it knows of.
    pub seq: i64,
    /// `row`, `new`, `gone`, `msg`, `counts`, `presence`, `resync`.
    pub t: &'static str,
    /// The ticket it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<TicketId>,
    /// How it looks now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub v: Value,
}

impl Frame {
    /// Tells nothing but that there is something to tell.
    pub fn bare(seq: i64, t: &'static str) -> Frame {
        Frame { seq, t, id: None, html: None, v: Value::Null }
    }
}

/// Puts what was heard into frames for one tab.
///
/// # Errors
/// As the database reports.
pub async fn tell(desk: &mut Desk, looked: &Looked, heard: &Heard) -> Result<Vec<Frame>> {
    let filter = looked.asked.filter(desk.known.agent.id);
    let mut ids: Vec<TicketId> = heard.tickets.keys().chain(&heard.people).copied().collect();
    ids.extend(looked.ticket);
    ids.sort();
    ids.dedup();
    let (hand, tx) = desk.parts();
    let listed = select::these(tx, hand.brand.id, &ids).await?;
    let open = listed.iter().find(|l| Some(l.ticket.id) == looked.ticket).map(|l| l.ticket.clone());
    let mut frames = Vec::new();
    let mut shown: Vec<(&'static str, Listed)> = Vec::new();
    let mut touched: Vec<&Changed> = Vec::new();
    for l in listed {
        let Some(changed) = heard.tickets.get(&l.ticket.id) else {
            // Only people came or went; the row shows them.
            if heard.people.contains(&l.ticket.id) && filter.admits(&l.ticket) {
                shown.push(("row", l));
            }
            continue;
        };
        if open.as_ref().is_some_and(|o| same_exchange(o, &l.ticket)) {
            touched.push(changed);
        }
        match changed.in_view(&filter, &l.ticket) {
            Move::Patch => shown.push(("row", l)),
            Move::Came => shown.push(("new", l)),
            Move::Left => {
                let words = gone::words(hand, tx, Left::why(&filter, &l.ticket), changed).await?;
                frames.push(Frame { id: Some(l.ticket.id), v: words.into(), ..Frame::bare(heard.seq, "gone") });
            }
            Move::Nothing => {}
        }
    }
    let (kinds, listed): (Vec<_>, Vec<_>) = shown.into_iter().unzip();
    let ids: Vec<TicketId> = listed.iter().map(|l| l.ticket.id).collect();
    let rows = queue::rows(hand, tx, listed, looked.ticket, &looked.asked.tail()).await?;
    for ((kind, id), row) in kinds.into_iter().zip(ids).zip(rows) {
        let html = hand.web.templates.piece(hand.lang, "row", &row)?;
        frames.push(Frame { id: Some(id), html: Some(html), ..Frame::bare(heard.seq, kind) });
    }
    if let Some(open) = &open {
        if !touched.is_empty() {
            let (html, places) = thread::told(desk, open, &looked.asked, &touched).await?;
            let v = serde_json::to_value(places).unwrap_or_default();
            frames.push(Frame { id: Some(open.id), html: Some(html), v, ..Frame::bare(heard.seq, "msg") });
        }
        if heard.people.contains(&open.id) {
            let html = desk.web.templates.part(desk.lang, "inbox/presence.html", &presence(desk, open.id))?;
            frames.push(Frame { id: Some(open.id), html: Some(html), ..Frame::bare(heard.seq, "presence") });
        }
    }
    Ok(frames)
}

/// What every count says now, by the address it stands beside.
///
/// # Errors
/// As the database reports.
pub async fn counts(desk: &mut Desk, looked: &Looked, seq: i64) -> Result<Frame> {
    let figures: BTreeMap<String, String> = views::read(desk, &looked.asked).await?.figures(desk.lang);
    let todo = desk.web.counts.numbers(desk.brand.id, desk.known.agent.id, desk.now).todo;
    let number = |n: usize| crate::web::show::number(desk.lang, i64::try_from(n).unwrap_or(i64::MAX));
    let total = queue::total(desk, &looked.asked).map(number);
    let v = json!({"views": figures, "total": total, "todo": number(todo)});
    Ok(Frame { v, ..Frame::bare(seq, "counts") })
}

/// True when what is said in one ticket shows in the conversation of the other.
fn same_exchange(open: &Ticket, other: &Ticket) -> bool {
    open.thread_id == other.thread_id || other.continues == Some(open.id) || open.continues == Some(other.id)
}

/// True when the person may look at this ticket at the brand of their tab.
///
/// # Errors
/// As the database reports.
pub async fn may_look(desk: &mut Desk, ticket: TicketId) -> Result<bool> {
    let (hand, tx) = desk.parts();
    match tickets::get(tx, &hand.known.scope, ticket).await {
        Ok(ticket) => Ok(ticket.brand_id == hand.brand.id),
        Err(crate::store::Error::NotFound) => Ok(false),
        Err(other) => Err(other.into()),
    }
}
