use super::*;
use crate::base::locale::Lang;
use crate::desk::bot::{Decision, Verdict};
use crate::desk::canned::Entry;

const FILE: &str = r#"+++
id = "order"
title = { fr = "Où est ma commande ?", en = "Where is my order?" }
[slots.order]
regex = '(?:^|[^\w])((?:[A-Z]{1,3}-?)?\d{5,8})(?:[^\w]|$)'
ask = "ask"
again = "again"
tries = 2
[[steps]]
when = { visibility = "public" }
do = [{ reply = "go-private" }, { label = "order" }]
[[steps]]
need = "order"
[[steps]]
call = "order-status"
on_error = [{ reply = "sorry" }, { handoff = "support" }]
[[steps]]
do = [{ reply = "status" }, { stage = "customer" }]
+++
## fr
### ask
Numéro ?
### again
Encore : le numéro ?
### go-private
En privé.
### sorry
Désolé.
### status
{{ order }} : {{ result.label }}.
"#;

fn entry() -> Entry {
    Entry::read("delivery/order.md", FILE).unwrap()
}

fn nothing() -> Decision {
    Decision::none(Verdict::Silent, "unsure")
}

fn heard(talk: Talk, text: &str, decision: &Decision) -> Turn {
    hear(&entry(), talk, &Heard { text, decision, unsaid: false })
}

fn text(turn: &Turn) -> Option<&str> {
    match &turn.says {
        Some(Says::Text(name)) => Some(name),
        _ => None,
    }
}

fn asked() -> Turn {
    begin(&entry(), "fr", Visibility::Private, "où est ma commande ?")
}

#[test]
fn it_asks_looks_and_tells() {
    let turn = asked();
    assert_eq!((text(&turn), &turn.ends), (Some("ask"), &Ends::Waits));
    let turn = heard(turn.talk, "c'est la ab-47710 merci", &nothing());
    assert_eq!((text(&turn), &turn.ends), (None, &Ends::Calls("order-status".into())));
    assert_eq!(turn.talk.slots["order"], "ab-47710");
    assert_eq!((turn.found[0].start, turn.found[0].end), (9, 17));
    let told = BTreeMap::from([("label".to_owned(), "en transit".to_owned())]);
    let turn = result(&entry(), turn.talk, Ok(told));
    assert_eq!((text(&turn), &turn.ends, turn.talk.turns), (Some("status"), &Ends::Over, 2));
    assert_eq!(turn.talk.results["label"], "en transit");
    assert!(matches!(turn.acts[..], [Act::Stage(_)]));
}

#[test]
fn what_is_there_already_is_not_asked_for() {
    let turn = begin(&entry(), "fr", Visibility::Private, "où est la commande n°204817 ?");
    assert_eq!(turn.ends, Ends::Calls("order-status".into()));
}

#[test]
fn nothing_is_asked_in_public() {
    for said in ["où est ma commande ?", "où est ma commande 204817 ?"] {
        let turn = begin(&entry(), "fr", Visibility::Public, said);
        assert_eq!((text(&turn), &turn.ends), (Some("go-private"), &Ends::Over), "{said}");
        assert!(turn.talk.slots.is_empty());
    }
    // Without a text for it, people go on.
    let without = FILE.replace(
        "when = { visibility = \"public\" }\ndo = [{ reply = \"go-private\" }, { label = \"order\" }]\n",
        "do = []\n",
    );
    let without = Entry::read("delivery/order.md", &without).unwrap();
    let turn = begin(&without, "fr", Visibility::Public, "où est ma commande 204817 ?");
    assert_eq!((text(&turn), &turn.ends), (None, &Ends::HandsOver("public".into(), None)));
}

#[test]
fn it_asks_twice_and_then_calls_a_person() {
    let turn = heard(asked().talk, "je sais pas", &nothing());
    assert_eq!((text(&turn), &turn.ends), (Some("again"), &Ends::Waits));
    let turn = heard(turn.talk, "aucune idée", &nothing());
    assert_eq!((text(&turn), &turn.ends), (None, &Ends::HandsOver("asked_enough".into(), None)));
    // What had not left was not asked.
    let turn = hear(&entry(), asked().talk, &Heard { text: "euh", decision: &nothing(), unsaid: true });
    assert_eq!((text(&turn), turn.talk.turns), (Some("ask"), 1));
}

#[test]
fn a_silent_connector_hands_over() {
    let turn = heard(asked().talk, "204817", &nothing());
    let turn = result(&entry(), turn.talk, Err("it answered 500".into()));
    assert_eq!(
        (text(&turn), &turn.ends),
        (Some("sorry"), &Ends::HandsOver("connector".into(), Some("support".into())))
    );
    assert_eq!(turn.talk.failed.as_deref(), Some("order-status"));
}

