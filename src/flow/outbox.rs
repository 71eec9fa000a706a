//! Sending what the outbox holds. A turn claims rows (committed as `sending` before the first byte
//! leaves), talks to the networks without any transaction open, and writes down how each ended.

use std::time::Duration;

use serde_json::json;

use super::beside::{self, Piece};
use super::intake::sequel;
use super::places::{Place, Work};
use super::{Error, House, Result, bot, double, halt};
use crate::base::At;
use crate::base::id::ChannelId;
use crate::desk::channel::{Channel, ChannelState};
use crate::desk::delivery::{self, Attempt, Delivery, Next};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::message::Kind;
use crate::desk::outbound::{Action, LookBack, Outbound, Outcome};
use crate::desk::scope::Scope;
use crate::desk::ticket::Bot;
use crate::networks::{Line, Network};
use crate::store::outbox::{self, Row, Waiting};
use crate::store::{Tx, brands, channels, letters, threads, tickets};
use crate::store::{files, messages};

/// Moves everything due: what has ripened is queued, what is queued is sent, what is unknown is
/// looked for. Returns how many rows were acted upon.
///
/// # Errors
/// As the database reports; rows stay as they were last committed.
pub async fn turn(house: &House) -> Result<usize> {
    beside::all(begin(house).await?).await
}

/// The same, begun: each row is a piece of its own, so that a network that does not answer keeps its
/// own rows waiting and no other's.
///
/// # Errors
/// As the database reports.
pub async fn begin(house: &House) -> Result<Vec<Piece>> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (row, place) in claim(house).await? {
        let house = house.clone();
        pieces.push(Box::pin(async move {
            let _kept_until_the_end = place;
            send(&house, row).await.map(|()| true)
        }));
    }
    for (row, place) in to_look_for(house).await? {
        let house = house.clone();
        pieces.push(Box::pin(async move {
            let _kept_until_the_end = place;
            look(&house, row).await.map(|()| true)
        }));
    }
    Ok(pieces)
}

/// Once at the start: what this node was sending when it was stopped may have left.
///
/// # Errors
/// As the database reports.
pub async fn find_orphans(house: &House, starting: bool) -> Result<usize> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let settle = house.tuning.settle.unwrap_or(Duration::from_secs(30));
    let orphans = outbox::orphans(&mut tx, house.node, starting, now, now.plus(settle)).await?;
    for row in &orphans {
        show(&mut tx, row, &Next::state(Delivery::Unknown), None, now).await?;
    }
    tx.commit().await?;
    Ok(orphans.len())
}

/// Rows are claimed by turns of channels, each as far as its connection and its network have places.
async fn claim(house: &House) -> Result<Vec<(Row, Place)>> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    for row in outbox::ripen(&mut tx, now).await? {
        tell_trouble(&mut tx, &row, Delivery::Expired, now).await?;
        messages::set_delivery(
            &mut tx,
            row.brand_id,
            row.message_id,
            Delivery::Expired,
            row.reason.as_deref(),
            None,
            None,
        )
        .await?;
    }
    let (until, bots) = (now.plus(house.tuning.lease), !house.bot_is_barred());
    let mut claimed: Vec<(Row, Place)> = Vec::new();
    for waiting in outbox::channels_with(&mut tx, Delivery::Queued, now).await? {
        let mut places = places_of(house, Work::Send, &waiting);
        let most = i64::try_from(places.len()).unwrap_or(0);
        let rows = outbox::claim(&mut tx, house.node, now, until, (waiting.channel_id, most), bots).await?;
        claimed.extend(rows.into_iter().map_while(|row| Some((row, places.pop()?))));
    }
    claimed.sort_by_key(|(row, _)| row.seq);
    for (row, _) in claimed.iter().filter(|(r, _)| r.action.is_reply()) {
        messages::set_delivery(&mut tx, row.brand_id, row.message_id, Delivery::Sending, None, None, None).await?;
    }
    tx.commit().await?;
    Ok(claimed)
}

