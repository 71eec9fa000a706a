//! Nobody receives an empty text, a raw placeholder, or somebody's data where everybody reads:
//! ten thousand random contexts over every text of the starter pack, network, language and
//! visibility, through the functions that fill and send.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use guichet::app;
use guichet::desk::canned::{Audience, Entry, Fact, Library, Values, first_name};
use guichet::desk::limits::{Length, Unit};
use guichet::desk::message::{Direction, Visibility};
use guichet::flow::reply::{self, Reply};
use guichet::flow::{Error, Reason, facts, library};
use guichet::networks::NETWORKS;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use regex::Regex;

use crate::on_both;
use crate::support::desk::PAGE;

/// In every value that says something about one person.
const PERSONAL: &str = "Zqxwv";
/// In every value that strangers wrote.
const TOLD: [&str; 5] = ["contact.name", "contact.first_name", "agent.first_name", "post.title", "product"];

/// What people call themselves, kind and unkind.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-Z][a-zéèï]{1,12}(-[A-Z][a-z]{1,8})?( [A-Z][a-z]{1,14}){0,2}",
        2 => "\\PC{0,30}",
        1 => Just(String::new()),
        1 => "[ \u{200B}\u{202E}\u{2066}\t]{0,5}",
        3 => prop::sample::select(vec![
            "{{ order }}", "{{order}}", "{% if x %}", "}} {{ contact.name }} {{", "{{{{ a }}}}", "@everyone", "@_support",
            "＠all", "#promo", "http://evil.example/x", "www.evil.example", "evil。example", "evil．example", "javascript:alert(1)",
            "mailto:a@b.example", "<script>x</script>", "Léa\r\nBcc: x", "💙 Léa", "\u{202E}drow", "a.b.c.d", "t.me/x",
        ]).prop_map(str::to_owned),
    ]
}

/// A context: what is known when somebody answers; each thing may be missing.
#[derive(Debug, Clone)]
struct Context {
    told: Vec<Option<String>>,
    personal: bool,
    facts: Vec<Option<String>>,
}

fn contexts() -> impl Strategy<Value = Context> {
    let fact = prop_oneof![
        "\\PC{0,20}",
        "https://[a-z]{3,12}\\.example/[a-z]{0,9}",
        prop::sample::select(vec!["{{ order }}", "{% if x %}", " ", "30", "du lundi au vendredi, 9 h à 18 h"])
            .prop_map(str::to_owned),
        // As long as Settings take.
        any::<char>().prop_map(|c| c.to_string().repeat(300)),
    ];
    let facts = prop::collection::vec(prop::option::of(fact), Fact::ALL.len());
    (prop::collection::vec(prop::option::of(names()), TOLD.len()), any::<bool>(), facts)
        .prop_map(|(told, personal, facts)| Context { told, personal, facts })
}

impl Context {
    fn values(&self) -> Values {
        let mut values = Values::default();
        for (name, value) in TOLD.iter().zip(&self.told) {
            let Some(value) = value else { continue };
            match *name {
                "contact.first_name" => {
                    if let Some(first) = first_name(value) {
                        values.tell(name, &first);
                    }
                }
                _ => values.tell(name, value),
            }
        }
        if self.personal {
            values.tell("contact.name", &format!("Camille {PERSONAL}"));
            for name in ["ticket.number", "order", "amount"] {
                values.state(name, PERSONAL);
            }
        }
        values.state("brand.name", "Aubépine");
        for (fact, value) in Fact::ALL.iter().zip(&self.facts) {
            values.state(&format!("brand.{}", fact.name), value.as_deref().unwrap_or_default());
        }
        values
    }
}

fn starter() -> Vec<Entry> {
    let read = |(name, source): (String, String)| Entry::read(&name, &source).unwrap();
    app::starter().into_iter().map(read).collect()
}

/// A network's limits, and one that counts another way, for variants that are named after none here.
fn networks() -> Vec<(&'static str, Length, Length)> {
    let other = Length::of(10_000, Unit::Bytes);
    let each = NETWORKS.iter().map(|n| {
        let limits = n.limits();
        let dm = limits.dm.map(|d| d.length).or(limits.private_reply.map(|p| p.length));
        // Where one of the two does not exist, nothing is said there, and nothing limits it.
        (n.slug(), limits.public_reply.unwrap_or(other), dm.unwrap_or(other))
    });
    // Short networks have variants of their own, or the composer says how much too long a text is.
    let each = each.filter(|(_, public, _)| public.most >= guichet::desk::canned::SHORT);
    let other = Length::of(10_000, Unit::Bytes);
    each.chain([("nowhere", other, other)]).collect()
}

