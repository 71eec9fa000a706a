//! `SQLite` by hand: what the product does, as somebody would write it who has nothing but prepared
//! statements. Same tables, same indexes, same settings.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use guichet::base::At;
use guichet::store::deliveries::NewDelivery;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use crate::furnish::{Desk, Page};
use crate::traffic::Comment;

/// Opens a database with the settings the product opens it with.
pub fn open(file: &Path) -> Result<Connection> {
    let db = Connection::open(file)?;
    db.busy_timeout(Duration::from_secs(5))?;
    db.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma mmap_size = 0; pragma cache_size = -16000; pragma temp_store = memory;",
    )?;
    db.set_prepared_statement_cache_capacity(100);
    Ok(db)
}

fn key(id: &Uuid) -> &[u8] {
    id.as_bytes()
}

const LOG: &str = "insert into deliveries (id, brand_id, connection_id, channel_id, source, sha256, body, state, next_at, received_at) values (?1, ?2, ?3, null, 'hook', ?4, ?5, 'received', ?6, ?6) on conflict (connection_id, sha256) do nothing";

/// Writes bodies into the log in one transaction.
pub fn record(db: &mut Connection, bodies: &[NewDelivery]) -> Result<()> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut insert = tx.prepare_cached(LOG)?;
        for d in bodies {
            insert.execute(params![key(&d.id.0), key(&d.brand.0), key(&d.connection.0), d.sha256, d.body, d.at.0])?;
        }
    }
    Ok(tx.commit()?)
}

/// How many bodies wait to be taken in.
pub fn waiting(db: &Connection) -> Result<i64> {
    Ok(db.prepare_cached("select count(*) from deliveries where state = 'received'")?.query_row([], |r| r.get(0))?)
}

/// How many messages and tickets there are.
pub fn taken_in(db: &Connection) -> Result<(i64, i64)> {
    Ok(db.query_row("select (select count(*) from messages), (select count(*) from tickets)", [], |r| {
        Ok((r.get(0)?, r.get(1)?))
    })?)
}

/// How much of what the product writes is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Body, person, thread, ticket, message: a row each.
    Few,
    /// Every row the product writes: also the element, the publication and the events.
    Same,
}

/// Takes comments in, in transactions of so many.
pub fn take_in(db: &mut Connection, desk: &Desk, comments: &[Comment], together: usize, rows: Rows) -> Result<()> {
    let page = desk.pages.first().context("the desk has a page")?;
    for batch in comments.chunks(together) {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for c in batch {
            one(&tx, desk, page, c, rows)?;
        }
        tx.commit()?;
    }
    Ok(())
}

fn one(tx: &Transaction<'_>, desk: &Desk, page: &Page, c: &Comment, rows: Rows) -> Result<()> {
    let (brand, channel, at) = (key(&desk.brand.0), key(&page.channel.0), c.at.0);
    let state = if rows == Rows::Few { "done" } else { "received" };
    let new = tx
        .prepare_cached("insert into deliveries (id, brand_id, connection_id, source, sha256, body, state, next_at, received_at) values (?1, ?2, ?3, 'hook', ?4, ?5, ?6, ?7, ?7) on conflict (connection_id, sha256) do nothing returning seq")?
        .query_row(params![key(&c.ids.delivery), brand, key(&page.connection.0), c.sha256, c.body, state, at], |r| r.get::<_, i64>(0))
        .optional()?;
    let Some(seq) = new else { return Ok(()) };
    let post = if rows == Rows::Same { Some(element_and_post(tx, brand, channel, c, seq)?) } else { None };
    let contact = match known(tx, brand, page, c)? {
        Some(contact) => contact,
        None => met(tx, brand, page, c)?,
    };
    let thread: [u8; 16] = tx
        .prepare_cached("insert into threads (id, brand_id, channel_id, external_key, post_id, kind, visibility, partner, created_at) values (?1, ?2, ?3, ?4, ?5, 'comment', 'public', null, ?6) on conflict (channel_id, external_key) do update set post_id = coalesce(threads.post_id, excluded.post_id) returning id")?
        .query_row(params![key(&c.ids.thread), brand, channel, c.root, post, at], |r| r.get(0))?;
    let ticket: [u8; 16] = tx
        .prepare_cached("insert into tickets (id, brand_id, number, channel_id, network, thread_id, contact_id, kind, visibility, state, bot, stage, stage_evidence, priority, language, labels, excerpt, last_message_at, last_inbound_at, waiting_since, sla_due_at, created_at) values (?1, ?2, ?3, ?4, 'facebook', ?5, ?6, 'comment', 'public', 'new', 'active', 'awareness', 'null', 'normal', 'fr', '[]', ?7, ?8, ?8, ?8, ?9, ?8) on conflict (thread_id, contact_id) do update set last_message_at = excluded.last_message_at, last_inbound_at = excluded.last_inbound_at, excerpt = excluded.excerpt returning id")?
        .query_row(params![key(&c.ids.ticket), brand, c.number, channel, thread, contact, c.text, at, due(c.at)], |r| r.get(0))?;
    tx.prepare_cached("insert into messages (id, brand_id, ticket_id, thread_id, channel_id, direction, kind, visibility, contact_id, author_name, text, attachments, external_id, parent_external_id, post_external_id, language, replyable, machine, at, reactions, versions, created_at) values (?1, ?2, ?3, ?4, ?5, 'inbound', 'comment', 'public', ?6, ?7, ?8, '[]', ?9, ?10, ?11, 'fr', 1, 0, ?12, '[]', '[]', ?12)")?
        .execute(params![key(&c.ids.message), brand, ticket, thread, channel, contact, c.name, c.text, c.id, c.root, c.post, at])?;
    if rows == Rows::Same {
        events(tx, brand, c, &ticket)?;
    }
    Ok(())
}

