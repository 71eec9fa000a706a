//! W3: a page of the inbox, fifty rows, in views that change at random, over HTTP. Beside it the same
//! list by hand-written SQL, and the rendering of such a page.

use std::collections::HashSet;
use std::time::Instant;

use anyhow::Result;
use guichet::base::id::TicketId;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::Bench;
use crate::lite;
use crate::pages::{self, Turns};
use crate::report::{self, Figure, Goal, Spread, middle_and_p99, millis};
use crate::seed::Seeded;
use crate::server::Server;
use crate::traffic::dice;

/// Pages of one turn.
const PAGES: usize = 1_500;

/// A page somebody asks for, and the list on it by hand.
pub struct Asked {
    pub path: String,
    sql: String,
    values: Vec<Value>,
}

impl Asked {
    fn new(path: String, conditions: &str, order: &str, values: Vec<Value>) -> Asked {
        let (column, direction) = order.split_once(' ').unwrap_or((order, "asc"));
        let sql = format!(
            "select t.id, t.number, t.state, t.stage, t.kind, t.visibility, t.priority, t.network, t.assignee_id, t.team_id, t.language, t.labels, t.excerpt, t.last_message_at, t.sla_due_at, c.name, (select i.handle from identities i where i.contact_id = t.contact_id and i.network = t.network order by i.created_at limit 1) \
             from (select id as page_id, {column} as page_key from tickets where brand_id = ?1 and {conditions} order by {column} {direction}, id {direction} limit 50) p \
             join tickets t on t.id = p.page_id join contacts c on c.id = t.contact_id order by p.page_key {direction}, p.page_id {direction}"
        );
        Asked { path, sql, values }
    }
}

const OPEN: &str = "state <> 'resolved' and merged_into is null";
const TODO: &str = "state <> 'resolved' and state in ('new', 'open') and merged_into is null";
const DONE: &str = "state = 'resolved' and merged_into is null";
const URGENT: &str = "coalesce(sla_due_at,253402300799000000) asc";
const NEWEST: &str = "last_message_at desc";
const STAGES: [&str; 5] = ["awareness", "consideration", "hot_prospect", "customer", "advocate"];

/// So many pages, the same for the same seed.
pub fn asked(seeded: &Seeded, seed: u64, n: usize) -> Vec<Asked> {
    let dice = dice(seed);
    let below = |n: usize| usize::try_from(dice.below(n as u64)).unwrap_or(0);
    let desk = &seeded.desk;
    let id = |id: uuid::Uuid| Value::Blob(id.as_bytes().to_vec());
    let brand = || id(desk.brand.0);
    let plain = |path: &str, conditions: &str, order| Asked::new(path.to_owned(), conditions, order, vec![brand()]);
    let with = |path: String, conditions: &str, condition: &str, value: Value, order| {
        Asked::new(path, &format!("{conditions} and {condition}"), order, vec![brand(), value])
    };
    let after = |view: &str, conditions: &str, places: &[(i64, TicketId)]| {
        let (at, ticket) = places[below(places.len())];
        let conditions = format!("{conditions} and (last_message_at, id) < (?2, ?3)");
        let values = vec![brand(), Value::Integer(at), id(ticket.0)];
        Asked::new(format!("/inbox/{view}?after={at}.{ticket}"), &conditions, NEWEST, values)
    };
    let one = |_| {
        let stage = STAGES[below(STAGES.len())];
        let by_stage = |view: &str| format!("/inbox/{view}?stage={stage}");
        let channel = desk.pages[below(desk.pages.len())].channel;
        let team = desk.teams[below(desk.teams.len())];
        match below(16) {
            0 => plain("/inbox/todo", TODO, URGENT),
            1 => plain("/inbox/todo?sort=newest", TODO, NEWEST),
            2 => with("/inbox/mine".into(), OPEN, "assignee_id = ?2", id(desk.agents[0].0), NEWEST),
            3 => plain("/inbox/unassigned", &format!("{TODO} and assignee_id is null"), NEWEST),
            4 => plain("/inbox/waiting", &format!("{OPEN} and state = 'waiting'"), NEWEST),
            5 => plain("/inbox/snoozed", &format!("{OPEN} and state = 'snoozed'"), NEWEST),
            6 => plain("/inbox/open", OPEN, NEWEST),
            7 => plain("/inbox/resolved", DONE, NEWEST),
            8 => with(by_stage("open"), OPEN, "stage = ?2", Value::Text(stage.into()), NEWEST),
            9 => with(by_stage("resolved"), DONE, "stage = ?2", Value::Text(stage.into()), NEWEST),
            10 => with(format!("/inbox/open?channel={channel}"), OPEN, "channel_id = ?2", id(channel.0), NEWEST),
            11 => with(format!("/inbox/open?team={team}"), OPEN, "team_id = ?2", id(team.0), NEWEST),
            12 => plain("/inbox/todo?split=private", &format!("{TODO} and visibility = 'private'"), URGENT),
            13 => plain("/inbox/open?sort=oldest", OPEN, "last_message_at asc"),
            14 => after("open", OPEN, &seeded.places[0]),
            _ => after("resolved", DONE, &seeded.places[1]),
        }
    };
    (0..n).map(one).collect()
}

