//! A tangle over simulated time: the real brakes and the real conversations, over a book of counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use guichet::base::clock::TestClock;
use guichet::base::{At, Given};
use guichet::desk::bot::{Decision, Verdict};
use guichet::desk::brakes::{Around, Brake};
use guichet::desk::canned::Entry;
use guichet::desk::message::Visibility;
use guichet::desk::talk::{self, Ends, Heard, Says, Talk, Turn};

use super::book::{Book, Said};
use super::cast::{Who, Words};

/// How long a tangle is watched, and how many things are written in it at most.
const SPAN: Duration = Duration::from_hours(30);
const MOST: usize = 40;
/// How long an answer is held.
const HOLD: Duration = Duration::from_secs(30);
/// The entry that asks.
const ASKS: u8 = 4;
const DAY: Duration = Duration::from_hours(24);

static ORDER: LazyLock<Entry> = LazyLock::new(|| {
    let file = "+++\nid = \"order\"\ntitle = { fr = \"Commande\", en = \"Order\" }\n[slots.order]\nregex = '\\b(\\d{6})\\b'\nask = \"ask\"\ntries = 4\n[[steps]]\nwhen = { visibility = \"public\" }\ndo = [{ reply = \"private\" }]\n[[steps]]\nneed = \"order\"\n[[steps]]\ndo = [{ reply = \"status\" }]\n+++\n## fr\n### ask\nNuméro ?\n### private\nEn privé.\n### status\nPartie.\n";
    Entry::read("test/order.md", file).unwrap()
});

/// Somebody writes.
struct Writes {
    contact: usize,
    thread: usize,
    words: Words,
}

/// How a customer stands in a thread.
#[derive(Default)]
struct Place {
    /// When one of us wrote there last.
    person: Option<At>,
    /// True when a person was asked for.
    handed: bool,
    /// What they wrote before, and when.
    wrote: Vec<(At, u64)>,
}

struct World<'a> {
    brakes: &'a [Brake],
    dice: Given,
    cast: Vec<Who>,
    book: Book,
    places: BTreeMap<(usize, usize), Place>,
    talks: BTreeMap<usize, (usize, usize, At, Talk)>,
    queue: BTreeMap<(At, u64), Writes>,
    n: u64,
}

/// Plays one; what was said in it.
pub fn tangle(seed: u64, brakes: &[Brake]) -> Book {
    let begin = At::from_secs(1_795_251_600);
    let dice = Given::seeded(Arc::new(TestClock::at(begin)), seed);
    let cast: Vec<Who> = (0..2 + dice.below(4)).map(|_| Who::any(&dice)).collect();
    let public: Vec<bool> = (0..=dice.below(2)).map(|_| dice.chance(40)).collect();
    let book = Book { public, ..Book::default() };
    let mut world = World {
        brakes,
        dice,
        cast,
        book,
        places: BTreeMap::new(),
        talks: BTreeMap::new(),
        queue: BTreeMap::new(),
        n: 0,
    };
    for contact in 0..world.cast.len() {
        let thread = usize::try_from(world.dice.below(world.book.public.len() as u64)).unwrap();
        let after = Duration::from_secs(world.dice.below(600));
        world.will_write(begin.plus(after), contact, thread);
    }
    let mut written = 0;
    while let Some(((at, _), writes)) = world.queue.pop_first() {
        written += 1;
        if written > MOST || at.since(begin) > SPAN {
            break;
        }
        world.hears(at, &writes);
    }
    world.book
}

