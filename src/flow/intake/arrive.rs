//! Customers' new messages: found or made are the person, the publication, the thread and the
//! ticket; then the rules look. A run of messages takes a handful of statements, however long.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::{happen, letters, who};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, ContactId, InboundId, MessageId, PostId, ThreadId, TicketId};
use crate::base::text::{clean_name, clean_text, excerpt};
use crate::desk::channel::Channel;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::inbound::Wrote;
use crate::desk::message::{Direction, Visibility};
use crate::desk::quoting;
use crate::desk::scope::Scope;
use crate::desk::stage::Stage;
use crate::desk::ticket::{Bot, Priority, State, Ticket};
use crate::desk::trace::Trace;
use crate::desk::triage::before::FORTNIGHT;
use crate::desk::triage::{Before, Facts};
use crate::flow::{House, Result, triage};
use crate::store::contacts::{self, NewIdentity};
use crate::store::deliveries::Source;
use crate::store::errands::{self, Errand};
use crate::store::messages::{self, Message};
use crate::store::posts::{self, NewPost};
use crate::store::threads::{self, NewThread, Thread};
use crate::store::{Tx, brands, inbound, tickets};

/// A customer's new message on its way in.
pub struct Arrival {
    /// Its place in the log.
    pub told: InboundId,
    /// The message's id.
    pub id: MessageId,
    /// The channel it came by.
    pub channel: Arc<Channel>,
    /// How it came.
    pub source: Source,
    /// When it was written.
    pub at: At,
    /// When it came.
    pub received_at: At,
    /// What the network tells.
    pub wrote: Wrote,
}

/// Takes in a run of messages of one brand, in order.
///
/// # Errors
/// As the database reports.
pub async fn all(house: &House, tx: &mut Tx, run: Vec<Arrival>) -> Result<()> {
    let Some(first) = run.first() else { return Ok(()) };
    let brand = first.channel.brand_id;
    let (run, standing) = not_yet_here(tx, run).await?;
    if run.is_empty() {
        return Ok(());
    }
    let posts = know_posts(house, tx, &run).await?;
    let run = who::follow(house, tx, run).await?;
    let people = know_people(house, tx, &run).await?;
    let threads = know_threads(house, tx, &run, &posts, &standing).await?;
    let mut desk = open_tickets(house, tx, &run, &people, &threads).await?;
    let teams = house.teams(tx, brand).await?;
    let customers: HashSet<ContactId> = {
        let asked: Vec<ContactId> = people.iter().map(|p| p.contact).collect::<HashSet<_>>().into_iter().collect();
        tickets::known_customers(tx, brand, &asked).await?.into_iter().collect()
    };
    let earlier = found_earlier(tx, brand, &people, run.iter().map(|a| a.at).min()).await?;
    let mut rows = Vec::with_capacity(run.len());
    let mut chores = Vec::new();
    for (i, arrival) in run.iter().enumerate() {
        let (person, thread) = (&people[i], &threads[i]);
        let ticket = desk.ticket(thread.id, person.contact);
        let under_our_post = thread.post_id.is_some_and(|p| posts.ours.contains(&p));
        let text = clean_text(arrival.wrote.text.as_deref().unwrap_or_default());
        let said = quoting::said(arrival.wrote.kind, &text);
        let facts = Facts {
            text: said,
            kind: arrival.wrote.kind,
            visibility: arrival.wrote.visibility,
            network: &arrival.channel.network,
            under_our_post,
            known_customer: customers.contains(&person.contact),
            has_team: ticket.team_id.is_some(),
            rating: arrival.wrote.rating.as_deref(),
        };
        let mut before = Before::of_times(arrival.at, ticket.answered_at(), ticket.waiting_since);
        for (trace, at) in earlier.get(&person.contact).into_iter().flatten() {
            house.rules.recall(trace, *at, arrival.at, &mut before);
        }
        let (findings, acts) = house.rules.judge_after(&facts, &before);
        let language = findings.language.map(str::to_owned);
        let came = Event::of(brand, EventKind::MessageReceived, ticket.id, Actor::Network).message(arrival.id);
        // What is read back of the past wakes nobody.
        let data = match arrival.source {
            Source::Backfill => json!({"kind": arrival.wrote.kind, "backfill": true}),
            _ => json!({"kind": arrival.wrote.kind}),
        };
        tx.emit(arrival.received_at, came.data(data));
        for event in acts.iter().filter_map(|act| triage::apply(ticket, act, &teams)) {
            tx.emit(arrival.received_at, event.message(arrival.id));
        }
        ticket.language = language.clone().or_else(|| ticket.language.take());
        ticket.sentiment = findings.sentiment().or(ticket.sentiment);
        if letters::only_says_away(arrival, &standing) && ticket.last_inbound_at.is_some() {
            ticket.overhear(arrival.at);
        } else {
            ticket.receive(arrival.at, &shown(&arrival.wrote, said));
            if arrival.wrote.machine && ticket.bot == Bot::Active {
                ticket.bot = Bot::HandoffRequested;
            }
        }
        if arrival.wrote.needs_asking()
            || (person.name.is_none() && arrival.wrote.kind == crate::desk::message::Kind::Dm)
        {
            chores.push(errand(house, arrival));
        }
        rows.push(message(arrival, person, thread, ticket.id, text, language));
    }
    desk.save(tx).await?;
    messages::add(tx, rows).await?;
    letters::keep(tx, &run).await?;
    errands::add(tx, chores, house.now()).await?;
    release_parked(house, tx, &run).await
}

