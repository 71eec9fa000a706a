//! How long to wait before trying again.

use std::time::Duration;

/// The wait before attempt `n` (1 is the first retry): doubling from `first`, at most `longest`,
/// plus up to a quarter by the dice (`jitter`, 0 to 255) so that many do not return together.
pub fn backoff(n: u32, first: Duration, longest: Duration, jitter: u8) -> Duration {
    let factor = 1_u32.checked_shl(n.saturating_sub(1)).unwrap_or(u32::MAX);
    let wait = first.saturating_mul(factor).min(longest);
    wait + wait / 4 * u32::from(jitter) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_stop_growing() {
        let (s, m) = (Duration::from_secs(1), Duration::from_secs(300));
        let waits: Vec<u64> = (1..=11).map(|n| backoff(n, s, m, 0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(backoff(3, s, m, 255), Duration::from_secs(5));
        assert_eq!(backoff(4_000_000_000, s, m, 0), m);
    }
}
