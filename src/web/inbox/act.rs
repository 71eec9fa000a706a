//! What one does in the inbox: plain forms that come back to the ticket.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::collision::Collision;
use super::composer::Composer;
use super::said::{self, Did};
use super::thread::team_name;
use super::{show, show_both};
use crate::base::id::{AgentId, FileId, MergeId, MessageId, TeamId, TicketId};
use crate::base::locale::t;
use crate::desk::agent::Power;
use crate::desk::message::Visibility;
use crate::desk::outbound::Action;
use crate::desk::snooze;
use crate::desk::stage::Stage;
use crate::desk::ticket::{Priority, State as TicketState};
use crate::flow::handle::{self, Change, Escalation};
use crate::flow::reply::{self as replies, Decision, Manner, Reply};
use crate::flow::{self, merge as merges, moderate as moderation};
use crate::store::{messages, teams, tickets};
use crate::web::ask::{Desk, Form, Hand};
use crate::web::error::refusal;
use crate::web::page::{Page, View};
use crate::web::{Error, Result, Web};

/// Back to a ticket, with the queue as it was, and what was done in the address.
pub(super) fn back(id: TicketId, query: Option<String>, did: &str) -> Response {
    let mut query = query.filter(|q| !q.is_empty()).map(|q| format!("?{q}")).unwrap_or_default();
    if !did.is_empty() {
        query = format!("{query}{}did={did}", if query.is_empty() { "?" } else { "&" });
    }
    Redirect::to(&format!("/tickets/{id}{query}")).into_response()
}

