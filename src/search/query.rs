//! What people type into the search field: words, "phrases", -not, OR, and operators in French and
//! English. Whatever is typed is searched; what was not understood is said beside the hits.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::schema::LONGEST;
use crate::base::At;
use crate::base::text::fold;
use crate::desk::message::Kind;
use crate::desk::stage::Stage;
use crate::desk::ticket::State;

/// Words, phrases and operators that are looked at; what comes after them is not.
const MOST: usize = 32;

/// What was understood of a search.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// Alternatives, each a list of what must (or must not) be there.
    pub any: Vec<Vec<Part>>,
    /// Filters on the message itself, as marks: `network:facebook`.
    pub marks: Vec<(bool, String)>,
    /// Filters on the ticket, as operator and value: `stage` `customer`.
    pub ticket: Vec<(bool, Operator, String)>,
    /// Who wrote, or did not.
    pub from: Vec<(bool, String)>,
    /// Written before.
    pub before: Option<At>,
    /// Written after.
    pub after: Option<At>,
    /// What was not understood.
    pub doubts: Vec<Doubt>,
}

/// A word or phrase, wanted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// False after a minus.
    pub wanted: bool,
    /// The words, folded; more than one is a phrase.
    pub words: Vec<String>,
    /// A single word as it was typed: stems need its accents.
    pub typed: String,
}

/// Something that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// An operator nobody knows; searched as words.
    Operator(String),
    /// An operator's value that is none of those it can have: nothing has it.
    Value(&'static str, String),
    /// What should be a day, and is none; left out.
    Day(String),
    /// A quotation mark without its other half; taken to the end.
    Quote,
    /// More than can be looked at; the rest is left out.
    Long,
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
        /// With which team.
        Team = "team",
        /// Where it stands.
        State = "state",
        /// The language the customer writes.
        Language = "language",
    }
}

/// Reads a search; days are those of UTC.
pub fn parse(text: &str) -> Asked {
    parse_in(text, &TimeZone::UTC)
}

/// Reads a search; days begin at midnight there.
pub fn parse_in(text: &str, zone: &TimeZone) -> Asked {
    let mut asked = Asked::default();
    let mut group: Vec<Part> = Vec::new();
    let (pieces, whole) = pieces(text);
    if !whole {
        asked.doubts.push(Doubt::Quote);
    }
    if pieces.len() > MOST {
        asked.doubts.push(Doubt::Long);
    }
    for (wanted, raw, quoted) in pieces.into_iter().take(MOST) {
        if !quoted && (raw == "OR" || raw == "OU") {
            if !group.is_empty() {
                asked.any.push(std::mem::take(&mut group));
            }
            continue;
        }
        let operator = if quoted { None } else { raw.split_once(':').filter(|(k, v)| !k.is_empty() && !v.is_empty()) };
        if let Some((key, value)) = operator {
            if asked.take(wanted, key, value, zone) {
                continue;
            }
            if key.chars().all(char::is_alphabetic) && !value.starts_with("//") {
                asked.doubts.push(Doubt::Operator(key.to_owned()));
            }
        }
        group.extend(Part::of(wanted, &raw, quoted));
    }
    if !group.is_empty() {
        asked.any.push(group);
    }
    asked
}

