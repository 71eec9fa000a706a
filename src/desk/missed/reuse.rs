//! What somebody wrote to one person, made fit to be said to others: names and numbers become
//! placeholders, what the brand says about itself is said by its name.

use crate::base::text::fold;
use crate::desk::canned::first_name;
use crate::desk::personal::{self, Personal};

/// Who wrote to whom, and what the brand states about itself.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The customer's name, as shown.
    pub contact: Option<String>,
    /// The colleague's name.
    pub agent: Option<String>,
    /// Names of facts (`brand.website`) and their values.
    pub facts: Vec<(String, String)>,
}

/// A piece of a text: still as written, or taken out.
enum Piece {
    Said(String),
    Hole(String),
}

/// An answer as a text for everybody. What is somebody's own and has no placeholder (an address, a
/// telephone number) becomes one that no entry may have: the author has to say something else there.
pub fn answer(text: &str, around: &Around) -> String {
    let calm = text.trim().replace("\r\n", "\n").replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #");
    let mut pieces = without_personal(&calm, |kind| format!("{{{{ {} }}}}", name_of(kind)));
    for (name, value) in around.facts.iter().filter(|(_, v)| v.chars().count() >= 4) {
        pieces = take_out(pieces, value, |spaced| format!("{}{{{{ {name} }}}}", if spaced { " " } else { "" }));
    }
    for (whole, name) in [(&around.contact, "contact.first_name"), (&around.agent, "agent.first_name")] {
        let Some(whole) = whole.as_deref() else { continue };
        let hole = |spaced: bool| match (name, spaced) {
            // Whoever has no name is greeted without one.
            ("contact.first_name", true) => {
                "{% if contact.first_name %} {{ contact.first_name }}{% endif %}".to_owned()
            }
            (_, true) => format!(" {{{{ {name} }}}}"),
            (_, false) => format!("{{{{ {name} }}}}"),
        };
        pieces = take_out(pieces, whole, hole);
        if let Some(first) = first_name(whole) {
            pieces = take_out(pieces, &first, hole);
        }
    }
    let text: String = pieces
        .into_iter()
        .map(|p| match p {
            Piece::Said(t) | Piece::Hole(t) => t,
        })
        .collect();
    // A heading of the file is none in a text.
    let line = |l: &str| if l.starts_with("## ") || l.starts_with("### ") { format!(" {l}") } else { l.to_owned() };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A question as an example: on one line, without greeting, name and whatever is somebody's own.
pub fn example(text: &str, contact: Option<&str>) -> String {
    let mut pieces = without_personal(text, |_| String::new());
    for name in contact.into_iter().flat_map(|c| [Some(c.to_owned()), first_name(c)]).flatten() {
        pieces = take_out(pieces, &name, |_| String::new());
    }
    let said: String = pieces
        .into_iter()
        .map(|p| match p {
            Piece::Said(t) | Piece::Hole(t) => t,
        })
        .collect();
    let words: Vec<&str> = said.split_whitespace().collect();
    let greets = |w: &&&str| {
        let plain: String = fold(w).text.chars().filter(|c| c.is_alphanumeric()).collect();
        plain.is_empty() || GREETINGS.contains(&plain.as_str())
    };
    let skip = words.iter().take_while(greets).count();
    let rest = if skip == words.len() { &words[..] } else { &words[skip..] };
    // Where something was taken out, its space and its comma stay behind.
    let said = rest.join(" ").replace(" ,", ",").replace(" .", ".");
    said.trim_matches([',', ' ']).to_owned()
}

/// Words a message begins with before it says anything.
const GREETINGS: [&str; 14] = [
    "bonjour", "bonsoir", "bjr", "bsr", "slt", "salut", "coucou", "hello", "hi", "hey", "hej", "allo", "madame",
    "monsieur",
];

fn name_of(kind: Personal) -> &'static str {
    match kind {
        Personal::Order => "order",
        other => other.as_str(),
    }
}

