//! How people take an answer: they give what they are asked for, thank, ask on, insist, ask for a
//! person, or say nothing. In their own language; in private where they are asked to.

use super::dice::Dice;
use super::scenes::Temper;
use crate::base::Lang;
use crate::base::text::fold;

/// An answer of ours, as the person sees it.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Our words.
    pub ours: &'a str,
    /// True in Messenger.
    pub private: bool,
    /// True when a machine wrote it.
    pub automatic: bool,
    /// Their language.
    pub lang: Lang,
    /// How they are.
    pub temper: Temper,
    /// What they will say first, second …
    pub then: &'a [&'a str],
    /// How many answers they have answered.
    pub turn: usize,
    /// What they wrote at first.
    pub said: &'a str,
    /// The number of their order.
    pub number: &'a str,
    /// True when they gave it already.
    pub gave: bool,
    /// True when they asked for a person already.
    pub asked: bool,
    /// Their name, for the dice.
    pub who: &'a str,
}

/// What they do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Move {
    /// What they say; nothing, perhaps.
    pub says: Option<String>,
    /// True when they go to Messenger for it.
    pub in_private: bool,
    /// True when they give their number with it.
    pub gives: bool,
    /// True when they ask for a person with it.
    pub asks: bool,
    /// True when they like our answer.
    pub likes: bool,
}

const ASKS_NUMBER: [&str; 14] = [
    "numero de commande",
    "numero de votre commande",
    "n° de commande",
    "no de commande",
    "reference de commande",
    "reference de votre commande",
    "numero de facture",
    "order number",
    "number of your order",
    "order reference",
    "invoice number",
    "order no",
    "envoyez-nous son numero",
    "send us its number",
];

const ASKS_TO_PRIVATE: [&str; 10] = [
    "en message prive",
    "par message prive",
    "en prive",
    "en mp",
    "messagerie privee",
    "private message",
    "message us",
    "in private",
    "privately",
    "send us a dm",
];

type Words = [&'static [&'static str]; 2];

const GIVES: Words = [
    &["C’est le {n}", "Oui, {n}", "Voici le numéro : {n}", "Commande {n}, merci", "{n}"],
    &["It's {n}", "Sure: {n}", "Here it is: {n}", "Order {n}, thanks", "{n}"],
];
const COMES: Words = [
    &[
        "Bonjour, je vous écris suite à mon commentaire : « {s} »",
        "Rebonjour, me voilà en privé, pour ma question sous votre publication",
    ],
    &["Hello, writing about my comment: “{s}”", "Hi again, here I am in private, about my question under your post"],
];
const THANKS: Words = [
    &[
        "Merci beaucoup !",
        "Super, merci pour la réponse rapide",
        "Parfait, merci 🙏",
        "D’accord, merci",
        "Merci, bonne journée !",
        "Top, merci",
    ],
    &[
        "Thank you!",
        "Great, thanks for the quick reply",
        "Perfect, thanks 🙏",
        "Ok, thank you",
        "Thanks, have a good day",
        "Brilliant, cheers",
    ],
];
const ASKS_ON: Words = [
    &[
        "D’accord. Et sous combien de temps, à peu près ?",
        "Merci. J’ai quelque chose à faire de mon côté ?",
        "Ok ! Et si ça change entre-temps, je vous préviens ici ?",
    ],
    &[
        "Ok. And how long will that take, roughly?",
        "Thanks. Is there anything I need to do?",
        "Good. And if anything changes, do I tell you here?",
    ],
];
const PERSON: Words = [
    &[
        "un humain svp",
        "Ce n’est pas ma question. Je peux parler à quelqu’un ?",
        "Merci mais je voudrais un humain svp",
    ],
    &[
        "a human please",
        "That's not what I asked. Can I speak to someone?",
        "Thanks, but can I talk to a real person please",
    ],
];
const INSISTS: Words = [
    &[
        "C’est la réponse qu’on me fait à chaque fois. Qu’est-ce que vous faites, concrètement ?",
        "Je veux une date, pas des excuses",
        "Et en attendant je fais quoi, moi ?",
    ],
    &[
        "That's what I am told every time. What are you actually going to do?",
        "I want a date, not an apology",
        "And what am I supposed to do meanwhile?",
    ],
];
const CALMS: Words = [
    &["Bon. Merci d’avoir répondu, j’attends de voir", "D’accord, merci de prendre ça au sérieux"],
    &["Right. Thanks for answering, we'll see", "Ok, thank you for taking it seriously"],
];

fn holds(ours: &str, any: &[&str]) -> bool {
    let folded = fold(ours).text;
    any.iter().any(|w| folded.contains(&fold(w).text))
}

