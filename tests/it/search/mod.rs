//! Any message is found by its words, whatever happened to the index meanwhile.

use std::path::Path;
use std::time::Duration;

use guichet::base::At;
use guichet::base::id::BrandId;
use guichet::desk::agent::Role;
use guichet::desk::event::{Actor, Event, EventKind};
use guichet::search::{By, Feeder, Search, parse};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::on_both;
use crate::support::desk::PAGE;
use crate::support::{Desk, Program, Visitor};

mod killed;

/// What several people wrote, one each.
async fn wrote(desk: &Desk, all: &[(&str, &str)]) -> Vec<String> {
    let post = desk.simulator.facebook.publish(PAGE, "Bonjour à tous");
    let mut ids = Vec::new();
    for (n, (name, text)) in all.iter().enumerate() {
        ids.push(desk.simulator.facebook.comment(PAGE, &post, (&format!("6{n}"), name), text));
        desk.settle().await;
        desk.clock.forward(Duration::from_secs(60));
    }
    ids
}

fn encoded(q: &str) -> String {
    url::form_urlencoded::byte_serialize(q.as_bytes()).collect()
}

/// Who is found, in alphabetical order.
async fn found(program: &Program, q: &str) -> Vec<String> {
    let answer = program.get(&format!("/search?limit=100&q={}", encoded(q))).await.expect(200).json();
    let mut names = names(&answer);
    names.sort();
    names
}

fn names(answer: &Value) -> Vec<String> {
    let name = |hit: &Value| hit["message"]["author"]["name"].as_str().unwrap().to_owned();
    answer["items"].as_array().unwrap().iter().map(name).collect()
}

async fn lead(desk: &Desk) -> (Visitor, Program) {
    let lead = desk.agent("Élise", Role::Lead).await;
    let program = desk.program(&lead, &["read", "write"]).await;
    (lead, program)
}

async fn ticket_of(program: &Program, name: &str) -> String {
    let all = program.get(&format!("/search?q={}", encoded(&format!("from:{name}")))).await.json();
    all["items"][0]["ticket"]["id"].as_str().unwrap().to_owned()
}

/// Messages an index finds.
fn hits(search: &Search, brand: BrandId, q: &str) -> usize {
    search.find(brand, &parse(q), (By::Relevance, At(0)), None, 1_000).unwrap().len()
}

