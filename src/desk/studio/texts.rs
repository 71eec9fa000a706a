//! Changing one text of an entry's file, and nothing else of it.

use super::{problem, read};
use crate::desk::canned::{Entry, Problem, Variant};

/// A text in a file: its language, its name, and the network it is for, where it is for one alone.
pub type Place<'a> = (&'a str, &'a str, Option<&'a str>);

/// The file with other words under `### name @network` of a language; without words, a text for one
/// network goes.
///
/// # Errors
/// What is wrong, when there is no such text, or the words would be read as something else.
pub fn set(file: &str, source: &str, place: Place<'_>, words: &str) -> Result<String, Problem> {
    let before = read(file, source)?;
    let variant = variants(&before, place).iter().find(|v| v.network.as_deref() == place.2);
    let variant = variant.ok_or_else(|| problem(file, "no-such-text"))?;
    let words = words.replace("\r\n", "\n");
    if variant.source == words.trim() {
        return Ok(source.to_owned());
    }
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let (first, last) = span(&lines, variant);
    if words.trim().is_empty() && place.2.is_some() {
        let changed = format!("{}{}", lines[..first - 1].concat(), lines[last..].concat());
        let gone = |after: &Entry| variants(after, place).iter().all(|v| v.network.as_deref() != place.2);
        return meant(file, &before, changed, -1, gone);
    }
    let gap = if last < lines.len() { "\n" } else { "" };
    let changed = format!("{}{}\n{gap}{}", lines[..first].concat(), words.trim(), lines[last..].concat());
    meant(file, &before, changed, 0, |after| says(after, place, &words))
}

/// The file with words of their own for one network, after the others of this name.
///
/// # Errors
/// What is wrong, when the network has words of its own already, there is no text of this name, or the words
/// would be read as something else.
pub fn add(file: &str, source: &str, place: Place<'_>, words: &str) -> Result<String, Problem> {
    let before = read(file, source)?;
    let (_, name, network) = place;
    let all = variants(&before, place);
    if all.iter().any(|v| v.network.as_deref() == network) {
        return Err(problem(file, "own-already"));
    }
    let words = words.replace("\r\n", "\n");
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let latest = all.iter().max_by_key(|v| v.line).ok_or_else(|| problem(file, "no-such-text"))?;
    let (_, last) = span(&lines, latest);
    let (before_it, after_it) = if last < lines.len() { ("", "\n") } else { ("\n", "") };
    let network = network.map(|n| format!(" @{n}")).unwrap_or_default();
    let text = format!("{before_it}### {name}{network}\n{}\n{after_it}", words.trim());
    let changed = format!("{}{text}{}", lines[..last].concat(), lines[last..].concat());
    meant(file, &before, changed, 1, |after| says(after, place, &words))
}

/// The texts of this name: for all networks, and for some.
fn variants<'a>(entry: &'a Entry, (language, name, _): Place<'_>) -> &'a [Variant] {
    entry.texts.get(language).and_then(|t| t.get(name)).map_or(&[], Vec::as_slice)
}

/// The lines of a text: the first, and the one after the last. Its heading stands before.
fn span(lines: &[&str], variant: &Variant) -> (usize, usize) {
    // `line` is the heading's, from 1: the text begins after it.
    let first = variant.line.min(lines.len());
    let heading = lines[first..].iter().position(|l| l.starts_with("### ") || l.starts_with("## "));
    (first, heading.map_or(lines.len(), |n| first + n))
}

fn says(entry: &Entry, (language, name, network): Place<'_>, words: &str) -> bool {
    entry.text(language, name, network.unwrap_or_default()).is_some_and(|v| v.source == words.trim())
}

/// The changed file, if nothing else of the entry is another than before, and so many texts came.
fn meant(
    file: &str,
    before: &Entry,
    changed: String,
    more: isize,
    is_there: impl Fn(&Entry) -> bool,
) -> Result<String, Problem> {
    let after = read(file, &changed)?;
    let count = |e: &Entry| e.texts.values().flat_map(|t| t.values()).map(Vec::len).sum::<usize>();
    let kept = count(before).checked_add_signed(more) == Some(count(&after))
        && after.head == before.head
        && after.body().1 == before.body().1;
    if kept && is_there(&after) { Ok(changed) } else { Err(problem(file, "heading")) }
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
    #[test]
    fn a_network_gets_words_of_its_own_and_loses_them() {
        let threads = ("fr", "answer", Some("threads"));
        let more = add("t/a.md", FILE, threads, "Un\r\nfil.\n").unwrap();
        assert_eq!(more, FILE.replace("Un x.\n\n", "Un x.\n\n### answer @threads\nUn\nfil.\n\n"));
        assert_eq!(set("t/a.md", &more, threads, " ").unwrap(), FILE, "as it was, to the byte");
        assert!(add("t/a.md", &more, threads, "encore").is_err(), "it has them already");
        assert!(add("t/a.md", FILE, ("fr", "other", Some("threads")), "x").is_err(), "a text nobody has");
        assert!(add("t/a.md", FILE, threads, "a\n## en\nc").is_err(), "a heading in the words");
        let last = add("t/a.md", FILE, ("en", "answer", Some("x")), "One x.").unwrap();
        assert_eq!(last, format!("{FILE}\n### answer @x\nOne x.\n"));
        assert!(set("t/a.md", FILE, ("en", "answer", None), "").is_err(), "the text for all networks stays");
    }
}
