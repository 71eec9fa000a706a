//! Publishing: the draft becomes a release, for everybody, for every tenth conversation, or in the
//! shadow. A trial that did well becomes what is live; each step is remembered.

use serde_json::json;

use super::draft::{self, Draft, fresh};
use super::{gate, roll};
use crate::base::id::{AgentId, BrandId};
use crate::desk::agent::Power;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::release::{Did, Manifest, Reach, Standing, TRIAL};
use crate::desk::scope::Scope;
use crate::flow::{House, Reason, Result};
use crate::store::Tx;
use crate::store::library::{self, Kept};
use crate::store::studio::changes;
use crate::store::studio::releases::{self, Release};

/// Publishes the draft; the release's number.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::NotReady`] while the gate is shut;
/// [`Reason::ChangedMeanwhile`] when the draft or what is live is another by now.
pub async fn publish(house: &House, scope: &Scope, brand: BrandId, reach: Reach, why: &str) -> Result<i64> {
    let who = scope.who();
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.read().await?;
    let looked = draft::read(&mut tx, brand).await?;
    let gate = gate::of(house, &mut tx, &looked, who).await?;
    drop(tx);
    if !gate.is_open() {
        return Err(Reason::NotReady.about(gate.first().to_owned()));
    }
    let mut tx = house.db.write().await?;
    let draft = draft::read(&mut tx, brand).await?;
    if draft.print() != looked.print() || draft.live_files() != looked.live_files() {
        return Err(Reason::ChangedMeanwhile.into());
    }
    begin(house, &mut tx, brand).await?;
    let manifest = versions(house, &mut tx, &draft, who).await?;
    let now = house.now();
    let number = next(&mut tx, brand).await?;
    end_trial(house, &mut tx, brand, None).await?;
    let standing = if reach == Reach::All { Standing::Live } else { Standing::Trial };
    let ends_at = (standing == Standing::Trial).then(|| now.plus(TRIAL));
    let release = Release {
        id: house.given.id(),
        brand_id: brand,
        number,
        manifest: json!(manifest),
        standing,
        reach,
        why: why.trim().chars().take(500).collect(),
        made_by: who,
        approved_by: gate.approved_by,
        made_at: now,
        since: now,
        ends_at,
    };
    if reach == Reach::All {
        roll::make_live(house, &mut tx, brand, &manifest, who).await?;
        settle(&mut tx, &draft).await?;
        retire(house, &mut tx, brand).await?;
    }
    releases::add(&mut tx, &release).await?;
    let did = match reach {
        Reach::All => Did::Published,
        Reach::Tenth => Did::Tried,
        Reach::Shadow => Did::Shadowed,
    };
    tell(house, &mut tx, (brand, number), did, &release.why, who).await?;
    tx.commit().await?;
    house.forget_library(brand);
    // Learnt now, so that the next customer does not wait for it.
    house.faq(&mut house.db.read().await?, brand).await?;
    Ok(number)
}

/// The trial becomes what is live.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`crate::store::Error::NotFound`] when nothing is on trial.
pub async fn promote(house: &House, scope: &Scope, brand: BrandId) -> Result<i64> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    let trial = releases::standing(&mut tx, brand, Standing::Trial).await?.ok_or(crate::store::Error::NotFound)?;
    let manifest = trial.manifest();
    roll::make_live(house, &mut tx, brand, &manifest, scope.who()).await?;
    let draft = draft::read(&mut tx, brand).await?;
    for entry in &draft.entries {
        let live = draft.live.iter().find(|k| k.path == entry.path);
        if live.map(|k| k.source.as_str()) == entry.source.as_deref() {
            changes::drop(&mut tx, brand, &entry.path).await?;
        } else {
            // It was written over what is live now.
            let base = live.map_or(0, |k| k.version);
            changes::put(&mut tx, &changes::Drafted { base, version: entry.version + 1, ..entry.clone() }).await?;
        }
    }
    retire(house, &mut tx, brand).await?;
    let live = Release { standing: Standing::Live, reach: Reach::All, since: house.now(), ends_at: None, ..trial };
    releases::set_standing(&mut tx, &live).await?;
    tell(house, &mut tx, (brand, live.number), Did::Promoted, "", scope.who()).await?;
    tx.commit().await?;
    house.forget_library(brand);
    Ok(live.number)
}

/// A brand's first release is what it has; nothing happens where there is one.
pub(in crate::flow) async fn begin(house: &House, tx: &mut Tx, brand: BrandId) -> Result<()> {
    if releases::all(tx, brand).await?.is_empty() {
        add_live(house, tx, brand).await?;
    }
    Ok(())
}