fn without_personal(text: &str, hole: impl Fn(Personal) -> String) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().collect();
    let (mut pieces, mut at) = (Vec::new(), 0);
    for found in personal::find(text) {
        pieces.push(Piece::Said(chars[at..found.chars.start].iter().collect()));
        pieces.push(Piece::Hole(hole(found.kind)));
        at = found.chars.end;
    }
    pieces.push(Piece::Said(chars[at..].iter().collect()));
    pieces
}

/// Takes words out wherever they stand as whole words, in any case; with the space before them, which
/// `hole` is told of.
fn take_out(pieces: Vec<Piece>, what: &str, hole: impl Fn(bool) -> String) -> Vec<Piece> {
    let wanted: Vec<char> = what.trim().to_lowercase().chars().collect();
    if wanted.len() < 2 {
        return pieces;
    }
    let mut out = Vec::new();
    for piece in pieces {
        let Piece::Said(text) = piece else {
            out.push(piece);
            continue;
        };
        let chars: Vec<char> = text.chars().collect();
        let same = |at: usize| {
            let (end, ends) = (at + wanted.len(), |c: Option<&char>| c.is_none_or(|c| !c.is_alphanumeric()));
            chars.get(at..end).is_some_and(|piece| piece.iter().zip(&wanted).all(|(a, b)| a.to_lowercase().eq([*b])))
                && (at == 0 || ends(chars.get(at - 1)))
                && ends(chars.get(end))
        };
        let (mut from, mut at) = (0, 0);
        while at < chars.len() {
            if !same(at) {
                at += 1;
                continue;
            }
            let spaced = at > from && chars[at - 1] == ' ';
            out.push(Piece::Said(chars[from..at - usize::from(spaced)].iter().collect()));
            out.push(Piece::Hole(hole(spaced)));
            at += wanted.len();
            from = at;
        }
        out.push(Piece::Said(chars[from..].iter().collect()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around() -> Around {
        Around {
            contact: Some("Camille ROUSSEL".into()),
            agent: Some("Sarah Lenoir".into()),
            facts: vec![("brand.website".into(), "https://aubepine.example".into())],
        }
    }

    #[test]
    fn an_answer_to_one_becomes_a_text_for_all() {
        let said = "Bonjour Camille, votre commande AB-48213 est partie. Tout est sur https://aubepine.example, \
                    je vous appelle au 06 12 34 56 78.\nSarah";
        let text = answer(said, &around());
        assert_eq!(
            text,
            "Bonjour{% if contact.first_name %} {{ contact.first_name }}{% endif %}, votre commande {{ order }} est partie. \
             Tout est sur {{ brand.website }}, je vous appelle au {{ phone }}.\n{{ agent.first_name }}"
        );
        assert_eq!(
            answer("Madame CAMILLE ROUSSEL", &around()),
            "Madame{% if contact.first_name %} {{ contact.first_name }}{% endif %}"
        );
        assert_eq!(
            answer("Camillette {{ x }}", &around()),
            "Camillette { { x }}",
            "no part of a word, nothing that was not ours"
        );
        assert_eq!(answer("Voici\n## fr\nsuite", &around()), "Voici\n ## fr\nsuite");
    }

    #[test]
    fn a_question_becomes_an_example() {
        let said = "Bonjour !\n je suis Camille, ma commande AB-48213 passe-t-elle au lave-vaisselle ?";
        assert_eq!(example(said, Some("Camille Roussel")), "je suis, ma commande passe-t-elle au lave-vaisselle ?");
        assert_eq!(example("Hello", None), "Hello", "who only greets, greets");
        assert_eq!(example("Commande AB-48213, merci", None), "Commande, merci");
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_the_person_is_left(before in "[a-z ,.]{0,20}", after in "[a-z ,.]{0,20}") {
            let text = format!("{before} Camille Roussel, 06 12 34 56 78 {after}");
            let said = answer(&text, &around());
            proptest::prop_assert!(!said.contains("Camille") && !said.contains("12 34"), "{}", said);
        }
    }
}
