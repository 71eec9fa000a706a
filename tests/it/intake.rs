//! What comes in: every kind of event of Facebook, in any order, as often as networks like.

use std::time::Duration;

use guichet::base::id::{ChannelId, DeliveryId};
use guichet::base::sign::{hmac_sha256, sha256};
use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::inbound::InboundState;
use guichet::desk::message::{Direction, Kind, Visibility};
use guichet::desk::stage::Stage;
use guichet::desk::ticket::{Bot, State};
use guichet::flow::intake;
use guichet::store::deliveries::{NewDelivery, Source};
use guichet::store::{channels, deliveries, inbound, messages, posts};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::Desk;
use crate::support::desk::{PAGE, SECRET};

/// Takes a body in as if its signature had been checked; what became of its elements.
async fn ingest(desk: &Desk, body: Value) -> Vec<(InboundState, Option<String>, Option<String>)> {
    let bytes = body.to_string().into_bytes();
    ingest_bytes(desk, desk.channel, bytes).await
}

async fn ingest_bytes(
    desk: &Desk,
    channel: ChannelId,
    body: Vec<u8>,
) -> Vec<(InboundState, Option<String>, Option<String>)> {
    let house = &desk.house;
    let mut tx = house.db.write().await.unwrap();
    let scope = guichet::desk::scope::Scope::house(desk.brand);
    let row = channels::get(&mut tx, &scope, channel).await.unwrap();
    let id: DeliveryId = house.given.id();
    let delivery = NewDelivery {
        id,
        brand: desk.brand,
        connection: row.connection_id,
        channel: Some(channel),
        source: Source::Ingest,
        sha256: sha256(&body),
        body,
        at: house.now(),
    };
    deliveries::record(&mut tx, vec![delivery]).await.unwrap();
    tx.commit().await.unwrap();
    desk.settle().await;
    let mut tx = house.db.read().await.unwrap();
    let lines = inbound::of_delivery(&mut tx, desk.brand, id).await.unwrap();
    lines.into_iter().map(|l| (l.state, l.kind, l.reason)).collect()
}

fn feed(value: Value) -> Value {
    json!({"object": "page", "entry": [{"id": PAGE, "time": 1_795_251_600, "changes": [{"field": "feed", "value": value}]}]})
}

fn comment(id: &str, post: &str, parent: &str, from: (&str, &str), text: &str) -> Value {
    feed(json!({"item": "comment", "verb": "add", "comment_id": id, "post_id": post, "parent_id": parent,
        "from": {"id": from.0, "name": from.1}, "created_time": 1_795_251_600, "message": text}))
}

fn dm(mid: &str, psid: &str, text: &str) -> Value {
    json!({"object": "page", "entry": [{"id": PAGE, "time": 1_795_251_600_000_i64, "messaging": [
        {"sender": {"id": psid}, "recipient": {"id": PAGE}, "timestamp": 1_795_251_600_000_i64, "message": {"mid": mid, "text": text}}]}]})
}

