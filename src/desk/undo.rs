//! Taking an act of triage back: what it changed is kept beside it in the log, before and after, and
//! is put back only where nothing else has changed since.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::stage::Stage;
use super::ticket::{Bot, Priority, State, Ticket};
use crate::base::At;
use crate::base::id::{ActId, AgentId, TeamId, TicketId};

/// The part of a ticket that acts of triage change.
#[derive(Serialize, Deserialize)]
struct Triaged {
    state: State,
    snoozed_until: Option<At>,
    bot: Bot,
    stage: Stage,
    stage_held: bool,
    team: Option<TeamId>,
    assignee: Option<AgentId>,
    priority: Priority,
    labels: Value,
    waiting_since: Option<At>,
    sla_due_at: Option<At>,
    resolved_at: Option<At>,
}

/// Times that follow from the rest: put back with it, never a reason to refuse.
const FOLLOW: [&str; 3] = ["waiting_since", "sla_due_at", "resolved_at"];

fn snapshot(t: &Ticket) -> Map<String, Value> {
    let now = Triaged {
        state: t.state,
        snoozed_until: t.snoozed_until,
        bot: t.bot,
        stage: t.stage,
        stage_held: t.stage_held,
        team: t.team_id,
        assignee: t.assignee_id,
        priority: t.priority,
        labels: t.labels.clone(),
        waiting_since: t.waiting_since,
        sla_due_at: t.sla_due_at,
        resolved_at: t.resolved_at,
    };
    match serde_json::to_value(now) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// An act as the log keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Its name, by which it is taken back.
    pub id: ActId,
    /// What was before, of what it changed.
    was: Map<String, Value>,
    /// What is after it.
    is: Map<String, Value>,
    /// The other ticket it changed: the public half of a private sequel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<TicketId>,
}

impl Act {
    /// What an act changed between two moments of a ticket; none when it changed nothing.
    pub fn between(id: ActId, before: &Ticket, after: &Ticket) -> Option<Act> {
        let (mut was, mut is) = (snapshot(before), snapshot(after));
        was.retain(|k, v| is.get(k) != Some(v));
        is.retain(|k, _| was.contains_key(k));
        (!was.is_empty()).then_some(Act { id, was, is, also: None })
    }

    /// Puts back what was before; false, and nothing changed, when something else has changed it
    /// since.
    pub fn undo(&self, ticket: &mut Ticket) -> bool {
        let mut fields = snapshot(ticket);
        let moved = |k: &str| !FOLLOW.contains(&k) && fields.get(k) != self.is.get(k);
        if self.is.keys().any(|k| moved(k)) {
            return false;
        }
        let with_times = self.was.contains_key("state") || self.was.contains_key("snoozed_until");
        let back = self.was.iter().filter(|(k, _)| with_times || !FOLLOW.contains(&k.as_str()));
        fields.extend(back.map(|(k, v)| (k.clone(), v.clone())));
        let Ok(was) = serde_json::from_value::<Triaged>(Value::Object(fields)) else { return false };
        ticket.state = was.state;
        ticket.snoozed_until = was.snoozed_until;
        ticket.bot = was.bot;
        ticket.stage = was.stage;
        ticket.stage_held = was.stage_held;
        ticket.team_id = was.team;
        ticket.assignee_id = was.assignee;
        ticket.priority = was.priority;
        ticket.labels = was.labels;
        ticket.waiting_since = was.waiting_since;
        ticket.sla_due_at = was.sla_due_at;
        ticket.resolved_at = was.resolved_at;
        if !with_times {
            ticket.refresh_due();
        }
        true
    }

    /// The act kept in an event's particulars.
    pub fn of(data: &Value) -> Option<Act> {
        serde_json::from_value(data.get("act")?.clone()).ok()
    }

    /// An event's particulars with the act in them.
    pub fn kept_in(&self, mut data: Value) -> Value {
        data["act"] = json!(self);
        data
    }
}
