//! The JSON API: what its description promises is what it does.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::web::api;
use guichet::web::router::table;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::desk::PAGE;
use crate::support::{Desk, Program};

/// The description names every route under `/api/v1`, and no other.
#[test]
fn the_description_is_the_table_of_routes() {
    let description = serde_json::to_value(api::description()).unwrap();
    let mut described = BTreeSet::new();
    for (path, calls) in description["paths"].as_object().unwrap() {
        for (method, call) in calls.as_object().unwrap() {
            described.insert((method.to_uppercase(), path.clone()));
            if path != "/api/v1/openapi.json" {
                assert_eq!(call["security"], json!([{"token": []}]), "{method} {path} needs no token?");
            }
            assert!(call["summary"].as_str().or(call["description"].as_str()).is_some_and(|s| s.len() > 10), "{path}");
        }
    }
    let routed: BTreeSet<_> = table()
        .into_iter()
        .filter(|r| r.path.starts_with("/api/"))
        .map(|r| (r.method.to_owned(), r.path.to_owned()))
        .collect();
    assert_eq!(described, routed);
}

/// Three people wrote; somebody with a key looks.
async fn three_tickets(desk: &Desk) -> Program {
    let post = desk.simulator.facebook.publish(PAGE, "Bonjour à tous");
    for (id, name, text) in
        [("1", "Léa", "C’est combien ?"), ("2", "Paul", "Bonjour"), ("3", "Zoé", "Ma commande est arrivée cassée")]
    {
        desk.simulator.facebook.comment(PAGE, &post, (id, name), text);
        desk.settle().await;
        desk.clock.forward(Duration::from_secs(60));
    }
    let lead = desk.agent("Lead", Role::Lead).await;
    desk.program(&lead, &["read", "write"]).await
}