/// The count, made another way than the product makes it.
fn counted(unit: Unit, text: &str) -> usize {
    match unit {
        Unit::Utf16 => text.chars().map(char::len_utf16).sum(),
        Unit::Chars => text.chars().map(|_| 1).sum(),
        Unit::Bytes => text.chars().map(char::len_utf8).sum(),
        Unit::EmojiBytes => {
            let picture = Regex::new(r"[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{FE0F}\x{200D}\x{20E3}]").unwrap();
            let pictures: usize = picture.find_iter(text).map(|m| m.as_str().len() - 1).sum();
            text.chars().count() + pictures
        }
        Unit::Weighted => guichet::base::text::weighted(text),
        Unit::Graphemes => guichet::base::text::graphemes(text),
    }
}

/// What a network would make a link, a mention or a tag of.
static LIVELY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[@＠﹫#＃﹟][\w]|\w[.．。｡․]\w|//\w|\w:\w").unwrap());

#[test]
fn ten_thousand_contexts_leave_no_hole_in_any_text() {
    let pack = starter();
    assert!(pack.len() >= 40, "{} entries", pack.len());
    let library = Library::of(pack.clone());
    let networks = networks();
    let config = Config { cases: 10_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    // Each context meets every text of every entry in one place; the places take turns.
    let places: Vec<(&str, usize, Visibility)> = ["fr", "en"]
        .into_iter()
        .flat_map(|language| (0..networks.len()).map(move |n| (language, n)))
        .flat_map(|(language, n)| [Visibility::Public, Visibility::Private].map(|v| (language, n, v)))
        .collect();
    let tally = std::cell::RefCell::new((0_usize, 0_usize, BTreeSet::new()));
    let texts: Vec<(&Entry, &str, Vec<&String>)> = pack
        .iter()
        .flat_map(|e| e.texts.iter().map(move |(language, texts)| (e, language.as_str(), texts.keys().collect())))
        .collect();
    let turn = std::cell::Cell::new(0);
    let done = runner.run(&contexts(), |context| {
        let (language, n, visibility) = places[turn.replace(turn.get() + 1) % places.len()];
        let (network, public, private) = networks[n];
        let values = context.values();
        for name in TOLD {
            let told = values.get(name).unwrap_or_default();
            prop_assert!(!LIVELY.is_match(&told), "{name}: {told}");
            prop_assert!(!told.contains("{{") && !told.contains("}}") && !told.contains('\n'), "{name}: {told}");
        }
        for (at, (entry, _, names)) in texts.iter().enumerate().filter(|(_, t)| t.1 == language) {
            for text in names {
                let choice = library.choose(entry, Some(text), (language, network, visibility), &values);
                let Some(choice) = choice else { continue };
                let mut tally = tally.borrow_mut();
                tally.2.insert((at, *text, n, visibility));
                let Some(said) = choice.filled.complete() else {
                    tally.1 += 1;
                    // It is not complete for a reason: something it needs is not known here.
                    prop_assert!(!choice.filled.missing().is_empty(), "{} {text}", entry.path());
                    continue;
                };
                tally.0 += 1;
                prop_assert!(!said.trim().is_empty(), "{} {text} is empty", entry.path());
                prop_assert!(
                    !said.contains("{{") && !said.contains("}}") && !said.contains("{%"),
                    "{} {text}: {said}",
                    entry.path()
                );
                if visibility == Visibility::Public {
                    prop_assert!(!said.contains(PERSONAL), "{} {text}: {said}", entry.path());
                }
                let length = if visibility == Visibility::Public { public } else { private };
                prop_assert_eq!(length.count(&said), counted(length.unit, &said));
                // Where little room is, a brand's own words must be short, too; longer ones are refused.
                let room = length.most >= 2_000 || context.facts.iter().flatten().all(|f| f.chars().count() <= 60);
                prop_assert!(
                    !room || length.count(&said) <= length.most,
                    "{} {text} is too long: {said}",
                    entry.path()
                );
            }
        }
        Ok(())
    });
    done.unwrap();
    let (complete, blocked, met) = tally.into_inner();
    assert!(complete > 100_000 && blocked > 10_000, "too one-sided to tell: {complete} complete, {blocked} blocked");
    let places = |e: &Entry| networks.len() * if e.head.audience == Audience::Any { 2 } else { 1 };
    let expected: usize =
        pack.iter().map(|e| e.texts.values().map(std::collections::BTreeMap::len).sum::<usize>() * places(e)).sum();
    assert_eq!(met.len(), expected, "not every text was met in every place it may go to");
}

/// Texts with everything and too much in them.
const LONG: &str = "+++\nid = \"zz-long\"\ntitle = { fr = \"Long\", en = \"Long\" }\n+++\n## fr\n### answer\n{{ brand.opening_hours }} {{ brand.opening_hours }} {{ brand.opening_hours }} {{ brand.opening_hours }} {{ brand.opening_hours }} {{ brand.opening_hours }} {{ brand.opening_hours }} {{ brand.opening_hours }}\n### hole\nElle part le {{ date }}.\n### nothing\n{% if date %}x{% endif %}\n## en\n### answer\nHello.\n### hole\nHello.\n### nothing\nHello.\n";

/// What only the person themselves may read.
const CLOSE: &str = "+++\nid = \"zz-close\"\ntitle = { fr = \"De près\", en = \"Close\" }\naudience = \"private\"\n+++\n## fr\n### answer\nBonjour {{ contact.name }}, ticket {{ ticket.number }}.\n## en\n### answer\nHello {{ contact.name }}.\n";

on_both! {
    /// Whatever a picked text has become, what is taken to be sent has no hole in it; the others are
    /// refused with their reason.
    async fn what_is_taken_to_be_sent_has_no_hole(desk) {
        let files = [("test/zz-long.md".into(), LONG.into()), ("test/zz-close.md".into(), CLOSE.into())];
        library::import(&desk.house, desk.brand, &files).await.unwrap();
        let admin = desk.agent("Admin", guichet::desk::agent::Role::Admin).await;
        let scope = desk.scope(&admin).await;
        let hours = "ouvert de 9 h à 18 h, ".repeat(14);
        facts::state(&desk.house, &scope, desk.brand, &[("opening_hours".into(), hours)]).await.unwrap();
        let post = desk.simulator.facebook.publish(PAGE, "Nouveau ! @everyone http://evil.example");
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let (mut taken, mut refused) = (0, BTreeSet::new());
        for n in 0..12 {
            let name = names().new_tree(&mut runner).unwrap().current();
            desk.simulator.facebook.comment(PAGE, &post, (&format!("88{n}"), &name), "Bonjour, une question");
            desk.settle().await;
            let ticket = desk.tickets().await.into_iter().last().unwrap();
            let mut tx = desk.house.db.read().await.unwrap();
            let library = desk.house.library(&mut tx, desk.brand).await.unwrap();
            let values = facts::values(&mut tx, &scope, ticket.id).await.unwrap();
            drop(tx);
            let pack: Vec<&Entry> = library.entries().skip(n % 4).step_by(4).chain(["zz-long", "zz-close"].map(|id| library.get(id).unwrap())).collect();
            for (language, visibility) in [("fr", Visibility::Public), ("en", Visibility::Private), ("fr", Visibility::Private)] {
                for entry in &pack {
                    for text in entry.texts[language].keys() {
                        let place = (language, "facebook", visibility);
                        let Some(choice) = library.choose(entry, Some(text), place, &values) else {
                            assert!(entry.head.audience != Audience::Any);
                            continue;
                        };
                        let said = choice.filled;
                        let wanted = Reply { ticket: ticket.id, text: said.text(), files: Vec::new(), visibility, to: None, client_key: None, at_once: false };
                        match reply::reply(&desk.house, &scope, wanted).await {
                            Ok(message) => {
                                taken += 1;
                                assert!(said.complete().is_some(), "{} {text}: {}", entry.path(), message.text);
                                assert!(!message.text.trim().is_empty() && !message.text.contains("{{"), "{}", message.text);
                                let most = if visibility == Visibility::Public { 8_000 } else { 2_000 };
                                assert!(counted(Unit::Utf16, &message.text) <= most);
                                // One private reply to a comment: taken back, so that the next may come.
                                reply::take_back(&desk.house, &scope, message.id).await.unwrap();
                            }
                            Err(Error::Refused(reason, _)) => drop(refused.insert(reason.as_str())),
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
            }
        }
        assert!(taken > 300, "{taken}");
        let expected = [Reason::EmptyText, Reason::NotFilled, Reason::TooLong].map(Reason::as_str);
        assert!(expected.iter().all(|r| refused.contains(r)), "{refused:?}");
        desk.settle().await;
        assert!(desk.deeds().is_empty(), "everything was taken back: {:?}", desk.deeds());
        for ticket in desk.tickets().await {
            for m in desk.messages(ticket.id).await.iter().filter(|m| m.direction == Direction::Outbound) {
                assert!(!m.text.contains("{{") && !m.text.trim().is_empty());
            }
        }
    }
}
