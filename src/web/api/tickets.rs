//! Tickets: lists, one, changes, escalation.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{self, Ticket};
use super::replies;
use crate::base::At;
use crate::base::id::{AgentId, BrandId, ChannelId, TeamId, TicketId};
use crate::desk::message::Kind;
use crate::desk::stage::Stage;
use crate::desk::ticket::{Priority, State as TicketState};
use crate::flow::handle::{self, Change, Escalation};
use crate::flow::{self, Reason};
use crate::search::query::{Asked as Words, parse_in};
use crate::search::{By, Spot};
use crate::store::select::{self, Assignee, Cursor, Filter, Sort, States};
use crate::store::{Tx, agents, brands, messages, teams, tickets as store};
use crate::web::Web;
use crate::web::ask::{Body, Caller, Path, Problem, Query};
use crate::web::find::{self, Wanted};

/// Which tickets, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The brand's slug, where the token sees several.
    brand: Option<String>,
    /// `new`, `open`, `waiting`, `snoozed`, `resolved`, or `todo` for new and open; default: all. By
    /// urgency, what is resolved is left out: it owes nothing.
    state: Option<String>,
    #[param(value_type = Option<String>)]
    stage: Option<Stage>,
    /// A team's slug.
    team: Option<String>,
    /// An agent's id or e-mail address, `me` or `none`.
    assignee: Option<String>,
    /// A network's slug.
    network: Option<String>,
    /// A channel's id.
    channel: Option<String>,
    #[param(value_type = Option<String>)]
    kind: Option<Kind>,
    label: Option<String>,
    /// Words, phrases and operators, as in the search field.
    q: Option<String>,
    /// `urgent`, `newest` or `oldest`; default `newest`. With `q`: `newest` for the newest message
    /// first, else the best match first.
    #[param(value_type = Option<String>)]
    sort: Option<Sort>,
    /// From `next_cursor`.
    cursor: Option<String>,
    /// At most 100; default 50.
    limit: Option<i64>,
}

/// A page of tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page {
    items: Vec<Ticket>,
    next_cursor: Option<String>,
}

fn bad(title: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "query", title)
}

/// Tickets of a brand.
#[utoipa::path(get, path = "/api/v1/tickets", params(Asked), security(("token" = [])),
    responses((status = 200, body = Page), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(caller: Caller, Query(asked): Query<Asked>) -> Result<Json<Page>, Problem> {
    let brand = caller.brand(asked.brand.as_deref()).await?;
    let limit = asked.limit.unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(bad("limit is 1 to 100"));
    }
    let mut tx = caller.web.house.db.read().await?;
    let filter = filter(&caller, &mut tx, brand, &asked).await?;
    if let Some(q) = asked.q.as_deref().filter(|q| !q.trim().is_empty()) {
        return found(&caller, &mut tx, brand, q, &asked, &filter, limit).await.map(Json);
    }
    // What is resolved owes nothing: by urgency it has no order.
    let resolved = filter.states == States::One(TicketState::Resolved);
    let sort = asked.sort.filter(|s| !(resolved && *s == Sort::Urgent)).unwrap_or(Sort::Newest);
    let after = match asked.cursor.as_deref() {
        Some(cursor) => Some(read_cursor(cursor).ok_or_else(|| bad("this cursor is none of ours"))?),
        None => None,
    };
    let listed = select::page(&mut tx, brand, &filter, sort, after, limit).await?;
    let full = i64::try_from(listed.len()) == Ok(limit);
    let next = listed.last().filter(|_| full).map(|l| format!("{}.{}", sort.key(&l.ticket), l.ticket.id));
    let items = model::tickets(&mut tx, &caller.scope, brand, listed, caller.now).await?;
    Ok(Json(Page { items, next_cursor: next }))
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (key, id) = text.split_once('.')?;
    Some(Cursor(key.parse().ok()?, id.parse().ok()?))
}

