//! What happened, in the past tense: the vocabulary of the timeline, live updates, search and
//! reports. Events are only ever added.

use serde_json::Value;

use super::trace::Trace;
use crate::base::id::{AgentId, BrandId, MessageId, TicketId};
use crate::words;

words! {
    /// What happened.
    pub enum EventKind {
        /// A ticket was opened.
        TicketOpened = "ticket_opened",
        /// A customer's message came in.
        MessageReceived = "message_received",
        /// A message was changed at the network.
        MessageEdited = "message_edited",
        /// A message was deleted at the network.
        MessageDeleted = "message_deleted",
        /// A message was hidden or shown again.
        MessageHidden = "message_hidden",
        /// A reaction came or went.
        MessageReacted = "message_reacted",
        /// A reply of ours was written into the outbox.
        ReplyQueued = "reply_queued",
        /// A reply of ours changed its delivery state.
        DeliveryChanged = "delivery_changed",
        /// Our account wrote elsewhere than through Guichet.
        PageWrote = "page_wrote",
        /// A note was added.
        Noted = "noted",
        /// The stage changed.
        Staged = "staged",
        /// The ticket was assigned, or given back.
        Assigned = "assigned",
        /// The ticket went to another team.
        Escalated = "escalated",
        /// State, priority or labels changed.
        TicketChanged = "ticket_changed",
        /// A rule looked and acted.
        RuleActed = "rule_acted",
        /// Somebody published what looked like personal data, knowing it.
        Exposed = "exposed",
        /// Two tickets or contacts became one.
        Merged = "merged",
        /// A merge was undone.
        Unmerged = "unmerged",
        /// The person behind a ticket became known, or got a name.
        ContactChanged = "contact_changed",
        /// A channel changed.
        ChannelChanged = "channel_changed",
        /// A person's access changed.
        AgentChanged = "agent_changed",
        /// The bot was stopped or started.
        BotSwitched = "bot_switched",
        /// A canned reply was written, changed or taken away.
        LibraryChanged = "library_changed",
        /// An element could not be taken in.
        Quarantined = "quarantined",
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    Agent(AgentId),
    /// A rule or the bot, by its name.
    Rule(String),
    /// The customer or the network.
    Network,
    /// The house's own clockwork.
    House,
}

impl Actor {
    /// The two columns it is stored in: kind and name.
    pub fn columns(&self) -> (&'static str, Option<String>) {
        match self {
            Actor::Agent(id) => ("agent", Some(id.to_string())),
            Actor::Rule(name) => ("rule", Some(name.clone())),
            Actor::Network => ("network", None),
            Actor::House => ("house", None),
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// At which brand.
    pub brand: BrandId,
    /// What.
    pub kind: EventKind,
    /// To which ticket.
    pub ticket: Option<TicketId>,
    /// To which message.
    pub message: Option<MessageId>,
    /// By whom.
    pub actor: Actor,
    /// The particulars: small, never a customer's text.
    pub data: Value,
    /// Why, where it was automatic.
    pub trace: Option<Trace>,
}

impl Event {
    /// An event about a ticket.
    pub fn of(brand: BrandId, kind: EventKind, ticket: TicketId, actor: Actor) -> Event {
        Event { brand, kind, ticket: Some(ticket), message: None, actor, data: Value::Null, trace: None }
    }

    /// An event about the brand as a whole.
    pub fn at(brand: BrandId, kind: EventKind, actor: Actor) -> Event {
        Event { brand, kind, ticket: None, message: None, actor, data: Value::Null, trace: None }
    }

    /// With the message it is about.
    #[must_use]
    pub fn message(mut self, message: MessageId) -> Event {
        self.message = Some(message);
        self
    }

    /// With particulars.
    #[must_use]
    pub fn data(mut self, data: Value) -> Event {
        self.data = data;
        self
    }

    /// With the explanation.
    #[must_use]
    pub fn trace(mut self, trace: Trace) -> Event {
        self.trace = Some(trace);
        self
    }
}
