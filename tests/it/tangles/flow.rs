//! Some tangles through the whole house, on both databases: what the brakes count there is what the
//! model says they count.

use std::sync::Arc;
use std::time::Duration;

use guichet::base::At;
use guichet::desk::brakes::Brake;
use guichet::desk::canned::Mode;
use guichet::desk::message::{Direction, Visibility};
use guichet::desk::scope::Scope;
use guichet::flow::house::Tuning;
use guichet::flow::{bot, facts};
use guichet::store::messages::Message;

use crate::support::desk::PAGE;
use crate::support::{Desk, Engine};

const HOUR: Duration = Duration::from_hours(1);
/// What machines and people say.
const SAYS: [&str; 8] = [
    "quels sont vos horaires ?",
    "bonjour, où est mon colis ? je l'attends toujours, aucune nouvelle",
    "vous êtes ouverts le samedi ?",
    "204817",
    "comment faire un retour ?",
    "c'est quoi vos moyens de paiement ?",
    "absent jusqu'à lundi, votre message sera lu",
    "merci, et vos horaires du dimanche ?",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tangles_through_the_house_on_sqlite() {
    through_the_house(Engine::Sqlite, 24).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tangles_through_the_house_on_postgres() {
    through_the_house(Engine::Postgres, 24).await;
}

/// Each tangle is a person or machine that answers whatever it is told; one brake is away in each.
async fn through_the_house(engine: Engine, tangles: u64) {
    let mut desk = Desk::open(engine).await;
    let scope = Scope::house(desk.brand);
    let stated = [("opening_hours", "de 9 h à 18 h"), ("return_days", "30")];
    let stated: Vec<(String, String)> = stated.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    facts::state(&desk.house, &scope, desk.brand, &stated).await.unwrap();
    for path in ["hours/opening-hours", "delivery/order-status", "returns/return-how", "payment/payment-methods"] {
        bot::set_mode(&desk.house, &scope, desk.brand, path, Visibility::Private, Mode::Auto).await.unwrap();
    }
    let mut spoken = 0;
    for n in 0..tangles {
        let gone = Brake::ALL[usize::try_from(n % 7).unwrap()];
        let brakes = Brake::ALL.iter().copied().filter(|b| *b != gone).collect();
        desk.house.tuning = Arc::new(Tuning { brakes, ..(*desk.house.tuning).clone() });
        let who = format!("{}", 500 + n);
        for _ in 0..8 {
            let says = SAYS[usize::try_from(desk.house.given.below(8)).unwrap()];
            desk.simulator.facebook.message(PAGE, (&who, "Répondeur"), says);
            desk.settle().await;
            desk.pass(Duration::from_secs(31 + desk.house.given.below(600))).await;
        }
        let ticket = desk.tickets().await.into_iter().max_by_key(|t| t.number).unwrap();
        let all = desk.messages(ticket.id).await;
        spoken += automatic(&all).len();
        let counted = counted(&all);
        let three = counted.windows(3).find(|w| w[2].since(w[0]) < HOUR);
        assert!(three.is_none(), "without {gone}, tangle {n}: {:?}", words(&all));
    }
    assert!(spoken > usize::try_from(tangles).unwrap(), "the bot hardly spoke: {spoken}");
}

fn automatic(all: &[Message]) -> Vec<&Message> {
    let left = |m: &&Message| m.delivery.is_some_and(|d| d.as_str() == "sent");
    let ours = |m: &&Message| m.direction == Direction::Outbound && m.by_rule.is_some();
    all.iter().filter(|m| ours(m) && left(m) && m.visibility != Visibility::Internal).collect()
}

/// Automatic messages but asks that were answered: those that ask for a number, with words after them.
fn counted(all: &[Message]) -> Vec<At> {
    let answered = |ask: &Message| all.iter().any(|m| m.direction == Direction::Inbound && m.at > ask.at);
    let asks = |m: &Message| m.text.contains("numéro de commande") || m.text.contains("De quoi s’agit-il");
    automatic(all).into_iter().filter(|m| !(asks(m) && answered(m))).map(|m| m.at).collect()
}

fn words(all: &[Message]) -> Vec<String> {
    all.iter().map(|m| format!("{} {}: {}", m.at, m.direction, m.text)).collect()
}
