//! What a text may ask for: the closed list of names, which of them are personal, and how values
//! are made harmless before they are filled in.

use std::collections::BTreeMap;

use super::facts::Fact;
use crate::base::text::clean_name;

/// Names that say something about one person: never in a public text.
const PERSONAL: [&str; 4] = ["contact.name", "ticket.number", "order", "amount"];
/// The other names, brand facts aside.
const OTHERS: [&str; 7] =
    ["contact.first_name", "agent.first_name", "brand.name", "post.title", "product", "date", "dm_link"];

/// What stands before the names of what a connector told.
const RESULT: &str = "result.";

/// True when a text may ask for this name.
pub fn is_known(name: &str) -> bool {
    PERSONAL.contains(&name)
        || OTHERS.contains(&name)
        || name.strip_prefix(RESULT).is_some_and(|n| !n.is_empty())
        || name.strip_prefix("brand.").is_some_and(|n| Fact::ALL.iter().any(|f| f.name == n))
}

/// True when the name says something about one person.
pub fn is_personal(name: &str) -> bool {
    PERSONAL.contains(&name) || name.starts_with(RESULT)
}

/// Examples of every name's value, for previews and lint.
pub const SAMPLES: [(&str, &str); 22] = [
    ("contact.first_name", "Camille"),
    ("contact.name", "Camille Roussel"),
    ("agent.first_name", "Sarah"),
    ("ticket.number", "1204"),
    ("order", "204817"),
    ("amount", "23,90 €"),
    ("product", "Petit Loup 350 ml"),
    ("date", "12/12"),
    ("dm_link", "https://m.me/aubepine"),
    ("post.title", "Petit Loup est de retour"),
    ("brand.name", "Aubépine"),
    ("brand.website", "https://aubepine.example"),
    ("brand.shop_url", "https://aubepine.example/boutique"),
    ("brand.delivery_url", "https://aubepine.example/livraison"),
    ("brand.returns_url", "https://aubepine.example/retours"),
    ("brand.contact_url", "https://aubepine.example/contact"),
    ("brand.jobs_url", "https://aubepine.example/emplois"),
    ("brand.press_email", "presse@aubepine.example"),
    ("brand.partners_email", "partenaires@aubepine.example"),
    ("brand.opening_hours", "du lundi au vendredi, 9 h à 18 h"),
    ("brand.delivery_delay", "2 à 4 jours ouvrés"),
    ("brand.return_days", "30"),
];

/// Values for one text, harmless ones only.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// The examples, for previews.
    pub fn samples() -> Values {
        Values(SAMPLES.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    /// Adds what the brand states about itself: taken as it is, but for what would look like a
    /// placeholder.
    pub fn state(&mut self, name: &str, value: &str) {
        if !value.trim().is_empty() {
            self.0.insert(name.to_owned(), no_placeholder(value.trim()));
        }
    }

    /// Adds what somebody else wrote (a name, a title): one line, at most 60 characters, and nothing
    /// in it that a network would turn into a mention, a tag or a link.
    pub fn tell(&mut self, name: &str, value: &str) {
        let calm = harmless(value);
        if !calm.is_empty() {
            self.0.insert(name.to_owned(), calm);
        }
    }

    /// Everything that is known, each once.
    pub fn texts(&self) -> Vec<String> {
        self.0.values().cloned().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// A name's value.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// What takes the meaning of a character away and leaves its look.
const JOINER: char = '\u{2060}';
/// What a network reads as the beginning of a mention, a tag or a part of an address, in all widths.
const LIVELY: &str = "@＠﹫#＃﹟/／.．。｡․:：";

/// A stranger's words, made harmless.
fn harmless(raw: &str) -> String {
    let line: String = clean_name(raw).chars().take(60).collect();
    let mut out = String::with_capacity(line.len());
    let mut chars = line.trim().chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if LIVELY.contains(c) && chars.peek().is_some_and(|next| !next.is_whitespace()) {
            out.push(JOINER);
        }
    }
    no_placeholder(&out)
}

/// A value that looks like a placeholder would keep a finished text from being sent.
fn no_placeholder(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let opens = out.ends_with('{') && matches!(c, '{' | '%' | '#');
        let closes = c == '}' && out.ends_with(['}', '%', '#']);
        if opens || closes {
            out.push(JOINER);
        }
        out.push(c);
    }
    out
}

/// The first word of a name, as one would say it: `Camille` of `camille ROUSSEL`; nothing when it
/// does not look like a name one would greet.
pub fn first_name(name: &str) -> Option<String> {
    let first = name.split_whitespace().next()?;
    let plain = first.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
    if !plain || first.chars().count() < 2 || first.chars().count() > 20 {
        return None;
    }
    let shouted = first.chars().all(|c| !c.is_lowercase());
    let calm = if shouted { first.to_lowercase() } else { first.to_owned() };
    let parts = calm.split('-').map(|part| {
        let mut chars = part.chars();
        chars.next().map(|head| head.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    });
    Some(parts.collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_a_known_name_and_every_name_has_a_sample() {
        assert!(SAMPLES.iter().all(|(name, _)| is_known(name)));
        assert_eq!(SAMPLES.len(), PERSONAL.len() + OTHERS.len() + Fact::ALL.len());
        assert!(!is_known("contact") && !is_known("brand.secret") && !is_known("debug"));
    }

    #[test]
    fn what_strangers_call_themselves_stays_words() {
        let mut values = Values::default();
        values.tell("contact.name", "@everyone  http://evil.example\u{202e}\r\nBcc: x #sale");
        let told = values.get("contact.name").unwrap();
        assert!(
            !told.contains("@e") && !told.contains("//e") && !told.contains("l.e") && !told.contains("#s"),
            "{told}"
        );
        assert!(!told.contains('\n') && !told.contains('\u{202e}'));
        values.tell("post.title", "{{ order }} @_x ﹫y evil。example {%");
        assert_eq!(
            values.get("post.title").as_deref(),
            Some("{\u{2060}{ order }\u{2060}} @\u{2060}_x ﹫\u{2060}y evil。\u{2060}example {\u{2060}%")
        );
        values.tell("product", " \u{200b} ");
        assert_eq!(values.get("product"), None);
    }

    #[test]
    fn first_names() {
        assert_eq!(first_name("camille ROUSSEL").as_deref(), Some("Camille"));
        assert_eq!(first_name("JEAN-PIERRE D.").as_deref(), Some("Jean-Pierre"));
        assert_eq!(first_name("Zoé").as_deref(), Some("Zoé"));
        assert_eq!(first_name("x_gamer_42"), None);
        assert_eq!(first_name("M"), None);
        assert_eq!(first_name("💙 Léa"), None);
    }
}
