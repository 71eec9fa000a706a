//! The use cases: what happens when a network speaks, an agent acts or an hour strikes. The only
//! layer that opens writing transactions, and the only one where networks and store meet.

pub mod approved;
pub mod assist;
pub mod attach;
pub mod attend;
pub mod beside;
pub mod bot;
pub mod connect;
pub mod connectors;
mod double;
pub mod draft;
pub mod errands;
pub mod error;
pub mod facts;
pub mod found;
mod halt;
pub mod handle;
pub mod hook;
pub mod house;
pub mod intake;
pub mod library;
pub mod listen;
pub mod log;
pub mod login;
pub mod merge;
pub mod missed;
pub mod moderate;
pub mod outbox;
pub mod people;
pub mod places;
pub mod reach;
pub mod renew;
pub mod replay;
pub mod reply;
pub mod studio;
pub mod tick;
pub mod triage;
pub mod undo;

pub use error::{Error, Reason, Result};
pub use house::House;
