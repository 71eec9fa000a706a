//! Which questions belong together: each moves to the group it is drawn to most, then groups move as
//! wholes, until nothing moves. What two things are drawn to each other by is how much more their
//! members resemble each other, on average, than they must: the constant Potts model of a network
//! (Traag, Van Dooren and Nesterov, 2011), whose groups are as large as they are alike, however many
//! questions there are. In a fixed order, without dice.

use std::collections::BTreeSet;

use super::weigh::{self, Vector};

/// Rounds over all nodes, at most; later ones move next to nothing.
const ROUNDS: usize = 8;
/// What is less is nothing.
const NOTHING: f32 = 1e-5;

/// Texts to be grouped.
#[derive(Clone, Copy)]
pub struct Kin<'a> {
    /// Their vectors.
    pub vectors: &'a [Vector],
    /// How many questions each stands for.
    pub sizes: &'a [f32],
    /// How many features there are.
    pub features: usize,
}

impl Kin<'_> {
    /// The vectors of some, added.
    pub fn sum(&self, members: &[usize]) -> Vector {
        weigh::sum(members.iter().map(|n| (self.vectors[*n].as_slice(), self.sizes[*n])))
    }
}

/// The groups, each with its members in order, whose members resemble each other by more than `alike`.
pub fn groups(kin: &Kin<'_>, alike: f32) -> Vec<Vec<usize>> {
    let (nodes, mut weights) = (kin.vectors.iter().zip(kin.sizes), kin.sizes.to_vec());
    let mut nodes: Vec<Vector> = nodes.map(|(v, size)| v.iter().map(|(f, w)| (*f, w * size)).collect()).collect();
    let mut groups: Vec<Vec<usize>> = (0..nodes.len()).map(|n| vec![n]).collect();
    loop {
        let together = settle(&nodes, &weights, kin.features, alike);
        if together.len() == nodes.len() {
            for group in &mut groups {
                group.sort_unstable();
            }
            return groups;
        }
        weights = together.iter().map(|t| t.iter().map(|n| weights[*n]).sum()).collect();
        nodes = together.iter().map(|t| weigh::sum(t.iter().map(|n| (nodes[*n].as_slice(), 1.0)))).collect();
        groups = together.iter().map(|t| t.iter().flat_map(|n| groups[*n].iter().copied()).collect()).collect();
    }
}

/// Groups while nodes move.
struct Moving {
    /// For each feature the groups that have it, in order, and how much of it.
    having: Vec<Vec<(u32, f32)>>,
    /// How many questions are in each.
    sizes: Vec<f32>,
    /// Groups nobody is in.
    empty: BTreeSet<u32>,
    /// What a node has in common with each group; of those in `touched`.
    common: Vec<f32>,
    touched: Vec<u32>,
}

impl Moving {
    fn put(&mut self, group: u32, node: &[(u32, f32)], weight: f32) {
        self.sizes[group as usize] += weight;
        self.empty.remove(&group);
        for (feature, value) in node {
            let row = &mut self.having[*feature as usize];
            match row.binary_search_by_key(&group, |(g, _)| *g) {
                Ok(at) => row[at].1 += value,
                Err(at) => row.insert(at, (group, *value)),
            }
        }
    }

    fn take(&mut self, group: u32, node: &[(u32, f32)], weight: f32) {
        self.sizes[group as usize] -= weight;
        if self.sizes[group as usize] < 0.5 {
            self.empty.insert(group);
        }
        for (feature, value) in node {
            let row = &mut self.having[*feature as usize];
            if let Ok(at) = row.binary_search_by_key(&group, |(g, _)| *g) {
                row[at].1 -= value;
                if row[at].1 < NOTHING {
                    row.remove(at);
                }
            }
        }
    }

    /// The group a node is drawn to most, and stays in when no other draws more; none when nothing does.
    fn best(&mut self, node: &[(u32, f32)], weight: f32, home: u32, alike: f32) -> Option<u32> {
        for (feature, value) in node {
            for (group, has) in &self.having[*feature as usize] {
                if self.common[*group as usize] == 0.0 {
                    self.touched.push(*group);
                }
                self.common[*group as usize] += value * has;
            }
        }
        self.touched.sort_unstable();
        self.touched.dedup();
        let draw = |g: u32| self.common[g as usize] / weight - alike * self.sizes[g as usize];
        let mut best = self.touched.binary_search(&home).ok().map(|_| (draw(home), home)).filter(|b| b.0 > 0.0);
        for group in &self.touched {
            let here = draw(*group);
            if here > best.map_or(0.0, |b| b.0) + NOTHING {
                best = Some((here, *group));
            }
        }
        for group in self.touched.drain(..) {
            self.common[group as usize] = 0.0;
        }
        best.map(|(_, group)| group)
    }
}

/// Moves nodes one by one, in order, until none wants to; who is together then.
fn settle(nodes: &[Vector], weights: &[f32], features: usize, alike: f32) -> Vec<Vec<usize>> {
    let mut of: Vec<u32> = (0..).take(nodes.len()).collect();
    let mut moving = Moving {
        having: vec![Vec::new(); features],
        sizes: vec![0.0; nodes.len()],
        empty: BTreeSet::new(),
        common: vec![0.0; nodes.len()],
        touched: Vec::new(),
    };
    for ((node, weight), group) in nodes.iter().zip(weights).zip(0..) {
        moving.put(group, node, *weight);
    }
    for _ in 0..ROUNDS {
        let mut moved = false;
        for (n, node) in nodes.iter().enumerate() {
            let home = of[n];
            moving.take(home, node, weights[n]);
            let best = moving.best(node, weights[n], home, alike);
            // Who is drawn nowhere stands alone: here, if nobody else does.
            let alone = if moving.empty.contains(&home) { Some(home) } else { moving.empty.first().copied() };
            of[n] = best.or(alone).unwrap_or(home);
            moved |= of[n] != home;
            moving.put(of[n], node, weights[n]);
        }
        if !moved {
            break;
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (n, group) in of.into_iter().enumerate() {
        groups[group as usize].push(n);
    }
    groups.retain(|g| !g.is_empty());
    groups.sort_by_key(|g| g[0]);
    groups
}
