//! Replay: what another library would have done with the last real messages, beside what is live.
//! Everything is read; nothing is written to tickets, nothing is sent, no network is touched.

pub mod cases;
pub mod job;
pub mod mend;
pub mod play;
pub mod verdict;
pub mod voice;

pub use self::job::{begin, cancel, finish, turn};
pub use self::play::{Seen, Side, Stage};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::base::At;
use crate::base::id::{BrandId, ChannelId};
use crate::desk::replay::{Buckets, Fix};
use crate::flow::studio::{self, brain};
use crate::flow::{House, Reason, Result};
use crate::store::Tx;
use crate::store::studio::releases;
use crate::store::studio::sample::Which;

/// Which messages are replayed.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Sample {
    /// So many, the newest first.
    pub last: i64,
    /// From this moment on, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// Of this network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Of this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// In this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// How many when nobody says.
pub const LAST: i64 = 5_000;
/// How many at most.
pub const MOST: i64 = 100_000;
/// So many are read at once.
const CHUNK: i64 = 1_000;

impl Default for Sample {
    fn default() -> Sample {
        Sample { last: LAST, from: None, to: None, network: None, channel: None, language: None }
    }
}

impl Sample {
    /// The messages before a place in the log, at most so many.
    fn which(&self, brand: BrandId, before: i64, most: i64) -> Which<'_> {
        Which {
            brand,
            before,
            from: At(self.from.unwrap_or(0)),
            to: At(self.to.unwrap_or(i64::MAX)),
            network: self.network.as_deref(),
            channel: self.channel,
            most,
        }
    }
}

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// The draft.
    Draft,
    /// A release, by its number.
    Release(i64),
}

/// Both sides of a replay, learnt: what is live, and what is tried.
///
/// # Errors
/// [`crate::store::Error::NotFound`] for a release that is not there.
pub async fn stage(house: &House, tx: &mut Tx, brand: BrandId, tried: Tried) -> Result<Stage> {
    let draft = studio::draft::read(tx, brand).await?;
    let live = Side { brain: draft.live_brain(house).await?, kept: draft.live.clone() };
    let other = match tried {
        Tried::Draft => Side { brain: draft.brain(house).await?, kept: draft.kept() },
        Tried::Release(number) => {
            let release = releases::get(tx, brand, number).await?.ok_or(crate::store::Error::NotFound)?;
            let mut files = Vec::new();
            for (path, version) in release.manifest() {
                if let Some(source) = releases::source(tx, brand, &path, version).await? {
                    files.push((format!("{path}.md"), source));
                }
            }
            Side { brain: brain::of(house, &files).await?, kept: draft.live.clone() }
        }
    };
    Stage::of(tx, brand, live, other).await
}

/// What a whole replay says, for the command line.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Messages replayed.
    pub n: usize,
    /// How they fared.
    pub buckets: Buckets,
    /// Those that would fare otherwise, the riskiest first.
    pub changed: Vec<Value>,
    /// What might mend the regressions.
    pub fixes: Vec<Fix>,
}

/// Replays and says all at once; nothing is kept.
///
/// # Errors
/// As the database reports; [`Reason::UnfitReply`] when nothing can be tried.
pub async fn report(house: &House, brand: BrandId, sample: &Sample, tried: Tried) -> Result<Report> {
    let mut tx = house.db.read().await?;
    let stage = stage(house, &mut tx, brand, tried).await?;
    let (mut buckets, mut changed, mut place, mut left) = (Buckets::default(), Vec::new(), i64::MAX, sample.last);
    if left < 1 {
        return Err(Reason::UnfitReply.about("0"));
    }
    while left > 0 {
        let chunk = play::chunk(house, &mut tx, &stage, sample, (brand, place, left.min(CHUNK))).await?;
        let Some(end) = chunk.place else { break };
        (place, left) = (end, left - chunk.read);
        buckets = buckets.and(chunk.buckets);
        changed.extend(chunk.seen);
    }
    changed.sort_by_key(|s| s.bucket);
    let cases: Vec<cases::Case> = changed.iter().map(cases::Case::of).collect();
    let fixes = mend::fixes(house, &stage, &cases).await?;
    let n = buckets.differ() + buckets.unchanged;
    Ok(Report { n, buckets, changed: changed.iter().map(|s| json!(s)).collect(), fixes })
}
