//! What somebody writes is kept before it is sent: across tabs that die, devices and sessions.

use super::{House, Reason, Result, bot};
use crate::base::At;
use crate::base::id::{AgentId, BrandId, TicketId};
use crate::base::text::clean_text;
use crate::desk::agent::Power;
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::store::drafts::{self, Draft};
use crate::store::{Tx, messages, tickets};

/// What a composer holds.
#[derive(Debug, Clone)]
pub struct Written {
    /// In which ticket.
    pub ticket: TicketId,
    /// Public, private or note.
    pub mode: Visibility,
    /// The words as they are now.
    pub text: String,
    /// The version they were written upon; none when there was none.
    pub base: Option<At>,
    /// The composer's own key: once it was sent, what is still on the way is no draft any more.
    pub client_key: Option<String>,
}

/// Keeps what somebody is writing; what is left of the draft, none when it is empty or was sent.
/// Newest wins: what another device wrote meanwhile stays as the previous version.
///
/// # Errors
/// [`Reason::NotAllowed`]; not found when the ticket is not in scope.
pub async fn keep(house: &House, scope: &Scope, written: Written) -> Result<Option<Draft>> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let (brand, agent) = whose(&mut tx, scope, written.ticket).await?;
    if let Some(key) = written.client_key.as_deref().filter(|k| !k.is_empty())
        && messages::by_client_key(&mut tx, brand, key).await?.is_some()
    {
        return Ok(None);
    }
    let known = of(&mut tx, brand, written.ticket, agent, written.mode).await?;
    let to_customer = written.mode != Visibility::Internal && !written.text.trim().is_empty();
    let ticket = written.ticket;
    let draft = newest(known, brand, agent, written, now);
    store(&mut tx, &draft).await?;
    if to_customer {
        bot::answer::yield_to(house, &mut tx, brand, ticket).await?;
    }
    tx.commit().await?;
    Ok(Some(draft).filter(|d| !is_over(d)))
}

/// Brings the previous version of a draft back; what stands in the composer takes its place.
///
/// # Errors
/// As [`keep`]; not found when there is no previous version.
pub async fn bring_back(house: &House, scope: &Scope, written: Written) -> Result<Draft> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let (brand, agent) = whose(&mut tx, scope, written.ticket).await?;
    let known = of(&mut tx, brand, written.ticket, agent, written.mode).await?;
    let draft = known.ok_or(crate::store::Error::NotFound)?;
    let text = draft.previous.clone().ok_or(crate::store::Error::NotFound)?;
    let stood = if written.base == Some(draft.updated_at) { clean_text(&written.text) } else { draft.text.clone() };
    let was = Some(stood).filter(|t| !t.trim().is_empty());
    let draft = Draft {
        text,
        previous_at: was.as_ref().map(|_| draft.updated_at),
        previous: was,
        updated_at: later(now, draft.updated_at),
        ..draft
    };
    store(&mut tx, &draft).await?;
    tx.commit().await?;
    Ok(draft)
}

async fn whose(tx: &mut Tx, scope: &Scope, ticket: TicketId) -> Result<(BrandId, AgentId)> {
    let brand = tickets::get(tx, scope, ticket).await?.brand_id;
    let agent = scope.who().filter(|_| scope.may(brand, Power::Handle)).ok_or(Reason::NotAllowed)?;
    Ok((brand, agent))
}

async fn of(tx: &mut Tx, brand: BrandId, ticket: TicketId, agent: AgentId, mode: Visibility) -> Result<Option<Draft>> {
    Ok(drafts::of_ticket(tx, brand, ticket, agent).await?.into_iter().find(|d| d.mode == mode))
}

/// A version after another one, whatever the clock says.
fn later(now: At, than: At) -> At {
    now.max(At(than.0.saturating_add(1)))
}

fn newest(known: Option<Draft>, brand: BrandId, agent: AgentId, written: Written, now: At) -> Draft {
    let text = clean_text(&written.text);
    let Some(known) = known else {
        let (ticket_id, mode) = (written.ticket, written.mode);
        let (previous, previous_at) = (None, None);
        return Draft {
            ticket_id,
            agent_id: agent,
            mode,
            brand_id: brand,
            text,
            updated_at: now,
            previous,
            previous_at,
        };
    };
    if known.text == text {
        return known;
    }
    let elsewhere = written.base != Some(known.updated_at) && !known.text.trim().is_empty();
    let (previous, previous_at) =
        if elsewhere { (Some(known.text), Some(known.updated_at)) } else { (known.previous, known.previous_at) };
    Draft { text, updated_at: later(now, known.updated_at), previous, previous_at, ..known }
}

fn is_over(draft: &Draft) -> bool {
    draft.text.trim().is_empty() && draft.previous.is_none()
}

async fn store(tx: &mut Tx, draft: &Draft) -> Result<()> {
    if is_over(draft) {
        return Ok(drafts::drop(tx, draft.brand_id, draft.ticket_id, draft.agent_id, draft.mode).await?);
    }
    Ok(drafts::save(tx, draft).await?)
}

/// Puts words that came back from the way out (a reply taken back) where their writer goes on with
/// them; what they were writing meanwhile stays as the previous version.
pub(super) async fn put_back(
    tx: &mut Tx,
    brand: BrandId,
    ticket: TicketId,
    agent: AgentId,
    mode: Visibility,
    text: &str,
    now: At,
) -> Result<()> {
    let known = of(tx, brand, ticket, agent, mode).await?;
    let written = Written { ticket, mode, text: text.to_owned(), base: None, client_key: None };
    store(tx, &newest(known, brand, agent, written, now)).await
}
