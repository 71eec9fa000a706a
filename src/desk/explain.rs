//! A decision of the bot in plain sentences, for people who answer customers: what it would do, by which
//! example and words, how sure that is and how sure it would have to be, what came second, what kept it
//! quiet, and what would have to change.

use super::bot::{NEVER, SUGGESTS_AT, Verdict, answers_at};
use super::trace::{Matched, Trace, Weighed};
use crate::base::locale::{Lang, find, t};

/// Were the first entry not meant, the next one probably would be.
const CLOSE: f64 = 0.5;

/// What is explained.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What was decided.
    pub decision: Verdict,
    /// With which entry, by its place.
    pub entry: Option<&'a str>,
    /// Why not more, in one word.
    pub because: Option<&'a str>,
    /// The evidence.
    pub trace: &'a Trace,
    /// True for what was done, after the brakes were looked at; false for what would be.
    pub done: bool,
}

/// The sentences, most important first. `title` turns an entry's place into its title.
pub fn sentences(lang: Lang, told: &Told<'_>, title: &dyn Fn(&str) -> String) -> Vec<String> {
    let entry = told.entry.map(title);
    let mut out = vec![did(lang, told, entry.as_deref())];
    if let Some(why) = told.because.and_then(|b| because(lang, b)) {
        out.push(why);
    }
    out.extend(found(lang, &told.trace.matched));
    let tagged = told.because.is_some_and(|b| b == told.trace.rule && NEVER.contains(&b));
    if tagged {
        let words = quoted(lang, told.trace.matched.iter().filter(|m| !m.text.is_empty()).map(|m| m.text.clone()));
        out.extend((!words.is_empty()).then(|| t(lang, "explain-signals", &[("words", words.into())])));
    }
    let near = (told.trace.score.is_some() && !tagged).then(|| title(&told.trace.rule));
    if let Some(near) = near {
        out.extend(nearest(lang, told.trace, &near));
        out.extend(weighed(lang, told.trace));
        out.extend(sureness(lang, told.trace));
        out.extend(judged(lang, told.trace));
        out.extend(next(lang, told.trace, title));
    }
    if told.decision == Verdict::Answer {
        out.push(t(lang, if told.done { "explain-no-brake" } else { "explain-brakes-then" }, &[]));
    } else if let Some(change) = told.because.and_then(|b| change(lang, b, told.trace)) {
        out.push(change);
    }
    out
}

fn did(lang: Lang, told: &Told<'_>, entry: Option<&str>) -> String {
    let key = match (told.decision, entry) {
        (Verdict::Answer, _) => "explain-answer",
        (Verdict::Suggest, _) => "explain-suggest",
        (Verdict::Silent, _) => "explain-silent",
        (Verdict::Handoff, _) => "explain-handoff",
    };
    t(lang, key, &[("title", entry.unwrap_or_default().to_owned().into())])
}

/// Why not more, in a sentence; nothing for a reason that has none.
pub fn because(lang: Lang, because: &str) -> Option<String> {
    let name = because.replace('_', "-");
    find(lang, &format!("bot-because-{name}"), &[]).or_else(|| {
        let why = find(lang, &format!("talk-why-{name}"), &[])?;
        Some(t(lang, "explain-why", &[("why", why.into())]))
    })
}

/// What a conversation learnt: slots, connectors, the publication.
fn found(lang: Lang, matched: &[Matched]) -> Vec<String> {
    let one = |m: &Matched| {
        let value = |key: &str, name: &str| {
            Some(t(lang, key, &[("name", name.to_owned().into()), ("value", m.text.clone().into())]))
        };
        match (m.field.as_str(), m.why.split_once(' ')) {
            ("text", Some(("slot", name))) if m.text.is_empty() => {
                value("explain-slot-missing", name.trim_end_matches(" missing"))
            }
            ("text", Some(("slot", name))) => value("explain-slot", name),
            ("connector", Some((_, name))) if name.contains('.') => value("explain-connector", name),
            ("connector", Some((_, name))) => value("explain-connector-failed", name),
            ("post", _) => value("explain-post", ""),
            _ => None,
        }
    };
    matched.iter().filter_map(one).collect()
}

fn is_of_words(m: &Matched) -> bool {
    m.field == "text" && !m.why.starts_with("slot ") && !m.text.is_empty()
}

fn nearest(lang: Lang, trace: &Trace, near: &str) -> Vec<String> {
    let mut words = trace.matched.iter().filter(|m| is_of_words(m)).peekable();
    let Some(example) = words.peek().map(|m| m.why.clone()) else {
        return vec![t(lang, "explain-nearest-entry", &[("title", near.to_owned().into())])];
    };
    let list = quoted(lang, words.map(|m| m.text.clone()));
    vec![
        t(lang, "explain-nearest", &[("title", near.to_owned().into()), ("example", example.into())]),
        t(lang, "explain-known", &[("words", list.into())]),
    ]
}

