//! The command line, by the program itself: from an empty folder to a desk that takes messages in.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use guichet::base::Given;
use guichet::cli;
use serde_json::Value;

use crate::support::Engine;

/// A folder with a database of its own.
struct Place {
    dir: tempfile::TempDir,
    url: String,
}

/// What a command said, and how it ended.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Place {
    async fn new(engine: Engine) -> Place {
        let dir = tempfile::tempdir().unwrap();
        let url = engine.empty(dir.path()).await;
        Place { dir, url }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("GUICHET_DATABASE_URL", &self.url)
            .env("GUICHET_DATA_DIR", self.dir.path().join("data"))
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Said {
        said(self.command(args).output().unwrap())
    }

    fn told(&self, args: &[&str], words: &str) -> Said {
        let mut child =
            self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(words.as_bytes()).unwrap();
        said(child.wait_with_output().unwrap())
    }

    /// Runs a command that succeeds, for its JSON.
    fn data(&self, args: &[&str]) -> Value {
        let said = self.run(&[args, &["--json"]].concat());
        assert_eq!(said.code, Some(0), "{args:?}: {said:?}");
        serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", said.out))
    }

    fn file(&self, name: &str, text: &[u8]) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

fn said(output: Output) -> Said {
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

const COMMENT: &str = include_str!("../fixtures/networks/facebook/feed-comment-added.json");

/// An operator sets a desk up from nothing and takes a recorded body in, twice.
async fn from_nothing(engine: Engine) {
    let place = Place::new(engine).await;
    let brand = place.data(&["brand", "add", "aubepine", "--name", "Aubépine"]);
    assert_eq!(brand["slug"], "aubepine");
    let admin = ["agent", "add", "karim@example.org", "--name", "Karim", "--role", "admin"];
    let added = place.told(&[&admin[..], &["--json"]].concat(), "trois petits chats\n");
    assert_eq!(added.code, Some(0), "{added:?}");
    let invited =
        place.data(&["agent", "add", "sarah@example.org", "--name", "Sarah", "--role", "agent", "--brand", "aubepine"]);
    assert!(invited["invitation"].as_str().is_some_and(|l| l.contains("/invite/")), "{invited}");
    let token = place.data(&["token", "create", "--agent", "karim@example.org", "--scope", "read,write"]);
    assert!(token["token"].as_str().is_some_and(|t| t.len() > 30), "{token}");

    let secret = format!("app_secret=@{}", place.file("secret", b"s3cret\n"));
    let channel = place.data(&[
        "channel",
        "add",
        "facebook",
        "--brand",
        "aubepine",
        "--name",
        "Aubépine",
        "--set",
        "page_id=105500000000001",
        "--set",
        "page_token=t",
        "--set",
        &secret,
        "--set",
        "verify_token=v",
    ]);
    let id = channel["id"].as_str().unwrap();
    assert!(channel["hook_url"].as_str().is_some_and(|h| h.contains("/hooks/")), "{channel}");
    let twice = place.run(&[
        "channel",
        "add",
        "facebook",
        "--brand",
        "aubepine",
        "--name",
        "Again",
        "--set",
        "page_id=105500000000001",
        "--set",
        "page_token=t",
        "--set",
        &secret,
        "--set",
        "verify_token=v",
    ]);
    assert!(twice.code == Some(1) && twice.err.contains("105500000000001"), "{twice:?}");
    let list = place.data(&["channel", "list"]);
    assert_eq!(list[0]["id"], *id);

    let files = [
        place.file("a.json", COMMENT.as_bytes()),
        place.file("b.json", b"{"),
        place.file("c.json", COMMENT.as_bytes()),
    ];
    let taken = place.run(&["ingest", "--channel", id, &files[0], "gone.json", &files[1], &files[2], "--json"]);
    assert!(taken.code == Some(1) && taken.err.contains("gone.json"), "{taken:?}");
    let lines: Vec<Value> = taken.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let outcomes: Vec<&str> = lines.iter().map(|l| l["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["done", "quarantined", "done"], "{}", taken.out);
    assert_eq!(lines[2]["reason"], "duplicate");
    assert_eq!(lines[0]["ticket"], lines[2]["ticket"]);
    // A body a line, with one that is none between them; and bodies by name, one of them in a string.
    let flat: String = COMMENT.split_whitespace().collect::<Vec<_>>().join(" ");
    let second =
        flat.replace("\"comment_id\": \"", "\"comment_id\": \"9").replace("\"comment_id\":\"", "\"comment_id\":\"9");
    let by_line = place.file("d.jsonl", format!("{flat}\nnonsense\n{second}\n").as_bytes());
    let named = serde_json::json!({"first": serde_json::from_str::<Value>(&flat).unwrap(), "kept": {"body": second}});
    let by_name = place.file("e.json", named.to_string().as_bytes());
    let taken = place.run(&["ingest", "--channel", id, &by_line, &by_name, "--json"]);
    let lines: Vec<Value> = taken.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let said: Vec<(&str, i64, &str)> = lines
        .iter()
        .map(|l| (l["name"].as_str().unwrap(), l["n"].as_i64().unwrap(), l["outcome"].as_str().unwrap()))
        .collect();
    let expected =
        [("1", 0, "done"), ("2", 1, "quarantined"), ("3", 2, "done"), ("first", 0, "done"), ("kept/body", 1, "done")];
    assert_eq!(said, expected, "{}", taken.out);

    let keys = place.data(&["token", "list"]);
    assert_eq!((keys[0]["agent"].as_str(), keys[0]["id"].as_str()), (Some("karim@example.org"), token["id"].as_str()));
    let key = token["id"].as_str().unwrap();
    place.data(&["token", "revoke", key]);
    assert_eq!(place.data(&["token", "list"]), serde_json::json!([]));
    assert_eq!(place.run(&["token", "revoke", key]).code, Some(1));

    let findings = place.data(&["doctor"]);
    assert!(findings.as_array().unwrap().iter().all(|f| f["ok"] == true), "{findings}");
    let again = place.data(&["migrate"]);
    assert_eq!(again["before"], again["version"]);
}

#[tokio::test]
async fn from_nothing_to_a_desk_on_sqlite() {
    from_nothing(Engine::Sqlite).await;
}

#[tokio::test]
async fn from_nothing_to_a_desk_on_postgres() {
    from_nothing(Engine::Postgres).await;
}

/// Exit 2 for misuse, 1 for what failed, with a sentence that helps and no trace of our innards.
#[tokio::test]
async fn what_goes_wrong_is_said_in_one_sentence() {
    let place = Place::new(Engine::Sqlite).await;
    let misused: [&[&str]; 4] = [
        &["serv"],
        &["brand", "add"],
        &["agent", "add", "x@example.org", "--name", "X", "--role", "king"],
        &["ingest", "--channel", "not-an-id", "x.json"],
    ];
    for args in misused {
        let said = place.run(args);
        assert_eq!(said.code, Some(2), "{args:?}: {said:?}");
        assert!(!said.err.is_empty() && said.out.is_empty());
    }
    let failed: [(&[&str], &str); 6] = [
        (&["brand", "add", "Not A Slug", "--name", "X"], "lower-case"),
        (&["brand", "add", "xy", "--name", "X", "--timezone", "Mars/Olympus"], "Mars/Olympus"),
        (
            &["agent", "add", "x@example.org", "--name", "X", "--role", "agent", "--brand", "nope"],
            "guichet brand add nope",
        ),
        (&["token", "create", "--agent", "nobody@example.org"], "nobody@example.org"),
        (&["ingest", "--channel", "01900000-0000-7000-8000-000000000001", "x.json"], "guichet channel list"),
        (&["--config", "missing.toml", "doctor"], "missing.toml"),
    ];
    for (args, hint) in failed {
        let said = place.run(args);
        assert_eq!(said.code, Some(1), "{args:?}: {said:?}");
        assert!(said.err.starts_with("guichet: ") && said.err.contains(hint), "{args:?}: {}", said.err);
        assert!(said.err.lines().count() <= 3 && !said.err.contains("panicked"), "{}", said.err);
    }
    let odd = said(place.command(&["doctor"]).env("GUICHET_LISTN", "x").output().unwrap());
    assert_eq!(odd.code, Some(1));
    assert!(odd.err.contains("listn"), "{}", odd.err);
}

/// Two servers on one folder would both write its index: the second says so and leaves.
#[tokio::test]
async fn a_folder_has_one_server() {
    let place = Place::new(Engine::Sqlite).await;
    let mut first = place.command(&["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(first.stdout.take().unwrap()), &mut line).unwrap();
    assert!(line.starts_with("guichet listens on http://127.0.0.1:"), "{line}");
    let second = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code, Some(1));
    assert!(second.err.contains("another guichet serves"), "{}", second.err);
    // Commands work beside a running server.
    place.data(&["brand", "add", "aubepine", "--name", "Aubépine"]);
    first.kill().unwrap();
    first.wait().unwrap();
}

/// A migration killed at a random moment is finished by the next one.
async fn killed_half_way(engine: Engine, databases: u32) {
    let dice = Given::seeded(std::sync::Arc::new(guichet::base::clock::SystemClock), 5);
    for _ in 0..databases {
        let place = Place::new(engine).await;
        for _ in 0..3 {
            let mut child = place.command(&["migrate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            tokio::time::sleep(Duration::from_micros(dice.below(40_000))).await;
            child.kill().unwrap();
            child.wait().unwrap();
        }
        place.data(&["migrate"]);
        let findings = place.data(&["doctor"]);
        assert!(findings.as_array().unwrap().iter().all(|f| f["ok"] == true), "{findings}");
        place.data(&["brand", "add", "aubepine", "--name", "Aubépine"]);
    }
}

#[tokio::test]
async fn a_migration_killed_half_way_is_finished_on_sqlite() {
    killed_half_way(Engine::Sqlite, 20).await;
}

#[tokio::test]
async fn a_migration_killed_half_way_is_finished_on_postgres() {
    killed_half_way(Engine::Postgres, 8).await;
}

/// The canned replies that come with the program have nothing to mend, and their authors' own tests
/// pass.
#[tokio::test]
async fn what_a_brand_begins_with_passes_its_own_tests() {
    let place = Place::new(Engine::Sqlite).await;
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("canned-replies").display().to_string();
    assert_eq!(place.data(&["replies", "lint", &pack]), serde_json::json!([]));
    let tested = place.data(&["bot", "test", &pack]);
    assert_eq!(tested["failed"], serde_json::json!([]));
    assert!(tested["passed"].as_u64().is_some_and(|n| n > 150), "{tested}");
}

/// Every command explains itself, with an example that it would take.
#[test]
fn every_command_has_an_example_that_works() {
    fn walk(command: &clap::Command, path: &str, seen: &mut u32) {
        for sub in command.get_subcommands().filter(|s| s.get_name() != "help") {
            let path = format!("{path} {}", sub.get_name());
            if sub.has_subcommands() {
                walk(sub, &path, seen);
                continue;
            }
            let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples: Vec<&str> = help.lines().filter(|l| l.contains(&path)).collect();
            assert!(sub.get_about().is_some() && !examples.is_empty(), "{path}: {help}");
            for example in examples {
                takes(example);
                *seen += 1;
            }
        }
    }
    let mut seen = 0;
    walk(&cli::command(), "guichet", &mut seen);
    assert!(seen >= 14, "only {seen} examples");
}

/// What a document tells people to type, the program takes.
#[test]
fn the_documents_show_commands_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md"), root.join("ARCHITECTURE.md")];
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                files.push(path);
            }
        }
    }
    let mut seen = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.replace("\\\n", " ");
        let mut shell = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("```") {
                shell = !shell && line == "```sh";
            } else if shell && (line.contains("guichet ") || line.contains("cargo run")) && !line.starts_with('#') {
                takes(line);
                seen += 1;
            }
        }
    }
    assert!(seen >= 15, "only {seen} commands in the documents");
}

/// Reads a line of shell as far as our documents go: variables before, a pipe into it, a redirection
/// or comment behind.
fn takes(line: &str) {
    let words = shlex::split(line).unwrap_or_else(|| panic!("no shell would take: {line}"));
    let start = words
        .iter()
        .position(|w| w == "guichet" || (w.ends_with("/guichet") && !w.contains('=')) || w == "cargo")
        .unwrap_or(words.len());
    let mut rest = words[start..]
        .iter()
        .take_while(|w| !["|", ">", "<", "&&", "2>&1", "&"].contains(&w.as_str()) && !w.starts_with('#'))
        .cloned();
    if rest.next().as_deref() == Some("cargo") {
        // `cargo run --release -- …`
        let run: Vec<String> = rest.by_ref().take_while(|w| w != "--").collect();
        assert_eq!(run.first().map(String::as_str), Some("run"), "{line}");
    }
    let args = std::iter::once("guichet".to_owned()).chain(rest).map(|w| match w.as_str() {
        // A name that stands for an id.
        "ID" | "CHANNEL_ID" | "$CHANNEL" => "01900000-0000-7000-8000-000000000001".to_owned(),
        _ => w,
    });
    if let Err(error) = cli::command().try_get_matches_from(args) {
        let help = matches!(error.kind(), clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion);
        assert!(help, "{line}\n{error}");
    }
}

/// Twelve questions in two languages; where nothing fits, nothing is found, and the files say so as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_is_examined_on_recorded_questions() {
    let place = Place::new(Engine::Sqlite).await;
    let subjects = [
        ("where", "où est ma commande", "where is my order"),
        ("cost", "combien coûte la livraison", "how much is shipping"),
        ("hours", "quels sont vos horaires", "when do you open"),
        ("pay", "je peux payer par chèque", "can I pay by check"),
        ("size", "cette veste taille grand", "does this jacket run large"),
        ("jobs", "vous recrutez un vendeur", "are you hiring a sales person"),
    ];
    let endings = [
        ["", " ?"],
        [" aujourd’hui", " today"],
        [" chez vous dimanche", " with you on sunday"],
        [" bonjour", " hello there"],
    ];
    let mut faq = String::from("question,answer_id,language\n");
    for (id, fr, en) in subjects {
        for [a, b] in endings {
            faq += &format!("\"{fr}{a}\",{id},fr\n\"{en}{b}\",{id},en\n");
        }
    }
    let test = "text,answer_id,language\n\
        ou est ma comande,where,fr\nvos horaires d’ouverture,hours,fr\nil pleut sur Brest,NO_NODES_DETECTED,fr\n\
        \"hello, where's my order?\",where,en\nmy cat is orange,,en\ncan i pay with a check,pay,en\n";
    let (faq, test) = (place.file("faq.csv", faq.as_bytes()), place.file("test.csv", test.as_bytes()));
    let out = place.dir.path().join("told.jsonl");
    let told = place.data(&["bot", "eval", "--faq", &faq, "--test", &test, "--out", out.to_str().unwrap()]);
    assert_eq!((&told["n"], &told["in_scope"], &told["out_of_scope"]), (&6.into(), &4.into(), &2.into()));
    assert_eq!((&told["among_first"]["1"], &told["recall_out_of_scope"]), (&1.0.into(), &1.0.into()), "{told}");
    assert!(told["mcc"].as_f64().unwrap() > 0.7, "{told}");
    for key in ["recall_out_of_scope", "mcc", "answered", "coverage_at_precision", "per_message_us"] {
        assert!(!told[key].is_null(), "{key}: {told}");
    }
    let rows: Vec<Value> =
        std::fs::read_to_string(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows.len(), 6);
    assert_eq!((&rows[0]["expected"], &rows[0]["predicted"]), (&"where".into(), &"where".into()));
    assert_eq!(rows[2]["expected"], "");
    assert!(
        rows[3]["matched"].as_array().unwrap().iter().any(|m| m.as_str().unwrap().contains("order")),
        "{}",
        rows[3]
    );
    assert!(!place.dir.path().join("data").exists(), "it needs no desk");
    let wrong = place.file("wrong.csv", b"a,b\n1,2\n");
    let said = place.run(&["bot", "eval", "--faq", &wrong, "--test", &test]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("the columns are question (or text), answer_id"), "{}", said.err);
}

