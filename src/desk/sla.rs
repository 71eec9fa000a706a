//! By when we mean to answer.

use std::time::Duration;

use super::stage::Stage;
use super::ticket::Priority;
use crate::base::At;

/// The aim for a first word back: what is urgent or about to buy within a quarter of an hour.
pub fn target(priority: Priority, stage: Stage) -> Duration {
    let minutes = match (priority, stage) {
        (Priority::Urgent, _) | (_, Stage::HotProspect) => 15,
        (Priority::High, _) => 30,
        (Priority::Normal, _) => 60,
        (Priority::Low, _) => 240,
    };
    Duration::from_secs(minutes * 60)
}

/// When somebody who waits since then should have an answer.
pub fn due(since: At, priority: Priority, stage: Stage) -> At {
    since.plus(target(priority, stage))
}
