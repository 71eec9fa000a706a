//! Writing the bot's library: what a draft changes, what that means, and files changed in one place
//! with every other byte as it was.

pub mod change;
pub mod diff;
pub mod judged;
pub mod lists;
pub mod texts;

pub use self::change::{Change, What};
pub use self::diff::{Side, diff};
