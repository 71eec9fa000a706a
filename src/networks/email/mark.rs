//! The name we give a mail of ours: it carries our id of it and a proof that we made it. Who answers
//! it says its name, so its thread is found; and nobody who did not receive it can say it.

use crate::base::id::OutboundId;
use crate::base::sign::hmac_sha256;
use crate::base::text::base32;

const LEAD: &str = "gui.";
/// Letters of an id (128 bits) and of its proof (80 bits).
const LETTERS: (usize, usize) = (26, 16);

/// The name of a mail, the same each time it is sent: `gui.ID.PROOF@domain`.
pub(super) fn name(key: &[u8; 32], id: OutboundId, domain: &str) -> String {
    format!("{LEAD}{}@{domain}", token(key, id))
}

fn token(key: &[u8; 32], id: OutboundId) -> String {
    let proof = hmac_sha256(key, &[b"mail/", id.0.as_bytes()]);
    format!("{}.{}", base32(id.0.as_bytes()), base32(&proof[..10]))
}

/// True for a name of this form; whether we gave it is known by looking it up, whole: a proof cut
/// short or made up is the name of nothing.
pub(super) fn is_ours(id: &str) -> bool {
    id.strip_prefix(LEAD).and_then(|rest| rest.split_once('@')).is_some_and(|(token, _)| is_token(token))
}

/// Our id of the mail of this name.
pub(super) fn id_in(name: &str) -> Option<String> {
    let letters = name.strip_prefix(LEAD).and_then(|rest| rest.split('.').next()).filter(|l| l.len() == LETTERS.0)?;
    let mut bits = 0_u128;
    for (n, b) in letters.bytes().enumerate() {
        let value = match b {
            b'a'..=b'z' => b - b'a',
            b'2'..=b'7' => b - b'2' + 26,
            _ => return None,
        };
        // The last letter holds three bits of the 128, and two of nothing.
        bits = if n + 1 == LETTERS.0 { (bits << 3) | u128::from(value >> 2) } else { (bits << 5) | u128::from(value) };
    }
    Some(uuid::Uuid::from_u128(bits).to_string())
}

fn is_token(token: &str) -> bool {
    let sound = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
    token.split_once('.').is_some_and(|(id, proof)| sound(id, LETTERS.0) && sound(proof, LETTERS.1))
}

/// The address that is asked to be answered at: `support+ID.PROOF@domain`. None where the local part
/// would be longer than 64 octets (RFC 5321, 4.5.3.1.1).
pub(super) fn address(key: &[u8; 32], id: OutboundId, own: &str) -> Option<String> {
    let (local, domain) = own.rsplit_once('@')?;
    let local = format!("{local}+{}", token(key, id));
    (local.len() <= 64).then(|| format!("{local}@{domain}"))
}

/// The name of the mail that asked to be answered at this address.
pub(super) fn in_address(address: &str) -> Option<String> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    let token = local.rsplit_once('+')?.1.to_ascii_lowercase();
    is_token(&token).then(|| format!("{LEAD}{token}@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whose_it_is_and_cannot_be_guessed() {
        let id = OutboundId("01920000-0000-7000-8000-000000000001".parse().unwrap());
        let (key, other) = ([7; 32], [8; 32]);
        let name = name(&key, id, "aubepine.example");
        assert!(is_ours(&name), "{name}");
        assert_ne!(name, super::name(&other, id, "aubepine.example"));
        for forged in [&name[1..], &name.replace('@', "a@"), "gui.a.b@c", "gui.@x", "x@y", ""] {
            assert!(!is_ours(forged), "{forged}");
        }
        assert_eq!(id_in(&name), Some(id.to_string()));
        assert_eq!(id_in("gui.short.x@y"), None);
        let address = address(&key, id, "support@aubepine.example").unwrap();
        assert_eq!(in_address(&address).as_deref(), Some(name.as_str()));
        assert_eq!(in_address("support+promo@aubepine.example"), None);
        assert_eq!(super::address(&key, id, "the.longest.of.all.addresses@aubepine.example"), None);
    }
}
