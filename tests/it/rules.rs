//! The vendors' rules for the calls we make at X, YouTube and WhatsApp, in our own words: a table that both sides
//! of the wire are held to, our requests and the simulator's answers. Neither side is the other's only
//! proof: the table is written from the vendors' pages (docs.x.com/x-api, developers.google.com/youtube/
//! v3/docs; 2026-11), and where `GUICHET_TEST_SPECS` names a folder with Google's own description of
//! the API (`youtube.v3.json`; `tests/run` fetches it), the table itself is held to that; and where
//! `GUICHET_TEST_SPECS_X` names X's own library, made from X's description of its API, that of X is.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::message::Visibility;
use guichet::desk::outbound::Action;
use guichet::flow::approved::{self, Wanted};
use guichet::flow::{connect, listen, moderate};
use guichet::simulator::stage::Exchange;
use guichet::simulator::whatsapp::Person;
use guichet::simulator::x::NewAccount;
use guichet::simulator::youtube::NewChannel;
use serde_json::Value;

use crate::support::{Desk, Engine, open};

/// The rules for one call.
struct Rule {
    /// Method and path; `*` stands for one piece.
    call: &'static str,
    /// Query parameters it must have.
    must: &'static [&'static str],
    /// Those it may have.
    may: &'static [&'static str],
    /// The words a parameter may be.
    words: &'static [(&'static str, &'static [&'static str])],
    /// What the body must say, by path.
    says: &'static [&'static str],
    /// What the answer to a success must hold, by path; within lists, of each element.
    answers: &'static [&'static str],
    /// The status of a success.
    status: u16,
    /// Of bodies it is for: what stands at a path.
    when: &'static [(&'static str, &'static str)],
    /// All that may stand at the top of the body; none: anything.
    knows: &'static [&'static str],
    /// The words something in the body may be, by path.
    chosen: &'static [(&'static str, &'static [&'static str])],
}

const fn rule(call: &'static str, status: u16) -> Rule {
    Rule { call, must: &[], may: &[], words: &[], says: &[], answers: &[], status, when: &[], knows: &[], chosen: &[] }
}

const STATES: &[&str] = &["published", "heldForReview", "likelySpam", "rejected"];
const LIST: &[&str] = &["kind", "etag", "pageInfo.totalResults"];
const POSTS: &[&str] = &["tweet.fields", "expansions", "user.fields", "media.fields", "max_results"];

const YOUTUBE: &[Rule] = &[
    Rule { must: &["part"], may: &["mine", "maxResults", "id"], answers: LIST, ..rule("GET youtube/v3/channels", 200) },
    Rule {
        must: &["part"],
        may: &["allThreadsRelatedToChannelId", "order", "textFormat", "maxResults", "moderationStatus", "pageToken"],
        words: &[
            ("order", &["time", "relevance"]),
            ("textFormat", &["html", "plainText"]),
            ("moderationStatus", STATES),
        ],
        answers: &[
            "kind",
            "pageInfo.totalResults",
            "items.snippet.topLevelComment.snippet.publishedAt",
            "items.snippet.totalReplyCount",
        ],
        ..rule("GET youtube/v3/commentThreads", 200)
    },
    Rule {
        must: &["part"],
        may: &["id", "parentId", "textFormat", "maxResults"],
        words: &[("textFormat", &["html", "plainText"])],
        answers: &[
            "kind",
            "items.id",
            "items.snippet.textDisplay",
            "items.snippet.authorChannelId.value",
            "items.snippet.updatedAt",
        ],
        ..rule("GET youtube/v3/comments", 200)
    },
    Rule {
        must: &["part"],
        may: &["id"],
        answers: &["kind", "items.snippet.title"],
        ..rule("GET youtube/v3/videos", 200)
    },
    Rule {
        must: &["part"],
        may: &["broadcastStatus", "broadcastType"],
        words: &[
            ("broadcastStatus", &["all", "active", "upcoming", "completed"]),
            ("broadcastType", &["all", "event", "persistent"]),
        ],
        answers: &["kind", "items.snippet.liveChatId"],
        ..rule("GET youtube/v3/liveBroadcasts", 200)
    },
    Rule {
        must: &["part", "liveChatId"],
        may: &["maxResults", "pageToken"],
        answers: &["kind", "pollingIntervalMillis", "items.snippet.type", "items.authorDetails.channelId"],
        ..rule("GET youtube/v3/liveChat/messages", 200)
    },
    Rule {
        must: &["part"],
        says: &["snippet.parentId", "snippet.textOriginal"],
        answers: &["kind", "id", "snippet.parentId"],
        ..rule("POST youtube/v3/comments", 200)
    },
    Rule {
        must: &["id", "moderationStatus"],
        may: &["banAuthor"],
        words: &[("moderationStatus", STATES)],
        ..rule("POST youtube/v3/comments/setModerationStatus", 204)
    },
    Rule {
        must: &["part"],
        says: &["snippet.liveChatId", "snippet.type", "snippet.textMessageDetails.messageText"],
        answers: &["kind", "id"],
        ..rule("POST youtube/v3/liveChat/messages", 200)
    },
    Rule { must: &["id"], ..rule("DELETE youtube/v3/liveChat/messages", 204) },
];

