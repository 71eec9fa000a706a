//! Changing a list of words in an entry's file, and nothing else of it: not a blank, not a remark. What
//! comes out is read again and compared with what was meant; where a file is written in a way that is
//! not understood here, it is left as it is and changed by hand.

use std::ops::Range;

use crate::desk::canned::{Head, Problem};
use crate::words;

words! {
    /// A list of an entry.
    pub enum List {
        /// What customers write when they mean it.
        Examples = "examples",
        /// What they write when they do not, and might seem to.
        NotExamples = "not_examples",
        /// Words of which one must be there.
        AnyOf = "any_of",
        /// Words of which none may be there.
        NoneOf = "none_of",
    }
}

impl List {
    /// The table it stands in, and what its key begins with.
    fn place(self) -> (&'static str, &'static str) {
        match self {
            List::Examples | List::NotExamples => (self.as_str(), ""),
            List::AnyOf => ("when", "any_of."),
            List::NoneOf => ("when", "none_of."),
        }
    }

    /// The words of a list in a language.
    pub fn of(self, head: &Head, language: &str) -> Vec<String> {
        let all = match self {
            List::Examples => &head.examples,
            List::NotExamples => &head.not_examples,
            List::AnyOf => &head.when.any_of,
            List::NoneOf => &head.when.none_of,
        };
        all.get(language).cloned().unwrap_or_default()
    }
}

/// The file with another list in one place; the same file when it is the same list.
///
/// # Errors
/// What is wrong, when the file is written in a way that is not understood here.
pub fn set(file: &str, source: &str, list: List, language: &str, words: &[String]) -> Result<String, Problem> {
    let before = super::read(file, source)?;
    if list.of(&before.head, language) == words {
        return Ok(source.to_owned());
    }
    let changed = match find(source, list, language) {
        Some(place) => replaced(source, place, words),
        None => added(file, source, list, language, words)?,
    };
    let after = super::read(file, &changed)?;
    let meant = list.of(&after.head, language) == words && after.body() == before.body();
    if meant { Ok(changed) } else { Err(super::problem(file, "by-hand")) }
}

/// Where the brackets of a list stand, with what is between them.
fn find(source: &str, list: List, language: &str) -> Option<Range<usize>> {
    let (table, prefix) = list.place();
    let key = format!("{prefix}{language}");
    let (mut here, mut at) = (String::new(), 0);
    for line in source.split_inclusive('\n') {
        let bare = line.trim();
        if at > 0 && bare == "+++" {
            return None;
        }
        if bare.starts_with('[') && bare.ends_with(']') && !bare.contains('=') {
            bare.trim_matches(['[', ']']).trim().clone_into(&mut here);
        } else if here == table
            && let Some((name, value)) = line.split_once('=')
            && name.trim() == key
            && value.trim_start().starts_with('[')
        {
            let open = at + line.find('[')?;
            return Some(open..open + closing(&source[open..])? + 1);
        }
        at += line.len();
    }
    None
}

/// The bracket that closes the first one: not those in strings or remarks.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut escaped, mut remark) = (0_usize, None, false, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if remark => remark = c != '\n',
            (Some('"'), _) if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(q), _) if q == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => remark = true,
            (None, '[') => depth += 1,
            (None, ']') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Words put behind what is there leave it as it is; else the list is written anew.
fn replaced(source: &str, place: Range<usize>, words: &[String]) -> String {
    let old = &source[place.clone()];
    let many = old.contains('\n');
    let list = match kept(old, words) {
        Some((inner, more)) if many => {
            let inner = inner.trim_end();
            let comma = if inner.is_empty() || inner.ends_with(',') || inner.ends_with('[') { "" } else { "," };
            let lines = more.iter().fold(String::new(), |all, w| all + "\n  " + &quoted(w) + ",");
            format!("{inner}{comma}{lines}\n]")
        }
        _ => written(words, many),
    };
    format!("{}{list}{}", &source[..place.start], &source[place.end..])
}

/// What stands before the closing bracket, and the words that follow, when all that is there stays.
fn kept<'a>(old: &'a str, words: &'a [String]) -> Option<(&'a str, &'a [String])> {
    let table: toml::Table = format!("list = {old}").parse().ok()?;
    let before: Vec<&str> = table.get("list")?.as_array()?.iter().filter_map(|v| v.as_str()).collect();
    let (head, more) = words.split_at_checked(before.len())?;
    (head.iter().map(String::as_str).eq(before)).then_some((&old[..old.len() - 1], more))
}

