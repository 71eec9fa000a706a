//! When what was opened closes again: two corrections among the last twenty automatic answers.

/// So many of the last automatic answers are looked at.
pub const LOOKED_AT: u32 = 20;
/// So many corrections among them close the entry.
pub const TOO_MANY: usize = 2;

/// True when an entry goes back to “suggests”. `corrected` says of each automatic answer since it was
/// opened, the newest first, whether it was corrected.
pub fn closes(corrected: &[bool]) -> bool {
    corrected.iter().take(LOOKED_AT as usize).filter(|c| **c).count() >= TOO_MANY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_in_twenty() {
        let mut last = vec![false; 40];
        last[0] = true;
        assert!(!closes(&last), "one may happen");
        last[19] = true;
        assert!(closes(&last));
        last[19] = false;
        last[20] = true;
        assert!(!closes(&last), "what is longer ago is forgiven");
        assert!(closes(&[true, true]) && !closes(&[]));
    }
}
