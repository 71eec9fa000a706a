//! What is learnt from people changes the draft, as its author would: it is rehearsed and published like
//! every other change.

use super::draft;
use crate::base::id::BrandId;
use crate::desk::canned::Entry;
use crate::desk::scope::Scope;
use crate::flow::{House, Reason, Result, library};

/// Changes an entry, or adds one: `grow` makes the new file of the one that stands, in the draft or
/// else live. What the bot has no part in, before or after, is in the library at once.
///
/// # Errors
/// [`Reason`]: not allowed, unfit (with the first thing wrong), changed meanwhile; as `grow`.
pub async fn learn(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    path: &str,
    grow: impl FnOnce(Option<String>) -> Result<String>,
) -> Result<()> {
    let draft = draft::read(&mut house.db.read().await?, brand).await?;
    let source = grow(draft.source(path).map(str::to_owned))?;
    let name = format!("{path}.md");
    let mut files = draft.files();
    files.retain(|(n, s)| *n != name && Entry::read(n, s).is_ok());
    files.push((name.clone(), source.clone()));
    library::fits(house, &files, path)?;
    let live = draft.live.iter().find(|k| k.path == path);
    if draft::is_of_bot(path, [Some(&source), live.map(|k| k.source.as_str())]) {
        let before = draft.entries.iter().find(|d| d.path == path).map_or(0, |d| d.version);
        draft::put(house, scope, brand, path, Some(source), before).await?;
    } else {
        library::save(house, scope, brand, (name, source), live.map_or(0, |k| k.version)).await?;
    }
    Ok(())
}

/// The same, for an entry that must be new.
///
/// # Errors
/// As [`learn`]; [`Reason::ChangedMeanwhile`] when there is one in this place.
pub async fn add(house: &House, scope: &Scope, brand: BrandId, path: &str, source: String) -> Result<()> {
    let new = |standing: Option<String>| match standing {
        Some(_) => Err(Reason::ChangedMeanwhile.into()),
        None => Ok(source),
    };
    learn(house, scope, brand, path, new).await
}
