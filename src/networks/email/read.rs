//! A mail as it came, in the desk's words: who wrote what, in answer to what, a person or a machine.
//!
//! Sources: RFC 5322 (headers, threads), RFC 2045–2047 and 2231 (MIME), RFC 3676 (flowed text),
//! RFC 3464 (delivery status), RFC 3834 and RFC 5703 (automatic answers), and for what the standards
//! do not name, headers as they are seen in the wild; each is marked. Read 2026-11.

use mail_parser::{HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::headers::Headers;
use super::mark;
use crate::base::At;
use crate::base::sign::{fingerprint, sha256};
use crate::desk::attachment::{Attachment, AttachmentKind};
use crate::desk::inbound::{Element, Event, Fate, Said, What, Wrote};
use crate::desk::letter::{Letter, bare_subject, is_answer};
use crate::desk::message::{Kind, Visibility};
use crate::desk::quoting::fresh_first;

/// Most references that are looked for and kept.
const REFERENCES: usize = 20;
/// Most attachments that are named.
const ATTACHMENTS: usize = 100;

/// Reads one mail; none when these bytes are no mail at all.
pub(super) fn read(raw: &[u8]) -> Option<Element> {
    let parsed = MessageParser::default().parse(raw)?;
    let headers = Headers::of(&parsed);
    let known = [
        "from",
        "to",
        "cc",
        "sender",
        "reply-to",
        "subject",
        "date",
        "message-id",
        "received",
        "return-path",
        "delivered-to",
        "mime-version",
        "content-type",
    ];
    if !known.iter().any(|h| headers.has(h)) {
        return None;
    }
    let mail = Mail { raw, parsed: &parsed, headers: &headers };
    Some(mail.element())
}

/// The key under which a mail is known, and by which its parts are found again.
pub(super) fn key(raw: &[u8]) -> Option<String> {
    Some(read(raw)?.key)
}

/// The bytes of one part of a mail.
pub(super) fn part(raw: &[u8], n: usize) -> Option<Vec<u8>> {
    let parsed = MessageParser::default().parse(raw)?;
    let part = parsed.parts.get(n)?;
    Some(match &part.body {
        PartType::Message(inner) => inner.raw_message().to_vec(),
        _ => part.contents().to_vec(),
    })
}

/// A mail taken apart.
pub(super) struct Mail<'a> {
    pub raw: &'a [u8],
    pub parsed: &'a Message<'a>,
    pub headers: &'a Headers,
}

