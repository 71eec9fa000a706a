//! An agent answers: the message and its row in the outbox are written together, or not at all.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Error, House, Reason, Result, attach, bot, draft};
use crate::base::At;
use crate::base::id::{AgentId, BrandId, FileId, MessageId, TicketId};
use crate::base::text::clean_text;
use crate::desk::agent::Power;
use crate::desk::approved::Chosen;
use crate::desk::channel::{Channel, ChannelState};
use crate::desk::delivery::{self, Delivery};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::limits::{Length, Limits, Window, window};
use crate::desk::message::{Direction, Kind, Visibility};
use crate::desk::outbound::Action;
use crate::desk::personal::{self, Personal};
use crate::desk::scope::Scope;
use crate::desk::ticket::{Bot, Ticket};
use crate::store::messages::{self, Message};
use crate::store::outbox::{self, Row};
use crate::store::threads::{self, Thread};
use crate::store::{Tx, agents, channels, drafts, events, facts, files, thoughts, tickets};

/// What an agent wants to say.
#[derive(Debug, Clone)]
pub struct Reply {
    /// In which ticket.
    pub ticket: TicketId,
    /// The words; none only where files go along.
    pub text: String,
    /// Which of the writer's files that wait in the ticket go along.
    pub files: Vec<FileId>,
    /// To everybody, to the customer, or to colleagues (a note).
    pub visibility: Visibility,
    /// The message answered; the customer's last one when none is named.
    pub to: Option<MessageId>,
    /// The writer's own key: the same key twice is one reply.
    pub client_key: Option<String>,
    /// True to send without the time to take it back (programs).
    pub at_once: bool,
}

/// How a reply would go out: what the composer shows before anything is written.
#[derive(Debug, Clone)]
pub struct Way {
    /// What the network will be asked.
    pub action: Action,
    /// Its length limit.
    pub length: Length,
    /// Its window.
    pub window: Window,
    /// The message answered.
    pub target: Option<Message>,
}

/// Writes a reply down to be sent, or a note. The same client key gives the same message back.
///
/// # Errors
/// [`Reason`]: not allowed, empty, too long, window closed, not on this network, somebody's
/// personal data in what everybody would read …
pub async fn reply(house: &House, scope: &Scope, reply: Reply) -> Result<Message> {
    reply_as(house, scope, reply, Manner::default()).await
}

/// What others (colleagues, the bot, the page itself) answered in a ticket after somebody last
/// looked, and what still stands of it. Notes answer nobody.
///
/// # Errors
/// As the database reports.
pub async fn answers_since(tx: &mut Tx, ticket: &Ticket, me: AgentId, seen: i64) -> Result<Vec<Message>> {
    let ids = events::answers_after(tx, ticket.brand_id, ticket.id, seen).await?;
    let mut answers = messages::many(tx, ticket.brand_id, &ids).await?;
    answers.retain(|m| m.agent_id != Some(me) && m.delivery != Some(Delivery::Cancelled) && m.deleted_at.is_none());
    answers.sort_by_key(|m| (m.at, m.id));
    Ok(answers)
}

/// What the writer knew and answers for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// The last event they knew of: a reply is refused when somebody else answered after it.
    /// Whether to say it all the same is theirs to decide, having read both.
    pub seen: Option<i64>,
    /// They have seen that everybody would read personal data, and answer for it.
    pub exposing: bool,
}

/// As [`reply`], in a manner.
///
/// # Errors
/// As [`reply`]; [`Reason::AnsweredMeanwhile`]; [`Reason::NotAllowed`] when exposing without
/// [`Power::Expose`].
pub async fn reply_as(house: &House, scope: &Scope, reply: Reply, manner: Manner) -> Result<Message> {
    write_out(house, scope, reply, manner, None).await
}

