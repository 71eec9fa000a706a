//! The lines of a conversation that a tab has not seen as they are now.

use std::collections::BTreeMap;

use serde::Serialize;

use super::entries::Entry;
use super::{Conversation, read};
use crate::base::locale::t;
use crate::desk::ticket::Ticket;
use crate::live::heard::Changed;
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::inbox::asked::Asked;
use crate::web::inbox::matter::Matter;

/// Where the lines told belong, and what to say of them.
#[derive(Debug, Default, Serialize)]
pub struct Places {
    /// Of each line told: the line before it.
    after: BTreeMap<String, String>,
    /// State, deadline and team above the conversation, rendered.
    head: String,
    /// The ticket's last event among them.
    seen: i64,
    /// The words for somebody who hears the page: who wrote last.
    say: Option<String>,
}

/// Renders what changed in a ticket's conversation: the lines, and where they belong.
///
/// # Errors
/// As the database reports.
pub async fn told(desk: &mut Desk, ticket: &Ticket, asked: &Asked, changed: &[&Changed]) -> Result<(String, Places)> {
    let (hand, tx) = desk.parts();
    let matter = Matter::of(tx, &hand.known.scope, ticket).await?;
    let mut conversation = read(desk, ticket, asked, matter).await?;
    let wanted = |entry: &Entry| {
        changed.iter().any(|c| {
            c.whole
                || c.messages.iter().any(|m| entry.anchor() == format!("m-{m}"))
                || c.lines.iter().any(|seq| entry.anchor() == format!("e-{seq}"))
        })
    };
    let all = std::mem::take(&mut conversation.entries);
    // A line across belongs to what follows it.
    let mut keep: Vec<bool> = all.iter().map(&wanted).collect();
    for i in (0..all.len().saturating_sub(1)).rev() {
        keep[i] |= matches!(all[i], Entry::Across { .. }) && keep[i + 1];
    }
    let mut places = Places { seen: conversation.seen, ..Places::default() };
    let mut before = String::new();
    for (entry, keep) in all.into_iter().zip(keep) {
        let anchor = entry.anchor();
        if keep {
            places.after.insert(anchor.clone(), before);
            if let Entry::Message(line) = &entry {
                places.say = (!line.out).then(|| t(desk.lang, "say-message", &[("name", line.by.clone().into())]));
            }
            conversation.entries.push(entry);
        }
        before = anchor;
    }
    let templates = &desk.web.templates;
    places.head = templates.part(desk.lang, "inbox/head.html", &conversation)?;
    let lines = templates.part::<Conversation>(desk.lang, "inbox/entries.html", &conversation)?;
    Ok((lines, places))
}
