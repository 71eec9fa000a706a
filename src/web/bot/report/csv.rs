//! The report as CSV, for a spreadsheet: a line for each day or week, then one for each entry.

use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::asked::Asked;
use crate::desk::calibration::wilson::interval;
use crate::flow::bot::report::{self, Counts};
use crate::web::Result;
use crate::web::ask::Desk;

const HEAD: &str =
    "kind,name,answered,suggested,corrected,handed_over,silent,right,judged,right_low,right_high,answered_by_people";

/// Gives it.
pub async fn csv(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Response> {
    let asked = asked.sound();
    let (hand, tx) = desk.parts();
    let report = report::report(&hand.web.house, tx, &hand.brand, &asked.wanted()).await?;
    let clock = hand.clockface();
    let kind = if report.stretches.first().is_some_and(|s| s.to.since(s.from).as_secs() > 2 * 86_400) {
        "week"
    } else {
        "day"
    };
    let mut lines = vec![HEAD.to_owned()];
    lines.extend(report.stretches.iter().map(|s| line(kind, &clock.date(s.from), &s.counts)));
    for (kind, all) in [("entry", &report.entries), ("network", &report.networks), ("language", &report.languages)] {
        lines.extend(all.iter().map(|(name, counts)| line(kind, name, counts)));
    }
    lines.push(line("all", "", &report.all));
    let body = lines.join("\r\n") + "\r\n";
    let name = format!("attachment; filename=\"guichet-bot-{}-{}d.csv\"", clock.date(hand.now), asked.days);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, body).into_response())
}

fn line(kind: &str, name: &str, c: &Counts) -> String {
    let (low, high) = interval(c.right, c.judged);
    let doubt = if c.judged == 0 { ",".to_owned() } else { format!("{low:.4},{high:.4}") };
    format!(
        "{kind},{},{},{},{},{},{},{},{},{doubt},{}",
        cell(name),
        c.answered,
        c.suggested,
        c.corrected,
        c.handed_over,
        c.silent,
        c.right,
        c.judged,
        c.alone
    )
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_name_is_a_name_in_a_spreadsheet_too() {
        assert_eq!(cell("hours/opening-hours"), "hours/opening-hours");
        assert_eq!(cell("=HYPERLINK(\"x\",1)"), "\"'=HYPERLINK(\"\"x\"\",1)\"");
        assert_eq!(cell("a, b"), "\"a, b\"");
    }
}
