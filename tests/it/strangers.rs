//! Strangers at every door. The doors come from the router's own table, so one that is added is
//! knocked at too; what must not be seen is a brand of one's own, full of canaries.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, header};
use guichet::base::id::{AgentId, BrandId, ChannelId, ContactId, MergeId, MessageId, TicketId};
use guichet::desk::agent::Role;
use guichet::desk::scope::Scope;
use guichet::flow::people::{self, Host, NewAgent};
use guichet::flow::{library, merge, reply};
use guichet::store::select::{self, Filter, Sort, States};
use guichet::store::{agents, channels, choices, contacts, deliveries, messages, proposals, surveys};
use guichet::web::router::{Access, Route, table};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::visitor::{Answer, send};
use crate::support::{Desk, Visitor};

/// Whatever is seen of these words was seen by somebody who should not.
const CANARY: &str = "canari";

/// The brand nobody else should see, and one of everything in it.
struct Theirs {
    brand: BrandId,
    ticket: TicketId,
    message: MessageId,
    contact: ContactId,
    channel: ChannelId,
    agent: AgentId,
    merge: MergeId,
    delivery: String,
    learnt: crate::learning::Traces,
    boss: Visitor,
}

async fn a_brand_of_canaries(desk: &Desk) -> Theirs {
    let (brand, page) = desk.second_brand().await;
    let boss = desk.agent_at(brand, "Béatrice-canari", Role::Admin).await;
    let facebook = &desk.simulator.facebook;
    let post = facebook.publish(page, "Nouveau canari");
    for (id, name) in [("901", "Zélie Canari"), ("902", "Yves Canari")] {
        facebook.comment(page, &post, (id, name), "C’est combien, le canari ?");
    }
    facebook.push_raw(page, format!("{{\"object\":\"page\",\"entry\":[{{\"id\":\"{page}\",\"canari\":").into_bytes());
    desk.settle().await;
    let scope = Scope::house(brand);
    let tickets = of(desk, brand).await;
    let (ticket, other) = (tickets[0].clone(), tickets[1].clone());
    let merge =
        merge::contacts_into(&desk.house, &desk.scope(&boss).await, other.contact_id, ticket.contact_id).await.unwrap();
    let wanted = reply::Reply {
        ticket: ticket.id,
        text: "Le canari est à 12 €".into(),
        files: Vec::new(),
        visibility: guichet::desk::message::Visibility::Public,
        to: None,
        client_key: None,
        at_once: false,
    };
    reply::reply(&desk.house, &desk.scope(&boss).await, wanted).await.unwrap();
    let mut tx = desk.house.db.read().await.unwrap();
    let message = messages::of_ticket(&mut tx, brand, ticket.id).await.unwrap()[0].id;
    let channel = channels::of_brand(&mut tx, brand).await.unwrap()[0].id;
    let delivery = deliveries::quarantined(&mut tx, brand, 5).await.unwrap()[0].id.to_string();
    let agent = agents::by_email(&mut tx, &boss.email).await.unwrap().unwrap().agent.id;
    let contact = contacts::get(&mut tx, &scope, ticket.contact_id).await.unwrap().id;
    drop(tx);
    let newcomer = NewAgent {
        email: "invite@canari.example".into(),
        name: "Invité canari".into(),
        role: Role::Agent,
        brand: Some(brand),
        password: None,
        locale: guichet::base::Lang::Fr,
    };
    people::add(&desk.house, Host::Operator, newcomer).await.unwrap();
    let entry = "+++\nid = \"theirs\"\ntitle = { fr = \"Le canari\", en = \"The canari\" }\n+++\n## fr\n### answer\nUn canari.\n## en\n### answer\nA canari.\n";
    library::import(&desk.house, brand, &[("delivery/theirs.md".into(), entry.into())]).await.unwrap();
    let learnt = crate::learning::traces(desk, brand, message).await;
    Theirs { learnt, brand, ticket: ticket.id, message, contact, channel, agent, merge, delivery, boss }
}

