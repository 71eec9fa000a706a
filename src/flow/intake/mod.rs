//! From the log of bodies to tickets. Each turn takes a batch of bodies, by turns of connections and in
//! order of arrival, and carries all of it out in one transaction; when that fails, each body is taken
//! on its own, so that one that cannot be taken in never holds up the others.

mod arrive;
mod complete;
mod echo;
mod fate;
mod happen;
mod letters;
mod sort;
mod turns;
mod who;

pub use arrive::Arrival;
pub use complete::complete;
pub use echo::sequel;

use std::time::Duration;

use serde_json::json;

use self::sort::{Happened, Sorted};
use super::{Error, House, Result};
use crate::base::caught::caught;
use crate::base::id::DeliveryId;
use crate::base::pace::backoff;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::inbound::InboundState;
use crate::store::inbound::Became;
use crate::store::{self, Tx, deliveries, inbound};

/// How often a body is tried after a failure of ours before it is put in quarantine.
const TRIES: u32 = 8;

/// Takes in what waits; how many bodies. Zero means there is nothing to do now.
///
/// # Errors
/// As the database reports; nothing is lost, the same bodies are taken in next time.
pub async fn turn(house: &House) -> Result<usize> {
    let mut tx = house.db.write().await?;
    let waiting = turns::waiting(&mut tx, house.now()).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let n = waiting.len();
    let ids: Vec<_> = waiting.iter().map(|w| (w.brand_id, w.id)).collect();
    match safely(house, &mut tx, waiting).await {
        Ok(()) => match tx.commit().await {
            Ok(()) => {}
            Err(error) if is_passing(&error) => return Err(error.into()),
            Err(error) => one_by_one(house, &ids, &error.into()).await?,
        },
        Err(Error::Store(error)) if is_passing(&error) => return Err(error.into()),
        Err(error) => {
            drop(tx);
            one_by_one(house, &ids, &error).await?;
        }
    }
    house.bells.errands.notify_one();
    Ok(n)
}

fn is_passing(error: &store::Error) -> bool {
    matches!(error, store::Error::Busy(_))
}

/// The batch did not go through as a whole: each body alone.
async fn one_by_one(house: &House, ids: &[(crate::base::id::BrandId, DeliveryId)], why: &Error) -> Result<()> {
    if ids.len() > 1 {
        tracing::warn!(name: "intake.batch_failed", error = %why, bodies = ids.len(), "taking each body on its own");
    }
    for (brand, id) in ids {
        let mut tx = house.db.write().await?;
        let Ok(body) = deliveries::get(&mut tx, *brand, *id).await else { continue };
        let attempts = u32::try_from(body.attempts).unwrap_or(0) + 1;
        let outcome = match safely(house, &mut tx, vec![body]).await {
            Ok(()) => tx.commit().await.map_err(Error::from),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => {}
            Err(Error::Store(error)) if is_passing(&error) => return Err(error.into()),
            Err(error) => fail(house, *brand, *id, attempts, &error).await?,
        }
    }
    Ok(())
}

async fn fail(
    house: &House,
    brand: crate::base::id::BrandId,
    id: DeliveryId,
    attempts: u32,
    error: &Error,
) -> Result<()> {
    tracing::error!(name: "intake.failed", delivery = %id, attempts, %error, "a body could not be taken in");
    let now = house.now();
    let mut tx = house.db.write().await?;
    if attempts >= TRIES {
        deliveries::quarantine(&mut tx, brand, id, &error.to_string()).await?;
        tx.emit(now, Event::at(brand, EventKind::Quarantined, Actor::House).data(json!({"delivery": id})));
    } else {
        let wait = backoff(attempts, Duration::from_secs(1), Duration::from_mins(5), 0);
        deliveries::put_off(&mut tx, brand, id, now.plus(wait), &error.to_string()).await?;
    }
    Ok(tx.commit().await?)
}

/// A body our own code panics on is like one the database refuses: it holds up nobody else.
async fn safely(house: &House, tx: &mut Tx, bodies: Vec<deliveries::Waiting>) -> Result<()> {
    let taken = caught(Box::pin(take_in(house, tx, bodies))).await;
    taken.unwrap_or_else(|why| Err(Error::House(anyhow::anyhow!("our own code failed on it: {why}"))))
}

/// Carries a batch of bodies out inside a transaction.
///
/// # Errors
/// As the database reports.
pub async fn take_in(house: &House, tx: &mut Tx, bodies: Vec<deliveries::Waiting>) -> Result<()> {
    let now = house.now();
    let Sorted { rows, happened, unreadable, read } = sort::sort(house, tx, bodies).await?;
    let fresh: std::collections::HashSet<_> = inbound::record(tx, rows).await?.into_iter().collect();
    let happened: Vec<Happened> = happened.into_iter().filter(|h| fresh.contains(&h.id)).collect();
    deliveries::done(tx, &read).await?;
    for (brand, delivery, why) in unreadable {
        deliveries::quarantine(tx, brand, delivery, &why).await?;
        tx.emit(now, Event::at(brand, EventKind::Quarantined, Actor::House).data(json!({"delivery": delivery})));
    }
    carry_out(house, tx, happened).await
}

/// New messages of customers go together as far as they follow one another; everything else goes
/// one by one, in its place.
async fn carry_out(house: &House, tx: &mut Tx, happened: Vec<Happened>) -> Result<()> {
    let mut run: Vec<Arrival> = Vec::new();
    for h in happened {
        match h.into_arrival() {
            Ok(arrival) => {
                if run.first().is_some_and(|first| first.channel.brand_id != arrival.channel.brand_id) {
                    arrive::all(house, tx, std::mem::take(&mut run)).await?;
                }
                run.push(arrival);
            }
            Err(other) => {
                arrive::all(house, tx, std::mem::take(&mut run)).await?;
                one(house, tx, *other).await?;
            }
        }
    }
    arrive::all(house, tx, run).await
}

async fn one(house: &House, tx: &mut Tx, h: Happened) -> Result<()> {
    let (brand, id) = (h.channel.brand_id, h.id);
    if let Some(became) = happen::happen(house, tx, h).await? {
        Ok(inbound::became(tx, brand, became).await?)
    } else {
        tracing::debug!(name: "intake.parked", inbound = %id, "waits for what it speaks of");
        Ok(())
    }
}

fn became(id: crate::base::id::InboundId, state: InboundState) -> Became {
    Became { id, state, kind: None, reason: None, message: None, ticket: None }
}

/// Reads a quarantined body again, or the body a quarantined element came in; the id may name
/// either. What had been taken in of it is recognised and stays.
///
/// # Errors
/// [`store::Error::NotFound`] when nothing of this id is in quarantine at this brand.
pub async fn replay(house: &House, brand: crate::base::id::BrandId, id: crate::base::id::AnyId) -> Result<DeliveryId> {
    let mut tx = house.db.write().await?;
    let element = crate::base::id::InboundId(id.0);
    let delivery = match inbound::get(&mut tx, brand, element).await {
        Ok(line) if line.state == InboundState::Quarantined => {
            inbound::forget(&mut tx, brand, element).await?;
            line.delivery_id
        }
        Ok(_) => return Err(store::Error::NotFound.into()),
        Err(_) => DeliveryId(id.0),
    };
    if !deliveries::again(&mut tx, brand, delivery, house.now()).await? {
        return Err(store::Error::NotFound.into());
    }
    tx.commit().await?;
    house.bells.intake.notify_one();
    Ok(delivery)
}
