//! Signatures over raw bytes, compared in constant time.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// HMAC-SHA256 of the parts, one after the other.
pub fn hmac_sha256(secret: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// True when `given` is the hexadecimal HMAC-SHA256 of the parts under `secret`.
/// An empty secret signs nothing: always false.
pub fn hex_matches(secret: &[u8], parts: &[&[u8]], given: &str) -> bool {
    let Ok(given) = hex::decode(given.trim()) else { return false };
    !secret.is_empty() && bool::from(hmac_sha256(secret, parts).ct_eq(given.as_slice()))
}

/// True when two strings are the same, in time that does not depend on where they differ.
pub fn same(a: &str, b: &str) -> bool {
    bool::from(sha256(a.as_bytes()).ct_eq(&sha256(b.as_bytes())))
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of parts with lengths between them, so that `("ab","c")` differs from `("a","bc")`.
pub fn fingerprint(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    hex::encode(&digest.finalize()[..16])
}
