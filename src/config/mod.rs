//! Settings: `guichet.toml`, then `GUICHET_…` variables, then flags, the later winning. Plain data;
//! read by the program's front door and passed down as small values.

use std::path::{Path, PathBuf};

use anyhow::Context;
use ipnet::IpNet;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;

use crate::base::guard::Guard;

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `sqlite://PATH` or `postgres://…`; empty: a file in the data folder.
    pub database_url: String,
    /// Where data that is not in the database lies: keys, search index, media.
    pub data_dir: PathBuf,
    /// Address and port to listen on.
    pub listen: String,
    /// The address people and networks reach us by: `https://desk.example.org`.
    pub public_url: String,
    /// Proxies in front of us, whose `X-Forwarded-For` is believed: `["127.0.0.1/32"]`.
    pub trusted_proxies: Vec<IpNet>,
    /// The key file; empty: `secret.key` in the data folder.
    pub secret_key_file: PathBuf,
    /// What may be logged: `info`, `guichet=debug` …
    pub log: String,
    /// How.
    pub log_format: LogFormat,
    /// Calls to the outside.
    pub outbound: Outbound,
    /// How long replies can be taken back, and other times.
    pub timing: Timing,
    /// How sure the bot has to be.
    pub bot: Bot,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
}

/// Calls to the outside.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outbound {
    /// Address ranges that may be called although they are not public: `["127.0.0.0/8"]`.
    pub allow: Vec<IpNet>,
    /// True: nothing outside `allow` may be called.
    pub only: bool,
    /// A file of certificates (PEM) of authorities that are believed besides the public ones: a
    /// mail server's own, say.
    pub ca_file: Option<PathBuf>,
}

/// Times.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timing {
    /// Seconds a person's public reply can be taken back.
    pub undo_public_seconds: u64,
    /// Seconds a person's private reply can be taken back.
    pub undo_private_seconds: u64,
    /// Seconds an automatic public answer is held before it leaves.
    pub undo_bot_public_seconds: u64,
    /// Seconds an automatic private answer is held before it leaves.
    pub undo_bot_private_seconds: u64,
    /// Milliseconds a network may still carry out what had no answer; 0: each network's own.
    pub settle_millis: u64,
    /// Seconds between two readings for holes.
    pub poll_seconds: u64,
}

/// What evidence an entry needs before the bot may be let to answer by itself with it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bot {
    /// Right so often at the least, in private: from 0.5 to 0.999.
    pub right_private: f64,
    /// The same in public.
    pub right_public: f64,
    /// Judged messages at or above the threshold, in private.
    pub judged_private: u32,
    /// The same in public.
    pub judged_public: u32,
}

impl Default for Bot {
    fn default() -> Bot {
        Bot { right_private: 0.95, right_public: 0.97, judged_private: 30, judged_public: 50 }
    }
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            undo_public_seconds: 10,
            undo_private_seconds: 5,
            undo_bot_public_seconds: 120,
            undo_bot_private_seconds: 30,
            settle_millis: 0,
            poll_seconds: 900,
        }
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            database_url: String::new(),
            data_dir: "guichet-data".into(),
            listen: "127.0.0.1:8080".into(),
            public_url: String::new(),
            trusted_proxies: Vec::new(),
            secret_key_file: PathBuf::new(),
            log: "info".into(),
            log_format: LogFormat::Text,
            outbound: Outbound::default(),
            timing: Timing::default(),
            bot: Bot::default(),
        }
    }
}

