//! What `guichet triage eval` prints.

use std::collections::BTreeMap;

use serde::Serialize;

use super::read::{CHOICES, FLAGS, File};
use crate::desk::triage::figures::{Figures, Tally, share};
use crate::desk::triage::verdict::Verdict;

/// The figures of every label a file has.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Messages.
    n: usize,
    /// By label; of stages, languages and moods each by itself: `stage=customer`.
    labels: BTreeMap<String, Figures>,
    /// The share that is right where there is one of several.
    accuracy: BTreeMap<&'static str, f64>,
    /// The mean of the F1 of those that occur in the file.
    macro_f1: BTreeMap<&'static str, f64>,
    /// Columns that say nothing here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ignored: Vec<String>,
}

impl Report {
    /// Compares what a file says with what was told.
    pub fn of(file: &File, told: &[Verdict]) -> Report {
        let rows = || file.rows.iter().zip(told);
        let has = |label: &str| file.labels.iter().any(|l| l == label);
        let legal_apart = has("legal");
        let mut labels = BTreeMap::new();
        for flag in FLAGS.iter().filter(|f| has(f)) {
            let mut tally = Tally::default();
            for (row, told) in rows() {
                tally.count(row.flags.get(flag).copied().unwrap_or(false), given(flag, told, legal_apart));
            }
            labels.insert((*flag).to_owned(), tally.figures());
        }
        let (mut accuracy, mut macro_f1) = (BTreeMap::new(), BTreeMap::new());
        for choice in CHOICES.iter().filter(|c| has(c)) {
            let pairs: Vec<(&str, String)> = rows()
                .filter_map(|(row, told)| Some((row.choices.get(choice)?.as_str(), picked(choice, told))))
                .collect();
            let each = one_of(&pairs);
            let right = pairs.iter().filter(|(is, said)| is == said).count();
            accuracy.extend(share(right, pairs.len()).map(|s| (*choice, s)));
            let f1s: Vec<f64> = each.values().filter(|f| f.n > 0).filter_map(|f| f.f1).collect();
            #[expect(clippy::cast_precision_loss, reason = "a handful")]
            let mean = f1s.iter().sum::<f64>() / f1s.len().max(1) as f64;
            macro_f1.insert(*choice, (mean * 10_000.0).round() / 10_000.0);
            labels.extend(each.into_iter().map(|(value, f)| (format!("{choice}={value}"), f)));
        }
        Report { n: file.rows.len(), labels, accuracy, macro_f1, ignored: file.ignored.clone() }
    }

    /// In words, a line each.
    pub fn words(&self) -> String {
        let mut lines = vec![format!("{} messages", self.n)];
        if !self.ignored.is_empty() {
            lines.push(format!("not looked at: {}", self.ignored.join(", ")));
        }
        lines.push(format!("{:24} {:>9} {:>9} {:>9} {:>6} {:>6}", "", "precision", "recall", "F1", "are", "told"));
        let of = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
        for (label, f) in &self.labels {
            lines.push(format!(
                "{label:24} {:>9} {:>9} {:>9} {:>6} {:>6}",
                of(f.precision),
                of(f.recall),
                of(f.f1),
                f.n,
                f.given
            ));
        }
        for (choice, right) in &self.accuracy {
            lines.push(format!("{choice}: right {right:.3}, mean F1 {:.3}", self.macro_f1[choice]));
        }
        lines.join("\n")
    }
}

fn given(flag: &str, told: &Verdict, legal_apart: bool) -> bool {
    match flag {
        "hot" => told.hot,
        "support" => told.support,
        "complaint" => told.complaint,
        "spam" => told.spam,
        "legal" => told.legal,
        // Where a file does not part them, a legal threat and the press are a crisis, too.
        _ => told.crisis || (told.legal && !legal_apart),
    }
}

fn picked(choice: &str, told: &Verdict) -> String {
    match choice {
        "stage" => told.stage.to_string(),
        "sentiment" => told.sentiment.to_owned(),
        _ => told.language.unwrap_or("?").to_owned(),
    }
}

fn one_of(pairs: &[(&str, String)]) -> BTreeMap<String, Figures> {
    let mut values: Vec<&str> = pairs.iter().flat_map(|(is, said)| [*is, said.as_str()]).collect();
    values.sort_unstable();
    values.dedup();
    let mut out = BTreeMap::new();
    for value in values {
        let mut tally = Tally::default();
        for (is, said) in pairs {
            tally.count(*is == value, said == value);
        }
        out.insert(value.to_owned(), tally.figures());
    }
    out
}
