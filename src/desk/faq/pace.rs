//! In what order examples are learnt, how often, and which are left out when they have nothing new to
//! say. The same every time.

/// How an entry is learnt.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Rounds over the examples, at most.
    pub rounds: usize,
    /// An example that changes less, in shares of the most it may say, is good enough.
    pub enough: f64,
    /// True when each round takes the examples in another order, and leaves out for a while those that
    /// said nothing new: what they teach is found in fewer rounds.
    stirred: bool,
}

impl Pace {
    /// For few examples: stops early, as following them to the end is learning them by heart.
    pub const SHORT: Pace = Pace { rounds: 12, enough: 0.01, stirred: false };
    /// For many.
    pub const LONG: Pace = Pace { rounds: 40, enough: 0.001, stirred: true };

    /// The order of this round’s examples; `order` has each of them once.
    pub fn order(self, order: &mut [usize], round: usize) {
        if self.stirred {
            Dice::new(round as u64 + 1).stir(order);
        } else {
            stride(order, round);
        }
    }
}

/// Rounds that an example with nothing new to say is left out of, at most.
const AWAY: u8 = 7;

/// How long an example has had nothing new to say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Calm {
    /// Rounds it is still left out of.
    away: u8,
    /// Rounds it was left out of the last time.
    last: u8,
}

impl Calm {
    /// True when it is left out of this round; one round less is left.
    pub fn is_away(&mut self) -> bool {
        let away = self.away > 0;
        self.away = self.away.saturating_sub(1);
        away
    }

    /// Notes whether it said nothing new: then it is left out for about twice as long as before.
    pub fn said(&mut self, nothing: bool, pace: Pace) {
        self.last = if nothing && pace.stirred { (2 * self.last + 1).min(AWAY) } else { 0 };
        self.away = self.last;
    }
}

/// Numbers in a stride, each of them once, from another place each round.
fn stride(order: &mut [usize], round: usize) {
    let count = order.len();
    // A prime, and no divisor of how many there are.
    let wide = if count.is_multiple_of(7919) { 1 } else { 7919 };
    for (step, place) in order.iter_mut().enumerate() {
        *place = (step * wide + round * 104_729) % count;
    }
}

/// Dice that fall the same way for the same seed (Marsaglia’s xorshift, 2003).
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of this seed, which is not 0.
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to below 1.
    pub fn share(&mut self) -> f32 {
        f32::from(u16::try_from(self.next() >> 48).unwrap_or(u16::MAX)) / 65_536.0
    }

    /// Puts numbers in another order.
    pub fn stir(&mut self, order: &mut [usize]) {
        for n in (1..order.len()).rev() {
            let other = usize::try_from(self.next() % (n as u64 + 1)).unwrap_or(n);
            order.swap(n, other);
        }
    }
}
