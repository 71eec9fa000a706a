//! X, YouTube, LinkedIn and TikTok, as the tests meet them.

use async_trait::async_trait;
use base64::Engine as _;
use guichet::base::At;
use guichet::base::sign::hmac_sha256;
use guichet::desk::delivery::Delivery::{self, Blocked, Failed, RetryWait, Unknown};
use guichet::simulator::stage::{Played, Reply};
use guichet::simulator::{linkedin, tiktok, x, youtube};
use serde_json::{Value, json};

use super::{AT, Ends, Refused, Side, There, stamped};
use crate::support::{Desk, open};

pub struct X;
pub struct YouTube;
pub struct LinkedIn;
pub struct TikTok;

pub const X_ME: &str = "1790000000000000001";
pub const CHANNEL: &str = "UCaubepine0000000000001";
const PAGE: &str = "2414183";
const BUSINESS: &str = "openid-aubepine-0001";

fn there(desk: &Desk, connected: open::Elsewhere) -> There {
    There { channel: connected.channel, hook: connected.hook.trim_start_matches(&desk.base).to_owned() }
}

/// The next call is answered with what was refused.
fn refuse_at<N: Played>(network: &N, refused: &Refused) {
    let Refused::Http(status, body) = refused else { panic!("no answer by HTTP: {refused:?}") };
    network.stage().refuse_next(Reply::of(*status, body.clone()));
}

fn lose<N: Played>(network: &N) -> Delivery {
    network.stage().lose_next();
    Delivery::Sent
}

fn http(status: u16, body: Value, state: Delivery, reason: Option<&'static str>) -> Ends {
    (Refused::Http(status, body), state, reason)
}

/// A number of somebody's own, from their name.
fn number(who: &str) -> String {
    format!("17900000000000000{:02}", who.len() + 10)
}

