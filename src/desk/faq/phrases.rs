//! What words side by side say, where there are examples enough to learn it: listeners that each wait for
//! one, two or three words and are heard where a text comes nearest to them. What they wait for and what
//! they then say for each entry is learnt together (Kim, 2014, with a table in place of each convolution).
//! Several groups are taught apart and heard together, as they are seldom wrong about the same text.

use std::array::from_fn;
use std::collections::{BTreeMap, HashMap};

use super::features::LITTLE;
use super::normal::Word;
use super::pace::Dice;
use super::vote::in_threads;

/// Groups that are taught apart.
const GROUPS: usize = 4;
/// Listeners of a group for each number of words.
const EACH: usize = 64;
/// So many words a listener waits for, at most.
const WIDEST: usize = 3;
/// All listeners of a group.
const ALL: usize = EACH * WIDEST;
/// Places a word may have: the only one, the first or second of two, the first, second or third of three.
const PLACES: usize = WIDEST * (WIDEST + 1) / 2;
/// Words of a text that are listened to.
const LONG: usize = 60;
/// What stands before a text and after it, and what stands for words that no two examples have.
const NOTHING: usize = 0;
const STRANGE: usize = 1;

/// Rounds over the examples.
const ROUNDS: u8 = 15;
/// How far an example moves what is learnt, at first.
const STEP: f32 = 0.08;
/// Share of the step that is lost by the last round.
const SLOWER: f32 = 0.5;
/// Share of the words of an example that are not heard, so that no word alone is relied on.
const MISSED: f32 = 0.15;
/// Share of the listeners that are heard, so that none alone is relied on.
const HEARD: f32 = 0.7;
/// An example that is doubted less teaches nothing.
const DOUBT: f32 = 0.1;
/// What listeners wait for and what they say before they have learnt anything, at most.
const WAITS: f32 = 0.17;
const SAYS: f32 = 0.085;

/// The groups, taught; none where there was too little to learn from.
#[derive(Debug, Default)]
pub struct Phrases {
    known: HashMap<String, usize>,
    groups: Vec<Group>,
}

/// An example of the training.
pub struct Lesson<'a> {
    /// Its words.
    pub words: &'a [Word],
    /// The entry it belongs to.
    pub entry: usize,
    /// True when it only comes near: whichever entry is meant, it is not this one.
    pub misses: bool,
}

impl Phrases {
    /// Learns. The same examples in the same order give the same listeners.
    pub fn learn(lessons: &[Lesson<'_>], entries: usize) -> Phrases {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for word in lessons.iter().flat_map(|lesson| lesson.words) {
            *seen.entry(&word.stem).or_default() += 1;
        }
        let often = seen.into_iter().filter(|(_, times)| *times > 1).map(|(stem, _)| stem.to_owned());
        let known: HashMap<String, usize> = often.zip(STRANGE + 1..).collect();
        let texts: Vec<Vec<usize>> = lessons.iter().map(|lesson| numbers(&known, lesson.words)).collect();
        let words = known.len() + STRANGE + 1;
        let groups = in_threads(GROUPS, |group| {
            let mut pupil = Pupil::new(words, entries, group as u64 + 1);
            for round in 0..ROUNDS {
                pupil.go_through(lessons, &texts, round);
            }
            Group::of(&pupil)
        });
        Phrases { known, groups }
    }

    /// How likely each entry is if one of them is meant, and the share of the words that could be listened
    /// to; nothing where nothing was learnt.
    pub fn ask(&self, words: &[Word]) -> Option<(Vec<f32>, f32)> {
        let text = numbers(&self.known, words);
        let said = self.groups.iter().map(|group| group.ask(&text));
        let mut said = said.reduce(|a, b| a.into_iter().zip(b).map(|(a, b)| a + b).collect())?;
        let all: f32 = said.iter().sum();
        said = said.into_iter().map(|share| share / all).collect();
        let known = |word: &&Word| self.known.contains_key(&word.stem);
        Some((said, weight(words.iter().filter(known)) / weight(words.iter()).max(LITTLE)))
    }
}

