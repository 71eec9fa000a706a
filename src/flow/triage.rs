//! Applying what the rules say to a ticket, each change with its explanation.

use std::collections::HashMap;

use serde_json::json;

use crate::base::id::TeamId;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::ticket::{Bot, Ticket};
use crate::desk::triage::file::Step;
use crate::desk::triage::rules::{Act, reason};

/// Carries one act out on a ticket in memory; the event, when it changed something.
pub fn apply(ticket: &mut Ticket, act: &Act, teams: &HashMap<String, TeamId>) -> Option<Event> {
    let actor = Actor::Rule(act.trace.rule.clone());
    let event =
        |kind, ticket: &Ticket| Event::of(ticket.brand_id, kind, ticket.id, actor.clone()).trace(act.trace.clone());
    match &act.step {
        Step::Stage(stage) => {
            let (before, after) = (ticket.stage, ticket.stage.after(*stage, ticket.stage_held));
            if before == after && !ticket.stage_evidence.is_null() {
                return None;
            }
            if after == *stage && !ticket.stage_held {
                ticket.stage_evidence = serde_json::to_value(&act.trace).unwrap_or_default();
            }
            ticket.stage = after;
            ticket.refresh_due();
            (before != after).then(|| event(EventKind::Staged, ticket).data(json!({"from": before, "to": after})))
        }
        Step::Escalate(slug) => {
            let team = *teams.get(slug)?;
            // Where a person leads, a rule does not carry the ticket away from them.
            if ticket.team_id == Some(team) || ticket.assignee_id.is_some() || ticket.bot == Bot::Human {
                return None;
            }
            ticket.team_id = Some(team);
            Some(
                event(EventKind::Escalated, ticket)
                    .data(json!({"team": slug, "reason": reason(&act.trace), "title": act.title})),
            )
        }
        Step::Assign(slug) => {
            let team = *teams.get(slug)?;
            if ticket.team_id.is_some() {
                return None;
            }
            ticket.team_id = Some(team);
            Some(event(EventKind::Assigned, ticket).data(json!({"team": slug})))
        }
        Step::Label(label) => {
            ticket.label(label).then(|| event(EventKind::TicketChanged, ticket).data(json!({"label": label})))
        }
        Step::Priority(priority) => {
            let before = ticket.priority;
            // A rule raises; only “low” is set on a ticket nobody has judged yet.
            let sets = *priority > before || (*priority < before && ticket.last_inbound_at.is_none());
            if !sets {
                return None;
            }
            ticket.priority = *priority;
            ticket.refresh_due();
            Some(event(EventKind::TicketChanged, ticket).data(json!({"priority": priority, "from": before})))
        }
        Step::Silence(true) if ticket.bot == Bot::Active => {
            ticket.bot = Bot::HandoffRequested;
            Some(event(EventKind::TicketChanged, ticket).data(json!({"bot": Bot::HandoffRequested})))
        }
        Step::Silence(_) => None,
    }
}
