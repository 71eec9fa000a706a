//! Mail and the bridge, as the tests meet them.

use async_trait::async_trait;
use guichet::base::At;
use guichet::desk::delivery::Delivery::{self, Blocked, Failed, RetryWait, Unknown};
use guichet::networks::bridge::signature;
use guichet::simulator::email::At as Step;
use serde_json::{Value, json};

use super::{Ends, Refused, Side, There, stamped};
use crate::support::Desk;

pub struct Email;
pub struct Bridge;

const US: &str = "support@aubepine.example";
const SECRET: &str = "bridge-secret";

#[async_trait]
impl Side for Email {
    fn slug(&self) -> &'static str {
        "email"
    }

    async fn connect(&self, desk: &Desk) -> There {
        desk.simulator.email.add_mailbox(US, "key");
        desk.simulator.email.keep_sent(US);
        let (channel, _) = desk.connect("email", desk.simulator.email.settings(US, "key")).await;
        There { channel, hook: String::new() }
    }

    fn asks(&self, _desk: &Desk, _who: &str, _text: &str) -> bool {
        false
    }

    fn whispers(&self, desk: &Desk, who: &str, text: &str) -> bool {
        desk.simulator.email.write(US, (&format!("{who}@example.org"), who), "Question", text, None);
        true
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let from = author.map_or(String::new(), |a| format!("From: <{a}@example.org>\n"));
        let head = "Date: Sat, 21 Nov 2026 09:00:00 +0000\nContent-Type: text/plain; charset=utf-8";
        format!("{from}To: {US}\nMessage-ID: <{id}@example.org>\n{head}\n\n{text}\n").into()
    }

    /// A mail has no kind that could be unknown.
    fn unknown(&self) -> Option<Value> {
        None
    }

    fn broken(&self) -> Value {
        "no header at all, and no mail".into()
    }

    fn deleted(&self, _id: &str) -> Option<Value> {
        None
    }

    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        let mut out = b"guichet mails 1\n".to_vec();
        for (n, mail) in entries.concat().iter().enumerate() {
            let raw = mail.as_str().unwrap();
            out.extend(format!("{} {}\n{raw}\n", n + usize::try_from(at % 1_000).unwrap(), raw.len()).into_bytes());
        }
        out
    }

    fn named(&self, id: &str) -> String {
        format!("{id}@example.org")
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    fn refusals(&self) -> Vec<Ends> {
        let said = |at, words, state, reason| (Refused::Smtp(at, words), state, reason);
        vec![
            said(Step::To, "450 4.2.0 Greylisted", RetryWait, Some("later")),
            said(Step::Auth, "454 4.7.0 Temporary authentication failure", RetryWait, Some("rate")),
            said(Step::Auth, "535 5.7.8 Authentication failed", Blocked, Some("token")),
            said(Step::To, "550 5.1.1 User unknown", Failed, Some("unreachable")),
            said(Step::Data, "552 5.3.4 Too big", Failed, Some("too_long")),
            said(Step::Data, "554 5.7.1 Spam", Failed, Some("invalid")),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        let Refused::Smtp(at, words) = refused else { panic!("no words of a server: {refused:?}") };
        desk.simulator.email.next_time(*at, words);
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        desk.simulator.email.next_time(Step::Silence, "");
        Delivery::Sent
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.email.ledger().len()
    }

    fn login(&self) -> (&'static str, String) {
        ("password", "key".into())
    }
}

#[async_trait]
impl Side for Bridge {
    fn slug(&self) -> &'static str {
        "bridge"
    }

    async fn connect(&self, desk: &Desk) -> There {
        desk.simulator.bridge.share(SECRET.as_bytes());
        let url = format!("{}/replies", desk.simulator.api_base("bridge"));
        let settings = [("account", "snap"), ("secret", SECRET), ("url", &url)];
        let settings = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let (channel, hook) = desk.connect("bridge", settings).await;
        let hook = hook.unwrap();
        desk.simulator.bridge.call_at(&format!("{}{hook}", desk.base));
        There { channel, hook }
    }

    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let id = desk.simulator.bridge.fresh();
        desk.simulator.bridge.push(&json!({"type": "message", "id": id, "kind": "comment", "from": who, "text": text,
            "post": {"id": "p1", "text": "Post", "own": true}}));
        true
    }

    fn whispers(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let id = desk.simulator.bridge.fresh();
        let thread = format!("t-{who}");
        desk.simulator.bridge.push(&json!({"type": "message", "id": id, "kind": "dm", "thread": thread,
            "from": {"id": who, "name": who}, "text": text}));
        true
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        let mut event = json!({"type": "message", "id": id, "kind": "dm", "thread": "t1", "text": text});
        if let Some(author) = author {
            event["from"] = json!({"id": author, "name": "Léa"});
        }
        event
    }

    fn unknown(&self) -> Option<Value> {
        Some(json!({"type": "hologram", "id": "x"}))
    }

    fn broken(&self) -> Value {
        json!({"type": "message"})
    }

    fn deleted(&self, id: &str) -> Option<Value> {
        Some(json!({"type": "delete", "id": id}))
    }

    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        let all: Vec<Value> = entries.concat();
        stamped(json!({"account": "snap", "events": all}), at)
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some(("secret", SECRET))
    }

    fn signed(&self, secret: &str, body: &[u8], now: At) -> Vec<(&'static str, String)> {
        let at = now.secs().to_string();
        let id = format!("n{}", body.len());
        let mac = signature(secret.as_bytes(), &id, &at, body);
        vec![("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", mac)]
    }

    fn refusals(&self) -> Vec<Ends> {
        let said = |status, body, state, reason| (Refused::Http(status, body), state, reason);
        vec![
            said(429, json!({"after": 5}), RetryWait, Some("rate")),
            said(200, json!({"refused": "later", "after": 5}), RetryWait, Some("later")),
            said(401, json!({}), Blocked, Some("token")),
            said(200, json!({"refused": "window_closed"}), Failed, Some("window_closed")),
            said(200, json!({"refused": "unreachable"}), Failed, Some("unreachable")),
            said(410, json!({}), Failed, Some("gone")),
            said(413, json!({}), Failed, Some("too_long")),
            said(501, json!({}), Failed, Some("unsupported")),
            said(400, json!({}), Failed, Some("invalid")),
            said(502, json!({}), Unknown, None),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        let Refused::Http(status, body) = refused else { panic!("no answer by HTTP: {refused:?}") };
        desk.simulator.bridge.answer_next(*status, body.clone());
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        desk.simulator.bridge.answer_next(502, json!({}));
        Delivery::Sent
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.bridge.ledger().len()
    }

    /// A bridge may tell of what it carried over before it answers.
    async fn echo(&self, desk: &Desk, _there: &There) {
        let Some(told) = desk.simulator.bridge.ledger().pop() else { return };
        let own = json!({"type": "message", "id": "b1", "thread": told["thread"], "own": true, "text": told["text"],
            "key": told["key"], "post": told["post"], "parent": told["target"], "kind": "comment"});
        desk.simulator.bridge.push(&own);
    }

    fn login(&self) -> (&'static str, String) {
        ("secret", SECRET.into())
    }
}
