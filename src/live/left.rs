//! Why a ticket leaves a view, for the words on its row.

use crate::base::id::AgentId;
use crate::desk::ticket::{State, Ticket};
use crate::store::select::{Assignee, Filter};

/// Why a ticket left a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Somebody resolved it.
    Resolved,
    /// Somebody answered: it is the customer's turn.
    Answered,
    /// Somebody put it aside.
    Snoozed,
    /// It was merged into another.
    Merged,
    /// This person has it now.
    Taken(AgentId),
    /// Another reason: stage, label, team …
    Elsewhere,
}

impl Left {
    /// Why a ticket as it is now is not in a view.
    pub fn why(filter: &Filter, now: &Ticket) -> Left {
        if now.merged_into.is_some() {
            return Left::Merged;
        }
        match (now.state, now.assignee_id) {
            _ if filter.admits_state(now.state) => match (filter.assignee, now.assignee_id) {
                (Some(Assignee::Nobody), Some(agent)) => Left::Taken(agent),
                (Some(Assignee::Agent(wanted)), Some(agent)) if wanted != agent => Left::Taken(agent),
                _ => Left::Elsewhere,
            },
            (State::Resolved, _) => Left::Resolved,
            (State::Snoozed, _) => Left::Snoozed,
            (State::Waiting, _) => Left::Answered,
            _ => Left::Elsewhere,
        }
    }
}
