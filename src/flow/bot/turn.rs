//! The bot reads the log and thinks about each message a customer wrote: once, in order. What it
//! thought is kept beside the message; what it answers is written with it, or not at all.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::json;

use super::answer::{Came, answer, retract, thought};
use super::talk::{self, Heeded};
use super::{Mind, Said, judge, posts_above};
use crate::base::id::{BrandId, MessageId, TicketId};
use crate::desk::agent::Power;
use crate::desk::bot::{Decision, Verdict};
use crate::desk::canned::Mode;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::message::{Direction, Visibility};
use crate::desk::quoting;
use crate::desk::scope::Scope;
use crate::desk::talk::MOST_CHOICES;
use crate::desk::ticket::{Bot, Ticket};
use crate::flow::studio::trial::{self, Onlooker};
use crate::flow::{House, Reason, Result};
use crate::store::events::{self, Past};
use crate::store::messages::{self, Message};
use crate::store::studio::trials;
use crate::store::thoughts::{self, Thought};
use crate::store::{Tx, channels, library, outbox, readers, talks, tickets};

/// The bot's name among the log's readers.
const READER: &str = "bot";
/// Events read at once.
const BATCH: i64 = 200;
/// What is older is history: read after an outage, backfilled, replayed. It wakes nobody.
const FRESH: Duration = Duration::from_mins(10);
/// So many misses after an answer of ours, and a person is asked for.
const MISSES: usize = 2;

/// Thinks about what has come; how many events were read.
///
/// # Errors
/// As the database reports; the next turn goes on from the same place.
pub async fn turn(house: &House) -> Result<usize> {
    let mut tx = house.db.read().await?;
    let Some(from) = readers::place(&mut tx, READER).await? else {
        drop(tx);
        return begin(house).await;
    };
    let news = events::after(&mut tx, from, BATCH).await?;
    let Some(to) = news.last().map(|e| e.seq) else { return Ok(0) };
    let asked = asked(house, &mut tx, &news).await?;
    let (decided, tried) = think(house, &mut tx, &asked).await?;
    drop(tx);
    let mut tx = house.db.write().await?;
    if !readers::go_on(&mut tx, READER, from, to).await? {
        // Another node thought about these.
        return Ok(news.len());
    }
    // Most messages only leave a thought; the ticket is taken in hand where more may come of it.
    let (waiting, spoken) = quiet_or_not(&mut tx, &asked).await?;
    let awaited = talk::awaited(&mut tx, &asked).await?;
    let mut quiet = Vec::new();
    for (n, (message, decision)) in asked.iter().zip(decided).enumerate() {
        let Some(ticket) = message.ticket_id else { continue };
        let speaks = matches!(decision.decision, Verdict::Answer | Verdict::Handoff);
        let heard = speaks || decision.because.as_deref() == Some("not_sure_enough") || awaited.contains(&message.id);
        if heard || waiting.contains(&ticket) || spoken.contains(&ticket) {
            let more_came = asked[n + 1..].iter().any(|later| later.ticket_id == message.ticket_id);
            // In order: what is counted for one message includes those before it.
            thoughts::note(&mut tx, &std::mem::take(&mut quiet)).await?;
            consider(house, &mut tx, message, ticket, decision, more_came).await?;
        } else {
            quiet.push(thought(message, ticket, &decision, house.now()));
        }
    }
    thoughts::note(&mut tx, &quiet).await?;
    trials::note(&mut tx, &tried).await?;
    tx.commit().await?;
    house.bells.outbox.notify_one();
    house.bells.calls.notify_one();
    Ok(news.len())
}

/// The tickets where an automatic answer waits to leave, and of those of these messages the ones where
/// one was given.
async fn quiet_or_not(tx: &mut Tx, asked: &[Message]) -> Result<(HashSet<TicketId>, HashSet<TicketId>)> {
    let waiting = outbox::bot_waiting(tx).await?.into_iter().collect();
    let tickets: HashSet<TicketId> = asked.iter().filter_map(|m| m.ticket_id).collect();
    let spoken = thoughts::spoken(tx, &tickets.into_iter().collect::<Vec<_>>()).await?;
    Ok((waiting, spoken.into_iter().collect()))
}

