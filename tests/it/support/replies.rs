//! Replies as stories give them, and what became of them.

use guichet::base::id::TicketId;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::flow::reply::{self, Reply};
use guichet::flow::{Error, Reason};
use guichet::store::messages::{self, Message};

use super::{Desk, Visitor};

/// A reply that leaves at once.
pub fn words(ticket: TicketId, text: &str, visibility: Visibility) -> Reply {
    Reply { ticket, text: text.into(), files: Vec::new(), visibility, to: None, client_key: None, at_once: true }
}

/// Somebody answers.
pub async fn say(desk: &Desk, who: &Visitor, reply: Reply) -> Message {
    reply::reply(&desk.house, &desk.scope(who).await, reply).await.unwrap()
}

/// Somebody answers; how the reply stands when all is done that can be.
pub async fn said(desk: &Desk, who: &Visitor, reply: Reply) -> Message {
    let said = say(desk, who, reply).await;
    desk.settle().await;
    again(desk, &said).await
}

/// Why somebody may not answer.
pub async fn refused(desk: &Desk, who: &Visitor, reply: Reply) -> Reason {
    match reply::reply(&desk.house, &desk.scope(who).await, reply).await {
        Err(Error::Refused(reason, _)) => reason,
        other => panic!("it was not refused: {other:?}"),
    }
}

/// A message as it is now.
pub async fn again(desk: &Desk, message: &Message) -> Message {
    let mut tx = desk.house.db.read().await.unwrap();
    messages::get(&mut tx, &Scope::house(desk.brand), message.id).await.unwrap()
}

/// Where a reply stands, and why.
pub async fn state(desk: &Desk, message: &Message) -> (Delivery, Option<String>) {
    let m = again(desk, message).await;
    (m.delivery.unwrap(), m.delivery_reason)
}
