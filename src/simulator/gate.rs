//! A gate behind which a network's answers wait: so that what it pushes about them comes first, as
//! it sometimes does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

/// The gate; closed from the beginning.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    waiting: AtomicUsize,
    passes: Semaphore,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate(Arc::new(Inner { waiting: AtomicUsize::new(0), passes: Semaphore::new(0) }))
    }
}

impl Gate {
    /// An answer waits here until it is let through.
    pub async fn wait(&self) {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        if let Ok(pass) = self.0.passes.acquire().await {
            pass.forget();
        }
    }

    /// True when an answer has come to the gate and was not let through yet.
    pub fn holds_one(&self) -> bool {
        self.0.waiting.load(Ordering::SeqCst) > 0
    }

    /// Lets one answer through that waits.
    pub fn let_through(&self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.passes.add_permits(1);
    }
}
