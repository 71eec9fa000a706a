//! Programs of a brand that the bot may ask for what only they know: one signed call, one short answer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::{House, Reason, Result};
use crate::base::fetch::{Answer, Ask, Body, Trouble};
use crate::base::id::BrandId;
use crate::base::sign::hmac_sha256;
use crate::desk::agent::Power;
use crate::desk::brand::is_slug;
use crate::desk::scope::Scope;
use crate::store::connectors::{self, Connector};

/// A whole call takes no longer.
const DEADLINE: Duration = Duration::from_secs(3);
/// The longest answer, in bytes.
const LONGEST: usize = 16 << 10;
/// The most values in it.
const MOST: usize = 30;

/// What a connector is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The brand's slug.
    pub brand: &'a str,
    /// Which connector.
    pub connector: &'a str,
    /// The customer's language.
    pub language: &'a str,
    /// The network the customer writes by.
    pub network: &'a str,
    /// What the customer is called there.
    pub contact: &'a str,
    /// What the customer told.
    pub slots: &'a BTreeMap<String, String>,
    /// The same for the same question, however often it is asked.
    pub key: String,
}

/// Keeps a connector of a brand; what calls are signed with, which is shown this once. A secret of the
/// brand's own is taken when it is given.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::UnknownSetting`] for a name or an address that is none.
pub async fn keep(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    (name, address, secret): (&str, &str, Option<&str>),
) -> Result<String> {
    if !scope.may(brand, Power::Manage) {
        return Err(Reason::NotAllowed.into());
    }
    if !is_slug(name) {
        return Err(Reason::UnknownSetting.about(name.to_owned()));
    }
    let sound = url::Url::parse(address).is_ok_and(|u| matches!(u.scheme(), "https" | "http") && u.host().is_some());
    if !sound || address.len() > 500 {
        return Err(Reason::UnknownSetting.about(address.chars().take(100).collect::<String>()));
    }
    let secret = match secret.map(str::trim).filter(|s| !s.is_empty()) {
        Some(secret) => secret.to_owned(),
        None => hex::encode(house.given.bytes::<24>()),
    };
    let connector = Connector {
        id: house.given.id(),
        brand_id: brand,
        name: name.to_owned(),
        address: address.to_owned(),
        secret: house.keys.seal(&place(brand, name), secret.as_bytes()),
        ok_at: None,
        failed_at: None,
        failure: None,
        created_at: house.now(),
    };
    let mut tx = house.db.write().await?;
    connectors::save(&mut tx, &connector).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Takes a connector away.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`crate::store::Error::NotFound`].
pub async fn remove(house: &House, scope: &Scope, brand: BrandId, name: &str) -> Result<()> {
    if !scope.may(brand, Power::Manage) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    if !connectors::remove(&mut tx, brand, name).await? {
        return Err(crate::store::Error::NotFound.into());
    }
    Ok(tx.commit().await?)
}

fn place(brand: BrandId, name: &str) -> String {
    format!("connectors.secret/{brand}/{name}")
}

/// Asks a connector, once: a second time only when nothing had left the machine. The values it told, by
/// name; the reason, in a sentence, when it told nothing usable. How it went is noted beside it.
///
/// # Errors
/// As the database reports.
pub async fn ask(
    house: &House,
    brand: BrandId,
    question: &Question<'_>,
) -> Result<std::result::Result<BTreeMap<String, String>, String>> {
    let mut tx = house.db.read().await?;
    let found = connectors::named(&mut tx, brand, question.connector).await?;
    drop(tx);
    let Some(connector) = found else { return Ok(Err("there is no connector of this name".into())) };
    let secret = house.keys.open_sealed(&place(brand, &connector.name), &connector.secret)?;
    let fetch = house.fetch.within(DEADLINE).reading(LONGEST);
    let mut answer = fetch.call(call(house, &connector, &secret, question)).await;
    if matches!(answer, Err(Trouble::NotSent { .. })) {
        answer = fetch.call(call(house, &connector, &secret, question)).await;
    }
    let told = match answer {
        Ok(answer) => read(&answer),
        Err(trouble) => Err(trouble.to_string()),
    };
    let mut tx = house.db.write().await?;
    let failure = told.as_ref().err().map(String::as_str);
    connectors::went(&mut tx, brand, connector.id, failure, house.now()).await?;
    tx.commit().await?;
    Ok(told)
}

/// The call: signed, with a key by which a repeated question is known.
fn call(house: &House, connector: &Connector, secret: &[u8], q: &Question<'_>) -> Ask {
    let body = json!({
        "connector": q.connector,
        "brand": q.brand,
        "language": q.language,
        "network": q.network,
        "contact": {"name": q.contact},
        "slots": q.slots,
    });
    let body = body.to_string().into_bytes();
    let at = house.now().secs().to_string();
    let mac = hmac_sha256(secret, &[at.as_bytes(), b".", &body]);
    Ask::post(&connector.address)
        .header("idempotency-key", q.key.clone())
        .header("guichet-signature", format!("t={at},v1={}", hex::encode(mac)))
        .header("accept", "application/json")
        .body(Body::Raw(body, "application/json"))
}

/// The values of an answer: `{"values": {"label": "…", "pieces": 2, "late": true}}`.
fn read(answer: &Answer) -> std::result::Result<BTreeMap<String, String>, String> {
    if !answer.ok() {
        return Err(format!("it answered {}", answer.status));
    }
    let told = answer.json();
    if let Some(error) = told.get("error").and_then(Value::as_str) {
        return Err(format!("it says: {}", error.chars().take(200).collect::<String>()));
    }
    let Some(values) = told.get("values").and_then(Value::as_object).filter(|v| !v.is_empty()) else {
        return Err("its answer has no values".into());
    };
    if values.len() > MOST {
        return Err(format!("its answer has more than {MOST} values"));
    }
    let mut out = BTreeMap::new();
    for (name, value) in values {
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.len() <= 40
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !plain {
            return Err("the name of a value is made of a-z, 0-9 and _".into());
        }
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(true) => "true".to_owned(),
            // What is absent and what is not so: `if` takes them for false.
            Value::Bool(false) | Value::Null => continue,
            Value::Array(_) | Value::Object(_) => return Err(format!("“{name}” is no text, number or truth")),
        };
        if !text.is_empty() {
            out.insert(name.clone(), text);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, body: &str) -> std::result::Result<BTreeMap<String, String>, String> {
        read(&Answer { status, headers: reqwest::header::HeaderMap::new(), body: body.as_bytes().to_vec() })
    }

    #[test]
    fn values_are_texts_numbers_and_truths() {
        let values =
            told(200, r#"{"values": {"label": " En transit ", "pieces": 2, "late": true, "date": null, "x": ""}}"#);
        let values = values.unwrap();
        let pairs: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("label", "En transit"), ("late", "true"), ("pieces", "2")]);
    }

    #[test]
    fn anything_else_is_no_answer() {
        for (status, body) in [
            (500, r#"{"values": {"label": "x"}}"#),
            (404, ""),
            (200, ""),
            (200, "{}"),
            (200, r#"{"values": {}}"#),
            (200, r#"{"error": "not_found"}"#),
            (200, r#"{"values": {"a": [1]}}"#),
            (200, r#"{"values": {"A b": 1}}"#),
        ] {
            assert!(told(status, body).is_err(), "{status} {body}");
        }
    }
}
