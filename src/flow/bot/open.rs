//! What the bot may do with an entry. Automatic answers in private are opened by an admin; in public
//! by two, one after the other.

use serde_json::json;

use super::{House, Result};
use crate::base::id::BrandId;
use crate::desk::agent::Power;
use crate::desk::canned::Mode;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::flow::Reason;
use crate::store::calibrations;
use crate::store::library::{self, Kept};

/// Sets what the bot may do with an entry, to one audience. Public automatic answers are asked for by
/// one admin and opened when another asks for the same; until then the entry stays as it was. The
/// program itself (commands, the demo) counts as both.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::CannotAnswer`] for an entry without examples or without a text
/// for that audience; [`crate::store::Error::NotFound`].
pub async fn set_mode(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    path: &str,
    visibility: Visibility,
    mode: Mode,
) -> Result<Kept> {
    let power = if mode == Mode::Auto { Power::Manage } else { Power::Write };
    if !scope.may(brand, power) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    let mut kept = library::get(&mut tx, brand, path).await?.ok_or(crate::store::Error::NotFound)?;
    if mode == Mode::Auto {
        let library = house.library(&mut tx, brand).await?;
        let fit = library.get(path).is_some_and(|e| e.answers() && e.speaks(visibility));
        if !fit {
            return Err(Reason::CannotAnswer.into());
        }
    }
    match (visibility, mode, scope.who()) {
        (Visibility::Public, Mode::Auto, Some(me)) if kept.public_asked_by.is_none_or(|first| first == me) => {
            kept.public_asked_by = Some(me);
        }
        (Visibility::Public, ..) => {
            kept.public_mode = mode;
            kept.public_asked_by = None;
        }
        _ => kept.private_mode = mode,
    }
    library::set_modes(&mut tx, &kept).await?;
    if mode == Mode::Auto && kept.mode(visibility) == Mode::Auto {
        calibrations::open(&mut tx, brand, path, visibility, scope.who(), house.now()).await?;
    }
    let actor = scope.who().map_or(Actor::House, Actor::Agent);
    let event = Event::at(brand, EventKind::LibraryChanged, actor);
    let asked = kept.public_asked_by.is_some();
    tx.emit(
        house.now(),
        event.data(json!({"path": path, "private": kept.private_mode, "public": kept.public_mode, "asked": asked})),
    );
    tx.commit().await?;
    Ok(kept)
}
