//! The bridge: any network without an API of its own, or any in-house system, by signed HTTP. It
//! tells us what happened with a hook; we carry answers to it with a signed call.
//!
//! The form is our own (`docs/networks/bridge.md`); signatures are those of Standard Webhooks
//! (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, read 2026-11:
//! `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,BASE64`, HMAC-SHA256 over
//! `id.timestamp.body`, several signatures with blanks between, a tolerance for the timestamp).

mod call;
mod read;
mod sign;

use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub use self::sign::signature;

use self::call::{Called, about, call, outcome};
use self::sign::key;
use super::{Card, Checkup, Field, Forged, Hook, Line, Network, PollFrom, Polled, Refused, Unreadable, is_of};
use crate::base::At;
use crate::base::fetch::Trouble;
use crate::base::json::{self, Reads};
use crate::desk::channel::Settings;
use crate::desk::file::{Enclosed, MOST_BYTES, MOST_FILES, Takes};
use crate::desk::inbound::{Element, Wrote};
use crate::desk::limits::{Dm, Length, Limits, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome, Refusal};

/// The network.
pub struct Bridge;

#[async_trait]
impl Network for Bridge {
    fn slug(&self) -> &'static str {
        "bridge"
    }

    fn card(&self) -> Card {
        Card {
            name: "Bridge",
            brings: (
                "Tout ce qu’un petit programme à vous raconte : un réseau sans API, un système maison",
                "Whatever a small program of yours tells: a network without an API, an in-house system",
            ),
            fields: &FIELDS,
            account: "account",
            help: "https://github.com/standard-webhooks/standard-webhooks",
            hooks: true,
        }
    }

    /// Nobody knows what stands at the other end: its own refusals say so.
    fn limits(&self) -> Limits {
        let length = Length::of(10_000, Unit::Chars);
        Limits {
            public_reply: Some(length),
            private_reply: None,
            dm: Some(Dm { length, window: None, human_window: None }),
            files: Some(Takes { most: MOST_FILES, total: MOST_BYTES, sorts: &[], words: None }),
            hide: true,
            delete: true,
            like: true,
            approved: false,
            settle: Duration::from_secs(10),
        }
    }

    fn verify(&self, settings: &Settings, hook: &Hook, now: At) -> Result<(), Forged> {
        sign::verify(settings, hook, now)
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
        let account = body.id("account");
        let one = std::slice::from_ref(&body);
        let events = match &body["events"] {
            Value::Array(events) => events.as_slice(),
            _ if body.text("type").is_some() => one,
            _ => return Err(Unreadable("there is neither an “events” list nor a “type” in the body".into())),
        };
        let mut elements: Vec<Element> = Vec::with_capacity(events.len());
        for event in events {
            let element = read::element(account.as_ref(), event);
            if !elements.iter().any(|e| e.key == element.key) {
                elements.push(element);
            }
        }
        Ok(elements)
    }

    /// A bridge tells; it is not asked.
    async fn poll(&self, _line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
        Ok(Polled { body: None, cursor: from.cursor.clone(), more: false })
    }

    async fn hydrate(&self, _line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        Ok(wrote)
    }

    async fn send(&self, line: &Line<'_>, out: &Outbound) -> Outcome {
        let mut body = about(line, out);
        body["type"] = if out.action.is_reply() { "reply" } else { "act" }.into();
        body["action"] = out.action.as_str().into();
        body["text"] = out.text.as_str().into();
        if !out.files.is_empty() {
            body["files"] = out.files.iter().map(file).collect();
        }
        match call(line, &out.id.to_string(), &body).await {
            Ok(answer) => outcome(&answer),
            Err(Called::Trouble(Trouble::NotSent { host, why })) => {
                let why = format!("could not reach {host}: {why}");
                Outcome::Later { after: None, whole_channel: false, why }
            }
            Err(Called::Trouble(Trouble::Forbidden(f))) => Outcome::Never(Refusal::Invalid, f.to_string()),
            Err(Called::Trouble(lost)) => Outcome::Unknown(lost.to_string()),
            Err(Called::Unset(why)) => Outcome::Reconnect(why),
        }
    }

    /// The bridge is asked by our key, where it remembers.
    async fn look_back(&self, line: &Line<'_>, out: &Outbound) -> LookBack {
        let mut body = about(line, out);
        body["type"] = "lookup".into();
        match call(line, &format!("lookup-{}-{}", out.id, line.now.secs()), &body).await {
            Ok(answer) if answer.ok() => {
                let told = answer.json();
                match (told.id("id"), told.flag("absent")) {
                    (Some(id), _) => LookBack::Found(vec![id]),
                    (None, true) => LookBack::Absent,
                    (None, false) => LookBack::CannotSay("the bridge does not remember".into()),
                }
            }
            Ok(answer) => LookBack::CannotSay(format!("the bridge answered {}", answer.status)),
            Err(_) => LookBack::CannotSay("the bridge did not answer".into()),
        }
    }

    /// Only what the channel's settings name: whoever writes over a bridge may name any address.
    fn shows_from(&self, settings: &Settings, host: &str) -> bool {
        let hosts = settings.get("media_hosts").unwrap_or_default().to_lowercase();
        let named = hosts.split([',', ' ']).map(|h| h.trim_start_matches("https://").trim_matches(['/', '.']));
        named.filter(|h| h.contains('.')).any(|h| is_of(host, h))
    }

    async fn check(&self, line: &Line<'_>) -> Checkup {
        let mut checkup = Checkup { name: Some(line.account.id.clone()), ..Checkup::default() };
        if line.account.settings.get("secret").is_some_and(|s| s.split_whitespace().any(|s| key(s).is_some())) {
            checkup.can.push("receive");
        } else {
            checkup.problems.push((
                "Le secret manque, ou n’est pas en base64 après « whsec_ ».".into(),
                "The secret is missing, or is not base64 after “whsec_”.".into(),
            ));
        }
        if line.account.settings.get("url").is_none() {
            return checkup;
        }
        let (id, body) = (format!("check-{}", line.now.secs()), json!({"type": "check", "account": line.account.id}));
        let why = match call(line, &id, &body).await {
            Ok(answer) if answer.ok() => {
                checkup.can.extend(["reply_public", "dm", "hide", "delete", "like"]);
                return checkup;
            }
            Ok(answer) => answer.status.to_string(),
            Err(Called::Trouble(trouble)) => trouble.to_string(),
            Err(Called::Unset(why)) => why,
        };
        checkup.problems.push((
            format!("La passerelle ne prend pas les réponses : {why}"),
            format!("The bridge does not take answers: {why}"),
        ));
        checkup
    }
}

