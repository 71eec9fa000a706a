//! What a person says of a change becomes a test in the draft: of the entry that is right, or that must
//! not be found. Thinking again takes the first test back.

use crate::base::id::{AnyId, BrandId};
use crate::desk::agent::Power;
use crate::desk::calibration::Thresholds;
use crate::desk::canned::Mode;
use crate::desk::replay::Remedy;
use crate::desk::scope::Scope;
use crate::desk::studio::judged::{self, Judged, Should};
use crate::flow::bot;
use crate::flow::replay::cases::Case;
use crate::flow::studio::draft::{self, put_in};
use crate::flow::{House, Reason, Result};
use crate::store::Tx;
use crate::store::studio::replays::{self, Row};
use crate::store::studio::verdicts::{self, Said, Verdict};

/// Judges one message of a replay.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`crate::store::Error::NotFound`] when the replay has no such message.
pub async fn judge(house: &House, scope: &Scope, brand: BrandId, replay: AnyId, n: i64, said: Said) -> Result<()> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    let rows = replays::rows(&mut tx, brand, replay).await?;
    let row = rows.into_iter().find(|r| r.n == n).ok_or(crate::store::Error::NotFound)?;
    let case = Case::read(&row.seen);
    if let Some(before) = verdicts::get(&mut tx, brand, row.message_id, &row.outcome).await?
        && let Some(entry) = before.entry
    {
        let asked = judged::asked(&case.text);
        edit(house, &mut tx, scope, (brand, &entry), |s| judged::without(s, &asked)).await?;
    }
    let entry = remember(house, &mut tx, scope, brand, &case, said).await?;
    let Row { message_id, outcome, .. } = row;
    let verdict = Verdict { message_id, outcome, verdict: said, entry };
    verdicts::put(&mut tx, brand, &verdict, scope.who(), house.now()).await?;
    Ok(tx.commit().await?)
}

/// Writes the test; the entry that has it now, where one can be written.
async fn remember(
    house: &House,
    tx: &mut Tx,
    scope: &Scope,
    brand: BrandId,
    case: &Case,
    said: Said,
) -> Result<Option<String>> {
    // Right: what is tried, or not what is live. Wrong: not what is tried, or again what is live.
    let (entry, finds) = match (said, &case.tried, &case.live) {
        (Said::Right, Some(tried), _) => (tried, true),
        (Said::Wrong, Some(tried), _) => (tried, false),
        (Said::Right, None, Some(live)) => (live, false),
        (Said::Wrong, None, Some(live)) => (live, true),
        (_, None, None) => return Ok(None),
    };
    if case.language.is_empty() {
        return Ok(None);
    }
    let id = entry.rsplit('/').next().unwrap_or(entry);
    let should = if finds { Should::Find(id) } else { Should::Miss(id) };
    let judged = Judged {
        text: &case.text,
        post: case.post.as_deref(),
        language: &case.language,
        network: &case.network,
        visibility: case.visibility,
    };
    if said == Said::Right && !holds(house, tx, brand, &judged, should).await? {
        // Without what is personal in it the message says something else: the verdict stands alone.
        return Ok(None);
    }
    let test = judged::lines(&judged, should);
    let written = edit(house, tx, scope, (brand, entry), |s| judged::add(s, &test)).await?;
    Ok(written.then(|| entry.clone()))
}

/// True when the draft passes the test.
async fn holds(house: &House, tx: &mut Tx, brand: BrandId, judged: &Judged<'_>, should: Should<'_>) -> Result<bool> {
    let brain = draft::read(tx, brand).await?.brain(house).await?;
    let text = judged::plain(judged.text);
    let (network, visibility) = (judged.network, judged.visibility);
    let post = judged.post.map(judged::above);
    let said = bot::Said::new(&text, network, visibility, Some(judged.language));
    let said = bot::Said { post: post.as_deref(), ..said };
    let decision = house.think(&brain.library, &brain.faq, said, &|_| Mode::Auto, &Thresholds::default());
    let found = |id: &str| decision.entry.as_deref().is_some_and(|e| e.rsplit('/').next() == Some(id));
    Ok(match should {
        Should::Find(id) => found(id),
        Should::Miss(id) => !found(id),
    })
}

/// Changes an entry's file in the draft; false when the draft has no such entry.
async fn edit(
    house: &House,
    tx: &mut Tx,
    scope: &Scope,
    (brand, path): (BrandId, &str),
    change: impl Fn(&str) -> String,
) -> Result<bool> {
    let draft = draft::read(tx, brand).await?;
    let Some(source) = draft.source(path) else { return Ok(false) };
    put_in(house, tx, scope, (brand, path), Some(change(source)), None).await?;
    Ok(true)
}

/// Takes a test that a verdict left out of the draft again; a test that somebody wrote stays.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`crate::store::Error::NotFound`] when the draft has no such entry.
pub async fn withdraw(house: &House, scope: &Scope, brand: BrandId, path: &str, said: &str) -> Result<()> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    let asked = judged::asked(said);
    if !edit(house, &mut tx, scope, (brand, path), |s| judged::without(s, &asked)).await? {
        return Err(crate::store::Error::NotFound.into());
    }
    Ok(tx.commit().await?)
}

/// Does in the draft what a remedy says.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::UnfitReply`] when the file is written in a way only an editor changes.
pub async fn mend(house: &House, scope: &Scope, brand: BrandId, remedy: &Remedy) -> Result<()> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    let draft = draft::read(&mut tx, brand).await?;
    let path = remedy.parts().1;
    let source = draft.source(path).ok_or(crate::store::Error::NotFound)?;
    let mended = remedy.apply(source)?;
    put_in(house, &mut tx, scope, (brand, path), Some(mended), None).await?;
    Ok(tx.commit().await?)
}
