//! The first look at a message: which language, which signals, and what the rules make of it.
//!
//! Signals and rules are files that people read and change (`canned-replies/triage/*.md`); what
//! they find is always shown with the words that led to it.

pub mod before;
mod fact;
pub mod figures;
pub mod file;
pub mod language;
pub mod look;
pub mod own;
pub mod phrase;
pub mod rules;
pub mod spelling;
pub mod verdict;
pub mod words;

#[cfg(test)]
mod tests;

pub use before::Before;
pub use file::{Problem, front_matter, parse};
pub use look::{Facts, Findings, Lexicon};
pub use rules::{Act, Rulebook};
