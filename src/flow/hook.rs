//! A network at the hook: is it who it says, and is its body safe with us?

use std::sync::{Arc, PoisonError};

use super::house::{Connected, place_of_connection};
use super::log::Log;
use super::{House, Result};
use crate::base::sign;
use crate::networks::{Forged, Handshake, Hook};
use crate::store::channels;
use crate::store::deliveries::{NewDelivery, Source};

/// A hook that was turned away.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The signature is missing or wrong.
    #[error(transparent)]
    Forged(#[from] Forged),
    /// The body cannot be kept now; come back.
    #[error("cannot keep this now: {0}")]
    Busy(String),
}

impl House {
    /// The connection a hook's token belongs to; remembered until connections change.
    ///
    /// # Errors
    /// As the database reports, or when a secret does not open.
    pub async fn connected(&self, token: &str) -> Result<Option<Arc<Connected>>> {
        let hash = sign::sha256(token.as_bytes()).to_vec();
        if let Some(known) = self.hooks.read().unwrap_or_else(PoisonError::into_inner).get(&hash) {
            return Ok(Some(Arc::clone(known)));
        }
        let mut tx = self.db.read().await?;
        let Some(connection) = channels::by_hook(&mut tx, &hash).await? else { return Ok(None) };
        let Some(network) = self.network(&connection.network) else { return Ok(None) };
        let settings = self.open(&place_of_connection(&connection), &connection.settings, &connection.secrets)?;
        let connected = Arc::new(Connected { connection, network, settings });
        self.hooks.write().unwrap_or_else(PoisonError::into_inner).insert(hash, Arc::clone(&connected));
        Ok(Some(connected))
    }
}

/// Answers a network that asks whether the hook is ours.
pub fn handshake(connected: &Connected, query: &[(String, String)]) -> Handshake {
    connected.network.handshake(&connected.settings, query).unwrap_or(Handshake::No)
}

/// Checks a hook and writes its body down; returns once it is durable.
///
/// # Errors
/// [`Refused`].
pub async fn receive(house: &House, log: &Log, connected: &Connected, hook: Hook) -> std::result::Result<(), Refused> {
    let now = house.now();
    connected.network.verify(&connected.settings, &hook, now)?;
    let delivery = NewDelivery {
        id: house.given.id(),
        brand: connected.connection.brand_id,
        connection: connected.connection.id,
        channel: None,
        source: Source::Hook,
        sha256: sign::sha256(&hook.body),
        body: hook.body,
        at: now,
    };
    log.record(delivery).await.map_err(|e| Refused::Busy(e.to_string()))
}
