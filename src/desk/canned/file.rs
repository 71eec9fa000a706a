//! One entry's file: TOML between two `+++` lines, then texts under `## language` and
//! `### name @network`, then tests in a `conv` block.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::conv::{self, Scene};
use super::template::Template;
use super::wrong::Wrong;
use crate::base::locale::Lang;
use crate::base::sign::fingerprint;
use crate::base::text::fold;
use crate::desk::message::Visibility;
use crate::desk::stage::Stage;
use crate::desk::triage::front_matter;
use crate::words;

/// Something a file may not say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error("{file}:{line}: {what}")]
pub struct Problem {
    /// The file, below the library's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: Wrong,
}

impl Problem {
    /// Where and what, in a language.
    pub fn said(&self, lang: Lang) -> String {
        format!("{}:{}: {}", self.file, self.line, self.what.said(lang))
    }
}

words! {
    /// Where an entry's texts may go.
    pub enum Audience {
        /// Anywhere.
        Any = "any",
        /// In private only.
        Private = "private",
        /// Where everybody reads.
        Public = "public",
    }
}

/// By language: `fr`, `en`.
pub type ByLanguage<T> = BTreeMap<String, T>;

/// What stands between the `+++` lines.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The entry's name: as its file's.
    pub id: String,
    /// Its title for people.
    pub title: ByLanguage<String>,
    /// What agents type to find it.
    #[serde(default)]
    pub shortcut: Option<String>,
    /// Which team usually uses it.
    #[serde(default)]
    pub team: Option<String>,
    /// When somebody should read it again.
    #[serde(default)]
    pub review_by: Option<toml::value::Datetime>,
    /// Where its texts may go.
    #[serde(default = "anywhere")]
    pub audience: Audience,
    /// What customers write when they mean this.
    #[serde(default)]
    pub examples: ByLanguage<Vec<String>>,
    /// What they write when they do not, and might seem to.
    #[serde(default)]
    pub not_examples: ByLanguage<Vec<String>>,
    /// What has to hold besides.
    #[serde(default)]
    pub when: When,
    /// What has to be asked.
    #[serde(default)]
    pub slots: BTreeMap<String, Slot>,
    /// What the bot does.
    #[serde(default)]
    pub steps: Vec<Step>,
}

fn anywhere() -> Audience {
    Audience::Any
}

/// Words that must, or must not, be there.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// One of these, by language.
    #[serde(default)]
    pub any_of: ByLanguage<Vec<String>>,
    /// None of these.
    #[serde(default)]
    pub none_of: ByLanguage<Vec<String>>,
    /// Under a publication that has one of these words; such an entry is meant nowhere else.
    #[serde(default)]
    pub post_any_of: ByLanguage<Vec<String>>,
    /// Only messages at least this friendly, from −1 to 1.
    #[serde(default)]
    pub sentiment_above: Option<f64>,
}

/// Something to ask for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// What it looks like.
    pub regex: String,
    /// The text that asks.
    pub ask: String,
    /// The text that asks once more; the same one where there is none.
    #[serde(default)]
    pub again: Option<String>,
    /// How often, at most.
    #[serde(default)]
    pub tries: Option<u8>,
}

/// One step of the bot.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Only in this place.
    #[serde(default)]
    pub when: Place,
    /// What is done.
    #[serde(rename = "do", default)]
    pub acts: Vec<Act>,
    /// A slot that must be filled.
    #[serde(default)]
    pub need: Option<String>,
    /// A connector that is asked.
    #[serde(default)]
    pub call: Option<String>,
    /// What is done when it fails.
    #[serde(default)]
    pub on_error: Vec<Act>,
}

/// Where a step holds.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Public or private; both when absent.
    #[serde(default)]
    pub visibility: Option<Visibility>,
}

/// One thing the bot does.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Says this text.
    Reply(String),
    /// Adds a label.
    Label(String),
    /// Raises the stage.
    Stage(Stage),
    /// Gives the ticket to a team.
    Assign(String),
    /// Hands over to a team.
    Handoff(String),
}

/// One text: for a network, or for all that have none of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The network's slug; none for all others.
    pub network: Option<String>,
    /// The text as written.
    pub source: String,
    /// The text, read.
    pub template: Template,
    /// In which line of the file it begins.
    pub line: usize,
}

