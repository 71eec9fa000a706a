//! What programs see of tickets, messages and contacts: written out by hand, so that a new column
//! never shows by itself.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::base::At;
use crate::base::id::{BrandId, PostId, ThreadId};
use crate::desk::scope::Scope;
use crate::store::contacts::{self};
use crate::store::messages::Message as Row;
use crate::store::select::Listed;
use crate::store::{Result, Tx, agents, brands, channels, posts, select, teams, threads};

/// A ticket: one contact in one thread.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// Its number within the brand.
    pub number: i64,
    /// The brand's slug.
    pub brand: String,
    /// The channel it came by.
    pub channel: Named,
    /// The network's slug.
    pub network: String,
    /// `new`, `open`, `waiting`, `snoozed` or `resolved`.
    pub state: String,
    /// `active`, `handoff_requested` or `human`.
    pub bot: String,
    /// `awareness`, `consideration`, `hot_prospect`, `customer` or `advocate`.
    pub stage: String,
    /// Why: the trace of the rule that set it; null when nothing or a person did.
    pub stage_evidence: Value,
    /// The team's slug.
    pub team: Option<String>,
    /// Who has it.
    pub assignee: Option<Named>,
    /// `low`, `normal`, `high` or `urgent`.
    pub priority: String,
    /// From −1 to 1.
    pub sentiment: Option<f64>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// Sorted.
    pub labels: Vec<String>,
    /// With whom.
    pub contact: Named,
    /// Where the exchange takes place.
    pub thread: Thread,
    /// The publication it stands under.
    pub post: Option<Post>,
    /// `comment`, `dm`, `mention` …
    pub kind: String,
    /// `public` or `private`.
    pub visibility: String,
    /// Last message either way.
    pub last_message_at: String,
    /// Since when the customer waits for us.
    pub waiting_since: Option<String>,
    /// By when we mean to answer, and whether that is past.
    pub sla: Option<Sla>,
    /// Until when it is put aside.
    pub snoozed_until: Option<String>,
    /// The public ticket whose private sequel it is.
    pub continues: Option<String>,
    /// When it was opened.
    pub created_at: String,
    /// With `GET /tickets/{id}`: its messages, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Message>>,
}

/// Something with an id and a name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Where an exchange takes place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Thread {
    /// Its id.
    pub id: String,
    /// The network's key of it.
    pub external_key: String,
}

/// A publication.
#[derive(Debug, Serialize, ToSchema)]
pub struct Post {
    /// Its id.
    pub id: String,
    /// The network's id of it.
    pub external_id: String,
    /// Its words.
    pub text: Option<String>,
    /// Where it can be seen.
    pub permalink: Option<String>,
    /// True when it is ours; null while unknown.
    pub own: Option<bool>,
}

/// By when we mean to answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sla {
    /// The moment.
    pub due_at: String,
    /// True when it is past.
    pub late: bool,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Its ticket's id.
    pub ticket: Option<String>,
    /// `inbound` or `outbound`.
    pub direction: String,
    /// `comment`, `dm` …
    pub kind: String,
    /// `public`, `private` or `internal`.
    pub visibility: String,
    /// Who wrote.
    pub author: Author,
    /// The words.
    pub text: String,
    /// `[{kind, url?, title?}]`.
    pub attachments: Value,
    /// The network's id of it.
    pub external_id: Option<String>,
    /// The network's id of what it answers.
    pub parent_external_id: Option<String>,
    /// The network's id of the publication.
    pub post_external_id: Option<String>,
    /// When it was written.
    pub at: String,
    /// When it was last changed there.
    pub edited_at: Option<String>,
    /// Since when it is gone there.
    pub deleted_at: Option<String>,
    /// Since when it is hidden there.
    pub hidden_at: Option<String>,
    /// `[{by, reaction}]`.
    pub reactions: Value,
    /// A review's verdict.
    pub rating: Option<String>,
    /// Where our reply stands; null for what came in.
    pub delivery: Option<Delivery>,
    /// Why it was written, where a rule wrote it.
    pub trace: Option<Value>,
}

/// Who wrote.
#[derive(Debug, Serialize, ToSchema)]
pub struct Author {
    /// A customer's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// A colleague's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The bot's entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<String>,
    /// The name shown.
    pub name: String,
    /// The handle shown.
    pub handle: Option<String>,
}

/// Where a reply stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// `held`, `queued`, `sending`, `sent`, `delivered`, `read`, `blocked`, `retry_wait`, `unknown`,
    /// `needs_decision`, `failed`, `expired` or `cancelled`.
    pub state: String,
    /// Why, in one word.
    pub reason: Option<String>,
    /// The network's words.
    pub detail: Option<String>,
}

fn time(at: At) -> String {
    at.to_string()
}

impl From<Row> for Message {
    fn from(m: Row) -> Message {
        Message {
            id: m.id.to_string(),
            ticket: m.ticket_id.map(|t| t.to_string()),
            direction: m.direction.to_string(),
            kind: m.kind.to_string(),
            visibility: m.visibility.to_string(),
            author: Author {
                contact: m.contact_id.map(|c| c.to_string()),
                agent: m.agent_id.map(|a| a.to_string()),
                bot: m.by_rule,
                name: m.author_name,
                handle: m.author_handle,
            },
            text: m.text,
            attachments: m.attachments,
            external_id: m.external_id,
            parent_external_id: m.parent_external_id,
            post_external_id: m.post_external_id,
            at: time(m.at),
            edited_at: m.edited_at.map(time),
            deleted_at: m.deleted_at.map(time),
            hidden_at: m.hidden_at.map(time),
            reactions: m.reactions,
            rating: m.rating,
            delivery: m.delivery.map(|d| Delivery {
                state: d.to_string(),
                reason: m.delivery_reason,
                detail: m.delivery_why,
            }),
            trace: m.trace,
        }
    }
}