on_both! {
    async fn words_are_found_in_both_languages_with_accents_and_without(desk) {
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let (_, program) = {
            wrote(&desk, &[
                ("Ana", "Mes commandes ne sont toujours pas livrées"),
                ("Bob", "jai pas ete livree de ma commande"),
                ("Cléo", "Where are my parcels? They never arrived."),
                ("Dan", "L’été dernier, c’était mieux"),
                ("Eve", "Ma référence : AB-48213, ou cafe\u{301} moulu"),
                ("Flo", hash),
                ("Gus", "Straße und Œuvre"),
            ]).await;
            lead(&desk).await
        };
        for (q, expected) in [
            ("commande", vec!["Ana", "Bob"]),
            ("COMMANDES", vec!["Ana", "Bob"]),
            ("livrée", vec!["Ana", "Bob"]),
            ("livrees", vec!["Ana", "Bob"]),
            ("livré", vec!["Ana", "Bob"]),
            ("parcel arrive", vec!["Cléo"]),
            ("l'ete", vec!["Bob", "Dan"]),
            ("été", vec!["Bob", "Dan"]),
            ("ab-48213", vec!["Eve"]),
            ("48213", vec!["Eve"]),
            ("café", vec!["Eve"]),
            (hash, vec!["Flo"]),
            ("strasse oeuvre", vec!["Gus"]),
            ("cleo", vec!["Cléo"]),
            ("\"toujours pas\"", vec!["Ana"]),
            ("\"pas toujours\"", vec![]),
            ("commande -livree", vec![]),
            ("commande -jai", vec!["Ana"]),
            ("parcels OR référence", vec!["Cléo", "Eve"]),
            ("absolument", vec![]),
        ] {
            assert_eq!(found(&program, q).await, expected, "{q}");
        }
    }

    async fn operators_narrow_what_is_found(desk) {
        wrote(&desk, &[("Ana Martin", "Bonjour, le colis ?"), ("Paul", "Bonjour, un colis"), ("Zoé", "Bonjour, mon colis est cassé")]).await;
        desk.simulator.facebook.message(PAGE, ("7", "Max"), "Bonjour, un colis en privé");
        desk.settle().await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let (_, program) = lead(&desk).await;
        let paul = ticket_of(&program, "paul").await;
        program.patch(&format!("/tickets/{paul}"), json!({"assignee": karim.email, "labels": ["En retard"], "team": "sales", "stage": "advocate"})).await.expect(200);
        let zoe = ticket_of(&program, "zoe").await;
        program.patch(&format!("/tickets/{zoe}"), json!({"assignee": "me", "state": "resolved"})).await.expect(200);
        let all = vec!["Ana Martin", "Max", "Paul", "Zoé"];
        for (q, expected) in [
            ("colis", all.clone()),
            ("colis from:martin", vec!["Ana Martin"]),
            ("colis -from:martin", vec!["Max", "Paul", "Zoé"]),
            ("colis de:\"ana martin\"", vec!["Ana Martin"]),
            ("network:facebook", all.clone()),
            ("colis -réseau:facebook", vec![]),
            ("colis type:private", vec!["Max"]),
            ("colis type:dm", vec!["Max"]),
            ("colis type:public", vec!["Ana Martin", "Paul", "Zoé"]),
            ("colis étape:ambassadeur", vec!["Paul"]),
            ("colis statut:résolu", vec!["Zoé"]),
            ("colis -state:resolved", vec!["Ana Martin", "Max", "Paul"]),
            ("colis étiquette:\"en retard\"", vec!["Paul"]),
            ("colis assignee:karim", vec!["Paul"]),
            ("colis assigné:karim@guichet.example", vec!["Paul"]),
            ("colis assignee:me", vec!["Zoé"]),
            ("colis assignee:none", vec!["Ana Martin", "Max"]),
            ("colis team:sales", vec!["Paul"]),
            ("colis avant:2026-11-21", vec![]),
            ("colis after:2026-11-21 before:22/11/2026", all.clone()),
            ("colis -after:2026-11-21", vec![]),
        ] {
            assert_eq!(found(&program, q).await, expected, "{q}");
        }
    }

    /// What is not understood is said, in the reader's language; the rest is searched.
    async fn a_bad_search_is_answered_with_what_is_wrong(desk) {
        wrote(&desk, &[("Ana", "Bonjour, le colis")]).await;
        let (elise, program) = lead(&desk).await;
        for (q, french, english, finds) in [
            ("colis before:hier", "« hier » n’est pas une date", "“hier” is no day", 1),
            ("colis couleur:bleu", "« couleur: » n’est pas un opérateur", "“couleur:” is no operator", 0),
            ("colis stage:fâché", "cela n’existe pas ici", "there is no such thing here", 0),
            ("colis assignee:personne-ici", "cela n’existe pas ici", "there is no such thing here", 0),
            ("\"le colis", "guillemet est resté ouvert", "quotation mark stands alone", 1),
        ] {
            let page = elise.get(&format!("/search?q={}", encoded(q))).await.expect(200);
            assert!(page.seen().contains(french), "{q}: {}", page.seen());
            assert_eq!(page.all(".quote").len(), finds, "{q}");
            let answer = program.get(&format!("/search?q={}", encoded(q))).await.expect(200).json();
            assert!(answer["not_understood"][0].as_str().unwrap().contains(english), "{q}: {answer}");
        }
        let long = "colis ".repeat(2_000);
        let page = elise.get(&format!("/search?q={}", encoded(&long))).await.expect(200);
        assert!(page.seen().contains("plus que ce qui peut être cherché"));
        program.get("/search?q=colis&sort=colour").await.expect(400);
        program.get("/search?q=colis&cursor=x").await.expect(400);
        assert_eq!(elise.get("/search?q=colis&after=x").await.status, 404);
        let page = elise.get("/search?q=colis").await;
        assert_eq!(page.all(".quote mark"), ["colis"]);
    }

    async fn changes_at_the_network_and_merges_are_followed(desk) {
        let ids = wrote(&desk, &[("Ana", "Le camembert est bon"), ("Bob", "Un roquefort svp")]).await;
        let other = desk.simulator.facebook.publish(PAGE, "autre post");
        desk.simulator.facebook.comment(PAGE, &other, ("60", "Ana"), "Et le munster ?");
        desk.settle().await;
        let (elise, program) = lead(&desk).await;
        desk.simulator.facebook.edit_comment(PAGE, &ids[0], "Le reblochon est bon");
        desk.settle().await;
        assert_eq!((found(&program, "camembert").await.len(), found(&program, "reblochon").await), (0, vec!["Ana".to_owned()]));
        // What is gone at the network can still be read here, and is told as gone.
        desk.simulator.facebook.push_comment(PAGE, &ids[1], "remove");
        desk.settle().await;
        let gone = program.get("/search?q=roquefort").await.json();
        assert!(gone["items"][0]["message"]["deleted_at"].is_string(), "{gone}");
        // Two tickets become one: both messages lead to it, once.
        let tickets = desk.tickets().await;
        let (first, second) = (tickets[0].id, tickets[2].id);
        elise.post(&format!("/tickets/{first}/merge"), &[("from", &second.to_string())]).await.expect(303);
        desk.settle().await;
        let led = |answer: &Value| -> Vec<String> {
            answer["items"].as_array().unwrap().iter().map(|h| h["ticket"]["id"].as_str().unwrap().to_owned()).collect()
        };
        for q in ["munster", "reblochon", "munster OR reblochon"] {
            let answer = program.get(&format!("/search?q={}", encoded(q))).await.json();
            assert_eq!(led(&answer), [first.to_string()], "{q}");
        }
        let undo = elise.get(&format!("/tickets/{first}")).await.attr("form[action*='/merges/']", "action").unwrap();
        elise.post(&undo, &[]).await.expect(303);
        desk.settle().await;
        assert_eq!(led(&program.get("/search?q=munster").await.json()), [second.to_string()]);
        // Our own words are found, too.
        program.post(&format!("/tickets/{first}/replies"), json!({"text": "Voici du beaufort", "visibility": "public"})).await.expect(201);
        desk.settle().await;
        assert_eq!(led(&program.get("/search?q=beaufort").await.json()), [first.to_string()]);
    }

    /// Every hit is read again with the eyes of whoever looks.
    async fn notes_and_other_brands_are_found_by_those_who_may_read_them(desk) {
        wrote(&desk, &[("Ana", "Le colis est perdu")]).await;
        let (velora, page) = desk.second_brand().await;
        let post = desk.simulator.facebook.publish(page, "Vélora");
        desk.simulator.facebook.comment(page, &post, ("9", "Zélie"), "Mon colis vert");
        desk.settle().await;
        let (elise, program) = lead(&desk).await;
        let ticket = ticket_of(&program, "ana").await;
        program.post(&format!("/tickets/{ticket}/notes"), json!({"text": "confidentiel : geste commercial"})).await.expect(201);
        desk.settle().await;
        let viewer = desk.agent("Victor", Role::Viewer).await;
        let theirs = desk.agent_at(velora, "Vera", Role::Admin).await;
        let (viewing, theirs_program) = (desk.program(&viewer, &["read"]).await, desk.program(&theirs, &["read"]).await);
        assert_eq!((found(&viewing, "confidentiel").await.len(), found(&program, "geste type:note").await.len()), (1, 1));
        for q in ["confidentiel", "geste", "perdu", "from:ana", "-absent"] {
            assert!(!found(&theirs_program, q).await.contains(&"Ana".to_owned()), "{q}");
            assert!(!theirs.get(&format!("/search?q={}", encoded(q))).await.text.contains("est perdu"), "{q}");
        }
        assert_eq!(found(&theirs_program, "colis").await, ["Zélie"]);
        theirs_program.get("/search?q=colis&brand=aubepine").await.expect(404);
        // Whoever is shut out finds nothing any more.
        assert_eq!(elise.get("/search?q=confidentiel").await.all(".quote").len(), 1);
        let mut tx = desk.house.db.write().await.unwrap();
        let id = desk.scope(&elise).await.who().unwrap();
        guichet::store::agents::disable(&mut tx, id, Some(desk.house.now())).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!elise.get("/search?q=confidentiel").await.text.contains("confidentiel :"));
        assert_eq!(program.get("/search?q=confidentiel").await.status, 401);
    }

    async fn the_newest_come_first_from_near_and_far(desk) {
        let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
        let mut expected = Vec::new();
        for (n, days) in [800_u32, 300, 100, 20, 5, 1, 0].into_iter().enumerate() {
            let name = format!("P{n}");
            desk.simulator.facebook.comment(PAGE, &post, (&format!("5{n}"), &name), "le colis");
            desk.settle().await;
            expected.insert(0, name);
            desk.clock.forward(Duration::from_hours(24) * days);
        }
        let (_, program) = lead(&desk).await;
        let page = |limit: usize, cursor: String| program_page(&program, format!("/search?q=colis&sort=newest&limit={limit}{cursor}"));
        assert_eq!(names(&page(100, String::new()).await), expected);
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let answer = page(2, cursor).await;
            seen.extend(names(&answer));
            let Some(next) = answer["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, expected);
    }

    /// Page after page: each ticket once, none missing, in the order of one long page.
    async fn pages_of_a_search_are_exact(desk) {
        for n in 0..45 {
            let person = (format!("4{n}"), format!("N{n}"));
            for m in 0..=(n % 3) {
                let text = format!("colis {}", ["colis", "merci beaucoup pour tout cela", ""][(n + m) % 3]);
                desk.simulator.facebook.message(PAGE, (&person.0, &person.1), &text);
            }
        }
        desk.settle().await;
        let (_, program) = lead(&desk).await;
        let resolved: Vec<String> = desk.tickets().await.iter().step_by(4).map(|t| t.id.to_string()).collect();
        for id in &resolved {
            program.patch(&format!("/tickets/{id}"), json!({"state": "resolved"})).await.expect(200);
        }
        let ids = |answer: &Value| -> Vec<String> {
            answer["items"].as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap().to_owned()).collect()
        };
        for filter in ["", "&sort=newest", "&state=todo", "&state=resolved&sort=newest", "&assignee=none&kind=dm"] {
            let whole = ids(&program_page(&program, format!("/tickets?q=colis&limit=100{filter}")).await);
            let expected = if filter.contains("todo") { 45 - resolved.len() } else if filter.contains("resolved") { resolved.len() } else { 45 };
            assert_eq!(whole.len(), expected, "{filter}");
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let answer = program_page(&program, format!("/tickets?q=colis&limit=7{filter}{cursor}")).await;
                seen.extend(ids(&answer));
                let Some(next) = answer["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(seen, whole, "{filter}");
        }
        // On the screen, too.
        let elise = desk.agent("Nina", Role::Agent).await;
        let page = elise.get("/search?q=colis").await.expect(200);
        let more = page.attr("a[href*='after=']", "href").unwrap();
        assert_eq!((page.all(".quote").len(), elise.get(&more).await.all(".quote").len()), (40, 5));
    }

    /// A folder that is gone, damaged, of another version or strange is built anew from the log.
    async fn an_index_that_is_no_good_is_built_anew(desk) {
        wrote(&desk, &[("Ana", "Le camembert"), ("Bob", "Le roquefort"), ("Cléo", "Le munster")]).await;
        let folder = desk.folder().join("search-2");
        let feed = async || {
            let search = Search::open(&folder).unwrap();
            let began_at = search.fed();
            let mut feeder = Feeder::new(desk.house.db.clone(), search.clone(), desk.house.given.clone());
            while feeder.turn().await.unwrap() > 0 {}
            (search, began_at)
        };
        let (search, began_at) = feed().await;
        assert_eq!((began_at, hits(&search, desk.brand, "camembert OR roquefort OR munster")), (0, 3));
        let upto = search.fed();
        drop(search);
        assert_eq!(feed().await.1, upto, "a whole index goes on where it was");
        let spoils: [fn(&Path); 6] = [
            |folder| std::fs::remove_dir_all(folder).unwrap(),
            |folder| spoil(folder, "store"),
            |folder| spoil(folder, "idx"),
            |folder| std::fs::write(folder.join("meta.json"), b"\x00\xffnonsense").unwrap(),
            |folder| std::fs::write(folder.join("version"), "1").unwrap(),
            |folder| {
                std::fs::remove_dir_all(folder).unwrap();
                std::fs::create_dir(folder).unwrap();
                std::fs::write(folder.join("photo.jpg"), b"x").unwrap();
            },
        ];
        for (n, spoil) in spoils.into_iter().enumerate() {
            spoil(&folder);
            let (search, began_at) = feed().await;
            assert_eq!((began_at, hits(&search, desk.brand, "camembert OR roquefort OR munster")), (0, 3), "{n}");
        }
    }

    /// While the index cannot be written, that is said, what was found before is found, and nothing
    /// is lost; when it can be again, everything is there.
    async fn an_index_that_cannot_be_written_is_said_and_catches_up(desk) {
        wrote(&desk, &[("Ana", "Le camembert")]).await;
        let (elise, program) = lead(&desk).await;
        let folder = desk.folder().join("search");
        let stop = CancellationToken::new();
        let feeder = Feeder::new(desk.house.db.clone(), desk.web.search.clone(), desk.house.given.clone());
        let running = tokio::spawn(feeder.run(stop.clone(), std::sync::Arc::default()));
        // Its folder is gone, and nothing can be made in its place.
        std::fs::rename(&folder, desk.folder().join("away")).unwrap();
        for name in ["search", "search.next"] {
            std::fs::write(desk.folder().join(name), "in the way").unwrap();
        }
        desk.simulator.facebook.comment(PAGE, &desk.simulator.facebook.publish(PAGE, "x"), ("71", "Bob"), "Le roquefort");
        desk.take_in().await;
        until("the trouble is said", || desk.web.search.trouble().is_some()).await;
        assert_eq!((found(&program, "camembert").await.len(), found(&program, "roquefort").await.len()), (1, 0));
        let page = elise.get("/search?q=camembert").await.expect(200);
        assert!(page.seen().contains("n’est pas à jour"), "{}", page.seen());
        assert!(elise.get("/metrics").await.text.contains("guichet_search_failing 1"));
        // The way is free again.
        for name in ["search", "search.next"] {
            std::fs::remove_file(desk.folder().join(name)).unwrap();
        }
        until("it is fed again", || hits(&desk.web.search, desk.brand, "camembert OR roquefort") == 2).await;
        until("the trouble is over", || desk.web.search.trouble().is_none()).await;
        stop.cancel();
        running.await.unwrap();
    }

    /// Many events at once are few commits, and yet none waits longer than a second of the clock.
    async fn commits_are_spared_but_never_for_long(desk) {
        wrote(&desk, &[("Ana", "Le camembert")]).await;
        let ticket = desk.ticket().await;
        let message = desk.messages(ticket.id).await[0].id;
        let search = Search::open(&desk.folder().join("search-2")).unwrap();
        let mut feeder = Feeder::new(desk.house.db.clone(), search.clone(), desk.house.given.clone());
        while feeder.turn().await.unwrap() > 0 {}
        let (from, now) = (search.fed(), desk.house.now());
        let mut tx = desk.house.db.write().await.unwrap();
        for _ in 0..3_500 {
            tx.emit(now, Event::of(desk.brand, EventKind::MessageEdited, ticket.id, Actor::Network).message(message));
        }
        tx.commit().await.unwrap();
        assert_eq!(feeder.turn().await.unwrap(), 1_000);
        assert_eq!(feeder.turn().await.unwrap(), 1_000);
        assert_eq!(search.fed(), from, "there is more to read: nothing is committed yet");
        desk.clock.forward(Duration::from_secs(1));
        assert_eq!(feeder.turn().await.unwrap(), 1_000);
        assert_eq!(search.fed(), from + 3_000, "a second has passed");
        assert_eq!(feeder.turn().await.unwrap(), 500);
        assert_eq!(search.fed(), from + 3_500, "and the end is always committed");
        assert_eq!(hits(&search, desk.brand, "camembert"), 1);
    }

    /// While a new index is built, the old one answers; then the new one takes its place.
    async fn a_rebuilt_index_takes_the_place_of_the_old(desk) {
        wrote(&desk, &[("Ana", "Le camembert"), ("Bob", "Le roquefort")]).await;
        let search = desk.web.search.clone();
        let mut feeder = Feeder::new(desk.house.db.clone(), Search::open(&desk.folder().join("search-2")).unwrap(), desk.house.given.clone());
        let events = feeder.rebuild(&CancellationToken::new()).await.unwrap();
        assert_eq!(i64::try_from(events).unwrap(), search.fed());
        let rebuilt = Search::open(&desk.folder().join("search-2")).unwrap();
        assert_eq!((hits(&rebuilt, desk.brand, "le"), rebuilt.fed()), (2, search.fed()));
        // One that is stopped half-way leaves the old one as it was.
        let stop = CancellationToken::new();
        stop.cancel();
        assert!(feeder.rebuild(&stop).await.is_err());
        assert_eq!(hits(&Search::open(&desk.folder().join("search-2")).unwrap(), desk.brand, "le"), 2);
        assert!(!desk.folder().join("search-2.next").exists());
        // Killed between the two renames: the old one is put back, nothing is read again.
        std::fs::rename(desk.folder().join("search-2"), desk.folder().join("search-2.old")).unwrap();
        assert_eq!(Search::open(&desk.folder().join("search-2")).unwrap().fed(), search.fed());
    }
}

async fn program_page(program: &Program, path: String) -> Value {
    program.get(&path).await.expect(200).json()
}

/// Overwrites the middle of every file of a kind with other bytes.
fn spoil(folder: &Path, ending: &str) {
    let mut spoiled = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|e| e == ending) {
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x5a;
            std::fs::write(&path, bytes).unwrap();
            spoiled += 1;
        }
    }
    assert!(spoiled > 0, "there is no .{ending} in {}", folder.display());
}

/// Waits until something is true.
async fn until(what: &str, true_now: impl Fn() -> bool) {
    for _ in 0..6_000 {
        if true_now() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited a minute in vain until {what}");
}
