//! How much two texts say the same: the cosine of their words, each word counting the more the fewer
//! texts of the library know it. From 0, no word in common, to 1, the same words.

use std::collections::{BTreeMap, HashMap};

use crate::base::text::fold;

/// How rare each word is in a library.
#[derive(Debug, Clone, Default)]
pub struct Alike {
    known_by: HashMap<String, usize>,
    texts: usize,
}

impl Alike {
    /// Learns from texts which words are common; their order makes no difference.
    pub fn among<'a>(texts: impl IntoIterator<Item = &'a str>) -> Alike {
        let mut alike = Alike::default();
        for text in texts {
            alike.texts += 1;
            for word in words(text).into_keys() {
                *alike.known_by.entry(word).or_default() += 1;
            }
        }
        alike
    }

    /// How much two texts say the same, to two decimals.
    pub fn of(&self, one: &str, other: &str) -> f64 {
        let (a, b) = (self.weighed(one), self.weighed(other));
        let length = |v: &BTreeMap<String, f64>| v.values().map(|w| w * w).sum::<f64>().sqrt();
        let both: f64 = a.iter().filter_map(|(word, w)| Some(w * b.get(word)?)).sum();
        let most = length(&a) * length(&b);
        if most == 0.0 { 0.0 } else { (both / most * 100.0).round() / 100.0 }
    }

    fn weighed(&self, text: &str) -> BTreeMap<String, f64> {
        let all = num(self.texts);
        let weigh = |(word, n): (String, usize)| {
            let known = num(self.known_by.get(&word).copied().unwrap_or(0));
            let weight = num(n).sqrt() * ((all + 1.0) / (known + 0.5)).ln().max(0.05);
            (word, weight)
        };
        words(text).into_iter().map(weigh).collect()
    }
}

fn num(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The words of a text and how often each stands there; placeholders and single letters are none.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    let folded = fold(text).text;
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 1) {
        *out.entry(word.to_owned()).or_default() += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 3] = [
        "Bonjour, la livraison est offerte dès 60 €.",
        "Bonjour, nous répondons du lundi au vendredi.",
        "Bonjour, envoyez-nous votre numéro de commande en message privé.",
    ];

    #[test]
    fn the_same_words_are_the_same_and_a_greeting_is_not() {
        let alike = Alike::among(TEXTS);
        assert!((alike.of(TEXTS[0], "bonjour la LIVRAISON est offerte des 60 €") - 1.0).abs() < 1e-9);
        assert!(alike.of(TEXTS[0], TEXTS[1]) < 0.15, "{}", alike.of(TEXTS[0], TEXTS[1]));
        let near = alike.of(TEXTS[0], "Bonjour Léa, oui, la livraison est offerte dès 60 € d’achat !");
        assert!(near > 0.5, "{near}");
        assert!(alike.of("", TEXTS[0]).abs() < 1e-9);
    }

    #[test]
    fn the_order_makes_no_difference() {
        let mut back = TEXTS;
        back.reverse();
        let (a, b) = (Alike::among(TEXTS), Alike::among(back));
        assert!((a.of(TEXTS[1], TEXTS[2]) - b.of(TEXTS[1], TEXTS[2])).abs() < 1e-9);
        assert!((a.of(TEXTS[1], TEXTS[2]) - a.of(TEXTS[2], TEXTS[1])).abs() < 1e-9);
    }
}
