//! Asking connectors for the bot: claimed in one transaction, called in none, taken in by another. A call
//! that was claimed is never made again: when its caller is lost, people go on.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::answer::Came;
use super::talk;
use crate::base::id::MessageId;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::desk::talk::{State, Talk, Waits};
use crate::flow::connectors::{self, Question};
use crate::flow::{House, Result};
use crate::store::talks::{self, Row};
use crate::store::{brands, channels, contacts, messages, thoughts, tickets};

/// Longer than a call can take: a caller that has not come back by then is lost.
const LEASE: Duration = Duration::from_secs(60);
/// Calls made in one turn.
const MOST: i64 = 8;

/// Makes the calls that wait, gives up on customers who do not go on; how much there was to do.
///
/// # Errors
/// As the database reports; the next turn goes on.
pub async fn turn(house: &House) -> Result<usize> {
    let now = house.now();
    let mut tx = house.db.read().await?;
    if !talks::is_due(&mut tx, now).await? {
        return Ok(0);
    }
    drop(tx);
    let mut tx = house.db.write().await?;
    let silent = talks::give_up(&mut tx, now).await?;
    let lost = talks::lost(&mut tx, now).await?;
    let calls = talks::claim(&mut tx, now.plus(LEASE), MOST).await?;
    tx.commit().await?;
    let done = calls.len() + lost.len() + usize::try_from(silent).unwrap_or(0);
    for row in lost {
        take_in(house, row, Err("nobody knows whether it answered".into())).await?;
    }
    for row in calls {
        let told = call(house, &row).await?;
        take_in(house, row, told).await?;
    }
    house.bells.outbox.notify_one();
    Ok(done)
}

/// Asks, with no transaction open.
async fn call(house: &House, row: &Row) -> Result<std::result::Result<BTreeMap<String, String>, String>> {
    let Ok(stand) = serde_json::from_value::<Talk>(row.stand.clone()) else { return Ok(Err("changed".into())) };
    let Some(Waits::Connector(name)) = &stand.waits else { return Ok(Err("changed".into())) };
    let mut tx = house.db.read().await?;
    let scope = Scope::house(row.brand_id);
    let brand = brands::get(&mut tx, row.brand_id).await?;
    let channel = channels::get(&mut tx, &scope, row.channel_id).await?;
    let contact = contacts::get(&mut tx, &scope, row.contact_id).await?;
    drop(tx);
    let question = Question {
        brand: &brand.slug,
        connector: name,
        language: &stand.language,
        network: &channel.network,
        contact: &contact.name,
        slots: &stand.slots,
        key: format!("{}-{}", row.id, stand.step),
    };
    connectors::ask(house, row.brand_id, &question).await
}

/// Goes on with what was told, if the conversation still waits for it.
async fn take_in(house: &House, row: Row, told: std::result::Result<BTreeMap<String, String>, String>) -> Result<()> {
    let mut tx = house.db.write().await?;
    let now = talks::get(&mut tx, row.brand_id, row.id).await?;
    let Some(row) = now.filter(|r| r.state == State::Calling) else { return Ok(()) };
    let scope = Scope::house(row.brand_id);
    let mut ticket = tickets::take(&mut tx, &scope, row.ticket_id).await?;
    let asked = messages::get(&mut tx, &scope, row.message_id).await?;
    let (came, mut decision) = talk::told(house, &mut tx, &mut ticket, &asked, row, told).await?;
    let before = thoughts::of_message(&mut tx, asked.brand_id, asked.id).await?;
    let mut reply: Option<(MessageId, String)> = None;
    match came {
        Came::Said(message, said) => reply = Some((message.id, said)),
        Came::HandedOver(why) | Came::Held(why) => {
            decision.decision = crate::desk::bot::Verdict::Handoff;
            decision.because = Some(why);
        }
        Came::Calls => decision.because = Some("asking".into()),
    }
    // What was found in the message itself stays beside what was told.
    if let Some(before) = before {
        let first: crate::desk::trace::Trace = serde_json::from_value(before.trace).unwrap_or_default();
        decision.trace.matched.splice(0..0, first.matched);
        (decision.trace.score, decision.trace.threshold) = (first.score, first.threshold);
        decision.trace.runner_up = first.runner_up;
    }
    let mut thought = super::answer::thought(&asked, ticket.id, &decision, house.now());
    if let Some((reply, said)) = reply {
        messages::set_trace(&mut tx, asked.brand_id, reply, &decision.trace).await?;
        (thought.reply_id, thought.said) = (Some(reply), Some(said));
        let by = Actor::Rule(decision.entry.clone().unwrap_or_else(|| "bot".into()));
        let event = Event::of(ticket.brand_id, EventKind::RuleActed, ticket.id, by).message(asked.id);
        let data = json!({"did": "answered", "entry": decision.entry, "reply": reply});
        tx.emit(house.now(), event.trace(decision.trace.clone()).data(data));
    }
    thoughts::note(&mut tx, &[thought]).await?;
    tickets::save(&mut tx, &[ticket]).await?;
    tx.commit().await?;
    Ok(())
}
