//! Customers who write, agents who answer, and what each was promised.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use guichet::base::Given;
use guichet::base::fetch::{Answer, Ask, Fetch};
use guichet::simulator::Simulator;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::support::desk::PAGE;

/// What became of a reply an agent wrote, as far as the agent was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// Taken: it must go out once or say why not.
    Taken,
    /// Refused: it must never go out.
    Refused,
}

/// Everybody.
pub struct Crowd {
    /// The network.
    pub simulator: Simulator,
    fetch: Fetch,
    dice: Given,
    base: String,
    token: String,
    next: AtomicU64,
    answered: AtomicU64,
    /// Replies asked for, and replies agents were told about.
    asked_for: AtomicU64,
    told: AtomicU64,
    wanted: Semaphore,
    post: Mutex<(String, u64)>,
    written: Mutex<Vec<String>>,
    promised: Mutex<BTreeMap<String, Promise>>,
}

impl Crowd {
    /// Nobody has written yet.
    pub fn new(simulator: Simulator, fetch: Fetch, dice: Given, base: String, token: String) -> Crowd {
        Crowd {
            simulator,
            fetch: fetch.within(Duration::from_secs(10)),
            dice,
            base,
            token,
            next: AtomicU64::new(1),
            answered: AtomicU64::new(0),
            asked_for: AtomicU64::new(0),
            told: AtomicU64::new(0),
            wanted: Semaphore::new(0),
            post: Mutex::default(),
            written: Mutex::default(),
            promised: Mutex::default(),
        }
    }

    /// So many customers write something: a comment, an answer to one, a message.
    pub fn write(&self, times: u64) {
        for _ in 0..times {
            let n = self.next.fetch_add(1, Ordering::SeqCst);
            let text = format!("question {n} !");
            let who = format!("90{}", self.dice.below(400));
            let person = (who.as_str(), "Léa Martin");
            if self.dice.chance(60) {
                self.simulator.facebook.comment(PAGE, &self.post_of_the_day(), person, &text);
            } else {
                self.simulator.facebook.message(PAGE, person, &text);
            }
            lock(&self.written).push(text);
        }
    }

    /// A new post every twenty comments, so that conversations stay as short as in life.
    fn post_of_the_day(&self) -> String {
        let mut post = lock(&self.post);
        if post.1.is_multiple_of(20) {
            post.0 = self.simulator.facebook.publish(PAGE, "Bonjour à tous");
        }
        post.1 += 1;
        post.0.clone()
    }

    /// So many replies more are to be written.
    pub fn expect_replies(&self, times: u64) {
        self.asked_for.fetch_add(times, Ordering::SeqCst);
        self.wanted.add_permits(usize::try_from(times).unwrap());
    }

    /// The agents finish what they are at and go home.
    pub fn no_more(&self) {
        self.wanted.close();
    }

    /// An agent: takes a ticket, answers it, insists until told yes or no.
    pub async fn answer(self: std::sync::Arc<Crowd>) {
        while let Ok(permit) = self.wanted.acquire().await {
            permit.forget();
            let ticket = self.some_ticket().await;
            let n = self.next.fetch_add(1, Ordering::SeqCst);
            let text = format!("réponse {n}.");
            let private = ticket["visibility"] == "private" || self.dice.chance(20);
            let url = format!("{}/api/v1/tickets/{}/replies", self.base, ticket["id"].as_str().unwrap());
            let visibility = if private { "private" } else { "public" };
            let body = json!({"text": text, "visibility": visibility, "client_key": format!("key-{n}")});
            let answer = self.insist(|| Ask::post(&url).bearer(&self.token).json(body.clone())).await;
            let promise = match answer.status {
                201 => Promise::Taken,
                404 | 409 | 422 => Promise::Refused,
                other => panic!("{other}: {}", answer.json()),
            };
            lock(&self.promised).insert(text, promise);
            self.told.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Any of the newest tickets; waits for the first one.
    async fn some_ticket(&self) -> Value {
        let url = format!("{}/api/v1/tickets", self.base);
        loop {
            let list = self.insist(|| Ask::get(&url).query("limit", "30").bearer(&self.token)).await;
            assert_eq!(list.status, 200, "{}", list.json());
            let items = list.json()["items"].as_array().cloned().unwrap_or_default();
            let n = self.dice.below(items.len() as u64);
            if let Some(ticket) = items.into_iter().nth(usize::try_from(n).unwrap()) {
                return ticket;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Asks until there is a whole answer that is neither a crash nor a "come back later".
    async fn insist(&self, ask: impl Fn() -> Ask) -> Answer {
        loop {
            match self.fetch.call(ask()).await {
                Ok(answer) if answer.status < 500 && answer.status != 429 => {
                    self.answered.fetch_add(1, Ordering::SeqCst);
                    return answer;
                }
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// How much was done so far, by anybody.
    pub fn deeds(&self) -> u64 {
        let facebook = &self.simulator.facebook;
        facebook.taken() + facebook.ledger_len() as u64 + self.answered.load(Ordering::SeqCst)
    }

    /// True when nobody waits for the desk.
    pub fn idle(&self) -> bool {
        self.all_are_told() && self.simulator.facebook.all_are_taken()
    }

    /// True when every reply asked for has been taken or refused.
    pub fn all_are_told(&self) -> bool {
        self.told.load(Ordering::SeqCst) == self.asked_for.load(Ordering::SeqCst)
    }

    /// What customers wrote.
    pub fn written(&self) -> Vec<String> {
        lock(&self.written).clone()
    }

    /// What agents were told of each reply.
    pub fn promised(&self) -> BTreeMap<String, Promise> {
        lock(&self.promised).clone()
    }
}

fn lock<T>(what: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
