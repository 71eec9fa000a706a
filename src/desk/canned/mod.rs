//! Canned replies: one library for people and bot. A file is one entry with all its languages,
//! variants, examples and tests; it is kept byte for byte as its author wrote it.

mod conv;
mod facts;
mod file;
mod hijack;
mod library;
mod lint;
mod mode;
mod steps;
mod template;
mod values;
mod wrong;

/// The languages every text is written in.
pub const LANGUAGES: [&str; 2] = ["fr", "en"];

#[cfg(test)]
mod tests;

pub use conv::{Expect, Line, Scene};
pub use facts::Fact;
pub use file::{Act, Audience, Entry, Head, Problem, Slot, Step, Variant};
pub use hijack::hijacks;
pub use library::{Choice, Found, Library};
pub use lint::{Network, Note, SHORT, Weight, lint};
pub use mode::Mode;
pub use template::{Filled, Mistake, Piece, Template};
pub use values::{SAMPLES, Values, first_name, is_known, is_personal};
pub use wrong::Wrong;
