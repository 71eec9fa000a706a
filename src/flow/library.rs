//! The library of a brand: read once and remembered, changed entry by entry, each change a version.

use std::sync::{Arc, PoisonError};

use serde_json::json;

use super::{House, Reason, Result};
use crate::base::id::BrandId;
use crate::desk::agent::Power;
pub use crate::desk::canned::LANGUAGES;
use crate::desk::canned::{Entry, Library, Mode, Network, Note, Problem, Weight, lint};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::store::Tx;
use crate::store::library::{self, Kept};

/// A file of the library: `folder/name.md`, and its words.
pub type File = (String, String);

impl House {
    /// A brand's library, remembered until it changes. What cannot be read is left out, and said in
    /// the log: one bad entry is no reason to have none.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn library(&self, tx: &mut Tx, brand: BrandId) -> Result<Arc<Library>> {
        if let Some(known) = self.libraries.lock().unwrap_or_else(PoisonError::into_inner).get(&brand) {
            return Ok(Arc::clone(known));
        }
        let rows = library::all(tx, brand).await?;
        let read = rows.iter().filter_map(|k| match Entry::read(&format!("{}.md", k.path), &k.source) {
            Ok(entry) => Some(entry),
            Err(problems) => {
                tracing::error!(name: "library.unreadable", path = %k.path, problem = %problems[0], "an entry is left out");
                None
            }
        });
        let library = Arc::new(Library::of(read));
        self.libraries.lock().unwrap_or_else(PoisonError::into_inner).insert(brand, Arc::clone(&library));
        Ok(library)
    }

    /// Forgets a brand's library: something in it has changed.
    pub fn forget_library(&self, brand: BrandId) {
        self.libraries.lock().unwrap_or_else(PoisonError::into_inner).remove(&brand);
        self.faqs.lock().unwrap_or_else(PoisonError::into_inner).remove(&brand);
        self.studio.forget(brand);
    }

    /// What the networks spoken here take, for the check of lengths.
    pub fn lengths(&self) -> Vec<Network> {
        let each = self.networks.iter().map(|n| {
            let limits = n.limits();
            let private = limits.dm.map(|d| d.length).or(limits.private_reply.map(|p| p.length));
            Network { slug: n.slug(), public: limits.public_reply, private }
        });
        each.collect()
    }

    /// Reads files and looks at them together.
    ///
    /// # Errors
    /// Every [`Problem`] of files that cannot be read.
    pub fn look_at(&self, files: &[File]) -> std::result::Result<(Vec<Entry>, Vec<Note>), Vec<Problem>> {
        let (mut entries, mut problems) = (Vec::new(), Vec::new());
        for (name, source) in files {
            match Entry::read(name, source) {
                Ok(entry) => entries.push(entry),
                Err(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let notes = lint(&entries, &LANGUAGES, &self.lengths());
        Ok((entries, notes))
    }
}

/// Changes an entry, or adds one; its new version. Words that changed close what the bot was allowed
/// to say by itself: somebody opens it again.
///
/// # Errors
/// [`Reason`]: not allowed, not readable or unfit (with the first thing wrong), changed meanwhile.
pub async fn save(house: &House, scope: &Scope, brand: BrandId, file: File, before: i64) -> Result<i64> {
    let writer = scope.who().filter(|_| scope.may(brand, Power::Write)).ok_or(Reason::NotAllowed)?;
    let (name, source) = (file.0, file.1.replace("\r\n", "\n"));
    let path = name.strip_suffix(".md").unwrap_or(&name).to_owned();
    let mut tx = house.db.write().await?;
    let standing = library::all(&mut tx, brand).await?;
    let others = standing.iter().filter(|k| k.path != path).map(|k| (format!("{}.md", k.path), k.source.clone()));
    let mut files: Vec<File> = others.filter(|(n, s)| Entry::read(n, s).is_ok()).collect();
    files.push((format!("{path}.md"), source.clone()));
    fits(house, &files, &path)?;
    let kept = standing.into_iter().find(|k| k.path == path);
    let last = library::last_version(&mut tx, brand, &path).await?;
    if kept.as_ref().map_or(0, |k| k.version) != before {
        return Err(Reason::ChangedMeanwhile.into());
    }
    let closed = |mode: Mode| if mode == Mode::Auto { Mode::Suggest } else { mode };
    let new = Kept {
        id: kept.as_ref().map_or_else(|| house.given.id(), |k| k.id),
        brand_id: brand,
        path: path.clone(),
        version: last + 1,
        source,
        private_mode: kept.as_ref().map_or(Mode::Suggest, |k| closed(k.private_mode)),
        public_mode: kept.as_ref().map_or(Mode::Suggest, |k| closed(k.public_mode)),
        public_asked_by: None,
        changed_by: Some(writer),
        changed_at: house.now(),
    };
    if !library::put(&mut tx, &new, house.given.id()).await? {
        return Err(Reason::ChangedMeanwhile.into());
    }
    tell(house, &mut tx, brand, Actor::Agent(writer), &path, new.version);
    tx.commit().await?;
    house.forget_library(brand);
    Ok(new.version)
}

/// Looks at an entry among the others.
pub(super) fn fits(house: &House, files: &[File], path: &str) -> Result<()> {
    let (_, notes) = house.look_at(files)?;
    let mine = format!("{path}.md");
    let bad = notes.into_iter().find(|n| n.weight == Weight::Error && n.file == mine);
    bad.map_or(Ok(()), |bad| Err(bad.into()))
}

/// Takes an entry away; its versions stay and can be put back.
///
/// # Errors
/// [`Reason::NotAllowed`], or when there is none.
pub async fn remove(house: &House, scope: &Scope, brand: BrandId, path: &str) -> Result<()> {
    let writer = scope.who().filter(|_| scope.may(brand, Power::Write)).ok_or(Reason::NotAllowed)?;
    let mut tx = house.db.write().await?;
    let kept = library::get(&mut tx, brand, path).await?.ok_or(crate::store::Error::NotFound)?;
    let last = library::last_version(&mut tx, brand, path).await?;
    let gone = Kept { version: last + 1, changed_by: Some(writer), changed_at: house.now(), ..kept };
    library::remove(&mut tx, &gone, house.given.id()).await?;
    tell(house, &mut tx, brand, Actor::Agent(writer), path, gone.version);
    tx.commit().await?;
    house.forget_library(brand);
    Ok(())
}

/// Puts files into a brand's library, by whoever runs the program: what is the same stays as it is.
/// Returns how many were added or changed.
///
/// # Errors
/// [`Reason::UnfitReply`] with the first thing wrong; then nothing is changed.
pub async fn import(house: &House, brand: BrandId, files: &[File]) -> Result<usize> {
    let (_, notes) = house.look_at(files)?;
    if let Some(bad) = notes.into_iter().find(|n| n.weight == Weight::Error) {
        return Err(bad.into());
    }
    let mut tx = house.db.write().await?;
    let changed = put_all(house, &mut tx, brand, files).await?;
    if changed > 0 {
        super::studio::publish::imported(house, &mut tx, brand).await?;
    }
    tx.commit().await?;
    house.forget_library(brand);
    Ok(changed)
}

/// See [`import`]; the files are fit.
pub(super) async fn put_all(house: &House, tx: &mut Tx, brand: BrandId, files: &[File]) -> Result<usize> {
    let mut changed = 0;
    for (name, source) in files {
        let path = name.strip_suffix(".md").unwrap_or(name);
        let kept = library::get(tx, brand, path).await?;
        if kept.as_ref().is_some_and(|k| k.source == *source) {
            continue;
        }
        let last = library::last_version(tx, brand, path).await?;
        let new = Kept {
            id: kept.as_ref().map_or_else(|| house.given.id(), |k| k.id),
            brand_id: brand,
            path: path.to_owned(),
            version: last + 1,
            source: source.clone(),
            private_mode: Mode::Suggest,
            public_mode: Mode::Suggest,
            public_asked_by: None,
            changed_by: None,
            changed_at: house.now(),
        };
        library::put(tx, &new, house.given.id()).await?;
        changed += 1;
    }
    if changed > 0 {
        let event = Event::at(brand, EventKind::LibraryChanged, Actor::House);
        tx.emit(house.now(), event.data(json!({"changed": changed})));
    }
    Ok(changed)
}

/// A brand's files, as they were written.
///
/// # Errors
/// As the database reports.
pub async fn export(house: &House, brand: BrandId) -> Result<Vec<File>> {
    let rows = library::all(&mut house.db.read().await?, brand).await?;
    Ok(rows.into_iter().map(|k| (format!("{}.md", k.path), k.source)).collect())
}

fn tell(house: &House, tx: &mut Tx, brand: BrandId, actor: Actor, path: &str, version: i64) {
    let event = Event::at(brand, EventKind::LibraryChanged, actor);
    tx.emit(house.now(), event.data(json!({"path": path, "version": version})));
}