/// As [`reply_as`], also for a text the network has approved beforehand: no window holds that back.
pub(super) async fn write_out(
    house: &House,
    scope: &Scope,
    reply: Reply,
    manner: Manner,
    chosen: Option<Chosen>,
) -> Result<Message> {
    let Manner { seen, exposing } = manner;
    let now = house.now();
    let mut tx = house.db.write().await?;
    let mut ticket = tickets::take(&mut tx, scope, reply.ticket).await?;
    let brand = ticket.brand_id;
    let agent = scope.who().filter(|_| scope.may(brand, Power::Handle)).ok_or(Reason::NotAllowed)?;
    let text = clean_text(&reply.text).trim().to_owned();
    if text.is_empty() && reply.files.is_empty() {
        return Err(Reason::EmptyText.into());
    }
    if reply.visibility != Visibility::Internal && chosen.is_none() && unfilled(&text) {
        return Err(Reason::NotFilled.into());
    }
    if let Some(known) = earlier(&mut tx, &ticket, &reply, &text).await? {
        return Ok(known);
    }
    if ticket.merged_into.is_some() {
        return Err(Reason::MergedAway.into());
    }
    if let Some(seen) = seen.filter(|_| reply.visibility != Visibility::Internal)
        && !answers_since(&mut tx, &ticket, agent, seen).await?.is_empty()
    {
        return Err(Reason::AnsweredMeanwhile.into());
    }
    let name = agents::me(&mut tx, agent).await?.name;
    let thread = threads::get(&mut tx, brand, ticket.thread_id).await?;
    let by = By { agent: Some(agent), rule: None, name };
    let mut message = written(house, &ticket, by, text, reply.visibility, now);
    message.client_key = reply.client_key.clone().filter(|k| !k.is_empty());
    if reply.visibility == Visibility::Internal {
        let along = (reply.files.as_slice(), message.text.as_str(), reply.visibility);
        let files = attach::chosen(house, &mut tx, &ticket, agent, along).await?;
        message.attachments = attach::shown(&files);
        ticket.touch();
        tickets::save(&mut tx, &[ticket]).await?;
        messages::add(&mut tx, vec![message.clone()]).await?;
        attach::send_with(&mut tx, brand, &files, message.id).await?;
        drafts::drop(&mut tx, brand, reply.ticket, agent, reply.visibility).await?;
        tx.emit(
            now,
            Event::of(brand, EventKind::Noted, message.ticket_id.unwrap_or(reply.ticket), Actor::Agent(agent))
                .message(message.id),
        );
        tx.commit().await?;
        return Ok(message);
    }
    let channel = channels::get(&mut tx, scope, ticket.channel_id).await?;
    let network = house.network(&channel.network).ok_or(Reason::NotOnThisNetwork)?;
    let limits = network.limits_for(ticket.kind);
    let mut way = way(&mut tx, &ticket, &thread, &limits, reply.visibility, reply.to, now).await?;
    if chosen.is_some() {
        way.window = Window::Always;
    }
    let_speak(&mut tx, &ticket, network.most_unanswered(), way.action).await?;
    check(&way, &message.text)?;
    let along = (reply.files.as_slice(), message.text.as_str(), reply.visibility);
    let files = attach::chosen(house, &mut tx, &ticket, agent, along).await?;
    message.attachments = attach::shown(&files);
    let told = without_facts(&mut tx, brand, &message.text).await?;
    let exposed = exposed(scope, brand, &way, &told, exposing)?;
    let hold = match reply.visibility {
        _ if reply.at_once => Duration::ZERO,
        Visibility::Public => house.tuning.hold_public,
        _ => house.tuning.hold_private,
    };
    let mut row = row(house, &ticket, &thread, &channel, &way, &message, hold);
    // What they made of the bot's offer is evidence.
    bot::judge::replied(house, &mut tx, scope, &ticket, way.target.as_ref(), (&message.text, reply.visibility)).await?;
    row.approved = chosen.and_then(|c| serde_json::to_value(c).ok());
    // What the bot was about to say is not said beside it.
    bot::answer::retract(house, &mut tx, &mut ticket, "person").await?;
    message.delivery = Some(row.state);
    message.parent_external_id = way.target.as_ref().and_then(|t| t.external_id.clone());
    ticket.answered(now);
    ticket.bot = Bot::Human;
    ticket.assignee_id = ticket.assignee_id.or(Some(agent));
    tickets::save(&mut tx, &[ticket]).await?;
    messages::add(&mut tx, vec![message.clone()]).await?;
    attach::send_with(&mut tx, brand, &files, message.id).await?;
    outbox::add(&mut tx, &row).await?;
    drafts::drop(&mut tx, brand, reply.ticket, agent, reply.visibility).await?;
    if !exposed.is_empty() {
        let event = Event::of(brand, EventKind::Exposed, reply.ticket, Actor::Agent(agent)).message(message.id);
        tx.emit(now, event.data(json!({"kinds": exposed})));
    }
    let event = Event::of(brand, EventKind::ReplyQueued, row.ticket_id.unwrap_or(reply.ticket), Actor::Agent(agent));
    tx.emit(now, event.message(message.id).data(json!({"action": row.action, "delivery": row.state})));
    tx.commit().await?;
    house.bells.outbox.notify_one();
    Ok(message)
}

