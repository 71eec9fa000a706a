//! What the bot may do with an entry, in private and in public.

use crate::words;

words! {
    /// What the bot may do with an entry.
    pub enum Mode {
        /// Nothing.
        Off = "off",
        /// Offer it to the agent.
        Suggest = "suggest",
        /// Answer by itself.
        Auto = "auto",
    }
}
