//! Texts a network has approved beforehand: kept as it lists them, and sent when the time to answer is
//! over.

use super::reply::{self, Manner, Reply};
use super::{House, Reason, Result};
use crate::base::id::TicketId;
use crate::desk::approved::Approved;
use crate::desk::channel::Channel;
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::desk::ticket::Ticket;
use crate::networks::{Line, Network, Refused};
use crate::store::messages::Message;
use crate::store::{Tx, approved, tickets};

/// Reads anew what the network lists; what it refuses to tell stays as it was known.
pub(super) async fn refresh(
    tx: &mut Tx,
    channel: &Channel,
    line: &Line<'_>,
    listed: std::result::Result<Option<Vec<Approved>>, Refused>,
) -> Result<()> {
    match listed {
        Ok(Some(all)) => Ok(approved::replace(tx, channel.brand_id, channel.id, &all, line.now).await?),
        Ok(None) => Ok(()),
        Err(refused) => {
            tracing::warn!(name: "approved.refused", channel = %channel.id, why = %refused, "the network does not list its approved texts");
            Ok(())
        }
    }
}

/// True where such texts stand in for an answer whose time is over.
pub fn applies(network: &dyn Network, ticket: &Ticket) -> bool {
    network.limits_for(ticket.kind).approved && ticket.visibility == Visibility::Private
}

/// What can be sent in a ticket.
///
/// # Errors
/// As the database reports.
pub async fn offered(tx: &mut Tx, ticket: &Ticket) -> Result<Vec<Approved>> {
    let mut all = approved::of_channel(tx, ticket.brand_id, ticket.channel_id).await?;
    all.retain(|a| a.barred.is_none());
    Ok(all)
}

/// Which text, with what filled in.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// In which ticket.
    pub ticket: TicketId,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// What stands in its gaps, in the order they are asked for.
    pub values: Vec<String>,
    /// The writer's own key: the same key twice is one reply.
    pub client_key: Option<String>,
}

/// Sends an approved text as a reply.
///
/// # Errors
/// [`Reason::NotOnThisNetwork`] where there are none, or none of this name; [`Reason::NotFilled`]; else
/// as any reply.
pub async fn send(house: &House, scope: &Scope, wanted: Wanted) -> Result<Message> {
    let mut tx = house.db.read().await?;
    let ticket = tickets::get(&mut tx, scope, wanted.ticket).await?;
    let network = house.network(&ticket.network).filter(|n| applies(*n, &ticket)).ok_or(Reason::NotOnThisNetwork)?;
    let known = offered(&mut tx, &ticket).await?;
    drop(tx);
    let text = known.into_iter().find(|a| a.name == wanted.name && a.language == wanted.language);
    let text = text.ok_or_else(|| Reason::NotOnThisNetwork.about(network.card().name.to_owned()))?;
    let chosen = text.choose(&wanted.values).ok_or(Reason::NotFilled)?;
    let said = Reply {
        ticket: wanted.ticket,
        text: text.says(&chosen),
        files: Vec::new(),
        visibility: Visibility::Private,
        to: None,
        client_key: wanted.client_key,
        at_once: false,
    };
    reply::write_out(house, scope, said, Manner::default(), Some(chosen)).await
}
