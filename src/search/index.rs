//! The index itself: opened or begun anew, and asked. The place in the log up to which it is fed is
//! written with each of its commits, so after a crash it goes on exactly where it stopped.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context;
use tantivy::collector::TopDocs;
use tantivy::collector::sort_key::SortBySimilarityScore;
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::schema::{TantivyDocument, Value};
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Searcher, SegmentReader};

use super::build;
use super::query::Asked;
use super::schema::{self, Fields};
use crate::base::At;
use crate::base::id::{BrandId, MessageId};

/// "The newest" is looked for in the last month first, then in the last year: to order every
/// message that has a common word takes long, and is rarely needed.
const NEAR: [Duration; 2] = [Duration::from_hours(30 * 24), Duration::from_hours(365 * 24)];

/// Searching. Cheap to clone; the index under it is replaced when it is rebuilt.
#[derive(Clone)]
pub struct Search {
    pub(super) shared: Arc<RwLock<Open>>,
    pub(super) folder: Arc<PathBuf>,
    trouble: Arc<RwLock<Option<String>>>,
}

pub(super) struct Open {
    pub(super) index: Index,
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
    /// Up to where in the log it is fed.
    pub(super) fed: i64,
    /// The same, as written on disk.
    pub(super) kept: i64,
}

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The best match first; of equal ones the newer.
    Relevance,
    /// The newest first.
    Newest,
}

/// A hit's place among all hits of a search: where a page ends and the next begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// How well it matches; 0 when that does not count.
    score: f32,
    at: i64,
    tie: u64,
    /// How many hits come up to it, itself included: only a hint of where to look.
    depth: usize,
}

/// A hit.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// The message.
    pub id: MessageId,
    /// Its place.
    pub spot: Spot,
}

impl Spot {
    /// True when this hit comes after the other.
    fn is_after(&self, other: &Spot) -> bool {
        let by_score = other.score.total_cmp(&self.score);
        by_score.then(other.at.cmp(&self.at)).then(other.tie.cmp(&self.tie)) == Ordering::Greater
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "q{:x}.{:x}.{:x}.{}", self.score.to_bits(), self.at, self.tie, self.depth)
    }
}

impl FromStr for Spot {
    type Err = ();

    fn from_str(text: &str) -> Result<Spot, ()> {
        let mut parts = text.strip_prefix('q').ok_or(())?.split('.');
        let mut next = || parts.next().ok_or(());
        let score = f32::from_bits(u32::from_str_radix(next()?, 16).map_err(|_| ())?);
        let at = i64::from_str_radix(next()?, 16).map_err(|_| ())?;
        let tie = u64::from_str_radix(next()?, 16).map_err(|_| ())?;
        let depth: usize = next()?.parse().map_err(|_| ())?;
        let sane = !score.is_nan() && depth <= 100_000_000 && parts.next().is_none();
        sane.then_some(Spot { score, at, tie, depth }).ok_or(())
    }
}

/// The random half of an id.
pub(super) fn tie(id: MessageId) -> u64 {
    id.0.as_u64_pair().1
}

impl Search {
    /// Opens the index in a folder, or begins a new one when it is missing, damaged or of another
    /// version: it is only a copy.
    ///
    /// # Errors
    /// When the folder cannot be written at all.
    pub fn open(folder: &Path) -> anyhow::Result<Search> {
        // What a rebuilding left that was cut short: between two renames, the old one is whole.
        if !folder.exists() {
            let _ = std::fs::rename(folder.with_extension("old"), folder);
        }
        for name in ["next", "old"] {
            let _ = std::fs::remove_dir_all(folder.with_extension(name));
        }
        let open = match open(folder) {
            Ok(open) => open,
            // The first start.
            Err(_) if !folder.exists() => begin_anew(folder)?,
            Err(error) => {
                tracing::warn!(name: "search.rebuilding", error = format!("{error:#}"), "the search index is rebuilt from the log");
                begin_anew(folder)?
            }
        };
        Ok(Search::on(open, folder))
    }