#[async_trait]
impl Side for X {
    fn slug(&self) -> &'static str {
        "x"
    }

    async fn connect(&self, desk: &Desk) -> There {
        let settings = [
            ("user_id", X_ME),
            ("access_token", "t"),
            ("refresh_token", "r"),
            ("client_id", "client"),
            ("consumer_secret", "s"),
            ("bearer_token", "app"),
            ("webhook_id", "7"),
        ];
        let connected = open::connect(desk, "x", &settings).await;
        desk.simulator.x.add_account(x::NewAccount {
            id: X_ME.into(),
            name: "Aubépine".into(),
            username: "aubepine".into(),
            token: "t".into(),
            refresh: "r".into(),
            hook: connected.hook.clone(),
            secret: "s".into(),
        });
        there(desk, connected)
    }

    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool {
        desk.simulator.x.mention(X_ME, (&number(who), who, who), &format!("@aubepine {text}"));
        true
    }

    fn whispers(&self, desk: &Desk, who: &str, text: &str) -> bool {
        desk.simulator.x.message(X_ME, (&number(who), who, who), text);
        true
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        let mut payload = json!({"id": id, "text": text, "created_at": "2026-11-21T08:59:00.000Z", "conversation_id": id,
            "edit_history_tweet_ids": [id]});
        if let Some(author) = author {
            payload["author_id"] = author.into();
        }
        json!({"event_type": "post.mention.create", "filter": {"user_id": X_ME}, "payload": payload})
    }

    fn unknown(&self) -> Option<Value> {
        Some(json!({"event_type": "hologram.create", "filter": {"user_id": X_ME}, "payload": {"id": "1"}}))
    }

    fn broken(&self) -> Value {
        json!({"event_type": "post.mention.create", "filter": {"user_id": X_ME}, "payload": {"text": "x"}})
    }

    /// Other people's posts are never said to be gone, only ours.
    fn deleted(&self, _id: &str) -> Option<Value> {
        None
    }

    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        let all = entries.concat();
        let data = if let [one] = &all[..] { one.clone() } else { all.into() };
        stamped(json!({"data": data}), at)
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some(("consumer_secret", "s"))
    }

    fn signed(&self, secret: &str, body: &[u8], _now: At) -> Vec<(&'static str, String)> {
        let mac = base64::engine::general_purpose::STANDARD.encode(hmac_sha256(secret.as_bytes(), &[body]));
        vec![("x-twitter-webhooks-signature", format!("sha256={mac}"))]
    }

    fn challenge(&self) -> Option<(String, String, Option<String>)> {
        let mac = base64::engine::general_purpose::STANDARD.encode(hmac_sha256(b"s", &[b"tok58"]));
        Some(("crc_token=tok58".into(), format!(r#"{{"response_token":"sha256={mac}"}}"#), Some("other=1".into())))
    }

    fn refusals(&self) -> Vec<Ends> {
        let detail = |text: &str| json!({"title": "Forbidden", "detail": text, "type": "about:blank"});
        vec![
            http(429, json!({"title": "Too Many Requests"}), RetryWait, Some("rate")),
            http(401, json!({"title": "Unauthorized"}), Blocked, Some("token")),
            http(402, json!({"title": "CreditsDepleted"}), Blocked, Some("token")),
            http(
                403,
                detail("Reply to this conversation is not allowed because you have not been mentioned"),
                Failed,
                Some("not_permitted"),
            ),
            http(
                403,
                detail("You do not have permission to DM one or more participants."),
                Failed,
                Some("unreachable"),
            ),
            http(403, detail("This operation is not permitted."), Failed, Some("restricted")),
            http(403, json!({"errors": [{"code": 186, "message": "m"}]}), Failed, Some("too_long")),
            http(404, json!({"title": "Not Found"}), Failed, Some("gone")),
            http(400, json!({"title": "Invalid Request"}), Failed, Some("invalid")),
            http(503, Value::Null, Unknown, None),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        refuse_at(&*desk.simulator.x, refused);
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        lose(&*desk.simulator.x)
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.x.ledger().len()
    }

    fn login(&self) -> (&'static str, String) {
        ("access_token", "t".into())
    }
}

#[async_trait]
impl Side for YouTube {
    fn slug(&self) -> &'static str {
        "youtube"
    }

    async fn connect(&self, desk: &Desk) -> There {
        let settings = [
            ("channel_id", CHANNEL),
            ("access_token", "t"),
            ("refresh_token", "r"),
            ("client_id", "client"),
            ("client_secret", "c"),
        ];
        let connected = open::connect(desk, "youtube", &settings).await;
        let (title, token, refresh) = ("Aubépine".into(), "t".into(), "r".into());
        desk.simulator.youtube.add_channel(youtube::NewChannel { id: CHANNEL.into(), title, token, refresh });
        there(desk, connected)
    }

    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let video = desk.simulator.youtube.publish(CHANNEL, "La cocotte");
        desk.simulator.youtube.comment(&video, (&format!("UC{who}"), &format!("@{who}")), text);
        true
    }

    fn whispers(&self, _desk: &Desk, _who: &str, _text: &str) -> bool {
        false
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        let mut snippet = json!({"channelId": CHANNEL, "videoId": "dQaubepine1", "textDisplay": text, "textOriginal": text,
            "authorDisplayName": "", "publishedAt": "2026-11-20T10:00:00Z", "updatedAt": "2026-11-20T10:00:00Z"});
        if let Some(author) = author {
            snippet["authorDisplayName"] = "@lea".into();
            snippet["authorChannelId"] = json!({"value": author});
        }
        json!({"kind": "youtube#commentThread", "id": id, "snippet": {"channelId": CHANNEL, "videoId": "dQaubepine1",
            "topLevelComment": {"kind": "youtube#comment", "id": id, "snippet": snippet}, "totalReplyCount": 0}})
    }

    fn unknown(&self) -> Option<Value> {
        Some(json!({"kind": "youtube#hologram", "id": "1"}))
    }

    fn broken(&self) -> Value {
        json!({"kind": "youtube#commentThread", "snippet": {"topLevelComment": {"kind": "youtube#comment", "snippet": {}}}})
    }

    /// Nothing says so: what is no longer listed is gone, and stands apart in a poll's document.
    fn deleted(&self, id: &str) -> Option<Value> {
        Some(json!({"gone": id}))
    }

    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        let gone: Vec<Value> = entries.concat().iter().filter_map(|e| e.get("gone").cloned()).collect();
        let answers = entries.iter().map(|e| {
            let items: Vec<&Value> = e.iter().filter(|e| e.get("gone").is_none()).collect();
            json!({"kind": "youtube#commentThreadListResponse", "items": items})
        });
        let answers: Vec<Value> = answers.collect();
        stamped(json!({"channel_id": CHANNEL, "read_at": at.to_string(), "answers": answers, "gone": gone}), at)
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    fn refusals(&self) -> Vec<Ends> {
        let google = |reason: &str| json!({"error": {"code": 1, "message": "m", "errors": [{"reason": reason}]}});
        vec![
            http(403, google("rateLimitExceeded"), RetryWait, Some("rate")),
            http(403, google("quotaExceeded"), RetryWait, Some("rate")),
            http(401, google("authError"), Blocked, Some("token")),
            http(404, google("commentNotFound"), Failed, Some("gone")),
            http(400, google("commentTextTooLong"), Failed, Some("too_long")),
            http(403, google("ineligibleAccount"), Failed, Some("restricted")),
            http(403, google("forbidden"), Failed, Some("not_permitted")),
            http(400, google("operationNotSupported"), Failed, Some("unsupported")),
            http(400, google("commentTextRequired"), Failed, Some("invalid")),
            http(503, Value::Null, Unknown, None),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        refuse_at(&*desk.simulator.youtube, refused);
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        lose(&*desk.simulator.youtube)
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.youtube.ledger().len()
    }

    /// Nothing is pushed; a poll between sending and its answer reads our reply.
    async fn echo(&self, desk: &Desk, there: &There) {
        let channel = super::row(desk, there).await;
        guichet::flow::listen::poll(&desk.house, &channel).await.unwrap();
    }

    fn login(&self) -> (&'static str, String) {
        ("access_token", "t".into())
    }
}

#[async_trait]
impl Side for LinkedIn {
    fn slug(&self) -> &'static str {
        "linkedin"
    }

    async fn connect(&self, desk: &Desk) -> There {
        let settings = [
            ("organization_id", PAGE),
            ("access_token", "t"),
            ("refresh_token", "r"),
            ("client_id", "client"),
            ("client_secret", "s"),
        ];
        let connected = open::connect(desk, "linkedin", &settings).await;
        desk.simulator.linkedin.add_page(linkedin::NewPage {
            id: PAGE.into(),
            name: "Aubépine".into(),
            token: "t".into(),
            refresh: "r".into(),
            hook: connected.hook.clone(),
            secret: "s".into(),
        });
        there(desk, connected)
    }

    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let post = desk.simulator.linkedin.publish(PAGE, "La cocotte");
        desk.simulator.linkedin.comment(&post, (&format!("Ab12{who}"), who), text);
        true
    }

    fn whispers(&self, _desk: &Desk, _who: &str, _text: &str) -> bool {
        false
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        notification("COMMENT", &id, author, text)
    }

    fn unknown(&self) -> Option<Value> {
        Some(
            json!({"notificationId": -7, "organizationalEntity": format!("urn:li:organization:{PAGE}"), "action": "HOLOGRAM"}),
        )
    }

    fn broken(&self) -> Value {
        json!({"notificationId": 8, "organizationalEntity": format!("urn:li:organization:{PAGE}"), "action": "COMMENT"})
    }

    fn deleted(&self, id: &str) -> Option<Value> {
        let mut gone = notification("COMMENT_DELETE", &id.into(), None, "");
        gone["decoratedGeneratedActivity"] = Value::Null;
        Some(gone)
    }

    /// A body has one list here.
    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        let all: Vec<Value> = entries.concat();
        stamped(json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": all}), at)
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some(("client_secret", "s"))
    }

    fn signed(&self, secret: &str, body: &[u8], _now: At) -> Vec<(&'static str, String)> {
        vec![("x-li-signature", hex::encode(hmac_sha256(secret.as_bytes(), &[b"hmacsha256=", body])))]
    }

    fn challenge(&self) -> Option<(String, String, Option<String>)> {
        let code = "890e4665-4dfe-4ab1-b689-ed553bceeed0";
        let signed = hex::encode(hmac_sha256(b"s", &[code.as_bytes()]));
        let answer = json!({"challengeCode": code, "challengeResponse": signed}).to_string();
        Some((format!("challengeCode={code}"), answer, Some("other=1".into())))
    }

    fn refusals(&self) -> Vec<Ends> {
        let said = |status: u16| json!({"message": "m", "status": status});
        vec![
            http(429, said(429), RetryWait, Some("rate")),
            http(401, said(401), Blocked, Some("token")),
            http(403, said(403), Failed, Some("not_permitted")),
            http(404, said(404), Failed, Some("gone")),
            http(422, said(422), Failed, Some("invalid")),
            http(500, Value::Null, Unknown, None),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        refuse_at(&*desk.simulator.linkedin, refused);
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        lose(&*desk.simulator.linkedin)
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.linkedin.ledger().len()
    }

    fn login(&self) -> (&'static str, String) {
        ("access_token", "t".into())
    }
}

/// A notification about a comment.
fn notification(action: &str, id: &Value, author: Option<&str>, text: &str) -> Value {
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let (post, us) = ("urn:li:activity:7100000000000000002", format!("urn:li:organization:{PAGE}"));
    let owner = author.map(|a| format!("urn:li:person:{a}"));
    json!({"notificationId": format!("-{}", id.len()), "organizationalEntity": us, "action": action, "sourcePost": post,
        "decoratedSourcePost": {"entity": "urn:li:share:7100000000000000001", "owner": us, "text": "Nous recrutons"},
        "lastModifiedAt": AT * 1_000, "generatedActivity": format!("urn:li:comment:(activity:7100000000000000002,{id})"),
        "decoratedGeneratedActivity": {"comment": {"entity": format!("urn:li:comment:({post},{id})"), "owner": owner,
            "text": text, "object": post}}})
}

#[async_trait]
impl Side for TikTok {
    fn slug(&self) -> &'static str {
        "tiktok"
    }

    async fn connect(&self, desk: &Desk) -> There {
        let settings = [
            ("business_id", BUSINESS),
            ("access_token", "t"),
            ("refresh_token", "r"),
            ("client_id", "client"),
            ("client_secret", "s"),
        ];
        let connected = open::connect(desk, "tiktok", &settings).await;
        desk.simulator.tiktok.add_account(tiktok::NewAccount {
            id: BUSINESS.into(),
            name: "Aubépine".into(),
            token: "t".into(),
            refresh: "r".into(),
            hook: connected.hook.clone(),
            secret: "s".into(),
        });
        there(desk, connected)
    }

    fn asks(&self, desk: &Desk, who: &str, text: &str) -> bool {
        let video = desk.simulator.tiktok.publish(BUSINESS, "La cocotte");
        desk.simulator.tiktok.comment(&video, (&format!("u-{who}"), who), text);
        true
    }

    fn whispers(&self, desk: &Desk, who: &str, text: &str) -> bool {
        desk.simulator.tiktok.message(BUSINESS, &format!("u-{who}"), text);
        true
    }

    fn wrote(&self, id: Value, author: Option<&str>, text: &str) -> Value {
        of_comment(&id, "insert", author, text)
    }

    fn unknown(&self) -> Option<Value> {
        Some(of_comment(&json!(7), "hologram", Some("u-lea"), ""))
    }

    fn broken(&self) -> Value {
        json!({"comment_type": "comment", "comment_action": "insert", "text": "x"})
    }

    fn deleted(&self, id: &str) -> Option<Value> {
        Some(of_comment(&id.into(), "delete", Some("u-lea"), ""))
    }

    /// A body is one event here, whose content is a document within a string.
    fn body(&self, entries: &[&[Value]], at: i64) -> Vec<u8> {
        let content = entries[0][0].to_string();
        let event = json!({"client_key": "aw12", "event": "comment.update", "create_time": at, "user_openid": BUSINESS,
            "content": content});
        event.to_string().into_bytes()
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some(("client_secret", "s"))
    }

    fn signed(&self, secret: &str, body: &[u8], now: At) -> Vec<(&'static str, String)> {
        let t = now.secs().to_string();
        let mac = hex::encode(hmac_sha256(secret.as_bytes(), &[t.as_bytes(), b".", body]));
        vec![("tiktok-signature", format!("t={t},s={mac}"))]
    }

    fn refusals(&self) -> Vec<Ends> {
        let said = |code: i64, state, reason| http(200, json!({"code": code, "message": "m"}), state, reason);
        vec![
            said(40_100, RetryWait, Some("rate")),
            said(51_065, RetryWait, Some("later")),
            said(40_105, Blocked, Some("token")),
            said(40_001, Failed, Some("not_permitted")),
            said(40_007, Failed, Some("gone")),
            said(40_064, Failed, Some("window_closed")),
            said(40_002, Failed, Some("invalid")),
            said(50_002, Unknown, None),
        ]
    }

    fn refuse(&self, desk: &Desk, refused: &Refused) {
        refuse_at(&*desk.simulator.tiktok, refused);
    }

    fn lose_answer(&self, desk: &Desk) -> Delivery {
        lose(&*desk.simulator.tiktok)
    }

    fn deeds(&self, desk: &Desk) -> usize {
        desk.simulator.tiktok.ledger().len()
    }

    fn login(&self) -> (&'static str, String) {
        ("access_token", "t".into())
    }
}

/// What befell a comment.
fn of_comment(id: &Value, action: &str, author: Option<&str>, text: &str) -> Value {
    let mut content = json!({"comment_id": id, "video_id": 7_300_000_000_000_000_001_i64, "comment_type": "comment",
        "comment_action": action, "timestamp": AT, "text": text});
    if let Some(author) = author {
        content["unique_identifier"] = author.into();
    }
    content
}
