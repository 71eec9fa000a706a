//! The networks of Meta, as the tests meet them.

use async_trait::async_trait;
use guichet::base::At;
use guichet::base::sign::hmac_sha256;
use guichet::desk::delivery::Delivery;
use guichet::simulator::meta::Stage;
use guichet::simulator::whatsapp::Person;
use serde_json::{Value, json};

use super::{AT, Ends, Refused, Side, There};
use crate::meta::{account, connected};
use crate::support::Desk;
use crate::support::desk::{PAGE, SECRET, TOKEN};

pub struct Facebook;
pub struct Instagram;
pub struct Whatsapp;
pub struct Threads;

fn signature(secret: &str, body: &[u8]) -> Vec<(&'static str, String)> {
    let mac = hex::encode(hmac_sha256(secret.as_bytes(), &[body]));
    vec![("x-hub-signature-256", format!("sha256={mac}"))]
}

fn hub() -> (String, String, Option<String>) {
    let ask = |word: &str| format!("hub.mode=subscribe&hub.verify_token={word}&hub.challenge=11x58");
    (ask("s%C3%A9same"), "11x58".into(), Some(ask("sesame")))
}

fn envelope(object: &str, id: &str, entries: &[&[Value]], at: i64) -> Vec<u8> {
    let entries: Vec<Value> = entries.iter().map(|e| json!({"id": id, "time": at, "changes": e})).collect();
    json!({"object": object, "entry": entries}).to_string().into_bytes()
}

fn refuse_at(stage: &Stage, refused: &Refused) {
    let Refused::Graph(code, subcode) = refused else { panic!("no error of Graph: {refused:?}") };
    stage.refuse_next(*code, *subcode);
}

const FAILED: Delivery = Delivery::Failed;
const WAITS: Delivery = Delivery::RetryWait;

#[async_trait]
impl Side for Facebook {
    fn slug(&self) -> &'static str {
        "facebook"
    }

    async fn connect(&self, desk: &Desk) -> There {
        There { channel: desk.channel, hook: desk.hook.clone() }
    }

    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
        desk.simulator.facebook.comment(PAGE, &post, (&format!("88{}", who.len()), who), text);
        true
    }

    fn whispers(&self, desk: &Desk, who: &str, text: &str) -> bool {
        desk.simulator.facebook.message(PAGE, (&format!("99{}", who.len()), who), text);
        true
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        let mut value = json!({"item": "comment", "verb": "add", "comment_id": id, "post_id": format!("{PAGE}_7"),
            "parent_id": format!("{PAGE}_7"), "created_time": AT, "message": text});
        if let Some(author) = author {
            value["from"] = json!({"id": author, "name": "Léa"});
        }
        json!({"field": "feed", "value": value})
    }

    fn unknown(&self) -> Option<Value> {
        Some(json!({"field": "feed", "value": {"item": "hologram", "verb": "add"}}))
    }

    fn broken(&self) -> Value {
        json!({"field": "feed", "value": {"item": "comment", "verb": "add"}})
    }

    fn deleted(&self, id: &str) -> Option<Value> {
        let value = json!({"item": "comment", "verb": "remove", "comment_id": id, "post_id": format!("{PAGE}_7")});
        Some(json!({"field": "feed", "value": value}))
    }

    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        envelope("page", PAGE, entries, at)
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some(("app_secret", SECRET))
    }

    fn signed(&self, secret: &str, body: &[u8], _now: At) -> Vec<(&'static str, String)> {
        signature(secret, body)
    }

    fn challenge(&self) -> Option<(String, String, Option<String>)> {
        Some(hub())
    }

    fn refusals(&self) -> Vec<Ends> {
        vec![
            (Refused::Graph(80_001, 0), WAITS, Some("rate")),
            (Refused::Graph(341, 0), WAITS, Some("later")),
            (Refused::Graph(190, 463), Delivery::Blocked, Some("token")),
            (Refused::Graph(10, 2_018_278), FAILED, Some("window_closed")),
            (Refused::Graph(551, 1_545_041), FAILED, Some("unreachable")),
            (Refused::Graph(10_900, 0), FAILED, Some("already_replied")),
            (Refused::Graph(10, 2_018_300), FAILED, Some("not_owner")),
            (Refused::Graph(100, 33), FAILED, Some("gone")),
            (Refused::Graph(10, 0), FAILED, Some("not_permitted")),
            (Refused::Graph(368, 0), FAILED, Some("restricted")),
            (Refused::Graph(100, 0), FAILED, Some("invalid")),
            (Refused::Graph(2, 0), Delivery::Unknown, None),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        let Refused::Graph(code, subcode) = refused else { panic!("no error of Graph: {refused:?}") };
        desk.simulator.facebook.refuse_next(*code, *subcode);
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        desk.simulator.facebook.lose_next();
        Delivery::Sent
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.facebook.ledger().len()
    }

    fn login(&self) -> (&'static str, String) {
        ("page_token", format!("{TOKEN}{PAGE}"))
    }
}

