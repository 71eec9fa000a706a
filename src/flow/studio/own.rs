//! The tests that stand beside the answers, run on a library as if every entry were open.

use std::sync::Arc;

use super::{Brain, known, remember};
use crate::base::sign::fingerprint;
use crate::flow::bot::scenes::{self, Failing};
use crate::flow::{House, Result};

/// The tests that fail.
///
/// # Errors
/// As the database reports.
pub async fn failing(house: &House, brain: &Arc<Brain>) -> Result<Arc<Vec<Failing>>> {
    let versions: Vec<&str> = brain.library.entries().map(|e| e.version.as_str()).collect();
    let print = fingerprint(&versions);
    if let Some(told) = known(&house.studio.tests, &print) {
        return Ok(told);
    }
    let (here, mine) = (house.clone(), Arc::clone(brain));
    let played = tokio::task::spawn_blocking(move || scenes::play_on(&here, &mine.library, &mine.faq));
    let (_, told) = played.await.map_err(anyhow::Error::from)?;
    let told = Arc::new(told);
    remember(&house.studio.tests, &print, Arc::clone(&told));
    Ok(told)
}
