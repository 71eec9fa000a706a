//! Rules over what was found: the first that hold act, and say why.

use super::before::{Before, FORTNIGHT};
use super::file::{Entry, Problem, RuleFile, SpellingFile, Step, When};
use super::look::{Facts, Findings, Lexicon};
use crate::base::At;
use crate::base::text::excerpt;
use crate::desk::trace::Trace;

/// One step of one rule, with its explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// What to do.
    pub step: Step,
    /// Why.
    pub trace: Trace,
    /// The rule's name in a language, for the ticket's history.
    pub title: std::collections::BTreeMap<String, String>,
}

/// Lexicons and rules together, ready to judge.
#[derive(Debug)]
pub struct Rulebook {
    lexicon: Lexicon,
    rules: Vec<RuleFile>,
}

impl Rulebook {
    /// Reads a set of files, given by name and text. Order of the files does not matter.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Rulebook, Vec<Problem>> {
        let (mut tags, mut rules, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        let mut spelling = SpellingFile::default();
        for (name, text) in files {
            match super::parse(name, text) {
                Ok(Entry::Tag(tag)) => tags.push(tag),
                Ok(Entry::Rule(rule)) => rules.push((name.to_owned(), rule)),
                Ok(Entry::Spelling(more)) => {
                    spelling.short.extend(more.short);
                    spelling.right.extend(more.right);
                }
                Err(problem) => problems.push(problem),
            }
        }
        tags.sort_by(|a, b| a.tag.cmp(&b.tag));
        rules.sort_by(|(_, a), (_, b)| b.priority.cmp(&a.priority).then_with(|| a.id.cmp(&b.id)));
        for (file, rule) in &rules {
            for tag in [&rule.when.tag, &rule.when.without].into_iter().flatten() {
                if !tags.iter().any(|t| t.tag == *tag) {
                    problems
                        .push(Problem { file: file.clone(), what: format!("no lexicon defines the tag “{tag}”") });
                }
            }
        }
        let lexicon = match Lexicon::new(tags, &spelling) {
            Ok(lexicon) if problems.is_empty() => lexicon,
            Ok(_) => return Err(problems),
            Err(what) => return Err(vec![Problem { file: "lexicon".into(), what }]),
        };
        Ok(Rulebook { lexicon, rules: rules.into_iter().map(|(_, rule)| rule).collect() })
    }

    /// The lexicons.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The rules, first to act first.
    pub fn rules(&self) -> &[RuleFile] {
        &self.rules
    }

    /// Remembers what a rule had found of somebody when they wrote earlier.
    pub fn recall(&self, trace: &Trace, at: At, now: At, before: &mut Before) {
        let rule = self.rules.iter().find(|r| r.id == trace.rule);
        if let (Some(tag), Some(score)) = (rule.and_then(|r| r.when.tag.as_deref()), trace.score) {
            before.remember(tag, score, at, now);
        }
        let price = trace.matched.iter().any(|m| m.why.starts_with("asks-price "));
        before.asked_price |= price && now.since(at) <= FORTNIGHT;
    }

    /// Looks at a message by itself and says what should be done.
    pub fn judge(&self, facts: &Facts<'_>) -> (Findings, Vec<Act>) {
        self.judge_after(facts, &Before::default())
    }

    /// Looks at a message, knowing what went before, and says what should be done.
    pub fn judge_after(&self, facts: &Facts<'_>, before: &Before) -> (Findings, Vec<Act>) {
        let findings = self.lexicon.look_after(facts, before);
        let mut acts = Vec::new();
        for rule in self.rules.iter().filter(|r| holds(&r.when, facts, &findings)) {
            let trace = explain(rule, &findings);
            acts.extend(rule.steps.iter().map(|step| Act {
                step: step.clone(),
                trace: trace.clone(),
                title: rule.title.clone(),
            }));
            if rule.stop {
                break;
            }
        }
        (findings, acts)
    }
}

fn holds(when: &When, facts: &Facts<'_>, findings: &Findings) -> bool {
    when.tag.as_deref().is_none_or(|tag| findings.acting(tag).is_some())
        && when.without.as_deref().is_none_or(|tag| findings.acting(tag).is_none())
        && when.visibility.is_none_or(|v| v == facts.visibility)
        && (when.kinds.is_empty() || when.kinds.contains(&facts.kind))
        && (when.networks.is_empty() || when.networks.iter().any(|n| n == facts.network))
        && !(when.unassigned && facts.has_team)
}

fn explain(rule: &RuleFile, findings: &Findings) -> Trace {
    let tag = rule.when.tag.as_deref().and_then(|t| findings.acting(t));
    let runner_up = tag.and_then(|t| findings.tags.iter().find(|o| o.tag != t.tag));
    Trace {
        weighed: None,
        rule: rule.id.clone(),
        version: rule.version.clone(),
        matched: tag.into_iter().flat_map(|t| &t.signals).flat_map(|s| s.matched.clone()).collect(),
        score: tag.map(|t| t.score),
        threshold: tag.map(|t| t.acts_at),
        evidence: None,
        runner_up: runner_up.map(|t| format!("{} {}", t.tag, t.score)),
    }
}

/// The reason of an escalation, from its trace: the words that led to it.
pub fn reason(trace: &Trace) -> String {
    let mut words: Vec<&str> = trace.matched.iter().map(|m| m.text.as_str()).filter(|t| !t.is_empty()).collect();
    words.dedup();
    excerpt(&words.join(" · "), 120)
}
