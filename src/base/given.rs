//! The clock and the dice, handed down together to whoever makes something new.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use uuid::Builder;

use super::clock::{At, Clock, SystemClock};

/// What a decision may know of the outside world: the hour, and dice that were seeded elsewhere.
#[derive(Clone)]
pub struct Given {
    clock: Arc<dyn Clock>,
    dice: Arc<Mutex<Dice>>,
}

struct Dice {
    rng: ChaCha20Rng,
    /// The time part of the last id: milliseconds, then 4096ths of one.
    last: u64,
}

/// A minute in the time part of ids: further ahead of the clock than this, ids go back to it.
const AHEAD: u64 = 60_000 << 12;

impl Given {
    /// The machine's clock and dice seeded by the operating system.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn from_machine() -> anyhow::Result<Given> {
        let mut seed = [0; 32];
        ring_seed(&mut seed)?;
        Ok(Given::new(Arc::new(SystemClock), ChaCha20Rng::from_seed(seed)))
    }

    /// A given clock and dice that fall the same way for the same seed.
    pub fn seeded(clock: Arc<dyn Clock>, seed: u64) -> Given {
        Given::new(clock, ChaCha20Rng::seed_from_u64(seed))
    }

    fn new(clock: Arc<dyn Clock>, dice: ChaCha20Rng) -> Given {
        Given { clock, dice: Arc::new(Mutex::new(Dice { rng: dice, last: 0 })) }
    }

    /// The present moment.
    pub fn now(&self) -> At {
        self.clock.now()
    }

    fn dice(&self) -> MutexGuard<'_, Dice> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new id: UUID version 7 with parts of a millisecond in its 12 spare bits (RFC 9562, 6.2,
    /// method 3). Each is greater than the one before, so ids made by one process sort as made.
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        let now = self.now();
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        let now = (millis << 12) + u64::try_from(now.0.rem_euclid(1_000)).unwrap_or(0) * 4;
        let mut bytes = [0; 10];
        let mut dice = self.dice();
        dice.rng.fill_bytes(&mut bytes);
        let time = if dice.last > now + AHEAD { now } else { now.max(dice.last + 1) };
        dice.last = time;
        drop(dice);
        bytes[0] = u8::try_from(time >> 8 & 0xF).unwrap_or(0);
        bytes[1] = u8::try_from(time & 0xFF).unwrap_or(0);
        T::from(Builder::from_unix_timestamp_millis(time >> 12, &bytes).into_uuid())
    }

    /// `N` unguessable bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.dice().rng.fill_bytes(&mut out);
        out
    }

    /// A number from 0 up to and without `end`; 0 when `end` is 0.
    pub fn below(&self, end: u64) -> u64 {
        if end == 0 { 0 } else { u64::from_le_bytes(self.bytes()) % end }
    }

    /// True `percent` times in a hundred.
    pub fn chance(&self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// 32 bytes from the operating system, through the library that also does our TLS.
fn ring_seed(out: &mut [u8; 32]) -> anyhow::Result<()> {
    let provider = rustls::crypto::ring::default_provider();
    provider.secure_random.fill(out).map_err(|_| anyhow::anyhow!("the operating system gives no randomness"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::base::clock::TestClock;

    #[test]
    fn ids_sort_as_made_even_when_time_stands_still() {
        let clock = Arc::new(TestClock::at(At::from_secs(1_800_000_000)));
        let given = Given::seeded(clock.clone(), 1);
        let mut ids: Vec<uuid::Uuid> = (0..10_000).map(|_| given.id()).collect();
        clock.forward(Duration::from_secs(3));
        ids.push(given.id());
        assert!(ids.is_sorted() && ids[0].get_version_num() == 7);
        assert_eq!(ids[0].get_timestamp().unwrap().to_unix().0, 1_800_000_000);
        assert_eq!(ids.last().unwrap().get_timestamp().unwrap().to_unix().0, 1_800_000_003);
    }
}
