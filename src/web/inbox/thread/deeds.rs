//! What was done to a ticket, in a sentence each: who, what, and why where the house did it.

use serde::Serialize;
use serde_json::Value;

use super::entries::Entry;
use super::{Names, label_name};
use crate::base::At;
use crate::base::id::AgentId;
use crate::base::locale::{Lang, t};
use crate::desk::bot::Verdict;
use crate::desk::calibration::hundredths;
use crate::desk::event::EventKind;
use crate::desk::explain::{Told, sentences};
use crate::desk::trace::{Matched, Trace};
use crate::store::events::Past;

/// Why something automatic was done.
#[derive(Debug, Clone, Serialize)]
pub struct Why {
    pub(super) rule: String,
    pub(super) version: String,
    pub(super) signals: Vec<String>,
    pub(super) score: Option<String>,
    /// For an answer of the bot: the example its question is like.
    pub(super) like: Option<String>,
    /// What came second, by its title.
    pub(super) runner_up: Option<String>,
    /// The whole of it in sentences, for an answer of the bot.
    pub(super) sentences: Vec<String>,
    /// What its threshold rests on: right ones, of all, at least so many percent.
    pub(super) evidence: Option<(u32, u32, u32)>,
}

impl Names<'_> {
    fn who(&self, e: &Past) -> String {
        let words = |key: &str| t(self.hand.lang, key, &[]);
        match e.actor_kind.as_str() {
            "agent" => {
                let id = e.actor.as_deref().and_then(|a| a.parse::<AgentId>().ok());
                id.and_then(|a| self.agents.get(&a).cloned()).unwrap_or_else(|| words("a-colleague"))
            }
            "rule" => t(self.hand.lang, "the-rule", &[("rule", self.rule_title(e).into())]),
            _ => words("guichet-itself"),
        }
    }

    /// What the rule behind an event is called by people.
    fn rule_title(&self, e: &Past) -> String {
        let id = e.actor.clone().unwrap_or_default();
        let rules = self.hand.web.house.rules.rules();
        let title = rules.iter().find(|r| r.id == id).and_then(|r| r.title.get(self.hand.lang.as_str()));
        title.cloned().unwrap_or(id)
    }

    /// What is worth a line in the conversation; most events show on the message itself.
    pub(super) fn event(&self, e: &Past) -> Option<Entry> {
        let lang = self.hand.lang;
        let who = self.who(e);
        let text_of = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let team = |slug: &Value| {
            let slug = text_of(slug);
            self.teams.get(&slug).cloned().unwrap_or(slug)
        };
        let (icon, text) = match e.kind {
            EventKind::Escalated => {
                let args = [
                    ("who", who.into()),
                    ("team", team(&e.data["team"]).into()),
                    ("reason", text_of(&e.data["reason"]).into()),
                ];
                let mut line = t(lang, "did-escalate", &args);
                if let Some(summary) = e.data["summary"].as_str().filter(|s| !s.is_empty()) {
                    line = format!("{line} — {summary}");
                }
                ("split", line)
            }
            EventKind::Staged => {
                let stage = t(lang, &format!("stage-{}", text_of(&e.data["to"])), &[]);
                ("signpost", t(lang, "did-stage", &[("who", who.into()), ("stage", stage.into())]))
            }
            EventKind::Assigned if e.data.get("assignee").is_some() => {
                let to = e.data["assignee"]
                    .as_str()
                    .and_then(|a| a.parse::<AgentId>().ok())
                    .and_then(|a| self.agents.get(&a).cloned());
                match to {
                    Some(to) => ("user", t(lang, "did-assign", &[("who", who.into()), ("to", to.into())])),
                    None => ("user", t(lang, "did-unassign", &[("who", who.into())])),
                }
            }
            EventKind::Assigned if e.actor_kind == "agent" => {
                ("users", t(lang, "did-team", &[("who", who.into()), ("team", team(&e.data["team"]).into())]))
            }
            EventKind::TicketChanged => return self.changed(e, who),
            EventKind::Exposed => {
                let kinds = e.data["kinds"].as_array().into_iter().flatten().map(text_of);
                let kinds: Vec<String> = kinds.map(|k| t(lang, &format!("personal-{k}"), &[])).collect();
                ("shield-alert", t(lang, "did-expose", &[("who", who.into()), ("kinds", kinds.join(", ").into())]))
            }
            EventKind::RuleActed if e.data["did"] == "assisted" => {
                ("lightbulb", t(lang, "did-assist", &[("who", who.into())]))
            }
            EventKind::RuleActed if e.data["did"] == "yielded" => ("bot", t(lang, "did-yield", &[])),
            EventKind::RuleActed if e.data["did"] == "handed_over" => {
                let why = text_of(&e.data["why"]).replace('_', "-");
                ("bot", t(lang, &format!("did-hand-over-{why}"), &[]))
            }
            EventKind::Merged => (
                "corner-down-right",
                t(
                    lang,
                    "did-merge",
                    &[
                        ("who", who.into()),
                        ("number", e.data["ticket"].as_i64().unwrap_or(0).into()),
                        ("into", e.data["into"].as_i64().unwrap_or(0).into()),
                    ],
                ),
            ),
            EventKind::Unmerged => ("corner-down-left", t(lang, "did-unmerge", &[("who", who.into())])),
            _ => return None,
        };
        Some(Entry::Done { id: format!("e-{}", e.seq), icon, text, time: self.clock.hour(e.at), why: why(e) })
    }

    fn changed(&self, e: &Past, who: String) -> Option<Entry> {
        let lang = self.hand.lang;
        let word = |key: &str| e.data[key].as_str().unwrap_or_default().to_owned();
        let (icon, text) = if let Some(state) = e.data["state"].as_str() {
            let icon = if state == "resolved" { "check-check" } else { "rotate-cw" };
            let until = e.data["until"]
                .as_str()
                .and_then(|u| At::parse(u).ok())
                .map(|u| self.clock.full(u))
                .unwrap_or_default();
            (icon, t(lang, &format!("did-{state}"), &[("who", who.into()), ("until", until.into())]))
        } else if e.data.get("priority").is_some() {
            let priority = t(lang, &format!("priority-{}", word("priority")), &[]);
            ("arrow-up", t(lang, "did-priority", &[("who", who.into()), ("priority", priority.into())]))
        } else if e.data.get("reopened").is_some() {
            ("rotate-cw", t(lang, "did-reopen-unsent", &[]))
        } else if e.data.get("undid").is_some() {
            ("history", t(lang, "did-undo", &[("who", who.into())]))
        } else if e.data.get("label").is_some() {
            let label = label_name(lang, &word("label"));
            ("tag", t(lang, "did-label", &[("who", who.into()), ("label", label.into())]))
        } else if e.data.get("bot").is_some() {
            ("bot", t(lang, "did-silence-bot", &[("who", who.into())]))
        } else if e.data.get("moderated").is_some() {
            ("eye-off", t(lang, &format!("did-moderate-{}", word("moderated")), &[("who", who.into())]))
        } else {
            return None;
        };
        Some(Entry::Done { id: format!("e-{}", e.seq), icon, text, time: self.clock.hour(e.at), why: why(e) })
    }
}

