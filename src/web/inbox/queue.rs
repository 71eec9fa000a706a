//! The queue: fifty rows of a view, each with what one needs to choose.

use std::collections::HashMap;

use serde::Serialize;

use super::asked::{Asked, Which, write_cursor};
use super::beside::{Beside, beside};
use crate::base::id::{AgentId, TicketId};
use crate::base::locale::t;
use crate::base::text;
use crate::desk::delivery::Delivery;
use crate::desk::message::{Kind, Visibility};
use crate::desk::ticket::{Bot, State};
use crate::store::select::{self, Cursor, Listed};
use crate::store::{Tx, agents, drafts};
use crate::web::Result;
use crate::web::ask::{Desk, Hand};
use crate::web::show::tint;

/// Rows on a page.
const PAGE: i64 = 50;

/// The queue.
#[derive(Debug, Default, Serialize)]
pub struct Queue {
    title: String,
    total: Option<usize>,
    view: String,
    /// The view's own address, filters included.
    here: String,
    sorts: Vec<Choice>,
    splits: Vec<Choice>,
    rows: Vec<Row>,
    more: Option<String>,
    /// Filters that can be taken off: what they say, and the address without them.
    filters: Vec<Choice>,
}

/// A choice: its words, its address, whether it is made.
#[derive(Debug, Serialize)]
pub struct Choice {
    label: String,
    href: String,
    current: bool,
}

/// A row.
#[derive(Debug, Serialize)]
pub struct Row {
    id: String,
    href: String,
    current: bool,
    fresh: bool,
    initials: String,
    tint: usize,
    network: String,
    name: String,
    handle: String,
    excerpt: String,
    lang: String,
    stage: String,
    rank: usize,
    kind: String,
    kind_icon: &'static str,
    kind_label: String,
    label: Option<String>,
    label_kind: &'static str,
    sla: String,
    sla_class: &'static str,
    bot: bool,
    assignee: Option<(String, usize, String)>,
    state: String,
    resolved: bool,
    /// Who else is at it.
    beside: Vec<Beside>,
    /// Something of one's own is begun there and not sent.
    draft: bool,
}

impl Queue {
    /// For trying the template.
    pub fn sample() -> Queue {
        let choice = |label: &str, current| Choice { label: label.into(), href: "/inbox/todo".into(), current };
        Queue {
            title: "À traiter".into(),
            total: Some(38),
            view: "todo".into(),
            here: "/inbox/todo".into(),
            sorts: vec![choice("Urgence", true), choice("Récent", false)],
            splits: vec![choice("Tous", true)],
            rows: vec![Row::sample(false), Row::sample(true)],
            more: Some("/inbox/todo?after=1".into()),
            filters: vec![choice("Étape : Client", true)],
        }
    }
}

impl Queue {
    /// The ticket to go on with when this one is done: the one below, else the one above.
    pub fn after(&self, current: TicketId) -> String {
        let current = current.to_string();
        let at = self.rows.iter().position(|r| r.id == current);
        let near = at.and_then(|at| self.rows.get(at + 1).or_else(|| self.rows.get(at.checked_sub(1)?)));
        near.or(self.rows.first().filter(|_| at.is_none())).map(|r| r.id.clone()).unwrap_or_default()
    }
}

impl Row {
    /// For trying the template.
    pub fn sample(done: bool) -> Row {
        Row {
            id: "0".into(),
            href: "/tickets/0".into(),
            current: !done,
            fresh: !done,
            initials: "CR".into(),
            tint: 1,
            network: "facebook".into(),
            name: "Camille <b>Roussel".into(),
            handle: "@camille.rsl".into(),
            excerpt: "Vous pensez que ça arrivera avant samedi ?".into(),
            lang: "fr".into(),
            stage: "customer".into(),
            rank: 4,
            kind: "dm".into(),
            kind_icon: "lock",
            kind_label: "Privé".into(),
            label: Some("Livraison".into()),
            label_kind: "danger",
            sla: "8 min".into(),
            sla_class: "soon",
            bot: true,
            assignee: Some(("SL".into(), 2, "Sarah Lenoir".into())),
            state: "new".into(),
            resolved: done,
            beside: vec![Beside::sample(done)],
            draft: done,
        }
    }
}

