//! What holds for the whole house, whoever builds in it next: layers, sizes, the networks' list,
//! two databases of one shape, templates and words.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use guichet::base::Lang;
use guichet::base::locale;
use guichet::desk::inbound::{Element, Fate, Said, What};
use guichet::networks::NETWORKS;
use guichet::store::{Db, migrate};
use guichet::web::TRIALS;
use guichet::web::page::Templates;
use regex::Regex;
use sqlx::Row;

use crate::support::Engine;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder with this ending, with its text.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(here) = open.pop() {
        for entry in fs::read_dir(&here).unwrap_or_else(|e| panic!("{}: {e}", here.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let text = fs::read_to_string(&path).unwrap();
                out.push((path.strip_prefix(root()).unwrap().to_path_buf(), text));
            }
        }
    }
    out.sort();
    assert!(!out.is_empty(), "no .{ending} files under {folder}");
    out
}

/// The recorded bodies of a network, by name.
fn fixtures(slug: &str) -> Vec<(String, Vec<u8>)> {
    let folder = root().join("tests/fixtures/networks").join(slug);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut all: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
        })
        .collect();
    all.sort();
    assert!(!all.is_empty(), "{slug} has no fixtures");
    all
}

/// The layers in order; each with those it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("desk", &["base"]),
    ("networks", &["base", "desk"]),
    ("simulator", &["base", "desk", "networks"]),
    ("store", &["base", "desk"]),
    ("search", &["base", "desk", "store"]),
    ("live", &["base", "desk", "store"]),
    ("flow", &["base", "desk", "networks", "store", "search", "live"]),
    ("web", &["base", "desk", "networks", "store", "search", "live", "flow"]),
    ("config", &["base"]),
    ("app", &["base", "desk", "networks", "store", "search", "live", "flow", "web", "config"]),
    ("cli", &["base", "desk", "networks", "simulator", "store", "search", "live", "flow", "web", "config", "app"]),
];

fn layer(path: &Path) -> Option<String> {
    let first = path.components().nth(1)?.as_os_str().to_str()?.trim_end_matches(".rs").to_owned();
    (!matches!(first.as_str(), "lib" | "main")).then_some(first)
}

