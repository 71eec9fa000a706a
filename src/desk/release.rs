//! What was published of a library: to whom, and how that ends.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::base::id::ThreadId;
use crate::base::sign::sha256;
use crate::words;

words! {
    /// To whom a release speaks.
    pub enum Reach {
        /// To everybody.
        All = "all",
        /// To every tenth conversation, for a day.
        Tenth = "tenth",
        /// To nobody: what it would say is only written down, for a day.
        Shadow = "shadow",
    }
}

words! {
    /// What a release is now.
    pub enum Standing {
        /// It is tried.
        Trial = "trial",
        /// It is what the bot says.
        Live = "live",
        /// Another has taken its place, or the trial is over.
        Past = "past",
    }
}

words! {
    /// What was done with a release.
    pub enum Did {
        /// It was made, and is live.
        Published = "published",
        /// It was made, and is tried on every tenth conversation.
        Tried = "tried",
        /// It was made, and listens in the shadow.
        Shadowed = "shadowed",
        /// A trial became live.
        Promoted = "promoted",
        /// A trial was ended.
        Withdrawn = "withdrawn",
        /// An earlier release is live again.
        RolledBack = "rolled_back",
        /// The files were changed from outside.
        Imported = "imported",
    }
}

/// How long a release is tried.
pub const TRIAL: Duration = Duration::from_hours(24);

/// Path and version of every entry.
pub type Manifest = BTreeMap<String, i64>;

/// True when a conversation is one of the tenth that hears a trial: always the same ones, on every node.
pub fn is_of_the_tenth(thread: ThreadId) -> bool {
    let hash = sha256(thread.0.as_bytes());
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_in_ten_and_always_the_same() {
        let thread = |n: u128| ThreadId(uuid::Uuid::from_u128(n * 0x9E37_79B9_7F4A_7C15));
        let heard = (0..10_000).filter(|n| is_of_the_tenth(thread(*n))).count();
        assert!((850..1_150).contains(&heard), "{heard}");
        assert_eq!(is_of_the_tenth(thread(7)), is_of_the_tenth(thread(7)));
    }
}
