//! How sockets keep time.

use std::time::Duration;

/// How the sockets of this node keep time.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The least time between two tellings to one tab.
    pub telling: Duration,
    /// The least time between two tellings of counts.
    pub counts: Duration,
    /// How often a quiet tab hears that we are there.
    pub beat: Duration,
    /// How long a tab may take to read, or to answer a beat.
    pub stalled: Duration,
    /// How long after the last key somebody still counts as writing.
    pub writing: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            telling: Duration::from_millis(250),
            counts: Duration::from_secs(1),
            beat: Duration::from_secs(25),
            stalled: Duration::from_secs(20),
            writing: Duration::from_secs(20),
        }
    }
}
