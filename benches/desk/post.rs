//! PostgreSQL by hand: the set-based statement somebody would write who knows it well, and the
//! transaction for each request that most write.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, Row};
use uuid::Uuid;

use crate::furnish::Desk;
use crate::machine;
use crate::traffic::Comment;

/// The server to measure on, if one is named.
pub fn server() -> Option<String> {
    let named = |name| std::env::var(name).ok().filter(|url| !url.is_empty());
    named("GUICHET_BENCH_POSTGRES").or_else(|| named("GUICHET_TEST_POSTGRES"))
}

/// A database that is there for one turn.
pub struct Database {
    server: String,
    name: String,
    pub url: String,
}

impl Database {
    /// Makes one.
    pub async fn new(server: &str, number: usize) -> Result<Database> {
        let name = format!("guichet_bench_{}_{number}", std::process::id());
        run(server, format!("create database {name}")).await?;
        let (base, _) = server.rsplit_once('/').context("the URL names a database")?;
        let query = server.split_once('?').map(|(_, q)| format!("?{q}")).unwrap_or_default();
        Ok(Database { server: server.to_owned(), url: format!("{base}/{name}{query}"), name })
    }

    /// Takes it away.
    pub async fn remove(self) -> Result<()> {
        run(&self.server, format!("drop database {} with (force)", self.name)).await
    }
}

async fn run(server: &str, sql: String) -> Result<()> {
    let mut db = PgConnection::connect(server).await?;
    db.execute(AssertSqlSafe(sql)).await?;
    Ok(db.close().await?)
}

/// What the server says of itself, for the report.
pub async fn settings(server: &str) -> Result<String> {
    let mut db = PgConnection::connect(server).await?;
    let mut words = Vec::new();
    for name in ["server_version", "fsync", "synchronous_commit", "shared_buffers"] {
        let value: String = sqlx::query_scalar(AssertSqlSafe(format!("show {name}"))).fetch_one(&mut db).await?;
        words.push(format!("{name} {value}"));
    }
    db.close().await?;
    Ok(words.join(", "))
}

/// How many bodies wait to be taken in.
pub async fn waiting(db: &mut PgConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from deliveries where state = 'received'").fetch_one(db).await?)
}

/// How many messages and tickets there are.
pub async fn taken_in(db: &mut PgConnection) -> Result<(i64, i64)> {
    let row =
        sqlx::query("select (select count(*) from messages), (select count(*) from tickets)").fetch_one(db).await?;
    Ok((row.get(0), row.get(1)))
}

/// The time of the server's own processes on the processor, where they run on this machine: each
/// from when it was first seen.
#[derive(Default)]
pub struct Backends {
    seen: HashMap<u32, (Duration, Duration)>,
}

impl Backends {
    /// Looks; all time so far.
    pub async fn cpu(&mut self, db: &mut PgConnection) -> Result<Duration> {
        let pids: Vec<i32> = sqlx::query_scalar("select pid from pg_stat_activity").fetch_all(db).await?;
        let first = self.seen.is_empty();
        for pid in pids.into_iter().filter_map(|p| u32::try_from(p).ok()).filter(|p| machine::is_called(*p, "postgres"))
        {
            let now = machine::cpu_of(pid);
            // Who was there at the first look is counted from then, who came later from its start.
            let from = if first { now } else { Duration::ZERO };
            self.seen.entry(pid).or_insert((from, now)).1 = now;
        }
        Ok(self.seen.values().map(|(from, now)| now.saturating_sub(*from)).sum())
    }
}

/// The ids every row needs.
#[derive(Clone)]
pub struct Place {
    brand: Uuid,
    channel: Uuid,
    connection: Uuid,
    account: String,
}

impl Place {
    /// Of a desk's first page.
    pub fn of(desk: &Desk) -> Place {
        let page = &desk.pages[0];
        Place {
            brand: desk.brand.0,
            channel: page.channel.0,
            connection: page.connection.0,
            account: page.account.clone(),
        }
    }
}

