//! Writing an automatic answer down, or saying why not; and taking answers back that have not left.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::opened;
use crate::base::At;
use crate::base::id::{BrandId, TicketId};
use crate::base::locale::{Lang, t};
use crate::base::sign::fingerprint;
use crate::base::text::fold;
use crate::desk::bot::Decision;
use crate::desk::brakes::{Around, Brake};
use crate::desk::canned::{Act, Entry, Library, Mode};
use crate::desk::channel::Channel;
use crate::desk::delivery::Delivery;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::desk::ticket::{Bot, Ticket};
use crate::desk::triage::file::Step;
use crate::desk::triage::rules;
use crate::desk::{personal, quoting, talk};
use crate::flow::reply::{self, By, Way};
use crate::flow::studio::trial;
use crate::flow::{Error, House, Result, triage};
use crate::networks::Network;
use crate::store::messages::{self, Message};
use crate::store::outbox::{self, Row};
use crate::store::thoughts::{self, Thought, Whose};
use crate::store::threads::{self, Thread};
use crate::store::{Tx, brands, channels, contacts, drafts, tickets};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// What an automatic answer came to.
pub(super) enum Came {
    /// It is written down: this message, and a fingerprint of its words.
    Said(Box<Message>, String),
    /// Nothing is said yet: a connector is asked first.
    Calls,
    /// Nothing is said, and people go on, for this reason.
    HandedOver(String),
    /// It is not said, for this reason in one word.
    Held(String),
}

/// What is needed to speak in a ticket with an entry.
pub(super) struct Ready {
    pub(super) library: Arc<Library>,
    pub(super) path: String,
    thread: Thread,
    channel: Channel,
    network: &'static dyn Network,
    pub(super) visibility: Visibility,
    pub(super) language: String,
}

impl Ready {
    /// The entry; it was there when this was made.
    pub(super) fn entry(&self) -> Option<&Entry> {
        self.library.get(&self.path)
    }

    pub(super) fn network(&self) -> &str {
        &self.channel.network
    }
}

/// What is to be said, and within which conversation.
pub(super) struct Words {
    pub(super) text: String,
    /// Words to choose from.
    pub(super) choices: Vec<String>,
    /// What the bot has said in the conversation before; none for an answer at once.
    pub(super) turns: i64,
    /// True when it begins a conversation.
    pub(super) begins: bool,
    /// True when the same is asked once more.
    pub(super) again: bool,
}

/// Answers a message with the entry that was decided for, if everything still allows it.
pub(super) async fn answer(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    decision: &Decision,
) -> Result<Came> {
    let Some(path) = decision.entry.as_deref() else { return Ok(Came::Held("unsure".into())) };
    let language = decision.language.unwrap_or("fr");
    let ready = match ready(house, tx, ticket, asked, (path, language, None)).await? {
        Ok(ready) => ready,
        Err(why) => return Ok(Came::Held(why)),
    };
    let Some(entry) = ready.entry() else { return Ok(Came::Held("gone".into())) };
    let turn = talk::begin(entry, language, ready.visibility, quoting::said(asked.kind, &asked.text));
    super::talk::take(house, tx, ticket, asked, decision, &ready, (turn, None)).await
}

/// Looks whether the bot may speak with an entry in a ticket at all; else the reason, in one word.
/// `visibility` is where the conversation is, when one goes on.
pub(super) async fn ready(
    house: &House,
    tx: &mut Tx,
    ticket: &Ticket,
    asked: &Message,
    (path, language, visibility): (&str, &str, Option<Visibility>),
) -> Result<std::result::Result<Ready, String>> {
    let held = |why: &str| Ok(Err(why.to_owned()));
    let (brand, now) = (ticket.brand_id, house.now());
    let brand_row = brands::get(tx, brand).await?;
    if brand_row.bot_stopped_at.is_some() || house.bot_is_barred() {
        return held("stopped");
    }
    let (library, kept) = trial::spoken(house, tx, (brand, ticket.thread_id), path).await?;
    let (Some(entry), Some(kept)) = (library.get(path), kept) else {
        return held("gone");
    };
    let thread = threads::get(tx, brand, ticket.thread_id).await?;
    let channel = channels::get(tx, &Scope::house(brand), ticket.channel_id).await?;
    let Some(network) = house.network(&channel.network) else { return held("not-on-this-network") };
    let limits = network.limits_for(asked.kind);
    let (mode, opened_to) = opened(&kept, asked.visibility, limits.private_reply.is_some());
    if mode != Mode::Auto {
        return held("not_opened");
    }
    if entry.version != fingerprint(&[&kept.source])[..8] {
        return held("changed");
    }
    if is_past_review(entry, now) {
        return held("review_due");
    }
    let visibility = visibility.unwrap_or(opened_to);
    if !entry.speaks(visibility) {
        return held("no_text");
    }
    let (path, language) = (path.to_owned(), language.to_owned());
    Ok(Ok(Ready { library, path, thread, channel, network, visibility, language }))
}