#[async_trait]
impl Side for Instagram {
    fn slug(&self) -> &'static str {
        "instagram"
    }

    async fn connect(&self, desk: &Desk) -> There {
        let (channel, hook) = connected(desk, "instagram").await;
        There { channel, hook }
    }

    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let (us, now) = (account("instagram"), desk.house.now());
        let post = desk.simulator.instagram.publish_at(us, "Bonjour", now);
        desk.simulator.instagram.comment_at(us, &post, (&format!("99200{}", who.len()), who), text, now);
        true
    }

    fn whispers(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let person = format!("99200{}", who.len());
        desk.simulator.instagram.message_at(account("instagram"), (&person, who), text, desk.house.now());
        true
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        let mut value = json!({"id": id, "text": text, "media": {"id": "18000000000000007"}});
        if let Some(author) = author {
            value["from"] = json!({"id": author, "username": "lea.v"});
        }
        json!({"field": "comments", "value": value})
    }

    fn unknown(&self) -> Option<Value> {
        Some(json!({"field": "hologram", "value": {"id": "1"}}))
    }

    fn broken(&self) -> Value {
        json!({"field": "comments", "value": {"text": "x"}})
    }

    /// Comments are never said to be gone.
    fn deleted(&self, _id: &str) -> Option<Value> {
        None
    }

    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        envelope("instagram", account("instagram"), entries, at)
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some(("app_secret", SECRET))
    }

    fn signed(&self, secret: &str, body: &[u8], _now: At) -> Vec<(&'static str, String)> {
        signature(secret, body)
    }

    fn challenge(&self) -> Option<(String, String, Option<String>)> {
        Some(hub())
    }

    fn refusals(&self) -> Vec<Ends> {
        vec![
            (Refused::Graph(80_002, 0), WAITS, Some("rate")),
            (Refused::Graph(190, 460), Delivery::Blocked, Some("token")),
            (Refused::Graph(10, 2_534_022), FAILED, Some("window_closed")),
            (Refused::Graph(100, 2_534_025), FAILED, Some("already_replied")),
            (Refused::Graph(100, 2_534_014), FAILED, Some("unreachable")),
            (Refused::Graph(100, 33), FAILED, Some("gone")),
            (Refused::Graph(200, 0), FAILED, Some("not_permitted")),
            (Refused::Graph(368, 0), FAILED, Some("restricted")),
            (Refused::Graph(100, 0), FAILED, Some("invalid")),
            (Refused::Graph(1, 0), Delivery::Unknown, None),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        refuse_at(&desk.simulator.instagram.stage, refused);
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        desk.simulator.instagram.stage.lose_next("replies");
        Delivery::Sent
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.instagram.stage.ledger().len()
    }

    fn login(&self) -> (&'static str, String) {
        ("access_token", "IG-token-of-instagram".into())
    }
}

/// A change of the number's.
fn of_number(mut value: Value) -> Value {
    value["metadata"] = json!({"phone_number_id": account("whatsapp")});
    json!({"field": "messages", "value": value})
}

