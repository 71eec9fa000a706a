//! The clock and the dice, handed down together to whoever makes something new.

use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use uuid::Builder;

use super::clock::{At, Clock, SystemClock};

/// What a decision may know of the outside world: the hour, and dice that were seeded elsewhere.
#[derive(Clone)]
pub struct Given {
    clock: Arc<dyn Clock>,
    dice: Arc<Mutex<ChaCha20Rng>>,
}

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
        Given { clock, dice: Arc::new(Mutex::new(dice)) }
    }

    /// The present moment.
    pub fn now(&self) -> At {
        self.clock.now()
    }

    /// A new id: UUID version 7, sub-millisecond time in its 12 spare bits.
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        let now = self.now();
        let mut bytes: [u8; 10] = self.bytes();
        let fraction = u16::try_from(now.0.rem_euclid(1_000) * 4).unwrap_or(0) + u16::from(bytes[1] & 3);
        bytes[0..2].copy_from_slice(&fraction.to_be_bytes());
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        T::from(Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }

    /// `N` unguessable bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut out);
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
