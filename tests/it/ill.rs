//! A network that refuses our login, asks for quiet or does not answer says so wherever it matters: on
//! the channel's card, above the queue, and to whoever is about to reply. Each network, each trouble, in
//! both languages.

use std::time::Duration;

use guichet::base::Lang;
use guichet::desk::agent::Role;
use guichet::desk::channel::{Channel, Health};
use guichet::desk::scope::Scope;
use guichet::desk::ticket::Ticket;
use guichet::flow::people::{self, Host, NewAgent};
use guichet::flow::reply::{self, Reply};
use guichet::flow::{connect, listen};
use guichet::networks::NETWORKS;
use guichet::simulator::stage::Reply as Answered;
use guichet::store::channels;
use guichet::store::select::{self, Filter, Sort};
use serde_json::json;

use crate::evening::town_of;
use crate::support::desk::PASSWORD;
use crate::support::{Desk, Engine, Visitor};

/// What a network does to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Refuses,
    WantsQuiet,
    IsSilent,
}

impl Trouble {
    const ALL: [Trouble; 3] = [Trouble::Refuses, Trouble::IsSilent, Trouble::WantsQuiet];

    fn health(self) -> Health {
        match self {
            Trouble::Refuses => Health::NeedsReauth,
            Trouble::WantsQuiet => Health::Quiet,
            Trouble::IsSilent => Health::Unreachable,
        }
    }

    /// What people read of it.
    fn words(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Trouble::Refuses, Lang::Fr) => "demande une reconnexion",
            (Trouble::Refuses, Lang::En) => "asks for a new login",
            (Trouble::WantsQuiet, Lang::Fr) => "d’attendre jusqu’à",
            (Trouble::WantsQuiet, Lang::En) => "to wait until",
            (Trouble::IsSilent, Lang::Fr) => "ne répond plus à",
            (Trouble::IsSilent, Lang::En) => "has not answered",
        }
    }
}

/// Everybody is there, and has written.
async fn peopled(desk: &Desk) {
    let town = town_of(desk).await;
    town.play.tell_the_past().await;
    for _ in 0..80 {
        desk.clock.forward(Duration::from_millis(500));
        town.play.beat(&|_| false);
        town.voices.beat();
        town.letters.beat();
    }
    desk.settle().await;
    listen::turn(&desk.house).await.unwrap();
    desk.settle().await;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while ticket_of(desk, "bridge").await.is_none() {
        assert!(tokio::time::Instant::now() < deadline, "nobody came over the bridge");
        desk.settle().await;
    }
}

async fn channel_of(desk: &Desk, network: &str) -> Channel {
    let mut tx = desk.house.db.read().await.unwrap();
    let all = channels::of_brand(&mut tx, desk.brand).await.unwrap();
    all.into_iter().find(|c| c.network == network).unwrap()
}

async fn ticket_of(desk: &Desk, network: &str) -> Option<Ticket> {
    let channel = channel_of(desk, network).await.id;
    let filter = Filter { channel: Some(channel), ..Filter::default() };
    let mut tx = desk.house.db.read().await.unwrap();
    let rows = select::page(&mut tx, desk.brand, &filter, Sort::Newest, None, 100).await.unwrap();
    rows.into_iter().next().map(|l| l.ticket)
}

type Settings = Vec<(String, String)>;

/// The settings that lead nowhere, and those that lead back.
fn elsewhere(desk: &Desk, network: &str) -> (Settings, Settings) {
    let pair = |key: &str, value: String| (key.to_owned(), value);
    // Nobody listens on the discard port of a machine of today.
    let nowhere = "http://127.0.0.1:9/nowhere".to_owned();
    match network {
        "email" => {
            let right = desk.simulator.email.settings("support@aubepine.example", "demo-password");
            let right: Settings = right.into_iter().filter(|(k, _)| k.ends_with("_port")).collect();
            (right.iter().map(|(k, _)| (k.clone(), "9".to_owned())).collect(), right)
        }
        "bridge" => {
            let right = format!("{}/replies", desk.simulator.api_base("bridge"));
            (vec![pair("url", nowhere)], vec![pair("url", right)])
        }
        _ => (vec![pair("api_base", nowhere)], vec![pair("api_base", desk.simulator.api_base(network))]),
    }
}