const X: &[Rule] = &[
    Rule { may: &["user.fields"], answers: &["data.id", "data.name", "data.username"], ..rule("GET 2/users/me", 200) },
    Rule {
        may: &["exclude", "tweet.fields", "expansions", "user.fields", "media.fields", "max_results"],
        words: &[("exclude", &["replies", "retweets", "replies,retweets"])],
        answers: &["meta.result_count", "data.id", "data.text", "data.edit_history_tweet_ids"],
        ..rule("GET 2/users/*/tweets", 200)
    },
    Rule {
        must: &["query"],
        may: POSTS,
        answers: &["meta.result_count", "data.id", "data.text"],
        ..rule("GET 2/tweets/search/recent", 200)
    },
    Rule {
        may: POSTS,
        answers: &["meta.result_count", "data.id", "data.text", "data.author_id", "data.conversation_id"],
        ..rule("GET 2/users/*/mentions", 200)
    },
    Rule { may: &["user.fields"], answers: &["data.id"], ..rule("GET 2/users/*", 200) },
    Rule { may: &["tweet.fields", "expansions", "user.fields", "media.fields"], ..rule("GET 2/tweets/*", 200) },
    Rule {
        may: &["max_results", "event_types", "dm_event.fields", "expansions", "user.fields"],
        words: &[("event_types", &["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"])],
        answers: &["meta.result_count", "data.id", "data.event_type", "data.dm_conversation_id"],
        ..rule("GET 2/dm_events", 200)
    },
    Rule {
        may: &["max_results", "dm_event.fields"],
        answers: &["meta.result_count"],
        ..rule("GET 2/dm_conversations/with/*/dm_events", 200)
    },
    Rule {
        says: &["text", "reply.in_reply_to_tweet_id"],
        answers: &["data.id", "data.text"],
        ..rule("POST 2/tweets", 201)
    },
    Rule {
        says: &["text"],
        answers: &["data.dm_conversation_id", "data.dm_event_id"],
        ..rule("POST 2/dm_conversations/with/*/messages", 201)
    },
    Rule { says: &["hidden"], answers: &["data.hidden"], ..rule("PUT 2/tweets/*/hidden", 200) },
    Rule { answers: &["data.id", "data.url", "data.valid"], ..rule("GET 2/webhooks", 200) },
    Rule { answers: &["data.valid"], ..rule("PUT 2/webhooks/*", 200) },
    rule("GET 2/activity/subscriptions", 200),
    Rule {
        says: &["event_type", "filter.user_id"],
        answers: &["data.event_type"],
        ..rule("POST 2/activity/subscriptions", 200)
    },
];
/// What a message of WhatsApp says at its top.
const SAID: &[&str] = &[
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "text",
    "template",
    "context",
    "biz_opaque_callback_data",
];
const SORTS: &[(&str, &[&str])] = &[("messaging_product", &["whatsapp"]), ("recipient_type", &["individual", "group"])];
const MESSAGE: &[&str] = &["messaging_product", "contacts.input", "messages.id"];

