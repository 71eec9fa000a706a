//! A brand's entries, and finding one in them.

use std::collections::BTreeMap;

use super::file::{Audience, Entry, Variant};
use super::template::Filled;
use super::values::{Values, is_personal};
use crate::base::text::fold;
use crate::desk::message::Visibility;

/// A brand's entries by their place.
#[derive(Debug, Clone, Default)]
pub struct Library(BTreeMap<String, Entry>);

/// A text chosen for a place, with what is filled in.
#[derive(Debug, Clone)]
pub struct Choice<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// The text's name.
    pub name: String,
    /// The text.
    pub variant: &'a Variant,
    /// Filled with what is known.
    pub filled: Filled,
}

/// An entry found, best first.
pub type Found<'a> = Vec<&'a Entry>;

impl Library {
    /// Puts entries together.
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Library {
        Library(entries.into_iter().map(|e| (e.path(), e)).collect())
    }

    /// Every entry, by place.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.values()
    }

    /// The entry at a place (`folder/id`), or of an id alone.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.0.get(path).or_else(|| self.0.values().find(|e| e.head.id == path))
    }

    /// Entries for a few typed letters: the shortcut first, then titles, then words of the texts.
    /// Everything, by place, when nothing is typed.
    pub fn find(&self, typed: &str, language: &str, visibility: Visibility) -> Found<'_> {
        let typed = fold(typed.trim()).text;
        let words: Vec<&str> = typed.split(' ').filter(|w| !w.is_empty()).collect();
        let fits = |e: &&Entry| fits(e, visibility);
        let mut found: Vec<(u8, &Entry)> = self
            .0
            .values()
            .filter(fits)
            .filter_map(|e| {
                let (title, shortcut) = (fold(e.title(language)).text, e.head.shortcut.as_deref().unwrap_or_default());
                let rank = match typed.as_str() {
                    "" => 4,
                    t if shortcut == t => 0,
                    t if shortcut.starts_with(t) => 1,
                    t if title.starts_with(t) => 2,
                    _ if words.iter().all(|w| title.contains(w)) => 3,
                    _ => {
                        let all = e.haystack(language);
                        words.iter().all(|w| all.contains(w)).then_some(5)?
                    }
                };
                Some((rank, e))
            })
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, e)| e).collect()
    }

    /// The text of an entry for a place, filled with what is known; none when it has no text for
    /// there. What says something about one
    /// person is not known where everybody reads, whichever text was picked.
    pub fn choose<'a>(
        &self,
        entry: &'a Entry,
        name: Option<&str>,
        (language, network, visibility): (&str, &str, Visibility),
        values: &Values,
    ) -> Option<Choice<'a>> {
        if !fits(entry, visibility) {
            return None;
        }
        let name = name.or_else(|| entry.main_text(visibility))?;
        let variant = entry.text(language, name, network)?;
        let may_say = |n: &str| visibility != Visibility::Public || !is_personal(n);
        let filled = variant.template.fill(&|n| values.get(n).filter(|_| may_say(n)));
        Some(Choice { entry, name: name.to_owned(), variant, filled })
    }
}

/// True when an entry's texts may go there.
fn fits(entry: &Entry, visibility: Visibility) -> bool {
    match entry.head.audience {
        Audience::Any => true,
        Audience::Private => visibility != Visibility::Public,
        Audience::Public => visibility == Visibility::Public,
    }
}