async fn filter(caller: &Caller, tx: &mut Tx, brand: BrandId, asked: &Asked) -> Result<Filter, Problem> {
    let states = match asked.state.as_deref() {
        None => States::All,
        Some("todo") => States::ToDo,
        Some(state) => States::One(state.parse::<TicketState>().map_err(|e| bad(&e.to_string()))?),
    };
    let team = match asked.team.as_deref() {
        Some(slug) => Some(teams::by_slug(tx, brand, slug).await.map_err(|_| bad("there is no such team"))?.id),
        None => None,
    };
    let assignee = match asked.assignee.as_deref() {
        None => None,
        Some("none") => Some(Assignee::Nobody),
        Some("me") => Some(Assignee::Agent(caller.agent)),
        Some(who) => Some(Assignee::Agent(
            agent_of(tx, brand, who)
                .await
                .map_err(|_| bad("assignee is an id or address of a colleague, me or none"))?,
        )),
    };
    let channel = match asked.channel.as_deref() {
        Some(id) => Some(id.parse::<ChannelId>().map_err(|_| bad("channel is an id"))?),
        None => None,
    };
    Ok(Filter {
        states,
        stage: asked.stage,
        team,
        assignee,
        network: asked.network.clone(),
        channel,
        kind: asked.kind,
        visibility: None,
        label: asked.label.clone(),
    })
}

/// The words of a search; its days are those of the brand.
pub(super) async fn words(tx: &mut Tx, brand: BrandId, q: &str) -> Result<Words, Problem> {
    Ok(parse_in(q, &find::zone(&brands::get(tx, brand).await?.timezone)))
}

/// Where the page before of a search ended.
pub(super) fn place(cursor: Option<&str>) -> Result<Option<Spot>, Problem> {
    cursor.map(str::parse).transpose().map_err(|()| bad("this cursor is none of ours"))
}

/// Tickets by words, and by the filters.
async fn found(
    caller: &Caller,
    tx: &mut Tx,
    brand: BrandId,
    q: &str,
    asked: &Asked,
    filter: &Filter,
    limit: i64,
) -> Result<Page, Problem> {
    let (words, after) = (words(tx, brand, q).await?, place(asked.cursor.as_deref())?);
    let by = if asked.sort == Some(Sort::Newest) { By::Newest } else { By::Relevance };
    let fits = |t: &crate::desk::ticket::Ticket| fits(filter, t);
    let most = usize::try_from(limit).unwrap_or(50);
    let wanted = Wanted { brand, asked: &words, by, after, most, fits: &fits };
    let internal = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the search could not be made");
    let found = find::find(&caller.web.search, tx, &caller.scope, caller.now, wanted).await.map_err(internal)?;
    let ids: Vec<TicketId> = found.hits.iter().map(|(t, _)| t.id).collect();
    let mut listed = select::these(tx, brand, &ids).await?;
    listed.sort_by_key(|l| ids.iter().position(|id| *id == l.ticket.id));
    let items = model::tickets(tx, &caller.scope, brand, listed, caller.now).await?;
    Ok(Page { items, next_cursor: found.next.map(|spot| spot.to_string()) })
}

fn fits(filter: &Filter, t: &crate::desk::ticket::Ticket) -> bool {
    let state = match filter.states {
        States::All => true,
        States::Open => t.state != TicketState::Resolved,
        States::ToDo => matches!(t.state, TicketState::New | TicketState::Open),
        States::One(state) => t.state == state,
    };
    let assignee = match filter.assignee {
        None => true,
        Some(Assignee::Nobody) => t.assignee_id.is_none(),
        Some(Assignee::Agent(a)) => t.assignee_id == Some(a),
    };
    state
        && assignee
        && filter.stage.is_none_or(|s| t.stage == s)
        && filter.team.is_none_or(|team| t.team_id == Some(team))
        && filter.network.as_deref().is_none_or(|n| t.network == n)
        && filter.channel.is_none_or(|c| t.channel_id == c)
        && filter.kind.is_none_or(|k| t.kind == k)
        && filter.label.as_ref().is_none_or(|l| t.label_list().contains(l))
}

/// One ticket with its messages.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", params(("id" = String, Path)), security(("token" = [])),
    responses((status = 200, body = Ticket), (status = 404, body = Problem)))]
