//! The bot in conversation: it asks what it needs, in private only; looks where only the shop knows;
//! and gives the ticket to people, with a note, whenever it cannot go on.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::canned::Mode;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::{Bot, State};
use guichet::flow::{bot, connectors};
use guichet::simulator::shop;
use guichet::simulator::whatsapp::Person;
use guichet::store::messages::Message;

use crate::meta::{account, connected, deeds};
use crate::on_both;
use crate::support::Desk;
use crate::support::desk::PAGE;

const ORDERS: &str = "delivery/order-status";
const ASKED: &str = "où est ma commande ?";

/// A desk whose bot may answer about orders, and asks the shop.
async fn opened(desk: &Desk) {
    let (house, scope) = (&desk.house, Scope::house(desk.brand));
    bot::set_mode(house, &scope, desk.brand, ORDERS, Visibility::Private, Mode::Auto).await.unwrap();
    let address = desk.simulator.api_base("shop/order-status");
    connectors::keep(house, &scope, desk.brand, ("order-status", &address, Some(shop::SECRET))).await.unwrap();
}

async fn writes(desk: &Desk, text: &str) {
    desk.simulator.facebook.message(PAGE, ("1", "Léa"), text);
    desk.settle().await;
    desk.pass(Duration::from_secs(31)).await;
}

async fn notes(desk: &Desk) -> Vec<Message> {
    let mut all = desk.messages(desk.ticket().await.id).await;
    all.retain(|m| m.visibility == Visibility::Internal);
    all
}