/// A desk's bot begins with what comes now, never with its history. Nothing happens where it has
/// begun already.
///
/// # Errors
/// As the database reports.
pub async fn begin(house: &House) -> Result<usize> {
    let mut tx = house.db.write().await?;
    let last = events::last(&mut tx).await?;
    readers::begin(&mut tx, READER, last).await?;
    tx.commit().await?;
    Ok(0)
}

/// The messages worth a thought, in the order they came: fresh words of customers, each once.
async fn asked(house: &House, tx: &mut Tx, news: &[Past]) -> Result<Vec<Message>> {
    let oldest = house.now().minus(FRESH);
    let mut by_brand: HashMap<BrandId, Vec<MessageId>> = HashMap::new();
    let mut order = Vec::new();
    for event in news.iter().filter(|e| {
        e.at >= oldest
            && matches!(e.kind, EventKind::MessageReceived | EventKind::MessageEdited)
            && e.data.get("backfill").is_none()
            && e.data["words"] != false
    }) {
        let Some(id) = event.message_id.filter(|id| !order.contains(id)) else { continue };
        order.push(id);
        by_brand.entry(event.brand_id).or_default().push(id);
    }
    let mut found: HashMap<MessageId, Message> = HashMap::new();
    for (brand, ids) in by_brand {
        found.extend(messages::many(tx, brand, &ids).await?.into_iter().map(|m| (m.id, m)));
    }
    let fit = |m: &Message| {
        let words = !m.text.trim().is_empty() && m.deleted_at.is_none();
        m.direction == Direction::Inbound && m.ticket_id.is_some() && words && m.at >= oldest
    };
    Ok(order.iter().filter_map(|id| found.remove(id)).filter(fit).collect())
}

/// Thinks about each message, away from the threads that serve pages; also as a release on trial would.
async fn think(house: &House, tx: &mut Tx, asked: &[Message]) -> Result<(Vec<Decision>, Vec<trials::Thought>)> {
    if asked.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (mut minds, mut onlookers) = (HashMap::new(), HashMap::new());
    let mut networks = HashMap::new();
    for message in asked {
        if let Entry::Vacant(place) = minds.entry(message.brand_id) {
            place.insert(Mind::of(house, tx, message.brand_id).await?);
            if let Some(trial) = trial::of(house, tx, message.brand_id).await? {
                onlookers.insert(message.brand_id, trial);
            }
        }
        if let Entry::Vacant(place) = networks.entry(message.channel_id) {
            let channel = channels::get(tx, &Scope::house(message.brand_id), message.channel_id).await?;
            place.insert(channel.network);
        }
    }
    let mut posts = HashMap::new();
    for (brand, mind) in &minds {
        let threads = asked.iter().filter(|m| m.brand_id == *brand).map(|m| (m.thread_id, m.visibility));
        let tried = onlookers.get(brand).map(Onlooker::mind);
        let minds: Vec<&Mind> = std::iter::once(mind).chain(tried).collect();
        posts.extend(posts_above(tx, *brand, &minds, threads).await?);
    }
    let (house, asked) = (house.clone(), asked.to_vec());
    let thinking = tokio::task::spawn_blocking(move || {
        let one = |m: &Message| {
            let said = Said {
                text: quoting::said(m.kind, &m.text),
                network: &networks[&m.channel_id],
                visibility: m.visibility,
                language: None,
                post: posts.get(&m.thread_id).map(String::as_str),
            };
            let decision = minds[&m.brand_id].think(&house, said);
            let Some(trial) = onlookers.get(&m.brand_id) else { return (decision, None) };
            let (decision, tried) = trial.beside(&house, &minds[&m.brand_id], m, said, decision);
            (decision, Some(tried))
        };
        let (decided, tried): (Vec<_>, Vec<_>) = asked.iter().map(one).unzip();
        (decided, tried.into_iter().flatten().collect())
    });
    Ok(thinking.await.map_err(anyhow::Error::from)?)
}

