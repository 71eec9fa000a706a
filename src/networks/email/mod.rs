//! E-mail: a mailbox read by IMAP, answers handed over by SMTP.
//!
//! Sources: the RFCs named in each file, read 2026-11; what Postfix 3.7 and Dovecot 2.3 were seen to
//! do is marked there. A test holds this connector to both as they are (`tests/it/postfix.rs`).

mod frames;
mod headers;
mod html;
mod imap;
mod login;
mod machine;
mod mark;
mod read;
mod report;
mod smtp;
mod wait;
mod who;
mod words;
mod write;

use std::time::Duration;

use async_trait::async_trait;

use self::login::Key;
use super::{Card, Checkup, Field, Line, Network, PollFrom, Polled, Refused, Renewed, Unreadable, Waited};
use crate::base::dial::{Security, Wire};
use crate::base::fetch::Trouble;
use crate::desk::file::{MOST_FILES, Takes};
use crate::desk::inbound::{Element, Said, Wrote};
use crate::desk::limits::{Dm, Length, Limits, Unit};
use crate::desk::outbound::{LookBack, Outbound, Outcome};

/// Most mailboxes take mails of 25 MB with their files spelled out in base64, a third longer than they
/// are. Source: support.google.com/mail/answer/6584 (25 MB), learn.microsoft.com/office365/
/// servicedescriptions “Exchange Online limits”; read 2026-11.
const FILES: Takes = Takes { most: MOST_FILES, total: 18 << 20, sorts: &[], words: None };

/// The network.
pub struct Email;

#[async_trait]
impl Network for Email {
    fn slug(&self) -> &'static str {
        "email"
    }

    fn card(&self) -> Card {
        Card {
            name: "E-mail",
            brings: (
                "Les messages d’une boîte aux lettres, avec leurs pièces jointes",
                "A mailbox’s messages, with their attachments",
            ),
            fields: &FIELDS,
            account: "address",
            help: "https://www.rfc-editor.org/rfc/rfc9051",
            hooks: false,
        }
    }

    /// Mail has no window and hardly a length; what is longer than this is a document. A server that
    /// took a mail takes it again under the same name, so there is nothing to wait for before looking.
    fn limits(&self) -> Limits {
        Limits {
            dm: Some(Dm { length: Length::of(50_000, Unit::Chars), window: None, human_window: None }),
            files: Some(FILES),
            settle: Duration::from_secs(30),
            ..Limits::default()
        }
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        let mails = frames::split(body).ok_or_else(|| Unreadable("the batch of mails is cut short".into()))?;
        if let [one] = mails[..] {
            return Ok(vec![read::read(one).ok_or_else(|| Unreadable("no header of a mail is in it".into()))?]);
        }
        let mut elements: Vec<Element> = Vec::with_capacity(mails.len());
        for raw in mails {
            let element = read::read(raw).unwrap_or_else(|| Element {
                account: None,
                key: format!("x:{}", hex::encode(&crate::base::sign::sha256(raw)[..16])),
                said: Said::Unreadable("no header of a mail is in it".into()),
            });
            // A mailbox may hold the same mail twice.
            if !elements.iter().any(|e| e.key == element.key) {
                elements.push(element);
            }
        }
        Ok(elements)
    }

    fn part(&self, body: &[u8], key: &str, place: usize) -> Option<Vec<u8>> {
        let mut mails = frames::split(body)?.into_iter();
        let raw = mails.find(|raw| read::key(raw).as_deref() == Some(key))?;
        read::part(raw, place)
    }

    async fn poll(&self, line: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
        let server = Server::imap(line)?;
        imap::poll(line, &server, from).await
    }

    async fn wait(&self, line: &Line<'_>, from: &PollFrom) -> Result<Waited, Refused> {
        let server = Server::imap(line)?;
        wait::wait(line, &server, from).await
    }

    /// A mail says all of it at once.
    async fn hydrate(&self, _line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        Ok(wrote)
    }

    async fn send(&self, line: &Line<'_>, out: &Outbound) -> Outcome {
        let server = match Server::smtp(line) {
            Ok(server) => server,
            Err(Refused::Later(after, why)) => return Outcome::Later { after, whole_channel: false, why },
            Err(refused) => return Outcome::Reconnect(refused.to_string()),
        };
        let written = match write::write(line, out) {
            Ok(written) => written,
            Err(outcome) => return outcome,
        };
        let letter = smtp::Letter { from: &written.from, to: &written.to, bytes: &written.bytes };
        match smtp::hand_over(line, &server, &letter).await {
            Ok(()) => Outcome::Sent { external_id: Some(written.name), recipient: None },
            Err(outcome) => outcome,
        }
    }

    async fn look_back(&self, line: &Line<'_>, out: &Outbound) -> LookBack {
        let server = match Server::imap(line) {
            Ok(server) => server,
            Err(refused) => return LookBack::CannotSay(refused.to_string()),
        };
        let name = write::name(line, out);
        imap::look_back(line, &server, out, &name).await
    }

    async fn check(&self, line: &Line<'_>) -> Checkup {
        let mut checkup = Checkup { name: Some(line.account.id.clone()), ..Checkup::default() };
        let received = match Server::imap(line) {
            Ok(server) => imap::sign_in(line, &server).await,
            Err(refused) => Err(refused),
        };
        match received {
            Ok(()) => checkup.can.push("receive"),
            Err(refused) => checkup.problems.push((
                format!("La boîte ne s’ouvre pas (IMAP) : {refused}"),
                format!("The mailbox does not open (IMAP): {refused}"),
            )),
        }
        let sends = match Server::smtp(line) {
            Ok(server) => smtp::sign_in(line, &server).await,
            Err(refused) => Err(Outcome::Reconnect(refused.to_string())),
        };
        match sends {
            Ok(()) => checkup.can.push("dm"),
            Err(outcome) => {
                let (Outcome::Later { why, .. }
                | Outcome::Never(_, why)
                | Outcome::Reconnect(why)
                | Outcome::Unknown(why)) = outcome
                else {
                    return checkup;
                };
                checkup.problems.push((
                    format!("L’envoi n’est pas possible (SMTP) : {why}"),
                    format!("Sending does not work (SMTP): {why}"),
                ));
            }
        }
        checkup
    }

    /// At once, since nobody knows how old a token is that was pasted.
    fn renew_after(&self) -> Option<Duration> {
        Some(Duration::ZERO)
    }

    async fn renew(&self, line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        login::renew(line).await
    }
}

