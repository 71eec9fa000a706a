//! Secrets at rest: sealed under a key that lives in a file beside the database, never in it.
//!
//! A sealed value is `key id (1 byte) · nonce (24) · XChaCha20-Poly1305 ciphertext`, bound to the
//! place it is stored in, so that a ciphertext moved to another row does not open.

use std::path::Path;

use anyhow::{Context, bail};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::Given;

/// The keys this installation knows; the last one seals, all of them open.
#[derive(Clone)]
pub struct KeyRing {
    keys: Vec<(u8, [u8; 32])>,
    given: Given,
}

impl KeyRing {
    /// Reads the key file, or writes a new one (readable by its owner only) when there is none.
    /// One key a line, `id:64 hexadecimal digits`; add a line to rotate, the last one seals.
    ///
    /// # Errors
    /// When the file cannot be read or written, others may read it, or a line is no key.
    pub fn open(path: &Path, given: &Given) -> anyhow::Result<KeyRing> {
        if !path.exists() {
            let line = format!("1:{}\n", hex::encode(given.bytes::<32>()));
            write_private(path, &line).with_context(|| format!("cannot write the key file {}", path.display()))?;
        }
        refuse_open_file(path)?;
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read the key file {}", path.display()))?;
        let keys = text.lines().filter(|l| !l.trim().is_empty()).map(read_key).collect::<anyhow::Result<Vec<_>>>()?;
        if keys.is_empty() {
            bail!("the key file {} holds no key", path.display());
        }
        Ok(KeyRing { keys, given: given.clone() })
    }

    /// Seals a secret for one place, named like `channels.secrets/<id>`.
    pub fn seal(&self, place: &str, secret: &[u8]) -> Vec<u8> {
        let (id, key) = self.keys.last().expect("a ring is opened with at least one key");
        let nonce: [u8; 24] = self.given.bytes();
        let sealed = XChaCha20Poly1305::new(key.into())
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: place.as_bytes() })
            .expect("a secret is far below the cipher's 256 GiB");
        [&[*id][..], &nonce, &sealed].concat()
    }

    /// A key for one purpose, made of the first of the ring: the same as long as that one stays,
    /// and nothing of the ring can be told from it.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let (_, key) = self.keys.first().expect("a ring is opened with at least one key");
        super::sign::hmac_sha256(key, &[b"derive/", purpose.as_bytes()])
    }

    /// Opens what [`KeyRing::seal`] closed for the same place.
    ///
    /// # Errors
    /// When the key is missing, or the bytes were changed or moved from another place.
    pub fn open_sealed(&self, place: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (Some(id), Some(nonce), Some(body)) = (sealed.first(), sealed.get(1..25), sealed.get(25..)) else {
            bail!("the secret in {place} is cut short");
        };
        let Some((_, key)) = self.keys.iter().find(|(k, _)| k == id) else {
            bail!("the secret in {place} is sealed with key {id}, which is not in the key file");
        };
        let nonce: [u8; 24] = nonce.try_into().expect("the slice is 24 long");
        XChaCha20Poly1305::new(key.into())
            .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: place.as_bytes() })
            .map_err(|_| {
                anyhow::anyhow!("the secret in {place} does not open: it was changed, or moved from elsewhere")
            })
    }
}

fn read_key(line: &str) -> anyhow::Result<(u8, [u8; 32])> {
    let (id, key) = line.trim().split_once(':').context("a line of the key file is not `id:key`")?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(key, &mut bytes).context("a key is 64 hexadecimal digits")?;
    Ok((id.parse().context("a key id is a number from 0 to 255")?, bytes))
}

#[cfg(unix)]
fn refuse_open_file(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("others may read the key file {} (mode {mode:o}); run: chmod 600 {0}", path.display());
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_open_file(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// Writes a file only its owner may read, whole or not at all.
///
/// # Errors
/// As the file system reports.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let unfinished = path.with_extension("new");
    let mut file = options.open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(dir: &Path) -> KeyRing {
        KeyRing::open(&dir.join("key"), &Given::from_machine().unwrap()).unwrap()
    }

    #[test]
    fn a_secret_opens_only_in_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let ring = ring(dir.path());
        let sealed = ring.seal("channels.secrets/1", b"EAAB token");
        assert_eq!(ring.open_sealed("channels.secrets/1", &sealed).unwrap(), b"EAAB token");
        assert!(ring.open_sealed("channels.secrets/2", &sealed).is_err());
        assert!(ring.open_sealed("channels.secrets/1", &sealed[..20]).is_err());
        assert!(!sealed.windows(5).any(|w| w == b"token"));
    }

    #[test]
    fn an_added_key_seals_and_the_old_one_still_opens() {
        let dir = tempfile::tempdir().unwrap();
        let old = ring(dir.path()).seal("p", b"s");
        let path = dir.path().join("key");
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.extend(["2:", "ab".repeat(32).as_str(), "\n"]);
        write_private(&path, &text).unwrap();
        let ring = ring(dir.path());
        assert_eq!(ring.open_sealed("p", &old).unwrap(), b"s");
        assert_eq!(ring.seal("p", b"s")[0], 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        ring(dir.path());
        let path = dir.path().join("key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(KeyRing::open(&path, &Given::from_machine().unwrap()).is_err());
    }
}