/// A file as it stands in a reply: its bytes spelled out in base64.
fn file(file: &Enclosed) -> Value {
    json!({"name": file.name, "type": file.media_type, "data": STANDARD.encode(&file.bytes)})
}

const fn field(key: &'static str, label: (&'static str, &'static str), required: bool) -> Field {
    Field { key, label, secret: false, required, shared: false }
}

static FIELDS: [Field; 4] = [
    field(
        "account",
        ("Ce qui est relié, en un mot : « snapchat-aubepine »", "What is bridged, in a word: “snapchat-aubepine”"),
        true,
    ),
    Field {
        key: "secret",
        label: ("Secret partagé (whsec_…)", "Shared secret (whsec_…)"),
        secret: true,
        required: true,
        // The hook is checked before anybody knows for which channel it is.
        shared: true,
    },
    field("url", ("Adresse où porter les réponses", "Address answers are carried to"), false),
    field(
        "media_hosts",
        (
            "Hôtes dont les fichiers peuvent être montrés, séparés par des virgules",
            "Hosts whose files may be shown, with commas between",
        ),
        false,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_hosts_are_shown_from() {
        let mut settings = Settings::default();
        assert!(!Bridge.shows_from(&settings, "cdn.example") && !Bridge.shows_from(&settings, "127.0.0.1"));
        settings.set("media_hosts", "Cdn.example, https://files.example/,com .");
        for (host, shown) in [
            ("cdn.example", true),
            ("eu.cdn.example", true),
            ("files.example", true),
            ("notcdn.example", false),
            ("cdn.example.evil.com", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(Bridge.shows_from(&settings, host), shown, "{host}");
        }
    }
}
