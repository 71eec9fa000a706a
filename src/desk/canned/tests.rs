use super::*;
use crate::desk::limits::{Length, Unit};
use crate::desk::message::Visibility;

const FILE: &str = r#"+++
id = "ou-est-ma-commande"
title = { fr = "Où est ma commande ?", en = "Where is my order?" }
shortcut = "commande"
team = "support"
review_by = 2027-03-01
[examples]
fr = ["où est ma commande ?", "je n'ai pas reçu mon colis"]
en = ["where is my order", "my parcel has not come"]
[not_examples]
fr = ["je veux annuler ma commande"]
[when]
none_of.fr = ["annuler"]
[[steps]]
when = { visibility = "public" }
do = [{ reply = "go-private" }, { assign = "support" }]
[[steps]]
do = [{ reply = "answer" }, { stage = "customer" }]
+++
## fr
### answer
Bonjour {{ contact.first_name | default("") }}, quel est votre numéro de commande ?
### go-private
Bonjour, écrivez-nous en message privé.
### go-private @x
En DM : {{ dm_link }}
## en
### answer
Hello, what is your order number?
### go-private
Hello, please send us a private message.
## tests
~~~conv
# fr, facebook, public
> Ou est ma commande ??
< go-private assign:support
~~~
"#;

fn entry(source: &str) -> Entry {
    Entry::read("delivery/ou-est-ma-commande.md", source).unwrap()
}

fn problems(source: &str) -> Vec<Problem> {
    Entry::read("delivery/ou-est-ma-commande.md", source).unwrap_err()
}

fn notes(entries: &[Entry]) -> Vec<String> {
    let most = Some(Length::of(600, Unit::Chars));
    let facebook = Network { slug: "facebook", public: most, private: None };
    lint(entries, &["fr", "en"], &[facebook]).into_iter().map(|n| format!("{}: {}", n.line, n.what)).collect()
}

#[test]
fn a_file_is_read_whole() {
    let e = entry(FILE);
    assert!(e.answers());
    assert_eq!((e.path().as_str(), e.title("en")), ("delivery/ou-est-ma-commande", "Where is my order?"));
    assert_eq!(e.main_text(Visibility::Public), Some("go-private"));
    assert_eq!(e.main_text(Visibility::Private), Some("answer"));
    assert_eq!(e.text("fr", "go-private", "x").unwrap().source, "En DM : {{ dm_link }}");
    assert_eq!(e.text("fr", "go-private", "facebook").unwrap().network, None);
    assert_eq!(e.tests.len(), 1);
    let line = FILE.lines().position(|l| l.starts_with("# fr, facebook")).unwrap() + 2;
    assert_eq!(e.tests[0].line, line);
}

#[test]
fn mistakes_are_named_with_their_line() {
    let at = |source: &str| problems(source).into_iter().map(|p| p.line).collect::<Vec<_>>();
    let line_of = |needle: &str| FILE.lines().position(|l| l.contains(needle)).unwrap() + 1;
    assert_eq!(at(&FILE.replace("team =", "tema =")), [line_of("team =")]);
    assert_eq!(at(&FILE.replace("Bonjour, écrivez", "{{ a.b() }} écrivez")), [line_of("Bonjour, écrivez")]);
    assert_eq!(at(&FILE.replace("## en", "## de")).len(), 3);
    assert_eq!(at(&FILE.replace("< go-private assign", "? go")), [line_of("< go-private")]);
    assert_eq!(at(&FILE.replace("id = \"ou-est", "id = \"xou-est")), [2]);
    assert_eq!(at("no front matter"), [1]);
}

#[test]
fn lint_finds_what_would_go_wrong() {
    assert_eq!(notes(&[entry(FILE)]), [] as [String; 0]);
    let has = |source: String, what: &str| {
        let all = notes(&[entry(&source)]);
        assert!(all.iter().any(|n| n.contains(what)), "{what}: {all:?}");
    };
    has(FILE.replace("Bonjour, écrivez-nous", "{{ contact.name }}, écrivez-nous"), "is personal");
    for hidden in [
        "{{ contact.name | default(\"vous\") }}",
        "{% if order %}Bonjour{% endif %}",
        "{% if not amount %}Bonjour{% else %}{{ amount }}{% endif %}",
        "{% if product %}{% if ticket.number %}Bonjour{% endif %}{% endif %}",
    ] {
        has(FILE.replace("Bonjour, écrivez-nous", &format!("{hidden} écrivez-nous")), "is personal");
    }
    has(FILE.replace("Bonjour, écrivez-nous", "Votre commande AB-48213, écrivez-nous"), "looks like personal data");
    has(FILE.replace("Bonjour, écrivez-nous", "{{ weather }}"), "nobody knows “weather”");
    has(FILE.replace("Hello, please send us", &"Hello ".repeat(200)), "facebook takes 600");
    // A short network is not held against texts for all networks, only against its own.
    let x = Network { slug: "x", public: Some(Length::of(10, Unit::Weighted)), private: None };
    let about_x = |n: &Note| n.what.to_string().contains("x takes 10");
    let noted = lint(&[entry(FILE)], &["fr", "en"], &[x]).into_iter().filter(about_x).count();
    assert_eq!(noted, FILE.matches("@x\n").count());
    has(FILE.replace("none_of.fr = [\"annuler\"]", "none_of.fr = [\"colis\"]"), "keeps the example");
    has(FILE.replace("{ reply = \"go-private\" }", "{ reply = \"gone\" }"), "there is none");
    has(FILE.replace(", en = \"Where is my order?\"", ""), "title in English");
    has(FILE.replace("## en\n### answer\nHello, what is your order number?\n", "## en\n"), "“answer” in English");
    let second = FILE.replace("ou-est-ma-commande", "autre").replace("shortcut = \"commande\"", "shortcut = \"c2\"");
    let second = Entry::read("delivery/autre.md", &second).unwrap();
    assert!(notes(&[entry(FILE), second]).iter().any(|n| n.contains("also one of")));
}

#[test]
fn a_few_letters_find_an_entry() {
    let library = Library::of([entry(FILE)]);
    for typed in ["", "com", "commande", "ou est", "COLIS prive", "écrivez"] {
        let n = library.find(typed, "fr", Visibility::Public).len();
        assert_eq!(n, usize::from(typed != "COLIS prive"), "{typed}");
    }
    let mut values = Values::default();
    values.tell("contact.first_name", "Léa");
    let e = library.get("ou-est-ma-commande").unwrap();
    let choice = library.choose(e, None, ("fr", "facebook", Visibility::Private), &values).unwrap();
    assert_eq!(choice.filled.complete().unwrap(), "Bonjour Léa, quel est votre numéro de commande ?");
}