on_both! {
    async fn one_contact_in_one_thread_is_one_ticket(desk) {
        let post = format!("{PAGE}_77");
        ingest(&desk, comment("77_1", &post, &post, ("1", "Léa"), "Elle passe au lave-vaisselle ?")).await;
        ingest(&desk, comment("77_2", &post, "77_1", ("2", "Paul"), "Oui la mienne y passe")).await;
        ingest(&desk, comment("77_3", &post, "77_1", ("1", "Léa"), "Merci Paul")).await;
        ingest(&desk, comment("77_4", &post, &post, ("1", "Léa"), "Et en bleu ?")).await;
        let tickets = desk.tickets().await;
        // Léa and Paul in the first thread, Léa again in her second: three, not one for the post.
        assert_eq!(tickets.len(), 3);
        assert_eq!(tickets[0].thread_id, tickets[1].thread_id);
        assert_eq!(tickets[0].contact_id, tickets[2].contact_id);
        assert_eq!(desk.messages(tickets[0].id).await.len(), 2);
        assert_eq!(tickets[0].number, 1);
    }

    async fn the_same_event_twice_is_one_message(desk) {
        let body = dm("m_1", "501", "Bonjour");
        assert_eq!(ingest(&desk, body.clone()).await[0].0, InboundState::Done);
        // Byte for byte the same body is one row of the log; the same event in other bytes is known by its key.
        let mut other = body;
        other["entry"][0]["time"] = 1_795_251_700_000_i64.into();
        assert!(ingest(&desk, other).await.is_empty());
        assert_eq!(desk.messages(desk.ticket().await.id).await.len(), 1);
    }

    async fn a_batch_is_taken_in_element_by_element(desk) {
        let body = json!({"object": "page", "entry": [
            {"id": PAGE, "time": 1, "changes": [
                {"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": "9_1", "post_id": format!("{PAGE}_9"), "parent_id": format!("{PAGE}_9"), "from": {"id": "1", "name": "Léa"}, "message": "un"}},
                {"field": "feed", "value": {"item": "comment", "verb": "add", "post_id": format!("{PAGE}_9")}},
                {"field": "leadgen", "value": {"leadgen_id": 1}},
            ]},
            {"id": "999", "time": 2, "changes": [{"field": "feed", "value": {"item": "brand_new_thing", "verb": "add"}}]},
            {"id": PAGE, "time": 3, "messaging": [
                {"sender": {"id": "501"}, "recipient": {"id": PAGE}, "timestamp": 1_795_251_600_000_i64, "message": {"mid": "m_9", "text": "deux"}},
                {"sender": {"id": "501"}, "recipient": {"id": PAGE}, "timestamp": 1_795_251_600_001_i64, "who_knows": {}},
            ]},
        ]});
        let became = ingest(&desk, body).await;
        let states: Vec<InboundState> = became.iter().map(|b| b.0).collect();
        use InboundState::{Done, Ignored, Quarantined};
        assert_eq!(states, [Done, Quarantined, Ignored, Ignored, Done, Ignored]);
        let reasons: Vec<&str> = became.iter().filter_map(|b| b.2.as_deref()).collect();
        assert_eq!(reasons, ["a comment without comment_id", "field:leadgen", "feed:brand_new_thing:add", "messaging:who_knows"]);
        assert_eq!(desk.tickets().await.len(), 2);
    }

    async fn an_edit_keeps_the_old_words_and_one_that_comes_first_is_the_message(desk) {
        let post = format!("{PAGE}_77");
        let mut edit = comment("77_1", &post, &post, ("1", "Léa"), "C’est combien ?");
        edit["entry"][0]["changes"][0]["value"]["verb"] = "edited".into();
        ingest(&desk, edit).await;
        assert_eq!(desk.ticket().await.stage, Stage::HotProspect);
        // The original comes late and adds nothing.
        ingest(&desk, comment("77_1", &post, &post, ("1", "Léa"), "c combien")).await;
        let mut again = comment("77_1", &post, &post, ("1", "Léa"), "C’est combien la bleue ?");
        again["entry"][0]["changes"][0]["value"]["verb"] = "edited".into();
        again["entry"][0]["changes"][0]["value"]["created_time"] = 1_795_251_700.into();
        again["entry"][0]["time"] = 1_795_251_700.into();
        ingest(&desk, again).await;
        let all = desk.messages(desk.ticket().await.id).await;
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].text, "C’est combien la bleue ?");
        assert_eq!(all[0].versions[0]["text"], "C’est combien ?");
    }

    async fn what_comes_before_its_message_waits_a_day_for_it(desk) {
        let post = format!("{PAGE}_77");
        let remove = feed(json!({"item": "comment", "verb": "remove", "comment_id": "77_1", "post_id": post, "parent_id": post, "from": {"id": "1", "name": "Léa"}}));
        assert_eq!(ingest(&desk, remove).await[0].0, InboundState::Parked);
        ingest(&desk, comment("77_1", &post, &post, ("1", "Léa"), "Bonjour")).await;
        let all = desk.messages(desk.ticket().await.id).await;
        assert!(all[0].deleted_at.is_some());

        let hide = feed(json!({"item": "comment", "verb": "hide", "comment_id": "77_2", "post_id": post}));
        assert_eq!(ingest(&desk, hide).await[0].0, InboundState::Parked);
        desk.pass(Duration::from_secs(86_401)).await;
        let mut tx = desk.house.db.read().await.unwrap();
        let given_up = inbound::in_state(&mut tx, desk.brand, InboundState::Ignored, 10).await.unwrap();
        assert_eq!(given_up[0].reason.as_deref(), Some("never_came"));
    }

    async fn hides_deletions_and_reactions_show_on_the_message(desk) {
        let facebook = &desk.simulator.facebook;
        let post = facebook.publish(PAGE, "Bonjour à tous");
        let id = facebook.comment(PAGE, &post, ("1", "Léa"), "Magnifique");
        desk.settle().await;
        facebook.push_comment(PAGE, &id, "hide");
        let love = json!({"item": "reaction", "verb": "add", "reaction_type": "love", "post_id": post, "comment_id": id, "from": {"id": "2", "name": "Paul"}, "created_time": 1_795_251_600});
        ingest(&desk, feed(love)).await;
        let message = desk.messages(desk.ticket().await.id).await.remove(0);
        assert!(message.hidden_at.is_some() && message.deleted_at.is_none());
        assert_eq!(message.reactions, json!([{"by": "2", "reaction": "love"}]));
        facebook.push_comment(PAGE, &id, "unhide");
        facebook.push_comment(PAGE, &id, "remove");
        desk.settle().await;
        let message = desk.messages(desk.ticket().await.id).await.remove(0);
        assert!(message.hidden_at.is_none() && message.deleted_at.is_some());
        // A reaction to a post is a number on the post, no ticket.
        let like = json!({"item": "reaction", "verb": "add", "reaction_type": "like", "post_id": post, "from": {"id": "2", "name": "Paul"}});
        ingest(&desk, feed(like)).await;
        let mut tx = desk.house.db.read().await.unwrap();
        let kept = posts::by_external(&mut tx, desk.brand, desk.channel, &post).await.unwrap().unwrap();
        assert_eq!(kept.reactions, json!({"like": 1}));
        assert_eq!(kept.text.as_deref(), Some("Bonjour à tous"));
        drop(tx);
        assert_eq!(desk.tickets().await.len(), 1);
    }

    async fn what_the_page_writes_elsewhere_silences_the_bot_and_answers_the_customer(desk) {
        let post = format!("{PAGE}_77");
        ingest(&desk, comment("77_1", &post, &post, ("1", "Léa"), "Bonjour")).await;
        assert_eq!(ingest(&desk, comment("77_2", &post, "77_1", (PAGE, "Aubépine"), "Bonjour Léa !")).await[0].0, InboundState::Done);
        let ticket = desk.ticket().await;
        assert_eq!((ticket.bot, ticket.state), (Bot::Human, State::Waiting));
        let all = desk.messages(ticket.id).await;
        assert_eq!((all[1].direction, all[1].agent_id, all[1].delivery), (Direction::Outbound, None, Some(Delivery::Sent)));
        // Under its own post, with nobody asking, it is kept and opens nothing.
        ingest(&desk, comment("77_3", &post, &post, (PAGE, "Aubépine"), "Merci à tous")).await;
        assert_eq!(desk.tickets().await.len(), 1);
    }

    async fn a_wall_post_is_a_mention_and_the_exchange_under_it_is_its_thread(desk) {
        let facebook = &desk.simulator.facebook;
        let wall = facebook.visitor_post(PAGE, ("1", "Margaux"), "Bravo pour l’accueil à Lyon");
        desk.settle().await;
        facebook.comment(PAGE, &wall, ("1", "Margaux"), "et merci");
        desk.settle().await;
        let ticket = desk.ticket().await;
        assert_eq!((ticket.kind, ticket.visibility), (Kind::Mention, Visibility::Public));
        assert_eq!(desk.messages(ticket.id).await.len(), 2);
    }

    async fn a_mention_names_nobody_and_is_asked_about(desk) {
        let post = desk.simulator.facebook.visitor_post(PAGE, ("4", "Louise"), "J’adore @Aubépine");
        desk.settle().await;
        // Only the mention is heard: ids, no author.
        let mention = json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [{"field": "mention", "value": {"item": "post", "verb": "add", "post_id": format!("{post}x"), "message": "J’adore @Aubépine"}}]}]});
        ingest(&desk, mention).await;
        let tickets = desk.tickets().await;
        let nameless = tickets.iter().find(|t| t.thread_id != tickets[0].thread_id).unwrap();
        assert_eq!(desk.messages(nameless.id).await[0].author_name, "");
        // Of a mention the network can tell more of, author and stage are completed.
        let known = desk.simulator.facebook.comment_unheard(PAGE, &post, ("5", "Inès"), "C’est combien chez @Aubépine ?");
        let mention = json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [{"field": "mention", "value": {"item": "comment", "verb": "add", "post_id": "8_8", "comment_id": known}}]}]});
        ingest(&desk, mention).await;
        let all = desk.tickets().await;
        let completed = desk.messages(all.last().unwrap().id).await.remove(0);
        assert_eq!((completed.author_name.as_str(), completed.text.as_str()), ("Inès", "C’est combien chez @Aubépine ?"));
        let mut tx = desk.house.db.read().await.unwrap();
        let scope = guichet::desk::scope::Scope::house(desk.brand);
        let contact = guichet::store::contacts::get(&mut tx, &scope, all.last().unwrap().contact_id).await.unwrap();
        assert_eq!(contact.name, "Inès");
        let told = async |ticket| {
            let mut tx = desk.house.db.read().await.unwrap();
            let past = guichet::store::events::of_ticket(&mut tx, desk.brand, ticket).await.unwrap();
            past.iter().filter(|e| e.kind.as_str() == "contact_changed").count()
        };
        assert_eq!((told(all.last().unwrap().id).await, told(nameless.id).await), (1, 0), "who follows the log hears of it");
    }

    async fn a_bad_review_is_a_complaint_a_good_one_is_not(desk) {
        let review = |id: &str, stars: i64| json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [{"field": "ratings", "value":
            {"item": "rating", "verb": "add", "open_graph_story_id": id, "reviewer_id": 7_000 + stars, "reviewer_name": "Max", "rating": stars, "review_text": "bof"}}]}]});
        ingest(&desk, review("301", 1)).await;
        ingest(&desk, review("302", 5)).await;
        let tickets = desk.tickets().await;
        assert_eq!(tickets[0].label_list(), ["complaint"]);
        assert_eq!(tickets[1].stage, Stage::Advocate);
        let mut tx = desk.house.db.read().await.unwrap();
        let m = messages::by_external(&mut tx, desk.brand, desk.channel, "301").await.unwrap().unwrap();
        assert_eq!((m.kind, m.rating.as_deref()), (Kind::Review, Some("1/5")));
    }

    async fn stickers_pictures_and_receipts_in_messenger(desk) {
        let with = |mid: &str, attachment: Value| json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [
            {"sender": {"id": 501}, "recipient": {"id": PAGE}, "timestamp": 1_795_251_600_000_i64, "message": {"mid": mid, "attachments": [attachment]}}]}]});
        ingest(&desk, with("m_1", json!({"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/a.png", "sticker_id": 369_239_263_222_822_i64}}))).await;
        ingest(&desk, with("m_2", json!({"type": "sticker", "payload": {"url": "https://scontent.xx.fbcdn.net/b.png"}}))).await;
        ingest(&desk, with("m_3", json!({"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/c.jpg"}}))).await;
        ingest(&desk, with("m_4", json!({"type": "hologram", "payload": {}}))).await;
        let all = desk.messages(desk.ticket().await.id).await;
        let kinds: Vec<&str> = all.iter().map(|m| m.attachments[0]["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["sticker", "sticker", "image", "unsupported"]);
        assert_eq!(desk.ticket().await.excerpt, "[unsupported]");
    }

    async fn hostile_names_and_broken_text_do_no_harm(desk) {
        let name = format!("Zoé\u{202E}\u{0000}<script>{}", "\u{0301}".repeat(300));
        let text = "a\u{0000}b <img src=x onerror=alert(1)> \u{202E}gnp.exe";
        ingest(&desk, comment("77_1", "1_77", "1_77", ("1", &name), text)).await;
        let message = desk.messages(desk.ticket().await.id).await.remove(0);
        assert!(!message.author_name.contains(['\0', '\u{202E}']) && message.author_name.chars().count() < 60);
        assert!(!message.text.contains('\0'));
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let page = sarah.get(&format!("/tickets/{}", desk.ticket().await.id)).await.expect(200);
        assert!(!page.text.contains("<img src=x") && !page.text.contains("<script>Zo"));
        assert!(page.seen().contains("<img src=x onerror=alert(1)>"));
    }

    async fn an_unreadable_body_is_kept_and_read_again_after_a_mend(desk) {
        let lead = desk.agent("Lead", Role::Lead).await;
        let program = desk.program(&lead, &["read", "write"]).await;
        ingest_bytes(&desk, desk.channel, b"{\"object\":\"page\",\"entry\":[{\"id\":".to_vec()).await;
        ingest(&desk, dm("m_1", "501", "Bonjour")).await;
        assert_eq!(desk.tickets().await.len(), 1, "poison does not block what is behind it");
        let troubles = program.get("/inbound?state=quarantined").await.expect(200).json();
        let id = troubles["items"][0]["id"].as_str().unwrap().to_owned();
        assert!(troubles["items"][0]["reason"].as_str().unwrap().contains("JSON"));
        assert!(lead.get("/settings/troubles").await.expect(200).seen().contains("not readable as JSON"));
        program.post(&format!("/inbound/{id}/replay"), json!({})).await.expect(202);
        desk.settle().await;
        // Still unreadable: back in quarantine, bytes and all.
        assert_eq!(program.get("/inbound").await.json()["items"].as_array().unwrap().len(), 1);
    }

    async fn holes_are_filled_by_a_poll_and_nothing_is_doubled(desk) {
        let facebook = &desk.simulator.facebook;
        let post = facebook.publish(PAGE, "Bonjour");
        let heard = facebook.comment(PAGE, &post, ("1", "Léa"), "entendu");
        facebook.comment_unheard(PAGE, &post, ("2", "Paul"), "perdu en route, c’est combien ?");
        facebook.comment_unheard(PAGE, &heard, ("1", "Léa"), "une suite perdue");
        desk.settle().await;
        assert_eq!(desk.tickets().await.len(), 1);
        guichet::flow::listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        let tickets = desk.tickets().await;
        assert_eq!(tickets.len(), 2);
        assert_eq!(desk.messages(tickets[0].id).await.len(), 2);
        assert_eq!(tickets[1].stage, Stage::HotProspect);
        desk.clock.forward(Duration::from_secs(1_000));
        guichet::flow::listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.messages(tickets[0].id).await.len(), 2);
    }

    async fn two_thousand_events_of_one_body_are_two_thousand_tickets(desk) {
        let changes: Vec<Value> = (0..1_000).map(|i| json!({"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": format!("5_{i}"),
            "post_id": "5_5", "parent_id": "5_5", "from": {"id": format!("{i}"), "name": "N"}, "message": "bonjour"}})).collect();
        let body = json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": changes}]});
        let (before, _) = desk.house.db.counts();
        let became = ingest(&desk, body).await;
        assert_eq!(became.iter().filter(|b| b.0 == InboundState::Done).count(), 1_000);
        let (after, _) = desk.house.db.counts();
        // A handful of statements for each sixty-four, not for each one.
        assert!(after - before < 1_000, "{} statements", after - before);
    }
}