/// What rules found of these people when they wrote within the last two fortnights, and when.
async fn found_earlier(
    tx: &mut Tx,
    brand: BrandId,
    people: &[Person],
    first: Option<At>,
) -> Result<HashMap<ContactId, Vec<(Trace, At)>>> {
    let contacts: Vec<ContactId> = people.iter().map(|p| p.contact).collect::<HashSet<_>>().into_iter().collect();
    let since = first.unwrap_or(At(0)).minus(FORTNIGHT * 2);
    let mut earlier: HashMap<ContactId, Vec<(Trace, At)>> = HashMap::new();
    for found in tickets::found_since(tx, brand, &contacts, since).await? {
        if let Ok(trace) = serde_json::from_value(found.stage_evidence) {
            earlier.entry(found.contact_id).or_default().push((trace, found.last_inbound_at));
        }
    }
    Ok(earlier)
}

/// Where messages stand that are here already, by channel and the network's id.
pub(super) type Standing = HashMap<(ChannelId, String), Stands>;

/// Where a message stands, which way it went, and when.
pub(super) struct Stands {
    pub thread: ThreadId,
    pub direction: Direction,
    pub at: At,
}

/// The messages of a run that are not here yet (an edit may have come first and made one), and
/// where the messages they answer stand.
async fn not_yet_here(tx: &mut Tx, mut run: Vec<Arrival>) -> Result<(Vec<Arrival>, Standing)> {
    let brand = run[0].channel.brand_id;
    let mut asked: HashSet<(ChannelId, String)> = HashSet::new();
    for a in &run {
        asked.insert((a.channel.id, a.wrote.id.clone()));
        asked.extend(a.wrote.parent.clone().map(|p| (a.channel.id, p)));
        let letter = a.wrote.letter.iter();
        asked.extend(letter.flat_map(|l| l.ours.iter().chain([&l.twin])).map(|id| (a.channel.id, id.clone())));
    }
    let places = messages::places(tx, brand, &asked.into_iter().collect::<Vec<_>>()).await?;
    let here: HashMap<(ChannelId, String), (MessageId, Option<TicketId>)> =
        places.iter().map(|p| ((p.channel_id, p.external_id.clone()), (p.id, p.ticket_id))).collect();
    let stands = |p: messages::Place| {
        ((p.channel_id, p.external_id), Stands { thread: p.thread_id, direction: p.direction, at: p.at })
    };
    let standing: Standing = places.into_iter().map(stands).collect();
    letters::tell_apart(&mut run, &standing);
    let mut fresh = Vec::with_capacity(run.len());
    for a in run {
        match here.get(&(a.channel.id, a.wrote.id.clone())) {
            Some((message, ticket)) => inbound::points_to(tx, brand, a.told, *message, *ticket).await?,
            None => fresh.push(a),
        }
    }
    Ok((fresh, standing))
}

