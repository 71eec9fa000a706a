//! What people type into the search field: words, "phrases", -not, OR, and operators in French and
//! English. Never Tantivy's own query language: every term is built here.

use std::ops::Bound;

use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, Term};

use super::schema::Fields;
use crate::base::At;
use crate::base::id::BrandId;
use crate::base::text::fold;

/// What was understood of a search.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// Alternatives, each a list of what must (or must not) be there.
    pub any: Vec<Vec<Part>>,
    /// Filters on the message itself, as marks: `network:facebook`.
    pub marks: Vec<(bool, String)>,
    /// Filters on the ticket, as operator and value: `stage` `customer`.
    pub ticket: Vec<(bool, Operator, String)>,
    /// Who wrote.
    pub from: Vec<String>,
    /// Written before.
    pub before: Option<At>,
    /// Written after.
    pub after: Option<At>,
    /// Operators nobody knows; searched as words.
    pub unknown: Vec<String>,
}

/// A word or phrase, wanted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// False after a minus.
    pub wanted: bool,
    /// The words; more than one is a phrase.
    pub words: Vec<String>,
}

crate::words! {
    /// A filter on the ticket.
    pub enum Operator {
        /// Stage of the funnel.
        Stage = "stage",
        /// A label.
        Label = "label",
        /// Who has it.
        Assignee = "assignee",
        /// Where it stands.
        State = "state",
        /// The language the customer writes.
        Language = "language",
    }
}

/// Reads a search.
pub fn parse(text: &str) -> Asked {
    let mut asked = Asked::default();
    let mut group: Vec<Part> = Vec::new();
    for (wanted, raw, quoted) in pieces(text) {
        if !quoted && raw == "OR" {
            if !group.is_empty() {
                asked.any.push(std::mem::take(&mut group));
            }
            continue;
        }
        let operator = if quoted { None } else { raw.split_once(':').filter(|(k, v)| !k.is_empty() && !v.is_empty()) };
        if let Some((key, value)) = operator {
            if asked.take(wanted, key, value) {
                continue;
            }
            if key.chars().all(char::is_alphabetic) && !value.starts_with("//") {
                asked.unknown.push(key.to_owned());
            }
        }
        let words = cut(&raw);
        if !words.is_empty() {
            group.push(Part { wanted, words });
        }
    }
    if !group.is_empty() {
        asked.any.push(group);
    }
    asked
}

/// Pieces between blanks; what stands in quotes is one. An operator's value may be quoted.
fn pieces(text: &str) -> Vec<(bool, String, bool)> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (wanted, body) = match rest.strip_prefix('-') {
            Some(body) if !body.starts_with([' ', '-']) && !body.is_empty() => (false, body),
            _ => (true, rest),
        };
        let quote = |c: char| matches!(c, '"' | '“' | '”' | '«' | '»');
        if let Some(inner) = body.strip_prefix(quote) {
            let end = inner.find(quote).unwrap_or(inner.len());
            out.push((wanted, inner[..end].trim().to_owned(), true));
            rest = inner[end..].trim_start_matches(quote).trim_start();
            continue;
        }
        let (mut end, mut open) = (body.len(), false);
        for (i, c) in body.char_indices() {
            if quote(c) {
                open = !open;
            } else if c.is_whitespace() && !open {
                end = i;
                break;
            }
        }
        let raw: String = body[..end].chars().filter(|c| !quote(*c)).collect();
        out.push((wanted, raw, false));
        rest = body[end..].trim_start();
    }
    out
}

