//! Time is given, never taken: whoever needs the hour receives a [`Clock`].
//!
//! The only place that may ask the machine is [`SystemClock`]; `clippy.toml` forbids it elsewhere.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment: microseconds since 1970-01-01T00:00:00Z. Stored as `bigint`, shown as RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, sqlx::Type)]
#[sqlx(transparent)]
pub struct At(pub i64);

/// 9999-12-31T23:59:59Z: what a network claims beyond this is taken as this.
const LAST: i64 = 253_402_300_799_000_000;

impl At {
    /// From whole seconds; values outside years 1970 to 9999 are brought to the nearer end.
    pub fn from_secs(secs: i64) -> At {
        At(secs.saturating_mul(1_000_000).clamp(0, LAST))
    }

    /// From milliseconds, with the same limits as [`At::from_secs`].
    pub fn from_millis(millis: i64) -> At {
        At(millis.saturating_mul(1_000).clamp(0, LAST))
    }

    /// Seconds or milliseconds, told apart by size: some networks use both in one body
    /// (above 10^11 it must be milliseconds: as seconds it would be the year 5138).
    pub fn from_secs_or_millis(n: i64) -> At {
        if n.unsigned_abs() > 100_000_000_000 { At::from_millis(n) } else { At::from_secs(n) }
    }

    /// Whole milliseconds since the epoch.
    pub fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds since the epoch.
    pub fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This moment and `d` later.
    pub fn plus(self, d: Duration) -> At {
        At(self.0.saturating_add(micros(d)))
    }

    /// This moment and `d` earlier.
    pub fn minus(self, d: Duration) -> At {
        At(self.0.saturating_sub(micros(d)))
    }

    /// How long after `earlier` this is; zero when it is not after.
    pub fn since(self, earlier: At) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The jiff timestamp of this moment, for calendars and time zones.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0.clamp(0, LAST)).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// Reads RFC 3339, with or without fractions: `2026-11-21T10:00:00Z`.
    ///
    /// # Errors
    /// The text, when it is no such moment.
    pub fn parse(text: &str) -> Result<At, String> {
        text.parse::<jiff::Timestamp>()
            .map(|t| At(t.as_microsecond()))
            .map_err(|_| format!("“{text}” is not a moment like 2026-11-21T10:00:00Z"))
    }
}

fn micros(d: Duration) -> i64 {
    i64::try_from(d.as_micros()).unwrap_or(i64::MAX)
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl fmt::Debug for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<At, D::Error> {
        At::parse(&String::deserialize(d)?).map_err(de::Error::custom)
    }
}

/// Where the hour comes from.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> At;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> At {
        At(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that stands still until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    /// Starts at the given moment.
    pub fn at(start: At) -> TestClock {
        TestClock(AtomicI64::new(start.0))
    }

    /// Moves the hands forward.
    pub fn forward(&self, d: Duration) {
        self.0.fetch_add(micros(d), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}
