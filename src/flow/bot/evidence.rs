//! The evidence of a brand's entries: what has been judged, what it would carry, and opening an entry
//! on it with one click. Nothing opens by itself.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::judge::QUIET;
use crate::base::id::BrandId;
use crate::desk::agent::Power;
use crate::desk::calibration::lock::Locked;
use crate::desk::calibration::{Bar, Evidence, Heap, Standing, hundredths, standing};
use crate::desk::canned::Mode;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::flow::{House, Reason, Result};
use crate::store::judgments::{self, Pile};
use crate::store::library::{self, Kept};
use crate::store::{Tx, calibrations};

/// How far back judgments count: what people asked half a year ago they asked of another shop.
const REMEMBERED: Duration = Duration::from_hours(24 * 180);

/// What is known of an entry before one audience.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// `folder/name`.
    pub entry: String,
    /// Who reads the answer.
    pub visibility: Visibility,
    /// Sent as they were, of everything judged.
    pub sent: u32,
    /// In all languages together.
    pub common: Standing,
    /// Of each language: everything judged, and its own threshold where there is enough.
    pub languages: BTreeMap<String, Standing>,
}

impl Known {
    /// The thresholds it carries: the common one, and those of languages with evidence of their own.
    fn locked(&self, house: &House) -> Vec<Locked> {
        let each = std::iter::once(("", &self.common)).chain(self.languages.iter().map(|(l, s)| (l.as_str(), s)));
        let one = |(language, standing): (&str, &Standing)| {
            let Bar { at, evidence: Some(Evidence { right, of, .. }) } = standing.bar? else { return None };
            let at = hundredths(at);
            let (entry, visibility, language) = (self.entry.clone(), self.visibility, language.to_owned());
            let now = house.now();
            Some(Locked { entry, visibility, language, threshold: at, carried: at, right, judged: of, at: now })
        };
        // One language alone is all there is: it needs no line of its own.
        let alone = self.languages.len() < 2;
        each.filter_map(one).filter(|l| l.language.is_empty() || !alone).collect()
    }
}

/// What is known of a brand's entries, of one or of all; those nobody has judged are left out.
///
/// # Errors
/// As the database reports.
pub async fn known(house: &House, tx: &mut Tx, brand: BrandId, entry: Option<&str>) -> Result<Vec<Known>> {
    let now = house.now();
    let piles = judgments::piles(tx, brand, entry, now.minus(REMEMBERED), now.minus(QUIET)).await?;
    let heap = |p: &Pile| {
        let small = |n: i64| u32::try_from(n).unwrap_or(0);
        Heap { score: small(p.score), right: small(p.fits), of: small(p.n) }
    };
    let mut known = Vec::new();
    for of in piles.chunk_by(|a, b| (&a.entry, a.visibility) == (&b.entry, b.visibility)) {
        let visibility = of[0].visibility;
        let aim = house.tuning.aims.of(visibility);
        let mut languages: BTreeMap<String, Vec<Heap>> = BTreeMap::new();
        for pile in of.iter().filter(|p| !p.language.is_empty()) {
            languages.entry(pile.language.clone()).or_default().push(heap(pile));
        }
        known.push(Known {
            entry: of[0].entry.clone(),
            visibility,
            sent: u32::try_from(of.iter().map(|p| p.sent).sum::<i64>()).unwrap_or(0),
            common: standing(&of.iter().map(heap).collect::<Vec<_>>(), aim),
            languages: languages.into_iter().map(|(l, heaps)| (l, standing(&heaps, aim))).collect(),
        });
    }
    Ok(known)
}

/// Opens an entry to an audience because the evidence carries it: one admin suffices, also in public.
/// For an entry that is open already its thresholds are counted anew.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::CannotAnswer`]; [`Reason::NotEnoughEvidence`];
/// [`crate::store::Error::NotFound`].
pub async fn open(house: &House, scope: &Scope, brand: BrandId, path: &str, visibility: Visibility) -> Result<Kept> {
    if !scope.may(brand, Power::Manage) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    let mut kept = library::get(&mut tx, brand, path).await?.ok_or(crate::store::Error::NotFound)?;
    let library = house.library(&mut tx, brand).await?;
    if !library.get(path).is_some_and(|e| e.answers() && e.speaks(visibility)) {
        return Err(Reason::CannotAnswer.into());
    }
    let known = known(house, &mut tx, brand, Some(path)).await?;
    let carried = known.iter().find(|k| k.visibility == visibility).map(|k| k.locked(house)).unwrap_or_default();
    let Some(common) = carried.iter().find(|l| l.language.is_empty()) else {
        return Err(Reason::NotEnoughEvidence.into());
    };
    let data = json!({"path": path, "opened": visibility, "threshold": common.threshold, "right": common.right, "judged": common.judged});
    match visibility {
        Visibility::Public => (kept.public_mode, kept.public_asked_by) = (Mode::Auto, None),
        _ => kept.private_mode = Mode::Auto,
    }
    calibrations::clear(&mut tx, brand, path, visibility).await?;
    calibrations::put(&mut tx, brand, &carried).await?;
    library::set_modes(&mut tx, &kept).await?;
    let now = house.now();
    calibrations::open(&mut tx, brand, path, visibility, scope.who(), now).await?;
    let actor = scope.who().map_or(Actor::House, Actor::Agent);
    tx.emit(now, Event::at(brand, EventKind::LibraryChanged, actor).data(data));
    tx.commit().await?;
    Ok(kept)
}
