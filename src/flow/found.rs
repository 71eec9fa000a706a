//! Founding a brand, and the first set-up of an installation.

use std::time::Duration;

use super::library;
use super::people::{self, Host, NewAgent};
use super::{House, Reason, Result};
use crate::base::Lang;
use crate::base::id::BrandId;
use crate::base::text::clean_name;
use crate::desk::agent::Role;
use crate::desk::brand::{Brand, is_slug, slug_of};
use crate::desk::team::{FIRST_TEAMS, Team};
use crate::store::{self, agents, brands, sessions, teams};

/// A brand to be founded.
#[derive(Debug, Clone)]
pub struct NewBrand {
    /// Short name; made of the name when empty.
    pub slug: String,
    /// Name people see.
    pub name: String,
    /// Languages it answers in.
    pub languages: Vec<String>,
    /// IANA time zone.
    pub timezone: String,
}

/// Founds a brand with its three teams.
///
/// # Errors
/// [`Reason`]: no name, bad or taken short name, unknown language or time zone.
pub async fn brand(house: &House, new: NewBrand) -> Result<Brand> {
    let name = clean_name(&new.name);
    if name.is_empty() {
        return Err(Reason::NeedsName.into());
    }
    let slug = if new.slug.is_empty() { slug_of(&name) } else { new.slug };
    if !is_slug(&slug) {
        return Err(Reason::BadSlug.about(slug));
    }
    if jiff::tz::TimeZone::get(&new.timezone).is_err() {
        return Err(Reason::BadTimezone.about(new.timezone));
    }
    if let Some(bad) = new.languages.iter().find(|l| l.parse::<Lang>().is_err()) {
        return Err(Reason::BadLanguage.about(bad.clone()));
    }
    let languages = if new.languages.is_empty() { "fr,en".to_owned() } else { new.languages.join(",") };
    let brand = Brand { id: house.given.id(), slug, name, languages, timezone: new.timezone, bot_stopped_at: None };
    let mut tx = house.db.write().await?;
    match brands::add(&mut tx, &brand, house.now()).await {
        Err(store::Error::Conflict(_)) => return Err(Reason::SlugTaken.about(brand.slug)),
        other => other?,
    }
    for slug in FIRST_TEAMS {
        let team = Team { id: house.given.id(), brand_id: brand.id, slug: slug.to_owned(), name: None };
        teams::add(&mut tx, &team).await?;
    }
    agents::welcome_everywhere(&mut tx, brand.id).await?;
    library::put_all(house, &mut tx, brand.id, &house.starter).await?;
    tx.commit().await?;
    Ok(brand)
}

/// The link of the first set-up, while nobody can sign in yet. An older one is withdrawn.
///
/// # Errors
/// As the database reports; none when somebody can sign in.
pub async fn setup_link(house: &House) -> Result<Option<String>> {
    let mut tx = house.db.write().await?;
    if !agents::nobody_yet(&mut tx).await? {
        return Ok(None);
    }
    sessions::withdraw(&mut tx, "setup").await?;
    let token = people::invite(house, &mut tx, None, "setup", Duration::from_mins(30)).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// The first set-up, at once: an administrator and a brand; the session's token.
///
/// # Errors
/// [`Reason`] of either; nothing is left half done: the brand is founded first and found again.
pub async fn first(
    house: &House,
    link: &str,
    admin: NewAgent,
    new: NewBrand,
    user_agent: &str,
) -> Result<(BrandId, String)> {
    let mut tx = house.db.read().await?;
    if !agents::nobody_yet(&mut tx).await? {
        return Err(Reason::AlreadySetUp.into());
    }
    people::invited(&mut tx, link, house.now()).await?;
    drop(tx);
    let slug = if new.slug.is_empty() { slug_of(&new.name) } else { new.slug.clone() };
    let founded = match brand(house, new).await {
        Err(super::Error::Refused(Reason::SlugTaken, _)) => {
            let mut tx = house.db.read().await?;
            brands::by_slug(&mut tx, &slug).await?
        }
        other => other?,
    };
    let (agent, _) = people::add(house, Host::Operator, NewAgent { role: Role::Admin, brand: None, ..admin }).await?;
    let mut tx = house.db.write().await?;
    sessions::withdraw(&mut tx, "setup").await?;
    let agent = agents::me(&mut tx, agent).await?;
    let token = people::begin_session(house, &mut tx, &agent, user_agent).await?;
    tx.commit().await?;
    Ok((founded.id, token))
}
