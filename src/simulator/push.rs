//! Pushing events to hooks, as networks do: at least once, again and again until they are taken,
//! sometimes twice, in no promised order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::weather::Weather;
use crate::base::fetch::{Ask, Body, Fetch};
use crate::base::sign::hmac_sha256;
use crate::base::{At, Given};

/// Sends bodies to hooks in the background.
#[derive(Clone)]
pub struct Pusher {
    fetch: Fetch,
    given: Given,
    weather: Weather,
    stop: CancellationToken,
    pending: Arc<Pending>,
    hooks: Arc<Mutex<Hooks>>,
}

/// What is known of hooks that fail.
#[derive(Default)]
struct Hooks {
    /// How long one may fail before it is given up; others are called for ever.
    patience: BTreeMap<String, Duration>,
    failing: BTreeMap<String, At>,
    given_up: BTreeSet<String>,
    /// How often each failed so far.
    count: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Pending {
    open: AtomicU64,
    taken: AtomicU64,
    changed: Notify,
}

/// The headers of an attempt.
pub type Headers = Arc<dyn Fn() -> Vec<(&'static str, String)> + Send + Sync>;

/// Where and how one account's events are pushed.
#[derive(Debug, Clone)]
pub struct Target {
    /// The hook's URL.
    pub hook: String,
    /// The header that carries the signature.
    pub header: &'static str,
    /// What stands before it.
    pub prefix: &'static str,
    /// The secret it is made with.
    pub secret: String,
}

impl Pusher {
    /// A pusher in this weather.
    pub fn new(fetch: Fetch, given: Given, weather: Weather, stop: CancellationToken) -> Pusher {
        Pusher {
            fetch: fetch.within(Duration::from_secs(5)),
            given,
            weather,
            stop,
            pending: Arc::default(),
            hooks: Arc::default(),
        }
    }

    /// Pushes a body, escaped the way Meta escapes (`\u00e9`, `\/`): signatures are over these
    /// bytes.
    pub fn push(&self, target: &Target, body: &Value) {
        self.push_raw(target, escape(&body.to_string()).into_bytes());
    }

    /// Pushes bytes as they are.
    pub fn push_raw(&self, target: &Target, body: Vec<u8>) {
        let signature = hex::encode(hmac_sha256(target.secret.as_bytes(), &[&body]));
        self.push_signed(&target.hook, target.header, &format!("{}{signature}", target.prefix), body);
    }

    fn hooks(&self) -> MutexGuard<'_, Hooks> {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A hook that fails for so long is given up: what waits for it is dropped, and nothing more is
    /// pushed to it until [`Pusher::call_again`].
    pub fn give_up_after(&self, hook: &str, patience: Duration) {
        self.hooks().patience.insert(hook.to_owned(), patience);
    }

    /// The hook is called again.
    pub fn call_again(&self, hook: &str) {
        self.hooks().given_up.remove(hook);
    }

    /// True for a hook that was given up.
    pub fn has_given_up(&self, hook: &str) -> bool {
        self.hooks().given_up.contains(hook)
    }

    /// How often a hook failed so far.
    pub fn failures(&self, hook: &str) -> u64 {
        self.hooks().count.get(hook).copied().unwrap_or(0)
    }

    /// A hook failed; true when it is given up.
    fn failed(&self, hook: &str) -> bool {
        let now = self.given.now();
        let mut hooks = self.hooks();
        *hooks.count.entry(hook.to_owned()).or_default() += 1;
        let since = *hooks.failing.entry(hook.to_owned()).or_insert(now);
        if hooks.patience.get(hook).is_some_and(|most| now.since(since) >= *most) {
            hooks.failing.remove(hook);
            hooks.given_up.insert(hook.to_owned());
        }
        hooks.given_up.contains(hook)
    }

    /// Pushes bytes under a signature of the caller's making.
    pub fn push_signed(&self, hook: &str, header: &'static str, signature: &str, body: Vec<u8>) {
        let headers = vec![(header, signature.to_owned())];
        self.push_with(hook, Arc::new(move || headers.clone()), body);
    }

    /// Pushes bytes under headers made anew for each attempt, where signatures have a time in them.
    pub fn push_with(&self, hook: &str, headers: Headers, body: Vec<u8>) {
        if self.has_given_up(hook) {
            return;
        }
        let times = if self.given.chance(self.weather.push_twice) { 2 } else { 1 };
        for _ in 0..times {
            self.pending.open.fetch_add(1, Ordering::SeqCst);
            let (this, hook, body) = (self.clone(), hook.to_owned(), body.clone());
            let headers = Arc::clone(&headers);
            let longest = u64::try_from(self.weather.push_delay.as_millis()).unwrap_or(0);
            let wait = Duration::from_millis(self.given.below(longest + 1));
            tokio::spawn(async move { this.deliver(hook, headers, body, wait).await });
        }
    }

    async fn deliver(self, hook: String, headers: Headers, body: Vec<u8>, first: Duration) {
        let mut wait = first;
        loop {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.stop.cancelled() => break,
            }
            if self.has_given_up(&hook) {
                break;
            }
            let ask = Ask::post(&hook).body(Body::Raw(body.clone(), "application/json"));
            let ask = headers().into_iter().fold(ask, |ask, (name, value)| ask.header(name, value));
            match self.fetch.call(ask).await {
                Ok(answer) if answer.ok() => {
                    self.pending.taken.fetch_add(1, Ordering::SeqCst);
                    self.hooks().failing.remove(&hook);
                    break;
                }
                _ if self.failed(&hook) => break,
                // Meta: immediately, then less and less often, up to 36 hours; here a little faster.
                _ => wait = (wait * 2).clamp(Duration::from_millis(50), Duration::from_secs(2)),
            }
        }
        self.pending.open.fetch_sub(1, Ordering::SeqCst);
        self.pending.changed.notify_waiters();
    }

    /// Waits until every push was taken.
    pub async fn all_taken(&self) {
        loop {
            let changed = self.pending.changed.notified();
            if self.all_are_taken() {
                return;
            }
            changed.await;
        }
    }

    /// True when no push is under way.
    pub fn all_are_taken(&self) -> bool {
        self.pending.open.load(Ordering::SeqCst) == 0
    }

    /// How many pushes were taken so far.
    pub fn taken(&self) -> u64 {
        self.pending.taken.load(Ordering::SeqCst)
    }
}

/// ASCII only, slashes escaped: source developers.facebook.com/docs/graph-api/webhooks/
/// getting-started (“we generate the signature using an escaped unicode version of the payload”).
fn escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}
