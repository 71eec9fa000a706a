//! In a real browser: what arrives moves nothing.

use guichet::desk::agent::Role;
use guichet::desk::ticket::Ticket;
use serde_json::json;

use crate::support::browser::Browser;
use crate::support::desk::PAGE;
use crate::support::{Desk, Engine, Visitor};

/// Twenty people have written; their tickets, as the queue shows them.
async fn a_full_queue(desk: &Desk) -> Vec<Ticket> {
    for n in 0..20 {
        desk.simulator.facebook.message(PAGE, (&format!("7{n:02}"), &format!("Client {n}")), "Bonjour, une question");
        // One after the other, so that their numbers are in this order.
        desk.settle().await;
    }
    desk.tickets().await
}

/// Watches, frame by frame, what must not change; whatever does is kept in `window.__moved`.
async fn watch(browser: &mut Browser, what: &str) {
    let script = format!(
        "(() => {{ const now = () => JSON.stringify({what}); const was = now(); window.__moved = []; window.__frames = 0;
            const look = () => {{ window.__frames++; const is = now(); if (is !== was && window.__moved.length < 5) window.__moved.push([was, is]); requestAnimationFrame(look) }};
            requestAnimationFrame(look); new MutationObserver(look).observe(document.body, {{subtree: true, childList: true, attributes: true, characterData: true}}); }})()"
    );
    browser.eval(&script).await;
}

/// One busy moment: people write again, others for the first time, a colleague resolves and stages.
async fn a_busy_moment(desk: &Desk, karim: &Visitor, all: &[Ticket], round: usize) {
    for n in 0..8 {
        let who = (round * 8 + n) % 20;
        desk.simulator.facebook.message(
            PAGE,
            (&format!("7{who:02}"), &format!("Client {who}")),
            &format!("Alors ? {round}"),
        );
    }
    let new = format!("8{round:03}");
    desk.simulator.facebook.message(PAGE, (&new, &format!("Nouveau {round}")), "C’est combien ?");
    let stage = ["customer", "awareness", "advocate"][round % 3];
    karim.post(&format!("/tickets/{}/stage", all[round % 20].id), &[("stage", stage)]).await.expect(303);
    desk.settle().await;
}

/// How many events have been passed on.
fn passed(desk: &Desk) -> i64 {
    desk.web.bus.seq()
}

/// UX-1 and UX-2: 500 events while the pointer rests on a row and the focus on another; neither
/// moves, nor does the list. New rows wait behind a button, rows that leave say why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_moves_under_the_pointer() {
    let desk = Desk::open(Engine::Sqlite).await;
    let all = a_full_queue(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let karim = desk.agent("Karim", Role::Agent).await;
    let mut browser = Browser::open().await;
    browser.size(1440, 640).await;
    browser.enter(&desk, &sarah, "/inbox/todo").await;
    browser.eval("document.querySelector('#qlist').scrollTop = 300").await;
    let place = "(() => { const b = document.querySelector('#qlist').getBoundingClientRect(); return [b.x + 150, b.y + 230] })()";
    let at = browser.eval(place).await;
    browser.ask("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": at[0], "y": at[1]})).await;
    browser.eval("getSelection().selectAllChildren(document.querySelectorAll('#qlist a.q .nm')[6])").await;
    browser.eval("document.querySelectorAll('#qlist a.q')[7].focus({preventScroll: true})").await;
    let under = format!("document.elementFromPoint({}, {})?.closest('[data-id]')?.dataset.id", at[0], at[1]);
    let row = browser.eval(&under).await;
    assert!(row.is_string(), "the pointer rests on a row");
    assert!(browser.eval("getSelection().toString()").await.as_str().is_some_and(|s| s.starts_with("Client")));
    let what = format!(
        "[{under}, document.activeElement.dataset.id, getSelection().toString(), document.querySelector('#qlist').scrollTop, [...document.querySelectorAll('#qlist a.q')].map((a) => a.dataset.id + a.offsetHeight)]"
    );
    watch(&mut browser, &what).await;

    let before = passed(&desk);
    let mut round = 0;
    while passed(&desk) < before + 500 {
        a_busy_moment(&desk, &karim, &all, round).await;
        round += 1;
    }
    // The row under the pointer itself is resolved by a colleague: it stays, struck, and says so.
    let resting = row.as_str().unwrap().to_owned();
    karim.post(&format!("/tickets/{resting}/state"), &[("state", "resolved")]).await.expect(303);
    desk.settle().await;
    browser
        .until(&format!(
            "document.querySelector('a.q[data-id=\"{resting}\"].done .why-left').textContent === 'Résolue par Karim'"
        ))
        .await;
    browser.until(&format!("document.querySelector('#newbar').textContent === '{round} nouveaux · N'")).await;
    browser.until(&format!("document.querySelector('#qlist').textContent.includes('Alors ? {}')", round - 1)).await;
    let todo = desk.tickets().await.len();
    browser.until(&format!("document.querySelector('.queue .cnt').textContent === '{todo}'")).await;
    assert_eq!(browser.eval("window.__moved").await, json!([]), "something moved in {round} rounds");
    assert!(browser.eval("window.__frames").await.as_i64().unwrap() > i64::try_from(round).unwrap(), "somebody looked");

    // Asked for, the list is what a reload would show.
    browser.click("#newbar").await;
    browser.until("document.querySelector('#newbar').hidden").await;
    let shown = "JSON.stringify([...document.querySelectorAll('#qlist a.q')].map((a) => a.dataset.id))";
    let order = browser.eval(shown).await;
    assert!(!order.as_str().unwrap().contains(&resting));
    browser.go(&format!("{}/inbox/todo", desk.base)).await;
    assert_eq!(browser.eval(shown).await, order);
}

