//! The bot over the library: what it would do with a message, what it does, what opens an entry to
//! it and what stops it.

pub mod answer;
pub mod bars;
pub mod brake;
pub mod call;
pub mod evidence;
mod handover;
pub mod judge;
pub mod lock;
pub mod open;
pub mod report;
pub mod scenes;
pub mod switch;
pub mod talk;
pub mod turn;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};

use self::bars::Bars;
pub use self::open::set_mode;
pub use self::switch::switch;
use super::library::File;
use super::studio::brain;
use super::{House, Result, facts};
use crate::base::id::{BrandId, ThreadId};
use crate::desk::bot::Decision;
use crate::desk::calibration::Thresholds;
use crate::desk::canned::{Entry, Library, Mode};
use crate::desk::faq::{Faq, Taught};
use crate::desk::message::Visibility;
pub use crate::desk::think::Said;
use crate::desk::think::think;
use crate::store::library::Kept;
use crate::store::{Tx, brands, library, posts};

impl House {
    /// What a brand's entries have learnt, remembered until the library changes.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn faq(&self, tx: &mut Tx, brand: BrandId) -> Result<Arc<Faq>> {
        if let Some(known) = self.faqs.lock().unwrap_or_else(PoisonError::into_inner).get(&brand) {
            return Ok(Arc::clone(known));
        }
        let rows = library::all(tx, brand).await?;
        let files: Vec<File> = rows.into_iter().map(|k| (format!("{}.md", k.path), k.source)).collect();
        // What was learnt when it was rehearsed need not be learnt again.
        let faq = Arc::clone(&brain::of(self, &files).await?.faq);
        self.faqs.lock().unwrap_or_else(PoisonError::into_inner).insert(brand, Arc::clone(&faq));
        Ok(faq)
    }

    /// What would be done with a message, by this library: see [`think`].
    pub fn think(
        &self,
        library: &Library,
        faq: &Faq,
        said: Said<'_>,
        mode: &dyn Fn(&str) -> Mode,
        thresholds: &Thresholds<'_>,
    ) -> Decision {
        think(self.rules.lexicon(), library, faq, said, mode, thresholds)
    }
}

/// Learns every example and every near miss.
pub fn learn<'a>(entries: impl Iterator<Item = &'a Entry>) -> Faq {
    let mut taught = Vec::new();
    for entry in entries {
        let path = entry.path();
        for (language, examples) in &entry.head.examples {
            taught.extend(examples.iter().map(|text| (language.clone(), Taught::example(&path, text))));
        }
        // Of an entry without examples there is nothing to come near to.
        for (language, misses) in &entry.head.not_examples {
            if entry.head.examples.get(language).is_some_and(|e| !e.is_empty()) {
                taught.extend(misses.iter().map(|text| (language.clone(), Taught::near_miss(&path, text))));
            }
        }
    }
    Faq::learn(taught)
}

/// What an entry is open for where a message came, and to whom the bot would answer: in public only
/// where that was opened; else a public message is answered in private, where the network can.
pub fn opened(kept: &Kept, asked: Visibility, private_reply: bool) -> (Mode, Visibility) {
    match asked {
        Visibility::Public if kept.public_mode == Mode::Auto => (Mode::Auto, Visibility::Public),
        Visibility::Public if kept.private_mode == Mode::Auto && private_reply => (Mode::Auto, Visibility::Private),
        // Where it may answer nobody by itself, it may still offer the entry.
        Visibility::Public => (kept.public_mode.max(kept.private_mode).min(Mode::Suggest), Visibility::Public),
        other => (kept.private_mode, other),
    }
}

/// The words of the publications that public messages stand under, by thread, where one of these minds
/// asks for them.
pub(super) async fn posts_above(
    tx: &mut Tx,
    brand: BrandId,
    minds: &[&Mind],
    threads: impl Iterator<Item = (ThreadId, Visibility)>,
) -> Result<HashMap<ThreadId, String>> {
    if !minds.iter().any(|m| m.looks_at_posts()) {
        return Ok(HashMap::new());
    }
    let public: BTreeSet<ThreadId> = threads.filter(|(_, v)| *v == Visibility::Public).map(|(id, _)| id).collect();
    let above = posts::above(tx, brand, &Vec::from_iter(public)).await?;
    Ok(above.into_iter().map(|a| (a.thread_id, a.text)).collect())
}

/// Everything needed to think about messages of one brand.
pub(super) struct Mind {
    library: Arc<Library>,
    faq: Arc<Faq>,
    kept: Vec<Kept>,
    bars: Bars,
}

impl Mind {
    pub(super) async fn of(house: &House, tx: &mut Tx, brand: BrandId) -> Result<Mind> {
        let (library, faq) = (house.library(tx, brand).await?, house.faq(tx, brand).await?);
        Ok(Mind { library, faq, kept: library::all(tx, brand).await?, bars: Bars::of(tx, brand).await? })
    }

    /// True when an entry asks for words of the publication above.
    fn looks_at_posts(&self) -> bool {
        self.library.entries().any(|e| e.head.when.post_any_of.values().any(|w| !w.is_empty()))
    }

    /// A mind of these entries, which are open as `kept` says.
    pub(super) fn with(library: Arc<Library>, faq: Arc<Faq>, kept: Vec<Kept>, bars: Bars) -> Mind {
        Mind { library, faq, kept, bars }
    }

    /// Its entries.
    pub(super) fn library(&self) -> &Library {
        &self.library
    }

    /// Thinks about one message.
    pub(super) fn think(&self, house: &House, said: Said<'_>) -> Decision {
        let place = |path: &str| {
            let kept = self.kept.iter().find(|k| k.path == path);
            kept.map_or((Mode::Off, said.visibility), |k| opened(k, said.visibility, replies_privately(house, said)))
        };
        let bar = |path: &str, language: &str| self.bars.of_entry(path, place(path).1, language);
        let thresholds = Thresholds { bar: &bar, ..Thresholds::default() };
        let mut decision = house.think(&self.library, &self.faq, said, &|path| place(path).0, &thresholds);
        decision.visibility = decision.entry.as_deref().map(|path| place(path).1);
        decision
    }
}

fn replies_privately(house: &House, said: Said<'_>) -> bool {
    house.network(said.network).is_some_and(|n| n.limits().private_reply.is_some())
}

/// What the bot would do with a message at a brand, with the words it would use.
///
/// # Errors
/// As the database reports.
pub async fn ask(house: &House, tx: &mut Tx, brand: BrandId, said: Said<'_>) -> Result<Decision> {
    let mind = Mind::of(house, tx, brand).await?;
    let mut decision = mind.think(house, said);
    let brand = brands::get(tx, brand).await?;
    if let (Some(path), Some(visibility)) = (&decision.entry, decision.visibility) {
        let values = facts::of_brand(tx, &brand).await?;
        let place = (decision.language.unwrap_or("fr"), said.network, visibility);
        let entry = mind.library.get(path);
        decision.text =
            entry.and_then(|e| mind.library.choose(e, None, place, &values)).map(|choice| choice.filled.text());
    }
    Ok(decision)
}