/// What a queue shows of a message: its first words, or what came along.
fn shown(wrote: &Wrote, text: &str) -> String {
    let words = excerpt(text, 140);
    if !words.is_empty() {
        return words;
    }
    match (wrote.attachments.first(), &wrote.rating) {
        (Some(a), _) => format!("[{}]", a.kind),
        (None, Some(rating)) => format!("[{rating}]"),
        (None, None) => String::new(),
    }
}

fn errand(house: &House, arrival: &Arrival) -> Errand {
    Errand {
        id: house.given.id(),
        brand_id: arrival.channel.brand_id,
        channel_id: arrival.channel.id,
        kind: "hydrate".into(),
        subject: arrival.id,
        item: serde_json::to_value(&arrival.wrote).unwrap_or_default(),
        attempts: 0,
        due_at: house.now(),
    }
}

fn message(
    a: &Arrival,
    person: &Person,
    thread: &Thread,
    ticket: TicketId,
    text: String,
    language: Option<String>,
) -> Message {
    Message {
        id: a.id,
        brand_id: a.channel.brand_id,
        ticket_id: Some(ticket),
        thread_id: thread.id,
        channel_id: a.channel.id,
        direction: Direction::Inbound,
        kind: a.wrote.kind,
        visibility: a.wrote.visibility,
        contact_id: Some(person.contact),
        agent_id: None,
        by_rule: None,
        author_name: person.name.clone().unwrap_or_default(),
        author_handle: a.wrote.author.as_ref().and_then(|w| w.handle.clone()),
        text,
        attachments: serde_json::to_value(&a.wrote.attachments).unwrap_or_default(),
        external_id: Some(a.wrote.id.clone()),
        parent_external_id: a.wrote.parent.clone(),
        post_external_id: a.wrote.post.as_ref().map(|p| p.id.clone()),
        rating: a.wrote.rating.clone(),
        language,
        replyable: a.wrote.replyable,
        machine: a.wrote.machine,
        at: a.at,
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
        created_at: a.received_at,
    }
}

/// The publications of a run.
struct Posts {
    ids: HashMap<String, PostId>,
    ours: HashSet<PostId>,
}

async fn know_posts(house: &House, tx: &mut Tx, run: &[Arrival]) -> Result<Posts> {
    let mut told: HashMap<(ChannelId, String), NewPost> = HashMap::new();
    for a in run {
        if let Some(post) = &a.wrote.post {
            told.entry((a.channel.id, post.id.clone())).or_insert_with(|| NewPost {
                id: house.given.id(),
                brand: a.channel.brand_id,
                channel: a.channel.id,
                told: post.clone(),
                published_at: None,
                at: a.received_at,
            });
        }
    }
    let known = posts::know(tx, told.into_values().collect()).await?;
    let ours = known.iter().filter(|p| p.own == Some(true)).map(|p| p.id).collect();
    Ok(Posts { ids: known.into_iter().map(|p| (p.external_id, p.id)).collect(), ours })
}

/// The person behind a message.
#[derive(Clone)]
pub(super) struct Person {
    pub contact: ContactId,
    pub name: Option<String>,
}

/// Whose eyes see a network's ids of people: Meta's differ by page.
pub(super) fn realm(channel: &Channel) -> String {
    channel.account.clone()
}

/// A message whose author nobody tells has an author of its own, until somebody does.
pub(super) fn author_id(wrote: &Wrote) -> String {
    wrote.author.as_ref().map_or_else(|| format!("unknown:{}", wrote.id), |a| a.id.clone())
}

async fn know_people(house: &House, tx: &mut Tx, run: &[Arrival]) -> Result<Vec<Person>> {
    let mut told: HashMap<(String, String, String), NewIdentity> = HashMap::new();
    let key = |a: &Arrival| (a.channel.network.clone(), realm(&a.channel), author_id(&a.wrote));
    for a in run {
        let author = a.wrote.author.as_ref();
        let name = author.and_then(|w| w.name.as_deref()).map(clean_name).filter(|n| !n.is_empty());
        let entry = told.entry(key(a)).or_insert_with(|| NewIdentity {
            id: house.given.id(),
            contact: house.given.id(),
            brand: a.channel.brand_id,
            network: a.channel.network.clone(),
            realm: realm(&a.channel),
            external_id: author_id(&a.wrote),
            handle: None,
            name: None,
            at: a.received_at,
        });
        entry.name = name.or_else(|| entry.name.take());
        entry.handle = author.and_then(|w| w.handle.as_deref()).map(clean_name).or_else(|| entry.handle.take());
    }
    let known = contacts::know(tx, told.into_values().collect()).await?;
    let by_key: HashMap<(String, String, String), Person> = known
        .into_iter()
        .map(|i| ((i.network, i.realm, i.external_id), Person { contact: i.contact_id, name: i.name }))
        .collect();
    Ok(run.iter().map(|a| by_key[&key(a)].clone()).collect())
}