/// True when a placeholder stands in the text: `{{ order }}`.
fn unfilled(text: &str) -> bool {
    text.split("{{")
        .skip(1)
        .any(|rest| rest.split_once("}}").is_some_and(|(name, _)| name.len() <= 80 && !name.contains('\n')))
}

/// The reply of this key, when it was written before.
async fn earlier(tx: &mut Tx, ticket: &Ticket, reply: &Reply, text: &str) -> Result<Option<Message>> {
    let Some(key) = reply.client_key.as_deref().filter(|k| !k.is_empty()) else { return Ok(None) };
    match messages::by_client_key(tx, ticket.brand_id, key).await? {
        Some(m) if m.ticket_id == Some(ticket.id) && m.text == text && m.visibility == reply.visibility => Ok(Some(m)),
        Some(_) => Err(Reason::KeyReused.into()),
        None => Ok(None),
    }
}

/// Who answers: a person, or the bot by an entry.
pub(super) struct By {
    pub(super) agent: Option<AgentId>,
    pub(super) rule: Option<String>,
    pub(super) name: String,
}

/// A message of ours, not yet on its way.
pub(super) fn written(
    house: &House,
    ticket: &Ticket,
    by: By,
    text: String,
    visibility: Visibility,
    now: At,
) -> Message {
    let in_private = visibility == Visibility::Private && ticket.kind == Kind::Comment;
    Message {
        id: house.given.id(),
        brand_id: ticket.brand_id,
        ticket_id: Some(ticket.id),
        thread_id: ticket.thread_id,
        channel_id: ticket.channel_id,
        direction: Direction::Outbound,
        kind: if in_private { Kind::Dm } else { ticket.kind },
        visibility,
        contact_id: None,
        agent_id: by.agent,
        by_rule: by.rule,
        author_name: by.name,
        author_handle: None,
        text,
        attachments: Value::Array(Vec::new()),
        external_id: None,
        parent_external_id: None,
        post_external_id: None,
        rating: None,
        language: None,
        replyable: true,
        machine: false,
        at: now,
        edited_at: None,
        deleted_at: None,
        hidden_at: None,
        liked_at: None,
        reactions: Value::Array(Vec::new()),
        versions: Value::Array(Vec::new()),
        delivery: None,
        delivery_reason: None,
        delivery_why: None,
        trace: None,
        client_key: None,
        created_at: now,
    }
}

/// How a reply of this visibility would reach the customer of a ticket.
///
/// # Errors
/// [`Reason`] when it could not at all.
pub async fn way(
    tx: &mut Tx,
    ticket: &Ticket,
    thread: &Thread,
    limits: &Limits,
    visibility: Visibility,
    to: Option<MessageId>,
    now: At,
) -> Result<Way> {
    let scope = Scope::house(ticket.brand_id);
    let target = match to {
        Some(id) => Some(messages::get(tx, &scope, id).await?).filter(|m| m.thread_id == ticket.thread_id),
        None => messages::last_inbound(tx, ticket.brand_id, ticket.id).await?,
    };
    way_to(tx, ticket, thread, limits, visibility, target, now).await
}

/// As [`way`], for an answer to this message, or to none.
///
/// # Errors
/// As [`way`].
pub async fn way_to(
    tx: &mut Tx,
    ticket: &Ticket,
    thread: &Thread,
    limits: &Limits,
    visibility: Visibility,
    target: Option<Message>,
    now: At,
) -> Result<Way> {
    if target.as_ref().is_some_and(|t| !t.replyable) {
        return Err(Reason::NotReplyable.into());
    }
    match (visibility, thread.visibility) {
        (Visibility::Public, Visibility::Public) => {
            let length = limits.public_reply.ok_or(Reason::NotOnThisNetwork)?;
            let target = target.ok_or(Reason::NothingToAnswer)?;
            Ok(Way { action: Action::ReplyPublic, length, window: Window::Always, target: Some(target) })
        }
        (Visibility::Private, Visibility::Private) => {
            let dm = limits.dm.ok_or(Reason::NotOnThisNetwork)?;
            let window = window(&dm, ticket.last_inbound_at, now);
            Ok(Way { action: Action::Dm, length: dm.length, window, target })
        }
        (Visibility::Private, Visibility::Public) => private_to_public(tx, ticket, limits, target, now).await,
        _ => Err(Reason::NotOnThisNetwork.into()),
    }
}

