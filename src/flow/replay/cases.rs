//! A message of a replay with what is needed to think about it again: also as it was written down.

use serde_json::Value;

use crate::desk::message::Visibility;
use crate::desk::replay::{Bucket, Moment};
use crate::flow::replay::Seen;

/// A message to think about again.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its words.
    pub text: String,
    /// The words of the publication above, where they matter.
    pub post: Option<String>,
    /// The network's slug.
    pub network: String,
    /// Who read it.
    pub visibility: Visibility,
    /// Its language, as it was taken.
    pub language: String,
    /// What held when it came.
    pub moment: Moment,
    /// What a person answered.
    pub human: Option<String>,
    /// How it fared.
    pub bucket: Bucket,
    /// The entry that was tried on it.
    pub tried: Option<String>,
    /// The entry that was live.
    pub live: Option<String>,
    /// The example nearest to it where one was found, else the one of what is live.
    pub example: String,
}

impl Case {
    /// Of what was just seen.
    pub fn of(seen: &Seen) -> Case {
        Case::read(&serde_json::to_value(seen).unwrap_or_default())
    }

    /// Of what was written down; missing pieces are empty.
    pub fn read(seen: &Value) -> Case {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let says = |side: &Value| matches!(side["decision"].as_str(), Some("answer" | "suggest"));
        let entry = |side: &Value| side["entry"].as_str().filter(|_| says(side)).map(str::to_owned);
        let (live, tried) = (&seen["live"], &seen["draft"]);
        let near = |side: &Value| side["trace"]["matched"][0]["why"].as_str().map(str::to_owned);
        let moment = &seen["moment"];
        let holds = |name: &str| moment[name].as_bool().unwrap_or(false);
        Case {
            text: text(&seen["text"]),
            post: seen["post"].as_str().map(str::to_owned),
            network: text(&seen["network"]),
            visibility: seen["visibility"].as_str().and_then(|v| v.parse().ok()).unwrap_or(Visibility::Private),
            language: text(&seen["language"]),
            moment: Moment {
                first: holds("first"),
                person: holds("person"),
                answers: moment["answers"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
                lately: holds("lately"),
                machine: holds("machine"),
            },
            human: seen["human"]["text"].as_str().map(str::to_owned),
            bucket: seen["bucket"].as_str().and_then(|b| b.parse().ok()).unwrap_or(Bucket::Unchanged),
            example: near(tried).filter(|_| says(tried)).or_else(|| near(live)).unwrap_or_default(),
            tried: entry(tried),
            live: entry(live),
        }
    }
}
