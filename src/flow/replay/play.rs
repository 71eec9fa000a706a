//! Thinking again about messages that came: by both libraries, at the moment each came.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::voice::Voice;
use super::{CHUNK, Sample};
use crate::base::At;
use crate::base::id::{BrandId, MessageId, ThreadId, TicketId};
use crate::desk::bot::Decision;
use crate::desk::canned::Entry;
use crate::desk::delivery::Delivery;
use crate::desk::message::{Direction, Visibility};
use crate::desk::quoting;
use crate::desk::replay::moment::{Before, By};
use crate::desk::replay::{Alike, Bucket, Buckets, Moment, Outcome, bucket, temper};
use crate::desk::studio::lists::List;
use crate::flow::bot::bars::Bars;
use crate::flow::bot::{Mind, Said, posts_above};
use crate::flow::studio::Brain;
use crate::flow::{House, Result, facts};
use crate::store::library::Kept;
use crate::store::studio::sample::{self, Beside, Heard};
use crate::store::{Tx, brands};

/// A person who answers later than this answers something else.
const PATIENCE: Duration = Duration::from_hours(24 * 7);
/// Longer messages are kept shortened.
const LONGEST: usize = 4_000;

/// One side of a replay.
pub struct Side {
    /// What it knows.
    pub brain: Arc<Brain>,
    /// What its entries are open for.
    pub kept: Vec<Kept>,
}

/// Both sides, ready to play.
#[derive(Clone)]
pub struct Stage(Arc<Both>);

/// What a stage is made of.
pub struct Both {
    /// What is live.
    pub live: Arc<Brain>,
    /// What is tried.
    pub tried: Arc<Brain>,
    pub(super) minds: (Mind, Mind),
    /// What the tried entries are open for.
    pub(super) kept: Vec<Kept>,
    pub(super) voice: Voice,
    pub(super) alike: Alike,
    pub(super) values: crate::desk::canned::Values,
    pub(super) bars: Bars,
}

impl std::ops::Deref for Stage {
    type Target = Both;
    fn deref(&self) -> &Both {
        &self.0
    }
}

/// A message a replay has seen.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// Which.
    pub message: MessageId,
    /// In which ticket.
    pub ticket: TicketId,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: At,
    /// By which network.
    pub network: String,
    /// Who read it.
    pub visibility: Visibility,
    /// The language it was taken to be in; empty when it was none of ours.
    pub language: &'static str,
    /// Its words.
    pub text: String,
    /// The words of the publication it stands under, where an entry asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// What held when it came.
    pub moment: Moment,
    /// What changes.
    pub bucket: Bucket,
    /// In short: what a verdict is about.
    pub outcome: String,
    /// What is live does.
    pub live: Outcome,
    /// What is tried does.
    pub draft: Outcome,
    /// What a person really answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub human: Option<Human>,
    /// Examples that decided, and are new in what is tried.
    pub news: Vec<String>,
}

/// What a person really answered.
#[derive(Debug, Clone, Serialize)]
pub struct Human {
    /// Who.
    pub by: String,
    /// In which words.
    pub text: String,
}

/// A piece of a replay.
pub struct Chunk {
    /// Messages read.
    pub read: i64,
    /// The place in the log before which it goes on; none when nothing was left.
    pub place: Option<i64>,
    /// When the newest and the oldest came.
    pub between: Option<(At, At)>,
    /// How they fared.
    pub buckets: Buckets,
    /// Those that would fare otherwise.
    pub seen: Vec<Seen>,
}

impl Stage {
    pub(super) async fn of(tx: &mut Tx, brand: BrandId, live: Side, tried: Side) -> Result<Stage> {
        let brand = brands::get(tx, brand).await?;
        let values = facts::of_brand(tx, &brand).await?;
        let texts = [&live, &tried].map(|s| Arc::clone(&s.brain.library));
        let sources = texts.iter().flat_map(|l| l.entries().flat_map(sources));
        let alike = Alike::among(sources);
        let bars = Bars::of(tx, brand.id).await?;
        let mind =
            |s: &Side| Mind::with(Arc::clone(&s.brain.library), Arc::clone(&s.brain.faq), s.kept.clone(), bars.clone());
        let minds = (mind(&live), mind(&tried));
        let both = Both {
            live: live.brain,
            tried: tried.brain,
            minds,
            kept: tried.kept,
            voice: Voice::new(values.clone()),
            alike,
            values,
            bars,
        };
        Ok(Stage(Arc::new(both)))
    }
}

fn sources(entry: &Entry) -> Vec<&str> {
    let texts = entry.texts.values().flat_map(std::collections::BTreeMap::values).flatten();
    texts.map(|v| v.source.as_str()).collect()
}

/// Plays the next piece of a sample: the messages before a place in the log.
///
/// # Errors
/// As the database reports.
pub async fn chunk(
    house: &House,
    tx: &mut Tx,
    stage: &Stage,
    sample: &Sample,
    (brand, before, most): (BrandId, i64, i64),
) -> Result<Chunk> {
    let heard = sample::newest(tx, sample.which(brand, before, most.min(CHUNK))).await?;
    let mut tickets: Vec<TicketId> = heard.iter().map(|h| h.ticket_id).collect();
    tickets.sort();
    tickets.dedup();
    let mut beside: HashMap<TicketId, Vec<Beside>> = HashMap::new();
    for one in sample::beside(tx, brand, &tickets).await? {
        beside.entry(one.ticket_id).or_default().push(one);
    }
    let read = i64::try_from(heard.len()).unwrap_or(0);
    let place = heard.last().map(|h| h.seq);
    let between = heard.iter().map(|h| h.at).max().zip(heard.iter().map(|h| h.at).min());
    let minds = [&stage.minds.0, &stage.minds.1];
    let posts = posts_above(tx, brand, &minds, heard.iter().map(|h| (h.thread_id, h.visibility))).await?;
    let (here, stage, language) = (house.clone(), stage.clone(), sample.language.clone());
    let played =
        tokio::task::spawn_blocking(move || all(&here, &stage, &heard, (&beside, &posts), language.as_deref()));
    let played = played.await.map_err(anyhow::Error::from)??;
    let mut buckets = Buckets::default();
    for seen in &played {
        buckets.count(seen.bucket);
    }
    let seen = played.into_iter().filter(|s| s.bucket != Bucket::Unchanged).collect();
    Ok(Chunk { read, place, between, buckets, seen })
}

