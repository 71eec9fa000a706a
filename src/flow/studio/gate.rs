//! What stands between a draft and its customers: every regression has a verdict, the files are clean,
//! their own tests pass, and what is said in public was read by two.

use super::draft::Draft;
use super::own;
use crate::base::id::{AgentId, BrandId};
use crate::desk::agent::Power;
use crate::desk::canned::{Entry, Note, Weight, lint};
use crate::desk::replay::Bucket;
use crate::desk::scope::Scope;
use crate::flow::bot::scenes::Failing;
use crate::flow::library::LANGUAGES;
use crate::flow::{House, Reason, Result};
use crate::store::Tx;
use crate::store::studio::releases;
use crate::store::studio::replays::{self, Replay, State};
use crate::store::studio::verdicts::{self, Said};
use crate::words;

words! {
    /// Something that is missing.
    pub enum Missing {
        /// The draft changes nothing.
        Nothing = "nothing",
        /// An entry's live version became another meanwhile.
        Stale = "stale",
        /// The files have mistakes.
        Lint = "lint",
        /// Tests beside the answers fail.
        Tests = "tests",
        /// This draft was not replayed.
        Replay = "replay",
        /// Regressions without a verdict.
        Verdicts = "verdicts",
        /// Changes somebody found wrong.
        Wrong = "wrong",
        /// A second person has to agree.
        Second = "second",
    }
}

/// What is missing, and why.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    /// What is missing, and how often.
    pub missing: Vec<(Missing, usize)>,
    /// The files' mistakes.
    pub notes: Vec<Note>,
    /// The tests that fail.
    pub failed: Vec<Failing>,
    /// The entries another version of which became live.
    pub stale: Vec<String>,
    /// True when a second person has to agree, or has.
    pub for_two: bool,
    /// True when whoever looks may be that second person.
    pub may_agree: bool,
    /// Who agreed.
    pub approved_by: Option<AgentId>,
}

impl Gate {
    /// True when nothing is missing.
    pub fn is_open(&self) -> bool {
        self.missing.is_empty()
    }

    /// The first thing missing.
    pub fn first(&self) -> &'static str {
        self.missing.first().map_or("", |(m, _)| m.as_str())
    }
}

/// Looks at a draft for somebody.
///
/// # Errors
/// As the database reports, or when learning fails.
pub async fn of(house: &House, tx: &mut Tx, draft: &Draft, who: Option<AgentId>) -> Result<Gate> {
    let mut gate = Gate::default();
    if draft.entries.is_empty() {
        gate.missing.push((Missing::Nothing, 0));
        return Ok(gate);
    }
    let brain = draft.brain(house).await?;
    let entries: Vec<Entry> = brain.library.entries().cloned().collect();
    gate.notes = lint(&entries, &LANGUAGES, &house.lengths());
    gate.notes.retain(|n| n.weight == Weight::Error);
    gate.failed = own::failing(house, &brain).await?.to_vec();
    gate.stale = draft.stale().into_iter().map(str::to_owned).collect();
    let last = replays::last(tx, draft.brand).await?;
    let live = draft.live_brain(house).await?;
    let fresh = last.filter(|r| r.state == State::Done && r.tried_print == brain.sense && r.live_print == live.sense);
    let (unjudged, wrong) = match &fresh {
        Some(replay) => judged(tx, draft.brand, replay).await?,
        None => (0, 0),
    };
    gate.for_two = draft.for_two().next().is_some();
    let agreed = releases::approvers(tx, draft.brand, &draft.print()).await?;
    let wrote = |a: &AgentId| draft.for_two().any(|d| d.changed_by == Some(*a));
    gate.approved_by = agreed.iter().find(|a| !wrote(a)).copied();
    gate.may_agree = gate.for_two && who.is_some_and(|a| !wrote(&a) && !agreed.contains(&a));
    let found = [
        (Missing::Stale, gate.stale.len(), !gate.stale.is_empty()),
        (Missing::Lint, gate.notes.len(), !gate.notes.is_empty()),
        (Missing::Tests, gate.failed.len(), !gate.failed.is_empty()),
        (Missing::Replay, 0, fresh.is_none()),
        (Missing::Verdicts, unjudged, unjudged > 0),
        (Missing::Wrong, wrong, wrong > 0),
        (Missing::Second, 0, gate.for_two && gate.approved_by.is_none()),
    ];
    gate.missing = found.into_iter().filter(|(.., holds)| *holds).map(|(m, n, _)| (m, n)).collect();
    Ok(gate)
}

/// Regressions nobody has judged, and changes found wrong that would still happen.
async fn judged(tx: &mut Tx, brand: BrandId, replay: &Replay) -> Result<(usize, usize)> {
    let said = verdicts::of_replay(tx, brand, replay.id).await?;
    let rows = replays::rows(tx, brand, replay.id).await?;
    let of = |r: &replays::Row| {
        said.iter().find(|v| v.message_id == r.message_id && v.outcome == r.outcome).map(|v| v.verdict)
    };
    let unjudged = rows.iter().filter(|r| r.bucket == Bucket::Regression && of(r).is_none()).count();
    let wrong = rows.iter().filter(|r| of(r) == Some(Said::Wrong)).count();
    Ok((unjudged, wrong))
}

/// A second person agrees with the draft as it stands.
///
/// # Errors
/// [`Reason::NotAllowed`], also for whoever wrote what has to be read.
pub async fn agree(house: &House, scope: &Scope, brand: BrandId, print: &str) -> Result<()> {
    let who = scope.who().filter(|_| scope.may(brand, Power::Write)).ok_or(Reason::NotAllowed)?;
    let mut tx = house.db.write().await?;
    let draft = super::draft::read(&mut tx, brand).await?;
    if draft.print() != print {
        return Err(Reason::ChangedMeanwhile.into());
    }
    if draft.for_two().any(|d| d.changed_by == Some(who)) {
        return Err(Reason::NotAllowed.into());
    }
    releases::approve(&mut tx, brand, print, who, house.now()).await?;
    Ok(tx.commit().await?)
}
