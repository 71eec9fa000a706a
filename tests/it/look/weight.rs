//! What a page weighs: bytes over the wire, requests, elements. And, when somebody asks for it, how
//! long it takes on a slow machine with a slow line; that is printed, and judged by people.

use guichet::desk::agent::Role;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::desk::PAGE;
use crate::support::{Desk, Engine, Visitor};

/// A full queue, somebody to look at it, and the pages by their names.
async fn a_full_desk() -> (Desk, Visitor, Vec<(&'static str, String)>) {
    let desk = Desk::open(Engine::Sqlite).await;
    let post = desk.simulator.facebook.publish(PAGE, "La théière est de retour");
    for n in 0..55 {
        let (id, name) = (format!("9{n:02}"), format!("Cliente numéro {n}"));
        let text = format!("Bonjour, c’est combien la théière en fonte, modèle {n} ? Et la livraison ?");
        desk.simulator.facebook.comment(PAGE, &post, (&id, &name), &text);
    }
    desk.settle().await;
    let sarah = desk.agent("Sarah", Role::Admin).await;
    let tickets = desk.tickets().await;
    let pages = vec![
        ("inbox", "/inbox/todo".to_owned()),
        ("ticket", format!("/tickets/{}", tickets[9].id)),
        ("canned replies", "/replies".to_owned()),
        ("contacts", "/contacts".to_owned()),
        ("contact", format!("/contacts/{}", tickets[9].contact_id)),
        ("search", "/search?q=livraison".to_owned()),
        ("settings", "/settings/bot".to_owned()),
        ("sign-in", "/login".to_owned()),
    ];
    (desk, sarah, pages)
}

/// What the page that is shown has cost: bytes with their headers, requests, elements, and when it
/// was painted, listened, and was whole.
async fn cost(browser: &mut Browser) -> Value {
    let script = "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))).then(() => {
        const page = performance.getEntriesByType('navigation')[0], rest = performance.getEntriesByType('resource').filter((r) => r.responseStatus);
        return {bytes: page.transferSize + rest.reduce((sum, r) => sum + r.transferSize, 0), html: page.transferSize,
            requests: 1 + rest.filter((r) => r.transferSize > 0).length, elements: document.querySelectorAll('*').length,
            paint: Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0),
            ready: Math.round(page.domContentLoadedEventEnd), load: Math.round(page.loadEventEnd),
            names: rest.map((r) => `${r.name.replace(/.*\\//, '')} ${r.transferSize}`)}; })";
    browser.eval(script).await
}

async fn open(desk: &Desk, who: &Visitor) -> Browser {
    let mut browser = Browser::open().await;
    browser.sign_in(&desk.base, &who.token).await;
    browser
}

/// A first visit and the next one, both within their bounds, with fifty rows in the queue.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_light() {
    let (desk, sarah, pages) = a_full_desk().await;
    let mut browser = open(&desk, &sarah).await;
    let mut heavy = Vec::new();
    for (name, path) in &pages {
        browser.ask("Network.clearBrowserCache", json!({})).await;
        browser.go(&format!("{}{path}", desk.base)).await;
        let first = cost(&mut browser).await;
        browser.go("about:blank#").await;
        browser.go(&format!("{}{path}", desk.base)).await;
        let next = cost(&mut browser).await;
        if *name == "inbox" {
            let rows = browser.eval("document.querySelectorAll('a.q').length").await;
            assert_eq!(rows, 50, "a page of the queue is full");
        }
        let kb = |v: &Value| v.as_i64().unwrap() / 1024;
        let bounds = [
            ("KB at first", kb(&first["bytes"]), if matches!(*name, "inbox" | "ticket") { 130 } else { 110 }),
            ("KB of HTML", kb(&first["html"]), 25),
            ("KB the next time", kb(&next["bytes"]), 30),
            // The page, its style sheet, script, sprite and font; the extended font where a name needs it; and
            // what may be fetched ahead.
            ("requests at first", first["requests"].as_i64().unwrap(), 7),
            ("requests the next time", next["requests"].as_i64().unwrap(), 1),
            ("elements", first["elements"].as_i64().unwrap(), 1_800),
        ];
        assert!(first["bytes"].as_i64().unwrap() > 20_000, "{name} was fetched: {first}");
        for (what, is, may) in bounds {
            if is > may {
                heavy.push(format!("{name}: {is} {what}, {may} at most: {} then {}", first["names"], next["names"]));
            }
        }
    }
    assert!(heavy.is_empty(), "too heavy:\n{}", heavy.join("\n"));
}

