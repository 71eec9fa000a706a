//! Names and texts that come from anybody: cleaned for show, folded for comparing, counted.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Longest message text that is kept, in characters; the bytes as they came stay in the log.
pub const LONGEST: usize = 65_536;

/// A name fit to be shown: NFC, without control, direction or invisible characters, white space
/// squeezed, at most 80 graphemes. Empty when nothing visible is left.
pub fn clean_name(raw: &str) -> String {
    let visible: String =
        raw.nfc().filter(|c| !is_invisible(*c)).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let squeezed = visible.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    squeezed.graphemes(true).take(80).map(calm).collect()
}

/// One grapheme with at most four marks stacked on it.
fn calm(grapheme: &str) -> String {
    grapheme.chars().take(12).collect()
}

/// Control, direction and zero-width characters, which hide or rearrange what stands beside them.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// A message's text: line ends made `\n`, other control characters dropped, at most [`LONGEST`]
/// characters. Everything else stays as it was written.
pub fn clean_text(raw: &str) -> String {
    let raw = raw.replace("\r\n", "\n");
    raw.chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .take(LONGEST)
        .collect()
}

/// The first `n` graphemes on one line, with an ellipsis when something was left out.
pub fn excerpt(text: &str, n: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut graphemes = line.graphemes(true);
    let short: String = graphemes.by_ref().take(n).collect();
    if graphemes.next().is_some() { format!("{}…", short.trim_end()) } else { short }
}

/// A text made comparable: lower case, no accents, ligatures opened, one kind of apostrophe; with
/// the way back from each byte of it to the character of the original.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// For each byte of `text`, which character of the original it came from; one more at the end.
    origin: Vec<u32>,
}

impl Folded {
    /// The range of characters of the original behind a range of bytes of the folded text.
    pub fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.origin.get(start).copied().unwrap_or(0);
        let last = end.checked_sub(1).and_then(|e| self.origin.get(e)).copied().unwrap_or(first);
        (first as usize, last as usize + 1)
    }
}

/// Folds a text for comparing; see [`Folded`].
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(text.len()), origin: Vec::with_capacity(text.len() + 1) };
    let mut count = 0;
    for (n, c) in text.chars().enumerate() {
        count = n + 1;
        let from = folded.text.len();
        fold_char(c, &mut folded.text);
        folded.origin.extend(std::iter::repeat_n(u32::try_from(n).unwrap_or(u32::MAX), folded.text.len() - from));
    }
    folded.origin.push(u32::try_from(count).unwrap_or(u32::MAX));
    folded
}

fn fold_char(c: char, out: &mut String) {
    match c {
        'a'..='z' | '0'..='9' | ' ' => out.push(c),
        '’' | '‘' | 'ʼ' | '`' | '´' => out.push('\''),
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        'ß' => out.push_str("ss"),
        c if c.is_whitespace() => out.push(' '),
        c if is_invisible(c) => {}
        c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        c => out.extend(
            std::iter::once(c)
                .nfkd()
                .filter(|d| !unicode_normalization::char::is_combining_mark(*d))
                .flat_map(char::to_lowercase),
        ),
    }
}

/// How many graphemes: what a reader would count.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// How many UTF-16 units: what browsers and several networks count.
pub fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A web address as X finds it: with its scheme, or a name under a common ending standing alone.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    let scheme = r"https?://[^\s<>\x22]*[^\s<>\x22.,;:!?'’)\]}»]";
    let name = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*";
    let ending = "com|org|net|fr|be|ch|ca|eu|io|de|uk|es|it|us|info|app|dev|shop|store|biz|me|tv|co";
    let path = r"(?:/[^\s<>\x22]*[^\s<>\x22.,;:!?'’)\]}»])?/?";
    Regex::new(&format!(r"(?i){scheme}|(?-u:\b){name}\.(?:{ending})(?-u:\b){path}")).expect("the pattern is sound")
});
/// A picture among characters.
static EMOJI: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{Extended_Pictographic}--\x{0}-\x{10FF}]|[\p{Regional_Indicator}\x{FE0F}\x{20E3}]")
        .expect("the pattern is sound")
});

/// How much a text weighs on X: 280 fit. Links count 23, each emoji 2 however it is put together,
/// characters outside four ranges 2, all others 1; counted in NFC.
///
/// Source: docs.x.com/fundamentals/counting-characters and the ranges of twitter-text's
/// configuration, version 3; read 2026-11. X also finds names without scheme under every ending
/// there is; here only under the common ones.
pub fn weighted(text: &str) -> usize {
    let text: String = text.nfc().collect();
    let (mut weight, mut from) = (0, 0);
    for link in LINK.find_iter(&text) {
        // Part of an e-mail address or of a longer name is no link.
        let before = text[..link.start()].chars().next_back();
        if before.is_some_and(|c| c == '@' || c == '.' || c == '-' || c == '_' || c.is_alphanumeric())
            || text[link.end()..].starts_with('@')
        {
            continue;
        }
        weight += weigh(&text[from..link.start()]) + 23;
        from = link.end();
    }
    weight + weigh(&text[from..])
}