/// Pieces between blanks; what stands in quotes is one. An operator's value may be quoted. False
/// when a quotation does not end.
fn pieces(text: &str) -> (Vec<(bool, String, bool)>, bool) {
    let (mut out, mut whole) = (Vec::new(), true);
    let mut rest = text.trim_start();
    while !rest.is_empty() && out.len() <= MOST {
        let (wanted, body) = match rest.strip_prefix('-') {
            Some(body) if !body.starts_with([' ', '-']) && !body.is_empty() => (false, body),
            _ => (true, rest),
        };
        let quote = |c: char| matches!(c, '"' | '“' | '”' | '«' | '»');
        if let Some(inner) = body.strip_prefix(quote) {
            whole &= inner.contains(quote);
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
        whole &= !open;
        let raw: String = body[..end].chars().filter(|c| !quote(*c)).collect();
        out.push((wanted, raw, false));
        rest = body[end..].trim_start();
    }
    (out, whole)
}

/// French words that lean on the next: `l’été` is asked for its second half.
const ELIDED: [&str; 14] =
    ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu"];

impl Part {
    fn of(wanted: bool, raw: &str, quoted: bool) -> Option<Part> {
        let mut words = cut(raw);
        let mut typed = raw.to_owned();
        if let (false, [first, second]) = (quoted, words.as_slice())
            && ELIDED.contains(&first.as_str())
            && let Some((_, after)) = raw.split_once(['\'', '’'])
        {
            after.clone_into(&mut typed);
            words = vec![second.clone()];
        }
        (!words.is_empty()).then_some(Part { wanted, words, typed })
    }
}

/// Words as the index cuts them: runs of letters and digits, folded.
pub(super) fn cut(text: &str) -> Vec<String> {
    let folded = fold(text).text;
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && w.len() <= LONGEST);
    words.map(str::to_owned).collect()
}

impl Asked {
    /// Takes an operator; false when nobody knows it.
    fn take(&mut self, wanted: bool, key: &str, value: &str, zone: &TimeZone) -> bool {
        let value = fold(value).text.trim().to_owned();
        let mark = |kind: &str, word: &str| (wanted, format!("{kind}:{word}"));
        match fold(key).text.as_str() {
            "de" | "from" => self.from.push((wanted, value)),
            "canal" | "channel" | "reseau" | "network" => self.marks.push(mark("network", &value)),
            "type" => match value.as_str() {
                "public" => self.marks.push(mark("type", "public")),
                "prive" | "private" => self.marks.push(mark("type", "private")),
                "note" | "interne" | "internal" => self.marks.push(mark("type", "internal")),
                other => {
                    let kind = kind(other);
                    self.known(kind.parse::<Kind>().is_ok(), "type", other);
                    self.marks.push(mark("kind", kind));
                }
            },
            "a" | "has" => {
                let attachment = value.starts_with("piece") || value.starts_with("att");
                self.known(attachment, "has", &value);
                self.marks.push(mark("has", if attachment { "attachment" } else { &value }));
            }
            "etape" | "stage" => {
                let stage = stage(&value);
                self.known(stage.parse::<Stage>().is_ok(), "stage", &value);
                self.ticket.push((wanted, Operator::Stage, stage));
            }
            "etiquette" | "label" => self.ticket.push((wanted, Operator::Label, value)),
            "assigne" | "assignee" => self.ticket.push((wanted, Operator::Assignee, value)),
            "equipe" | "team" => self.ticket.push((wanted, Operator::Team, value)),
            "statut" | "etat" | "state" | "status" => {
                let state = state(&value);
                self.known(state.parse::<State>().is_ok(), "state", &value);
                self.ticket.push((wanted, Operator::State, state));
            }
            "langue" | "language" | "lang" => self.ticket.push((wanted, Operator::Language, language(&value))),
            "avant" | "before" => self.day(wanted, &value, zone),
            "apres" | "after" => self.day(!wanted, &value, zone),
            _ => return false,
        }
        true
    }

    fn known(&mut self, is_known: bool, operator: &'static str, value: &str) {
        if !is_known {
            self.doubts.push(Doubt::Value(operator, value.to_owned()));
        }
    }

    /// Before a day, or from it on; of several the narrowest counts.
    fn day(&mut self, before: bool, value: &str, zone: &TimeZone) {
        match day(value, zone) {
            None => self.doubts.push(Doubt::Day(value.to_owned())),
            Some(at) if before => self.before = Some(self.before.map_or(at, |b| b.min(at))),
            Some(at) => self.after = Some(self.after.map_or(at, |a| a.max(at))),
        }
    }

    /// True when nothing was asked.
    pub fn is_empty(&self) -> bool {
        *self == Asked { doubts: self.doubts.clone(), ..Asked::default() }
    }