/// The person behind a handle that has been seen before.
fn known(tx: &Transaction<'_>, brand: &[u8], page: &Page, c: &Comment) -> Result<Option<[u8; 16]>> {
    Ok(tx
        .prepare_cached("select contact_id from identities where brand_id = ?1 and network = 'facebook' and realm = ?2 and external_id = ?3")?
        .query_row(params![brand, page.account, c.person], |r| r.get(0))
        .optional()?)
}

/// A person who has not.
fn met(tx: &Transaction<'_>, brand: &[u8], page: &Page, c: &Comment) -> Result<[u8; 16]> {
    tx.prepare_cached("insert into contacts (id, brand_id, name, folded, created_at) values (?1, ?2, ?3, ?3, ?4)")?
        .execute(params![key(&c.ids.contact), brand, c.name, c.at.0])?;
    tx.prepare_cached("insert into identities (id, brand_id, contact_id, network, realm, external_id, handle, folded, name, created_at) values (?1, ?2, ?3, 'facebook', ?4, ?5, null, '', ?6, ?7)")?
        .execute(params![key(&c.ids.identity), brand, key(&c.ids.contact), page.account, c.person, c.name, c.at.0])?;
    Ok(*c.ids.contact.as_bytes())
}

fn due(at: At) -> i64 {
    at.plus(Duration::from_hours(1)).0
}

/// The rows the product writes beyond those of [`Rows::Few`], as far as they come before the ticket.
fn element_and_post(tx: &Transaction<'_>, brand: &[u8], channel: &[u8], c: &Comment, seq: i64) -> Result<[u8; 16]> {
    tx.prepare_cached("insert into inbound (id, brand_id, channel_id, delivery_id, n, event_key, state, kind, message_id, created_at) values (?1, ?2, ?3, ?4, 0, ?5, 'done', 'comment', ?6, ?7) on conflict (channel_id, event_key) do nothing")?
        .execute(params![key(&c.ids.inbound), brand, channel, key(&c.ids.delivery), format!("w:{}", c.id), key(&c.ids.message), c.at.0])?;
    tx.prepare_cached("update deliveries set state = 'done' where seq = ?1")?.execute([seq])?;
    let post = tx
        .prepare_cached("insert into posts (id, brand_id, channel_id, external_id, own, permalink, reactions, created_at) values (?1, ?2, ?3, ?4, 1, ?5, '{}', ?6) on conflict (channel_id, external_id) do update set own = coalesce(excluded.own, posts.own), permalink = coalesce(excluded.permalink, posts.permalink) returning id")?
        .query_row(params![key(&c.ids.post), brand, channel, c.post, format!("https://www.facebook.com/{}", c.post), c.at.0], |r| r.get(0))?;
    Ok(post)
}

/// The rest of them.
fn events(tx: &Transaction<'_>, brand: &[u8], c: &Comment, ticket: &[u8; 16]) -> Result<()> {
    let mut insert = tx.prepare_cached("insert into events (at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace) values (?1, ?2, ?3, ?4, ?5, 'network', null, ?6, null)")?;
    if ticket == c.ids.ticket.as_bytes() {
        insert.execute(params![c.at.0, brand, "ticket_opened", ticket, key(&c.ids.message), "{}"])?;
    }
    insert.execute(params![
        c.at.0,
        brand,
        "message_received",
        ticket,
        key(&c.ids.message),
        "{\"kind\":\"comment\"}"
    ])?;
    Ok(())
}
