//! A network added by `docs/adding-a-network.md` alone, in one file: this one. The rest of the house
//! does not know it, and shows it, filters by it, takes its hooks and sends through it.

use async_trait::async_trait;
use axum::body::Body;
use axum::http::Request;
use guichet::base::At;
use guichet::base::json::{self, Reads};
use guichet::base::sign;
use guichet::desk::agent::Role;
use guichet::desk::channel::Settings;
use guichet::desk::delivery::Delivery;
use guichet::desk::inbound::{Author, Element, Event, Said, What, Wrote};
use guichet::desk::limits::{Dm, Length, Limits, Unit};
use guichet::desk::message::{Kind, Visibility};
use guichet::desk::outbound::{LookBack, Outbound, Outcome};
use guichet::flow::reply::{self, Reply};
use guichet::networks::facebook::Facebook;
use guichet::networks::{Card, Checkup, Field, Forged, Hook, Line, Network, PollFrom, Polled, Refused, Unreadable};
use guichet::simulator::weather::Weather;
use serde_json::json;

use crate::hooks::post;
use crate::support::desk::PAGE;
use crate::support::visitor::send;
use crate::support::{Desk, Engine};

/// Tin cans with a string between them.
struct Toy;

static WITH_TOY: &[&dyn Network] = &[&Facebook, &Toy];

#[async_trait]
impl Network for Toy {
    fn slug(&self) -> &'static str {
        "toy"
    }

    fn card(&self) -> Card {
        Card {
            name: "Tin cans",
            brings: ("Ce qui passe par la ficelle", "Whatever comes along the string"),
            fields: &[
                Field { key: "can", label: ("Boîte", "Can"), secret: false, required: true, shared: false },
                Field { key: "secret", label: ("Secret", "Secret"), secret: true, required: true, shared: true },
                Field { key: "api_base", label: ("Adresse", "Address"), secret: false, required: false, shared: true },
            ],
            account: "can",
            help: "https://en.wikipedia.org/wiki/Tin_can_telephone",
            hooks: true,
        }
    }

    fn limits(&self) -> Limits {
        let length = Length::of(12, Unit::Graphemes);
        Limits { dm: Some(Dm { length, window: None, human_window: None }), ..Limits::default() }
    }

    fn verify(&self, settings: &Settings, hook: &Hook, _now: At) -> Result<(), Forged> {
        let given = hook.header("x-hub-signature-256").and_then(|s| s.strip_prefix("sha256=")).ok_or(Forged)?;
        let secret = settings.get("secret").ok_or(Forged)?;
        if sign::hex_matches(secret.as_bytes(), &[&hook.body], given) { Ok(()) } else { Err(Forged) }
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
        let (id, who) = (body.id("id").unwrap_or_default(), body.id("who").unwrap_or_default());
        let author = Author { name: Some(who.clone()), id: who, handle: None };
        let wrote = Wrote {
            partner: Some(author.clone()),
            text: body.text("text").map(str::to_owned),
            ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, author.id.clone())
        };
        let wrote = Wrote { author: Some(author), ..wrote };
        let said = Said::Event(Box::new(Event { at: None, what: What::Wrote(wrote) }));
        Ok(vec![Element { account: body.id("can"), key: format!("w:{id}"), said }])
    }

    async fn poll(&self, _: &Line<'_>, _: &PollFrom) -> Result<Polled, Refused> {
        Ok(Polled { body: None, cursor: None, more: false })
    }

    async fn hydrate(&self, _: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        Ok(wrote)
    }

    async fn send(&self, _: &Line<'_>, out: &Outbound) -> Outcome {
        Outcome::Sent { external_id: Some(format!("echo of {}", out.text)), recipient: None }
    }

    async fn look_back(&self, _: &Line<'_>, _: &Outbound) -> LookBack {
        LookBack::Absent
    }

    async fn check(&self, _: &Line<'_>) -> Checkup {
        Checkup { can: vec!["receive", "dm"], ..Checkup::default() }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_in_one_file_is_everywhere() {
    let desk = Desk::speaking(Engine::Sqlite, Weather::default(), WITH_TOY).await;
    let ada = desk.agent("Ada", Role::Admin).await;

    // In the list and the connect form; connected through it.
    assert!(ada.get("/settings/channels").await.expect(200).seen().contains("Tin cans"));
    let form = ada.get("/settings/channels/new/toy").await.expect(200);
    assert!(
        form.attr("input[name=can]", "required").is_some() && form.attr("input[name=secret]", "required").is_some()
    );
    let missing = ada.post("/settings/channels/new/toy", &[("name", "Ficelle"), ("can", "c1")]).await.expect(422);
    assert!(missing.seen().contains("Secret"), "{}", missing.seen());
    let fields = [("name", "Ficelle"), ("can", "c1"), ("secret", "chut")];
    let made = ada.post("/settings/channels/new/toy", &fields).await.expect(303);
    let card = ada.get(made.location()).await.expect(200);
    let seen = format!("{} {}", card.seen(), card.attr("input[readonly]", "value").unwrap_or_default());
    let hook = seen.split("/hooks/").nth(1).expect("the card shows the hook").chars().take(32).collect::<String>();
    let hook = format!("/hooks/{hook}");

    // Behind its hook: forged bodies are turned away, good ones are tickets, twice is once.
    let body = json!({"can": "c1", "id": "1", "who": "Léa", "text": "allô ?"}).to_string().into_bytes();
    let signed = |secret: &str| format!("sha256={}", hex::encode(sign::hmac_sha256(secret.as_bytes(), &[&body])));
    assert_eq!(post(&desk, &hook, body.clone(), Some(&signed("fort"))).await, 401);
    for _ in 0..2 {
        assert_eq!(post(&desk, &hook, body.clone(), Some(&signed("chut"))).await, 200);
    }
    assert_eq!(send(&desk.web, Request::get(&hook).body(Body::empty()).unwrap()).await.status.as_u16(), 403);
    desk.settle().await;
    let ticket = desk.ticket().await;
    assert_eq!((ticket.network.as_str(), desk.messages(ticket.id).await.len()), ("toy", 1));

    // In the filters, the views, the search and the API.
    desk.simulator.facebook.visitor_post(PAGE, ("9", "Paul"), "Bonjour");
    desk.settle().await;
    for (path, lea) in [
        ("/inbox/open?network=toy", true),
        ("/inbox/open?network=facebook", false),
        ("/search?q=network:toy", true),
        ("/search?q=network:facebook", false),
    ] {
        let seen = ada.get(path).await.expect(200).all("a.q, .hit").join(" ");
        assert_eq!(seen.contains("Léa"), lea, "{path}: {seen}");
    }
    assert!(ada.get("/inbox/open").await.expect(200).seen().contains("Ficelle"), "its channel is among the views");
    let program = desk.program(&ada, &["read"]).await;
    let listed = program.get("/tickets?network=toy").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);

    // Its limits hold, and what goes out goes through it.
    let say = |text: &str| {
        let (ticket, text, visibility) = (ticket.id, text.to_owned(), Visibility::Private);
        Reply { ticket, text, files: Vec::new(), visibility, to: None, client_key: None, at_once: true }
    };
    let scope = desk.scope(&ada).await;
    assert!(reply::reply(&desk.house, &scope, say("treize lettres")).await.is_err());
    reply::reply(&desk.house, &scope, say("oui ?")).await.unwrap();
    desk.settle().await;
    let said = desk.messages(ticket.id).await.pop().unwrap();
    assert_eq!((said.delivery, said.external_id.as_deref()), (Some(Delivery::Sent), Some("echo of oui ?")));
}
