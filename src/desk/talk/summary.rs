//! What the bot tells the colleague who takes over: what was asked, what the customer told, what a
//! connector said, what the bot said, and why it stops.

use super::Talk;
use crate::base::locale::{Lang, find, t};

/// The note, one line for each thing worth knowing. `title` is the entry's, `said` what the bot wrote,
/// oldest first.
pub fn summary(lang: Lang, talk: &Talk, title: &str, why: &str, said: &[String]) -> String {
    let list = |all: &std::collections::BTreeMap<String, String>| {
        all.iter().map(|(name, value)| format!("{name}\u{a0}: {value}")).collect::<Vec<_>>().join(", ")
    };
    let mut lines = vec![t(lang, "talk-summary", &[("title", title.into())])];
    lines.push(t(lang, "talk-summary-asked", &[("text", talk.asked.replace('\n', " ").into())]));
    if !talk.slots.is_empty() {
        lines.push(t(lang, "talk-summary-told", &[("values", list(&talk.slots).into())]));
    }
    if !talk.results.is_empty() {
        lines.push(t(lang, "talk-summary-found", &[("values", list(&talk.results).into())]));
    }
    if let Some(connector) = &talk.failed {
        lines.push(t(lang, "talk-summary-failed", &[("connector", connector.as_str().into())]));
    }
    for text in said {
        lines.push(t(lang, "talk-summary-said", &[("text", text.replace('\n', " ").into())]));
    }
    let key = format!("talk-why-{}", why.replace('_', "-"));
    let why = find(lang, &key, &[]).unwrap_or_else(|| why.replace('_', " "));
    lines.push(t(lang, "talk-summary-why", &[("why", why.into())]));
    lines.join("\n")
}
