//! At the counter: triage by keyboard, undoing it, drafts that survive, and what must not be said in
//! public. With a real browser where keys and letters matter, without scripts where it works too.

use std::time::Duration;

use guichet::base::id::{AgentId, TicketId};
use guichet::desk::agent::Role;
use guichet::desk::message::{Direction, Visibility};
use guichet::desk::stage::Stage;
use guichet::desk::ticket::{Priority, State, Ticket};
use guichet::flow::people;
use guichet::store::drafts::{self, Draft};
use guichet::store::{events, teams};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::browser::Browser;
use crate::support::desk::{PAGE, PASSWORD};
use crate::support::{Desk, Engine, Visitor};

/// Three people ask something under a post.
async fn three_questions(desk: &Desk) -> Vec<Ticket> {
    let post = desk.simulator.facebook.publish(PAGE, "La théière est de retour");
    for (id, name, text) in [
        ("1", "Léa", "Bonjour, elle passe au four ?"),
        ("2", "Paul", "Et au lave-vaisselle ?"),
        ("3", "Zoé", "Elle existe en bleu ?"),
    ] {
        desk.simulator.facebook.comment(PAGE, &post, (id, name), text);
        desk.clock.forward(Duration::from_secs(60));
    }
    desk.settle().await;
    let mut all = desk.tickets().await;
    all.sort_by_key(|t| t.last_message_at);
    all
}

async fn browser_of(desk: &Desk, who: &Visitor) -> Browser {
    let mut browser = Browser::open().await;
    browser.sign_in(&desk.base, &who.token).await;
    browser
}

async fn me(desk: &Desk, who: &Visitor) -> AgentId {
    desk.scope(who).await.who().unwrap()
}

async fn drafts_of(desk: &Desk, who: &Visitor, ticket: TicketId) -> Vec<Draft> {
    let agent = me(desk, who).await;
    let mut tx = desk.house.db.read().await.unwrap();
    drafts::of_ticket(&mut tx, desk.brand, ticket, agent).await.unwrap()
}

/// Waits until the server has a draft of these words, with a deadline.
async fn kept(desk: &Desk, who: &Visitor, ticket: TicketId, mode: Visibility, text: &str) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        let all = drafts_of(desk, who, ticket).await;
        if all.iter().any(|d| d.mode == mode && d.text == text) {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "the server has {all:?}");
        tokio::task::yield_now().await;
    }
}

/// Waits until the server has no draft, with a deadline.
async fn no_draft(desk: &Desk, who: &Visitor, ticket: TicketId) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while !drafts_of(desk, who, ticket).await.is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "there is still a draft");
        tokio::task::yield_now().await;
    }
}

fn is_open(ticket: &Ticket) -> String {
    format!("document.querySelector('[data-open]')?.dataset.open === '{}'", ticket.id)
}

const EDITOR: &str = "document.getElementById('ed').value";

