//! What mail servers say became of a mail (RFC 3464).

use mail_parser::{MessageParser, PartType};

use super::read::{Mail, is_type};
use crate::desk::outbound::Refusal;

impl Mail<'_> {
    /// What a mail server says became of a mail (RFC 3464).
    pub(super) fn report(&self) -> Option<Report> {
        let status = self.parsed.parts.iter().find(|p| is_type(p, "message", "delivery-status"))?;
        let fields =
            String::from_utf8_lossy(status.contents()).replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
        let field = |name: &str| {
            let lines = fields.lines().filter_map(|l| l.split_once(':'));
            lines.filter(|(n, _)| n.trim().eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned()).next()
        };
        let about = self.parsed.parts.iter().find_map(|p| match &p.body {
            PartType::Message(inner) => inner.message_id().map(str::to_owned),
            _ if is_type(p, "text", "rfc822-headers") => {
                MessageParser::default().parse(p.contents())?.message_id().map(str::to_owned)
            }
            _ => None,
        });
        let after_kind = |v: String| v.split_once(';').map_or(v.clone(), |(_, v)| v.trim().to_owned());
        let why = field("Diagnostic-Code").map(after_kind).or_else(|| field("Status")).unwrap_or_default();
        Some(Report {
            action: field("Action").unwrap_or_default().to_ascii_lowercase(),
            status: field("Status").unwrap_or_default(),
            why: why.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect(),
            about: about.or_else(|| self.references().pop()),
        })
    }
}

pub(super) struct Report {
    pub action: String,
    pub status: String,
    pub why: String,
    pub about: Option<String>,
}

impl Report {
    pub fn refusal(&self) -> Refusal {
        refusal_of(&self.status)
    }
}

/// The class of an enhanced status code (RFC 3463).
pub(super) fn refusal_of(status: &str) -> Refusal {
    let mut numbers = status.trim().split('.').skip(1).map(|n| n.trim().parse::<u16>().unwrap_or(0));
    match (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) {
        (2, 3) | (3, 4) => Refusal::TooLong,
        (5 | 6, _) => Refusal::Invalid,
        _ => Refusal::Unreachable,
    }
}