/// Says something, if no brake holds and the network takes it.
pub(super) async fn speak(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    decision: &Decision,
    ready: &Ready,
    words: Words,
) -> Result<Came> {
    let (brand, visibility) = (ticket.brand_id, ready.visibility);
    let said = fingerprint(&[&plain(&words.text)]);
    let mut around = around(house, tx, ticket, asked, &ready.path, &said, ready.channel.usage.unwrap_or(0)).await?;
    around.talk_turns = words.turns;
    if words.begins {
        let day = house.now().minus(DAY);
        around.talks_day = crate::store::talks::begun(tx, brand, ticket.thread_id, day).await?;
    }
    // What is asked once more within its conversation, which has few turns, is asked in the same words.
    if words.again {
        around.same_answer = 0;
    }
    if let Some(brake) = around.brakes().into_iter().find(|b| house.tuning.brakes.contains(b)) {
        if brake == Brake::Breaker {
            super::switch::set(house, tx, brand, true, Actor::House).await?;
        }
        return Ok(Came::Held(brake.to_string()));
    }
    let first = thoughts::answered(tx, brand, Whose::Whole(ticket.thread_id), At(0)).await? == 0;
    let text = if first { format!("{}\n\n{}", words.text, says_so(&ready.language, visibility)) } else { words.text };
    let limits = ready.network.limits_for(asked.kind);
    let way = match reply::way(tx, ticket, &ready.thread, &limits, visibility, Some(asked.id), house.now()).await {
        Ok(way) => way,
        Err(Error::Refused(reason, _)) => return Ok(Came::Held(reason.to_string())),
        Err(other) => return Err(other),
    };
    let most = ready.network.most_unanswered();
    if let Err(Error::Refused(reason, _)) = reply::let_speak(tx, ticket, most, way.action).await {
        return Ok(Came::Held(reason.to_string()));
    }
    if let Err(Error::Refused(reason, _)) = reply::check(&way, &text) {
        return Ok(Came::Held(reason.to_string()));
    }
    if visibility == Visibility::Public && !personal::find(&reply::without_facts(tx, brand, &text).await?).is_empty() {
        return Ok(Came::Held("personal_data".into()));
    }
    let place = (&ready.thread, &ready.channel, &way);
    let message = write(house, tx, ticket, place, (&ready.path, text, visibility, &words.choices), decision).await?;
    Ok(Came::Said(Box::new(message), said))
}

/// Does what an entry says besides its words.
pub(super) async fn act(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    asked: &Message,
    decision: &Decision,
    (entry, acts): (&Entry, &[Act]),
) -> Result<()> {
    let teams = house.teams(tx, ticket.brand_id).await?;
    for act in acts {
        let step = match act {
            Act::Label(label) => Step::Label(label.clone()),
            Act::Stage(stage) => Step::Stage(*stage),
            Act::Assign(team) | Act::Handoff(team) => Step::Assign(team.clone()),
            Act::Reply(_) => continue,
        };
        let act = rules::Act { step, trace: decision.trace.clone(), title: entry.head.title.clone() };
        if let Some(event) = triage::apply(ticket, &act, &teams) {
            tx.emit(house.now(), event.message(asked.id));
        }
    }
    Ok(())
}

