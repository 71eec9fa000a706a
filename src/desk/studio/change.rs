//! One entry of a draft beside the same entry as it is live: what differs, and what that asks for.

use std::collections::BTreeMap;

use crate::desk::canned::{Act, Audience, Entry, Mode};
use crate::desk::message::Visibility;
use crate::words;

words! {
    /// What a draft does with an entry.
    pub enum What {
        /// It is new.
        Added = "added",
        /// It is another.
        Changed = "changed",
        /// It goes.
        Removed = "removed",
    }
}

words! {
    /// What the bot does with an entry.
    pub enum Kind {
        /// It answers.
        Answer = "answer",
        /// It asks for something, then a person has it.
        Collect = "collect",
        /// A person gets it at once.
        Escalate = "escalate",
        /// It keeps silent, always.
        Never = "never",
    }
}

/// An entry before and after.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// As it is live.
    pub live: Option<&'a Entry>,
    /// As the draft has it.
    pub draft: Option<&'a Entry>,
}

impl Change<'_> {
    /// What the draft does with it.
    pub fn what(&self) -> What {
        match (self.live, self.draft) {
            (None, _) => What::Added,
            (_, None) => What::Removed,
            _ => What::Changed,
        }
    }

    /// True when customers would read other words, or another thing would be done.
    pub fn says_other(&self) -> bool {
        let said = |e: &Entry| {
            let texts: BTreeMap<_, _> = e.texts.iter().map(|(l, t)| (l.clone(), sources(t))).collect();
            (texts, e.head.steps.clone(), e.head.audience, e.head.slots.clone())
        };
        self.live.map(said) != self.draft.map(said)
    }

    /// True when it says in public what nobody has read twice, or takes away what keeps the bot silent:
    /// then a second person has to agree.
    pub fn asks_for_two(&self, modes: (Mode, Mode)) -> bool {
        let Some(draft) = self.draft else { return modes == (Mode::Off, Mode::Off) };
        let public = |e: Option<&Entry>| e.map(public_texts).unwrap_or_default();
        let in_public = public(Some(draft)) != public(self.live) && !public(Some(draft)).is_empty();
        in_public || self.frees() || (self.live.is_some() && modes == (Mode::Off, Mode::Off))
    }

    /// True when words that kept it silent are gone.
    fn frees(&self) -> bool {
        let (Some(live), Some(draft)) = (self.live, self.draft) else { return false };
        let kept = |language: &String, word: &String| {
            draft.head.when.none_of.get(language).is_some_and(|words| words.contains(word))
        };
        live.head.when.none_of.iter().any(|(language, words)| words.iter().any(|w| !kept(language, w)))
    }
}

fn sources(texts: &BTreeMap<String, Vec<crate::desk::canned::Variant>>) -> Vec<(String, Option<String>, String)> {
    let each = |(name, all): (&String, &Vec<crate::desk::canned::Variant>)| {
        all.iter().map(|v| (name.clone(), v.network.clone(), v.source.clone())).collect::<Vec<_>>()
    };
    texts.iter().flat_map(each).collect()
}

/// What everybody may read of an entry: language, network and words.
fn public_texts(entry: &Entry) -> Vec<(String, Option<String>, String)> {
    let Some(name) = entry.main_text(Visibility::Public).filter(|_| entry.head.audience != Audience::Private) else {
        return Vec::new();
    };
    let variants = entry.texts.iter().flat_map(|(language, texts)| {
        let of = texts.get(name).into_iter().flatten();
        of.map(|v| (language.clone(), v.network.clone(), v.source.clone()))
    });
    variants.collect()
}

/// What the bot does with an entry, from its steps and what it is open for.
pub fn kind(entry: &Entry, modes: (Mode, Mode)) -> Kind {
    let steps = &entry.head.steps;
    let acts = || steps.iter().flat_map(|s| &s.acts);
    if modes == (Mode::Off, Mode::Off) {
        Kind::Never
    } else if steps.iter().any(|s| s.need.is_some()) {
        Kind::Collect
    } else if acts().any(|a| matches!(a, Act::Handoff(_) | Act::Assign(_)))
        && !acts().any(|a| matches!(a, Act::Reply(_)))
    {
        Kind::Escalate
    } else {
        Kind::Answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "+++\nid = \"a\"\ntitle = { fr = \"A\", en = \"A\" }\n[examples]\nfr = [\"un\"]\n[when]\nnone_of.fr = [\"annuler\"]\n+++\n## fr\n### answer\nUn.\n## en\n### answer\nOne.\n";

    fn entry(source: &str) -> Entry {
        Entry::read("t/a.md", source).unwrap()
    }

    #[test]
    fn words_for_everybody_and_freed_silence_ask_for_two() {
        let live = entry(FILE);
        let open = (Mode::Suggest, Mode::Suggest);
        let two = |draft: &str| Change { live: Some(&live), draft: Some(&entry(draft)) }.asks_for_two(open);
        assert!(!two(&FILE.replace("[\"un\"]", "[\"un\", \"deux\"]")), "an example more");
        assert!(two(&FILE.replace("Un.", "Deux.")), "other words in public");
        assert!(two(&FILE.replace("[\"annuler\"]", "[]")), "what kept it silent is gone");
        assert!(!two(&FILE.replace("id = \"a\"", "id = \"a\"\naudience = \"private\"")), "less in public");
        assert!(Change { live: Some(&live), draft: None }.asks_for_two((Mode::Off, Mode::Off)));
    }

    #[test]
    fn an_example_more_says_nothing_else() {
        let (live, more) = (entry(FILE), entry(&FILE.replace("[\"un\"]", "[\"un\", \"deux\"]")));
        assert!(!Change { live: Some(&live), draft: Some(&more) }.says_other());
        let other = entry(&FILE.replace("One.", "Two."));
        assert!(Change { live: Some(&live), draft: Some(&other) }.says_other());
    }
}
