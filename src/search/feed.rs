//! Feeding the index from the log, and building it anew beside the one in use.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tantivy::schema::TantivyDocument;
use tantivy::{IndexWriter, Term};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::index::{self, Search};
use super::schema::Fields;
use crate::base::id::{BrandId, ChannelId, MessageId};
use crate::base::text::fold;
use crate::base::{At, Given};
use crate::desk::event::EventKind;
use crate::store::events::{self, Past};
use crate::store::messages::{self, Message};
use crate::store::{Db, channels};

/// Events read at once.
const BATCH: i64 = 1_000;
/// When there is more to read than that, commits are spared, but not for longer than this …
const LATEST: Duration = Duration::from_secs(1);
/// … and not for more events than this.
const MOST: i64 = 20 * BATCH;
/// Events without a message in them that may go by before the index writes down how far it is.
const FAR: i64 = 50_000;
/// Memory for what is not yet committed.
const HEAP: usize = 50 << 20;
/// The least time between two commits, so that one carries many messages; and how soon after it
/// one looks without being told.
const GAP: Duration = Duration::from_millis(500);
/// The longest wait after failures.
const PATIENCE: Duration = Duration::from_secs(30);

/// Feeds the index from the log.
pub struct Feeder {
    db: Db,
    search: Search,
    given: Given,
    writer: Option<Arc<Mutex<IndexWriter>>>,
    staged: Option<Staged>,
}

/// What the writer holds and has not committed.
#[derive(Clone, Copy)]
struct Staged {
    since: At,
    upto: i64,
    documents: usize,
}

/// A message to be indexed, with its network's slug; none when it is gone.
type Fresh = (MessageId, Option<(String, Message)>);

impl Feeder {
    /// A feeder for this index; it opens its writer when there is something to write.
    pub fn new(db: Db, search: Search, given: Given) -> Feeder {
        Feeder { db, search, given, writer: None, staged: None }
    }

    /// Feeds what has happened since; how many events it went forward. What was read is searchable
    /// when this returns, unless there is more to read at once.
    ///
    /// # Errors
    /// When the log or the index cannot be read or written; the next turn begins at the last commit.
    pub async fn turn(&mut self) -> anyhow::Result<usize> {
        let outcome = self.forward().await;
        if outcome.is_err() {
            // What was staged goes with it.
            self.writer = None;
            self.staged = None;
        }
        outcome
    }

    async fn forward(&mut self) -> anyhow::Result<usize> {
        let from = self.staged.map_or_else(|| self.search.fed(), |s| s.upto);
        let mut tx = self.db.read().await?;
        let news = events::after(&mut tx, from, BATCH).await?;
        let fresh = fresh(&mut tx, &news).await?;
        drop(tx);
        let more = i64::try_from(news.len()) == Ok(BATCH);
        if let Some(last) = news.last().map(|e| e.seq) {
            let before = self.staged.unwrap_or(Staged { since: self.given.now(), upto: from, documents: 0 });
            self.staged = Some(Staged { upto: last, documents: before.documents + fresh.len(), ..before });
            if !fresh.is_empty() {
                let (writer, search) = (self.writer()?, self.search.clone());
                tokio::task::spawn_blocking(move || stage(&search, &writer, fresh)).await??;
            }
        }
        if let Some(staged) = self.staged.filter(|s| !more || self.is_time(s)) {
            self.commit(staged).await?;
            self.staged = None;
        }
        Ok(news.len())
    }

    fn is_time(&self, staged: &Staged) -> bool {
        self.given.now().since(staged.since) >= LATEST || staged.upto - self.search.fed() >= MOST
    }

