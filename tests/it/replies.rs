//! Canned replies: written in the web, kept with their versions, picked in the composer, never sent
//! with a hole in them.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::flow::library;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::browser::Browser;
use crate::support::desk::{PAGE, PASSWORD};
use crate::support::{Desk, Engine};

const WHERE: &str = "+++\nid = \"zz-ou-est\"\ntitle = { fr = \"Où est ma commande ?\", en = \"Where is my order?\" }\nshortcut = \"zzsuivi\"\n+++\n## fr\n### answer\nBonjour {{ contact.first_name | default(\"\") }}, merci pour le numéro. Elle part le {{ date }}.\n## en\n### answer\nHello, it leaves on {{ date }}.\n";
const HOURS: &str = "+++\nid = \"zz-heures\"\ntitle = { fr = \"Horaires\", en = \"Opening hours\" }\nshortcut = \"zzheures\"\n+++\n## fr\n### answer\nNous sommes ouverts {{ brand.opening_hours }}.\n## en\n### answer\nWe are open {{ brand.opening_hours }}.\n";

async fn with_library(desk: &Desk) {
    let files =
        [("test/zz-ou-est.md".to_owned(), WHERE.to_owned()), ("test/zz-heures.md".to_owned(), HOURS.to_owned())];
    library::import(&desk.house, desk.brand, &files).await.unwrap();
}

async fn a_question(desk: &Desk) {
    let post = desk.simulator.facebook.publish(PAGE, "Bonjour à tous");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "léa MARTIN"), "Bonjour, je voudrais savoir où est ma commande");
    desk.settle().await;
}

fn offer<'a>(offers: &'a Value, path: &str) -> &'a Value {
    offers["public"].as_array().unwrap().iter().find(|o| o["path"] == path).unwrap()
}

on_both! {
    async fn an_entry_is_written_versioned_and_brought_back(desk) {
        let elodie = desk.agent("Elodie", Role::Community).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let before = elodie.get("/replies").await.expect(200);
        assert!(before.seen().contains("Réponses types"));
        let new = [("path", "test/zz-heures"), ("source", HOURS), ("version", "0")];
        elodie.post("/replies", &new).await.expect(303);
        let listed = elodie.get("/replies?q=horair").await.expect(200);
        assert!(listed.all("a.row b").contains(&"Horaires".to_owned()));
        // Who may not write sees it and cannot change it.
        assert!(karim.get("/replies/test/zz-heures").await.expect(200).all("button").iter().all(|b| b != "Enregistrer"));
        assert_eq!(karim.post("/replies/test/zz-heures", &[("source", HOURS), ("version", "1")]).await.status, 422);
        let changed = HOURS.replace("Nous sommes ouverts", "La boutique est ouverte");
        elodie.post("/replies/test/zz-heures", &[("source", &changed), ("version", "1")]).await.expect(303);
        // Somebody who still looks at version 1 is told.
        let late = elodie.post("/replies/test/zz-heures", &[("source", HOURS), ("version", "1")]).await.expect(422);
        assert!(late.all("[role=alert]").concat().contains("entre-temps"), "{}", late.seen());
        let page = elodie.get("/replies/test/zz-heures?version=1").await.expect(200);
        assert!(page.all("textarea").concat().contains("Nous sommes ouverts"));
        assert!(page.seen().contains("La boutique est ouverte") || page.all(".pre").concat().contains("Nous sommes ouverts"));
        elodie.post("/replies/test/zz-heures/remove", &[]).await.expect(303);
        assert!(!elodie.get("/replies").await.expect(200).seen().contains("/zzheures"));
        // What was taken away can be put back.
        let gone = elodie.get("/replies/test/zz-heures").await.expect(200);
        assert!(gone.all("textarea").concat().contains("La boutique est ouverte"));
        elodie.post("/replies/test/zz-heures", &[("source", &changed), ("version", "0")]).await.expect(303);
        assert_eq!(library::export(&desk.house, desk.brand).await.unwrap().iter().filter(|f| f.0 == "test/zz-heures.md").count(), 1);
    }

    async fn what_is_wrong_is_said_and_nothing_is_lost(desk) {
        let elodie = desk.agent("Elodie", Role::Community).await;
        let wrong = HOURS.replace("brand.opening_hours", "weather");
        let back = elodie.post("/replies", &[("path", "test/zz-heures"), ("source", &wrong), ("version", "0")]).await.expect(422);
        let alert = back.all("[role=alert]").concat();
        assert!(alert.contains("weather") && alert.contains("test/zz-heures.md:"), "{alert}");
        assert!(back.all("textarea").concat().contains("{{ weather }}"));
    }

    async fn nobody_receives_a_hole(desk) {
        with_library(&desk).await;
        a_question(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let admin = desk.agent("Ada", Role::Admin).await;
        let ticket = desk.ticket().await;
        let offers = sarah.get(&format!("/tickets/{}/canned.json", ticket.id)).await.expect(200).json();
        assert_eq!(offer(&offers, "test/zz-ou-est")["text"], "Bonjour Léa, merci pour le numéro. Elle part le {{ date }}.");
        assert_eq!(offer(&offers, "test/zz-ou-est")["missing"], json!(["date"]));
        assert_eq!(offer(&offers, "test/zz-heures")["missing"], json!(["brand.opening_hours"]));
        let reply = |text: &'static str| [("text", text), ("visibility", "public"), ("client_key", "k")];
        let back = sarah.post(&format!("/tickets/{}/reply", ticket.id), &reply("Elle part le {{ date }}.")).await.expect(422);
        assert!(back.all("[role=alert]").concat().contains("variable"), "{}", back.seen());
        let program = desk.program(&sarah, &["read", "write"]).await;
        let canned = json!({"canned_reply": "test/zz-heures", "visibility": "public", "client_key": "c"});
        let refused = program.post(&format!("/tickets/{}/replies", ticket.id), canned.clone()).await.expect(422);
        assert!(refused.text.contains("brand.opening_hours"), "{}", refused.text);
        admin.post("/settings/facts", &[("opening_hours", "du lundi au samedi")]).await.expect(303);
        program.post(&format!("/tickets/{}/replies", ticket.id), canned).await.expect(201);
        desk.pass(Duration::from_secs(11)).await;
        assert_eq!(desk.deeds(), ["comment: Nous sommes ouverts du lundi au samedi."]);
    }
}

/// What comes out of a library goes into another one, byte for byte.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn out_and_in_again_is_the_same() {
    let desk = Desk::open(Engine::Sqlite).await;
    let (other, _) = desk.second_brand().await;
    with_library(&desk).await;
    let files = library::export(&desk.house, desk.brand).await.unwrap();
    assert!(library::import(&desk.house, other, &files).await.unwrap() >= 2);
    assert_eq!(library::export(&desk.house, other).await.unwrap(), files);
    assert_eq!(library::import(&desk.house, other, &files).await.unwrap(), 0);
}

