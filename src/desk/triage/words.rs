//! A message cut into words as the lexicons read it: folded, elisions and hyphens opened,
//! contractions closed, smileys and emoji words of their own; addresses and handles are none. Each
//! word remembers where it stands.

use crate::base::text::fold;

/// One word of a message or of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it is compared.
    pub text: String,
    /// Its first character in the message.
    pub start: usize,
    /// After its last character.
    pub end: usize,
    /// The sentence it stands in.
    pub sentence: usize,
    /// The clause: commas part clauses, too.
    pub clause: usize,
    /// True in a line that quotes somebody else.
    pub quoted: bool,
    /// True for what stood before an apostrophe: the “c” of “c’est” is no shorthand.
    pub elided: bool,
    /// True when it was written otherwise and is taken for this word.
    pub repaired: bool,
}

/// What follows the apostrophe of an English contraction.
const CLOSED: [&str; 7] = ["t", "s", "re", "ve", "ll", "d", "m"];
/// Smileys made of signs, longest first, and how they are read.
const SMILEYS: [(&str, &str); 17] = [
    (">:(", ":("),
    (":'(", ":("),
    (":-)", ":)"),
    (":-(", ":("),
    (":-d", ":d"),
    (";-)", ";)"),
    (":-/", ":/"),
    (":)", ":)"),
    ("=)", ":)"),
    (":(", ":("),
    ("=(", ":("),
    (":d", ":d"),
    (";)", ";)"),
    (":/", ":/"),
    (":@", ":@"),
    ("<3", "<3"),
    ("^^", "^^"),
];

/// Cuts a text into words.
pub fn words(text: &str) -> Vec<Word> {
    let chars: Vec<char> = text.chars().collect();
    let folded = fold(text);
    let signs: Vec<(char, usize)> =
        folded.text.char_indices().map(|(i, c)| (c, folded.original(i, i + c.len_utf8()).0)).collect();
    let mut cutter =
        Cutter { chars, signs, at: 0, sentence: 0, clause: 0, quoted: false, line_began: true, out: Vec::new() };
    while cutter.at < cutter.signs.len() {
        cutter.step();
    }
    cutter.out
}

struct Cutter {
    chars: Vec<char>,
    /// Folded characters, each with the original it came from.
    signs: Vec<(char, usize)>,
    at: usize,
    sentence: usize,
    clause: usize,
    quoted: bool,
    line_began: bool,
    out: Vec<Word>,
}

impl Cutter {
    fn step(&mut self) {
        let (c, place) = self.signs[self.at];
        if self.chars[place] == '\n' {
            self.pause(true);
            (self.quoted, self.line_began) = (false, true);
            self.at += 1;
            return;
        }
        if !c.is_whitespace() && std::mem::take(&mut self.line_began) && c == '>' {
            self.quoted = true;
        }
        let begins = self.at == 0 || self.signs[self.at - 1].0.is_whitespace() || self.signs[self.at - 1].0 == '(';
        if begins && self.skip_address() {
            return;
        }
        if c.is_alphanumeric() {
            return self.run();
        }
        if let Some((sign, read)) = self.smiley() {
            let end = self.signs[self.at + sign - 1].1 + 1;
            self.push(read.to_owned(), place, end, false);
            self.at += sign;
            return;
        }
        match c {
            '.' | '!' | '?' | ';' | '…' | '؟' | '。' => self.pause(true),
            ',' | ':' | '(' | ')' | '"' | '«' | '»' | '“' | '”' | '،' => self.pause(false),
            c if is_emoji(c) => self.push(c.to_string(), place, place + 1, false),
            _ => {}
        }
        self.at += 1;
    }

    fn pause(&mut self, full: bool) {
        self.clause += 1;
        self.sentence += usize::from(full);
    }

    fn push(&mut self, text: String, start: usize, end: usize, elided: bool) {
        let Cutter { sentence, clause, quoted, .. } = *self;
        self.out.push(Word { text, start, end, sentence, clause, quoted, elided, repaired: false });
    }

    /// Steps over what only points: a link, a mail address, a handle, a placeholder such as `<user>`.
    fn skip_address(&mut self) -> bool {
        let rest = &self.signs[self.at..];
        let length = rest.iter().position(|(c, _)| c.is_whitespace()).unwrap_or(rest.len());
        let piece: String = rest[..length].iter().map(|(c, _)| c).collect();
        let is_mail = piece.find('@').is_some_and(|i| i > 0 && piece[i..].contains('.'));
        let handle = piece.starts_with('@') && piece.len() > 1;
        let link = ["http://", "https://", "www."].iter().any(|p| piece.starts_with(p));
        let blank = ["<user>", "<url>", "<number>", "<name>"].iter().any(|p| piece.starts_with(p));
        let ends = |stop: fn(char) -> bool| rest.iter().position(|(c, _)| stop(*c)).unwrap_or(rest.len());
        let step = if link || is_mail {
            length
        } else if handle {
            1 + rest[1..]
                .iter()
                .position(|(c, _)| !(c.is_alphanumeric() || "_.-".contains(*c)))
                .unwrap_or(rest.len() - 1)
        } else if blank {
            ends(|c| c == '>') + 1
        } else {
            return false;
        };
        self.at += step.max(1);
        true
    }

