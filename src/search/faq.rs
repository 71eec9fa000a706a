//! Which entry of the library a message asks for: the examples nearest to it. Tantivy names the
//! candidates; they are compared word by word and by pieces of words, so that typing mistakes still
//! meet. One small index in memory per language, made anew when the library changes.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer, WhitespaceTokenizer,
};
use tantivy::{Index, Searcher, TantivyDocument, Term};

use crate::base::text::fold;
use crate::desk::bot::Near;

/// Entries that are named.
const BEST: usize = 5;
/// Candidates that are compared.
const CANDIDATES: usize = 30;
/// What a piece of a word weighs beside a whole one.
const PIECE: f64 = 0.35;
/// Words that say nothing about what is asked.
const POLITE: &str = "bonjour bjr bonsoir salut coucou hello hi hey svp stp please plz pls merci mrc thanks thank thx \
cordialement madame monsieur team equipe good morning evening";
/// Words that say little: they weigh [`LITTLE`] of what others do.
const SMALL: &str = "le la les l un une des de du d au aux a et ou que qu ce cet cette ces c est es sont suis etes j je tu il elle on nous vous ils elles me m te t se s y en dans sur pour par avec sans mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ai as avez avons ont si pas ne n plus tres bien peut peux pouvez faire fait fais the an of to in on for at by with is are am be i you he she it we they my your our their this that these those do does did can could would will have has had if so and or not m s t re ve ll";
const LITTLE: f64 = 0.3;
/// Shorthands, and what they stand for.
const SHORT: [(&str, &str); 26] = [
    ("tjs", "toujours"),
    ("tjrs", "toujours"),
    ("qd", "quand"),
    ("cmd", "commande"),
    ("cb", "combien"),
    ("pk", "pourquoi"),
    ("pq", "pourquoi"),
    ("pb", "probleme"),
    ("rdv", "rendez-vous"),
    ("dispo", "disponible"),
    ("rep", "reponse"),
    ("msg", "message"),
    ("nvelle", "nouvelle"),
    ("bcp", "beaucoup"),
    ("c", "est"),
    ("jai", "ai"),
    ("koi", "quoi"),
    ("ac", "avec"),
    ("u", "you"),
    ("ur", "your"),
    ("r", "are"),
    ("asap", "soon"),
    ("info", "information"),
    ("infos", "information"),
    ("pic", "picture"),
    ("qty", "quantity"),
];

/// The examples of a library, ready to be asked.
pub struct Faq(BTreeMap<String, Shelf>);

struct Shelf {
    cut: TextAnalyzer,
    searcher: Searcher,
    whole: Field,
    pieces: Field,
    place: Field,
    examples: Vec<Example>,
    vocabulary: HashMap<String, Vocabulary>,
    /// Every feature seen: its number, and what it weighs.
    idf: HashMap<String, (u32, f64)>,
    unknown: f64,
}

struct Example {
    entry: String,
    text: String,
    /// Features by their number, in order.
    weights: Vec<(u32, f64)>,
    length: f64,
}

/// The words an entry knows, and their pairs of letters.
#[derive(Default)]
struct Vocabulary {
    stems: HashSet<String>,
    pairs: Vec<Pairs>,
}

/// The pairs of letters of a word, in its order.
type Pairs = Vec<(char, char)>;

/// A word of a text: its stem, where it stands in characters, and as it was written.
struct Word {
    stem: String,
    /// 1, or less for words that say little.
    weight: f64,
    start: usize,
    end: usize,
    text: String,
}

impl Faq {
    /// Learns examples: entry, language, text.
    ///
    /// # Errors
    /// When no index can be made in memory.
    pub fn learn<'a>(examples: impl IntoIterator<Item = (String, &'a str, &'a str)>) -> anyhow::Result<Faq> {
        let mut by_language: BTreeMap<String, Vec<(String, &str)>> = BTreeMap::new();
        for (entry, language, text) in examples {
            by_language.entry(language.to_owned()).or_default().push((entry, text));
        }
        let shelf =
            |(language, all): (String, Vec<(String, &str)>)| Ok((language.clone(), Shelf::of(&language, &all)?));
        Ok(Faq(by_language.into_iter().map(shelf).collect::<anyhow::Result<_>>()?))
    }

    /// The entries a message may ask for, the likeliest first, at most five.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn ask(&self, language: &str, text: &str) -> anyhow::Result<Vec<Near>> {
        match self.0.get(language) {
            Some(shelf) => shelf.ask(text),
            None => Ok(Vec::new()),
        }
    }
}

