//! How much is under way at once: so much at each network, so much for each of its connections. Who
//! hangs keeps their own places and nobody else's. Whoever finds none free comes again: what is due
//! stays due.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::base::id::ConnectionId;

/// What is done at networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Work {
    /// Reading what is new.
    Read,
    /// Looking after subscriptions.
    Tend,
    /// Renewing logins.
    Renew,
    /// Sending.
    Send,
    /// Looking for what may have been sent.
    Look,
    /// Asking for what a hook only named.
    Errand,
}

impl Work {
    /// The most at a network, and for one of its connections. Channels of a connection share its quota,
    /// so they are read one after another.
    fn most(self) -> (usize, usize) {
        match self {
            Work::Read | Work::Tend | Work::Renew => (32, 1),
            Work::Send => (64, 8),
            Work::Look | Work::Errand => (32, 2),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Whose {
    Network(String),
    Connection(ConnectionId),
}

/// The places that are taken.
#[derive(Debug, Default)]
pub struct Places(Mutex<HashMap<(Work, Whose), usize>>);

/// A place; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    of: [(Work, Whose); 2],
}

impl Places {
    fn taken(&self) -> MutexGuard<'_, HashMap<(Work, Whose), usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place, if one is free.
    pub fn take(self: &Arc<Self>, work: Work, network: &str, connection: ConnectionId) -> Option<Place> {
        let of = [(work, Whose::Network(network.to_owned())), (work, Whose::Connection(connection))];
        let (at_network, for_connection) = work.most();
        let mut taken = self.taken();
        let is_free = |key: &(Work, Whose), most: usize| taken.get(key).is_none_or(|n| *n < most);
        if !is_free(&of[0], at_network) || !is_free(&of[1], for_connection) {
            return None;
        }
        for key in &of {
            *taken.entry(key.clone()).or_default() += 1;
        }
        drop(taken);
        Some(Place { places: Arc::clone(self), of })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        for key in &self.of {
            if let Some(n) = taken.get_mut(key) {
                *n -= 1;
                if *n == 0 {
                    taken.remove(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_hangs_keeps_their_own_places_and_nobody_elses() {
        let places = Arc::new(Places::default());
        let connection = |n: u128| ConnectionId(Uuid::from_u128(n));
        // One connection takes what it can get.
        let hanging: Vec<Place> = (0..100).filter_map(|_| places.take(Work::Send, "facebook", connection(1))).collect();
        assert_eq!(hanging.len(), 8);
        // Many connections of one network: all of its places, and none of another's.
        let more: Vec<Place> = (2..100).filter_map(|n| places.take(Work::Send, "facebook", connection(n))).collect();
        assert_eq!(more.len(), 56);
        assert!(places.take(Work::Send, "x", connection(200)).is_some());
        assert!(places.take(Work::Read, "facebook", connection(1)).is_some(), "reading is no sending");
        drop(hanging);
        assert!(places.take(Work::Send, "facebook", connection(300)).is_some());
        drop(more);
        assert!(places.taken().is_empty());
    }
}