/// A private answer to a public message: the network's private reply, once and for a while.
async fn private_to_public(
    tx: &mut Tx,
    ticket: &Ticket,
    limits: &Limits,
    target: Option<Message>,
    now: At,
) -> Result<Way> {
    let private = limits.private_reply.ok_or(Reason::NotOnThisNetwork)?;
    let target = target.ok_or(Reason::NothingToAnswer)?;
    let until = target.at.plus(private.within);
    if now >= until {
        return Err(Reason::WindowClosed.into());
    }
    let wrote = messages::of_ticket(tx, ticket.brand_id, ticket.id).await?;
    let answered = wrote.iter().any(|m| {
        let stands =
            m.delivery.is_some_and(|d| !matches!(d, Delivery::Failed | Delivery::Cancelled | Delivery::Expired));
        m.direction == Direction::Outbound
            && m.visibility == Visibility::Private
            && m.parent_external_id == target.external_id
            && stands
    });
    if answered {
        return Err(Reason::AlreadyRepliedPrivately.into());
    }
    Ok(Way { action: Action::ReplyPrivate, length: private.length, window: Window::Until(until), target: Some(target) })
}

/// Refuses one message too many: some networks take only so many before the person answers.
pub(super) async fn let_speak(tx: &mut Tx, ticket: &Ticket, most: Option<usize>, action: Action) -> Result<()> {
    let Some(most) = most.filter(|_| action == Action::Dm) else { return Ok(()) };
    let all = messages::of_ticket(tx, ticket.brand_id, ticket.id).await?;
    let ours = |m: &&Message| {
        let lost = |d| matches!(d, Delivery::Failed | Delivery::Cancelled | Delivery::Expired);
        m.direction == Direction::Outbound && m.visibility == Visibility::Private && !m.delivery.is_some_and(lost)
    };
    let since = all.iter().rev().take_while(|m| m.direction != Direction::Inbound);
    if since.filter(ours).count() >= most {
        return Err(Reason::EnoughSaid.about(most.to_string()));
    }
    Ok(())
}

pub(super) fn check(way: &Way, text: &str) -> Result<()> {
    let count = way.length.count(text);
    if count > way.length.most {
        return Err(Reason::TooLong.about(format!("{count} / {}", way.length.most)));
    }
    match way.window {
        Window::Closed(_) => Err(Reason::WindowClosed.into()),
        _ => Ok(()),
    }
}

/// A text without what the brand says of itself, which may be said to everybody, its addresses
/// included.
pub(super) async fn without_facts(tx: &mut Tx, brand: BrandId, text: &str) -> Result<String> {
    let mut told = text.to_owned();
    for fact in facts::all(tx, brand).await? {
        told = told.replace(&fact.value, " ");
    }
    Ok(told)
}

