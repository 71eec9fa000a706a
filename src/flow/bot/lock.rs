//! The lock file of a brand: its thresholds out and in again.

use std::fmt::Write as _;

use serde::Serialize;

use crate::base::id::BrandId;
use crate::desk::calibration::lock::{self, Locked};
use crate::desk::canned::{Note, Weight, Wrong};
use crate::flow::{House, Reason, Result};
use crate::store::{calibrations, library};

use super::evidence;

/// What an import of thresholds did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Thresholds in force as the file has them.
    pub taken: usize,
    /// Entries the file names and the library has not.
    pub unknown: Vec<String>,
}

impl Taken {
    /// In words, after what else was done.
    pub fn words(&self) -> String {
        let mut words = format!(" {} thresholds are as in {}.", self.taken, lock::FILE);
        if !self.unknown.is_empty() {
            let _ = write!(words, " It names what is not there: {}.", self.unknown.join(", "));
        }
        words
    }
}

/// A brand's thresholds as a file; none when it has no threshold of its own.
///
/// # Errors
/// As the database reports.
pub async fn export(house: &House, brand: BrandId) -> Result<Option<String>> {
    let mut tx = house.db.read().await?;
    let here: Vec<String> = library::all(&mut tx, brand).await?.into_iter().map(|k| k.path).collect();
    let mut locked = calibrations::all(&mut tx, brand).await?;
    locked.retain(|l| here.contains(&l.entry));
    Ok((!locked.is_empty()).then(|| lock::write(&locked)))
}

/// Takes a file's thresholds over. What this desk has judged itself weighs more than what the file
/// says: a threshold below what is carried here is refused, however the file reads. What the file does
/// not name stays. Nothing opens by it.
///
/// # Errors
/// [`Reason::UnfitLock`] with the first thing wrong; then nothing is changed.
pub async fn import(house: &House, brand: BrandId, text: &str) -> Result<Taken> {
    let locked = lock::read(text, &house.tuning.aims).map_err(|why| Reason::UnfitLock.about(why))?;
    let mut tx = house.db.write().await?;
    let here: Vec<String> = library::all(&mut tx, brand).await?.into_iter().map(|k| k.path).collect();
    let (locked, others): (Vec<Locked>, Vec<Locked>) = locked.into_iter().partition(|l| here.contains(&l.entry));
    let standing = calibrations::all(&mut tx, brand).await?;
    let known = evidence::known(house, &mut tx, brand, None).await?;
    for l in &locked {
        let same = |s: &&Locked| (&s.entry, s.visibility, &s.language) == (&l.entry, l.visibility, &l.language);
        let Some(stands) = standing.iter().find(same) else { continue };
        let now_carried = known.iter().find(|k| k.entry == l.entry && k.visibility == l.visibility).and_then(|k| {
            let of = if l.language.is_empty() { Some(&k.common) } else { k.languages.get(&l.language) };
            of.and_then(|s| s.bar).map(|b| crate::desk::calibration::hundredths(b.at))
        });
        let lowest = now_carried.map_or(stands.carried, |n| n.min(stands.carried));
        if l.threshold < lowest {
            let why = format!(
                "{}, {}, {}: {}.{:02} is below {}.{:02}, the lowest score the evidence carries here; it may only be raised",
                lock::FILE,
                l.entry,
                l.visibility,
                l.threshold / 100,
                l.threshold % 100,
                lowest / 100,
                lowest % 100
            );
            return Err(Reason::UnfitLock.about(why));
        }
    }
    calibrations::put(&mut tx, brand, &locked).await?;
    tx.commit().await?;
    let mut unknown: Vec<String> = others.into_iter().map(|l| l.entry).collect();
    unknown.dedup();
    Ok(Taken { taken: locked.len(), unknown })
}

/// Looks at a lock file beside the entries it stands with: what cannot be read is an error, an entry
/// that is not there should be looked at.
pub fn lint(house: &House, text: &str, entries: &[String]) -> Vec<Note> {
    let note = |weight, line, what| Note { weight, file: lock::FILE.into(), line, what };
    let locked = match lock::read(text, &house.tuning.aims) {
        Ok(locked) => locked,
        Err(why) => return vec![note(Weight::Error, 1, Wrong::new("lock").with("detail", why))],
    };
    let mut unknown: Vec<&str> =
        locked.iter().map(|l| l.entry.as_str()).filter(|e| !entries.iter().any(|k| k == e)).collect();
    unknown.dedup();
    let line = |entry: &str| text.lines().position(|l| l.contains(entry)).map_or(1, |n| n + 1);
    unknown.into_iter().map(|e| note(Weight::Warning, line(e), Wrong::new("no-entry").with("entry", e))).collect()
}
