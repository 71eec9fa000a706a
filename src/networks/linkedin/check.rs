//! Whose login this is, which pages it administers, and what it may do.

use std::time::Duration;

use super::super::unfit::unfit;
use super::super::{Checkup, Line, Network, Refused, wire};
use super::LinkedIn;
use super::act::{get, key, url, us, versioned};
use super::refuse::judge;
use super::subscribe::{Role, roles, subscribe};
use crate::base::fetch::Ask;
use crate::base::json::Reads;

/// The pages whoever holds this token administers: number and name.
pub(super) async fn pages(line: &Line<'_>, token: &str) -> Result<Vec<(String, String)>, Refused> {
    let mut pages = Vec::new();
    for Role { page: urn, .. } in roles(line, token).await?.into_iter().take(20) {
        let id = urn.rsplit(':').next().unwrap_or_default().to_owned();
        let ask = Ask::get(url(line, &format!("organizations/{}", key(&id))));
        line.spend(1);
        let page = wire::read(line, versioned(line, ask).bearer(token), judge).await?;
        let name = page.text("localizedName").unwrap_or(&urn).to_owned();
        pages.push((id, name));
    }
    Ok(pages)
}

/// Tries the token, the role and the product.
pub(super) async fn check(line: &Line<'_>) -> Checkup {
    let mut checkup = Checkup::default();
    let settings = &line.account.settings;
    let mut problem = |fr: String, en: String| checkup.problems.push((fr, en));
    let Some(token) = settings.get("access_token") else {
        problem("Le réglage « access_token » manque.".into(), "The setting “access_token” is missing.".into());
        return checkup;
    };
    match pages(line, token).await {
        Ok(all) => {
            let ours = all.into_iter().find(|(id, _)| *id == line.account.id);
            checkup.name = ours.map(|(_, name)| name);
            if checkup.name.is_none() {
                problem(
                    "La personne de ce jeton n’est pas super-administratrice de cette page.".into(),
                    "Whoever holds this token is no super administrator of this page.".into(),
                );
                return checkup;
            }
        }
        Err(refused) => {
            let (fr, en) = unfit(line, "LinkedIn", &refused);
            problem(fr, en);
            return checkup;
        }
    }
    let since = line.now.minus(Duration::from_hours(24)).millis();
    let path = format!(
        "organizationalEntityNotifications?q=criteria&actions=List(COMMENT)&organizationalEntity={}&timeRange=(start:{since},end:{})&start=0&count=1",
        key(&us(line)),
        line.now.millis()
    );
    match get(line, &path).await {
        Ok(_) => checkup.can = vec!["receive", "reply_public", "like"],
        Err(refused) => checkup.problems.push((
            format!("Les actions sociales ne se lisent pas : il faut que LinkedIn approuve le produit « Community Management API » pour l’application. {refused}"),
            format!("Social actions cannot be read: LinkedIn has to approve the product “Community Management API” for the application. {refused}"),
        )),
    }
    match subscribe(line).await {
        Ok(true) => {}
        Ok(false) => checkup.missing.push((
            "Sans « application_id », Guichet n’abonne pas la page à ses événements : abonnez-la vous-même, sinon tout est relu tous les quarts d’heure.".into(),
            "Without “application_id” Guichet does not subscribe the page to its events: subscribe it yourself, else everything is read every quarter of an hour.".into(),
        )),
        Err(refused) => checkup.problems.push((
            format!("L’abonnement aux événements de la page a échoué ; tout est relu tous les quarts d’heure en attendant. Le crochet doit être validé chez LinkedIn, sous « Webhooks », et l’application approuvée : {refused}"),
            format!("Subscribing to the page’s events failed; meanwhile everything is read every quarter of an hour. The hook has to be validated at LinkedIn, under “Webhooks”, and the application approved: {refused}"),
        )),
    }
    if settings.get("refresh_token").is_none() {
        checkup.missing.push((
            "Sans « refresh_token » (donné aux applications approuvées), ce jeton finit au bout de soixante jours."
                .into(),
            "Without “refresh_token” (given to approved applications) this token ends after sixty days.".into(),
        ));
    }
    if let Some(budget) = LinkedIn.budget(settings) {
        let used = line.used(&budget);
        checkup.missing.push((
            format!("Appels du jour : {used} sur {}.", budget.most),
            format!("Today’s calls: {used} of {}.", budget.most),
        ));
    }
    checkup
}