/// UX-9, UX-10, UX-4: choosing, opening, taking, staging, resolving, undoing, putting aside, without
/// a mouse; digits by where they stand, letters by what they are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_triage_by_keyboard_alone() {
    let desk = Desk::open(Engine::Sqlite).await;
    let all = three_questions(&desk).await;
    let (lea, paul, zoe) = (&all[0], &all[1], &all[2]);
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = browser_of(&desk, &sarah).await;
    browser.go(&format!("{}/inbox/todo", desk.base)).await;

    // Down, down, up; the arrows too. Opening puts the focus into the conversation.
    for key in ["j", "j", "k", "ArrowDown", "ArrowUp"] {
        browser.press(key).await;
    }
    browser.until(&format!("document.activeElement.dataset.id === '{}'", lea.id)).await;
    browser.press_and_go("o").await;
    browser.until(&is_open(lea)).await;
    browser.until("document.activeElement.id === 'thread'").await;

    // To me; customer, on a French keyboard where the 4 is an apostrophe.
    browser.press_and_go("m").await;
    browser.sees("Assignée").await;
    assert_eq!(desk.again(lea.id).await.assignee_id, Some(me(&desk, &sarah).await));
    browser.press("s").await;
    browser.until("document.querySelector('details[open] [data-digit]')").await;
    browser.press_and_go("'@Digit4").await;
    assert_eq!(desk.again(lea.id).await.stage, Stage::Customer);

    // Resolved; the next one opens, and says what was done.
    browser.press_and_go("e").await;
    browser.until(&is_open(paul)).await;
    browser.sees("Résolue").await;
    assert_eq!(desk.again(lea.id).await.state, State::Resolved);
    // One more page further the way back is still there, and it is one key.
    browser.press("j").await;
    browser.press_and_go("o").await;
    browser.until(&is_open(zoe)).await;
    browser.until("document.querySelector('.toast.open form')").await;
    browser.press_and_go("z").await;
    browser.until(&is_open(lea)).await;
    browser.sees("Annulé").await;
    assert_eq!(desk.again(lea.id).await.state, State::Open);

    // Put aside, in words.
    browser.press("h").await;
    browser.until("document.activeElement.id === 'until'").await;
    browser.type_out("demain 9h").await;
    browser.press_and_go("Enter").await;
    browser.sees("Mise en veille").await;
    assert_eq!(desk.again(lea.id).await.state, State::Snoozed);

    // On a row that is not open, a command opens it and is done there.
    browser.go(&format!("{}/inbox/todo", desk.base)).await;
    browser.press("j").await;
    browser.until(&format!("document.activeElement.dataset.id === '{}'", paul.id)).await;
    browser.press("m").await;
    browser.sees("Assignée").await;
    assert_eq!(desk.again(paul.id).await.assignee_id, Some(me(&desk, &sarah).await));

    // Escalating is a page; the rest of the map.
    browser.press_and_go("t").await;
    browser.until("location.pathname.endsWith('/escalate')").await;
    browser.press("g").await;
    browser.press_and_go("c").await;
    browser.until("location.pathname === '/contacts'").await;
    browser.press("g").await;
    browser.press_and_go("i").await;
    browser.press("Shift+?").await;
    browser.until("document.getElementById('keys-sheet').open").await;
    browser.press("Escape").await;
    browser.until("!document.getElementById('keys-sheet').open").await;
    browser.press("j").await;
    browser.press_and_go("o").await;
    for (key, there) in [
        ("a", "document.querySelector('details[open]').contains(document.activeElement)"),
        ("Escape", "!document.querySelector('details.menu[open]')"),
        ("l", "document.activeElement.id === 'labels'"),
        ("Escape", "document.activeElement.id === 'thread'"),
        ("Shift+/", "document.activeElement.name === 'q'"),
        ("Escape", "document.activeElement.id === 'thread'"),
        ("F6", "document.activeElement.id === 'ed'"),
        ("Shift+F6", "document.activeElement.id === 'thread'"),
        ("r", "document.activeElement.id === 'ed' && document.getElementById('mode-public').checked"),
        ("Escape", "document.activeElement.id === 'thread'"),
        ("c", "document.activeElement.id === 'ed' && document.getElementById('mode-internal').checked"),
        ("Escape", "document.activeElement.id === 'thread'"),
        ("p", "document.activeElement.id === 'ed' && document.getElementById('mode-private').checked"),
        ("Escape", "document.activeElement.id === 'thread'"),
        ("Escape", "document.activeElement.matches('a.q[aria-current=true]')"),
    ] {
        browser.press(key).await;
        browser.until(there).await;
    }
}