    /// A new, empty index in a folder; what was there is gone.
    pub(super) fn empty(folder: &Path) -> anyhow::Result<Search> {
        Ok(Search::on(begin_anew(folder)?, folder))
    }

    fn on(open: Open, folder: &Path) -> Search {
        let folder = Arc::new(folder.to_path_buf());
        Search { shared: Arc::new(RwLock::new(open)), folder, trouble: Arc::default() }
    }

    pub(super) fn read<T>(&self, f: impl FnOnce(&Open) -> T) -> T {
        f(&self.shared.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The place in the log up to which the index is fed.
    pub fn fed(&self) -> i64 {
        self.read(|o| o.fed)
    }

    /// Why the index cannot be fed at the moment, when it cannot.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn say(&self, trouble: Option<String>) {
        *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Looks again at what is in the folder.
    ///
    /// # Errors
    /// When that is no whole index of ours.
    pub(super) fn open_again(&self) -> anyhow::Result<()> {
        let fresh = open(&self.folder)?;
        *self.shared.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Messages of a brand that match, after a place where one is given, at most `most`.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(
        &self,
        brand: BrandId,
        asked: &Asked,
        (by, now): (By, At),
        after: Option<Spot>,
        most: usize,
    ) -> anyhow::Result<Vec<Hit>> {
        self.read(|o| match by {
            By::Relevance => page(o, &*build::build(asked, brand, &o.index, &o.fields), by, after, most),
            By::Newest => newest(o, brand, asked, now, after, most),
        })
    }

    /// The first of these messages in a search's order, if any of them matches.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn first_of(
        &self,
        brand: BrandId,
        asked: &Asked,
        by: By,
        among: &[MessageId],
    ) -> anyhow::Result<Option<MessageId>> {
        self.read(|o| {
            let query = build::among(build::build(asked, brand, &o.index, &o.fields), among, &o.fields);
            Ok(page(o, &*query, by, None, 1)?.first().map(|hit| hit.id))
        })
    }
}

/// The newest hits, from the near past into the far.
fn newest(
    o: &Open,
    brand: BrandId,
    asked: &Asked,
    now: At,
    after: Option<Spot>,
    most: usize,
) -> anyhow::Result<Vec<Hit>> {
    let from = after.map_or(now, |spot| At(spot.at));
    let mut found: Vec<Hit> = Vec::with_capacity(most);
    let (mut until, mut depth) = (after.map(|spot| At(spot.at + 1)), after.map_or(0, |spot| spot.depth));
    for near in NEAR.map(Some).into_iter().chain([None]) {
        let since = near.map(|near| from.minus(near));
        let query = build::between(build::build(asked, brand, &o.index, &o.fields), since, until, &o.fields);
        let mut hits = page(o, &*query, By::Newest, after, most - found.len())?;
        for hit in &mut hits {
            depth += 1;
            hit.spot.depth = depth;
        }
        found.extend(hits);
        if found.len() >= most {
            break;
        }
        until = since;
    }
    Ok(found)
}

/// The first hits of a query after a place, in an order in which no two are equal.
fn page(o: &Open, query: &dyn Query, by: By, after: Option<Spot>, most: usize) -> anyhow::Result<Vec<Hit>> {
    let searcher = o.reader.searcher();
    let before = after.filter(|_| by == By::Relevance).map_or(0, |spot| spot.depth);
    let mut look_at = before + most;
    loop {
        let found = ranked(&searcher, query, by, look_at)?;
        let all = found.len() < look_at;
        let spots = found
            .into_iter()
            .enumerate()
            .map(|(n, (score, (at, tie), address))| (Spot { score, at, tie, depth: n + 1 }, address));
        let fresh: Vec<_> = spots.filter(|(spot, _)| after.is_none_or(|a| spot.is_after(&a))).take(most).collect();
        // The index has changed since that place was told, or many stand at the same moment: wider.
        if fresh.len() < most && !all {
            look_at *= 2;
            continue;
        }
        return fresh.into_iter().map(|(spot, address)| Ok(Hit { id: id_of(o, &searcher, address)?, spot })).collect();
    }
}

type Ranked = (f32, (i64, u64), DocAddress);

fn ranked(searcher: &Searcher, query: &dyn Query, by: By, most: usize) -> tantivy::Result<Vec<Ranked>> {
    let top = TopDocs::with_limit(most.max(1));
    Ok(match by {
        By::Relevance => {
            let found = searcher.search(query, &top.order_by((SortBySimilarityScore, place)))?;
            found.into_iter().map(|((score, place), address)| (score, place, address)).collect()
        }
        By::Newest => {
            let found = searcher.search(query, &top.order_by(place))?;
            found.into_iter().map(|(place, address)| (0.0, place, address)).collect()
        }
    })
}

/// When a message was written, and what tells it from others of that moment.
fn place(segment: &SegmentReader) -> impl FnMut(u32) -> (i64, u64) + use<> {
    let fast = segment.fast_fields();
    let (at, tie): (Option<Column<i64>>, Option<Column<u64>>) = (fast.i64("at").ok(), fast.u64("tie").ok());
    move |doc| {
        let at = at.as_ref().and_then(|c| c.first(doc)).unwrap_or_default();
        (at, tie.as_ref().and_then(|c| c.first(doc)).unwrap_or_default())
    }
}

fn id_of(o: &Open, searcher: &Searcher, address: DocAddress) -> anyhow::Result<MessageId> {
    let doc: TantivyDocument = searcher.doc(address)?;
    let bytes = doc.get_first(o.fields.id).and_then(|v| v.as_bytes()).context("a hit has no id")?;
    Ok(MessageId(uuid::Uuid::from_slice(bytes)?))
}

pub(super) fn open(folder: &Path) -> anyhow::Result<Open> {
    let version = std::fs::read_to_string(folder.join("version")).context("it does not say of which version it is")?;
    anyhow::ensure!(version == schema::VERSION, "the index is of version {version}, not {}", schema::VERSION);
    let index = Index::open_in_dir(folder)?;
    let (schema, fields) = schema::schema();
    anyhow::ensure!(index.schema() == schema, "the index has other fields than this version's");
    let fed = match index.load_metas()?.payload {
        Some(payload) => payload.parse().context("the index does not know where it stopped")?,
        None => 0,
    };
    schema::teach(&index);
    // A damaged segment is found here rather than at somebody's search.
    let bad = index.validate_checksum()?;
    anyhow::ensure!(bad.is_empty(), "{} files of the index are damaged", bad.len());
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Open { index, reader, fields, fed, kept: fed })
}

fn begin_anew(folder: &Path) -> anyhow::Result<Open> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (schema, fields) = schema::schema();
    let index = Index::create_in_dir(folder, schema)?;
    schema::teach(&index);
    std::fs::write(folder.join("version"), schema::VERSION)?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Open { index, reader, fields, fed: 0, kept: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_and_read_and_nonsense_is_none() {
        let spot = Spot { score: 7.25, at: 1_763_715_600_000_001, tie: u64::MAX, depth: 40 };
        assert_eq!(spot.to_string().parse(), Ok(spot));
        for nonsense in ["", "q", "q1.2.3", "q1.2.3.4.5", "1.2.3.4", "qffffffff.0.0.1", "q0.0.0.999999999999"] {
            assert_eq!(nonsense.parse::<Spot>(), Err(()), "{nonsense}");
        }
    }

    #[test]
    fn no_two_places_are_equal() {
        let spot = |score, at, tie| Spot { score, at, tie, depth: 1 };
        let first = spot(2.0, 5, 5);
        assert!(spot(1.0, 9, 9).is_after(&first) && spot(2.0, 4, 9).is_after(&first));
        assert!(spot(2.0, 5, 4).is_after(&first) && !first.is_after(&first) && !spot(3.0, 0, 0).is_after(&first));
    }
}