async fn of(desk: &Desk, brand: BrandId) -> Vec<guichet::desk::ticket::Ticket> {
    let mut tx = desk.house.db.read().await.unwrap();
    let listed = select::page(&mut tx, brand, &Filter::default(), Sort::Oldest, None, 100).await.unwrap();
    listed.into_iter().map(|l| l.ticket).collect()
}

/// All there is of the brand, in one text: when it changes, somebody did something there.
async fn state_of(desk: &Desk, brand: BrandId) -> String {
    let mut tx = desk.house.db.read().await.unwrap();
    let mut all = String::new();
    for states in [States::Open, States::One(guichet::desk::ticket::State::Resolved)] {
        let filter = Filter { states, ..Filter::default() };
        for line in select::page(&mut tx, brand, &filter, Sort::Oldest, None, 100).await.unwrap() {
            all += &format!("{:#?}\n", line.ticket);
            for m in messages::of_ticket(&mut tx, brand, line.ticket.id).await.unwrap() {
                all += &format!("{m:#?}\n");
            }
        }
    }
    all += &format!("{:#?}\n", contacts::list(&mut tx, brand, "", 100).await.unwrap());
    all += &format!("{:#?}\n", agents::colleagues(&mut tx, brand).await.unwrap());
    all += &format!("{:#?}\n", deliveries::quarantined(&mut tx, brand, 100).await.unwrap());
    all += &format!("{:#?}\n", surveys::of(&mut tx, brand).await.unwrap());
    all += &format!("{:#?}\n", surveys::clusters(&mut tx, brand).await.unwrap());
    all += &format!("{:#?}\n", choices::last(&mut tx, brand, 100).await.unwrap());
    all += &format!("{:#?}\n", proposals::open(&mut tx, brand).await.unwrap());
    for channel in channels::of_brand(&mut tx, brand).await.unwrap() {
        all += &format!("{} {:?} {:?} {:?}\n", channel.id, channel.name, channel.state, channel.connection_id);
    }
    all
}

/// The path of a door, with what is theirs behind it.
fn path(route: &Route, t: &Theirs) -> String {
    let id = match route.path {
        p if p.starts_with("/tickets") || p.starts_with("/api/v1/tickets") => t.ticket.to_string(),
        p if p.starts_with("/messages") || p.starts_with("/api/v1/messages") => t.message.to_string(),
        p if p.starts_with("/contacts") || p.starts_with("/api/v1/contacts") => t.contact.to_string(),
        p if p.starts_with("/settings/channels") => t.channel.to_string(),
        p if p.starts_with("/settings/people") => t.agent.to_string(),
        p if p.starts_with("/settings/troubles") || p.starts_with("/api/v1/inbound") => t.delivery.clone(),
        p if p.starts_with("/bot/missed/choices") => t.learnt.choice.to_string(),
        p if p.starts_with("/bot/missed/proposals") => t.learnt.proposal.to_string(),
        p if p.starts_with("/bot/missed") => t.learnt.cluster.to_string(),
        p if p.starts_with("/merges") || p.starts_with("/bot/") => t.merge.to_string(),
        p => {
            assert!(!p.contains("{id}"), "what stands behind {p}? Say it here");
            String::new()
        }
    };
    let path = route
        .path
        .replace("{id}", &id)
        .replace("{view}", "todo")
        .replace("{network}", "facebook")
        .replace("{message}", &t.message.to_string())
        .replace("{n}", "0")
        .replace("{token}", "0123456789abcdef0123456789abcdef")
        .replace("{link}", "0123")
        .replace("{number}", "1")
        .replace("{folder}", "delivery")
        .replace("{slug}", "theirs")
        .replace("{file}", "guichet.css");
    assert!(!path.contains('{'), "{path}: what stands there? Say it here");
    if path == "/api/v1/search" { format!("{path}?q={CANARY}") } else { path }
}

