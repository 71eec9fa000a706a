//! How fast the crowd lives: its own time, which goes faster or slower than ours, or stands still.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::base::At;

/// The slowest and the fastest.
pub const SPEEDS: (f64, f64) = (0.1, 100.0);
/// The longest step: after a machine has slept, nobody makes up for it.
const STEP: Duration = Duration::from_secs(10);

/// The crowd's time.
pub struct Pace(Mutex<State>);

struct State {
    speed: f64,
    paused: bool,
    story: Duration,
    seen: Option<At>,
}

impl Pace {
    /// Time at this speed, going.
    pub fn new(speed: f64) -> Pace {
        Pace(Mutex::new(State { speed: within(speed), paused: false, story: Duration::ZERO, seen: None }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How much time has passed for the crowd, now that it is this hour for us.
    pub fn story(&self, now: At) -> Duration {
        let mut state = self.state();
        let passed = state.seen.map_or(Duration::ZERO, |seen| now.since(seen).min(STEP));
        state.seen = Some(state.seen.map_or(now, |seen| seen.max(now)));
        if !state.paused {
            let lived = passed.mul_f64(state.speed);
            state.story += lived;
        }
        state.story
    }

    /// The speed, and whether everything stands still.
    pub fn now(&self) -> (f64, bool) {
        let state = self.state();
        (state.speed, state.paused)
    }

    /// Another speed, from this hour on.
    pub fn set_speed(&self, speed: f64, now: At) {
        self.story(now);
        self.state().speed = within(speed);
    }

    /// Everything stands still from this hour on, or goes on.
    pub fn pause(&self, paused: bool, now: At) {
        self.story(now);
        self.state().paused = paused;
    }
}

fn within(speed: f64) -> f64 {
    if speed.is_finite() { speed.clamp(SPEEDS.0, SPEEDS.1) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stands_still_goes_on_and_makes_up_for_nothing() {
        let at = |s: i64| At::from_secs(1_800_000_000 + s);
        let pace = Pace::new(2.0);
        assert_eq!(pace.story(at(0)), Duration::ZERO);
        assert_eq!(pace.story(at(3)), Duration::from_secs(6));
        pace.pause(true, at(4));
        assert_eq!((pace.story(at(9)), pace.now()), (Duration::from_secs(8), (2.0, true)));
        pace.pause(false, at(10));
        pace.set_speed(10.0, at(11));
        assert_eq!(pace.story(at(12)), Duration::from_secs(8 + 2 + 10));
        // An hour asleep is one step; a clock set back is nothing.
        assert_eq!(pace.story(at(3_612)), Duration::from_secs(120));
        assert_eq!(pace.story(at(12)), Duration::from_secs(120));
        pace.set_speed(f64::NAN, at(3_612));
        assert_eq!(pace.story(at(3_613)), Duration::from_secs(121));
    }
}
