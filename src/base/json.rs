//! Reading what networks send: bytes that are nearly JSON, ids that are numbers or strings.
//!
//! `serde_json` refuses a whole document for one lone surrogate, turns numbers beyond 64 bits into
//! fractions, and passes U+0000, which PostgreSQL's text refuses. One linear pass mends all three
//! before parsing; the bytes as they came stay in the log.

use serde_json::Value;

/// A body that is not JSON even after mending.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not readable as JSON: {0}")]
pub struct NotJson(pub String);

/// Deepest nesting that is read; `serde_json` itself stops at 128.
pub const DEPTH: usize = 100;

/// Parses a body after mending it: invalid UTF-8, lone surrogates and U+0000 become U+FFFD,
/// whole numbers of more than 18 digits become strings, a byte-order mark is skipped.
///
/// # Errors
/// [`NotJson`] when it is still no JSON, or nested deeper than [`DEPTH`].
pub fn parse(bytes: &[u8]) -> Result<Value, NotJson> {
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    let mended = mend(&text)?;
    serde_json::from_str(&mended).map_err(|e| NotJson(e.to_string()))
}

fn mend(text: &str) -> Result<String, NotJson> {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        let from = at;
        match bytes[at] {
            b'"' => at = mend_string(text, at, &mut out),
            b'-' | b'0'..=b'9' => {
                at += 1 + bytes[at + 1..].iter().take_while(|b| is_number(**b)).count();
                let number = &text[from..at];
                let whole = number.bytes().all(|b| b == b'-' || b.is_ascii_digit());
                let quote = if whole && number.len() > 18 { "\"" } else { "" };
                out.extend([quote, number, quote]);
            }
            b => {
                if matches!(b, b'{' | b'[') {
                    depth += 1;
                    if depth > DEPTH {
                        return Err(NotJson(format!("nested deeper than {DEPTH}")));
                    }
                } else if matches!(b, b'}' | b']') {
                    depth = depth.saturating_sub(1);
                }
                at += 1 + bytes[at + 1..].iter().take_while(|b| (**b & 0xC0) == 0x80).count();
                out.push_str(&text[from..at]);
            }
        }
    }
    Ok(out)
}

fn is_number(b: u8) -> bool {
    matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

/// Copies the string that opens at `start`; returns the position after its closing quote.
fn mend_string(text: &str, start: usize, out: &mut String) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    let mut from = start;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                out.push_str(&text[from..=at]);
                return at + 1;
            }
            b'\\' => match escaped(text, at) {
                Some(0xD800..=0xDBFF) if matches!(escaped(text, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
                Some(0 | 0xD800..=0xDFFF) => {
                    out.push_str(&text[from..at]);
                    out.push('\u{FFFD}');
                    at += 6;
                    from = at;
                }
                Some(_) => at += 6,
                // The escaped character may be of several bytes; it is copied with the rest.
                None => at += 2,
            },
            // Raw control characters are not allowed in JSON strings, but are seen in the wild.
            b if b < 0x20 => {
                out.push_str(&text[from..at]);
                out.push_str(match b {
                    b'\n' => "\\n",
                    b'\t' => "\\t",
                    b'\r' => "\\r",
                    _ => "\u{FFFD}",
                });
                at += 1;
                from = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(&text[from.min(text.len())..]);
    bytes.len()
}

/// The code unit of a `\uXXXX` escape at this place.
fn escaped(text: &str, at: usize) -> Option<u32> {
    let hex = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(hex, 16).ok()
}

/// Reading one field after another from a document whose shape is never quite what was promised.
pub trait Reads {
    /// A field's text, when it is a string.
    fn text(&self, key: &str) -> Option<&str>;
    /// A field as an identifier: a non-empty string, or a whole number written out.
    fn id(&self, key: &str) -> Option<String>;
    /// A field as a whole number, also when it came as a string.
    fn number(&self, key: &str) -> Option<i64>;
    /// A field that says yes: `true`, 1, or `"true"`.
    fn flag(&self, key: &str) -> bool;
    /// A field's elements; none when it is absent or no list.
    fn list(&self, key: &str) -> &[Value];
}

impl Reads for Value {
    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    fn id(&self, key: &str) -> Option<String> {
        as_id(self.get(key)?)
    }

    fn number(&self, key: &str) -> Option<i64> {
        let field = self.get(key)?;
        field.as_i64().or_else(|| field.as_str()?.trim().parse().ok())
    }

    fn flag(&self, key: &str) -> bool {
        match self.get(key) {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::Number(n)) => n.as_i64() == Some(1),
            Some(Value::String(s)) => s == "true",
            _ => false,
        }
    }

    fn list(&self, key: &str) -> &[Value] {
        self.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// An identifier in a value: a non-empty string of at most 512 bytes, or a whole number.
pub fn as_id(value: &Value) -> Option<String> {
    match value {
        Value::String(s) if !s.is_empty() && s.len() <= 512 => Some(s.clone()),
        Value::Number(n) if n.is_i64() || n.is_u64() => Some(n.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_keep_every_digit() {
        let body = parse(br#"{"a":-7234567890123456789012,"b":12,"c":7234567890123456789,"d":1.5}"#).unwrap();
        assert_eq!(body.id("a").unwrap(), "-7234567890123456789012");
        assert_eq!(body.id("b").unwrap(), "12");
        assert_eq!(body.id("c").unwrap(), "7234567890123456789");
        assert_eq!(body["d"], json!(1.5));
    }

    #[test]
    fn broken_text_is_mended_and_the_rest_kept() {
        let body = parse(br#"{"t":"a\ud800b\u0000c\ud83d\ude00","u":"caf\u00e9 \\u0000 \"x\""}"#).unwrap();
        assert_eq!(body["t"], "a\u{FFFD}b\u{FFFD}c😀");
        assert_eq!(body["u"], "café \\u0000 \"x\"");
        assert_eq!(parse(b"{\"t\":\"a\xFFb\"}").unwrap()["t"], "a\u{FFFD}b");
        assert_eq!(parse(b"\xEF\xBB\xBF{\"t\":\"a\nb\"}").unwrap()["t"], "a\nb");
    }

    #[test]
    fn a_deep_or_broken_body_is_refused() {
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
        assert!(parse(b"{\"a\":").is_err());
        assert!(parse(b"{\"a\":\"\\u12").is_err());
        assert!(parse("\"é\\é".as_bytes()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn mending_changes_no_sound_document(text in "\\PC*", n in -1_000_000_i64..1_000_000) {
            let doc = json!({"text": text, "n": n, "list": [text, null, true]});
            let back = parse(doc.to_string().as_bytes()).unwrap();
            let same = json!({"text": text.replace('\0', "\u{FFFD}"), "n": n, "list": [text.replace('\0', "\u{FFFD}"), null, true]});
            proptest::prop_assert_eq!(back, same);
        }

        #[test]
        fn mending_never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = parse(&bytes);
        }
    }
}