/// Message, outbox row and events of an answer that is allowed.
async fn write(
    house: &House,
    tx: &mut Tx,
    ticket: &mut Ticket,
    (thread, channel, way): (&Thread, &Channel, &Way),
    (path, text, visibility, choices): (&str, String, Visibility, &[String]),
    decision: &Decision,
) -> Result<Message> {
    let (brand, now) = (ticket.brand_id, house.now());
    let by = By { agent: None, rule: Some(path.to_owned()), name: String::new() };
    let mut message = reply::written(house, ticket, by, text, visibility, now);
    message.trace = serde_json::to_value(&decision.trace).ok();
    message.language = decision.language.map(str::to_owned);
    let hold =
        if visibility == Visibility::Public { house.tuning.hold_bot_public } else { house.tuning.hold_bot_private };
    let mut row = reply::row(house, ticket, thread, channel, way, &message, hold);
    row.choices = (!choices.is_empty()).then(|| json!(choices));
    message.delivery = Some(row.state);
    message.parent_external_id = way.target.as_ref().and_then(|t| t.external_id.clone());
    messages::add(tx, vec![message.clone()]).await?;
    outbox::add(tx, &row).await?;
    ticket.answered(now);
    let event = Event::of(brand, EventKind::ReplyQueued, ticket.id, Actor::Rule(path.to_owned()));
    tx.emit(now, event.message(message.id).data(json!({"action": row.action, "delivery": row.state})));
    Ok(message)
}

/// The first automatic answer of a thread says that it is one, and how to reach a person.
fn says_so(language: &str, visibility: Visibility) -> String {
    let lang = language.parse().unwrap_or(Lang::En);
    t(lang, if visibility == Visibility::Public { "bot-says-so-public" } else { "bot-says-so" }, &[])
}

/// True when the day has come on which somebody wanted to read the entry again.
fn is_past_review(entry: &Entry, now: At) -> bool {
    let date = entry.head.review_by.as_ref().and_then(|d| d.date);
    date.is_some_and(|d| now.to_string().as_str() >= format!("{:04}-{:02}-{:02}", d.year, d.month, d.day).as_str())
}

