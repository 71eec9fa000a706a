//! The people who write letters: what they write when, and how they take an answer. Some are away, one
//! does not exist, the others say thank you. The same people write each time, in the crowd's time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::email::{Email, Manner, header};
use super::pace::Pace;
use super::scenes::names;
use crate::base::text::fold;
use crate::base::{Given, Lang};

/// One letter: seconds after the beginning, to which brand, who, from where, in which language.
struct Letter {
    at: u64,
    brand: usize,
    who: (&'static str, &'static str),
    lang: Lang,
    subject: &'static str,
    text: &'static str,
    manner: Option<Manner>,
}

const fn letter(
    at: u64,
    brand: usize,
    who: (&'static str, &'static str),
    subject: &'static str,
    text: &'static str,
) -> Letter {
    Letter { at, brand, who, lang: Lang::Fr, subject, text, manner: None }
}

impl Letter {
    const fn en(self) -> Letter {
        Letter { lang: Lang::En, ..self }
    }
    const fn is(self, manner: Manner) -> Letter {
        Letter { manner: Some(manner), ..self }
    }
}

const LETTERS: &[Letter] = &[
    letter(
        14,
        0,
        ("claire.vasseur@courrier.example", "Claire Vasseur"),
        "Commande incomplète",
        "Bonjour,\n\nil manque un article dans le colis reçu hier, la facture l’indique pourtant bien.\nPouvez-vous me l’envoyer ?\n\nClaire Vasseur\n-- \n12, rue des Lilas, 69003 Lyon",
    ),
    letter(
        41,
        1,
        ("tom.ashby@mail.example", "Tom Ashby"),
        "Quote for 60 pieces",
        "Hello,\n\nwe would like 60 pieces for our staff before Christmas. Could you send me a quote, and say when you would deliver?\n\nKind regards,\nTom Ashby",
    )
    .en(),
    letter(
        78,
        0,
        ("nadia.ferrand@absente.example", "Nadia Ferrand"),
        "Facture",
        "Bonjour, il me faudrait une facture au nom de ma société. Merci, Nadia Ferrand",
    )
    .is(Manner::Away),
    letter(
        120,
        0,
        ("emily.stone@mail.example", "Emily Stone"),
        "Wrong colour",
        "Hi, I received the wrong colour. How do I send it back?\n\nEmily",
    )
    .en(),
    letter(
        171,
        1,
        ("ancien.client@parti.example", "Gilles Perrot"),
        "Question sur l’entretien",
        "Bonjour, comment entretenir le produit ? Je ne trouve plus la notice.",
    )
    .is(Manner::Unknown),
    letter(
        230,
        1,
        ("sofia.marin@courrier.example", "Sofia Marin"),
        "Merci !",
        "Bonjour à toute l’équipe, juste un mot pour vous remercier : service impeccable, je recommande à tout le monde.",
    ),
];

/// How long somebody thinks before they answer an answer.
const PONDER: Duration = Duration::from_secs(16);

/// The people, writing.
pub struct Letters {
    email: Arc<Email>,
    given: Given,
    pace: Arc<Pace>,
    /// The brands' addresses, in the order of their scenes.
    boxes: Vec<String>,
    /// Every so many seconds another letter.
    every: Option<u64>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    written: usize,
    others: usize,
    read: usize,
    /// When, to whom, by whom, under which subject, in answer to what.
    thanks: Vec<(Duration, String, usize, String, String)>,
    thanked: Vec<String>,
}

impl Letters {
    /// Those who write to these mailboxes, which the server knows already.
    pub fn new(email: Arc<Email>, given: Given, pace: Arc<Pace>, boxes: Vec<String>, every: Option<u64>) -> Letters {
        for letter in LETTERS {
            if let Some(manner) = letter.manner {
                email.set_manner(letter.who.0, manner);
            }
        }
        Letters { email, given, pace, boxes, every, memory: Mutex::default() }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everybody writes what they would have written by now.
    pub fn beat(&self) {
        let story = self.pace.story(self.given.now());
        if self.pace.now().1 || self.boxes.is_empty() {
            return;
        }
        let mut memory = self.memory();
        while let Some(letter) = LETTERS.get(memory.written).filter(|l| Duration::from_secs(l.at) <= story) {
            memory.written += 1;
            let to = &self.boxes[letter.brand % self.boxes.len()];
            self.email.write(to, letter.who, letter.subject, letter.text, None);
        }
        self.others(&mut memory, story);
        let ledger = self.email.ledger();
        for taken in ledger.iter().skip(memory.read) {
            let person = LETTERS.iter().position(|l| l.who.0 == taken.to && l.manner.is_none());
            let (Some(n), false) = (person, memory.thanked.contains(&taken.to)) else { continue };
            let subject = header(&taken.raw, "subject").unwrap_or_default();
            let about = header(&taken.raw, "message-id").unwrap_or_default();
            let about = about.trim_matches(['<', '>']).to_owned();
            memory.thanked.push(taken.to.clone());
            memory.thanks.push((story + PONDER, taken.from.clone(), n, subject, about));
        }
        memory.read = ledger.len();
        let due: Vec<_> = memory.thanks.extract_if(.., |(at, ..)| *at <= story).collect();
        drop(memory);
        for (_, to, n, subject, about) in due {
            let text = if LETTERS[n].lang == Lang::Fr {
                "Merci beaucoup pour votre réponse rapide !\n\nBonne journée"
            } else {
                "Thank you very much for the quick answer!"
            };
            self.email.write(&to, LETTERS[n].who, &subject, text, Some(&about));
        }
    }
}

impl Letters {
    /// Where many write, they write on after those with names of their own.
    fn others(&self, memory: &mut Memory, story: Duration) {
        let Some(every) = self.every else { return };
        while Duration::from_secs(every * (memory.others as u64 + 1)) <= story {
            let n = memory.others;
            memory.others += 1;
            let (lang, subject, text) = OTHERS[n % OTHERS.len()];
            let name = names::name(lang, n * 7 + 3);
            let address = format!("{}.{n}@courrier.example", fold(&name).text.replace([' ', '\''], "."));
            let to = &self.boxes[n % 3 / 2 % self.boxes.len()];
            self.email.write(to, (&address, &name), subject, text, None);
        }
    }
}

const OTHERS: &[(Lang, &str, &str)] = &[
    (Lang::Fr, "Ma commande", "Bonsoir,\n\nje n’ai pas encore reçu ma commande. Où en est-elle ?\n\nMerci d’avance"),
    (Lang::En, "Return", "Hello,\n\nhow do I return an item I bought last week?\n\nThank you"),
    (Lang::Fr, "Facture", "Bonjour, pouvez-vous m’envoyer la facture de mon dernier achat ?"),
    (Lang::Fr, "Devis", "Bonjour,\n\nnous voudrions un devis pour 80 pièces, livrées avant Noël.\n\nCordialement"),
    (Lang::En, "Damaged", "Hi, the parcel arrived damaged and the lid is broken. What can you do?"),
    (Lang::Fr, "Déçu", "Deux messages sans réponse. Je suis très déçu de votre service."),
    (Lang::En, "Thanks", "Just a note to say thank you, the colours are lovely."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_in_order_and_in_both_languages() {
        assert!(LETTERS.is_sorted_by_key(|l| l.at));
        for lang in [Lang::Fr, Lang::En] {
            assert!(LETTERS.iter().any(|l| l.lang == lang));
        }
        for manner in [Manner::Away, Manner::Unknown] {
            assert!(LETTERS.iter().any(|l| l.manner == Some(manner)));
        }
    }
}
