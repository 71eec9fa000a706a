//! A community manager at work, in a real browser: phrases, replay, a regression, its remedy, verdicts by
//! keyboard, a tenth of the conversations, the figures, and back.

use guichet::desk::agent::Role;
use guichet::desk::release::Standing;
use guichet::store::studio::releases;

use super::{LATE, PULLS, a_day, asked, with_entries};
use crate::support::browser::Browser;
use crate::support::{Desk, Engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_phrase_to_a_tenth_and_back() {
    let desk = Desk::open(Engine::Sqlite).await;
    let elodie = with_entries(&desk).await;
    let karim = desk.agent("Karim", Role::Agent).await;
    a_day(&desk, &karim).await;
    let mut browser = Browser::open().await;
    browser.sign_in(&desk.base, &elodie.token).await;

    // Phrases, in the form.
    browser.go(&format!("{}/bot/rules/{LATE}", desk.base)).await;
    browser.until("document.querySelector('#examples-fr')").await;
    let add = format!("document.querySelector('#examples-fr').value += '\\n{}'", PULLS.join("\\n"));
    browser.eval(&add).await;
    browser.follow_form("#save").await;
    browser.sees("Enregistré dans le brouillon").await;

    // Replayed: a regression, said to be in the way.
    browser.go(&format!("{}/bot/replay", desk.base)).await;
    browser.follow_form(".empty button, #again").await;
    browser.sees("Rien n’a été envoyé").await;
    browser.sees("Publication bloquée").await;
    browser.until("document.querySelector('.dr[aria-current] .chip.danger')").await;
    browser.sees("Réponse réelle de Karim").await;
    browser.sees("ajoutée en v2").await;
    let before = browser.eval("Number(document.querySelector('a.rstat[href$=regression] .v').textContent)").await;
    assert!(before.as_f64().unwrap() >= 1.0);

    // The remedy, with its price, is taken; it is replayed at once.
    browser.until("document.querySelector('.fixcard').textContent.includes('Corrige')").await;
    browser.follow_form("#mend").await;
    let after = browser.eval("Number(document.querySelector('a.rstat[href$=regression] .v')?.textContent ?? 0)").await;
    assert!(after.as_f64() < before.as_f64(), "{before} {after}");

    // The rest by keyboard: down, up, then a verdict for each until none is left.
    let rows = browser.eval("document.querySelectorAll('.dr').length").await.as_u64().unwrap();
    assert!(rows > 1, "there is a rest");
    browser.press_and_go("j").await;
    browser.until("[...document.querySelectorAll('.dr')].findIndex((r) => r.ariaCurrent) === 1").await;
    browser.press_and_go("k").await;
    browser.until("[...document.querySelectorAll('.dr')].findIndex((r) => r.ariaCurrent) === 0").await;
    for _ in 0..rows {
        browser.press_and_go("y").await;
    }
    browser.until("![...document.querySelectorAll('.dr .vd')].some((v) => v.textContent.includes('à revoir'))").await;
    browser.sees("Prêt à publier").await;

    // To a tenth of the conversations.
    browser.go(&format!("{}/bot/publish", desk.base)).await;
    browser.until("document.querySelector('[name=reach][value=tenth]').checked").await;
    browser.follow_form("#publish").await;
    browser.sees("répond dans une conversation sur dix").await;
    for n in 0..5 {
        asked(&desk, &karim, &format!("{}", 50 + n), "mon colis zorglub est en retard", None).await;
    }
    browser.go(&format!("{}/bot/versions", desk.base)).await;
    browser.sees("Messages comparés : 5").await;

    // And back, in one act.
    browser.follow_form(".ph form[action='/bot/rollback'] button").await;
    browser.sees("Retour effectué").await;
    let mut tx = desk.house.db.read().await.unwrap();
    assert!(releases::standing(&mut tx, desk.brand, Standing::Trial).await.unwrap().is_none());
    assert_eq!(releases::standing(&mut tx, desk.brand, Standing::Live).await.unwrap().unwrap().number, 1);
}
