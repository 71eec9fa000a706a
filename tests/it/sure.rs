//! Sure or silent, whatever is written: the bot never stumbles over a message, what it says of itself
//! is what it does, what cannot be meant changes nothing, and the order of files is nobody's business.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use guichet::app;
use guichet::base::Lang;
use guichet::desk::bot::{ANSWERS_AT, Decision, SUGGESTS_AT, Verdict};
use guichet::desk::calibration::Thresholds;
use guichet::desk::canned::{Entry, Library, Mode};
use guichet::desk::explain::{Told, sentences};
use guichet::desk::faq::Faq;
use guichet::desk::message::{Kind, Visibility};
use guichet::desk::think::{Said, think};
use guichet::desk::triage::{Facts, Rulebook};
use guichet::flow::bot::learn;
use proptest::prelude::*;
use proptest::sample::{Index, select};

struct Shop {
    book: Rulebook,
    entries: Vec<Entry>,
    library: Library,
    faq: Faq,
}

impl Shop {
    fn of(entries: Vec<Entry>) -> Shop {
        let book = app::shipped_rules().unwrap();
        Shop { faq: learn(entries.iter()), library: Library::of(entries.clone()), entries, book }
    }

    fn ask(&self, asked: &Asked, mode: &dyn Fn(&str) -> Mode) -> Decision {
        let Asked { text, visibility, language, post } = asked;
        let said = Said { post: post.as_deref(), ..Said::new(text, "facebook", *visibility, *language) };
        think(self.book.lexicon(), &self.library, &self.faq, said, mode, &Thresholds::default())
    }
}

fn starter() -> Vec<Entry> {
    app::starter().iter().map(|(name, text)| Entry::read(name, text).unwrap()).collect()
}

static SHOP: LazyLock<Shop> = LazyLock::new(|| Shop::of(starter()));

/// What people write to this shop: examples and near misses, in both languages.
static PHRASES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let heads = SHOP.entries.iter().map(|e| &e.head);
    let lists = heads.flat_map(|h| h.examples.values().chain(h.not_examples.values()));
    let mut all: Vec<String> = lists.flatten().cloned().collect();
    all.extend(
        [
            "je porte plainte",
            "I want to die",
            "un humain svp",
            "arnaque",
            "gratuit cliquez ici",
            "👍",
            "\u{202e}abc",
            "",
        ]
        .map(str::to_owned),
    );
    all
});

