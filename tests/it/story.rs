//! The customer's story from end to end: through the hook, the API and a browser.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::stage::Stage;
use guichet::desk::ticket::State;

use crate::on_both;
use crate::support::browser::Browser;
use crate::support::desk::{PAGE, PASSWORD};
use crate::support::{Desk, Engine};

on_both! {
    /// A price question under a post is hot, goes to sales, is answered in private, the customer
    /// answers, it is won and resolved. The network saw each act exactly once.
    async fn a_price_question_becomes_a_sale(desk) {
        let hugo = desk.agent("Hugo", Role::Sales).await;
        let program = desk.program(&hugo, &["read", "write"]).await;
        let post = desk.simulator.facebook.publish(PAGE, "« Petit Loup » est de retour");
        let comment = desk.simulator.facebook.comment(PAGE, &post, ("1001", "Camille Roussel"), "Bonjour 👋 c’est combien la rouge ?");
        desk.settle().await;

        // Through the API: tagged hot, with its words, and with sales.
        let list = program.get("/tickets?stage=hot_prospect&team=sales&state=new").await.expect(200).json();
        let ticket = list["items"][0].clone();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(ticket["contact"]["name"], "Camille Roussel");
        let evidence = &ticket["stage_evidence"]["matched"][0];
        assert_eq!((evidence["field"].as_str(), evidence["text"].as_str()), (Some("text"), Some("c’est combien")));
        let chars: Vec<char> = "Bonjour 👋 c’est combien la rouge ?".chars().collect();
        let (start, end) = (evidence["start"].as_u64().unwrap() as usize, evidence["end"].as_u64().unwrap() as usize);
        assert_eq!(chars[start..end].iter().collect::<String>(), "c’est combien");
        assert_eq!(ticket["post"]["external_id"], post);

        // Through a browser, as Hugo: he signs in, sees the marked words, answers in private.
        let mut browser = Browser::open().await;
        browser.go(&format!("{}/login?lang=fr", desk.base)).await;
        browser.write("#email", &hugo.email).await;
        browser.write("#password", PASSWORD).await;
        browser.follow("form[action^='/login'] button").await;
        browser.sees("À traiter").await;
        browser.follow(&format!("a.q[data-id='{}']", ticket["id"].as_str().unwrap())).await;
        browser.until("document.querySelector('.bb mark').textContent === 'c’est combien'").await;
        browser.sees("Prospect chaud").await;
        browser.click("label[for='mode-private']").await;
        browser.write("#ed", "Bonjour Camille, elle est à 23,90 €. Je vous la mets de côté ?").await;
        browser.follow("#send").await;
        browser.sees("Envoi dans un instant").await;
        assert!(desk.deeds().is_empty(), "nothing has left while it can be taken back");

        desk.pass(std::time::Duration::from_secs(6)).await;
        assert_eq!(desk.deeds(), ["private_reply: Bonjour Camille, elle est à 23,90 €. Je vous la mets de côté ?"]);
        browser.go(&format!("{}/tickets/{}", desk.base, ticket["id"].as_str().unwrap())).await;
        browser.until("document.querySelector('[data-delivery=sent]')").await;

        // The customer answers in Messenger; her answer continues the same ticket's story.
        let psid = guichet::simulator::facebook::psid_of("1001");
        desk.simulator.facebook.message(PAGE, (&psid, "Camille Roussel"), "Oui avec plaisir, je la prends !");
        desk.settle().await;
        let all = desk.tickets().await;
        assert_eq!(all.len(), 2);
        let sequel = &all[1];
        assert_eq!(sequel.continues.map(|t| t.to_string()).as_deref(), ticket["id"].as_str());
        assert_eq!((sequel.contact_id, sequel.assignee_id), (all[0].contact_id, all[0].assignee_id));
        assert_eq!((sequel.stage, sequel.state), (Stage::HotProspect, State::Open));
        assert_eq!(all[0].state, State::Waiting);
        browser.go(&format!("{}/tickets/{}", desk.base, sequel.id)).await;
        browser.sees("c’est combien").await;
        browser.sees("je la prends").await;
        browser.sees("Suite en message privé").await;

        // Won: she is a customer now; resolved with the ticket it came from.
        browser.follow(".stepper button[value=customer]").await;
        browser.write("#ed", "Parfait, c’est noté. Merci Camille !").await;
        browser.follow("button[name=resolve]").await;
        browser.sees("Résolue").await;
        desk.pass(std::time::Duration::from_secs(6)).await;
        for id in [all[0].id, sequel.id] {
            assert_eq!(desk.again(id).await.state, State::Resolved);
        }
        let shown = program.get(&format!("/tickets/{}", sequel.id)).await.expect(200).json();
        assert_eq!((shown["stage"].as_str(), shown["state"].as_str()), (Some("customer"), Some("resolved")));
        assert_eq!(shown["messages"].as_array().unwrap().len(), 2);

        // The network saw each act exactly once, and nothing else.
        assert_eq!(desk.deeds(), [
            "private_reply: Bonjour Camille, elle est à 23,90 €. Je vous la mets de côté ?",
            "message: Parfait, c’est noté. Merci Camille !",
        ]);
        assert_eq!(desk.simulator.facebook.ledger()[0].on, comment);
        let log = program.get("/events?since=0&limit=1000").await.expect(200).json();
        let kinds: Vec<&str> = log["items"].as_array().unwrap().iter().filter_map(|e| e["kind"].as_str()).collect();
        for kind in ["ticket_opened", "message_received", "staged", "escalated", "reply_queued", "delivery_changed"] {
            assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
        }
        let escalated = log["items"].as_array().unwrap().iter().find(|e| e["kind"] == "escalated").unwrap();
        assert_eq!(escalated["trace"]["rule"], "hot-to-sales");
    }
}

/// The inbox is pages and forms: everything an agent needs works with scripts turned off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_works_without_scripts() {
    let desk = Desk::open(Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let post = desk.simulator.facebook.publish(PAGE, "Bonjour à tous");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Elle passe au lave-vaisselle ?");
    desk.settle().await;
    let ticket = desk.ticket().await;
    let mut browser = Browser::open().await;
    browser.without_scripts().await;
    browser.go(&format!("{}/login?lang=en", desk.base)).await;
    browser.write("#email", &sarah.email).await;
    browser.write("#password", PASSWORD).await;
    browser.follow("form[action^='/login'] button").await;
    browser.follow(&format!("a.q[data-id='{}']", ticket.id)).await;
    browser.write("#ed", "Oui, sans souci.").await;
    browser.follow("#send").await;
    desk.pass(Duration::from_secs(11)).await;
    assert_eq!(desk.deeds(), ["comment: Oui, sans souci."]);
    browser.go(&format!("{}/tickets/{}", desk.base, ticket.id)).await;
    browser.until("document.querySelector('[data-delivery=sent]')").await;
}
