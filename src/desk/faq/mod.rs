//! Which entry of the library a message asks for. Three witnesses are heard: a vote learnt from all
//! examples, the nearest of them, and the share of the words that the entry knows; in large libraries
//! the vote also hears what words side by side say. Pure: the same examples say the same of the same
//! message, in whatever order they came.

mod alike;
mod aside;
mod engine;
mod features;
pub mod figures;
mod near;
mod normal;
mod pace;
mod phrases;
pub mod rehearse;
mod vote;

use std::collections::BTreeMap;

pub use self::engine::{Engine, Hit, Taught};
pub use self::normal::{Reader, Tongue, Word};
use super::bot::Near;

/// Entries that are named.
const BEST: usize = 5;

/// The examples of a library, learnt: an engine for each language.
pub struct Faq(BTreeMap<String, Engine>);

impl Faq {
    /// Learns examples by their language.
    pub fn learn(taught: impl IntoIterator<Item = (String, Taught)>) -> Faq {
        let mut by_language: BTreeMap<String, Vec<Taught>> = BTreeMap::new();
        for (language, one) in taught {
            by_language.entry(language).or_default().push(one);
        }
        let engine = |(language, taught): (String, Vec<Taught>)| {
            let engine = Engine::learn(Tongue::of(&language), &taught);
            (language, engine)
        };
        Faq(by_language.into_iter().map(engine).collect())
    }

    /// The entries a message may ask for, the likeliest first, at most five. How sure each is, is said as
    /// if those before it were not meant.
    pub fn ask(&self, language: &str, text: &str) -> Vec<Near> {
        self.ask_among(language, text, &|_| true)
    }

