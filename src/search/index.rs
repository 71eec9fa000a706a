//! The index itself and its feeder. The place in the log up to which the index is fed is written
//! with each of its commits, so after a crash it goes on exactly where it stopped.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context;
use tantivy::collector::TopDocs;
use tantivy::schema::{TantivyDocument, Value};
use tantivy::{Index, IndexReader, IndexWriter, Order, ReloadPolicy, Term};
use tokio_util::sync::CancellationToken;

use super::query::{self, Asked};
use super::schema::{self, Fields};
use crate::base::id::{BrandId, ChannelId, MessageId};
use crate::desk::event::EventKind;
use crate::store::events::{self, Past};
use crate::store::messages::{self, Message};
use crate::store::{Db, channels};

/// Searching. Cheap to clone; the index under it is replaced when it is rebuilt.
#[derive(Clone)]
pub struct Search {
    shared: Arc<RwLock<Open>>,
    folder: Arc<PathBuf>,
}

struct Open {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    fed: i64,
}

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The best match first.
    Relevance,
    /// The newest first.
    Newest,
}

impl Search {
    /// Opens the index in a folder, or begins a new one when it is missing, damaged or of another
    /// version: it is only a copy.
    ///
    /// # Errors
    /// When the folder cannot be written at all.
    pub fn open(folder: &Path) -> anyhow::Result<Search> {
        let open = match open(folder) {
            Ok(open) => open,
            // The first start.
            Err(_) if !folder.exists() => begin_anew(folder)?,
            Err(error) => {
                tracing::warn!(name: "search.rebuilding", error = format!("{error:#}"), "the search index is rebuilt from the log");
                begin_anew(folder)?
            }
        };
        Ok(Search { shared: Arc::new(RwLock::new(open)), folder: Arc::new(folder.to_path_buf()) })
    }

    fn read<T>(&self, f: impl FnOnce(&Open) -> T) -> T {
        f(&self.shared.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The place in the log up to which the index is fed.
    pub fn fed(&self) -> i64 {
        self.read(|o| o.fed)
    }

    /// Ids of the messages of a brand that match, at most `most` from `skip` on.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(
        &self,
        brand: BrandId,
        asked: &Asked,
        by: By,
        skip: usize,
        most: usize,
    ) -> anyhow::Result<Vec<MessageId>> {
        self.read(|o| {
            let query = query::build(asked, brand, &o.index, &o.fields);
            let searcher = o.reader.searcher();
            let top = TopDocs::with_limit(most).and_offset(skip);
            let found: Vec<_> = match by {
                By::Relevance => searcher.search(&query, &top.order_by_score())?.into_iter().map(|(_, a)| a).collect(),
                By::Newest => {
                    let collector = top.order_by_fast_field::<i64>("at", Order::Desc);
                    searcher.search(&query, &collector)?.into_iter().map(|(_, a)| a).collect()
                }
            };
            let mut ids = Vec::with_capacity(found.len());
            for address in found {
                let doc: TantivyDocument = searcher.doc(address)?;
                let bytes = doc.get_first(o.fields.id).and_then(|v| v.as_bytes()).context("a hit has no id")?;
                ids.push(MessageId(uuid::Uuid::from_slice(bytes)?));
            }
            Ok(ids)
        })
    }

    /// Throws the index away and begins anew from the start of the log.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn start_over(&self) -> anyhow::Result<()> {
        let fresh = begin_anew(&self.folder)?;
        *self.shared.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

fn open(folder: &Path) -> anyhow::Result<Open> {
    let version = std::fs::read_to_string(folder.join("version")).context("it does not say of which version it is")?;
    anyhow::ensure!(version == schema::VERSION, "the index is of version {version}, not {}", schema::VERSION);
    let index = Index::open_in_dir(folder)?;
    let fed = match index.load_metas()?.payload {
        Some(payload) => payload.parse().context("the index does not know where it stopped")?,
        None => 0,
    };
    let fields = schema::schema().1;
    schema::teach(&index);
    // A damaged segment is found here rather than at somebody's search.
    let bad = index.validate_checksum()?;
    anyhow::ensure!(bad.is_empty(), "{} files of the index are damaged", bad.len());
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Open { index, reader, fields, fed })
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
    Ok(Open { index, reader, fields, fed: 0 })
}

/// Feeds the index from the log.
pub struct Feeder {
    db: Db,
    search: Search,
    writer: Option<Arc<Mutex<IndexWriter>>>,
}

/// Events read before a commit.
const BATCH: i64 = 1_000;
/// Memory for what is not yet committed.
const HEAP: usize = 30 << 20;

impl Feeder {
    /// A feeder for this index; it opens its writer when there is something to write.
    pub fn new(db: Db, search: Search) -> Feeder {
        Feeder { db, search, writer: None }
    }

