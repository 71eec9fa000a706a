//! The brake: two corrections among the last twenty automatic answers of an entry, and it answers no
//! longer by itself. It acts in the transaction of the second correction.

use serde_json::json;

use super::answer;
use crate::base::id::BrandId;
use crate::desk::calibration::closes;
use crate::desk::canned::Mode;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::message::Visibility;
use crate::flow::{House, Result};
use crate::store::{Tx, calibrations, judgments, library, outbox};

/// Looks at an entry after one of its automatic answers was judged; true when it closed.
///
/// # Errors
/// As the database reports.
pub(super) async fn look(
    house: &House,
    tx: &mut Tx,
    brand: BrandId,
    entry: &str,
    visibility: Visibility,
) -> Result<bool> {
    let Some(mut kept) = library::get(tx, brand, entry).await? else { return Ok(false) };
    if kept.mode(visibility) != Mode::Auto {
        return Ok(false);
    }
    let openings = calibrations::openings(tx, brand).await?;
    let opening = openings.iter().find(|o| o.entry == entry && o.visibility == visibility);
    let since = opening.map(|o| o.opened_at).unwrap_or_default();
    let last = judgments::corrected(tx, brand, entry, visibility, since).await?;
    if !closes(&last) {
        return Ok(false);
    }
    match visibility {
        Visibility::Public => kept.public_mode = Mode::Suggest,
        _ => kept.private_mode = Mode::Suggest,
    }
    library::set_modes(tx, &kept).await?;
    let now = house.now();
    if opening.is_none() {
        // Opened before openings were noted: the page is to say that the brake closed it all the same.
        calibrations::open(tx, brand, entry, visibility, None, since).await?;
    }
    let corrected = i64::try_from(last.iter().filter(|c| **c).count()).unwrap_or(0);
    let answers = i64::try_from(last.len()).unwrap_or(0);
    calibrations::close(tx, brand, entry, visibility, now, (corrected, answers)).await?;
    // What it was about to say to others is not said either.
    let rows = outbox::cancel_entry(tx, brand, entry).await?;
    answer::stopped(house, tx, &rows).await?;
    let data = json!({"path": entry, "private": kept.private_mode, "public": kept.public_mode, "closed": visibility, "corrected": corrected, "answers": answers});
    tx.emit(now, Event::at(brand, EventKind::LibraryChanged, Actor::House).data(data));
    tracing::warn!(name: "bot.closed", entry, audience = %visibility, corrected, answers, "an entry answers no longer by itself: too many corrections");
    Ok(true)
}
