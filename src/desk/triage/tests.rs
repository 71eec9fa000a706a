//! The shipped lexicons and rules, tried on what people write.

use super::file::Step;
use super::rules::{Rulebook, reason};
use super::{Act, Facts};
use crate::desk::message::{Kind, Visibility};
use crate::desk::stage::Stage;

fn shipped() -> Rulebook {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/canned-replies/triage");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push((name, std::fs::read_to_string(&path).unwrap()));
    }
    Rulebook::read(files.iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap()
}

fn under_post(text: &str) -> Facts<'_> {
    Facts {
        text,
        kind: Kind::Comment,
        visibility: Visibility::Public,
        network: "facebook",
        under_our_post: true,
        known_customer: false,
        has_team: false,
        rating: None,
    }
}

fn in_private(text: &str) -> Facts<'_> {
    Facts { kind: Kind::Dm, visibility: Visibility::Private, under_our_post: false, ..under_post(text) }
}

fn team(acts: &[Act]) -> Option<&str> {
    acts.iter().find_map(|a| match &a.step {
        Step::Escalate(team) | Step::Assign(team) => Some(team.as_str()),
        _ => None,
    })
}

fn stage(acts: &[Act]) -> Option<Stage> {
    acts.iter().find_map(|a| match a.step {
        Step::Stage(stage) => Some(stage),
        _ => None,
    })
}

#[test]
fn who_gets_what() {
    let book = shipped();
    for (text, rule, expected) in [
        ("Bonjour, c'est combien la grande ?", "hot-to-sales", "sales"),
        ("How much is this one?", "hot-to-sales", "sales"),
        ("Je voudrais commander deux gourdes pour samedi", "hot-to-sales", "sales"),
        ("Where can I buy it in London?", "hot-to-sales", "sales"),
        ("il nous faudrait 120 gourdes gravées, un devis svp", "hot-to-sales", "sales"),
        ("Toujours rien reçu, ma commande date du 3", "problem-to-support", "support"),
        ("my order never arrived", "problem-to-support", "support"),
        ("la peinture s'écaille au bout d'un mois", "problem-to-support", "support"),
        ("C'est inadmissible, aucune réponse depuis 10 jours !!!", "complaint-to-support", "support"),
        ("Worst service ever, I am so disappointed", "complaint-to-support", "support"),
        ("Je vais porter plainte avec mon avocat", "legal-to-people", "community"),
        ("I'm a journalist at the Times, who can I talk to?", "legal-to-people", "community"),
        ("mon fils s'est blessé avec le bouchon", "danger-first", "community"),
        ("Earn money from home, bitcoin signals https://t.me/xyz", "spam-aside", "community"),
        ("3 ans que ma gourde me suit partout, je recommande !", "advocate-to-community", "community"),
        ("Elle passe au lave-vaisselle ?", "interest", "community"),
        ("👍", "public-to-community", "community"),
    ] {
        let (findings, acts) = book.judge(&under_post(text));
        assert_eq!(acts.first().map(|a| a.trace.rule.as_str()), Some(rule), "{text}: {findings:#?}");
        assert_eq!(team(&acts), Some(expected), "{text}");
    }
}

#[test]
fn the_words_that_led_to_it_are_marked() {
    let text = "Bonjour 👋 c’est combien la rouge ?";
    let (_, acts) = shipped().judge(&under_post(text));
    assert_eq!(stage(&acts), Some(Stage::HotProspect));
    let trace = &acts[0].trace;
    let marked = trace.matched.iter().find(|m| m.field == "text").unwrap();
    let chars: Vec<char> = text.chars().collect();
    assert_eq!(chars[marked.start..marked.end].iter().collect::<String>(), marked.text);
    assert_eq!(marked.text, "c’est combien");
    assert_eq!((trace.score, trace.threshold), (Some(3.0), Some(3.0)));
    assert_eq!(reason(trace), "c’est combien");
}

#[test]
fn a_price_question_of_a_customer_is_not_hot() {
    let facts = Facts { known_customer: true, ..under_post("c'est combien la grande ?") };
    let (_, acts) = shipped().judge(&facts);
    assert_eq!(stage(&acts), Some(Stage::Consideration));
}

#[test]
fn a_negation_cancels_and_a_quotation_does_not_count() {
    let book = shipped();
    let rule = |text: &str| book.judge(&in_private(text)).1[0].trace.rule.clone();
    assert_eq!(rule("je ne veux pas commander"), "private-to-support");
    assert_eq!(rule("> je voudrais commander\nd'accord"), "private-to-support");
    assert_eq!(rule("je voudrais commander"), "hot-to-sales");
}

#[test]
fn a_rule_that_does_not_hold_changes_nothing() {
    let book = shipped();
    let (_, acts) = book.judge(&in_private("Bonjour"));
    assert_eq!(acts.len(), 1);
    let (_, acts) = book.judge(&Facts { has_team: true, ..in_private("Bonjour") });
    assert!(acts.is_empty());
}

#[test]
fn a_file_with_a_mistake_says_where() {
    let error = |text: &str| super::parse("f.md", text).unwrap_err().to_string();
    assert_eq!(error("hello"), "f.md: the file must begin with a block between two +++ lines");
    assert!(error("+++\nkind = \"tag\"\ntga = 1\n+++\n").contains("tga"));
    assert!(
        error("+++\nkind = \"rule\"\nid = \"x\"\ntitle = {}\npriority = 1\ndo = [{ stage = \"warm\" }]\n+++\n")
            .contains("warm")
    );
    let rule = "+++\nkind = \"rule\"\nid = \"x\"\ntitle = {}\npriority = 1\nwhen = { tag = \"cold\" }\ndo = []\n+++\n";
    assert_eq!(Rulebook::read([("r.md", rule)]).unwrap_err()[0].to_string(), "r.md: no lexicon defines the tag “cold”");
}

proptest::proptest! {
    #[test]
    fn judging_never_panics_and_marks_what_is_there(text in "\\PC{0,80}|(prix|combien|ma commande|inadmissible|pas| |!){0,12}") {
        static BOOK: std::sync::LazyLock<Rulebook> = std::sync::LazyLock::new(shipped);
        let (_, acts) = BOOK.judge(&under_post(&text));
        let chars: Vec<char> = text.chars().collect();
        for m in acts.iter().flat_map(|a| &a.trace.matched).filter(|m| m.field == "text") {
            proptest::prop_assert_eq!(chars[m.start..m.end].iter().collect::<String>(), m.text.clone());
        }
    }
}

#[test]
fn what_went_before_counts() {
    let book = shipped();
    let at = |days: u64| crate::base::At(0).plus(std::time::Duration::from_hours(24 * days));
    let (_, acts) = book.judge(&under_post("c'est combien la grande ?"));
    let trace = acts[0].trace.clone();
    let score = |days: u64| {
        let mut before = super::Before::default();
        book.recall(&trace, at(0), at(days), &mut before);
        let (findings, _) = book.judge_after(&in_private("et le prix de la petite ?"), &before);
        findings.tags.iter().find(|t| t.tag == "hot").unwrap().score
    };
    // Price 2, in private 1; asked before 2; half of what is left of 3.
    assert!((score(1) - 6.5).abs() < 0.11, "{}", score(1));
    assert!((score(14) - 5.8).abs() < 0.11, "half of it is left: {}", score(14));
    assert!((score(28) - 3.4).abs() < 0.11, "the question is forgotten, a little warmth is left: {}", score(28));
}
