//! A replay as work that goes on piece by piece: its progress can be seen, what it found so far used,
//! and it can be ended. A node that goes leaves it to the next.

use std::collections::HashMap;

use serde_json::json;

use super::cases::Case;
use super::{CHUNK, MOST, Sample, Tried, mend, play, stage};
use crate::base::id::{AnyId, BrandId};
use crate::desk::agent::Power;
use crate::desk::replay::{Bucket, Buckets};
use crate::desk::scope::Scope;
use crate::flow::{House, Reason, Result};
use crate::store::studio::replays::{self, Replay, Row, State};

/// Of each kind of change so many messages are kept.
const KEPT: usize = 2_000;
/// So many are replayed while somebody waits; more go on by themselves.
pub const AT_ONCE: i64 = super::LAST;

/// Asks for a replay of the draft.
///
/// # Errors
/// [`Reason::NotAllowed`]; as the database reports.
pub async fn begin(house: &House, scope: &Scope, brand: BrandId, mut sample: Sample) -> Result<AnyId> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    sample.last = sample.last.clamp(1, MOST);
    let mut tx = house.db.read().await?;
    let stage = stage(house, &mut tx, brand, Tried::Draft).await?;
    drop(tx);
    let replay = Replay {
        id: house.given.id(),
        brand_id: brand,
        live_print: stage.live.sense.clone(),
        tried_print: stage.tried.sense.clone(),
        tried: None,
        state: State::Running,
        most: sample.last,
        done: 0,
        place: i64::MAX,
        buckets: json!(Buckets::default()),
        fixes: json!([]),
        first_at: None,
        last_at: None,
        spent: 0,
        agent_id: scope.who(),
        began_at: house.now(),
        sample: json!(sample),
    };
    let mut tx = house.db.write().await?;
    replays::add(&mut tx, &replay).await?;
    tx.commit().await?;
    house.bells.replay.notify_one();
    Ok(replay.id)
}

/// Ends a replay; what it has found stays.
///
/// # Errors
/// [`Reason::NotAllowed`].
pub async fn cancel(house: &House, scope: &Scope, brand: BrandId, id: AnyId) -> Result<()> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    if !replays::cancel(&mut tx, brand, id).await? && replays::get(&mut tx, brand, id).await?.is_none() {
        return Err(crate::store::Error::NotFound.into());
    }
    Ok(tx.commit().await?)
}

/// Takes the oldest running replay a piece further; how many messages were read.
///
/// # Errors
/// As the database reports; the next turn goes on from the same place.
pub async fn turn(house: &House) -> Result<usize> {
    let running = replays::running(&mut house.db.read().await?).await?;
    match running {
        Some(replay) => further(house, replay).await,
        None => Ok(0),
    }
}

/// Goes on with one replay until it is at its end.
///
/// # Errors
/// As [`turn`].
pub async fn finish(house: &House, brand: BrandId, id: AnyId) -> Result<()> {
    loop {
        let replay = replays::get(&mut house.db.read().await?, brand, id).await?;
        match replay.filter(|r| r.state == State::Running) {
            Some(replay) => further(house, replay).await?,
            None => return Ok(()),
        };
    }
}

/// Plays the next piece, and writes down what it found. At the end remedies are looked for.
async fn further(house: &House, mut replay: Replay) -> Result<usize> {
    let (began, from, brand) = (house.now(), replay.done, replay.brand_id);
    let sample: Sample = serde_json::from_value(replay.sample.clone()).unwrap_or_default();
    let mut tx = house.db.read().await?;
    let stage = stage(house, &mut tx, brand, Tried::Draft).await?;
    let left = replay.most - replay.done;
    if stage.live.sense != replay.live_print || stage.tried.sense != replay.tried_print {
        replay.state = State::Outdated;
        drop(tx);
        return save(house, &replay, from, &[]).await.map(|()| 1);
    }
    let chunk = play::chunk(house, &mut tx, &stage, &sample, (brand, replay.place, left.min(CHUNK))).await?;
    let known = replays::rows(&mut tx, brand, replay.id).await?;
    drop(tx);
    let mut count: HashMap<Bucket, usize> = HashMap::new();
    for row in &known {
        *count.entry(row.bucket).or_default() += 1;
    }
    let mut rows = Vec::new();
    for (n, seen) in chunk.seen.iter().enumerate() {
        let so_far = count.entry(seen.bucket).or_default();
        *so_far += 1;
        if *so_far <= KEPT {
            rows.push(Row {
                n: from + i64::try_from(n).unwrap_or(0),
                message_id: seen.message,
                bucket: seen.bucket,
                outcome: seen.outcome.clone(),
                seen: json!(seen),
            });
        }
    }
    replay.done += chunk.read;
    replay.place = chunk.place.unwrap_or(replay.place);
    replay.buckets = json!(replay.buckets().and(chunk.buckets));
    if let Some((newest, oldest)) = chunk.between {
        replay.last_at = replay.last_at.max(Some(newest));
        replay.first_at = Some(replay.first_at.map_or(oldest, |f| f.min(oldest)));
    }
    if chunk.read < left.min(CHUNK) || replay.done >= replay.most {
        replay.state = State::Done;
        let cases: Vec<Case> = known.iter().chain(&rows).map(|r| Case::read(&r.seen)).collect();
        replay.fixes = json!(mend::fixes(house, &stage, &cases).await?);
    }
    replay.spent += i64::try_from(house.now().since(began).as_millis()).unwrap_or(0);
    save(house, &replay, from, &rows).await?;
    Ok(usize::try_from(chunk.read).unwrap_or(0).max(1))
}

async fn save(house: &House, replay: &Replay, from: i64, rows: &[Row]) -> Result<()> {
    let mut tx = house.db.write().await?;
    if replays::go_on(&mut tx, replay, from).await? {
        replays::keep(&mut tx, replay.id, replay.brand_id, rows).await?;
        tx.commit().await?;
    }
    Ok(())
}