/// Makes it happen at the next call.
async fn befall(desk: &Desk, network: &str, channel: &Channel, trouble: Trouble) {
    let s = &desk.simulator;
    let house = Scope::house(desk.brand);
    if trouble == Trouble::IsSilent {
        let (nowhere, _) = elsewhere(desk, network);
        return connect::reconnect(&desk.house, &house, channel.id, &nowhere).await.unwrap();
    }
    let refused = trouble == Trouble::Refuses;
    let code = if refused { 190 } else { 4 };
    let google =
        |status, reason: &str| Answered::of(status, json!({"error": {"message": "x", "errors": [{"reason": reason}]}}));
    match network {
        "facebook" => s.facebook.refuse_next(code, 0),
        "instagram" => s.instagram.stage.refuse_next(code, 0),
        "whatsapp" => s.whatsapp.stage.refuse_next(code, 0),
        "threads" => s.threads.stage.refuse_next(code, 0),
        "x" => s.x.refuse_next(Answered::of(if refused { 401 } else { 429 }, json!({"title": "x"}))),
        "linkedin" => s.linkedin.refuse_next(Answered::of(if refused { 401 } else { 429 }, json!({"message": "x"}))),
        "tiktok" => {
            let code = if refused { 40_105 } else { 40_100 };
            s.tiktok.refuse_next(Answered::ok(json!({"code": code, "message": "x"})));
        }
        "youtube" if refused => s.youtube.refuse_next(google(401, "authError")),
        "youtube" => s.youtube.refuse_next(google(403, "quotaExceeded")),
        "bridge" => s.bridge.answer_next(if refused { 401 } else { 429 }, json!({"after": 90})),
        "email" => {
            let wrong = vec![("password".to_owned(), "not this one".to_owned())];
            connect::reconnect(&desk.house, &house, channel.id, &wrong).await.unwrap();
        }
        other => panic!("{other} has no troubles of its own here: add them"),
    }
}

/// All is well again.
async fn mend(desk: &Desk, network: &str, channel: &Channel) {
    let (_, mut right) = elsewhere(desk, network);
    if network == "email" {
        right.push(("password".to_owned(), "demo-password".to_owned()));
    }
    connect::reconnect(&desk.house, &Scope::house(desk.brand), channel.id, &right).await.unwrap();
    desk.settle().await;
}

async fn colleague(desk: &Desk, name: &str, locale: Lang) -> Visitor {
    let email = format!("{}@guichet.example", name.to_lowercase());
    let (name, brand, password) = (name.to_owned(), Some(desk.brand), Some(PASSWORD.to_owned()));
    let new = NewAgent { email: email.clone(), name, role: Role::Admin, brand, password, locale };
    people::add(&desk.house, Host::Operator, new).await.unwrap();
    let token = people::sign_in(&desk.house, &email, PASSWORD.into(), "127.0.0.1", "story").await.unwrap();
    Visitor::new(desk.web.clone(), email, token)
}

async fn say(desk: &Desk, who: &Visitor, ticket: &Ticket, text: String) {
    let visibility = ticket.visibility;
    let words =
        Reply { ticket: ticket.id, text, files: Vec::new(), visibility, to: None, client_key: None, at_once: true };
    reply::reply(&desk.house, &desk.scope(who).await, words).await.unwrap();
    desk.settle().await;
}

async fn every_trouble_of(network: &str, desk: &Desk, readers: &[(Lang, Visitor)]) {
    let ticket = ticket_of(desk, network).await.unwrap_or_else(|| panic!("nobody wrote by {network}"));
    for trouble in Trouble::ALL {
        // A mail server has no word for quiet: what it puts off is one letter.
        if network == "email" && trouble == Trouble::WantsQuiet {
            continue;
        }
        let channel = channel_of(desk, network).await;
        assert_eq!(channel.health(desk.house.now()), Health::Active, "{network} before {trouble:?}");
        befall(desk, network, &channel, trouble).await;
        say(desk, &readers[0].1, &ticket, format!("Bonjour ({trouble:?})")).await;
        let channel = channel_of(desk, network).await;
        let said = desk.messages(ticket.id).await.pop();
        assert_eq!(channel.health(desk.house.now()), trouble.health(), "{network}: {channel:?} {said:?}");
        for (lang, reader) in readers {
            let words = trouble.words(*lang);
            let at = async |path: String, selector: &str| reader.get(&path).await.expect(200).all(selector).join(" | ");
            let card = at(format!("/settings/channels/{}", channel.id), ".sheet .coll").await;
            let queue = at("/inbox/open".into(), ".queue .coll").await;
            let composer = at(format!("/tickets/{}", ticket.id), ".conv .coll").await;
            for (place, seen) in [("card", card), ("queue", queue), ("composer", composer)] {
                assert!(seen.contains(words), "{network}, {trouble:?}, {place}: {seen}");
            }
        }
        if trouble == Trouble::IsSilent {
            let found = connect::check(&desk.house, &desk.scope(&readers[0].1).await, channel.id).await.unwrap();
            assert!(!found.problems.is_empty(), "{network}");
            let said = format!("{:?}", found.problems);
            assert!(!said.contains("accept"), "who does not answer has refused nothing: {said}");
        }
        mend(desk, network, &channel).await;
        let queue = readers[0].1.get("/inbox/open").await.expect(200).all(".queue .coll");
        assert!(queue.is_empty(), "{network} is well again: {queue:?}");
        // What waited goes out; what may have gone out is looked for.
        desk.pass(Duration::from_mins(3)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_about_to_reply_knows_what_is_the_matter() {
    let desk = Desk::open(Engine::Sqlite).await;
    // The bot would be the one that is refused.
    std::fs::write(desk.folder().join("STOP_BOT"), "").unwrap();
    peopled(&desk).await;
    let readers =
        [(Lang::Fr, colleague(&desk, "Flora", Lang::Fr).await), (Lang::En, colleague(&desk, "Ellen", Lang::En).await)];
    for network in NETWORKS {
        every_trouble_of(network.slug(), &desk, &readers).await;
    }
}