/// The thread of each message. A reply belongs where the message it answers stands; only when
/// nobody knows that one does the network's own key decide.
async fn know_threads(
    house: &House,
    tx: &mut Tx,
    run: &[Arrival],
    posts: &Posts,
    standing: &Standing,
) -> Result<Vec<Thread>> {
    let brand = run[0].channel.brand_id;
    // Within the run, too, a reply may answer a message that came just before it.
    let mut keys: HashMap<(ChannelId, String), String> = HashMap::new();
    let mut ties = letters::Ties::of(tx, run).await?;
    let mut chosen: Vec<std::result::Result<ThreadId, String>> = Vec::with_capacity(run.len());
    let mut new: HashMap<(ChannelId, String), NewThread> = HashMap::new();
    for a in run {
        let channel = a.channel.id;
        let key = if let Some(letter) = &a.wrote.letter {
            match ties.tie(a, letter, standing) {
                Ok(id) => {
                    chosen.push(Ok(id));
                    continue;
                }
                Err(key) => key,
            }
        } else {
            let parent = a.wrote.parent.clone().map(|p| (channel, p));
            if let Some(stands) = parent.as_ref().and_then(|p| standing.get(p)) {
                chosen.push(Ok(stands.thread));
                continue;
            }
            parent.and_then(|p| keys.get(&p).cloned()).unwrap_or_else(|| a.wrote.thread.clone())
        };
        keys.insert((channel, a.wrote.id.clone()), key.clone());
        new.entry((channel, key.clone())).or_insert_with(|| NewThread {
            id: house.given.id(),
            brand,
            channel,
            key: key.clone(),
            post: a.wrote.post.as_ref().and_then(|p| posts.ids.get(&p.id)).copied(),
            kind: a.wrote.kind,
            visibility: a.wrote.visibility,
            partner: a.wrote.partner.as_ref().map(|p| p.id.clone()),
            at: a.at,
        });
        chosen.push(Err(key));
    }
    let known = threads::know(tx, new.into_values().collect()).await?;
    let by_key: HashMap<(ChannelId, String), Thread> =
        known.into_iter().map(|t| ((t.channel_id, t.external_key.clone()), t)).collect();
    let stood: HashSet<ThreadId> = chosen.iter().filter_map(|c| c.as_ref().ok()).copied().collect();
    let stood = threads::many(tx, brand, &stood.into_iter().collect::<Vec<_>>()).await?;
    let by_id: HashMap<ThreadId, Thread> = stood.into_iter().map(|t| (t.id, t)).collect();
    ties.keep(tx, brand, &by_key).await?;
    Ok(run
        .iter()
        .zip(chosen)
        .map(|(a, c)| match c {
            Ok(id) => by_id[&id].clone(),
            Err(key) => by_key[&(a.channel.id, key)].clone(),
        })
        .collect())
}

/// The tickets of a run while it is carried out.
struct Desk {
    tickets: HashMap<TicketId, Ticket>,
    of: HashMap<(ThreadId, ContactId), TicketId>,
}

impl Desk {
    fn ticket(&mut self, thread: ThreadId, contact: ContactId) -> &mut Ticket {
        let id = self.of[&(thread, contact)];
        self.tickets.get_mut(&id).expect("every pair of the run was opened")
    }

    async fn save(self, tx: &mut Tx) -> Result<()> {
        let tickets: Vec<Ticket> = self.tickets.into_values().collect();
        Ok(tickets::save(tx, &tickets).await?)
    }
}