/// The words of a text by their numbers, with nothing before and after.
fn numbers(known: &HashMap<String, usize>, words: &[Word]) -> Vec<usize> {
    let edge = || std::iter::repeat_n(NOTHING, WIDEST - 1);
    let number = |word: &Word| known.get(&word.stem).copied().unwrap_or(STRANGE);
    edge().chain(words.iter().take(LONG).map(number)).chain(edge()).collect()
}

/// What words weigh together.
fn weight<'a>(words: impl Iterator<Item = &'a Word>) -> f32 {
    words.map(|word| if word.small { LITTLE } else { 1.0 }).sum()
}

/// Where in the tables stands what listeners expect of a word in this place.
fn row(word: usize, width: usize, place: usize) -> usize {
    (word * PLACES + width * (width - 1) / 2 + place) * EACH
}

/// How near a text comes to each listener, and where it begins to.
struct Nearest {
    near: [f32; ALL],
    at: [usize; ALL],
}

/// Listens to a text: each listener hears the place that comes nearest to what it waits for.
fn listen<T: Copy>(waits: &[T], text: &[usize]) -> Nearest
where
    f32: From<T>,
{
    let mut nearest = Nearest { near: [f32::NEG_INFINITY; ALL], at: [0; ALL] };
    for width in 1..=WIDEST {
        let mine = (width - 1) * EACH..width * EACH;
        let (near, at) = (&mut nearest.near[mine.clone()], &mut nearest.at[mine]);
        // Every run of words with at least one of the text in it.
        let runs = text.windows(width).enumerate();
        for (from, run) in runs.skip(WIDEST - width).take(text.len() + width + 1 - 2 * WIDEST) {
            let mut sum = [0.0_f32; EACH];
            for (place, word) in run.iter().enumerate().filter(|(_, word)| **word != NOTHING) {
                let row = row(*word, width, place);
                for (sum, wait) in sum.iter_mut().zip(&waits[row..row + EACH]) {
                    *sum += f32::from(*wait);
                }
            }
            for ((near, at), sum) in near.iter_mut().zip(at.iter_mut()).zip(sum) {
                let nearer = sum > *near;
                *near = if nearer { sum } else { *near };
                *at = if nearer { from } else { *at };
            }
        }
    }
    nearest
}

/// What is said for each entry by those who hear something, as chances.
fn chances(near: &[f32; ALL], says: &[f32], mut chances: Vec<f32>) -> Vec<f32> {
    let entries = chances.len();
    for (near, says) in near.iter().zip(says.chunks_exact(entries)).filter(|(near, _)| **near > 0.0) {
        chances.iter_mut().zip(says).for_each(|(chance, says)| *chance += near * says);
    }
    let most = chances.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for chance in &mut chances {
        *chance = (*chance - most).exp();
    }
    let all: f32 = chances.iter().sum();
    for chance in &mut chances {
        *chance /= all;
    }
    chances
}

/// A group as it is kept: what its listeners wait for in whole steps, which is as exact as they need.
#[derive(Debug)]
struct Group {
    waits: Vec<i16>,
    step: f32,
    patience: [f32; ALL],
    says: Vec<f32>,
    always: Vec<f32>,
}

impl Group {
    fn of(pupil: &Pupil) -> Group {
        let greatest = pupil.waits.value.iter().fold(f32::MIN_POSITIVE, |most, wait| most.max(wait.abs()));
        let step = greatest / f32::from(i16::MAX);
        Group {
            waits: pupil.waits.value.iter().map(|wait| whole(wait / step)).collect(),
            step,
            patience: from_fn(|listener| pupil.patience.value[listener]),
            says: pupil.says.value.clone(),
            always: pupil.always.value.clone(),
        }
    }

