//! Guichet: a customer-service inbox where every network's comments, mentions and messages become
//! one ticket queue.
//!
//! The layers, in order; each may use those before it, never those after:
//!
//! - [`base`]: time, dice, secrets, bytes, words, the way out. Knows nothing of customers.
//! - [`desk`]: the domain. Data and decisions; no input or output, nothing asynchronous.
//! - [`networks`]: one file per network. Speaks HTTP, never SQL.
//! - [`simulator`]: the other side of each wire, for the demo and for tests.
//! - [`store`]: all SQL, written once for SQLite and PostgreSQL.
//! - [`search`]: the index, fed from the event log.
//! - [`live`]: who should hear what, fed from the event log.
//! - [`flow`]: the use cases; the only layer that writes.
//! - [`web`]: screens, hooks, JSON.
//! - [`config`]: settings, read by the last two only.
//! - [`app`]: where the parts are joined.
//! - [`cli`]: one command per file.

pub mod app;
pub mod base;
pub mod cli;
pub mod config;
pub mod desk;
pub mod flow;
pub mod live;
pub mod networks;
pub mod search;
pub mod simulator;
pub mod store;
pub mod web;