/// What others recorded, where it is present: every element becomes what it means or is ignored
/// with a reason; none is quarantined, none stops the others.
#[tokio::test(flavor = "multi_thread")]
async fn recorded_bodies_become_what_they_mean() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/recorded/restfb/webhooks");
    let Ok(files) = std::fs::read_dir(folder) else { return };
    let desk = Desk::open(crate::support::Engine::Sqlite).await;
    let mut paths: Vec<_> = files.map(|f| f.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let body = std::fs::read(&path).unwrap();
        for (state, _, reason) in ingest_bytes(&desk, desk.channel, body).await {
            assert_ne!(state, InboundState::Quarantined, "{}: {reason:?}", path.display());
            assert!(
                state != InboundState::Ignored || reason.is_some(),
                "{} was ignored without a reason",
                path.display()
            );
        }
    }
    let tickets = desk.tickets().await.len();
    assert!(tickets >= 9, "{tickets} tickets");
    // Signed and through the hook, the same bodies say nothing new; accounts that are not ours are ignored.
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    paths.sort();
    for path in &paths {
        let body = std::fs::read(path).unwrap();
        let signature = format!("sha256={}", hex::encode(hmac_sha256(SECRET.as_bytes(), &[&body])));
        let answer = crate::hooks::post(&desk, &desk.hook, body, Some(&signature)).await;
        assert_eq!(answer, 200, "{}", path.display());
    }
    while intake::turn(&desk.house).await.unwrap() > 0 {}
    let mut tx = desk.house.db.read().await.unwrap();
    assert!(deliveries::quarantined(&mut tx, desk.brand, 10).await.unwrap().is_empty());
}
