//! The agent's verbs on a ticket: state, stage, team, person, labels, priority, escalation.

use serde_json::{Value, json};

use super::{Error, House, Reason, Result, bot};
use crate::base::At;
use crate::base::id::{ActId, AgentId, TeamId, TicketId};
use crate::base::text::clean_text;
use crate::desk::agent::Power;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::desk::stage::Stage;
use crate::desk::ticket::{Bot, Priority, State, Ticket};
use crate::desk::undo::Act;
use crate::store::{Tx, agents, events, messages, tickets};

/// The label of a complaint.
const COMPLAINT: &str = "complaint";

/// What is to change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another state.
    pub state: Option<State>,
    /// Until when, for putting aside.
    pub snoozed_until: Option<At>,
    /// Another stage.
    pub stage: Option<Stage>,
    /// Another team, or none.
    pub team: Option<Option<TeamId>>,
    /// Another person, or nobody.
    pub assignee: Option<Option<AgentId>>,
    /// Other labels.
    pub labels: Option<Vec<String>>,
    /// Another priority.
    pub priority: Option<Priority>,
}

/// A ticket after an act, and the act's name where there is something to undo.
#[derive(Debug, Clone)]
pub struct Done {
    /// The ticket as it is now.
    pub ticket: Ticket,
    /// What [`super::undo::undo`] takes back; none when nothing changed.
    pub act: Option<ActId>,
}

/// Changes a ticket, each part with its event.
///
/// # Errors
/// [`Reason`]: not allowed, back to new, snooze without a future, unknown team or colleague.
pub async fn change(house: &House, scope: &Scope, id: TicketId, change: Change) -> Result<Done> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let mut ticket = tickets::take(&mut tx, scope, id).await?;
    let agent = allowed(scope, &ticket)?;
    let before = ticket.clone();
    let name: ActId = house.given.id();
    let mut also = None;
    let mut events = Vec::new();
    if let Some(stage) = change.stage.filter(|s| *s != ticket.stage || !ticket.stage_held) {
        events.push((EventKind::Staged, json!({"from": ticket.stage, "to": stage})));
        ticket.stage = stage;
        ticket.stage_held = true;
    }
    if let Some(team) = change.team.filter(|t| *t != ticket.team_id) {
        let slug = team_slug(house, &mut tx, &ticket, team).await?;
        ticket.team_id = team;
        events.push((EventKind::Assigned, json!({"team": slug})));
    }
    if let Some(assignee) = change.assignee.filter(|a| *a != ticket.assignee_id) {
        if let Some(colleague) = assignee {
            agents::colleague(&mut tx, ticket.brand_id, colleague)
                .await
                .map_err(|_| Error::from(Reason::UnknownAgent))?;
        }
        ticket.assignee_id = assignee;
        // What the bot was about to say where a person takes over is not said.
        bot::answer::retract(house, &mut tx, &mut ticket, "person").await?;
        events.push((EventKind::Assigned, json!({"assignee": assignee})));
    }
    if let Some(labels) = change.labels {
        let (before, was_complaint) = (ticket.labels.clone(), ticket.is_labelled(COMPLAINT));
        ticket.set_labels(labels);
        if ticket.labels != before {
            let mut data = json!({"labels": ticket.labels});
            // What a person says about a complaint is an example of what one is at this brand.
            if ticket.is_labelled(COMPLAINT) != was_complaint {
                data[COMPLAINT] = json!(!was_complaint);
            }
            events.push((EventKind::TicketChanged, data));
        }
    }
    if let Some(priority) = change.priority.filter(|p| *p != ticket.priority) {
        events.push((EventKind::TicketChanged, json!({"priority": priority, "from": ticket.priority})));
        ticket.priority = priority;
    }
    ticket.refresh_due();
    if let Some(state) = change.state.filter(|s| *s != ticket.state || change.snoozed_until.is_some()) {
        let from = ticket.state;
        ticket.move_to(state, change.snoozed_until, now)?;
        events.push((EventKind::TicketChanged, json!({"state": state, "from": from, "until": ticket.snoozed_until})));
        if state == State::Resolved {
            also = resolve_before(&mut tx, &ticket, agent, name, now).await?;
        }
    } else if !events.is_empty() {
        ticket.touch();
    }
    tickets::save(&mut tx, std::slice::from_ref(&ticket)).await?;
    let mut act = Act::between(name, &before, &ticket).filter(|_| !events.is_empty());
    if let Some(act) = &mut act {
        act.also = also;
    }
    let told_apart = |kind: EventKind, data: &Value| kind == EventKind::Staged || !data[COMPLAINT].is_null();
    let example = if events.iter().any(|(kind, data)| told_apart(*kind, data)) {
        messages::last_inbound(&mut tx, ticket.brand_id, id).await?.map(|m| m.id)
    } else {
        None
    };
    for (n, (kind, data)) in events.into_iter().enumerate() {
        let about = example.filter(|_| told_apart(kind, &data));
        let data = match &act {
            Some(act) if n == 0 => act.kept_in(data),
            _ => data,
        };
        let event = Event::of(ticket.brand_id, kind, id, Actor::Agent(agent)).data(data);
        tx.emit(now, about.into_iter().fold(event, Event::message));
    }
    tx.commit().await?;
    Ok(Done { ticket, act: act.map(|a| a.id) })
}

