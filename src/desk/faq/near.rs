//! Which examples are nearest: what they have in common with a text, found by the features they share.

use super::features::Vector;

/// The examples by feature.
#[derive(Debug, Default)]
pub struct Near {
    /// Where each feature’s examples begin.
    from: Vec<u32>,
    /// Example and weight.
    of: Vec<(u32, f32)>,
    examples: usize,
}

impl Near {
    /// Puts the examples in order of their features.
    pub fn of(vectors: &[Vector], features: usize) -> Near {
        let mut from = vec![0_u32; features + 1];
        for (feature, _) in vectors.iter().flatten() {
            from[*feature as usize + 1] += 1;
        }
        for n in 1..from.len() {
            from[n] += from[n - 1];
        }
        let mut next = from.clone();
        let mut of = vec![(0, 0.0); from[features] as usize];
        for (example, vector) in (0..).zip(vectors) {
            for (feature, weight) in vector {
                let place = &mut next[*feature as usize];
                of[*place as usize] = (example, *weight);
                *place += 1;
            }
        }
        Near { from, of, examples: vectors.len() }
    }

    /// How near each example is, between 0 and 1.
    pub fn ask(&self, vector: &[(u32, f32)]) -> Vec<f32> {
        let mut near = vec![0.0_f32; self.examples];
        for (feature, value) in vector {
            let (from, to) = (self.from[*feature as usize] as usize, self.from[*feature as usize + 1] as usize);
            for (example, weight) in &self.of[from..to] {
                near[*example as usize] += value * weight;
            }
        }
        near
    }
}