/// The ticket a form leads to after this one, where it names one.
fn onward(id: TicketId, next: &str) -> TicketId {
    next.parse().unwrap_or(id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    text: String,
    visibility: Visibility,
    #[serde(default)]
    client_key: String,
    #[serde(default)]
    resolve: Option<String>,
    /// The last event the page knew of.
    #[serde(default)]
    seen: Option<i64>,
    /// The ticket to go on with when this one is resolved.
    #[serde(default)]
    next: String,
    /// Present when its writer answers for the personal data in it.
    #[serde(default)]
    anyway: Option<String>,
    /// The files that go along, by their ids, with blanks between them.
    #[serde(default)]
    along: String,
    /// The names of files that were chosen in the form and not attached.
    #[serde(default)]
    files: String,
    /// The draft's version: of no matter here.
    #[serde(default, rename = "base")]
    _base: String,
}

/// Writes a reply or note. One that is refused comes back with what was written, and why.
pub async fn reply(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<Written>,
) -> Result<Response> {
    let key = form.client_key.clone();
    if !form.files.is_empty() {
        let refused = (flow::Reason::FileNotAttached, Some(form.files.clone()));
        return comes_back(hand, id, &query.unwrap_or_default(), (form.text, form.visibility), refused).await;
    }
    let wanted = Reply {
        ticket: id,
        text: form.text.clone(),
        files: along(&form.along)?,
        visibility: form.visibility,
        to: None,
        client_key: (!key.is_empty() && key.len() <= 100).then_some(key),
        at_once: false,
    };
    let manner = Manner { seen: form.seen, exposing: form.anyway.is_some() };
    match replies::reply_as(&hand.web.house, &hand.known.scope, wanted, manner).await {
        Ok(message) if form.resolve.is_some() => {
            let done = Change { state: Some(TicketState::Resolved), ..Change::default() };
            let done = handle::change(&hand.web.house, &hand.known.scope, id, done).await?;
            let did = match form.visibility {
                Visibility::Internal => said::act(Did::Resolved, id, done.act),
                _ => said::message(Did::SentResolved, message.id),
            };
            Ok(back(onward(id, &form.next), query, &did))
        }
        Ok(message) => {
            let did = if form.visibility == Visibility::Internal { Did::Noted } else { Did::Sent };
            Ok(back(id, query, &said::message(did, message.id)))
        }
        Err(flow::Error::Refused(flow::Reason::NotAllowed, _)) => Err(Error::Forbidden),
        Err(flow::Error::Refused(flow::Reason::AnsweredMeanwhile, _)) => {
            collide(hand, id, &query.unwrap_or_default(), form).await
        }
        Err(flow::Error::Refused(reason, about)) => {
            comes_back(hand, id, &query.unwrap_or_default(), (form.text, form.visibility), (reason, about)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The ids of files that go along.
fn along(list: &str) -> Result<Vec<FileId>> {
    let one = |id: &str| id.parse().map_err(|_| Error::Bad("along holds what is no id".into()));
    list.split_whitespace().map(one).collect()
}

/// What was written, and to whom, comes back, with why it was not taken.
pub(super) async fn comes_back(
    hand: Hand,
    id: TicketId,
    query: &str,
    (text, visibility): (String, Visibility),
    (reason, about): (flow::Reason, Option<String>),
) -> Result<Response> {
    let error = Some(refusal(hand.lang, reason, about.as_deref()));
    let personal = reason == flow::Reason::PersonalData;
    let draft = Composer::draft(text, visibility.to_string(), error, personal);
    let mut desk = hand.read_again().await?;
    let ticket = tickets::get(&mut desk.tx, &hand.known.scope, id).await?;
    let page = Box::pin(show(desk, ticket, query, draft, StatusCode::UNPROCESSABLE_ENTITY)).await?;
    Ok(page.into_response())
}

/// Somebody else was faster: both texts, and what one can do about it.
async fn collide(hand: Hand, id: TicketId, query: &str, form: Written) -> Result<Response> {
    let mut desk = hand.read_again().await?;
    let (here, tx) = desk.parts();
    let ticket = tickets::get(tx, &here.known.scope, id).await?;
    let theirs = replies::answers_since(tx, &ticket, here.known.agent.id, form.seen.unwrap_or(0)).await?;
    let both = Collision::of(
        here,
        &theirs,
        (&form.text, &form.along),
        form.visibility,
        form.resolve.is_some(),
        &form.client_key,
    );
    let draft = Composer::draft(form.text, form.visibility.to_string(), None, false);
    Ok(show_both(desk, ticket, query, draft, StatusCode::CONFLICT, Some(both)).await?.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewState {
    state: TicketState,
    #[serde(default)]
    until: String,
    /// The ticket to go on with when this one is done with.
    #[serde(default)]
    next: String,
}

/// Resolves, reopens, puts aside.
pub async fn state(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<NewState>,
) -> Result<Response> {
    let zone = TimeZone::get(&hand.brand.timezone).unwrap_or(TimeZone::UTC);
    let until = snooze::moment(&form.until, hand.now, &zone);
    let change = Change { state: Some(form.state), snoozed_until: until, ..Change::default() };
    let done = handle::change(&hand.web.house, &hand.known.scope, id, change).await?;
    let did = match form.state {
        TicketState::Resolved => Did::Resolved,
        TicketState::Snoozed => Did::Snoozed,
        TicketState::Waiting => Did::Waiting,
        TicketState::New | TicketState::Open => Did::Open,
    };
    Ok(back(onward(id, &form.next), query, &said::act(did, id, done.act)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewHands {
    #[serde(default)]
    assignee: Option<String>,
    #[serde(default)]
    team: Option<String>,
}

/// Gives the ticket to somebody, to a team, or to nobody.
pub async fn assign(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<NewHands>,
) -> Result<Response> {
    let bad = |what: &str| Error::Bad(format!("{what} is no id"));
    let assignee = match form.assignee.as_deref() {
        None => None,
        Some("") => Some(None),
        Some("me") => Some(Some(hand.known.agent.id)),
        Some(id) => Some(Some(id.parse::<AgentId>().map_err(|_| bad("assignee"))?)),
    };
    let team = match form.team.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(id) => Some(Some(id.parse::<TeamId>().map_err(|_| bad("team"))?)),
    };
    let change = Change { team, assignee, ..Change::default() };
    let did = if change.assignee == Some(None) && change.team.is_none() { Did::Unassigned } else { Did::Assigned };
    done(&hand, id, query, change, did).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewStage {
    stage: Stage,
}

/// Sets the stage.
pub async fn stage(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<NewStage>,
) -> Result<Response> {
    let change = Change { stage: Some(form.stage), ..Change::default() };
    done(&hand, id, query, change, Did::Staged).await
}

/// Changes a ticket and says so.
async fn done(hand: &Hand, id: TicketId, query: Option<String>, change: Change, did: Did) -> Result<Response> {
    let done = handle::change(&hand.web.house, &hand.known.scope, id, change).await?;
    Ok(back(id, query, &said::act(did, id, done.act)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLabels {
    labels: String,
}

/// Sets the labels, written with commas between them.
pub async fn labels(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<NewLabels>,
) -> Result<Response> {
    let labels = form.labels.split(',').map(crate::base::text::clean_name).collect();
    done(&hand, id, query, Change { labels: Some(labels), ..Change::default() }, Did::Labelled).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPriority {
    priority: Priority,
}

/// Sets the priority.
pub async fn priority(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<NewPriority>,
) -> Result<Response> {
    let change = Change { priority: Some(form.priority), ..Change::default() };
    done(&hand, id, query, change, Did::Prioritised).await
}

/// The page of an escalation.
#[derive(Debug, Serialize)]
pub struct EscalateView {
    id: String,
    number: i64,
    name: String,
    query: String,
    teams: Vec<(String, String, bool)>,
    reason: String,
    summary: String,
    error: Option<String>,
}

impl View for EscalateView {
    const FILE: &'static str = "escalate.html";
    fn samples() -> Vec<EscalateView> {
        vec![EscalateView {
            id: "0".into(),
            number: 12,
            name: "Camille".into(),
            query: "in=mine".into(),
            teams: vec![("0".into(), "Ventes".into(), true)],
            reason: String::new(),
            summary: "Bonjour".into(),
            error: Some("Il faut un motif".into()),
        }]
    }
}

/// Where to escalate to, and why.
pub async fn escalate_form(mut desk: Desk, Path(id): Path<TicketId>, RawQuery(query): RawQuery) -> Result<Page> {
    desk.needs(Power::Handle)?;
    let view = escalation(&mut desk, id, query.unwrap_or_default()).await?;
    desk.show("inbox", &view)
}

async fn escalation(desk: &mut Desk, id: TicketId, query: String) -> Result<EscalateView> {
    let (hand, tx) = desk.parts();
    let ticket = tickets::get(tx, &hand.known.scope, id).await?;
    let contact = crate::store::contacts::get(tx, &hand.known.scope, ticket.contact_id).await?;
    let all = teams::all(tx, ticket.brand_id).await?;
    let last = messages::last_inbound(tx, ticket.brand_id, id).await?;
    let label = t(hand.lang, "last-request", &[]);
    let summary = last.map(|m| format!("{label} {}", crate::base::text::excerpt(&m.text, 400))).unwrap_or_default();
    let others = all.into_iter().filter(|team| Some(team.id) != ticket.team_id);
    let mut teams: Vec<(String, String, bool)> = others
        .map(|team| (team.id.to_string(), team_name(hand, &team.slug, team.name.as_deref()), team.slug == "sales"))
        .collect();
    if !teams.iter().any(|(_, _, chosen)| *chosen)
        && let Some(first) = teams.first_mut()
    {
        first.2 = true;
    }
    let name = super::queue::shown_name(hand, &contact.name, None);
    Ok(EscalateView {
        id: id.to_string(),
        number: ticket.number,
        name,
        query,
        teams,
        reason: String::new(),
        summary,
        error: None,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    team: TeamId,
    reason: String,
    #[serde(default)]
    summary: String,
}

/// Escalates.
pub async fn escalate(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<Handover>,
) -> Result<Response> {
    let wanted =
        Escalation { team: form.team, reason: form.reason.clone(), summary: form.summary.clone(), client_key: None };
    match handle::escalate(&hand.web.house, &hand.known.scope, id, wanted).await {
        Ok(done) => Ok(back(id, query, &said::act(Did::Escalated, id, done.act))),
        Err(flow::Error::Refused(reason @ flow::Reason::NeedsReason, about)) => {
            let mut desk = hand.read_again().await?;
            let view = escalation(&mut desk, id, query.unwrap_or_default()).await?;
            let error = Some(refusal(hand.lang, reason, about.as_deref()));
            let view = EscalateView { summary: form.summary, error, ..view };
            Ok(desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, "inbox", &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twin {
    from: TicketId,
}

/// Merges another ticket of the same contact into this one.
pub async fn merge(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<Twin>,
) -> Result<Response> {
    merges::tickets_into(&hand.web.house, &hand.known.scope, form.from, id).await?;
    Ok(back(id, query, ""))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackTo {
    #[serde(default)]
    to: String,
}

/// Takes a merge back.
pub async fn unmerge(hand: Hand, Path(id): Path<MergeId>, Form(form): Form<BackTo>) -> Result<Response> {
    merges::undo(&hand.web.house, &hand.known.scope, hand.brand.id, id).await?;
    let to =
        if form.to.starts_with("/tickets/") || form.to.starts_with("/contacts/") { form.to } else { "/inbox".into() };
    Ok(Redirect::to(&to).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moderation {
    action: Action,
}

/// Hides, shows, likes, unlikes or deletes a message.
pub async fn moderate(
    State(web): State<Web>,
    hand: Hand,
    Path(id): Path<MessageId>,
    RawQuery(query): RawQuery,
    Form(form): Form<Moderation>,
) -> Result<Response> {
    moderation::moderate(&web.house, &hand.known.scope, id, form.action).await?;
    to_its_ticket(&hand, id, query, &said::message(said::moderated(form.action), id)).await
}

async fn to_its_ticket(hand: &Hand, id: MessageId, query: Option<String>, did: &str) -> Result<Response> {
    let mut tx = hand.web.house.db.read().await?;
    let message = messages::get(&mut tx, &hand.known.scope, id).await?;
    Ok(message.ticket_id.map_or_else(|| Redirect::to("/inbox").into_response(), |t| back(t, query, did)))
}

/// Takes a reply back before it has left; its words are in the composer again.
pub async fn take_back(hand: Hand, Path(id): Path<MessageId>, RawQuery(query): RawQuery) -> Result<Response> {
    let message = replies::take_back(&hand.web.house, &hand.known.scope, id).await?;
    let Some(ticket) = message.ticket_id else { return Ok(Redirect::to("/inbox").into_response()) };
    Ok(back(ticket, query, &Did::TakenBack.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    outcome: Decision,
}

/// Decides about a reply nobody knows the outcome of.
pub async fn decide(
    hand: Hand,
    Path(id): Path<MessageId>,
    RawQuery(query): RawQuery,
    Form(form): Form<Decided>,
) -> Result<Response> {
    replies::decide(&hand.web.house, &hand.known.scope, id, form.outcome).await?;
    to_its_ticket(&hand, id, query, "").await
}
