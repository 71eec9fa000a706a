//! What a tab has to be told, decided before anything is read or rendered: which tickets changed
//! since it was last told, and where each of them was then.

use std::collections::{BTreeMap, BTreeSet};

use super::News;
use crate::base::id::{BrandId, MessageId, TicketId};
use crate::desk::event::EventKind;
use crate::desk::ticket::Ticket;
use crate::store::events::Past;
use crate::store::select::{Filter, Open};

/// Changed tickets that are kept in mind for a tab; more, and it is told to look for itself.
pub const MOST: usize = 256;
/// Events of one ticket kept apart; more, and its conversation is told whole.
const LINES: usize = 64;

/// Where a ticket was when the tab was last told.
#[derive(Debug, Clone, Copy)]
enum Was {
    /// As it stood; none: not open.
    Known(Option<Open>),
    /// Nobody knows: the tab was away.
    Unknown,
}

/// What happened to one ticket.
#[derive(Debug)]
pub struct Changed {
    was: Was,
    /// The messages concerned.
    pub messages: BTreeSet<MessageId>,
    /// The events, by their place in the log.
    pub lines: BTreeSet<i64>,
    /// True when there are more than were kept.
    pub whole: bool,
    /// Who acted last: `agent`, `rule` …, and which of them.
    pub by: (String, Option<String>),
}

impl Changed {
    fn note(&mut self, event: &Past) {
        self.messages.extend(event.message_id);
        self.lines.insert(event.seq);
        // These touch messages they do not name.
        let wide = matches!(event.kind, EventKind::Merged | EventKind::Unmerged | EventKind::ContactChanged);
        let unnamed = event.kind == EventKind::DeliveryChanged && event.message_id.is_none();
        if wide || unnamed || self.lines.len() > LINES {
            self.lines.clear();
            self.messages.clear();
            self.whole = true;
        }
        self.by = (event.actor_kind.clone(), event.actor.clone());
    }
}

/// What a view does about a changed ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// It is where it was, and looks different.
    Patch,
    /// It came in.
    Came,
    /// It left.
    Left,
    /// It is none of this view's.
    Nothing,
}

/// What one tab was not told yet. Its size is bounded, whatever happens.
#[derive(Debug, Default)]
pub struct Heard {
    /// The last event in it.
    pub seq: i64,
    /// The tickets something happened to.
    pub tickets: BTreeMap<TicketId, Changed>,
    /// Tickets somebody came to, left, or writes in.
    pub people: BTreeSet<TicketId>,
    /// True when counts may have changed.
    pub counts: bool,
    /// True when too much happened: the tab looks for itself.
    pub lost: bool,
    /// True when somebody's access changed.
    pub access: bool,
}

impl Heard {
    /// True when there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty() && self.people.is_empty() && !self.counts && !self.lost && !self.access
    }

    /// True when only counts may have changed.
    pub fn only_counts(&self) -> bool {
        self.tickets.is_empty() && self.people.is_empty() && !self.lost && !self.access
    }

    /// Too much was missed.
    pub fn lose(&mut self) {
        *self = Heard { seq: self.seq, lost: true, counts: true, access: self.access, ..Heard::default() };
    }

    /// Hears an event as it happens.
    pub fn hear(&mut self, brand: BrandId, news: &News) {
        self.take(brand, &news.event, Was::Known(news.before));
    }

    /// Hears of an event the tab was away for.
    pub fn catch_up(&mut self, brand: BrandId, event: &Past) {
        let was = if event.kind == EventKind::TicketOpened { Was::Known(None) } else { Was::Unknown };
        self.take(brand, event, was);
    }

    fn take(&mut self, brand: BrandId, event: &Past, was: Was) {
        self.seq = self.seq.max(event.seq);
        self.access |= event.kind == EventKind::AgentChanged;
        if event.brand_id != brand || self.lost {
            return;
        }
        let Some(ticket) = event.ticket_id else { return };
        self.counts = true;
        let fresh = || Changed {
            was,
            messages: BTreeSet::new(),
            lines: BTreeSet::new(),
            whole: false,
            by: (String::new(), None),
        };
        self.tickets.entry(ticket).or_insert_with(fresh).note(event);
        if self.tickets.len() > MOST {
            self.lose();
        }
    }

    /// Hears that somebody came to a ticket, left it, or began or stopped writing.
    pub fn meet(&mut self, ticket: TicketId) {
        if !self.lost {
            self.people.insert(ticket);
        }
        if self.people.len() > MOST {
            self.people.clear();
            self.lose();
        }
    }
}

impl Changed {
    /// What a view does about the ticket as it is now.
    pub fn in_view(&self, filter: &Filter, now: &Ticket) -> Move {
        let was = match self.was {
            Was::Known(open) => Some(open.is_some_and(|o| filter.may_admit(&o))),
            Was::Unknown => None,
        };
        match (was, filter.admits(now)) {
            (Some(true), true) => Move::Patch,
            (_, true) => Move::Came,
            // What was resolved before is not kept in mind: the tab knows whether it shows it.
            (Some(false), false) if filter.is_of_open() => Move::Nothing,
            (_, false) => Move::Left,
        }
    }
}