/// The places that are free for a channel.
fn places_of(house: &House, work: Work, waiting: &Waiting) -> Vec<Place> {
    std::iter::from_fn(|| house.places.take(work, &waiting.network, waiting.connection_id)).collect()
}

async fn to_look_for(house: &House) -> Result<Vec<(Row, Place)>> {
    find_orphans(house, false).await?;
    let now = house.now();
    let mut tx = house.db.write().await?;
    let mut found = Vec::new();
    for waiting in outbox::channels_with(&mut tx, Delivery::Unknown, now).await? {
        let mut places = places_of(house, Work::Look, &waiting);
        let most = i64::try_from(places.len()).unwrap_or(0);
        let until = now.plus(house.tuning.lease);
        let rows = outbox::to_look_for(&mut tx, now, until, (waiting.channel_id, most)).await?;
        found.extend(rows.into_iter().map_while(|row| Some((row, places.pop()?))));
    }
    tx.commit().await?;
    Ok(found)
}

/// What is needed to speak to a network about a row.
struct Prepared {
    channel: Channel,
    account: crate::desk::channel::Account,
    network: &'static dyn Network,
    out: Outbound,
}

async fn prepare(house: &House, row: &Row) -> Result<Option<Prepared>> {
    let mut tx = house.db.read().await?;
    let scope = Scope::house(row.brand_id);
    let channel = channels::get(&mut tx, &scope, row.channel_id).await?;
    let Some(network) = house.network(&channel.network) else { return Ok(None) };
    let account = house.account(&mut tx, &channel).await?;
    let thread = threads::get(&mut tx, row.brand_id, row.thread_id).await?;
    let last_inbound_at = match row.ticket_id {
        Some(ticket) => tickets::get(&mut tx, &scope, ticket).await?.last_inbound_at,
        None => None,
    };
    let letter = match row.target.as_deref().filter(|_| thread.kind == Kind::Email) {
        Some(target) => letters::by_external(&mut tx, row.brand_id, row.channel_id, target).await?,
        None => None,
    };
    let now = house.now();
    let out = Outbound {
        id: row.id,
        action: row.action,
        text: row.text.clone(),
        files: files::with(&mut tx, row.brand_id, row.message_id).await?,
        choices: row.choices.as_ref().and_then(|c| serde_json::from_value(c.clone()).ok()).unwrap_or_default(),
        target: row.target.clone(),
        target_is_post: row.target_is_post,
        thread: thread.external_key,
        root: row.root.clone(),
        post: row.post.clone(),
        recipient: row.recipient.clone().or(thread.partner),
        human: row.by_rule.is_none(),
        letter,
        approved: row.approved.clone().and_then(|a| serde_json::from_value(a).ok()),
        last_inbound_at,
        asked_at: row.asked_at.unwrap_or(now),
        now,
    };
    Ok(Some(Prepared { channel, account, network, out }))
}

fn attempt(house: &House, row: &Row, network: &dyn Network) -> Attempt {
    attempt_of(house, row, house.tuning.settle.unwrap_or(network.limits().settle))
}

fn attempt_of(house: &House, row: &Row, settle: Duration) -> Attempt {
    let [jitter] = house.given.bytes::<1>();
    Attempt {
        action: row.action,
        human: row.by_rule.is_none(),
        number: u32::try_from(row.attempt).unwrap_or(u32::MAX),
        not_after: row.not_after,
        settle,
        jitter,
    }
}

