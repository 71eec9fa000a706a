//! Reading bodies and sorting their elements: to which channel, of what use.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use serde_json::json;

use super::arrive::Arrival;
use crate::base::At;
use crate::base::id::{BrandId, ConnectionId, DeliveryId, InboundId, MessageId};
use crate::desk::channel::Channel;
use crate::desk::event::{Actor, Event as DeskEvent, EventKind};
use crate::desk::inbound::{Element, Event, InboundState, Said, What};
use crate::flow::{House, Result};
use crate::networks::Network;
use crate::store::deliveries::{Source, Waiting};
use crate::store::inbound::NewInbound;
use crate::store::{Tx, channels};

/// A batch of bodies, read.
#[derive(Default)]
pub(super) struct Sorted {
    /// A row for every element.
    pub rows: Vec<NewInbound>,
    /// Those that say something, in order.
    pub happened: Vec<Happened>,
    /// Bodies that could not be read, and why.
    pub unreadable: Vec<(BrandId, DeliveryId, String)>,
    /// Places of the bodies that were read.
    pub read: Vec<i64>,
}

/// Something that happened, with where it was told.
pub(super) struct Happened {
    pub id: InboundId,
    pub message: MessageId,
    pub channel: Arc<Channel>,
    pub source: Source,
    pub received_at: At,
    pub event: Event,
}

impl Happened {
    /// A customer's new message, or the thing as it was.
    pub fn into_arrival(self) -> std::result::Result<Arrival, Box<Happened>> {
        match self.event.what {
            What::Wrote(wrote) if !wrote.own => Ok(Arrival {
                told: self.id,
                id: self.message,
                channel: self.channel,
                source: self.source,
                at: self.event.at.unwrap_or(self.received_at).min(self.received_at),
                received_at: self.received_at,
                wrote,
            }),
            what => {
                let event = Event { what, ..self.event };
                Err(Box::new(Happened { event, ..self }))
            }
        }
    }
}

/// The channels of a connection, and its network.
struct Known {
    network: Option<&'static dyn Network>,
    channels: Vec<Arc<Channel>>,
}

pub(super) async fn sort(house: &House, tx: &mut Tx, bodies: Vec<Waiting>) -> Result<Sorted> {
    let mut known: HashMap<ConnectionId, Known> = HashMap::new();
    let mut sorted = Sorted::default();
    for body in bodies {
        if let std::collections::hash_map::Entry::Vacant(e) = known.entry(body.connection_id) {
            let rows = channels::of_connection(tx, body.brand_id, body.connection_id).await?;
            let network = rows.first().and_then(|c| house.network(&c.network));
            e.insert(Known { network, channels: rows.into_iter().map(Arc::new).collect() });
        }
        let Known { network, channels } = &known[&body.connection_id];
        let Some(network) = network else {
            sorted.unreadable.push((body.brand_id, body.id, "the connection has no channel".into()));
            continue;
        };
        match read(*network, &body) {
            Ok(elements) => {
                sorted.read.push(body.seq);
                let mut heard: Vec<Arc<Channel>> = Vec::new();
                for (n, element) in elements.into_iter().enumerate() {
                    let channel = channel_of(&body, &element, channels);
                    if let Some(channel) = channel.as_ref().filter(|c| !heard.iter().any(|h| h.id == c.id)) {
                        heard.push(Arc::clone(channel));
                    }
                    sorted.place(house, tx, &body, n, element, channel);
                }
                for channel in
                    heard.iter().filter(|c| c.last_in_at.is_none_or(|at| body.received_at.since(at).as_secs() >= 10))
                {
                    channels::heard(tx, channel.brand_id, channel.id, body.received_at).await?;
                }
            }
            Err(why) => sorted.unreadable.push((body.brand_id, body.id, why)),
        }
    }
    Ok(sorted)
}

/// Reads a body. A panic in a reader is a fault of ours and must not stop the others.
fn read(network: &dyn Network, body: &Waiting) -> std::result::Result<Vec<Element>, String> {
    let read = AssertUnwindSafe(|| match body.source {
        Source::Poll | Source::Backfill => network.read_poll(&body.body),
        Source::Hook | Source::Ingest => network.read(&body.body),
    });
    match std::panic::catch_unwind(read) {
        Ok(Ok(elements)) => Ok(elements),
        Ok(Err(unreadable)) => Err(unreadable.to_string()),
        Err(_) => Err("the reader of this network failed on it".into()),
    }
}

/// The channel an element is for: the one the body was given to, else the one whose account it
/// names, else the only one there is when it names none.
fn channel_of(body: &Waiting, element: &Element, channels: &[Arc<Channel>]) -> Option<Arc<Channel>> {
    let given = body.channel_id.and_then(|id| channels.iter().find(|c| c.id == id));
    let named = || channels.iter().find(|c| element.account.as_deref() == Some(c.account.as_str()));
    let only = || channels.first().filter(|_| channels.len() == 1 && element.account.is_none());
    given.or_else(named).or_else(only).cloned()
}

impl Sorted {
    fn place(
        &mut self,
        house: &House,
        tx: &mut Tx,
        body: &Waiting,
        n: usize,
        element: Element,
        channel: Option<Arc<Channel>>,
    ) {
        let mut row = NewInbound {
            id: house.given.id(),
            brand: body.brand_id,
            channel: channel.as_ref().map(|c| c.id),
            delivery: body.id,
            n: i64::try_from(n).unwrap_or(i64::MAX),
            key: element.key,
            state: InboundState::Ignored,
            reason: None,
            kind: None,
            message: None,
            at: body.received_at,
        };
        match (element.said, channel) {
            (Said::Nothing(why), _) => row.reason = Some(why),
            (Said::Event(_), None) => row.reason = Some("unknown_account".into()),
            (Said::Unreadable(why), _) => {
                row.state = InboundState::Quarantined;
                row.reason = Some(why);
                let told =
                    DeskEvent::at(body.brand_id, EventKind::Quarantined, Actor::House).data(json!({"inbound": row.id}));
                tx.emit(body.received_at, told);
            }
            (Said::Event(event), Some(channel)) => {
                let message: MessageId = house.given.id();
                row.state = InboundState::Processing;
                // Most elements are a customer's new message: they are written as done at once.
                if let What::Wrote(wrote) = &event.what
                    && !wrote.own
                {
                    row.state = InboundState::Done;
                    row.kind = Some(wrote.kind);
                    row.message = Some(message);
                }
                let (source, received_at) = (body.source, body.received_at);
                self.happened.push(Happened { id: row.id, message, channel, source, received_at, event: *event });
            }
        }
        self.rows.push(row);
    }
}
