//! What somebody wrote, as the bot reads it: words folded and cut to their stems, shorthands written
//! out, what only points (addresses, numbers, handles) said by a sign. Pure, and the same every time.

use std::collections::{HashMap, HashSet};

use frostem::{Algorithm, Stemmer};

use super::alike::{Meaning, meanings};
use crate::base::text::fold;

/// A language whose words can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tongue {
    /// French.
    French,
    /// English, and whatever has no reader of its own.
    English,
}

impl Tongue {
    /// By the language’s code.
    pub fn of(code: &str) -> Tongue {
        if code == "fr" { Tongue::French } else { Tongue::English }
    }
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded, as written: for pieces of words.
    pub plain: String,
    /// What it is compared by.
    pub stem: String,
    /// Where it begins, in characters of the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// True when it says nothing about what is asked: a greeting, an article.
    pub small: bool,
    /// What it means, where others say the same in other words.
    pub alike: Option<Meaning>,
}

/// Words that say little about what is asked.
const SMALL: &str = "bonjour bjr bonsoir salut coucou hello hi hey svp stp please plz pls merci mrc thanks thank thx \
cordialement madame monsieur mr mrs sir team equipe good morning evening dear ok okay oui non yes no \
le la les l un une des de du d au aux a et ou que qu ce cet cette ces c est es sont suis etes j je tu il elle on nous \
vous ils elles me m te t se s y en dans sur pour par avec mon ma mes ton ta tes son sa ses notre nos votre vos \
leur leurs ai as avez avons ont si ne n tres bien the an of to in for at by with is are am be i you he she it we \
they my your our their this that these those do does did have has had and or not s t re ve ll so just";

/// Shorthands and what they stand for.
const SHORT: [(&str, &str); 68] = [
    ("tjs", "toujours"),
    ("tjrs", "toujours"),
    ("qd", "quand"),
    ("cmd", "commande"),
    ("cde", "commande"),
    ("cb", "combien"),
    ("cmb", "combien"),
    ("pk", "pourquoi"),
    ("pq", "pourquoi"),
    ("pkoi", "pourquoi"),
    ("pb", "probleme"),
    ("pbs", "problemes"),
    ("rdv", "rendez-vous"),
    ("dispo", "disponible"),
    ("rep", "reponse"),
    ("msg", "message"),
    ("nvelle", "nouvelle"),
    ("nvl", "nouvelle"),
    ("nvx", "nouveaux"),
    ("bcp", "beaucoup"),
    ("jai", "ai"),
    ("koi", "quoi"),
    ("kel", "quel"),
    ("ki", "qui"),
    ("ke", "que"),
    ("ac", "avec"),
    ("avc", "avec"),
    ("ds", "dans"),
    ("ss", "sans"),
    ("mtn", "maintenant"),
    ("aujd", "aujourdhui"),
    ("ajd", "aujourdhui"),
    ("dsl", "desole"),
    ("tlm", "monde"),
    ("qqn", "quelquun"),
    ("qqch", "quelquechose"),
    ("vs", "vous"),
    ("ns", "nous"),
    ("cad", "dire"),
    ("tel", "telephone"),
    ("mdp", "motdepasse"),
    ("liv", "livraison"),
    ("fdp", "frais"),
    ("remb", "remboursement"),
    ("u", "you"),
    ("ur", "your"),
    ("r", "are"),
    ("asap", "soon"),
    ("info", "information"),
    ("infos", "information"),
    ("pic", "picture"),
    ("pics", "pictures"),
    ("qty", "quantity"),
    ("pwd", "password"),
    ("acct", "account"),
    ("addr", "address"),
    ("amt", "amount"),
    ("txn", "transaction"),
    ("wats", "what"),
    ("wat", "what"),
    ("wht", "what"),
    ("hw", "how"),
    ("wen", "when"),
    ("abt", "about"),
    ("bday", "birthday"),
    ("tmrw", "tomorrow"),
    ("tmr", "tomorrow"),
    ("thru", "through"),
];