/// Words as the index cuts them: runs of letters and digits, folded.
fn cut(text: &str) -> Vec<String> {
    fold(text).text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

impl Asked {
    /// Takes an operator; false when nobody knows it.
    fn take(&mut self, wanted: bool, key: &str, value: &str) -> bool {
        let value = fold(value).text.trim().to_owned();
        let mark = |kind: &str, word: &str| (wanted, format!("{kind}:{word}"));
        match fold(key).text.as_str() {
            "de" | "from" => self.from.push(value),
            "canal" | "channel" | "reseau" | "network" => self.marks.push(mark("network", &value)),
            "type" => match value.as_str() {
                "public" => self.marks.push(mark("type", "public")),
                "prive" | "private" => self.marks.push(mark("type", "private")),
                "note" => self.marks.push(mark("type", "internal")),
                other => self.marks.push(mark("kind", other)),
            },
            "a" | "has" => self.marks.push(mark(
                "has",
                if value.starts_with("piece") || value.starts_with("att") { "attachment" } else { &value },
            )),
            "etape" | "stage" => self.ticket.push((wanted, Operator::Stage, stage(&value))),
            "etiquette" | "label" => self.ticket.push((wanted, Operator::Label, value)),
            "assigne" | "assignee" => self.ticket.push((wanted, Operator::Assignee, value)),
            "statut" | "state" | "status" => self.ticket.push((wanted, Operator::State, state(&value))),
            "langue" | "language" | "lang" => self.ticket.push((wanted, Operator::Language, value)),
            "avant" | "before" => match day(&value) {
                Some(at) => self.before = Some(at),
                None => return false,
            },
            "apres" | "after" => match day(&value) {
                Some(at) => self.after = Some(at),
                None => return false,
            },
            _ => return false,
        }
        true
    }

    /// True when nothing was asked.
    pub fn is_empty(&self) -> bool {
        *self == Asked::default()
    }
}

fn day(value: &str) -> Option<At> {
    let date: jiff::civil::Date = value.parse().ok()?;
    let at = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(At(at.timestamp().as_microsecond()))
}

fn stage(value: &str) -> String {
    match value {
        "decouverte" => "awareness",
        "prospect" | "chaud" | "prospect chaud" | "hot" | "hot prospect" => "hot_prospect",
        "client" => "customer",
        "ambassadeur" => "advocate",
        other => other,
    }
    .to_owned()
}

fn state(value: &str) -> String {
    match value {
        "nouveau" | "nouvelle" => "new",
        "ouvert" | "ouverte" => "open",
        "attente" | "en attente" => "waiting",
        "veille" | "en veille" => "snoozed",
        "resolu" | "resolue" => "resolved",
        other => other,
    }
    .to_owned()
}

/// The index's query for one brand.
pub fn build(asked: &Asked, brand: BrandId, index: &Index, f: &Fields) -> Box<dyn Query> {
    let must = |q: Box<dyn Query>| (Occur::Must, q);
    let mut all: Vec<(Occur, Box<dyn Query>)> = vec![must(exact(Term::from_field_bytes(f.brand, brand.0.as_bytes())))];
    let groups: Vec<(Occur, Box<dyn Query>)> = asked.any.iter().map(|g| (Occur::Should, group(g, index, f))).collect();
    if !groups.is_empty() {
        all.push(must(Box::new(BooleanQuery::new(groups))));
    }
    for (wanted, mark) in &asked.marks {
        let occur = if *wanted { Occur::Must } else { Occur::MustNot };
        all.push((occur, exact(Term::from_field_text(f.mark, mark))));
    }
    for name in &asked.from {
        for word in cut(name) {
            all.push(must(exact(Term::from_field_text(f.author, &word))));
        }
    }
    if asked.before.is_some() || asked.after.is_some() {
        let bound = |at: Option<At>| at.map(|a| Term::from_field_i64(f.at, a.0));
        let lower = bound(asked.after).map_or(Bound::Unbounded, Bound::Included);
        let upper = bound(asked.before).map_or(Bound::Unbounded, Bound::Excluded);
        all.push(must(Box::new(RangeQuery::new(lower, upper))));
    }
    Box::new(BooleanQuery::new(all))
}

fn exact(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn group(parts: &[Part], index: &Index, f: &Fields) -> Box<dyn Query> {
    let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    if parts.iter().all(|p| !p.wanted) {
        all.push((Occur::Must, Box::new(AllQuery)));
    }
    for part in parts {
        let occur = if part.wanted { Occur::Must } else { Occur::MustNot };
        all.push((occur, words(&part.words, index, f)));
    }
    Box::new(BooleanQuery::new(all))
}

/// One word: as written (which counts more), by either language's stem, or in the author's name.
/// Several: side by side.
fn words(words: &[String], index: &Index, f: &Fields) -> Box<dyn Query> {
    let either = |queries: Vec<Box<dyn Query>>| -> Box<dyn Query> {
        Box::new(BooleanQuery::new(queries.into_iter().map(|q| (Occur::Should, q)).collect()))
    };
    if let [word] = words {
        let mut ways: Vec<Box<dyn Query>> = vec![
            Box::new(BoostQuery::new(exact(Term::from_field_text(f.words, word)), 2.0)),
            exact(Term::from_field_text(f.author, word)),
        ];
        for (field, tokenizer) in [(f.fr, "french"), (f.en, "english")] {
            ways.extend(stem(index, tokenizer, word).map(|s| exact(Term::from_field_text(field, &s))));
        }
        return either(ways);
    }
    let phrase = |field| -> Box<dyn Query> {
        Box::new(PhraseQuery::new(words.iter().map(|w| Term::from_field_text(field, w)).collect()))
    };
    either(vec![phrase(f.words), phrase(f.author)])
}

fn stem(index: &Index, tokenizer: &str, word: &str) -> Option<String> {
    let mut analyzer = index.tokenizers().get(tokenizer)?;
    let mut stream = analyzer.token_stream(word);
    stream.advance().then(|| stream.token().text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let shown = |p: &Part| format!("{}{}", if p.wanted { "" } else { "-" }, p.words.join("+"));
        parse(text).any.iter().map(|g| g.iter().map(shown).collect()).collect()
    }

    #[test]
    fn words_phrases_and_their_absence() {
        assert_eq!(words("Colis reçu"), [["colis", "recu"]]);
        assert_eq!(words("\"jamais reçu\" -retard"), [["jamais+recu", "-retard"]]);
        assert_eq!(words("« où est » OR where"), [vec!["ou+est"], vec!["where"]]);
        assert_eq!(words("AB-48213"), [["ab+48213"]]);
        assert_eq!(words("l’été"), [["l+ete"]]);
        assert!(words("OR").is_empty() && words(" \"\" ").is_empty());
    }

    #[test]
    fn operators_in_both_languages() {
        let asked =
            parse("de:Camille canal:facebook étape:client -etiquette:\"en retard\" avant:2026-11-01 type:privé colis");
        assert_eq!(asked.from, ["camille"]);
        assert_eq!(asked.marks, [(true, "network:facebook".into()), (true, "type:private".into())]);
        assert_eq!(
            asked.ticket,
            [(true, Operator::Stage, "customer".into()), (false, Operator::Label, "en retard".into())]
        );
        assert_eq!(asked.before, Some(At::parse("2026-11-01T00:00:00Z").unwrap()));
        assert_eq!(parse("stage:hot state:resolved").ticket.len(), 2);
    }

    #[test]
    fn an_unknown_operator_is_said_and_searched_as_words() {
        let asked = parse("colour:blue https://example.org/a");
        assert_eq!(asked.unknown, ["colour"]);
        assert_eq!(asked.any[0][0].words, ["colour", "blue"]);
    }

    proptest::proptest! {
        #[test]
        fn no_search_panics(text in "\\PC{0,60}|[\"« »:a -]{0,30}") {
            let _ = parse(&text);
        }
    }
}
