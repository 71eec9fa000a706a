//! What people said of messages, as the log tells it: another stage, a complaint or none.

use serde_json::Value;

use super::{Result, Tx};
use crate::base::id::{BrandId, MessageId};
use crate::sql;

/// Something a person said or took back, and the message it was said of.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Said {
    /// Of which message.
    pub message_id: MessageId,
    /// What was written there.
    pub text: String,
    /// The particulars of the act.
    pub data: Value,
}

/// The latest of a brand, the latest first; 400 at most.
pub async fn latest(tx: &mut Tx, brand: BrandId) -> Result<Vec<Said>> {
    sql!(
        tx,
        all Said,
        "select e.message_id, m.text, e.data from events e join messages m on m.id = e.message_id where e.brand_id = $1 and e.actor_kind = 'agent' and e.message_id is not null and e.kind in ('staged', 'ticket_changed') order by e.seq desc limit 400",
        brand
    )
}