/// The kinds of personal data in a text for everybody: it is stopped, unless its writer may and will
/// answer for it.
fn exposed(scope: &Scope, brand: BrandId, way: &Way, text: &str, exposing: bool) -> Result<Vec<Personal>> {
    if way.action != Action::ReplyPublic {
        return Ok(Vec::new());
    }
    let found = personal::find(text);
    if !found.is_empty() && !exposing {
        let pieces: Vec<String> = found.iter().map(|f| f.piece(text)).collect();
        return Err(Reason::PersonalData.about(pieces.join(", ")));
    }
    if !found.is_empty() && !scope.may(brand, Power::Expose) {
        return Err(Reason::NotAllowed.into());
    }
    let mut kinds: Vec<Personal> = found.into_iter().map(|f| f.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

/// The row that will carry a message, held that long.
pub(super) fn row(
    house: &House,
    ticket: &Ticket,
    thread: &Thread,
    channel: &Channel,
    way: &Way,
    message: &Message,
    hold: Duration,
) -> Row {
    let now = message.created_at;
    let end = match way.window {
        Window::Until(end) | Window::HumanUntil(end) => Some(end),
        _ => None,
    };
    // A channel whose login is gone takes replies, keeps them, and says so.
    let state = match (channel.state, hold.is_zero()) {
        (ChannelState::NeedsReauth, _) => Delivery::Blocked,
        (_, true) => Delivery::Queued,
        (_, false) => Delivery::Held,
    };
    let is_public_root = thread.visibility == Visibility::Public;
    Row {
        seq: 0,
        id: house.given.id(),
        brand_id: ticket.brand_id,
        channel_id: ticket.channel_id,
        thread_id: ticket.thread_id,
        ticket_id: Some(ticket.id),
        message_id: message.id,
        agent_id: message.agent_id,
        by_rule: message.by_rule.clone(),
        action: way.action,
        text: message.text.clone(),
        target: way.target.as_ref().and_then(|t| t.external_id.clone()),
        target_is_post: way.target.as_ref().is_some_and(|t| t.kind == Kind::Mention),
        root: is_public_root.then(|| thread.external_key.clone()),
        post: way.target.as_ref().and_then(|t| t.post_external_id.clone()),
        recipient: thread.partner.clone(),
        state,
        reason: None,
        why: None,
        attempt: 0,
        looks: 0,
        resent: false,
        next_at: now.plus(hold),
        not_after: delivery::not_after(message.by_rule.is_none(), now, end),
        asked_at: None,
        external_id: None,
        approved: None,
        created_at: now,
        choices: None,
    }
}

/// Takes a reply back before it has left; its words become the writer's draft again.
///
/// # Errors
/// [`Reason::AlreadySent`] when it has left.
pub async fn take_back(house: &House, scope: &Scope, message: MessageId) -> Result<Message> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let m = messages::get(&mut tx, scope, message).await?;
    let agent = scope.who().filter(|_| scope.may(m.brand_id, Power::Handle)).ok_or(Reason::NotAllowed)?;
    if !outbox::cancel(&mut tx, m.brand_id, m.id).await? {
        return Err(Reason::AlreadySent.into());
    }
    messages::set_delivery(&mut tx, m.brand_id, m.id, Delivery::Cancelled, None, None, None).await?;
    if m.by_rule.is_some() {
        bot::judge::taken_back(house, &mut tx, &m, agent).await?;
        thoughts::took_back(&mut tx, m.brand_id, m.id, "person").await?;
    }
    if let Some(id) = m.ticket_id {
        let mut ticket = tickets::take(&mut tx, scope, id).await?;
        ticket.reopen_unsent();
        // Whoever takes the bot's words back leads from here on.
        if m.by_rule.is_some() {
            ticket.bot = Bot::Human;
        }
        tickets::save(&mut tx, &[ticket]).await?;
        files::take_back(&mut tx, m.brand_id, m.id, (id, agent)).await?;
        draft::put_back(&mut tx, m.brand_id, id, agent, m.visibility, &m.text, now).await?;
        let event = Event::of(m.brand_id, EventKind::DeliveryChanged, id, Actor::Agent(agent)).message(m.id);
        tx.emit(now, event.data(json!({"delivery": Delivery::Cancelled})));
    }
    tx.commit().await?;
    Ok(Message { delivery: Some(Delivery::Cancelled), ..m })
}

crate::words! {
    /// What a person decides about a reply that did not simply arrive.
    pub enum Decision {
        /// It is there: nothing more is sent.
        Arrived = "arrived",
        /// It is not there: send it again.
        SendAgain = "send_again",
    }
}

/// A person decides about a reply whose outcome nobody knows, or that was refused.
///
/// # Errors
/// [`crate::store::Error::NotFound`] when there is nothing to decide.
pub async fn decide(house: &House, scope: &Scope, message: MessageId, decision: Decision) -> Result<Message> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let m = messages::get(&mut tx, scope, message).await?;
    let agent = scope.who().filter(|_| scope.may(m.brand_id, Power::Handle)).ok_or(Reason::NotAllowed)?;
    let row = outbox::of_message(&mut tx, m.brand_id, m.id).await?.ok_or(crate::store::Error::NotFound)?;
    if decision == Decision::Arrived && row.state != Delivery::NeedsDecision {
        return Err(Error::Store(crate::store::Error::NotFound));
    }
    let state = if decision == Decision::Arrived { Delivery::Sent } else { Delivery::Queued };
    outbox::decide(&mut tx, m.brand_id, row.id, state, now, delivery::not_after(true, now, None)).await?;
    messages::set_delivery(&mut tx, m.brand_id, m.id, state, None, None, None).await?;
    if let Some(id) = m.ticket_id {
        let mut ticket = tickets::take(&mut tx, scope, id).await?;
        ticket.answered(now);
        tickets::save(&mut tx, &[ticket]).await?;
        let event = Event::of(m.brand_id, EventKind::DeliveryChanged, id, Actor::Agent(agent)).message(m.id);
        tx.emit(now, event.data(json!({"delivery": state, "decided": decision})));
    }
    tx.commit().await?;
    house.bells.outbox.notify_one();
    Ok(Message { delivery: Some(state), ..m })
}