fn written(words: &[String], many: bool) -> String {
    let each: Vec<String> = words.iter().map(|w| quoted(w)).collect();
    let short = each.iter().map(String::len).sum::<usize>() < 90;
    if each.is_empty() || (short && !many) {
        return format!("[{}]", each.join(", "));
    }
    format!("[\n{}]", each.iter().fold(String::new(), |all, w| all + "  " + w + ",\n"))
}

/// On one line. A string of JSON is one of TOML, but for the delete sign.
fn quoted(word: &str) -> String {
    serde_json::Value::from(word).to_string().replace('\u{7f}', "\\u007F")
}

/// A list that is not there yet, in its table, or in one of its own at the end.
fn added(file: &str, source: &str, list: List, language: &str, words: &[String]) -> Result<String, Problem> {
    let (table, prefix) = list.place();
    let line = format!("{prefix}{language} = {}\n", written(words, false));
    let heading = format!("[{table}]");
    let mut at = 0;
    let mut end = None;
    for row in source.split_inclusive('\n') {
        if row.trim() == heading {
            let after = at + row.len();
            return Ok(format!("{}{line}{}", &source[..after], &source[after..]));
        }
        if at > 0 && row.trim() == "+++" {
            end = Some(at);
            break;
        }
        at += row.len();
    }
    let end = end.ok_or_else(|| super::problem(file, "no-block"))?;
    Ok(format!("{}{heading}\n{line}{}", &source[..end], &source[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::canned::Entry;

    const FILE: &str = "+++\nid = \"a\"\ntitle = { fr = \"A\", en = \"A\" }\n# a remark\n[examples]\nfr = [\n  \"un [1]\",  # first\n  \"l'été \\\"x\\\"\",\n]\nen = [\"one\"]\n[when]\nnone_of.fr = ['annuler']\n+++\n## fr\n### answer\n[x] Un.\n## en\n### answer\nOne.\n";

    fn words(all: &[&str]) -> Vec<String> {
        all.iter().map(|w| (*w).to_owned()).collect()
    }

    fn put(list: List, language: &str, all: &[&str]) -> String {
        set("t/a.md", FILE, list, language, &words(all)).unwrap()
    }

    #[test]
    fn one_more_leaves_every_other_byte() {
        let more = put(List::Examples, "fr", &["un [1]", "l'été \"x\"", "deux\n"]);
        assert_eq!(more, FILE.replace("\\\"x\\\"\",\n]", "\\\"x\\\"\",\n  \"deux\\n\",\n]"));
        assert_eq!(put(List::Examples, "en", &["one", "two"]), FILE.replace("[\"one\"]", "[\"one\", \"two\"]"));
        assert_eq!(put(List::Examples, "fr", &["un [1]", "l'été \"x\""]), FILE);
    }

    #[test]
    fn lists_come_and_go() {
        let none = put(List::NoneOf, "fr", &[]);
        assert!(none.contains("none_of.fr = []"), "{none}");
        let new = put(List::NotExamples, "en", &["cancel"]);
        assert!(new.contains("[not_examples]\nen = [\"cancel\"]\n+++"), "{new}");
        let any = put(List::AnyOf, "en", &["order"]);
        assert!(any.contains("[when]\nany_of.en = [\"order\"]\n"), "{any}");
    }

    #[test]
    fn what_is_not_understood_stays() {
        let inline = "+++\nid = \"a\"\ntitle = { fr = \"A\", en = \"A\" }\nexamples = { fr = [\"un\"] }\n+++\n## fr\n### answer\nUn.\n## en\n### answer\nOne.\n";
        assert!(set("t/a.md", inline, List::Examples, "fr", &words(&["un", "deux"])).is_err());
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_put_is_read(all in proptest::collection::vec("\\PC{1,20}", 0..6), french in proptest::bool::ANY) {
            let language = if french { "fr" } else { "en" };
            let changed = set("t/a.md", FILE, List::Examples, language, &all).unwrap();
            let entry = Entry::read("t/a.md", &changed).unwrap();
            proptest::prop_assert_eq!(List::Examples.of(&entry.head, language), all);
            proptest::prop_assert!(changed.ends_with("## fr\n### answer\n[x] Un.\n## en\n### answer\nOne.\n"));
        }
    }
}