    async fn commit(&mut self, staged: Staged) -> anyhow::Result<()> {
        let far = staged.upto - self.search.read(|o| o.kept) >= FAR;
        if staged.documents == 0 && !far {
            // Nothing to be found: no reason to write. After a crash these events are read once more.
            self.search.shared.write().unwrap_or_else(PoisonError::into_inner).fed = staged.upto;
            return Ok(());
        }
        let (writer, search) = (self.writer()?, self.search.clone());
        tokio::task::spawn_blocking(move || commit(&search, &writer, staged.upto)).await?
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

    /// Builds the index anew from the whole log, beside the one in use, which is searched and fed
    /// meanwhile; then puts the new one in its place. How many events were read.
    ///
    /// # Errors
    /// As [`Feeder::turn`]; what was in use stays in use.
    pub async fn rebuild(&mut self, stop: &CancellationToken) -> anyhow::Result<usize> {
        let place = self.beside("next");
        let next = tokio::task::spawn_blocking(move || Search::empty(&place)).await??;
        let mut next = Feeder::new(self.db.clone(), next, self.given.clone());
        let (mut read, mut fed_at) = (0, self.given.now());
        loop {
            let n = next.turn().await?;
            read += n;
            if n == 0 {
                break;
            }
            anyhow::ensure!(!stop.is_cancelled(), "stopped while the index was built; it will be begun again");
            if self.given.now().since(fed_at) >= GAP {
                fed_at = self.given.now();
                // The old one may be broken: that is perhaps why there is a new one.
                if let Err(error) = self.turn().await {
                    tracing::debug!(name: "search.old_not_fed", error = format!("{error:#}"), "the old index could not be fed");
                }
            }
        }
        next.close().await?;
        self.close().await.or_else(|error| {
            tracing::debug!(name: "search.old_not_closed", error = format!("{error:#}"), "the old index goes");
            anyhow::Ok(())
        })?;
        self.put_in_place()?;
        Ok(read)
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.search.folder.with_extension(name)
    }

    /// Lets the writer finish what it has begun and let go of the folder.
    async fn close(&mut self) -> anyhow::Result<()> {
        self.staged = None;
        let Some(writer) = self.writer.take().and_then(Arc::into_inner) else { return Ok(()) };
        let writer = writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(tokio::task::spawn_blocking(move || writer.wait_merging_threads()).await??)
    }

    fn put_in_place(&mut self) -> anyhow::Result<()> {
        let (here, next, old) = (self.search.folder.as_path(), self.beside("next"), self.beside("old"));
        let away = |path: &std::path::Path| match std::fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
            Ok(_) => std::fs::remove_file(path),
            Err(_) => Ok(()),
        };
        away(&old).context("cannot clear the place of the old index")?;
        if here.exists() {
            std::fs::rename(here, &old).context("cannot put the old index aside")?;
        }
        std::fs::rename(&next, here).context("cannot put the new index in its place")?;
        self.search.open_again()?;
        Ok(away(&old)?)
    }

    /// Runs until cancelled: feeds at most twice a second. What cannot be written is said, kept in
    /// the log, and tried again; an index that is gone or damaged is built anew.
    pub async fn run(mut self, stop: CancellationToken, again: Arc<Notify>) {
        let mut failures: u32 = 0;
        let news_of = self.db.clone();
        while !stop.is_cancelled() {
            let news = news_of.news().notified();
            match self.turn().await {
                Ok(n) => {
                    if failures > 0 {
                        tracing::info!(name: "search.fed_again", failures, "the search index is fed again");
                        self.search.say(None);
                    }
                    failures = 0;
                    if i64::try_from(n) == Ok(BATCH) {
                        continue;
                    }
                }
                Err(error) => {
                    failures += 1;
                    let error = format!("{error:#}");
                    tracing::warn!(name: "search.feed_failed", error, failures, "the search index could not be fed; trying again");
                    self.search.say(Some(error));
                    self.mend(&stop).await;
                }
            }
            let wait = if failures == 0 { GAP } else { (GAP * (1 << failures.min(6))).min(PATIENCE) };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = again.notified() => self.rebuild_and_say(&stop).await,
                () = stop.cancelled() => return,
            }
            if failures == 0 {
                tokio::select! {
                    () = news => {}
                    () = tokio::time::sleep(GAP) => {}
                    () = again.notified() => self.rebuild_and_say(&stop).await,
                    () = stop.cancelled() => return,
                }
            }
        }
    }

    /// After a failure: an index that is whole is only opened again (a full disk is no reason to
    /// throw it away); one that is gone or damaged is built anew.
    async fn mend(&mut self, stop: &CancellationToken) {
        let search = self.search.clone();
        let whole = tokio::task::spawn_blocking(move || index::open(&search.folder).map(drop)).await;
        if !matches!(whole, Ok(Ok(()))) {
            self.rebuild_and_say(stop).await;
        }
    }

    async fn rebuild_and_say(&mut self, stop: &CancellationToken) {
        match self.rebuild(stop).await {
            Ok(events) => {
                self.search.say(None);
                tracing::info!(name: "search.rebuilt", events, "the search index was built anew from the log");
            }
            Err(_) if stop.is_cancelled() => {}
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(name: "search.rebuild_failed", error, "the search index could not be built anew");
                self.search.say(Some(error));
            }
        }
    }
}

