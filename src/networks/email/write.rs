//! A reply as a mail: the right headers, so that it stands in its thread at the other end, and so
//! that no machine answers ours.
//!
//! Sources: RFC 5322 (3.6.4: Message-ID, In-Reply-To, References), RFC 3834 (3.1: how an automatic
//! answer is marked), learn.microsoft.com “[MS-OXCMAIL]: X-Auto-Response-Suppress”; read 2026-11.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

use super::mark;
use super::who::is_address;
use crate::base::sign::sha256;
use crate::base::text::{clean_name, excerpt};
use crate::desk::file::Enclosed;
use crate::desk::letter::bare_subject;
use crate::desk::outbound::{Action, Outbound, Outcome, Refusal};
use crate::networks::Line;

/// Most mails named in `References`: the first, and the last ones.
const REFERENCES: usize = 20;

/// A mail ready to be handed over.
pub(super) struct Written {
    /// Its name, without brackets.
    pub name: String,
    pub from: String,
    pub to: String,
    pub bytes: Vec<u8>,
}

/// The name a reply has, however often it is sent.
pub(super) fn name(line: &Line<'_>, out: &Outbound) -> String {
    let domain = line.account.id.rsplit_once('@').map_or("guichet.invalid", |(_, domain)| domain);
    mark::name(&line.account.key, out.id, domain)
}

/// Writes it.
pub(super) fn write(line: &Line<'_>, out: &Outbound) -> Result<Written, Outcome> {
    let never = |refusal, why: &str| Outcome::Never(refusal, why.to_owned());
    if out.action != Action::Dm {
        return Err(never(Refusal::Unsupported, "mail knows answers only"));
    }
    let own = line.account.id.as_str();
    let letter = out.letter.clone().unwrap_or_default();
    let to = letter.answer_to.clone().or_else(|| out.recipient.clone());
    let Some(to) = to.filter(|to| is_address(to)) else {
        return Err(never(Refusal::Unreachable, "the mail names no address that can be written to"));
    };
    let mailbox = |name: Option<String>, address: &str| -> Result<Mailbox, Outcome> {
        let address = address.parse().map_err(|e| never(Refusal::Unreachable, &format!("{address}: {e}")))?;
        Ok(Mailbox::new(name, address))
    };
    let shown = clean_name(line.account.settings.get("from_name").unwrap_or(&line.account.name));
    let subject = excerpt(&clean(bare_subject(&letter.subject)), 200);
    let name = name(line, out);
    let at = UNIX_EPOCH + Duration::from_secs(u64::try_from(out.now.secs()).unwrap_or(0));
    let mut message = Message::builder()
        .message_id(Some(format!("<{name}>")))
        .date(at)
        .from(mailbox(Some(shown).filter(|n| !n.is_empty()), own)?)
        .to(mailbox(None, &to)?)
        .subject(format!("Re: {subject}").trim().to_owned());
    let target = out.target.clone().map(|t| t.split('#').next().unwrap_or_default().to_owned());
    let target = target.filter(|t| is_name(t) && !t.ends_with("@unnamed"));
    if let Some(target) = &target {
        message = message.in_reply_to(format!("<{target}>"));
    }
    let chain = chain(&letter.references, target.as_deref());
    if !chain.is_empty() {
        message = message.references(chain);
    }
    if line.account.settings.get("plus_addressing").is_some_and(|v| matches!(v, "yes" | "true" | "1" | "oui"))
        && let Some(address) = mark::address(&line.account.key, out.id, own)
    {
        message = message.reply_to(mailbox(None, &address)?);
    }
    if !out.human {
        message = message.header(AutoSubmitted("auto-replied".into())).header(Suppress("All".into()));
    }
    let words = out.text.replace("\r\n", "\n").replace('\n', "\r\n");
    let message = if out.files.is_empty() {
        message.body(words)
    } else {
        message.multipart(with_files(words, &out.files, &name))
    };
    let message = message.map_err(|e| never(Refusal::Invalid, &e.to_string()))?;
    Ok(Written { name, from: own.to_owned(), to, bytes: message.formatted() })
}

/// Words, then each file (RFC 2183: disposition and name). The same reply has the same bytes however
/// often it is written: what parts them is made of its name.
fn with_files(words: String, files: &[Enclosed], name: &str) -> MultiPart {
    let boundary = format!("_{}", hex::encode(&sha256(name.as_bytes())[..16]));
    let parts = MultiPart::mixed().boundary(boundary).singlepart(SinglePart::plain(words));
    files.iter().fold(parts, |parts, file| {
        let kind = ContentType::parse(&file.media_type).unwrap_or_else(|_| octets());
        parts.singlepart(Attachment::new(file.name.clone()).body(file.bytes.clone(), kind))
    })
}

fn octets() -> ContentType {
    ContentType::parse("application/octet-stream").unwrap_or(ContentType::TEXT_PLAIN)
}

/// The chain up to what is answered: its own references, then itself.
fn chain(before: &[String], target: Option<&str>) -> String {
    let mut all: Vec<&str> = before.iter().map(String::as_str).filter(|id| is_name(id)).collect();
    if let Some(target) = target {
        all.retain(|id| *id != target);
        all.push(target);
    }
    if all.len() > REFERENCES {
        all.drain(1..=all.len() - REFERENCES);
    }
    all.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" ")
}

/// A name that can stand in a header: what senders write there goes back as it is, or not at all.
fn is_name(id: &str) -> bool {
    let sound = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>');
    !id.is_empty() && id.len() <= 250 && id.chars().all(sound)
}

/// A subject without anything that could end its line.
fn clean(subject: &str) -> String {
    subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

macro_rules! plain_header {
    ($name:ident, $title:literal) => {
        #[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($title)
            }
            fn parse(s: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok($name(s.to_owned()))
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

plain_header!(AutoSubmitted, "Auto-Submitted");
plain_header!(Suppress, "X-Auto-Response-Suppress");