on_both! {
    /// Asked in private, answered, looked up once, told; and the explanation tells all of it.
    async fn where_is_my_order(desk) {
        opened(&desk).await;
        writes(&desk, ASKED).await;
        let said = desk.deeds();
        assert!(said.len() == 1 && said[0].contains("numéro de commande"), "{said:?}");
        writes(&desk, "c'est la 204817 merci").await;
        let said = desk.deeds();
        assert!(said.len() == 2 && said[1].contains("204817") && said[1].contains("Colis Bleu"), "{said:?}");
        let asked = desk.simulator.shop.asked();
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0]["slots"]["order"].as_str(), asked[0]["brand"].as_str()), (Some("204817"), Some("aubepine")));
        let ticket = desk.ticket().await;
        assert_eq!((ticket.state, ticket.bot), (State::Waiting, Bot::Active));
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let page = sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200);
        let why = page.all(".m.out .whytext").concat();
        assert!(why.contains("204817") && why.contains("order-status"), "{why}");
        // One conversation a day: the next question about an order is for people.
        desk.pass(Duration::from_mins(30)).await;
        writes(&desk, "où en est ma commande ?").await;
        assert_eq!(desk.deeds().len(), 2, "{:?}", desk.deeds());
    }

    /// The number is not understood twice: a person goes on, and finds what happened.
    async fn it_gives_up_after_two_tries(desk) {
        opened(&desk).await;
        writes(&desk, ASKED).await;
        writes(&desk, "je sais pas, c'est quoi ?").await;
        assert_eq!(desk.deeds().len(), 2, "asked once more: {:?}", desk.deeds());
        writes(&desk, "aucune idée").await;
        assert_eq!(desk.deeds().len(), 2);
        assert_eq!(desk.ticket().await.bot, Bot::HandoffRequested);
        let notes = notes(&desk).await;
        assert_eq!(notes.len(), 1);
        assert!(notes[0].text.contains("Le robot passe la main") && notes[0].text.contains("où est ma commande"), "{}", notes[0].text);
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let page = sarah.get(&format!("/tickets/{}", desk.ticket().await.id)).await.expect(200);
        assert!(page.seen().contains("Le robot passe la main"), "{}", page.seen());
    }

    /// The shop does not answer: the customer is told that a person looks, and the ticket is open.
    async fn a_silent_shop_is_said(desk) {
        opened(&desk).await;
        desk.simulator.shop.close(true);
        writes(&desk, "où est ma commande n°204817 svp").await;
        let said = desk.deeds();
        assert!(said.len() == 1 && said[0].contains("un membre de l’équipe"), "{said:?}");
        let ticket = desk.ticket().await;
        assert_eq!(ticket.state, State::Open);
        assert!(ticket.team_id.is_some());
        let notes = notes(&desk).await;
        assert!(notes[0].text.contains("204817") && notes[0].text.contains("order-status"), "{}", notes[0].text);
        // What comes then is for people.
        writes(&desk, "où est ma commande ?").await;
        assert_eq!(desk.ticket().await.bot, Bot::HandoffRequested);
        assert_eq!(desk.deeds().len(), 1);
    }

    /// A person, a complaint, another question: each ends it; silence does, too, after a day.
    async fn it_lets_itself_be_interrupted(desk) {
        opened(&desk).await;
        for (n, (says, over)) in [("je veux parler à un conseiller", true), ("je vais porter plainte, bande d'escrocs", true)].into_iter().enumerate() {
            let who = format!("{}", 10 + n);
            desk.simulator.facebook.message(PAGE, (&who, "Max"), ASKED);
            desk.settle().await;
            desk.pass(Duration::from_secs(31)).await;
            desk.simulator.facebook.message(PAGE, (&who, "Max"), says);
            desk.settle().await;
            let ticket = desk.tickets().await.into_iter().max_by_key(|t| t.number).unwrap();
            assert_eq!(ticket.bot == Bot::HandoffRequested, over, "{says}");
            let all = desk.messages(ticket.id).await;
            assert_eq!(all.iter().filter(|m| m.visibility == Visibility::Internal).count(), 1, "{says}");
        }
        let before = desk.deeds().len();
        desk.simulator.facebook.message(PAGE, ("20", "Zoé"), ASKED);
        desk.settle().await;
        desk.pass(Duration::from_secs(31)).await;
        desk.pass(Duration::from_hours(25)).await;
        desk.simulator.facebook.message(PAGE, ("20", "Zoé"), "204817");
        desk.settle().await;
        desk.pass(Duration::from_secs(31)).await;
        assert_eq!(desk.deeds().len(), before + 1, "nobody is answered a day later: {:?}", desk.deeds());
    }

    /// Under a post it never asks: it answers in private, and hears the answer there.
    async fn a_public_question_goes_on_in_private(desk) {
        opened(&desk).await;
        let post = desk.simulator.facebook.publish(PAGE, "La boutique vous attend");
        desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), ASKED);
        desk.settle().await;
        desk.pass(Duration::from_secs(31)).await;
        let said = desk.deeds();
        assert!(said.len() == 1 && said[0].starts_with("private_reply") && said[0].contains("numéro de commande"), "{said:?}");
        // What she says for all to see is not heard.
        desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "204817");
        desk.settle().await;
        desk.pass(Duration::from_secs(31)).await;
        assert_eq!(desk.deeds().len(), 1, "{:?}", desk.deeds());
    }

    /// Not sure what is meant, it asks which, and goes on with what is chosen.
    async fn did_you_mean(desk) {
        opened(&desk).await;
        writes(&desk, "bonjour, où est mon colis ? je l'attends toujours, aucune nouvelle").await;
        let said = desk.deeds();
        assert!(said.len() == 1 && said[0].contains("1. Où est ma commande") && said[0].contains("2. Autre chose"), "{said:?}");
        writes(&desk, "1").await;
        assert!(desk.deeds().len() == 2 && desk.deeds()[1].contains("numéro de commande"), "{:?}", desk.deeds());
        writes(&desk, "204817").await;
        assert!(desk.deeds().len() == 3 && desk.deeds()[2].contains("Colis Bleu"), "{:?}", desk.deeds());
    }

    /// The same at WhatsApp, where what one chooses from are buttons.
    async fn did_you_mean_with_buttons(desk) {
        opened(&desk).await;
        connected(&desk, "whatsapp").await;
        let lea = Person::with_number("33612345678", "Léa");
        let ask = "bonjour, où est mon colis ? je l'attends toujours, aucune nouvelle";
        desk.simulator.whatsapp.message_at(account("whatsapp"), &lea, ask, desk.house.now());
        desk.settle().await;
        desk.pass(Duration::from_secs(31)).await;
        let said = deeds(&desk, "whatsapp");
        assert!(said.len() == 1 && said[0].contains("1. Où est ma commande"), "{said:?}");
        let sent = desk.messages(desk.ticket().await.id).await;
        assert!(sent.iter().any(|m| m.delivery == Some(Delivery::Delivered)), "{sent:?}");
    }

    /// A colleague who takes over ends it.
    async fn a_colleague_who_takes_over_ends_it(desk) {
        opened(&desk).await;
        writes(&desk, ASKED).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let ticket = desk.ticket().await;
        sarah.post(&format!("/tickets/{}/assign", ticket.id), &[("assignee", "me")]).await.expect(303);
        writes(&desk, "204817").await;
        assert_eq!(desk.deeds().len(), 1, "{:?}", desk.deeds());
        assert!(notes(&desk).await.is_empty(), "they know what they do");
    }

    /// A colleague who answers ends it, too, and finds no note of what they have read.
    async fn a_colleague_who_answers_ends_it(desk) {
        opened(&desk).await;
        writes(&desk, ASKED).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let ticket = desk.ticket().await;
        let written = [("text", "Bonjour Léa, je regarde."), ("visibility", "private"), ("client_key", "a"), ("base", "")];
        sarah.post(&format!("/tickets/{}/reply", ticket.id), &written).await.expect(303);
        desk.pass(Duration::from_secs(31)).await;
        writes(&desk, "204817").await;
        assert_eq!(desk.deeds().len(), 2, "the question and Sarah: {:?}", desk.deeds());
        assert!(notes(&desk).await.is_empty());
    }
}
