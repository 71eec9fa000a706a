//! Signatures of Standard Webhooks, both ways (github.com/standard-webhooks/standard-webhooks,
//! spec/standard-webhooks.md, read 2026-11).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::base::At;
use crate::base::sign::{hmac_sha256, same};
use crate::desk::channel::Settings;
use crate::networks::{Forged, Hook};

/// How far a hook's clock may be from ours (the specification leaves it open; five minutes is what its
/// own libraries take).
const TOLERANCE: Duration = Duration::from_mins(5);

/// Checks a hook: under any of the secrets, by any of the signatures, within the hour.
pub(super) fn verify(settings: &Settings, hook: &Hook, now: At) -> Result<(), Forged> {
    let header = |name: &str| hook.header(name).ok_or(Forged);
    let (id, at, given) = (header("webhook-id")?, header("webhook-timestamp")?, header("webhook-signature")?);
    let told = at.parse::<i64>().ok().filter(|s| (0..1 << 40).contains(s)).map(At::from_secs).ok_or(Forged)?;
    // Whichever is later: neither old hooks nor ones made in advance.
    if now.since(told).max(told.since(now)) > TOLERANCE {
        return Err(Forged);
    }
    let secrets = settings.get("secret").ok_or(Forged)?.split_whitespace().filter_map(key);
    let good: Vec<String> = secrets.map(|key| signature(&key, id, at, &hook.body)).collect();
    // Every pair is compared, whatever came before.
    let matches = given.split_whitespace().flat_map(|g| good.iter().map(move |s| same(g, s))).filter(|m| *m).count();
    if matches > 0 { Ok(()) } else { Err(Forged) }
}

/// The bytes of a secret: base64 after `whsec_`, as the specification has it; anything else is taken as
/// it is written. An empty one signs nothing.
pub(super) fn key(secret: &str) -> Option<Vec<u8>> {
    let bytes = match secret.strip_prefix("whsec_") {
        Some(coded) => BASE64.decode(coded).ok()?,
        None => secret.as_bytes().to_vec(),
    };
    (!bytes.is_empty()).then_some(bytes)
}

/// `v1,BASE64`.
pub fn signature(key: &[u8], id: &str, at: &str, body: &[u8]) -> String {
    let mac = hmac_sha256(key, &[id.as_bytes(), b".", at.as_bytes(), b".", body]);
    format!("v1,{}", BASE64.encode(mac))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At(1_800_000_000_000_000);

    fn settings(secret: &str) -> Settings {
        let mut settings = Settings::default();
        settings.set_secret("secret", secret);
        settings
    }

    fn hook(id: &str, at: i64, given: &str) -> Hook {
        let headers = [("webhook-id", id), ("webhook-timestamp", &at.to_string()), ("webhook-signature", given)];
        Hook { headers: headers.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec(), body: b"{}".to_vec() }
    }

    #[test]
    fn a_signature_holds_for_its_body_its_name_and_its_hour() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = |secret: &str, id: &str, at: i64| signature(&key(secret).unwrap(), id, &at.to_string(), b"{}");
        let now = NOW.secs();
        let ok = |secret: &str, hook: &Hook| verify(&settings(secret), hook, NOW).is_ok();
        assert!(ok(secret, &hook("a", now, &signed(secret, "a", now))));
        // While a secret is being replaced both are good, and either side may sign with several.
        let two = format!("whsec_bmV1ZXI= {secret}");
        assert!(ok(&two, &hook("a", now, &signed(secret, "a", now))));
        assert!(ok(secret, &hook("a", now, &format!("v1,AAAA v2,x {}", signed(secret, "a", now)))));
        assert!(ok("plain words", &hook("a", now, &signed("plain", "a", now))));
        for (at, good) in [(now - 300, true), (now - 301, false), (now + 300, true), (now + 301, false)] {
            assert_eq!(ok(secret, &hook("a", at, &signed(secret, "a", at))), good, "{}", at - now);
        }
        for forged in [
            hook("b", now, &signed(secret, "a", now)),
            hook("a", now - 1, &signed(secret, "a", now)),
            hook("a", now, &signed("whsec_b3RoZXI=", "a", now)),
            hook("a", now, &signed(secret, "a", now)[..20]),
            hook("a", now, ""),
            hook("a", now, "v1,"),
            hook("a", i64::MAX, &signed(secret, "a", i64::MAX)),
            Hook { body: b"{ }".to_vec(), ..hook("a", now, &signed(secret, "a", now)) },
            Hook::default(),
        ] {
            assert!(!ok(secret, &forged), "{forged:?}");
        }
        assert!(!ok("", &hook("a", now, &signature(b"", "a", &now.to_string(), b"{}"))));
        assert!(!ok("whsec_", &hook("a", now, &signature(b"", "a", &now.to_string(), b"{}"))));
    }

    /// The example of the specification's own reference tests.
    #[test]
    fn it_signs_as_the_specification_does() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
