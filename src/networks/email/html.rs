//! HTML mail as plain words. One pass over the bytes and no tree: however deep somebody nests, it
//! costs what its length costs (250 KB of nested `div` keep a tree builder busy for most of a
//! minute), and nothing of it can act, since only words come out.

/// Most of a mail's HTML that is read.
const MOST: usize = 1 << 20;
/// Deepest quote that is marked as such.
const DEEPEST: usize = 8;

/// The words of an HTML mail: paragraphs and lists as lines, quotes behind `> `, links with where
/// they lead, pictures by their description.
pub(super) fn to_text(html: &str) -> String {
    let (mut out, mut unclosed) = (Out::default(), Vec::new());
    let mut end = html.len().min(MOST);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let mut rest = &html[..end];
    while let Some(at) = rest.find('<') {
        out.words(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            // Whatever a comment hides from other readers is hidden from ours, too.
            rest = comment.find("-->").map_or("", |e| &comment[e + 3..]);
            continue;
        }
        let named = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !named {
            out.words("<");
            rest = &rest[1..];
            continue;
        }
        // A tag that never ends is no words.
        let Some(close) = end_of_tag(rest) else {
            rest = "";
            break;
        };
        let tag = Tag::of(&rest[1..close]);
        rest = &rest[close + 1..];
        // What is never closed is looked for once, not at every opening.
        if !tag.closing && SILENT.contains(&tag.name.as_str()) && !unclosed.contains(&tag.name) {
            match after_close(rest, &tag.name) {
                Some(after) => rest = after,
                None => unclosed.push(tag.name),
            }
            continue;
        }
        out.tag(&tag);
    }
    out.words(rest);
    out.finish()
}

/// Elements whose content is no words for people.
const SILENT: [&str; 10] =
    ["script", "style", "head", "title", "template", "svg", "math", "object", "noscript", "iframe"];
/// Elements that begin and end a line.
const BLOCKS: [&str; 27] = [
    "p",
    "div",
    "tr",
    "table",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "center",
    "address",
    "dl",
    "dt",
    "dd",
    "form",
    "main",
    "body",
];
/// Elements with an empty line around them.
const APART: [&str; 8] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "table"];

/// Where a tag that opens at the beginning ends; a `>` within quotes is none.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    // A quote that is never closed would swallow the mail: tags are short.
    for (n, b) in text.bytes().enumerate().take(8_192) {
        match (quote, b) {
            (None, b'>') => return Some(n),
            (None, b'"' | b'\'') if text[..n].ends_with('=') => quote = Some(b),
            (Some(q), b) if b == q => quote = None,
            _ => {}
        }
    }
    text.find('>')
}

/// What follows the closing tag of an element; none when it is never closed.
fn after_close<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    loop {
        let here = from + text[from..].find("</")? + 2;
        if text.get(here..here + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return Some(text[here..].find('>').map_or("", |e| &text[here + e + 1..]));
        }
        from = here;
    }
}

struct Tag {
    name: String,
    closing: bool,
    href: Option<String>,
    alt: Option<String>,
}

impl Tag {
    fn of(inside: &str) -> Tag {
        let closing = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let name: String =
            inside.chars().take_while(char::is_ascii_alphanumeric).take(20).collect::<String>().to_ascii_lowercase();
        let wants = matches!(name.as_str(), "a" | "img") && !closing;
        let attribute = |key: &str| if wants { attribute(inside, key) } else { None };
        Tag { href: attribute("href"), alt: attribute("alt"), name, closing }
    }
}

fn attribute(inside: &str, key: &str) -> Option<String> {
    let lower = inside.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower[from..].find(key)?;
        let (before, after) = (lower[..at].chars().next_back(), &inside[at + key.len()..]);
        from = at + key.len();
        let Some(value) = after.trim_start().strip_prefix('=') else { continue };
        if !before.is_some_and(char::is_whitespace) {
            continue;
        }
        let value = value.trim_start();
        let value = match value.chars().next() {
            Some(q @ ('"' | '\'')) => value[1..].split(q).next(),
            _ => value.split(|c: char| c.is_whitespace() || c == '>').next(),
        };
        return value.map(entities).filter(|v| !v.trim().is_empty());
    }
}

#[derive(Default)]
struct Out {
    done: String,
    line: String,
    /// Line ends asked for and not yet written.
    breaks: usize,
    quotes: usize,
    /// How deep the last line was quoted.
    quoted: usize,
    pre: usize,
    /// Where links lead, and where in the line their words began.
    links: Vec<(Option<String>, usize)>,
    lists: Vec<Option<usize>>,
}

impl Out {
    fn words(&mut self, raw: &str) {
        if raw.is_empty() {
            return;
        }
        let text = entities(raw);
        for c in text.chars() {
            if self.pre > 0 && c == '\n' {
                self.end_line(1);
            } else if c.is_whitespace() && c != '\u{a0}' && self.pre == 0 {
                if !self.line.is_empty() && !self.line.ends_with(' ') {
                    self.line.push(' ');
                }
            } else if c == '\u{a0}' {
                self.line.push(' ');
            } else {
                self.line.push(c);
            }
        }
    }

