//! What the report was asked for: everything stands in the address.

use std::fmt;

use serde::Deserialize;

use crate::base::{At, Lang, locale};
use crate::flow::bot::report::Wanted;
use crate::networks;

/// The days one may choose from.
pub const DAYS: [i64; 3] = [7, 30, 90];

/// The address of a report.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// So many days.
    #[serde(default)]
    pub days: i64,
    /// On this network; empty: all.
    #[serde(default)]
    pub network: String,
    /// In this language; empty: all.
    #[serde(default)]
    pub language: String,
}

impl Asked {
    /// With days one may choose.
    pub fn sound(self) -> Asked {
        let days = if DAYS.contains(&self.days) { self.days } else { 30 };
        Asked { days, ..self }
    }

    /// What is counted.
    pub fn wanted(&self) -> Wanted {
        let some = |v: &String| Some(v.clone()).filter(|v| !v.is_empty());
        Wanted { days: self.days, network: some(&self.network), language: some(&self.language) }
    }

    /// What stands under a name.
    pub fn value(&self, key: &str) -> String {
        match key {
            "network" => self.network.clone(),
            "language" => self.language.clone(),
            _ => self.days.to_string(),
        }
    }

    /// The address with one thing chosen otherwise.
    pub fn page(&self, key: &str, value: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in ["days", "network", "language"] {
            let value = if name == key { value.to_owned() } else { self.value(name) };
            if !value.is_empty() {
                query.append_pair(name, &value);
            }
        }
        format!("/bot/report?{}", query.finish())
    }

    /// The conversations between two moments, under the same choice.
    pub fn list(&self, (from, to): (At, At)) -> Link {
        let mut link = Link(vec![
            ("days".into(), self.days.to_string()),
            ("from".into(), from.0.to_string()),
            ("to".into(), to.0.to_string()),
        ]);
        for name in ["network", "language"] {
            link = link.with((name, &self.value(name)));
        }
        link
    }
}

/// A link to the conversations behind a figure.
#[derive(Debug, Clone)]
pub struct Link(Vec<(String, String)>);

impl Link {
    /// With one thing more; it takes the place of another of its name, and nothing takes it away.
    pub fn with(&self, (key, value): (&str, &str)) -> Link {
        let mut all: Vec<_> = self.0.iter().filter(|(k, _)| k != key).cloned().collect();
        if !value.is_empty() {
            all.push((key.to_owned(), value.to_owned()));
        }
        Link(all)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish();
        write!(f, "/bot/report/list?{query}")
    }
}

/// What a network is called here.
pub fn network_name(lang: Lang, slug: &str) -> String {
    let known = || networks::find(slug).map(|n| n.card().name.to_owned());
    locale::find(lang, &format!("network-{slug}"), &[]).or_else(known).unwrap_or_else(|| slug.to_owned())
}