/// WhatsApp's calls: developers.facebook.com/documentation/business-messaging/whatsapp/reference/
/// whatsapp-business-phone-number/message-api, …/templates/overview, …/docs/graph-api/reference/
/// whats-app-business-account/{message_templates, subscribed_apps}, …/docs/facebook-login/guides/
/// access-tokens/debugging; and Meta's own description of the API (facebook/openapi on GitHub,
/// business-messaging-api_v23.0), which is in no package registry; read 2026-11.
const WHATSAPP: &[Rule] = &[
    Rule {
        says: &["messaging_product", "recipient_type", "text.body"],
        answers: MESSAGE,
        when: &[("type", "text")],
        knows: SAID,
        chosen: SORTS,
        ..rule("POST */messages", 200)
    },
    Rule {
        says: &[
            "messaging_product",
            "recipient_type",
            "template.name",
            "template.language.code",
            "template.components.type",
            "template.components.parameters.type",
            "template.components.parameters.text",
        ],
        answers: MESSAGE,
        when: &[("type", "template")],
        knows: SAID,
        chosen: &[
            ("messaging_product", &["whatsapp"]),
            ("recipient_type", &["individual", "group"]),
            ("template.components.type", &["header", "body", "button"]),
            ("template.components.parameters.type", &["text", "currency", "date_time", "image", "document", "video"]),
        ],
        ..rule("POST */messages", 200)
    },
    Rule {
        may: &["fields", "limit", "after", "before", "status", "language", "category", "name"],
        answers: &[
            "data.name",
            "data.language",
            "data.status",
            "data.category",
            "data.components.type",
            "paging.cursors",
        ],
        ..rule("GET */message_templates", 200)
    },
    Rule { answers: &["success"], ..rule("POST */subscribed_apps", 200) },
    Rule {
        must: &["input_token"],
        answers: &["data.is_valid", "data.scopes", "data.expires_at"],
        ..rule("GET debug_token", 200)
    },
    Rule {
        may: &["fields"],
        answers: &["id", "display_phone_number", "verified_name", "quality_rating"],
        ..rule("GET *", 200)
    },
];

/// What a list of X may be asked for beside its fields.
const PLACES: &[&str] = &["since_id", "until_id", "start_time", "pagination_token", "next_token"];

fn fits(pattern: &str, call: &str) -> bool {
    let (pattern, call): (Vec<&str>, Vec<&str>) =
        (pattern.split(['/', ' ']).collect(), call.split(['/', ' ']).collect());
    pattern.len() == call.len() && pattern.iter().zip(&call).all(|(p, c)| p == c || *p == "*")
}

/// True when something stands at the end of a path, in every element of the lists on the way.
fn holds(value: &Value, path: &str) -> bool {
    if let Some(all) = value.as_array() {
        return all.iter().all(|v| holds(v, path));
    }
    let (key, rest) = path.split_once('.').map_or((path, None), |(k, r)| (k, Some(r)));
    match (value.get(key), rest) {
        (Some(found), Some(rest)) => holds(found, rest),
        (Some(found), None) => !found.is_null(),
        // X leaves `data` out when there is none.
        (None, _) => key == "data" && value["meta"]["result_count"] == 0,
    }
}

/// The texts at the end of a path, in every element of the lists on the way.
fn found<'a>(value: &'a Value, path: &str) -> Vec<&'a str> {
    if let Some(all) = value.as_array() {
        return all.iter().flat_map(|v| found(v, path)).collect();
    }
    match path.split_once('.') {
        Some((key, rest)) => value.get(key).map(|v| found(v, rest)).unwrap_or_default(),
        None => value.get(path).and_then(Value::as_str).into_iter().collect(),
    }
}