/// A text by its words only, for telling that two say the same.
fn plain(text: &str) -> String {
    let folded = fold(text).text;
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What the brakes look at.
async fn around(
    house: &House,
    tx: &mut Tx,
    ticket: &Ticket,
    asked: &Message,
    entry: &str,
    said: &str,
    channel_usage: i64,
) -> Result<Around> {
    let (brand, now) = (ticket.brand_id, house.now());
    let (hour, day) = (now.minus(HOUR), now.minus(DAY));
    let before = messages::of_ticket(tx, brand, ticket.id).await?;
    let recent = || before.iter().filter(|m| m.at > day && m.id != asked.id);
    let people = |m: &&Message| m.direction == crate::desk::message::Direction::Outbound && m.by_rule.is_none();
    let last_person = recent().filter(people).map(|m| m.at).max().unwrap_or(day);
    let theirs = plain(&asked.text);
    let same = |m: &&Message| m.direction == crate::desk::message::Direction::Inbound && plain(&m.text) == theirs;
    let contact = ticket.contact_id;
    let mut around = Around {
        our_account: contacts::is_ours(tx, brand, contact).await?,
        our_words: thoughts::answered(tx, brand, Whose::Words(&fingerprint(&[&theirs])), day).await? > 0,
        machine: asked.machine,
        chain: thoughts::answered(tx, brand, Whose::Thread(ticket.thread_id), last_person).await?,
        contact_ten_minutes: thoughts::answered(
            tx,
            brand,
            Whose::Contact(contact, ticket.channel_id),
            now.minus(Duration::from_mins(10)),
        )
        .await?,
        contact_entry_day: thoughts::answered(tx, brand, Whose::ContactEntry(contact, entry), day).await?,
        thread_hour: thoughts::answered(tx, brand, Whose::Thread(ticket.thread_id), hour).await?,
        thread_day: thoughts::answered(tx, brand, Whose::Thread(ticket.thread_id), day).await?,
        entry_hour: thoughts::answered(tx, brand, Whose::Entry(entry), hour).await?,
        brand_hour: thoughts::answered(tx, brand, Whose::Brand, hour).await?,
        brand_week: 0,
        lively: house.tuning.lively,
        channel_usage,
        talks_day: 0,
        talk_turns: 0,
        same_answer: thoughts::answered(tx, brand, Whose::ContactWords(contact, said), day).await?,
        same_question: i64::try_from(recent().filter(same).count()).unwrap_or(0),
        person: ticket.bot != Bot::Active
            || ticket.assignee_id.is_some()
            || recent().any(|m| people(&m))
            || drafts::being_written(tx, brand, ticket.id, now.minus(Duration::from_mins(5))).await?,
    };
    if around.brand_hour > 50 * around.lively.max(1) {
        around.brand_week = thoughts::answered(tx, brand, Whose::Brand, now.minus(DAY * 7)).await?;
    }
    Ok(around)
}

/// Takes back what the bot was about to say in one ticket, for this reason; true when there was
/// something. The ticket is ours to act again, and is the caller's to save.
pub async fn retract(house: &House, tx: &mut Tx, ticket: &mut Ticket, because: &'static str) -> Result<bool> {
    let rows = outbox::cancel_bot_of(tx, ticket.brand_id, ticket.id, because).await?;
    unsay(house, tx, &rows, because).await?;
    if !rows.is_empty() {
        ticket.reopen_unsent();
    }
    Ok(!rows.is_empty())
}

/// The same for rows that are cancelled already, because the bot was stopped; their tickets are saved.
pub async fn stopped(house: &House, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    unsay(house, tx, rows, "bot_stopped").await?;
    for row in rows {
        let Some(id) = row.ticket_id else { continue };
        let mut ticket = tickets::take(tx, &Scope::house(row.brand_id), id).await?;
        ticket.reopen_unsent();
        tickets::save(tx, &[ticket]).await?;
    }
    Ok(())
}

/// Answers that will not leave after all: their messages say so, and they count no longer.
async fn unsay(house: &House, tx: &mut Tx, rows: &[Row], because: &str) -> Result<()> {
    let now = house.now();
    for row in rows {
        messages::set_delivery(tx, row.brand_id, row.message_id, Delivery::Cancelled, Some(because), None, None)
            .await?;
        thoughts::took_back(tx, row.brand_id, row.message_id, because).await?;
        let Some(id) = row.ticket_id else { continue };
        let event = Event::of(row.brand_id, EventKind::DeliveryChanged, id, Actor::House).message(row.message_id);
        tx.emit(now, event.data(json!({"delivery": Delivery::Cancelled, "reason": because, "action": row.action})));
    }
    Ok(())
}

/// Somebody has begun to write to the customer: what the bot was about to say waits for nobody.
pub async fn yield_to(house: &House, tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<()> {
    // Asked at every pause in the writing: the ticket is taken in hand only when there is something.
    if !outbox::bot_waits_in(tx, brand, ticket).await? {
        return Ok(());
    }
    let mut ticket = tickets::take(tx, &Scope::house(brand), ticket).await?;
    if retract(house, tx, &mut ticket, "person").await? {
        let event = Event::of(brand, EventKind::RuleActed, ticket.id, Actor::House);
        tx.emit(house.now(), event.data(json!({"did": "yielded"})));
        tickets::save(tx, &[ticket]).await?;
    }
    Ok(())
}

/// A thought about a message, without an answer.
pub(super) fn thought(asked: &Message, ticket: TicketId, decision: &Decision, now: At) -> Thought {
    Thought {
        message_id: asked.id,
        brand_id: asked.brand_id,
        ticket_id: ticket,
        thread_id: asked.thread_id,
        channel_id: asked.channel_id,
        contact_id: asked.contact_id,
        decision: decision.decision,
        entry: decision.entry.clone(),
        because: decision.because.clone(),
        trace: serde_json::to_value(&decision.trace).unwrap_or_default(),
        others: decision.others.clone().into(),
        reply_id: None,
        said: None,
        at: now,
        language: decision.language.map(str::to_owned),
        visibility: decision.visibility,
        score: decision.score.map(i64::from),
        judged: None,
    }
}