/// Icon and words of what kind of exchange it is.
pub fn kind(lang: crate::base::Lang, kind: Kind, visibility: Visibility) -> (&'static str, String) {
    let (icon, key) = match (kind, visibility) {
        (Kind::Comment, Visibility::Public) => ("globe", "kind-comment"),
        (Kind::Mention, _) => ("at-sign", "kind-mention"),
        (Kind::Review, _) => ("lightbulb", "kind-review"),
        (Kind::Email, _) => ("mail", "kind-email"),
        (Kind::Chat, _) => ("message-circle", "kind-chat"),
        (Kind::FeedEntry, _) => ("book-open", "kind-feed_entry"),
        (Kind::Call, _) => ("bell", "kind-call"),
        _ => ("lock", "kind-dm"),
    };
    (icon, t(lang, key, &[]))
}

/// The labels that mean danger, shown before others.
const SEVERE: [&str; 4] = ["crisis", "legal", "complaint", "spam"];

/// Makes rows of listed tickets.
///
/// # Errors
/// As the database reports.
pub async fn rows(
    hand: &Hand,
    tx: &mut Tx,
    listed: Vec<Listed>,
    current: Option<TicketId>,
    tail: &str,
) -> Result<Vec<Row>> {
    let colleagues: HashMap<AgentId, String> =
        agents::colleagues(tx, hand.brand.id).await?.into_iter().map(|c| (c.id, c.name)).collect();
    let begun = drafts::of_agent(tx, hand.brand.id, hand.known.agent.id).await?;
    let clock = hand.clockface();
    let make = |l: Listed| {
        let (kind_icon, kind_label) = kind(hand.lang, l.ticket.kind, l.ticket.visibility);
        let labels = l.ticket.label_list();
        let severe = labels.iter().find(|l| SEVERE.contains(&l.as_str())).cloned();
        let label_kind = if severe.is_some() { "danger" } else { "" };
        let name = shown_name(hand, &l.contact_name, l.handle.as_deref());
        let (sla, sla_class) = match (l.ticket.sla_due_at, l.ticket.state) {
            (Some(due), _) => clock.due(due),
            (None, State::Snoozed) => (l.ticket.snoozed_until.map(|u| clock.short(u)).unwrap_or_default(), "asleep"),
            (None, _) => (clock.short(l.ticket.last_message_at), "none"),
        };
        let assignee = l.ticket.assignee_id.and_then(|a| colleagues.get(&a));
        Row {
            id: l.ticket.id.to_string(),
            href: format!("/tickets/{}{tail}", l.ticket.id),
            current: current == Some(l.ticket.id),
            fresh: l.ticket.state == State::New,
            initials: text::initials(&name),
            tint: tint(&name),
            network: l.ticket.network.clone(),
            handle: l.handle.filter(|h| *h != name).unwrap_or_default(),
            excerpt: l.ticket.excerpt.clone(),
            lang: l.ticket.language.clone().unwrap_or_default(),
            stage: l.ticket.stage.to_string(),
            rank: l.ticket.stage.rank(),
            kind: l.ticket.kind.to_string(),
            kind_icon,
            kind_label,
            label: severe.or_else(|| labels.first().cloned()).map(|l| super::thread::label_name(hand.lang, &l)),
            label_kind,
            sla,
            sla_class,
            bot: l.ticket.bot == Bot::Active && l.ticket.state == State::Waiting,
            assignee: assignee.map(|n| (text::initials(n), tint(n), n.clone())),
            state: l.ticket.state.to_string(),
            resolved: l.ticket.state == State::Resolved,
            beside: beside(hand, l.ticket.id),
            draft: begun.contains(&l.ticket.id),
            name,
        }
    };
    Ok(listed.into_iter().map(make).collect())
}

