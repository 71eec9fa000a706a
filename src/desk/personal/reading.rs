//! A text as the patterns read it: folded, with the way back, and with what stands around a match.

use std::ops::Range;

use regex::{Captures, Regex};

use super::{Found, Personal};
use crate::base::text::{Folded, fold};

/// A text, as written and folded.
pub(super) struct Reading {
    chars: Vec<char>,
    folded: Folded,
}

pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is written here and tried by every test below")
}

impl Reading {
    /// A text, ready to be read.
    pub(super) fn of(text: &str) -> Reading {
        Reading { chars: text.chars().collect(), folded: fold(text) }
    }

    /// Every match of the group `it`, where the rest of the sentence does not speak against it.
    pub(super) fn all(
        &self,
        pattern: &Regex,
        kind: Personal,
        stands: impl Fn(&Reading, &Captures<'_>) -> bool,
    ) -> Vec<Found> {
        let matches = pattern.captures_iter(&self.folded.text).filter(|c| stands(self, c));
        matches
            .filter_map(|c| {
                let it = c.name("it")?;
                let (start, end) = self.folded.original(it.start(), it.end());
                Some(Found { kind, chars: start..end })
            })
            .collect()
    }

    /// The folded words before a match, within one sentence or so.
    pub(super) fn before(&self, c: &Captures<'_>) -> &str {
        let start = c.get(0).map_or(0, |m| m.start());
        let text = &self.folded.text[..start];
        let from = text.char_indices().rev().nth(59).map_or(0, |(i, _)| i);
        &text[from..]
    }

    /// What follows a match.
    pub(super) fn after(&self, c: &Captures<'_>) -> &str {
        &self.folded.text[c.get(0).map_or(0, |m| m.end())..]
    }

    /// A match as it was written, capitals and all.
    pub(super) fn written(&self, range: Range<usize>) -> String {
        let (start, end) = self.folded.original(range.start, range.end);
        self.chars[start..end].iter().collect()
    }
}

/// True when one of these phrases stands in a folded text as whole words.
pub(super) fn says(text: &str, phrases: &str) -> bool {
    phrases.split('|').any(|p| {
        text.match_indices(p).any(|(at, _)| {
            let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            whole(text[..at].chars().next_back()) && whole(text[at + p.len()..].chars().next())
        })
    })
}

/// Words before a number that make it a product's, not a person's.
pub(super) const PRODUCT: &str = "ref|reference|produit|modele|model|article|art|sku|ean|gtin|isbn|norme|code promo\
    |code|promo code|version|lot|batch|iso|pantone";

/// True when a folded text ends with one of these words.
pub(super) fn ends_with_one_of(before: &str, words: &str) -> bool {
    let trimmed = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let trimmed = trimmed.strip_suffix(" no").or_else(|| trimmed.strip_suffix(" n")).unwrap_or(trimmed);
    words.split('|').any(|w| {
        trimmed.strip_suffix(w).is_some_and(|head| head.chars().next_back().is_none_or(|c| !c.is_alphanumeric()))
    })
}
