//! Putting the questions of the last weeks together, in the background; what was found is kept until
//! the next time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use serde_json::json;

use crate::base::At;
use crate::base::id::{AnyId, BrandId, MessageId, TicketId};
use crate::desk::agent::Power;
use crate::desk::bot::Verdict;
use crate::desk::canned::Library;
use crate::desk::missed::{self, Cluster, Question, WEEKS, reuse, same};
use crate::desk::quoting;
use crate::desk::scope::Scope;
use crate::flow::{House, Reason, Result};
use crate::store::missed::{Asked, Told};
use crate::store::surveys::{self, Kept, Survey};
use crate::store::{Tx, choices, missed as asked};

/// How far one looks back.
pub const PERIOD: Duration = Duration::from_hours(24 * 7 * WEEKS as u64);
/// How old a survey may become.
const AGE: Duration = Duration::from_hours(1);
/// Questions that are looked at, the newest.
const MOST: usize = 20_000;
/// Questions that are read at once.
const PAGE: i64 = 2_000;
/// Characters of a message that are looked at.
const LONGEST: usize = 1_000;

/// Makes the survey that waits longest, if one does; how many were made.
///
/// # Errors
/// As the database reports.
pub async fn turn(house: &House) -> Result<usize> {
    let due = surveys::due(&mut house.db.read().await?, house.now().minus(AGE)).await?;
    let Some(brand) = due.first() else { return Ok(0) };
    make(house, *brand).await?;
    Ok(1)
}

/// Somebody wants a new survey; it is made in the background.
///
/// # Errors
/// [`Reason::NotAllowed`].
pub async fn ask(house: &House, scope: &Scope, brand: BrandId) -> Result<()> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    surveys::ask(&mut tx, brand, house.now()).await?;
    tx.commit().await?;
    house.bells.missed.notify_one();
    Ok(())
}

/// Makes a brand's survey, and keeps it in the place of the last.
///
/// # Errors
/// As the database reports.
pub async fn make(house: &House, brand: BrandId) -> Result<()> {
    let (now, since) = (house.now(), house.now().minus(PERIOD));
    let mut tx = house.db.read().await?;
    let rows = read(&mut tx, brand, since).await?;
    let tickets: BTreeSet<TicketId> = rows.iter().map(|r| r.ticket_id).collect();
    let told = asked::answers(&mut tx, brand, &tickets.into_iter().collect::<Vec<_>>()).await?;
    let library = house.library(&mut tx, brand).await?;
    let aside = choices::put_aside(&mut tx, brand).await?;
    let before = surveys::first_members(&mut tx, brand, i64::MAX).await?;
    drop(tx);
    let capped = rows.len() >= MOST;
    let working = tokio::task::spawn_blocking(move || {
        let questions = questions(&rows, told, &library);
        let aside: Vec<(String, Vec<String>)> = aside.into_iter().flat_map(|c| texts(&c.texts)).collect();
        (questions.len(), missed::clusters(&questions, &aside, now))
    });
    let (count, found) = working.await.map_err(anyhow::Error::from)?;
    let ids = names(house, &found, &before.into_iter().map(|m| (m.message_id, m.cluster_id)).collect());
    let kept: Vec<Kept> = found.iter().zip(&ids).zip(0..).map(|((c, id), place)| kept(brand, *id, place, c)).collect();
    let members: Vec<(AnyId, Vec<MessageId>)> = ids.into_iter().zip(found.into_iter().map(|c| c.members)).collect();
    let questions = i64::try_from(count).unwrap_or(i64::MAX);
    let survey = Survey { brand_id: brand, asked_at: None, made_at: Some(now), since, questions, capped };
    let mut tx = house.db.write().await?;
    surveys::keep(&mut tx, &survey, &kept, &members).await?;
    Ok(tx.commit().await?)
}

async fn read(tx: &mut Tx, brand: BrandId, since: At) -> Result<Vec<Asked>> {
    let mut rows: Vec<Asked> = Vec::new();
    loop {
        let before = rows.last().map(|r| (r.thought_at, r.message_id));
        let page = asked::questions(tx, brand, since, before, PAGE).await?;
        let last = i64::try_from(page.len()).unwrap_or(PAGE) < PAGE;
        rows.extend(page);
        if last || rows.len() >= MOST {
            rows.truncate(MOST);
            return Ok(rows);
        }
    }
}

/// What was asked and really missed: what was offered counts where somebody wrote something else.
fn questions(rows: &[Asked], told: Vec<Told>, library: &Library) -> Vec<Question> {
    let mut answers: HashMap<TicketId, Vec<Told>> = HashMap::new();
    for answer in told {
        answers.entry(answer.ticket_id).or_default().push(answer);
    }
    let one = |row: &Asked| {
        let answer = answers.get(&row.ticket_id).and_then(|all| all.iter().find(|a| a.at >= row.at));
        if row.decision == Verdict::Suggest {
            let language = row.language.as_deref().unwrap_or("fr");
            let offered = row.entry.as_deref().and_then(|path| library.get(path));
            let texts = offered.and_then(|e| e.texts.get(language)).into_iter().flat_map(BTreeMap::values).flatten();
            if answer.is_none_or(|a| texts.into_iter().any(|v| same::is_taken_from(&a.text, &v.source, language))) {
                return None;
            }
        }
        let near = row.trace["rule"].as_str().filter(|rule| library.get(rule).is_some()).map(str::to_owned);
        Some(Question {
            id: row.message_id,
            who: row.contact_id,
            text: asked_in(row),
            language: row.language.clone(),
            at: row.at,
            answer: answer.map(|a| (a.id, a.text.clone())),
            near: near.zip(row.trace["score"].as_f64()),
        })
    };
    rows.iter().filter_map(one).collect()
}

/// What is asked in a message: without greeting and numbers, and of long ones the beginning.
fn asked_in(row: &Asked) -> String {
    let said: String = quoting::said(row.kind, &row.text).chars().take(LONGEST).collect();
    reuse::example(&said, None)
}

/// Texts by language, as a decision keeps them.
fn texts(kept: &serde_json::Value) -> Vec<(String, Vec<String>)> {
    serde_json::from_value::<BTreeMap<String, Vec<String>>>(kept.clone()).unwrap_or_default().into_iter().collect()
}

/// A name for each cluster: the one it had, as long as most of its questions are there.
fn names(house: &House, found: &[Cluster], before: &HashMap<MessageId, AnyId>) -> Vec<AnyId> {
    let mut taken: BTreeSet<AnyId> = BTreeSet::new();
    let name = |cluster: &Cluster| {
        let mut votes: BTreeMap<AnyId, usize> = BTreeMap::new();
        for id in cluster.members.iter().filter_map(|m| before.get(m)) {
            *votes.entry(*id).or_default() += 1;
        }
        let most = votes.into_iter().max_by_key(|(id, n)| (*n, *id)).filter(|(_, n)| n * 2 > cluster.members.len());
        let id = most.map(|(id, _)| id).filter(|id| !taken.contains(id)).unwrap_or_else(|| house.given.id());
        taken.insert(id);
        id
    };
    found.iter().map(name).collect()
}

fn kept(brand: BrandId, id: AnyId, place: i64, c: &Cluster) -> Kept {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Kept {
        id,
        brand_id: brand,
        place,
        questions: number(c.members.len()),
        saves: number(c.saves()),
        languages: json!(c.languages),
        weeks: json!(c.weeks),
        answers: json!(c.answers),
        near: c.near.clone(),
    }
}
