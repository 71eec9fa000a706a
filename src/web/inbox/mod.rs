//! The inbox: views, queue, conversation, composer, contact; and what one does there. Every state
//! of it is in the address.

mod act;
mod approved;
mod asked;
mod assist;
mod beside;
mod canned;
mod collision;
mod composer;
mod context;
mod evidence;
mod files;
mod gone;
mod kept;
mod matter;
mod near;
mod own;
mod queue;
mod said;
pub mod tell;
mod thread;
mod views;

pub use act::{
    EscalateView, assign, decide, escalate, escalate_form, labels, merge, moderate, priority, reply, stage, state,
    take_back, unmerge,
};
pub use approved::{ApprovedView, approved_form, send_approved};
pub use assist::ask as assist;
pub use canned::{PickView, judge, not_useful, offers, pick};
pub use files::{attach, let_go};
pub use kept::{keep, undo};
pub use queue::{Row, rows};
pub use said::Did;
pub use thread::marked;

use std::collections::HashMap;

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use self::asked::Asked;
use self::collision::Collision;
use self::composer::Composer;
use self::context::ContactPane;
use self::matter::Matter;
use self::queue::Queue;
use self::said::Said;
use self::thread::Conversation;
use self::views::Views;
use super::ask::Desk;
use super::page::{Page, View};
use super::{Error, Result};
use crate::base::id::TicketId;
use crate::store::tickets;

/// The inbox, with or without a ticket open.
#[derive(Debug, Serialize)]
pub struct InboxView {
    views: Views,
    queue: Queue,
    open: Option<Opened>,
    /// Said once: what was just done, with the way to undo it.
    said: Option<Said>,
}

/// An open ticket.
#[derive(Debug, Serialize)]
pub struct Opened {
    conversation: Conversation,
    composer: Composer,
    contact: ContactPane,
    /// Somebody else answered while this was written.
    collision: Option<Collision>,
}

impl View for InboxView {
    const FILE: &'static str = "inbox.html";
    fn samples() -> Vec<InboxView> {
        let opened = || Opened {
            conversation: Conversation::sample(),
            composer: Composer::sample(),
            contact: ContactPane::sample(),
            collision: Some(Collision::sample()),
        };
        vec![
            InboxView {
                views: Views::sample(),
                queue: Queue::sample(),
                open: Some(opened()),
                said: Some(Said::sample(Some(8_000))),
            },
            InboxView { views: Views::sample(), queue: Queue::default(), open: None, said: Some(Said::sample(None)) },
        ]
    }
}

/// `/inbox`: to the first view.
pub async fn first(_desk: Desk) -> Redirect {
    Redirect::to("/inbox/todo")
}

/// A view of the queue.
pub async fn queue(mut desk: Desk, Path(view): Path<String>, RawQuery(query): RawQuery) -> Result<Page> {
    let asked = Asked::read(&view, query.as_deref().unwrap_or_default()).ok_or(Error::NotFound)?;
    let view = InboxView {
        queue: queue::read(&mut desk, &asked, None).await?,
        views: views::read(&mut desk, &asked).await?,
        open: None,
        said: said::read(&mut desk, &asked).await?,
    };
    Ok(desk.show("inbox", &view)?.ahead())
}

/// A ticket, with the queue it was opened from beside it.
pub async fn ticket(desk: Desk, Path(id): Path<TicketId>, RawQuery(query): RawQuery) -> Result<Response> {
    let query = query.unwrap_or_default();
    let mut desk = desk;
    let (hand, tx) = desk.parts();
    let ticket = tickets::get(tx, &hand.known.scope, id).await?;
    if let Some(into) = ticket.merged_into {
        return Ok(Redirect::to(&format!("/tickets/{into}")).into_response());
    }
    // A ticket of another brand of theirs: go there with that brand chosen.
    if ticket.brand_id != desk.brand.id {
        let slug =
            desk.brands.iter().find(|b| b.id == ticket.brand_id).map(|b| b.slug.clone()).ok_or(Error::NotFound)?;
        return Ok(Redirect::to(&format!("/tickets/{id}?brand={slug}")).into_response());
    }
    // A canned reply picked from the page of links stands in the composer.
    let picked: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let draft = match picked.get("canned") {
        Some(path) => {
            let mode = picked.get("mode").cloned().unwrap_or_default();
            let text = canned::text_of(&mut desk, &ticket, path, &mode).await?;
            Composer::picked(text.unwrap_or_default(), mode)
        }
        None => Composer::default(),
    };
    Ok(show(desk, ticket, &query, draft, StatusCode::OK).await?.into_response())
}

/// Shows a ticket; `draft` is what a form that came back still holds.
pub(super) async fn show(
    desk: Desk,
    ticket: crate::desk::ticket::Ticket,
    query: &str,
    draft: Composer,
    status: StatusCode,
) -> Result<Page> {
    show_both(desk, ticket, query, draft, status, None).await
}

/// Shows a ticket, with the reply that somebody else gave meanwhile beside one's own.
pub(super) async fn show_both(
    mut desk: Desk,
    ticket: crate::desk::ticket::Ticket,
    query: &str,
    draft: Composer,
    status: StatusCode,
    collision: Option<Collision>,
) -> Result<Page> {
    let asked = Asked::beside(query);
    let queue = queue::read(&mut desk, &asked, Some(ticket.id)).await?;
    let (hand, tx) = desk.parts();
    let matter = Matter::of(tx, &hand.known.scope, &ticket).await?;
    let composer = composer::read(&mut desk, &ticket, draft, &matter).await?;
    let contact = context::read(&mut desk, &ticket, &asked, &matter).await?;
    let view = InboxView {
        views: views::read(&mut desk, &asked).await?,
        open: Some(Opened {
            conversation: thread::read(&mut desk, &ticket, &asked, matter).await?,
            contact,
            composer: composer.then(queue.after(ticket.id)),
            collision,
        }),
        queue,
        said: said::read(&mut desk, &asked).await?,
    };
    Ok(desk.show_as(status, "inbox", &view)?.ahead())
}
