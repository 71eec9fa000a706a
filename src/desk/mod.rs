//! The domain: what a customer-service counter is made of, and the decisions taken there.
//! No input or output, nothing asynchronous, no clock of its own: facts come in, decisions go out.

pub mod agent;
pub mod approved;
pub mod assist;
pub mod attachment;
pub mod bot;
pub mod brakes;
pub mod brand;
pub mod budget;
pub mod calibration;
pub mod canned;
pub mod channel;
pub mod contact;
pub mod delivery;
pub mod event;
pub mod faq;
pub mod inbound;
pub mod letter;
pub mod limits;
pub mod message;
pub mod outbound;
pub mod personal;
pub mod quoting;
pub mod scope;
pub mod sla;
pub mod snooze;
pub mod stage;
pub mod team;
pub mod ticket;
pub mod trace;
pub mod triage;
pub mod undo;
