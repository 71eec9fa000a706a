//! What texts may say: what the brand states about itself, and what is known in a ticket.

use super::{House, Reason, Result};
use crate::base::id::{BrandId, TicketId};
use crate::desk::agent::Power;
use crate::desk::brand::Brand;
use crate::desk::canned::{Fact, Values, first_name};
use crate::desk::scope::Scope;
use crate::store::{Tx, agents, brands, contacts, facts, posts, threads, tickets};

/// States what a brand says about itself: name and value.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::UnknownSetting`] for a name that is no fact.
pub async fn state(house: &House, scope: &Scope, brand: BrandId, stated: &[(String, String)]) -> Result<()> {
    if !scope.may(brand, Power::Manage) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    for (name, value) in stated {
        if !Fact::ALL.iter().any(|f| f.name == name) {
            return Err(Reason::UnknownSetting.about(name.clone()));
        }
        let value: String = value.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect();
        facts::state(&mut tx, brand, name, &value).await?;
    }
    Ok(tx.commit().await?)
}

/// What texts may say in a ticket, on behalf of whoever answers.
///
/// # Errors
/// As the database reports.
pub async fn values(tx: &mut Tx, scope: &Scope, ticket: TicketId) -> Result<Values> {
    let ticket = tickets::get(tx, scope, ticket).await?;
    let brand = brands::get(tx, ticket.brand_id).await?;
    let mut values = of_brand(tx, &brand).await?;
    let contact = contacts::get(tx, scope, ticket.contact_id).await?;
    values.tell("contact.name", &contact.name);
    if let Some(first) = first_name(&contact.name) {
        values.tell("contact.first_name", &first);
    }
    if let Some(agent) = scope.who() {
        let name = agents::me(tx, agent).await?.name;
        values.tell("agent.first_name", name.split_whitespace().next().unwrap_or_default());
    }
    values.state("ticket.number", &ticket.number.to_string());
    let thread = threads::get(tx, ticket.brand_id, ticket.thread_id).await?;
    if let Some(post) = thread.post_id {
        let post = posts::get(tx, ticket.brand_id, post).await?;
        values.tell("post.title", post.text.as_deref().and_then(|t| t.lines().next()).unwrap_or_default());
    }
    Ok(values)
}

/// What the brand says of itself.
///
/// # Errors
/// As the database reports.
pub async fn of_brand(tx: &mut Tx, brand: &Brand) -> Result<Values> {
    let mut values = Values::default();
    values.state("brand.name", &brand.name);
    for fact in facts::all(tx, brand.id).await? {
        values.state(&format!("brand.{}", fact.name), &fact.value);
    }
    Ok(values)
}
