//! The large desk: half a year of tickets with their messages and events, written by hand into a
//! database the product has made, then indexed by the product itself. Nothing of the two inbound logs
//! is written, and nothing of the outbox.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use guichet::base::clock::{Clock, SystemClock, TestClock};
use guichet::base::id::{AnyId, TicketId};
use guichet::base::{At, Given};
use guichet::simulator::scenes;
use rusqlite::{Connection, Transaction, params};
use serde_json::json;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::furnish::{self, Desk};
use crate::lite;
use crate::report;
use crate::server::Server;
use crate::traffic::name_of;

/// How long ago the first ticket was opened.
const SPAN: Duration = Duration::from_hours(180 * 24);
/// Messages of a ticket.
const MESSAGES: usize = 5;
/// Tickets with a long thread, and messages of it.
const LONG: usize = 50;
const LONG_MESSAGES: usize = 100;

/// A large desk.
pub struct Seeded {
    pub desk: Desk,
    /// The tickets with long threads.
    pub long: Vec<TicketId>,
    /// Time and id of some tickets: places a page of the queue may begin after. Open ones first.
    pub places: [Vec<(i64, TicketId)>; 2],
}

/// Makes one, indexed and at rest.
pub fn large(runtime: &Runtime, tickets: usize) -> Result<Seeded> {
    report::title(&format!("a desk of {tickets} tickets"));
    let desk = runtime.block_on(furnish::desk(None, 3, 8))?;
    let begun = Instant::now();
    let mut db = lite::open(&desk.file())?;
    let mut writer = Writer::new(&desk, tickets);
    writer.all(&mut db)?;
    let (messages, open): (i64, i64) = db.query_row(
        "select (select count(*) from messages), (select count(*) from tickets where state <> 'resolved')",
        [],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    drop(db);
    let messages = usize::try_from(messages)?;
    let size = std::fs::metadata(desk.file())?.len() >> 20;
    let took = begun.elapsed().as_secs_f64();
    println!("seed   {messages} messages, {open} tickets open, {size} MiB, written in {took:.0} s");
    let (long, places) = (writer.long, writer.places);
    let server = Server::guichet(desk.folder(), None)?;
    let begun = Instant::now();
    server.wait_for_search()?;
    report::alone("seed", "indexing the log for search", "messages/s", &[report::rate(messages, begun.elapsed())]);
    server.stop()?;
    Ok(Seeded { desk, long, places })
}

/// Writes it, in order of time.
struct Writer<'a> {
    desk: &'a Desk,
    clock: Arc<TestClock>,
    dice: Given,
    tickets: usize,
    now: At,
    contacts: Vec<(Uuid, String)>,
    posts: Vec<(Uuid, String, usize)>,
    long: Vec<TicketId>,
    places: [Vec<(i64, TicketId)>; 2],
}

/// A ticket being written.
struct Opened {
    id: Uuid,
    thread: Uuid,
    contact: usize,
    page: usize,
    root: String,
    post: Option<usize>,
    private: bool,
    kind: &'static str,
    state: &'static str,
    stage: &'static str,
    assignee: Option<Uuid>,
    messages: usize,
    at: At,
}

