//! A morning at the counter, in a real browser on both databases: what arrives moves nothing, the bot's
//! answer says why, a canned reply is filled in, sent, taken back and sent again by keyboard, a
//! colleague's answer stops ours, what was begun survives, and all of it works without scripts. At the
//! end the network has seen exactly what was meant.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::canned::Mode;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::{State, Ticket};
use guichet::flow::{bot, facts, library};
use serde_json::json;

use crate::on_both;
use crate::support::Desk;
use crate::support::browser::Browser;
use crate::support::desk::{PAGE, PASSWORD};

const PARCEL: &str = "+++\nid = \"colis\"\ntitle = { fr = \"Départ du colis\", en = \"Parcel leaves\" }\nshortcut = \"zzcolis\"\n+++\n## fr\n### answer\nBonjour {{ contact.first_name | default(\"\") }}, votre colis part le {{ date }}.\n## en\n### answer\nYour parcel leaves on {{ date }}.\n";
const EDITOR: &str = "document.getElementById('ed').value";

/// What a shop has set up before it opens.
async fn set_up(desk: &Desk) {
    let scope = Scope::house(desk.brand);
    let stated = [("opening_hours".to_owned(), "du lundi au vendredi, 9 h à 18 h".to_owned())];
    facts::state(&desk.house, &scope, desk.brand, &stated).await.unwrap();
    let hours = "hours/opening-hours";
    bot::set_mode(&desk.house, &scope, desk.brand, hours, Visibility::Private, Mode::Auto).await.unwrap();
    library::import(&desk.house, desk.brand, &[("test/colis.md".to_owned(), PARCEL.to_owned())]).await.unwrap();
}

async fn of(desk: &Desk, name: &str) -> Ticket {
    let mut named = desk.tickets().await.into_iter().filter(|t| t.excerpt.contains(name));
    named.next_back().unwrap()
}

on_both! {
    async fn a_morning(desk) {
        set_up(&desk).await;
        let (sarah, karim) = (desk.agent("Sarah", Role::Agent).await, desk.agent("Karim", Role::Agent).await);
        let post = desk.simulator.facebook.publish(PAGE, "La théière est de retour");
        desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Bonjour, mon colis part quand ? Léa");
        desk.settle().await;

        // She signs in; a comment arrives while the pointer rests on a row: the row stays.
        let mut browser = Browser::open().await;
        browser.go(&format!("{}/login?lang=fr", desk.base)).await;
        browser.write("#email", &sarah.email).await;
        browser.write("#password", PASSWORD).await;
        browser.press_and_go("Enter").await;
        browser.go(&format!("{}/inbox/todo", desk.base)).await;
        let lea = of(&desk, "Léa").await;
        let row = format!("document.querySelector('a.q[data-id=\"{}\"]')", lea.id);
        let at = browser.eval(&format!("(() => {{ const b = {row}.getBoundingClientRect(); return [b.x + 90, b.y + 20] }})()")).await;
        browser.ask("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": at[0], "y": at[1]})).await;
        let under = format!("document.elementFromPoint({}, {}).closest('[data-id]').dataset.id", at[0], at[1]);
        desk.clock.forward(Duration::from_secs(60));
        desk.simulator.facebook.comment(PAGE, &post, ("2", "Paul"), "Elle passe au four ? Paul");
        desk.settle().await;
        browser.until("!document.querySelector('#newbar').hidden").await;
        assert_eq!(browser.eval(&under).await, lea.id.to_string());

        // Zoé asks what the bot knows: its answer stands there, with its reason.
        desk.simulator.facebook.message(PAGE, ("3", "Zoé"), "Bonjour, quels sont vos horaires ?");
        desk.settle().await;
        desk.pass(Duration::from_secs(31)).await;
        let zoe = of(&desk, "horaires").await;
        browser.go(&format!("{}/tickets/{}", desk.base, zoe.id)).await;
        browser.sees("du lundi au vendredi").await;
        browser.click(".m.out .whybox summary").await;
        browser.sees("La fiche la plus proche est").await;

        // A canned reply for Léa, in private, all by keyboard.
        browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
        browser.press("p").await;
        browser.until("document.activeElement.id === 'ed' && document.getElementById('mode-private').checked").await;
        browser.type_out("/zzcolis").await;
        browser.until("document.querySelector('.picker [aria-selected=true]')").await;
        browser.press("Enter").await;
        browser.until(&format!("{EDITOR}.startsWith('Bonjour Léa, votre colis part le')")).await;
        browser.ask("Input.insertText", json!({"text": "12 mars"})).await;
        browser.press_and_go("Ctrl+Enter").await;
        browser.until("document.querySelector('.toast.open form')").await;
        browser.press("Escape").await;
        browser.press_and_go("z").await;
        browser.until(&format!("{EDITOR} === 'Bonjour Léa, votre colis part le 12 mars.'")).await;
        desk.pass(Duration::from_secs(30)).await;
        assert_eq!(desk.deeds().len(), 1, "only the bot has spoken: {:?}", desk.deeds());
        browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
        browser.press("p").await;
        browser.until("document.activeElement.id === 'ed' && document.getElementById('mode-private').checked").await;
        browser.press_and_go("Ctrl+Shift+Enter").await;
        desk.pass(Duration::from_secs(30)).await;
        assert_eq!(desk.again(lea.id).await.state, State::Resolved);

        // Karim answers Paul while Sarah writes: she is told, then refused, with both texts before her.
        let paul = of(&desk, "Paul").await;
        browser.go(&format!("{}/tickets/{}", desk.base, paul.id)).await;
        browser.press("r").await;
        browser.until("document.activeElement.id === 'ed'").await;
        browser.type_out("Oui, au four.").await;
        let his = [("text", "Oui, jusqu’à 220 degrés."), ("visibility", "public"), ("client_key", "k")];
        karim.post(&format!("/tickets/{}/reply", paul.id), &his).await.expect(303);
        desk.settle().await;
        browser.sees("Oui, jusqu’à 220 degrés.").await;
        browser.press("Ctrl+Enter").await;
        browser.until("document.querySelector('#both [data-theirs]').textContent.includes('220')").await;
        browser.until("document.querySelector('#both [data-mine]').textContent === 'Oui, au four.'").await;
        desk.pass(Duration::from_secs(30)).await;

        // The tab dies with a word begun; it is there again.
        desk.simulator.facebook.comment(PAGE, &post, ("4", "Max"), "Elle existe en bleu ? Max");
        desk.settle().await;
        let max = of(&desk, "Max").await;
        let page = format!("{}/tickets/{}", desk.base, max.id);
        browser.go(&page).await;
        browser.press("r").await;
        browser.until("document.activeElement.id === 'ed'").await;
        browser.type_out("En bleu").await;
        browser.crash_tab().await;
        browser.go(&page).await;
        browser.until(&format!("{EDITOR} === 'En bleu'")).await;

        // The same counter without scripts.
        browser.without_scripts().await;
        browser.go(&page).await;
        browser.write("#ed", " et en vert.").await;
        browser.follow("#send").await;
        desk.pass(Duration::from_secs(30)).await;

        let deeds = desk.deeds();
        let meant = ["message: Bonjour, nos horaires", "private_reply: Bonjour Léa, votre colis part le 12 mars.", "comment: Oui, jusqu’à 220 degrés.", "comment: En bleu et en vert."];
        assert_eq!(deeds.len(), meant.len(), "{deeds:?}");
        assert!(deeds.iter().zip(meant).all(|(deed, meant)| deed.starts_with(meant)), "{deeds:?}");
    }
}
