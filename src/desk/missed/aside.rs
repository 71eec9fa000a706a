//! What somebody has decided about: questions that ask the same are not missed any more.

use super::group::Kin;
use super::weigh::{self, Vector};

/// A group is one that was put aside when the two resemble each other this much, beside what each
/// resembles itself.
const SAME: f32 = 0.45;

/// Groups that were put aside.
pub(super) struct Aside(Vec<(Vector, f32)>);

impl Aside {
    /// Vectors one after the other, and how many belong to each group.
    pub(super) fn of(vectors: &[Vector], counts: impl Iterator<Item = usize>) -> Aside {
        let mut rest = vectors;
        let groups = counts.map(|n| {
            let (mine, later) = rest.split_at(n);
            rest = later;
            #[expect(clippy::cast_precision_loss, reason = "a few texts")]
            let size = n as f32;
            (weigh::sum(mine.iter().map(|v| (v.as_slice(), 1.0))), size)
        });
        Aside(groups.collect())
    }

    /// True when these members ask what was put aside.
    pub(super) fn has(&self, kin: &Kin<'_>, members: &[usize]) -> bool {
        let sum = kin.sum(members);
        let length = weigh::dot(&sum, &sum).sqrt();
        self.0.iter().any(|(aside, _)| {
            let beside = weigh::dot(&sum, aside) / (length * weigh::dot(aside, aside).sqrt()).max(f32::MIN_POSITIVE);
            beside >= SAME
        })
    }
}
