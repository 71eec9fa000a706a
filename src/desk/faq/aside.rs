//! What people write beside their question: a greeting before it, thanks after it, the number of their
//! order. It says nothing of what is asked, as long as something else does.

use super::normal::Word;

/// What a message begins with, folded.
const GREETS: &str = "bonjour bjr bonsoir salut coucou hello hi hey good morning evening afternoon day dear there team \
everyone all guys folks madame monsieur messieurs mesdames mr mrs sir m mme equipe toute tous tout le monde l a la et \
you your vous";
/// Of these one has to be there.
const GREETING: &str = "bonjour bjr bonsoir salut coucou hello hi hey morning evening afternoon dear madame monsieur";
/// What it ends with.
const CLOSES: &str = "merci mrc thanks thank thx you u beaucoup bcp d avance in advance so very much cordialement cdt \
bonne journee soiree a bien vous toi et regards best kind sincerely svp please plz pls stp sil te plait";
/// Of these one has to be there.
const CLOSING: &str = "merci mrc thanks thank thx cordialement cdt journee soiree regards sincerely";
/// What is known by a number.
const NUMBERED: &str = "order commande reference ref refs dossier case ticket number numero no nr num n id client customer \
phone telephone mobile email mail";
/// Words that lead to the number, or from it.
const LEADS: &str = "is est it its my ma mon the la le l de du d for pour about concernant regarding re of with avec c";
/// Words that ask and do not say for what.
const ASKS: &str = "who what when where why how which whose can could would will should may qui quand ou comment pourquoi \
combien quel quelle quels quelles peut peux pouvez puis there any some want like need veux voudrais about get";

/// So many words that say something are a question.
const ENOUGH: usize = 2;

/// The readings of a text, without what stands beside the question; also with a number, where little is
/// left without it.
pub fn readings(text: &str, words: Vec<Word>) -> Vec<Vec<Word>> {
    let chars: Vec<char> = text.chars().collect();
    let polite = between(&words);
    let plain = Some(words[polite].to_vec()).filter(|left| says(left) > 0).unwrap_or(words);
    let mut numbered = vec![false; plain.len()];
    for (from, to) in numbers(&chars, &plain) {
        numbered[from..to].fill(true);
    }
    let bare: Vec<Word> = plain.iter().zip(numbered).filter(|(_, n)| !n).map(|(word, _)| word.clone()).collect();
    match says(&bare) {
        0 => vec![plain],
        n if n < ENOUGH && bare.len() < plain.len() => vec![plain, bare],
        _ => vec![bare],
    }
}

/// The words between a greeting and thanks.
fn between(words: &[Word]) -> std::ops::Range<usize> {
    let begins = words.iter().take_while(|w| is_one_of(GREETS, w)).count();
    let greets = words[..begins].iter().any(|w| is_one_of(GREETING, w));
    let from = if greets { begins } else { 0 };
    let ends = words[from..].iter().rev().take_while(|w| is_one_of(CLOSES, w)).count();
    let closes = words[words.len() - ends..].iter().any(|w| is_one_of(CLOSING, w));
    from..words.len() - if closes { ends } else { 0 }
}

/// How many words say what is asked.
fn says(words: &[Word]) -> usize {
    words.iter().filter(|w| !w.small && !is_one_of(ASKS, w)).count()
}

/// Where numbers stand with the words that lead to them: first word, and the one after the last.
fn numbers(chars: &[char], words: &[Word]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (n, _) in words.iter().enumerate().filter(|(_, w)| is_number(w)) {
        let joined =
            |from: usize, to: usize| !chars[words[from].end..words[to].start].iter().any(|c| c.is_whitespace());
        let belongs = |at: usize| is_one_of(NUMBERED, &words[at]) || is_one_of(LEADS, &words[at]);
        let (mut from, mut to) = (n, n + 1);
        while from > 0 && (belongs(from - 1) || joined(from - 1, from)) {
            from -= 1;
        }
        while to < words.len() && (belongs(to) || joined(to - 1, to)) {
            to += 1;
        }
        // What leads from it leads to something.
        while to > n + 1 && is_one_of(LEADS, &words[to - 1]) {
            to -= 1;
        }
        let marked = words[n].start > 0 && matches!(chars[words[n].start - 1], '#' | '°');
        if marked || words[from..to].iter().any(|w| is_one_of(NUMBERED, w)) {
            found.push((from, to));
        }
    }
    found
}

fn is_number(word: &Word) -> bool {
    matches!(word.stem.as_str(), "#" | "a@b") && word.plain.is_empty()
}

fn is_one_of(list: &str, word: &Word) -> bool {
    let written = if word.plain.is_empty() { &word.stem } else { &word.plain };
    list.split_ascii_whitespace().any(|w| w == written)
}

#[cfg(test)]
mod tests {
    use super::super::normal::{Reader, Tongue};
    use super::*;

    fn read(tongue: Tongue, text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let said = |words: Vec<Word>| {
            let said: Vec<String> = words.iter().map(|w| chars[w.start..w.end].iter().collect()).collect();
            said.join(" ")
        };
        readings(text, Reader::new(tongue).read(text)).into_iter().map(said).collect()
    }

    #[test]
    fn what_stands_beside_a_question_is_not_read() {
        for (text, question) in [
            ("Hello, do you deliver to Belgium? Thanks in advance", "do you deliver to Belgium"),
            ("do you deliver to Belgium (order #48213)", "do you deliver to Belgium"),
            ("can I change the address, my order is A-7730412", "can I change the address"),
            ("order number 204817: the lamp arrived broken", "the lamp arrived broken"),
            ("the lamp arrived broken, my phone is 0612345678", "the lamp arrived broken"),
        ] {
            assert_eq!(read(Tongue::English, text), [question], "{text}");
        }
        for (text, question) in [
            ("Bonjour madame, livrez-vous en Belgique ? Merci d’avance", "livrez vous en Belgique"),
            ("la lampe est cassée (commande n°204817)", "la lampe est cassée"),
            ("Commande : 48213. La lampe est cassée, cordialement", "La lampe est cassée"),
        ] {
            assert_eq!(read(Tongue::French, text), [question], "{text}");
        }
    }

    #[test]
    fn what_may_be_part_of_the_question_is_read_both_ways() {
        assert_eq!(
            read(Tongue::English, "I want to cancel order 204817"),
            ["I want to cancel order 204817", "I want to cancel"]
        );
    }

    #[test]
    fn thanks_say_nothing_beside_a_word() {
        assert_eq!(read(Tongue::English, "Ordered, thank you so much"), ["Ordered"]);
    }

    #[test]
    fn where_nothing_else_is_said_that_is_the_question() {
        for text in ["where is my order 204817", "hello there", "thank you very much", "commande 204817", "3000", ""] {
            let all = Reader::new(Tongue::English).read(text).len();
            let read = read(Tongue::English, text);
            assert_eq!(read.len(), 1, "{text}");
            assert_eq!(read[0].split_whitespace().count(), all, "{text}");
        }
        assert_eq!(
            read(Tongue::English, "do you ship to 1000 places"),
            ["do you ship to 1000 places"],
            "no number of ours"
        );
    }
}
