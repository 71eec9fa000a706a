//! The crowd: who comes when, what they do when they are answered. Which of them comes is decided by
//! dice that have no memory, when is counted in the crowd's own time; so the same seed plays the same
//! play, fast or slow, looked at often or seldom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::facebook::{Act, Kept};
use super::manners::{self, Heard, Move};
use super::pace::Pace;
use super::places::{On, Places, Who};
use super::scenes::{After, Line, Place, Scenario, Scene, Temper, Then, names};
use super::{Simulator, meta};
use crate::base::{Given, Lang};

/// The crowd, playing.
pub struct Play {
    places: Places,
    given: Given,
    scenario: &'static Scenario,
    dice: Dice,
    pace: Arc<Pace>,
    memory: Mutex<Memory>,
}

/// Something worth remembering until another day. The later one counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Record {
    /// The play that is played.
    Begun {
        /// Its name.
        scenario: String,
    },
    /// The network remembers something.
    World {
        /// What.
        kept: Kept,
    },
    /// A network beside Facebook remembers something.
    Elsewhere {
        /// Which.
        network: String,
        /// What.
        kept: meta::Kept,
    },
    /// A post of a brand stands under this id.
    Posted {
        /// Which brand.
        brand: usize,
        /// Which of its posts.
        n: usize,
        /// The id.
        id: String,
        /// On which network; none: Facebook.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        network: Option<String>,
    },
    /// What was said before the beginning is told.
    Told,
    /// How many have come.
    Arrived {
        /// So many.
        n: usize,
    },
    /// How often a line was said.
    Said {
        /// Which brand's.
        brand: usize,
        /// Which.
        line: usize,
        /// So often.
        times: usize,
    },
    /// Where somebody stands in an exchange.
    Spoke {
        /// The page.
        page: String,
        /// Where they are answered: a comment, a post of theirs, themselves.
        on: String,
        /// How it stands.
        spoken: Box<Spoken>,
    },
}

/// How an exchange stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Spoken {
    brand: usize,
    line: Option<usize>,
    lang: Lang,
    id: String,
    name: String,
    said: String,
    turns: usize,
    gave: bool,
    asked: bool,
    /// An answer of ours they have not answered yet.
    owes: Option<Act>,
}

/// A page, and where somebody is answered there.
type Spot = (String, String);

#[derive(Default)]
struct Memory {
    told: bool,
    arrived: usize,
    said: BTreeMap<(usize, usize), usize>,
    posts: BTreeMap<(usize, usize), String>,
    /// The same posts on other networks.
    elsewhere: BTreeMap<(usize, usize, On), String>,
    spoke: BTreeMap<Spot, Spoken>,
    /// What was said last, to be reacted to: brand, id, and whether in anger.
    lately: Vec<(usize, String, bool)>,
    /// How far in our ledgers they have read.
    read: BTreeMap<On, usize>,
    agenda: BTreeMap<(Duration, usize), Deed>,
    planned: usize,
    changes: Vec<Record>,
}

/// Something somebody will do.
enum Deed {
    Arrive,
    Read { account: String, id: String, name: String, ours: String },
    Answer(Spot, Act),
    Edit { page: String, id: String, text: &'static str },
    Delete { page: String, id: String },
    React { page: String, on: String, who: (String, String), what: &'static str },
}

impl Memory {
    fn plan(&mut self, at: Duration, deed: Deed) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), deed);
    }

    fn keep(&mut self, spot: Spot, spoken: Spoken) {
        let (page, on) = spot.clone();
        self.changes.push(Record::Spoke { page, on, spoken: Box::new(spoken.clone()) });
        self.spoke.insert(spot, spoken);
    }
}

fn tenths(n: usize) -> Duration {
    Duration::from_millis(u64::try_from(n).unwrap_or(0) * 100)
}