async fn open_tickets(
    house: &House,
    tx: &mut Tx,
    run: &[Arrival],
    people: &[Person],
    threads: &[Thread],
) -> Result<Desk> {
    let brand = run[0].channel.brand_id;
    let mut pairs: Vec<(ThreadId, ContactId)> = threads.iter().zip(people).map(|(t, p)| (t.id, p.contact)).collect();
    let in_order = pairs.clone();
    pairs.sort();
    pairs.dedup();
    let mut desk = Desk { tickets: HashMap::new(), of: HashMap::new() };
    for found in tickets::of_pairs(tx, brand, &pairs).await? {
        let pair = (found.thread_id, found.contact_id);
        let ticket = follow_merges(tx, found).await?;
        desk.of.insert(pair, ticket.id);
        desk.tickets.entry(ticket.id).or_insert(ticket);
    }
    let missing: Vec<(ThreadId, ContactId)> = pairs.into_iter().filter(|p| !desk.of.contains_key(p)).collect();
    if missing.is_empty() {
        return Ok(desk);
    }
    let mut number = brands::take_numbers(tx, brand, i64::try_from(missing.len()).unwrap_or(i64::MAX)).await?;
    for (i, pair) in in_order.iter().enumerate() {
        if desk.of.contains_key(pair) {
            continue;
        }
        let ticket = open(house, tx, &run[i], &people[i], &threads[i], number).await?;
        number += 1;
        tx.emit(
            run[i].received_at,
            Event::of(brand, EventKind::TicketOpened, ticket.id, Actor::Network).message(run[i].id),
        );
        desk.of.insert(*pair, ticket.id);
        desk.tickets.insert(ticket.id, ticket);
    }
    Ok(desk)
}

async fn follow_merges(tx: &mut Tx, mut ticket: Ticket) -> Result<Ticket> {
    while let Some(into) = ticket.merged_into {
        ticket = tickets::get(tx, &Scope::house(ticket.brand_id), into).await?;
    }
    Ok(ticket)
}

/// A new ticket. The private sequel of a public one keeps its stage, team and person.
async fn open(
    house: &House,
    tx: &mut Tx,
    a: &Arrival,
    person: &Person,
    thread: &Thread,
    number: i64,
) -> Result<Ticket> {
    let mut ticket = Ticket {
        id: house.given.id(),
        brand_id: a.channel.brand_id,
        number,
        channel_id: a.channel.id,
        network: a.channel.network.clone(),
        thread_id: thread.id,
        contact_id: person.contact,
        kind: a.wrote.kind,
        visibility: a.wrote.visibility,
        state: State::New,
        bot: Bot::Active,
        stage: Stage::Awareness,
        stage_held: false,
        stage_evidence: Value::Null,
        team_id: None,
        assignee_id: None,
        priority: Priority::Normal,
        sentiment: None,
        language: None,
        labels: Value::Array(Vec::new()),
        excerpt: String::new(),
        last_message_at: a.at,
        last_inbound_at: None,
        waiting_since: None,
        sla_due_at: None,
        snoozed_until: None,
        created_at: a.received_at,
        resolved_at: None,
        merged_into: None,
        continues: None,
    };
    if let Some(before) = thread.continues.filter(|_| thread.visibility == Visibility::Private)
        && let Ok(public) = tickets::get(tx, &Scope::house(ticket.brand_id), before).await
        && public.contact_id == ticket.contact_id
    {
        ticket.continues = Some(public.id);
        ticket.stage = public.stage;
        ticket.stage_held = public.stage_held;
        ticket.stage_evidence = public.stage_evidence;
        ticket.team_id = public.team_id;
        ticket.assignee_id = public.assignee_id;
        ticket.priority = public.priority;
        ticket.bot = public.bot;
        ticket.labels = public.labels;
        ticket.state = State::Open;
    }
    Ok(ticket)
}

/// What had come before the message it speaks of can be carried out now.
async fn release_parked(house: &House, tx: &mut Tx, run: &[Arrival]) -> Result<()> {
    let brand = run[0].channel.brand_id;
    let channels: HashSet<_> = run.iter().map(|a| a.channel.id).collect();
    for id in channels {
        let awaited: HashSet<String> = inbound::awaited(tx, brand, id).await?.into_iter().collect();
        for a in run.iter().filter(|a| a.channel.id == id && awaited.contains(&a.wrote.id)) {
            for parked in inbound::waiting_for(tx, brand, id, &a.wrote.id).await? {
                happen::release(house, tx, &a.channel, parked).await?;
            }
        }
    }
    Ok(())
}
