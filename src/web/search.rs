//! Searching: tickets, each with the piece of a message that was found.

use std::collections::HashMap;

use axum::extract::Query;
use serde::{Deserialize, Serialize};

use super::ask::Desk;
use super::find::{self, Wanted, doubt, find};
use super::inbox::{Row, rows};
use super::page::{Page, View};
use super::{Error, Result};
use crate::base::id::TicketId;
use crate::search::By;
use crate::search::quote::{Piece, quote};
use crate::store::select;

/// Tickets on a page.
const PAGE: usize = 40;
/// Events the index may be behind before that is said: more than a busy second brings.
const BEHIND: i64 = 2_000;

/// The search page.
#[derive(Debug, Serialize)]
pub struct SearchView {
    q: String,
    asked: bool,
    hits: Vec<Hit>,
    /// What was not understood, a sentence each.
    doubts: Vec<String>,
    newest: bool,
    /// The page after this one.
    more: Option<String>,
    /// True when messages may be missing: the index is being built, or cannot be written.
    behind: bool,
}

/// A ticket with the message that matched.
#[derive(Debug, Serialize)]
pub struct Hit {
    row: Row,
    quote: Vec<Piece>,
    by: String,
    when: String,
}

impl View for SearchView {
    const FILE: &'static str = "search.html";
    fn samples() -> Vec<SearchView> {
        let hit = Hit {
            row: Row::sample(false),
            quote: vec![(false, "toujours rien ".into()), (true, "reçu".into())],
            by: "Camille".into(),
            when: "hier".into(),
        };
        let nothing = SearchView {
            q: "zzz".into(),
            asked: true,
            hits: Vec::new(),
            doubts: Vec::new(),
            newest: false,
            more: None,
            behind: false,
        };
        let found = SearchView {
            q: "reçu colour:blue".into(),
            hits: vec![hit],
            doubts: vec!["« colour: » ?".into()],
            newest: true,
            more: Some("/search?q=re%C3%A7u&after=q0.0.0.1".into()),
            behind: true,
            ..SearchView { q: String::new(), ..nothing.again() }
        };
        vec![SearchView { asked: false, q: String::new(), ..nothing.again() }, found, nothing]
    }
}

impl SearchView {
    fn again(&self) -> SearchView {
        SearchView { q: self.q.clone(), hits: Vec::new(), doubts: Vec::new(), more: None, ..*self }
    }
}

/// What was typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    after: String,
}

/// The search page.
pub async fn search(mut desk: Desk, Query(typed): Query<Typed>) -> Result<Page> {
    let (hand, tx) = desk.parts();
    let asked = find::read(hand, &typed.q);
    let by = if typed.sort == "newest" { By::Newest } else { By::Relevance };
    let after = match typed.after.as_str() {
        "" => None,
        place => Some(place.parse().map_err(|()| Error::NotFound)?),
    };
    let wanted = Wanted { brand: hand.brand.id, asked: &asked, by, after, most: PAGE, fits: &|_| true };
    let found = find(&hand.web.search, tx, &hand.known.scope, hand.now, wanted).await?;
    let clock = hand.clockface();
    let ids: Vec<TicketId> = found.hits.iter().map(|(t, _)| t.id).collect();
    let order: HashMap<TicketId, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let mut listed = select::these(tx, hand.brand.id, &ids).await?;
    listed.sort_by_key(|l| order[&l.ticket.id]);
    let made = rows(hand, tx, listed, None, "").await?;
    let hits = made.into_iter().zip(found.hits).map(|(row, (_, m))| Hit {
        row,
        quote: quote(&m.text, &asked, 160),
        by: m.author_name,
        when: clock.short(m.at),
    });
    let more = found.next.map(|spot| {
        let mut address = url::form_urlencoded::Serializer::new("/search?".to_owned());
        address.append_pair("q", &typed.q);
        if by == By::Newest {
            address.append_pair("sort", "newest");
        }
        address.append_pair("after", &spot.to_string()).finish()
    });
    let index = &hand.web.search;
    let view = SearchView {
        asked: !asked.is_empty(),
        hits: hits.collect(),
        doubts: asked.doubts.iter().chain(&found.doubts).map(|d| doubt(hand.lang, d)).collect(),
        newest: by == By::Newest,
        more,
        behind: index.trouble().is_some() || hand.seq - index.fed() > BEHIND,
        q: typed.q,
    };
    desk.show("search", &view)
}