/// What somebody does when they are answered.
pub fn next(heard: Heard<'_>, dice: Dice) -> Move {
    let turn = heard.turn.to_string();
    let of = usize::from(heard.lang == Lang::En);
    let ask = |what: &str| dice.below(1_000, &["manners", heard.who, heard.said, &turn, what]);
    let one = |words: &Words| words[of][ask("words") % words[of].len()].to_owned();
    let say = |text: String| Move { says: Some(text), ..Move::default() };
    if heard.temper == Temper::Silent || heard.turn > 4 {
        return Move::default();
    }
    let to_private = !heard.private && holds(heard.ours, &ASKS_TO_PRIVATE);
    if holds(heard.ours, &ASKS_NUMBER) && !heard.gave {
        let number = one(&GIVES).replace("{n}", heard.number);
        // Some write it for all to see, asked to or not.
        let careless = !heard.private && !to_private && ask("careless") < 300;
        return Move { in_private: !heard.private && !careless, gives: true, ..say(number) };
    }
    if to_private {
        return Move { in_private: true, ..say(one(&COMES).replace("{s}", heard.said)) };
    }
    match heard.temper {
        Temper::WantsPerson if heard.automatic && !heard.asked => return Move { asks: true, ..say(one(&PERSON)) },
        Temper::Angry if heard.turn == 0 => return say(one(&INSISTS)),
        Temper::Angry if heard.turn == 1 => return say(one(&CALMS)),
        Temper::Angry => return Move::default(),
        _ => {}
    }
    // Who was helped by a machine has less to tell it.
    if let Some(own) = heard.then.get(heard.turn).filter(|_| !heard.automatic) {
        return say((*own).to_owned());
    }
    match ask("mood") {
        0..550 if heard.turn == 0 => say(one(&THANKS)),
        550..700 if heard.turn == 0 => say(one(&ASKS_ON)),
        _ => Move { likes: !heard.private, ..Move::default() },
    }
}

/// The number somebody names, or one of their own.
pub fn number(said: &str, prefix: &str, who: &str, dice: Dice) -> String {
    let named = said.split(|c: char| !c.is_alphanumeric() && c != '-').find(|w| {
        let digits = w.chars().filter(char::is_ascii_digit).count();
        (4..=8).contains(&digits) && w.chars().last().is_some_and(|c| c.is_ascii_digit())
    });
    named.map_or_else(|| format!("{prefix}{}", 41_000 + dice.below(8_000, &["number", who])), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(ours: &'static str) -> Heard<'static> {
        Heard {
            ours,
            private: true,
            automatic: false,
            lang: Lang::Fr,
            temper: Temper::Glad,
            then: &[],
            turn: 0,
            said: "Où est ma commande ?",
            number: "AB-47710",
            gave: false,
            asked: false,
            who: "Inès",
        }
    }

    #[test]
    fn whoever_is_asked_for_a_number_gives_it_once_and_not_for_all_to_see() {
        for ours in ["Quel est votre numéro de commande ?", "Votre N° de commande svp", "What is your order number?"]
        {
            let told = next(heard(ours), Dice(1));
            assert!(told.gives && !told.in_private && told.says.unwrap().contains("AB-47710"), "{ours}");
            assert!(!next(Heard { gave: true, ..heard(ours) }, Dice(1)).gives);
        }
        let in_public = Heard { private: false, ..heard("Envoyez-nous votre numéro de commande en message privé") };
        assert!((0..50).all(|seed| next(in_public, Dice(seed)).in_private));
        let careless = Heard { private: false, ..heard("Quel est votre numéro de commande ?") };
        let public = (0..200).filter(|seed| !next(careless, Dice(*seed)).in_private).count();
        assert!((30..90).contains(&public), "{public} of 200");
    }

    #[test]
    fn whoever_is_not_helped_by_a_machine_asks_for_a_person_once() {
        let stuck =
            Heard { temper: Temper::WantsPerson, automatic: true, ..heard("Voici nos horaires : 9 h – 18 h.") };
        let told = next(stuck, Dice(1));
        let known = ["un humain", "parler à quelqu’un"];
        assert!(told.asks && known.iter().any(|k| told.says.as_deref().unwrap().contains(k)), "{told:?}");
        assert!(!next(Heard { asked: true, ..stuck }, Dice(1)).asks);
        assert!(!next(Heard { automatic: false, ..stuck }, Dice(1)).asks);
        let english = next(Heard { lang: Lang::En, ..stuck }, Dice(2)).says.unwrap();
        assert!(PERSON[1].contains(&english.as_str()), "{english}");
    }

    #[test]
    fn the_angry_insist_and_the_silent_stay_silent() {
        let angry = Heard { temper: Temper::Angry, ..heard("Bonjour, désolés pour ce souci.") };
        assert!(INSISTS[0].contains(&next(angry, Dice(3)).says.unwrap().as_str()));
        assert!(CALMS[0].contains(&next(Heard { turn: 1, ..angry }, Dice(3)).says.unwrap().as_str()));
        assert_eq!(next(Heard { turn: 2, ..angry }, Dice(3)), Move::default());
        let silent = Heard { temper: Temper::Silent, ..heard("Quel est votre numéro de commande ?") };
        assert_eq!(next(silent, Dice(3)), Move::default());
    }

    #[test]
    fn the_glad_thank_ask_on_like_or_say_nothing() {
        let public = Heard { private: false, ..heard("Bonjour, oui, tout à fait !") };
        let moves: Vec<Move> = (0..300).map(|seed| next(public, Dice(seed))).collect();
        let said = |of: &Words| moves.iter().filter(|m| m.says.as_deref().is_some_and(|s| of[0].contains(&s))).count();
        assert!(said(&THANKS) > 100 && said(&ASKS_ON) > 20 && moves.iter().filter(|m| m.likes).count() > 40);
        let scripted = Heard { then: &["Parfait, à samedi !"], ..public };
        assert_eq!(next(scripted, Dice(1)).says.as_deref(), Some("Parfait, à samedi !"));
    }

    #[test]
    fn a_number_is_the_one_they_named() {
        assert_eq!(number("Toujours pas reçu mon colis AB-48331, merci", "AB-", "D", Dice(1)), "AB-48331");
        assert_eq!(number("My order 20931 still hasn’t arrived", "", "R", Dice(1)), "20931");
        let own = number("Où est ma commande ? Depuis le 3 novembre", "AB-", "I", Dice(1));
        assert!(own.starts_with("AB-4") && own == number("rien", "AB-", "I", Dice(1)), "{own}");
    }
}
