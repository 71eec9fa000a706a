//! Writing the bot's library: what a draft changes, what that means, and files changed in one place
//! with every other byte as it was.

pub mod change;
pub mod diff;
pub mod judged;
pub mod lists;
pub mod texts;

use super::canned::{Entry, Problem, Wrong};

pub use self::change::{Change, What};
pub use self::diff::{Side, diff};

/// An entry's file, read.
///
/// # Errors
/// The first thing wrong with it.
pub(in crate::desk) fn read(file: &str, source: &str) -> Result<Entry, Problem> {
    Entry::read(file, source).map_err(|mut problems| problems.swap_remove(0))
}

/// Something wrong with what should become of a file, not with one line of it.
fn problem(file: &str, key: &'static str) -> Problem {
    Problem { file: file.to_owned(), line: 1, what: Wrong::new(key) }
}