#[test]
fn what_the_customer_wants_comes_first() {
    let person = Decision::none(Verdict::Handoff, "asks_for_a_person");
    assert_eq!(
        heard(asked().talk, "un conseiller 204817", &person).ends,
        Ends::HandsOver("asks_for_a_person".into(), None)
    );
    let complaint = Decision::none(Verdict::Silent, "complaint");
    assert_eq!(heard(asked().talk, "honteux 204817", &complaint).ends, Ends::HandsOver("complaint".into(), None));
    let mut other = Decision { entry: Some("hours/opening".into()), ..Decision::none(Verdict::Answer, "") };
    other.trace.score = Some(0.9);
    assert_eq!(heard(asked().talk, "vous ouvrez quand ?", &other).ends, Ends::Breaks);
    // A faint likeness to something else is no new question.
    other.trace.score = Some(0.3);
    assert_eq!(heard(asked().talk, "204817", &other).ends, Ends::Calls("order-status".into()));
}

#[test]
fn a_choice_is_made_by_number_button_or_title() {
    let titles = ["Où est ma commande ?".to_owned(), "Annuler une commande".to_owned()];
    let (text, buttons) = asking(Lang::Fr, &titles);
    assert!(text.ends_with("1. Où est ma commande ?\n2. Annuler une commande\n3. Autre chose"), "{text}");
    assert!(buttons.iter().all(|b| b.chars().count() <= BUTTON) && buttons[1].starts_with("2. Annuler"), "{buttons:?}");
    for said in ["1", "le 1", "1.", "1 svp", "la première", "où est ma commande", buttons[0].as_str()] {
        assert_eq!(chosen(said, &titles), Chosen::One(0), "{said}");
    }
    for said in ["3", "autre chose", "aucun", buttons[2].as_str()] {
        assert_eq!(chosen(said, &titles), Chosen::Other, "{said}");
    }
    for said in ["oui", "204817", "j'en ai acheté 2 la semaine dernière et rien", ""] {
        assert_eq!(chosen(said, &titles), Chosen::Unclear, "{said}");
    }
    let talk = choose(vec!["a/x".into(), "a/y".into()], "fr", "commande").talk;
    let said = |text: &str| meant(&talk, &titles, &Heard { text, decision: &nothing(), unsaid: false });
    assert_eq!(said("2"), Ok("a/y".to_owned()));
    assert_eq!(said("3").unwrap_err().ends, Ends::HandsOver("none_of_these".into(), None));
    assert_eq!(said("quoi ?").unwrap_err().ends, Ends::Breaks);
}

#[test]
fn the_colleague_reads_what_happened() {
    let turn = heard(asked().talk, "204817", &nothing());
    let turn = result(&entry(), turn.talk, Err("down".into()));
    for lang in Lang::ALL {
        let note = summary(*lang, &turn.talk, "Commande", "connector", &["Numéro ?".into()]);
        for part in ["Commande", "où est ma commande ?", "204817", "order-status", "Numéro ?"] {
            assert!(note.contains(part), "{part} in {note}");
        }
        assert!(!note.contains("talk-"), "{note}");
    }
}

proptest::proptest! {
    /// Whatever a customer says, a conversation ends, says little, and never speaks twice at once.
    #[test]
    fn every_conversation_ends(says in proptest::collection::vec(("\\PC{0,30}", 0..5_u8), 1..20)) {
        let mut turn = asked();
        let mut spoken = 1;
        for (said, what) in says {
            let decision = match what {
                0 => Decision::none(Verdict::Silent, "complaint"),
                _ => nothing(),
            };
            turn = match (&turn.ends, what) {
                (Ends::Waits, 1) => heard(turn.talk, "204817", &decision),
                (Ends::Waits, _) => heard(turn.talk, &said, &decision),
                (Ends::Calls(_), 2) => result(&entry(), turn.talk, Err(said)),
                (Ends::Calls(_), _) => result(&entry(), turn.talk, Ok(BTreeMap::from([("label".into(), said)]))),
                _ => break,
            };
            spoken += i32::from(turn.says.is_some());
            proptest::prop_assert!(spoken <= i32::from(MOST_TURNS) && turn.talk.turns <= MOST_TURNS);
            if turn.ends == Ends::Waits {
                proptest::prop_assert!(turn.says.is_some() && turn.talk.waits.is_some());
            }
        }
    }
}