impl Writer<'_> {
    fn new(desk: &Desk, tickets: usize) -> Writer<'_> {
        let now = SystemClock.now();
        let clock = Arc::new(TestClock::at(now.minus(SPAN)));
        let dice = Given::seeded(clock.clone(), 4242);
        let (contacts, posts, long) = (Vec::new(), Vec::new(), Vec::new());
        Writer { desk, clock, dice, tickets, now, contacts, posts, long, places: [Vec::new(), Vec::new()] }
    }

    fn id(&self) -> Uuid {
        self.dice.id::<AnyId>().0
    }

    fn below(&self, n: usize) -> usize {
        usize::try_from(self.dice.below(u64::try_from(n).unwrap_or(0))).unwrap_or(0)
    }

    /// One of these, by weight.
    fn one_of(&self, of: &[(&'static str, usize)]) -> &'static str {
        let mut left = self.below(of.iter().map(|(_, w)| w).sum());
        for (word, weight) in of {
            if left < *weight {
                return word;
            }
            left -= weight;
        }
        of[0].0
    }

    fn all(&mut self, db: &mut Connection) -> Result<()> {
        db.execute_batch("pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -400000;")?;
        let tx = db.transaction()?;
        self.posts(&tx)?;
        self.people(&tx)?;
        tx.commit()?;
        let step = SPAN / u32::try_from(self.tickets)?;
        let mut written = 0;
        while written < self.tickets {
            let tx = db.transaction()?;
            for n in written..(written + 5_000).min(self.tickets) {
                self.clock.forward(step);
                self.ticket(&tx, n)?;
            }
            tx.commit()?;
            written += 5_000;
        }
        db.execute("update brands set next_number = ?1", [i64::try_from(self.tickets)? + 1])?;
        db.execute_batch("pragma wal_checkpoint(truncate); pragma foreign_keys = on;")?;
        Ok(())
    }

    fn posts(&mut self, tx: &Transaction<'_>) -> Result<()> {
        let mut insert = tx.prepare_cached("insert into posts (id, brand_id, channel_id, external_id, own, text, permalink, published_at, reactions, created_at) values (?1, ?2, ?3, ?4, 1, 'Petit Loup est de retour, en trois couleurs', ?5, ?6, '{}', ?6)")?;
        for n in 0..300 {
            let (id, page) = (self.id(), n % self.desk.pages.len());
            let external = format!("{}_41{n:06}", self.desk.pages[page].account);
            let (channel, link) = (self.desk.pages[page].channel.0, format!("https://www.facebook.com/{external}"));
            insert.execute(params![
                bytes(&id),
                bytes(&self.desk.brand.0),
                bytes(&channel),
                external,
                link,
                self.dice.now().0
            ])?;
            self.posts.push((id, external, page));
        }
        Ok(())
    }

    fn people(&mut self, tx: &Transaction<'_>) -> Result<()> {
        let mut contact = tx.prepare_cached(
            "insert into contacts (id, brand_id, name, folded, created_at) values (?1, ?2, ?3, ?4, ?5)",
        )?;
        let mut identity = tx.prepare_cached("insert into identities (id, brand_id, contact_id, network, realm, external_id, handle, folded, name, created_at) values (?1, ?2, ?3, 'facebook', ?4, ?5, null, '', ?6, ?7)")?;
        for n in 0..self.tickets / 3 {
            let (id, name, at) = (self.id(), name_of(n), self.dice.now().0);
            let (brand, realm) = (self.desk.brand.0, &self.desk.pages[n % self.desk.pages.len()].account);
            contact.execute(params![bytes(&id), bytes(&brand), name, name.to_lowercase(), at])?;
            identity.execute(params![
                bytes(&self.id()),
                bytes(&brand),
                bytes(&id),
                realm,
                format!("73{n:09}"),
                name,
                at
            ])?;
            self.contacts.push((id, name));
        }
        Ok(())
    }

    /// What the dice make of the ticket of this number.
    fn opened(&mut self, n: usize) -> Opened {
        let recent = n >= self.tickets / 100 * 92;
        let is_long = recent && self.long.len() < LONG && n.is_multiple_of((self.tickets / 100 * 8 / LONG).max(1));
        let open = is_long || if recent { self.below(100) < 60 } else { self.below(1_000) < 14 };
        let state = match open {
            _ if is_long => "open",
            true => self.one_of(&[("new", 40), ("open", 30), ("waiting", 20), ("snoozed", 10)]),
            false => "resolved",
        };
        let kind = if is_long { "comment" } else { self.one_of(&[("comment", 70), ("dm", 20), ("mention", 10)]) };
        let post = (kind == "comment").then(|| self.below(self.posts.len()));
        let page = post.map_or_else(|| self.below(self.desk.pages.len()), |p| self.posts[p].2);
        let taken = match state {
            "new" => 15,
            "open" => 70,
            _ => 85,
        };
        let id = self.id();
        if is_long {
            self.long.push(TicketId(id));
        }
        Opened {
            id,
            thread: self.id(),
            contact: self.below(self.contacts.len()),
            page,
            root: format!("52{n:09}"),
            post,
            private: kind == "dm",
            kind,
            state,
            stage: self.one_of(&[
                ("awareness", 35),
                ("consideration", 25),
                ("hot_prospect", 10),
                ("customer", 25),
                ("advocate", 5),
            ]),
            assignee: (self.below(100) < taken).then(|| self.desk.agents[self.below(self.desk.agents.len())].0),
            messages: if is_long { LONG_MESSAGES } else { MESSAGES },
            at: self.dice.now(),
        }
    }

    fn ticket(&mut self, tx: &Transaction<'_>, n: usize) -> Result<()> {
        let t = self.opened(n);
        let apart = Duration::from_mins(if t.messages > MESSAGES { 1 } else { 7 });
        let last = t.at.plus(apart * u32::try_from(t.messages)?).0.min(self.now.0);
        let (brand, page) = (self.desk.brand.0, &self.desk.pages[t.page]);
        let post = t.post.map(|p| self.posts[p].0);
        let words = self.words();
        let awaits = matches!(t.state, "new" | "open").then_some(last);
        let due = awaits.map(|since| since + 3_600_000_000);
        let snoozed = (t.state == "snoozed").then_some(self.now.plus(Duration::from_hours(20)).0);
        let team = (self.below(100) < 70).then(|| self.desk.teams[self.below(self.desk.teams.len())].0);
        let evidence = if t.stage == "awareness" { "null".to_owned() } else { trace(words).to_string() };
        let labels =
            self.one_of(&[("[]", 6), ("[\"delivery\"]", 2), ("[\"complaint\",\"delivery\"]", 1), ("[\"b2b\"]", 1)]);
        tx.prepare_cached("insert into threads (id, brand_id, channel_id, external_key, post_id, kind, visibility, partner, created_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, null, ?8)")?
            .execute(params![bytes(&t.thread), bytes(&brand), bytes(&page.channel.0), t.root, post.as_ref().map(bytes), t.kind, t.visibility(), t.at.0])?;
        tx.prepare_cached("insert into tickets (id, brand_id, number, channel_id, network, thread_id, contact_id, kind, visibility, state, bot, stage, stage_evidence, team_id, assignee_id, priority, language, labels, excerpt, last_message_at, last_inbound_at, waiting_since, sla_due_at, snoozed_until, created_at, resolved_at) values (?1, ?2, ?3, ?4, 'facebook', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?19, ?20, ?21, ?22, ?23, ?24)")?
            .execute(params![
                bytes(&t.id), bytes(&brand), i64::try_from(n)? + 1, bytes(&page.channel.0), bytes(&t.thread),
                bytes(&self.contacts[t.contact].0), t.kind, t.visibility(), t.state, if t.state == "new" { "active" } else { "human" },
                t.stage, evidence, team.as_ref().map(bytes), t.assignee.as_ref().map(bytes),
                self.one_of(&[("normal", 70), ("high", 20), ("low", 8), ("urgent", 2)]), self.one_of(&[("fr", 7), ("en", 3)]),
                labels, words, last, awaits, due, snoozed, t.at.0, (t.state == "resolved").then_some(last),
            ])?;
        if self.below(100) < 5 {
            self.places[usize::from(t.state == "resolved")].push((last, TicketId(t.id)));
        }
        self.event(tx, &t, "ticket_opened", None, t.at.0, ("network", None), &json!({}), None)?;
        let (data, why) = (json!({"from": "awareness", "to": t.stage}), trace(words).to_string());
        let first = self.message(tx, &t, 0, words, t.at.0)?;
        self.event(tx, &t, "staged", Some(first), t.at.0, ("rule", Some("stage-by-words")), &data, Some(&why))?;
        for m in 1..t.messages {
            let at = t.at.plus(apart * u32::try_from(m)?).0.min(last);
            self.message(tx, &t, m, self.words(), at)?;
        }
        if t.state == "resolved" {
            self.event(tx, &t, "ticket_changed", None, last, ("agent", None), &json!({"state": "resolved"}), None)?;
        }
        Ok(())
    }

    fn words(&self) -> &'static str {
        let n = self.below(scenes::consumers().count());
        scenes::consumers().nth(n).map_or("Bonjour", |l| l.says)
    }

    /// A word that is the rarer the more there are of its kind.
    fn word(&self) -> String {
        word(self.below(1 << self.below(16)))
    }

    /// One message and its event: customer and agent take turns.
    fn message(&self, tx: &Transaction<'_>, t: &Opened, n: usize, text: &str, at: i64) -> Result<Uuid> {
        let id = self.id();
        let ours = t.state != "new" && n % 2 == 1;
        let (contact, name) = &self.contacts[t.contact];
        let agent = t.assignee.unwrap_or(self.desk.agents[0].0);
        let external = if n == 0 { t.root.clone() } else { format!("{}_{n}", t.root) };
        let text = format!("{text} {} {} {}", self.word(), self.word(), self.word());
        tx.prepare_cached("insert into messages (id, brand_id, ticket_id, thread_id, channel_id, direction, kind, visibility, contact_id, agent_id, author_name, text, attachments, external_id, parent_external_id, post_external_id, language, at, reactions, versions, delivery, created_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, '[]', ?13, ?14, ?15, 'fr', ?16, '[]', '[]', ?17, ?16)")?
            .execute(params![
                bytes(&id), bytes(&self.desk.brand.0), bytes(&t.id), bytes(&t.thread), bytes(&self.desk.pages[t.page].channel.0),
                if ours { "outbound" } else { "inbound" }, t.kind, t.visibility(), (!ours).then(|| bytes(contact)), ours.then(|| bytes(&agent)),
                if ours { "Sarah Lenoir" } else { name }, text, external, (n > 0).then_some(&t.root),
                t.post.map(|p| &self.posts[p].1), at, ours.then_some("sent"),
            ])?;
        let who = agent.to_string();
        if ours {
            self.event(
                tx,
                t,
                "reply_queued",
                Some(id),
                at,
                ("agent", Some(&who)),
                &json!({"action": "reply_public", "delivery": "held"}),
                None,
            )?;
            self.event(tx, t, "delivery_changed", Some(id), at, ("house", None), &json!({"delivery": "sent"}), None)?;
        } else {
            self.event(tx, t, "message_received", Some(id), at, ("network", None), &json!({"kind": t.kind}), None)?;
        }
        Ok(id)
    }

    #[expect(clippy::too_many_arguments, reason = "it is one row's worth of columns")]
    fn event(
        &self,
        tx: &Transaction<'_>,
        t: &Opened,
        kind: &str,
        message: Option<Uuid>,
        at: i64,
        actor: (&str, Option<&str>),
        data: &serde_json::Value,
        trace: Option<&str>,
    ) -> Result<()> {
        tx.prepare_cached("insert into events (at, brand_id, kind, ticket_id, message_id, actor_kind, actor, data, trace) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
            .execute(params![at, bytes(&self.desk.brand.0), kind, bytes(&t.id), message.as_ref().map(bytes), actor.0, actor.1, data.to_string(), trace])?;
        Ok(())
    }
}

impl Opened {
    fn visibility(&self) -> &'static str {
        if self.private { "private" } else { "public" }
    }
}

/// The made-up word of a rank: the first are common, the last are rare.
pub fn word(mut rank: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "ko", "ri", "tou", "mel", "san", "dio", "pra", "chu", "vel", "gno", "lam", "zer", "fi", "bru", "ney"];
    let mut word = "x".to_owned();
    loop {
        word.push_str(SYLLABLES[rank % 16]);
        rank /= 16;
        if rank == 0 {
            return word;
        }
    }
}

fn bytes(id: &Uuid) -> &[u8] {
    id.as_bytes()
}

/// Why a ticket is at its stage.
fn trace(words: &str) -> serde_json::Value {
    let seen: String = words.chars().take(12).collect();
    json!({"rule": "stage-by-words", "version": "5be1", "score": 3.0, "threshold": 3.0,
        "matched": [{"field": "text", "text": seen, "start": 0, "end": 12, "why": "asks-price +3"}]})
}