/// The messages the events are about, as they are now.
async fn fresh(tx: &mut crate::store::Tx, news: &[Past]) -> crate::store::Result<Vec<Fresh>> {
    let touched = touched(news);
    let mut networks: HashMap<ChannelId, String> = HashMap::new();
    let mut found: HashMap<MessageId, Message> = HashMap::new();
    for brand in touched.iter().map(|(brand, _)| *brand).collect::<HashSet<BrandId>>() {
        networks.extend(channels::of_brand(tx, brand).await?.into_iter().map(|c| (c.id, c.network)));
        let ids: Vec<MessageId> = touched.iter().filter(|(b, _)| *b == brand).map(|(_, id)| *id).collect();
        found.extend(messages::many(tx, brand, &ids).await?.into_iter().map(|m| (m.id, m)));
    }
    let docs = touched.into_iter().map(|(_, id)| {
        let message = found.remove(&id);
        (id, message.map(|m| (networks.get(&m.channel_id).cloned().unwrap_or_default(), m)))
    });
    Ok(docs.collect())
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

fn stage(search: &Search, writer: &Mutex<IndexWriter>, fresh: Vec<Fresh>) -> anyhow::Result<()> {
    let writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
    let fields = search.read(|o| o.fields);
    for (id, message) in fresh {
        writer.delete_term(Term::from_field_bytes(fields.id, id.0.as_bytes()));
        if let Some((network, message)) = message {
            writer.add_document(document(&fields, &message, &network))?;
        }
    }
    Ok(())
}

fn commit(search: &Search, writer: &Mutex<IndexWriter>, upto: i64) -> anyhow::Result<()> {
    let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&upto.to_string());
    prepared.commit()?;
    drop(writer);
    // Whoever searches goes on with the old view meanwhile.
    search.read(|o| o.reader.reload())?;
    let mut open = search.shared.write().unwrap_or_else(PoisonError::into_inner);
    (open.fed, open.kept) = (upto, upto);
    Ok(())
}

fn document(f: &Fields, m: &Message, network: &str) -> TantivyDocument {
    let mut doc = TantivyDocument::default();
    doc.add_bytes(f.id, m.id.0.as_bytes());
    doc.add_bytes(f.brand, m.brand_id.0.as_bytes());
    doc.add_i64(f.at, m.at.0);
    doc.add_u64(f.tie, index::tie(m.id));
    let folded = fold(&m.text).text;
    doc.add_text(f.words, &folded);
    let composed: String = unicode_normalization::UnicodeNormalization::nfc(m.text.as_str()).collect();
    doc.add_text(f.en, &composed);
    doc.add_text(f.fr, &composed);
    if composed.to_lowercase() != folded {
        doc.add_text(f.fr, &folded);
    }
    let author = format!("{} {}", m.author_name, m.author_handle.as_deref().unwrap_or_default());
    doc.add_text(f.author, fold(&author).text);
    doc.add_text(f.mark, format!("type:{}", m.visibility));
    doc.add_text(f.mark, format!("kind:{}", m.kind));
    doc.add_text(f.mark, format!("network:{network}"));
    if m.attachments.as_array().is_some_and(|a| !a.is_empty()) {
        doc.add_text(f.mark, "has:attachment");
    }
    doc
}
