//! A release on trial: heard in every tenth conversation, or in none. Beside every message stands what
//! it said, or would have said.

use std::sync::{Arc, PoisonError};

use super::draft::fresh;
use super::{Brain, brain};
use crate::base::id::{BrandId, ThreadId};
use crate::desk::bot::Decision;
use crate::desk::canned::{Entry, Library, Mode};
use crate::desk::release::{Reach, Standing, is_of_the_tenth};
use crate::desk::replay::{Outcome, bucket};
use crate::desk::studio::Change;
use crate::flow::bot::bars::Bars;
use crate::flow::bot::{Mind, Said};
use crate::flow::replay::voice::Voice;
use crate::flow::{House, Result, facts};
use crate::store::library::{self, Kept};
use crate::store::messages::Message;
use crate::store::studio::releases::{self, Release};
use crate::store::studio::trials::Thought;
use crate::store::{Tx, brands};

/// A release on trial, learnt.
pub struct Trial {
    /// Which.
    pub release: Release,
    brain: Arc<Brain>,
    files: Vec<(String, i64, String)>,
}

/// A release on trial, ready to think beside what is live.
pub(in crate::flow) struct Onlooker {
    trial: Arc<Trial>,
    mind: Mind,
    voice: Voice,
}

/// What a brand tries now; remembered until its library changes.
async fn current(house: &House, tx: &mut Tx, brand: BrandId) -> Result<Option<Arc<Trial>>> {
    let known = house.studio.trials.lock().unwrap_or_else(PoisonError::into_inner).get(&brand).cloned();
    let trial = if let Some(known) = known {
        known
    } else {
        let trial = match releases::standing(tx, brand, Standing::Trial).await? {
            Some(release) => Some(Arc::new(learnt(house, tx, release).await?)),
            None => None,
        };
        house.studio.trials.lock().unwrap_or_else(PoisonError::into_inner).insert(brand, trial.clone());
        trial
    };
    Ok(trial.filter(|t| t.release.is_on_trial(house.now())))
}

async fn learnt(house: &House, tx: &mut Tx, release: Release) -> Result<Trial> {
    let mut files = Vec::new();
    for (path, version) in release.manifest() {
        if let Some(source) = releases::source(tx, release.brand_id, &path, version).await? {
            files.push((path, version, source));
        }
    }
    let named: Vec<(String, String)> = files.iter().map(|(p, _, s)| (format!("{p}.md"), s.clone())).collect();
    Ok(Trial { release, brain: brain::of(house, &named).await?, files })
}

impl Trial {
    fn hears(&self, thread: ThreadId) -> bool {
        self.release.reach == Reach::Tenth && is_of_the_tenth(thread)
    }

    /// Its entries with what each may do: as the live one, but where it says something else it suggests.
    fn kept(&self, live: &[Kept]) -> Vec<Kept> {
        let each = self.files.iter().map(|(path, version, source)| {
            let Some(standing) = live.iter().find(|k| k.path == *path) else {
                let fresh = fresh(self.release.brand_id, path, source.clone());
                return Kept { version: *version, ..fresh };
            };
            let same = !says_other(path, &standing.source, source);
            let mode = |m: Mode| if same { m } else { m.min(Mode::Suggest) };
            let (private_mode, public_mode) = (mode(standing.private_mode), mode(standing.public_mode));
            Kept { source: source.clone(), version: *version, private_mode, public_mode, ..standing.clone() }
        });
        each.collect()
    }
}

/// True when two files of an entry say something else to customers.
pub(super) fn says_other(path: &str, live: &str, other: &str) -> bool {
    let read = |source: &str| Entry::read(&format!("{path}.md"), source).ok();
    let (live, draft) = (read(live), read(other));
    Change { live: live.as_ref(), draft: draft.as_ref() }.says_other()
}

/// What a brand tries now, ready to think.
pub(in crate::flow) async fn of(house: &House, tx: &mut Tx, brand: BrandId) -> Result<Option<Onlooker>> {
    let Some(trial) = current(house, tx, brand).await? else { return Ok(None) };
    let live = library::all(tx, brand).await?;
    let (library, faq) = (Arc::clone(&trial.brain.library), Arc::clone(&trial.brain.faq));
    let mind = Mind::with(library, faq, trial.kept(&live), Bars::of(tx, brand).await?);
    let brand = brands::get(tx, brand).await?;
    let voice = Voice::new(facts::of_brand(tx, &brand).await?);
    Ok(Some(Onlooker { trial, mind, voice }))
}

impl Onlooker {
    /// What it thinks with.
    pub(in crate::flow) fn mind(&self) -> &Mind {
        &self.mind
    }

    /// What is decided about a message with this trial going on, and what to write down of it.
    pub fn beside(
        &self,
        house: &House,
        live: &Mind,
        message: &Message,
        said: Said<'_>,
        decision: Decision,
    ) -> (Decision, Thought) {
        let tried = self.mind.think(house, said);
        let outcome = |mind: &Mind, which, d: &Decision| {
            let text = self.voice.text(which, mind.library(), d, said.network);
            Outcome { decision: Decision { text, ..d.clone() }, alike: None }
        };
        let (was, is) = (outcome(live, 0, &decision), outcome(&self.mind, 1, &tried));
        let heard = self.trial.hears(message.thread_id);
        let thought = Thought {
            message: message.id,
            brand: message.brand_id,
            release: self.trial.release.id,
            heard,
            bucket: bucket(&was, &is),
            live: serde_json::to_value(&was).unwrap_or_default(),
            tried: serde_json::to_value(&is).unwrap_or_default(),
            at: house.now(),
        };
        (if heard { tried } else { decision }, thought)
    }
}

/// What speaks in a conversation: the entries, and the one at a place with what it may do.
///
/// # Errors
/// As the database reports.
pub(in crate::flow) async fn spoken(
    house: &House,
    tx: &mut Tx,
    (brand, thread): (BrandId, ThreadId),
    path: &str,
) -> Result<(Arc<Library>, Option<Kept>)> {
    if let Some(trial) = current(house, tx, brand).await?.filter(|t| t.hears(thread)) {
        let kept = trial.kept(&library::all(tx, brand).await?);
        return Ok((Arc::clone(&trial.brain.library), kept.into_iter().find(|k| k.path == path)));
    }
    Ok((house.library(tx, brand).await?, library::get(tx, brand, path).await?))
}
