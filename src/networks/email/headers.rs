//! A mail's headers as they were written.

use mail_parser::Message;

/// Headers as they were written, unfolded, names in lower case.
pub(super) struct Headers(pub Vec<(String, String)>);

impl Headers {
    pub fn of(parsed: &Message<'_>) -> Headers {
        let raw = &parsed.raw_message;
        let all = parsed.headers().iter().map(|h| {
            let bytes = raw.get(h.offset_start as usize..h.offset_end as usize).unwrap_or_default();
            let value = String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ");
            (h.name().to_ascii_lowercase(), value)
        });
        Headers(all.collect())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A header's first word in lower case, without comments and parameters: what RFC 3834 says of
    /// `Auto-Submitted: auto-replied (vacation)`.
    pub fn word(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        let mut depth = 0_usize;
        let plain: String = value
            .chars()
            .filter(|c| match c {
                '(' => {
                    depth += 1;
                    false
                }
                ')' => {
                    depth = depth.saturating_sub(1);
                    false
                }
                _ => depth == 0,
            })
            .collect();
        Some(plain.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}