/// Does what was decided about one message, as far as everything around it allows.
async fn consider(
    house: &House,
    tx: &mut Tx,
    message: &Message,
    id: TicketId,
    mut decision: Decision,
    more_came: bool,
) -> Result<()> {
    let mut ticket = tickets::take(tx, &Scope::house(message.brand_id), id).await?;
    let before = ticket.clone();
    // The bot said its last word here, and that people go on.
    let day = house.now().minus(Duration::from_hours(24));
    if ticket.bot == Bot::Active && talks::handed_over(tx, ticket.brand_id, ticket.id, day).await? {
        ticket.bot = Bot::HandoffRequested;
    }
    // What was about to be said answers an earlier question.
    let unsaid = retract(house, tx, &mut ticket, "overtaken").await?;
    judge::heard(house, tx, &ticket, message).await?;
    let mut reply = None;
    let heeded = talk::hear(house, tx, &mut ticket, message, &decision, (unsaid, more_came)).await?;
    let (came, in_talk) = match heeded {
        Heeded::Yes(came, now) => {
            decision = *now;
            (Some(came), true)
        }
        Heeded::No if more_came || ticket.merged_into.is_some() => {
            ((decision.decision == Verdict::Answer).then(|| Came::Held("more_came".into())), false)
        }
        Heeded::No if decision.decision == Verdict::Answer => {
            (Some(answer(house, tx, &mut ticket, message, &decision).await?), false)
        }
        Heeded::No => (which(house, tx, &mut ticket, message, &decision).await?, false),
    };
    match came {
        Some(Came::Said(message, said)) => {
            decision.decision = Verdict::Answer;
            reply = Some((message, said));
        }
        Some(Came::Calls) => decision.because = Some("asking".into()),
        Some(Came::HandedOver(why)) => {
            decision.decision = Verdict::Handoff;
            decision.because = Some(why);
        }
        Some(Came::Held(why)) if decision.decision == Verdict::Answer && !in_talk => {
            decision.decision = Verdict::Suggest;
            decision.because = Some(why);
        }
        Some(Came::Held(why)) if in_talk => decision.because = Some(why),
        _ => {}
    }
    if !in_talk {
        hand_over(house, tx, &mut ticket, message, &decision).await?;
    }
    let mut thought = thought(message, ticket.id, &decision, house.now());
    if let Some((reply, said)) = reply {
        (thought.reply_id, thought.said) = (Some(reply.id), Some(said));
        tell(
            house,
            tx,
            &ticket,
            message,
            &decision,
            json!({"did": "answered", "entry": decision.entry, "reply": reply.id}),
        );
    }
    thoughts::note(tx, &[thought]).await?;
    if changed(&before, &ticket) {
        tickets::save(tx, &[ticket]).await?;
    }
    Ok(())
}

/// Where the bot is not sure which of the entries open to it is meant, it asks: in private only, and
/// never of a person that people lead already. `None`: it does not.
async fn which(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    message: &Message,
    decision: &Decision,
) -> Result<Option<Came>> {
    let unsure = decision.because.as_deref() == Some("not_sure_enough");
    let in_private = message.visibility == Visibility::Private && ticket.bot == Bot::Active;
    if !unsure || !in_private || message.machine {
        return Ok(None);
    }
    let mut paths: Vec<String> = decision.entry.iter().chain(&decision.others).cloned().collect();
    let kept = library::all(tx, message.brand_id).await?;
    paths.retain(|p| kept.iter().any(|k| k.path == *p && k.private_mode == Mode::Auto));
    paths.truncate(MOST_CHOICES);
    if paths.is_empty() || paths.first() != decision.entry.as_ref() {
        return Ok(None);
    }
    let came = talk::choose(house, tx, ticket, message, decision, paths).await?;
    Ok(matches!(came, Came::Said(..)).then_some(came))
}

