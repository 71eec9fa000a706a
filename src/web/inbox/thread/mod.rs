//! The conversation: what was written in the thread and its private sequel, what was done to the
//! ticket, in one line of time; with the words marked that led to automatic acts.

mod deeds;
mod entries;
mod judged;
mod marks;
mod sample;
mod told;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use self::entries::Entry;
pub use self::marks::marked;
pub use self::told::told;
use super::asked::Asked;
use super::beside::{Beside, beside};
use super::queue::{kind, shown_name};
use crate::base::id::{AgentId, MessageId, TeamId};
use crate::base::locale::t;
use crate::base::{At, text};
use crate::desk::agent::Power;
use crate::desk::canned::Library;
use crate::desk::ticket::{State, Ticket};
use crate::desk::trace::Matched;
use crate::store::judgments::{self, Offered};
use crate::store::messages::{self, Message};
use crate::store::{Tx, posts, tickets};
use crate::web::Result;
use crate::web::ask::{Desk, Hand};
use crate::web::ill;
use crate::web::inbox::matter::Matter;
use crate::web::show::{Clockface, tint};

/// The conversation pane.
#[derive(Debug, Serialize)]
pub struct Conversation {
    id: String,
    number: i64,
    name: String,
    network: String,
    channel: String,
    kind_label: String,
    state: String,
    state_label: String,
    resolved: bool,
    sla: String,
    sla_class: &'static str,
    assignee: Option<(String, usize, String)>,
    mine: bool,
    team: Option<String>,
    priority: String,
    tail: String,
    back: String,
    post: Option<PostBar>,
    entries: Vec<Entry>,
    earlier: Option<String>,
    /// A channel that cannot send now: why, in words.
    ill: Option<String>,
    may_handle: bool,
    colleagues: Vec<(String, String, bool)>,
    teams: Vec<(String, String, bool)>,
    stages: Vec<(String, String, usize, bool)>,
    priorities: Vec<(String, String, bool)>,
    merged: Vec<(String, String)>,
    /// The ticket's last event shown here: whoever writes has not seen an answer after it.
    seen: i64,
    /// Who else is here.
    beside: Vec<Beside>,
}

/// The publication above a thread.
#[derive(Debug, Serialize)]
pub struct PostBar {
    text: String,
    about: String,
    href: Option<String>,
    gone: bool,
}

/// What is looked up once for a whole conversation.
struct Names<'a> {
    hand: &'a Hand,
    clock: Clockface,
    agents: HashMap<AgentId, String>,
    teams: HashMap<String, String>,
    evidence: HashMap<MessageId, Vec<Matched>>,
    limits: crate::desk::limits::Limits,
    ticket: &'a Ticket,
    /// What the bot's entries are called; there where the bot has spoken.
    library: Option<Arc<Library>>,
    /// What the bot offered or said, and what was made of it.
    offers: Vec<Offered>,
}

impl Names<'_> {
    fn entry_title(&self, path: &str) -> String {
        let entry = self.library.as_ref().and_then(|l| l.get(path));
        entry.map_or(path, |e| e.title(self.hand.lang.as_str())).to_owned()
    }
}

/// A label as shown: the words the rules use have names, others are people's own.
pub fn label_name(lang: crate::base::Lang, label: &str) -> String {
    crate::base::locale::find(lang, &format!("label-{label}"), &[]).unwrap_or_else(|| label.to_owned())
}

/// A team's name: its own, or the interface's word for the first teams.
pub fn team_name(hand: &Hand, slug: &str, own: Option<&str>) -> String {
    let known = || crate::base::locale::find(hand.lang, &format!("team-{slug}"), &[]);
    own.map(str::to_owned).or_else(known).unwrap_or_else(|| slug.to_owned())
}