/// UX-3: what is written is written. No letter in the editor is a command, nor while a word is being
/// composed, nor with a modifier, nor right after the focus left by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_in_the_composer_are_letters() {
    const EVERY: &str = "ejkmhsatlzrpcnog?/ E Résolue, 12345 &é";
    let desk = Desk::open(Engine::Sqlite).await;
    let lea = three_questions(&desk).await.remove(0);
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = browser_of(&desk, &sarah).await;
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    browser.press("c").await;
    browser.type_out(EVERY).await;
    assert_eq!(browser.eval(EDITOR).await, EVERY);
    // In the middle too, and the caret stays where it was.
    browser.eval("document.getElementById('ed').setSelectionRange(3, 3)").await;
    browser.type_out("ezm").await;
    assert_eq!(browser.eval("document.getElementById('ed').selectionStart").await, 6);
    kept(&desk, &sarah, lea.id, Visibility::Internal, &format!("ejk{}{}", "ezm", &EVERY[3..])).await;
    browser.until(&is_open(&lea)).await;
    assert!(browser.eval("!document.querySelector('details.menu[open], dialog[open]')").await.as_bool().unwrap());

    // Outside the editor: with a modifier, while composing, or just after a script took the focus away.
    let heard = |how: &str| {
        format!(
            "window.dispatchEvent(new KeyboardEvent('keydown', {{key: 'e', code: 'KeyE', bubbles: true, cancelable: true, {how}}}))"
        )
    };
    browser.press("Escape").await;
    browser.until("document.activeElement.id === 'thread'").await;
    for how in ["ctrlKey: true", "metaKey: true", "altKey: true", "shiftKey: true", "isComposing: true"] {
        assert_eq!(browser.eval(&heard(how)).await, true, "with {how} the key is left alone");
    }
    browser.click("#ed").await;
    let took = format!("(() => {{ document.getElementById('ed').blur(); return {} }})()", heard(""));
    assert_eq!(browser.eval(&took).await, true, "the focus left by itself: the letter is not a command");
    let now = desk.again(lea.id).await;
    assert_eq!((now.state, now.assignee_id, now.stage), (lea.state, lea.assignee_id, lea.stage));

    // The same letter, when nothing speaks against it, is one.
    browser.press("Escape").await;
    browser.click("#thread").await;
    browser.press_and_go("e").await;
    assert_eq!(desk.again(lea.id).await.state, State::Resolved);

    // Whoever wants no letters as commands says so.
    sarah.post("/settings/me", &[("keys", "off")]).await.expect(303);
    let paul = desk.tickets().await.into_iter().find(|t| t.id != lea.id).unwrap();
    browser.go(&format!("{}/tickets/{}", desk.base, paul.id)).await;
    assert_eq!(browser.eval(&heard("")).await, true);
    assert_eq!(desk.again(paul.id).await.state, paul.state);
}

/// UX-8, first half: what was written before the browser died is there in another one; what the
/// server never got is there in another tab.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_survives_the_browser() {
    let desk = Desk::open(Engine::Sqlite).await;
    let lea = three_questions(&desk).await.remove(0);
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let page = format!("{}/tickets/{}", desk.base, lea.id);
    let mut browser = browser_of(&desk, &sarah).await;
    browser.go(&page).await;
    browser.write("#ed", "Oui, jusqu’à 220 °C.\nEt sans").await;
    kept(&desk, &sarah, lea.id, Visibility::Public, "Oui, jusqu’à 220 °C.\nEt sans").await;
    browser.kill();

    let mut browser = browser_of(&desk, &sarah).await;
    browser.go(&page).await;
    assert_eq!(browser.eval(EDITOR).await, "Oui, jusqu’à 220 °C.\nEt sans");
    // The server is out of reach for drafts; the tab dies in the middle of a word.
    browser.ask("Network.enable", json!({})).await;
    browser.ask("Network.setBlockedURLs", json!({"urls": ["*/draft"]})).await;
    browser.press("r").await;
    browser.press("Ctrl+End").await;
    browser.eval("document.getElementById('ed').setSelectionRange(999, 999)").await;
    browser.type_out(" le couv").await;
    browser.crash_tab().await;
    browser.go(&page).await;
    assert_eq!(browser.eval(EDITOR).await, "Oui, jusqu’à 220 °C.\nEt sans le couv");
    kept(&desk, &sarah, lea.id, Visibility::Public, "Oui, jusqu’à 220 °C.\nEt sans le couv").await;
    browser.until("!Object.keys(localStorage).some((k) => k.startsWith('guichet.draft'))").await;
}

