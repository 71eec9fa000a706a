//! What others recorded, where `GUICHET_TEST_RECORDED` names the folder that holds it: every body becomes
//! what it means, and none stops the ones behind it. `--nocapture` shows what each became.

use std::path::{Path, PathBuf};

use guichet::desk::inbound::{Said, What};
use guichet::networks;
use serde_json::Value;

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut all: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    all.sort();
    all.into_iter().flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] }).collect()
}

/// The bodies in a document: itself, or those it holds by name. An answer of an API is none.
fn bodies(name: String, document: &Value) -> Vec<(String, Value)> {
    let is_body = document["entry"].is_array() || (document.get("values").is_some() && document.get("topic").is_some());
    if is_body {
        let inner = document.as_object().into_iter().flatten().filter(|(_, v)| v["entry"].is_array());
        let inner = inner.map(|(k, v)| (format!("{name}/{k}"), v.clone())).collect::<Vec<_>>();
        return std::iter::once((name, document.clone())).chain(inner).collect();
    }
    let named = document.as_object().into_iter().flatten();
    named.flat_map(|(k, v)| bodies(format!("{name}/{k}"), v)).collect()
}

#[test]
fn recordings_become_what_they_mean() {
    let Some(root) = std::env::var_os("GUICHET_TEST_RECORDED").map(PathBuf::from) else { return };
    let mut seen = 0;
    for (folder, slug) in [
        ("restfb/webhooks", "facebook"),
        ("restfb/instagram", "instagram"),
        ("restfb/threads", "threads"),
        ("restfb/whatsapp", "whatsapp"),
        ("whatsapp-pywa", "whatsapp"),
    ] {
        let network = networks::find(slug).unwrap();
        for path in files(&root.join(folder)) {
            let Ok(document) = serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()) else { continue };
            for (name, body) in bodies(path.file_name().unwrap().to_string_lossy().into_owned(), &document) {
                let elements = network.read(body.to_string().as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
                assert!(!elements.is_empty(), "{name} means nothing at all");
                for element in elements {
                    seen += 1;
                    match element.said {
                        Said::Event(event) => println!("{folder}/{name}: {}", brief(&event.what)),
                        Said::Nothing(why) => println!("{folder}/{name}: ignored({why})"),
                        Said::Unreadable(why) => panic!("{folder}/{name}: {why}"),
                    }
                }
            }
        }
    }
    assert!(seen > 50, "{} holds no recordings", root.display());
}

fn brief(what: &What) -> String {
    format!("{what:?}").chars().take(420).collect()
}
