//! The interface's words, in French and English, from Fluent files built into the program.

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;

crate::words! {
    /// A language of the interface.
    pub enum Lang {
        /// French.
        Fr = "fr",
        /// English.
        En = "en",
    }
}

impl Lang {
    /// The first language of an `Accept-Language` header that we speak; English otherwise.
    pub fn accepted(header: &str) -> Lang {
        header.split(',').find_map(|part| part.trim().get(..2)?.to_ascii_lowercase().parse().ok()).unwrap_or(Lang::En)
    }
}

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets/words"]
struct Files;

static WORDS: LazyLock<HashMap<Lang, FluentBundle<FluentResource>>> =
    LazyLock::new(|| Lang::ALL.iter().map(|lang| (*lang, bundle(*lang))).collect());

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let tag = lang.as_str().parse().expect("fr and en are language tags");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    for name in Files::iter().filter(|n| n.starts_with(lang.as_str())) {
        let file = Files::get(&name).expect("the iterator names existing files");
        let text = String::from_utf8_lossy(&file.data).into_owned();
        let text = if lang == Lang::Fr { typeset(&text) } else { text };
        let resource = FluentResource::try_new(text).unwrap_or_else(|(r, _)| r);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// French as it is printed: no line begins with what closes or asks, and guillemets keep to their
/// words. The files are written with plain blanks.
fn typeset(text: &str) -> String {
    let narrow =
        [(" ?", "\u{202F}?"), (" !", "\u{202F}!"), (" ;", "\u{202F};"), (" »", "\u{202F}»"), ("« ", "«\u{202F}")];
    let text = narrow.iter().fold(text.to_owned(), |text, (plain, set)| text.replace(plain, set));
    text.replace(" :", "\u{A0}:")
}

/// A value inside a sentence.
pub type Arg<'a> = (&'a str, FluentValue<'a>);

/// The sentence named `key` in this language, with its values put in. An unknown key is shown as
/// itself, which a test forbids for every key the program names.
pub fn t(lang: Lang, key: &str, args: &[Arg<'_>]) -> String {
    find(lang, key, args).unwrap_or_else(|| key.to_owned())
}

/// As [`t`], but nothing when the key is unknown.
pub fn find(lang: Lang, key: &str, args: &[Arg<'_>]) -> Option<String> {
    let bundle = WORDS.get(&lang)?;
    let pattern = bundle.get_message(key)?.value()?;
    let args: FluentArgs<'_> = args.iter().cloned().collect();
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
}

/// Every key of a language's files, for the tests that compare the two.
pub fn keys(lang: Lang) -> Vec<String> {
    let mut keys = Vec::new();
    for name in Files::iter().filter(|n| n.starts_with(lang.as_str())) {
        let file = Files::get(&name).expect("the iterator names existing files");
        let text = String::from_utf8_lossy(&file.data).into_owned();
        let named = |l: &str| l.split_once(" =").map(|(k, _)| k.to_owned());
        keys.extend(text.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(named));
    }
    keys.sort();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_keeps_its_marks_to_their_words() {
        let set = "a = Règle «\u{202F}{ $rule }\u{202F}»\u{A0}: quoi\u{202F}?";
        assert_eq!(typeset("a = Règle « { $rule } » : quoi ?"), set);
        let loose = |words: &str| [" ?", " :", " !", " ;", " »", "« "].iter().any(|mark| words.contains(mark));
        for key in keys(Lang::Fr) {
            let words = find(Lang::Fr, &key, &[]).unwrap_or_default();
            assert!(!loose(&words), "{key}: {words}");
        }
    }
}