/// Tickets as programs see them, in the order given.
///
/// # Errors
/// As the database reports.
pub async fn tickets(tx: &mut Tx, scope: &Scope, brand: BrandId, listed: Vec<Listed>, now: At) -> Result<Vec<Ticket>> {
    let slug = brands::get(tx, brand).await?.slug;
    let channels: HashMap<_, _> = channels::of_brand(tx, brand).await?.into_iter().map(|c| (c.id, c.name)).collect();
    let teams: HashMap<_, _> = teams::all(tx, brand).await?.into_iter().map(|t| (t.id, t.slug)).collect();
    let people: HashMap<_, _> = agents::colleagues(tx, brand).await?.into_iter().map(|a| (a.id, a.name)).collect();
    let ids: Vec<ThreadId> = listed.iter().map(|l| l.ticket.thread_id).collect();
    let threads: HashMap<_, _> = threads::many(tx, brand, &ids).await?.into_iter().map(|t| (t.id, t)).collect();
    let ids: Vec<PostId> = threads.values().filter_map(|t| t.post_id).collect();
    let posts: HashMap<_, _> = posts::many(tx, brand, &ids).await?.into_iter().map(|p| (p.id, p)).collect();
    let mut out = Vec::with_capacity(listed.len());
    for l in listed.into_iter().filter(|l| scope.admits(l.ticket.brand_id)) {
        let t = l.ticket;
        let thread = threads.get(&t.thread_id).cloned().ok_or(crate::store::Error::NotFound)?;
        let post = thread.post_id.and_then(|id| posts.get(&id).cloned());
        out.push(Ticket {
            id: t.id.to_string(),
            number: t.number,
            brand: slug.clone(),
            channel: Named {
                id: t.channel_id.to_string(),
                name: channels.get(&t.channel_id).cloned().unwrap_or_default(),
            },
            network: t.network.clone(),
            state: t.state.to_string(),
            bot: t.bot.to_string(),
            stage: t.stage.to_string(),
            stage_evidence: if t.stage_held { Value::Null } else { t.stage_evidence.clone() },
            team: t.team_id.and_then(|id| teams.get(&id).cloned()),
            assignee: t
                .assignee_id
                .map(|a| Named { id: a.to_string(), name: people.get(&a).cloned().unwrap_or_default() }),
            priority: t.priority.to_string(),
            sentiment: t.sentiment,
            language: t.language.clone(),
            labels: t.label_list(),
            contact: Named { id: t.contact_id.to_string(), name: l.contact_name },
            thread: Thread { id: thread.id.to_string(), external_key: thread.external_key },
            post: post.map(|p| Post {
                id: p.id.to_string(),
                external_id: p.external_id,
                text: p.text,
                permalink: p.permalink,
                own: p.own,
            }),
            kind: t.kind.to_string(),
            visibility: t.visibility.to_string(),
            last_message_at: time(t.last_message_at),
            waiting_since: t.waiting_since.map(time),
            sla: t.sla_due_at.map(|due| Sla { due_at: time(due), late: due <= now }),
            snoozed_until: t.snoozed_until.map(time),
            continues: t.continues.map(|c| c.to_string()),
            created_at: time(t.created_at),
            messages: None,
        });
    }
    Ok(out)
}

/// One ticket as programs see it.
///
/// # Errors
/// As the database reports.
pub async fn ticket(tx: &mut Tx, scope: &Scope, t: &crate::desk::ticket::Ticket, now: At) -> Result<Ticket> {
    let listed = select::these(tx, t.brand_id, &[t.id]).await?;
    tickets(tx, scope, t.brand_id, listed, now).await?.pop().ok_or(crate::store::Error::NotFound)
}

/// A person as programs see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// The language they last wrote.
    pub language: Option<String>,
    /// When they were first heard of.
    pub created_at: String,
    /// The contact they were merged into.
    pub merged_into: Option<String>,
    /// Their handles.
    pub identities: Vec<Identity>,
}

/// A handle.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identity {
    /// The network's slug.
    pub network: String,
    /// The network's id of the person.
    pub external_id: String,
    /// `@name`, address or number.
    pub handle: Option<String>,
    /// The name there.
    pub name: Option<String>,
}

/// A person as programs see them.
///
/// # Errors
/// As the database reports.
pub async fn contact(tx: &mut Tx, c: crate::desk::contact::Contact) -> Result<Contact> {
    let identities = contacts::identities(tx, c.brand_id, c.id).await?;
    let one = |i: crate::desk::contact::Identity| Identity {
        network: i.network,
        external_id: i.external_id,
        handle: i.handle,
        name: i.name,
    };
    Ok(Contact {
        id: c.id.to_string(),
        name: c.name,
        language: c.language,
        created_at: time(c.created_at),
        merged_into: c.merged_into.map(|m| m.to_string()),
        identities: identities.into_iter().map(one).collect(),
    })
}