/// A server and how one signs in there.
struct Server {
    host: String,
    port: u16,
    security: Security,
    user: String,
    key: Key,
}

impl Server {
    /// Ports by RFC 8314, 3.2 (993) and RFC 9051 (143).
    fn imap(line: &Line<'_>) -> Result<Server, Refused> {
        Server::of(line, "imap_host", "imap_port", &["security"], (993, 143))
    }

    /// Ports by RFC 8314, 3.3 (465) and RFC 6409 (587).
    fn smtp(line: &Line<'_>) -> Result<Server, Refused> {
        Server::of(line, "smtp_host", "smtp_port", &["smtp_security", "security"], (465, 587))
    }

    fn of(line: &Line<'_>, host: &str, port: &str, security: &[&str], usual: (u16, u16)) -> Result<Server, Refused> {
        let account = line.account;
        let wrong = |what: String| Refused::Reconnect(what);
        let security = match security.iter().find_map(|key| account.settings.get(key)).unwrap_or("tls") {
            "tls" => Security::Tls,
            "starttls" => Security::StartTls,
            "none" => Security::Plain,
            other => return Err(wrong(format!("the setting “security” is tls, starttls or none, not “{other}”"))),
        };
        let usual = if security == Security::Tls { usual.0 } else { usual.1 };
        let port = match account.settings.get(port).map(|p| p.trim().parse::<u16>()) {
            None => usual,
            Some(Ok(port)) => port,
            Some(Err(_)) => return Err(wrong(format!("the setting “{port}” is no port"))),
        };
        Ok(Server {
            host: account.need(host).map_err(wrong)?.trim().to_owned(),
            port,
            security,
            user: account.settings.get("user").unwrap_or(&account.id).to_owned(),
            key: Key::of(line)?,
        })
    }
}

async fn secured(wire: Wire) -> Result<Wire, Trouble> {
    wire.secure().await
}

const fn field(key: &'static str, label: (&'static str, &'static str), required: bool) -> Field {
    Field { key, label, secret: false, required, shared: false }
}

static FIELDS: [Field; 16] = [
    field("address", ("Adresse e-mail", "Email address"), true),
    field("imap_host", ("Serveur de réception (IMAP)", "Incoming server (IMAP)"), true),
    field("imap_port", ("Port de réception (993 par défaut)", "Incoming port (993 by default)"), false),
    field("smtp_host", ("Serveur d’envoi (SMTP)", "Outgoing server (SMTP)"), true),
    field("smtp_port", ("Port d’envoi (465 par défaut)", "Outgoing port (465 by default)"), false),
    field("user", ("Identifiant (l’adresse par défaut)", "User name (the address by default)"), false),
    Field {
        key: "password",
        label: ("Mot de passe, ou mot de passe d’application", "Password, or application password"),
        secret: true,
        required: false,
        shared: false,
    },
    Field::of("access_token", ("Ou un jeton d’accès (OAuth 2)", "Or an access token (OAuth 2)"), true, false, false),
    Field::of("refresh_token", ("Jeton de renouvellement (OAuth 2)", "Refresh token (OAuth 2)"), true, false, false),
    field("client_id", ("Client ID OAuth 2", "OAuth 2 client ID"), false),
    Field::of("client_secret", ("Client secret OAuth 2", "OAuth 2 client secret"), true, false, false),
    field("oauth_url", ("Adresse où les jetons sont renouvelés", "Address where tokens are renewed"), false),
    field(
        "security",
        ("Sécurité : tls, starttls ou none (tls par défaut)", "Security: tls, starttls or none (tls by default)"),
        false,
    ),
    field(
        "smtp_security",
        ("Sécurité de l’envoi, si elle est autre", "Security of the outgoing server, where it differs"),
        false,
    ),
    field(
        "from_name",
        ("Nom de l’expéditeur (celui du canal par défaut)", "Sender’s name (the channel’s by default)"),
        false,
    ),
    field(
        "plus_addressing",
        (
            "Répondre à adresse+clé : yes si le serveur livre ces adresses",
            "Be answered at address+key: yes if the server delivers these",
        ),
        false,
    ),
];
