//! What might mend a replay's regressions: for each entry that wrongly won, or was lost, the remedies
//! are tried on every changed message, and the one that mends most for its price is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cases::Case;
use super::play::{Both, Stage, weighed};
use super::voice::Voice;
use crate::desk::replay::fix::{Wrong, against, giving_back};
use crate::desk::replay::{Bucket, Fix, Outcome, Remedy, bucket, temper};
use crate::flow::bot::{Mind, Said};
use crate::flow::library::File;
use crate::flow::studio::{Brain, brain};
use crate::flow::{House, Result};

/// Of so many entries at most.
const ENTRIES: usize = 5;

/// The best remedy for each entry that regressions are about, the most regressions first.
///
/// # Errors
/// When learning fails.
pub async fn fixes(house: &House, stage: &Stage, cases: &[Case]) -> Result<Vec<Fix>> {
    let regressions: Vec<&Case> = cases.iter().filter(|c| c.bucket == Bucket::Regression).collect();
    let mut groups: BTreeMap<(bool, String), Vec<&Case>> = BTreeMap::new();
    for case in &regressions {
        let about = case.tried.as_ref().map(|e| (true, e.clone())).or(case.live.as_ref().map(|e| (false, e.clone())));
        if let Some(about) = about {
            groups.entry(about).or_default().push(case);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, cases)| std::cmp::Reverse(cases.len()));
    let mut out = Vec::new();
    for ((won, path), group) in groups.into_iter().take(ENTRIES) {
        let wrong: Vec<Wrong<'_>> =
            group.iter().map(|c| Wrong { text: &c.text, language: &c.language, example: &c.example }).collect();
        let (live, tried) = (stage.live.library.get(&path), stage.tried.library.get(&path));
        let remedies = match (live, tried) {
            (live, Some(tried)) if won => against(live, tried, &wrong),
            (Some(live), Some(tried)) => giving_back(live, tried, &wrong),
            _ => Vec::new(),
        };
        let mut best: Option<Fix> = None;
        for remedy in remedies {
            let Some(fix) = weigh(house, stage, cases, remedy).await? else { continue };
            let worth = |f: &Fix| f.mends.cast_signed() - f.loses.cast_signed();
            if fix.mends > 0 && best.as_ref().is_none_or(|b| worth(&fix) > worth(b)) {
                best = Some(fix);
            }
        }
        out.extend(best);
    }
    Ok(out)
}

/// What a remedy comes to on the changed messages; nothing where the file cannot be changed so.
///
/// # Errors
/// When learning fails.
pub async fn weigh(house: &House, stage: &Stage, cases: &[Case], remedy: Remedy) -> Result<Option<Fix>> {
    let path = remedy.parts().1.to_owned();
    let Some(kept) = stage.kept.iter().find(|k| k.path == path) else { return Ok(None) };
    let Ok(source) = remedy.apply(&kept.source) else { return Ok(None) };
    let files: Vec<File> = stage
        .kept
        .iter()
        .map(|k| (format!("{}.md", k.path), if k.path == path { source.clone() } else { k.source.clone() }))
        .collect();
    let mended = brain::of(house, &files).await?;
    let (here, stage, cases) = (house.clone(), stage.clone(), cases.to_vec());
    let tried = tokio::task::spawn_blocking(move || count(&here, &stage, &mended, &cases, remedy));
    tried.await.map_err(anyhow::Error::from)?.map(Some)
}

fn count(house: &House, stage: &Both, mended: &Arc<Brain>, cases: &[Case], remedy: Remedy) -> Result<Fix> {
    let mind = Mind::with(Arc::clone(&mended.library), Arc::clone(&mended.faq), stage.kept.clone(), stage.bars.clone());
    let voice = Voice::new(stage.values.clone());
    let mut fix = Fix { remedy, mends: 0, of: 0, loses: 0, among: 0 };
    for case in cases.iter().filter(|c| matches!(c.bucket, Bucket::Regression | Bucket::New)) {
        let said = Said::new(&case.text, &case.network, case.visibility, None);
        let said = Said { post: case.post.as_deref(), ..said };
        let human = case.human.as_deref();
        let outcome = |side: u8, voice: &Voice, mind: &Mind| -> Result<Outcome> {
            let mut decision = temper(mind.think(house, said), &case.moment);
            decision.text = voice.text(side, mind.library(), &decision, &case.network);
            Ok(weighed(stage, decision, human))
        };
        let (live, now) = (outcome(0, &stage.voice, &stage.minds.0)?, outcome(2, &voice, &mind)?);
        if case.bucket == Bucket::Regression {
            fix.of += 1;
            fix.mends += usize::from(bucket(&live, &now) != Bucket::Regression);
        } else {
            fix.among += 1;
            fix.loses += usize::from(!now.says());
        }
    }
    Ok(fix)
}