impl Mail<'_> {
    fn element(&self) -> Element {
        let id = self.id();
        let body = self.raw.get(self.parsed.root_part().offset_body as usize..).unwrap_or_default();
        let body = hex::encode(sha256(body));
        let header = |name: &str| self.headers.get(name).unwrap_or_default();
        // The same mail may come twice, by two ways and with other marks of its travel; another mail
        // may bear the same name. What was written tells them apart.
        let written = ["from", "to", "cc", "date", "subject"].map(header);
        let digest = fingerprint(&[&[id.as_str(), &body], &written[..]].concat());
        let key = format!("m:{digest}");
        let element = |said| Element { account: None, key: key.clone(), said };
        let at = self.parsed.date().and_then(|d| At::parse(&d.to_rfc3339()).ok());
        if let Some(report) = self.report()
            && let Some(ours) = report.about.clone().filter(|id| mark::is_ours(id))
        {
            let what = match report.action.as_str() {
                "failed" => What::Fared {
                    tag: mark::id_in(&ours),
                    id: ours,
                    how: Fate::Failed { refusal: report.refusal(), why: report.why },
                },
                other => return element(Said::Nothing(format!("report:{}", brief(other)))),
            };
            return element(Said::Event(Box::new(Event { at, what })));
        }
        element(Said::Event(Box::new(Event { at, what: What::Wrote(self.wrote(id, &digest)) })))
    }

    /// Its name, or one made of its bytes.
    fn id(&self) -> String {
        let named = self.parsed.message_id().map(str::trim).filter(|id| !id.is_empty() && id.len() <= 400);
        named.map_or_else(|| format!("{}@unnamed", hex::encode(&sha256(self.raw)[..16])), str::to_owned)
    }

    fn wrote(&self, id: String, digest: &str) -> Wrote {
        let (author, answer_to) = self.author(&id);
        let machine = self.is_machine(&author);
        let references = self.references();
        let subject = self.parsed.subject().map(|s| s.split_whitespace().collect::<Vec<_>>().join(" "));
        let subject = subject.unwrap_or_default();
        let answers = is_answer(&subject) || !references.is_empty();
        let sender = author.id.as_str();
        let name = |what: &str, of: &str| fingerprint(&[what, sender, of]);
        let names: Vec<String> =
            std::iter::once(&id).chain(references.iter().rev()).map(|r| name("mail", r)).take(REFERENCES).collect();
        let bare = bare_subject(&subject).to_lowercase();
        let by_subject = (!bare.is_empty()).then(|| name("subject", &bare));
        let letter = Letter {
            ours: self.ours(&references),
            sought: names.iter().cloned().chain(by_subject.clone().filter(|_| answers)).collect(),
            borne: names.iter().cloned().chain(by_subject).collect(),
            twin: format!("{id}#{}", &digest[..12]),
            absent: machine && self.is_absence(&subject),
            answer_to,
            references: references.clone(),
            subject: subject.clone(),
        };
        let words = fresh_first(&self.words());
        // The subject is said once: an answer repeats it.
        let repeats = is_answer(&subject) && !references.is_empty();
        let text = match (subject.is_empty() || repeats, words.is_empty()) {
            (true, _) => words,
            (false, true) => subject,
            (false, false) => format!("{subject}\n\n{words}"),
        };
        Wrote {
            replyable: letter.answer_to.is_some(),
            partner: Some(author.clone()),
            author: Some(author),
            text: Some(text),
            attachments: self.attachments(digest),
            parent: references.last().cloned(),
            machine,
            letter: Some(Box::new(letter)),
            ..Wrote::new(id.clone(), Kind::Email, Visibility::Private, id)
        }
    }

    /// The mails it answers, oldest first, each once.
    pub(super) fn references(&self) -> Vec<String> {
        let mut all = ids(self.parsed.references());
        for id in ids(self.parsed.in_reply_to()) {
            all.retain(|known| *known != id);
            all.push(id);
        }
        let mut seen = std::collections::HashSet::new();
        let own = self.id();
        all.retain(|id| id.len() <= 400 && *id != own && seen.insert(id.clone()));
        // The first and the last ones matter: where it began, and what it answers.
        if all.len() > REFERENCES {
            all.drain(1..=all.len() - REFERENCES);
        }
        all
    }

    /// Mails of ours it may answer: by the name we gave, else by the address we asked to be answered
    /// at.
    fn ours(&self, references: &[String]) -> Vec<String> {
        let named = references.iter().rev().filter(|id| mark::is_ours(id)).cloned();
        let at = ["to", "cc", "delivered-to", "x-original-to", "envelope-to"];
        let written_to = self.headers.0.iter().filter(|(n, _)| at.contains(&n.as_str()));
        let addressed = written_to.flat_map(|(_, v)| v.split([',', ' ', '<', '>', ';'])).filter_map(mark::in_address);
        let mut all: Vec<String> = Vec::new();
        for id in named.chain(addressed).take(REFERENCES * 2) {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        all
    }

    fn attachments(&self, digest: &str) -> Vec<Attachment> {
        let parts = self.parsed.attachments.iter().take(ATTACHMENTS);
        let one = |n: &u32| {
            let part = self.parsed.part(*n)?;
            let kind = part.content_type();
            let sub = kind.and_then(|c| c.subtype()).unwrap_or_default().to_ascii_lowercase();
            let known = match kind.map(|c| c.ctype().to_ascii_lowercase()).as_deref() {
                Some("image") if sub != "svg+xml" => AttachmentKind::Image,
                Some("video") => AttachmentKind::Video,
                Some("audio") => AttachmentKind::Audio,
                _ => AttachmentKind::File,
            };
            let inner = part.message().and_then(|m| m.subject()).map(|s| format!("{s}.eml"));
            let title = part.attachment_name().map(str::to_owned).or(inner);
            Some(Attachment::within(known, &format!("m:{digest}"), *n as usize).titled(title.as_deref()))
        };
        parts.filter_map(one).collect()
    }
}

