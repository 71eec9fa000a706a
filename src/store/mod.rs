//! All SQL of the house, written once for SQLite and PostgreSQL, one file per noun.
//!
//! Every function receives a transaction and a scope or brand; ids and moments are made by the
//! caller. What only reads takes a transaction from [`Db::read`], what writes one from
//! [`Db::write`]; the databases themselves refuse writes in the first kind.

pub mod admit;
pub mod agents;
pub mod approved;
pub mod assists;
pub mod brands;
pub mod bulk;
pub mod calibrations;
pub mod channels;
pub mod choices;
pub mod connectors;
pub mod contacts;
pub mod coverage;
pub mod deliveries;
pub mod drafts;
pub mod errands;
pub mod error;
pub mod events;
pub mod examples;
pub mod facts;
pub mod files;
pub mod inbound;
pub mod judgments;
pub mod leases;
pub mod letters;
pub mod library;
pub mod listening;
pub mod logins;
pub mod merges;
pub mod messages;
pub mod migrate;
pub mod missed;
pub mod open;
pub mod outbox;
pub mod posts;
pub mod proposals;
pub mod readers;
pub mod report;
pub mod select;
pub mod sessions;
pub mod studio;
pub mod surveys;
pub mod talks;
pub mod teams;
pub mod thoughts;
pub mod threads;
pub mod tickets;
pub mod tokens;
pub mod tx;

pub use error::{Error, Result};
pub use open::Db;
pub use tx::Tx;