/// Elided words of French.
const ELIDED: [&str; 11] = ["l", "d", "j", "n", "m", "t", "s", "c", "qu", "jusqu", "lorsqu"];

/// Reads texts of one language.
pub struct Reader {
    stemmer: Stemmer,
    tongue: Tongue,
    small: HashSet<&'static str>,
    short: HashMap<&'static str, &'static str>,
    alike: HashMap<String, Meaning>,
}

impl Reader {
    /// A reader of this language.
    pub fn new(tongue: Tongue) -> Reader {
        let algorithm = match tongue {
            Tongue::French => Algorithm::French,
            Tongue::English => Algorithm::English,
        };
        let stemmer = Stemmer::new(algorithm);
        Reader {
            alike: meanings(tongue, &stemmer),
            stemmer,
            tongue,
            small: SMALL.split_whitespace().collect(),
            short: SHORT.into_iter().collect(),
        }
    }

    /// What a word means, where others say the same in other words.
    pub fn meaning(&self, stem: &str) -> Option<Meaning> {
        self.alike.get(stem).copied()
    }

    /// The words of a text, in order.
    pub fn read(&self, text: &str) -> Vec<Word> {
        let chars: Vec<char> = text.chars().collect();
        let mut words = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            if chars[at].is_whitespace() {
                at += 1;
                continue;
            }
            let end = (at..chars.len()).find(|i| chars[*i].is_whitespace()).unwrap_or(chars.len());
            self.piece(&chars, at, end, &mut words);
            at = end;
        }
        words
    }

    /// What stands between two spaces: a sign for what only points, or words.
    fn piece(&self, chars: &[char], start: usize, end: usize, words: &mut Vec<Word>) {
        let whole: String = chars[start..end].iter().collect();
        if let Some(sign) = sign(&whole) {
            words.push(Word { plain: String::new(), stem: sign.to_owned(), start, end, small: true, alike: None });
            return;
        }
        let mut at = start;
        while at < end {
            if !chars[at].is_alphanumeric() {
                at += 1;
                continue;
            }
            let mut stop = at;
            while stop < end && chars[stop].is_alphanumeric() {
                stop += 1;
            }
            let elided = stop < end && is_apostrophe(chars[stop]);
            self.word(&chars[at..stop], at, stop, elided, words);
            at = stop;
        }
    }

    fn word(&self, chars: &[char], start: usize, end: usize, elided: bool, words: &mut Vec<Word>) {
        let written: String = chars.iter().collect();
        let folded = squeeze(&fold(&written).text);
        if folded.is_empty() {
            return;
        }
        let digits = folded.chars().filter(char::is_ascii_digit).count();
        if digits >= 3 {
            words.push(Word { plain: String::new(), stem: "#".into(), start, end, small: true, alike: None });
            return;
        }
        if elided && self.tongue == Tongue::French && ELIDED.contains(&folded.as_str()) {
            words.push(Word { plain: String::new(), stem: folded, start, end, small: true, alike: None });
            return;
        }
        let plain = self.short.get(folded.as_str()).map_or(folded, |long| (*long).to_owned());
        let stem = self.stemmer.stem(&plain).into_owned();
        let small = self.small.contains(plain.as_str());
        let alike = self.meaning(&stem);
        words.push(Word { plain, stem, start, end, small, alike });
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '`')
}

/// The sign for what points at something and says nothing of itself.
fn sign(piece: &str) -> Option<&'static str> {
    let lower = piece.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.") {
        return Some("://");
    }
    match piece.find('@') {
        Some(0) if piece.len() > 1 => Some("@"),
        Some(at) if at > 0 && piece[at..].contains('.') => Some("a@b"),
        _ => None,
    }
}

/// Three and more of a letter are one.
fn squeeze(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let mut out = String::with_capacity(word.len());
    let mut at = 0;
    while at < chars.len() {
        let same = chars[at..].iter().take_while(|c| **c == chars[at]).count();
        let keep = if same >= 3 && chars[at].is_alphabetic() { 1 } else { same };
        out.extend(std::iter::repeat_n(chars[at], keep));
        at += same;
    }
    out
}