fn weighed(lang: Lang, trace: &Trace) -> Vec<String> {
    let Some(Weighed { speaks_for, against, unknown, .. }) = &trace.weighed else { return Vec::new() };
    let each = [("explain-for", speaks_for), ("explain-against", against), ("explain-unknown", unknown)];
    let some = each.into_iter().filter(|(_, words)| !words.is_empty());
    some.map(|(key, words)| t(lang, key, &[("words", quoted(lang, words.iter().cloned()).into())])).collect()
}

fn sureness(lang: Lang, trace: &Trace) -> Option<String> {
    let score = trace.score?;
    let needed = answers_at(trace);
    let args = [
        ("score", percent(score).into()),
        ("suggests", percent(SUGGESTS_AT).into()),
        ("answers", percent(needed).into()),
    ];
    let key = if score >= needed {
        "explain-sure"
    } else if score >= SUGGESTS_AT {
        "explain-half-sure"
    } else {
        "explain-unsure"
    };
    Some(t(lang, key, &args))
}

fn next(lang: Lang, trace: &Trace, title: &dyn Fn(&str) -> String) -> Option<String> {
    let second = title(trace.runner_up.as_deref()?);
    let sure = trace.weighed.as_ref().and_then(|w| w.runner_score);
    let key = if sure.is_some_and(|s| s < SUGGESTS_AT) { "explain-next-far" } else { "explain-next" };
    Some(t(lang, key, &[("title", second.into())]))
}

/// What the threshold rests on.
fn judged(lang: Lang, trace: &Trace) -> Option<String> {
    let e = trace.evidence.as_ref()?;
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 100")]
    let least = (e.at_least * 100.0).floor() as i64;
    Some(t(lang, "why-evidence", &[("right", e.right.into()), ("of", e.of.into()), ("least", least.into())]))
}

/// What would have to be otherwise.
fn change(lang: Lang, because: &str, trace: &Trace) -> Option<String> {
    // Where another entry is nearly as sure, its near misses help as much as examples do.
    let close = trace.weighed.as_ref().and_then(|w| w.runner_score).is_some_and(|score| score >= CLOSE);
    let name = match because {
        "not_sure_enough" if close => "gap".to_owned(),
        other => other.replace('_', "-"),
    };
    find(lang, &format!("explain-change-{name}"), &[])
}

fn percent(part: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "between −100 and 100")]
    let whole = (part * 100.0).round() as i64;
    whole
}

fn quoted(lang: Lang, words: impl Iterator<Item = String>) -> String {
    let one = |w: String| t(lang, "explain-quoted", &[("words", w.into())]);
    words.take(8).map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace() -> Trace {
        let matched = |text: &str, why: &str| Matched {
            field: "text".into(),
            text: text.into(),
            start: 0,
            end: 4,
            why: why.into(),
        };
        let weighed = Weighed {
            speaks_for: vec!["colis".into()],
            against: vec!["annuler".into()],
            unknown: vec!["zébulon".into()],
            runner_score: Some(0.6),
        };
        Trace {
            rule: "delivery/order-status".into(),
            matched: vec![matched("mon colis", "où est mon colis ?")],
            score: Some(0.66),
            threshold: Some(0.85),
            runner_up: Some("returns/cancel-order".into()),
            weighed: Some(weighed),
            ..Trace::default()
        }
    }

    #[test]
    fn everything_that_counted_is_said_in_both_languages() {
        let trace = trace();
        let told = Told {
            decision: Verdict::Suggest,
            entry: Some("delivery/order-status"),
            because: Some("not_sure_enough"),
            trace: &trace,
            done: false,
        };
        for lang in Lang::ALL {
            let all = sentences(*lang, &told, &|path| format!("[{path}]")).join("\n");
            for part in [
                "[delivery/order-status]",
                "où est mon colis ?",
                "mon colis",
                "annuler",
                "zébulon",
                "66",
                "85",
                "[returns/cancel-order]",
            ] {
                assert!(all.contains(part), "{part} in {all}");
            }
            assert!(!all.contains("explain-"), "{all}");
        }
    }

    #[test]
    fn every_reason_has_its_sentence() {
        let reasons = [
            "complaint",
            "legal",
            "crisis",
            "danger",
            "spam",
            "long",
            "language",
            "unsure",
            "off",
            "not_opened",
            "not_sure_enough",
            "asks_for_a_person",
            "stopped",
            "origin",
            "machine",
            "depth",
            "rate",
            "sameness",
            "breaker",
            "person",
            "more_came",
            "missing_values",
            "review_due",
            "asking",
            "asked_enough",
            "connector",
            "new_question",
            "none_of_these",
            "public",
            "entry",
        ];
        for reason in reasons {
            for lang in Lang::ALL {
                assert!(because(*lang, reason).is_some(), "{reason} in {lang}");
            }
        }
    }
}
