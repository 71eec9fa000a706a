//! What a network allows: lengths by its own way of counting, windows, moderation.

use std::time::Duration;

use super::file::Takes;
use crate::base::At;
use crate::base::text;

/// How a network counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// What a reader would count.
    Graphemes,
    /// Unicode scalar values.
    Chars,
    /// UTF-16 units, as browsers count.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
    /// Unicode scalar values, but emoji by their bytes, as Threads counts.
    EmojiBytes,
    /// X's weights: a link counts 23, an emoji 2, a character beyond the Latin and a few other
    /// scripts 2, others 1.
    Weighted,
}

impl Unit {
    /// What pages call it, so that they count the same way.
    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::Graphemes => "graphemes",
            Unit::Chars => "chars",
            Unit::Utf16 => "utf16",
            Unit::Bytes => "bytes",
            Unit::EmojiBytes => "emoji_bytes",
            Unit::Weighted => "weighted",
        }
    }
}

/// The signs emoji are made of; `composer.js` knows the same.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{FE0F}' | '\u{200D}' | '\u{20E3}')
}

/// A length limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// The most that is accepted.
    pub most: usize,
    /// Counted how.
    pub unit: Unit,
}

impl Length {
    /// A limit of `most` units.
    pub const fn of(most: usize, unit: Unit) -> Length {
        Length { most, unit }
    }

    /// How long a text is, counted the network's way.
    pub fn count(self, text: &str) -> usize {
        match self.unit {
            Unit::Graphemes => text::graphemes(text),
            Unit::Chars => text.chars().count(),
            Unit::Utf16 => text::utf16(text),
            Unit::Bytes => text.len(),
            Unit::EmojiBytes => text.chars().map(|c| if is_emoji(c) { c.len_utf8() } else { 1 }).sum(),
            Unit::Weighted => text::weighted(text),
        }
    }
}

/// A private answer to a public message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateReply {
    /// Its length limit.
    pub length: Length,
    /// How long after the public message it may be sent; once each.
    pub within: Duration,
}

/// Messages in a private conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dm {
    /// Its length limit.
    pub length: Length,
    /// How long after the person's last message one may write; none: always.
    pub window: Option<Duration>,
    /// How long a person (never the bot) may write with the network's human mark.
    pub human_window: Option<Duration>,
}

/// Everything a network allows us to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Public replies, where they exist.
    pub public_reply: Option<Length>,
    /// Private replies to public messages.
    pub private_reply: Option<PrivateReply>,
    /// Private conversations.
    pub dm: Option<Dm>,
    /// Files in private conversations.
    pub files: Option<Takes>,
    /// Hide and show what others wrote under our posts.
    pub hide: bool,
    /// Delete what others wrote under our posts.
    pub delete: bool,
    /// Like and unlike.
    pub like: bool,
    /// Texts the network has approved beforehand may be sent in private when the window is over.
    pub approved: bool,
    /// How long after our last attempt the network may still carry it out; after that, what is not
    /// found there did not arrive.
    pub settle: Duration,
}

/// How a reply stands to its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// No limit.
    Always,
    /// Open until then.
    Until(At),
    /// Open for people only, with the network's human mark, until then.
    HumanUntil(At),
    /// Closed since then.
    Closed(At),
}

/// The window of a private conversation, by the person's last act in it.
pub fn window(dm: &Dm, last_inbound: Option<At>, now: At) -> Window {
    let Some(open) = dm.window else { return Window::Always };
    let Some(last) = last_inbound else { return Window::Closed(now) };
    let until = last.plus(open);
    if now < until {
        return Window::Until(until);
    }
    match dm.human_window {
        Some(human) if now < last.plus(human) => Window::HumanUntil(last.plus(human)),
        _ => Window::Closed(last.plus(dm.human_window.unwrap_or(open))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_counts_its_own_way() {
        let text = "Café 👩‍👩‍👧";
        let count = |unit| Length::of(1000, unit).count(text);
        assert_eq!(
            (count(Unit::Graphemes), count(Unit::Chars), count(Unit::Utf16), count(Unit::Bytes)),
            (6, 10, 13, 24)
        );
        assert_eq!(count(Unit::EmojiBytes), 5 + 3 * 4 + 2 * 3);
    }

    #[test]
    fn the_window_closes_to_the_second() {
        let day = Duration::from_secs(86_400);
        let dm = Dm { length: Length::of(2000, Unit::Utf16), window: Some(day), human_window: Some(day * 7) };
        let wrote = At::from_secs(1_000_000);
        let second = Duration::from_secs(1);
        assert_eq!(window(&dm, Some(wrote), wrote.plus(day).minus(second)), Window::Until(wrote.plus(day)));
        assert_eq!(window(&dm, Some(wrote), wrote.plus(day)), Window::HumanUntil(wrote.plus(day * 7)));
        assert_eq!(window(&dm, Some(wrote), wrote.plus(day * 7)), Window::Closed(wrote.plus(day * 7)));
        assert_eq!(window(&dm, None, wrote), Window::Closed(wrote));
    }
}