/// UX-8, second half: switching, ways to answer, a session that ends, sending.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_stays_where_it_was_begun() {
    let desk = Desk::open(Engine::Sqlite).await;
    let all = three_questions(&desk).await;
    let (lea, paul) = (&all[0], &all[1]);
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = browser_of(&desk, &sarah).await;
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    // Straight to the next ticket, before the server was told: nothing of it is there.
    browser.write("#ed", "Oui, au four").await;
    browser.follow(&format!("a.q[data-id='{}']", paul.id)).await;
    assert_eq!(browser.eval(EDITOR).await, "");
    kept(&desk, &sarah, lea.id, Visibility::Public, "Oui, au four").await;
    browser.write("#ed", "Non, à la main").await;
    browser.follow(&format!("a.q[data-id='{}']", lea.id)).await;
    assert_eq!(browser.eval(EDITOR).await, "Oui, au four");
    kept(&desk, &sarah, paul.id, Visibility::Public, "Non, à la main").await;
    browser.go(&format!("{}/inbox/todo", desk.base)).await;
    browser
        .until(&format!("document.querySelector('a.q[data-id=\"{}\"]').innerText.includes('Brouillon')", lea.id))
        .await;

    // A note is another draft; it never becomes a reply, nor a reply a note.
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    browser.click("label[for=mode-internal]").await;
    browser.until("document.getElementById('ed').value === ''").await;
    browser.write("#ed", "Cliente de toujours").await;
    browser.click("label[for=mode-private]").await;
    browser.until("document.getElementById('ed').value === ''").await;
    browser.click("label[for=mode-public]").await;
    browser.until("document.getElementById('ed').value === 'Oui, au four'").await;
    kept(&desk, &sarah, lea.id, Visibility::Internal, "Cliente de toujours").await;

    // The session ends in the middle of a word; whoever comes back goes on with it.
    desk.clock.forward(people::IDLE + Duration::from_secs(1));
    browser.write("#ed", " et au micro-ondes").await;
    browser.sees("Brouillon gardé sur cet appareil").await;
    let written = browser.eval(EDITOR).await;
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    browser.until("location.pathname === '/login'").await;
    browser.write("#email", &sarah.email).await;
    browser.write("#password", PASSWORD).await;
    browser.follow("form[action^='/login'] button").await;
    browser.until(&is_open(lea)).await;
    assert_eq!(browser.eval(EDITOR).await, written);
    kept(&desk, &sarah, lea.id, Visibility::Public, written.as_str().unwrap()).await;

    // Sent, it is a draft no more: not here, not at the server, not after a reload.
    browser.press("r").await;
    browser.press_and_go("Ctrl+Enter").await;
    browser.sees("Envoi dans un instant").await;
    browser.until("document.querySelector('#ed').value === 'Cliente de toujours'").await;
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    let left = drafts_of(&desk, &sarah, lea.id).await;
    assert_eq!(left.iter().map(|d| d.mode).collect::<Vec<_>>(), [Visibility::Internal]);
    assert_eq!(browser.eval("Object.keys(localStorage).length").await, 0);
    // Taken back within its time, it is one again.
    browser.until("document.querySelector('[data-left]')?.textContent.endsWith(' s')").await;
    browser.follow("form[action*='/take-back'] button").await;
    browser.until(&format!("{EDITOR} === {written}")).await;
}

/// Two devices: the newer words stand, the older are kept and can be brought back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_device_loses_nothing() {
    let desk = Desk::open(Engine::Sqlite).await;
    let lea = three_questions(&desk).await.remove(0);
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let page = format!("{}/tickets/{}", desk.base, lea.id);
    let mut desktop = browser_of(&desk, &sarah).await;
    let mut phone = browser_of(&desk, &sarah).await;
    desktop.go(&page).await;
    phone.size(390, 800).await;
    phone.go(&page).await;
    desktop.write("#ed", "Au bureau").await;
    kept(&desk, &sarah, lea.id, Visibility::Public, "Au bureau").await;
    phone.write("#ed", "Dans le train").await;
    kept(&desk, &sarah, lea.id, Visibility::Public, "Dans le train").await;
    phone.sees("Version précédente").await;
    desktop.go(&page).await;
    assert_eq!(desktop.eval(EDITOR).await, "Dans le train");
    desktop.follow("[name=bring_back]").await;
    assert_eq!(desktop.eval(EDITOR).await, "Au bureau");
    let draft = drafts_of(&desk, &sarah, lea.id).await.remove(0);
    assert_eq!((draft.text.as_str(), draft.previous.as_deref()), ("Au bureau", Some("Dans le train")));
}

