//! What every use case has at hand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;

use super::Result;
use super::connect;
use super::library::File;
use super::places::Places;
use crate::base::fetch::Fetch;
use crate::base::id::{AnyId, BrandId, ChannelId, TeamId};
use crate::base::seal::KeyRing;
use crate::base::{At, Given};
use crate::desk::brakes::Brake;
use crate::desk::budget::Spent;
use crate::desk::calibration::Aims;
use crate::desk::canned::Library;
use crate::desk::channel::{Account, Channel, Settings};
use crate::desk::faq::Faq;
use crate::desk::limits::Limits;
use crate::desk::message::Visibility;
use crate::desk::ticket::Ticket;
use crate::desk::triage::Rulebook;
use crate::networks::{Line, Network};
use crate::store::channels::{self, Connection};
use crate::store::{Db, Tx, teams};

/// Figures that installations may set.
#[derive(Debug, Clone)]
pub struct Tuning {
    /// How long a person's reply can be taken back: public replies, and private ones.
    pub hold_public: Duration,
    /// See `hold_public`.
    pub hold_private: Duration,
    /// How long an automatic answer is held: public ones, and private ones.
    pub hold_bot_public: Duration,
    /// See `hold_bot_public`.
    pub hold_bot_private: Duration,
    /// A file that stops every bot while it exists.
    pub stop_file: Option<std::path::PathBuf>,
    /// Overrides how long networks may still carry out what we gave up on.
    pub settle: Option<Duration>,
    /// How long a sender holds its claim.
    pub lease: Duration,
    /// How often channels are read for holes.
    pub poll_every: Duration,
    /// How long one reading of a channel may take.
    pub patience: Duration,
    /// A policy that resends what had no answer, as if it were sure to be lost. It exists to show
    /// that the harness finds the doubles it makes; nothing but that test sets it.
    pub resend_blindly: bool,
    /// How many times livelier than a real desk the bot may be by the hour; 1 but in the demo.
    pub lively: i64,
    /// How sure entries have to be to answer by themselves on evidence.
    pub aims: Aims,
    /// True in the demo: pages say that nothing leaves the machine.
    pub demo: bool,
    /// The brakes that are looked at: all of them, but in the test that takes each away in turn.
    pub brakes: Vec<Brake>,
}

impl Default for Tuning {
    fn default() -> Tuning {
        Tuning {
            hold_public: Duration::from_secs(10),
            hold_private: Duration::from_secs(5),
            hold_bot_public: Duration::from_mins(2),
            hold_bot_private: Duration::from_secs(30),
            stop_file: None,
            settle: None,
            lease: Duration::from_mins(1),
            poll_every: Duration::from_mins(15),
            patience: Duration::from_mins(3),
            resend_blindly: false,
            lively: 1,
            aims: Aims::default(),
            demo: false,
            brakes: Brake::ALL.to_vec(),
        }
    }
}

/// Rung when there is something to do, so that nobody waits for the next slow look.
#[derive(Debug, Default)]
pub struct Bells {
    /// A body was written into the log.
    pub intake: Notify,
    /// A reply was written into the outbox.
    pub outbox: Notify,
    /// A customer wrote.
    pub bot: Notify,
    /// The bot asks a connector.
    pub calls: Notify,
    /// An errand was noted.
    pub errands: Notify,
    /// Somebody wants to see what the bot missed now.
    pub missed: Notify,
    /// A channel was connected, paused, or has a new login.
    pub channels: Notify,
    /// A replay was asked for.
    pub replay: Notify,
    /// Never rung: for what only the hour moves.
    pub silent: Notify,
}

/// What every use case has at hand. Cheap to clone.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub db: Db,
    /// The clock and the dice.
    pub given: Given,
    /// The keys secrets are sealed with.
    pub keys: KeyRing,
    /// The way out.
    pub fetch: Fetch,
    /// The networks spoken here.
    pub networks: &'static [&'static dyn Network],
    /// Lexicons and rules.
    pub rules: Arc<Rulebook>,
    /// This node: the same after a restart, another one on another machine.
    pub node: AnyId,
    /// The address people and networks reach us by, without a slash at its end.
    pub site: Arc<str>,
    /// Figures that installations may set.
    pub tuning: Arc<Tuning>,
    /// Rung when there is something to do.
    pub bells: Arc<Bells>,
    pub(super) hooks: Arc<RwLock<HashMap<Vec<u8>, Arc<Connected>>>>,
    pub(super) known_teams: Arc<Mutex<HashMap<BrandId, Arc<Teams>>>>,
    pub(super) libraries: Arc<Mutex<HashMap<BrandId, Arc<Library>>>>,
    pub(super) places: Arc<Places>,
    pub(super) faqs: Arc<Mutex<HashMap<BrandId, Arc<Faq>>>>,
    pub(super) studio: Arc<super::studio::Memory>,
    /// The canned replies a new brand begins with.
    pub starter: Arc<Vec<File>>,
}

/// A brand's teams by slug.
pub type Teams = HashMap<String, TeamId>;

/// A connection with its secrets opened, as the hook needs it.
pub struct Connected {
    /// The row.
    pub connection: Connection,
    /// Its network.
    pub network: &'static dyn Network,
    /// Its settings and secrets.
    pub settings: Settings,
}

/// What a house is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The clock and the dice.
    pub given: Given,
    /// The keys secrets are sealed with.
    pub keys: KeyRing,
    /// The way out.
    pub fetch: Fetch,
    /// The networks spoken here.
    pub networks: &'static [&'static dyn Network],
    /// Lexicons and rules.
    pub rules: Rulebook,
    /// The canned replies a new brand begins with.
    pub starter: Vec<File>,
    /// This node.
    pub node: AnyId,
    /// The address people and networks reach us by, without a slash at its end.
    pub site: Arc<str>,
    /// Figures that installations may set.
    pub tuning: Tuning,
}

