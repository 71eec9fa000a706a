//! Networks at the door: what they are answered, in good times and bad.

use axum::body::Body;
use axum::http::Request;
use guichet::base::sign::hmac_sha256;
use guichet::desk::agent::Role;
use guichet::store::deliveries;
use serde_json::json;

use crate::on_both;
use crate::support::Desk;
use crate::support::desk::{PAGE, SECRET};
use crate::support::visitor::send;

/// Posts a body to a hook; the status.
pub async fn post(desk: &Desk, hook: &str, body: Vec<u8>, signature: Option<&str>) -> u16 {
    let mut request = Request::builder().method("POST").uri(hook).header("content-length", body.len());
    if let Some(signature) = signature {
        request = request.header("x-hub-signature-256", signature);
    }
    send(&desk.web, request.body(Body::from(body)).unwrap()).await.status.as_u16()
}

fn signed(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex::encode(hmac_sha256(secret.as_bytes(), &[body])))
}

fn a_comment() -> Vec<u8> {
    let value = json!({"item": "comment", "verb": "add", "comment_id": "1_1", "post_id": "1_0", "parent_id": "1_0", "from": {"id": "9", "name": "Léa"}, "message": "Où est ma commande ?"});
    json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [{"field": "feed", "value": value}]}]})
        .to_string()
        .into_bytes()
}

