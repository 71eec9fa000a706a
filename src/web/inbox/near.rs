//! Which entries the customer's last message comes near to: they stand first in the picker.

use crate::desk::quoting;
use crate::desk::ticket::Ticket;
use crate::store::{Tx, messages};
use crate::web::Result;
use crate::web::ask::Hand;

/// The places of the nearest entries, the nearest first.
///
/// # Errors
/// As the database reports.
pub(super) async fn order(hand: &Hand, tx: &mut Tx, ticket: &Ticket, language: &str) -> Result<Vec<String>> {
    let Some(last) = messages::last_inbound(tx, ticket.brand_id, ticket.id).await? else { return Ok(Vec::new()) };
    let faq = hand.web.house.faq(tx, ticket.brand_id).await?;
    let near = faq.ask(language, quoting::said(last.kind, &last.text));
    Ok(near.into_iter().map(|n| n.entry).collect())
}