async fn send(house: &House, row: Row) -> Result<()> {
    let prepared = match prepare(house, &row).await {
        Ok(Some(prepared)) => prepared,
        Ok(None) => {
            let why = Some("this network is not spoken here".into());
            let next = Next { state: Delivery::Failed, reason: Some("unsupported"), why, at: None };
            return record(house, &row, &next, None, None).await;
        }
        Err(Error::House(sealed)) => return cannot_sign_in(house, &row, &sealed).await,
        Err(other) => return Err(other),
    };
    // Claimed a moment ago; looked at once more before the first byte leaves.
    if row.by_rule.is_some() && !may_still_speak(house, &row).await? {
        return give_up(house, &row).await;
    }
    let line = Line::new(&prepared.account, &house.fetch, house.now());
    let outcome = prepared.network.send(&line, &prepared.out).await;
    let now = house.now();
    let mut next = delivery::after_attempt(&attempt(house, &row, prepared.network), &outcome, now);
    if house.tuning.resend_blindly && next.state == Delivery::Unknown {
        next = Next { state: Delivery::Queued, at: Some(now), ..next };
    }
    tracing::info!(name: "outbox.attempt", outbound = %row.id, action = %row.action, state = %next.state, attempt = row.attempt, "tried");
    let found = match &outcome {
        Outcome::Sent { external_id, recipient } => Some((external_id.clone(), recipient.clone())),
        _ => None,
    };
    record(house, &row, &next, found, Some((&prepared.channel, &line, &outcome))).await
}

/// True while nobody has stopped the bot and no person leads.
async fn may_still_speak(house: &House, row: &Row) -> Result<bool> {
    if house.bot_is_barred() {
        return Ok(false);
    }
    let mut tx = house.db.read().await?;
    let Some(ticket) = row.ticket_id else { return Ok(false) };
    let ticket = tickets::get(&mut tx, &Scope::house(row.brand_id), ticket).await?;
    let stopped = brands::get(&mut tx, row.brand_id).await?.bot_stopped_at.is_some();
    Ok(!stopped && ticket.bot == Bot::Active && ticket.assignee_id.is_none())
}

/// An automatic answer that was claimed and must not leave.
async fn give_up(house: &House, row: &Row) -> Result<()> {
    let next = Next { reason: Some("bot_stopped"), ..Next::state(Delivery::Cancelled) };
    let mut tx = house.db.write().await?;
    if outbox::record(&mut tx, row, house.node, &next, None, house.now()).await? {
        bot::answer::stopped(house, &mut tx, std::slice::from_ref(row)).await?;
    }
    Ok(tx.commit().await?)
}

async fn look(house: &House, row: Row) -> Result<()> {
    let prepared = match prepare(house, &row).await {
        Ok(Some(prepared)) => prepared,
        Ok(None) => return Ok(()),
        Err(Error::House(sealed)) => {
            let looks = u32::try_from(row.looks).unwrap_or(u32::MAX);
            let cannot = LookBack::CannotSay(sealed.to_string());
            let settle = house.tuning.settle.unwrap_or_default();
            let next = delivery::after_look(&attempt_of(house, &row, settle), looks, row.resent, &cannot, house.now());
            return record(house, &row, &next, None, None).await;
        }
        Err(other) => return Err(other),
    };
    let line = Line::new(&prepared.account, &house.fetch, house.now());
    let mut found = prepared.network.look_back(&line, &prepared.out).await;
    if let LookBack::Found(ids) = &found {
        found = unclaimed(house, &row, ids).await?;
    }
    let looks = u32::try_from(row.looks).unwrap_or(u32::MAX);
    let next = delivery::after_look(&attempt(house, &row, prepared.network), looks, row.resent, &found, house.now());
    tracing::info!(name: "outbox.looked", outbound = %row.id, state = %next.state, looks, "looked for it at the network");
    let id = match found {
        LookBack::Found(ids) => ids.into_iter().next(),
        _ => None,
    };
    spent(house, &prepared.channel, &line).await?;
    record(house, &row, &next, id.map(|id| (Some(id), None)), None).await
}

