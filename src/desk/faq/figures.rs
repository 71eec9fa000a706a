//! How well questions were told apart, in the figures others publish.

use std::collections::BTreeMap;

use serde::Serialize;

/// One question of a test, and what was said of it.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What was asked.
    pub text: String,
    /// The entry that is right; empty when none is.
    pub expected: String,
    /// The entry that was found; empty when none fits.
    pub predicted: String,
    /// How sure.
    pub score: f64,
    /// True when it would have been answered without a person.
    pub answered: bool,
    /// The words that decided.
    pub matched: Vec<String>,
    /// The likeliest entries, also below what fits.
    pub top: Vec<String>,
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Questions.
    pub n: usize,
    /// Of these with an answer.
    pub in_scope: usize,
    /// And without.
    pub out_of_scope: usize,
    /// Share of those with an answer that were told right.
    pub accuracy_in_scope: f64,
    /// Share of those without that were told to have none.
    pub recall_out_of_scope: f64,
    /// Matthews’ correlation over all entries and “none”.
    pub mcc: f64,
    /// The best of it when “none” begins below .1, .2 … .9 instead.
    pub mcc_best_grid: f64,
    /// The right entry stood first, among three, among five; of those with an answer.
    pub among_first: BTreeMap<&'static str, f64>,
    /// How many would have been answered without a person.
    pub answered: usize,
    /// Share of these that were right; none when there were none.
    pub precision_answered: Option<f64>,
    /// The share that could be answered at this precision, if one knew where to draw the line.
    pub coverage_at_precision: BTreeMap<&'static str, f64>,
}

/// Counts.
pub fn figures(rows: &[Row]) -> Figures {
    let with = rows.iter().filter(|r| !r.expected.is_empty()).count();
    let right = |r: &&Row| r.predicted == r.expected;
    let (fit, none): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|r| !r.expected.is_empty());
    let among = |k: usize| share(fit.iter().filter(|r| r.top.iter().take(k).any(|t| *t == r.expected)).count(), with);
    let answered: Vec<&Row> = rows.iter().filter(|r| r.answered).collect();
    let told = |r: &Row| r.predicted.clone();
    let from = |line: f64| move |r: &Row| if r.score >= line { first(r) } else { String::new() };
    Figures {
        n: rows.len(),
        in_scope: with,
        out_of_scope: rows.len() - with,
        accuracy_in_scope: share(fit.iter().filter(|r| right(r)).count(), with),
        recall_out_of_scope: share(none.iter().filter(|r| right(r)).count(), none.len()),
        mcc: correlation(rows, told),
        mcc_best_grid: (1..10).map(|tenth| correlation(rows, from(f64::from(tenth) / 10.0))).fold(0.0, f64::max),
        among_first: BTreeMap::from([("1", among(1)), ("3", among(3)), ("5", among(5))]),
        answered: answered.len(),
        precision_answered: (!answered.is_empty())
            .then(|| share(answered.iter().filter(|r| right(r)).count(), answered.len())),
        coverage_at_precision: [("0.90", 0.9), ("0.95", 0.95), ("0.98", 0.98)]
            .map(|(name, precision)| (name, coverage(rows, precision)))
            .into(),
    }
}

fn first(row: &Row) -> String {
    row.top.first().cloned().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn share(some: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { some as f64 / all as f64 }
}

/// The greatest share of questions, the surest first, among which so many were right.
fn coverage(rows: &[Row], precision: f64) -> f64 {
    let mut sorted: Vec<(f64, bool)> = rows.iter().map(|r| (r.score, first(r) == r.expected)).collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut right = 0;
    let mut most = 0;
    for (n, (_, is_right)) in (1..).zip(&sorted) {
        right += usize::from(*is_right);
        if share(right, n) >= precision {
            most = n;
        }
    }
    share(most, rows.len())
}

/// Matthews’ correlation for many classes (Gorodkin, 2004).
#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn correlation(rows: &[Row], told: impl Fn(&Row) -> String) -> f64 {
    let (mut expected, mut predicted) = (BTreeMap::<&str, f64>::new(), BTreeMap::<String, f64>::new());
    let mut right = 0.0;
    for row in rows {
        let said = told(row);
        right += f64::from(u8::from(said == row.expected));
        *expected.entry(&row.expected).or_default() += 1.0;
        *predicted.entry(said).or_default() += 1.0;
    }
    let n = rows.len() as f64;
    let both: f64 = expected.iter().map(|(e, k)| k * predicted.get(*e).unwrap_or(&0.0)).sum();
    let squares = |v: &mut dyn Iterator<Item = f64>| v.map(|k| k * k).sum::<f64>();
    let spread =
        (n * n - squares(&mut expected.values().copied())) * (n * n - squares(&mut predicted.values().copied()));
    if spread <= 0.0 { 0.0 } else { (right * n - both) / spread.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(expected: &str, first: &str, score: f64, fits: bool, answered: bool) -> Row {
        Row {
            text: String::new(),
            expected: expected.into(),
            predicted: if fits { first.into() } else { String::new() },
            score,
            answered,
            matched: Vec::new(),
            top: vec![first.into()],
        }
    }

    #[test]
    fn figures_are_counted_as_others_count_them() {
        let rows = [
            row("a", "a", 0.9, true, true),
            row("b", "b", 0.8, true, true),
            row("b", "a", 0.7, true, true),
            row("a", "a", 0.15, false, false),
            row("", "b", 0.12, false, false),
            row("", "a", 0.6, true, false),
        ];
        let f = figures(&rows);
        assert_eq!((f.n, f.in_scope, f.out_of_scope, f.answered), (6, 4, 2, 3));
        assert!((f.accuracy_in_scope - 0.5).abs() < 1e-9 && (f.recall_out_of_scope - 0.5).abs() < 1e-9);
        assert!((f.precision_answered.unwrap() - 2.0 / 3.0).abs() < 1e-9);
        assert!((f.coverage_at_precision["0.95"] - 2.0 / 6.0).abs() < 1e-9);
        assert!((f.among_first["1"] - 0.75).abs() < 1e-9);
        // By hand: 3 right of 6; expected a 2, b 2, none 2; told a 3, b 1, none 2:
        // (18 − 12) / √((36 − 12)(36 − 14)).
        assert!((f.mcc - 6.0 / (24.0_f64 * 22.0).sqrt()).abs() < 1e-9, "{}", f.mcc);
    }
}