    /// Feeds what has happened since the last commit; how many events it went forward.
    ///
    /// # Errors
    /// When the log or the index cannot be read or written; the next turn begins at the same place.
    pub async fn turn(&mut self) -> anyhow::Result<usize> {
        let from = self.search.fed();
        let mut tx = self.db.read().await?;
        let news = events::after(&mut tx, from, BATCH).await?;
        let Some(last) = news.last().map(|e| e.seq) else { return Ok(0) };
        let touched = touched(&news);
        let mut networks: HashMap<ChannelId, String> = HashMap::new();
        let mut found: HashMap<MessageId, Message> = HashMap::new();
        for brand in touched.iter().map(|(brand, _)| *brand).collect::<HashSet<BrandId>>() {
            networks.extend(channels::of_brand(&mut tx, brand).await?.into_iter().map(|c| (c.id, c.network)));
            let ids: Vec<MessageId> = touched.iter().filter(|(b, _)| *b == brand).map(|(_, id)| *id).collect();
            found.extend(messages::many(&mut tx, brand, &ids).await?.into_iter().map(|m| (m.id, m)));
        }
        let docs = touched.into_iter().map(|(_, id)| {
            let message = found.remove(&id);
            (id, message.map(|m| (networks.get(&m.channel_id).cloned().unwrap_or_default(), m)))
        });
        let docs = docs.collect();
        drop(tx);
        let writer = self.writer()?;
        let search = self.search.clone();
        tokio::task::spawn_blocking(move || commit(&search, &writer, docs, last)).await??;
        Ok(news.len())
    }

    fn writer(&mut self) -> anyhow::Result<Arc<Mutex<IndexWriter>>> {
        if let Some(writer) = &self.writer {
            return Ok(Arc::clone(writer));
        }
        let writer = self.search.read(|o| o.index.writer_with_num_threads(1, HEAP))?;
        let writer = Arc::new(Mutex::new(writer));
        self.writer = Some(Arc::clone(&writer));
        Ok(writer)
    }

    /// Begins again from the start of the log, into an empty index.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn start_over(&mut self) -> anyhow::Result<()> {
        // The writer holds the folder's lock; it goes first.
        self.writer = None;
        self.search.start_over()
    }

    /// Runs until cancelled: feeds at most twice a second, so that a commit carries many messages.
    /// An index that cannot be written any more is begun anew.
    pub async fn run(mut self, stop: CancellationToken, again: Arc<tokio::sync::Notify>) {
        let mut failures = 0;
        loop {
            match self.turn().await {
                Ok(n) => {
                    failures = 0;
                    if i64::try_from(n) == Ok(BATCH) && !stop.is_cancelled() {
                        continue;
                    }
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(name: "search.feed_failed", error = format!("{error:#}"), failures, "the search index could not be fed");
                    self.writer = None;
                    if failures >= 3
                        && let Err(error) = self.start_over()
                    {
                        tracing::error!(name: "search.lost", error = format!("{error:#}"), "the search index could not be begun anew");
                    }
                }
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
                () = again.notified() => {
                    if let Err(error) = self.start_over() {
                        tracing::error!(name: "search.reindex_failed", error = format!("{error:#}"), "the search index could not be begun anew");
                    }
                }
                () = stop.cancelled() => return,
            }
        }
    }
}

/// The messages events are about, each once, in order.
fn touched(news: &[Past]) -> Vec<(BrandId, MessageId)> {
    use EventKind::{MessageDeleted, MessageEdited, MessageReceived, Noted, PageWrote, ReplyQueued};
    let mut seen = HashSet::new();
    let about = news.iter().filter(|e| {
        matches!(e.kind, MessageReceived | MessageEdited | MessageDeleted | Noted | PageWrote | ReplyQueued)
    });
    about.filter_map(|e| Some((e.brand_id, e.message_id?))).filter(|m| seen.insert(*m)).collect()
}

fn commit(
    search: &Search,
    writer: &Mutex<IndexWriter>,
    docs: Vec<(MessageId, Option<(String, Message)>)>,
    upto: i64,
) -> anyhow::Result<()> {
    let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
    let fields = search.read(|o| o.fields);
    for (id, message) in docs {
        writer.delete_term(Term::from_field_bytes(fields.id, id.0.as_bytes()));
        if let Some((network, message)) = message {
            writer.add_document(document(&fields, &message, &network))?;
        }
    }
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&upto.to_string());
    prepared.commit()?;
    drop(writer);
    let mut open = search.shared.write().unwrap_or_else(PoisonError::into_inner);
    open.reader.reload()?;
    open.fed = upto;
    Ok(())
}

fn document(f: &Fields, m: &Message, network: &str) -> TantivyDocument {
    let mut doc = TantivyDocument::default();
    doc.add_bytes(f.id, m.id.0.as_bytes());
    doc.add_bytes(f.brand, m.brand_id.0.as_bytes());
    doc.add_i64(f.at, m.at.0);
    for field in [f.words, f.fr, f.en] {
        doc.add_text(field, &m.text);
    }
    doc.add_text(f.author, format!("{} {}", m.author_name, m.author_handle.as_deref().unwrap_or_default()));
    doc.add_text(f.mark, format!("type:{}", m.visibility));
    doc.add_text(f.mark, format!("kind:{}", m.kind));
    doc.add_text(f.mark, format!("network:{network}"));
    if m.attachments.as_array().is_some_and(|a| !a.is_empty()) {
        doc.add_text(f.mark, "has:attachment");
    }
    doc
}
