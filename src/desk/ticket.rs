//! One contact in one thread, and what may become of it.

use serde_json::Value;

use super::sla;
use super::stage::Stage;
use crate::base::At;
use crate::base::id::{AgentId, BrandId, ChannelId, ContactId, TeamId, ThreadId, TicketId};
use crate::desk::message::{Kind, Visibility};
use crate::words;

words! {
    /// Where a ticket stands.
    pub enum State {
        /// Nobody has touched it.
        New = "new",
        /// It is ours to act.
        Open = "open",
        /// We wait for the customer.
        Waiting = "waiting",
        /// Put aside until a moment.
        Snoozed = "snoozed",
        /// Done, until the customer writes again.
        Resolved = "resolved",
    }
}

words! {
    /// Who leads the conversation: an axis of its own beside the state.
    pub enum Bot {
        /// The bot may answer.
        Active = "active",
        /// The bot has asked for a person.
        HandoffRequested = "handoff_requested",
        /// A person leads; the bot is silent.
        Human = "human",
    }
}

words! {
    /// How pressing.
    pub enum Priority {
        /// Can wait.
        Low = "low",
        /// As it comes.
        Normal = "normal",
        /// Before others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
}

/// A ticket as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Ticket {
    /// Whose row this is.
    pub id: TicketId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Its number within the brand, for people.
    pub number: i64,
    /// The channel it came by.
    pub channel_id: ChannelId,
    /// The network's slug.
    pub network: String,
    /// Where the exchange takes place.
    pub thread_id: ThreadId,
    /// With whom.
    pub contact_id: ContactId,
    /// What kind of exchange.
    pub kind: Kind,
    /// Whether everybody can read it.
    pub visibility: Visibility,
    /// Where it stands.
    pub state: State,
    /// Who leads.
    pub bot: Bot,
    /// How near the person is to the brand.
    pub stage: Stage,
    /// True when a person set the stage.
    pub stage_held: bool,
    /// Why the stage is what it is: a trace.
    pub stage_evidence: Value,
    /// The team that has it.
    pub team_id: Option<TeamId>,
    /// The person who has it.
    pub assignee_id: Option<AgentId>,
    /// How pressing.
    pub priority: Priority,
    /// From −1 to 1, where words told.
    pub sentiment: Option<f64>,
    /// The language the customer writes, ISO 639-1.
    pub language: Option<String>,
    /// Labels, sorted.
    pub labels: Value,
    /// First words of the customer's last message.
    pub excerpt: String,
    /// Last message either way.
    pub last_message_at: At,
    /// The customer's last message.
    pub last_inbound_at: Option<At>,
    /// Since when the customer waits for us.
    pub waiting_since: Option<At>,
    /// By when we mean to answer.
    pub sla_due_at: Option<At>,
    /// Until when it is put aside.
    pub snoozed_until: Option<At>,
    /// When it was opened.
    pub created_at: At,
    /// When it was last resolved.
    pub resolved_at: Option<At>,
    /// The ticket this one was merged into.
    pub merged_into: Option<TicketId>,
    /// The public ticket whose private sequel this is.
    pub continues: Option<TicketId>,
}

/// A state that cannot follow the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateRefused {
    /// `new` is only what nobody has touched.
    #[error("a ticket cannot become new again")]
    BackToNew,
    /// Putting aside needs a moment in the future.
    #[error("putting a ticket aside needs a moment in the future")]
    SnoozeNeedsFuture,
    /// A merged ticket no longer moves.
    #[error("this ticket was merged into another")]
    Merged,
}

impl Ticket {
    /// True when it has this label.
    pub fn is_labelled(&self, label: &str) -> bool {
        self.label_list().iter().any(|l| l == label)
    }

    /// When we wrote last, where the customer has not written since.
    pub fn answered_at(&self) -> Option<At> {
        self.last_inbound_at.filter(|at| self.last_message_at > *at).map(|_| self.last_message_at)
    }

    /// The labels as words.
    pub fn label_list(&self) -> Vec<String> {
        let list = self.labels.as_array().into_iter().flatten();
        list.filter_map(|l| l.as_str().map(str::to_owned)).collect()
    }