/// Reads a list by hand, every column of it.
pub fn by_hand(db: &Connection, asked: &Asked) -> Result<Vec<Vec<Value>>> {
    let mut statement = db.prepare_cached(&asked.sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(&asked.values))?;
    let mut kept: Vec<Vec<Value>> = Vec::with_capacity(50);
    while let Some(row) = rows.next()? {
        kept.push((0..columns).map(|i| row.get(i)).collect::<rusqlite::Result<_>>()?);
    }
    Ok(kept)
}

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let seeded = bench.large()?;
    report::title("W3: a page of the inbox, 50 rows, random views");
    let server = Server::guichet(seeded.desk.folder(), None)?;
    let db = lite::open(&seeded.desk.file())?;
    check(&server, seeded, &db)?;
    let (mut one, mut packed, mut four, mut raw) =
        (Turns::default(), Turns::default(), Turns::default(), [vec![], vec![]]);
    for turn in 0..bench.turns {
        let pages = asked(seeded, 100 + u64::try_from(turn)?, PAGES);
        let paths: Vec<String> = pages.iter().map(|p| p.path.clone()).collect();
        one.turn(&server, &seeded.desk, &paths, 1, false)?;
        let mut took = Vec::with_capacity(PAGES);
        for page in &pages {
            let begun = Instant::now();
            by_hand(&db, page)?;
            took.push(begun.elapsed());
        }
        let (p50, p99) = middle_and_p99(took);
        raw[0].push(millis(p50));
        raw[1].push(millis(p99));
        packed.turn(&server, &seeded.desk, &paths, 1, true)?;
        four.turn(&server, &seeded.desk, &paths, 4, false)?;
    }
    tell(&one, &packed, &four, &raw, pages::render(0)?);
    server.stop()
}

/// The page shows the tickets the list by hand has, in its order; where it does not, that is said.
fn check(server: &Server, seeded: &Seeded, db: &Connection) -> Result<()> {
    let (mut seen, mut other) = (HashSet::new(), Vec::new());
    for page in asked(seeded, 1, 200).into_iter().filter(|p| !p.path.contains("after=")) {
        if !seen.insert(page.path.clone()) {
            continue;
        }
        let html = pages::look(server, &seeded.desk, &page.path)?;
        let shown: Vec<&str> = html.split("href=\"/tickets/").skip(1).filter_map(|rest| rest.get(..36)).collect();
        let listed = by_hand(db, &page)?;
        if listed.iter().map(|row| ticket_of(row)).ne(shown.iter().copied()) {
            other.push(page.path);
        }
    }
    if let Some(first) = other.first() {
        let (n, all) = (other.len(), seen.len());
        println!("W3     {n} of {all} views show other tickets than the list by hand, or in another order: {first} …");
    }
    Ok(())
}

fn ticket_of(row: &[Value]) -> String {
    match row.first() {
        Some(Value::Blob(id)) => uuid::Uuid::from_slice(id).map(|id| id.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

fn tell(one: &Turns, packed: &Turns, four: &Turns, raw: &[Vec<f64>; 2], render: Spread) {
    let figure = |what: &str, unit, ours: &[f64], beside, goal| {
        Figure { workload: "W3", what, unit, ours: Spread::of(ours), beside, goal }.print();
    };
    let [p50, p99] = raw.each_ref().map(|r| Spread::of(r));
    figure("page, p50", "ms", &one.p50, Some(("SQL + render", p50.plus(render))), Some(Goal::RatioAtMost(3.0)));
    figure("page, p99", "ms", &one.p99, Some(("SQL + render", p99.plus(render))), Some(Goal::AtMost(5.0)));
    figure("page, processor", "µs/page", &one.cpu, None, None);
    figure("page, statements", "per page", &one.statements, None, None);
    figure("page, size", "KiB", &one.kib, None, None);
    figure("page, packed by gzip, p50", "ms", &packed.p50, None, None);
    figure("page, packed by gzip, p99", "ms", &packed.p99, None, None);
    figure("page, 4 at once, p99", "ms", &four.p99, None, None);
    figure("SQL of the list by hand, p50", "ms", &raw[0], None, None);
    figure("SQL of the list by hand, p99", "ms", &raw[1], None, None);
    report::alone("W3", "rendering alone", "ms", &[render.median]);
}
