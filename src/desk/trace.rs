//! Why something automatic happened: stored with the act, shown beside it.

use serde::{Deserialize, Serialize};

use super::calibration::Evidence;

/// One piece of evidence: words of a message that a rule looked at. Places are counted in
/// characters (Unicode scalar values) of the field's text, the end not included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Matched {
    /// Where it was found: `text`, or a fact of the context such as `post`.
    pub field: String,
    /// The words as written.
    pub text: String,
    /// First character.
    pub start: usize,
    /// After the last character.
    pub end: usize,
    /// The signal's name, and its weight: `asks-price +2`.
    pub why: String,
}

/// The whole explanation of an automatic act.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Trace {
    /// Which rule or entry acted.
    pub rule: String,
    /// Its version: a fingerprint of the text it had.
    pub version: String,
    /// The evidence.
    pub matched: Vec<Matched>,
    /// How much it came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// How much was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// What that rests on, where people’s judgments set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What came second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<String>,
    /// What counted for and against, where words were weighed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighed: Option<Weighed>,
}

/// Words of a message, by what they say of an entry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Weighed {
    /// They speak for it, the weightiest first.
    pub speaks_for: Vec<String>,
    /// They speak against it.
    pub against: Vec<String>,
    /// No example of it has them.
    pub unknown: Vec<String>,
    /// How sure the next entry is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_score: Option<f64>,
}
