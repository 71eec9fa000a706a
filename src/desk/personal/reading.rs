//! A text as the patterns read it: folded, digits and dashes of every script as those of ours, with
//! the way back, and with what stands around a match.

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
        let plain: String = text.chars().map(plain).collect();
        Reading { chars: text.chars().collect(), folded: fold(&plain) }
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

    /// True when it is written in Latin letters, or in none.
    pub(super) fn is_latin(&self) -> bool {
        self.folded.text.chars().filter(|c| c.is_alphabetic()).all(|c| u32::from(c) < 0x0250)
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

/// Where the digits of a script begin; nine more follow. Full-width ones fold by themselves.
const ZEROS: [u32; 18] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
    0x0F20, 0x1040, 0x17E0, 0xFF10,
];

/// A character as it is compared: one for one, so that places stay.
fn plain(c: char) -> char {
    let code = u32::from(c);
    if code < 0x0660 {
        return c;
    }
    if let Some(zero) = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)) {
        return char::from_digit(code - zero, 10).unwrap_or(c);
    }
    match code {
        0x2010..=0x2015 | 0x2212 | 0xFE58 | 0xFE63 | 0xFF0D => '-',
        _ => c,
    }
}

/// Words of any script as one pattern, folded as texts are.
pub(super) fn any_of(words: &[&str]) -> String {
    let folded: Vec<String> = words.iter().map(|w| regex::escape(&fold(w).text)).collect();
    format!("(?:{})", folded.join("|"))
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
    |code|promo code|version|lot|batch|iso|pantone|serie|serial|siret|siren|tva|vat|rcs|upc|asin|brevet|patent|firmware";

/// True when a folded text ends with one of these words.
pub(super) fn ends_with_one_of(before: &str, words: &str) -> bool {
    let trimmed = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let trimmed = trimmed.strip_suffix(" no").or_else(|| trimmed.strip_suffix(" n")).unwrap_or(trimmed);
    words.split('|').any(|w| {
        trimmed.strip_suffix(w).is_some_and(|head| head.chars().next_back().is_none_or(|c| !c.is_alphanumeric()))
    })
}
