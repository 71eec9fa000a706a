//! Who else is at a ticket, as rows and conversations show it.

use serde::Serialize;

use crate::base::id::TicketId;
use crate::base::text;
use crate::live::room::Present;
use crate::web::ask::Hand;
use crate::web::show::tint;

/// Somebody else at the ticket, as shown.
#[derive(Debug, Clone, Serialize)]
pub struct Beside {
    initials: String,
    tint: usize,
    name: String,
    writing: bool,
}

/// Who else is at a ticket.
pub fn beside(hand: &Hand, ticket: TicketId) -> Vec<Beside> {
    let shown = |p: Present| Beside {
        initials: text::initials(&p.name),
        tint: tint(&p.name),
        name: p.name.to_string(),
        writing: p.writing,
    };
    hand.web.bus.room().at(ticket, hand.known.agent.id).into_iter().map(shown).collect()
}

impl Beside {
    /// For trying templates.
    pub fn sample(writing: bool) -> Beside {
        Beside { initials: "KB".into(), tint: 3, name: "Karim Benali".into(), writing }
    }
}

/// The notice in an open conversation.
#[derive(Debug, Serialize)]
pub struct Presence {
    beside: Vec<Beside>,
}

/// Who else is at an open ticket.
pub fn presence(hand: &Hand, ticket: TicketId) -> Presence {
    Presence { beside: beside(hand, ticket) }
}
