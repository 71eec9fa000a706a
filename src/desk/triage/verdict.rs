//! What the first look comes to for one message, label by label, as people label messages.

use std::collections::BTreeMap;

use serde::Serialize;

use super::file::Step;
use super::look::{Findings, MOOD, Tag};
use super::rules::Act;
use crate::desk::stage::Stage;

/// How somebody sounds, in three.
pub const MOODS: [&str; 3] = ["positive", "neutral", "negative"];

/// The labels of one message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// ISO 639-1, where the text told.
    pub language: Option<&'static str>,
    /// Where the rules put its author, who was nobody before.
    pub stage: Stage,
    /// About to buy.
    pub hot: bool,
    /// Needs help with something bought, or complains of it.
    pub support: bool,
    /// A complaint.
    pub complaint: bool,
    /// A legal threat, or the press.
    pub legal: bool,
    /// Somebody may be in danger, or the brand is.
    pub crisis: bool,
    /// Spam.
    pub spam: bool,
    /// One of [`MOODS`].
    pub sentiment: &'static str,
    /// What every tag came to.
    pub scores: BTreeMap<String, f64>,
    /// What spoke for and against each tag.
    pub tags: Vec<Tag>,
}

impl Verdict {
    /// Of what was found and what the rules make of it.
    pub fn of(findings: Findings, acts: &[Act]) -> Verdict {
        let acting = |tag: &str| findings.acting(tag).is_some();
        let stages = acts.iter().filter_map(|a| match a.step {
            Step::Stage(stage) => Some(stage),
            _ => None,
        });
        let stage = stages.fold(Stage::Awareness, |was, seen| was.after(seen, false));
        let sentiment = match &findings.mood {
            Some(mood) if mood.acts() => MOODS[0],
            Some(mood) if mood.score <= -mood.acts_at => MOODS[2],
            _ => MOODS[1],
        };
        let spam = acting("spam");
        let (support, complaint) = (acting("support") && !spam, acting("complaint") && !spam);
        let mut scores: BTreeMap<String, f64> = findings.tags.iter().map(|t| (t.tag.clone(), t.score)).collect();
        scores.extend(findings.mood.iter().map(|m| (MOOD.to_owned(), m.score)));
        Verdict {
            language: findings.language,
            stage,
            hot: stage == Stage::HotProspect,
            support: support || complaint,
            complaint,
            legal: acting("legal"),
            crisis: acting("crisis"),
            spam,
            sentiment,
            scores,
            tags: findings.tags.into_iter().chain(findings.mood).collect(),
        }
    }
}