/// What a door wants to hear, so that nobody is sent away for the wrong reason.
fn words(route: &Route, t: &Theirs) -> Value {
    match (route.method, route.path) {
        ("GET" | "DELETE", _) => Value::Null,
        (_, "/tickets/{id}/reply") => json!({"text": "pris", "visibility": "public"}),
        (_, "/tickets/{id}/draft") => json!({"text": "pris", "visibility": "public"}),
        (_, "/tickets/{id}/files") => json!({"text": "pris", "visibility": "internal", "files": "pris"}),
        (_, "/tickets/{id}/files/let-go") => {
            json!({"text": "pris", "visibility": "internal", "file": t.ticket.to_string()})
        }
        (_, "/tickets/{id}/undo") => json!({"act": t.ticket.to_string()}),
        (_, "/tickets/{id}/state") => json!({"state": "resolved"}),
        (_, "/tickets/{id}/assign") => json!({"assignee": "me"}),
        (_, "/tickets/{id}/stage") => json!({"stage": "customer"}),
        (_, "/tickets/{id}/labels") => json!({"labels": "pris"}),
        (_, "/tickets/{id}/priority") => json!({"priority": "urgent"}),
        (_, "/tickets/{id}/escalate") => json!({"team": t.ticket.to_string(), "reason": "pris", "summary": ""}),
        (_, "/tickets/{id}/merge") => json!({"from": t.ticket.to_string()}),
        (_, "/messages/{id}/moderate") => json!({"action": "hide"}),
        (_, "/messages/{id}/decide") => json!({"outcome": "send_again"}),
        (_, "/tickets/{id}/approved") => json!({"name": "pris", "language": "fr", "value": "pris"}),
        (_, "/tickets/{id}/assist") => json!({"text": "", "visibility": "public"}),
        (_, "/messages/{id}/judge") => json!({"right": "0"}),
        (_, "/contacts/{id}/merge") => json!({"from": t.contact.to_string()}),
        (_, "/settings/me") => json!({"theme": "dark"}),
        (_, "/settings/channels/new/{network}") => {
            json!({"name": "pris", "page_id": "1", "page_token": "x", "app_secret": "abcdefgh", "verify_token": "xyz", "api_base": ""})
        }
        (_, "/settings/channels/new/{network}/login") => json!({"name": "pris", "client_id": "x"}),
        (_, "/settings/login/confirm") => json!({"token": "x", "account": "1"}),
        (_, "/settings/channels/{id}/pause") => json!({"paused": "true"}),
        (_, "/settings/channels/{id}/reconnect") => json!({"page_token": "pris"}),
        (_, "/settings/people") => json!({"email": "pris@x.example", "name": "Pris", "role": "admin"}),
        (_, "/settings/people/{id}/role") => json!({"role": "viewer"}),
        (_, "/settings/people/{id}/access") => json!({"disabled": "true"}),
        (_, "/settings/brands") => json!({"name": "Prise", "timezone": "Europe/Paris"}),
        (_, "/login") => json!({"email": "x@x.example", "password": "x", "next": ""}),
        (_, "/setup") => {
            json!({"link": "x", "name": "X", "email": "x@x.example", "password": "trois petits chats", "brand": "X", "timezone": "Europe/Paris"})
        }
        (_, "/invite/{link}") => json!({"password": "trois petits chats"}),
        (_, "/api/v1/tickets/{id}") => json!({"state": "resolved"}),
        (_, "/api/v1/tickets/{id}/replies") => json!({"text": "pris", "visibility": "public", "client_key": "k"}),
        (_, "/api/v1/tickets/{id}/notes") => json!({"text": "pris", "client_key": "n"}),
        (_, "/api/v1/tickets/{id}/escalate") => json!({"team": "sales", "reason": "pris"}),
        (_, "/api/v1/messages/{id}/moderate") => json!({"action": "hide"}),
        (_, "/api/v1/messages/{id}/resolve-delivery") => json!({"outcome": "send_again"}),
        (_, "/replies") => json!({"path": "delivery/taken", "source": "+++\n+++\n"}),
        (_, "/replies/{folder}/{slug}") => json!({"source": "+++\n+++\n", "version": "1"}),
        (_, "/settings/bot/mode") => json!({"path": "hours/opening-hours", "visibility": "private", "mode": "off"}),
        (_, "/settings/bot/evidence") => json!({"path": "hours/opening-hours", "visibility": "private"}),
        (_, "/settings/bot/connectors") => json!({"name": "pris", "address": "https://taken.example/"}),
        (_, "/settings/bot/connectors/test") => json!({"name": "pris", "slots": ""}),
        (_, "/settings/bot/connectors/remove") => json!({"name": "pris"}),
        (_, "/settings/assist") => json!({"address": "https://taken.example/v1", "model": "pris", "may": "draft"}),
        (_, "/settings/bot/switch") => json!({"stop": "1"}),
        (_, "/bot/new") => json!({"path": "delivery/taken", "source": "+++\n+++\n"}),
        (_, "/bot/rules/{folder}/{slug}") => json!({"source": "+++\n+++\n", "version": "0"}),
        (_, "/bot/rules/{folder}/{slug}/remove" | "/bot/rules/{folder}/{slug}/drop") => json!({"version": "0"}),
        (_, "/bot/rules/{folder}/{slug}/propose") => json!({"words": "pris"}),
        (_, "/bot/replay") => json!({"last": "10"}),
        (_, "/bot/replays/{id}/judge") => json!({"n": "0", "said": "wrong"}),
        (_, "/bot/replays/{id}/mend") => {
            json!({"remedy": "{\"do\":\"none_of\",\"entry\":\"delivery/theirs\",\"language\":\"fr\",\"words\":[\"pris\"]}"})
        }
        (_, "/bot/publish") => json!({"reach": "all"}),
        (_, "/bot/agree") => json!({"print": "x"}),
        (_, "/bot/tests/withdraw") => json!({"path": "hours/opening-hours", "said": "x"}),
        (_, "/bot/rollback") => json!({"number": "1"}),
        (_, "/bot/missed/{id}/attach") => json!({"path": "delivery/theirs", "fr": "pris"}),
        (_, "/bot/missed/new") => {
            json!({"cluster": t.learnt.cluster.to_string(), "folder": "delivery", "name": "taken", "title_fr": "Pris", "title_en": "Taken", "answer_fr": "Pris", "answer_en": "Taken"})
        }
        (_, "/settings/facts") => json!({"website": "https://taken.example"}),
        // These take nothing.
        (
            _,
            "/logout"
            | "/bot/missed/again"
            | "/bot/missed/{id}/ignore"
            | "/bot/missed/choices/{id}/back"
            | "/bot/missed/proposals/{id}/decline"
            | "/replies/{folder}/{slug}/remove"
            | "/bot/proposals/{id}"
            | "/bot/starter"
            | "/bot/promote"
            | "/bot/replays/{id}/cancel"
            | "/merges/{id}/undo"
            | "/messages/{id}/take-back"
            | "/tickets/{id}/not-useful"
            | "/settings/channels/{id}/check"
            | "/settings/channels/{id}/login"
            | "/settings/people/{id}/link"
            | "/settings/troubles/{id}/replay"
            | "/api/v1/inbound/{id}/replay"
            | "/hooks/{token}",
        ) => json!({}),
        (method, path) => panic!("what does {method} {path} want to hear? Say it here"),
    }
}