    fn ask(&self, text: &[usize]) -> Vec<f32> {
        let nearest = listen(&self.waits, text);
        let near = from_fn(|n| (nearest.near[n] * self.step + self.patience[n]).max(0.0));
        chances(&near, &self.says, self.always.clone())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "no more than the greatest, as its caller divides by it")]
fn whole(steps: f32) -> i16 {
    steps.round() as i16
}

/// Numbers that are learnt, and how far each was moved already: what moved far moves less (Duchi, Hazan
/// and Singer, 2011).
struct Learnt {
    value: Vec<f32>,
    moved: Vec<f32>,
}

impl Learnt {
    fn new(value: Vec<f32>) -> Learnt {
        Learnt { moved: vec![1e-4; value.len()], value }
    }

    fn learn(&mut self, at: usize, slope: f32, step: f32) {
        learn(&mut self.value[at], &mut self.moved[at], slope, step);
    }
}

fn learn(value: &mut f32, moved: &mut f32, slope: f32, step: f32) {
    *moved += slope * slope;
    *value -= step * slope / moved.sqrt();
}

/// A group that is being taught.
struct Pupil {
    /// What each listener expects of each word in each place.
    waits: Learnt,
    /// How much each listener hears where nothing comes near.
    patience: Learnt,
    /// What each listener says for each entry.
    says: Learnt,
    /// What speaks for each entry whatever is said.
    always: Learnt,
    dice: Dice,
    order: Vec<usize>,
}

impl Pupil {
    fn new(words: usize, entries: usize, seed: u64) -> Pupil {
        let mut dice = Dice::new(seed);
        let mut some =
            |count: usize, most: f32| Learnt::new((0..count).map(|_| most * (2.0 * dice.share() - 1.0)).collect());
        let (waits, says) = (some(words * PLACES * EACH, WAITS), some(ALL * entries, SAYS));
        let (patience, always) = (Learnt::new(vec![0.0; ALL]), Learnt::new(vec![0.0; entries]));
        Pupil { waits, patience, says, always, dice, order: Vec::new() }
    }

