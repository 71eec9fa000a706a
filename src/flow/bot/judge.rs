//! What people do with what the bot offered or said is written down as evidence, in the transaction of
//! what they do: a reply, a reply taken back, a word of the customer, a button.

use std::time::Duration;

use super::brake;
use crate::base::id::{AgentId, MessageId};
use crate::desk::agent::Power;
use crate::desk::bot::Verdict;
use crate::desk::calibration::feedback::says_no;
use crate::desk::calibration::judged::{Did, judge};
use crate::desk::calibration::{Judged, Judgment};
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::desk::ticket::Ticket;
use crate::flow::library::LANGUAGES;
use crate::flow::{House, Reason, Result, facts};
use crate::store::Tx;
use crate::store::judgments::{self, Judge};
use crate::store::messages::{self, Message};
use crate::store::thoughts::{self, Thought};

/// An automatic answer that nobody said anything against for so long has stood.
pub const QUIET: Duration = Duration::from_hours(24);

/// A person answers a message: their words tell what they made of the bot's offer. Called before what
/// the bot was about to say is taken back.
///
/// # Errors
/// As the database reports.
pub async fn replied(
    house: &House,
    tx: &mut Tx,
    scope: &Scope,
    ticket: &Ticket,
    asked: Option<&Message>,
    (sent, visibility): (&str, Visibility),
) -> Result<()> {
    let Some(asked) = asked else { return Ok(()) };
    let Some(thought) = thoughts::of_message(tx, ticket.brand_id, asked.id).await? else { return Ok(()) };
    if thought.judged.is_some() {
        return Ok(());
    }
    let now = house.now();
    let said = thought.reply_id.is_some();
    if said && now.since(thought.at) > QUIET {
        // It has stood; what is written later is about something else.
        return Ok(());
    }
    let did = match &thought.entry {
        Some(entry) if said => Did::Said(entry),
        Some(entry) if matches!(thought.decision, Verdict::Answer | Verdict::Suggest) => Did::Offered(entry),
        _ => Did::Nothing,
    };
    let texts = texts(house, tx, scope, ticket, visibility).await?;
    let judgment = judge(did, sent, &texts);
    let took = i64::try_from(now.since(asked.at).as_micros()).ok();
    write(house, tx, &thought, &judgment, Judge { agent: scope.who(), at: now, took }).await
}

/// True when an automatic answer is no longer held back.
async fn has_left(tx: &mut Tx, thought: &Thought) -> Result<bool> {
    use crate::desk::delivery::Delivery;
    let Some(reply) = thought.reply_id else { return Ok(false) };
    let reply = messages::many(tx, thought.brand_id, &[reply]).await?.pop();
    Ok(reply.is_some_and(|r| !matches!(r.delivery, Some(Delivery::Held | Delivery::Cancelled))))
}

/// Every text of the library as it would stand in the composer of a ticket, in each language.
async fn texts(
    house: &House,
    tx: &mut Tx,
    scope: &Scope,
    ticket: &Ticket,
    visibility: Visibility,
) -> Result<Vec<(String, String)>> {
    let library = house.library(tx, ticket.brand_id).await?;
    if library.entries().next().is_none() {
        return Ok(Vec::new());
    }
    let values = facts::values(tx, scope, ticket.id).await?;
    let mut texts = Vec::new();
    for entry in library.entries() {
        for language in LANGUAGES {
            let place = (language, ticket.network.as_str(), visibility);
            let choice = library.choose(entry, None, place, &values);
            texts.extend(choice.map(|c| (entry.path(), c.filled.text())));
        }
    }
    Ok(texts)
}

/// A person takes an automatic answer back before it has left. Called while the answer still counts.
///
/// # Errors
/// As the database reports.
pub async fn taken_back(house: &House, tx: &mut Tx, reply: &Message, agent: AgentId) -> Result<()> {
    let Some(asked) = judgments::asked_by(tx, reply.brand_id, reply.id).await? else { return Ok(()) };
    let Some(thought) = thoughts::of_message(tx, reply.brand_id, asked).await? else { return Ok(()) };
    let judge = Judge { agent: Some(agent), at: house.now(), took: None };
    write(house, tx, &thought, &Judgment::of(Judged::Corrected), judge).await
}

/// A customer writes in a ticket where the bot had answered: a no is a correction.
///
/// # Errors
/// As the database reports.
pub async fn heard(house: &House, tx: &mut Tx, ticket: &Ticket, message: &Message) -> Result<()> {
    // Cheapest first: most words say no such thing.
    if !says_no(&message.text, false) {
        return Ok(());
    }
    let (brand, now) = (ticket.brand_id, house.now());
    let Some(asked) = judgments::unjudged(tx, brand, ticket.id, now.minus(QUIET)).await? else { return Ok(()) };
    let Some(thought) = thoughts::of_message(tx, brand, asked).await? else { return Ok(()) };
    let reply = match thought.reply_id {
        Some(reply) if thought.message_id != message.id => messages::many(tx, brand, &[reply]).await?.pop(),
        _ => None,
    };
    // Only of what they have read.
    let Some(reply) = reply.filter(|r| r.at < message.at) else { return Ok(()) };
    let question = |t: &str| t.split("\n\n").next().is_some_and(|words| words.contains('?'));
    if has_left(tx, &thought).await? && says_no(&message.text, question(&reply.text)) {
        let judge = Judge { agent: None, at: now, took: None };
        write(house, tx, &thought, &Judgment::of(Judged::Corrected), judge).await?;
    }
    Ok(())
}

/// A person says of a message, or of the bot's answer to it, that the bot was right or wrong: this
/// takes the place of what was counted before.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`crate::store::Error::NotFound`] where the bot had no entry.
pub async fn by_hand(house: &House, scope: &Scope, message: MessageId, right: bool) -> Result<Thought> {
    let mut tx = house.db.write().await?;
    let message = messages::get(&mut tx, scope, message).await?;
    let agent = scope.who().filter(|_| scope.may(message.brand_id, Power::Handle)).ok_or(Reason::NotAllowed)?;
    let asked = judgments::asked_by(&mut tx, message.brand_id, message.id).await?.unwrap_or(message.id);
    let thought = thoughts::of_message(&mut tx, message.brand_id, asked).await?;
    let thought = thought.filter(|t| t.entry.is_some()).ok_or(crate::store::Error::NotFound)?;
    let judged = if right { Judged::Right } else { Judged::Wrong };
    let judge = Judge { agent: Some(agent), at: house.now(), took: None };
    write(house, &mut tx, &thought, &Judgment::of(judged), judge).await?;
    tx.commit().await?;
    Ok(Thought { judged: Some(judged), ..thought })
}

/// An agent says that an offer does not help.
///
/// # Errors
/// As the database reports.
pub async fn not_useful(house: &House, tx: &mut Tx, thought: &Thought, agent: Option<AgentId>) -> Result<()> {
    let judge = Judge { agent, at: house.now(), took: None };
    write(house, tx, thought, &Judgment::of(Judged::NotUseful), judge).await
}

/// Writes a judgment down; a correction of something the bot had said makes the brake look.
async fn write(house: &House, tx: &mut Tx, thought: &Thought, judgment: &Judgment, judge: Judge) -> Result<()> {
    judgments::judge(tx, thought, judgment, judge).await?;
    let automatic = thought.decision == Verdict::Answer && thought.reply_id.is_some();
    if let (true, Some(false), Some(entry), Some(visibility)) =
        (automatic, judgment.judged.is_right(), &thought.entry, thought.visibility)
    {
        brake::look(house, tx, thought.brand_id, entry, visibility).await?;
    }
    Ok(())
}