pub(super) fn is_type(part: &MessagePart<'_>, kind: &str, sub: &str) -> bool {
    let found = part.content_type();
    found.is_some_and(|c| {
        c.ctype().eq_ignore_ascii_case(kind) && c.subtype().is_some_and(|s| s.eq_ignore_ascii_case(sub))
    })
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let clean = |id: &str| id.trim().trim_matches(['<', '>', ',']).to_owned();
    let all: Vec<String> = match value {
        HeaderValue::Text(id) => vec![clean(id)],
        HeaderValue::TextList(ids) => ids.iter().map(|id| clean(id)).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|id| !id.is_empty()).collect()
}

fn brief(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).take(20).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// What somebody sends to hurt a reader (`trust.md` F-25) is read like anything else, and costs what
    /// its length costs.
    #[test]
    fn poison_is_a_mail_like_any_other() {
        let head = "From: a@example.org\nSubject: x\n";
        let nested = (0..3_000).fold(head.to_owned(), |mut s, n| {
            let _ = write!(s, "Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n");
            s
        });
        let parts = format!("{head}Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(20_000));
        let many = format!(
            "{head}Content-Type: multipart/mixed; boundary=b\n\n{}",
            "--b\nContent-Type: image/png\n\nx\n".repeat(20_000)
        );
        for (what, mail) in [
            ("multiparts within each other", nested),
            ("mails within each other", format!("{head}{}", "Content-Type: message/rfc822\n\n".repeat(3_000))),
            ("many parts", parts),
            ("many attachments", many),
            ("one long header", format!("{head}To: {}\n\nx", "a@b, ".repeat(200_000))),
            (
                "brackets in brackets",
                format!(
                    "From: a@example.org {}\nDate: Sat, 21 Nov 2026 {}\n\nx",
                    "(".repeat(100_000),
                    "(".repeat(100_000)
                ),
            ),
            ("many references", format!("{head}References: {}\n\nx", "<a@b> <c@d> ".repeat(50_000))),
            (
                "an encoded word without end",
                format!("From: a@example.org\nSubject: {}\n\nx", "=?utf-8?q?".repeat(50_000)),
            ),
            (
                "a mail as its own attachment",
                format!(
                    "{head}Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n{}\n--b--",
                    "Action: failed\n".repeat(50_000)
                ),
            ),
        ] {
            let element = read(mail.as_bytes()).unwrap_or_else(|| panic!("{what}"));
            let Said::Event(event) = element.said else { panic!("{what}") };
            let What::Wrote(wrote) = event.what else { panic!("{what}") };
            assert_eq!(wrote.author.unwrap().id, "a@example.org", "{what}");
            assert!(
                wrote.attachments.len() <= ATTACHMENTS && wrote.letter.unwrap().references.len() <= REFERENCES,
                "{what}"
            );
        }
    }

    #[test]
    fn a_subject_cannot_become_a_header() {
        let mail = "From: a@example.org\nSubject: =?utf-8?q?x=0D=0ABcc:_b=40example.org?=\n\ny";
        let Said::Event(event) = read(mail.as_bytes()).unwrap().said else { panic!() };
        let What::Wrote(wrote) = event.what else { panic!() };
        assert_eq!(wrote.letter.unwrap().subject, "x Bcc: b@example.org");
    }
}
