//! Searching: hits of the index, read again under the viewer's scope, a ticket each.

use std::collections::HashMap;

use axum::extract::Query;
use serde::{Deserialize, Serialize};

use super::Result;
use super::ask::Desk;
use super::inbox::{Row, rows};
use super::page::{Page, View};
use crate::base::id::{BrandId, MessageId, TicketId};
use crate::base::text;
use crate::desk::scope::Scope;
use crate::desk::ticket::Ticket;
use crate::search::index::By;
use crate::search::query::{Asked, Operator};
use crate::search::{Search, parse};
use crate::store::messages::Message;
use crate::store::{Tx, messages, select, tickets};

/// The search page.
#[derive(Debug, Serialize)]
pub struct SearchView {
    q: String,
    asked: bool,
    hits: Vec<Hit>,
    unknown: Vec<String>,
    newest: bool,
}

/// A ticket with the message that matched.
#[derive(Debug, Serialize)]
pub struct Hit {
    row: Row,
    quote: String,
    by: String,
    when: String,
}

impl View for SearchView {
    const FILE: &'static str = "search.html";
    fn samples() -> Vec<SearchView> {
        let hit = Hit {
            row: Row::sample(false),
            quote: "toujours rien reçu".into(),
            by: "Camille".into(),
            when: "hier".into(),
        };
        let found = SearchView {
            q: "reçu colour:blue".into(),
            asked: true,
            hits: vec![hit],
            unknown: vec!["colour".into()],
            newest: true,
        };
        let nothing = SearchView { q: "zzz".into(), asked: true, hits: Vec::new(), unknown: Vec::new(), newest: false };
        vec![
            found,
            nothing,
            SearchView { q: String::new(), asked: false, hits: Vec::new(), unknown: Vec::new(), newest: false },
        ]
    }
}

/// What was typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
}

/// The search page.
pub async fn search(mut desk: Desk, Query(typed): Query<Typed>) -> Result<Page> {
    let (hand, tx) = desk.parts();
    let asked = parse(&typed.q);
    let by = if typed.sort == "newest" { By::Newest } else { By::Relevance };
    let found = find(&hand.web.search, tx, &hand.known.scope, hand.brand.id, &asked, by, 40).await?;
    let clock = hand.clockface();
    let ids: Vec<TicketId> = found.iter().map(|(t, _)| t.id).collect();
    let listed = select::these(tx, hand.brand.id, &ids).await?;
    let order: HashMap<TicketId, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let mut listed = listed;
    listed.sort_by_key(|l| order[&l.ticket.id]);
    let made = rows(hand, tx, listed, None, "").await?;
    let hits = made.into_iter().zip(found).map(|(row, (_, m))| Hit {
        row,
        quote: text::excerpt(&m.text, 160),
        by: m.author_name,
        when: clock.short(m.at),
    });
    let view = SearchView {
        asked: !asked.is_empty(),
        hits: hits.collect(),
        unknown: asked.unknown,
        newest: by == By::Newest,
        q: typed.q,
    };
    desk.show("search", &view)
}

/// Tickets with a message that matches, the best message of each; at most `most`.
///
/// # Errors
/// As the index or database reports.
pub async fn find(
    search: &Search,
    tx: &mut Tx,
    scope: &Scope,
    brand: BrandId,
    asked: &Asked,
    by: By,
    most: usize,
) -> Result<Vec<(Ticket, Message)>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut out: Vec<(Ticket, Message)> = Vec::new();
    // Filters on the ticket are not in the index (they change); so hits are read on until enough
    // of them pass, within reason.
    for page in 0..10 {
        let (search, asked_here) = (search.clone(), asked.clone());
        let found = tokio::task::spawn_blocking(move || search.find(brand, &asked_here, by, page * 100, 100));
        let ids = found.await.map_err(anyhow::Error::from)??;
        let last = ids.len() < 100;
        let found = messages::many(tx, brand, &ids).await?;
        let mut messages: HashMap<MessageId, Message> = found.into_iter().map(|m| (m.id, m)).collect();
        let about: Vec<TicketId> = messages.values().filter_map(|m| m.ticket_id).collect();
        let found = tickets::many(tx, brand, &about).await?;
        let tickets: HashMap<TicketId, Ticket> = found.into_iter().map(|t| (t.id, t)).collect();
        for id in ids {
            let Some(message) = messages.remove(&id).filter(|m| scope.admits(m.brand_id)) else { continue };
            let Some(ticket) = message.ticket_id.filter(|t| !out.iter().any(|(o, _)| o.id == *t)) else { continue };
            let Some(ticket) = tickets.get(&ticket).cloned() else { continue };
            if passes(&ticket, asked, scope) && ticket.merged_into.is_none() {
                out.push((ticket, message));
            }
            if out.len() == most {
                return Ok(out);
            }
        }
        if last {
            break;
        }
    }
    Ok(out)
}

fn passes(ticket: &Ticket, asked: &Asked, scope: &Scope) -> bool {
    asked.ticket.iter().all(|(wanted, operator, value)| {
        let holds = match operator {
            Operator::Stage => ticket.stage.as_str() == value,
            Operator::State => ticket.state.as_str() == value,
            Operator::Language => ticket.language.as_deref() == Some(value),
            Operator::Label => ticket.label_list().iter().any(|l| text::fold(l).text == *value),
            Operator::Assignee => match value.as_str() {
                "me" | "moi" => ticket.assignee_id == scope.who(),
                "none" | "personne" => ticket.assignee_id.is_none(),
                id => ticket.assignee_id.is_some_and(|a| a.to_string() == id),
            },
        };
        holds == *wanted
    })
}