impl World<'_> {
    fn will_write(&mut self, at: At, contact: usize, thread: usize) {
        let words = Words::of(self.cast[contact], &self.dice);
        self.n += 1;
        self.queue.insert((at, self.n), Writes { contact, thread, words });
    }

    /// Everybody in a thread may answer what was written there.
    fn echoes(&mut self, now: At, thread: usize, from: Option<usize>) {
        for contact in 0..self.cast.len() {
            let in_thread = self.places.contains_key(&(thread, contact)) || self.dice.chance(30);
            if Some(contact) == from || !in_thread {
                continue;
            }
            if let Some(seconds) = self.cast[contact].answers_in(&self.dice) {
                self.will_write(now.plus(Duration::from_secs(seconds)), contact, thread);
            }
        }
    }

    fn hears(&mut self, now: At, w: &Writes) {
        let who = self.cast[w.contact];
        if who == Who::Colleague {
            for (_, place) in self.places.iter_mut().filter(|((t, _), _)| *t == w.thread) {
                place.person = Some(now);
            }
            self.take_back(now, |s| s.thread == w.thread);
            return;
        }
        let unsaid = self.take_back(now, |s| s.thread == w.thread && s.contact == w.contact);
        let machine = who.is_marked(&self.dice);
        let place = self.places.entry((w.thread, w.contact)).or_default();
        let same_question =
            place.wrote.iter().filter(|(at, words)| *at > now.minus(DAY) && *words == w.words.which).count();
        place.wrote.push((now, w.words.which));
        let (person, handed) = (place.person, place.handed);
        // Echoes say what we said.
        let last = self.book.said.last().map(|s| s.words);
        let theirs = if who == Who::Echo { last.unwrap_or(w.words.which) } else { w.words.which };
        if let Some((turn, talk)) = self.turn(now, w, machine, unsaid) {
            let entry = if talk.is_some() || turn.ends == Ends::Waits { ASKS } else { w.words.asks.unwrap_or(0) };
            let words = said(&turn, entry, w.words.which);
            let since = person.unwrap_or(At(0));
            let mut around = Around {
                our_account: who.is_ours(),
                machine,
                same_answer: self.book.same_answer(now, w.contact, words),
                same_question: i64::try_from(same_question).unwrap(),
                person: handed || person.is_some_and(|at| at > now.minus(DAY)),
                ..self.book.around(now, (w.thread, w.contact), since, (entry, theirs))
            };
            let begins = talk.is_none() && turn.ends == Ends::Waits;
            around.talks_day = if begins { self.begun(now, w.thread) } else { 0 };
            around.talk_turns = if talk.is_some() { i64::from(turn.talk.turns) - 1 } else { 0 };
            if turn.ends == Ends::Waits && talk.is_some() {
                around.same_answer = 0;
            }
            self.says(now, w, (turn, talk), &around, (entry, words));
        }
        self.echoes(now, w.thread, Some(w.contact));
    }

    /// What the bot would do: go on with a conversation, or answer.
    fn turn(&mut self, now: At, w: &Writes, machine: bool, unsaid: bool) -> Option<(Turn, Option<usize>)> {
        let public = self.book.public[w.thread];
        let text = if w.words.tells { "c'est 204817".to_owned() } else { format!("mots {}", w.words.which) };
        let mut decision = Decision::none(Verdict::Silent, "unsure");
        if let Some(entry) = w.words.asks {
            decision = Decision { decision: Verdict::Answer, because: None, ..decision };
            decision.entry = Some(if entry == ASKS { "test/order".into() } else { format!("test/e{entry}") });
            decision.trace.score = Some(if self.dice.chance(50) { 0.9 } else { 0.4 });
        }
        let here = if public { Visibility::Public } else { Visibility::Private };
        let waiting = talk::listens(here, machine)
            .then(|| self.talks.iter().rev().find(|(_, t)| t.0 == w.thread && t.1 == w.contact && t.2 > now))
            .flatten();
        if let Some((id, stand)) = waiting.map(|(id, t)| (*id, t.3.clone())) {
            self.talks.remove(&id);
            self.book.marked |= machine;
            for s in self.book.said.iter_mut().filter(|s| s.talk == Some(id)) {
                s.answered = true;
            }
            let turn = talk::hear(&ORDER, stand, &Heard { text: &text, decision: &decision, unsaid });
            if turn.ends != Ends::Breaks {
                return Some((turn, Some(id)));
            }
        }
        let entry = w.words.asks?;
        let visibility = if public { Visibility::Public } else { Visibility::Private };
        let turn = match entry {
            ASKS => talk::begin(&ORDER, "fr", visibility, &text),
            _ => Turn {
                talk: Talk::new(&format!("test/e{entry}"), "fr", visibility, &text),
                says: Some(Says::Text("answer".into())),
                acts: Vec::new(),
                ends: Ends::Over,
                found: Vec::new(),
            },
        };
        Some((turn, None))
    }

    fn says(
        &mut self,
        now: At,
        w: &Writes,
        (turn, talk): (Turn, Option<usize>),
        around: &Around,
        (entry, words): (u8, u64),
    ) {
        let held: BTreeSet<Brake> = around.brakes().into_iter().collect();
        self.book.held.extend(held.iter().copied());
        let barred = held.iter().any(|b| self.brakes.contains(b));
        let place = self.places.entry((w.thread, w.contact)).or_default();
        if turn.says.is_none() || barred {
            // A conversation that cannot go on is for people.
            place.handed |= talk.is_some() || matches!(turn.ends, Ends::HandsOver(..));
            return;
        }
        let id = match (talk, &turn.ends) {
            (None, Ends::Waits) => {
                self.book.talks.push((w.thread, now));
                Some(self.book.talks.len() - 1)
            }
            (talk, _) => talk,
        };
        if let (Some(id), Ends::Waits) = (id, &turn.ends) {
            self.talks.insert(id, (w.thread, w.contact, now.plus(DAY), turn.talk));
        }
        let contact = w.contact;
        let said = Said { at: now, thread: w.thread, contact, entry, words, talk: id, answered: false, back: false };
        self.book.said.push(said);
        self.echoes(now.plus(HOLD), w.thread, None);
    }

    fn begun(&self, now: At, thread: usize) -> i64 {
        let today = |t: &&(usize, At)| t.0 == thread && t.1 > now.minus(DAY);
        i64::try_from(self.book.talks.iter().filter(today).count()).unwrap()
    }

    /// What was held is taken back; true when there was something.
    fn take_back(&mut self, now: At, fits: impl Fn(&Said) -> bool) -> bool {
        let held = |s: &&mut Said| !s.back && s.at.plus(HOLD) > now && fits(s);
        let mut any = false;
        for s in self.book.said.iter_mut().filter(held) {
            s.back = true;
            any = true;
        }
        any
    }
}

/// The words of a turn, by number: entries have fixed words, or such as name what was asked.
fn said(turn: &Turn, entry: u8, asked: u64) -> u64 {
    match (&turn.says, entry) {
        (Some(Says::Text(name)), ASKS) => 10_000_000 + name.len() as u64,
        (_, 0 | 1) => 20_000_000 + u64::from(entry),
        _ => 30_000_000 + u64::from(entry) * 1_000_000 + asked % 1_000_000,
    }
}