fn hold(rules: &[Rule], exchanges: &[Exchange], places: &[&str]) -> usize {
    let mut met = std::collections::BTreeSet::new();
    for e in exchanges.iter().filter(|e| !e.call.path.contains("oauth") && e.call.path != "token") {
        let said = format!("{} {}", e.call.method, e.call.path);
        let meant = |r: &&Rule| r.when.iter().all(|(path, word)| found(&e.call.body, path) == [*word]);
        let rule = rules.iter().find(|r| fits(r.call, &said) && meant(r));
        let rule = rule.unwrap_or_else(|| panic!("no rule knows {said}: {}", e.call.body));
        met.insert((rule.call, rule.when));
        for key in e.call.body.as_object().into_iter().flatten().map(|(k, _)| k) {
            assert!(
                rule.knows.is_empty() || rule.knows.contains(&key.as_str()),
                "{said} says {key}, which nobody asks"
            );
        }
        for (path, words) in rule.chosen {
            for word in found(&e.call.body, path) {
                assert!(words.contains(&word), "{said}: {path} is {word}");
            }
        }
        for key in rule.must {
            assert!(e.call.query.contains_key(*key), "{said} lacks {key}");
        }
        for (key, value) in &e.call.query {
            let known =
                rule.must.contains(&key.as_str()) || rule.may.contains(&key.as_str()) || places.contains(&key.as_str());
            assert!(known, "{said} has {key}, which the vendor does not know");
            if let Some((_, words)) = rule.words.iter().find(|(k, _)| k == key) {
                assert!(words.contains(&value.as_str()), "{said}: {key} is {value}");
            }
        }
        for path in rule.says {
            assert!(holds(&e.call.body, path), "{said} does not say {path}: {}", e.call.body);
        }
        if e.reply.status < 300 {
            assert_eq!(e.reply.status, rule.status, "{said}");
            for path in rule.answers {
                assert!(holds(&e.reply.body, path), "the answer to {said} lacks {path}: {}", e.reply.body);
            }
        }
    }
    met.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_of_youtube_keep_its_rules() {
    let desk = Desk::open(Engine::Sqlite).await;
    let me = "UCaubepine0000000000001";
    let yt = &desk.simulator.youtube;
    yt.add_channel(NewChannel { id: me.into(), title: "Aubépine".into(), token: "t".into(), refresh: "r".into() });
    let there = open::connect(&desk, "youtube", &[("channel_id", me), ("access_token", "t")]).await;
    let sarah = desk.agent("Sarah", Role::Admin).await;
    let look = async || {
        desk.clock.forward(Duration::from_secs(301));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
    };
    let video = yt.publish(me, "La cocotte");
    let first = yt.comment(&video, ("UClea", "@lea"), "Elle passe au four ?");
    for n in 0..4 {
        yt.reply(&first, ("UCpaul", "@paul"), &format!("oui {n}"));
    }
    let gone = yt.comment(&video, ("UCines", "@ines"), "Et en bleu ?");
    yt.go_live(&video);
    yt.chat(("UClea", "@lea"), "Bonsoir");
    look().await;
    yt.delete(&gone);
    look().await;
    let scope = desk.scope(&sarah).await;
    for ticket in desk.tickets().await {
        open::say(&desk, &sarah, ticket.id, "Oui !", Visibility::Public).await;
        let message = desk.messages(ticket.id).await[0].id;
        let act = if ticket.kind == guichet::desk::message::Kind::Chat { Action::Delete } else { Action::Hide };
        moderate::moderate(&desk.house, &scope, message, act).await.unwrap();
    }
    desk.settle().await;
    connect::check(&desk.house, &scope, there.channel).await.unwrap();
    assert_eq!(hold(YOUTUBE, &yt.journal(), &[]), YOUTUBE.len(), "every call was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_of_x_keep_its_rules() {
    let desk = Desk::open(Engine::Sqlite).await;
    let (me, lea) = ("1790000000000000001", ("1790000000000000042", "Léa", "lea"));
    let settings =
        [("user_id", me), ("access_token", "t"), ("consumer_secret", "s"), ("bearer_token", "b"), ("webhook_id", "7")];
    let there = open::connect(&desk, "x", &settings).await;
    let x = &desk.simulator.x;
    let (id, username, token) = (me.to_owned(), "aubepine".to_owned(), "t".to_owned());
    x.add_account(NewAccount {
        id,
        username,
        token,
        hook: there.hook.clone(),
        secret: "s".into(),
        ..NewAccount::default()
    });
    let sarah = desk.agent("Sarah", Role::Admin).await;
    let post = x.publish(me, "La cocotte");
    x.reply(me, &post, lea, "@aubepine combien ?");
    x.message(me, lea, "Bonjour");
    desk.settle().await;
    listen::turn(&desk.house).await.unwrap();
    desk.settle().await;
    let scope = desk.scope(&sarah).await;
    for ticket in desk.tickets().await {
        open::say(&desk, &sarah, ticket.id, "Oui !", ticket.visibility).await;
        if ticket.visibility == Visibility::Public {
            let message = desk.messages(ticket.id).await[0].id;
            moderate::moderate(&desk.house, &scope, message, Action::Hide).await.unwrap();
        }
    }
    desk.settle().await;
    connect::check(&desk.house, &scope, there.channel).await.unwrap();
    assert!(hold(X, &x.journal(), PLACES) >= 9, "most calls were made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_of_whatsapp_keep_its_rules() {
    let desk = Desk::open(Engine::Sqlite).await;
    let (channel, _) = crate::meta::connected(&desk, "whatsapp").await;
    let (us, wa) = (crate::meta::account("whatsapp"), &desk.simulator.whatsapp);
    listen::turn(&desk.house).await.unwrap();
    let own = Person { number: None, own_id: Some("US.100000000000001".into()), name: "Sheena".into() };
    for person in [Person::with_number("33612345678", "Léa"), own] {
        wa.message_at(us, &person, "Bonjour", desk.house.now());
        // One after the other: the first ticket is that of whoever has a number.
        desk.settle().await;
    }
    let sarah = desk.agent("Sarah", Role::Admin).await;
    let scope = desk.scope(&sarah).await;
    let tickets = desk.tickets().await;
    for ticket in &tickets {
        open::say(&desk, &sarah, ticket.id, "Bonjour", Visibility::Private).await;
    }
    desk.settle().await;
    desk.clock.forward(Duration::from_hours(25));
    for (name, language, values) in [("suivi_commande", "fr", &["1", "2", "3"][..]), ("we_are_back", "en_US", &["Ann"])]
    {
        let wanted = Wanted {
            ticket: tickets[0].id,
            name: name.into(),
            language: language.into(),
            values: values.iter().map(|v| (*v).to_owned()).collect(),
            client_key: None,
        };
        approved::send(&desk.house, &scope, wanted).await.unwrap();
        desk.pass(Duration::from_secs(10)).await;
    }
    let found = connect::check(&desk.house, &scope, channel).await.unwrap();
    assert!(found.problems.is_empty(), "{found:?}");
    let journal = wa.stage.journal();
    assert_eq!(hold(WHATSAPP, &journal, &["appsecret_proof"]), WHATSAPP.len(), "every call was made");
    let sends = journal.iter().filter(|e| e.call.path.ends_with("/messages"));
    let to: Vec<(bool, bool)> =
        sends.map(|e| (e.call.body["to"].is_string(), e.call.body["recipient"].is_string())).collect();
    assert_eq!(to.iter().filter(|t| **t == (true, false)).count(), 3, "{to:?}");
    assert_eq!(to.iter().filter(|t| **t == (false, true)).count(), 1, "{to:?}");
}

/// Where X's own library is at hand (made by X from its description of the API), the table is held to
/// it: each call is one it makes, each parameter one it knows.
#[test]
fn the_table_is_what_the_library_of_x_calls() {
    let Some(folder) = std::env::var_os("GUICHET_TEST_SPECS_X") else { return };
    let mut calls: Vec<(String, String)> = Vec::new();
    for room in std::fs::read_dir(folder).unwrap() {
        let Ok(text) = std::fs::read_to_string(room.unwrap().path().join("client.py")) else { continue };
        for one in text.split("\n    def ").skip(1) {
            let path = one.split("base_url").nth(1).and_then(|rest| rest.split('"').nth(1));
            let verb = one.split("self.client.session.").filter_map(|s| s.split_once('(')).map(|(v, _)| v);
            let verb = verb.filter(|v| ["get", "post", "put", "delete"].contains(v)).last();
            if let (Some(path), Some(verb)) = (path, verb) {
                calls.push((format!("{} {}", verb.to_uppercase(), path.trim_start_matches('/')), one.to_owned()));
            }
        }
    }
    assert!(calls.len() > 100, "{} calls were read", calls.len());
    for rule in X {
        // Its pieces with names stand where the table has stars.
        let same = |theirs: &str| {
            let (ours, theirs): (Vec<&str>, Vec<&str>) = (rule.call.split('/').collect(), theirs.split('/').collect());
            ours.len() == theirs.len()
                && ours.iter().zip(&theirs).all(|(o, t)| o == t || (*o == "*" && t.starts_with('{')))
        };
        let found = calls.iter().find(|(theirs, _)| same(theirs));
        let (_, code) = found.unwrap_or_else(|| panic!("X's library has no {}", rule.call));
        for key in rule.must.iter().chain(rule.may) {
            assert!(code.contains(&format!("[\"{key}\"]")), "{} has no {key}", rule.call);
        }
    }
}

/// Where Google's own description is at hand, the table is held to it.
#[test]
fn the_table_is_what_google_describes() {
    let Some(folder) = std::env::var_os("GUICHET_TEST_SPECS") else { return };
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join("youtube.v3.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut methods = Vec::new();
    gather(&document, &mut methods);
    for rule in YOUTUBE {
        let found = methods
            .iter()
            .find(|m| format!("{} {}", m["httpMethod"].as_str().unwrap(), m["path"].as_str().unwrap()) == rule.call);
        let found = found.unwrap_or_else(|| panic!("Google has no {}", rule.call));
        let parameters = found["parameters"].as_object().unwrap();
        for key in rule.must.iter().chain(rule.may) {
            assert!(parameters.contains_key(*key), "{} has no {key}", rule.call);
        }
        for (key, p) in parameters.iter().filter(|(_, p)| p["required"] == true) {
            assert!(rule.must.contains(&key.as_str()), "{} must have {key}: {p}", rule.call);
        }
        for (key, words) in rule.words {
            let known: Vec<&str> =
                parameters[*key]["enum"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert!(words.iter().all(|w| known.contains(w)), "{}: {key} is one of {known:?}", rule.call);
        }
        for (side, paths) in [("request", rule.says), ("response", rule.answers)] {
            if let Some(schema) = found[side]["$ref"].as_str() {
                for path in paths {
                    assert!(described(&document, schema, path), "{}: {schema} has no {path}", rule.call);
                }
            }
        }
    }
}

fn gather<'a>(resource: &'a Value, methods: &mut Vec<&'a Value>) {
    methods.extend(resource["methods"].as_object().into_iter().flatten().map(|(_, m)| m));
    for (_, inner) in resource["resources"].as_object().into_iter().flatten() {
        gather(inner, methods);
    }
}

/// True when a schema has a field at the end of a path.
fn described(document: &Value, schema: &str, path: &str) -> bool {
    let mut here = &document["schemas"][schema];
    for key in path.split('.') {
        let field = &here["properties"][key];
        if field.is_null() {
            return false;
        }
        let inner = field["$ref"].as_str().or_else(|| field["items"]["$ref"].as_str());
        here = inner.map_or(field, |name| &document["schemas"][name]);
    }
    true
}