/// Who knocks.
enum Who<'a> {
    Cookie(&'a str),
    Bearer(&'a str),
    Nobody,
}

async fn knock(desk: &Desk, route: &Route, path: &str, words: &Value, who: &Who<'_>) -> Answer {
    let method = Method::from_bytes(route.method.as_bytes()).unwrap();
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "desk.example");
    match who {
        Who::Cookie(token) => {
            request =
                request.header(header::COOKIE, format!("guichet={token}")).header("sec-fetch-site", "same-origin");
        }
        Who::Bearer(token) => request = request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        Who::Nobody => {}
    }
    let body = if words.is_null() {
        Body::empty()
    } else if path.starts_with("/api/") || path.starts_with("/hooks/") {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from(words.to_string())
    } else if route.path == "/tickets/{id}/files" {
        request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=PART");
        let part = |(k, v): (&String, &Value)| {
            let file = if k == "files" { "; filename=\"pris.txt\"" } else { "" };
            format!("--PART\r\ncontent-disposition: form-data; name=\"{k}\"{file}\r\n\r\n{}\r\n", v.as_str().unwrap())
        };
        Body::from(words.as_object().unwrap().iter().map(part).collect::<String>() + "--PART--\r\n")
    } else {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let fields = words.as_object().unwrap();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (k, v) in fields {
            form.append_pair(k, v.as_str().unwrap());
        }
        Body::from(form.finish())
    };
    send(&desk.web, request.body(body).unwrap()).await
}