    /// Operators nobody knows.
    pub fn unknown(&self) -> Vec<String> {
        let unknown = self.doubts.iter().filter_map(|d| match d {
            Doubt::Operator(name) => Some(name.clone()),
            _ => None,
        });
        unknown.collect()
    }
}

/// `2026-11-30`, or as the French write it, `30/11/2026`.
fn day(value: &str, zone: &TimeZone) -> Option<At> {
    let date: Date = value.parse().ok().or_else(|| Date::strptime("%d/%m/%Y", value).ok())?;
    let at = date.to_zoned(zone.clone()).ok()?;
    Some(At(at.timestamp().as_microsecond()))
}

fn kind(value: &str) -> &str {
    match value {
        "commentaire" => "comment",
        "mp" | "message" => "dm",
        "avis" => "review",
        "mail" | "courriel" => "email",
        "appel" => "call",
        "article" => "feed_entry",
        other => other,
    }
}

fn language(value: &str) -> String {
    match value {
        "francais" | "french" => "fr",
        "anglais" | "english" => "en",
        other => other,
    }
    .to_owned()
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
        assert_eq!(words("l’été jusqu'ici"), [["ete", "ici"]]);
        assert_eq!(words("\"l’été\" parent's"), [["l+ete", "parent+s"]]);
        assert!(words("OR").is_empty() && words(" \"\" ").is_empty());
        assert_eq!(parse("d'accord").any[0][0].typed, "accord");
    }

    #[test]
    fn operators_in_both_languages() {
        let asked = parse(
            "de:Camille -from:page canal:facebook étape:client -etiquette:\"en retard\" avant:2026-11-01 type:privé équipe:sales colis",
        );
        assert_eq!(asked.from, [(true, "camille".into()), (false, "page".into())]);
        assert_eq!(asked.marks, [(true, "network:facebook".into()), (true, "type:private".into())]);
        assert_eq!(
            asked.ticket,
            [
                (true, Operator::Stage, "customer".into()),
                (false, Operator::Label, "en retard".into()),
                (true, Operator::Team, "sales".into()),
            ]
        );
        assert_eq!(asked.before, Some(At::parse("2026-11-01T00:00:00Z").unwrap()));
        assert_eq!(parse("stage:hot state:resolved").ticket.len(), 2);
        assert!(asked.doubts.is_empty(), "{:?}", asked.doubts);
    }

    #[test]
    fn days_begin_where_one_is() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let midnight = At::parse("2026-11-29T23:00:00Z").unwrap();
        for text in ["before:2026-11-30", "avant:30/11/2026", "-après:2026-11-30", "avant:2026-11-30 avant:2027-01-01"]
        {
            let asked = parse_in(text, &paris);
            assert_eq!((asked.before, asked.after), (Some(midnight), None), "{text}");
        }
        assert_eq!(parse_in("-avant:30/11/2026", &paris).after, Some(midnight));
    }

    #[test]
    fn what_is_not_understood_is_said_and_the_rest_is_searched() {
        let asked = parse("colour:blue https://example.org/a");
        assert_eq!(asked.unknown(), ["colour"]);
        assert_eq!(asked.any[0][0].words, ["colour", "blue"]);
        let doubts = |text: &str| parse(text).doubts;
        assert_eq!(doubts("before:yesterday"), [Doubt::Day("yesterday".into())]);
        assert_eq!(
            doubts("stage:angry state:x type:y has:z"),
            [
                Doubt::Value("stage", "angry".into()),
                Doubt::Value("state", "x".into()),
                Doubt::Value("type", "y".into()),
                Doubt::Value("has", "z".into()),
            ]
        );
        assert_eq!(doubts("\"not closed"), [Doubt::Quote]);
        assert_eq!(doubts("label:\"not closed"), [Doubt::Quote]);
        let long = parse(&"mot ".repeat(10_000));
        assert_eq!((long.doubts, long.any[0].len()), (vec![Doubt::Long], MOST));
        assert!(parse("before:yesterday").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_search_panics(text in "\\PC{0,60}|[\"« »:a -]{0,30}") {
            let _ = parse(&text);
        }
    }
}
