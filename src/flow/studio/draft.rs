//! A brand's draft: what differs from what is live, entry by entry, and who changed it when.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Brain, brain, publish};
use crate::base::At;
use crate::base::id::{AnyId, BrandId};
use crate::base::sign::fingerprint;
use crate::desk::agent::Power;
use crate::desk::canned::{Entry, Mode};
use crate::desk::scope::Scope;
use crate::desk::studio::Change;
use crate::flow::library::File;
use crate::flow::{House, Reason, Result};
use crate::store::library::{self, Kept};
use crate::store::studio::changes::{self, Drafted, Note};
use crate::store::{Tx, brands};

/// What is live, and what a draft makes of it.
pub struct Draft {
    /// At which brand.
    pub brand: BrandId,
    /// What is live.
    pub live: Vec<Kept>,
    /// What differs.
    pub entries: Vec<Drafted>,
}

/// A brand's draft.
///
/// # Errors
/// As the database reports.
pub async fn read(tx: &mut Tx, brand: BrandId) -> Result<Draft> {
    Ok(Draft { brand, live: library::all(tx, brand).await?, entries: changes::all(tx, brand).await? })
}

impl Draft {
    /// The files that are live.
    pub fn live_files(&self) -> Vec<File> {
        self.live.iter().map(|k| (format!("{}.md", k.path), k.source.clone())).collect()
    }

    /// The files as they would be.
    pub fn files(&self) -> Vec<File> {
        let mut all: BTreeMap<String, String> = self.live_files().into_iter().collect();
        for d in &self.entries {
            let name = format!("{}.md", d.path);
            match &d.source {
                Some(source) => all.insert(name, source.clone()),
                None => all.remove(&name),
            };
        }
        all.into_iter().collect()
    }

    /// The same entries with what each is open for: as the live one is, and new ones to be suggested.
    pub fn kept(&self) -> Vec<Kept> {
        self.files().into_iter().map(|(name, source)| self.keep(&name, source)).collect()
    }

    fn keep(&self, name: &str, source: String) -> Kept {
        let path = name.strip_suffix(".md").unwrap_or(name);
        match self.live.iter().find(|k| k.path == path) {
            Some(live) => Kept { source, ..live.clone() },
            None => fresh(self.brand, path, source),
        }
    }

    /// What is live, learnt.
    ///
    /// # Errors
    /// When learning fails.
    pub async fn live_brain(&self, house: &House) -> Result<Arc<Brain>> {
        brain::of(house, &self.live_files()).await
    }

    /// What would be, learnt.
    ///
    /// # Errors
    /// When learning fails.
    pub async fn brain(&self, house: &House) -> Result<Arc<Brain>> {
        brain::of(house, &self.files()).await
    }

    /// A fingerprint of the draft: what a second person agrees with is exactly this.
    pub fn print(&self) -> String {
        let gone = "\u{0}";
        let each = self.entries.iter().flat_map(|d| [d.path.as_str(), d.source.as_deref().unwrap_or(gone)]);
        fingerprint(&each.collect::<Vec<_>>())
    }

    /// The file of an entry in the draft; none when it goes, or never was.
    pub fn source(&self, path: &str) -> Option<&str> {
        match self.entries.iter().find(|d| d.path == path) {
            Some(drafted) => drafted.source.as_deref(),
            None => self.live_source(path),
        }
    }

    /// The file of an entry as it is live.
    pub fn live_source(&self, path: &str) -> Option<&str> {
        self.live.iter().find(|k| k.path == path).map(|k| k.source.as_str())
    }

    /// The entries whose live version became another since the draft was begun.
    pub fn stale(&self) -> Vec<&str> {
        let version = |path: &str| self.live.iter().find(|k| k.path == path).map_or(0, |k| k.version);
        self.entries.iter().filter(|d| version(&d.path) != d.base).map(|d| d.path.as_str()).collect()
    }

    /// The entries that a second person has to read.
    pub fn for_two(&self) -> impl Iterator<Item = &Drafted> {
        self.entries.iter().filter(|d| {
            let read = |source: Option<&str>| Entry::read(&format!("{}.md", d.path), source?).ok();
            let (live, draft) = (read(self.live_source(&d.path)), read(d.source.as_deref()));
            let modes = self.live.iter().find(|k| k.path == d.path).map(|k| (k.private_mode, k.public_mode));
            let change = Change { live: live.as_ref(), draft: draft.as_ref() };
            change.asks_for_two(modes.unwrap_or((Mode::Suggest, Mode::Suggest)))
        })
    }
}

