//! One file per network: how it signs, what its events mean, how it is answered, what its refusals
//! say. Networks speak their protocols and know the desk's words; they never see the database.
//!
//! A new network is one file here, one in `simulator/`, and one line in [`NETWORKS`]: the hook
//! route, the connect form, filters, the health card and the contract tests follow from the list.

pub mod bridge;
pub mod email;
pub mod facebook;
pub mod instagram;
pub mod linkedin;
pub mod meta;
pub mod oauth;
pub mod threads;
pub mod tiktok;
pub mod unfit;
pub mod whatsapp;
pub mod wire;
pub mod x;
pub mod youtube;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use crate::base::At;
use crate::base::dial::{Security, Wire};
use crate::base::fetch::{Answer, Ask, Fetch, Trouble};
use crate::desk::approved::Approved;
use crate::desk::budget::Budget;
use crate::desk::channel::{Account, Settings};
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::Limits;
use crate::desk::message::Kind;
use crate::desk::outbound::{LookBack, Outbound, Outcome, Refusal};

/// Every network Guichet speaks.
pub static NETWORKS: &[&dyn Network] = &[
    &facebook::Facebook,
    &instagram::Instagram,
    &whatsapp::Whatsapp,
    &threads::Threads,
    &x::X,
    &youtube::YouTube,
    &linkedin::LinkedIn,
    &tiktok::TikTok,
    &email::Email,
    &bridge::Bridge,
];

/// True where a host is this domain, or below it.
pub fn is_of(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The network of this slug.
pub fn find(slug: &str) -> Option<&'static dyn Network> {
    NETWORKS.iter().copied().find(|n| n.slug() == slug)
}

/// What a network is to people: its name and what is needed to connect it.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// Name as the vendor writes it.
    pub name: &'static str,
    /// One sentence on what comes in, in French and English.
    pub brings: (&'static str, &'static str),
    /// What is asked for when connecting, in order.
    pub fields: &'static [Field],
    /// The field that names our account there.
    pub account: &'static str,
    /// Where the vendor says how to get these values.
    pub help: &'static str,
    /// True when it pushes events to a hook URL.
    pub hooks: bool,
}

/// One field of the connect form.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The key in `--set KEY=VALUE`, after the vendor's own word.
    pub key: &'static str,
    /// What it is, in French and English.
    pub label: (&'static str, &'static str),
    /// Kept sealed, never shown again.
    pub secret: bool,
    /// Cannot be left out.
    pub required: bool,
    /// Belongs to the connection (shared by its channels) rather than to the channel.
    pub shared: bool,
}

impl Field {
    /// A field: its key and label, whether it is secret, required, and the connection’s.
    pub const fn of(
        key: &'static str,
        label: (&'static str, &'static str),
        secret: bool,
        required: bool,
        shared: bool,
    ) -> Field {
        Field { key, label, secret, required, shared }
    }
}

/// A hook as it arrived: headers with lower-case names, and the raw body.
#[derive(Debug, Clone, Default)]
pub struct Hook {
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Bytes, untouched.
    pub body: Vec<u8>,
}

impl Hook {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A hook that does not bear our network's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is missing or does not match")]
pub struct Forged;

/// A body that is not what this network sends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// The answer to a network that asks whether we are who we say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handshake {
    /// Yes: 200 with this body and media type.
    Yes(String, &'static str),
    /// The token is not ours: 403.
    No,
}

/// Why a network refused to tell or do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// For now.
    #[error("{1}")]
    Later(Option<Duration>, String),
    /// Until somebody logs in again.
    #[error("{0}")]
    Reconnect(String),
    /// For good.
    #[error("{1}")]
    Never(Refusal, String),
}

impl From<Trouble> for Refused {
    fn from(trouble: Trouble) -> Refused {
        match trouble {
            Trouble::Forbidden(f) => Refused::Never(Refusal::Invalid, f.to_string()),
            other => Refused::Later(None, other.to_string()),
        }
    }
}

/// How much of a quota is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Percent used, the highest the network named.
    pub percent: Option<u8>,
    /// How long calls would only prolong a block.
    pub quiet_for: Option<Duration>,
}

/// The line to a network while something is done for one account.
pub struct Line<'a> {
    /// For whom.
    pub account: &'a Account,
    /// The hour.
    pub now: At,
    fetch: &'a Fetch,
    usage: Mutex<Usage>,
    noted: Mutex<Noted>,
}

/// What was noted on a line beside what it was opened for.
#[derive(Debug, Clone, Default)]
struct Noted {
    /// Units of the daily budget its calls cost.
    cost: u64,
    /// When the network should be read again, if not at the usual hour.
    again: Option<Duration>,
    /// Whether the network answered the last time it was asked, and if not, why.
    reach: Option<Result<(), String>>,
}