/// A text: its language and name, the network it is for, and its words.
pub type Said<'a> = (&'a str, &'a str, Option<&'a str>, &'a str);

/// An entry of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The folder it stands in.
    pub folder: String,
    /// What stands between the `+++` lines.
    pub head: Head,
    /// Texts by language, then by name.
    pub texts: ByLanguage<BTreeMap<String, Vec<Variant>>>,
    /// The author's own tests.
    pub tests: Vec<Scene>,
    /// Fingerprint of the file.
    pub version: String,
}

impl Entry {
    /// Reads a file named `folder/slug.md`.
    ///
    /// # Errors
    /// Every [`Problem`], not only the first.
    pub fn read(file: &str, source: &str) -> Result<Entry, Vec<Problem>> {
        let problem = |line: usize, what: Wrong| Problem { file: file.to_owned(), line, what };
        let Some((folder, slug)) = file.strip_suffix(".md").and_then(|f| f.rsplit_once('/')) else {
            return Err(vec![problem(1, Wrong::new("file-name"))]);
        };
        let Some(front) = front_matter(source) else {
            return Err(vec![problem(1, Wrong::new("no-block"))]);
        };
        let head: Head = match toml::from_str(front) {
            Ok(head) => head,
            Err(error) => {
                let line = error.span().map_or(0, |s| front[..s.start].matches('\n').count()) + 2;
                return Err(vec![problem(line, Wrong::new("block").with("detail", error.message()))]);
            }
        };
        let mut problems = Vec::new();
        if head.id != slug {
            problems.push(problem(2, Wrong::new("id").with("id", &head.id).with("file", slug)));
        }
        let start = source.find(front).unwrap_or(0) + front.len();
        let first = source[..start].lines().count() + 1;
        let body = source[start..].split_once('\n').map_or("", |(_, body)| body);
        let (texts, tests) = read_body(body, first + 1, &mut |line, what| problems.push(problem(line, what)));
        if !problems.is_empty() {
            return Err(problems);
        }
        let version = fingerprint(&[source])[..8].to_owned();
        Ok(Entry { folder: folder.to_owned(), head, texts, tests, version })
    }

    /// What it says (language, name, network, words) and its tests, wherever in the file they stand.
    pub fn body(&self) -> (Vec<Said<'_>>, Vec<Scene>) {
        let mut said = Vec::new();
        for (language, named) in &self.texts {
            for (name, all) in named {
                said.extend(all.iter().map(|v| (&**language, &**name, v.network.as_deref(), &*v.source)));
            }
        }
        (said, self.tests.iter().map(|t| Scene { line: 0, ..t.clone() }).collect())
    }

    /// Its place: `folder/id`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.folder, self.head.id)
    }

    /// The title in a language, or in any.
    pub fn title(&self, language: &str) -> &str {
        let titles = &self.head.title;
        titles.get(language).or_else(|| titles.values().next()).map_or(self.head.id.as_str(), String::as_str)
    }

    /// True when it carries examples: then it can be a bot answer.
    pub fn answers(&self) -> bool {
        self.head.examples.values().any(|e| !e.is_empty())
    }

    /// The text agents get first: the one the bot would say or ask with, else `answer`, else the first.
    pub fn main_text(&self, visibility: Visibility) -> Option<&str> {
        let here = self.head.steps.iter().filter(|s| s.when.visibility.is_none_or(|v| v == visibility));
        let reply = |acts: &'_ [Act]| acts.iter().position(|a| matches!(a, Act::Reply(_)));
        let mut said = None;
        for step in here {
            // What is asked first is said first; what comes after a connector only it can fill in.
            if let Some(slot) = step.need.as_ref().and_then(|n| self.head.slots.get(n)) {
                said = Some(slot.ask.as_str());
            } else if let Some(Act::Reply(name)) = reply(&step.acts).and_then(|at| step.acts.get(at)) {
                said = Some(name.as_str());
            }
            if said.is_some() || step.call.is_some() {
                break;
            }
        }
        let any = self.texts.values().next()?;
        said.or_else(|| any.contains_key("answer").then_some("answer"))
            .or_else(|| any.keys().next().map(String::as_str))
    }

    /// True when it has a text for this audience in every language it is written in.
    pub fn speaks(&self, visibility: Visibility) -> bool {
        let audience = match visibility {
            Visibility::Public => self.head.audience != Audience::Private,
            _ => self.head.audience != Audience::Public,
        };
        let main = self.main_text(visibility);
        audience && main.is_some_and(|name| self.texts.values().all(|texts| texts.contains_key(name)))
    }

    /// A text in a language, for a network.
    pub fn text(&self, language: &str, name: &str, network: &str) -> Option<&Variant> {
        let variants = self.texts.get(language)?.get(name)?;
        let own = variants.iter().find(|v| v.network.as_deref() == Some(network));
        own.or_else(|| variants.iter().find(|v| v.network.is_none()))
    }

    /// What a search in the picker looks at, folded: title, shortcut, words.
    pub fn haystack(&self, language: &str) -> String {
        let texts = self.texts.get(language).into_iter().flat_map(BTreeMap::values).flatten();
        let mut all = format!("{} {} ", self.title(language), self.head.shortcut.as_deref().unwrap_or_default());
        texts.for_each(|v| all.push_str(&v.source));
        fold(&all).text
    }
}

