//! The piece of a message that a search found, with the words that matched marked.

use tantivy::tokenizer::{Language, TextAnalyzer};

use super::query::Asked;
use super::schema;
use crate::base::text::fold;

/// How much is shown before the first word that matched, in characters.
const BEFORE: usize = 40;

/// A piece of a text; true where it matched.
pub type Piece = (bool, String);

/// About `most` characters of a text around the first word that was searched for.
pub fn quote(text: &str, asked: &Asked, most: usize) -> Vec<Piece> {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = line.chars().collect();
    let marks = Wanted::of(asked).within(&line);
    let first = marks.first().map_or(0, |m| m.0);
    let mut from = if first + 20 < most { 0 } else { first.saturating_sub(BEFORE) };
    // Begin with a whole word.
    while from > 0 && chars[from - 1] != ' ' {
        from -= 1;
    }
    let until = (from + most).min(chars.len());
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |marked: bool, a: usize, b: usize| {
        if a < b {
            pieces.push((marked, chars[a..b].iter().collect()));
        }
    };
    let mut at = from;
    for (start, end) in marks.into_iter().filter(|(start, end)| *start >= from && *end <= until) {
        add(false, at, start);
        add(true, start, end);
        at = end;
    }
    add(false, at, until);
    if from > 0 {
        pieces.insert(0, (false, "… ".into()));
    }
    if until < chars.len() {
        pieces.push((false, "…".into()));
    }
    pieces
}

/// The words searched for, in every form in which the index finds them.
struct Wanted {
    words: Vec<String>,
    /// For each language the stems.
    stems: [(TextAnalyzer, Vec<String>); 2],
}

impl Wanted {
    fn of(asked: &Asked) -> Wanted {
        let mut words = Vec::new();
        let mut stems = [Language::French, Language::English].map(|l| (schema::stems(l), Vec::new()));
        for part in asked.any.iter().flatten().filter(|p| p.wanted) {
            words.extend(part.words.iter().cloned());
            if part.words.len() > 1 {
                continue;
            }
            for (analyzer, found) in &mut stems {
                for form in [&part.typed, &part.words[0]] {
                    analyzer.token_stream(form).process(&mut |t| found.push(t.text.clone()));
                }
            }
        }
        Wanted { words, stems }
    }

    /// Where they stand in a line, in characters.
    fn within(mut self, line: &str) -> Vec<(usize, usize)> {
        let mut marks = Vec::new();
        let (mut at, mut begun) = (0, None);
        let mut word = String::new();
        for c in line.chars().chain([' ']) {
            if c.is_alphanumeric() || (begun.is_some() && unicode_normalization::char::is_combining_mark(c)) {
                begun.get_or_insert(at);
                word.push(c);
            } else if let Some(start) = begun.take() {
                if self.has(&word) {
                    marks.push((start, at));
                }
                word.clear();
            }
            at += 1;
        }
        marks
    }

    fn has(&mut self, word: &str) -> bool {
        let folded = fold(word).text;
        self.words.contains(&folded)
            || self.stems.iter_mut().any(|(analyzer, stems)| {
                let mut found = false;
                for form in [word, folded.as_str()] {
                    analyzer.token_stream(form).process(&mut |t| found |= stems.contains(&t.text));
                }
                found
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::query::parse;
    use super::*;

    fn shown(text: &str, asked: &str, most: usize) -> String {
        let piece = |(marked, text): Piece| if marked { format!("[{text}]") } else { text };
        quote(text, &parse(asked), most).into_iter().map(piece).collect()
    }

    #[test]
    fn what_matched_is_marked_in_every_form() {
        assert_eq!(shown("Mes colis\nsont livrés ?", "COLIS livrée", 80), "Mes [colis] sont [livrés] ?");
        assert_eq!(shown("Two parcels came", "parcel -came", 80), "Two [parcels] came");
        assert_eq!(shown("rien à voir", "colis", 80), "rien à voir");
    }

    #[test]
    fn a_long_text_is_shown_where_it_matched() {
        let text = format!("{} le colis {}", "blabla ".repeat(40), "suite ".repeat(40));
        let shown = shown(&text, "colis", 100);
        assert!(shown.starts_with("… blabla") && shown.contains("[colis]") && shown.ends_with('…'), "{shown}");
        assert!(shown.chars().count() < 110);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_or_moved(text in "\\PC{0,300}", word in "[a-z]{1,5}") {
            let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let all: String = quote(&text, &parse(&word), 1_000).into_iter().map(|p| p.1).collect();
            proptest::prop_assert_eq!(all, line);
        }
    }
}