const TOGETHER: &str = "with told as (
    select * from unnest($5::uuid[], $6::bytea[], $7::bytea[], $8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::uuid[], $13::text[], $14::uuid[], $15::bigint[], $16::uuid[], $17::text[], $18::text[], $19::text[], $20::bigint[]) with ordinality
        as t(delivery, sha256, body, identity, contact, person, name, thread, root, ticket, number, message, external_id, post, text, at, n)
), logged as (
    insert into deliveries (id, brand_id, connection_id, source, sha256, body, state, next_at, received_at)
    select delivery, $1, $3, 'hook', sha256, body, 'done', at, at from told
    on conflict (connection_id, sha256) do nothing returning id
), fresh as (
    select told.* from told join logged on logged.id = told.delivery
), people as (
    insert into identities (id, brand_id, contact_id, network, realm, external_id, folded, name, created_at)
    select distinct on (person) identity, $1, contact, 'facebook', $4, person, '', name, at from fresh order by person, n
    on conflict (brand_id, network, realm, external_id) do update set name = coalesce(excluded.name, identities.name)
    returning id, contact_id, external_id
), met as (
    insert into contacts (id, brand_id, name, folded, created_at)
    select f.contact, $1, f.name, f.name, f.at from fresh f join people p on p.id = f.identity
), places as (
    insert into threads (id, brand_id, channel_id, external_key, kind, visibility, created_at)
    select distinct on (root) thread, $1, $2, root, 'comment', 'public', at from fresh order by root, n
    on conflict (channel_id, external_key) do update set post_id = coalesce(threads.post_id, excluded.post_id)
    returning id, external_key
), desk as (
    insert into tickets (id, brand_id, number, channel_id, network, thread_id, contact_id, kind, visibility, state, bot, stage, stage_evidence, priority, language, labels, excerpt, last_message_at, last_inbound_at, waiting_since, sla_due_at, created_at)
    select distinct on (l.id, p.contact_id) f.ticket, $1, f.number, $2, 'facebook', l.id, p.contact_id, 'comment', 'public', 'new', 'active', 'awareness', 'null', 'normal', 'fr', '[]', f.text, f.at, f.at, f.at, f.at + 3600000000, f.at
    from fresh f join people p on p.external_id = f.person join places l on l.external_key = f.root order by l.id, p.contact_id, f.n desc
    on conflict (thread_id, contact_id) do update set last_message_at = excluded.last_message_at, last_inbound_at = excluded.last_inbound_at, excerpt = excluded.excerpt
    returning id, thread_id, contact_id
)
insert into messages (id, brand_id, ticket_id, thread_id, channel_id, direction, kind, visibility, contact_id, author_name, text, attachments, external_id, parent_external_id, post_external_id, language, at, reactions, versions, created_at)
select f.message, $1, d.id, l.id, $2, 'inbound', 'comment', 'public', p.contact_id, f.name, f.text, '[]', f.external_id, f.root, f.post, 'fr', f.at, '[]', '[]', f.at
from fresh f join people p on p.external_id = f.person join places l on l.external_key = f.root join desk d on d.thread_id = l.id and d.contact_id = p.contact_id";