/// The name to show: theirs, else their handle, else that nobody told.
pub fn shown_name(hand: &Hand, name: &str, handle: Option<&str>) -> String {
    let named = Some(name).filter(|n| !n.is_empty()).or(handle.filter(|h| !h.is_empty()));
    named.map_or_else(|| t(hand.lang, "nobody-named", &[]), str::to_owned)
}

/// How many tickets are in the view, where that is known without counting rows.
pub fn total(hand: &Hand, asked: &Asked) -> Option<usize> {
    let numbers = hand.web.counts.numbers(hand.brand.id, hand.known.agent.id, hand.now);
    let filtered = asked.stage.is_some()
        || asked.channel.is_some()
        || asked.label.is_some()
        || asked.split != "all"
        || asked.team.is_some()
        || asked.network.is_some();
    match asked.view {
        _ if filtered => None,
        Which::Todo => Some(numbers.todo),
        Which::Mine => Some(numbers.mine),
        Which::Unassigned => Some(numbers.unassigned),
        Which::Waiting => Some(numbers.waiting),
        Which::Snoozed => Some(numbers.snoozed),
        Which::Open => Some(numbers.open),
        Which::Resolved => None,
    }
}

/// Reads a page of the queue.
///
/// # Errors
/// As the database reports.
pub async fn read(desk: &mut Desk, asked: &Asked, current: Option<TicketId>) -> Result<Queue> {
    let (hand, tx) = desk.parts();
    let filter = asked.filter(hand.known.agent.id);
    let listed = select::page(tx, hand.brand.id, &filter, asked.sort, asked.after, PAGE).await?;
    let more = (i64::try_from(listed.len()) == Ok(PAGE))
        .then(|| listed.last().map(|l| write_cursor(Cursor(asked.sort.key(&l.ticket), l.ticket.id))))
        .flatten()
        .map(|cursor| asked.here(&[("after", Some(cursor))]));
    let words = |key: String| t(hand.lang, &key, &[]);
    let sorts = super::asked::sorts(asked.view).iter().map(|s| Choice {
        label: words(format!("sort-{s}")),
        href: asked.here(&[("sort", Some(s.to_string()))]),
        current: asked.sort == *s,
    });
    let splits = ["all", "private", "comments", "mentions"].map(|s| Choice {
        label: words(format!("split-{s}")),
        href: asked.here(&[("split", Some(s.to_owned()).filter(|s| s != "all"))]),
        current: asked.split == s,
    });
    let mut filters = Vec::new();
    if let Some(stage) = asked.stage {
        filters.push(Choice {
            label: words(format!("stage-{stage}")),
            href: asked.here(&[("stage", None)]),
            current: true,
        });
    }
    if let Some(label) = &asked.label {
        filters.push(Choice { label: label.clone(), href: asked.here(&[("label", None)]), current: true });
    }
    if asked.channel.is_some() {
        filters.push(Choice {
            label: words("one-channel".into()),
            href: asked.here(&[("channel", None)]),
            current: true,
        });
    }
    Ok(Queue {
        title: words(format!("view-{}", asked.view)),
        total: total(hand, asked),
        view: asked.view.to_string(),
        here: asked.here(&[]),
        sorts: sorts.collect(),
        splits: splits.into_iter().collect(),
        rows: rows(hand, tx, listed, current, &asked.tail()).await?,
        more,
        filters,
    })
}

/// Words and look of a delivery state.
pub fn delivery(lang: crate::base::Lang, state: Delivery, reason: Option<&str>) -> String {
    let words = t(lang, &format!("delivery-{state}"), &[]);
    match reason {
        Some(reason) if state.is_trouble() || state == Delivery::RetryWait => {
            let why =
                crate::base::locale::find(lang, &format!("why-{reason}"), &[]).unwrap_or_else(|| reason.to_owned());
            format!("{words} · {why}")
        }
        _ => words,
    }
}
