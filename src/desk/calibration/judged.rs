//! What a person made of what the bot offered or said: the evidence everything else is counted from.

use super::likeness::{Likeness, likeness, used, words};
use crate::words;

words! {
    /// What came of a thought of the bot.
    pub enum Judged {
        /// The offered text was sent as it was.
        Sent = "sent",
        /// It was sent with changes.
        Edited = "edited",
        /// Another entry of the library was sent.
        Another = "another",
        /// Something else was written.
        OwnWords = "own_words",
        /// Somebody said that the offer does not help.
        NotUseful = "not_useful",
        /// An automatic answer that somebody corrected, took back, or that the customer said no to.
        Corrected = "corrected",
        /// Somebody said afterwards that the bot was right.
        Right = "right",
        /// Or that it was wrong.
        Wrong = "wrong",
        /// The bot offered nothing, and a person answered.
        Alone = "alone",
    }
}

impl Judged {
    /// Whether the bot had the right entry; none where it had none.
    pub fn is_right(self) -> Option<bool> {
        match self {
            Judged::Sent | Judged::Edited | Judged::Right => Some(true),
            Judged::Another | Judged::OwnWords | Judged::NotUseful | Judged::Corrected | Judged::Wrong => Some(false),
            Judged::Alone => None,
        }
    }
}

/// A judgment, and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgment {
    /// What.
    pub judged: Judged,
    /// How like the entry’s text what was sent is, from 0 to 1; none where nothing was compared.
    pub alike: Option<f64>,
    /// The entry that was used, where one was.
    pub chosen: Option<String>,
}

impl Judgment {
    /// One that somebody pronounced.
    pub fn of(judged: Judged) -> Judgment {
        Judgment { judged, alike: None, chosen: None }
    }
}

/// What the bot had done about the message that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did<'a> {
    /// It had nothing to offer.
    Nothing,
    /// It offered this entry, or was about to say it.
    Offered(&'a str),
    /// It had said this entry.
    Said(&'a str),
}

/// Judges a person’s reply by its words. `texts` are the texts of entries as they would stand in the
/// composer, each with its entry.
pub fn judge(did: Did<'_>, sent: &str, texts: &[(String, String)]) -> Judgment {
    let said = words(sent);
    let of = |(entry, text): &(String, String)| {
        let offered = words(text);
        // Most texts have nothing in common with what was sent: that is seen without a table.
        let common = offered.iter().filter(|w| said.contains(w)).count();
        let like = if common * 2 < offered.len() { None } else { Some(likeness(&offered, &said)) };
        like.filter(|l| used(&offered, *l)).map(|l| (entry.clone(), l))
    };
    let mut best: Option<(String, Likeness)> = None;
    for found in texts.iter().filter_map(of) {
        if best.as_ref().is_none_or(|b| found.1.alike > b.1.alike) {
            best = Some(found);
        }
    }
    let meant = match did {
        Did::Nothing => None,
        Did::Offered(entry) | Did::Said(entry) => Some(entry),
    };
    let judged = match (&best, did) {
        (_, Did::Nothing) => Judged::Alone,
        (Some((entry, like)), _) if Some(entry.as_str()) == meant => {
            if like.alike > 0.999 {
                Judged::Sent
            } else {
                Judged::Edited
            }
        }
        (_, Did::Said(_)) => Judged::Corrected,
        (Some(_), _) => Judged::Another,
        (None, _) => Judged::OwnWords,
    };
    let alike = best.as_ref().map(|(_, like)| (like.alike * 100.0).round() / 100.0);
    Judgment { judged, alike, chosen: best.map(|(entry, _)| entry) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library() -> Vec<(String, String)> {
        let one = |entry: &str, text: &str| (entry.to_owned(), text.to_owned());
        vec![
            one("hours", "Bonjour ! Nous répondons du lundi au vendredi, de 9 h à 18 h."),
            one("returns", "Bonjour ! Vous pouvez nous renvoyer l’article sous quatorze jours, sans frais."),
        ]
    }

    #[test]
    fn a_reply_tells_what_was_made_of_the_offer() {
        let judged = |did, sent| judge(did, sent, &library());
        let offered = Did::Offered("hours");
        let sent = judged(offered, "Bonjour ! Nous répondons du lundi au vendredi, de 9 h à 18 h.");
        assert_eq!((sent.judged, sent.chosen.as_deref()), (Judged::Sent, Some("hours")));
        let edited = judged(offered, "Bonjour Léa, nous répondons du lundi au vendredi, de 10 h à 18 h. Sarah");
        assert_eq!(edited.judged, Judged::Edited);
        assert!(edited.alike.unwrap() > 0.7 && edited.alike.unwrap() < 1.0, "{edited:?}");
        let other = judged(offered, "Bonjour ! Vous pouvez nous renvoyer l'article sous quatorze jours, sans frais.");
        assert_eq!((other.judged, other.chosen.as_deref()), (Judged::Another, Some("returns")));
        assert_eq!(judged(offered, "Je regarde et je reviens vers vous.").judged, Judged::OwnWords);
        assert_eq!(judged(Did::Said("hours"), "Pardon, le samedi nous sommes fermés.").judged, Judged::Corrected);
        let alone =
            judged(Did::Nothing, "Bonjour, vous pouvez nous renvoyer l’article sous quatorze jours, sans frais !");
        assert_eq!((alone.judged, alone.chosen.as_deref()), (Judged::Alone, Some("returns")));
    }

    #[test]
    fn every_judgment_but_one_is_right_or_wrong() {
        let neither: Vec<_> = Judged::ALL.iter().filter(|j| j.is_right().is_none()).collect();
        assert_eq!(neither, [&Judged::Alone]);
    }
}