/// Fields of an answer that the description does not know, by schema.
fn unknown_fields(schema: &Value, all: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    let schema = match schema["$ref"].as_str() {
        Some(name) => &all["components"]["schemas"][name.rsplit('/').next().unwrap()],
        None => schema,
    };
    if let Some(options) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        if !value.is_null() {
            let real = options.iter().find(|o| o["type"] != "null").unwrap();
            unknown_fields(real, all, value, at, out);
        }
        return;
    }
    match value {
        Value::Object(fields) => {
            let Some(known) = schema["properties"].as_object() else { return };
            for (key, value) in fields {
                match known.get(key) {
                    Some(schema) => unknown_fields(schema, all, value, &format!("{at}.{key}"), out),
                    None => out.push(format!("{at}.{key}")),
                }
            }
            for required in schema["required"].as_array().into_iter().flatten() {
                if !fields.contains_key(required.as_str().unwrap()) {
                    out.push(format!("{at} lacks {required}"));
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|v| unknown_fields(&schema["items"], all, v, at, out)),
        _ => {}
    }
}

on_both! {
    async fn answers_are_as_described(desk) {
        let program = three_tickets(&desk).await;
        let description = serde_json::to_value(api::description()).unwrap();
        let first = program.get("/tickets").await.expect(200).json()["items"][0].clone();
        let (ticket, contact) = (first["id"].as_str().unwrap(), first["contact"]["id"].as_str().unwrap());
        for (path, described) in [
            ("/tickets".to_owned(), "/api/v1/tickets"),
            (format!("/tickets/{ticket}"), "/api/v1/tickets/{id}"),
            (format!("/contacts/{contact}"), "/api/v1/contacts/{id}"),
            ("/search?q=combien".to_owned(), "/api/v1/search"),
            ("/channels".to_owned(), "/api/v1/channels"),
            ("/events?since=0".to_owned(), "/api/v1/events"),
            ("/inbound?state=done".to_owned(), "/api/v1/inbound"),
        ] {
            let answer = program.get(&path).await.expect(200).json();
            let schema = &description["paths"][described]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            assert!(schema.is_object(), "{described} describes no answer");
            let mut wrong = Vec::new();
            unknown_fields(schema, &description, &answer, described, &mut wrong);
            assert!(wrong.is_empty(), "{wrong:?}");
            assert!(answer.get("items").is_none_or(|i| !i.as_array().unwrap().is_empty()), "{path} is empty: the test proves nothing");
        }
        // What the contract names is there.
        for field in ["id", "brand", "channel", "network", "state", "bot", "stage", "stage_evidence", "team", "assignee", "priority", "sentiment", "language", "labels", "contact", "thread", "post", "last_message_at", "waiting_since", "sla", "created_at"] {
            assert!(first.get(field).is_some(), "a ticket without {field}");
        }
        let whole = program.get(&format!("/tickets/{ticket}")).await.json();
        for field in ["id", "ticket", "direction", "kind", "visibility", "author", "text", "attachments", "external_id", "parent_external_id", "post_external_id", "at", "edited_at", "deleted_at", "hidden_at", "delivery", "trace"] {
            assert!(whole["messages"][0].get(field).is_some(), "a message without {field}");
        }
    }

    async fn lists_are_read_page_by_page_and_miss_nothing(desk) {
        let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
        for i in 0..25 {
            desk.simulator.facebook.comment(PAGE, &post, (&format!("9{i}"), "N"), "Bonjour");
        }
        let program = three_tickets(&desk).await;
        for sort in ["newest", "oldest", "urgent"] {
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = program.get(&format!("/tickets?sort={sort}&limit=10{cursor}")).await.expect(200).json();
                seen.extend(page["items"].as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap().to_owned()));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
                // What changes meanwhile shifts no page.
                if seen.len() == 10 {
                    program.patch(&format!("/tickets/{}", seen[0]), json!({"priority": "urgent"})).await.expect(200);
                }
            }
            let distinct: BTreeSet<_> = seen.iter().collect();
            assert_eq!((seen.len(), distinct.len()), (28, 28), "{sort}");
        }
        program.get("/tickets?limit=101").await.expect(400);
        program.get("/tickets?cursor=x").await.expect(400);
        program.get("/tickets?colour=blue").await.expect(400);
    }

    async fn filters_say_what_they_do(desk) {
        let program = three_tickets(&desk).await;
        let names = |answer: Value| -> Vec<String> {
            answer["items"].as_array().unwrap().iter().map(|t| t["contact"]["name"].as_str().unwrap().to_owned()).collect()
        };
        let all = program.get("/tickets?sort=oldest").await.json();
        let id = |i: usize| all["items"][i]["id"].as_str().unwrap().to_owned();
        program.patch(&format!("/tickets/{}", id(1)), json!({"state": "resolved"})).await.expect(200);
        program.patch(&format!("/tickets/{}", id(2)), json!({"assignee": "me", "labels": ["vip"]})).await.expect(200);
        for (query, expected) in [
            ("", vec!["Léa", "Paul", "Zoé"]),
            ("&state=resolved", vec!["Paul"]),
            ("&state=todo", vec!["Léa", "Zoé"]),
            ("&stage=hot_prospect", vec!["Léa"]),
            ("&team=sales", vec!["Léa"]),
            ("&team=support", vec!["Zoé"]),
            ("&assignee=me", vec!["Zoé"]),
            ("&assignee=none", vec!["Léa", "Paul"]),
            ("&assignee=lead@guichet.example", vec!["Zoé"]),
            ("&assignee=LEAD%40guichet.example&q=cass%C3%A9e", vec!["Zoé"]),
            ("&assignee=none&q=cass%C3%A9e", vec![]),
            ("&network=facebook&kind=comment", vec!["Léa", "Paul", "Zoé"]),
            ("&kind=dm", vec![]),
            ("&label=vip", vec!["Zoé"]),
            ("&q=cass%C3%A9e", vec!["Zoé"]),
            ("&q=bonjour&state=todo", vec![]),
        ] {
            let answer = program.get(&format!("/tickets?sort=oldest{query}")).await.expect(200).json();
            assert_eq!(names(answer), expected, "{query}");
        }
        let lead = program.get("/tickets?assignee=me").await.json()["items"][0]["assignee"]["id"].as_str().unwrap().to_owned();
        let by_id = program.get(&format!("/tickets?assignee={lead}")).await.expect(200).json();
        assert_eq!(names(by_id), ["Zoé"]);
        program.get("/tickets?assignee=nobody@guichet.example").await.expect(400);
        program.get("/tickets?team=nobody").await.expect(400);
        program.get("/tickets?state=pending").await.expect(400);
    }

    async fn a_repeated_call_does_nothing_twice(desk) {
        let program = three_tickets(&desk).await;
        let id = program.get("/tickets?sort=oldest").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let reply = json!({"text": "12 €", "visibility": "public", "client_key": "k1"});
        let first = program.post(&format!("/tickets/{id}/replies"), reply.clone()).await.expect(201).json();
        let second = program.post(&format!("/tickets/{id}/replies"), reply).await.expect(201).json();
        assert_eq!(first["id"], second["id"]);
        let note = json!({"text": "vu", "client_key": "k2"});
        let first = program.post(&format!("/tickets/{id}/notes"), note.clone()).await.expect(201).json();
        assert_eq!(first["id"], program.post(&format!("/tickets/{id}/notes"), note).await.expect(201).json()["id"]);
        let handover = json!({"team": "support", "reason": "prix", "client_key": "k3"});
        program.post(&format!("/tickets/{id}/escalate"), handover.clone()).await.expect(200);
        program.post(&format!("/tickets/{id}/escalate"), handover).await.expect(200);
        let events = program.get("/events?since=0&limit=1000").await.json();
        let times = |kind: &str| events["items"].as_array().unwrap().iter().filter(|e| e["kind"] == kind && e["ticket"] == id.as_str() && e["actor_kind"] == "agent").count();
        assert_eq!((times("reply_queued"), times("noted"), times("escalated")), (1, 1, 1));
        desk.settle().await;
        assert_eq!(desk.deeds(), ["comment: 12 €"]);
    }

    /// A hand-over's key holds whatever happens in between, and never covers another hand-over.
    async fn a_hand_overs_key_is_good_once(desk) {
        let program = three_tickets(&desk).await;
        let id = program.get("/tickets?sort=oldest").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/tickets/{id}/escalate");
        let first = json!({"team": "support", "reason": "prix", "summary": "200 pièces", "client_key": "k1"});
        program.post(&path, first.clone()).await.expect(200);
        program.post(&path, json!({"team": "sales", "reason": "retour", "client_key": "k2"})).await.expect(200);
        let again = program.post(&path, first).await.expect(200).json();
        assert_eq!(again["team"], "sales", "the first hand-over is not made a second time");
        let other = json!({"team": "support", "reason": "autre", "client_key": "k1"});
        let refused = program.post(&path, other).await.expect(409).json();
        assert_eq!(refused["type"], "urn:guichet:problem:key-reused");
        let long = json!({"team": "support", "reason": "x", "client_key": "k".repeat(101)});
        program.post(&path, long).await.expect(422);
        let events = program.get("/events?since=0&limit=1000").await.json();
        let by_people = events["items"].as_array().unwrap().iter().filter(|e| e["kind"] == "escalated" && e["actor_kind"] == "agent");
        assert_eq!(by_people.count(), 2);
    }

    /// A method that a route does not have is a problem, too.
    async fn a_wrong_method_is_a_problem(desk) {
        let program = three_tickets(&desk).await;
        for (method, path, allowed) in [
            ("PUT", "/api/v1/tickets", "GET"),
            ("DELETE", "/api/v1/tickets/0190a7e0-0000-7000-8000-000000000000", "PATCH"),
            ("POST", "/api/v1/search", "GET"),
            ("GET", "/api/v1/tickets/0190a7e0-0000-7000-8000-000000000000/replies", "POST"),
        ] {
            let answer = program.call(method, path, None).await.expect(405);
            assert_eq!(answer.headers["content-type"], "application/problem+json", "{method} {path}");
            assert!(answer.headers["allow"].contains(allowed), "{:?}", answer.headers);
            let problem = answer.json();
            assert_eq!((problem["type"].as_str(), problem["status"].as_u64()), (Some("urn:guichet:problem:method"), Some(405)));
        }
    }

    async fn problems_have_names(desk) {
        let program = three_tickets(&desk).await;
        let id = program.get("/tickets?sort=oldest").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        program.patch(&format!("/tickets/{id}"), json!({"state": "open"})).await.expect(200);
        let long = "é".repeat(8_001);
        for (method, path, body, status, kind) in [
            ("POST", format!("/tickets/{id}/replies"), json!({"text": "x", "visibility": "public", "colour": 1}), 400, "body"),
            ("POST", format!("/tickets/{id}/replies"), json!({"text": "x"}), 400, "body"),
            ("POST", format!("/tickets/{id}/replies"), json!({"text": " ", "visibility": "public"}), 422, "empty-text"),
            ("POST", format!("/tickets/{id}/replies"), json!({"text": long, "visibility": "public"}), 422, "too-long"),
            ("POST", format!("/tickets/{id}/replies"), json!({"text": "x", "visibility": "internal"}), 422, "visibility"),
            ("PATCH", format!("/tickets/{id}"), json!({"state": "new"}), 422, "back-to-new"),
            ("PATCH", format!("/tickets/{id}"), json!({"state": "snoozed"}), 422, "snooze-needs-future"),
            ("PATCH", format!("/tickets/{id}"), json!({"team": "nobody"}), 422, "unknown-team"),
            ("PATCH", format!("/tickets/{id}"), json!({"assignee": "x@y.example"}), 422, "unknown-agent"),
            ("POST", format!("/tickets/{id}/escalate"), json!({"team": "sales", "reason": ""}), 422, "needs-reason"),
            ("PATCH", "/tickets/0190a7e0-0000-7000-8000-000000000000".into(), json!({"state": "open"}), 404, "not-found"),
        ] {
            let answer = program.call(method, &format!("/api/v1{path}"), Some(body)).await.expect(status);
            assert_eq!(answer.headers["content-type"], "application/problem+json");
            let problem = answer.json();
            assert_eq!((problem["type"].as_str().unwrap(), problem["status"].as_u64().unwrap()), (format!("urn:guichet:problem:{kind}").as_str(), u64::from(status)));
            assert!(problem["title"].as_str().unwrap().len() > 5);
        }
        let answer = program.get("/tickets/not-an-id").await;
        assert!(matches!(answer.status.as_u16(), 400 | 404) && answer.headers["content-type"] == "application/problem+json", "{answer:?}");
        let answer = program.get("/nothing-here").await.expect(404);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }

    async fn the_log_can_be_followed(desk) {
        let program = three_tickets(&desk).await;
        let mut since = 0;
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        loop {
            let page = program.get(&format!("/events?since={since}&limit=3")).await.expect(200).json();
            let items = page["items"].as_array().unwrap().clone();
            let Some(last) = items.last() else { break };
            assert!(items.iter().all(|e| e["seq"].as_i64().unwrap() > since));
            since = last["seq"].as_i64().unwrap();
            for event in items {
                *kinds.entry(event["kind"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        assert_eq!((kinds["ticket_opened"], kinds["message_received"]), (3, 3));
        assert!(kinds["staged"] >= 1 && kinds["escalated"] >= 2, "{kinds:?}");
        let hot = program.get("/events?since=0&limit=1000").await.json();
        let escalated = hot["items"].as_array().unwrap().iter().find(|e| e["kind"] == "escalated").unwrap();
        let matched = &escalated["trace"]["matched"][0];
        assert!(matched["text"].as_str().is_some() && matched["start"].as_u64() < matched["end"].as_u64(), "{escalated}");
        assert!(escalated["trace"]["rule"].as_str().is_some() && escalated["trace"]["version"].as_str().is_some());
    }
}
