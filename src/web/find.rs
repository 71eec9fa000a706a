//! Tickets by the words of their messages: hits of the index in their order, read again under the
//! viewer's scope, filtered by what the tickets are now, each ticket at its best hit only. A page
//! ends where it is full, and the next goes on from there.

use std::collections::{HashMap, HashSet};

use super::Result;
use super::ask::Hand;
use crate::base::id::{AgentId, BrandId, MessageId, TeamId, TicketId};
use crate::base::locale::Arg;
use crate::base::{At, Lang, locale, text};
use crate::desk::scope::Scope;
use crate::desk::ticket::Ticket;
use crate::search::query::{Doubt, Operator};
use crate::search::{Asked, By, Search, Spot};
use crate::store::messages::Message;
use crate::store::{Tx, agents, messages, teams, tickets};

/// Hits read at once.
const CHUNK: usize = 200;
/// Hits read for one page, at most: where few of them pass the filters, a page may be short and yet
/// not the last.
const MOST: usize = 5_000;
/// Messages of a ticket that are looked at to find its best hit.
const LONGEST: i64 = 5_000;

/// What is looked for.
pub struct Wanted<'a> {
    /// At which brand.
    pub brand: BrandId,
    /// The search.
    pub asked: &'a Asked,
    /// In which order.
    pub by: By,
    /// Where the page before ended.
    pub after: Option<Spot>,
    /// Tickets on a page.
    pub most: usize,
    /// What else a ticket must be.
    pub fits: &'a (dyn Fn(&Ticket) -> bool + Send + Sync),
}

/// A page of what was found.
#[derive(Default)]
pub struct Found {
    /// Tickets, each with the message that matches best.
    pub hits: Vec<(Ticket, Message)>,
    /// Where the page ends, unless nothing comes after it.
    pub next: Option<Spot>,
    /// What was asked for and does not exist.
    pub doubts: Vec<Doubt>,
}

/// Finds a page of tickets.
///
/// # Errors
/// As the index or database reports.
pub async fn find(search: &Search, tx: &mut Tx, scope: &Scope, now: At, wanted: Wanted<'_>) -> Result<Found> {
    let Wanted { brand, asked, by, most, .. } = wanted;
    let mut found = Found::default();
    if asked.is_empty() || !scope.admits(brand) {
        return Ok(found);
    }
    let names = Names::of(tx, scope, brand, asked, &mut found.doubts).await?;
    let (mut after, mut read) = (wanted.after, 0);
    let mut seen: HashSet<TicketId> = HashSet::new();
    let mut kept: Vec<(Ticket, MessageId)> = Vec::new();
    'pages: loop {
        let (index, words) = (search.clone(), asked.clone());
        let hits = tokio::task::spawn_blocking(move || index.find(brand, &words, (by, now), after, CHUNK));
        let hits = hits.await.map_err(anyhow::Error::from)??;
        let ids: Vec<MessageId> = hits.iter().map(|hit| hit.id).collect();
        let of: HashMap<MessageId, TicketId> =
            messages::tickets_of(tx, brand, &ids).await?.into_iter().map(|m| (m.id, m.ticket_id)).collect();
        let mut about: Vec<TicketId> = of.values().copied().filter(|t| !seen.contains(t)).collect();
        about.sort_unstable();
        about.dedup();
        let about: HashMap<TicketId, Ticket> =
            tickets::many(tx, brand, &about).await?.into_iter().map(|t| (t.id, t)).collect();
        let last = hits.len() < CHUNK;
        for hit in hits {
            after = Some(hit.spot);
            let Some(ticket) = of.get(&hit.id).filter(|t| seen.insert(**t)).and_then(|t| about.get(t)) else {
                continue;
            };
            if ticket.merged_into.is_some() || !names.pass(ticket, asked) || !(wanted.fits)(ticket) {
                continue;
            }
            if wanted.after.is_some() && !is_best(search, tx, &wanted, ticket.id, hit.id).await? {
                continue;
            }
            kept.push((ticket.clone(), hit.id));
            if kept.len() == most {
                found.next = after;
                break 'pages;
            }
        }
        read += CHUNK;
        if last {
            break;
        }
        if read >= MOST {
            found.next = after;
            break;
        }
    }
    let ids: Vec<MessageId> = kept.iter().map(|(_, id)| *id).collect();
    let rows = messages::many(tx, brand, &ids).await?;
    let mut rows: HashMap<MessageId, Message> =
        rows.into_iter().filter(|m| scope.admits(m.brand_id)).map(|m| (m.id, m)).collect();
    found.hits = kept.into_iter().filter_map(|(ticket, id)| Some((ticket, rows.remove(&id)?))).collect();
    Ok(found)
}

