//! The thresholds of a brand's entries, as they stand.

use std::collections::HashMap;

use crate::base::id::BrandId;
use crate::desk::bot::USUAL;
use crate::desk::calibration::lock::Locked;
use crate::desk::calibration::wilson::at_least;
use crate::desk::calibration::{Bar, Evidence};
use crate::desk::message::Visibility;
use crate::flow::Result;
use crate::store::{Tx, calibrations};

/// From where on each entry answers by itself.
#[derive(Debug, Clone, Default)]
pub struct Bars(HashMap<String, Vec<Locked>>);

impl Bars {
    /// Reads them.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn of(tx: &mut Tx, brand: BrandId) -> Result<Bars> {
        let mut bars: HashMap<String, Vec<Locked>> = HashMap::new();
        for locked in calibrations::all(tx, brand).await? {
            bars.entry(locked.entry.clone()).or_default().push(locked);
        }
        Ok(Bars(bars))
    }

    /// From where on an entry answers this audience in this language: the language's own threshold, the
    /// common one, or the bot's usual one where nothing was judged.
    pub fn of_entry(&self, entry: &str, visibility: Visibility, language: &str) -> Bar {
        let of = self.0.get(entry).map(Vec::as_slice).unwrap_or_default();
        let one = |l: &str| of.iter().find(|b| b.visibility == visibility && b.language == l);
        one(language).or_else(|| one("")).map_or(USUAL, bar)
    }
}

fn bar(locked: &Locked) -> Bar {
    let evidence = Evidence { right: locked.right, of: locked.judged, at_least: at_least(locked.right, locked.judged) };
    Bar { at: f64::from(locked.threshold) / 100.0, evidence: Some(evidence) }
}
