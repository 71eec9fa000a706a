//! The tests written beside the answers, played with the bot as it is: it thinks, asks, waits, and asks
//! connectors whose answers stand in the test.

use std::collections::BTreeMap;
use std::fmt;

use super::{Said, learn};
use crate::desk::bot::{Decision, Verdict};
use crate::desk::calibration::Thresholds;
use crate::desk::canned::{Act, Entry, Expect, Library, Line, Mode, Scene, Values};
use crate::desk::faq::Faq;
use crate::desk::message::Visibility;
use crate::desk::talk::{self, Ends, Heard, Says, Talk, Turn, Waits};
use crate::flow::House;

/// A test that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// The entry it stands beside.
    pub path: String,
    /// The line of its file where it begins.
    pub line: usize,
    /// What the customer wrote last.
    pub said: String,
    /// What went wrong.
    pub wrong: Wrong,
}

/// What went wrong in a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Another thing came than what should.
    Differs(Came, Came),
    /// It cannot be played so.
    Unfit(String),
}

/// What should come of a customer's line, or what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// This text of this entry.
    Text(String, String),
    /// This text, and this act.
    With(String, String),
    /// This entry.
    Entry(String),
    /// Anything but this entry.
    Not(String),
    /// Nothing at all.
    Silence,
    /// A person, and why, where that is known.
    Person(Option<String>),
}

impl fmt::Display for Came {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Came::Text(name, entry) => write!(f, "{name} of {entry}"),
            Came::With(name, act) => write!(f, "{name} with {act}"),
            Came::Entry(entry) => f.write_str(entry),
            Came::Not(entry) => write!(f, "anything but {entry}"),
            Came::Silence => f.write_str("silence"),
            Came::Person(None) => f.write_str("a person"),
            Came::Person(Some(why)) => write!(f, "a person ({why})"),
        }
    }
}

impl fmt::Display for Failing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.md:{}: ", self.path, self.line)?;
        match &self.wrong {
            Wrong::Differs(expected, got) => write!(f, "“{}”: expected {expected}, got {got}", self.said),
            Wrong::Unfit(why) => write!(f, "“{}”: {why}", self.said),
        }
    }
}

/// Plays every test of every entry; how many passed, and those that fail.
pub fn play(house: &House, entries: Vec<Entry>) -> (usize, Vec<Failing>) {
    let faq = learn(entries.iter());
    play_on(house, &Library::of(entries), &faq)
}

/// The same on a library that is learnt already.
pub fn play_on(house: &House, library: &Library, faq: &Faq) -> (usize, Vec<Failing>) {
    let (mut passed, mut failed) = (0, Vec::new());
    for entry in library.entries() {
        for scene in &entry.tests {
            match one(house, library, faq, entry, scene) {
                None => passed += 1,
                Some((said, wrong)) => failed.push(Failing { path: entry.path(), line: scene.line, said, wrong }),
            }
        }
    }
    (passed, failed)
}

/// How a scene stands.
struct Stage<'a> {
    library: &'a Library,
    scene: &'a Scene,
    visibility: Visibility,
    talk: Option<Talk>,
    turn: Option<Turn>,
    decision: Option<Decision>,
    text: String,
    post: Option<String>,
}

/// Plays a scene; what went wrong after which line of the customer's, if anything did.
fn one(house: &House, library: &Library, faq: &Faq, entry: &Entry, scene: &Scene) -> Option<(String, Wrong)> {
    let visibility = if scene.public { Visibility::Public } else { Visibility::Private };
    let mut stage =
        Stage { library, scene, visibility, talk: None, turn: None, decision: None, text: String::new(), post: None };
    for line in &scene.lines {
        match line {
            Line::Under(words) => stage.post = Some(words.clone()),
            Line::Says(text) => {
                let said = Said::new(text, &scene.network, visibility, Some(&scene.language));
                let said = Said { post: stage.post.as_deref(), ..said };
                let decision = house.think(library, faq, said, &|_| Mode::Auto, &Thresholds::default());
                stage.says(text, decision);
            }
            Line::Connector(name, told) => {
                if let Err(wrong) = stage.told(name, told.clone()) {
                    return Some((stage.text, Wrong::Unfit(wrong)));
                }
            }
            Line::Expects(expect) => {
                // A connector of which the test tells nothing does not answer.
                if let Some(Ends::Calls(name)) = stage.turn.as_ref().map(|t| t.ends.clone()) {
                    let _ = stage.told(&name, None);
                }
                if let Some(wrong) = stage.differs(entry, expect) {
                    return Some((stage.text, wrong));
                }
            }
        }
    }
    None
}