/// By keyboard: “/”, a few letters, Enter; the blank is selected, filled, sent. And by links alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_picks_a_canned_reply() {
    let desk = Desk::open(Engine::Sqlite).await;
    with_library(&desk).await;
    a_question(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let ticket = desk.ticket().await;
    let mut browser = Browser::open().await;
    browser.go(&format!("{}/login?lang=fr", desk.base)).await;
    browser.write("#email", &sarah.email).await;
    browser.write("#password", PASSWORD).await;
    browser.follow("form[action^='/login'] button").await;
    browser.go(&format!("{}/tickets/{}", desk.base, ticket.id)).await;
    browser.write("#ed", "/zzsui").await;
    browser
        .until("document.querySelector('.picker [aria-selected=true] b').textContent === 'Où est ma commande ?'")
        .await;
    browser.press("Enter").await;
    browser.until("document.querySelector('#ed').value.startsWith('Bonjour Léa, merci')").await;
    let chosen = browser.eval("(() => { const e = document.querySelector('#ed'); return e.value.slice(e.selectionStart, e.selectionEnd) })()").await;
    assert_eq!(chosen, "{{ date }}");
    browser.ask("Input.insertText", json!({"text": "12 mars"})).await;
    browser.follow("#send").await;
    desk.pass(Duration::from_secs(11)).await;
    assert_eq!(desk.deeds(), ["comment: Bonjour Léa, merci pour le numéro. Elle part le 12 mars."]);

    browser.without_scripts().await;
    browser.go(&format!("{}/tickets/{}", desk.base, ticket.id)).await;
    browser.follow("[data-pick]").await;
    browser.follow("a[href*='canned=test%2Fzz-ou-est'], a[href*='canned=test/zz-ou-est']").await;
    browser.until("document.querySelector('#ed').value.includes('{{ date }}')").await;
}