/// Why the house did this of its own accord, where it did.
fn why(e: &Past) -> Option<Why> {
    let trace: Trace = serde_json::from_value(e.trace.clone()?).ok()?;
    let shown = |m: &Matched| if m.text.is_empty() { m.why.clone() } else { format!("« {} » {}", m.text, m.why) };
    let score = trace.score.zip(trace.threshold).map(|(s, t)| format!("{s} / {t}"));
    let signals = trace.matched.iter().map(shown).collect();
    Some(Why {
        rule: trace.rule,
        version: trace.version,
        signals,
        score,
        like: None,
        runner_up: None,
        evidence: None,
        sentences: Vec::new(),
    })
}

/// Why the bot answered with an entry: which, what the question was like, by which words.
pub(super) fn why_entry(lang: Lang, trace: Option<Value>, title: &dyn Fn(&str) -> String) -> Option<Why> {
    let trace: Trace = serde_json::from_value(trace?).ok()?;
    let percent = |part: f64| (part * 100.0).round();
    let told = Told { decision: Verdict::Answer, entry: Some(&trace.rule), because: None, trace: &trace, done: true };
    let sentences = sentences(lang, &told, title);
    Some(Why {
        sentences,
        rule: title(&trace.rule),
        version: trace.version,
        like: trace.matched.first().map(|m| m.why.clone()),
        signals: trace.matched.iter().map(|m| format!("«\u{a0}{}\u{a0}»", m.text)).collect(),
        score: trace.score.zip(trace.threshold).map(|(s, t)| format!("{} / {}", percent(s), percent(t))),
        runner_up: trace.runner_up.as_deref().map(title),
        evidence: trace.evidence.map(|e| (e.right, e.of, hundredths(e.at_least))),
    })
}
