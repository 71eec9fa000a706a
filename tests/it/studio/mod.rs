//! The bot's studio: nothing goes live that was not rehearsed on real messages, and everything that did
//! comes back in one act.

mod browser;
mod files;
pub mod releases;
mod replays;

use guichet::desk::agent::Role;
use guichet::desk::canned::Entry;
use guichet::desk::scope::Scope;
use guichet::desk::studio::lists::{self, List};
use guichet::flow::library;
use guichet::flow::studio::draft;

use crate::support::desk::PAGE;
use crate::support::{Desk, Visitor};

/// Where parcels are.
pub const LATE: &str = "zz/colis-en-retard";
/// What is in stock.
pub const STOCK: &str = "zz/disponible";

const LATE_FILE: &str = "+++
id = \"colis-en-retard\"
title = { fr = \"Retard de livraison\", en = \"Late parcel\" }
audience = \"private\"

[examples]
fr = [
  \"mon colis zorglub est en retard\",
  \"le colis zorglub n'arrive pas\",
]
en = [\"my zorglub parcel is late\", \"the zorglub parcel does not arrive\"]
+++
## fr
### answer
Désolés pour ce retard : donnez-nous votre numéro et nous appelons le transporteur.

## en
### answer
Sorry for the delay: tell us your number and we call the carrier.

## tests
~~~conv
# fr, facebook, private
> mon colis zorglub est en retard
< answer
~~~
";

const STOCK_FILE: &str = "+++
id = \"disponible\"
title = { fr = \"Disponibilité\", en = \"Availability\" }
audience = \"private\"

[examples]
fr = [
  \"la gourde glouglou est en liste d'attente\",
  \"quand revient la gourde glouglou\",
]
en = [\"is the glouglou bottle on a waiting list\", \"when is the glouglou bottle back\"]
+++
## fr
### answer
La gourde glouglou revient en boutique le deux décembre au matin.

## en
### answer
The glouglou bottle is back in the shop on the second of December.

## tests
~~~conv
# fr, facebook, private
> quand revient la gourde glouglou
< answer
~~~
";

/// A desk with two entries of its own, and somebody who writes.
pub async fn with_entries(desk: &Desk) -> Visitor {
    let files = [(format!("{LATE}.md"), LATE_FILE.to_owned()), (format!("{STOCK}.md"), STOCK_FILE.to_owned())];
    library::import(&desk.house, desk.brand, &files).await.unwrap();
    desk.agent("Elodie", Role::Community).await
}

/// Somebody writes in private, and one of ours answers.
pub async fn asked(desk: &Desk, karim: &Visitor, who: &str, text: &str, answer: Option<&str>) {
    desk.simulator.facebook.message(PAGE, (who, &format!("Client {who}")), text);
    desk.settle().await;
    if let Some(answer) = answer {
        let ticket = desk.tickets().await.pop().unwrap();
        let form = [("text", answer), ("visibility", "private"), ("client_key", who), ("anyway", "1")];
        karim.post(&format!("/tickets/{}/reply", ticket.id), &form).await.expect(303);
        desk.settle().await;
    }
}

/// What was asked and answered before anybody changes anything.
pub async fn a_day(desk: &Desk, karim: &Visitor) {
    let stock = "La gourde glouglou revient en boutique le deux décembre au matin.";
    asked(desk, karim, "1", "bonjour, la gourde glouglou est toujours en liste d'attente ?", Some(stock)).await;
    asked(desk, karim, "2", "la gourde glouglou est encore en attente ?", Some(stock)).await;
    asked(desk, karim, "3", "toujours en attente de ma livraison", None).await;
    asked(desk, karim, "4", "mon colis zorglub est en retard", None).await;
    asked(desk, karim, "6", "toujours en attente de mon paquet", None).await;
    asked(desk, karim, "5", "merci beaucoup, à bientôt", None).await;
}

/// The draft gives an entry more examples.
pub async fn more_examples(desk: &Desk, scope: &Scope, path: &str, more: &[&str]) {
    let draft = draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
    let source = draft.source(path).unwrap().to_owned();
    let file = format!("{path}.md");
    let mut all = List::Examples.of(&Entry::read(&file, &source).unwrap().head, "fr");
    all.extend(more.iter().map(|m| (*m).to_owned()));
    let changed = lists::set(&file, &source, List::Examples, "fr", &all).unwrap();
    let version = draft.entries.iter().find(|d| d.path == path).map_or(0, |d| d.version);
    draft::put(&desk.house, scope, desk.brand, path, Some(changed), version).await.unwrap();
}

/// Examples that pull messages about stock to the parcels.
pub const PULLS: [&str; 3] =
    ["toujours en attente", "la gourde glouglou est toujours en attente", "la gourde glouglou est encore en attente"];
