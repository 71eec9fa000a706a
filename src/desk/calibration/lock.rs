//! `calibration.lock.toml`: the thresholds as a file people can read. Written in one order whatever
//! order they come in, so that the same thresholds are the same bytes; read back strictly.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::scan::Aims;
use super::wilson::at_least;
use crate::base::At;
use crate::desk::bot::SUGGESTS_AT;
use crate::desk::message::Visibility;

/// The file's name, beside the folders of entries.
pub const FILE: &str = "calibration.lock.toml";

/// One threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Locked {
    /// `folder/name`.
    pub entry: String,
    /// Who reads the answer.
    pub visibility: Visibility,
    /// A language with evidence enough of its own; empty for all others together.
    pub language: String,
    /// The threshold in force, in hundredths.
    pub threshold: u32,
    /// The lowest one the evidence carries, in hundredths.
    pub carried: u32,
    /// Right ones at or above `carried`.
    pub right: u32,
    /// All judged at or above `carried`.
    pub judged: u32,
    /// When this was counted.
    pub at: At,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[serde(default)]
    entries: BTreeMap<String, BTreeMap<Visibility, BTreeMap<String, One>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    threshold: f64,
    carried: f64,
    right: u32,
    judged: u32,
    at_least: f64,
    counted: At,
}

const HEAD: &str = "\
# From which score on the bot answers by itself, and the evidence for it.
#
# `guichet replies export` writes this file, `guichet replies import` reads it. An entry that is not
# named here has no evidence yet: it needs the bot's usual score, and an admin opens it by hand.
#
#   threshold  the score in force. Raise it as you like; it is never taken below `carried`.
#   carried    the lowest score the evidence carries: the promise holds for all that lies at or above.
#   right      of so many judged messages at or above `carried`, so many had the right entry.
#   judged     A message is judged by what an agent made of the bot's offer, or of its answer.
#   at_least   what the share of right ones is at least: Wilson's lower bound, 95 %, one-sided.
#   counted    when.
#
# `all` holds for every language; a language with evidence enough of its own stands beside it.
";

/// Writes the file.
pub fn write(locked: &[Locked]) -> String {
    let mut locked: Vec<&Locked> = locked.iter().collect();
    locked.sort_by_key(|l| (&l.entry, l.visibility, &l.language));
    locked.dedup_by_key(|l| (&l.entry, l.visibility, &l.language));
    let mut out = HEAD.to_owned();
    for l in locked {
        let language = if l.language.is_empty() { "all" } else { &l.language };
        let entry = toml::Value::from(l.entry.as_str());
        // Writing into a string does not fail.
        let _ = write!(
            out,
            "\n[entries.{entry}.{}.{language}]\nthreshold = {}\ncarried = {}\nright = {}\njudged = {}\nat_least = {:.4}\ncounted = \"{}\"\n",
            l.visibility,
            score(l.threshold),
            score(l.carried),
            l.right,
            l.judged,
            at_least(l.right, l.judged),
            l.at,
        );
    }
    out
}

fn score(hundredths: u32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Reads the file.
///
/// # Errors
/// A sentence that says what is wrong and where: not readable, a score that is none, a bound that its
/// counts do not give, a promise not kept, a threshold below what the evidence carries.
pub fn read(text: &str, aims: &Aims) -> Result<Vec<Locked>, String> {
    let read: Read = toml::from_str(text).map_err(|e| format!("{FILE}: {}", e.message()))?;
    let mut out = Vec::new();
    for (entry, audiences) in read.entries {
        for (visibility, languages) in audiences {
            for (language, one) in languages {
                let place = format!("{FILE}, {entry}, {visibility}, {language}");
                let said = |what: String| format!("{place}: {what}");
                if visibility == Visibility::Internal {
                    return Err(said("the bot answers in private or in public, nowhere else".into()));
                }
                let (threshold, carried) = (whole(one.threshold), whole(one.carried));
                let (Some(threshold), Some(carried)) = (threshold, carried) else {
                    return Err(said(format!("a score has two digits and lies between {SUGGESTS_AT} and 1")));
                };
                let bound = at_least(one.right, one.judged);
                if one.right > one.judged || (bound - one.at_least).abs() > 0.000_051 {
                    let gives = format!("{} of {} right give {bound:.4}", one.right, one.judged);
                    return Err(said(format!(
                        "{gives}, not {:.4}: the evidence is counted, not written",
                        one.at_least
                    )));
                }
                let aim = aims.of(visibility);
                if one.judged < aim.fewest || bound < aim.right {
                    let asked = format!("{:.2} with {} judgments is asked for", aim.right, aim.fewest);
                    return Err(said(format!("{} of {} right promise {bound:.2}; {asked}", one.right, one.judged)));
                }
                if threshold < carried {
                    let below = format!("{} is below {}", score(threshold), score(carried));
                    return Err(said(format!("{below}, the lowest score the evidence carries; it may only be raised")));
                }
                let language = if language == "all" { String::new() } else { language };
                let (right, judged, at) = (one.right, one.judged, one.counted);
                out.push(Locked { entry: entry.clone(), visibility, language, threshold, carried, right, judged, at });
            }
        }
    }
    Ok(out)
}

/// A score in whole hundredths; none when it has more digits or is none.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept between 0 and 100")]
fn whole(score: f64) -> Option<u32> {
    let n = (score * 100.0).round();
    let sound = (SUGGESTS_AT * 100.0..=100.0).contains(&n) && (score * 100.0 - n).abs() < 1e-6;
    sound.then_some(n as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Vec<Locked> {
        let at = At::parse("2026-11-21T09:00:00Z").unwrap();
        let one = |entry: &str, visibility, language: &str, threshold| Locked {
            entry: entry.into(),
            visibility,
            language: language.into(),
            threshold,
            carried: 55,
            right: 220,
            judged: 221,
            at,
        };
        vec![
            one("hours/opening-hours", Visibility::Public, "", 60),
            one("hours/opening-hours", Visibility::Private, "", 55),
            one("delivery/où \"est\"", Visibility::Private, "fr", 100),
        ]
    }

    #[test]
    fn what_is_written_is_read_and_written_again_as_the_same_bytes() {
        let aims = Aims::default();
        let text = write(&two());
        let read_back = read(&text, &aims).unwrap();
        assert_eq!(read_back.len(), 3);
        assert_eq!(write(&read_back), text);
        let mut turned = two();
        turned.reverse();
        assert_eq!(write(&turned), text, "the order they come in changes nothing");
        assert!(text.starts_with("# From which") && text.contains("at_least = 0.9"), "{text}");
        assert_eq!(read(&write(&[]), &aims), Ok(Vec::new()));
    }

    #[test]
    fn a_hand_may_raise_and_not_lower() {
        let aims = Aims::default();
        let text = write(&two()[1..2]);
        let with = |from: &str, to: &str| read(&text.replacen(from, to, 1), &aims);
        assert_eq!(with("threshold = 0.55", "threshold = 0.90").unwrap()[0].threshold, 90);
        let why = |from, to| with(from, to).unwrap_err();
        assert!(why("threshold = 0.55", "threshold = 0.54").contains("may only be raised"));
        assert!(why("right = 220", "right = 221").contains("counted, not written"));
        assert!(why("threshold = 0.55", "threshold = 0.557").contains("two digits"));
        assert!(why("threshold = 0.55", "threshold = 1.2").contains("between"));
        assert!(why("judged = 221", "judged = 221\nhope = 1").contains("hope"));
        let few = Locked { right: 20, judged: 20, ..two()[1].clone() };
        assert!(read(&write(&[few]), &aims).unwrap_err().contains("is asked for"));
    }
}
