//! `guichet bot eval`: how well questions are told apart, learnt from one file and asked by another.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::desk::faq::figures::{Figures, Row, figures};
use crate::desk::faq::rehearse::{Sureness, sureness};
use crate::desk::faq::{Faq, Taught, Tongue};
use crate::desk::triage::language;

/// What stands in the place of an entry where there is none.
const NONE: [&str; 2] = ["NO_NODES_DETECTED", "oos"];

#[derive(Debug, Deserialize)]
struct Question {
    #[serde(alias = "question")]
    text: String,
    answer_id: String,
    language: Option<String>,
}

/// What is printed.
#[derive(Debug, Serialize)]
pub struct Report {
    #[serde(flatten)]
    figures: Figures,
    /// Microseconds a question took, in the middle and for the slowest of a hundred.
    per_message_us: BTreeMap<&'static str, u64>,
    /// Where the lines were drawn, by language.
    thresholds: BTreeMap<String, (f32, Option<f32>)>,
}

impl Report {
    /// In words, a line each.
    pub fn words(&self) -> String {
        let f = &self.figures;
        let percent = |v: f64| format!("{:.1} %", v * 100.0);
        let right = f.precision_answered.map_or_else(String::new, |p| format!(", {} of them right", percent(p)));
        let coverage = f.coverage_at_precision.iter().map(|(at, share)| format!("{} at {at}", percent(*share)));
        [
            format!("{} questions: {} with an answer, {} without", f.n, f.in_scope, f.out_of_scope),
            format!("right where there is an answer   {}", percent(f.accuracy_in_scope)),
            format!("silent where there is none       {}", percent(f.recall_out_of_scope)),
            format!(
                "among the first 1, 3, 5          {}",
                f.among_first.values().map(|v| percent(*v)).collect::<Vec<_>>().join(", ")
            ),
            format!("Matthews’ correlation            {:.3}, {:.3} at the best of .1 … .9", f.mcc, f.mcc_best_grid),
            format!("answered without a person        {}{right}", f.answered),
            format!("could be answered at precision   {}", coverage.collect::<Vec<_>>().join(", ")),
            format!(
                "a question takes                 {} µs, {} µs at most in 99 of 100",
                self.per_message_us["p50"], self.per_message_us["p99"]
            ),
        ]
        .join("\n")
    }
}

/// Learns one file and asks the other; with `out`, a line of JSON for each question.
///
/// # Errors
/// A file that cannot be read, or has not the columns it needs.
pub fn eval(faq: &Path, test: &Path, out: Option<&PathBuf>) -> anyhow::Result<Report> {
    let (taught, asked) = (read(faq)?, read(test)?);
    if taught.is_empty() {
        bail!("{} has no questions", faq.display());
    }
    let usual = usual_language(&taught);
    let of = |q: &Question| q.language.clone().filter(|l| !l.is_empty()).unwrap_or_else(|| usual.clone());
    let mut by_language: BTreeMap<String, Vec<Taught>> = BTreeMap::new();
    for q in taught.iter().filter(|q| !q.answer_id.is_empty()) {
        by_language.entry(of(q)).or_default().push(Taught::example(&q.answer_id, &q.text));
    }
    let lines: BTreeMap<String, Sureness> =
        by_language.iter().map(|(l, all)| (l.clone(), sureness(Tongue::of(l), all))).collect();
    let engine = Faq::learn(by_language.into_iter().flat_map(|(l, all)| all.into_iter().map(move |t| (l.clone(), t))));
    let mut times = Vec::with_capacity(asked.len());
    let rows: Vec<Row> = asked
        .into_iter()
        .map(|q| {
            let language = Some(of(&q)).filter(|l| lines.contains_key(l)).unwrap_or_else(|| usual.clone());
            #[expect(clippy::disallowed_methods, reason = "it tells how long a question takes")]
            let begun = std::time::Instant::now();
            let near = engine.ask(&language, &q.text);
            times.push(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
            row(q, &near, lines.get(&language))
        })
        .collect();
    if let Some(path) = out {
        let file = std::fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut file = std::io::BufWriter::new(file);
        for row in &rows {
            writeln!(file, "{}", serde_json::to_string(row)?)?;
        }
        file.flush()?;
    }
    times.sort_unstable();
    let at =
        |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied().unwrap_or(0);
    Ok(Report {
        figures: figures(&rows),
        per_message_us: BTreeMap::from([("p50", at(50)), ("p99", at(99))]),
        thresholds: lines.into_iter().map(|(l, s)| (l, (s.fits, s.answers))).collect(),
    })
}

fn row(q: Question, near: &[crate::desk::bot::Near], line: Option<&Sureness>) -> Row {
    let first = near.first();
    let score = first.map_or(0.0, |n| n.score);
    let fits = line.is_some_and(|l| score >= f64::from(l.fits)) && first.is_some();
    let answered = fits && line.and_then(|l| l.answers).is_some_and(|a| score >= f64::from(a));
    Row {
        text: q.text,
        expected: q.answer_id,
        predicted: first.filter(|_| fits).map(|n| n.entry.clone()).unwrap_or_default(),
        score,
        answered,
        matched: first.map(|n| n.known.iter().map(|k| k.2.clone()).collect()).unwrap_or_default(),
        top: near.iter().map(|n| n.entry.clone()).collect(),
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<Question>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut all = Vec::new();
    for (n, line) in reader.deserialize().enumerate() {
        let mut question: Question = line.with_context(|| {
            format!(
                "{}, question {}: the columns are question (or text), answer_id and, if you like, language",
                path.display(),
                n + 1
            )
        })?;
        if NONE.contains(&question.answer_id.as_str()) {
            question.answer_id.clear();
        }
        all.push(question);
    }
    Ok(all)
}

/// The language most of the questions are in, as far as one can tell; English where one cannot.
fn usual_language(all: &[Question]) -> String {
    let told = all.iter().filter_map(|q| language::of(&q.text));
    let (mut french, mut english) = (0, 0);
    told.for_each(|l| if l == "fr" { french += 1 } else { english += 1 });
    if french > english { "fr".into() } else { "en".into() }
}
