//! What customers write: comments under a page's posts, in the words of the demo's people, as bodies
//! Facebook would push and sign. The same seed brings the same traffic.

use std::net::SocketAddr;
use std::sync::Arc;

use guichet::base::clock::SystemClock;
use guichet::base::id::AnyId;
use guichet::base::sign;
use guichet::base::{At, Given};
use guichet::simulator::scenes;
use serde_json::json;
use uuid::Uuid;

use crate::furnish::{Page, SECRET};

/// Posts people comment on.
const POSTS: u64 = 40;

/// A comment on its way, and all that somebody who writes it down by hand needs to know of it.
#[derive(Debug, Clone)]
pub struct Comment {
    /// Facebook's id of it.
    pub id: String,
    /// Facebook's id of the comment its thread began with.
    pub root: String,
    pub post: String,
    pub person: String,
    pub name: String,
    pub text: &'static str,
    pub at: At,
    /// As Facebook pushes it.
    pub body: Vec<u8>,
    pub sha256: [u8; 32],
    /// Ids for the rows it may become.
    pub ids: Ids,
    /// A number for its ticket, should it open one.
    pub number: i64,
}

/// Ids for the rows a comment may become.
#[derive(Debug, Clone, Copy)]
pub struct Ids {
    pub delivery: Uuid,
    pub inbound: Uuid,
    pub post: Uuid,
    pub identity: Uuid,
    pub contact: Uuid,
    pub thread: Uuid,
    pub ticket: Uuid,
    pub message: Uuid,
}

/// Dice that fall the same way for the same seed.
pub fn dice(seed: u64) -> Given {
    Given::seeded(Arc::new(SystemClock), seed)
}

/// So many comments by so many people: everybody begins a thread, and goes on in it when their turn
/// comes again. `turn` sets the ids of one turn apart from those of another.
pub fn comments(page: &Page, turn: usize, n: usize, people: usize) -> Vec<Comment> {
    let dice = dice(7 + u64::try_from(turn).unwrap_or(0));
    let texts: Vec<&'static str> = scenes::consumers().map(|l| l.says).collect();
    let posts: Vec<u64> = (0..people).map(|_| dice.below(POSTS)).collect();
    let begun = dice.now();
    (0..n)
        .map(|i| {
            let who = i % people;
            let post = format!("{}_4100{turn:03}{:05}", page.account, posts[who]);
            let comment = |n: usize| format!("4100{turn:03}{:05}_52{n:09}", posts[who]);
            let text = texts[usize::try_from(dice.below(texts.len() as u64)).unwrap_or(0)];
            let (id, root) = (comment(i), comment(who));
            let (person, name) = (format!("73{turn:03}{who:09}"), name_of(who));
            let at = At::from_secs(begun.secs() - 60);
            let parent = if id == root { &post } else { &root };
            let body = body(page, &id, parent, &post, &person, &name, text, at);
            let sha256 = sign::sha256(&body);
            let number = i64::try_from(i).unwrap_or(0) + 1;
            Comment { id, root, post, person, name, text, at, body, sha256, ids: ids(&dice), number }
        })
        .collect()
}

fn ids(dice: &Given) -> Ids {
    let id = || dice.id::<AnyId>().0;
    Ids {
        delivery: id(),
        inbound: id(),
        post: id(),
        identity: id(),
        contact: id(),
        thread: id(),
        ticket: id(),
        message: id(),
    }
}

/// A name for the person of this number.
pub fn name_of(n: usize) -> String {
    const FIRST: [&str; 12] =
        ["Camille", "Léa", "Yanis", "Inès", "Olivia", "Théo", "Chloé", "Adam", "Zoé", "Noah", "Rose", "Sacha"];
    const LAST: [&str; 11] =
        ["Roussel", "Martin", "Belkacem", "Moreau", "Hart", "Garnier", "Nguyen", "Silva", "Lopez", "Faure", "Weber"];
    format!("{} {}", FIRST[n % FIRST.len()], LAST[n / FIRST.len() % LAST.len()])
}

#[expect(clippy::too_many_arguments, reason = "it is one body's worth of fields")]
fn body(page: &Page, id: &str, parent: &str, post: &str, person: &str, name: &str, text: &str, at: At) -> Vec<u8> {
    let value = json!({
        "item": "comment", "verb": "add", "comment_id": id, "post_id": post, "parent_id": parent,
        "created_time": at.secs(), "message": text, "from": {"id": person, "name": name},
        "post": {
            "id": post, "permalink_url": format!("https://www.facebook.com/{post}"), "is_published": true,
            "status_type": "added_photos", "promotion_status": "inactive", "updated_time": "2026-11-21T09:00:00+0000",
        },
    });
    let changes = json!([{"field": "feed", "value": value}]);
    let entry = json!([{"id": page.account, "time": at.secs() + 1, "changes": changes}]);
    json!({"object": "page", "entry": entry}).to_string().into_bytes()
}

/// Bodies of comments with these texts, a person and a thread each.
pub fn saying(page: &Page, turn: usize, texts: &[String]) -> Vec<Vec<u8>> {
    let at = At::from_secs(dice(1).now().secs() - 1);
    let one = |(n, text): (usize, &String)| {
        let post = format!("{}_4200{turn:03}", page.account);
        let (id, person) = (format!("4200{turn:03}_53{n:09}"), format!("74{turn:03}{n:09}"));
        body(page, &id, &post, &post, &person, &name_of(n), text, at)
    };
    texts.iter().enumerate().map(one).collect()
}

/// The request Facebook would make.
pub fn request(hook: &str, body: &[u8]) -> Vec<u8> {
    let signature = hex::encode(sign::hmac_sha256(SECRET.as_bytes(), &[body]));
    let head = format!(
        "POST {hook} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: facebookexternalua\r\ncontent-type: application/json\r\nx-hub-signature-256: sha256={signature}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The requests of a list of comments.
pub fn requests(hook: &str, comments: &[Comment]) -> Vec<Vec<u8>> {
    comments.iter().map(|c| request(hook, &c.body)).collect()
}

/// The request of a page by somebody signed in.
pub fn page_request(address: SocketAddr, path: &str, session: &str, packed: bool) -> Vec<u8> {
    let packed = if packed { "accept-encoding: gzip\r\n" } else { "" };
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: guichet={session}\r\n{packed}\r\n").into_bytes()
}
