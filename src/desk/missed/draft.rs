//! A new entry, as the file its author would have written.

use std::collections::BTreeMap;

use crate::base::text::fold;
use crate::desk::canned::{Template, is_personal};

/// What a new entry is made of; each by language.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// `folder/name`.
    pub path: String,
    /// Its title.
    pub title: BTreeMap<String, String>,
    /// What customers write who mean it.
    pub examples: BTreeMap<String, Vec<String>>,
    /// What is answered.
    pub answers: BTreeMap<String, String>,
}

impl Draft {
    /// The file. What says something about one person is for private answers only.
    pub fn source(&self) -> String {
        let id = self.path.rsplit('/').next().unwrap_or_default();
        let titles = self.title.iter().filter(|(_, t)| !t.trim().is_empty());
        let titles = titles.map(|(l, t)| format!("{l} = {}", quoted(t))).collect::<Vec<_>>().join(", ");
        let mut out = format!("+++\nid = {}\ntitle = {{ {titles} }}\n", quoted(id));
        let personal = |text: &String| Template::parse(text).is_ok_and(|t| t.names().into_iter().any(is_personal));
        if self.answers.values().any(personal) {
            out.push_str("audience = \"private\"\n");
        }
        let mut examples = self.examples.iter().filter(|(_, e)| !e.is_empty()).peekable();
        if examples.peek().is_some() {
            out.push_str("[examples]\n");
        }
        for (language, all) in examples {
            out.push_str(&array(language, all));
        }
        out.push_str("+++\n");
        for (language, text) in self.answers.iter().filter(|(_, t)| !t.trim().is_empty()) {
            out += &["## ", language, "\n### answer\n", &text.trim().replace("\r\n", "\n"), "\n\n"].concat();
        }
        format!("{}\n", out.trim_end())
    }
}

/// Texts as an array of the file, one a line.
pub(super) fn array(key: &str, texts: &[String]) -> String {
    let mut out = format!("{key} = [\n");
    for text in texts {
        out += &["    ", &quoted(text), ",\n"].concat();
    }
    out + "]\n"
}

/// A text between quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean: String = line.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", clean.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A name for a file, of a title: small letters, digits and hyphens, 40 at most.
pub fn name_for(title: &str) -> String {
    let folded = fold(title).text;
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let mut name = String::new();
    for word in words {
        if name.len() + word.len() + 1 > 40 {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(word);
    }
    if name.is_empty() { "question".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::canned::{Audience, Entry};

    fn by<T>(fr: T, en: T) -> BTreeMap<String, T> {
        [("fr".to_owned(), fr), ("en".to_owned(), en)].into()
    }

    #[test]
    fn what_is_drafted_can_be_read() {
        let mut draft = Draft {
            path: "care/lave-vaisselle".into(),
            title: by("Le « lave-vaisselle » \"oui\"".into(), "Dishwasher".into()),
            examples: by(vec!["ça passe\nau \\ lave-vaisselle ?".into(), "et \"ça\" ?".into()], vec![]),
            answers: by("Oui.\r\n\r\nEn haut.".into(), "Yes.".into()),
        };
        let entry = Entry::read("care/lave-vaisselle.md", &draft.source()).unwrap();
        assert_eq!(entry.title("fr"), "Le « lave-vaisselle » \"oui\"");
        assert_eq!(entry.head.examples["fr"], ["ça passe au \\ lave-vaisselle ?", "et \"ça\" ?"]);
        assert_eq!(entry.text("fr", "answer", "").unwrap().source, "Oui.\n\nEn haut.");
        assert_eq!(entry.head.audience, Audience::Any);
        draft.answers.insert("fr".into(), "Votre commande {{ order }} part.".into());
        let entry = Entry::read("care/lave-vaisselle.md", &draft.source()).unwrap();
        assert_eq!(entry.head.audience, Audience::Private);
    }

    #[test]
    fn names_are_short_and_plain() {
        assert_eq!(name_for("Où est ma commande ?"), "ou-est-ma-commande");
        assert_eq!(name_for("😍"), "question");
        assert!(name_for(&"mot ".repeat(50)).len() <= 40);
    }

    proptest::proptest! {
        #[test]
        fn any_words_can_be_drafted(title in "\\PC{1,30}", example in "\\PC{1,30}") {
            let draft = Draft {
                path: "a/b".into(),
                title: by(title.clone(), title),
                examples: by(vec![example.clone()], vec![example]),
                answers: by("Oui.".into(), "Yes.".into()),
            };
            proptest::prop_assert!(Entry::read("a/b.md", &draft.source()).is_ok(), "{}", draft.source());
        }
    }
}