/// An entry that was never live: it may be suggested.
pub(super) fn fresh(brand: BrandId, path: &str, source: String) -> Kept {
    Kept {
        id: AnyId(uuid::Uuid::nil()),
        brand_id: brand,
        path: path.to_owned(),
        version: 0,
        source,
        private_mode: Mode::Suggest,
        public_mode: Mode::Suggest,
        public_asked_by: None,
        changed_by: None,
        changed_at: At(0),
    }
}

/// Changes an entry of the draft: `source` none takes it away. `before` is the draft's version that was
/// looked at, 0 where there was none. Returns the new one, 0 when nothing differs from live any more.
///
/// # Errors
/// [`Reason`]: not allowed, not readable (with the first thing wrong), changed meanwhile.
pub async fn put(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    path: &str,
    source: Option<String>,
    before: i64,
) -> Result<i64> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    brands::get(&mut tx, brand).await?;
    let version = put_in(house, &mut tx, scope, (brand, path), source, Some(before)).await?;
    tx.commit().await?;
    Ok(version)
}

/// The same within a transaction; without `before` whatever stands there is changed.
pub(in crate::flow) async fn put_in(
    house: &House,
    tx: &mut Tx,
    scope: &Scope,
    (brand, path): (BrandId, &str),
    source: Option<String>,
    before: Option<i64>,
) -> Result<i64> {
    let source = source.map(|s| s.replace("\r\n", "\n"));
    if let Some(source) = &source {
        Entry::read(&format!("{path}.md"), source)?;
    }
    publish::begin(house, tx, brand).await?;
    let live = library::get(tx, brand, path).await?;
    let drafted = changes::get(tx, brand, path).await?;
    let version = drafted.as_ref().map_or(0, |d| d.version);
    if before.is_some_and(|b| b != version) {
        return Err(Reason::ChangedMeanwhile.into());
    }
    let was = drafted.as_ref().map_or_else(|| live.as_ref().map(|k| k.source.clone()), |d| d.source.clone());
    if was == source {
        return Ok(version);
    }
    let (by, now) = (scope.who(), house.now());
    let note =
        Note { id: house.given.id(), brand, path, before: was.as_deref(), after: source.as_deref(), by, at: now };
    changes::note(tx, &note).await?;
    if source == live.as_ref().map(|k| k.source.clone()) {
        changes::drop(tx, brand, path).await?;
        return Ok(0);
    }
    let base = live.map_or(0, |k| k.version);
    let path = path.to_owned();
    let new = Drafted { brand_id: brand, path, base, source, version: version + 1, changed_by: by, changed_at: now };
    if !changes::put(tx, &new).await? {
        return Err(Reason::ChangedMeanwhile.into());
    }
    Ok(new.version)
}

/// True when the bot answers with one of these versions of an entry.
pub(super) fn is_of_bot(path: &str, sources: [Option<&str>; 2]) -> bool {
    let answers = |source: &str| Entry::read(&format!("{path}.md"), source).is_ok_and(|e| e.answers());
    sources.into_iter().flatten().any(answers)
}

/// Changes an entry in the draft when it is one of the bot's, before or after; else nothing is done, and
/// false comes back. `live` is the live version that was looked at.
///
/// # Errors
/// As [`put`].
pub async fn of_bot(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    (path, source): (&str, Option<&str>),
    live: i64,
) -> Result<bool> {
    let mut tx = house.db.read().await?;
    let kept = library::get(&mut tx, brand, path).await?;
    let drafted = changes::get(&mut tx, brand, path).await?;
    std::mem::drop(tx);
    if !is_of_bot(path, [source, kept.as_ref().map(|k| k.source.as_str())]) {
        return Ok(false);
    }
    if kept.map_or(0, |k| k.version) != live {
        return Err(Reason::ChangedMeanwhile.into());
    }
    let before = drafted.map_or(0, |d| d.version);
    put(house, scope, brand, path, source.map(str::to_owned), before).await?;
    Ok(true)
}

/// Gives up what the draft makes of an entry.
///
/// # Errors
/// As [`put`].
pub async fn drop(house: &House, scope: &Scope, brand: BrandId, path: &str, before: i64) -> Result<()> {
    let live = library::get(&mut house.db.read().await?, brand, path).await?;
    put(house, scope, brand, path, live.map(|k| k.source), before).await.map(|_| ())
}
