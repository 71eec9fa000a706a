//! What the bot missed and what it covers, to be looked at.

use std::time::Duration;

use guichet::flow::missed::survey;
use guichet::store::surveys;

use super::gallery::{Sight, Who};
use crate::support::desk::PAGE;
use crate::support::{Desk, Visitor};

/// Several people ask what no entry answers; some are answered.
async fn ask_in_vain(desk: &Desk, admin: &Visitor) {
    let asked = [
        "Bonjour, la théière passe au lave-vaisselle ?",
        "lave-vaisselle ou à la main pour la théière ?",
        "Peut-on mettre le couvercle de la théière au lave-vaisselle sans l’abîmer ?",
        "Is the teapot dishwasher safe?",
        "Can the teapot go in the dishwasher?",
        "does the teapot lid survive the dishwasher",
    ];
    let before: Vec<_> = desk.tickets().await.into_iter().map(|t| t.id).collect();
    for (n, text) in asked.iter().enumerate() {
        desk.simulator.facebook.message(PAGE, (&format!("84{n}"), &format!("Curieuse {n}")), text);
    }
    desk.settle().await;
    for ticket in desk.tickets().await.iter().filter(|t| !before.contains(&t.id)) {
        let form = [("text", "Oui, sans le couvercle."), ("visibility", "private"), ("anyway", "1")];
        admin.post(&format!("/tickets/{}/reply", ticket.id), &form).await.expect(303);
    }
    desk.pass(Duration::from_secs(60)).await;
    survey::make(&desk.house, desk.brand).await.unwrap();
}

/// The pages.
pub async fn sights(desk: &Desk, admin: &Visitor) -> Vec<Sight> {
    ask_in_vain(desk, admin).await;
    let mut tx = desk.house.db.read().await.unwrap();
    let cluster = surveys::clusters(&mut tx, desk.brand).await.unwrap().first().expect("something was missed").id;
    let mut out = Vec::new();
    let mut see = |name, who, route, path: String, act, until| out.push(Sight { name, who, route, path, act, until });
    let (missed, one, new) = ("/bot/missed", "/bot/missed/{id}", "/bot/missed/new");
    see("missed", Who::Admin, missed, missed.into(), "", "document.querySelector('.lr')");
    let unfold = "document.querySelectorAll('.lopen details').forEach((d) => d.open = true)";
    see(
        "missed, one open",
        Who::Admin,
        one,
        format!("/bot/missed/{cluster}"),
        unfold,
        "document.querySelector('.lopen select')",
    );
    see("missed, only looking", Who::Viewer, one, format!("/bot/missed/{cluster}"), "", "");
    see("missed, none yet", Who::Newcomer, missed, missed.into(), "", "");
    see("missed, new entry", Who::Admin, new, format!("/bot/missed/new?cluster={cluster}"), "", "");
    let wrong = "document.querySelector('#answer_fr').value = ''; HTMLFormElement.prototype.submit.call(document.querySelector('form.twolang'))";
    see(
        "missed, wrong entry",
        Who::Admin,
        new,
        format!("/bot/missed/new?cluster={cluster}"),
        wrong,
        "document.querySelector('#why')",
    );
    see("missed, not for you", Who::Viewer, new, format!("/bot/missed/new?cluster={cluster}"), "", "");
    let (coverage, behind) = ("/bot/coverage", "/bot/coverage/questions");
    see("coverage", Who::Admin, coverage, coverage.into(), "", "document.querySelector('.covered')");
    see("coverage, nothing yet", Who::Newcomer, coverage, coverage.into(), "", "");
    see(
        "coverage, questions",
        Who::Admin,
        behind,
        format!("{behind}?fate=unknown"),
        "",
        "document.querySelector('.people')",
    );
    see("coverage, no questions", Who::Newcomer, behind, behind.into(), "", "");
    out
}
