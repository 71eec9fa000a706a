//! The books of the desk, of the network and of the crowd, laid side by side.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use guichet::base::id::BrandId;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Direction;
use guichet::flow::House;
use guichet::store::messages::Message;
use guichet::store::select::{self, Cursor, Filter, Sort, States};
use guichet::store::{deliveries, messages, outbox};

use super::crowd::{Crowd, Promise};

/// What does not agree; and how much was compared.
#[derive(Debug, Default)]
pub struct Books {
    /// Written by a customer and not shown, or taken from an agent and not there.
    pub lost: Vec<String>,
    /// Shown more than once.
    pub shown_twice: Vec<String>,
    /// Sent more than once, or sent although refused.
    pub sent_twice: Vec<String>,
    /// Called sent, and not at the network; or there, and called something else.
    pub untrue: Vec<String>,
    /// Without an end state.
    pub unfinished: usize,
    /// What the database says of its own file.
    pub broken: Option<String>,
    /// How many messages of customers were compared.
    pub written: usize,
    /// How many replies.
    pub replies: usize,
    /// How many of them people must decide about.
    pub undecided: usize,
}

impl Books {
    /// Compares what everybody has.
    pub async fn compare(house: &House, brand: BrandId, crowd: &Crowd) -> Books {
        let mut shown: BTreeMap<String, Vec<Message>> = BTreeMap::new();
        for message in everything(house, brand).await {
            shown.entry(message.text.clone()).or_default().push(message);
        }
        let mut sent: BTreeMap<String, usize> = BTreeMap::new();
        for act in crowd.simulator.facebook.ledger() {
            *sent.entry(act.text).or_default() += 1;
        }
        let mut books = Books::default();
        for text in crowd.written() {
            books.written += 1;
            books.seen(&text, shown.get(&text).map_or(0, Vec::len));
        }
        for (text, promise) in crowd.promised() {
            let times = sent.get(&text).copied().unwrap_or(0);
            let here = shown.get(&text).map_or(&[][..], Vec::as_slice);
            if promise == Promise::Refused {
                if times > 0 || !here.is_empty() {
                    books.sent_twice.push(format!("refused, and yet there: {text}"));
                }
                continue;
            }
            books.replies += 1;
            books.seen(&text, here.len());
            if times > 1 {
                books.sent_twice.push(format!("{times} times: {text}"));
            }
            let Some(reply) = here.first() else { continue };
            assert_eq!(reply.direction, Direction::Outbound);
            let arrived = matches!(reply.delivery, Some(Delivery::Sent | Delivery::Delivered | Delivery::Read));
            let open = reply.delivery == Some(Delivery::NeedsDecision);
            books.undecided += usize::from(open);
            if reply.delivery.is_none_or(|d| d.is_under_way() || d == Delivery::Blocked) {
                books.unfinished += 1;
            }
            if arrived != (times > 0) && !open {
                books.untrue.push(format!("{:?} and {times} times there: {text}", reply.delivery));
            }
        }
        books
    }

    fn seen(&mut self, text: &str, times: usize) {
        match times {
            0 => self.lost.push(text.to_owned()),
            1 => {}
            _ => self.shown_twice.push(format!("{times} times: {text}")),
        }
    }

    /// Everything agrees.
    pub fn hold(&self) {
        let agree = self.lost.is_empty()
            && self.shown_twice.is_empty()
            && self.sent_twice.is_empty()
            && self.untrue.is_empty()
            && self.unfinished == 0
            && self.broken.is_none();
        assert!(agree, "{self:#?}");
        assert!(self.written > 20 && self.replies > 20, "too little happened to tell: {self:#?}");
        println!(
            "{} messages, {} replies compared; {} for people to decide",
            self.written, self.replies, self.undecided
        );
    }
}

/// Every message of every ticket, as a screen would show it.
async fn everything(house: &House, brand: BrandId) -> Vec<Message> {
    let mut tx = house.db.read().await.unwrap();
    let filter = Filter { states: States::All, ..Filter::default() };
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = select::page(&mut tx, brand, &filter, Sort::Newest, after, 100).await.unwrap();
        for listed in &page {
            all.extend(messages::of_ticket(&mut tx, brand, listed.ticket.id).await.unwrap());
        }
        let Some(last) = page.last() else { return all };
        after = Some(Cursor(Sort::Newest.key(&last.ticket), last.ticket.id));
    }
}

/// Waits until nothing is under way any more; how many things still are after two minutes.
pub async fn rest(house: &House) -> usize {
    let mut left = 0;
    for _ in 0..1_200 {
        let mut tx = house.db.read().await.unwrap();
        let unread = deliveries::unread(&mut tx).await.unwrap().n;
        let under_way = outbox::gauges(&mut tx).await.unwrap();
        left = usize::try_from(
            unread + under_way.iter().filter(|g| g.state != Delivery::NeedsDecision).map(|g| g.n).sum::<i64>(),
        )
        .unwrap();
        drop(tx);
        if left == 0 {
            return 0;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    left
}

/// What SQLite finds wrong with the file; nothing, when it is whole.
pub fn integrity(file: &Path) -> Option<String> {
    let db = rusqlite::Connection::open(file).unwrap();
    let said: String = db.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    (said != "ok").then_some(said)
}