/// How the page that is shown had come.
async fn came(browser: &mut Browser) -> String {
    let how = browser.eval("performance.getEntriesByType('navigation')[0].deliveryType").await;
    how.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_conversation_one_rests_on_is_fetched_before_it_is_opened() {
    let (desk, sarah, _) = a_full_desk().await;
    let mut browser = open(&desk, &sarah).await;
    let mut how = String::new();
    // The browser begins in its own time; what it has not begun is simply fetched when it is opened.
    for _ in 0..20 {
        browser.go(&format!("{}/inbox/todo", desk.base)).await;
        browser.press("j").await;
        browser.until("document.querySelectorAll('a.q[data-next]').length === 2").await;
        browser.follow("a.q[data-next]").await;
        how = came(&mut browser).await;
        if how == "navigational-prefetch" {
            break;
        }
    }
    assert_eq!(how, "navigational-prefetch");
    let opened = browser.eval("document.querySelector('[data-open]').dataset.open").await;
    assert!(desk.tickets().await.iter().any(|t| opened == t.id.to_string()));
}

fn nth(mut times: Vec<f64>, part: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    #[expect(clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a few dozen figures")]
    let place = ((times.len() - 1) as f64 * part).round() as usize;
    times[place]
}

fn figures(times: &Value) -> Vec<f64> {
    times.as_array().unwrap().iter().filter_map(Value::as_f64).collect()
}

/// `cargo test --release --test it -- --ignored look::weight::on_a_slow_machine --nocapture`: prints the
/// table of `docs/performance.md`, *Pages in the browser*.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints figures; it judges nothing"]
async fn on_a_slow_machine() {
    let (desk, sarah, pages) = a_full_desk().await;
    let mut browser = open(&desk, &sarah).await;
    let slow = json!({"offline": false, "latency": 60, "downloadThroughput": 9_000_000 / 8, "uploadThroughput": 3_000_000 / 8});
    browser.ask("Network.enable", json!({})).await;
    browser.ask("Network.emulateNetworkConditions", slow).await;
    browser.ask("Emulation.setCPUThrottlingRate", json!({"rate": 4})).await;
    let mut table = String::from(
        "| page | first visit | next | requests | elements | first paint, next visit | interactive, next visit |\n|---|---|---|---|---|---|---|\n",
    );
    for (name, path) in &pages {
        let url = format!("{}{path}", desk.base);
        browser.ask("Network.clearBrowserCache", json!({})).await;
        browser.go(&url).await;
        let first = cost(&mut browser).await;
        let (mut paint, mut ready, mut next) = (Vec::new(), Vec::new(), Value::Null);
        for _ in 0..9 {
            browser.go("about:blank#").await;
            browser.go(&url).await;
            next = cost(&mut browser).await;
            paint.push(next["paint"].as_f64().unwrap());
            ready.push(next["ready"].as_f64().unwrap());
        }
        let kb = |v: &Value| v.as_f64().unwrap() / 1024.0;
        table += &format!(
            "| {name} | {:.1} KB | {:.1} KB | {} | {} | {:.0} ms | {:.0} ms |\n",
            kb(&first["bytes"]),
            kb(&next["bytes"]),
            first["requests"],
            first["elements"],
            nth(paint, 0.75),
            nth(ready, 0.75),
        );
    }
    browser.go(&format!("{}/inbox/todo", desk.base)).await;
    browser.until("document.querySelector('#live[data-state=on]')").await;
    let keys = "(async () => { const out = []; for (let i = 0; i < 40; i++) { const t = performance.now();
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: i % 20 < 19 ? 'j' : 'k', bubbles: true, cancelable: true}));
        await new Promise((r) => requestAnimationFrame(() => setTimeout(r))); out.push(performance.now() - t) } return out })()";
    let moved = figures(&browser.eval(keys).await);
    // Somebody writes; how long until the row says it, with the house’s own reading in between.
    let mut told = Vec::new();
    let shown = browser.eval("document.querySelector('a.q').dataset.id").await;
    let row = desk.tickets().await.into_iter().find(|t| shown == t.id.to_string()).unwrap();
    let asked = desk.messages(row.id).await.remove(0);
    let id = format!("9{:02}", asked.author_name.rsplit(' ').next().unwrap().parse::<u32>().unwrap());
    let on = asked.external_id.unwrap();
    for n in 0..20 {
        let words = format!("Encore une question, la {n}e");
        let watch = format!(
            "window.__told = null; new MutationObserver((_, o) => {{ if (document.querySelector('#qlist').textContent.includes({0})) {{ o.disconnect(); requestAnimationFrame(() => window.__told = Date.now()) }} }}).observe(document.querySelector('#qlist'), {{subtree: true, childList: true, characterData: true}}); Date.now()",
            json!(words)
        );
        let begun = browser.eval(&watch).await.as_f64().unwrap();
        desk.simulator.facebook.comment(PAGE, &on, (&id, &asked.author_name), &words);
        desk.settle().await;
        browser.until("window.__told").await;
        told.push(browser.eval("window.__told").await.as_f64().unwrap() - begun);
    }
    // From a row to the conversation.
    let mut opened = Vec::new();
    for n in 0..12 {
        browser.go(&format!("{}/inbox/todo", desk.base)).await;
        browser.follow(&format!("#qlist li:nth-child({}) a.q", n + 2)).await;
        opened.push(cost(&mut browser).await["paint"].as_f64().unwrap());
    }
    let mut ahead = Vec::new();
    for n in 0..12 {
        browser.go(&format!("{}/inbox/todo", desk.base)).await;
        let rest = format!(
            "(async () => {{ for (let i = 0; i < {}; i++) dispatchEvent(new KeyboardEvent('keydown', {{key: 'j'}})); await new Promise((r) => setTimeout(r, 1500)) }})()",
            n + 2
        );
        browser.eval(&rest).await;
        browser.follow("a.q[data-next]").await;
        assert_eq!(came(&mut browser).await, "navigational-prefetch", "fetched ahead");
        ahead.push(cost(&mut browser).await["paint"].as_f64().unwrap());
    }
    let line = |name: &str, may: &str, times: Vec<f64>| {
        format!("| {name} | {may} | {:.0} ms | {:.0} ms |\n", nth(times.clone(), 0.5), nth(times, 0.95))
    };
    let mut acts = String::from("| act | budget | median | p95 |\n|---|---|---|---|\n");
    acts += &line("J or K, to the next frame", "50 ms", moved);
    acts += &line("a conversation opens, to its first paint", "200 ms", opened);
    acts += &line("the same, fetched ahead", "60 ms", ahead);
    acts += &line("somebody writes, to the row that says it", "250 ms (p95)", told);
    println!("\n{table}\n{acts}");
}
