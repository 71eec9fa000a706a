//! The bridge: a network without an API of its own. The page's own script carries a conversation both
//! ways; what it leaves out is told with a simulated one.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use guichet::base::id::ChannelId;
use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::desk::ticket::State;
use guichet::flow::connect;
use guichet::store::messages::Message;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::replies::{again, said, words};
use crate::support::serving::Serving;
use crate::support::{Desk, Engine, Visitor};

const SECRET: &str = "whsec_YSBiaXQgb2Ygc2VjcmVjeSwgQ0FOQVJZ";

/// The script that stands on the page.
fn script() -> String {
    let page = std::fs::read_to_string("docs/networks/bridge.md").unwrap();
    let script = page.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap().to_owned();
    let lines = script.lines().filter(|l| !l.trim().is_empty()).count();
    assert!(lines <= 20, "{lines} lines are more than the page promises");
    script
}

/// Kills the script at the end, also when the story fails.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_script_of_the_page_carries_a_conversation() {
    let desk = Serving::open(Engine::Sqlite, None).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/");
    let settings = [("account", "snapchat-aubepine"), ("secret", SECRET), ("url", &url)];
    let (channel, hook) = desk.connect("bridge", &settings).await;
    let mut python = Command::new("python3");
    python.args(["-c", &script()]).env("SECRET", SECRET).env("PORT", port.to_string());
    python.env("HOOK", format!("{}{}", desk.base, hook.unwrap()));
    python.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut running = Running(python.spawn().expect("python3 is needed: run tests/run, or install it"));
    let mut tells = running.0.stdin.take().unwrap();
    let (says, mut said) = tokio::sync::mpsc::unbounded_channel();
    let heard = BufReader::new(running.0.stdout.take().unwrap());
    std::thread::spawn(move || heard.lines().map_while(Result::ok).try_for_each(|line| says.send(line)));

    writeln!(tells, "lea Bonjour, vous livrez à Lille ?").unwrap();
    let (ticket, _) = desk.until("a ticket", async || desk.tickets().await.pop()).await;
    assert_eq!(desk.messages(ticket.id).await[0].text, "Bonjour, vous livrez à Lille ?");
    let answer = desk.say(ticket.id, "Oui, à Lille aussi 🙂").await;
    let carried = tokio::time::timeout(Duration::from_secs(30), said.recv()).await.unwrap();
    assert_eq!(carried.as_deref(), Some("lea Oui, à Lille aussi 🙂"));
    let sent = async || desk.messages(ticket.id).await.into_iter().find(|m| m.delivery == Some(Delivery::Sent));
    assert_eq!(desk.until("the answer being sent", sent).await.0.id, answer.id);
    writeln!(tells, "lea Merci !").unwrap();
    let three = async || Some(desk.messages(ticket.id).await).filter(|all| all.len() == 3);
    assert_eq!(desk.until("her answer", three).await.0[2].text, "Merci !");
    assert_eq!(desk.ticket(ticket.id).await.state, State::Open);
    let found = connect::check(desk.house(), &desk.scope, channel).await.unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    desk.close().await;
}

async fn bridged(desk: &Desk) -> (ChannelId, String) {
    desk.simulator.bridge.share(b"a bit of secrecy, CANARY");
    let url = format!("{}/replies", desk.simulator.api_base("bridge"));
    let settings = [("account", "snap"), ("secret", SECRET), ("url", &url)];
    let settings = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let (channel, hook) = desk.connect("bridge", settings).await;
    (channel, format!("{}{}", desk.base, hook.unwrap()))
}

async fn say(desk: &Desk, who: &Visitor, visibility: Visibility, text: &str) -> Message {
    let ticket = desk.tickets().await.pop().unwrap().id;
    said(desk, who, words(ticket, text, visibility)).await
}

fn dm(id: &str, text: &str) -> Value {
    json!({"type": "message", "id": id, "kind": "dm", "thread": "t1", "from": {"id": "u1", "name": "Léa"}, "text": text})
}

