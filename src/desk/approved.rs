//! Texts a network has approved beforehand: what they say, what is to be filled in, and how they read
//! once it is.

use serde::{Deserialize, Serialize};

use crate::base::text::clean_text;

/// The most characters of one value: as many as a whole text has.
const LONGEST: usize = 1_024;

/// A text, as the network lists it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Approved {
    /// Its name there.
    pub name: String,
    /// Its language, in the network's spelling: `fr`, `en_US`.
    pub language: String,
    /// What it is for, in the network's word.
    pub category: String,
    /// Why it cannot be sent just now, in the network's word (`paused` …); none when it can.
    pub barred: Option<String>,
    /// Its title.
    pub header: Option<Part>,
    /// What it says.
    pub body: Part,
    /// What stands below.
    pub footer: Option<String>,
    /// What its buttons say.
    #[serde(default)]
    pub buttons: Vec<String>,
}

/// A part with gaps in it, such as `{{1}}` or `{{first_name}}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Part {
    /// The words, with the gaps.
    pub text: String,
    /// Examples of what stands in the gaps, in their order.
    #[serde(default)]
    pub samples: Vec<String>,
}

/// One of them, chosen and filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// See [`Approved::name`].
    pub name: String,
    /// See [`Approved::language`].
    pub language: String,
    /// What stands in the gaps of the title: the gap's name and the value.
    pub header: Vec<(String, String)>,
    /// The same for the text.
    pub body: Vec<(String, String)>,
}

impl Part {
    /// The names of its gaps, in order, each once.
    pub fn gaps(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for (_, name) in pieces(&self.text) {
            if let Some(name) = name.filter(|n| !names.contains(n)) {
                names.push(name);
            }
        }
        names
    }

    fn filled(&self, values: &[(String, String)]) -> String {
        let value = |name: &str| values.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
        pieces(&self.text).flat_map(|(words, gap)| [words, gap.map(value).unwrap_or_default()]).collect()
    }
}

/// Words, each with the gap behind them.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let here = rest?;
        let found = here.split_once("{{").and_then(|(words, after)| {
            let (name, tail) = after.split_once("}}")?;
            Some((words, name.trim(), tail))
        });
        if let Some((words, name, tail)) = found {
            rest = Some(tail);
            return Some((words, Some(name)));
        }
        rest = None;
        Some((here, None))
    })
}

impl Approved {
    /// What is to be filled in: the gap's name and an example, the title's first.
    pub fn asks(&self) -> Vec<(&str, Option<&str>)> {
        let parts = self.header.iter().chain(std::iter::once(&self.body));
        parts
            .flat_map(|p| p.gaps().into_iter().enumerate().map(|(n, g)| (g, p.samples.get(n).map(String::as_str))))
            .collect()
    }

    /// It, with these values in the order of [`Approved::asks`], on one line each; none when one is
    /// missing or too long.
    pub fn choose(&self, values: &[String]) -> Option<Chosen> {
        let clean = |v: &String| clean_text(v).split_whitespace().collect::<Vec<_>>().join(" ");
        let values: Vec<String> = values.iter().map(clean).collect();
        let asked = self.asks();
        let good = |v: &String| !v.is_empty() && v.chars().count() <= LONGEST;
        if values.len() != asked.len() || !values.iter().all(good) {
            return None;
        }
        let mut pairs: Vec<(String, String)> =
            asked.into_iter().zip(values).map(|((name, _), value)| (name.to_owned(), value)).collect();
        let body = pairs.split_off(self.header.as_ref().map_or(0, |h| h.gaps().len()));
        Some(Chosen { name: self.name.clone(), language: self.language.clone(), header: pairs, body })
    }

    /// How it reads with these values.
    pub fn says(&self, chosen: &Chosen) -> String {
        let header = self.header.iter().map(|h| h.filled(&chosen.header));
        let body = std::iter::once(self.body.filled(&chosen.body));
        header.chain(body).chain(self.footer.clone()).collect::<Vec<_>>().join("\n\n")
    }

    /// How it reads with its examples, for choosing.
    pub fn example(&self) -> String {
        let filled = |p: &Part| -> Vec<(String, String)> {
            let gaps = p.gaps().into_iter().map(str::to_owned);
            let sample = |(n, g): (usize, String)| {
                let value = p.samples.get(n).cloned().unwrap_or_else(|| format!("{{{{{g}}}}}"));
                (g, value)
            };
            gaps.enumerate().map(sample).collect()
        };
        let header = self.header.as_ref().map(filled).unwrap_or_default();
        let body = filled(&self.body);
        self.says(&Chosen { name: String::new(), language: String::new(), header, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> Approved {
        let part = |text: &str, samples: &[&str]| Part {
            text: text.into(),
            samples: samples.iter().map(|s| (*s).to_owned()).collect(),
        };
        Approved {
            name: "order_update".into(),
            language: "fr".into(),
            header: Some(part("Commande {{1}}", &["20451"])),
            body: part("Bonjour {{1}}, elle part {{2}}. À bientôt {{1}} !", &["Léa", "demain"]),
            footer: Some("Aubépine".into()),
            ..Approved::default()
        }
    }

    #[test]
    fn gaps_are_asked_for_once_and_filled_everywhere() {
        let text = order();
        assert_eq!(text.asks(), [("1", Some("20451")), ("1", Some("Léa")), ("2", Some("demain"))]);
        let values = ["77".to_owned(), " Zoé\n {{2}} ".to_owned(), "lundi".to_owned()];
        let chosen = text.choose(&values).unwrap();
        assert_eq!(chosen.header, [("1".to_owned(), "77".to_owned())]);
        let said = text.says(&chosen);
        assert_eq!(said, "Commande 77\n\nBonjour Zoé {{2}}, elle part lundi. À bientôt Zoé {{2}} !\n\nAubépine");
        assert!(text.example().contains("Bonjour Léa, elle part demain"));
    }

    #[test]
    fn nothing_is_left_out_and_nothing_too_long() {
        let text = order();
        let values = |v: &[&str]| v.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert!(text.choose(&values(&["77", "Zoé"])).is_none());
        assert!(text.choose(&values(&["77", " \n", "lundi"])).is_none());
        assert!(text.choose(&values(&["77", &"é".repeat(1_025), "lundi"])).is_none());
        let plain = Approved { body: Part { text: "a {{ b".into(), samples: Vec::new() }, ..Approved::default() };
        assert_eq!(plain.says(&plain.choose(&[]).unwrap()), "a {{ b");
    }
}