#[tokio::test]
async fn triage_eval_compares_and_says_why() {
    let place = Place::new(Engine::Sqlite).await;
    let test = "Text,language,stage,hot,complaint,spam,author\n\
        \"Bonjour, je voudrais commander deux lampes\",fr,Prospect chaud,oui,0,non,Léa\n\
        this is unacceptable and nobody answers,en,customer,0,1,,Bob\n\
        Is it waterproof?,en,consideration,no,false,0,Ann\n";
    let test = place.file("labelled.csv", test.as_bytes());
    let out = place.dir.path().join("told.jsonl");
    let told = place.data(&["triage", "eval", "--test", &test, "--out", out.to_str().unwrap()]);
    assert_eq!((&told["n"], &told["ignored"]), (&3.into(), &serde_json::json!(["author"])), "{told}");
    for label in ["hot", "complaint", "stage=consideration", "stage=customer", "language=fr"] {
        let f = &told["labels"][label];
        assert_eq!(
            (&f["precision"], &f["recall"], &f["f1"]),
            (&1.0.into(), &1.0.into(), &1.0.into()),
            "{label}: {told}"
        );
    }
    assert_eq!((&told["labels"]["spam"]["n"], &told["labels"]["spam"]["precision"]), (&0.into(), &Value::Null));
    let rows: Vec<Value> =
        std::fs::read_to_string(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((&rows[0]["expected"]["hot"], &rows[0]["predicted"]["hot"]), (&true.into(), &true.into()));
    let signals = rows[0]["predicted"]["tags"][0]["signals"].as_array().unwrap();
    let bought = signals.iter().find(|s| s["name"] == "wants-to-buy").unwrap();
    assert_eq!((&bought["weight"], &bought["matched"][0]["text"]), (&3.0.into(), &"voudrais commander".into()));
    assert!(!place.dir.path().join("data").exists(), "it needs no desk");
    for (file, says) in [
        ("a,b\n1,2\n", "has no column “text”"),
        ("text,hot\nhello,maybe\n", "row 1: hot is “maybe”, neither yes nor no"),
        ("text,stage\nhello,warm\n", "row 1: stage is “warm”"),
        ("text,who\nhello,me\n", "has no labels"),
    ] {
        let wrong = place.file("wrong.csv", file.as_bytes());
        let said = place.run(&["triage", "eval", "--test", &wrong]);
        assert_eq!(said.code, Some(1));
        assert!(said.err.contains(says), "{}", said.err);
    }
}
