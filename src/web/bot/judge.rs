//! What a person does with a replay: says what is right and what is wrong, and takes a remedy.

use axum::extract::Path;
use axum::response::Redirect;
use serde::Deserialize;

use crate::base::id::AnyId;
use crate::desk::replay::Remedy;
use crate::flow::replay::{self as flow, Sample, verdict};
use crate::store::studio::replays;
use crate::store::studio::verdicts::{self, Said};
use crate::web::ask::{Form, Hand};
use crate::web::{Error, Result};

/// A verdict.
#[derive(Deserialize)]
pub struct Judged {
    n: i64,
    said: Said,
    #[serde(default)]
    bucket: String,
}

/// Says whether what is tried is right about one message, and goes on to the next without a verdict.
pub async fn judge(hand: Hand, Path(id): Path<String>, Form(form): Form<Judged>) -> Result<Redirect> {
    let id: AnyId = id.parse().map_err(|_| Error::NotFound)?;
    let (house, brand) = (&hand.web.house, hand.brand.id);
    verdict::judge(house, &hand.known.scope, brand, id, form.n, form.said).await?;
    let mut tx = house.db.read().await?;
    let mut rows = replays::rows(&mut tx, brand, id).await?;
    rows.sort_by_key(|r| (r.bucket, r.n));
    rows.retain(|r| form.bucket.is_empty() || r.bucket.as_str() == form.bucket);
    let said = verdicts::of_replay(&mut tx, brand, id).await?;
    let open = |r: &&replays::Row| !said.iter().any(|v| v.message_id == r.message_id && v.outcome == r.outcome);
    let here = rows.iter().position(|r| r.n == form.n).map_or(0, |n| n + 1);
    let next = rows[here.min(rows.len())..].iter().find(open).or_else(|| rows.iter().find(open));
    let n = next.map_or(form.n, |r| r.n);
    let bucket = if form.bucket.is_empty() { String::new() } else { format!("&bucket={}", form.bucket) };
    Ok(Redirect::to(&format!("/bot/replay?m={n}{bucket}")))
}

/// A remedy, as it was shown.
#[derive(Deserialize)]
pub struct Chosen {
    remedy: String,
}

/// Does what a remedy says, in the draft, and replays the same sample.
pub async fn mend(hand: Hand, Path(id): Path<String>, Form(form): Form<Chosen>) -> Result<Redirect> {
    let id: AnyId = id.parse().map_err(|_| Error::NotFound)?;
    let (house, scope, brand) = (&hand.web.house, &hand.known.scope, hand.brand.id);
    let remedy: Remedy = serde_json::from_str(&form.remedy).map_err(|e| Error::Bad(e.to_string()))?;
    verdict::mend(house, scope, brand, &remedy).await?;
    let replay = replays::get(&mut house.db.read().await?, brand, id).await?.ok_or(Error::NotFound)?;
    let sample: Sample = serde_json::from_value(replay.sample).unwrap_or_default();
    let at_once = sample.last <= flow::job::AT_ONCE;
    let again = flow::begin(house, scope, brand, sample).await?;
    if at_once {
        flow::finish(house, brand, again).await?;
    }
    Ok(Redirect::to("/bot/replay"))
}