impl<'a> Line<'a> {
    /// Opens a line.
    pub fn new(account: &'a Account, fetch: &'a Fetch, now: At) -> Line<'a> {
        Line { account, now, fetch, usage: Mutex::default(), noted: Mutex::default() }
    }

    /// Makes one call.
    ///
    /// # Errors
    /// [`Trouble`] when no whole answer came.
    pub async fn call(&self, ask: Ask) -> Result<Answer, Trouble> {
        let answered = self.fetch.call(ask).await;
        match &answered {
            // Who stands before the network answers in its place: RFC 9110, 15.6.
            Ok(answer) if matches!(answer.status, 502..=504) => self.reached(Err(format!("HTTP {}", answer.status))),
            Ok(_) => self.reached(Ok(())),
            Err(Trouble::Forbidden(_)) => {}
            Err(trouble) => self.reached(Err(trouble.to_string())),
        }
        answered
    }

    /// Connects to a host and port, for networks that do not speak HTTP. At most `cap` bytes are read.
    ///
    /// # Errors
    /// [`Trouble`] when there is no connection; nothing was told to anybody.
    pub async fn dial(&self, host: &str, port: u16, security: Security, cap: usize) -> Result<Wire, Trouble> {
        let wire = self.fetch.dial(host, port, security, cap).await;
        match &wire {
            Ok(_) => self.reached(Ok(())),
            Err(Trouble::Forbidden(_)) => {}
            Err(trouble) => self.reached(Err(trouble.to_string())),
        }
        wire
    }

    fn reached(&self, reach: Result<(), String>) {
        self.noted().reach = Some(reach);
    }

    /// Whether the network answered the last time it was asked, and if not, why; none when nothing was
    /// asked.
    pub fn reach(&self) -> Option<Result<(), String>> {
        self.noted().reach.clone()
    }

    /// Remembers what the network said of its quota: the worse of this and what was said before.
    pub fn note(&self, usage: Usage) {
        let mut known = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        known.percent = known.percent.max(usage.percent);
        known.quiet_for = known.quiet_for.max(usage.quiet_for);
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts what a call costs of the network's daily budget, whatever came of it.
    pub fn spend(&self, units: u64) {
        self.noted().cost += units;
    }

    /// What the calls on this line cost.
    pub fn cost(&self) -> u64 {
        self.noted().cost
    }

    /// What is used of a budget today, with the calls on this line.
    pub fn used(&self, budget: &Budget) -> u64 {
        budget.used(&self.account.spent, self.now) + self.cost()
    }

    /// Asks to be read again after this long, sooner or later than usual.
    pub fn again_after(&self, wait: Duration) {
        self.noted().again = Some(wait);
    }

    /// When to read again, where a poll has asked for it.
    pub fn again(&self) -> Option<Duration> {
        self.noted().again
    }

    /// What was said of the quota on this line.
    pub fn usage(&self) -> Usage {
        *self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a check of a login found, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkup {
    /// The account's name at the network.
    pub name: Option<String>,
    /// What does not work, each with what to do, in French and English.
    pub problems: Vec<(String, String)>,
    /// What goes without, though the login works, in the same way.
    pub missing: Vec<(String, String)>,
    /// What this login may do: words of `Action`, and `receive`.
    pub can: Vec<&'static str>,
}

/// What a poll read: one document, kept whole in the log, for [`Network::read_poll`].
#[derive(Debug, Clone, PartialEq)]
pub struct Polled {
    /// The document; none when there was nothing.
    pub body: Option<Vec<u8>>,
    /// Where to go on next time, in the network's own terms.
    pub cursor: Option<String>,
    /// True when there is more to be read at once.
    pub more: bool,
}

/// What came of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// There may be something new: poll now.
    News,
    /// Nothing in all that time: wait again.
    Nothing,
    /// This network cannot be waited for.
    Never,
}

/// A login its network has renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    /// What is different now, by the keys of the card: kept sealed where the card says secret.
    pub settings: Vec<(String, String)>,
    /// Until when the login is good, for people to see; none where they need not know.
    pub until: Option<At>,
    /// When to renew it next.
    pub again: At,
}

/// What to poll for.
#[derive(Debug, Clone, Default)]
pub struct PollFrom {
    /// Everything since then.
    pub since: At,
    /// Where the last poll stopped.
    pub cursor: Option<String>,
    /// Publications with recent exchanges, whose comments should be read too.
    pub posts: Vec<String>,
}