on_both! {
    async fn the_short_ones_of_the_page_mean_what_it_says(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let (_, hook) = bridged(&desk).await;
        let far = &desk.simulator.bridge;
        let page = std::fs::read_to_string("docs/networks/bridge.md").unwrap();
        let shown = page.split("They may come before what they speak of").next().unwrap();
        let shown = shown.rsplit("```json\n").next().and_then(|rest| rest.split("```").next()).unwrap();
        for id in ["m1", "m2"] {
            assert_eq!(far.tell(&hook, &dm(id, "Bonjour, vous livrez à Lille ?")).await, 200);
        }
        desk.settle().await;
        let arrived = say(&desk, &sarah, Visibility::Private, "Oui").await;
        desk.clock.forward(Duration::from_secs(30));
        let failed = say(&desk, &sarah, Visibility::Private, "Avec plaisir").await;
        let key = far.ledger()[1]["key"].as_str().unwrap().to_owned();
        for line in shown.lines() {
            let body: Value = serde_json::from_str(&line.replace("KEY", &key)).unwrap();
            assert_eq!(far.tell(&hook, &body).await, 200, "{line}");
        }
        desk.settle().await;
        let all = desk.messages(desk.ticket().await.id).await;
        let of = |id: &str| all.iter().find(|m| m.external_id.as_deref() == Some(id)).unwrap();
        assert_eq!((of("m1").text.as_str(), of("m1").edited_at.is_some()), ("Bonjour, vous livrez à Lyon ?", true));
        assert!(of("m2").deleted_at.is_some());
        assert_eq!(again(&desk, &arrived).await.delivery, Some(Delivery::Delivered));
        let failed = again(&desk, &failed).await;
        assert_eq!((failed.delivery, failed.delivery_why.as_deref()), (Some(Delivery::Failed), Some("she has left")));
    }

    async fn what_is_told_twice_or_out_of_order_is_told_once(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let (_, hook) = bridged(&desk).await;
        let far = &desk.simulator.bridge;
        // An edit and a deletion before their messages, a batch with an unknown thing inside, all twice.
        let edit = json!({"type": "edit", "id": "m2", "thread": "t1", "from": {"id": "u1", "name": "Léa"}, "text": "deux, mieux", "at": 1_795_255_260});
        let early = json!({"events": [edit, {"type": "delete", "id": "m3"}]});
        let later = json!({"events": [dm("m1", "un"), {"type": "hologram", "id": "x"}, dm("m2", "deux"), dm("m3", "trois"), dm("m1", "un")]});
        for body in [&early, &later, &early, &later] {
            assert_eq!(far.tell(&hook, body).await, 200);
            desk.settle().await;
        }
        let ticket = desk.ticket().await;
        let all = desk.messages(ticket.id).await;
        let mut texts: Vec<(&str, bool)> = all.iter().map(|m| (m.text.as_str(), m.deleted_at.is_some())).collect();
        texts.sort_unstable();
        assert_eq!(texts, [("deux, mieux", false), ("trois", true), ("un", false)]);
        // A reply, its confirmation by our key, its receipts in any order, and what a failure says.
        let said = say(&desk, &sarah, Visibility::Private, "Bonjour").await;
        assert_eq!((said.delivery, said.external_id.as_deref()), (Some(Delivery::Sent), Some("b1")));
        let told = &far.ledger()[0];
        assert_eq!((told["recipient"].as_str(), told["thread"].as_str(), told["by"].as_str()), (Some("u1"), Some("t1"), Some("person")));
        let own = json!({"type": "message", "id": "b1", "thread": "t1", "own": true, "with": "u1", "text": "Bonjour", "key": told["key"]});
        let status = |word: &str| json!({"type": "status", "id": "b1", "thread": "t1", "status": word});
        for body in [own, status("read"), status("delivered"), status("levitated")] {
            assert_eq!(far.tell(&hook, &body).await, 200);
            desk.settle().await;
        }
        assert_eq!(again(&desk, &said).await.delivery, Some(Delivery::Read));
        assert_eq!(desk.messages(ticket.id).await.len(), 4, "our own words are no message of their own");
        let second = say(&desk, &sarah, Visibility::Private, "Encore").await;
        let key = far.ledger()[1]["key"].clone();
        let failed = json!({"type": "status", "id": "b2", "key": key, "status": "failed", "refused": "unreachable", "why": "elle est partie"});
        assert_eq!(far.tell(&hook, &failed).await, 200);
        desk.settle().await;
        let second = again(&desk, &second).await;
        assert_eq!((second.delivery, second.delivery_reason.as_deref(), second.delivery_why.as_deref()), (Some(Delivery::Failed), Some("unreachable"), Some("elle est partie")));
        assert_eq!(desk.again(ticket.id).await.state, State::Open);
    }

    async fn files_are_shown_from_the_hosts_the_channel_names(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let (channel, hook) = bridged(&desk).await;
        let mut told = dm("m1", "Voilà le bouchon");
        let here = format!("{}/files/picture.png", desk.simulator.api_base("bridge"));
        let urls = [here.as_str(), &here.replace("picture", "gone"), "https://evil.example/x.png", "http://10.0.0.7/x.png", "file:///etc/passwd"];
        told["attachments"] = urls.iter().map(|url| json!({"kind": "image", "title": "bouchon.png", "url": url})).collect();
        assert_eq!(desk.simulator.bridge.tell(&hook, &told).await, 200);
        desk.settle().await;
        let message = desk.messages(desk.ticket().await.id).await[0].id;
        let look = async |n: usize| sarah.get(&format!("/media/{message}/{n}")).await;
        for (n, words) in [(0, "127.0.0.1, et les fichiers de ce canal ne sont pas montrés"), (2, "evil.example, et")] {
            let refused = look(n).await.expect(404).seen();
            assert!(refused.contains("Ce fichier ne peut pas être montré") && refused.contains(words), "{refused}");
        }
        let scope = desk.scope(&desk.agent("Ada", Role::Admin).await).await;
        let hosts = ("media_hosts".to_owned(), "cdn.bridge.example, 127.0.0.1, 10.0.0.7".to_owned());
        connect::reconnect(&desk.house, &scope, channel, &[hosts]).await.unwrap();
        let shown = look(0).await.expect(200);
        assert_eq!(shown.headers["content-type"], "image/png");
        assert!(shown.headers["content-security-policy"].starts_with("sandbox"));
        // What is not there; a host nobody named; one that is named, and that the guard calls for nobody.
        for (n, words) in [(1, "127.0.0.1 ne le donne pas"), (2, "evil.example, et"), (3, "10.0.0.7 ne le donne pas")] {
            let refused = look(n).await.expect(404).seen();
            assert!(refused.contains(words), "{refused}");
        }
        look(4).await.expect(404);
        let screen = sarah.get(&format!("/tickets/{}", desk.ticket().await.id)).await.expect(200);
        assert_eq!(screen.all(".pic").len(), 4, "what is no address is only named");
    }

    async fn answers_go_over_once_or_say_why_not(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let (channel, hook) = bridged(&desk).await;
        let far = &desk.simulator.bridge;
        assert_eq!(far.tell(&hook, &dm("m1", "Bonjour")).await, 200);
        desk.settle().await;
        for (status, body, state, reason) in [
            (200, json!({"refused": "window_closed", "why": "24 h"}), Delivery::Failed, Some("window_closed")),
            (422, json!({"refused": "too_long"}), Delivery::Failed, Some("too_long")),
            (410, json!({}), Delivery::Failed, Some("gone")),
            (200, json!({"refused": "later", "after": 5}), Delivery::RetryWait, Some("later")),
            (429, json!({"after": 5}), Delivery::RetryWait, Some("rate")),
        ] {
            far.answer_next(status, body.clone());
            let said = say(&desk, &sarah, Visibility::Private, &format!("{status} {body}")).await;
            assert_eq!((said.delivery, said.delivery_reason.as_deref()), (Some(state), reason), "{status} {body}");
            desk.pass(Duration::from_mins(2)).await;
        }
        assert_eq!(far.ledger().len(), 2, "what was put off went over later");
        // Carried over, and the answer lost: it is asked for by its key, and found.
        far.answer_next(502, json!({}));
        let said = say(&desk, &sarah, Visibility::Private, "perdu").await;
        assert_eq!(said.delivery, Some(Delivery::Unknown));
        desk.pass(Duration::from_mins(1)).await;
        assert_eq!((again(&desk, &said).await.delivery, far.ledger().len()), (Some(Delivery::Sent), 3));
        // One that does not remember: a person is asked.
        far.forget();
        far.answer_next(502, json!({}));
        let said = say(&desk, &sarah, Visibility::Private, "oublié").await;
        for _ in 0..4 {
            desk.pass(Duration::from_mins(10)).await;
        }
        assert_eq!(again(&desk, &said).await.delivery, Some(Delivery::NeedsDecision));
        // Comments are answered in public.
        let comment = json!({"type": "message", "id": "k1", "kind": "comment", "from": "u2", "text": "C’est combien ?", "post": {"id": "p1", "text": "Post", "own": true}});
        assert_eq!(far.tell(&hook, &comment).await, 200);
        desk.settle().await;
        let said = say(&desk, &sarah, Visibility::Public, "23 €").await;
        assert_eq!(said.delivery, Some(Delivery::Sent));
        let told = far.ledger().pop().unwrap();
        assert_eq!((told["action"].as_str(), told["target"].as_str(), told["post"].as_str()), (Some("reply_public"), Some("k1"), Some("p1")));
        // Another secret at the other end: nothing comes in, and the login is said to be dead.
        far.share(b"another");
        assert_eq!(far.tell(&hook, &dm("m9", "x")).await, 401);
        let said = say(&desk, &sarah, Visibility::Public, "encore").await;
        assert_eq!((said.delivery, said.delivery_reason.as_deref()), (Some(Delivery::Blocked), Some("token")));
        // While it is replaced, both are good; ours comes first.
        let scope = desk.scope(&desk.agent("Ada", Role::Admin).await).await;
        let both = ("secret".to_owned(), format!("whsec_YW5vdGhlcg== {SECRET}"));
        connect::reconnect(&desk.house, &scope, channel, &[both]).await.unwrap();
        desk.settle().await;
        assert_eq!(again(&desk, &said).await.delivery, Some(Delivery::Sent));
        assert_eq!(far.tell(&hook, &dm("m9", "x")).await, 200);
        far.share(b"a bit of secrecy, CANARY");
        assert_eq!(far.tell(&hook, &dm("m10", "y")).await, 200);
    }
}