/// Takes comments in with one statement for so many, on one connection.
pub async fn together(db: &mut PgConnection, place: &Place, comments: &[Comment], n: usize) -> Result<()> {
    for batch in comments.chunks(n) {
        let each = |f: fn(&Comment) -> Uuid| batch.iter().map(f).collect::<Vec<Uuid>>();
        let words = |f: fn(&Comment) -> &str| batch.iter().map(f).map(str::to_owned).collect::<Vec<String>>();
        sqlx::query(TOGETHER)
            .bind(place.brand)
            .bind(place.channel)
            .bind(place.connection)
            .bind(&place.account)
            .bind(each(|c| c.ids.delivery))
            .bind(batch.iter().map(|c| c.sha256.to_vec()).collect::<Vec<_>>())
            .bind(batch.iter().map(|c| c.body.clone()).collect::<Vec<_>>())
            .bind(each(|c| c.ids.identity))
            .bind(each(|c| c.ids.contact))
            .bind(words(|c| &c.person))
            .bind(words(|c| &c.name))
            .bind(each(|c| c.ids.thread))
            .bind(words(|c| &c.root))
            .bind(each(|c| c.ids.ticket))
            .bind(batch.iter().map(|c| c.number).collect::<Vec<_>>())
            .bind(each(|c| c.ids.message))
            .bind(words(|c| &c.id))
            .bind(words(|c| &c.post))
            .bind(words(|c| c.text))
            .bind(batch.iter().map(|c| c.at.0).collect::<Vec<_>>())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Takes comments in with a transaction for each, so many at once.
pub async fn each_alone(pool: &PgPool, place: &Place, comments: Arc<Vec<Comment>>, at_once: usize) -> Result<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut all = Vec::with_capacity(at_once);
    for _ in 0..at_once {
        let (pool, place, comments, next) = (pool.clone(), place.clone(), Arc::clone(&comments), Arc::clone(&next));
        all.push(tokio::spawn(async move {
            while let Some(comment) = comments.get(next.fetch_add(1, Ordering::Relaxed)) {
                one(&pool, &place, comment).await?;
            }
            Ok::<_, sqlx::Error>(())
        }));
    }
    for one in all {
        one.await??;
    }
    Ok(())
}

async fn one(pool: &PgPool, place: &Place, c: &Comment) -> sqlx::Result<()> {
    let mut tx = pool.begin().await?;
    let logged = sqlx::query("insert into deliveries (id, brand_id, connection_id, source, sha256, body, state, next_at, received_at) values ($1, $2, $3, 'hook', $4, $5, 'done', $6, $6) on conflict (connection_id, sha256) do nothing returning id")
        .bind(c.ids.delivery).bind(place.brand).bind(place.connection).bind(c.sha256.as_slice()).bind(&c.body).bind(c.at.0)
        .fetch_optional(&mut *tx).await?;
    if logged.is_none() {
        return tx.commit().await;
    }
    let known = sqlx::query("insert into identities (id, brand_id, contact_id, network, realm, external_id, folded, name, created_at) values ($1, $2, $3, 'facebook', $4, $5, '', $6, $7) on conflict (brand_id, network, realm, external_id) do update set name = coalesce(excluded.name, identities.name) returning id, contact_id")
        .bind(c.ids.identity).bind(place.brand).bind(c.ids.contact).bind(&place.account).bind(&c.person).bind(&c.name).bind(c.at.0)
        .fetch_one(&mut *tx).await?;
    let contact: Uuid = known.get(1);
    if known.get::<Uuid, _>(0) == c.ids.identity {
        sqlx::query("insert into contacts (id, brand_id, name, folded, created_at) values ($1, $2, $3, $3, $4)")
            .bind(contact)
            .bind(place.brand)
            .bind(&c.name)
            .bind(c.at.0)
            .execute(&mut *tx)
            .await?;
    }
    let thread: Uuid = sqlx::query_scalar("insert into threads (id, brand_id, channel_id, external_key, kind, visibility, created_at) values ($1, $2, $3, $4, 'comment', 'public', $5) on conflict (channel_id, external_key) do update set post_id = coalesce(threads.post_id, excluded.post_id) returning id")
        .bind(c.ids.thread).bind(place.brand).bind(place.channel).bind(&c.root).bind(c.at.0)
        .fetch_one(&mut *tx).await?;
    let ticket: Uuid = sqlx::query_scalar("insert into tickets (id, brand_id, number, channel_id, network, thread_id, contact_id, kind, visibility, state, bot, stage, stage_evidence, priority, language, labels, excerpt, last_message_at, last_inbound_at, waiting_since, sla_due_at, created_at) values ($1, $2, $3, $4, 'facebook', $5, $6, 'comment', 'public', 'new', 'active', 'awareness', 'null', 'normal', 'fr', '[]', $7, $8, $8, $8, $8 + 3600000000, $8) on conflict (thread_id, contact_id) do update set last_message_at = excluded.last_message_at, last_inbound_at = excluded.last_inbound_at, excerpt = excluded.excerpt returning id")
        .bind(c.ids.ticket).bind(place.brand).bind(c.number).bind(place.channel).bind(thread).bind(contact).bind(c.text).bind(c.at.0)
        .fetch_one(&mut *tx).await?;
    sqlx::query("insert into messages (id, brand_id, ticket_id, thread_id, channel_id, direction, kind, visibility, contact_id, author_name, text, attachments, external_id, parent_external_id, post_external_id, language, at, reactions, versions, created_at) values ($1, $2, $3, $4, $5, 'inbound', 'comment', 'public', $6, $7, $8, '[]', $9, $10, $11, 'fr', $12, '[]', '[]', $12)")
        .bind(c.ids.message).bind(place.brand).bind(ticket).bind(thread).bind(place.channel).bind(contact).bind(&c.name).bind(c.text).bind(&c.id).bind(&c.root).bind(&c.post).bind(c.at.0)
        .execute(&mut *tx).await?;
    tx.commit().await
}