pub(super) fn allowed(scope: &Scope, ticket: &Ticket) -> Result<AgentId> {
    let agent = scope.who().filter(|_| scope.may(ticket.brand_id, Power::Handle)).ok_or(Reason::NotAllowed)?;
    if ticket.merged_into.is_some() {
        return Err(Reason::MergedAway.into());
    }
    Ok(agent)
}

async fn team_slug(house: &House, tx: &mut Tx, ticket: &Ticket, team: Option<TeamId>) -> Result<Option<String>> {
    let Some(team) = team else { return Ok(None) };
    let teams = house.teams(tx, ticket.brand_id).await?;
    let slug = teams.iter().find(|(_, id)| **id == team).map(|(slug, _)| slug.clone());
    slug.map(Some).ok_or_else(|| Reason::UnknownTeam.into())
}

/// With the private sequel the public ticket it came from is done too, when it only waited.
async fn resolve_before(
    tx: &mut Tx,
    ticket: &Ticket,
    agent: AgentId,
    name: ActId,
    now: At,
) -> Result<Option<TicketId>> {
    let Some(before) = ticket.continues else { return Ok(None) };
    let mut public = tickets::take(tx, &Scope::house(ticket.brand_id), before).await?;
    if public.state != State::Waiting {
        return Ok(None);
    }
    let was = public.clone();
    public.move_to(State::Resolved, None, now)?;
    public.stage = public.stage.after(ticket.stage, false);
    let event = Event::of(public.brand_id, EventKind::TicketChanged, public.id, Actor::Agent(agent));
    let data = json!({"state": State::Resolved, "from": State::Waiting, "with": ticket.number});
    let data = Act::between(name, &was, &public).map_or(data.clone(), |act| act.kept_in(data));
    tx.emit(now, event.data(data));
    tickets::save(tx, std::slice::from_ref(&public)).await?;
    Ok(Some(public.id))
}

/// A hand-over to another team.
#[derive(Debug, Clone)]
pub struct Escalation {
    /// To which team.
    pub team: TeamId,
    /// Why.
    pub reason: String,
    /// What they should know.
    pub summary: String,
    /// The writer's own key: the same key twice is one hand-over.
    pub client_key: Option<String>,
}

/// Hands a ticket to another team; it belongs to nobody there until somebody takes it.
///
/// # Errors
/// [`Reason`]: not allowed, no reason given, unknown team, a key that was used for another one.
pub async fn escalate(house: &House, scope: &Scope, id: TicketId, escalation: Escalation) -> Result<Done> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let mut ticket = tickets::take(&mut tx, scope, id).await?;
    let agent = allowed(scope, &ticket)?;
    let (reason, summary) =
        (clean_text(&escalation.reason).trim().to_owned(), clean_text(&escalation.summary).trim().to_owned());
    if reason.is_empty() {
        return Err(Reason::NeedsReason.into());
    }
    let slug = team_slug(house, &mut tx, &ticket, Some(escalation.team)).await?;
    let mut data = json!({"team": slug, "reason": reason, "summary": summary});
    let same = |e: &events::Past| ["team", "reason", "summary"].iter().all(|k| e.data.get(k) == data.get(k));
    if let Some(key) = &escalation.client_key {
        let earlier = events::escalations(&mut tx, ticket.brand_id, id).await?;
        if let Some(earlier) = earlier.iter().find(|e| e.data["client_key"] == key.as_str()) {
            return if same(earlier) { Ok(Done { ticket, act: None }) } else { Err(Reason::KeyReused.into()) };
        }
    }
    // The same hand-over once more, with nothing in between, is the same hand-over.
    if ticket.team_id == Some(escalation.team) && ticket.assignee_id.is_none() {
        let past = events::escalations(&mut tx, ticket.brand_id, id).await?;
        if past.first().is_some_and(same) {
            return Ok(Done { ticket, act: None });
        }
    }
    if let Some(key) = escalation.client_key {
        data["client_key"] = key.into();
    }
    let before = ticket.clone();
    bot::answer::retract(house, &mut tx, &mut ticket, "person").await?;
    ticket.team_id = Some(escalation.team);
    ticket.assignee_id = None;
    ticket.bot = Bot::Human;
    ticket.touch();
    if matches!(ticket.state, State::Snoozed | State::Resolved) {
        ticket.move_to(State::Open, None, now)?;
    }
    tickets::save(&mut tx, std::slice::from_ref(&ticket)).await?;
    let event = Event::of(ticket.brand_id, EventKind::Escalated, id, Actor::Agent(agent));
    let act = Act::between(house.given.id(), &before, &ticket);
    tx.emit(now, event.data(act.as_ref().map_or(data.clone(), |act| act.kept_in(data))));
    tx.commit().await?;
    Ok(Done { ticket, act: act.map(|a| a.id) })
}
