//! Whether what somebody wrote is what was offered to them.

use std::collections::BTreeSet;

use crate::desk::faq::{Reader, Tongue};

/// From this share of the words on.
const SHARE: f64 = 0.5;

/// True when an answer has at least half of the words of a text that say something: it was sent as
/// offered, or edited.
pub fn is_taken_from(answer: &str, text: &str, language: &str) -> bool {
    let reader = Reader::new(Tongue::of(language));
    let stems = |t: &str| -> BTreeSet<String> {
        reader.read(t).into_iter().filter(|w| !w.small && !w.plain.is_empty()).map(|w| w.stem).collect()
    };
    let (said, offered) = (stems(answer), stems(&plain(text)));
    #[expect(clippy::cast_precision_loss, reason = "words of a text")]
    let share = offered.intersection(&said).count() as f64 / (offered.len().max(1)) as f64;
    !offered.is_empty() && share >= SHARE
}

/// A text without its placeholders.
fn plain(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{').filter(|at| rest[at + 1..].starts_with(['{', '%'])) {
        out.push_str(&rest[..at]);
        rest = rest[at..]
            .find("}}")
            .into_iter()
            .chain(rest[at..].find("%}"))
            .min()
            .map_or("", |end| &rest[at + end + 2..]);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::is_taken_from;

    #[test]
    fn edited_is_still_taken() {
        let offered = "Bonjour{% if contact.first_name %} {{ contact.first_name }}{% endif %}, nos horaires habituels : {{ brand.opening_hours }}. À bientôt en boutique !";
        let sent = "Bonjour Léa, nos horaires habituels sont de 9 h à 18 h. Bientôt en boutique j'espère.";
        assert!(is_taken_from(sent, offered, "fr"));
        assert!(!is_taken_from("Oui, elle passe au lave-vaisselle.", offered, "fr"));
        assert!(!is_taken_from("Oui", "{{ order }}", "fr"), "what says nothing is in everything");
    }
}
