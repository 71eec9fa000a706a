//! The tests an author writes beside the texts: short conversations, and what should come of them.

use std::collections::BTreeMap;

use super::wrong::Wrong;

/// One conversation, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// In which line of the file it begins.
    pub line: usize,
    /// `fr` or `en`.
    pub language: String,
    /// The network's slug.
    pub network: String,
    /// Whether everybody reads it.
    pub public: bool,
    /// What is said and expected, in order.
    pub lines: Vec<Line>,
}

/// One line of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The publication all this stands under has these words.
    Under(String),
    /// The customer writes.
    Says(String),
    /// This connector would answer this; none: it would not answer.
    Connector(String, Option<BTreeMap<String, String>>),
    /// What should come of it.
    Expects(Expect),
}

/// What should come of a customer's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// This text of this entry, with these acts (`label:x`, `stage:x`, `assign:x`).
    Reply(String, Vec<String>),
    /// Nothing at all.
    Silence,
    /// People go on.
    HandsOver,
    /// This entry is suggested to the agent.
    Suggest(String),
    /// Whatever comes, not this entry.
    Not(String),
}

/// Reads the lines of a `conv` block that begins in line `first` of its file.
///
/// # Errors
/// The line at fault, and why.
pub fn read(block: &str, first: usize) -> Result<Vec<Scene>, (usize, Wrong)> {
    let mut scenes: Vec<Scene> = Vec::new();
    let mut place = ("fr".to_owned(), "facebook".to_owned(), false);
    let mut fresh = true;
    for (n, raw) in block.lines().enumerate() {
        let (line, text) = (first + n, raw.trim());
        let Some(mark) = text.chars().next() else { continue };
        let rest = text[mark.len_utf8()..].trim();
        if mark == '#' {
            place = setting(rest, &place);
            fresh = true;
            continue;
        }
        let said = match mark {
            '@' if !rest.is_empty() => Line::Under(rest.to_owned()),
            '>' if !rest.is_empty() => Line::Says(rest.to_owned()),
            '<' => Line::Expects(reply(rest).ok_or_else(|| (line, Wrong::new("conv-text")))?),
            '=' => Line::Expects(outcome(rest).ok_or_else(|| (line, Wrong::new("conv-outcome")))?),
            '!' => connector(rest).ok_or_else(|| (line, Wrong::new("conv-connector")))?,
            _ => return Err((line, Wrong::new("conv-mark").with("mark", mark))),
        };
        if fresh {
            let (language, network, public) = place.clone();
            scenes.push(Scene { line, language, network, public, lines: Vec::new() });
            fresh = false;
        }
        if let Some(scene) = scenes.last_mut() {
            scene.lines.push(said);
        }
    }
    Ok(scenes)
}

/// `fr, facebook, private: what it shows`: the words that name a place change it, others are a title.
fn setting(text: &str, before: &(String, String, bool)) -> (String, String, bool) {
    let (mut language, mut network, mut public) = before.clone();
    for word in text.split(':').next().unwrap_or_default().split(',').map(str::trim) {
        match word {
            "fr" | "en" => word.clone_into(&mut language),
            "public" => public = true,
            "private" => public = false,
            _ if !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()) => word.clone_into(&mut network),
            _ => {}
        }
    }
    (language, network, public)
}

fn reply(text: &str) -> Option<Expect> {
    let mut words = text.split_whitespace().map(str::to_owned);
    Some(Expect::Reply(words.next()?, words.collect()))
}

/// `connector order-status = { label = "En transit" }`, or `= false` where it does not answer.
fn connector(text: &str) -> Option<Line> {
    let table: toml::Table = toml::from_str(text.strip_prefix("connector")?.trim()).ok()?;
    let (name, told) = table.into_iter().next()?;
    let text = |value: toml::Value| match value {
        toml::Value::String(text) => Some(text),
        toml::Value::Boolean(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
        other => Some(other.to_string()),
    };
    match told {
        toml::Value::Boolean(false) => Some(Line::Connector(name, None)),
        toml::Value::Table(values) => {
            let values = values.into_iter().map(|(k, v)| Some((k, text(v)?))).collect::<Option<_>>()?;
            Some(Line::Connector(name, Some(values)))
        }
        _ => None,
    }
}

fn outcome(text: &str) -> Option<Expect> {
    match text.split_once(':') {
        None if text == "silence" => Some(Expect::Silence),
        None if text == "handoff" => Some(Expect::HandsOver),
        Some(("suggest", entry)) if !entry.is_empty() => Some(Expect::Suggest(entry.trim().to_owned())),
        Some(("not", entry)) if !entry.is_empty() => Some(Expect::Not(entry.trim().to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenes_have_a_place_and_keep_it() {
        let block = "# en, instagram, private\n> hello\n< answer label:x\n\n# near miss\n> cancel it\n= not:where\n";
        let scenes = read(block, 10).unwrap();
        assert_eq!(scenes.len(), 2);
        assert_eq!((scenes[0].language.as_str(), scenes[0].network.as_str(), scenes[0].line), ("en", "instagram", 11));
        assert_eq!(scenes[1].network, "instagram");
        assert_eq!(scenes[0].lines[1], Line::Expects(Expect::Reply("answer".into(), vec!["label:x".into()])));
        assert_eq!(scenes[1].lines[1], Line::Expects(Expect::Not("where".into())));
    }

    #[test]
    fn connectors_answer_or_do_not() {
        let told = |line: &str| read(line, 1).unwrap().remove(0).lines.remove(0);
        let values =
            BTreeMap::from([("label".to_owned(), "En transit".to_owned()), ("days".to_owned(), "2".to_owned())]);
        let line = "! connector order-status = { label = \"En transit\", days = 2 }";
        assert_eq!(told(line), Line::Connector("order-status".into(), Some(values)));
        assert_eq!(told("! connector order-status = false"), Line::Connector("order-status".into(), None));
        assert!(read("! order-status", 1).is_err() && read("! connector a = { b = [1] }", 1).is_err());
    }

    #[test]
    fn a_line_at_fault_is_named() {
        assert_eq!(read("> a\n? b", 3).unwrap_err().0, 4);
        assert_eq!(read("> a\n= maybe", 3).unwrap_err().0, 4);
        assert_eq!(read("> a\n<", 3).unwrap_err().0, 4);
    }
}
