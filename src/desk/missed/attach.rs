//! Examples added to a file that stands: where its author would have written them, everything else
//! byte for byte as it was.

use super::draft::{array, quoted};
use crate::desk::canned::Entry;
use crate::desk::triage::front_matter;

/// A file with more examples in a language; those it has already are left out. None when the file
/// cannot be read, or is written in a way this does not understand.
pub fn with_examples(file: &str, source: &str, language: &str, examples: &[String]) -> Option<String> {
    let before = Entry::read(file, source).ok()?;
    let had = before.head.examples.get(language).cloned().unwrap_or_default();
    let mut new: Vec<String> = Vec::new();
    for example in examples.iter().filter(|e| !e.trim().is_empty()) {
        if !had.contains(example) && !new.contains(example) {
            new.push(example.clone());
        }
    }
    if new.is_empty() {
        return Some(source.to_owned());
    }
    let front = front_matter(source)?;
    let start = source.find(front)?;
    let changed = added(front, language, &new)?;
    let out = format!("{}{changed}{}", &source[..start], &source[start + front.len()..]);
    // Nothing but these examples may have changed.
    let after = Entry::read(file, &out).ok()?;
    let mut expected = before.head;
    expected.examples.entry(language.to_owned()).or_default().extend(new);
    (after.head == expected && after.texts.keys().eq(before.texts.keys())).then_some(out)
}

fn added(front: &str, language: &str, new: &[String]) -> Option<String> {
    let Some(table) = line_start(front, 0, |l| l.trim_end() == "[examples]") else {
        return Some(format!("{}\n[examples]\n{}", front.trim_end_matches('\n'), array(language, new)) + tail(front));
    };
    let inside = table + front[table..].find('\n').map_or(front.len() - table, |n| n + 1);
    let end = line_start(front, inside, |l| l.starts_with('[')).unwrap_or(front.len());
    let is_key = |l: &str| l.strip_prefix(language).is_some_and(|rest| rest.trim_start().starts_with('='));
    let Some(key) = line_start(&front[..end], inside, is_key) else {
        return Some(format!("{}{}{}", &front[..inside], array(language, new), &front[inside..]));
    };
    let open = key + front[key..].find('[')?;
    let close = open + 1 + closing(&front[open + 1..])?;
    let body = &front[open + 1..close];
    let lines = body.contains('\n');
    let list = new.iter().map(|e| quoted(e)).collect::<Vec<_>>();
    let last = body.trim_end();
    let comma = if last.is_empty() || ends_with_comma(last) { "" } else { "," };
    let more = if lines {
        let indent: String = body.lines().nth(1).unwrap_or_default().chars().take_while(|c| *c == ' ').collect();
        list.iter().flat_map(|e| ["\n", &indent, e, ","]).collect::<String>() + "\n"
    } else {
        let space = if last.is_empty() { "" } else { " " };
        format!("{space}{}", list.join(", "))
    };
    Some(format!("{}{last}{comma}{more}{}", &front[..=open], &front[close..]))
}

/// Front matter ends as it did: with or without its line's end.
fn tail(front: &str) -> &str {
    if front.ends_with('\n') { "" } else { "\n" }
}

/// Where the first line at or after `from` begins that is like this.
fn line_start(text: &str, from: usize, is: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        if is(line) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// True when what was written last, comments aside, is a comma.
fn ends_with_comma(body: &str) -> bool {
    let (mut last, mut quote, mut chars) = (' ', None, body.chars());
    while let Some(c) = chars.next() {
        match quote {
            Some('"') if c == '\\' => drop(chars.next()),
            Some(q) if c == q => quote = None,
            None if c == '#' => drop(chars.find(|c| *c == '\n')),
            None if matches!(c, '"' | '\'') => (quote, last) = (Some(c), c),
            None if !c.is_whitespace() => last = c,
            Some(_) | None => {}
        }
    }
    last == ','
}

/// Where the array that was opened ends.
fn closing(text: &str) -> Option<usize> {
    let (mut quote, mut chars) = (None, text.char_indices());
    while let Some((at, c)) = chars.next() {
        match quote {
            Some('"') if c == '\\' => drop(chars.next()),
            Some(q) if c == q => quote = None,
            None if c == '#' => drop(chars.find(|(_, c)| *c == '\n')),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == ']' => return Some(at),
            Some(_) | None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(examples: &str) -> String {
        format!(
            "+++\nid = \"b\"\ntitle = {{ fr = \"B\", en = \"B\" }}\n{examples}+++\n## fr\n### answer\nOui.\n## en\n### answer\nYes.\n"
        )
    }

    fn after(source: &str, language: &str, new: &[&str]) -> Vec<String> {
        let new: Vec<String> = new.iter().map(|n| (*n).to_owned()).collect();
        let out = with_examples("a/b.md", source, language, &new).unwrap_or_else(|| panic!("{source}"));
        Entry::read("a/b.md", &out).unwrap().head.examples[language].clone()
    }

    #[test]
    fn examples_are_added_however_the_file_is_written() {
        for (examples, had) in [
            ("", 0),
            ("[examples]\nfr = []\n", 0),
            ("[examples]\nfr = [\"a\", \"b ] \\\" c\"]\n", 2),
            ("[examples]\nfr = [\n    \"a\",\n    'b]', # ] and, \"more\"\n]\nen = [\"x\"]\n", 2),
            ("[examples]\nfr = [\n  \"a\", # one\n  \"b\"\n]\n[not_examples]\nfr = [\"z\"]\n", 2),
            ("[examples]\nen = [\"x\"]\n\n[when]\nany_of.fr = [\"b\", \"n\"]\n", 0),
            ("[not_examples]\nfr = [\"z\"]\n", 0),
        ] {
            let all = after(&file(examples), "fr", &["neuf \"n\"", "été"]);
            assert_eq!(all.len(), had + 2, "{examples}");
            assert_eq!(all[had..], ["neuf \"n\"", "été"], "{examples}");
        }
    }

    #[test]
    fn the_rest_stays_and_nothing_is_said_twice() {
        let source = file("# why\n[examples]\nfr = [\"a\"] # note\n");
        assert_eq!(after(&source, "fr", &["a", "b", "b"]), ["a", "b"]);
        let out = with_examples("a/b.md", &source, "fr", &["b".to_owned()]).unwrap();
        assert_eq!(out, source.replace("[\"a\"] # note", "[\"a\", \"b\"] # note"));
        let dotted = file("examples.fr = [\"a\"]\n");
        assert_eq!(with_examples("a/b.md", &dotted, "fr", &["b".to_owned()]), None, "not understood, not touched");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_added_is_read_again(new in proptest::collection::vec("\\PC{1,20}", 1..4)) {
            let source = file("[examples]\nfr = [\n    \"a\",\n]\n");
            let said: Vec<String> = new.iter().map(|n| n.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            if let Some(out) = with_examples("a/b.md", &source, "fr", &said) {
                proptest::prop_assert!(Entry::read("a/b.md", &out).is_ok());
            }
        }
    }
}
