//! What people are writing and have not sent.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId, TicketId};
use crate::desk::message::Visibility;
use crate::sql;

/// A draft: one for each ticket, person and way to answer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Draft {
    /// In which ticket.
    pub ticket_id: TicketId,
    /// Whose.
    pub agent_id: AgentId,
    /// Public, private or note.
    pub mode: Visibility,
    /// At which brand.
    pub brand_id: BrandId,
    /// The words.
    pub text: String,
    /// When they were last written: also the draft's version, never the same twice.
    pub updated_at: At,
    /// What another device had written meanwhile.
    pub previous: Option<String>,
    /// When.
    pub previous_at: Option<At>,
}

macro_rules! columns {
    () => {
        "ticket_id, agent_id, mode, brand_id, text, updated_at, previous, previous_at"
    };
}

/// Writes a draft as it is now.
pub async fn save(tx: &mut Tx, d: &Draft) -> Result<()> {
    sql!(
        tx,
        run,
        concat!(
            "insert into drafts (",
            columns!(),
            ") values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (ticket_id, agent_id, mode) do update set text = excluded.text, updated_at = excluded.updated_at, previous = excluded.previous, previous_at = excluded.previous_at"
        ),
        d.ticket_id,
        d.agent_id,
        d.mode,
        d.brand_id,
        &d.text,
        d.updated_at,
        d.previous.clone(),
        d.previous_at
    )?;
    Ok(())
}

/// Drops a draft: it was sent, or nothing is left of it.
pub async fn drop(tx: &mut Tx, brand: BrandId, ticket: TicketId, agent: AgentId, mode: Visibility) -> Result<()> {
    sql!(
        tx,
        run,
        "delete from drafts where brand_id = $1 and ticket_id = $2 and agent_id = $3 and mode = $4",
        brand,
        ticket,
        agent,
        mode
    )?;
    Ok(())
}

/// Somebody's drafts in a ticket, the newest first.
pub async fn of_ticket(tx: &mut Tx, brand: BrandId, ticket: TicketId, agent: AgentId) -> Result<Vec<Draft>> {
    sql!(tx, all Draft, concat!("select ", columns!(), " from drafts where brand_id = $1 and ticket_id = $2 and agent_id = $3 order by updated_at desc"), brand, ticket, agent)
}

/// True when somebody has been writing to the customer of a ticket since a moment.
pub async fn being_written(tx: &mut Tx, brand: BrandId, ticket: TicketId, since: At) -> Result<bool> {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let found = sql!(tx, one Count, "select count(*) as n from drafts where brand_id = $1 and ticket_id = $2 and mode <> 'internal' and text <> '' and updated_at > $3", brand, ticket, since)?;
    Ok(found.n > 0)
}

/// In which tickets of a brand somebody has begun something, at most 1,000.
pub async fn of_agent(tx: &mut Tx, brand: BrandId, agent: AgentId) -> Result<Vec<TicketId>> {
    #[derive(sqlx::FromRow)]
    struct Has {
        ticket_id: TicketId,
    }
    let found = sql!(
        tx,
        all Has,
        "select ticket_id from drafts where brand_id = $1 and agent_id = $2 and text <> '' limit 1000",
        brand,
        agent
    )?;
    Ok(found.into_iter().map(|h| h.ticket_id).collect())
}
