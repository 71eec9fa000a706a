//! Facts of a message and of what stands around it, as signals.

use std::sync::LazyLock;

use regex::Regex;

use super::before::Before;
use super::file::Fact;
use super::look::{Facts, matched};
use crate::base::text::Folded;
use crate::desk::message::Visibility;
use crate::desk::trace::Matched;

static PHONE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:\+|\b00|\b0)\d(?:[ .\-]?\d){7,12}\b|\b[6-9]\d{9}\b"));
static MAIL: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b"));
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|me|ru|info|shop|xyz|top|click)(?:/\S*)?\b")
});
static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\bx ?[2-9]\b|\b(?:[2-9]|[1-9]\d{1,4}) ?(?:pieces?|unites?|exemplaires?|gourdes?|articles?|lots?|cartons?|units?|items?|boxes|bottles|pcs|people|persons?|guests|adults?|nights?|seats|tickets|licen[cs]es|users|copies|bags|packs|pairs?|sets|personnes|adultes|enfants|nuits?|places|billets|licences|utilisateurs|postes|sacs|paires?|paquets|palettes?|bouteilles|couverts|salaries|collaborateurs|employees|staff)\b",
    )
});

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let month = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|june|july|august|september|october|november|december";
    let day =
        "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday";
    regex(&format!(
        r"\b(?:[0-3]?\d[/.][01]?\d(?:[/.]\d{{2,4}})?|(?:1er|[0-3]?\d)(?:st|nd|rd|th)? (?:of )?(?:{month})|(?:{month}) [0-3]?\d(?:st|nd|rd|th)?|(?:pour|avant|for|by|before|next|on) (?:le |ce )?(?:{day})|(?:{day}) prochain|tomorrow|tonight|demain|ce soir|ce week-?end|this weekend|next week|la semaine prochaine|le mois prochain|next month)\b"
    ))
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is written in this file and compiled by its tests")
}

/// Whether a fact holds for a tag; where it stands in the text, with its place.
pub(super) fn holds(fact: Fact, tag: &str, facts: &Facts<'_>, folded: &Folded, before: &Before) -> Option<Matched> {
    let context = |yes: bool| {
        let blank =
            || Matched { field: fact.as_str().into(), text: String::new(), start: 0, end: 0, why: String::new() };
        yes.then(blank)
    };
    let pattern = |pattern: &Regex| {
        let m = pattern.find(&folded.text)?;
        let (start, end) = folded.original(m.start(), m.end());
        Some(Matched { field: "text".into(), ..matched(facts.text, start, end, "", 0.0) })
    };
    match fact {
        Fact::Private => context(facts.visibility == Visibility::Private),
        Fact::UnderOurPost => context(facts.under_our_post),
        Fact::KnownCustomer => context(facts.known_customer),
        Fact::ContactLeft => pattern(&PHONE).or_else(|| pattern(&MAIL)),
        Fact::Quantity => pattern(&QUANTITY),
        Fact::Link => pattern(&LINK),
        Fact::BadReview => rating(facts, is_bad),
        Fact::GoodReview => rating(facts, |r| !is_bad(r)),
        Fact::Shouting => context(is_shouting(facts.text)),
        Fact::Date => pattern(&DATE),
        Fact::AskedBefore => context(before.asked_price),
        Fact::QuickReply => context(before.quick_reply),
        Fact::Waiting => context(before.waiting),
        Fact::Earlier => context(before.earlier.contains_key(tag)),
    }
}

fn rating(facts: &Facts<'_>, holds: impl Fn(&str) -> bool) -> Option<Matched> {
    let rating = facts.rating.filter(|r| holds(r))?;
    Some(Matched { field: "rating".into(), text: rating.to_owned(), start: 0, end: 0, why: String::new() })
}

fn is_bad(rating: &str) -> bool {
    match rating.split_once('/') {
        Some((stars, of)) => {
            let share = stars.parse::<f64>().unwrap_or(0.0) / of.parse::<f64>().unwrap_or(5.0);
            share <= 0.6
        }
        None => rating == "negative",
    }
}

fn is_shouting(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    text.matches('!').count() >= 3 || (letters.len() >= 12 && capitals * 10 >= letters.len() * 7)
}