impl Shelf {
    fn of(language: &str, all: &[(String, &str)]) -> anyhow::Result<Shelf> {
        let stems = if language == "fr" { Language::French } else { Language::English };
        let mut cut = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(LowerCaser)
            .filter(Stemmer::new(stems))
            .filter(AsciiFoldingFilter)
            .build();
        let spaced = || {
            let by =
                TextFieldIndexing::default().set_tokenizer("spaced").set_index_option(IndexRecordOption::WithFreqs);
            TextOptions::default().set_indexing_options(by)
        };
        let mut schema = Schema::builder();
        let (whole, pieces) = (schema.add_text_field("whole", spaced()), schema.add_text_field("pieces", spaced()));
        let place = schema.add_u64_field("place", STORED);
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register("spaced", TextAnalyzer::from(WhitespaceTokenizer::default()));
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 15_000_000)?;
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut features: Vec<BTreeMap<String, f64>> = Vec::new();
        let mut vocabulary: HashMap<String, Vocabulary> = HashMap::new();
        for (n, (entry, text)) in all.iter().enumerate() {
            let words = words(&mut cut, text);
            vocabulary.entry(entry.clone()).or_default().learn(&words);
            let found = weigh(&words);
            for feature in found.keys() {
                *seen.entry(feature.clone()).or_default() += 1;
            }
            let join = |piece: bool| {
                let kept = found.keys().filter(|f| f.starts_with('~') == piece);
                kept.map(|f| f.trim_start_matches('~')).collect::<Vec<_>>().join(" ")
            };
            let mut doc = TantivyDocument::default();
            doc.add_text(whole, join(false));
            doc.add_text(pieces, join(true));
            doc.add_u64(place, n as u64);
            writer.add_document(doc)?;
            features.push(found);
        }
        writer.commit()?;
        let searcher = index.reader()?.searcher();
        let total = precise(all.len());
        let mut seen: Vec<(String, usize)> = seen.into_iter().collect();
        seen.sort_unstable();
        let numbered = seen.into_iter().zip(0..);
        let idf: HashMap<String, (u32, f64)> =
            numbered.map(|((f, n), id)| (f, (id, (1.0 + total / precise(n)).ln()))).collect();
        let examples = all.iter().zip(features).map(|((entry, text), found)| {
            let weigh = |(f, w): (String, f64)| (idf[&f].0, w * idf[&f].1);
            let mut weights: Vec<(u32, f64)> = found.into_iter().map(weigh).collect();
            weights.sort_unstable_by_key(|(id, _)| *id);
            let length = weights.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
            Example { entry: entry.clone(), text: (*text).to_owned(), weights, length }
        });
        let examples = examples.collect();
        Ok(Shelf { cut, searcher, whole, pieces, place, examples, vocabulary, idf, unknown: (1.0 + total).ln() })
    }

    fn ask(&self, text: &str) -> anyhow::Result<Vec<Near>> {
        let said = words(&mut self.cut.clone(), text);
        let asked = weigh(&said);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let length = asked.iter().map(|(f, w)| (w * self.idf(f)).powi(2)).sum::<f64>().sqrt();
        let known = |(f, w): (&String, &f64)| self.idf.get(f).map(|(id, idf)| (*id, w * idf));
        let mut weights: Vec<(u32, f64)> = asked.iter().filter_map(known).collect();
        weights.sort_unstable_by_key(|(id, _)| *id);
        let mut best: BTreeMap<&str, (f64, &Example)> = BTreeMap::new();
        for example in self.candidates(&asked)? {
            let cosine = product(&weights, &example.weights) / (length * example.length).max(f64::MIN_POSITIVE);
            let before = best.entry(&example.entry).or_insert((0.0, example));
            if cosine > before.0 {
                *before = (cosine, example);
            }
        }
        let mut best: Vec<(f64, &Example)> = best.into_values().collect();
        best.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.entry.cmp(&b.1.entry)));
        let chars: Vec<char> = text.chars().collect();
        let pairs: Vec<Pairs> = said.iter().map(|w| pairs(&w.stem)).collect();
        let mut hits: Vec<Near> = Vec::with_capacity(BEST + 1);
        for (cosine, example) in best {
            // Knowing every word could not bring it among the best any more.
            if hits.len() == BEST && hits[BEST - 1].score > (cosine * cosine).cbrt() {
                break;
            }
            hits.push(self.hit((&said, &chars), &pairs, cosine, example));
            hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.entry.cmp(&b.entry)));
            hits.truncate(BEST);
        }
        Ok(hits)
    }

    fn idf(&self, feature: &str) -> f64 {
        self.idf.get(feature).map_or(self.unknown, |(_, idf)| *idf)
    }

    fn candidates(&self, asked: &BTreeMap<String, f64>) -> anyhow::Result<Vec<&Example>> {
        let clauses = asked.keys().map(|feature| {
            let piece = feature.starts_with('~');
            let (field, boost) = if piece { (self.pieces, 0.25) } else { (self.whole, 1.0) };
            let term = Term::from_field_text(field, feature.trim_start_matches('~'));
            let term: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, Box::new(BoostQuery::new(term, boost)) as Box<dyn Query>)
        });
        let query = BooleanQuery::new(clauses.collect());
        let mut found = Vec::new();
        for (_, address) in self.searcher.search(&query, &TopDocs::with_limit(CANDIDATES).order_by_score())? {
            let doc: TantivyDocument = self.searcher.doc(address)?;
            let place = doc.get_first(self.place).and_then(|v| v.as_u64()).and_then(|n| usize::try_from(n).ok());
            found.extend(place.and_then(|n| self.examples.get(n)));
        }
        Ok(found)
    }

    /// How sure: near to an example, and most of what was said is known to the entry.
    fn hit(&self, said: (&[Word], &[char]), pairs: &[Pairs], cosine: f64, example: &Example) -> Near {
        let (said, chars) = said;
        let vocabulary = self.vocabulary.get(&example.entry);
        let (mut all, mut covered) = (0.0, 0.0);
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for (word, pairs) in said.iter().zip(pairs).filter(|(w, _)| !w.stem.is_empty()) {
            let weight = word.weight * self.idf(&word.stem);
            all += weight;
            if vocabulary.is_some_and(|v| v.knows(&word.stem, pairs)) {
                covered += weight;
                known.push((word.start, word.end, word.weight >= 1.0));
            } else {
                unknown.push(word.text.clone());
            }
        }
        let coverage = covered / all.max(f64::MIN_POSITIVE);
        let score = (cosine * cosine * coverage).cbrt();
        Near { entry: example.entry.clone(), score, example: example.text.clone(), known: runs(known, chars), unknown }
    }
}