fn changed(before: &Ticket, after: &Ticket) -> bool {
    serde_json::json!([before.state, before.bot, before.stage, before.labels, before.team_id, before.last_message_at.0])
        != serde_json::json!([
            after.state,
            after.bot,
            after.stage,
            after.labels,
            after.team_id,
            after.last_message_at.0
        ])
}

/// A person is asked for: by the customer, or because the bot has missed too often after it spoke.
async fn hand_over(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    message: &Message,
    decision: &Decision,
) -> Result<()> {
    let missed = decision.decision != Verdict::Answer && missed_before(tx, ticket, message).await?;
    let mine = decision.decision == Verdict::Handoff && decision.because.as_deref() != Some("asks_for_a_person");
    if ticket.bot != Bot::Active || mine || !(decision.decision == Verdict::Handoff || missed) {
        return Ok(());
    }
    ticket.bot = Bot::HandoffRequested;
    let why = if decision.decision == Verdict::Handoff { "asks_for_a_person" } else { "missed" };
    tell(house, tx, ticket, message, decision, json!({"did": "handed_over", "why": why}));
    Ok(())
}

/// True when the bot has spoken in this ticket and has since missed all but one of the allowed times.
async fn missed_before(tx: &mut Tx, ticket: &Ticket, message: &Message) -> Result<bool> {
    let last = thoughts::of_ticket(tx, ticket.brand_id, ticket.id, 10).await?;
    let mut last = last.iter().filter(|t| t.message_id != message.id);
    let misses = last.by_ref().take_while(|t| t.reply_id.is_none()).count();
    let spoke = thoughts::answered(tx, ticket.brand_id, thoughts::Whose::Thread(ticket.thread_id), crate::base::At(0));
    Ok(misses + 1 >= MISSES && spoke.await? > 0)
}

fn tell(house: &House, tx: &mut Tx, ticket: &Ticket, message: &Message, decision: &Decision, data: serde_json::Value) {
    let by = decision.entry.clone().unwrap_or_else(|| "bot".to_owned());
    let event = Event::of(ticket.brand_id, EventKind::RuleActed, ticket.id, Actor::Rule(by));
    tx.emit(house.now(), event.message(message.id).trace(decision.trace.clone()).data(data));
}

/// What the bot would offer about a customer's message: an entry it did not send. `None` where it has
/// nothing to offer, or somebody said that it does not help.
///
/// # Errors
/// As the database reports.
pub async fn offer(tx: &mut Tx, brand: BrandId, message: MessageId) -> Result<Option<Thought>> {
    let thought = thoughts::of_message(tx, brand, message).await?;
    let offers =
        |t: &Thought| t.judged.is_none() && t.entry.is_some() && t.reply_id.is_none() && t.decision == Verdict::Suggest;
    Ok(thought.filter(offers))
}

/// An agent says that what the bot offered about the last message does not help: it is offered no
/// longer, and counts as a miss.
///
/// # Errors
/// [`crate::flow::Reason::NotAllowed`].
pub async fn not_useful(house: &House, scope: &Scope, ticket: TicketId) -> Result<()> {
    let mut tx = house.db.write().await?;
    let ticket = tickets::take(&mut tx, scope, ticket).await?;
    if !scope.may(ticket.brand_id, Power::Handle) {
        return Err(Reason::NotAllowed.into());
    }
    let Some(last) = messages::last_inbound(&mut tx, ticket.brand_id, ticket.id).await? else { return Ok(()) };
    if let Some(thought) = offer(&mut tx, ticket.brand_id, last.id).await? {
        judge::not_useful(house, &mut tx, &thought, scope.who()).await?;
        let thought = Thought { decision: Verdict::Silent, because: Some("not_useful".into()), ..thought };
        thoughts::note(&mut tx, &[thought]).await?;
    }
    Ok(tx.commit().await?)
}
