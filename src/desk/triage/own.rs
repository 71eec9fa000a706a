//! What a brand's own people teach: each time somebody says “this is a complaint”, “this is not”, or
//! gives a ticket another stage, the message is an example. From enough of them a small model is
//! learnt, by logistic regression over words and pairs of words, the same for the same examples. It
//! only ever suggests: learnt weights do not travel, and a few dozen examples are few.

use std::collections::BTreeMap;

use super::words::words;

/// Fewer examples than this on either side teach nothing.
pub const LEAST: usize = 8;
/// Less sure than this it says nothing.
const SURE: f64 = 0.7;
/// Rounds over the examples.
const ROUNDS: usize = 120;
/// How much is learnt in a round.
const STEP: f64 = 2.0;
/// How much is forgotten in a round: what is seen once shall not weigh like what is seen often.
const FADE: f64 = 0.002;

/// A message, and whether it is what is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What was written.
    pub text: String,
    /// What a person says it is.
    pub is: bool,
}

/// What was learnt for one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    weights: BTreeMap<String, f64>,
    bias: f64,
    /// From how many examples.
    pub examples: usize,
}

/// What it would say of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Yes or no.
    pub is: bool,
    /// How sure, from 0 to 1.
    pub sure: f64,
    /// The words that spoke for it most.
    pub words: Vec<String>,
    /// From how many examples it was learnt.
    pub examples: usize,
}

impl Own {
    /// Learns, where there are enough examples of both sides; their order does not matter.
    pub fn learn(examples: &[Example]) -> Option<Own> {
        let yes = examples.iter().filter(|e| e.is).count();
        if yes < LEAST || examples.len() - yes < LEAST {
            return None;
        }
        let mut read: Vec<(Vec<String>, f64)> =
            examples.iter().map(|e| (features(&e.text), if e.is { 1.0 } else { 0.0 })).collect();
        read.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut weights: BTreeMap<String, f64> =
            read.iter().flat_map(|(f, _)| f.iter().cloned()).map(|f| (f, 0.0)).collect();
        let mut bias = 0.0;
        for _ in 0..ROUNDS {
            for (features, truth) in &read {
                let by = STEP * share(features) * (truth - likely(&weights, bias, features));
                bias += by * 0.1;
                for feature in features {
                    if let Some(weight) = weights.get_mut(feature) {
                        *weight += by;
                    }
                }
            }
            for weight in weights.values_mut() {
                *weight *= 1.0 - FADE;
            }
        }
        Some(Own { weights, bias, examples: read.len() })
    }

    /// What it would say of a message; nothing when it is not sure, or knows none of its words.
    pub fn suggest(&self, text: &str) -> Option<Suggestion> {
        let features = features(text);
        let p = likely(&self.weights, self.bias, &features);
        let (is, sure) = (p >= 0.5, p.max(1.0 - p));
        let mut told: Vec<(&String, f64)> = features
            .iter()
            .filter_map(|f| self.weights.get_key_value(f))
            .map(|(f, w)| (f, if is { *w } else { -*w }))
            .filter(|(f, w)| *w > 0.0 && !f.contains(' '))
            .collect();
        told.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let words: Vec<String> = told.into_iter().take(4).map(|(f, _)| f.clone()).collect();
        (sure >= SURE && !words.is_empty()).then_some(Suggestion { is, sure, words, examples: self.examples })
    }
}

fn likely(weights: &BTreeMap<String, f64>, bias: f64, features: &[String]) -> f64 {
    let sum: f64 = features.iter().filter_map(|f| weights.get(f)).sum();
    1.0 / (1.0 + (-(bias + sum * share(features))).exp())
}

/// Long messages weigh no more than short ones.
#[expect(clippy::cast_precision_loss, reason = "words of a message")]
fn share(features: &[String]) -> f64 {
    1.0 / (features.len().max(1) as f64).sqrt()
}

/// Words of two letters and more, and pairs of neighbours, each once.
fn features(text: &str) -> Vec<String> {
    let words: Vec<String> = words(text).into_iter().filter(|w| !w.quoted).map(|w| w.text).collect();
    let pairs = words.windows(2).map(|w| format!("{} {}", w[0], w[1]));
    let mut all: Vec<String> = words.iter().filter(|w| w.chars().count() > 1).cloned().chain(pairs).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In this shop, “a crack in the glaze” is a complaint, and so people say that “glaze” alone is not.
    fn examples() -> Vec<Example> {
        let yes = ["crack in the glaze", "there is a crack", "another crack already", "the handle has a crack"];
        let no = ["which glaze is it", "lovely glaze", "how long is the glaze fired", "is the glaze blue"];
        let all = |texts: [&'static str; 4], is| {
            texts.into_iter().flat_map(move |t| {
                [t.to_owned(), format!("{t} please"), format!("hello {t}")].map(|text| Example { text, is })
            })
        };
        all(yes, true).chain(all(no, false)).collect()
    }

    #[test]
    fn it_learns_what_a_complaint_is_here() {
        let own = Own::learn(&examples()).unwrap();
        let said = own.suggest("My bowl has a crack").unwrap();
        assert!(said.is && said.sure > 0.7 && said.words.contains(&"crack".to_owned()), "{said:?}");
        assert!(!own.suggest("what glaze is this?").unwrap().is);
        assert_eq!(own.suggest("completely different things"), None);
        assert_eq!(own.examples, 24);
    }

    #[test]
    fn the_order_does_not_matter_and_few_teach_nothing() {
        let mut turned = examples();
        turned.reverse();
        assert_eq!(Own::learn(&turned), Own::learn(&examples()));
        assert_eq!(Own::learn(&examples()[..12]), None, "all of one side");
        assert_eq!(Own::learn(&[]), None);
    }
}