/// Plays messages on as many threads as the machine has; in their order.
fn all(
    house: &House,
    stage: &Stage,
    heard: &[Heard],
    (beside, posts): (&HashMap<TicketId, Vec<Beside>>, &HashMap<ThreadId, String>),
    language: Option<&str>,
) -> Result<Vec<Seen>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let part = heard.len().div_ceil(threads).max(1);
    let one = |h: &Heard| {
        let post = posts.get(&h.thread_id).map(String::as_str);
        see(house, stage, h, beside.get(&h.ticket_id).map_or(&[], Vec::as_slice), post)
    };
    let parts: Vec<Result<Vec<Seen>>> = std::thread::scope(|scope| {
        let each: Vec<_> =
            heard.chunks(part).map(|p| scope.spawn(move || p.iter().map(one).collect::<Result<Vec<_>>>())).collect();
        each.into_iter().map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut out = Vec::with_capacity(heard.len());
    for part in parts {
        out.extend(part?.into_iter().filter(|s| language.is_none_or(|l| l == s.language)));
    }
    Ok(out)
}

/// One message: both decisions at its moment, and what a person really answered.
fn see(house: &House, stage: &Stage, h: &Heard, beside: &[Beside], post: Option<&str>) -> Result<Seen> {
    let (before, human) = around(h, beside);
    let moment = Moment::of(h.at, h.machine, &before);
    let text = quoting::said(h.kind, &h.text);
    let said = Said { post, ..Said::new(text, &h.network, h.visibility, None) };
    let outcome = |side: u8, mind: &Mind| -> Result<Outcome> {
        let mut decision = temper(mind.think(house, said), &moment);
        decision.text = stage.voice.text(side, mind.library(), &decision, &h.network);
        Ok(weighed(stage, decision, human.as_ref().map(|p| p.text.as_str())))
    };
    let (live, draft) = (outcome(0, &stage.minds.0)?, outcome(1, &stage.minds.1)?);
    let bucket = bucket(&live, &draft);
    Ok(Seen {
        message: h.id,
        ticket: h.ticket_id,
        by: h.author_name.clone(),
        at: h.at,
        network: h.network.clone(),
        visibility: h.visibility,
        language: draft.decision.language.or(live.decision.language).unwrap_or(""),
        text: text.chars().take(LONGEST).collect(),
        post: post.map(|p| p.chars().take(LONGEST).collect()),
        moment,
        bucket,
        outcome: format!("{} > {}", live.short(), draft.short()),
        news: news(stage, &draft.decision),
        live,
        draft,
        human,
    })
}

/// A decision with how like a person's answer its words are.
pub(super) fn weighed(stage: &Both, decision: Decision, human: Option<&str>) -> Outcome {
    let alike = human.zip(decision.text.as_deref()).map(|(theirs, ours)| stage.alike.of(theirs, ours));
    Outcome { decision, alike }
}

/// What stood in the ticket before a message, and the first thing a person said after it.
fn around(h: &Heard, beside: &[Beside]) -> (Vec<Before>, Option<Human>) {
    let here = (h.at, h.id);
    let arrived = |b: &&Beside| !matches!(b.delivery, Some(Delivery::Cancelled | Delivery::Failed | Delivery::Expired));
    let who = |b: &Beside| match (b.direction, &b.by_rule) {
        (Direction::Inbound, _) => By::Customer,
        (Direction::Outbound, Some(_)) => By::Bot,
        (Direction::Outbound, None) => By::Person,
    };
    let before = beside.iter().filter(|b| (b.at, b.id) < here).filter(arrived);
    let before = before.map(|b| Before { at: b.at, by: who(b) }).collect();
    let after = beside.iter().filter(|b| (b.at, b.id) > here && b.at.since(h.at) <= PATIENCE).filter(arrived);
    let mut person = after
        .filter(|b| who(b) == By::Person && !b.text.trim().is_empty())
        .map(|b| Human { by: b.author_name.clone(), text: b.text.chars().take(LONGEST).collect() });
    (before, person.next())
}

/// The examples that decided and that what is live does not have.
fn news(stage: &Both, decision: &Decision) -> Vec<String> {
    let (Some(path), Some(language)) = (decision.entry.as_deref(), decision.language) else { return Vec::new() };
    let live = stage.live.library.get(path).map(|e| List::Examples.of(&e.head, language)).unwrap_or_default();
    let mut out: Vec<String> = decision.trace.matched.iter().map(|m| m.why.clone()).collect();
    out.dedup();
    out.retain(|example| !live.contains(example));
    out
}

/// What both sides would do with a message that nobody has sent.
///
/// # Errors
/// As the bot reports.
pub fn asked(house: &House, stage: &Stage, said: Said<'_>) -> Result<(Outcome, Outcome)> {
    let outcome = |side: u8, mind: &Mind| -> Result<Outcome> {
        let mut decision = mind.think(house, said);
        decision.text = stage.voice.text(side, mind.library(), &decision, said.network);
        Ok(Outcome { decision, alike: None })
    };
    Ok((outcome(0, &stage.minds.0)?, outcome(1, &stage.minds.1)?))
}
