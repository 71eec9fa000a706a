//! The queue: lists of tickets by view, filter and order, read page by page. The one place that
//! puts SQL together from parts.

use std::fmt::Write as _;

use super::tx::Sql;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId, ChannelId, TeamId, TicketId};
use crate::base::val::{Bound, Val};
use crate::desk::message::{Kind, Visibility};
use crate::desk::stage::Stage;
use crate::desk::ticket::{State, Ticket};

crate::words! {
    /// In which order.
    pub enum Sort {
        /// What is due first.
        Urgent = "urgent",
        /// The last message first.
        Newest = "newest",
        /// The longest unheard first.
        Oldest = "oldest",
    }
}

/// Who has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    /// This person.
    Agent(AgentId),
    /// Nobody.
    Nobody,
}

/// Which states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum States {
    /// Everything that is not resolved.
    #[default]
    Open,
    /// What is ours to act: new and open.
    ToDo,
    /// Everything. By urgency, what is resolved is left out: it owes nothing.
    All,
    /// One.
    One(State),
}

/// Which tickets of a brand.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In which states.
    pub states: States,
    /// At which stage.
    pub stage: Option<Stage>,
    /// With which team.
    pub team: Option<TeamId>,
    /// With whom.
    pub assignee: Option<Assignee>,
    /// On which network.
    pub network: Option<String>,
    /// On which channel.
    pub channel: Option<ChannelId>,
    /// Of which kind.
    pub kind: Option<Kind>,
    /// Public or private.
    pub visibility: Option<Visibility>,
    /// With this label.
    pub label: Option<String>,
}

/// Where a page begins: the sort key and id of the last ticket of the page before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub i64, pub TicketId);

/// A ticket with the names a list shows.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    /// The ticket.
    #[sqlx(flatten)]
    pub ticket: Ticket,
    /// The person's name.
    pub contact_name: String,
    /// Their handle.
    pub handle: Option<String>,
}

/// What sorts last by urgency: tickets that owe nothing.
const NEVER: i64 = 253_402_300_799_000_000;

impl Sort {
    /// The value a ticket is sorted by.
    pub fn key(self, ticket: &Ticket) -> i64 {
        match self {
            Sort::Urgent => ticket.sla_due_at.map_or(NEVER, |d| d.0),
            Sort::Newest | Sort::Oldest => ticket.last_message_at.0,
        }
    }

    fn column(self) -> (&'static str, &'static str) {
        match self {
            Sort::Urgent => ("coalesce(sla_due_at, 253402300799000000)", "asc"),
            Sort::Newest => ("last_message_at", "desc"),
            Sort::Oldest => ("last_message_at", "asc"),
        }
    }
}

struct Where {
    text: String,
    values: Vec<Val>,
}

impl Where {
    fn and(&mut self, condition: &str, value: impl Bound) {
        self.values.push(value.val());
        let placed = condition.replace('?', &format!("${}", self.values.len()));
        self.text.push_str(" and ");
        self.text.push_str(&placed);
    }
}

fn conditions(brand: BrandId, filter: &Filter) -> Where {
    let mut w = Where { text: "brand_id = $1".to_owned(), values: vec![brand.val()] };
    // Partial indexes stand on these very words; keep them first and unchanged.
    w.text.push_str(match filter.states {
        States::One(State::Resolved) => " and state = 'resolved'",
        _ => " and state <> 'resolved'",
    });
    match filter.states {
        States::ToDo => w.text.push_str(" and state in ('new', 'open')"),
        States::One(state) if state != State::Resolved => w.and("state = ?", state),
        _ => {}
    }
    w.text.push_str(" and merged_into is null");
    match filter.assignee {
        Some(Assignee::Agent(agent)) => w.and("assignee_id = ?", agent),
        Some(Assignee::Nobody) => w.text.push_str(" and assignee_id is null"),
        None => {}
    }
    if let Some(team) = filter.team {
        w.and("team_id = ?", team);
    }
    if let Some(stage) = filter.stage {
        w.and("stage = ?", stage);
    }
    if let Some(network) = &filter.network {
        w.and("network = ?", network);
    }
    if let Some(channel) = filter.channel {
        w.and("channel_id = ?", channel);
    }
    if let Some(kind) = filter.kind {
        w.and("kind = ?", kind);
    }
    if let Some(visibility) = filter.visibility {
        w.and("visibility = ?", visibility);
    }
    w
}

