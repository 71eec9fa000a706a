//! Dice without a memory: the same seed and the same question always fall the same way, in whatever
//! order questions are asked. So the crowd is the same whether it is looked at often or seldom.

use crate::base::sign::fingerprint;

/// The dice of one seed.
#[derive(Debug, Clone, Copy)]
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 up to and without `end`, for a question; 0 when `end` is 0.
    pub fn below(self, end: usize, question: &[&str]) -> usize {
        if end == 0 {
            return 0;
        }
        let seed = self.0.to_string();
        let fallen = fingerprint(&[&[seed.as_str()], question].concat());
        let number = u64::from_str_radix(&fallen[..12], 16).unwrap_or(0);
        usize::try_from(number % end as u64).unwrap_or(0)
    }

    /// True `percent` times in a hundred.
    pub fn chance(self, percent: usize, question: &[&str]) -> bool {
        self.below(100, question) < percent
    }

    /// One of several.
    pub fn pick<'a, T: ?Sized>(self, of: &[&'a T], question: &[&str]) -> Option<&'a T> {
        of.get(self.below(of.len(), question)).copied()
    }
}