#[async_trait]
impl Side for Whatsapp {
    fn slug(&self) -> &'static str {
        "whatsapp"
    }

    async fn connect(&self, desk: &Desk) -> There {
        let (channel, hook) = connected(desk, "whatsapp").await;
        There { channel, hook }
    }

    fn asks(&self, _desk: &Desk, _who: &str, _text: &str) -> bool {
        false
    }

    fn whispers(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let person = Person::with_number(&format!("336123456{:02}", who.len()), who);
        desk.simulator.whatsapp.message_at(account("whatsapp"), &person, text, desk.house.now());
        true
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        let mut message = json!({"id": id, "timestamp": AT.to_string(), "type": "text", "text": {"body": text}});
        if let Some(author) = author {
            message["from"] = author.into();
        }
        of_number(json!({"messages": [message]}))
    }

    fn unknown(&self) -> Option<Value> {
        Some(json!({"field": "hologram", "value": {"id": "1"}}))
    }

    fn broken(&self) -> Value {
        of_number(json!({"messages": [{"type": "text"}]}))
    }

    fn deleted(&self, id: &str) -> Option<Value> {
        Some(of_number(json!({"messages": [{"id": format!("{id}9"), "from": "33612345678",
            "timestamp": AT.to_string(), "type": "revoke", "revoke": {"original_message_id": id}}]})))
    }

    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        envelope("whatsapp_business_account", "102290129340398", entries, at)
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some(("app_secret", SECRET))
    }

    fn signed(&self, secret: &str, body: &[u8], _now: At) -> Vec<(&'static str, String)> {
        signature(secret, body)
    }

    fn challenge(&self) -> Option<(String, String, Option<String>)> {
        Some(hub())
    }

    fn refusals(&self) -> Vec<Ends> {
        vec![
            (Refused::Graph(130_429, 0), WAITS, Some("rate")),
            (Refused::Graph(131_056, 0), WAITS, Some("later")),
            (Refused::Graph(190, 460), Delivery::Blocked, Some("token")),
            (Refused::Graph(131_047, 0), FAILED, Some("window_closed")),
            (Refused::Graph(131_026, 0), FAILED, Some("unreachable")),
            (Refused::Graph(131_031, 0), FAILED, Some("restricted")),
            (Refused::Graph(131_005, 0), FAILED, Some("not_permitted")),
            (Refused::Graph(131_009, 0), FAILED, Some("invalid")),
            (Refused::Graph(132_001, 0), FAILED, Some("invalid")),
            (Refused::Graph(131_000, 0), Delivery::Unknown, None),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        refuse_at(&desk.simulator.whatsapp.stage, refused);
    }

    /// Nothing can be listed: without a status a person decides.
    fn lose_answer(&self, desk: &Desk) -> Delivery {
        desk.simulator.whatsapp.stage.lose_next("messages");
        Delivery::NeedsDecision
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.whatsapp.stage.ledger().len()
    }

    fn login(&self) -> (&'static str, String) {
        ("access_token", "IG-token-of-whatsapp".into())
    }
}

#[async_trait]
impl Side for Threads {
    fn slug(&self) -> &'static str {
        "threads"
    }

    async fn connect(&self, desk: &Desk) -> There {
        let (channel, hook) = connected(desk, "threads").await;
        There { channel, hook }
    }

    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let (us, now) = (account("threads"), desk.house.now());
        let post = desk.simulator.threads.publish_at(us, "Bonjour", now);
        desk.simulator.threads.reply_at(us, &post, who, text, now);
        true
    }

    fn whispers(&self, _desk: &Desk, _who: &str, _text: &str) -> bool {
        false
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        let mut value = json!({"id": id, "text": text, "replied_to": {"id": "18100000000000001"},
            "root_post": {"id": "18100000000000001", "owner_id": account("threads")}});
        if let Some(author) = author {
            value["username"] = author.into();
        }
        json!({"field": "replies", "value": value})
    }

    fn unknown(&self) -> Option<Value> {
        Some(json!({"field": "hologram", "value": {"id": "1"}}))
    }

    fn broken(&self) -> Value {
        json!({"field": "replies", "value": {"text": "x"}})
    }

    fn deleted(&self, id: &str) -> Option<Value> {
        Some(json!({"field": "delete", "value": {"id": id, "deleted_at": "2026-11-21T10:00:00+0000"}}))
    }

    /// A body has one entry here.
    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        let values: Vec<Value> = entries.concat();
        let body = json!({"target_id": account("threads"), "topic": "moderate", "time": at, "values": values});
        body.to_string().into_bytes()
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some(("app_secret", SECRET))
    }

    fn signed(&self, secret: &str, body: &[u8], _now: At) -> Vec<(&'static str, String)> {
        signature(secret, body)
    }

    fn challenge(&self) -> Option<(String, String, Option<String>)> {
        Some(hub())
    }

    fn refusals(&self) -> Vec<Ends> {
        vec![
            (Refused::Graph(4, 0), WAITS, Some("rate")),
            (Refused::Graph(190, 463), Delivery::Blocked, Some("token")),
            (Refused::Graph(100, 33), FAILED, Some("gone")),
            (Refused::Graph(10, 0), FAILED, Some("not_permitted")),
            (Refused::Graph(368, 0), FAILED, Some("restricted")),
            (Refused::Graph(100, 0), FAILED, Some("invalid")),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        refuse_at(&desk.simulator.threads.stage, refused);
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        desk.simulator.threads.stage.lose_next("threads_publish");
        Delivery::Sent
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.threads.stage.ledger().len()
    }

    fn login(&self) -> (&'static str, String) {
        ("access_token", "IG-token-of-threads".into())
    }
}