/// A heading of a text: its name, its network, its line.
type Heading = (String, Option<String>, usize);
type Texts = ByLanguage<BTreeMap<String, Vec<Variant>>>;

/// Reads what follows the front matter, from line `first` of the file on.
fn read_body(body: &str, first: usize, wrong: &mut dyn FnMut(usize, Wrong)) -> (Texts, Vec<Scene>) {
    let mut texts = Texts::new();
    let mut scenes = Vec::new();
    let (mut language, mut open): (Option<String>, Option<Heading>) = (None, None);
    let (mut text, mut in_tests, mut block): (String, bool, Option<(usize, String)>) = (String::new(), false, None);
    let mut close =
        |language: &Option<String>, open: Option<Heading>, text: &mut String, wrong: &mut dyn FnMut(usize, Wrong)| {
            let source = std::mem::take(text).trim().to_owned();
            let (Some(language), Some((name, network, line))) = (language, open) else {
                return;
            };
            let template = match Template::parse(&source) {
                Ok(template) => template,
                Err(mistake) => return wrong(line + mistake.line, mistake.what),
            };
            let variants = texts.entry(language.clone()).or_default().entry(name.clone()).or_default();
            if variants.iter().any(|v| v.network == network) {
                return wrong(line, Wrong::new("twice").with("name", name));
            }
            if source.is_empty() {
                return wrong(line, Wrong::new("no-words").with("name", name));
            }
            variants.push(Variant { network, source, template, line });
        };
    for (n, line) in body.lines().enumerate() {
        let at = first + n;
        if let Some((_, lines)) = &mut block {
            if line.trim() == "~~~" {
                let (start, lines) = block.take().unwrap_or_default();
                match conv::read(&lines, start) {
                    Ok(read) => scenes.extend(read),
                    Err((line, what)) => wrong(line, what),
                }
            } else {
                lines.push_str(line);
                lines.push('\n');
            }
        } else if let Some(name) = line.strip_prefix("### ") {
            close(&language, open.take(), &mut text, wrong);
            let (name, network) = name.split_once('@').map_or((name, None), |(n, w)| (n, Some(w.trim().to_owned())));
            if language.is_none() {
                wrong(at, Wrong::new("no-language"));
            }
            open = Some((name.trim().to_owned(), network, at));
        } else if let Some(section) = line.strip_prefix("## ") {
            close(&language, open.take(), &mut text, wrong);
            in_tests = section.trim() == "tests";
            language = match section.trim() {
                "fr" | "en" => Some(section.trim().to_owned()),
                "tests" => None,
                other => {
                    wrong(at, Wrong::new("section").with("name", other));
                    None
                }
            };
        } else if in_tests && line.trim() == "~~~conv" {
            block = Some((at + 1, String::new()));
        } else if open.is_some() {
            text.push_str(line);
            text.push('\n');
        } else if !line.trim().is_empty() {
            wrong(at, Wrong::new("no-heading"));
        }
    }
    close(&language, open.take(), &mut text, wrong);
    if let Some((line, _)) = block {
        wrong(line, Wrong::new("conv-open"));
    }
    (texts, scenes)
}