/// One page of the queue, at most `limit` tickets after the cursor.
pub async fn page(
    tx: &mut Tx,
    brand: BrandId,
    filter: &Filter,
    sort: Sort,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Listed>> {
    if filter.states != States::All {
        return page_of(tx, brand, filter, sort, after, limit).await;
    }
    // Open and resolved tickets stand in indexes of their own: a page of each, then the first of both.
    let mut found = Vec::new();
    let resolved = [States::One(State::Resolved)];
    for states in [States::Open].iter().chain(resolved.iter().filter(|_| sort != Sort::Urgent)) {
        let filter = Filter { states: *states, ..filter.clone() };
        found.extend(page_of(tx, brand, &filter, sort, after, limit).await?);
    }
    found.sort_by_key(|l| (sort.key(&l.ticket), l.ticket.id));
    if sort.column().1 == "desc" {
        found.reverse();
    }
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

async fn page_of(
    tx: &mut Tx,
    brand: BrandId,
    filter: &Filter,
    sort: Sort,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let mut w = conditions(brand, filter);
    if let Some(label) = &filter.label {
        let quoted = serde_json::Value::from(label.as_str());
        if tx.is_postgres() {
            w.and("labels @> ?", serde_json::Value::Array(vec![quoted]));
        } else {
            w.and("instr(labels, ?) > 0", quoted.to_string());
        }
    }
    let (column, direction) = sort.column();
    if let Some(Cursor(key, id)) = after {
        let op = if direction == "asc" { ">" } else { "<" };
        w.values.push(key.val());
        w.values.push(id.val());
        let n = w.values.len();
        let _ = write!(w.text, " and ({column}, id) {op} (${}, ${n})", n - 1);
    }
    w.values.push(limit.val());
    // The ids first, with the limit, from the index alone; the rows and names of those few after.
    let text = format!(
        "select t.*, c.name as contact_name, (select i.handle from identities i where i.contact_id = t.contact_id and i.network = t.network order by i.created_at limit 1) as handle \
         from (select id as page_id, {column} as page_key from tickets where {} order by {column} {direction}, id {direction} limit ${}) p \
         join tickets t on t.id = p.page_id join contacts c on c.id = t.contact_id order by p.page_key {direction}, p.page_id {direction}",
        w.text,
        w.values.len()
    );
    tx.all(Sql::composed(text), w.values).await
}

/// Listed tickets of these ids, in no order; for live rows and search, which know ids only.
pub async fn these(tx: &mut Tx, brand: BrandId, ids: &[TicketId]) -> Result<Vec<Listed>> {
    const FIND: super::bulk::Bulk = super::bulk::Bulk {
        head: "select t.*, c.name as contact_name, (select i.handle from identities i where i.contact_id = t.contact_id and i.network = t.network order by i.created_at limit 1) as handle from tickets t join contacts c on c.id = t.contact_id where t.brand_id = $1 and t.id in (values",
        tail: ")",
    };
    FIND.among(tx, &[brand.val()], ids.iter().map(|id| vec![id.val()]).collect()).await
}

/// The statement of a page and how the database means to run it, for the tests that hold lists to
/// their indexes.
pub async fn plan(tx: &mut Tx, brand: BrandId, filter: &Filter, sort: Sort) -> Result<String> {
    #[derive(sqlx::FromRow)]
    struct Step {
        detail: String,
    }
    #[derive(sqlx::FromRow)]
    struct Line {
        #[sqlx(rename = "QUERY PLAN")]
        line: String,
    }
    let w = conditions(brand, filter);
    let (column, direction) = sort.column();
    let text =
        format!("select id from tickets where {} order by {column} {direction}, id {direction} limit 50", w.text);
    if tx.is_postgres() {
        let lines: Vec<Line> = tx.all(Sql::composed(format!("explain {text}")), w.values).await?;
        return Ok(lines.into_iter().map(|l| l.line).collect::<Vec<_>>().join("\n"));
    }
    let steps: Vec<Step> = tx.all(Sql::composed(format!("explain query plan {text}")), w.values).await?;
    Ok(steps.into_iter().map(|s| s.detail).collect::<Vec<_>>().join("\n"))
}

/// How SQLite means to run a statement, one step a line; for the tests of plans.
pub async fn plan_of(tx: &mut Tx, statement: &str) -> Result<Vec<String>> {
    #[derive(sqlx::FromRow)]
    struct Step {
        detail: String,
    }
    let steps: Vec<Step> = tx.all(Sql::composed(format!("explain query plan {statement}")), Vec::new()).await?;
    Ok(steps.into_iter().map(|s| s.detail).collect())
}

/// For tests of plans: PostgreSQL reads small tables whole, whatever the indexes; for the rest of
/// this transaction it prefers not to.
pub async fn frown_on_scans(tx: &mut Tx) -> Result<()> {
    if tx.is_postgres() {
        for setting in ["set local enable_seqscan = off", "set local enable_bitmapscan = off"] {
            tx.run(Sql::same(setting), Vec::new()).await?;
        }
    }
    Ok(())
}

/// What counting needs to know of an open ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Open {
    /// Which.
    pub id: TicketId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Where it stands.
    pub state: State,
    /// At which stage.
    pub stage: Stage,
    /// With which team.
    pub team_id: Option<TeamId>,
    /// With whom.
    pub assignee_id: Option<AgentId>,
    /// On which channel.
    pub channel_id: ChannelId,
    /// Of which kind.
    pub kind: Kind,
    /// Public or private.
    pub visibility: Visibility,
    /// By when it is due.
    pub sla_due_at: Option<At>,
}

/// Every open ticket of every brand, for the counts kept in memory.
pub async fn every_open(tx: &mut Tx) -> Result<Vec<Open>> {
    tx.all(
        Sql::same("select id, brand_id, state, stage, team_id, assignee_id, channel_id, kind, visibility, sla_due_at from tickets where state <> 'resolved' and merged_into is null"),
        Vec::new(),
    )
    .await
}

/// Those of these tickets of a brand that are open.
pub async fn open_of(tx: &mut Tx, brand: BrandId, ids: &[TicketId]) -> Result<Vec<Open>> {
    const FIND: super::bulk::Bulk = super::bulk::Bulk {
        head: "select id, brand_id, state, stage, team_id, assignee_id, channel_id, kind, visibility, sla_due_at from tickets where state <> 'resolved' and merged_into is null and brand_id = $1 and id in (values",
        tail: ")",
    };
    FIND.among(tx, &[brand.val()], ids.iter().map(|id| vec![id.val()]).collect()).await
}