/// Known words that follow each other, as one piece each; pieces that say little are no evidence.
fn runs(known: Vec<(usize, usize, bool)>, said: &[char]) -> Vec<(usize, usize, String)> {
    let mut runs: Vec<(usize, usize, bool)> = Vec::new();
    for (start, end, says) in known {
        match runs.last_mut().filter(|last| last.1 + 1 == start) {
            Some(last) => {
                last.1 = end;
                last.2 |= says;
            }
            None => runs.push((start, end, says)),
        }
    }
    let words = |(start, end, _): (usize, usize, bool)| (start, end, said[start..end].iter().collect());
    runs.into_iter().filter(|run| run.2).map(words).collect()
}

impl Vocabulary {
    fn learn(&mut self, words: &[Word]) {
        for word in words {
            if self.stems.insert(word.stem.clone()) {
                self.pairs.push(pairs(&word.stem));
            }
        }
    }

    fn knows(&self, stem: &str, pairs: &Pairs) -> bool {
        self.stems.contains(stem) || self.pairs.iter().any(|known| alike(known, pairs))
    }
}

/// What two texts have in common.
fn product(a: &[(u32, f64)], b: &[(u32, f64)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

fn pairs(word: &str) -> Pairs {
    word.chars().zip(word.chars().skip(1)).take(64).collect()
}

/// True for two spellings of one word: most of their pairs of letters are the same.
fn alike(a: &Pairs, b: &Pairs) -> bool {
    let (all, fewest) = (a.len() + b.len(), a.len().min(b.len()));
    // Even if every pair of the shorter one is in the longer one.
    if fewest < 3 || fewest * 20 < all * 7 {
        return false;
    }
    let (mut taken, mut same) = (0_u64, 0);
    for pair in a {
        if let Some(at) = (0..b.len()).find(|at| taken & (1 << at) == 0 && b[*at] == *pair) {
            taken |= 1 << at;
            same += 2;
        }
    }
    same * 10 >= all * 7
}

/// A small count as a figure.
fn precise(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The words of a text that say something, shorthands written out.
fn words(cut: &mut TextAnalyzer, text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut raw = cut.token_stream(text);
    let mut spans: Vec<(usize, usize, String)> = Vec::new();
    raw.process(&mut |token| spans.push((token.offset_from, token.offset_to, token.text.clone())));
    drop(raw);
    for (from, to, stem) in spans {
        let written = &text[from..to];
        let plain = fold(written).text;
        if POLITE.split(' ').any(|p| p == plain) || plain.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        let stem = match SHORT.iter().find(|(short, _)| *short == plain) {
            Some((_, long)) => {
                let mut stem = stem;
                cut.token_stream(long).process(&mut |token| token.text.clone_into(&mut stem));
                stem
            }
            None => stem,
        };
        let start = text[..from].chars().count();
        let weight = if SMALL.split(' ').any(|small| small == plain) { LITTLE } else { 1.0 };
        found.push(Word { stem, weight, start, end: start + written.chars().count(), text: written.to_owned() });
    }
    found
}

/// The features of a text: stems, and pieces of three to five letters of words (marked with `~`).
fn weigh(words: &[Word]) -> BTreeMap<String, f64> {
    let mut features = BTreeMap::new();
    for word in words {
        features.insert(word.stem.clone(), word.weight);
        let edged: Vec<char> = format!("_{}_", word.stem).chars().collect();
        for size in 3..=5 {
            for piece in edged.windows(size) {
                features.insert(format!("~{}", piece.iter().collect::<String>()), PIECE * word.weight);
            }
        }
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faq() -> Faq {
        let examples = [
            ("delivery/where", "fr", "où est ma commande ?"),
            ("delivery/where", "fr", "je n'ai toujours pas reçu mon colis"),
            ("delivery/where", "en", "where is my order"),
            ("delivery/cost", "fr", "combien coûte la livraison"),
            ("hours/open", "fr", "quels sont vos horaires d'ouverture"),
            ("hours/open", "fr", "êtes-vous ouverts le dimanche"),
        ];
        Faq::learn(examples.map(|(e, l, t)| (e.to_owned(), l, t))).unwrap()
    }

    fn first(language: &str, text: &str) -> Option<Near> {
        faq().ask(language, text).unwrap().into_iter().next()
    }

    #[test]
    fn other_words_and_typing_mistakes_meet() {
        for text in ["bjr ou est ma comande svp ??", "j'ai tjs pas recu mon coli", "TOUJOURS PAS REÇU MON COLIS"] {
            let hit = first("fr", text).unwrap();
            assert_eq!(hit.entry, "delivery/where", "{text}");
            assert!(hit.score > 0.45, "{text}: {}", hit.score);
        }
        assert_eq!(first("fr", "la livraison coute combien ?").unwrap().entry, "delivery/cost");
        assert_eq!(first("en", "where's my order please").unwrap().entry, "delivery/where");
    }

    #[test]
    fn what_it_does_not_know_makes_it_doubt() {
        let sure = first("fr", "où est ma commande ?").unwrap();
        let doubt = first("fr", "où est la politique salariale de ma commande publique européenne").unwrap();
        assert!(sure.score > 0.95 && doubt.score < 0.6, "{} {}", sure.score, doubt.score);
        assert!(doubt.unknown.contains(&"salariale".to_owned()));
        assert_eq!(sure.known.iter().map(|k| k.2.as_str()).collect::<Vec<_>>(), ["où est ma commande"]);
        assert_eq!((sure.known[0].0, sure.known[0].1), (0, 18));
    }

    #[test]
    fn nothing_said_is_nothing_asked() {
        assert!(first("fr", "Bonjour !").is_none());
        assert!(first("fr", "😍😍").is_none());
        assert!(first("de", "wo ist meine Bestellung").is_none());
    }
}
