//! The index's queries. Never Tantivy's own query language: every term is built here.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Index, Term};

use super::query::{Asked, Part, cut};
use super::schema::Fields;
use crate::base::At;
use crate::base::id::{BrandId, MessageId};

type Clause = (Occur, Box<dyn Query>);

fn must(query: Box<dyn Query>) -> Clause {
    (Occur::Must, query)
}

fn occur(wanted: bool) -> Occur {
    if wanted { Occur::Must } else { Occur::MustNot }
}

/// A search of one brand.
pub fn build(asked: &Asked, brand: BrandId, index: &Index, f: &Fields) -> Box<dyn Query> {
    let mut all = vec![must(unscored(Term::from_field_bytes(f.brand, brand.0.as_bytes())))];
    let any: Vec<Clause> = asked.any.iter().map(|g| (Occur::Should, group(g, index, f))).collect();
    if !any.is_empty() {
        all.push(must(Box::new(BooleanQuery::new(any))));
    }
    for (wanted, mark) in &asked.marks {
        all.push((occur(*wanted), unscored(Term::from_field_text(f.mark, mark))));
    }
    for (wanted, name) in &asked.from {
        let parts = cut(name).into_iter().map(|word| must(unscored(Term::from_field_text(f.author, &word)))).collect();
        all.push((occur(*wanted), Box::new(BooleanQuery::new(parts))));
    }
    between(Box::new(BooleanQuery::new(all)), asked.after, asked.before, f)
}

/// The same, only of what was written within a time.
pub fn between(query: Box<dyn Query>, since: Option<At>, until: Option<At>, f: &Fields) -> Box<dyn Query> {
    if since.is_none() && until.is_none() {
        return query;
    }
    let bound = |at: Option<At>| at.map(|a| Term::from_field_i64(f.at, a.0));
    let lower = bound(since).map_or(Bound::Unbounded, Bound::Included);
    let upper = bound(until).map_or(Bound::Unbounded, Bound::Excluded);
    Box::new(BooleanQuery::new(vec![must(query), must(quiet(Box::new(RangeQuery::new(lower, upper))))]))
}

/// The same, only among these messages.
pub fn among(query: Box<dyn Query>, ids: &[MessageId], f: &Fields) -> Box<dyn Query> {
    let terms = ids.iter().map(|id| Term::from_field_bytes(f.id, id.0.as_bytes()));
    Box::new(BooleanQuery::new(vec![must(query), must(quiet(Box::new(TermSetQuery::new(terms))))]))
}

fn exact(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

/// What filters and does not make a hit better.
fn quiet(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn unscored(term: Term) -> Box<dyn Query> {
    quiet(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
}

fn group(parts: &[Part], index: &Index, f: &Fields) -> Box<dyn Query> {
    let mut all: Vec<Clause> = Vec::new();
    if parts.iter().all(|p| !p.wanted) {
        all.push(must(Box::new(AllQuery)));
    }
    all.extend(parts.iter().map(|part| (occur(part.wanted), words(part, index, f))));
    Box::new(BooleanQuery::new(all))
}

/// One word: as written (which counts more), by either language's stem, or in the author's name.
/// Several: side by side.
fn words(part: &Part, index: &Index, f: &Fields) -> Box<dyn Query> {
    let either = |queries: Vec<Box<dyn Query>>| -> Box<dyn Query> {
        Box::new(BooleanQuery::new(queries.into_iter().map(|q| (Occur::Should, q)).collect()))
    };
    if let [word] = part.words.as_slice() {
        let mut ways: Vec<Box<dyn Query>> = vec![
            Box::new(BoostQuery::new(exact(Term::from_field_text(f.words, word)), 2.0)),
            exact(Term::from_field_text(f.author, word)),
        ];
        ways.extend(
            stems(index, f, &part.typed, word)
                .into_iter()
                .map(|(field, stem)| exact(Term::from_field_text(field, &stem))),
        );
        return either(ways);
    }
    let phrase = |field| -> Box<dyn Query> {
        Box::new(PhraseQuery::new(part.words.iter().map(|w| Term::from_field_text(field, w)).collect()))
    };
    either(vec![phrase(f.words), phrase(f.author)])
}

/// The stems of a word in either language, each once: as typed, and without its accents.
fn stems(index: &Index, f: &Fields, typed: &str, folded: &str) -> Vec<(Field, String)> {
    let mut found: Vec<(Field, String)> = Vec::new();
    for (field, tokenizer) in [(f.fr, "french"), (f.en, "english")] {
        for word in [typed, folded] {
            let stem = index.tokenizers().get(tokenizer).and_then(|mut analyzer| {
                let mut stream = analyzer.token_stream(word);
                stream.advance().then(|| stream.token().text.clone())
            });
            found.extend(stem.map(|stem| (field, stem)).filter(|s| !found.contains(s)));
        }
    }
    found
}
