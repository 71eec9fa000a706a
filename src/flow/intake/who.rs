//! Who somebody is, where a network knows people by several ids, or by names that change: the
//! conversation follows the person.

use std::collections::HashSet;

use super::arrive::{Arrival, realm};
use super::became;
use super::sort::Happened;
use crate::base::At;
use crate::base::id::ContactId;
use crate::base::text::clean_name;
use crate::desk::channel::Channel;
use crate::desk::inbound::{Author, InboundState};
use crate::desk::scope::Scope;
use crate::flow::{House, Result, merge};
use crate::store::contacts::{self, NewIdentity};
use crate::store::inbound::Became;
use crate::store::{Tx, messages, threads};

fn ids_change(house: &House, channel: &Channel) -> bool {
    house.network(&channel.network).is_some_and(crate::networks::Network::ids_change)
}

/// Before the people of a run are looked up: ids that are one person's become one person's, and each
/// private message goes where the conversation with that person stands.
pub(super) async fn follow(house: &House, tx: &mut Tx, mut run: Vec<Arrival>) -> Result<Vec<Arrival>> {
    let mut joined: HashSet<Vec<String>> = HashSet::new();
    for a in &mut run {
        let Some(author) = a.wrote.author.clone().filter(|_| ids_change(house, &a.channel)) else { continue };
        let ids: Vec<String> = std::iter::once(author.id.clone()).chain(a.wrote.also.iter().cloned()).collect();
        if ids.len() > 1 && joined.insert(ids.clone()) {
            join(house, tx, &a.channel, &author, &ids, a.received_at).await?;
        }
        if a.wrote.partner.is_some() {
            a.wrote.thread = talk_with(house, tx, &a.channel, &a.wrote.thread, &author.id).await?;
        }
    }
    Ok(run)
}

/// All of these are ids of one person.
async fn join(
    house: &House,
    tx: &mut Tx,
    channel: &Channel,
    author: &Author,
    ids: &[String],
    at: At,
) -> Result<ContactId> {
    let (brand, realm) = (channel.brand_id, realm(channel));
    let (mut person, mut missing): (Option<ContactId>, Vec<&String>) = (None, Vec::new());
    for id in ids {
        match contacts::by_external(tx, brand, &channel.network, &realm, id).await? {
            Some(known) => match person {
                None => person = Some(known.contact_id),
                Some(first) if first != known.contact_id => one(house, tx, channel, known.contact_id, first).await?,
                Some(_) => {}
            },
            None => missing.push(id),
        }
    }
    let new = |id: &str, contact| NewIdentity {
        id: house.given.id(),
        contact,
        brand,
        network: channel.network.clone(),
        realm: realm.clone(),
        external_id: id.to_owned(),
        handle: author.handle.as_deref().map(clean_name),
        name: author.name.as_deref().map(clean_name).filter(|n| !n.is_empty()),
        at,
    };
    let mut missing = missing.into_iter();
    let person = match person {
        Some(person) => person,
        None => match missing.next() {
            Some(first) => contacts::know(tx, vec![new(first, house.given.id())]).await?.remove(0).contact_id,
            None => house.given.id(),
        },
    };
    for id in missing {
        contacts::add_identity(tx, &new(id, person)).await?;
    }
    Ok(person)
}

/// Two contacts are one: the first's handles and tickets belong to the second.
async fn one(house: &House, tx: &mut Tx, channel: &Channel, from: ContactId, into: ContactId) -> Result<()> {
    let scope = Scope::house(channel.brand_id);
    let (a, b) = (contacts::get(tx, &scope, from).await?, contacts::get(tx, &scope, into).await?);
    merge::one_person(house, tx, &a, &b, None).await?;
    Ok(())
}

/// The key of the private conversation with a person: the one it has, or had under another of their
/// ids.
pub(super) async fn talk_with(house: &House, tx: &mut Tx, channel: &Channel, key: &str, id: &str) -> Result<String> {
    let brand = channel.brand_id;
    if !ids_change(house, channel) || threads::by_key(tx, brand, channel.id, key).await?.is_some() {
        return Ok(key.to_owned());
    }
    let Some(me) = contacts::by_external(tx, brand, &channel.network, &realm(channel), id).await? else {
        return Ok(key.to_owned());
    };
    for other in contacts::identities(tx, brand, me.contact_id).await? {
        let is_here = other.network == me.network && other.realm == me.realm && other.external_id != id;
        let theirs = key.replace(id, &other.external_id);
        if is_here && threads::by_key(tx, brand, channel.id, &theirs).await?.is_some() {
            return Ok(theirs);
        }
    }
    Ok(key.to_owned())
}

/// A person's id is another one now: who they are, and the conversation with them, stay.
pub(super) async fn id_changed(house: &House, tx: &mut Tx, h: &Happened, from: &str, to: &str) -> Result<Became> {
    let (brand, channel) = (h.channel.brand_id, &h.channel);
    let known = contacts::by_external(tx, brand, &channel.network, &realm(channel), from).await?;
    let Some(known) = known else {
        let reason = Some("identity:unknown_person".into());
        return Ok(Became { reason, ..became(h.id, InboundState::Ignored) });
    };
    let author = Author { id: to.to_owned(), name: known.name, handle: known.handle };
    join(house, tx, channel, &author, &[from.to_owned(), to.to_owned()], h.received_at).await?;
    let (was, is) = (format!("dm:{from}"), format!("dm:{to}"));
    if let Some(talk) = threads::by_key(tx, brand, channel.id, &was).await? {
        threads::rename(tx, brand, talk.id, &is, to).await?;
    }
    Ok(Became { reason: Some("identity".into()), ..became(h.id, InboundState::Done) })
}

/// A message's author goes by another name than the one it came under: the same person.
pub(super) async fn named(house: &House, tx: &mut Tx, h: &Happened, id: &str, author: &Author) -> Result<Became> {
    let (brand, channel) = (h.channel.brand_id, &h.channel);
    let done = Became { reason: Some("identity".into()), ..became(h.id, InboundState::Done) };
    let Some(m) = messages::by_external(tx, brand, channel.id, id).await? else { return Ok(done) };
    let Some(contact) = m.contact_id else { return Ok(done) };
    let handles = contacts::identities(tx, brand, contact).await?;
    let is_here = |i: &&crate::desk::contact::Identity| i.network == channel.network && i.realm == realm(channel);
    if handles.iter().filter(is_here).any(|i| i.external_id == author.id) {
        return Ok(done);
    }
    if let Some(old) = handles.iter().find(is_here) {
        join(house, tx, channel, author, &[old.external_id.clone(), author.id.clone()], h.received_at).await?;
    }
    Ok(done)
}
