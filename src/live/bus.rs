//! Passing events on to whoever listens on this node. Slow listeners lose the oldest and are told.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::store::events::Past;

/// Where events are passed on. Cheap to clone.
#[derive(Clone)]
pub struct Bus(broadcast::Sender<Arc<Past>>);

/// Events a listener may be behind.
const BEHIND: usize = 1_024;

impl Default for Bus {
    fn default() -> Bus {
        Bus(broadcast::channel(BEHIND).0)
    }
}

impl Bus {
    /// Passes an event on; nobody listening is fine.
    pub fn pass(&self, event: Arc<Past>) {
        let _ = self.0.send(event);
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Past>> {
        self.0.subscribe()
    }
}
