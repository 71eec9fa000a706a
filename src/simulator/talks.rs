//! What follows the first words on X, YouTube, LinkedIn and TikTok and over a bridge: whoever is answered
//! there takes it as people do on the brand's own pages (`manners.rs`), once they have thought about it.

use std::time::Duration;

use super::dice::Dice;
use super::manners::{self, Heard, Move};
use super::scenes::casts::{Place, Voice};
use super::stage::Deed;

/// Somebody in an exchange with the brand.
pub(super) struct Talk {
    /// Their line in the play.
    pub voice: &'static Voice,
    /// Their name.
    pub who: String,
    /// What our answers to them are said upon.
    ids: Vec<String>,
    turns: usize,
    gave: bool,
    asked: bool,
}

/// Everybody who has spoken, and the answers of ours they have not answered yet.
#[derive(Default)]
pub(super) struct Talks {
    all: Vec<Talk>,
    read: [usize; 5],
    due: Vec<(Duration, usize, Deed)>,
}

/// What somebody says next: the talk, the place, upon what, and the words.
pub(super) struct Said {
    pub talk: usize,
    pub place: Place,
    pub on: Deed,
    pub text: String,
}

impl Talks {
    /// Somebody has spoken for the first time; `id` is what an answer will be said upon.
    pub fn begin(&mut self, voice: &'static Voice, who: String, id: String) {
        self.all.push(Talk { voice, who, ids: vec![id], turns: 0, gave: false, asked: false });
    }

    /// Whose talk this is.
    pub fn of(&self, talk: usize) -> Option<&Talk> {
        self.all.get(talk)
    }

    /// They have spoken again: an answer may be said upon that, too.
    pub fn went_on(&mut self, talk: usize, id: String) {
        if let Some(talk) = self.all.get_mut(talk) {
            talk.ids.push(id);
        }
    }

    /// What we did since the last time, by network in the order of [`network`]. Reading takes its time,
    /// typing too.
    pub fn hear(&mut self, ledgers: [Vec<Deed>; 5], story: Duration, dice: Dice) {
        for (n, ledger) in ledgers.into_iter().enumerate() {
            let known = std::mem::replace(&mut self.read[n], ledger.len());
            for deed in ledger.into_iter().skip(known).filter(|d| matches!(d.what, "reply" | "dm")) {
                let theirs = |t: &Talk| network(t.voice.1) == n && t.ids.contains(&deed.on);
                let Some(talk) = self.all.iter().position(theirs) else { continue };
                let slow = dice.below(60, &["slow", &self.all[talk].who, &self.all[talk].turns.to_string()]);
                let tenths = 35 + slow + deed.text.chars().count().min(400) / 4;
                let later = Duration::from_millis(u64::try_from(tenths).unwrap_or(0) * 100);
                self.due.push((story + later, talk, deed));
            }
        }
    }

    /// What they say by now.
    pub fn answers(&mut self, story: Duration, orders: &str, dice: Dice) -> Vec<Said> {
        let due: Vec<_> = self.due.extract_if(.., |(at, ..)| *at <= story).collect();
        due.into_iter().filter_map(|(_, talk, on)| self.answer(talk, on, orders, dice)).collect()
    }

    fn answer(&mut self, n: usize, on: Deed, orders: &str, dice: Dice) -> Option<Said> {
        let talk = self.all.get_mut(n)?;
        let Voice(_, place, lang, _, said) = *talk.voice;
        let number = manners::number(said, orders, &talk.who, dice);
        let heard = Heard {
            ours: &on.text,
            private: place.is_private(),
            automatic: false,
            lang,
            temper: talk.voice.temper(),
            then: &[],
            turn: talk.turns,
            said,
            number: &number,
            gave: talk.gave,
            asked: talk.asked,
            who: &talk.who,
        };
        let Move { says, in_private, gives, asks, .. } = manners::next(heard, dice);
        talk.turns += usize::from(!gives);
        talk.gave |= gives;
        talk.asked |= asks;
        // Where there is nothing private, what would be said in private is not said.
        let place = if in_private && !place.is_private() { place.in_private()? } else { place };
        Some(Said { talk: n, place, on, text: says? })
    }
}

/// Which of the five ledgers tells what is done at a place.
fn network(place: Place) -> usize {
    match place {
        Place::XReply | Place::XMention | Place::XPrivate => 0,
        Place::YouTube => 1,
        Place::LinkedIn => 2,
        Place::TikTok | Place::TikTokPrivate => 3,
        Place::Bridge => 4,
    }
}
