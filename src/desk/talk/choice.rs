//! “Did you mean …”: a short list to choose from, by a button where the network has them, else by its
//! number.

use crate::base::locale::{Lang, t};
use crate::base::text::fold;

/// Entries offered at once, at most.
pub const MOST_CHOICES: usize = 3;
/// The longest words on a button, in characters: what Messenger, Instagram and WhatsApp take.
pub const BUTTON: usize = 20;

/// What the customer chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// The entry at this place, from 0.
    One(usize),
    /// None of them.
    Other,
    /// One cannot tell.
    Unclear,
}

/// The text that asks, with a numbered line for each title and one for none of them; and the words of
/// the buttons.
pub fn asking(language: Lang, titles: &[String]) -> (String, Vec<String>) {
    let other = t(language, "talk-none-of-these", &[]);
    let all: Vec<String> = titles.iter().chain([&other]).cloned().collect();
    let lines = (1..).zip(&all).map(|(n, title)| format!("{n}. {title}"));
    let text = format!("{}\n{}", t(language, "talk-did-you-mean", &[]), lines.collect::<Vec<_>>().join("\n"));
    let buttons = (1..).zip(&all).map(|(n, title)| button(&format!("{n}. {title}")));
    (text, buttons.collect())
}

/// Words short enough for a button.
pub fn button(title: &str) -> String {
    if title.chars().count() <= BUTTON {
        return title.to_owned();
    }
    let short: String = title.chars().take(BUTTON - 1).collect();
    format!("{}…", short.trim_end())
}

/// Reads an answer to the list: its number, the words of a button, or a title.
pub fn chosen(text: &str, titles: &[String]) -> Chosen {
    let said = plain(text);
    let words: Vec<&str> = said.split(' ').filter(|w| !w.is_empty()).collect();
    let place = |n: usize| match n {
        n if (1..=titles.len()).contains(&n) => Chosen::One(n - 1),
        n if n == titles.len() + 1 => Chosen::Other,
        _ => Chosen::Unclear,
    };
    // “2”, “le 2”, “2.”, “2 svp”, and a button, which begins with its number.
    let number = words.iter().position(|w| w.parse::<usize>().is_ok());
    if let Some(n) = number.and_then(|at| words[at].parse().ok())
        && (words.len() <= 3 || text.trim_start().starts_with(words[0]) && text.contains('.'))
    {
        return place(n);
    }
    let ordinal = ["premier", "premiere", "first"]
        .iter()
        .map(|w| (*w, 1))
        .chain([("deuxieme", 2), ("second", 2), ("seconde", 2), ("troisieme", 3), ("third", 3)])
        .find(|(w, _)| words.len() <= 4 && words.contains(w));
    if let Some((_, n)) = ordinal {
        return place(n);
    }
    if let Some(n) = titles.iter().position(|title| plain(title) == said) {
        return Chosen::One(n);
    }
    let none =
        ["aucun", "aucune", "autre", "autre chose", "rien de tout ca", "none", "none of these", "something else"];
    if none.contains(&said.as_str()) { Chosen::Other } else { Chosen::Unclear }
}

fn plain(text: &str) -> String {
    let folded = fold(text).text;
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
