//! Every network of the registry, as the tests meet it: how it is connected and signs, how what it
//! tells is put together, how somebody writes there, what it refuses. The fault table and the contract
//! go through the registry with these, so a new network is asked for all of it.

mod contract;
mod faults;
mod meta;
mod own;
mod places;
mod table;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::Request;
use guichet::base::At;
use guichet::base::id::{ChannelId, DeliveryId, TicketId};
use guichet::base::sign::sha256;
use guichet::desk::agent::Role;
use guichet::desk::channel::Channel;
use guichet::desk::delivery::Delivery;
use guichet::desk::inbound::InboundState;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::Ticket;
use guichet::flow::connect;
use guichet::networks::{self, Network};
use guichet::store::deliveries::{NewDelivery, Source};
use guichet::store::messages::Message;
use guichet::store::{channels, deliveries, inbound, messages};
use serde_json::{Value, json};

use crate::support::visitor::{Answer, send};
use crate::support::{Desk, Visitor, open};

/// A connected channel.
pub struct There {
    pub channel: ChannelId,
    /// Its hook's path; empty where there is none.
    pub hook: String,
}

/// A refusal, and how it ends for the reply.
pub type Ends = (Refused, Delivery, Option<&'static str>);

/// What a network answers with when it refuses, in whatever it speaks.
#[derive(Clone, Debug)]
pub enum Refused {
    Graph(i64, i64),
    Http(u16, Value),
    Smtp(guichet::simulator::email::At, &'static str),
}

/// One network, as the tests meet it.
#[async_trait]
pub trait Side: Send + Sync {
    fn slug(&self) -> &'static str;

    /// Connects it to the desk's first brand, and tells the simulator.
    async fn connect(&self, desk: &Desk) -> There;

    /// Somebody writes where all can read it; false where nobody can.
    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool;

    /// Somebody writes in private; false where nobody can.
    fn whispers(&self, desk: &Desk, who: &str, text: &str) -> bool;

    /// An element of a body: somebody wrote this under this id, or nobody did.
    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value;

    /// One of a kind nobody knows; none where there are no kinds.
    fn unknown(&self) -> Option<Value>;

    /// One that cannot be read.
    fn broken(&self) -> Value;

    /// What was told under this id is gone; none where the network never says so.
    fn deleted(&self, id: &str) -> Option<Value>;

    /// A body with these entries of these elements, told at this time.
    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8>;

    /// The external id of what [`Side::wrote`] put together.
    fn named(&self, id: &str) -> String {
        id.to_owned()
    }

    /// The setting with the secret of its hooks, and its value here; none without hooks.
    fn secret(&self) -> Option<(&'static str, &'static str)>;

    /// The headers of a body under a secret.
    fn signed(&self, _secret: &str, _body: &[u8], _now: At) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The question whether a hook is ours: the query, the answer, and a query that is refused.
    fn challenge(&self) -> Option<(String, String, Option<String>)> {
        None
    }

    /// One refusal of each class the network has.
    fn refusals(&self) -> Vec<Ends>;

    /// The next act is refused like this.
    fn refuse(&self, desk: &Desk, refused: &Refused);

    /// The next act is carried out and its answer lost; how the reply ends.
    fn lose_answer(&self, desk: &Desk) -> Delivery;

    /// How many things we did there.
    fn deeds(&self, desk: &Desk) -> usize;

    /// Lets the network tell of our reply, where it does not do so by itself.
    async fn echo(&self, _desk: &Desk, _there: &There) {}

    /// The setting with the login, and the value that is good.
    fn login(&self) -> (&'static str, String);
}

/// Every network that has been met: a registered one that is missing fails the table.
pub static SIDES: &[&dyn Side] = &[
    &meta::Facebook,
    &meta::Instagram,
    &meta::Whatsapp,
    &meta::Threads,
    &places::X,
    &places::YouTube,
    &places::LinkedIn,
    &places::TikTok,
    &own::Email,
    &own::Bridge,
];

/// When the bodies put together here were told.
pub const AT: i64 = 1_795_251_600;

/// The network of a side.
pub fn network(side: &dyn Side) -> &'static dyn Network {
    networks::find(side.slug()).unwrap()
}

/// A body taken in as if its signature had been checked; what became of its elements.
pub async fn ingest(desk: &Desk, there: &There, body: Vec<u8>) -> Vec<InboundState> {
    let house = &desk.house;
    let mut tx = house.db.write().await.unwrap();
    let row = channels::get(&mut tx, &Scope::house(desk.brand), there.channel).await.unwrap();
    let id: DeliveryId = house.given.id();
    let delivery = NewDelivery {
        id,
        brand: desk.brand,
        connection: row.connection_id,
        channel: Some(there.channel),
        source: Source::Ingest,
        sha256: sha256(&body),
        body,
        at: house.now(),
    };
    deliveries::record(&mut tx, vec![delivery]).await.unwrap();
    tx.commit().await.unwrap();
    desk.settle().await;
    let mut tx = house.db.read().await.unwrap();
    inbound::of_delivery(&mut tx, desk.brand, id).await.unwrap().into_iter().map(|l| l.state).collect()
}

/// A message by the network's id.
pub async fn message(desk: &Desk, there: &There, id: &str) -> Option<Message> {
    let mut tx = desk.house.db.read().await.unwrap();
    messages::by_external(&mut tx, desk.brand, there.channel, id).await.unwrap()
}

/// The channel as it is.
pub async fn row(desk: &Desk, there: &There) -> Channel {
    let mut tx = desk.house.db.read().await.unwrap();
    channels::get(&mut tx, &Scope::house(desk.brand), there.channel).await.unwrap()
}

/// Knocks at a hook.
pub async fn knock(desk: &Desk, there: &There, headers: &[(&'static str, String)], body: Vec<u8>) -> u16 {
    let mut request = Request::builder().method("POST").uri(&there.hook).header("content-length", body.len());
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    send(&desk.web, request.body(Body::from(body)).unwrap()).await.status.as_u16()
}

/// Asks a hook a question.
pub async fn question(desk: &Desk, there: &There, query: &str) -> Answer {
    let request = Request::builder().uri(format!("{}?{query}", there.hook)).body(Body::empty()).unwrap();
    send(&desk.web, request).await
}

/// Reads what is new where nothing is pushed, and lets everything come to rest.
pub async fn hear(desk: &Desk, there: &There) {
    if there.hook.is_empty() { desk.read(there.channel).await } else { desk.settle().await }
}

/// Somebody asks something, in public where that can be; the ticket it became.
pub async fn asked(desk: &Desk, side: &dyn Side, there: &There, who: &str) -> Ticket {
    let before: Vec<TicketId> = desk.tickets().await.into_iter().map(|t| t.id).collect();
    assert!(side.asks(desk, who, "Bonjour ?") || side.whispers(desk, who, "Bonjour ?"), "{}", side.slug());
    hear(desk, there).await;
    let new = desk.tickets().await.into_iter().find(|t| !before.contains(&t.id));
    new.unwrap_or_else(|| panic!("{}: nobody heard it", side.slug()))
}

/// Somebody of ours answers in a ticket, as the ticket asks for.
pub async fn answer(desk: &Desk, who: &Visitor, ticket: &Ticket, text: &str) -> Message {
    let visibility = if ticket.visibility == Visibility::Public { Visibility::Public } else { Visibility::Private };
    open::say(desk, who, ticket.id, text, visibility).await
}

/// Gives a channel other settings.
pub async fn reconnect(desk: &Desk, there: &There, settings: &[(&str, &str)]) {
    let settings: Vec<(String, String)> = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    connect::reconnect(&desk.house, &Scope::house(desk.brand), there.channel, &settings).await.unwrap();
}

/// A colleague.
pub async fn colleague(desk: &Desk, side: &dyn Side) -> Visitor {
    desk.agent(&format!("Sarah-{}", side.slug()), Role::Admin).await
}

/// A document with one thing added that means nothing: the same event in other bytes.
pub fn stamped(mut document: Value, at: i64) -> Vec<u8> {
    document["delivered_at"] = json!(at);
    document.to_string().into_bytes()
}
