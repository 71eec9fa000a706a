//! Who is in a tangle, and how each behaves.

use guichet::base::Given;

/// Somebody, or something, that writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Another bot of this very desk, at another brand.
    SecondBot,
    /// A bot of another house, which few networks mark.
    OtherBot,
    /// An out-of-office note.
    OutOfOffice,
    /// A list that sends on what it gets.
    MailingList,
    /// A mailbox that says what could not be delivered.
    Bounce,
    /// Our own words come back.
    Echo,
    /// A customer.
    Human,
    /// One of us.
    Colleague,
}

impl Who {
    const ALL: [Who; 8] = [
        Who::SecondBot,
        Who::OtherBot,
        Who::OutOfOffice,
        Who::MailingList,
        Who::Bounce,
        Who::Echo,
        Who::Human,
        Who::Colleague,
    ];

    /// One of them, machines more often than people.
    pub fn any(dice: &Given) -> Who {
        Who::ALL[usize::try_from(dice.below(8)).unwrap()]
    }

    /// Our own account, at any brand.
    pub fn is_ours(self) -> bool {
        matches!(self, Who::SecondBot | Who::Echo)
    }

    /// Whether what it writes bears a machine's marks: mostly, where there are marks at all.
    pub fn is_marked(self, dice: &Given) -> bool {
        match self {
            Who::OutOfOffice | Who::MailingList => dice.chance(80),
            Who::Bounce => dice.chance(95),
            Who::OtherBot => dice.chance(30),
            Who::SecondBot => dice.chance(50),
            Who::Echo | Who::Human | Who::Colleague => false,
        }
    }

    /// After how many seconds it answers what it reads, if it does.
    pub fn answers_in(self, dice: &Given) -> Option<u64> {
        let (percent, from, to) = match self {
            Who::SecondBot | Who::OtherBot => (97, 1, 60),
            Who::OutOfOffice | Who::Bounce => (90, 1, 120),
            Who::MailingList => (80, 30, 900),
            Who::Echo => (60, 1, 20),
            Who::Human => (70, 20, 1_800),
            Who::Colleague => (15, 120, 3_600),
        };
        dice.chance(percent).then(|| from + dice.below(to - from))
    }
}

/// What something written means to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The entry it would answer with, by number; none: it does not understand.
    pub asks: Option<u8>,
    /// The words, by number: the same number, the same words.
    pub which: u64,
    /// It tells the number of an order.
    pub tells: bool,
}

impl Words {
    /// What somebody writes: bots say the same over and over, or never the same twice.
    pub fn of(who: Who, dice: &Given) -> Words {
        let same = matches!(who, Who::OutOfOffice | Who::Bounce) || dice.chance(30);
        let which = if same { dice.below(2) } else { dice.below(1_000_000) };
        let asks = dice.chance(80).then(|| u8::try_from(dice.below(5)).unwrap());
        Words { asks, which, tells: dice.chance(15) }
    }
}