fn screens() -> impl Iterator<Item = Route> {
    table().into_iter().filter(|r| r.access != Access::Program)
}

fn programs() -> impl Iterator<Item = Route> {
    table().into_iter().filter(|r| r.access == Access::Program)
}

/// Leaving is everybody's own affair.
fn is_own_affair(route: &Route) -> bool {
    matches!(route.path, "/logout" | "/settings/me")
}

on_both! {
    /// Without a session, over in whatever way, one is sent to the door.
    async fn who_is_not_signed_in_sees_nothing(desk) {
        let theirs = a_brand_of_canaries(&desk).await;
        let shut_out = desk.agent_at(theirs.brand, "Denis-canari", Role::Admin).await;
        let mut tx = desk.house.db.write().await.unwrap();
        let id = agents::by_email(&mut tx, &shut_out.email).await.unwrap().unwrap().agent.id;
        agents::disable(&mut tx, id, Some(desk.house.now())).await.unwrap();
        tx.commit().await.unwrap();
        let late = desk.agent_at(theirs.brand, "Tard-canari", Role::Admin).await;
        desk.clock.forward(people::IDLE + Duration::from_secs(1));
        let before = state_of(&desk, theirs.brand).await;
        let mut knocked = 0;
        for route in screens() {
            for (name, who) in [("nobody", Who::Nobody), ("shut out", Who::Cookie(&shut_out.token)), ("over", Who::Cookie(&late.token)), ("made up", Who::Cookie(&"ab".repeat(32)))] {
                let answer = knock(&desk, &route, &path(&route, &theirs), &words(&route, &theirs), &who).await;
                assert!(!answer.text.to_lowercase().contains(CANARY), "{name}: {} {} shows {}", route.method, route.path, answer.text);
                if route.access == Access::Person {
                    let refused = matches!(answer.status.as_u16(), 303 | 400);
                    assert!(refused, "{name}: {} {} answers {}", route.method, route.path, answer.status);
                    assert!(answer.status != 303 || answer.location().starts_with("/login"), "{name}: {} leads to {}", route.path, answer.location());
                }
                knocked += 1;
            }
        }
        assert!(knocked > 150, "only {knocked} knocks: is the table whole?");
        assert_eq!(state_of(&desk, theirs.brand).await, before);
    }

    /// A colleague of another brand, whatever they are there, finds none of these doors.
    async fn another_brand_does_not_exist(desk) {
        let theirs = a_brand_of_canaries(&desk).await;
        let ours = desk.agent("Amélie", Role::Admin).await;
        let before = state_of(&desk, theirs.brand).await;
        for route in screens().filter(|r| !is_own_affair(r)) {
            let path = path(&route, &theirs);
            let answer = knock(&desk, &route, &path, &words(&route, &theirs), &Who::Cookie(&ours.token)).await;
            let shown = answer.text.to_lowercase();
            assert!(!shown.contains(CANARY) && !shown.contains("vélora"), "{} {} shows {}", route.method, route.path, answer.text);
            if route.path.contains("{id}") {
                assert!(matches!(answer.status.as_u16(), 403 | 404), "{} {} answers {}", route.method, route.path, answer.status);
            }
            // Naming the brand does not help either.
            if route.method == "GET" {
                let path = format!("{path}{}brand=velora", if path.contains('?') { "&" } else { "?" });
                let answer = knock(&desk, &route, &path, &Value::Null, &Who::Cookie(&ours.token)).await;
                assert!(!answer.text.to_lowercase().contains(CANARY), "{path} shows {}", answer.text);
            }
        }
        for found in ["canari", "zélie", "from:zélie canari"] {
            let page = ours.get(&format!("/search?q={}", url::form_urlencoded::byte_serialize(found.as_bytes()).collect::<String>())).await;
            assert!(!page.text.contains("Le canari"), "{found}");
        }
        assert_eq!(state_of(&desk, theirs.brand).await, before);
        // It is there, for whom it belongs to: the test could have failed.
        assert!(theirs.boss.get(&format!("/tickets/{}", theirs.ticket)).await.expect(200).text.contains("canari"));
    }

    /// A viewer reads and changes nothing, also when they lead elsewhere.
    async fn a_viewer_changes_nothing(desk) {
        let theirs = a_brand_of_canaries(&desk).await;
        let viewer = desk.agent_at(theirs.brand, "Victor", Role::Viewer).await;
        let both = desk.agent("Lou", Role::Admin).await;
        let mut tx = desk.house.db.write().await.unwrap();
        let id = agents::by_email(&mut tx, &both.email).await.unwrap().unwrap().agent.id;
        agents::grant(&mut tx, id, theirs.brand, Role::Viewer).await.unwrap();
        tx.commit().await.unwrap();
        let before = state_of(&desk, theirs.brand).await;
        for visitor in [&viewer, &both] {
            for route in screens().filter(|r| r.access == Access::Person && r.method != "GET" && !is_own_affair(r)) {
                let path = path(&route, &theirs);
                let answer = knock(&desk, &route, &format!("{path}?brand=velora"), &words(&route, &theirs), &Who::Cookie(&visitor.token)).await;
                let may_found = route.path == "/settings/brands" && visitor.email == both.email;
                assert!(may_found || matches!(answer.status.as_u16(), 403 | 404 | 422), "{} {} answers {}", visitor.email, route.path, answer.status);
                // Looking at the brand they lead does not lift them at the other one.
                if route.path.contains("{id}") {
                    let answer = knock(&desk, &route, &format!("{path}?brand=aubepine"), &words(&route, &theirs), &Who::Cookie(&visitor.token)).await;
                    assert!(matches!(answer.status.as_u16(), 403 | 404 | 422), "{} {} answers {}", visitor.email, route.path, answer.status);
                }
            }
        }
        assert_eq!(state_of(&desk, theirs.brand).await, before);
        assert!(viewer.get(&format!("/tickets/{}", theirs.ticket)).await.expect(200).text.contains("canari"));
    }

    /// The same doors for programs: without a key, with one that is over, too weak, or another's.
    async fn programs_see_what_their_person_may(desk) {
        let theirs = a_brand_of_canaries(&desk).await;
        let ours = desk.agent("Amélie", Role::Admin).await;
        let key = |email: String, scopes: &'static [&'static str], lasts: Option<Duration>| {
            let house = desk.house.clone();
            let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
            async move { people::create_token(&house, &email, &scopes, lasts).await.unwrap().1 }
        };
        let foreign = key(ours.email.clone(), &["admin"], None).await;
        let over = key(theirs.boss.email.clone(), &["admin"], Some(Duration::from_hours(1))).await;
        let reader = key(theirs.boss.email.clone(), &["read"], None).await;
        let viewer = desk.agent_at(theirs.brand, "Victor", Role::Viewer).await;
        let viewer = key(viewer.email.clone(), &["read", "write"], None).await;
        let shut_out = desk.agent_at(theirs.brand, "Denis", Role::Admin).await;
        let shut_out_key = key(shut_out.email.clone(), &["admin"], None).await;
        let mut tx = desk.house.db.write().await.unwrap();
        let id = agents::by_email(&mut tx, &shut_out.email).await.unwrap().unwrap().agent.id;
        agents::disable(&mut tx, id, Some(desk.house.now())).await.unwrap();
        tx.commit().await.unwrap();
        desk.clock.forward(Duration::from_hours(2));
        let before = state_of(&desk, theirs.brand).await;
        for route in programs() {
            let path = path(&route, &theirs);
            let said = words(&route, &theirs);
            for (name, who, statuses) in [
                ("no key", Who::Nobody, &[401][..]),
                ("a made-up key", Who::Bearer("guichet_00"), &[401]),
                ("a session as key", Who::Bearer(&theirs.boss.token), &[401]),
                ("a key as session", Who::Cookie(&foreign), &[401]),
                ("a key that is over", Who::Bearer(&over), &[401]),
                ("the key of somebody shut out", Who::Bearer(&shut_out_key), &[401]),
                ("another brand's key", Who::Bearer(&foreign), if route.path.contains("{id}") { &[403, 404] } else { &[200] }),
            ] {
                let answer = knock(&desk, &route, &path, &said, &who).await;
                let got = answer.status.as_u16();
                assert!(statuses.contains(&got), "{name}: {} {} answers {got}", route.method, route.path);
                assert!(!answer.text.to_lowercase().contains(CANARY), "{name}: {} shows {}", route.path, answer.text);
            }
            if route.method != "GET" {
                for (name, token) in [("a reader", &reader), ("a viewer", &viewer)] {
                    let got = knock(&desk, &route, &path, &said, &Who::Bearer(token)).await.status.as_u16();
                    assert!(matches!(got, 403 | 404 | 422), "{name}: {} {} answers {got}", route.method, route.path);
                }
            }
        }
        assert_eq!(state_of(&desk, theirs.brand).await, before);
        let seen = knock(&desk, &Route { method: "GET", path: "", access: Access::Program }, "/api/v1/tickets", &Value::Null, &Who::Bearer(&reader)).await;
        assert!(seen.text.contains("canari"), "the reader sees its own: the test could have failed");
    }

    /// A page elsewhere cannot act in the name of whoever is signed in here.
    async fn other_sites_cannot_press_our_buttons(desk) {
        let theirs = a_brand_of_canaries(&desk).await;
        let before = state_of(&desk, theirs.brand).await;
        for route in screens().filter(|r| r.access == Access::Person && r.method == "POST") {
            let said = words(&route, &theirs);
            let fields: Vec<(&str, &str)> = said.as_object().unwrap().iter().map(|(k, v)| (k.as_str(), v.as_str().unwrap())).collect();
            let answer = theirs.boss.post_from_elsewhere(&path(&route, &theirs), &fields, "https://evil.example").await;
            assert_eq!(answer.status, 403, "{}", route.path);
        }
        assert_eq!(state_of(&desk, theirs.brand).await, before);
    }

    /// Whoever manages one brand gets no key to another through a colleague they share.
    async fn a_shared_colleague_is_no_way_in(desk) {
        let theirs = a_brand_of_canaries(&desk).await;
        let ours = desk.agent("Amélie", Role::Admin).await;
        // Inviting somebody else's admin gives them a role here, and us no link to become them.
        let page = ours.post("/settings/people", &[("email", &theirs.boss.email), ("name", "B"), ("role", "viewer")]).await.expect(200);
        assert!(!page.text.contains("/invite/"), "{}", page.text);
        let page = ours.post("/settings/people", &[("email", "invite@canari.example"), ("name", "B"), ("role", "viewer")]).await.expect(200);
        assert!(!page.text.contains("/invite/"));
        for path in [format!("/settings/people/{}/link", theirs.agent), format!("/settings/people/{}/access", theirs.agent)] {
            let answer = ours.post(&path, if path.ends_with("access") { &[("disabled", "true")] } else { &[] }).await;
            assert_eq!(answer.status, 422, "{path}");
            assert!(!answer.text.contains("/invite/"));
        }
        theirs.boss.get("/inbox/todo?brand=velora").await.expect(200);
    }
}
