//! The tests that stand beside the answers, run on a library as if every entry were open.

use std::sync::Arc;

use super::{Brain, known, remember};
use crate::base::sign::fingerprint;
use crate::desk::bot::{Decision, Verdict};
use crate::desk::calibration::Thresholds;
use crate::desk::canned::{Entry, Expect, Library, Line, Mode, Scene};
use crate::desk::message::Visibility;
use crate::flow::bot::Said;
use crate::flow::{House, Result};

/// What is wrong, one line a test: place, message, and what came instead.
///
/// # Errors
/// As the database reports.
pub async fn failing(house: &House, brain: &Arc<Brain>) -> Result<Arc<Vec<String>>> {
    let versions: Vec<&str> = brain.library.entries().map(|e| e.version.as_str()).collect();
    let print = fingerprint(&versions);
    if let Some(told) = known(&house.studio.tests, &print) {
        return Ok(told);
    }
    let (here, mine) = (house.clone(), Arc::clone(brain));
    let told = tokio::task::spawn_blocking(move || run(&here, &mine)).await.map_err(anyhow::Error::from)??;
    let told = Arc::new(told);
    remember(&house.studio.tests, &print, Arc::clone(&told));
    Ok(told)
}

fn run(house: &House, brain: &Brain) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    for entry in brain.library.entries() {
        for scene in &entry.tests {
            if let Some(wrong) = play(house, brain, entry, scene)? {
                failed.push(format!("{}.md:{}: {wrong}", entry.path(), scene.line));
            }
        }
    }
    Ok(failed)
}

/// Plays a scene; what went wrong, if anything did.
fn play(house: &House, brain: &Brain, entry: &Entry, scene: &Scene) -> Result<Option<String>> {
    let visibility = if scene.public { Visibility::Public } else { Visibility::Private };
    let mut last: Option<(&str, Decision)> = None;
    for line in &scene.lines {
        match line {
            Line::Says(text) => {
                let said = Said { text, network: &scene.network, visibility, language: Some(&scene.language) };
                let decision =
                    house.think(&brain.library, &brain.faq, said, &|_| Mode::Auto, &Thresholds::default())?;
                last = Some((text, decision));
            }
            Line::Connector(_) => {}
            Line::Expects(expect) => {
                let Some((text, decision)) = &last else { continue };
                if let Some(wrong) = differs(&brain.library, entry, expect, decision, visibility) {
                    return Ok(Some(format!("“{text}”: {wrong}")));
                }
            }
        }
    }
    Ok(None)
}

fn differs(library: &Library, entry: &Entry, expect: &Expect, d: &Decision, visibility: Visibility) -> Option<String> {
    let got = || format!("{} {}", d.decision, d.entry.as_deref().unwrap_or("nothing"));
    let found = d.entry.as_deref().and_then(|p| library.get(p));
    let meant = |id: &str| found.is_some_and(|e| e.head.id == id || e.path() == id);
    match expect {
        Expect::Reply(..) if !meant(&entry.head.id) => Some(format!("expected {}, got {}", entry.head.id, got())),
        Expect::Reply(name, _) => {
            let text = entry.main_text(visibility);
            (text != Some(name.as_str())).then(|| format!("expected the text {name}, got {}", text.unwrap_or("none")))
        }
        Expect::Silence => (!matches!(d.decision, Verdict::Silent | Verdict::Handoff))
            .then(|| format!("expected silence, got {}", got())),
        Expect::Suggest(id) => (!meant(id)).then(|| format!("expected {id}, got {}", got())),
        Expect::Not(id) => meant(id).then(|| format!("expected anything but {id}, got {}", got())),
    }
}
