//! From a message to a decision: what triage finds in it, which entries come near, what they are open
//! for. Pure: the same library says the same of the same message, in whatever order its files came.

use super::bot::{Asked, Decision, Near, decide, fits};
use super::calibration::Thresholds;
use super::canned::{LANGUAGES, Library, Mode};
use super::faq::Faq;
use super::message::{Kind, Visibility};
use super::triage::{Facts, Lexicon};
use crate::base::text::fold;

/// A message to think about, as a customer wrote it somewhere.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The words.
    pub text: &'a str,
    /// The network's slug.
    pub network: &'a str,
    /// Who reads it.
    pub visibility: Visibility,
    /// The language, where it is known; else it is told from the words.
    pub language: Option<&'a str>,
    /// The words of the publication it stands under.
    pub post: Option<&'a str>,
}

impl<'a> Said<'a> {
    /// A message under no publication.
    pub fn new(text: &'a str, network: &'a str, visibility: Visibility, language: Option<&'a str>) -> Said<'a> {
        Said { text, network, visibility, language, post: None }
    }
}

/// What would be done with a message, by this library. `mode` says what each entry is open for,
/// `thresholds` how sure it has to be; `faq` has learnt the library's examples.
pub fn think(
    lexicon: &Lexicon,
    library: &Library,
    faq: &Faq,
    said: Said<'_>,
    mode: &dyn Fn(&str) -> Mode,
    thresholds: &Thresholds<'_>,
) -> Decision {
    let facts = Facts {
        text: said.text,
        kind: if said.visibility == Visibility::Public { Kind::Comment } else { Kind::Dm },
        visibility: said.visibility,
        network: said.network,
        under_our_post: said.visibility == Visibility::Public,
        known_customer: false,
        has_team: false,
        rating: None,
    };
    let mut findings = lexicon.look(&facts);
    if let Some(language) = said.language.and_then(|l| LANGUAGES.into_iter().find(|k| *k == l)) {
        findings.language = Some(language);
    }
    // Words too few to tell a language by are tried in each.
    let languages = findings.language.map_or_else(|| LANGUAGES.to_vec(), |l| vec![l]);
    let (mut near, folded) = (Vec::new(), fold(said.text).text);
    for language in languages {
        let may = |e: &str| library.get(e).is_some_and(|e| fits(e, language, &folded, said.post));
        let found = faq.ask_among(language, said.text, &may);
        let best = |n: &Vec<Near>| n.first().map_or(0.0, |n| n.score);
        if best(&found) > best(&near) {
            near = found;
            findings.language = Some(language);
        }
    }
    let asked = Asked {
        text: said.text,
        visibility: said.visibility,
        findings: &findings,
        languages: &LANGUAGES,
        post: said.post,
    };
    decide(&asked, &near, library, mode, thresholds)
}
