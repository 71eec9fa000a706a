//! What was just done, said once on the page that follows, with the way to undo it. It travels in
//! the address: `did=resolved.TICKET.ACT`, `did=hidden.MESSAGE`, `did=sent.MESSAGE`.

use serde::Serialize;

use super::asked::Asked;
use crate::base::id::{ActId, MessageId, TicketId};
use crate::base::locale::t;
use crate::desk::delivery::Delivery;
use crate::desk::message::Visibility;
use crate::desk::outbound::Action;
use crate::store::messages::{self, Message};
use crate::web::Result;
use crate::web::ask::{Desk, Hand};

crate::words! {
    /// What was done, each with its sentence under `said-…`.
    pub enum Did {
        /// Resolved.
        Resolved = "resolved",
        /// Opened again.
        Open = "open",
        /// Left to the customer.
        Waiting = "waiting",
        /// Put aside.
        Snoozed = "snoozed",
        /// Given to somebody or to a team.
        Assigned = "assigned",
        /// Taken from somebody.
        Unassigned = "unassigned",
        /// Another stage.
        Staged = "staged",
        /// Other labels.
        Labelled = "labelled",
        /// Another priority.
        Prioritised = "prioritised",
        /// Handed to another team.
        Escalated = "escalated",
        /// A message is to be hidden.
        Hidden = "hidden",
        /// A message is to be shown.
        Shown = "shown",
        /// A message is to be liked.
        Liked = "liked",
        /// No longer.
        Unliked = "unliked",
        /// A message is to be deleted.
        Deleted = "deleted",
        /// A reply is on its way.
        Sent = "sent",
        /// A reply is on its way, and the ticket resolved.
        SentResolved = "sent-resolved",
        /// A note was added.
        Noted = "noted",
        /// Files wait to go along.
        Attached = "attached",
        /// A file will not go along.
        LetGo = "let-go",
        /// A reply was taken back.
        TakenBack = "taken-back",
        /// The bot was said to be right or wrong.
        Judged = "judged",
        /// An act was undone.
        Undone = "undone",
        /// A draft was kept.
        Kept = "kept",
        /// An earlier version of a draft is back.
        BroughtBack = "brought-back",
    }
}

/// What is said, and how to undo it.
#[derive(Debug, Serialize)]
pub struct Said {
    /// The sentence.
    text: String,
    /// The form that undoes it.
    undo: Option<Undo>,
}

/// A form of one button.
#[derive(Debug, Serialize)]
pub struct Undo {
    action: String,
    /// The one field it has, where it has one.
    name: &'static str,
    value: String,
    /// For how much longer it can be undone, in milliseconds; none: as long as nothing else changed.
    left: Option<i64>,
}

impl Said {
    /// For trying the template.
    pub fn sample(left: Option<i64>) -> Said {
        let undo = Undo { action: "/tickets/0/undo".into(), name: "act", value: "0".into(), left };
        Said { text: "Résolue".into(), undo: Some(undo) }
    }
}

/// What was done to a ticket, as the address carries it.
pub fn act(did: Did, ticket: TicketId, act: Option<ActId>) -> String {
    act.map_or_else(|| did.to_string(), |act| format!("{did}.{ticket}.{act}"))
}

/// What was done to a message, as the address carries it.
pub fn message(did: Did, message: MessageId) -> String {
    format!("{did}.{message}")
}

/// What asking a network for this is called.
pub fn moderated(action: Action) -> Did {
    match action {
        Action::Hide => Did::Hidden,
        Action::Unhide => Did::Shown,
        Action::Like => Did::Liked,
        Action::Unlike => Did::Unliked,
        _ => Did::Deleted,
    }
}

/// Reads what the address says was done. What cannot be read was not done.
///
/// # Errors
/// As the database reports.
pub async fn read(desk: &mut Desk, asked: &Asked) -> Result<Option<Said>> {
    let Some((did, rest)) = asked.did.as_deref().map(|d| d.split_once('.').unwrap_or((d, ""))) else { return Ok(None) };
    let Ok(did) = did.parse::<Did>() else { return Ok(None) };
    let undo = undo(desk, did, rest, asked).await?;
    Ok(Some(Said { text: t(desk.lang, &format!("said-{did}"), &[]), undo }))
}

async fn undo(desk: &mut Desk, did: Did, rest: &str, asked: &Asked) -> Result<Option<Undo>> {
    let tail = asked.tail();
    if let Some((ticket, act)) = rest.split_once('.') {
        let (Ok(ticket), Ok(act)) = (ticket.parse::<TicketId>(), act.parse::<ActId>()) else { return Ok(None) };
        let action = format!("/tickets/{ticket}/undo{tail}");
        return Ok(Some(Undo { action, name: "act", value: act.to_string(), left: None }));
    }
    let Ok(id) = rest.parse::<MessageId>() else { return Ok(None) };
    let inverse = match did {
        Did::Hidden => Action::Unhide,
        Did::Shown => Action::Hide,
        Did::Liked => Action::Unlike,
        Did::Unliked => Action::Like,
        Did::Sent | Did::SentResolved => return taking_back(desk, id, &tail).await,
        _ => return Ok(None),
    };
    let action = format!("/messages/{id}/moderate{tail}");
    Ok(Some(Undo { action, name: "action", value: inverse.to_string(), left: None }))
}

async fn taking_back(desk: &mut Desk, id: MessageId, tail: &str) -> Result<Option<Undo>> {
    let (hand, tx) = desk.parts();
    let Ok(message) = messages::get(tx, &hand.known.scope, id).await else { return Ok(None) };
    let held = hold_left(hand, &message);
    let action = format!("/messages/{id}/take-back{tail}");
    Ok(held.map(|left| Undo { action, name: "", value: String::new(), left: Some(left) }))
}

/// For how many more milliseconds a reply is held back, where it is.
pub fn hold_left(hand: &Hand, message: &Message) -> Option<i64> {
    let tuning = &hand.web.house.tuning;
    let hold = if message.visibility == Visibility::Public { tuning.hold_public } else { tuning.hold_private };
    let left = message.created_at.plus(hold).since(hand.now);
    (message.delivery == Some(Delivery::Held)).then(|| i64::try_from(left.as_millis()).unwrap_or(0))
}
