//! Decisions as people read them: the entry's title, the words, and the reasons.

use serde::Serialize;
use serde_json::Value;

use crate::base::Lang;
use crate::base::locale::{find, t};
use crate::desk::canned::Library;

/// What one side does with a message.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shown {
    /// `answer`, `suggest`, `silent`, `handoff`.
    pub decision: String,
    /// The entry's title, or what is done in place of an answer.
    pub title: String,
    /// The entry's place.
    pub path: Option<String>,
    /// True when it answers or offers.
    pub says: bool,
    /// Its words.
    pub text: Option<String>,
    /// Why not more.
    pub because: Option<String>,
    /// How like the person's answer, written out.
    pub alike: Option<String>,
    /// Words of the message that decided.
    pub words: Vec<String>,
    /// The word of the publication above that it was meant under.
    pub above: Option<String>,
    /// The nearest example.
    pub example: Option<String>,
    /// How sure it was, of what was needed.
    pub score: Option<(String, String)>,
    /// What came second.
    pub runner_up: Option<String>,
}

impl Shown {
    /// From a decision as it was written down.
    pub fn of(side: &Value, library: &Library, lang: Lang) -> Shown {
        let text = |v: &Value| v.as_str().map(str::to_owned);
        let decision = text(&side["decision"]).unwrap_or_default();
        let says = matches!(decision.as_str(), "answer" | "suggest");
        let path = text(&side["entry"]).filter(|_| says);
        let titled =
            |path: &str| library.get(path).map_or_else(|| path.to_owned(), |e| e.title(lang.as_str()).to_owned());
        let number = |v: &Value| v.as_f64().map(|n| decimal(n, lang));
        let trace = &side["trace"];
        let matched = trace["matched"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_above = |m: &&Value| m["field"] == "post";
        let of_message = || matched.iter().filter(|m| !is_above(m));
        let because = text(&side["because"]).filter(|b| !b.is_empty());
        Shown {
            title: path.as_deref().map_or_else(|| t(lang, &format!("bot-does-{decision}"), &[]), titled),
            says,
            text: text(&side["text"]),
            because: because.and_then(|b| find(lang, &format!("bot-because-{}", b.replace('_', "-")), &[]).or(Some(b))),
            alike: number(&side["alike"]),
            words: of_message().filter_map(|m| text(&m["text"])).collect(),
            above: matched.iter().find(|m| is_above(m)).and_then(|m| text(&m["text"])),
            example: of_message().next().and_then(|m| text(&m["why"])).filter(|e| !e.is_empty()),
            score: number(&trace["score"]).zip(number(&trace["threshold"])),
            runner_up: trace["runner_up"].as_str().map(titled),
            path,
            decision,
        }
    }
}

/// Two decimals, with the language's comma.
pub fn decimal(n: f64, lang: Lang) -> String {
    let text = format!("{n:.2}");
    if lang == Lang::Fr { text.replace('.', ",") } else { text }
}

/// A decision to try templates with.
pub fn sample(says: bool) -> Shown {
    let one = |text: &str| says.then(|| text.to_owned());
    Shown {
        decision: if says { "suggest" } else { "silent" }.into(),
        title: "Retard de livraison".into(),
        path: one("delivery/late"),
        says,
        text: one("Nous regardons tout de suite."),
        because: Some("pas encore ouverte".into()),
        alike: one("0,83"),
        words: vec!["toujours en attente".into()],
        above: one("gourde"),
        example: one("toujours en attente"),
        score: says.then(|| ("0,62".into(), "0,25".into())),
        runner_up: one("Disponibilité"),
    }
}
