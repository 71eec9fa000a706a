//! The funnel: how near a person is to the brand.

use crate::words;

words! {
    /// A stage of the funnel, in order.
    pub enum Stage {
        /// Has noticed the brand.
        Awareness = "awareness",
        /// Compares, asks.
        Consideration = "consideration",
        /// Is about to buy.
        HotProspect = "hot_prospect",
        /// Has bought.
        Customer = "customer",
        /// Recommends.
        Advocate = "advocate",
    }
}

impl Stage {
    /// 1 to 5, for the five-pip mark.
    pub fn rank(self) -> usize {
        Stage::ALL.iter().position(|s| *s == self).unwrap_or(0) + 1
    }

    /// The stage after one more message: a single message never lowers it, and a person's
    /// decision (`held`) stands until a person changes it.
    #[must_use]
    pub fn after(self, seen: Stage, held: bool) -> Stage {
        if held || seen < self { self } else { seen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_message_never_lowers_a_stage() {
        assert_eq!(Stage::Customer.after(Stage::HotProspect, false), Stage::Customer);
        assert_eq!(Stage::Awareness.after(Stage::HotProspect, false), Stage::HotProspect);
        assert_eq!(Stage::Awareness.after(Stage::Customer, true), Stage::Awareness);
        assert_eq!(Stage::HotProspect.rank(), 3);
    }
}
