//! Whether a ticket is in a view, without asking the database: for live updates, which look at
//! every event of every tab. A test holds these answers to those of [`super::select`].

use super::select::{Assignee, Filter, Open, States};
use crate::desk::ticket::{State, Ticket};

impl Open {
    /// What counting needs to know of a ticket.
    pub fn of(t: &Ticket) -> Open {
        Open {
            id: t.id,
            brand_id: t.brand_id,
            state: t.state,
            stage: t.stage,
            team_id: t.team_id,
            assignee_id: t.assignee_id,
            channel_id: t.channel_id,
            kind: t.kind,
            visibility: t.visibility,
            sla_due_at: t.sla_due_at,
        }
    }
}

impl Filter {
    /// True when the view is of what is not resolved.
    pub fn is_of_open(&self) -> bool {
        !matches!(self.states, States::All | States::One(State::Resolved))
    }

    /// True when tickets in this state are in the view.
    pub fn admits_state(&self, state: State) -> bool {
        match self.states {
            States::Open => state != State::Resolved,
            States::ToDo => matches!(state, State::New | State::Open),
            States::All => true,
            States::One(one) => state == one,
        }
    }

    /// True when a ticket is in the view as far as counting knows it: all but network and label.
    pub fn may_admit(&self, t: &Open) -> bool {
        let by = match self.assignee {
            None => true,
            Some(Assignee::Nobody) => t.assignee_id.is_none(),
            Some(Assignee::Agent(agent)) => t.assignee_id == Some(agent),
        };
        by && self.admits_state(t.state)
            && self.stage.is_none_or(|s| s == t.stage)
            && self.team.is_none_or(|team| t.team_id == Some(team))
            && self.channel.is_none_or(|c| c == t.channel_id)
            && self.kind.is_none_or(|k| k == t.kind)
            && self.visibility.is_none_or(|v| v == t.visibility)
    }

    /// True when a ticket is in the view.
    pub fn admits(&self, t: &Ticket) -> bool {
        t.merged_into.is_none()
            && self.may_admit(&Open::of(t))
            && self.network.as_ref().is_none_or(|n| *n == t.network)
            && self.label.as_ref().is_none_or(|l| t.label_list().contains(l))
    }
}