impl Config {
    /// Reads the file (`guichet.toml` beside us when none is named and it exists) and the
    /// environment. A variable's name is the setting's in capitals after `GUICHET_`, with two
    /// underscores for a section: `GUICHET_TIMING__POLL_SECONDS`.
    ///
    /// # Errors
    /// A sentence naming the file and the setting at fault.
    pub fn read(file: Option<&Path>, env: impl IntoIterator<Item = (String, String)>) -> anyhow::Result<Config> {
        let mut builder = config::Config::builder();
        let path = file.map(Path::to_path_buf).or_else(|| Some(PathBuf::from("guichet.toml")).filter(|p| p.exists()));
        if let Some(path) = &path {
            builder = builder.add_source(config::File::from(path.as_path()).format(config::FileFormat::Toml));
        }
        // Test switches have their own names and are no settings.
        let known = env.into_iter().filter(|(k, _)| k.starts_with("GUICHET_") && !k.starts_with("GUICHET_TEST"));
        let variables = config::Environment::with_prefix("GUICHET")
            .prefix_separator("_")
            .separator("__")
            .try_parsing(true)
            .list_separator(",")
            .with_list_parse_key("outbound.allow")
            .with_list_parse_key("trusted_proxies")
            .source(Some(known.collect()));
        let settings = builder.add_source(variables).build().and_then(config::Config::try_deserialize::<Config>);
        let place = path.map_or_else(|| "the environment".to_owned(), |p| p.display().to_string());
        settings.with_context(|| format!("the settings in {place} are not right"))
    }

    /// The database's URL, the default one included.
    pub fn database(&self) -> String {
        if self.database_url.is_empty() {
            return format!("sqlite://{}", self.data_dir.join("guichet.db").display());
        }
        self.database_url.clone()
    }

    /// The key file, the default one included.
    pub fn key_file(&self) -> PathBuf {
        if self.secret_key_file.as_os_str().is_empty() {
            self.data_dir.join("secret.key")
        } else {
            self.secret_key_file.clone()
        }
    }

    /// The address people reach us by, the default one included; no slash at its end.
    pub fn public(&self) -> String {
        if self.public_url.is_empty() {
            return format!("http://{}", self.listen);
        }
        self.public_url.trim_end_matches('/').to_owned()
    }

    /// The authorities believed besides the public ones.
    ///
    /// # Errors
    /// A sentence naming the file, when it cannot be read or holds no certificate.
    pub fn authorities(&self) -> anyhow::Result<Vec<CertificateDer<'static>>> {
        let Some(path) = &self.outbound.ca_file else { return Ok(Vec::new()) };
        let told = || format!("cannot read certificates from {} ([outbound] ca_file)", path.display());
        let all = CertificateDer::pem_file_iter(path).with_context(told)?.collect::<Result<Vec<_>, _>>();
        let all = all.with_context(told)?;
        anyhow::ensure!(!all.is_empty(), "there is no certificate in {} ([outbound] ca_file)", path.display());
        Ok(all)
    }

    /// The rule for calls to the outside.
    pub fn guard(&self) -> Guard {
        Guard { allow: self.outbound.allow.clone(), only: self.outbound.only }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("guichet.toml");
        std::fs::write(
            &file,
            "listen = \"0.0.0.0:80\"\npublic_url = \"https://desk.example/\"\n[outbound]\nallow = [\"10.0.0.0/8\"]\n",
        )
        .unwrap();
        let config = Config::read(
            Some(&file),
            env(&[("GUICHET_LISTEN", "127.0.0.1:9"), ("GUICHET_TIMING__POLL_SECONDS", "60"), ("HOME", "/")]),
        )
        .unwrap();
        assert_eq!((config.listen.as_str(), config.timing.poll_seconds), ("127.0.0.1:9", 60));
        assert_eq!(config.public(), "https://desk.example");
        assert_eq!(config.outbound.allow.len(), 1);
        assert_eq!(config.database(), "sqlite://guichet-data/guichet.db");
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("guichet.toml");
        std::fs::write(&file, "lisen = \"x\"\n").unwrap();
        let error = format!("{:#}", Config::read(Some(&file), env(&[])).unwrap_err());
        assert!(error.contains("lisen") && error.contains("guichet.toml"), "{error}");
    }

    #[test]
    fn ranges_may_come_from_the_environment() {
        let config = Config::read(None, env(&[("GUICHET_OUTBOUND__ALLOW", "127.0.0.0/8,::1/128")])).unwrap();
        assert_eq!(config.outbound.allow.len(), 2);
    }
}