/// What was changed from outside is a release, too, once there are any.
pub(in crate::flow) async fn imported(house: &House, tx: &mut Tx, brand: BrandId) -> Result<()> {
    if releases::all(tx, brand).await?.is_empty() {
        return Ok(());
    }
    end_trial(house, tx, brand, None).await?;
    retire(house, tx, brand).await?;
    let number = add_live(house, tx, brand).await?;
    let at = (None, house.now());
    releases::note(tx, (house.given.id(), brand, number), (Did::Imported, ""), at).await?;
    Ok(())
}

async fn add_live(house: &House, tx: &mut Tx, brand: BrandId) -> Result<i64> {
    let kept = library::all(tx, brand).await?;
    let manifest: Manifest = kept.iter().map(|k| (k.path.clone(), k.version)).collect();
    let since = kept.iter().map(|k| k.changed_at).max().unwrap_or(house.now());
    let number = next(tx, brand).await?;
    let release = Release {
        id: house.given.id(),
        brand_id: brand,
        number,
        manifest: json!(manifest),
        standing: Standing::Live,
        reach: Reach::All,
        why: String::new(),
        made_by: None,
        approved_by: None,
        made_at: since,
        since,
        ends_at: None,
    };
    releases::add(tx, &release).await?;
    Ok(number)
}

async fn next(tx: &mut Tx, brand: BrandId) -> Result<i64> {
    Ok(releases::all(tx, brand).await?.first().map_or(0, |r| r.number) + 1)
}

/// Keeps a version of each entry the draft changes, and says which version each entry has.
async fn versions(house: &House, tx: &mut Tx, draft: &Draft, who: Option<AgentId>) -> Result<Manifest> {
    let mut manifest: Manifest = draft.live.iter().map(|k| (k.path.clone(), k.version)).collect();
    for entry in &draft.entries {
        let Some(source) = &entry.source else {
            manifest.remove(&entry.path);
            continue;
        };
        let last = library::last_version(tx, draft.brand, &entry.path).await?;
        // What was tried a moment ago is not kept twice.
        let same = last > 0 && releases::source(tx, draft.brand, &entry.path, last).await?.as_ref() == Some(source);
        let version = if same { last } else { last + 1 };
        if !same {
            let kept = fresh(draft.brand, &entry.path, source.clone());
            let kept = Kept { version, changed_by: who.or(entry.changed_by), changed_at: house.now(), ..kept };
            library::keep_version(tx, &kept, house.given.id()).await?;
        }
        manifest.insert(entry.path.clone(), version);
    }
    Ok(manifest)
}

/// The draft has become live: nothing differs any more.
async fn settle(tx: &mut Tx, draft: &Draft) -> Result<()> {
    for entry in &draft.entries {
        changes::drop(tx, draft.brand, &entry.path).await?;
    }
    Ok(())
}

/// What was live is past.
pub(super) async fn retire(house: &House, tx: &mut Tx, brand: BrandId) -> Result<()> {
    if let Some(live) = releases::standing(tx, brand, Standing::Live).await? {
        let past = Release { standing: Standing::Past, since: house.now(), ..live };
        releases::set_standing(tx, &past).await?;
    }
    Ok(())
}

/// What was tried is tried no longer; true when there was something.
pub(super) async fn end_trial(house: &House, tx: &mut Tx, brand: BrandId, by: Option<Option<AgentId>>) -> Result<bool> {
    let Some(trial) = releases::standing(tx, brand, Standing::Trial).await? else { return Ok(false) };
    let number = trial.number;
    let past = Release { standing: Standing::Past, since: house.now(), ..trial };
    releases::set_standing(tx, &past).await?;
    if let Some(who) = by {
        tell(house, tx, (brand, number), Did::Withdrawn, "", who).await?;
    }
    Ok(true)
}

/// Remembers what was done, and lets every node know.
pub(super) async fn tell(
    house: &House,
    tx: &mut Tx,
    (brand, number): (BrandId, i64),
    did: Did,
    why: &str,
    who: Option<AgentId>,
) -> Result<()> {
    let now = house.now();
    releases::note(tx, (house.given.id(), brand, number), (did, why), (who, now)).await?;
    let event = Event::at(brand, EventKind::LibraryChanged, who.map_or(Actor::House, Actor::Agent));
    tx.emit(now, event.data(json!({"release": number, "did": did})));
    Ok(())
}
