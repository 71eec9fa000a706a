//! What the simulated networks of Meta share besides Facebook’s: accounts, what is said there, what we
//! did, and a Graph that answers in whatever weather.
//!
//! Sources: developers.facebook.com/docs/graph-api/guides/error-handling (the form of an error),
//! …/graph-api/overview/rate-limiting (usage headers); read 2026-11.

mod wire;
mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

pub use super::facebook::Act;
use super::push::{Pusher, Target};
use super::stage::{Call, Exchange, Reply};
use super::weather::Weather;
use crate::base::Given;

pub use wire::{Done, Gone, Side, list, routes, time};
pub use world::{Item, Kept, Sort, World, item};

/// How many exchanges the journal holds.
const PAGES: usize = 4_000;

/// Where one network is played.
pub struct Stage {
    /// The clock and the dice.
    pub given: Given,
    /// The way to hooks.
    pub pusher: Pusher,
    /// How the wire is.
    pub weather: Weather,
    /// How long a hook may fail before its account is unsubscribed; none: it is called for days.
    pub patience: Option<std::time::Duration>,
    prefix: &'static str,
    world: Mutex<World>,
    journal: Mutex<Vec<Exchange>>,
}

/// An account to be played.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The token it accepts.
    pub token: String,
    /// Where its events go.
    pub target: Target,
}

impl Stage {
    /// An empty network whose ids begin like this.
    pub fn new(given: Given, pusher: Pusher, weather: Weather, prefix: &'static str) -> Stage {
        Stage { given, pusher, weather, patience: None, prefix, world: Mutex::default(), journal: Mutex::default() }
    }

    /// What was said on the wire, in order: what tests hold against the vendor's rules.
    pub fn journal(&self) -> Vec<Exchange> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn said(&self, call: Call, answer: Option<&Value>) {
        let reply = answer.map_or_else(|| Reply::of(400, Value::Null), |body| Reply::ok(body.clone()));
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        if journal.len() < PAGES {
            journal.push(Exchange { call, reply });
        }
    }

    /// What it knows.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account is subscribed anew: its hook is called again.
    pub fn listens_again(&self, account: &str) {
        let target = self.world().accounts.get(account).map(|a| a.target.hook.clone());
        if let Some(hook) = target {
            self.pusher.call_again(&hook);
        }
    }

    /// Adds an account.
    pub fn add_account(&self, account: NewAccount) {
        if let Some(patience) = self.patience {
            self.pusher.give_up_after(&account.target.hook, patience);
        }
        self.world().accounts.insert(account.id.clone(), account);
    }

    /// Everything we did there, in order.
    pub fn ledger(&self) -> Vec<Act> {
        self.world().ledger.clone()
    }

    /// What we did there after so many things.
    pub fn ledger_from(&self, read: usize) -> Vec<Act> {
        self.world().ledger.get(read..).unwrap_or_default().to_vec()
    }

    /// The next call to do something is refused with this code and subcode.
    pub fn refuse_next(&self, code: i64, subcode: i64) {
        self.world().refusals.push((code, subcode));
    }

    /// The answer to the next call of this edge is lost, after it was carried out.
    pub fn lose_next(&self, edge: &'static str) {
        self.world().lost.push(edge);
    }

    /// The next message is accepted, and fails afterwards with this code.
    pub fn fail_next(&self, code: i64) {
        self.world().failures.push(code);
    }

    /// The account's token is no longer good, or another one is.
    pub fn set_token(&self, account: &str, token: &str) {
        if let Some(account) = self.world().accounts.get_mut(account) {
            token.clone_into(&mut account.token);
        }
    }

    /// Pushes a body to the account's hook.
    pub fn push(&self, account: &str, body: &Value) {
        let target = self.world().accounts.get(account).map(|a| a.target.clone());
        if let Some(target) = target {
            self.pusher.push(&target, body);
        }
    }

    /// Pushes bytes of the caller's making, rightly signed.
    pub fn push_raw(&self, account: &str, body: Vec<u8>) {
        let target = self.world().accounts.get(account).map(|a| a.target.clone());
        if let Some(target) = target {
            self.pusher.push_raw(&target, body);
        }
    }

    /// Somebody wants to hear nothing of the account any more.
    pub fn block(&self, account: &str, person: &str) {
        self.world().keep(Kept::Blocked { account: account.to_owned(), id: person.to_owned() });
    }

    /// Puts something new there; its id.
    pub fn put(&self, item: Item) -> String {
        let mut world = self.world();
        let id = format!("{}{}", self.prefix, world.fresh());
        world.keep(Kept::Item { id: id.clone(), item: Box::new(item) });
        id
    }

    /// Notes what we did.
    pub fn note(&self, account: &str, what: &str, on: &str, text: &str, id: &str, tag: Option<String>) {
        let (page, what, on, text, id) = (account.into(), what.into(), on.into(), text.into(), id.into());
        self.world().ledger.push(Act { page, what, on, text, id, tag });
    }

    /// From now on what changes is kept for [`Stage::changes`].
    pub fn keep_changes(&self) {
        self.world().changed.get_or_insert_default();
    }

    /// What changed since the last time, in order.
    pub fn changes(&self) -> Vec<Kept> {
        self.world().changed.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Remembers what was kept.
    pub fn remember(&self, kept: Kept) {
        self.world().take(kept, self.prefix);
    }

    /// Leaves a gap in the ids, where there are any: what was made last may not have been written down.
    pub fn skip_ids(&self) {
        let mut world = self.world();
        if world.next_id > 0 {
            world.next_id += 1_000;
        }
    }

    /// The code the next message is to fail with, if any.
    pub fn next_failure(&self) -> Option<i64> {
        self.world().failures.pop()
    }
}