    /// The same among the entries that `may` be meant: one that may not is nobody's rival either.
    pub fn ask_among(&self, language: &str, text: &str, may: &dyn Fn(&str) -> bool) -> Vec<Near> {
        let Some(engine) = self.0.get(language) else { return Vec::new() };
        let (words, hits) = engine.hear(text, BEST, may);
        let mut near: Vec<Near> = hits.iter().map(|hit| engine.explain(text, &words, hit)).collect();
        if let Some(first) = near.first_mut() {
            (first.speaks_for, first.against) = engine.weigh(text, &words, &first.entry);
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::bot::{ANSWERS_AT, SUGGESTS_AT};

    const EXAMPLES: [(&str, &str, &str); 10] = [
        ("delivery/where", "fr", "où est ma commande ?"),
        ("delivery/where", "fr", "je n'ai toujours pas reçu mon colis"),
        ("delivery/where", "fr", "des nouvelles de ma commande ?"),
        ("delivery/where", "en", "where is my order"),
        ("delivery/cost", "fr", "combien coûte la livraison"),
        ("delivery/cost", "fr", "quels sont les frais de port"),
        ("delivery/cost", "en", "how much is shipping"),
        ("hours/open", "fr", "quels sont vos horaires d'ouverture"),
        ("hours/open", "fr", "êtes-vous ouverts le dimanche"),
        ("hours/open", "en", "when do you open"),
    ];

    fn taught((entry, language, text): (&str, &str, &str)) -> (String, Taught) {
        (language.to_owned(), Taught::example(entry, text))
    }

    fn first(language: &str, text: &str) -> Option<Near> {
        Faq::learn(EXAMPLES.map(taught)).ask(language, text).into_iter().next()
    }

    #[test]
    fn other_words_and_typing_mistakes_meet() {
        for text in ["bjr ou est ma comande svp ??", "j'ai tjs pas recu mon coli", "TOUJOURS PAS REÇU MON COLIS"] {
            let hit = first("fr", text).unwrap();
            assert_eq!(hit.entry, "delivery/where", "{text}");
            assert!(hit.score > SUGGESTS_AT, "{text}: {}", hit.score);
        }
        assert_eq!(first("fr", "la livraison coute combien ?").unwrap().entry, "delivery/cost");
        assert_eq!(first("en", "where's my order please").unwrap().entry, "delivery/where");
    }

    #[test]
    fn what_it_does_not_know_makes_it_doubt() {
        let sure = first("fr", "où est ma commande ?").unwrap();
        let doubt = first("fr", "où est la politique salariale de ma commande publique européenne").unwrap();
        assert!(sure.score > ANSWERS_AT && doubt.score < ANSWERS_AT, "{} {}", sure.score, doubt.score);
        assert!(doubt.unknown.contains(&"salariale".to_owned()));
        assert_eq!(sure.known.iter().map(|k| k.2.as_str()).collect::<Vec<_>>(), ["où est ma commande"]);
        assert_eq!((sure.known[0].0, sure.known[0].1), (0, 18));
    }

    #[test]
    fn a_near_miss_speaks_against_its_entry_and_for_no_other() {
        let ask = |faq: &Faq| {
            let near = faq.ask("fr", "je veux annuler ma commande");
            let score = |entry: &str| near.iter().find(|n| n.entry == entry).map_or(0.0, |n| n.score);
            (score("delivery/where"), score("hours/open"))
        };
        let before = ask(&Faq::learn(EXAMPLES.map(taught)));
        let miss = ("fr".to_owned(), Taught::near_miss("delivery/where", "je voudrais annuler ma commande"));
        let after = ask(&Faq::learn(EXAMPLES.map(taught).into_iter().chain([miss])));
        assert!(after.0 < before.0 * 0.8, "{before:?} {after:?}");
        assert!(after.1 <= before.1 + 0.05, "{before:?} {after:?}");
    }

    #[test]
    fn the_order_of_examples_makes_no_difference() {
        let (mut there, mut back) = (EXAMPLES.to_vec(), EXAMPLES.to_vec());
        there.rotate_left(3);
        back.reverse();
        let ask = |all: Vec<(&str, &str, &str)>| {
            Faq::learn(all.into_iter().map(taught)).ask("fr", "mon colis n'est tjs pas la, c'est normal ?")
        };
        assert_eq!(ask(there), ask(back));
    }

    #[test]
    fn nor_does_it_in_a_large_library() {
        let things = ["lampe", "table", "chaise", "vase", "tapis", "miroir", "coussin", "plaid", "bougie", "panier"];
        let of =
            |entry: &'static str, before: &str| things.map(|thing| (entry.to_owned(), format!("{before} {thing}")));
        let mut there: Vec<(String, Taught)> = [
            of("price", "combien coûte votre"),
            of("price", "quel est le prix de la grande"),
            of("stock", "avez-vous encore en magasin la"),
            of("stock", "quand revient en stock votre"),
        ]
        .concat()
        .into_iter()
        .map(|(entry, text)| ("fr".to_owned(), Taught::example(&entry, &text)))
        .collect();
        let ask = |all: Vec<(String, Taught)>| Faq::learn(all).ask("fr", "combien coûte encore une lampe");
        let first = ask(there.clone());
        assert_eq!(first[0].entry, "price");
        there.reverse();
        assert_eq!(ask(there), first);
    }

    #[test]
    fn how_sure_it_is_does_not_depend_on_how_many_are_asked_for() {
        let french = EXAMPLES.into_iter().filter(|(_, language, _)| *language == "fr");
        let taught: Vec<Taught> = french.map(|(entry, _, text)| Taught::example(entry, text)).collect();
        let engine = Engine::learn(Tongue::French, &taught);
        for text in ["combien coûte ma commande", "frais de port et horaires", "où est mon colis"] {
            assert_eq!(engine.ask(text, 1)[..], engine.ask(text, 3)[..1], "{text}");
        }
    }

    #[test]
    fn a_word_of_courtesy_is_no_slip_of_another() {
        let taught = [("size", "en", "is it bigger than the lamp"), ("order", "en", "I ordered a lamp")].map(taught);
        let near = Faq::learn(taught).ask("en", "Ordered, thank you");
        assert_eq!(near.iter().map(|n| n.entry.as_str()).collect::<Vec<_>>(), ["order"], "{near:?}");
    }

    #[test]
    fn nothing_said_is_nothing_asked() {
        assert!(first("fr", "Bonjour !").is_none());
        assert!(first("fr", "😍😍").is_none());
        assert!(first("de", "wo ist meine Bestellung").is_none());
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_said_is_heard(text in "\\PC{0,80}") {
            for near in Faq::learn(EXAMPLES.map(taught)).ask("fr", &text) {
                proptest::prop_assert!((0.0..=1.0).contains(&near.score));
                let chars: Vec<char> = text.chars().collect();
                for (start, end, words) in near.known {
                    proptest::prop_assert_eq!(chars[start..end].iter().collect::<String>(), words);
                }
            }
        }
    }
}