/// False when a better hit of the ticket stands before this page: it was shown there.
async fn is_best(search: &Search, tx: &mut Tx, w: &Wanted<'_>, ticket: TicketId, hit: MessageId) -> Result<bool> {
    let ids = messages::ids_of_ticket(tx, w.brand, ticket, LONGEST).await?;
    let (index, words, brand, by) = (search.clone(), w.asked.clone(), w.brand, w.by);
    let first = tokio::task::spawn_blocking(move || index.first_of(brand, &words, by, &ids));
    let first = first.await.map_err(anyhow::Error::from)??;
    Ok(first.is_none_or(|first| first == hit))
}

/// Whoever is named in a search.
#[derive(Default)]
struct Names {
    people: HashMap<String, Who>,
    teams: HashMap<String, TeamId>,
}

enum Who {
    Nobody,
    These(Vec<AgentId>),
    Team(TeamId),
}

impl Names {
    async fn of(tx: &mut Tx, scope: &Scope, brand: BrandId, asked: &Asked, doubts: &mut Vec<Doubt>) -> Result<Names> {
        let mut names = Names::default();
        let of = |operator| asked.ticket.iter().filter(move |f| f.1 == operator).map(|f| f.2.as_str());
        if of(Operator::Assignee).chain(of(Operator::Team)).next().is_none() {
            return Ok(names);
        }
        let all = teams::all(tx, brand).await?;
        let team = |value: &str| {
            all.iter()
                .find(|t| t.slug == value || t.name.as_deref().is_some_and(|n| text::fold(n).text == value))
                .map(|t| t.id)
        };
        for value in of(Operator::Team) {
            match team(value) {
                Some(id) => drop(names.teams.insert(value.to_owned(), id)),
                None => doubts.push(Doubt::Value("team", value.to_owned())),
            }
        }
        for value in of(Operator::Assignee) {
            let who = match value {
                "me" | "moi" => Who::These(scope.who().into_iter().collect()),
                "none" | "nobody" | "personne" | "aucun" => Who::Nobody,
                _ => match (called(tx, brand, value).await?, team(value)) {
                    (some, _) if !some.is_empty() => Who::These(some),
                    (_, Some(team)) => Who::Team(team),
                    _ => {
                        doubts.push(Doubt::Value("assignee", value.to_owned()));
                        Who::These(Vec::new())
                    }
                },
            };
            names.people.insert(value.to_owned(), who);
        }
        Ok(names)
    }

    /// True when what a search says of tickets holds for this one.
    fn pass(&self, ticket: &Ticket, asked: &Asked) -> bool {
        asked.ticket.iter().all(|(wanted, operator, value)| {
            let holds = match operator {
                Operator::Stage => ticket.stage.as_str() == value,
                Operator::State => ticket.state.as_str() == value,
                Operator::Language => ticket.language.as_deref() == Some(value),
                Operator::Label => ticket.label_list().iter().any(|l| text::fold(l).text == *value),
                Operator::Team => self.teams.get(value).is_some_and(|team| ticket.team_id == Some(*team)),
                Operator::Assignee => match self.people.get(value) {
                    Some(Who::Nobody) => ticket.assignee_id.is_none(),
                    Some(Who::These(people)) => ticket.assignee_id.is_some_and(|a| people.contains(&a)),
                    Some(Who::Team(team)) => ticket.team_id == Some(*team),
                    None => false,
                },
            };
            holds == *wanted
        })
    }
}

/// Colleagues of this id, address, name or first name.
async fn called(tx: &mut Tx, brand: BrandId, value: &str) -> Result<Vec<AgentId>> {
    let all = agents::colleagues(tx, brand).await?;
    let is = |name: &str| {
        let name = text::fold(name).text;
        name == value || name.split(' ').next() == Some(value)
    };
    let found = all.into_iter().filter(|c| c.email == value || is(&c.name) || c.id.to_string() == value);
    Ok(found.map(|c| c.id).collect())
}

/// What was not understood, in the words of whoever asked.
pub fn doubt(lang: Lang, doubt: &Doubt) -> String {
    let t = |key: &str, args: &[Arg<'_>]| locale::t(lang, key, args);
    match doubt {
        Doubt::Operator(name) => t("unknown-operator", &[("name", name.clone().into())]),
        Doubt::Value(operator, value) => {
            t("unknown-value", &[("operator", (*operator).into()), ("value", value.clone().into())])
        }
        Doubt::Day(value) => t("unknown-day", &[("value", value.clone().into())]),
        Doubt::Quote => t("open-quote", &[]),
        Doubt::Long => t("search-too-long", &[]),
    }
}

/// The words of a search as whoever is at hand means them: days are those of the brand.
pub fn read(hand: &Hand, q: &str) -> Asked {
    crate::search::query::parse_in(q, &zone(&hand.brand.timezone))
}

/// A brand's time zone.
pub fn zone(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name).unwrap_or(jiff::tz::TimeZone::UTC)
}