/// One social network. Stateless: the account is passed in, so one value serves every channel.
#[async_trait]
pub trait Network: Send + Sync + 'static {
    /// Short name in URLs, database and fixtures.
    fn slug(&self) -> &'static str;

    /// What people see of it.
    fn card(&self) -> Card;

    /// What it allows.
    fn limits(&self) -> Limits;

    /// What it allows for messages of this kind, where kinds differ (a live chat takes less than a
    /// comment).
    fn limits_for(&self, _kind: Kind) -> Limits {
        self.limits()
    }

    /// How many messages it takes in a private conversation before the person answers; none: any
    /// number.
    fn most_unanswered(&self) -> Option<usize> {
        None
    }

    /// After how many refusals in a row, for one reason, its channel is halted until a person has
    /// looked: where a run of them means that nothing at all will be taken.
    fn halts_after(&self) -> Option<i64> {
        None
    }

    /// What it gives a day, where that has to be counted here.
    fn budget(&self, _settings: &Settings) -> Option<Budget> {
        None
    }

    /// Answers the network's question whether the hook is ours; none when this is no such question.
    fn handshake(&self, _settings: &Settings, _query: &[(String, String)]) -> Option<Handshake> {
        None
    }

    /// True where a person may be known by several ids, or by one that changes: then a conversation
    /// follows the person, whichever of them is named.
    fn ids_change(&self) -> bool {
        false
    }

    /// Checks a hook's signature over its raw bytes.
    ///
    /// # Errors
    /// [`Forged`] when it is missing or wrong, or no secret is set.
    fn verify(&self, _settings: &Settings, _hook: &Hook, _now: At) -> Result<(), Forged> {
        Err(Forged)
    }

    /// Reads a hook's body: pure, and never stopped by one element.
    ///
    /// # Errors
    /// [`Unreadable`] when the body as a whole is nothing this network sends.
    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable>;

    /// Reads the document of a poll.
    ///
    /// # Errors
    /// [`Unreadable`], as for hooks.
    fn read_poll(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        self.read(body)
    }

    /// Reads what hooks may have missed.
    async fn poll(&self, line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused>;

    /// Waits until there may be something new, on a connection of its own, and returns within ten
    /// minutes in any case. Whoever answers anything but [`Waited::Never`] is waited for all the time,
    /// beside the polls.
    async fn wait(&self, _line: &Line<'_>, _from: &PollFrom) -> Result<Waited, Refused> {
        Ok(Waited::Never)
    }

    /// The bytes of an attachment that came within a message's own body: cut out of that body, by the
    /// message's key and the part's place in it.
    fn part(&self, _body: &[u8], _key: &str, _place: usize) -> Option<Vec<u8>> {
        None
    }

    /// Asks for what a hook only named: author, text, post.
    async fn hydrate(&self, line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused>;

    /// Does one thing.
    async fn send(&self, line: &Line<'_>, out: &Outbound) -> Outcome;

    /// Looks whether something whose outcome is unknown was done.
    async fn look_back(&self, line: &Line<'_>, out: &Outbound) -> LookBack;

    /// Tries the login and says in words what works and what is missing.
    async fn check(&self, line: &Line<'_>) -> Checkup;

    /// Keeps subscriptions alive; called once an hour.
    async fn tend(&self, _line: &Line<'_>) -> Result<(), Refused> {
        Ok(())
    }

    /// The texts it has approved beforehand for this account; none where there is no such thing. Asked
    /// for once an hour.
    async fn approved(&self, _line: &Line<'_>) -> Result<Option<Vec<Approved>>, Refused> {
        Ok(None)
    }

    /// The bytes of something that came with a message and has no address of its own, only an id.
    async fn media(&self, _line: &Line<'_>, _id: &str) -> Result<Vec<u8>, Refused> {
        Err(Refused::Never(Refusal::Unsupported, "media have addresses here".into()))
    }

    /// How long after somebody logged in the login is renewed for the first time; none: logins here
    /// do not age, or cannot be renewed.
    fn renew_after(&self) -> Option<Duration> {
        None
    }

    /// Renews the login; none when this one does not age. Called for one channel at a time, on one
    /// node, when it is due, and at once when the login was refused. What comes back is stored
    /// before anything else is done: some networks take the old one away with the first answer.
    async fn renew(&self, _line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        Ok(None)
    }

    /// What the connect form asks for before somebody is sent to the network's own page to log in;
    /// empty where there is no such page.
    fn login_asks(&self) -> &'static [&'static str] {
        &[]
    }

    /// The address of that page.
    fn authorize(&self, _settings: &Settings, _ask: &oauth::Authorize) -> Option<String> {
        None
    }

    /// Redeems what somebody came back with: the accounts they may speak for.
    async fn redeem(&self, _line: &Line<'_>, _code: &oauth::Code) -> Result<Vec<oauth::Identity>, Refused> {
        Ok(Vec::new())
    }

    /// Media hosts this network serves pictures from; only these are fetched for show.
    fn media_hosts(&self) -> &'static [&'static str] {
        &[]
    }

    /// True where what came to this account may be fetched from that host, for show. Simulated networks
    /// stand on this machine; whether it may be called at all is the guard's to say.
    fn shows_from(&self, _settings: &Settings, host: &str) -> bool {
        let here = host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        here || self.media_hosts().iter().any(|known| is_of(host, known))
    }
}