/// UX-6: somebody's personal data in public is stopped, and one key makes it private.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn personal_data_goes_private_with_one_key() {
    const WORDS: &str = "Votre commande AB-48213 est partie.";
    let desk = Desk::open(Engine::Sqlite).await;
    let lea = three_questions(&desk).await.remove(0);
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = browser_of(&desk, &sarah).await;
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    browser.press("r").await;
    browser.ask("Input.insertText", json!({"text": WORDS})).await;
    browser.press_and_go("Ctrl+Enter").await;
    browser.sees("AB-48213) : passez en privé").await;
    assert!(!browser.eval("!!document.querySelector('[name=anyway]')").await.as_bool().unwrap(), "not for agents");
    // Letters rest for a moment after a sending by keyboard: the key is pressed until it is heard.
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while browser.eval("document.getElementById('mode-private').checked").await != Value::Bool(true) {
        assert!(tokio::time::Instant::now() < deadline);
        browser.press("p").await;
    }
    assert_eq!(browser.eval(EDITOR).await, WORDS);
    browser.press_and_go("Ctrl+Enter").await;
    let sent = desk.messages(lea.id).await.into_iter().find(|m| m.direction == Direction::Outbound).unwrap();
    assert_eq!((sent.visibility, sent.text.as_str()), (Visibility::Private, WORDS));
    no_draft(&desk, &sarah, lea.id).await;
    desk.pass(Duration::from_secs(11)).await;
    assert_eq!(desk.deeds(), [format!("private_reply: {WORDS}")]);
}

/// Over the network's limit: counted its way, said before sending, and not sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_long_is_said_before_it_is_sent() {
    let desk = Desk::open(Engine::Sqlite).await;
    let lea = three_questions(&desk).await.remove(0);
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = browser_of(&desk, &sarah).await;
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    browser.press("r").await;
    browser.ask("Input.insertText", json!({"text": "é".repeat(7_900)})).await;
    browser.until("document.querySelector('#count.near')").await;
    browser.ask("Input.insertText", json!({"text": "é".repeat(101)})).await;
    browser.until("document.querySelector('#count.over').innerText.includes('8\u{202f}001')").await;
    browser.sees("trop long pour ce réseau (8001 / 8000)").await;
    browser.until("document.getElementById('send').getAttribute('aria-disabled') === 'true'").await;
    browser.eval("window.__here = true").await;
    browser.press("Ctrl+Enter").await;
    browser.press("Ctrl+Shift+Enter").await;
    browser.press("Backspace").await;
    browser.until("window.__here && !document.querySelector('#count.over')").await;
    assert_eq!(desk.messages(lea.id).await.len(), 1);
}

/// Presses the button of a form of the page a visitor was led to, as a browser without scripts does.
async fn undo(who: &Visitor, page: &str) -> crate::support::visitor::Answer {
    let shown = who.get(page).await.expect(200);
    let action =
        shown.attr("#said form", "action").unwrap_or_else(|| panic!("no way back on {page}: {}", shown.seen()));
    let field = shown.attr("#said form input", "name").zip(shown.attr("#said form input", "value"));
    let fields: Vec<(&str, &str)> = field.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    who.post(&action, &fields).await
}

