//! The plays: which brands there are, what they publish, what was said before the curtain rises, and
//! who comes to say what. Everybody and everything here is invented.

mod aubepine;
mod badbuzz;
pub mod casts;
mod evening;
mod launch;
pub mod names;
mod orvelia;
mod savarret;
mod velora;

use self::casts::Voice;
use crate::base::Lang;

/// A play.
#[derive(Debug)]
pub struct Scenario {
    /// Its name on the command line.
    pub name: &'static str,
    /// The brands that are written to; the first one most.
    pub brands: &'static [Scene],
    /// How many come, after those of the first minute.
    pub rush: &'static [Rush],
    /// Who speaks to the first brand on the networks beside its pages.
    pub voices: &'static [Voice],
    /// How many seconds pass until others say the same there.
    pub round: u64,
    /// What the first brand has published there.
    pub film: &'static str,
    /// Every so many seconds another letter comes; none: those there are.
    pub letters: Option<u64>,
}

/// How long it takes until the next one comes, in tenths of a second.
#[derive(Debug, Clone, Copy)]
pub struct Rush {
    /// Until so many have come.
    pub until: usize,
    /// At the least.
    pub least: usize,
    /// And this much more at the most.
    pub more: usize,
}

const fn rush(until: usize, least: usize, more: usize) -> Rush {
    Rush { until, least, more }
}

/// Nothing out of the ordinary.
const USUAL: &[Rush] = &[rush(60, 90, 90), rush(usize::MAX, 180, 220)];
const POTS: &str = "Dans l’atelier : comment naît une cocotte, de la fonte à l’émail";

impl Scenario {
    /// How long after the one of this number the next comes: at the least, and how much more at the most.
    pub fn gap(&self, n: usize) -> (usize, usize) {
        let rush = self.rush.iter().find(|r| n < r.until).or(self.rush.last());
        rush.map_or((180, 220), |r| (r.least, r.more))
    }
}

/// A brand of the demo.
#[derive(Debug)]
pub struct Scene {
    /// Short name.
    pub slug: &'static str,
    /// Name.
    pub name: &'static str,
    /// Its page's id at the network.
    pub page: &'static str,
    /// What it states about itself: every fact, so that no text has a blank.
    pub facts: &'static [(&'static str, &'static str)],
    /// The entries its bot answers with by itself: in private, and where it says true in public, too.
    pub opened: &'static [(&'static str, bool)],
    /// What it has published: hours ago, and the words.
    pub posts: &'static [(u32, &'static str)],
    /// What was said before.
    pub past: &'static [Past],
    /// Who comes to say what.
    pub lines: &'static [Line],
    /// Orders are numbered with these letters before the number.
    pub orders: &'static str,
}

/// Every play there is.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "normal",
        brands: &[aubepine::SCENE, velora::SCENE],
        rush: USUAL,
        voices: casts::CONSUMERS,
        round: 600,
        film: POTS,
        letters: None,
    },
    // The rush hour: four minutes of some three hundred and fifty a minute over all networks, then a busy
    // evening.
    Scenario {
        name: "evening",
        brands: &[evening::AUBEPINE, evening::VELORA],
        rush: &[rush(1_200, 1, 3), rush(usize::MAX, 8, 12)],
        voices: casts::EVENING,
        round: 30,
        film: POTS,
        letters: Some(5),
    },
    Scenario {
        name: "launch",
        brands: &[launch::AUBEPINE, launch::VELORA],
        rush: &[rush(400, 8, 12), rush(usize::MAX, 60, 60)],
        voices: casts::LAUNCH,
        round: 60,
        film: "Sentier 2 : le bouchon qu’on ouvre avec des gants",
        letters: Some(40),
    },
    Scenario {
        name: "badbuzz",
        brands: &[badbuzz::AUBEPINE, badbuzz::VELORA],
        rush: &[rush(500, 6, 10), rush(usize::MAX, 30, 40)],
        voices: casts::BADBUZZ,
        round: 45,
        film: POTS,
        letters: Some(30),
    },
    Scenario {
        name: "b2b",
        brands: &[orvelia::SCENE, savarret::SCENE],
        rush: USUAL,
        voices: casts::BUSINESSES,
        round: 600,
        film: "Notre nouvelle version est là : l’export, enfin simple",
        letters: None,
    },
];

/// The play of this name.
pub fn scenario(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|s| s.name == name)
}

/// What people say to brands they buy from.
pub fn consumers() -> impl Iterator<Item = &'static Line> {
    SCENARIOS.iter().filter(|s| s.name == "normal").flat_map(|s| s.brands).flat_map(|b| b.lines)
}

/// Where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Under the page's post of this number.
    Under(usize),
    /// In Messenger.
    Private,
    /// On the page's wall.
    Wall,
    /// Under the publication of this number, on Instagram.
    Instagram(usize),
    /// In private, on Instagram.
    InstagramPrivate,
    /// On WhatsApp.
    Whatsapp,
    /// Under the post of this number, on Threads.
    Threads(usize),
}

impl Place {
    /// True where only the brand reads it.
    pub fn is_private(self) -> bool {
        matches!(self, Place::Private | Place::InstagramPrivate | Place::Whatsapp)
    }
}