    /// Goes through all examples once.
    fn go_through(&mut self, lessons: &[Lesson<'_>], texts: &[Vec<usize>], round: u8) {
        let step = STEP * (1.0 - SLOWER * f32::from(round) / f32::from(ROUNDS));
        let mut order = std::mem::take(&mut self.order);
        order.resize(lessons.len(), 0);
        order.iter_mut().enumerate().for_each(|(n, place)| *place = n);
        self.dice.stir(&mut order);
        for n in order.iter().copied() {
            self.hear(&lessons[n], &texts[n], step);
        }
        self.order = order;
    }

    /// Learns from one example.
    fn hear(&mut self, lesson: &Lesson<'_>, text: &[usize], step: f32) {
        let miss = |word: &usize| if *word != NOTHING && self.dice.share() < MISSED { STRANGE } else { *word };
        let text: Vec<usize> = text.iter().map(miss).collect();
        let Nearest { mut near, at } = listen(&self.waits.value, &text);
        for (near, patience) in near.iter_mut().zip(&self.patience.value) {
            let heard = self.dice.share() < HEARD;
            *near = if heard { (*near + patience).max(0.0) / HEARD } else { 0.0 };
        }
        let mut slopes = chances(&near, &self.says.value, self.always.value.clone());
        let chance = slopes[lesson.entry];
        slopes[lesson.entry] -= 1.0;
        if lesson.misses {
            // The other way round, and the more the likelier what it is not.
            let odds = (chance / (1.0 - chance).max(f32::MIN_POSITIVE)).min(1.0);
            for slope in &mut slopes {
                *slope *= -odds;
            }
        }
        if slopes[lesson.entry].abs() < DOUBT {
            return;
        }
        let entries = slopes.len();
        for (listener, near) in near.iter().enumerate().filter(|(_, near)| **near > 0.0) {
            let mine = listener * entries..(listener + 1) * entries;
            let mut back = 0.0;
            let (says, moved) = (&mut self.says.value[mine.clone()], &mut self.says.moved[mine]);
            for ((says, moved), slope) in says.iter_mut().zip(moved).zip(&slopes) {
                back += *says * slope;
                learn(says, moved, slope * near, step);
            }
            let back = back / HEARD;
            self.patience.learn(listener, back, STEP);
            let width = listener / EACH + 1;
            for (place, word) in text[at[listener]..][..width].iter().enumerate().filter(|(_, word)| **word != NOTHING)
            {
                self.waits.learn(row(*word, width, place) + listener % EACH, back, STEP);
            }
        }
        for (entry, slope) in slopes.into_iter().enumerate() {
            self.always.learn(entry, slope, step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::normal::{Reader, Tongue};
    use super::*;

    /// Two entries whose examples have the same words, each but in another order.
    fn texts() -> Vec<(String, usize)> {
        let things = ["my savings", "the red card", "a joint pot", "this wallet", "an old account", "my sister"];
        let pairs =
            things.iter().flat_map(|one| things.iter().filter(move |other| *other != one).map(move |o| (one, o)));
        pairs
            .flat_map(|(a, b)| {
                [(format!("move {a} money into {b}"), 0), (format!("move money into {b} out of {a}"), 1)]
            })
            .collect()
    }

    fn taught(texts: &[(String, usize)], misses: &[(&str, usize)]) -> (Reader, Phrases) {
        let reader = Reader::new(Tongue::English);
        let read = |text: &str| reader.read(text);
        let hits = texts.iter().map(|(text, entry)| (read(text), *entry, false));
        let all: Vec<_> = hits.chain(misses.iter().map(|(text, entry)| (read(text), *entry, true))).collect();
        let lessons: Vec<Lesson<'_>> =
            all.iter().map(|(words, entry, misses)| Lesson { words, entry: *entry, misses: *misses }).collect();
        let phrases = Phrases::learn(&lessons, 2);
        (reader, phrases)
    }

    #[test]
    fn the_order_of_words_tells_what_they_alone_do_not() {
        let (reader, phrases) = taught(&texts(), &[]);
        for (text, entry) in
            [("move my wallet money into the joint card", 0), ("move money into my card out of a wallet", 1)]
        {
            let (chances, known) = phrases.ask(&reader.read(text)).unwrap();
            assert!(chances[entry] > 0.8, "{text}: {chances:?}");
            assert!((known - 1.0).abs() < 1e-6, "{text}: {known}");
        }
    }

    #[test]
    fn it_says_how_much_it_could_listen_to() {
        let (reader, phrases) = taught(&texts(), &[]);
        let known = |text: &str| phrases.ask(&reader.read(text)).unwrap().1;
        assert!(known("move the zebra money into quicksand") < 0.8);
        assert!(known("zebras quicksand").abs() < 1e-6);
    }

    #[test]
    fn a_near_miss_speaks_against_its_entry() {
        let said = "move red money into red";
        let ask = |misses: &[(&str, usize)]| {
            let (reader, phrases) = taught(&texts(), misses);
            phrases.ask(&reader.read(said)).unwrap().0[0]
        };
        let (before, after) = (ask(&[]), ask(&[(said, 0); 8]));
        assert!(before > 0.5 && after < before - 0.2, "{before} {after}");
    }

    #[test]
    fn the_same_examples_teach_the_same() {
        let ask = || {
            let (reader, phrases) = taught(&texts(), &[]);
            phrases.ask(&reader.read("move the money out of my old account into a pot")).unwrap().0
        };
        assert_eq!(ask(), ask());
    }

    #[test]
    fn where_nothing_was_learnt_nothing_is_said() {
        assert!(Phrases::default().ask(&Reader::new(Tongue::English).read("move money")).is_none());
    }
}