/// A rule that would stop all others, were its network one of ours.
const NEVER: &str = "+++
kind = \"rule\"
id = \"never\"
title = { fr = \"Jamais\", en = \"Never\" }
priority = 9999
stop = true
do = [{ label = \"never\" }]
[when]
networks = [\"nowhere\"]
+++
Never.
";

fn triage_files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("canned-replies/triage");
    let files = fs::read_dir(folder).unwrap().map(|f| f.unwrap());
    files.map(|f| (f.file_name().into_string().unwrap(), fs::read_to_string(f.path()).unwrap())).collect()
}

#[derive(Debug, Clone)]
struct Asked {
    text: String,
    visibility: Visibility,
    language: Option<&'static str>,
    post: Option<String>,
}

fn modes(n: u8) -> impl Fn(&str) -> Mode {
    move |path| [Mode::Auto, Mode::Suggest, Mode::Off][(path.len() + usize::from(n)) % 3]
}

/// Whole phrases, halves of two, words stirred, or whatever can be typed.
fn text() -> impl Strategy<Value = String> {
    let phrase = || any::<Index>().prop_map(|at| at.get(&PHRASES).clone());
    let half = |text: &str, first: bool| {
        let words: Vec<&str> = text.split(' ').collect();
        let (a, b) = words.split_at(words.len() / 2);
        if first { a.join(" ") } else { b.join(" ") }
    };
    prop_oneof![
        3 => phrase(),
        3 => (phrase(), phrase()).prop_map(move |(a, b)| format!("{} {}", half(&a, true), half(&b, false))),
        1 => phrase().prop_map(|t| t.split(' ').rev().collect::<Vec<_>>().join(" ")),
        1 => (phrase(), "\\PC{0,30}").prop_map(|(a, b)| format!("{b}{a}{b}")),
        1 => "\\PC{0,300}",
    ]
}

fn asked() -> impl Strategy<Value = Asked> {
    let visibility = select(vec![Visibility::Public, Visibility::Private]);
    let language = select(vec![None, Some("fr"), Some("en"), Some("de")]);
    (text(), visibility, language, proptest::option::of(text())).prop_map(|(text, visibility, language, post)| Asked {
        text,
        visibility,
        language,
        post,
    })
}

/// What is said of a decision, in both languages.
fn said(decision: &Decision) -> [Vec<String>; 2] {
    let told = Told {
        decision: decision.decision,
        entry: decision.entry.as_deref(),
        because: decision.because.as_deref(),
        trace: &decision.trace,
        done: false,
    };
    let title = |path: &str| format!("«{path}»");
    [Lang::Fr, Lang::En].map(|lang| sentences(lang, &told, &title))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every sentence is about what was decided: the entry it names, the score it was compared by, words
    /// that stand in the message.
    #[test]
    fn the_explanation_is_what_was_decided(asked in asked(), n in 0_u8..3) {
        let mode = modes(n);
        let told = SHOP.ask(&asked, &mode);
        let score = told.trace.score;
        match told.decision {
            Verdict::Answer => {
                prop_assert!(score.is_some_and(|s| s >= ANSWERS_AT), "{told:?}");
                prop_assert_eq!(mode(told.entry.as_deref().unwrap()), Mode::Auto);
                prop_assert_eq!(&told.because, &None);
            }
            Verdict::Suggest => {
                prop_assert!(score.is_some_and(|s| s >= SUGGESTS_AT), "{told:?}");
                let open = mode(told.entry.as_deref().unwrap());
                let why = told.because.as_deref();
                prop_assert!(match open {
                    Mode::Suggest => why == Some("not_opened"),
                    Mode::Auto => why == Some("not_sure_enough") && score.unwrap() < ANSWERS_AT,
                    Mode::Off => false,
                }, "{told:?}");
            }
            Verdict::Silent | Verdict::Handoff => {
                prop_assert!(told.because.is_some(), "silence has a reason: {told:?}");
                prop_assert!(told.because.as_deref() != Some("unsure") || score.is_none_or(|s| s < SUGGESTS_AT), "{told:?}");
                prop_assert!(told.because.as_deref() != Some("off") || mode(&told.trace.rule) == Mode::Off);
            }
        }
        if let Some(entry) = &told.entry {
            prop_assert_eq!(&told.trace.rule, entry);
            prop_assert_eq!(&told.trace.version, &SHOP.library.get(entry).unwrap().version);
        }
        let chars: Vec<char> = asked.text.chars().collect();
        for m in told.trace.matched.iter().filter(|m| m.field == "text" && m.end > m.start) {
            prop_assert_eq!(chars[m.start..m.end].iter().collect::<String>(), m.text.clone());
        }
        for lines in said(&told) {
            prop_assert!(lines.len() > 1 && lines.iter().all(|l| !l.trim().is_empty()), "{lines:?}");
            let whole = lines.join(" ");
            if let Some(entry) = &told.entry {
                prop_assert!(whole.contains(&format!("«{entry}»")), "{whole}");
            }
            if told.trace.score.is_some() && !told.trace.matched.is_empty() && told.trace.weighed.is_some() {
                let percent = (score.unwrap() * 100.0).round();
                prop_assert!(whole.contains(&percent.to_string()), "{percent}: {whole}");
            }
        }
    }

    /// An entry whose own words rule it out is as good as not there: not an answer, not a rival.
    #[test]
    fn an_entry_that_cannot_be_meant_changes_nothing(asked in asked(), at in any::<Index>(), n in 0_u8..3) {
        let mode = modes(n);
        let barred = at.get(&SHOP.entries).path();
        let bar = |e: &Entry| {
            let mut e = e.clone();
            if e.path() == barred {
                e.head.when.any_of = [("fr", "qwxz"), ("en", "qwxz")].map(|(l, w)| (l.to_owned(), vec![w.to_owned()])).into();
            }
            e
        };
        let never = Library::of(SHOP.entries.iter().map(bar).collect::<Vec<_>>());
        let gone = Library::of(SHOP.entries.iter().filter(|e| e.path() != barred).cloned().collect::<Vec<_>>());
        let said = Said { post: asked.post.as_deref(), ..Said::new(&asked.text, "facebook", asked.visibility, asked.language) };
        let ask = |library: &Library| think(SHOP.book.lexicon(), library, &SHOP.faq, said, &mode, &Thresholds::default());
        prop_assume!(!asked.text.contains("qwxz"));
        let (with, without) = (ask(&never), ask(&gone));
        prop_assert_ne!(with.entry.as_deref(), Some(barred.as_str()));
        prop_assert_eq!(with, without);
    }

    /// A rule whose condition does not hold does nothing, and leaves every other as it was.
    #[test]
    fn a_rule_that_does_not_hold_changes_nothing(asked in asked()) {
        static MORE: LazyLock<Rulebook> = LazyLock::new(|| {
            let mut files = triage_files();
            files.push(("rule-9999-never.md".to_owned(), NEVER.to_owned()));
            Rulebook::read(files.iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap()
        });
        let facts = Facts {
            text: &asked.text,
            kind: Kind::Dm,
            visibility: asked.visibility,
            network: "facebook",
            under_our_post: false,
            known_customer: false,
            has_team: true,
            rating: None,
        };
        prop_assert_eq!(format!("{:?}", MORE.judge(&facts)), format!("{:?}", SHOP.book.judge(&facts)));
    }
}

/// Files come in whatever order a disk gives them.
#[test]
fn the_order_of_files_is_nobodys_business() {
    let mut stirred = starter();
    stirred.reverse();
    let third = stirred.len() / 3;
    stirred.rotate_left(third);
    let stirred = Shop::of(stirred);
    for (n, text) in PHRASES.iter().enumerate() {
        let visibility = if n % 2 == 0 { Visibility::Public } else { Visibility::Private };
        let asked = Asked { text: text.clone(), visibility, language: None, post: None };
        assert_eq!(SHOP.ask(&asked, &|_| Mode::Auto), stirred.ask(&asked, &|_| Mode::Auto), "{text}");
    }
}