fn weigh(text: &str) -> usize {
    let grapheme = |g: &str| {
        if EMOJI.is_match(g) { 2 } else { g.chars().map(|c| if is_light(c) { 1 } else { 2 }).sum() }
    };
    text.graphemes(true).map(grapheme).sum()
}

fn is_light(c: char) -> bool {
    matches!(c, '\0'..='\u{10FF}' | '\u{2000}'..='\u{200D}' | '\u{2010}'..='\u{201F}' | '\u{2032}'..='\u{2037}')
}

/// Bytes in the 32 letters of RFC 4648, in lower case, without padding: for names and addresses, in
/// which capitals may be lost.
pub fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0_u32, 0);
    let letter = |n: u32| char::from(b"abcdefghijklmnopqrstuvwxyz234567"[(n & 31) as usize]);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(letter(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(letter(held << (5 - bits)));
    }
    out
}

/// The first letters of the first two words, for an avatar.
pub fn initials(name: &str) -> String {
    let letters: Vec<String> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '-'))
        .filter_map(|w| w.chars().find(|c| c.is_alphanumeric()))
        .map(|c| c.to_uppercase().collect())
        .collect();
    match letters.as_slice() {
        [] => "?".to_owned(),
        [one] => one.clone(),
        [first, .., last] => format!("{first}{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_becomes_harmless() {
        assert_eq!(clean_name("  Zoé\u{202E}gpj.\0exe \n\t Dupont "), "Zoégpj.exe Dupont");
        assert_eq!(clean_name("\u{200B}\u{2066}"), "");
        assert!(clean_name(&"Z\u{0301}".repeat(500)).chars().count() <= 80 * 12);
        let zalgo = format!("a{}", "\u{0336}".repeat(1_000));
        assert!(clean_name(&zalgo).chars().count() <= 12);
    }

    #[test]
    fn folding_forgets_accents_and_remembers_places() {
        let folded = fold("Où est l’ŒUVRE ?");
        assert_eq!(folded.text, "ou est l'oeuvre ?");
        let at = folded.text.find("oeuvre").unwrap();
        let (start, end) = folded.original(at, at + 6);
        assert_eq!("Où est l’ŒUVRE ?".chars().skip(start).take(end - start).collect::<String>(), "ŒUVRE");
    }

    #[test]
    fn a_text_weighs_what_x_says_it_weighs() {
        for (text, weight) in [
            ("café", 4),
            ("cafe\u{301}", 4),
            ("日本", 4),
            ("👾", 2),
            ("👩‍👩‍👧 🇫🇷 1️⃣", 8),
            ("© ™", 4),
            ("« Oui » – l’œuf…", 17),
            ("https://velora.example/un/chemin/vraiment/tres/long?avec=une&question=aussi", 23),
            ("voir https://a.fr.", 29),
            ("voir velora.fr, merci", 35),
            ("ecrire a sav@velora.fr", 22),
            ("(http://a.fr)", 25),
            ("", 0),
        ] {
            assert_eq!(weighted(text), weight, "{text}");
        }
        assert_eq!(weighted(&"é".repeat(280)), 280);
        assert_eq!(weighted(&format!("{} https://velora.example/x", "a".repeat(257))), 281);
        assert_eq!(weighted(&format!("{} https://velora.example/x", "a".repeat(256))), 280);
        assert_eq!(weighted(&"語".repeat(140)), 280);
        assert_eq!(weighted(&format!("{}😀", "a".repeat(277))), 279);
    }

    #[test]
    fn initials_of_people_and_handles() {
        assert_eq!(initials("Camille Roussel"), "CR");
        assert_eq!(initials("maman.de.trois"), "MT");
        assert_eq!(initials("🌸"), "?");
    }

    #[test]
    fn thirty_two_letters_say_it() {
        for (bytes, letters) in [("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foobar", "mzxw6ytboi")] {
            assert_eq!(base32(bytes.as_bytes()), letters);
        }
    }

    #[test]
    fn an_excerpt_is_one_line() {
        assert_eq!(excerpt("un\n deux   trois", 20), "un deux trois");
        assert_eq!(excerpt("un deux trois", 7), "un deux…");
    }

    proptest::proptest! {
        #[test]
        fn folded_ranges_stay_within_the_original(text in "\\PC*") {
            let folded = fold(&text);
            let n = text.chars().count();
            for (i, c) in folded.text.char_indices() {
                let (start, end) = folded.original(i, i + c.len_utf8());
                proptest::prop_assert!(start < end && end <= n);
            }
        }
    }
}
