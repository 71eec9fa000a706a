//! Why a ticket stands where it stands, as a sum of named signals:
//! “Hot prospect 6.5 = wants to buy 3 « je voudrais commander » + asks the price 2 « combien »”.

use crate::base::Lang;
use crate::desk::trace::Trace;
use crate::desk::triage::Rulebook;
use crate::desk::triage::file::TagFile;

/// What a rule's trace says, in words; none where it has no signals.
pub(super) fn told(book: &Rulebook, lang: Lang, trace: &Trace) -> Option<String> {
    let rule = book.rules().iter().find(|r| r.id == trace.rule);
    let tag = rule.and_then(|r| r.when.tag.as_deref());
    let tag = tag.and_then(|name| book.lexicon().tags().iter().find(|t| t.tag == name));
    // Each signal once, in the order it was found, with all its words.
    let mut signals: Vec<(&str, Vec<&str>)> = Vec::new();
    for m in &trace.matched {
        let at = signals.iter().position(|(why, _)| *why == m.why).unwrap_or_else(|| {
            signals.push((&m.why, Vec::new()));
            signals.len() - 1
        });
        if !m.text.is_empty() {
            signals[at].1.push(&m.text);
        }
    }
    if signals.is_empty() {
        return None;
    }
    let parts: Vec<String> = signals.iter().map(|(why, words)| part(tag, lang, why, words)).collect();
    let title = tag.and_then(|t| t.title.get(lang.as_str()));
    let sum = trace.score.map(|s| number(lang, s));
    Some(match (title, sum) {
        (Some(title), Some(sum)) => format!("{title} {sum} = {}", parts.join(" + ")),
        _ => parts.join(" + "),
    })
}

/// A signal's own name and what it adds, in a language: “wants to buy 3”.
pub(super) fn named(tag: Option<&TagFile>, lang: Lang, why: &str) -> String {
    let (name, weight) = why.rsplit_once(' ').unwrap_or((why, ""));
    let signal = tag.and_then(|t| t.signals.iter().find(|s| s.name == name));
    let title = signal.and_then(|s| s.title.get(lang.as_str())).map_or(name, String::as_str);
    let weight = weight.trim_start_matches('+');
    let weight = weight.parse().map_or_else(|_| weight.to_owned(), |w| number(lang, w));
    format!("{title} {weight}").trim().to_owned()
}

fn part(tag: Option<&TagFile>, lang: Lang, why: &str, words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| format!("« {w} »")).collect();
    format!("{} {}", named(tag, lang, why), quoted.join(" ")).trim().to_owned()
}

/// With the language's own decimal sign, and a true minus.
fn number(lang: Lang, value: f64) -> String {
    let text = format!("{}", (value * 10.0).round() / 10.0).replace('-', "−");
    if lang == Lang::Fr { text.replace('.', ",") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::trace::Matched;

    fn book() -> Rulebook {
        let tag = "+++\nkind = \"tag\"\ntag = \"hot\"\ntitle = { fr = \"Prospect chaud\", en = \"Hot prospect\" }\nacts_at = 3\n\
            [[signals]]\nname = \"asks-price\"\ntitle = { fr = \"demande le prix\", en = \"asks the price\" }\nweight = 2\nfr = [\"prix\"]\n+++\n";
        let rule = "+++\nkind = \"rule\"\nid = \"hot-to-sales\"\ntitle = {}\npriority = 1\nwhen = { tag = \"hot\" }\ndo = []\n+++\n";
        Rulebook::read([("hot.md", tag), ("rule.md", rule)]).unwrap()
    }

    #[test]
    fn a_sum_of_named_signals() {
        let found = |text: &str, why: &str| Matched {
            field: "text".into(),
            text: text.into(),
            start: 0,
            end: text.chars().count(),
            why: why.into(),
        };
        let trace = Trace {
            rule: "hot-to-sales".into(),
            matched: vec![
                found("prix", "asks-price +2"),
                found("tarif", "asks-price +2"),
                found("", "in-private +1.5"),
            ],
            score: Some(3.5),
            ..Trace::default()
        };
        let said = told(&book(), Lang::Fr, &trace).unwrap();
        assert_eq!(said, "Prospect chaud 3,5 = demande le prix 2 « prix » « tarif » + in-private 1,5");
        assert_eq!(told(&book(), Lang::En, &Trace::default()), None);
    }
}
