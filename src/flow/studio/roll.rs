//! The way back: any release is live again in one act, on every node as soon as it reads the log.

use std::collections::BTreeSet;

use super::publish::{end_trial, retire, tell};
use super::trial::says_other;
use crate::base::id::{AgentId, BrandId};
use crate::desk::agent::Power;
use crate::desk::canned::{Entry, Mode};
use crate::desk::release::{Did, Manifest, Reach, Standing};
use crate::desk::scope::Scope;
use crate::flow::{House, Reason, Result};
use crate::store::library::{self, Kept};
use crate::store::studio::releases::{self, Release};
use crate::store::{self, Tx};

/// Makes a release live again, and ends what is tried. Of the release that is live, only what is tried
/// ends.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`store::Error::NotFound`] when there is no such release.
pub async fn back(house: &House, scope: &Scope, brand: BrandId, number: i64) -> Result<()> {
    if !scope.may(brand, Power::StopBot) {
        return Err(Reason::NotAllowed.into());
    }
    let who = scope.who();
    let mut tx = house.db.write().await?;
    let to = releases::get(&mut tx, brand, number).await?.ok_or(store::Error::NotFound)?;
    if to.standing == Standing::Trial {
        return Err(Reason::NotReady.about("trial"));
    }
    end_trial(house, &mut tx, brand, Some(who)).await?;
    if to.standing == Standing::Past {
        make_live(house, &mut tx, brand, &to.manifest(), who).await?;
        retire(house, &mut tx, brand).await?;
        let live = Release { standing: Standing::Live, reach: Reach::All, since: house.now(), ends_at: None, ..to };
        releases::set_standing(&mut tx, &live).await?;
        tell(house, &mut tx, (brand, number), Did::RolledBack, "", who).await?;
    }
    tx.commit().await?;
    house.forget_library(brand);
    Ok(())
}

/// Makes every entry of the bot stand as a manifest says; what only people use stays as it is. Where
/// customers would read something else, the bot may only suggest it until somebody opens it.
pub(super) async fn make_live(
    house: &House,
    tx: &mut Tx,
    brand: BrandId,
    manifest: &Manifest,
    who: Option<AgentId>,
) -> Result<()> {
    let live = library::all(tx, brand).await?;
    let paths: BTreeSet<&str> =
        live.iter().map(|k| k.path.as_str()).chain(manifest.keys().map(String::as_str)).collect();
    for path in paths {
        let standing = live.iter().find(|k| k.path == path);
        let meant = manifest.get(path).copied();
        if standing.map(|k| k.version) == meant {
            continue;
        }
        let source = match meant {
            Some(version) => releases::source(tx, brand, path, version).await?,
            None => None,
        };
        let answers = |s: &str| Entry::read(&format!("{path}.md"), s).is_ok_and(|e| e.answers());
        if !standing.is_some_and(|k| answers(&k.source)) && !source.as_deref().is_some_and(answers) {
            continue;
        }
        let now = house.now();
        match (standing, source, meant) {
            (standing, Some(source), Some(version)) => {
                let same = standing.is_some_and(|k| !says_other(path, &k.source, &source));
                let mode = |m: Option<Mode>| match m {
                    Some(m) if same => m,
                    Some(m) => m.min(Mode::Suggest),
                    None => Mode::Suggest,
                };
                let new = Kept {
                    id: standing.map_or_else(|| house.given.id(), |k| k.id),
                    brand_id: brand,
                    path: path.to_owned(),
                    version,
                    source,
                    private_mode: mode(standing.map(|k| k.private_mode)),
                    public_mode: mode(standing.map(|k| k.public_mode)),
                    public_asked_by: None,
                    changed_by: who,
                    changed_at: now,
                };
                library::stand(tx, &new).await?;
            }
            (Some(standing), ..) => {
                let last = library::last_version(tx, brand, path).await?;
                let gone = Kept { version: last + 1, changed_by: who, changed_at: now, ..standing.clone() };
                library::remove(tx, &gone, house.given.id()).await?;
            }
            _ => {}
        }
    }
    Ok(())
}