/// Reads the conversation of a ticket, beside what is known of it already.
///
/// # Errors
/// As the database reports.
pub async fn read(desk: &mut Desk, ticket: &Ticket, asked: &Asked, matter: Matter) -> Result<Conversation> {
    let (hand, tx) = desk.parts();
    let brand = ticket.brand_id;
    let Matter { seen, channel, contact, handles, thread, past, colleagues, teams: team_rows, .. } = matter;
    let network = hand.web.house.network(&channel.network);
    let before = asked.before.unwrap_or(At(i64::MAX));
    let (lines, earlier) = written(tx, ticket, before).await?;
    let offers = judgments::of_ticket(tx, brand, ticket.id).await?;
    let spoken = judged::any(&offers, &lines) || lines.iter().any(|m| m.by_rule.is_some());
    let library = if spoken { Some(hand.web.house.library(tx, brand).await?) } else { None };
    let names = Names {
        hand,
        clock: hand.clockface(),
        agents: colleagues.iter().map(|c| (c.id, c.name.clone())).collect(),
        teams: team_rows.iter().map(|t| (t.slug.clone(), team_name(hand, &t.slug, t.name.as_deref()))).collect(),
        evidence: marks::evidence(&past),
        limits: network.map(crate::networks::Network::limits).unwrap_or_default(),
        ticket,
        library,
        offers,
    };
    let entries = entries::line_up(&names, lines, past, asked.before.is_none());
    let post = match thread.post_id {
        Some(id) => Some(post_bar(&names, posts::get(tx, brand, id).await?, &channel.network)),
        None => None,
    };
    let handle = handles.iter().find(|i| i.network == ticket.network).and_then(|i| i.handle.as_deref());
    let (sla, sla_class) = ticket.sla_due_at.map_or((String::new(), ""), |due| names.clock.due(due));
    let team_of = |id: Option<TeamId>| team_rows.iter().find(|t| Some(t.id) == id);
    let assignee =
        ticket.assignee_id.and_then(|a| names.agents.get(&a)).map(|n| (text::initials(n), tint(n), n.clone()));
    let words = |key: String| t(hand.lang, &key, &[]);
    let merged = crate::store::merges::into(tx, brand, crate::base::id::AnyId(ticket.id.0)).await?;
    Ok(Conversation {
        id: ticket.id.to_string(),
        number: ticket.number,
        name: shown_name(hand, &contact.name, handle),
        network: ticket.network.clone(),
        channel: channel.name.clone(),
        kind_label: kind(hand.lang, ticket.kind, ticket.visibility).1,
        state: ticket.state.to_string(),
        state_label: words(format!("state-{}", ticket.state)),
        resolved: ticket.state == State::Resolved,
        sla,
        sla_class,
        mine: ticket.assignee_id == Some(hand.known.agent.id),
        assignee,
        team: team_of(ticket.team_id).map(|t| names.teams[&t.slug].clone()),
        priority: ticket.priority.to_string(),
        tail: asked.tail(),
        back: asked.here(&[]),
        post,
        earlier: earlier.map(|at| {
            let tail = asked.tail();
            let mark = if tail.is_empty() { "?" } else { "&" };
            format!("/tickets/{}{tail}{mark}before={}", ticket.id, at.0)
        }),
        entries,
        ill: ill::of(hand, &channel).map(|i| i.text),
        may_handle: hand.may(Power::Handle),
        colleagues: colleagues
            .iter()
            .filter(|c| c.disabled_at.is_none())
            .map(|c| (c.id.to_string(), c.name.clone(), ticket.assignee_id == Some(c.id)))
            .collect(),
        teams: team_rows
            .iter()
            .map(|t| (t.id.to_string(), names.teams[&t.slug].clone(), ticket.team_id == Some(t.id)))
            .collect(),
        stages: crate::desk::stage::Stage::ALL
            .iter()
            .map(|s| (s.to_string(), words(format!("stage-{s}")), s.rank(), *s == ticket.stage))
            .collect(),
        priorities: crate::desk::ticket::Priority::ALL
            .iter()
            .map(|p| (p.to_string(), words(format!("priority-{p}")), *p == ticket.priority))
            .collect(),
        merged: merged
            .into_iter()
            .filter(|m| m.kind == "ticket")
            .map(|m| (m.id.to_string(), names.clock.short(m.at)))
            .collect(),
        seen,
        beside: beside(hand, ticket.id),
    })
}

/// Messages shown at once.
const SHOWN: i64 = 50;

/// What was written in the ticket's thread, in its sequel or in what it continues, and whether
/// there is more before.
async fn written(tx: &mut Tx, ticket: &Ticket, before: At) -> Result<(Vec<Message>, Option<At>)> {
    let brand = ticket.brand_id;
    let mut all = messages::of_thread(tx, brand, ticket.thread_id, before, SHOWN).await?;
    let earlier = (i64::try_from(all.len()) == Ok(SHOWN)).then(|| all.first().map(|m| m.at)).flatten();
    let from = all.first().map_or(At(0), |m| m.at);
    all.extend(messages::of_ticket(tx, brand, ticket.id).await?);
    let mut linked = tickets::sequels(tx, brand, ticket.id).await?;
    if let Some(public) = ticket.continues {
        linked.push(tickets::get(tx, &crate::desk::scope::Scope::house(brand), public).await?);
    }
    for other in linked {
        all.extend(messages::of_ticket(tx, brand, other.id).await?.into_iter().filter(|m| m.at < before));
    }
    // What belongs to the page's earlier part is shown there, unless all of it fits here.
    let cut = if earlier.is_some() { from } else { At(0) };
    all.retain(|m| m.at >= cut && m.at < before);
    let mut seen = HashSet::new();
    all.retain(|m| seen.insert(m.id));
    all.sort_by_key(|m| (m.at, m.id));
    Ok((all, earlier))
}

fn post_bar(names: &Names<'_>, post: posts::Post, network: &str) -> PostBar {
    let name = names.hand.web.house.network(network).map_or(network, |n| n.card().name);
    let when = post.published_at.map(|at| names.clock.short(at));
    let key = if post.own == Some(true) { "post-ours" } else { "post-theirs" };
    let args = [("network", name.to_owned().into()), ("when", when.unwrap_or_default().into())];
    PostBar {
        text: post.text.as_deref().map(|t| text::excerpt(t, 90)).unwrap_or_default(),
        about: t(names.hand.lang, key, &args).trim().to_owned(),
        href: post.permalink.filter(|p| p.starts_with("https://")),
        gone: post.deleted_at.is_some(),
    }
}