    /// Adds a label; true when it was not there.
    pub fn label(&mut self, label: &str) -> bool {
        let mut labels = self.label_list();
        if labels.iter().any(|l| l == label) {
            return false;
        }
        labels.push(label.to_owned());
        self.set_labels(labels);
        true
    }

    /// Replaces the labels: trimmed, sorted, without doubles, at most 40 of 60 characters.
    pub fn set_labels(&mut self, labels: Vec<String>) {
        let mut clean: Vec<String> =
            labels.iter().map(|l| l.trim().chars().take(60).collect::<String>()).filter(|l| !l.is_empty()).collect();
        clean.sort();
        clean.dedup();
        clean.truncate(40);
        self.labels = clean.into();
    }

    /// The customer wrote, at this moment: the ticket is ours to act again. A message older than
    /// the last one (a late arrival) changes nothing but the record.
    pub fn receive(&mut self, at: At, excerpt: &str) {
        if self.last_inbound_at.is_some_and(|last| at < last) {
            return;
        }
        self.last_inbound_at = Some(at);
        self.last_message_at = self.last_message_at.max(at);
        excerpt.clone_into(&mut self.excerpt);
        if self.state != State::New {
            self.state = State::Open;
        }
        self.snoozed_until = None;
        self.resolved_at = None;
        let since = *self.waiting_since.get_or_insert(at);
        self.sla_due_at = Some(sla::due(since, self.priority, self.stage));
    }

    /// Something came of which nobody need take notice: it is shown, and nothing moves.
    pub fn overhear(&mut self, at: At) {
        self.last_message_at = self.last_message_at.max(at);
    }

    /// We wrote to the customer: now it is theirs.
    pub fn answered(&mut self, at: At) {
        self.last_message_at = self.last_message_at.max(at);
        self.state = State::Waiting;
        self.snoozed_until = None;
        self.waiting_since = None;
        self.sla_due_at = None;
    }

    /// What we wrote did not arrive: it is ours again, and the customer has waited all along.
    pub fn reopen_unsent(&mut self) {
        self.state = State::Open;
        self.resolved_at = None;
        self.waiting_since = self.last_inbound_at;
        self.sla_due_at = self.waiting_since.map(|since| sla::due(since, self.priority, self.stage));
    }

    /// A person moves it to another state; `until` is for putting aside.
    ///
    /// # Errors
    /// [`StateRefused`].
    pub fn move_to(&mut self, state: State, until: Option<At>, now: At) -> Result<(), StateRefused> {
        if self.merged_into.is_some() {
            return Err(StateRefused::Merged);
        }
        match state {
            State::New => return Err(StateRefused::BackToNew),
            State::Snoozed => {
                self.snoozed_until = Some(until.filter(|u| *u > now).ok_or(StateRefused::SnoozeNeedsFuture)?);
                self.sla_due_at = None;
            }
            State::Resolved => {
                self.resolved_at = Some(now);
                self.snoozed_until = None;
                self.waiting_since = None;
                self.sla_due_at = None;
            }
            State::Waiting => {
                self.snoozed_until = None;
                self.resolved_at = None;
            }
            State::Open => {
                self.snoozed_until = None;
                self.resolved_at = None;
                // Nobody answered before it was put away: the customer has waited all along.
                if self.last_inbound_at == Some(self.last_message_at) {
                    self.waiting_since = self.waiting_since.or(self.last_inbound_at);
                    self.sla_due_at = self.waiting_since.map(|since| sla::due(since, self.priority, self.stage));
                }
            }
        }
        self.state = state;
        Ok(())
    }

    /// Somebody has looked after it: it is no longer new.
    pub fn touch(&mut self) {
        if self.state == State::New {
            self.state = State::Open;
        }
    }

    /// The due time after priority or stage changed.
    pub fn refresh_due(&mut self) {
        if let (Some(since), Some(_)) = (self.waiting_since, self.sla_due_at) {
            self.sla_due_at = Some(sla::due(since, self.priority, self.stage));
        }
    }
}
