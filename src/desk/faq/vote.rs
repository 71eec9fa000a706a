//! The linear vote: for each entry, how much each feature speaks for it and against it, learnt from
//! examples and near misses by logistic regression, one entry against the rest. The same examples in
//! any order give the same weights.

use super::features::Vector;
use super::pace::{Calm, Pace};

/// How closely examples are followed; the greater, the closer.
const CLOSE: f64 = 20.0;
/// The weights, by feature and then by entry: in 127ths of the greatest of its entry, which is as
/// exact as a vote needs and a quarter of the memory.
#[derive(Debug, Default)]
pub struct Vote {
    entries: usize,
    weights: Vec<i8>,
    greatest: Vec<f32>,
    bias: Vec<f32>,
}

/// An example of the training.
pub struct Lesson<'a> {
    /// The features.
    pub vector: &'a Vector,
    /// The entry it belongs to.
    pub entry: usize,
    /// True when it only comes near: it speaks against this entry, and says nothing of others.
    pub misses: bool,
}

impl Vote {
    /// Learns.
    pub fn learn(lessons: &[Lesson<'_>], entries: usize, features: usize, pace: Pace) -> Vote {
        // Each is made small where it is learnt: all of them at full length would be eight times the memory.
        let columns = in_threads(entries, |entry| {
            let (weights, bias) = one(lessons, entry, features, pace);
            let greatest = weights.iter().fold(0.0_f64, |g, w| g.max(w.abs())).max(f64::MIN_POSITIVE);
            let whole: Vec<i8> = weights.into_iter().map(|weight| small(weight / greatest * 127.0)).collect();
            (whole, single(greatest / 127.0), single(bias))
        });
        let mut vote = Vote { entries, weights: vec![0; entries * features], ..Vote::default() };
        for (entry, (weights, greatest, bias)) in columns.into_iter().enumerate() {
            for (feature, weight) in weights.into_iter().enumerate() {
                vote.weights[feature * entries + entry] = weight;
            }
            vote.greatest.push(greatest);
            vote.bias.push(bias);
        }
        vote
    }

    /// What features alone say for an entry, and against it where it is below 0.
    pub fn weigh(&self, vector: &[(u32, f32)], entry: usize) -> f32 {
        let weight = |feature: u32| f32::from(self.weights[feature as usize * self.entries + entry]);
        vector.iter().map(|(feature, value)| value * weight(*feature)).sum::<f32>() * self.greatest[entry]
    }

    /// What a text has for each entry, between 0 and 1.
    pub fn ask(&self, vector: &[(u32, f32)]) -> Vec<f32> {
        let mut sums = vec![0.0; self.entries];
        for (feature, value) in vector {
            let row = *feature as usize * self.entries;
            for (sum, weight) in sums.iter_mut().zip(&self.weights[row..row + self.entries]) {
                *sum += value * f32::from(*weight);
            }
        }
        for ((sum, greatest), bias) in sums.iter_mut().zip(&self.greatest).zip(&self.bias) {
            *sum = 1.0 / (1.0 + (-(*sum * greatest + bias)).exp());
        }
        sums
    }
}

#[expect(clippy::cast_possible_truncation, reason = "127 at most, as its caller divides by the greatest")]
fn small(weight: f64) -> i8 {
    weight.round() as i8
}

#[expect(clippy::cast_possible_truncation, reason = "weights are small")]
fn single(weight: f64) -> f32 {
    weight as f32
}

/// One entry against the rest: dual coordinate descent for logistic regression (Yu, Huang and Lin,
/// 2011), in an order that is the same every time.
fn one(lessons: &[Lesson<'_>], entry: usize, features: usize, pace: Pace) -> (Vec<f64>, f64) {
    let lessons: Vec<&Lesson<'_>> = lessons.iter().filter(|l| !l.misses || l.entry == entry).collect();
    let mine = lessons.iter().filter(|l| l.entry == entry && !l.misses).count().max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts of examples")]
    let heavier = (((lessons.len() - mine.min(lessons.len())) as f64 / mine as f64).sqrt()).clamp(1.0, 8.0);
    let mut weights = vec![0.0_f64; features];
    let mut bias = 0.0_f64;
    let first = |c: f64| (0.001 * c).min(1e-8);
    let mut alphas: Vec<f64> = Vec::with_capacity(lessons.len());
    let mut bounds = Vec::with_capacity(lessons.len());
    let mut lengths = Vec::with_capacity(lessons.len());
    for lesson in &lessons {
        let y = sign(lesson, entry);
        let c = if y > 0.0 { CLOSE * heavier } else { CLOSE };
        let alpha = first(c);
        for (feature, value) in lesson.vector {
            weights[*feature as usize] += y * alpha * f64::from(*value);
        }
        bias += y * alpha;
        alphas.push(alpha);
        bounds.push(c);
        lengths.push(1.0 + lesson.vector.iter().map(|(_, v)| f64::from(*v).powi(2)).sum::<f64>());
    }
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut calm = vec![Calm::default(); lessons.len()];
    for round in 0..pace.rounds {
        let mut worst = 0.0_f64;
        pace.order(&mut order, round);
        for at in order.iter().copied() {
            if calm[at].is_away() {
                continue;
            }
            let lesson = lessons[at];
            let y = sign(lesson, entry);
            let dot: f64 = bias + lesson.vector.iter().map(|(f, v)| weights[*f as usize] * f64::from(*v)).sum::<f64>();
            let (a, b, c) = (lengths[at], y * dot, bounds[at]);
            let old = alphas[at];
            // Near nothing and pushed there: it would stay.
            if old <= 1e-6 * c && b > 12.0 {
                calm[at].said(true, pace);
                continue;
            }
            let new = newton(old, a, b, c);
            let change = new - old;
            worst = worst.max(change.abs() / c);
            calm[at].said(change.abs() < pace.enough * c, pace);
            if change.abs() > 1e-9 {
                alphas[at] = new;
                let by = y * change;
                for (feature, value) in lesson.vector {
                    weights[*feature as usize] += by * f64::from(*value);
                }
                bias += by;
            }
        }
        if worst < pace.enough {
            break;
        }
    }
    (weights, bias)
}

fn sign(lesson: &Lesson<'_>, entry: usize) -> f64 {
    if lesson.entry == entry && !lesson.misses { 1.0 } else { -1.0 }
}

/// Minimises over one variable: a/2 (z − old)² + b (z − old) + z ln z + (c − z) ln (c − z), by its
/// logit, where the slope is nowhere flat and nowhere steep.
fn newton(old: f64, a: f64, b: f64, c: f64) -> f64 {
    let (mut low, mut high) = (-b - a * (c - old), -b + a * old);
    let mut u = (old / (c - old)).ln().clamp(low, high);
    for _ in 0..20 {
        let share = 1.0 / (1.0 + (-u).exp());
        let slope = a * (c * share - old) + b + u;
        if slope > 0.0 {
            high = u;
        } else {
            low = u;
        }
        if slope.abs() < 1e-3 {
            break;
        }
        let next = u - slope / (a * c * share * (1.0 - share) + 1.0);
        u = if next > low && next < high { next } else { f64::midpoint(low, high) };
    }
    (c / (1.0 + (-u).exp())).clamp(c * 1e-12, c * (1.0 - 1e-12))
}

/// Does a piece of work for each number, on the cores there are; results in order.
pub(super) fn in_threads<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    let share = count.div_ceil(cores).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..count)
            .step_by(share)
            .map(|from| scope.spawn(move || (from..count.min(from + share)).map(work).collect::<Vec<T>>()))
            .collect();
        running.into_iter().flat_map(|t| t.join().expect("the work does not panic")).collect()
    })
}
