//! A customer who says that an answer missed their question. Few phrases, each of them plain: what is
//! not recognised here an agent will correct.

use crate::base::text::fold;

/// Longer messages tell a story; what stands in it may be about anything.
const MOST_WORDS: usize = 30;

/// Whatever stands around them.
const MISSED: [&str; 34] = [
    "pas ma question",
    "pas la question",
    "pas ce que je demand",
    "pas ce que j'ai demand",
    "pas ce que je vous demand",
    "pas ce que je veux savoir",
    "ne repond pas",
    "repond pas a",
    "reponds pas a",
    "repondez pas a",
    "repondez a cote",
    "rien a voir",
    "hors sujet",
    "a cote de la plaque",
    "n'avez pas compris",
    "n'as pas compris",
    "avez mal compris",
    "mauvaise reponse",
    "m'aide pas",
    "m'avance pas",
    "relisez ma question",
    "relisez mon message",
    "not my question",
    "not what i asked",
    "not what i'm asking",
    "not what i meant",
    "doesn't answer",
    "does not answer",
    "didn't answer",
    "did not answer",
    "wrong answer",
    "misunderst",
    "nothing to do with",
    "read my question",
];
/// Only by themselves: “non” may also answer a question of ours.
const NO: [&str; 9] =
    ["non", "non non", "no", "nope", "pas du tout", "absolument pas", "not at all", "not really", "pas vraiment"];

/// True when a message, written after an automatic answer, says that it missed. `asked` is true when
/// that answer asked something itself: then a bare “no” answers it.
pub fn says_no(text: &str, asked: bool) -> bool {
    let folded = fold(text).text;
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect();
    if words.len() > MOST_WORDS {
        return false;
    }
    let plain = words.join(" ");
    MISSED.iter().any(|phrase| plain.contains(phrase)) || (!asked && NO.contains(&plain.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_missed_says_so() {
        for said in [
            "Non, ce n’est pas ma question !",
            "Ça ne répond pas à ma demande.",
            "rien à voir...",
            "NON",
            "That’s not what I asked",
            "wrong answer",
            "Vous avez mal compris, je parle d'un retour",
        ] {
            assert!(says_no(said, false), "{said}");
        }
        for said in
            ["Merci beaucoup !", "Non merci, c'est parfait", "D'accord, no problem", "Et le samedi ?", "", "nonante"]
        {
            assert!(!says_no(said, false), "{said}");
        }
        assert!(!says_no("non", true), "the answer to our own question");
        let story = format!("{} rien à voir", "bla ".repeat(40));
        assert!(!says_no(&story, false));
    }
}