/// What looking cost, and whether anybody answered.
async fn spent(house: &House, channel: &Channel, line: &Line<'_>) -> Result<()> {
    if line.cost() == 0 && line.reach().is_none() {
        return Ok(());
    }
    let mut tx = house.db.write().await?;
    house.note_reach(&mut tx, channel, line).await?;
    house.charge(&mut tx, channel, line).await?;
    Ok(tx.commit().await?)
}

/// The channel's secrets do not open (a lost key, above all): nothing left, and it waits until
/// somebody connects the channel anew.
async fn cannot_sign_in(house: &House, row: &Row, sealed: &anyhow::Error) -> Result<()> {
    let why = sealed.to_string();
    tracing::error!(name: "outbox.sealed", channel = %row.channel_id, %why, "a channel's secrets do not open");
    let next = Next { state: Delivery::Blocked, reason: Some("token"), why: Some(why.clone()), at: None };
    record(house, row, &next, None, None).await?;
    let mut tx = house.db.write().await?;
    login_lost(&mut tx, row.brand_id, row.channel_id, &why, house.now()).await?;
    Ok(tx.commit().await?)
}

/// Of what looks like this reply, what no other message of ours is.
async fn unclaimed(house: &House, row: &Row, ids: &[String]) -> Result<LookBack> {
    let mut tx = house.db.read().await?;
    for id in ids {
        let known = messages::by_external(&mut tx, row.brand_id, row.channel_id, id).await?;
        if known.is_none_or(|m| m.id == row.message_id || (m.agent_id.is_none() && m.by_rule.is_none())) {
            return Ok(LookBack::Found(vec![id.clone()]));
        }
    }
    Ok(LookBack::Absent)
}

type Found = (Option<String>, Option<String>);

