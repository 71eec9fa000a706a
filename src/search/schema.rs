//! What the index holds of a message, and how words are cut: once folded (lower case, no accents),
//! once by French and once by English stems.

use tantivy::Index;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};

/// Raised when the fields or the cutting of words change: an index of another number is rebuilt.
pub const VERSION: &str = "2";
/// Longer words are not kept, in bytes: no word of a language, and most keys and hashes, are.
pub const LONGEST: usize = 250;

/// The fields.
#[derive(Clone, Copy)]
pub struct Fields {
    /// The message's id.
    pub id: Field,
    /// Its brand.
    pub brand: Field,
    /// When it was written, in microseconds.
    pub at: Field,
    /// The random half of its id: tells apart what was written in the same moment.
    pub tie: Field,
    /// Its words, folded, with their places.
    pub words: Field,
    /// By French stems: of the words as written, and of the words without accents, since many
    /// people write without.
    pub fr: Field,
    /// By English stems.
    pub en: Field,
    /// Who wrote: name and handle, folded.
    pub author: Field,
    /// What can be filtered by: `network:facebook`, `channel:…`, `type:public`, `kind:comment`.
    pub mark: Field,
}

fn text(tokenizer: &str, places: bool) -> TextOptions {
    let option = if places { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
    TextOptions::default()
        .set_indexing_options(TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option))
}

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let mut s = Schema::builder();
    let fields = Fields {
        id: s.add_bytes_field("id", INDEXED | STORED),
        brand: s.add_bytes_field("brand", INDEXED),
        at: s.add_i64_field("at", INDEXED | FAST),
        tie: s.add_u64_field("tie", FAST),
        words: s.add_text_field("words", text("folded", true)),
        fr: s.add_text_field("fr", text("french", false)),
        en: s.add_text_field("en", text("english", false)),
        author: s.add_text_field("author", text("folded", true)),
        mark: s.add_text_field("mark", STRING),
    };
    (s.build(), fields)
}

/// How a language's words are cut to their stems. Accents go *after* the stems, which need them.
pub fn stems(language: Language) -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(Stemmer::new(language))
        .filter(AsciiFoldingFilter)
        .build()
}

/// Teaches an index how words are cut. What goes by "folded" is folded by us before it comes here,
/// so that a search folds alike.
pub fn teach(index: &Index) {
    let folded = TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(LONGEST)).build();
    let tokenizers = index.tokenizers();
    tokenizers.register("folded", folded);
    tokenizers.register("french", stems(Language::French));
    tokenizers.register("english", stems(Language::English));
}
