//! WhatsApp after 24 hours: a template the network has approved is chosen, filled in, and sent.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::flow::approved::{self, Wanted};
use guichet::flow::{Error, Reason, listen};
use guichet::simulator::whatsapp::Person;

use super::{account, connected, deeds};
use crate::on_both;
use crate::support::Desk;
use crate::support::replies::{refused, state, words};

/// A conversation whose time is over, at an account whose templates are known.
async fn late(desk: &Desk) -> guichet::base::id::TicketId {
    connected(desk, "whatsapp").await;
    listen::turn(&desk.house).await.unwrap();
    let lea = Person::with_number("33612345678", "Léa Vidal");
    desk.simulator.whatsapp.message_at(account("whatsapp"), &lea, "Où est ma commande ?", desk.house.now());
    desk.settle().await;
    desk.clock.forward(Duration::from_hours(25));
    desk.ticket().await.id
}

fn wanted(ticket: guichet::base::id::TicketId, values: &[&str]) -> Wanted {
    Wanted {
        ticket,
        name: "suivi_commande".into(),
        language: "fr".into(),
        values: values.iter().map(|v| (*v).to_owned()).collect(),
        client_key: None,
    }
}

on_both! {
    async fn after_a_day_a_template_is_chosen_filled_in_and_sent(desk) {
        let ticket = late(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        assert_eq!(refused(&desk, &sarah, words(ticket, "trop tard", Visibility::Private)).await, Reason::WindowClosed);
        let page = sarah.get(&format!("/tickets/{ticket}")).await.expect(200);
        let link = page.attr("#composer a[href$='/approved']", "href").expect("the way out is shown");
        let list = sarah.get(&link).await.expect(200);
        let names = list.all(".card b");
        assert_eq!(names, ["suivi_commande", "we_are_back"], "neither the paused one nor the one with a picture");
        assert!(list.seen().contains("Bonjour Léa, nous avons du nouveau : elle part demain."), "{}", list.seen());
        let choose = list.attr(".card a", "href").unwrap();
        let form = sarah.get(&choose).await.expect(200);
        assert_eq!(form.all("label"), ["À compléter : 1", "À compléter : 1", "À compléter : 2"]);
        let known = form.attr("#known option", "value");
        assert!(known.is_some(), "{}", form.text);
        let key = form.attr("input[name=client_key]", "value").unwrap();
        let path = format!("/tickets/{ticket}/approved");
        let base = [("client_key", key.as_str()), ("name", "suivi_commande"), ("language", "fr")];
        // What is missing brings the form back, with what was typed.
        let missing = [&base[..], &[("value", "20451"), ("value", "Léa"), ("value", " ")]].concat();
        let back = sarah.post(&path, &missing).await.expect(422);
        assert!(back.seen().contains("Il reste quelque chose à compléter"), "{}", back.seen());
        assert_eq!(back.attr("#g1", "value").as_deref(), Some("20451"));
        let whole = [&base[..], &[("value", "20451"), ("value", "Léa"), ("value", "elle part lundi")]].concat();
        for _ in 0..2 {
            assert_eq!(sarah.post(&path, &whole).await.expect(303).location(), format!("/tickets/{ticket}"));
        }
        desk.pass(Duration::from_secs(10)).await;
        let said = "Votre commande 20451\n\nBonjour Léa, nous avons du nouveau : elle part lundi. Répondez-nous ici si vous avez une question.\n\nLe service clients";
        assert_eq!(deeds(&desk, "whatsapp"), [format!("message: {said}")], "one click twice is one message");
        let all = desk.messages(ticket).await;
        assert_eq!((all.len(), all[1].text.as_str(), all[1].delivery), (2, said, Some(Delivery::Delivered)));
        let page = sarah.get(&format!("/tickets/{ticket}")).await.expect(200).seen();
        assert!(page.contains("elle part lundi"), "{page}");
        // Within the window there is no need of one.
        let lea = Person::with_number("33612345678", "Léa Vidal");
        desk.simulator.whatsapp.message_at(account("whatsapp"), &lea, "Merci", desk.house.now());
        desk.settle().await;
        let page = sarah.get(&format!("/tickets/{ticket}")).await.expect(200);
        assert_eq!(page.attr("#composer a[href$='/approved']", "href"), None);
    }

    async fn what_the_network_says_of_a_template_is_said_to_the_agent(desk) {
        let ticket = late(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let scope = desk.scope(&sarah).await;
        let send = async |wanted| approved::send(&desk.house, &scope, wanted).await;
        for (values, reason) in [(&["1", "2"][..], Reason::NotFilled), (&["1", "2", ""], Reason::NotFilled)] {
            assert!(matches!(send(wanted(ticket, values)).await, Err(Error::Refused(r, _)) if r == reason));
        }
        let unknown = Wanted { name: "soldes".into(), ..wanted(ticket, &[]) };
        assert!(matches!(send(unknown).await, Err(Error::Refused(Reason::NotOnThisNetwork, _))));
        // Paused or changed since it was listed: nothing is sent, and the ticket says why.
        let before = desk.simulator.whatsapp.templates();
        for (change, code) in [("PAUSED", "132015"), ("DISABLED", "132016"), ("", "132001")] {
            let mut all = before.clone();
            all[0]["status"] = change.into();
            if change.is_empty() {
                all.remove(0);
            }
            desk.simulator.whatsapp.set_templates(all);
            let said = send(wanted(ticket, &["1", "2", code])).await.unwrap();
            desk.pass(Duration::from_secs(10)).await;
            assert_eq!(state(&desk, &said).await, (Delivery::Failed, Some("invalid".into())), "{code}");
            let page = sarah.get(&format!("/tickets/{ticket}")).await.expect(200).seen();
            assert!(page.contains(code), "{code}: {page}");
        }
        assert!(deeds(&desk, "whatsapp").is_empty());
        // An hour later the list is read again.
        desk.simulator.whatsapp.set_templates(Vec::new());
        desk.clock.forward(Duration::from_hours(1));
        listen::turn(&desk.house).await.unwrap();
        let page = sarah.get(&format!("/tickets/{ticket}/approved")).await.expect(200).seen();
        assert!(page.contains("Aucun modèle à envoyer"), "{page}");
        let viewer = desk.agent("Vera", Role::Viewer).await;
        viewer.get(&format!("/tickets/{ticket}/approved")).await.expect(403);
        viewer.post(&format!("/tickets/{ticket}/approved"), &[("name", "suivi_commande"), ("language", "fr")]).await.expect(403);
    }

    async fn a_template_whose_answer_is_lost_is_sent_once(desk) {
        let ticket = late(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let scope = desk.scope(&sarah).await;
        desk.simulator.whatsapp.stage.lose_next("messages");
        let said = approved::send(&desk.house, &scope, wanted(ticket, &["1", "2", "3"])).await.unwrap();
        desk.pass(Duration::from_secs(10)).await;
        desk.pass(Duration::from_hours(1)).await;
        assert_eq!(state(&desk, &said).await.0, Delivery::Delivered, "its status settles it");
        assert_eq!(deeds(&desk, "whatsapp").len(), 1);
    }
}