#[test]
fn data_flows_one_way() {
    let named = Regex::new(r"crate::([a-z]+)::|crate::([a-z]+);|guichet::([a-z]+)").unwrap();
    let mut wrong = Vec::new();
    for (path, text) in files("src", "rs") {
        let Some(here) = layer(&path) else { continue };
        let Some((_, may)) = LAYERS.iter().find(|(l, _)| *l == here) else {
            panic!("{} is in no layer", path.display());
        };
        // What follows `#[cfg(test)]` may look further down for its tools.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (n, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            for found in named.captures_iter(line) {
                let used = (1..=3).find_map(|i| found.get(i)).unwrap().as_str();
                let known = LAYERS.iter().any(|(l, _)| *l == used);
                if known && used != here && !may.contains(&used) {
                    wrong.push(format!("{}:{} uses {used}", path.display(), n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "against the order of layers:\n{}", wrong.join("\n"));
}

#[test]
fn rooms_are_small() {
    let code = |text: &str| text.split("#[cfg(test)]").next().unwrap_or_default().lines().count();
    let mut sizes: Vec<(usize, PathBuf)> = files("src", "rs").into_iter().map(|(p, t)| (code(&t), p)).collect();
    sizes.sort();
    let (largest, path) = sizes.last().unwrap();
    assert!(*largest <= 800, "{} has {largest} lines", path.display());
    let median = sizes[sizes.len() / 2].0;
    assert!(median <= 120, "the median file has {median} lines");
}

#[test]
fn statements_are_put_together_in_two_rooms_only() {
    for (path, text) in files("src", "rs") {
        let name = path.to_string_lossy().into_owned();
        assert!(!text.contains("AssertSqlSafe") || name.ends_with("store/tx.rs"), "{name} asserts SQL safe");
        let composes = text.contains("Sql::composed(");
        assert!(
            !composes || name.ends_with("store/bulk.rs") || name.ends_with("store/select.rs"),
            "{name} composes SQL"
        );
        let speaks = text.contains("sql!(") && !name.ends_with("store/tx.rs");
        assert!(!speaks || name.contains("src/store/"), "{name} speaks SQL");
    }
}

/// What an element of a body says, in the words of `docs/networks/`.
fn in_words(element: &Element) -> String {
    let event = match &element.said {
        Said::Event(event) => event,
        Said::Nothing(why) => return format!("ignored({why})"),
        Said::Unreadable(_) => return "quarantined".into(),
    };
    match &event.what {
        What::Wrote(w) if w.own => format!("our own {}", w.kind),
        What::Wrote(w) => w.kind.to_string(),
        What::Edited(_) => "edit".into(),
        What::Deleted { .. } => "deletion".into(),
        What::Hidden { hidden, .. } => if *hidden { "hidden" } else { "shown again" }.into(),
        What::Reacted { reaction, .. } => if reaction.is_some() { "reaction" } else { "reaction taken back" }.into(),
        What::Receipt { read, .. } => if *read { "read" } else { "delivered" }.into(),
        What::Fared { how, .. } => match how {
            Fate::Sent => "sent",
            Fate::Delivered => "delivered",
            Fate::Read => "read",
            Fate::Failed { .. } => "failed",
        }
        .into(),
        What::IdChanged { .. } | What::Named { .. } => "same person".into(),
        What::Published(_) => "post".into(),
        What::LoginRevoked(_) => "reconnect".into(),
    }
}

#[test]
fn every_network_keeps_the_contract() {
    let mut slugs = BTreeSet::new();
    for network in NETWORKS {
        let slug = network.slug();
        assert!(slugs.insert(slug), "two networks are called {slug}");
        assert!(slug.chars().all(|c| c.is_ascii_lowercase()), "{slug}");
        let card = network.card();
        assert!(!card.name.is_empty() && !card.brings.0.is_empty() && !card.brings.1.is_empty(), "{slug}");
        assert!(card.help.starts_with("https://"), "{slug} tells nobody where its values come from");
        assert!(card.fields.iter().any(|f| f.key == card.account), "{slug} asks for no account");
        let keys: BTreeSet<&str> = card.fields.iter().map(|f| f.key).collect();
        assert_eq!(keys.len(), card.fields.len(), "{slug} asks for something twice");
        let elsewhere = ["api_base", "imap_host", "url"].iter().any(|k| keys.contains(k));
        assert!(elsewhere, "{slug} cannot be pointed elsewhere");
        for field in card.fields {
            assert!(!field.label.0.is_empty() && !field.label.1.is_empty(), "{slug}.{}", field.key);
            let looks_secret = ["secret", "token", "password"].iter().any(|w| field.key.contains(w));
            assert!(!looks_secret || field.secret, "{slug}.{} is shown", field.key);
        }
        assert!(
            root().join(format!("src/simulator/{slug}.rs")).exists()
                || root().join(format!("src/simulator/{slug}/mod.rs")).exists(),
            "{slug} has no simulator"
        );
        assert!(root().join(format!("assets/icons/networks/{slug}.svg")).exists(), "{slug} has no icon");
    }
}

/// Each fixture says what `docs/networks/<slug>.md` promises it says.
#[test]
fn the_documented_meaning_of_every_event_holds() {
    for network in NETWORKS {
        let slug = network.slug();
        let page = fs::read_to_string(root().join(format!("docs/networks/{slug}.md"))).unwrap();
        let mut promised: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for row in page.lines().filter(|l| l.starts_with('|')) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            if let [_, fixture, becomes, ..] = cells[..]
                && let Some(name) = fixture.strip_prefix('`').and_then(|f| f.strip_suffix('`'))
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            {
                let words = becomes.split(',').filter_map(|b| b.split('`').nth(1)).map(str::to_owned);
                promised.insert(name, words.collect());
            }
        }
        for (name, body) in &fixtures(slug) {
            let elements = network.read(body).unwrap_or_else(|e| panic!("{name}: {e}"));
            let said: Vec<String> = elements.iter().map(in_words).collect();
            assert_eq!(promised.remove(name.as_str()), Some(said), "{slug}: {name}");
            // The same bytes give the same keys, and no two elements share one.
            let again: Vec<_> = network.read(body).unwrap();
            let keys: BTreeSet<&str> = elements.iter().map(|e| e.key.as_str()).collect();
            assert_eq!(again, elements);
            assert_eq!(keys.len(), elements.len(), "{name}: two elements share a key");
        }
        assert!(promised.is_empty(), "{slug}: no fixture for {:?}", promised.keys());
    }
}

/// Whatever comes, a reader answers; it never panics.
#[test]
fn readers_survive_anything() {
    use proptest::prelude::*;
    let fixtures: Vec<Vec<u8>> = NETWORKS.iter().flat_map(|n| fixtures(n.slug())).map(|(_, body)| body).collect();
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        // A real body with a piece cut out or a byte replaced.
        (0..fixtures.len(), any::<usize>(), any::<usize>(), any::<Option<u8>>()).prop_map(move |(i, at, len, b)| {
            let bytes = &fixtures[i];
            let at = at % bytes.len();
            let tail = bytes.iter().skip(at + len % 40);
            bytes[..at].iter().chain(b.iter()).chain(tail).copied().collect()
        }),
    ];
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    runner
        .run(&bytes, |bytes| {
            for network in NETWORKS {
                let _ = network.read(&bytes);
                let _ = network.read_poll(&bytes);
            }
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn both_databases_have_one_shape() {
    let dir = tempfile::tempdir().unwrap();
    let lite = Engine::Sqlite.empty(dir.path()).await;
    let post = Engine::Postgres.empty(dir.path()).await;
    for url in [&lite, &post] {
        let db = Db::open(url).await.unwrap();
        migrate::run(&db).await.unwrap();
        db.close().await;
    }
    let names = |folder: &str| files(folder, "sql").into_iter().map(|(p, _)| p.file_name().unwrap().to_owned());
    assert!(names("migrations/sqlite").eq(names("migrations/postgres")), "the migrations differ in name");

    let lite = sqlx::SqlitePool::connect(&lite).await.unwrap();
    let post = sqlx::PgPool::connect(&post).await.unwrap();
    let columns = sqlx::query(
        "select m.name as t, c.name as c, c.type as k, c.\"notnull\" + c.pk as n from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like '_sqlx%'",
    )
    .fetch_all(&lite)
    .await
    .unwrap();
    let lite_columns: BTreeMap<(String, String), (String, bool)> = columns
        .iter()
        .map(|r| ((r.get("t"), r.get("c")), (r.get::<String, _>("k"), r.get::<i64, _>("n") > 0)))
        .collect();
    let columns = sqlx::query(
        "select table_name::text as t, column_name::text as c, data_type::text as k, (is_nullable = 'NO') as n from information_schema.columns where table_schema = 'public' and table_name not like '\\_sqlx%'",
    )
    .fetch_all(&post)
    .await
    .unwrap();
    let post_columns: BTreeMap<(String, String), (String, bool)> =
        columns.iter().map(|r| ((r.get("t"), r.get("c")), (r.get("k"), r.get("n")))).collect();
    // The transaction that wrote an event is PostgreSQL's own concern: see `store::events`.
    let mut missing: Vec<_> = post_columns.keys().filter(|c| !lite_columns.contains_key(*c)).collect();
    missing.retain(|(t, c)| !(t == "events" && c == "xid"));
    assert!(missing.is_empty(), "only PostgreSQL has {missing:?}");
    for (column, (kind, required)) in &lite_columns {
        let Some((other, other_required)) = post_columns.get(column) else { panic!("only SQLite has {column:?}") };
        assert_eq!(required, other_required, "{column:?} may be null in one of them");
        let fits = match kind.as_str() {
            "INTEGER" => matches!(other.as_str(), "bigint" | "boolean"),
            "BLOB" => matches!(other.as_str(), "uuid" | "bytea"),
            "TEXT" => matches!(other.as_str(), "text" | "jsonb"),
            "REAL" => other == "double precision",
            _ => false,
        };
        assert!(fits, "{column:?} is {kind} in SQLite and {other} in PostgreSQL");
    }
    let lite_indexes: Vec<String> = sqlx::query_scalar(
        "select name from sqlite_master where type = 'index' and name not like 'sqlite_%' order by name",
    )
    .fetch_all(&lite)
    .await
    .unwrap();
    let post_indexes: Vec<String> = sqlx::query_scalar(
        "select indexname::text from pg_indexes where schemaname = 'public' and not exists (select from pg_constraint where conname = indexname) and tablename not like '\\_sqlx%' order by indexname::text collate \"C\"",
    )
    .fetch_all(&post)
    .await
    .unwrap();
    assert_eq!(lite_indexes, post_indexes);
}

#[test]
fn every_template_renders_in_every_language() {
    let templates = Templates::load().unwrap();
    let mut tried = BTreeSet::new();
    for trial in TRIALS {
        assert!(tried.insert(trial.file.to_owned()), "{} is tried twice", trial.file);
        for lang in Lang::ALL {
            for html in (trial.render)(&templates, *lang).unwrap_or_else(|e| panic!("{}: {e:#}", trial.file)) {
                assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{}", trial.file);
                assert!(!html.contains("<script>"), "{} lets markup through", trial.file);
                assert!(!html.contains(" style="), "{} has a style of its own, which the policy forbids", trial.file);
                let parsed = scraper::Html::parse_document(&html);
                let title = scraper::Selector::parse("title").unwrap();
                let title: String = parsed.select(&title).flat_map(|t| t.text().collect::<Vec<_>>()).collect();
                assert!(title.contains("Guichet"), "{}: the title is “{title}”", trial.file);
            }
        }
    }
    // Every file is a screen with samples, or part of one.
    let named = Regex::new(r#"\{%-? *(?:include|import|from|extends) +["']([^"']+)"#).unwrap();
    let all: Vec<(String, String)> =
        Templates::names().into_iter().map(|n| (n.clone(), Templates::source(&n).unwrap())).collect();
    let parts: BTreeSet<String> = all
        .iter()
        .flat_map(|(_, text)| named.captures_iter(text).map(|c| c[1].to_owned()).collect::<Vec<_>>())
        .collect();
    for (name, _) in &all {
        assert!(tried.contains(name) || parts.contains(name), "{name} is used by nobody");
    }
}

/// What is wrong with a file has a sentence in both languages, and every sentence is said.
#[test]
fn what_is_wrong_can_be_said() {
    let named = Regex::new(r#"(?:Wrong::new\(|problem\(file, )"([a-z-]+)""#).unwrap();
    let mut said: BTreeSet<String> = BTreeSet::new();
    for (_, text) in files("src", "rs") {
        said.extend(named.captures_iter(&text).map(|found| format!("wrong-{}", &found[1])));
    }
    let known: BTreeSet<String> = locale::keys(Lang::Fr).into_iter().filter(|k| k.starts_with("wrong-")).collect();
    assert_eq!(said, known);
}

#[test]
fn no_word_of_the_interface_is_untranslated() {
    let code = Regex::new(r"(?s)\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}").unwrap();
    // Between `role="img"` and its end stands a picture: LinkedIn's is its two letters.
    let tag = Regex::new(r#"(?s)<!--.*?-->|<[^>]*role="img"[^>]*>.*?</span>|<[^>]*>"#).unwrap();
    let shown = Regex::new(r#"(?s)\b(title|aria-label|placeholder|alt|value)="([^"]*)""#).unwrap();
    // Names, not words: they are the same in every language.
    let names = ["Guichet", "LinkedIn", "FR", "EN", "Français", "English"];
    let is_word = |text: &str| {
        let mut text = text.to_owned();
        for name in names {
            text = text.replace(name, "");
        }
        text.chars().filter(|c| c.is_alphabetic()).count() > 1
    };
    for name in Templates::names() {
        let text = Templates::source(&name).unwrap();
        let html = code.replace_all(&text, "");
        for line in tag.replace_all(&html, "\n").lines() {
            let line = line.replace("&nbsp;", "").replace("&middot;", "");
            assert!(!is_word(&line), "{name} says “{}”", line.trim());
        }
        for found in shown.captures_iter(&html) {
            let machine = &found[1] == "value";
            assert!(machine || !is_word(&found[2]), "{name}: {} is “{}”", &found[1], &found[2]);
        }
    }
}

#[test]
fn both_languages_say_the_same_things_and_nothing_is_left_over() {
    let (fr, en) = (locale::keys(Lang::Fr), locale::keys(Lang::En));
    assert_eq!(fr, en, "one catalogue knows what the other does not");
    let doubles: Vec<_> = fr.windows(2).filter(|w| w[0] == w[1]).collect();
    assert!(doubles.is_empty(), "said twice: {doubles:?}");
    // Values named in one language are named in the other.
    let value = Regex::new(r"\{ *\$([a-z_]+)").unwrap();
    let named = |lang: Lang| -> BTreeMap<String, BTreeSet<String>> {
        let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for (_, text) in files(&format!("assets/words/{lang}"), "ftl") {
            for line in text.lines() {
                if let Some((k, _)) = line.split_once(" =").filter(|(k, _)| !k.starts_with([' ', '#', '['])) {
                    key = k.to_owned();
                    out.entry(key.clone()).or_default();
                }
                let values = value.captures_iter(line).map(|c| c[1].to_owned());
                out.entry(key.clone()).or_default().extend(values);
            }
        }
        out
    };
    assert_eq!(named(Lang::Fr), named(Lang::En));

    // Every key is asked for by name, or by the beginning of its name.
    let literal = Regex::new(r#"["']([a-z][a-z0-9_-]*)(\{[^}]*\}[^"']*)?["']"#).unwrap();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    let mut begun: BTreeSet<String> = BTreeSet::new();
    let sources = files("src", "rs").into_iter().chain(files("templates", "html"));
    for (_, text) in sources {
        for found in literal.captures_iter(&text) {
            if found.get(2).is_some() || found[1].ends_with('-') {
                begun.insert(found[1].to_owned());
            } else {
                asked.insert(found[1].to_owned());
            }
        }
    }
    let idle: Vec<_> = fr
        .iter()
        .filter(|k| !asked.contains(*k) && !begun.iter().any(|b| b.len() > 2 && k.starts_with(b.as_str())))
        .collect();
    assert!(idle.is_empty(), "nobody says {idle:?}");
    let direct = Regex::new(r#"\bt\((?:[a-z_.]+, )?["']([a-z][a-z0-9_-]*)["'][,)]"#).unwrap();
    let sources = files("src", "rs").into_iter().chain(files("templates", "html"));
    for (path, text) in sources {
        for found in direct.captures_iter(&text) {
            let known = fr.binary_search(&found[1].to_owned()).is_ok() || found[1].ends_with('-');
            assert!(known, "{} asks for “{}”, which nobody wrote", path.display(), &found[1]);
        }
    }
}
