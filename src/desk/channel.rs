//! One connected page, profile, number or mailbox, and the connection it belongs to.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::budget::Spent;
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, ConnectionId};
use crate::words;

words! {
    /// How a channel is.
    pub enum ChannelState {
        /// Receives and sends.
        Active = "active",
        /// Somebody paused it.
        Paused = "paused",
        /// The network asks for a new login; receives by hook, sends nothing.
        NeedsReauth = "needs_reauth",
    }
}

words! {
    /// What keeps a channel from working while its login is good.
    pub enum Hindrance {
        /// The network does not answer: it is tried again and again.
        Unreachable = "unreachable",
        /// The network does not let us read, whoever logs in.
        Refused = "refused",
    }
}

words! {
    /// How a channel is to those who look, in a word.
    pub enum Health {
        /// Receives and sends.
        Active = "active",
        /// Somebody paused it.
        Paused = "paused",
        /// The network asks for a new login.
        NeedsReauth = "needs_reauth",
        /// The time the login was good for is over.
        Expired = "expired",
        /// The network does not let us read.
        Refused = "refused",
        /// The network wants quiet for a while.
        Quiet = "quiet",
        /// The network does not answer.
        Unreachable = "unreachable",
    }
}

/// A channel as stored, without its secrets.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Channel {
    /// Whose row this is.
    pub id: ChannelId,
    /// The brand it speaks for.
    pub brand_id: BrandId,
    /// The login it came with.
    pub connection_id: ConnectionId,
    /// The network's slug.
    pub network: String,
    /// The name people see.
    pub name: String,
    /// The network's own id of the page, profile, number or address.
    pub account: String,
    /// How it is.
    pub state: ChannelState,
    /// Why it is not active, in the network's words.
    pub state_why: Option<String>,
    /// Until when calls would only prolong a throttle.
    pub quiet_until: Option<At>,
    /// What the network last said of its quota, in percent used.
    pub usage: Option<i64>,
    /// Last event received.
    pub last_in_at: Option<At>,
    /// Last answer accepted by the network.
    pub last_out_at: Option<At>,
    /// When it was last read for holes.
    pub polled_at: Option<At>,
    /// Until when its login is good, as far as the network says.
    pub login_until: Option<At>,
    /// What keeps it from working while its login is good.
    pub hindered: Option<Hindrance>,
    /// In the network's words, or those of the connection.
    pub hindered_why: Option<String>,
    /// Since when.
    pub hindered_since: Option<At>,
}

impl Channel {
    /// How it is at this hour: of several troubles the one only a person can end comes first.
    pub fn health(&self, now: At) -> Health {
        match (self.state, self.hindered) {
            (ChannelState::Paused, _) => Health::Paused,
            (ChannelState::NeedsReauth, _) => Health::NeedsReauth,
            (ChannelState::Active, _) if self.login_until.is_some_and(|until| until <= now) => Health::Expired,
            (ChannelState::Active, Some(Hindrance::Refused)) => Health::Refused,
            (ChannelState::Active, _) if self.quiet_until.is_some_and(|until| until > now) => Health::Quiet,
            (ChannelState::Active, Some(Hindrance::Unreachable)) => Health::Unreachable,
            (ChannelState::Active, None) => Health::Active,
        }
    }

    /// Why it is like that, in the network's words or those of the connection.
    pub fn why(&self, now: At) -> Option<&str> {
        match self.health(now) {
            Health::NeedsReauth => self.state_why.as_deref(),
            Health::Refused | Health::Unreachable => self.hindered_why.as_deref(),
            Health::Active | Health::Paused | Health::Expired | Health::Quiet => None,
        }
    }
}

/// Settings of a connection or channel: plain ones and secrets apart.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    plain: BTreeMap<String, String>,
    secret: BTreeMap<String, SecretString>,
}

impl Settings {
    /// From the stored halves: a JSON object of plain values and one of secrets.
    pub fn from_json(plain: &Value, secret: &Value) -> Settings {
        let pairs = |v: &Value| -> Vec<(String, String)> {
            let object = v.as_object().into_iter().flatten();
            object.filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect()
        };
        Settings {
            plain: pairs(plain).into_iter().collect(),
            secret: pairs(secret).into_iter().map(|(k, v)| (k, SecretString::from(v))).collect(),
        }
    }

    /// Sets a plain value.
    pub fn set(&mut self, key: &str, value: &str) {
        self.plain.insert(key.to_owned(), value.to_owned());
    }

    /// Sets a secret.
    pub fn set_secret(&mut self, key: &str, value: &str) {
        self.secret.insert(key.to_owned(), SecretString::from(value.to_owned()));
    }

    /// A value, plain or secret; nothing when it is absent or empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        let plain = self.plain.get(key).map(String::as_str);
        plain.or_else(|| self.secret.get(key).map(ExposeSecret::expose_secret)).filter(|v| !v.is_empty())
    }

    /// The plain half, for storing.
    pub fn plain_json(&self) -> Value {
        self.plain.iter().map(|(k, v)| (k.clone(), Value::from(v.as_str()))).collect::<serde_json::Map<_, _>>().into()
    }

    /// The secret half, for sealing; never for showing.
    pub fn secret_json(&self) -> Value {
        let pairs = self.secret.iter().map(|(k, v)| (k.clone(), Value::from(v.expose_secret())));
        pairs.collect::<serde_json::Map<_, _>>().into()
    }

    /// Both together, the right side winning.
    #[must_use]
    pub fn with(&self, over: &Settings) -> Settings {
        let mut both = self.clone();
        both.plain.extend(over.plain.iter().map(|(k, v)| (k.clone(), v.clone())));
        both.secret.extend(over.secret.iter().map(|(k, v)| (k.clone(), v.clone())));
        both
    }
}

/// A channel with everything a network needs to speak for it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The channel's row.
    pub channel: ChannelId,
    /// The network's own id of it.
    pub id: String,
    /// The name people see.
    pub name: String,
    /// A key of this channel's own, the same after a restart, for marks nobody else can make.
    pub key: [u8; 32],
    /// The connection's settings, overlaid with the channel's.
    pub settings: Settings,
    /// The whole address of its connection's hook, for networks that push.
    pub hook: Option<String>,
    /// When it was connected.
    pub since: At,
    /// What its connection used of the network's daily budget, where there is one.
    pub spent: Spent,
}

impl Account {
    /// A setting this network cannot work without.
    ///
    /// # Errors
    /// A sentence naming the missing key.
    pub fn need(&self, key: &str) -> Result<&str, String> {
        self.settings.get(key).ok_or_else(|| format!("the setting “{key}” is missing"))
    }
}
