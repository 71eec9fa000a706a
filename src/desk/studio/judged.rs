//! A verdict about a message becomes a test beside the answer: the message without what is personal in
//! it, and what should, or should not, come of it.

use crate::desk::message::Visibility;
use crate::desk::personal::{self, Personal};

/// A test keeps so much of the publication above.
const ABOVE: usize = 300;

/// A message that was judged, in its place.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Its words.
    pub text: &'a str,
    /// The words of the publication above, where they matter.
    pub post: Option<&'a str>,
    /// `fr` or `en`.
    pub language: &'a str,
    /// The network's slug.
    pub network: &'a str,
    /// Who read it.
    pub visibility: Visibility,
}

/// What should come of it, as a line of a test.
#[derive(Debug, Clone, Copy)]
pub enum Should<'a> {
    /// This entry.
    Find(&'a str),
    /// Anything but this entry.
    Miss(&'a str),
}

/// Words that may be kept for good: one line, and where something personal stood, something like it
/// that is nobody's.
pub fn plain(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for found in personal::find(text).iter().rev() {
        let piece = &chars[found.chars.clone()];
        let nobody: Vec<char> = match found.kind {
            Personal::Email => "nom@exemple.example".chars().collect(),
            _ => piece.iter().map(|c| if c.is_ascii_digit() { '0' } else { *c }).collect(),
        };
        chars.splice(found.chars.clone(), nobody);
    }
    let line: String = chars.into_iter().collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a publication as a test keeps them: the beginning.
pub fn above(post: &str) -> String {
    plain(&post.chars().take(ABOVE).collect::<String>())
}

/// The lines of a test.
pub fn lines(judged: &Judged<'_>, should: Should<'_>) -> String {
    let public = if judged.visibility == Visibility::Public { "public" } else { "private" };
    let outcome = match should {
        Should::Find(entry) => format!("suggest:{entry}"),
        Should::Miss(entry) => format!("not:{entry}"),
    };
    let above = judged.post.map(|p| format!("@ {}\n", above(p))).unwrap_or_default();
    let (language, network) = (judged.language, judged.network);
    format!("# {language}, {network}, {public}: replayed\n{above}> {}\n= {outcome}\n", plain(judged.text))
}

/// The file with this test, once; a test of the same message that said otherwise gives way.
pub fn add(source: &str, test: &str) -> String {
    let asked = test.lines().find(|l| l.starts_with('>')).unwrap_or_default();
    let source = without(source, asked);
    let open = source.lines().position(|l| l.trim() == "~~~conv");
    let Some(open) = open else {
        let gap = if source.ends_with('\n') { "" } else { "\n" };
        return format!("{source}{gap}\n## tests\n~~~conv\n{test}~~~\n");
    };
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let close = lines[open + 1..].iter().position(|l| l.trim() == "~~~").map_or(lines.len(), |n| open + 1 + n);
    format!("{}{test}{}", lines[..close].concat(), lines[close..].concat())
}

/// The file without an earlier replayed test of this line.
pub fn without(source: &str, asked: &str) -> String {
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let mut out = String::with_capacity(source.len());
    let mut n = 0;
    while n < lines.len() {
        let replayed = lines[n].starts_with("# ") && lines[n].trim_end().ends_with(": replayed");
        let under = usize::from(lines.get(n + 1).is_some_and(|l| l.starts_with("@ ")));
        if replayed && lines.get(n + 1 + under).is_some_and(|l| l.trim_end() == asked) {
            n += 3 + under;
            continue;
        }
        out.push_str(lines[n]);
        n += 1;
    }
    out
}

/// True when a verdict left a test of this line in the file.
pub fn has(source: &str, asked: &str) -> bool {
    without(source, asked).len() < source.len()
}

/// The line by which a test of a message is known.
pub fn asked(text: &str) -> String {
    format!("> {}", plain(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::canned::{Entry, Expect, Line};

    const FILE: &str = "+++\nid = \"a\"\ntitle = { fr = \"A\", en = \"A\" }\n+++\n## fr\n### answer\nUn.\n## en\n### answer\nOne.\n\n## tests\n~~~conv\n# fr, facebook, private\n> un\n< answer\n~~~\n";
    const SAID: Judged<'_> = Judged {
        text: "où est ma commande n° 48213 ?\nÉcrivez à lea@mail.example",
        post: None,
        language: "fr",
        network: "x",
        visibility: Visibility::Public,
    };

    #[test]
    fn a_verdict_is_a_test_without_anybodys_data() {
        let file = add(FILE, &lines(&SAID, Should::Miss("a")));
        let entry = Entry::read("t/a.md", &file).unwrap();
        let scene = entry.tests.last().unwrap();
        assert!(scene.public && scene.network == "x" && scene.language == "fr");
        assert_eq!(scene.lines[0], Line::Says("où est ma commande n° 00000 ? Écrivez à nom@exemple.example".into()));
        assert_eq!(scene.lines[1], Line::Expects(Expect::Not("a".into())));
        assert_eq!(entry.tests.len(), 2);
    }

    #[test]
    fn who_thinks_again_leaves_one_test() {
        let under = Judged { post: Some("La gourde\nde lea@mail.example"), ..SAID };
        let once = add(FILE, &lines(&under, Should::Miss("a")));
        let scene = Entry::read("t/a.md", &once).unwrap().tests.pop().unwrap();
        assert_eq!(scene.lines[0], Line::Under("La gourde de nom@exemple.example".into()));
        let again = add(&once, &lines(&SAID, Should::Find("a")));
        let entry = Entry::read("t/a.md", &again).unwrap();
        assert_eq!(entry.tests.len(), 2);
        assert_eq!(entry.tests[1].lines[1], Line::Expects(Expect::Suggest("a".into())));
        assert_eq!(without(&again, &asked(SAID.text)), FILE);
        let bare = FILE.split("\n## tests").next().unwrap();
        assert_eq!(Entry::read("t/a.md", &add(bare, &lines(&SAID, Should::Find("a")))).unwrap().tests.len(), 1);
    }
}
