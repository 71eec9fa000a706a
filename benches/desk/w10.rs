//! W10: an inbox of fifty rows made into a page. Beside it, the same page, byte for byte, by strings
//! pushed together: everything that does not vary is a constant there.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use guichet::base::Lang;
use guichet::web::page::{Chrome, Templates};
use serde_json::Value;

use crate::Bench;
use crate::pages::{self, Made};
use crate::report::{self, Figure, Goal, Spread, many, middle_and_p99};

/// Pages of one turn.
const TIMES: usize = 1_000;
/// What varies from row to row.
const FIELDS: [&str; 8] = ["href", "id", "initials", "name", "handle", "sla", "excerpt", "kind_label"];

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    report::title("W10: rendering the inbox");
    let (templates, chrome) = (Templates::load()?, Chrome::sample(Lang::Fr));
    let mut view = pages::inbox(0)?;
    let pattern = view["queue"]["rows"][0].clone();
    let rows: Vec<Value> = (0..50).map(|n| row(&pattern, |field| format!("{field} <{n}> & l’été / {n}"))).collect();
    let by_hand = Cut::of(&templates, &chrome, &mut view, &pattern)?;
    view["queue"]["rows"] = Value::Array(rows.clone());
    let view = Made(view);
    let html = templates.render(Lang::Fr, &chrome, &view)?;
    ensure!(by_hand.page(&rows) == html, "the page by hand is another one");
    let (mut ours, mut hand) = (vec![], vec![]);
    for _ in 0..bench.turns {
        let (mut took, mut took_by_hand) = (Vec::with_capacity(TIMES), Vec::with_capacity(TIMES));
        for _ in 0..TIMES {
            let begun = Instant::now();
            let page = templates.render(Lang::Fr, &chrome, &view)?;
            took.push(begun.elapsed());
            drop(page);
            let begun = Instant::now();
            let page = by_hand.page(&rows);
            took_by_hand.push(begun.elapsed());
            drop(page);
        }
        let micros = |all| middle_and_p99(all).0.as_secs_f64() * 1e6;
        ours.push(micros(took));
        hand.push(micros(took_by_hand));
    }
    let figure = |what: &str, unit, ours: &[f64], beside, goal| {
        Figure { workload: "W10", what, unit, ours: Spread::of(ours), beside, goal }.print();
    };
    let hand = Some(("push_str", Spread::of(&hand)));
    figure("an inbox of 50 rows, p50", "µs", &ours, hand, None);
    // Askama's share of that was measured once: 39 µs to 17.
    let askama = hand.map(|(_, s)| ("push_str × 2.3, as askama", Spread::of(&[s.median * 2.3])));
    figure("an inbox of 50 rows, p50, as against askama", "µs", &ours, askama, Some(Goal::RatioAtMost(4.0)));
    report::alone("W10", "its size", "KiB", &[many(html.len()) / 1024.0]);
    Ok(())
}

fn row(pattern: &Value, value: impl Fn(&str) -> String) -> Value {
    let mut row = pattern.clone();
    for field in FIELDS {
        row[field] = Value::String(value(field));
    }
    row
}

/// A page cut where its rows stand, and a row cut where its values stand.
struct Cut {
    head: String,
    foot: String,
    /// What stands before each value, and the value; nothing after the last.
    row: Vec<(String, Option<&'static str>)>,
}

impl Cut {
    /// Cuts what the template makes of two rows with marks for values.
    fn of(templates: &Templates, chrome: &Chrome, view: &mut Value, pattern: &Value) -> Result<Cut> {
        let mark = |field: &str| format!("MARK{}KRAM", field.replace('_', ""));
        let mut html = |n: usize| {
            view["queue"]["rows"] = Value::Array(vec![row(pattern, mark); n]);
            templates.render(Lang::Fr, chrome, &Made(view.clone()))
        };
        let (two, three) = (html(2)?, html(3)?);
        let length = three.len() - two.len();
        let first = two.find("<li><a class=\"q").context("there is no row")?;
        let foot = two.get(first + 2 * length..).context("rows are not all alike")?.to_owned();
        let (mut rest, mut cut) = (&two[first..first + length], Vec::new());
        loop {
            let next = FIELDS.iter().filter_map(|f| Some((rest.find(&mark(f))?, *f))).min();
            let Some((at, field)) = next else { break };
            cut.push((rest[..at].to_owned(), Some(field)));
            rest = &rest[at + mark(field).len()..];
        }
        cut.push((rest.to_owned(), None));
        Ok(Cut { head: two[..first].to_owned(), foot, row: cut })
    }

    fn page(&self, rows: &[Value]) -> String {
        let mut page = String::with_capacity(64 << 10);
        page.push_str(&self.head);
        for row in rows {
            for (before, field) in &self.row {
                page.push_str(before);
                if let Some(value) = field.and_then(|f| row[f].as_str()) {
                    escape(value, &mut page);
                }
            }
        }
        page.push_str(&self.foot);
        page
    }
}

fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            '/' => out.push_str("&#x2f;"),
            c => out.push(c),
        }
    }
}
