//! Changing one text of an entry's file, and nothing else of it.

use crate::desk::canned::Entry;

/// The file with other words under `### name @network` of a language.
///
/// # Errors
/// A sentence, when there is no such text, or the words would be read as something else.
pub fn set(
    file: &str,
    source: &str,
    (language, name, network): (&str, &str, Option<&str>),
    words: &str,
) -> Result<String, String> {
    let before = Entry::read(file, source).map_err(|p| p[0].to_string())?;
    let variants = before.texts.get(language).and_then(|t| t.get(name));
    let variant = variants.and_then(|all| all.iter().find(|v| v.network.as_deref() == network));
    let variant = variant.ok_or_else(|| "there is no such text".to_owned())?;
    let words = words.replace("\r\n", "\n");
    if variant.source == words.trim() {
        return Ok(source.to_owned());
    }
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    // `line` is the heading's, from 1: the text begins after it.
    let first = variant.line.min(lines.len());
    let last = lines[first..]
        .iter()
        .position(|l| l.starts_with("### ") || l.starts_with("## "))
        .map_or(lines.len(), |n| first + n);
    let gap = if last < lines.len() { "\n" } else { "" };
    let changed = format!("{}{}\n{gap}{}", lines[..first].concat(), words.trim(), lines[last..].concat());
    let after = Entry::read(file, &changed).map_err(|p| p[0].to_string())?;
    let count = |e: &Entry| e.texts.values().flat_map(|t| t.values()).map(Vec::len).sum::<usize>();
    let is_there = after.text(language, name, network.unwrap_or_default()).is_some_and(|v| v.source == words.trim());
    let meant =
        is_there && count(&after) == count(&before) && after.head == before.head && after.body().1 == before.body().1;
    if meant { Ok(changed) } else { Err("a line of this text would be read as a heading".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "+++\nid = \"a\"\ntitle = { fr = \"A\", en = \"A\" }\n+++\n## fr\n### answer\nUn.\n\n### answer @x\nUn x.\n\n## en\n### answer\nOne.\n";

    #[test]
    fn only_this_text_changes() {
        let put = |place, words| set("t/a.md", FILE, place, words);
        assert_eq!(put(("fr", "answer", None), "Deux,\r\ntrois.").unwrap(), FILE.replace("Un.\n", "Deux,\ntrois.\n"));
        assert_eq!(put(("fr", "answer", Some("x")), "Deux x.").unwrap(), FILE.replace("Un x.", "Deux x."));
        assert_eq!(put(("en", "answer", None), "Two.").unwrap(), FILE.replace("One.", "Two."));
        assert_eq!(put(("en", "answer", None), " One. ").unwrap(), FILE);
        assert!(put(("en", "other", None), "x").is_err());
        assert!(put(("en", "answer", None), "a\n### b\nc").is_err());
    }
}