/// Writes down how an attempt or a look ended, and what that means for message, ticket and
/// channel. A row that was settled meanwhile (by its echo, by a person) stays settled.
async fn record(
    house: &House,
    row: &Row,
    next: &Next,
    found: Option<Found>,
    told: Option<(&Channel, &Line<'_>, &Outcome)>,
) -> Result<()> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let (external_id, recipient) = found.unwrap_or_default();
    if let Some((channel, line, outcome)) = told {
        house.charge(&mut tx, channel, line).await?;
        house.note_reach(&mut tx, channel, line).await?;
        heed(&mut tx, channel, line, outcome, now).await?;
    }
    if outbox::record(&mut tx, row, house.node, next, external_id.as_deref(), now).await? {
        if let Some(id) = external_id.as_deref().filter(|_| row.action.is_reply()) {
            // Its echo may have come before the answer and been taken for the page's own words.
            if let Some(twin) = messages::by_external(&mut tx, row.brand_id, row.channel_id, id).await?
                && twin.id != row.message_id
            {
                double::remove(house, &mut tx, &twin, row.ticket_id, now).await?;
            }
        }
        show(&mut tx, row, next, external_id.as_deref(), now).await?;
        if next.state == Delivery::Sent {
            after_sent(house, &mut tx, row, recipient.as_deref(), now).await?;
        } else if next.state.is_trouble() {
            tell_trouble(&mut tx, row, next.state, now).await?;
        }
    }
    if let Some((channel, _, outcome)) = told {
        halt::after(house, &mut tx, channel, outcome, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What an answer says of the whole channel: its quota, a dead login, a call for quiet.
async fn heed(tx: &mut Tx, channel: &Channel, line: &Line<'_>, outcome: &Outcome, now: At) -> Result<()> {
    let usage = line.usage();
    let mut quiet = usage.quiet_for.map(|d| now.plus(d));
    if let Outcome::Later { after, whole_channel: true, .. } = outcome {
        // Calling on while throttled prolongs the block.
        quiet = quiet.max(Some(now.plus(after.unwrap_or(Duration::from_mins(1)))));
    } else if usage.percent.is_some_and(|p| p >= 95) {
        quiet = quiet.max(Some(now.plus(Duration::from_mins(1))));
    }
    if usage.percent.is_some() || quiet.is_some() {
        channels::set_usage(tx, channel.brand_id, channel.id, usage.percent.map(i64::from), quiet).await?;
    }
    match outcome {
        Outcome::Reconnect(why) => login_lost(tx, channel.brand_id, channel.id, why, now).await,
        Outcome::Sent { .. } => Ok(channels::spoke(tx, channel.brand_id, channel.id, now).await?),
        _ => Ok(()),
    }
}

/// The login is no longer good: the channel says so, and everything waiting on it is blocked.
pub async fn login_lost(
    tx: &mut Tx,
    brand: crate::base::id::BrandId,
    channel: ChannelId,
    why: &str,
    now: At,
) -> Result<()> {
    if channels::set_state(tx, brand, channel, ChannelState::NeedsReauth, Some(why)).await? {
        let event = Event::at(brand, EventKind::ChannelChanged, Actor::Network);
        tx.emit(now, event.data(json!({"channel": channel, "state": ChannelState::NeedsReauth})));
        // Where logins can be renewed, that is tried before anybody has to log in again.
        channels::renew_next(tx, brand, channel, now).await?;
    }
    let next = Next { state: Delivery::Blocked, reason: Some("token"), why: Some(why.to_owned()), at: None };
    for row in outbox::block(tx, brand, channel, "token", why).await? {
        show(tx, &row, &next, None, now).await?;
        tell_trouble(tx, &row, Delivery::Blocked, now).await?;
    }
    Ok(())
}

/// The message shows where its reply stands.
async fn show(tx: &mut Tx, row: &Row, next: &Next, external_id: Option<&str>, now: At) -> Result<()> {
    if row.action.is_reply() {
        messages::set_delivery(
            tx,
            row.brand_id,
            row.message_id,
            next.state,
            next.reason,
            next.why.as_deref(),
            external_id,
        )
        .await?;
    }
    if let Some(ticket) = row.ticket_id {
        let event = Event::of(row.brand_id, EventKind::DeliveryChanged, ticket, Actor::Network).message(row.message_id);
        tx.emit(now, event.data(json!({"delivery": next.state, "reason": next.reason, "action": row.action})));
    }
    Ok(())
}

async fn after_sent(house: &House, tx: &mut Tx, row: &Row, recipient: Option<&str>, now: At) -> Result<()> {
    if row.action.is_reply() {
        if let Some(person) = recipient.filter(|_| row.action == Action::ReplyPrivate) {
            sequel(house, tx, row, person).await?;
        }
        return Ok(());
    }
    let m = messages::get(tx, &Scope::house(row.brand_id), row.message_id).await?;
    let (deleted, hidden, liked) = match row.action {
        Action::Hide => (m.deleted_at, Some(now), m.liked_at),
        Action::Unhide => (m.deleted_at, None, m.liked_at),
        Action::Delete => (Some(now), m.hidden_at, m.liked_at),
        Action::Like => (m.deleted_at, m.hidden_at, Some(now)),
        Action::Unlike => (m.deleted_at, m.hidden_at, None),
        _ => return Ok(()),
    };
    Ok(messages::mark(tx, row.brand_id, m.id, deleted, hidden, liked).await?)
}

/// Nothing fails silently: the ticket is open again, and its history says why.
pub(super) async fn tell_trouble(tx: &mut Tx, row: &Row, state: Delivery, now: At) -> Result<()> {
    let Some(id) = row.ticket_id.filter(|_| row.action.is_reply()) else { return Ok(()) };
    let mut ticket = tickets::take(tx, &Scope::house(row.brand_id), id).await?;
    ticket.reopen_unsent();
    tickets::save(tx, &[ticket]).await?;
    let event = Event::of(row.brand_id, EventKind::TicketChanged, id, Actor::House).message(row.message_id);
    tx.emit(now, event.data(json!({"reopened": state})));
    Ok(())
}
