//! Two people, one answer.

use guichet::desk::agent::Role;
use guichet::desk::message::Direction;
use guichet::desk::ticket::Ticket;

use crate::on_both;
use crate::support::browser::Browser;
use crate::support::desk::PAGE;
use crate::support::{Desk, Engine};

async fn lea_asks(desk: &Desk) -> Ticket {
    let post = desk.simulator.facebook.publish(PAGE, "La théière est de retour");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Bonjour, elle passe au four ?");
    desk.settle().await;
    desk.ticket().await
}

async fn ours(desk: &Desk, ticket: &Ticket) -> Vec<String> {
    let all = desk.messages(ticket.id).await;
    all.into_iter().filter(|m| m.direction == Direction::Outbound).map(|m| m.text).collect()
}

on_both! {
    /// Plain forms: whoever was slower sees both texts, and decides. Nothing needs a script.
    async fn the_slower_of_two_decides(desk) {
        let lea = lea_asks(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let address = format!("/tickets/{}", lea.id);
        let page = sarah.get(&address).await.expect(200);
        let seen = page.attr("#composer input[name=seen]", "value").unwrap();
        karim.post(&format!("{address}/reply"), &[("text", "Oui, jusqu’à 180 °C."), ("visibility", "public"), ("seen", &seen)]).await.expect(303);
        desk.settle().await;

        let mine = [("text", "Non, hélas."), ("visibility", "public"), ("seen", &seen), ("client_key", "k1")];
        let page = sarah.post(&format!("{address}/reply"), &mine).await.expect(409);
        assert_eq!(page.all("#both [data-theirs]"), ["Oui, jusqu’à 180 °C."]);
        assert_eq!(page.all("#both [data-mine]"), ["Non, hélas."]);
        assert_eq!(page.all("#ed"), ["Non, hélas."], "it may be changed before it goes");
        assert_eq!(ours(&desk, &lea).await, ["Oui, jusqu’à 180 °C."], "nothing of hers has left");

        // A note answers nobody, and is not held up.
        sarah.post(&format!("{address}/reply"), &[("text", "Vu."), ("visibility", "internal"), ("seen", &seen)]).await.expect(303);
        // Having read both she sends hers: the form on the page says so.
        let field = |name: &str| page.attr(&format!("#both input[name={name}]"), "value").unwrap();
        let again = ["text", "visibility", "seen", "client_key"].map(|n| (n, field(n)));
        let again: Vec<(&str, &str)> = again.iter().map(|(n, v)| (*n, v.as_str())).collect();
        sarah.post(&format!("{address}/reply"), &again).await.expect(303);
        assert_eq!(ours(&desk, &lea).await, ["Oui, jusqu’à 180 °C.", "Vu.", "Non, hélas."]);
        // Her own answers never stand in her way.
        desk.settle().await;
        let seen = sarah.get(&address).await.expect(200).attr("#composer input[name=seen]", "value").unwrap();
        for text in ["Pardon :", "si, si."] {
            sarah.post(&format!("{address}/reply"), &[("text", text), ("visibility", "public"), ("seen", &seen)]).await.expect(303);
        }
        // What was taken back does not count.
        let karims = desk.messages(lea.id).await.into_iter().find(|m| m.author_name == "Karim").unwrap();
        karim.post(&format!("/messages/{}/take-back", karims.id), &[]).await.expect(303);
        let late = [("text", "Alors ?"), ("visibility", "public"), ("seen", "0")];
        let page = sarah.post(&format!("{address}/reply"), &late).await.expect(303);
        assert!(page.text.is_empty());
    }

    /// The page's own answer, written at Facebook by whoever or whatever, is an answer too.
    async fn an_answer_from_elsewhere_counts(desk) {
        let lea = lea_asks(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let seen = sarah.get(&format!("/tickets/{}", lea.id)).await.expect(200).attr("input[name=seen]", "value").unwrap();
        let asked = desk.messages(lea.id).await.remove(0).external_id.unwrap();
        desk.simulator.facebook.comment(PAGE, &asked, (PAGE, "Aubépine"), "Oui, elle passe au four.");
        desk.settle().await;
        let mine = [("text", "Je regarde."), ("visibility", "public"), ("seen", &seen[..])];
        let page = sarah.post(&format!("/tickets/{}/reply", lea.id), &mine).await.expect(409);
        assert_eq!(page.all("#both [data-theirs]"), ["Oui, elle passe au four."]);
    }
}

/// UX-7, on two screens: one sees the other write, then see them answer, and is asked before a
/// second answer goes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_answer_at_once_know_of_each_other() {
    let desk = Desk::open(Engine::Sqlite).await;
    let lea = lea_asks(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let karim = desk.agent("Karim", Role::Agent).await;
    let (mut hers, mut his) = (Browser::open().await, Browser::open().await);
    hers.enter(&desk, &sarah, &format!("/tickets/{}", lea.id)).await;
    his.enter(&desk, &karim, "/inbox/todo").await;
    let row = format!("a.q[data-id='{}']", lea.id);
    his.until(&format!("document.querySelector(\"{row} .beside\")?.title === 'Sarah regarde'")).await;
    his.follow(&row).await;
    hers.until("document.querySelector('#presence').textContent.includes('Karim regarde')").await;
    hers.write("#ed", "Non, hélas.").await;
    his.until("document.querySelector('#presence .writing')?.textContent === 'Sarah écrit…'").await;
    his.until(&format!("document.querySelector(\"{row} .typing\")")).await;
    // She stops; it is not said for ever.
    his.until("document.querySelector('#presence').textContent.includes('Sarah regarde')").await;

    his.write("#ed", "Oui, jusqu’à 180 °C.").await;
    his.follow_form("#send").await;
    desk.settle().await;
    hers.until("document.querySelector('#thread').textContent.includes('180 °C')").await;
    assert_eq!(hers.eval("document.querySelector('#ed').value").await, "Non, hélas.");
    hers.follow_form("#send").await;
    hers.until("document.querySelector('#both [data-theirs]').textContent === 'Oui, jusqu’à 180 °C.'").await;
    hers.until("document.querySelector('#both [data-mine]').textContent === 'Non, hélas.'").await;
    assert_eq!(ours(&desk, &lea).await, ["Oui, jusqu’à 180 °C."]);
    hers.follow_form("#drop-mine").await;
    hers.until("document.querySelector('#ed').value === ''").await;
    assert_eq!(ours(&desk, &lea).await, ["Oui, jusqu’à 180 °C."]);
}