impl Stage<'_> {
    /// The customer writes.
    fn says(&mut self, text: &str, decision: Decision) {
        let heard = Heard { text, decision: &decision, unsaid: false };
        text.clone_into(&mut self.text);
        let going_on = self.talk.take().and_then(|talk| {
            let entry = self.library.get(&talk.entry)?;
            let turn = talk::hear(entry, talk, &heard);
            (turn.ends != Ends::Breaks).then_some(turn)
        });
        self.turn = going_on.or_else(|| {
            let named = matches!(decision.decision, Verdict::Answer | Verdict::Suggest);
            let entry = self.library.get(decision.entry.as_deref().filter(|_| named)?)?;
            Some(talk::begin(entry, &self.scene.language, self.visibility, text))
        });
        self.decision = Some(decision);
        self.keep();
    }

    /// A connector answers, or does not.
    fn told(&mut self, name: &str, told: Option<BTreeMap<String, String>>) -> Result<(), String> {
        let turn = self.turn.take().ok_or("nobody has written yet")?;
        match &turn.talk.waits {
            Some(Waits::Connector(waits)) if waits == name => {}
            _ => return Err(format!("the connector {name} is not asked")),
        }
        let entry = self.library.get(&turn.talk.entry).ok_or("the entry is gone")?;
        let mut next = talk::result(entry, turn.talk, told.ok_or_else(|| "no answer".to_owned()));
        next.acts.splice(0..0, turn.acts);
        self.turn = Some(next);
        self.keep();
        Ok(())
    }

    fn keep(&mut self) {
        let waits = |t: &Turn| (t.ends == Ends::Waits).then(|| t.talk.clone());
        self.talk = self.turn.as_ref().and_then(waits);
    }

    fn got(&self) -> Came {
        match self.turn.as_ref() {
            Some(Turn { says: Some(Says::Text(name)), talk, .. }) => Came::Text(name.clone(), talk.entry.clone()),
            Some(Turn { ends: Ends::HandsOver(why, _), .. }) => Came::Person(Some(why.clone())),
            _ => match self.decision.as_ref() {
                Some(Decision { decision: Verdict::Handoff, .. }) => Came::Person(None),
                Some(Decision { decision: Verdict::Answer | Verdict::Suggest, entry: Some(entry), .. }) => {
                    Came::Entry(entry.clone())
                }
                _ => Came::Silence,
            },
        }
    }

    fn differs(&self, entry: &Entry, expect: &Expect) -> Option<Wrong> {
        let decision = self.decision.as_ref()?;
        let at = |id: &str, path: &str| self.library.get(path).is_some_and(|e| e.head.id == id || e.path() == id);
        let meant = |id: &str| match &self.turn {
            Some(turn) => at(id, &turn.talk.entry),
            None => decision.entry.as_deref().is_some_and(|path| at(id, path)),
        };
        let differs = |what: Came| Some(Wrong::Differs(what, self.got()));
        match expect {
            Expect::Reply(name, acts) => {
                let turn = self.turn.as_ref().filter(|t| at(&entry.head.id, &t.talk.entry));
                let Some(turn) = turn.filter(|t| t.says == Some(Says::Text(name.clone()))) else {
                    return differs(Came::Text(name.clone(), entry.head.id.clone()));
                };
                if let Some(missing) = self.missing(entry, name, turn) {
                    return Some(Wrong::Unfit(format!("nobody fills in {missing} of {name}")));
                }
                acts.iter().find(|act| !does(turn, act)).and_then(|act| differs(Came::With(name.clone(), act.clone())))
            }
            Expect::Silence => {
                let quiet = matches!(decision.decision, Verdict::Silent | Verdict::Handoff);
                if quiet { None } else { differs(Came::Silence) }
            }
            Expect::HandsOver => {
                let over = decision.decision == Verdict::Handoff
                    || matches!(self.turn.as_ref().map(|t| &t.ends), Some(Ends::HandsOver(..)));
                if over { None } else { differs(Came::Person(None)) }
            }
            Expect::Suggest(id) => {
                if meant(id) {
                    None
                } else {
                    differs(Came::Entry(id.clone()))
                }
            }
            Expect::Not(id) => {
                if meant(id) {
                    differs(Came::Not(id.clone()))
                } else {
                    None
                }
            }
        }
    }

    /// What a text would lack, said now: what the brand states, and who writes, is taken to be known.
    fn missing(&self, entry: &Entry, name: &str, turn: &Turn) -> Option<String> {
        let mut values = Values::samples();
        let all = turn.talk.slots.iter().map(|(k, v)| (k.clone(), v));
        for (name, value) in all.chain(turn.talk.results.iter().map(|(k, v)| (format!("result.{k}"), v))) {
            values.tell(&name, value);
        }
        let place = (self.scene.language.as_str(), self.scene.network.as_str(), turn.talk.visibility);
        let Some(choice) = self.library.choose(entry, Some(name), place, &values) else {
            return Some("any text".into());
        };
        choice.filled.missing().first().map(ToString::to_string)
    }
}

/// True when a turn does what a test names: `label:x`, `stage:x`, `assign:x`.
fn does(turn: &Turn, act: &str) -> bool {
    let over = match &turn.ends {
        Ends::HandsOver(_, team) => team.clone(),
        _ => None,
    };
    match act.split_once(':') {
        Some(("label", label)) => turn.acts.contains(&Act::Label(label.to_owned())),
        Some(("stage", stage)) => turn.acts.iter().any(|a| matches!(a, Act::Stage(s) if s.as_str() == stage)),
        Some(("assign", team)) => turn.acts.contains(&Act::Assign(team.to_owned())) || over.as_deref() == Some(team),
        _ => false,
    }
}
