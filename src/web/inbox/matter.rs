//! What the conversation, the contact beside it and the composer under it all look at: read once.

use crate::desk::channel::Channel;
use crate::desk::contact::{Contact, Identity};
use crate::desk::scope::Scope;
use crate::desk::team::Team;
use crate::desk::ticket::Ticket;
use crate::store::agents::{self, Colleague};
use crate::store::events::{self, Past};
use crate::store::messages::{self, Message};
use crate::store::threads::{self, Thread};
use crate::store::{Tx, channels, contacts, teams};
use crate::web::Result;

/// Everything around a ticket.
pub struct Matter {
    /// The ticket's last event that can be seen. Asked before anything else is read: what is not
    /// shown must not count as seen.
    pub seen: i64,
    /// The channel it came by.
    pub channel: Channel,
    /// With whom.
    pub contact: Contact,
    /// Their handles.
    pub handles: Vec<Identity>,
    /// Where it takes place.
    pub thread: Thread,
    /// What was done to it.
    pub past: Vec<Past>,
    /// The brand's people.
    pub colleagues: Vec<Colleague>,
    /// The brand's teams.
    pub teams: Vec<Team>,
    /// What the customer wrote last.
    pub last: Option<Message>,
}

impl Matter {
    /// Reads it.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn of(tx: &mut Tx, scope: &Scope, ticket: &Ticket) -> Result<Matter> {
        let brand = ticket.brand_id;
        Ok(Matter {
            seen: events::last_of_ticket(tx, brand, ticket.id).await?,
            channel: channels::get(tx, scope, ticket.channel_id).await?,
            contact: contacts::get(tx, scope, ticket.contact_id).await?,
            handles: contacts::identities(tx, brand, ticket.contact_id).await?,
            thread: threads::get(tx, brand, ticket.thread_id).await?,
            past: events::of_ticket(tx, brand, ticket.id).await?,
            colleagues: agents::colleagues(tx, brand).await?,
            teams: teams::all(tx, brand).await?,
            last: messages::last_inbound(tx, brand, ticket.id).await?,
        })
    }
}