    fn tag(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        match name {
            "br" => {
                if self.line.trim().is_empty() {
                    self.breaks += 1;
                }
                self.end_line(1);
            }
            "hr" => self.end_line(2),
            "td" | "th" if tag.closing => self.words(" "),
            "img" => {
                if let Some(alt) = tag.alt.clone() {
                    self.words(&format!("[{alt}]"));
                }
            }
            "a" if tag.closing => self.close_link(),
            "a" => {
                let at = self.line.len();
                self.links.push((tag.href.clone(), at));
                self.links.truncate(32);
            }
            _ => {}
        }
        if !BLOCKS.contains(&name) {
            return;
        }
        self.end_line(if APART.contains(&name) { 2 } else { 1 });
        match (name, tag.closing) {
            ("blockquote", false) => self.quotes = (self.quotes + 1).min(DEEPEST),
            ("blockquote", true) => self.quotes = self.quotes.saturating_sub(1),
            ("pre", false) => self.pre += 1,
            ("pre", true) => self.pre = self.pre.saturating_sub(1),
            ("ul", false) if self.lists.len() < 32 => self.lists.push(None),
            ("ol", false) if self.lists.len() < 32 => self.lists.push(Some(0)),
            ("ul" | "ol", true) => drop(self.lists.pop()),
            ("li", false) => {
                let mark = match self.lists.last_mut() {
                    Some(Some(n)) => {
                        *n += 1;
                        format!("{n}. ")
                    }
                    _ => "- ".to_owned(),
                };
                self.line.push_str(&mark);
            }
            _ => {}
        }
    }

    /// A link says where it leads, unless its words do.
    fn close_link(&mut self) {
        let Some((Some(href), at)) = self.links.pop() else { return };
        let href = href.trim();
        let leads = ["https://", "http://", "mailto:", "tel:"].iter().any(|s| href.to_ascii_lowercase().starts_with(s));
        let said = self.line.get(at..).unwrap_or_default().trim();
        let bare = |t: &str| {
            let t = t.trim().to_lowercase();
            let t = ["https://", "http://", "mailto:", "tel:"].iter().fold(t.as_str(), |t, s| t.trim_start_matches(s));
            t.trim_end_matches('/').to_owned()
        };
        if leads && href.len() <= 2_000 && !said.is_empty() && bare(said) != bare(href) {
            let href = href.to_owned();
            self.line.extend([" <", &href, ">"]);
        }
    }

    fn end_line(&mut self, breaks: usize) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        if !line.trim().is_empty() {
            if !self.done.is_empty() {
                for n in 0..self.breaks.clamp(1, 2) {
                    self.done.push('\n');
                    if n == 0 && self.breaks > 1 {
                        self.done.push_str(&"> ".repeat(self.quotes.min(self.quoted)));
                    }
                }
            }
            self.done.push_str(&"> ".repeat(self.quotes));
            self.done.push_str(line);
            self.quoted = self.quotes;
            self.breaks = 0;
        }
        self.breaks = self.breaks.max(breaks);
        for link in &mut self.links {
            link.1 = 0;
        }
    }

    fn finish(mut self) -> String {
        self.end_line(0);
        self.done.trim().to_owned()
    }
}

/// Characters written as `&eacute;` or `&#233;`.
fn entities(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(34).position(|b| b == b';');
        let sound = end.filter(|e| *e > 1 && rest[1..*e].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#'));
        if let Some(e) = sound {
            mail_parser::decoders::html::add_html_token(&mut out, &rest.as_bytes()[..=e], false);
            rest = &rest[e + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_come_out_and_nothing_else() {
        for (html, text) in [
            (
                "<p>Bonjour,</p><p>Ma commande&nbsp;est <b>cass&eacute;e</b> &#128557;</p>",
                "Bonjour,\n\nMa commande est cassée 😭",
            ),
            ("un<br>deux<br/>trois", "un\ndeux\ntrois"),
            ("<div>un</div><div><br></div><div>deux</div>", "un\n\ndeux"),
            ("<ul><li>un<li>deux</ul><ol><li>a</li><li>b</li></ol>", "- un\n- deux\n1. a\n2. b"),
            (
                "<a href='https://aubepine.example/x'>ici</a> et <a href=\"https://a.example/\">a.example</a>",
                "ici <https://aubepine.example/x> et a.example",
            ),
            ("<a href=\"javascript:alert(1)\">ici</a>", "ici"),
            ("<head><title>t</title><style>p{}</style></head><body>oui<script>alert('</b>')</script></body>", "oui"),
            (
                "Oui<blockquote><p>Quelle taille ?</p><p>Et ?</p></blockquote>non",
                "Oui\n\n> Quelle taille ?\n> \n> Et ?\n\nnon",
            ),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("2 < 3 && 4 > 3 &amp; &lt;b&gt; &nope; &", "2 < 3 && 4 > 3 & <b> &nope; &"),
            ("a<!-- <p>b</p> -->c<img src=x onerror=alert(1) alt='Le bon'>", "ac[Le bon]"),
            ("<pre>un\n  deux</pre>", "un\n  deux"),
            ("<p title=\"a>b\">oui</p>", "oui"),
            ("<html>\n<body>\n<h1>\nThis is html only mail\n</h1>\n</body>\n</html>", "This is html only mail"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }

    /// `trust.md` calls it A9: nesting must not cost more than length. Counted in what comes out,
    /// not in time; a tree of this depth would not end within any test's patience.
    #[test]
    fn nesting_costs_what_length_costs() {
        let deep = format!("{}oui{}", "<div><blockquote>".repeat(60_000), "</blockquote></div>".repeat(60_000));
        assert_eq!(to_text(&deep), format!("{}oui", "> ".repeat(DEEPEST)));
        for odd in [
            "<".repeat(500_000),
            "<a href=\"".repeat(60_000),
            "&".repeat(500_000),
            "<!--".repeat(100_000),
            "<head>".repeat(100_000),
            "<style><body>".repeat(60_000),
        ] {
            assert!(to_text(&odd).len() <= odd.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn it_never_panics(html in "[<>a-p/'\"=&;# é\n!-]{0,300}") {
            let _ = to_text(&html);
        }
    }
}
