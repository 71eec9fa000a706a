//! Help from an outside model, where a brand has one: what it is asked, and what of its answer is let
//! in. It may choose among what the rules offer, or draft for an agent. It never answers anybody.

pub mod answer;
pub mod ask;
pub mod fence;

pub use self::answer::{Unfit, chosen, draft};
pub use self::ask::{Candidate, Question, body};

crate::words! {
    /// What an outside model may do.
    pub enum May {
        /// Nothing.
        Off = "off",
        /// Say which of the offered entries fits; the text is the library's.
        Choose = "choose",
        /// Write a draft for the agent.
        Draft = "draft",
    }
}
