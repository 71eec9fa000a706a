//! People who write to us, and their handles.

use std::collections::HashSet;

use super::bulk::Bulk;
use super::error::Error;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ContactId, IdentityId};
use crate::base::text;
use crate::base::val::Bound;
use crate::desk::contact::{Contact, Identity};
use crate::desk::scope::Scope;
use crate::sql;

/// A handle on its way in.
#[derive(Debug, Clone)]
pub struct NewIdentity {
    /// Its id, if it is new.
    pub id: IdentityId,
    /// The person's id, if they are new.
    pub contact: ContactId,
    /// Their brand.
    pub brand: BrandId,
    /// The network's slug.
    pub network: String,
    /// Whose ids these are.
    pub realm: String,
    /// The network's id of the person.
    pub external_id: String,
    /// `@name`, address or number.
    pub handle: Option<String>,
    /// The name, cleaned.
    pub name: Option<String>,
    /// When they were first heard of.
    pub at: At,
}

const IDENTITIES: Bulk = Bulk {
    head: "insert into identities (id, brand_id, contact_id, network, realm, external_id, handle, folded, name, created_at) values",
    tail: "on conflict (brand_id, network, realm, external_id) do update set handle = coalesce(excluded.handle, identities.handle), folded = case when excluded.handle is null then identities.folded else excluded.folded end, name = coalesce(excluded.name, identities.name) returning id, brand_id, contact_id, network, realm, external_id, handle, name",
};

const CONTACTS: Bulk = Bulk { head: "insert into contacts (id, brand_id, name, folded, created_at) values", tail: "" };

const HERE: Bulk = Bulk {
    head: "select i.network, i.realm, i.external_id from (values",
    // In this order, as for tickets: each handle is looked up in the index.
    tail: ") as v cross join identities i where i.brand_id = v.column1 and i.network = v.column2 and i.realm = v.column3 and i.external_id = v.column4",
};

/// Finds or makes the people behind handles. The same handle may not be given twice.
///
/// A person is written before their handle. The other way round SQLite would have a promise open (the
/// handle names a person who is not there yet), and with one open it searches every message for who
/// might be waiting for each person that is added.
pub async fn know(tx: &mut Tx, identities: Vec<NewIdentity>) -> Result<Vec<Identity>> {
    let asked = identities
        .iter()
        .map(|i| vec![i.brand.val(), i.network.as_str().val(), i.realm.as_str().val(), i.external_id.as_str().val()]);
    let here: Vec<(String, String, String)> = HERE.all(tx, asked.collect()).await?;
    let here: HashSet<(&str, &str, &str)> = here.iter().map(|(n, r, e)| (&**n, &**r, &**e)).collect();
    let new: Vec<&NewIdentity> =
        identities.iter().filter(|i| !here.contains(&(&*i.network, &*i.realm, &*i.external_id))).collect();
    let people = new.iter().map(|i| {
        let name = i.name.clone().unwrap_or_default();
        let folded = text::fold(&name).text;
        vec![i.contact.val(), i.brand.val(), name.val(), folded.val(), i.at.val()]
    });
    CONTACTS.run(tx, people.collect()).await?;
    let rows = identities.iter().map(|i| {
        vec![
            i.id.val(),
            i.brand.val(),
            i.contact.val(),
            i.network.as_str().val(),
            i.realm.as_str().val(),
            i.external_id.as_str().val(),
            i.handle.clone().val(),
            text::fold(i.handle.as_deref().unwrap_or_default().trim_start_matches('@')).text.val(),
            i.name.clone().val(),
            i.at.val(),
        ]
    });
    let known: Vec<Identity> = IDENTITIES.all(tx, rows.collect()).await?;
    // Where several nodes write, another may have been first: then nobody is behind this person.
    let taken: HashSet<IdentityId> = known.iter().map(|k| k.id).collect();
    for late in new.iter().filter(|i| !taken.contains(&i.id)) {
        sql!(tx, run, "delete from contacts where id = $1 and brand_id = $2", late.contact, late.brand)?;
    }
    Ok(known)
}