on_both! {
    /// UX-4: whatever is done to a ticket, the page that follows undoes it, and the ticket is what
    /// it was.
    async fn every_act_of_triage_can_be_undone(desk) {
        let lea = three_questions(&desk).await.remove(0);
        let sarah = desk.agent("Sarah", Role::Lead).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let karims = me(&desk, &karim).await.to_string();
        let mut tx = desk.house.db.read().await.unwrap();
        let sales = teams::by_slug(&mut tx, desk.brand, "sales").await.unwrap().id.to_string();
        drop(tx);
        // From new, and from a ticket somebody has worked on.
        for round in ["new", "worked on"] {
            if round == "worked on" {
                for (form, field) in [("assign", ("assignee", "me")), ("stage", ("stage", "advocate")), ("labels", ("labels", "four")), ("priority", ("priority", "high"))] {
                    sarah.post(&format!("/tickets/{}/{form}", lea.id), &[field]).await.expect(303);
                }
            }
            let acts: [(&str, &[(&str, &str)]); 12] = [
                ("state", &[("state", "resolved")]),
                ("state", &[("state", "waiting")]),
                ("state", &[("state", "snoozed"), ("until", "demain 9h")]),
                ("assign", &[("assignee", &karims)]),
                ("assign", &[("assignee", &karims), ("team", &sales)]),
                ("assign", &[("team", &sales)]),
                ("stage", &[("stage", "hot_prospect")]),
                ("stage", &[("stage", "customer")]),
                ("labels", &[("labels", "cadeau, vip")]),
                ("priority", &[("priority", "urgent")]),
                ("escalate", &[("team", &sales), ("reason", "veut un lot"), ("summary", "six")]),
                ("state", &[("state", "open")]),
            ];
            for (form, fields) in acts {
                let before = desk.again(lea.id).await;
                let answer = sarah.post(&format!("/tickets/{}/{form}?in=open", lea.id), fields).await.expect(303);
                let after = desk.again(lea.id).await;
                if format!("{before:?}") == format!("{after:?}") {
                    assert_eq!((form, round), ("state", "worked on"), "{fields:?} changed nothing");
                    continue;
                }
                let undone = undo(&sarah, answer.location()).await.expect(303);
                assert!(undone.location().starts_with(&format!("/tickets/{}?in=open", lea.id)), "{}", undone.location());
                assert_eq!(format!("{:#?}", desk.again(lea.id).await), format!("{before:#?}"), "{round}: {form} {fields:?}");
                assert_eq!(undo(&sarah, answer.location()).await.status, 422, "once");
                let seen = sarah.get(undone.location()).await.seen();
                assert!(seen.contains("Annulé") && seen.contains("Sarah a annulé son dernier geste"), "{seen}");
            }
        }
        // Not somebody else's, and not over what happened since.
        let answer = sarah.post(&format!("/tickets/{}/stage", lea.id), &[("stage", "customer")]).await.expect(303);
        assert_eq!(undo(&karim, answer.location()).await.status, 404);
        karim.post(&format!("/tickets/{}/stage", lea.id), &[("stage", "awareness")]).await.expect(303);
        assert_eq!(undo(&sarah, answer.location()).await.status, 422);
        assert_eq!(desk.again(lea.id).await.stage, Stage::Awareness);
        // The customer writes after it was resolved: there is nothing left to undo.
        let answer = sarah.post(&format!("/tickets/{}/state", lea.id), &[("state", "resolved")]).await.expect(303);
        let thread = desk.messages(lea.id).await[0].external_id.clone().unwrap();
        desk.simulator.facebook.comment(PAGE, &thread, ("1", "Léa"), "Et au gril ?");
        desk.settle().await;
        assert_eq!(undo(&sarah, answer.location()).await.status, 422);
        assert_eq!(desk.again(lea.id).await.priority, Priority::High);
    }

    /// What the network was asked for is taken back there too.
    async fn moderation_and_replies_can_be_undone(desk) {
        let lea = three_questions(&desk).await.remove(0);
        let sarah = desk.agent("Sarah", Role::Community).await;
        let message = desk.messages(lea.id).await[0].clone();
        for (act, inverse) in [("hide", "unhide"), ("like", "unlike")] {
            let answer = sarah.post(&format!("/messages/{}/moderate", message.id), &[("action", act)]).await.expect(303);
            desk.settle().await;
            undo(&sarah, answer.location()).await.expect(303);
            desk.settle().await;
            let deeds = desk.deeds();
            assert_eq!(deeds.iter().rev().take(2).map(|d| d.trim_end_matches(": ")).collect::<Vec<_>>(), [inverse, act]);
        }
        let now = desk.messages(lea.id).await[0].clone();
        assert_eq!((now.hidden_at, now.liked_at), (None, None));
        // Deleting cannot be undone, and nothing says it could.
        let answer = sarah.post(&format!("/messages/{}/moderate", message.id), &[("action", "delete")]).await.expect(303);
        assert!(sarah.get(answer.location()).await.attr("#said form", "action").is_none());

        // A reply, and a reply that resolved: taken back while it is held; the words are a draft again.
        let paul = desk.tickets().await.into_iter().find(|t| t.id != lea.id).unwrap();
        for fields in [&[][..], &[("resolve", "1")][..]] {
            let mut all = vec![("text", "À la main"), ("visibility", "public")];
            all.extend_from_slice(fields);
            let answer = sarah.post(&format!("/tickets/{}/reply", paul.id), &all).await.expect(303);
            assert_eq!(drafts_of(&desk, &sarah, paul.id).await, []);
            let back = undo(&sarah, answer.location()).await.expect(303);
            let page = sarah.get(back.location()).await.expect(200);
            assert_eq!(page.all("#ed"), ["À la main"]);
            assert_eq!(desk.again(paul.id).await.state, State::Open);
        }
        desk.pass(Duration::from_secs(60)).await;
        assert!(desk.deeds().iter().all(|d| !d.contains("main")), "{:?}", desk.deeds());
    }

    /// Resolving a private sequel resolves what it came from; undoing it brings both back.
    async fn what_was_resolved_together_comes_back_together(desk) {
        let lea = three_questions(&desk).await.remove(0);
        let sarah = desk.agent("Sarah", Role::Agent).await;
        sarah.post(&format!("/tickets/{}/reply", lea.id), &[("text", "Je vous écris"), ("visibility", "private")]).await.expect(303);
        desk.pass(Duration::from_secs(6)).await;
        desk.simulator.facebook.message(PAGE, (&guichet::simulator::facebook::psid_of("1"), "Léa"), "Merci, oui");
        desk.settle().await;
        let sequel = desk.tickets().await.into_iter().find(|t| t.continues == Some(lea.id)).unwrap();
        let answer = sarah.post(&format!("/tickets/{}/state", sequel.id), &[("state", "resolved")]).await.expect(303);
        assert_eq!(desk.again(lea.id).await.state, State::Resolved);
        undo(&sarah, answer.location()).await.expect(303);
        assert_eq!((desk.again(sequel.id).await.state, desk.again(lea.id).await.state), (State::Open, State::Waiting));
    }

    /// UX-6 without scripts: stopped with the reason, made private by hand, published by who may,
    /// and that is in the log without the data.
    async fn personal_data_in_public_is_stopped(desk) {
        let lea = three_questions(&desk).await.remove(0);
        let agent = desk.agent("Sarah", Role::Agent).await;
        let lead = desk.agent("Élodie", Role::Lead).await;
        let reply = format!("/tickets/{}/reply", lea.id);
        for text in ["Écrivez à camille@exemple.fr", "au 06 12 34 56 78", "commande AB-48213", "FR76 3000 6000 0112 3456 7890 189", "12 rue des Lilas, 69003 Lyon"] {
            let page = agent.post(&reply, &[("text", text), ("visibility", "public")]).await.expect(422);
            assert!(page.all("[role=alert]").concat().contains("passez en privé"), "{}", page.seen());
            assert!(page.text.contains("for=\"mode-private\"") && page.all("#ed")[0].contains(text));
            assert!(page.all("[name=anyway]").is_empty());
            assert_eq!(agent.post(&reply, &[("text", text), ("visibility", "public"), ("anyway", "1")]).await.status, 403);
        }
        // Colleagues read it, and the customer in private.
        agent.post(&reply, &[("text", "commande AB-48213"), ("visibility", "internal")]).await.expect(303);
        agent.post(&reply, &[("text", "commande AB-48213"), ("visibility", "private")]).await.expect(303);
        // Programs are stopped alike.
        let program = desk.program(&lead, &["read", "write"]).await;
        let body = json!({"text": "commande AB-48213", "visibility": "public"});
        let told = program.post(&format!("/tickets/{}/replies", lea.id), body).await.expect(422).json();
        assert_eq!(told["type"], "urn:guichet:problem:personal-data");

        let page = lead.post(&reply, &[("text", "commande AB-48213 !"), ("visibility", "public")]).await.expect(422);
        assert_eq!(page.all("[name=anyway]"), ["Publier quand même"]);
        let answer = lead.post(&reply, &[("text", "commande AB-48213 !"), ("visibility", "public"), ("anyway", "1")]).await.expect(303);
        let seen = lead.get(answer.location()).await.seen();
        assert!(seen.contains("Élodie a publié malgré une alerte : numéro de commande"), "{seen}");
        let mut tx = desk.house.db.read().await.unwrap();
        let log = events::of_ticket(&mut tx, desk.brand, lea.id).await.unwrap();
        let exposed: Vec<_> = log.iter().filter(|e| e.kind.as_str() == "exposed").collect();
        assert_eq!(exposed.len(), 1);
        assert_eq!(exposed[0].data, json!({"kinds": ["order"]}));
        assert!(log.iter().all(|e| !e.data.to_string().contains("48213")), "the log keeps no such data");
    }

    /// UX-8 at the server: one draft for each ticket, person and way; nobody else's is seen.
    async fn drafts_belong_to_one_person_and_one_ticket(desk) {
        let all = three_questions(&desk).await;
        let (lea, paul) = (&all[0], &all[1]);
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let keep = |t: TicketId| format!("/tickets/{t}/draft?in=open");
        let answer = sarah.post(&keep(lea.id), &[("text", "Oui, au four"), ("visibility", "public"), ("resolve", "1")]).await.expect(303);
        assert!(answer.location().starts_with(&format!("/tickets/{}?in=open", lea.id)));
        let page = sarah.get(answer.location()).await.expect(200);
        assert_eq!(page.all("#ed"), ["Oui, au four"]);
        assert!(page.seen().contains("Brouillon enregistré"));
        assert!(page.all(".q[aria-current] .mt").concat().contains("Brouillon"));
        for other in [karim.get(&format!("/tickets/{}", lea.id)).await, sarah.get(&format!("/tickets/{}", paul.id)).await] {
            assert!(!other.expect(200).text.contains("Oui, au four"));
        }
        assert!(!karim.get("/inbox/todo").await.seen().contains("Brouillon"));
        // A note beside it.
        desk.clock.forward(Duration::from_secs(1));
        sarah.post(&keep(lea.id), &[("text", "VIP"), ("visibility", "internal")]).await.expect(303);
        let drafts = drafts_of(&desk, &sarah, lea.id).await;
        assert_eq!(drafts.iter().map(|d| (d.mode, d.text.as_str())).collect::<Vec<_>>(), [(Visibility::Internal, "VIP"), (Visibility::Public, "Oui, au four")]);
        // Upon another version: the older is kept; upon its own: not.
        let version = drafts[1].updated_at.0.to_string();
        sarah.post(&keep(lea.id), &[("text", "Au four, oui"), ("visibility", "public"), ("base", &version)]).await.expect(303);
        assert_eq!(drafts_of(&desk, &sarah, lea.id).await[0].previous, None);
        sarah.post(&keep(lea.id), &[("text", "Non"), ("visibility", "public"), ("base", &version)]).await.expect(303);
        let page = sarah.get(&format!("/tickets/{}", lea.id)).await.expect(200);
        assert!(page.all(".earlier:not([hidden])").concat().contains("Au four, oui"));
        sarah.post(&keep(lea.id), &[("text", "Non"), ("visibility", "public"), ("bring_back", "1")]).await.expect(303);
        let draft = drafts_of(&desk, &sarah, lea.id).await.remove(0);
        assert_eq!((draft.text.as_str(), draft.previous.as_deref()), ("Au four, oui", Some("Non")));
        // Sent: gone, and what is still on its way does not bring it back.
        sarah.post(&format!("/tickets/{}/reply", lea.id), &[("text", "Au four, oui"), ("visibility", "public"), ("client_key", "k1")]).await.expect(303);
        sarah.post(&keep(lea.id), &[("text", "Au four, o"), ("visibility", "public"), ("client_key", "k1")]).await.expect(303);
        assert_eq!(drafts_of(&desk, &sarah, lea.id).await.iter().map(|d| d.mode).collect::<Vec<_>>(), [Visibility::Internal]);
        // Emptied: gone.
        sarah.post(&keep(lea.id), &[("text", " "), ("visibility", "internal"), ("base", &drafts[0].updated_at.0.to_string())]).await.expect(303);
        assert_eq!(drafts_of(&desk, &sarah, lea.id).await, []);
    }
}

