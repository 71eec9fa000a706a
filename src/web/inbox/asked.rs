//! What the address asks of the inbox: view, filters, order, page.

use crate::base::At;
use crate::base::id::{AgentId, ChannelId, TeamId};
use crate::desk::message::{Kind, Visibility};
use crate::desk::stage::Stage;
use crate::desk::ticket::State;
use crate::store::select::{Assignee, Cursor, Filter, Sort, States};

crate::words! {
    /// A view of the queue.
    pub enum Which {
        /// Ours to act.
        Todo = "todo",
        /// Mine.
        Mine = "mine",
        /// With nobody.
        Unassigned = "unassigned",
        /// Waiting for the customer.
        Waiting = "waiting",
        /// Put aside.
        Snoozed = "snoozed",
        /// Everything that is not done.
        Open = "open",
        /// Done.
        Resolved = "resolved",
    }
}

/// What the address asks.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The view.
    pub view: Which,
    /// Its order.
    pub sort: Sort,
    /// Filters on top.
    pub stage: Option<Stage>,
    /// See `stage`.
    pub channel: Option<ChannelId>,
    /// See `stage`.
    pub team: Option<TeamId>,
    /// See `stage`.
    pub network: Option<String>,
    /// All, private, comments or mentions.
    pub split: String,
    /// See `stage`.
    pub label: Option<String>,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// What was just done: see `said`.
    pub did: Option<String>,
    /// Messages of the thread before this moment.
    pub before: Option<At>,
}

impl Asked {
    /// Reads `/inbox/{view}?…`; none when there is no such view.
    pub fn read(view: &str, query: &str) -> Option<Asked> {
        Some(Asked::of(view.parse().ok()?, query))
    }

    /// Reads `/tickets/{id}?in=VIEW&…`.
    pub fn beside(query: &str) -> Asked {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let view = pairs.into_iter().find(|(k, _)| k == "in").and_then(|(_, v)| v.parse().ok());
        Asked::of(view.unwrap_or(Which::Todo), query)
    }

    fn of(view: Which, query: &str) -> Asked {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty());
        // What is resolved owes nothing: by urgency it has no order.
        let sort = get("sort").and_then(|s| s.parse().ok()).filter(|s| sorts(view).contains(s));
        Asked {
            view,
            sort: sort.unwrap_or(usual(view)),
            stage: get("stage").and_then(|s| s.parse().ok()),
            channel: get("channel").and_then(|s| s.parse().ok()),
            team: get("team").and_then(|s| s.parse().ok()),
            network: get("network").map(str::to_owned),
            split: get("split").unwrap_or("all").to_owned(),
            label: get("label").map(str::to_owned),
            after: get("after").and_then(read_cursor),
            did: get("did").map(str::to_owned),
            before: get("before").and_then(|b| b.parse().ok()).map(At),
        }
    }

    /// The store's filter for somebody.
    pub fn filter(&self, me: AgentId) -> Filter {
        let states = match self.view {
            Which::Todo | Which::Unassigned => States::ToDo,
            Which::Mine | Which::Open => States::Open,
            Which::Waiting => States::One(State::Waiting),
            Which::Snoozed => States::One(State::Snoozed),
            Which::Resolved => States::One(State::Resolved),
        };
        let assignee = match self.view {
            Which::Mine => Some(Assignee::Agent(me)),
            Which::Unassigned => Some(Assignee::Nobody),
            _ => None,
        };
        let (kind, visibility) = match self.split.as_str() {
            "private" => (None, Some(Visibility::Private)),
            "comments" => (Some(Kind::Comment), None),
            "mentions" => (Some(Kind::Mention), None),
            _ => (None, None),
        };
        Filter {
            states,
            stage: self.stage,
            team: self.team,
            assignee,
            network: self.network.clone(),
            channel: self.channel,
            kind,
            visibility,
            label: self.label.clone(),
        }
    }

    /// The query that keeps the queue as it is, with one thing changed.
    pub fn query(&self, change: &[(&str, Option<String>)]) -> String {
        let default = usual(self.view);
        let now: [(&str, Option<String>); 7] = [
            ("sort", Some(self.sort.to_string()).filter(|_| self.sort != default)),
            ("stage", self.stage.map(|s| s.to_string())),
            ("channel", self.channel.map(|c| c.to_string())),
            ("team", self.team.map(|t| t.to_string())),
            ("network", self.network.clone()),
            ("split", Some(self.split.clone()).filter(|s| s != "all")),
            ("label", self.label.clone()),
        ];
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in &now {
            let value = change.iter().find(|(k, _)| k == key).map_or(value, |(_, v)| v);
            if let Some(value) = value {
                out.append_pair(key, value);
            }
        }
        for (key, value) in change.iter().filter(|(k, _)| !now.iter().any(|(n, _)| n == k)) {
            if let Some(value) = value {
                out.append_pair(key, value);
            }
        }
        out.finish()
    }

    /// The address of this queue with one thing changed.
    pub fn here(&self, change: &[(&str, Option<String>)]) -> String {
        let query = self.query(change);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/inbox/{}{mark}{query}", self.view)
    }

    /// What follows a ticket's address so that this queue stays beside it.
    pub fn tail(&self) -> String {
        let mut query = self.query(&[]);
        if self.view != Which::Todo {
            let mark = if query.is_empty() { "" } else { "&" };
            query = format!("in={}{mark}{query}", self.view);
        }
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// The order a view begins with.
fn usual(view: Which) -> Sort {
    if view == Which::Todo { Sort::Urgent } else { Sort::Newest }
}

/// The orders a view has.
pub fn sorts(view: Which) -> &'static [Sort] {
    match view {
        Which::Resolved => &[Sort::Newest, Sort::Oldest],
        _ => Sort::ALL,
    }
}

/// A page's beginning as written in an address.
pub fn write_cursor(cursor: Cursor) -> String {
    format!("{}.{}", cursor.0, cursor.1)
}

/// A page's beginning as read from an address.
pub fn read_cursor(text: &str) -> Option<Cursor> {
    let (key, id) = text.split_once('.')?;
    Some(Cursor(key.parse().ok()?, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_every_state() {
        let asked = Asked::read("mine", "sort=oldest&stage=customer&split=private&label=b2b&after=x").unwrap();
        assert_eq!((asked.view, asked.sort, asked.after), (Which::Mine, Sort::Oldest, None));
        assert_eq!(asked.here(&[]), "/inbox/mine?sort=oldest&stage=customer&split=private&label=b2b");
        assert_eq!(asked.here(&[("stage", None), ("split", None)]), "/inbox/mine?sort=oldest&label=b2b");
        assert_eq!(asked.tail(), "?in=mine&sort=oldest&stage=customer&split=private&label=b2b");
        assert_eq!(Asked::read("todo", "").unwrap().sort, Sort::Urgent);
        assert_eq!(Asked::read("open", "").unwrap().sort, Sort::Newest);
        assert_eq!(Asked::read("resolved", "sort=urgent").unwrap().sort, Sort::Newest);
        assert_eq!(Asked::beside("").tail(), "");
        assert!(Asked::read("everything", "").is_none());
    }
}
