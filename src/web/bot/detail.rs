//! One message of a replay: what is live says, what the draft says, what a person really said, why, and
//! what might mend it.

use serde::Serialize;

use super::shown::Shown;
use crate::base::At;
use crate::base::text::{excerpt, initials};
use crate::desk::canned::Library;
use crate::desk::replay::{Bucket, Fix};
use crate::flow::replay::cases::Case;
use crate::store::studio::replays::Row;
use crate::store::studio::verdicts::Said;
use crate::web::ask::Hand;
use crate::web::show::tint;

/// One message.
#[derive(Debug, Serialize)]
pub struct Detail {
    n: i64,
    ticket: String,
    by: String,
    at: String,
    network: String,
    public: bool,
    language: String,
    /// Its words; true for those that decided.
    text: Vec<(bool, String)>,
    /// The beginning of the publication it stands under, where that mattered.
    post: String,
    bucket: Bucket,
    live: Shown,
    draft: Shown,
    human: Option<Human>,
    /// Examples that are new in the draft.
    news: Vec<String>,
    /// What held at that moment, in one word; empty when nothing did.
    moment: &'static str,
    verdict: Option<Said>,
    fix: Option<Remedy>,
}

/// What a person really answered.
#[derive(Debug, Serialize)]
struct Human {
    by: String,
    initials: String,
    tint: usize,
    text: String,
}

/// What might mend it, and what that costs.
#[derive(Debug, Serialize)]
struct Remedy {
    kind: &'static str,
    title: String,
    words: Vec<String>,
    mends: usize,
    of: usize,
    loses: usize,
    among: usize,
    /// What is sent back to apply it.
    data: String,
}

/// A row in full.
pub fn of(hand: &Hand, row: &Row, (live, tried): (&Library, &Library), fixes: &[Fix], verdict: Option<Said>) -> Detail {
    let seen = &row.seen;
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let case = Case::read(seen);
    let about = case.tried.as_deref().or(case.live.as_deref());
    let fix = fixes.iter().find(|f| Some(f.remedy.parts().1) == about && case.bucket == Bucket::Regression);
    let human = seen["human"]["text"].as_str().map(|words| {
        let by = text(&seen["human"]["by"]);
        Human { initials: initials(&by), tint: tint(&by), by, text: words.to_owned() }
    });
    let at = seen["at"].as_i64().map(At).or_else(|| At::parse(seen["at"].as_str()?).ok()).unwrap_or(At(0));
    let marks: Vec<(usize, usize)> = seen["draft"]["trace"]["matched"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|m| Some((index(&m["start"])?, index(&m["end"])?)))
        .collect();
    Detail {
        n: row.n,
        ticket: text(&seen["ticket"]),
        by: text(&seen["by"]),
        at: hand.clockface().full(at),
        network: text(&seen["network"]),
        public: seen["visibility"] == "public",
        language: text(&seen["language"]),
        text: marked(&text(&seen["text"]), &marks),
        post: excerpt(&text(&seen["post"]), 160),
        bucket: row.bucket,
        live: Shown::of(&seen["live"], live, hand.lang),
        draft: Shown::of(&seen["draft"], tried, hand.lang),
        human,
        news: seen["news"].as_array().into_iter().flatten().map(text).collect(),
        moment: if case.moment.first { "first" } else { case.moment.holds().unwrap_or("") },
        verdict,
        fix: fix.map(|f| remedy(f, tried, hand.lang.as_str())),
    }
}

fn index(v: &serde_json::Value) -> Option<usize> {
    v.as_u64().and_then(|n| usize::try_from(n).ok())
}

fn remedy(fix: &Fix, tried: &Library, language: &str) -> Remedy {
    let (kind, path, _, words) = fix.remedy.parts();
    Remedy {
        kind,
        title: tried.get(path).map_or_else(|| path.to_owned(), |e| e.title(language).to_owned()),
        words: words.to_vec(),
        mends: fix.mends,
        of: fix.of,
        loses: fix.loses,
        among: fix.among,
        data: serde_json::to_string(&fix.remedy).unwrap_or_default(),
    }
}

/// A text cut where marks begin and end.
fn marked(text: &str, marks: &[(usize, usize)]) -> Vec<(bool, String)> {
    let mut out: Vec<(bool, String)> = Vec::new();
    for (n, c) in text.chars().enumerate() {
        let inside = marks.iter().any(|(start, end)| (*start..*end).contains(&n));
        match out.last_mut().filter(|(was, _)| *was == inside) {
            Some((_, piece)) => piece.push(c),
            None => out.push((inside, c.to_string())),
        }
    }
    out
}

/// Messages to try templates with.
pub fn samples() -> Vec<Detail> {
    let human = || Human { by: "Sarah".into(), initials: "S".into(), tint: 2, text: "Bonjour, le 2 décembre.".into() };
    let fix = |kind| Remedy {
        kind,
        title: "Retard de livraison".into(),
        words: vec!["toujours en attente".into()],
        mends: 5,
        of: 7,
        loses: 3,
        among: 128,
        data: "{}".into(),
    };
    let one = |says: bool, verdict, kind: Option<&'static str>, moment| Detail {
        n: 3,
        ticket: "0".into(),
        by: "Olivia Hart".into(),
        at: "6 nov. 2026, 16:20".into(),
        network: "facebook".into(),
        public: says,
        language: if says { "fr".into() } else { String::new() },
        text: vec![(false, "Je suis ".into()), (true, "toujours en attente".into())],
        post: "La gourde en acier".into(),
        bucket: Bucket::Regression,
        live: super::shown::sample(!says),
        draft: super::shown::sample(says),
        human: says.then(human),
        news: vec!["toujours en attente".into()],
        moment,
        verdict,
        fix: kind.map(fix),
    };
    vec![
        one(true, None, Some("near-miss"), "first"),
        one(false, Some(Said::Right), Some("none-of"), "person"),
        one(true, Some(Said::Wrong), Some("drop-example"), "depth"),
        one(true, None, Some("give-back"), "rate"),
        one(true, None, Some("let-in"), "machine"),
        one(true, None, None, ""),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_decided_are_marked() {
        let cut = marked("où est ma commande", &[(0, 2), (7, 18)]);
        assert_eq!(cut, [(true, "où".into()), (false, " est ".into()), (true, "ma commande".into())]);
    }
}
