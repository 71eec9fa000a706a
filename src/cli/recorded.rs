//! What a file of recordings holds: people keep bodies one a file, one a line, as a list, or by name.

use serde_json::Value;

use crate::base::json;
use crate::networks::Network;

/// How deep bodies are looked for within a document.
const DEPTH: usize = 4;

/// One body of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// What it is called there: a key, or its place in a list or among the lines.
    pub name: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The bodies in a file, for this network: the file itself where the network reads it, else those it
/// holds. A file in which none can be found is one body, and stays whole.
pub fn bodies(network: &dyn Network, file: Vec<u8>) -> Vec<Body> {
    if network.read(&file).is_ok() {
        return vec![Body { name: None, bytes: file }];
    }
    let found = match json::parse(&file) {
        Ok(document) => within(network, &document, None, DEPTH),
        Err(_) => lines(&file),
    };
    if found.is_empty() { vec![Body { name: None, bytes: file }] } else { found }
}

/// A body a line; a line that is none is one all the same, so that it is not lost. Empty when this is
/// no such file.
fn lines(file: &[u8]) -> Vec<Body> {
    let all: Vec<(usize, &[u8])> =
        file.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).enumerate().filter(|(_, l)| !l.is_empty()).collect();
    let is_document = |l: &[u8]| matches!(json::parse(l), Ok(Value::Object(_) | Value::Array(_)));
    match all.first() {
        Some((_, first)) if all.len() > 1 && is_document(first) => {
            all.into_iter().map(|(n, l)| Body { name: Some((n + 1).to_string()), bytes: l.to_vec() }).collect()
        }
        _ => Vec::new(),
    }
}

/// The bodies a document holds: those the network reads, also as a document within a string. Of a list
/// that is the whole file every element is one when any is, so that none is lost.
fn within(network: &dyn Network, document: &Value, name: Option<&str>, depth: usize) -> Vec<Body> {
    let named = |key: &str| name.map_or_else(|| key.to_owned(), |n| format!("{n}/{key}"));
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let one = |key: &str, value: &Value| -> Vec<Body> {
        let bytes = value.as_str().map_or_else(|| value.to_string(), str::to_owned).into_bytes();
        let inside = value.is_object() || value.is_array() || matches!(json::parse(&bytes), Ok(Value::Object(_)));
        if inside && network.read(&bytes).is_ok() {
            return vec![Body { name: Some(named(key)), bytes }];
        }
        within(network, value, Some(&named(key)), depth)
    };
    match document {
        Value::Array(all) => {
            let mut found: Vec<(String, &Value, Vec<Body>)> = Vec::new();
            for (n, v) in all.iter().enumerate() {
                let key = (n + 1).to_string();
                let bodies = one(&key, v);
                found.push((key, v, bodies));
            }
            let keeps_all = name.is_none() && found.iter().any(|(_, _, bodies)| !bodies.is_empty());
            let whole = |(key, v, found): (String, &Value, Vec<Body>)| {
                if found.is_empty() && keeps_all {
                    return vec![Body { name: Some(key), bytes: v.to_string().into_bytes() }];
                }
                found
            };
            found.into_iter().flat_map(whole).collect()
        }
        Value::Object(all) => all.iter().flat_map(|(key, value)| one(key, value)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks;

    const ONE: &str = r#"{"object":"page","entry":[{"id":"1","time":1,"changes":[]}]}"#;

    fn names(network: &str, file: &str) -> Vec<Option<String>> {
        let network = networks::find(network).unwrap();
        bodies(network, file.as_bytes().to_vec()).into_iter().map(|b| b.name).collect()
    }

    #[test]
    fn bodies_are_found_however_they_were_kept() {
        let some = |names: &[&str]| names.iter().map(|n| Some((*n).to_owned())).collect::<Vec<_>>();
        assert_eq!(names("facebook", ONE), [None]);
        assert_eq!(names("facebook", &format!("[{ONE}, 7, {ONE}]")), some(&["1", "2", "3"]));
        assert_eq!(names("facebook", &format!("{ONE}\r\n\n{ONE}\nnonsense\n")), some(&["1", "3", "4"]));
        assert_eq!(names("facebook", &format!(r#"{{"a": {ONE}, "b": {{"c": {ONE}}}}}"#)), some(&["a", "b/c"]));
        let quoted = Value::from(ONE).to_string();
        assert_eq!(names("facebook", &format!(r#"{{"headers": {{"x": "y"}}, "body": {quoted}}}"#)), some(&["body"]));
        // An answer of the API, or anything else, stays whole and is quarantined as such.
        assert_eq!(names("facebook", r#"{"data": [{"id": "1"}, {"id": "2"}]}"#), [None]);
        assert_eq!(names("facebook", r#"[{"id": "1"}, {"id": "2"}]"#), [None]);
        assert_eq!(names("facebook", "hello\nworld"), [None]);
        assert_eq!(names("email", "From: a@b.c\n\nhello\n{}"), [None]);
    }
}
