//! How much of an offered text stands in what was sent: the longest run of its words that keeps their
//! order, however much was put between them.

use crate::base::text::fold;

/// A text by its words, folded.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text).text;
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// How like two texts are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Twice the common words by all words of both: 1 for the same words in the same order.
    pub alike: f64,
    /// The share of the offered words that were kept.
    pub kept: f64,
}

/// From here on the offered text was used.
const USED: f64 = 0.5;
/// Or so much of it was kept, of at least so many words, whatever else was written around.
const KEPT: (f64, usize) = (0.7, 8);
/// Texts are compared up to here; nobody writes longer answers.
const MOST: usize = 400;

/// Compares words; `offered` first.
pub fn likeness(offered: &[String], sent: &[String]) -> Likeness {
    let (offered, sent) = (&offered[..offered.len().min(MOST)], &sent[..sent.len().min(MOST)]);
    if offered.is_empty() || sent.is_empty() {
        return Likeness { alike: 0.0, kept: 0.0 };
    }
    // One row of the table of longest common runs at a time.
    let mut row = vec![0_u16; sent.len() + 1];
    for word in offered {
        let mut diagonal = 0;
        for (at, other) in sent.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    let common = f64::from(row[sent.len()]);
    let (a, b) = (count(offered), count(sent));
    Likeness { alike: 2.0 * common / (a + b), kept: common / a }
}

/// True when the offered text was used.
pub fn used(offered: &[String], likeness: Likeness) -> bool {
    likeness.alike >= USED || (likeness.kept >= KEPT.0 && offered.len() >= KEPT.1)
}

fn count(words: &[String]) -> f64 {
    f64::from(u32::try_from(words.len()).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_their_order_count() {
        let offered = words("Bonjour, nous sommes ouverts du lundi au vendredi, de 9 h à 18 h.");
        let same = likeness(&offered, &words("bonjour nous sommes OUVERTS du lundi au vendredi de 9 h a 18 h"));
        assert!((same.alike - 1.0).abs() < 1e-9);
        let longer = words(
            "Bonjour Léa, merci pour votre message ! Nous sommes ouverts du lundi au vendredi, de 9 h à 18 h. Samedi prochain il y aura une vente, venez, et pensez à prendre un sac, Sarah",
        );
        let kept = likeness(&offered, &longer);
        assert!(kept.kept > 0.9 && used(&offered, kept), "{kept:?}");
        let other = words("Bonjour, pour un retour il suffit de déposer le colis au point relais sous 14 jours.");
        let other = likeness(&offered, &other);
        assert!(!used(&offered, other), "{other:?}");
        assert_eq!(likeness(&[], &offered).alike.to_bits(), 0.0_f64.to_bits());
    }
}