pub async fn get(caller: Caller, Path(id): Path<TicketId>) -> Result<Json<Ticket>, Problem> {
    let mut tx = caller.web.house.db.read().await?;
    let ticket = store::get(&mut tx, &caller.scope, id).await?;
    let mut shown = model::ticket(&mut tx, &caller.scope, &ticket, caller.now).await?;
    let rows = messages::of_ticket(&mut tx, ticket.brand_id, id).await?;
    shown.messages = Some(rows.into_iter().map(Into::into).collect());
    Ok(Json(shown))
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    #[schema(value_type = Option<String>)]
    state: Option<TicketState>,
    #[schema(value_type = Option<String>)]
    stage: Option<Stage>,
    /// A team's slug; null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    team: Option<Option<String>>,
    /// An agent's id or e-mail address, or `me`; null for nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    assignee: Option<Option<String>>,
    /// With `state: snoozed`: until when.
    #[schema(value_type = Option<String>)]
    snoozed_until: Option<At>,
    labels: Option<Vec<String>>,
    #[schema(value_type = Option<String>)]
    priority: Option<Priority>,
}

/// Tells a null apart from an absence.
fn present<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(d).map(Some)
}

/// Changes a ticket.
#[utoipa::path(patch, path = "/api/v1/tickets/{id}", params(("id" = String, Path)), request_body = Patch, security(("token" = [])),
    responses((status = 200, body = Ticket), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<TicketId>,
    Body(patch): Body<Patch>,
) -> Result<Json<Ticket>, Problem> {
    let mut tx = web.house.db.read().await?;
    let brand = store::get(&mut tx, &caller.scope, id).await?.brand_id;
    let team = match patch.team {
        Some(Some(slug)) => Some(Some(team_of(&mut tx, brand, &slug).await?)),
        Some(None) => Some(None),
        None => None,
    };
    let assignee = match patch.assignee.as_ref().map(|a| a.as_deref()) {
        Some(Some("me")) => Some(Some(caller.agent)),
        Some(Some(who)) => Some(Some(agent_of(&mut tx, brand, who).await?)),
        Some(None) => Some(None),
        None => None,
    };
    drop(tx);
    let state = patch.state.or(patch.snoozed_until.map(|_| TicketState::Snoozed));
    let change = Change {
        state,
        snoozed_until: patch.snoozed_until,
        stage: patch.stage,
        team,
        assignee,
        labels: patch.labels,
        priority: patch.priority,
    };
    let ticket = handle::change(&web.house, &caller.scope, id, change).await?.ticket;
    let mut tx = web.house.db.read().await?;
    Ok(Json(model::ticket(&mut tx, &caller.scope, &ticket, caller.now).await?))
}

async fn agent_of(tx: &mut Tx, brand: BrandId, who: &str) -> Result<AgentId, Problem> {
    if let Ok(id) = who.parse() {
        return Ok(id);
    }
    let found = agents::colleagues(tx, brand).await?.into_iter().find(|c| c.email == who.to_lowercase());
    Ok(found.ok_or_else(|| Problem::from(flow::Error::from(Reason::UnknownAgent)))?.id)
}

async fn team_of(tx: &mut Tx, brand: BrandId, slug: &str) -> Result<TeamId, Problem> {
    let found = teams::by_slug(tx, brand, slug).await;
    Ok(found.map_err(|_| Problem::from(flow::Error::from(Reason::UnknownTeam)))?.id)
}

/// A hand-over to another team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// The team's slug.
    team: String,
    /// Why.
    reason: String,
    /// What they should know.
    #[serde(default)]
    summary: String,
    /// The same key twice is one hand-over, whatever happened in between.
    client_key: Option<String>,
}

/// Hands a ticket to another team.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/escalate", params(("id" = String, Path)), request_body = Handover, security(("token" = [])),
    responses((status = 200, body = Ticket), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn escalate(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<TicketId>,
    Body(body): Body<Handover>,
) -> Result<Json<Ticket>, Problem> {
    let mut tx = web.house.db.read().await?;
    let brand = store::get(&mut tx, &caller.scope, id).await?.brand_id;
    let team = team_of(&mut tx, brand, &body.team).await?;
    drop(tx);
    let client_key = replies::key(body.client_key)?;
    let wanted = Escalation { team, reason: body.reason, summary: body.summary, client_key };
    let ticket = handle::escalate(&web.house, &caller.scope, id, wanted).await?.ticket;
    let mut tx = web.house.db.read().await?;
    Ok(Json(model::ticket(&mut tx, &caller.scope, &ticket, caller.now).await?))
}
