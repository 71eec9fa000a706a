//! W5: a ticket opened whose thread has a hundred messages, over HTTP. The page shows the last fifty
//! of them, with the queue beside them. By hand: all hundred, the ticket's history, and the queue.

use std::time::Instant;

use anyhow::{Result, ensure};
use guichet::base::id::TicketId;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::Bench;
use crate::lite;
use crate::pages::{self, Turns};
use crate::report::{self, Figure, Goal, Spread, middle_and_p99, millis};
use crate::server::Server;
use crate::traffic::dice;
use crate::w3;

/// Tickets opened in one turn.
const PAGES: usize = 400;

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let seeded = bench.large()?;
    report::title("W5: a ticket with a thread of 100 messages");
    let server = Server::guichet(seeded.desk.folder(), None)?;
    let db = lite::open(&seeded.desk.file())?;
    let html = pages::look(&server, &seeded.desk, &format!("/tickets/{}", seeded.long[0]))?;
    ensure!(by_hand(&db, seeded.long[0])? >= 100 && html.contains("before="), "the long ticket is not long");
    let queue = w3::asked(seeded, 1, 60).into_iter().find(|a| a.path == "/inbox/todo");
    let (mut one, mut packed, mut raw) = (Turns::default(), Turns::default(), [vec![], vec![], vec![]]);
    for turn in 0..bench.turns {
        let dice = dice(500 + u64::try_from(turn)?);
        let any = |_| seeded.long[usize::try_from(dice.below(seeded.long.len() as u64)).unwrap_or(0)];
        let tickets: Vec<TicketId> = (0..PAGES).map(any).collect();
        let paths: Vec<String> = tickets.iter().map(|t| format!("/tickets/{t}")).collect();
        one.turn(&server, &seeded.desk, &paths, 1, false)?;
        let (mut thread, mut whole) = (Vec::with_capacity(PAGES), Vec::with_capacity(PAGES));
        for ticket in tickets {
            let begun = Instant::now();
            by_hand(&db, ticket)?;
            thread.push(begun.elapsed());
            if let Some(queue) = &queue {
                w3::by_hand(&db, queue)?;
            }
            whole.push(begun.elapsed());
        }
        raw[0].push(millis(middle_and_p99(thread).0));
        let (p50, p99) = middle_and_p99(whole);
        raw[1].push(millis(p50));
        raw[2].push(millis(p99));
        packed.turn(&server, &seeded.desk, &paths, 1, true)?;
    }
    tell(&one, &packed, &raw, pages::render(50)?);
    server.stop()
}

/// Reads a thread and its ticket's history, every column a page needs; how many messages.
fn by_hand(db: &Connection, ticket: TicketId) -> Result<usize> {
    let read = |sql: &str| -> Result<usize> {
        let mut statement = db.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([ticket.0.as_bytes().as_slice()])?;
        let mut kept: Vec<Vec<Value>> = Vec::with_capacity(128);
        while let Some(row) = rows.next()? {
            kept.push((0..columns).map(|i| row.get(i)).collect::<rusqlite::Result<_>>()?);
        }
        Ok(kept.len())
    };
    read(
        "select seq, at, kind, message_id, actor_kind, actor, data, trace from events where ticket_id = ?1 order by seq limit 500",
    )?;
    read(
        "select m.id, m.direction, m.kind, m.visibility, m.contact_id, m.agent_id, m.author_name, m.author_handle, m.text, m.attachments, m.external_id, m.rating, m.language, m.at, m.edited_at, m.deleted_at, m.hidden_at, m.liked_at, m.reactions, m.versions, m.delivery, m.delivery_reason from messages m where m.thread_id = (select thread_id from tickets where id = ?1) order by m.at, m.id",
    )
}

fn tell(one: &Turns, packed: &Turns, raw: &[Vec<f64>; 3], render: Spread) {
    let figure = |what: &str, unit, ours: &[f64], beside, goal| {
        Figure { workload: "W5", what, unit, ours: Spread::of(ours), beside, goal }.print();
    };
    let [_, p50, p99] = raw.each_ref().map(|r| Spread::of(r));
    figure("ticket, p50", "ms", &one.p50, Some(("SQL + render", p50.plus(render))), None);
    figure("ticket, p99", "ms", &one.p99, Some(("SQL + render", p99.plus(render))), Some(Goal::AtMost(2.0)));
    figure("ticket, processor", "µs/page", &one.cpu, None, None);
    figure("ticket, statements", "per page", &one.statements, None, None);
    figure("ticket, size", "KiB", &one.kib, None, None);
    figure("ticket, packed by gzip, p99", "ms", &packed.p99, None, None);
    figure("SQL of thread and history by hand, p50", "ms", &raw[0], None, None);
    figure("SQL of thread, history and queue by hand, p50", "ms", &raw[1], None, None);
    report::alone("W5", "rendering alone", "ms", &[render.median]);
}