/// Somebody's line, and how they are.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Their name.
    pub who: &'static str,
    /// Their language.
    pub lang: Lang,
    /// Where they say it.
    pub place: Place,
    /// What they say.
    pub says: &'static str,
    /// What they say to the first answer, the second …; nothing: whatever one says.
    pub then: &'static [&'static str],
    /// How they take an answer.
    pub temper: Temper,
    /// What they do afterwards.
    pub after: After,
    /// 1 to 3: comes in the first minute, in this part of it. 0: later.
    pub act: u8,
}

/// How somebody takes an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Is glad of it.
    Glad,
    /// Insists.
    Angry,
    /// Is not helped by what a machine can say, and asks for a person.
    WantsPerson,
    /// Never answers.
    Silent,
}

/// What somebody does after writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Waits.
    Waits,
    /// Blocks the page: answers cannot reach them.
    Blocks,
    /// Writes it anew, some seconds later.
    Edits(&'static str),
    /// Takes it away, some seconds later.
    Deletes,
}

/// What was said before the curtain rises.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    /// Minutes ago.
    pub ago: u32,
    /// Who.
    pub who: &'static str,
    /// Their language.
    pub lang: Lang,
    /// Where.
    pub place: Place,
    /// The words.
    pub says: &'static str,
    /// What followed.
    pub then: &'static [Then],
}

/// What followed, how many minutes after what was before.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// The page answered.
    Page(u32, &'static str),
    /// The person wrote again.
    They(u32, &'static str),
}

const fn fr(who: &'static str, place: Place, says: &'static str) -> Line {
    line(who, Lang::Fr, place, says)
}

const fn en(who: &'static str, place: Place, says: &'static str) -> Line {
    line(who, Lang::En, place, says)
}

const fn line(who: &'static str, lang: Lang, place: Place, says: &'static str) -> Line {
    Line { who, lang, place, says, then: &[], temper: Temper::Glad, after: After::Waits, act: 0 }
}

impl Line {
    const fn then(self, then: &'static [&'static str]) -> Line {
        Line { then, ..self }
    }
    const fn is(self, temper: Temper) -> Line {
        Line { temper, ..self }
    }
    const fn after(self, after: After) -> Line {
        Line { after, ..self }
    }
    const fn act(self, act: u8) -> Line {
        Line { act, ..self }
    }
}

const fn past(ago: u32, who: &'static str, place: Place, says: &'static str, then: &'static [Then]) -> Past {
    Past { ago, who, lang: Lang::Fr, place, says, then }
}

const fn past_en(ago: u32, who: &'static str, place: Place, says: &'static str, then: &'static [Then]) -> Past {
    Past { ago, who, lang: Lang::En, place, says, then }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::desk::canned::Fact;

    #[test]
    fn every_play_can_be_played() {
        let mut pages = std::collections::BTreeMap::new();
        for scene in SCENARIOS.iter().flat_map(|s| s.brands) {
            assert_eq!(*pages.entry(scene.page).or_insert(scene.slug), scene.slug, "they share a page");
            for fact in Fact::ALL {
                let stated = scene.facts.iter().find(|(name, _)| *name == fact.name);
                assert!(stated.is_some_and(|(_, v)| !v.is_empty()), "{} does not state {}", scene.slug, fact.name);
            }
            let places = scene.lines.iter().map(|l| l.place).chain(scene.past.iter().map(|p| p.place));
            for place in places {
                assert!(
                    !matches!(place, Place::Under(n) | Place::Instagram(n) | Place::Threads(n) if n >= scene.posts.len()),
                    "{}: {place:?}",
                    scene.slug
                );
            }
            let who: BTreeSet<&str> = scene.lines.iter().map(|l| l.who).collect();
            assert_eq!(who.len(), scene.lines.len(), "somebody of {} has two lines", scene.slug);
            let langs: BTreeSet<&str> = scene.lines.iter().map(|l| l.lang.as_str()).collect();
            assert_eq!(langs.len(), 2, "{} is written to in one language only", scene.slug);
        }
        for scenario in SCENARIOS {
            // Whoever signs in sees the first by name: most must happen there.
            assert!(scenario.brands.is_sorted_by_key(|b| b.slug), "{}", scenario.name);
            let lines = || scenario.brands.iter().flat_map(|b| b.lines);
            assert!(lines().any(|l| l.act > 0 && l.after == After::Blocks), "{}", scenario.name);
            assert!(lines().any(|l| l.temper == Temper::WantsPerson), "{}", scenario.name);
            assert!(lines().any(|l| l.temper == Temper::Angry), "{}", scenario.name);
            let voices = scenario.voices;
            assert!(voices.is_sorted_by_key(|v| v.0) && voices.last().is_some_and(|v| v.0 < scenario.round));
            let langs: BTreeSet<&str> = voices.iter().map(|v| v.2.as_str()).collect();
            assert_eq!(langs.len(), 2, "{}", scenario.name);
            for place in casts::Place::ALL {
                let rare = *place == casts::Place::TikTokPrivate || *place == casts::Place::TikTok;
                assert!(rare || voices.iter().any(|v| v.1 == *place), "{}: nobody at {place:?}", scenario.name);
            }
            assert!(scenario.rush.is_sorted_by_key(|r| r.until), "{}", scenario.name);
        }
    }
}
