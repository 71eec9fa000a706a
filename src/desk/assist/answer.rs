//! What an outside model said, as far as it is let in. It is less trusted than anybody: what is not
//! exactly what was asked for is nothing.

use serde_json::Value;

use super::ask::Candidate;
use crate::base::text::clean_text;
use crate::desk::personal;

crate::words! {
    /// Why what it said is not let in.
    pub enum Unfit {
        /// It is not in the form that was asked for.
        Form = "form",
        /// It chose what was not offered.
        Entry = "entry",
        /// It found that nothing fits.
        Nothing = "nothing",
        /// It is too long.
        Long = "long",
        /// It holds a link that is not the brand's.
        Link = "link",
        /// It holds what looks like personal data.
        Personal = "personal",
        /// It holds a placeholder.
        Placeholder = "placeholder",
    }
}

/// The object it was asked for, from the body of its answer. Some models put a fence around JSON.
fn object(body: &Value) -> Result<Value, Unfit> {
    let said = body["choices"][0]["message"]["content"].as_str().ok_or(Unfit::Form)?.trim();
    let bare = said.strip_prefix("```json").or_else(|| said.strip_prefix("```")).unwrap_or(said);
    let bare = bare.strip_suffix("```").unwrap_or(bare).trim();
    let object: Value = serde_json::from_str(bare).map_err(|_| Unfit::Form)?;
    if object.is_object() { Ok(object) } else { Err(Unfit::Form) }
}

/// The entry it chose, which is one of those it was shown.
///
/// # Errors
/// [`Unfit`].
pub fn chosen(body: &Value, candidates: &[Candidate]) -> Result<String, Unfit> {
    match &object(body)?["entry"] {
        Value::Null => Err(Unfit::Nothing),
        Value::String(id) => candidates.iter().find(|c| c.entry == *id).map(|c| c.entry.clone()).ok_or(Unfit::Entry),
        _ => Err(Unfit::Form),
    }
}

/// The draft it wrote. `known` are the texts and facts it may repeat: what stands there is the brand's
/// own, links and numbers included. At most `most` characters.
///
/// # Errors
/// [`Unfit`].
pub fn draft(body: &Value, known: &[String], most: usize) -> Result<String, Unfit> {
    let object = object(body)?;
    let text = clean_text(object["draft"].as_str().ok_or(Unfit::Form)?).trim().to_owned();
    if text.is_empty() {
        return Err(Unfit::Nothing);
    }
    if text.chars().count() > most {
        return Err(Unfit::Long);
    }
    if text.contains("{{") || text.contains("{%") || text.contains("}}") {
        return Err(Unfit::Placeholder);
    }
    let is_known = |piece: &str| known.iter().any(|k| k.contains(piece));
    let ours = |word: &str| is_known(word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/'));
    if text.split_whitespace().any(|word| is_link(word) && !ours(word)) {
        return Err(Unfit::Link);
    }
    if personal::find(&text).iter().any(|found| !is_known(&found.piece(&text))) {
        return Err(Unfit::Personal);
    }
    Ok(text)
}

/// A word that leads somewhere: an address, a Markdown link, a bare domain with a path.
fn is_link(word: &str) -> bool {
    let word = word.to_lowercase();
    let domain = word.split('/').next().is_some_and(|host| {
        host.rsplit_once('.').is_some_and(|(name, end)| {
            !name.is_empty() && end.len() >= 2 && end.chars().all(|c| c.is_ascii_alphabetic())
        })
    });
    word.contains("://") || word.contains("www.") || word.contains("](") || (word.contains('/') && domain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(content: &str) -> Value {
        json!({"choices": [{"message": {"role": "assistant", "content": content}}]})
    }

    #[test]
    fn only_what_was_offered_can_be_chosen() {
        let candidates = [Candidate { entry: "a/b".into(), title: "T".into(), text: "x".into() }];
        assert_eq!(chosen(&said("{\"entry\": \"a/b\"}"), &candidates), Ok("a/b".into()));
        assert_eq!(chosen(&said("```json\n{\"entry\": \"a/b\"}\n```"), &candidates), Ok("a/b".into()));
        for (answer, why) in [
            ("{\"entry\": \"a/c\"}", Unfit::Entry),
            ("{\"entry\": null}", Unfit::Nothing),
            ("{\"entry\": 7}", Unfit::Form),
            ("a/b", Unfit::Form),
            ("[\"a/b\"]", Unfit::Form),
            ("", Unfit::Form),
        ] {
            assert_eq!(chosen(&said(answer), &candidates), Err(why), "{answer}");
        }
        for body in [json!(null), json!({"choices": []}), json!({"error": {"message": "no"}}), json!([1])] {
            assert_eq!(chosen(&body, &candidates), Err(Unfit::Form));
        }
    }

    #[test]
    fn a_draft_passes_the_guards_or_is_nothing() {
        let known = ["Retours : https://aubepine.example/retours, 01 23 45 67 89".to_owned()];
        let of = |text: &str| draft(&said(&json!({"draft": text}).to_string()), &known, 300);
        assert_eq!(of(" Bonjour, oui. "), Ok("Bonjour, oui.".into()));
        assert!(of("Voyez https://aubepine.example/retours.").is_ok(), "the brand's own link");
        for (text, why) in [
            ("", Unfit::Nothing),
            ("Cliquez ici : https://evil.example/x", Unfit::Link),
            ("Voyez [ici](https://evil.example)", Unfit::Link),
            ("Allez sur evil.example/promo", Unfit::Link),
            ("www.evil.example", Unfit::Link),
            ("Bonjour {{ contact.email }}", Unfit::Placeholder),
            ("Écrivez à lea.martin@exemple.fr", Unfit::Personal),
        ] {
            assert_eq!(of(text), Err(why), "{text}");
        }
        assert_eq!(of(&"a ".repeat(400)), Err(Unfit::Long));
        assert_eq!(draft(&said("Bonjour !"), &known, 300), Err(Unfit::Form));
    }
}
