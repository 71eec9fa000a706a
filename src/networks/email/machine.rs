//! Whether a machine wrote a mail: then no machine of ours answers it.

use mail_parser::MimeHeaders;

use super::read::Mail;
use crate::desk::inbound::Author;

impl Mail<'_> {
    /// RFC 3834, section 2, and the marks its section 5 did not end: never answer any of these.
    pub(super) fn is_machine(&self, author: &Author) -> bool {
        let headers = self.headers;
        headers.word("auto-submitted").is_some_and(|w| w != "no")
            || headers.get("return-path").is_some_and(|v| v.trim() == "<>" || v.trim().is_empty())
            || headers.word("precedence").is_some_and(|w| matches!(w.as_str(), "bulk" | "list" | "junk" | "auto_reply"))
            || headers.0.iter().any(|(n, _)| n.starts_with("list-"))
            || ["x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-autoresponse", "x-loop", "feedback-id"]
                .iter()
                .any(|n| headers.get(n).is_some_and(|v| !v.trim().is_empty() && !v.eq_ignore_ascii_case("no")))
            || is_nobody(&author.id)
            || self.parsed.content_type().is_some_and(|c| c.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report")))
    }

    /// A machine that only says somebody is away, or that a mail has come.
    pub(super) fn is_absence(&self, subject: &str) -> bool {
        let headers = self.headers;
        let begins =
            ["auto:", "automatic reply", "out of office", "réponse automatique", "absence", "automatische antwort"];
        let lower = subject.to_lowercase();
        let said = begins.iter().any(|b| lower.starts_with(b));
        headers.word("auto-submitted").is_some_and(|w| w == "auto-replied") && self.report().is_none()
            || headers.word("precedence").is_some_and(|w| w == "auto_reply")
            || headers.has("x-autoreply")
            || headers.has("x-autorespond")
            || said
    }
}

/// Local parts nobody reads: RFC 3834, section 2 (“owner-”, “-request”, MAILER-DAEMON), and the
/// no-reply addresses of programs.
pub(super) fn is_nobody(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    matches!(
        plain.as_str(),
        "mailerdaemon" | "postmaster" | "noreply" | "donotreply" | "nepasrepondre" | "bounce" | "bounces" | "autoreply"
    ) || local.starts_with("owner-")
        || local.ends_with("-request")
        || local.starts_with("no-reply")
        || local.starts_with("noreply+")
        || local.starts_with("bounce+")
        || local.starts_with("bounces+")
}
