//! The company whose accounts we answer for.

use crate::base::id::BrandId;
use crate::base::{At, Lang};

/// A brand: the wall that data never crosses.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Brand {
    /// Whose row this is.
    pub id: BrandId,
    /// Short name in URLs and commands: `aubepine`.
    pub slug: String,
    /// Name people see.
    pub name: String,
    /// Languages it answers in, the first one by default; comma-separated.
    pub languages: String,
    /// IANA time zone: `Europe/Paris`.
    pub timezone: String,
    /// Since when its bot is stopped.
    pub bot_stopped_at: Option<At>,
}

impl Brand {
    /// The languages in order of preference.
    pub fn spoken(&self) -> Vec<Lang> {
        self.languages.split(',').filter_map(|l| l.trim().parse().ok()).collect()
    }
}

/// A slug: 2 to 40 of `a-z 0-9 -`, beginning and ending with a letter or digit.
pub fn is_slug(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (2..=40).contains(&text.len()) && text.chars().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}

/// A slug made of a name: accents folded, other characters turned into hyphens.
pub fn slug_of(name: &str) -> String {
    let folded = crate::base::text::fold(name).text;
    let words: Vec<&str> = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join("-").chars().take(40).collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        assert_eq!(slug_of("Aubépine & Fils"), "aubepine-fils");
        assert!(is_slug("aubepine-fils") && is_slug("v2"));
        assert!(!is_slug("a") && !is_slug("-a") && !is_slug("Aub") && !is_slug("a b"));
    }
}
