//! What is wrong with a file, said in the language of whoever reads it.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::base::locale::{Arg, Lang, t};

/// Something wrong: which sentence says it (`wrong-…` in the interface's words), and what it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wrong {
    key: &'static str,
    about: Vec<(&'static str, String)>,
}

impl Wrong {
    /// The sentence of this name.
    pub fn new(key: &'static str) -> Wrong {
        Wrong { key, about: Vec::new() }
    }

    /// The sentence speaks of this, too.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Wrong {
        self.about.push((name, value.to_string()));
        self
    }

    /// The sentence in a language.
    pub fn said(&self, lang: Lang) -> String {
        let about: Vec<Arg<'_>> = self.about.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        t(lang, &format!("wrong-{}", self.key), &about)
    }

    /// True when the sentence speaks of this.
    pub fn names(&self, value: &str) -> bool {
        self.about.iter().any(|(_, v)| v == value)
    }
}

/// In English, as files, logs and programs have it.
impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said(Lang::En))
    }
}

impl Serialize for Wrong {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reads_it_in_their_language() {
        let wrong = Wrong::new("text-missing").with("name", "answer").with("language", "fr");
        assert_eq!(wrong.said(Lang::En), "the text “answer” in French is missing");
        assert_eq!(wrong.said(Lang::Fr), "il manque le texte «\u{202F}answer\u{202F}» en français");
        assert_eq!(serde_json::json!(wrong), wrong.to_string());
        assert!(wrong.names("answer") && !wrong.names("ask"));
        let number = Wrong::new("too-long").with("name", "a").with("language", "en").with("n", 1_200);
        let number = number.with("network", "x").with("most", 280);
        assert_eq!(number.said(Lang::En), "“a” in English is 1200 long, x takes 280");
        assert_eq!(number.said(Lang::Fr), "«\u{202F}a\u{202F}» en anglais compte 1200 caractères, x en accepte 280");
    }
}
