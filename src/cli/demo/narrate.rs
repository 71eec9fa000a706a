//! What happens, on the terminal.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::cli::say;
use crate::desk::event::EventKind;
use crate::desk::scope::Scope;
use crate::flow::House;
use crate::store::events::Past;
use crate::store::{brands, messages, tickets};

/// Says on the terminal what happens, a line each.
pub async fn narrate(
    house: House,
    mut news: tokio::sync::broadcast::Receiver<Arc<Past>>,
    since: i64,
    stop: CancellationToken,
) {
    loop {
        let event = tokio::select! {
            event = news.recv() => event,
            () = stop.cancelled() => return,
        };
        match event {
            // What was said before the beginning is on the screen, not here.
            Ok(event) if event.seq <= since => {}
            Ok(event) => match tell(&house, &event).await {
                Ok(Some(line)) => say(&format!("  {line}")),
                Ok(None) => {}
                Err(error) => {
                    tracing::debug!(name: "demo.untold", error = format!("{error:#}"), "an event was not told");
                }
            },
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
            Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
        }
    }
}

async fn tell(house: &House, e: &Past) -> anyhow::Result<Option<String>> {
    let Some(ticket) = e.ticket_id else { return Ok(None) };
    let scope = Scope::house(e.brand_id);
    let mut tx = house.db.read().await?;
    let number = tickets::get(&mut tx, &scope, ticket).await?.number;
    let brand = brands::get(&mut tx, e.brand_id).await?.name;
    let mut bot = false;
    let text = match e.message_id {
        Some(id) => {
            let mut m = messages::get(&mut tx, &scope, id).await?;
            // Messenger tells a message first and its author's name when it is asked.
            for _ in 0..3 {
                if m.author_name.is_empty() {
                    drop(tx);
                    tokio::time::sleep(Duration::from_millis(250)).await;
                    tx = house.db.read().await?;
                    m = messages::get(&mut tx, &scope, id).await?;
                }
            }
            bot = m.by_rule.is_some();
            let who = if bot { "the bot" } else { m.author_name.as_str() };
            format!("{}: “{}”", if who.is_empty() { "?" } else { who }, crate::base::text::excerpt(&m.text, 70))
        }
        None => String::new(),
    };
    let word = |key: &str| e.data[key].as_str().unwrap_or_default().to_owned();
    Ok(match e.kind {
        EventKind::MessageReceived => Some(format!("in   {brand} #{number}  {text}")),
        EventKind::Escalated => Some(format!("     {brand} #{number}  goes to {} ({})", word("team"), word("reason"))),
        EventKind::RuleActed if word("did") == "answered" => {
            Some(format!("     {brand} #{number}  the bot is sure: {} ({})", word("entry"), reason(e)))
        }
        EventKind::RuleActed if word("did") == "handed_over" => {
            Some(format!("     {brand} #{number}  the bot calls a person ({})", word("why")))
        }
        // The bot’s own was told with its reason.
        EventKind::ReplyQueued if bot => None,
        EventKind::ReplyQueued => Some(format!("     {brand} #{number}  answering, {text}")),
        EventKind::DeliveryChanged if word("delivery") == "sent" => {
            Some(format!("out  {brand} #{number}  sent, {text}"))
        }
        EventKind::DeliveryChanged if matches!(word("delivery").as_str(), "failed" | "blocked" | "expired") => {
            Some(format!("!!   {brand} #{number}  {} ({})", word("delivery"), word("reason")))
        }
        _ => None,
    })
}

/// The words an entry was recognised by, and how sure that is.
fn reason(e: &Past) -> String {
    let trace = e.trace.as_ref();
    let matched = trace.and_then(|t| t["matched"].as_array()).into_iter().flatten();
    let words: Vec<&str> = matched.filter_map(|m| m["text"].as_str()).collect();
    let score = trace.and_then(|t| t["score"].as_f64()).map(|s| format!(", {s}")).unwrap_or_default();
    format!("{}{score}", words.join(" · "))
}
