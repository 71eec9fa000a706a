//! The words of a mail, as people read them.

use mail_parser::{MessagePart, MimeHeaders, PartType};

use super::html;
use super::read::{Mail, is_type};
use crate::base::text::LONGEST;

impl Mail<'_> {
    /// The words: the plain version where there is one that says something, else the HTML's.
    pub(super) fn words(&self) -> String {
        let of = |parts: &[u32]| -> String {
            let texts = parts.iter().filter_map(|n| self.parsed.part(*n)).map(words_of);
            texts.filter(|t| !t.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
        };
        let plain = of(&self.parsed.text_body);
        let words = if plain.trim().is_empty() { of(&self.parsed.html_body) } else { plain };
        let words: String = words.replace("\r\n", "\n").chars().take(LONGEST).collect();
        words.trim().to_owned()
    }
}

fn words_of(part: &MessagePart<'_>) -> String {
    match &part.body {
        PartType::Html(html) => html::to_text(html),
        PartType::Text(text) if is_type(part, "text", "html") => html::to_text(text),
        PartType::Text(text) => {
            let flowed = part
                .content_type()
                .and_then(|c| c.attribute("format"))
                .is_some_and(|f| f.eq_ignore_ascii_case("flowed"));
            if flowed { unflowed(text) } else { text.to_string() }
        }
        _ => String::new(),
    }
}

/// RFC 3676: a line that ends in a blank goes on in the next one.
fn unflowed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let soft = line.ends_with(' ') && line != "-- ";
        let quoted = line.starts_with('>');
        out.push_str(line.strip_prefix(' ').unwrap_or(line));
        if !soft || quoted {
            out.push('\n');
        }
    }
    out
}