/// One person in scope.
///
/// # Errors
/// [`Error::NotFound`] when they are not there, or not in scope.
pub async fn get(tx: &mut Tx, scope: &Scope, id: ContactId) -> Result<Contact> {
    let found = sql!(tx, maybe Contact, "select id, brand_id, name, language, created_at, merged_into from contacts where id = $1", id)?;
    found.filter(|c| scope.admits(c.brand_id)).ok_or(Error::NotFound)
}

/// A person's handles, oldest first.
pub async fn identities(tx: &mut Tx, brand: BrandId, contact: ContactId) -> Result<Vec<Identity>> {
    sql!(tx, all Identity, "select id, brand_id, contact_id, network, realm, external_id, handle, name from identities where brand_id = $1 and contact_id = $2 order by created_at, id", brand, contact)
}

/// True when a person is one of our own accounts, at any brand of this installation: our page
/// commenting under another of our pages is no customer.
pub async fn is_ours(tx: &mut Tx, brand: BrandId, contact: ContactId) -> Result<bool> {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let ours = sql!(tx, one Count, "select count(*) as n from identities i join channels c on c.network = i.network and c.account = i.external_id where i.brand_id = $1 and i.contact_id = $2", brand, contact)?;
    Ok(ours.n > 0)
}

/// Finds a handle.
pub async fn by_external(
    tx: &mut Tx,
    brand: BrandId,
    network: &str,
    realm: &str,
    external_id: &str,
) -> Result<Option<Identity>> {
    sql!(tx, maybe Identity, "select id, brand_id, contact_id, network, realm, external_id, handle, name from identities where brand_id = $1 and network = $2 and realm = $3 and external_id = $4", brand, network, realm, external_id)
}

/// Names a person who had no name, and notes the language they write.
pub async fn describe(
    tx: &mut Tx,
    brand: BrandId,
    contact: ContactId,
    name: Option<&str>,
    language: Option<&str>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update contacts set name = case when name = '' then coalesce($3, name) else name end, folded = case when name = '' then coalesce($5, folded) else folded end, language = coalesce($4, language) where id = $1 and brand_id = $2",
        contact,
        brand,
        name,
        language,
        name.map(|n| text::fold(n).text)
    )?;
    Ok(())
}

/// Gives a person who is known one more handle, which nobody has yet.
pub async fn add_identity(tx: &mut Tx, i: &NewIdentity) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into identities (id, brand_id, contact_id, network, realm, external_id, handle, folded, name, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (brand_id, network, realm, external_id) do nothing",
        i.id,
        i.brand,
        i.contact,
        &i.network,
        &i.realm,
        &i.external_id,
        i.handle.clone(),
        text::fold(i.handle.as_deref().unwrap_or_default().trim_start_matches('@')).text,
        i.name.clone(),
        i.at
    )?;
    Ok(())
}

/// Gives a handle to another person.
pub async fn move_identity(tx: &mut Tx, brand: BrandId, identity: IdentityId, to: ContactId) -> Result<()> {
    sql!(tx, run, "update identities set contact_id = $3 where id = $1 and brand_id = $2", identity, brand, to)?;
    Ok(())
}

/// Marks a person as being another one, or as themself again (`into` none).
pub async fn set_merged(tx: &mut Tx, brand: BrandId, contact: ContactId, into: Option<ContactId>) -> Result<()> {
    sql!(tx, run, "update contacts set merged_into = $3 where id = $1 and brand_id = $2", contact, brand, into)?;
    Ok(())
}

/// People of a brand whose name or handle begins like this, whatever the case and accents, by name,
/// for merging and the contact list.
pub async fn list(tx: &mut Tx, brand: BrandId, beginning: &str, most: i64) -> Result<Vec<Contact>> {
    let from = text::fold(beginning.trim_start_matches('@')).text;
    let until = format!("{from}\u{10FFFF}");
    sql!(tx, all Contact,
        "select id, brand_id, name, language, created_at, merged_into from contacts where merged_into is null and id in (
            select id from (select id from contacts where brand_id = $1 and merged_into is null and folded >= $2 and folded < $3 order by folded, id limit $4) n
            union
            select contact_id from (select contact_id from identities where brand_id = $1 and folded >= $2 and folded < $3 order by folded, contact_id limit $4) h
        ) order by folded, id limit $4",
        brand, from, until, most)
}