on_both! {
    async fn only_our_networks_signature_is_taken(desk) {
        let body = a_comment();
        let good = signed(SECRET, &body);
        for (signature, what) in [
            (None, "none"),
            (Some("sha256=".to_owned()), "empty"),
            (Some(signed("another", &body)), "another secret"),
            (Some(good[..good.len() - 2].to_owned()), "cut short"),
            (Some(good.replace("sha256=", "sha1=")), "another scheme"),
            (Some(signed("", &body)), "an empty secret"),
        ] {
            assert_eq!(post(&desk, &desk.hook, body.clone(), signature.as_deref()).await, 401, "{what}");
        }
        let mut changed = body.clone();
        changed.push(b' ');
        assert_eq!(post(&desk, &desk.hook, changed, Some(&good)).await, 401);
        assert_eq!(post(&desk, "/hooks/00000000000000000000000000000000", body.clone(), Some(&good)).await, 404);
        desk.settle().await;
        assert!(desk.tickets().await.is_empty());
        assert_eq!(post(&desk, &desk.hook, body, Some(&good)).await, 200);
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 1);
    }

    async fn the_challenge_goes_back_for_our_token_only(desk) {
        let ask = async |token: &str| {
            let path = format!("{}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444", desk.hook);
            send(&desk.web, Request::get(path).body(Body::empty()).unwrap()).await
        };
        let yes = ask("s%C3%A9same").await;
        assert_eq!((yes.status.as_u16(), yes.text.as_str()), (200, "1158201444"));
        assert_eq!(ask("sesame").await.status.as_u16(), 403);
        let nothing = send(&desk.web, Request::get(&desk.hook).body(Body::empty()).unwrap()).await;
        assert_eq!(nothing.status.as_u16(), 403);
        let nobody = send(&desk.web, Request::get("/hooks/abc?hub.mode=subscribe").body(Body::empty()).unwrap()).await;
        assert_eq!(nobody.status.as_u16(), 404);
    }

    async fn bad_bodies_get_their_answers_and_stop_nothing(desk) {
        let deep = format!("{{\"object\":\"page\",\"entry\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes();
        let odd: Vec<(&str, Vec<u8>)> = vec![
            ("no JSON", b"hello".to_vec()),
            ("cut short", a_comment()[..40].to_vec()),
            ("empty", Vec::new()),
            ("a list", b"[]".to_vec()),
            ("deep", deep),
            ("invalid UTF-8", b"{\"object\":\"page\",\"entry\":[{\"id\":\"\xFF\xFE\",\"changes\":[]}]}".to_vec()),
            ("lone surrogate", br#"{"object":"page","entry":[{"id":"1","time":1e999,"changes":[{"field":"\ud800","value":"\u0000"}]}]}"#.to_vec()),
            ("huge numbers", br#"{"object":"page","entry":[{"id":-99999999999999999999999999,"time":99999999999999999999,"messaging":[{"sender":{"id":1e400},"message":{"mid":123}}]}]}"#.to_vec()),
            ("wrong types", br#"{"object":["page"],"entry":{"id":{}}}"#.to_vec()),
            ("entries of nothing", br#"{"object":"page","entry":[null,1,"x",[],{},{"id":null,"changes":"y","messaging":7}]}"#.to_vec()),
        ];
        for (what, body) in odd {
            let signature = signed(SECRET, &body);
            assert_eq!(post(&desk, &desk.hook, body, Some(&signature)).await, 200, "{what}: signed, so it is kept");
        }
        let huge = vec![b' '; (4 << 20) + 1];
        let signature = signed(SECRET, &huge);
        assert_eq!(post(&desk, &desk.hook, huge, Some(&signature)).await, 413);
        let body = a_comment();
        assert_eq!(post(&desk, &desk.hook, body.clone(), Some(&signed(SECRET, &body))).await, 200);
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 1, "what is behind them is served");
        let mut tx = desk.house.db.read().await.unwrap();
        let kept = deliveries::quarantined(&mut tx, desk.brand, 100).await.unwrap();
        assert!(kept.len() >= 5 && kept.iter().all(|k| k.error.is_some()));
        drop(tx);
        let sarah = desk.agent("Sarah", Role::Agent).await;
        sarah.get("/inbox/todo").await.expect(200);
    }

    async fn an_unknown_account_is_ignored_with_its_reason(desk) {
        let body = json!({"object": "page", "entry": [{"id": "31337", "time": 1, "changes": [{"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": "5_5", "from": {"id": "1"}, "message": "x"}}]}]}).to_string().into_bytes();
        assert_eq!(post(&desk, &desk.hook, body.clone(), Some(&signed(SECRET, &body))).await, 200);
        desk.settle().await;
        assert!(desk.tickets().await.is_empty());
        let lead = desk.agent("Lead", Role::Lead).await;
        let seen = desk.program(&lead, &["read"]).await.get("/inbound?state=ignored").await.expect(200).json();
        assert_eq!(seen["items"][0]["reason"], "unknown_account");
    }

    async fn without_a_durable_store_nobody_is_told_that_it_is_safe(desk) {
        let body = a_comment();
        let signature = signed(SECRET, &body);
        assert_eq!(post(&desk, &desk.hook, body.clone(), Some(&signature)).await, 200);
        desk.house.db.close().await;
        let mut other = body;
        other.push(b'\n');
        let signature = signed(SECRET, &other);
        assert_eq!(post(&desk, &desk.hook, other, Some(&signature)).await, 503);
    }

    async fn bodies_share_a_room_and_who_finds_it_full_comes_back(desk) {
        let room = desk.web.room.bodies.clone();
        let taken = room.acquire_many(guichet::web::room::BODIES as u32).await.unwrap();
        let body = a_comment();
        let signature = signed(SECRET, &body);
        assert_eq!(post(&desk, &desk.hook, body.clone(), Some(&signature)).await, 503);
        drop(taken);
        assert_eq!(post(&desk, &desk.hook, body, Some(&signature)).await, 200);
        assert_eq!(room.available_permits(), guichet::web::room::BODIES, "the room is given back");
    }

    async fn a_head_is_heard_whole_however_it_comes(desk) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let address = desk.base.trim_start_matches("http://").to_owned();
        let mut line = tokio::net::TcpStream::connect(&address).await.unwrap();
        line.set_nodelay(true).unwrap();
        let body = String::from_utf8(a_comment()).unwrap();
        let (signature, length) = (signed(SECRET, body.as_bytes()), body.len());
        let said = format!(
            "POST {} HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: {signature}\r\ncontent-length: {length}\r\n\r\n{body}",
            desk.hook
        );
        // One byte at a time, the empty line and the beginning of the body among them; then, on the same
        // connection, a second request in one piece.
        for byte in said.as_bytes() {
            line.write_all(&[*byte]).await.unwrap();
            tokio::task::yield_now().await;
        }
        let mut heard = vec![0; 4096];
        let n = line.read(&mut heard).await.unwrap();
        assert!(heard[..n].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&heard[..n]));
        line.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut rest = Vec::new();
        line.read_to_end(&mut rest).await.unwrap();
        assert!(rest.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&rest));
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 1);
    }

    async fn a_strangers_form_is_short(desk) {
        let form = |length: usize| {
            let body = format!("email=a%40b.fr&next=&password={}", "x".repeat(length));
            let request = Request::builder().method("POST").uri("/login").header("origin", &desk.base);
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            send(&desk.web, request.body(Body::from(body)).unwrap())
        };
        assert_eq!(form(100).await.status.as_u16(), 422, "a wrong password");
        let long = form(guichet::web::room::FORM).await.status.as_u16();
        assert_eq!(long, 400, "a form that nobody fills in by hand");
    }
}