/// UX-9: the same with scripts turned off: resolved and undone, a draft kept and found, personal
/// data made private by hand.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_counter_works_without_scripts() {
    let desk = Desk::open(Engine::Sqlite).await;
    let all = three_questions(&desk).await;
    let (lea, paul) = (&all[0], &all[1]);
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = browser_of(&desk, &sarah).await;
    browser.without_scripts().await;
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    browser.follow(".ch button[value=resolved]").await;
    browser.until(&is_open(paul)).await;
    assert_eq!(desk.again(lea.id).await.state, State::Resolved);
    browser.follow("#said button").await;
    browser.until(&is_open(lea)).await;
    assert_eq!(desk.again(lea.id).await.state, lea.state);

    browser.write("#ed", "Votre commande AB-48213").await;
    browser.follow("noscript button").await;
    browser.go(&format!("{}/tickets/{}", desk.base, lea.id)).await;
    assert_eq!(browser.eval(EDITOR).await, "Votre commande AB-48213");
    browser.follow("#send").await;
    browser.sees("passez en privé").await;
    browser.click(".blocked label[for=mode-private]").await;
    browser.follow("#send").await;
    let sent = desk.messages(lea.id).await.into_iter().find(|m| m.direction == Direction::Outbound).unwrap();
    assert_eq!(sent.visibility, Visibility::Private);
}