    fn smiley(&self) -> Option<(usize, &'static str)> {
        let rest: String = self.signs[self.at..].iter().take(3).map(|(c, _)| c).collect();
        let found = SMILEYS.iter().find(|(sign, _)| rest.starts_with(sign))?;
        Some((found.0.chars().count(), found.1))
    }

    /// A run of letters, digits and apostrophes.
    fn run(&mut self) {
        let from = self.at;
        let tag = from > 0 && self.signs[from - 1].0 == '#';
        let mut to = from;
        while to < self.signs.len() {
            let (c, place) = self.signs[to];
            let next = self.signs.get(to + 1).map(|s| s.0);
            let inside = c == '\'' && next.is_some_and(char::is_alphanumeric);
            let decimal = matches!(c, '.' | ',')
                && self.signs[to - 1].0.is_ascii_digit()
                && next.is_some_and(|n| n.is_ascii_digit());
            // #JamaisContent is two words.
            let hump =
                tag && to > from && self.chars[place].is_uppercase() && self.chars[self.signs[to - 1].1].is_lowercase();
            if hump || !(c.is_alphanumeric() || inside || decimal) {
                break;
            }
            to += 1;
        }
        self.at = to;
        let mut start = from;
        for at in from..to {
            if self.signs[at].0 != '\'' {
                continue;
            }
            let tail: String = self.signs[at + 1..to].iter().map(|(c, _)| c).take_while(|c| **c != '\'').collect();
            if CLOSED.contains(&tail.as_str()) {
                continue;
            }
            self.cut(start, at, true);
            start = at + 1;
        }
        self.cut(start, to, false);
        // The next hump of a tag begins a word of the same tag.
        if tag && to < self.signs.len() && self.signs[to].0.is_alphanumeric() {
            self.run_on();
        }
    }

    fn run_on(&mut self) {
        let from = self.at;
        let mut to = from + 1;
        while to < self.signs.len() && self.signs[to].0.is_alphanumeric() {
            if self.chars[self.signs[to].1].is_uppercase() && self.chars[self.signs[to - 1].1].is_lowercase() {
                break;
            }
            to += 1;
        }
        self.at = to;
        self.cut(from, to, false);
        if to < self.signs.len() && self.signs[to].0.is_alphanumeric() {
            self.run_on();
        }
    }

    fn cut(&mut self, from: usize, to: usize, elided: bool) {
        if from >= to {
            return;
        }
        let text: String = self.signs[from..to].iter().map(|(c, _)| *c).filter(|c| *c != '\'').collect();
        let (start, end) = (self.signs[from].1, self.signs[to - 1].1 + 1);
        self.push(text, start, end, elided);
    }
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x203C | 0x2049 | 0x2190..=0x2BFF | 0x1F000..=0x1F3FA | 0x1F400..=0x1FAFF)
}

#[cfg(test)]
mod tests {
    use super::words;

    fn read(text: &str) -> Vec<String> {
        words(text).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn words_as_the_lexicons_compare_them() {
        assert_eq!(read("C’est où, l'AVOCAT ?"), ["c", "est", "ou", "l", "avocat"]);
        assert_eq!(read("I don't, it's they've"), ["i", "dont", "its", "theyve"]);
        assert_eq!(read("livrez-vous rendez-vous"), ["livrez", "vous", "rendez", "vous"]);
        assert_eq!(read("grr😡😡 ❤️ :-( <3"), ["grr", "😡", "😡", "❤", ":(", "<3"]);
        assert_eq!(read("@shop voir https://a.fr/b?c ou a.b@c.fr <user> 23,90 €"), ["voir", "ou", "23,90"]);
        assert_eq!(read("#JamaisContent #LoveIt"), ["jamais", "content", "love", "it"]);
        assert_eq!(read(""), [""; 0]);
    }

    #[test]
    fn a_line_that_quotes_is_known() {
        let all = words("> vous écriviez : cassé\nmerci");
        assert!(all[..3].iter().all(|w| w.quoted) && !all[3].quoted);
        assert!(words("5 > 3").iter().all(|w| !w.quoted));
    }

    proptest::proptest! {
        #[test]
        fn a_word_knows_where_it_stands(text in "\\PC{0,60}|[a-z' #@.,:()<>A-Z\n]{0,40}") {
            let n = text.chars().count();
            let mut last = 0;
            for w in words(&text) {
                proptest::prop_assert!(w.start >= last && w.start < w.end && w.end <= n, "{w:?}");
                last = w.start;
            }
        }
    }
}
