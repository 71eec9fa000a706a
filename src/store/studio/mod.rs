//! What the bot's studio keeps: drafts, releases, replays, verdicts, trials, proposals.

pub mod changes;
pub mod proposals;
pub mod releases;
pub mod replays;
pub mod sample;
pub mod trials;
pub mod verdicts;