/// UX-3: 300 letters while 200 events pass, some of them in this very conversation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_being_written_stays() {
    let desk = Desk::open(Engine::Sqlite).await;
    let all = a_full_queue(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let karim = desk.agent("Karim", Role::Agent).await;
    let mut browser = Browser::open().await;
    browser.size(1440, 640).await;
    browser.enter(&desk, &sarah, &format!("/tickets/{}", all[3].id)).await;
    browser.eval("document.querySelector('#qlist').scrollTop = 200").await;
    browser.click("#ed").await;
    let what = "[document.activeElement.id, document.querySelector('#ed').getBoundingClientRect().y, location.href]";
    watch(&mut browser, what).await;
    let scrolled = browser.eval("document.querySelector('#qlist').scrollTop").await;
    let text: String = "Bonjour, nous regardons cela tout de suite. ".chars().cycle().take(300).collect();
    let (start, before) = ("Chère cliente, ".to_owned(), passed(&desk));
    browser.ask("Input.insertText", json!({"text": start})).await;
    browser.ask("Input.insertText", json!({"text": " — Sarah"})).await;
    browser.eval(&format!("document.querySelector('#ed').setSelectionRange({0}, {0})", start.chars().count())).await;
    for (n, letters) in text.chars().collect::<Vec<_>>().chunks(12).enumerate() {
        for letter in letters {
            browser.ask("Input.insertText", json!({"text": letter.to_string()})).await;
        }
        a_busy_moment(&desk, &karim, &all, n).await;
        karim
            .post(
                &format!("/tickets/{}/reply", all[3].id),
                &[("text", &format!("Note {n}")), ("visibility", "internal")],
            )
            .await
            .expect(303);
    }
    desk.settle().await;
    assert!(passed(&desk) >= before + 200, "only {} events", passed(&desk) - before);
    browser.until("document.querySelector('#thread').textContent.includes('Note 24')").await;
    assert_eq!(browser.eval("document.querySelector('#ed').value").await, format!("{start}{text} — Sarah"));
    let caret = browser.eval("document.querySelector('#ed').selectionStart").await;
    assert_eq!(caret, start.chars().count() + 300);
    assert_eq!(browser.eval("document.querySelector('#qlist').scrollTop").await, scrolled);
    assert_eq!(browser.eval("window.__moved").await, json!([]));
}

/// The thread follows whoever reads its end, and leaves alone whoever reads further up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_thread_follows_only_who_is_at_its_end() {
    let desk = Desk::open(Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let say = |n: usize| {
        desk.simulator.facebook.message(PAGE, ("701", "Léa"), &format!("Message {n}"));
    };
    (0..30).for_each(say);
    desk.settle().await;
    let lea = desk.ticket().await;
    let mut browser = Browser::open().await;
    browser.enter(&desk, &sarah, &format!("/tickets/{}", lea.id)).await;
    let end = "(() => { const t = document.querySelector('#thread'); return t.scrollHeight - t.scrollTop - t.clientHeight < 2 })()";
    browser.until(end).await;
    say(30);
    desk.settle().await;
    browser.until("document.querySelector('#thread').textContent.includes('Message 30')").await;
    browser.until(end).await;
    browser.until("document.querySelector('#say').textContent === 'Nouveau message de Léa'").await;
    browser.eval("document.querySelector('#thread').scrollTop = 100").await;
    say(31);
    say(32);
    desk.settle().await;
    browser.until("document.querySelector('#pill').textContent === '2 nouveaux ↓'").await;
    assert_eq!(browser.eval("document.querySelector('#thread').scrollTop").await, 100);
    browser.click("#pill").await;
    browser.until(end).await;
    browser.until("document.querySelector('#pill').hidden").await;
}

/// The house goes away: it is said, at once and then in so many words; what is written stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_line_is_said() {
    let desk = Desk::open(Engine::Sqlite).await;
    let all = a_full_queue(&desk).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = Browser::open().await;
    browser.enter(&desk, &sarah, &format!("/tickets/{}", all[3].id)).await;
    browser.write("#ed", "Bonjour").await;
    desk.web.leaving.cancel();
    browser.sees("Reconnexion…").await;
    browser.sees("Hors ligne depuis").await;
    assert_eq!(browser.eval("document.querySelector('#ed').value").await, "Bonjour");
}