impl Play {
    /// A play on these pages, which the network knows already.
    pub fn new(simulator: &Simulator, given: Given, scenario: &'static Scenario, seed: u64, pace: Arc<Pace>) -> Play {
        let places = Places::of(simulator);
        places.keep_changes();
        let begun = Record::Begun { scenario: scenario.name.to_owned() };
        let mut memory = Memory { changes: vec![begun], ..Memory::default() };
        memory.plan(tenths(15), Deed::Arrive);
        Play { places, given, scenario, dice: Dice(seed), pace, memory: Mutex::new(memory) }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is worth remembering since the last time, in order.
    pub fn changes(&self) -> Vec<Record> {
        let world = self.places.facebook.changes().into_iter().map(|kept| Record::World { kept });
        let elsewhere = self.places.changes().into_iter();
        let elsewhere = elsewhere.map(|(on, kept)| Record::Elsewhere { network: on.slug().to_owned(), kept });
        let mut all: Vec<Record> = world.chain(elsewhere).collect();
        all.append(&mut self.memory().changes);
        all
    }

    /// Remembers what was worth it.
    ///
    /// # Errors
    /// When another play was played there.
    pub fn remember(&self, record: Record) -> Result<(), String> {
        let mut memory = self.memory();
        match record {
            Record::Begun { scenario } if scenario != self.scenario.name => return Err(scenario),
            Record::Begun { .. } => {}
            Record::World { kept } => self.places.facebook.remember(kept),
            Record::Elsewhere { network, kept } => self.places.remember(&network, kept),
            Record::Posted { brand, n, id, network: None } => drop(memory.posts.insert((brand, n), id)),
            Record::Posted { brand, n, id, network: Some(network) } => {
                let on = On::OTHERS.into_iter().find(|on| on.slug() == network);
                if let Some(on) = on {
                    memory.elsewhere.insert((brand, n, on), id);
                }
            }
            Record::Told => memory.told = true,
            Record::Arrived { n } => memory.arrived = n,
            Record::Said { brand, line, times } => drop(memory.said.insert((brand, line), times)),
            Record::Spoke { page, on, spoken } => drop(memory.spoke.insert((page, on), *spoken)),
        }
        Ok(())
    }

    /// Takes up what was left open when it was last played.
    pub fn resume(&self) {
        self.places.skip_ids();
        let mut memory = self.memory();
        let open: Vec<(Spot, Act)> =
            memory.spoke.iter().filter_map(|(spot, s)| Some((spot.clone(), s.owes.clone()?))).collect();
        for (n, (spot, act)) in open.into_iter().enumerate() {
            memory.plan(tenths(40 + 30 * n), Deed::Answer(spot, act));
        }
    }

    /// The answers of ours that somebody is about to answer, by the network's ids.
    pub fn pondered(&self) -> BTreeSet<String> {
        let of = |deed: &Deed| if let Deed::Answer(_, act) = deed { Some(act.id.clone()) } else { None };
        self.memory().agenda.values().filter_map(of).collect()
    }

    /// Tells what was said before the curtain rises, once: each piece when the one before has been
    /// taken, as a network would have told it in those days.
    pub async fn tell_the_past(&self) {
        if std::mem::replace(&mut self.memory().told, true) {
            return;
        }
        let now = self.given.now();
        let ago = |minutes: u32| now.minus(Duration::from_mins(u64::from(minutes)));
        let mut told: Vec<(u32, usize, Piece)> = Vec::new();
        for (brand, scene) in self.scenario.brands.iter().enumerate() {
            told.extend(scene.posts.iter().enumerate().map(|(n, (hours, _))| (hours * 60, brand, Piece::Post(n))));
            for (p, past) in scene.past.iter().enumerate() {
                told.push((past.ago, brand, Piece::First(p)));
                let mut left = past.ago;
                for (t, then) in past.then.iter().enumerate() {
                    let (Then::Page(later, _) | Then::They(later, _)) = then;
                    left = left.saturating_sub(*later);
                    told.push((left, brand, Piece::Next(p, t)));
                }
            }
        }
        told.sort_by_key(|(minutes, ..)| std::cmp::Reverse(*minutes));
        let mut places: BTreeMap<(usize, usize), String> = BTreeMap::new();
        for (minutes, brand, piece) in told {
            let scene = &self.scenario.brands[brand];
            let at = ago(minutes);
            match piece {
                Piece::Post(n) => {
                    let id = self.places.facebook.publish_at(scene.page, scene.posts[n].1, at);
                    let mut memory = self.memory();
                    memory.changes.push(Record::Posted { brand, n, id: id.clone(), network: None });
                    memory.posts.insert((brand, n), id);
                    drop(memory);
                    self.publish_elsewhere(scene, brand, n, at);
                }
                Piece::First(p) => {
                    let past = &scene.past[p];
                    let spoken = Spoken {
                        line: None,
                        turns: usize::from(!past.then.is_empty()),
                        ..Spoken::new(brand, past.lang, past.who, past.says)
                    };
                    let on = self.speak(scene, past.place, past.says, &spoken, Some(at));
                    places.insert((brand, p), on.1.clone());
                    self.memory().keep(on, spoken);
                }
                Piece::Next(p, t) => {
                    let (past, on) = (&scene.past[p], places[&(brand, p)].clone());
                    let person = person_id(past.who);
                    match (past.then[t], past.place) {
                        (Then::Page(_, text), Place::Private) => {
                            self.places.facebook.page_wrote_at(scene.page, &on, text, at);
                        }
                        (Then::Page(_, text), _) => {
                            self.places.facebook.comment_at(scene.page, &on, (scene.page, scene.name), text, at);
                        }
                        (Then::They(_, text), Place::Private) => {
                            self.places.facebook.message_at(scene.page, (&on, past.who), text, at);
                        }
                        (Then::They(_, text), _) => {
                            self.places.facebook.comment_at(scene.page, &on, (&person, past.who), text, at);
                        }
                    }
                }
            }
            self.places.facebook.all_taken().await;
        }
        self.memory().changes.push(Record::Told);
    }

    /// What a brand publishes stands on its other accounts, too.
    fn publish_elsewhere(&self, scene: &Scene, brand: usize, n: usize, at: crate::base::At) {
        for on in On::OTHERS.into_iter().filter(|on| self.places.plays(scene.page, *on)) {
            let Some(id) = self.places.publish_at(&on.account(scene.page), scene.posts[n].1, at) else { continue };
            let mut memory = self.memory();
            let network = Some(on.slug().to_owned());
            memory.changes.push(Record::Posted { brand, n, id: id.clone(), network });
            memory.elsewhere.insert((brand, n, on), id);
        }
    }

    /// Everybody does what they would have done by now. `automatic` says which answers of ours, by the
    /// network's ids, a machine wrote.
    pub fn beat(&self, automatic: &dyn Fn(&str) -> bool) {
        let story = self.pace.story(self.given.now());
        if self.pace.now().1 {
            return;
        }
        self.hear(story);
        loop {
            let next = {
                let mut memory = self.memory();
                let first = memory.agenda.first_entry().filter(|e| e.key().0 <= story);
                first.map(std::collections::btree_map::OccupiedEntry::remove_entry)
            };
            let Some(((at, _), deed)) = next else { return };
            match deed {
                Deed::Arrive => self.arrive(at),
                Deed::Read { account, id, name, ours } => {
                    self.places.read(&account, Who { id: &id, name: &name }, &ours);
                }
                Deed::Answer(spot, act) => self.answer(at, &spot, &act, automatic(&act.id)),
                Deed::Edit { page, id, text } => self.places.facebook.edit_comment(&page, &id, text),
                Deed::Delete { page, id } => self.places.facebook.delete_comment(&page, &id),
                Deed::React { page, on, who, what } => self.places.facebook.react(&page, &on, (&who.0, &who.1), what),
            }
        }
    }

    /// Somebody comes: of those of the first minute in its order, then of those who have spoken
    /// least; when everybody has spoken, others ask the same.
    fn arrive(&self, at: Duration) {
        let n = self.memory().arrived;
        let turn = n.to_string();
        let (brand, line) = self.next_line(&turn);
        let scene = &self.scenario.brands[brand];
        let said = scene.lines[line];
        let opening = said.act > 0 && !self.memory().said.contains_key(&(brand, line));
        let times = {
            let mut memory = self.memory();
            let times = memory.said.entry((brand, line)).or_default();
            *times += 1;
            let times = *times;
            memory.arrived = n + 1;
            memory.changes.extend([Record::Arrived { n: n + 1 }, Record::Said { brand, line, times }]);
            times
        };
        let who = if times == 1 {
            said.who.to_owned()
        } else {
            names::name(said.lang, self.dice.below(10_000, &["name", &turn]))
        };
        let spoken = Spoken { line: Some(line), ..Spoken::new(brand, said.lang, &who, said.says) };
        let spot = self.speak(scene, said.place, said.says, &spoken, None);
        if On::at(said.place) != On::Facebook {
            // Elsewhere people only speak and answer.
        } else if said.place != Place::Private {
            self.afterwards(at, scene, said, &spot.1, &turn);
            let mut memory = self.memory();
            memory.lately.push((brand, spot.1.clone(), said.temper == Temper::Angry));
            let over = memory.lately.len().saturating_sub(12);
            memory.lately.drain(..over);
        } else if said.after == After::Blocks {
            self.places.facebook.block(scene.page, &spot.1);
        }
        self.memory().keep(spot, spoken);
        self.perhaps_react(at, brand, &turn);
        let gap = match n {
            _ if opening => 22 + self.dice.below(12, &["gap", &turn]),
            _ => {
                let (least, more) = self.scenario.gap(n);
                least + self.dice.below(more, &["gap", &turn])
            }
        };
        self.memory().plan(at + tenths(gap), Deed::Arrive);
    }

    fn next_line(&self, turn: &str) -> (usize, usize) {
        let memory = self.memory();
        let times = |b: usize, l: usize| memory.said.get(&(b, l)).copied().unwrap_or(0);
        let played = |b: usize, line: &Line| self.places.plays(self.scenario.brands[b].page, On::at(line.place));
        let lines =
            |b: usize| self.scenario.brands[b].lines.iter().enumerate().filter(move |(_, line)| played(b, line));
        let brands = 0..self.scenario.brands.len();
        let opening = brands.clone().flat_map(|b| lines(b).map(move |(l, line)| (line.act, b, l)));
        let opening: Vec<_> = opening.filter(|(act, b, l)| *act > 0 && times(*b, *l) == 0).collect();
        let act = opening.iter().map(|(act, ..)| *act).min();
        let mut of: Vec<(usize, usize)> =
            opening.iter().filter(|(a, ..)| Some(*a) == act).map(|(_, b, l)| (*b, *l)).collect();
        if of.is_empty() {
            // Two to the first brand, one to the others.
            let b = if self.dice.chance(34, &["brand", turn]) {
                1 + self.dice.below(brands.len().saturating_sub(1), &["which", turn])
            } else {
                0
            };
            let b = b.min(brands.len().saturating_sub(1));
            let least = lines(b).filter(|(_, line)| anybody(line)).map(|(l, _)| times(b, l)).min().unwrap_or(0);
            let fits = |(l, line): &(usize, &Line)| times(b, *l) == least && (least == 0 || anybody(line));
            of = lines(b).filter(fits).map(|(l, _)| (b, l)).collect();
        }
        of[self.dice.below(of.len(), &["line", turn])]
    }

    /// Says it, now or some time ago; where the person is answered.
    fn speak(&self, scene: &Scene, place: Place, says: &str, s: &Spoken, at: Option<crate::base::At>) -> Spot {
        let at = at.unwrap_or_else(|| self.given.now());
        let (on, who) = (On::at(place), Who { id: &s.id, name: &s.name });
        let page = on.account(scene.page);
        let on = match place {
            Place::Under(n) => {
                let post = self.memory().posts.get(&(s.brand, n)).cloned().unwrap_or_default();
                self.places.say(&page, &post, who, says, at)
            }
            Place::Instagram(n) | Place::Threads(n) => {
                let post = self.memory().elsewhere.get(&(s.brand, n, on)).cloned().unwrap_or_default();
                self.places.say(&page, &post, who, says, at)
            }
            Place::Private | Place::InstagramPrivate | Place::Whatsapp => {
                self.places.say_in_private(&page, who, says, at)
            }
            Place::Wall => self.places.facebook.visitor_post_at(&page, (who.id, who.name), says, at),
        };
        (page, on)
    }

    fn afterwards(&self, at: Duration, scene: &Scene, said: Line, id: &str, turn: &str) {
        let later = at + tenths(70 + self.dice.below(60, &["after", turn]));
        let (page, id) = (scene.page.to_owned(), id.to_owned());
        match said.after {
            After::Edits(text) => self.memory().plan(later, Deed::Edit { page, id, text }),
            After::Deletes => self.memory().plan(later + tenths(200), Deed::Delete { page, id }),
            After::Waits | After::Blocks => {}
        }
    }

    /// Now and then somebody who says nothing reacts to what was said.
    fn perhaps_react(&self, at: Duration, brand: usize, turn: &str) {
        if !self.dice.chance(45, &["reacts", turn]) {
            return;
        }
        let mut memory = self.memory();
        let here: Vec<&str> =
            memory.lately.iter().filter(|(b, ..)| *b == brand).map(|(_, id, _)| id.as_str()).collect();
        let posts: Vec<&str> =
            memory.posts.iter().filter(|((b, _), _)| *b == brand).map(|(_, id)| id.as_str()).collect();
        let of = if self.dice.chance(70, &["on", turn]) && !here.is_empty() { here } else { posts };
        let Some(on) = self.dice.pick(&of, &["to", turn]).map(str::to_owned) else { return };
        let angry = memory.lately.iter().any(|(_, id, angry)| *id == on && *angry);
        let of = if angry { ["like", "angry", "sad", "wow"] } else { ["like", "like", "love", "wow"] };
        let what = of[self.dice.below(of.len(), &["how", turn])];
        let name = names::name(Lang::Fr, self.dice.below(10_000, &["reactor", turn]));
        let page = self.scenario.brands[brand].page.to_owned();
        let later = at + tenths(5 + self.dice.below(30, &["when", turn]));
        memory.plan(later, Deed::React { page, on, who: (person_id(&name), name), what });
    }

    /// Whoever was answered since the last time reads it, and will answer in a while.
    fn hear(&self, story: Duration) {
        let mut memory = self.memory();
        let mut read = std::mem::take(&mut memory.read);
        let news = self.places.news(&mut read);
        memory.read = read;
        for act in news {
            let answer = matches!(act.what.as_str(), "comment" | "message" | "private_reply");
            let spot = (act.page.clone(), act.on.clone());
            let Some(mut spoken) = memory.spoke.get(&spot).filter(|_| answer).cloned() else { continue };
            // Reading takes its time, typing too.
            let turn = spoken.turns.to_string();
            let slow = self.dice.below(60, &["slow", &spoken.name, &turn, &spoken.said]);
            let later = story + tenths(35 + slow + act.text.chars().count().min(400) / 4);
            if act.what != "comment" {
                let (account, ours) = (act.page.clone(), act.id.clone());
                let reads = Deed::Read { account, id: spoken.id.clone(), name: spoken.name.clone(), ours };
                memory.plan(story + tenths(15 + slow / 4), reads);
            }
            spoken.owes = Some(act.clone());
            memory.keep(spot.clone(), spoken);
            memory.plan(later, Deed::Answer(spot, act));
        }
    }

    fn answer(&self, at: Duration, spot: &Spot, act: &Act, automatic: bool) {
        let Some(spoken) = self.memory().spoke.get(spot).cloned() else { return };
        // They answer the last answer; an earlier one has been overtaken.
        if spoken.owes.as_ref().is_some_and(|o| o.id != act.id) {
            return;
        }
        let scene = &self.scenario.brands[spoken.brand.min(self.scenario.brands.len() - 1)];
        let line = spoken.line.and_then(|l| scene.lines.get(l));
        let number = manners::number(&spoken.said, scene.orders, &spoken.name, self.dice);
        let heard = Heard {
            ours: &act.text,
            private: act.what != "comment",
            automatic,
            lang: spoken.lang,
            temper: line.map_or(Temper::Glad, |l| l.temper),
            then: line.map_or(&[], |l| l.then),
            turn: spoken.turns,
            said: &spoken.said,
            number: &number,
            gave: spoken.gave,
            asked: spoken.asked,
            who: &spoken.name,
        };
        let Move { says, in_private, gives, asks, likes } = manners::next(heard, self.dice);
        let private = in_private || act.what != "comment";
        let now = Spoken {
            turns: spoken.turns + usize::from(!gives),
            gave: spoken.gave || gives,
            asked: spoken.asked || asks,
            owes: None,
            ..spoken
        };
        let (page, who) = (spot.0.as_str(), Who { id: &now.id, name: &now.name });
        let network = On::of(page);
        match says {
            // Where there is nothing private, what would be said in private is not said.
            Some(_) if private && network == On::Threads => {}
            Some(text) if private => {
                let with = self.places.say_in_private(page, who, &text, self.given.now());
                self.memory().keep((page.to_owned(), with), now.clone());
            }
            Some(text) => drop(self.places.say(page, &act.on, who, &text, self.given.now())),
            None if likes && network != On::Facebook => {}
            None if likes => {
                let (page, on, who) = (page.to_owned(), act.id.clone(), (now.id.clone(), now.name.clone()));
                self.memory().plan(at, Deed::React { page, on, who, what: "like" });
            }
            None => {}
        }
        self.memory().keep(spot.clone(), now);
    }
}

/// A piece of the past.
enum Piece {
    Post(usize),
    First(usize),
    Next(usize, usize),
}

impl Spoken {
    fn new(brand: usize, lang: Lang, who: &str, says: &str) -> Spoken {
        Spoken {
            brand,
            line: None,
            lang,
            id: person_id(who),
            name: who.to_owned(),
            said: says.to_owned(),
            turns: 0,
            gave: false,
            asked: false,
            owes: None,
        }
    }
}

/// What anybody might say: nothing that is one person's own.
fn anybody(line: &Line) -> bool {
    let digits = line.says.chars().filter(char::is_ascii_digit).count();
    digits < 5 && line.after == After::Waits && line.temper != Temper::Silent
}

/// A person's id under posts: always the same for a name.
fn person_id(name: &str) -> String {
    let hash = crate::base::sign::sha256(name.as_bytes());
    let number = u64::from_le_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], 0, 0, 0]);
    format!("1{:013}", number % 10_000_000_000_000)
}