impl House {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> House {
        House {
            db: parts.db,
            given: parts.given,
            keys: parts.keys,
            fetch: parts.fetch,
            networks: parts.networks,
            rules: Arc::new(parts.rules),
            node: parts.node,
            site: parts.site,
            tuning: Arc::new(parts.tuning),
            bells: Arc::default(),
            hooks: Arc::default(),
            known_teams: Arc::default(),
            libraries: Arc::default(),
            places: Arc::default(),
            faqs: Arc::default(),
            studio: Arc::default(),
            starter: Arc::new(parts.starter),
        }
    }

    /// The hour.
    pub fn now(&self) -> At {
        self.given.now()
    }

    /// The network of this slug.
    pub fn network(&self, slug: &str) -> Option<&'static dyn Network> {
        self.networks.iter().copied().find(|n| n.slug() == slug)
    }

    /// What a ticket's network allows there. Files go along in private conversations only.
    pub fn limits_of(&self, ticket: &Ticket) -> Limits {
        let limits = self.network(&ticket.network).map(|n| n.limits_for(ticket.kind)).unwrap_or_default();
        Limits { files: limits.files.filter(|_| ticket.visibility == Visibility::Private), ..limits }
    }

    /// A channel with everything its network needs.
    ///
    /// # Errors
    /// When a secret does not open.
    pub async fn account(&self, tx: &mut Tx, channel: &Channel) -> Result<Account> {
        let connection = channels::connection(tx, channel.brand_id, channel.connection_id).await?;
        let kept = channels::kept(tx, channel.brand_id, channel.id).await?;
        let shared = self.open(&place_of_connection(&connection), &connection.settings, &connection.secrets)?;
        let own = self.open(&place_of_channel(channel.id), &kept.settings, &kept.secrets)?;
        let key = self.keys.derive(&format!("channels.marks/{}", channel.id));
        let (id, name) = (channel.account.clone(), channel.name.clone());
        let network = self.network(&channel.network);
        let path = network.and_then(|n| connect::hook_path(self, n, &connection).ok().flatten());
        let hook = path.map(|path| format!("{}{path}", self.site));
        let spent = Spent {
            day: connection.spent_day.unwrap_or_default(),
            units: u64::try_from(connection.spent).unwrap_or(0),
        };
        let (settings, since) = (shared.with(&own), kept.created_at);
        Ok(Account { channel: channel.id, id, name, key, settings, hook, since, spent })
    }

    /// Writes down what calls cost of their network's daily budget.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn charge(&self, tx: &mut Tx, channel: &Channel, line: &Line<'_>) -> Result<()> {
        let budget = self.network(&channel.network).and_then(|n| n.budget(&line.account.settings));
        if let Some(budget) = budget.filter(|_| line.cost() > 0) {
            let units = i64::try_from(line.cost()).unwrap_or(i64::MAX);
            let day = budget.day(line.now);
            channels::charge(tx, channel.brand_id, channel.connection_id, &day, units).await?;
        }
        Ok(())
    }

    /// Opens sealed settings.
    ///
    /// # Errors
    /// When they do not open.
    pub fn open(&self, place: &str, plain: &Value, sealed: &[u8]) -> Result<Settings> {
        let secret = self.keys.open_sealed(place, sealed)?;
        let secret = serde_json::from_slice(&secret).map_err(anyhow::Error::from)?;
        Ok(Settings::from_json(plain, &secret))
    }

    /// Seals the secret half of settings.
    pub fn seal(&self, place: &str, settings: &Settings) -> Vec<u8> {
        self.keys.seal(place, settings.secret_json().to_string().as_bytes())
    }

    /// A brand's teams by slug, remembered: teams are added seldom and never renamed.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn teams(&self, tx: &mut Tx, brand: BrandId) -> Result<Arc<HashMap<String, TeamId>>> {
        let known =
            |house: &House| house.known_teams.lock().unwrap_or_else(PoisonError::into_inner).get(&brand).cloned();
        if let Some(teams) = known(self) {
            return Ok(teams);
        }
        let rows = teams::all(tx, brand).await?;
        let teams: Arc<HashMap<String, TeamId>> = Arc::new(rows.into_iter().map(|t| (t.slug, t.id)).collect());
        self.known_teams.lock().unwrap_or_else(PoisonError::into_inner).insert(brand, Arc::clone(&teams));
        Ok(teams)
    }

    /// Forgets what was remembered of connections and teams: something about them has changed.
    pub fn forget(&self) {
        self.hooks.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.known_teams.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Where a connection's secrets are sealed for.
pub fn place_of_connection(c: &Connection) -> String {
    format!("connections.secrets/{}", c.id)
}

/// The channels of a brand whose secrets do not open with these keys, by name: for operators.
///
/// # Errors
/// As the database reports.
pub async fn shut(tx: &mut Tx, keys: &KeyRing, brand: BrandId) -> crate::store::Result<Vec<String>> {
    let mut shut = Vec::new();
    for channel in channels::of_brand(tx, brand).await? {
        let connection = channels::connection(tx, brand, channel.connection_id).await?;
        let kept = channels::kept(tx, brand, channel.id).await?;
        let opens = keys.open_sealed(&place_of_connection(&connection), &connection.secrets).is_ok()
            && keys.open_sealed(&place_of_channel(channel.id), &kept.secrets).is_ok();
        if !opens {
            shut.push(channel.name);
        }
    }
    Ok(shut)
}

/// Where a channel's secrets are sealed for.
pub fn place_of_channel(id: ChannelId) -> String {
    format!("channels.secrets/{id}")
}
