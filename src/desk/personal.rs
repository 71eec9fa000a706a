//! Somebody's personal data in a text that everybody would read: order numbers, addresses, phones.
//! It would rather miss one than stop a price, a date or the shop's own number: whoever writes is
//! a colleague, not an enemy.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::base::text::fold;

crate::words! {
    /// What kind of personal data.
    pub enum Personal {
        /// The number of an order, a parcel, an invoice, a file.
        Order = "order",
        /// Somebody's e-mail address.
        Email = "email",
        /// Somebody's telephone number.
        Phone = "phone",
        /// A bank account.
        Iban = "iban",
        /// A payment card.
        Card = "card",
        /// Where somebody lives.
        Address = "address",
    }
}

/// Where something personal stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Personal,
    /// The characters it stands in.
    pub chars: Range<usize>,
}

impl Found {
    /// The piece itself.
    pub fn piece(&self, text: &str) -> String {
        text.chars().skip(self.chars.start).take(self.chars.len()).collect()
    }
}

/// A text in the three ways the patterns read it.
struct Reading {
    chars: Vec<char>,
    folded: crate::base::text::Folded,
}

/// Every piece of a text that looks like somebody's personal data, in order, none overlapping.
pub fn find(text: &str) -> Vec<Found> {
    let reading = Reading { chars: text.chars().collect(), folded: fold(text) };
    // What is surest comes first: a later find inside an earlier one is the same piece.
    let finders: [fn(&Reading) -> Vec<Found>; 6] = [emails, ibans, cards, orders, phones, addresses];
    let mut all: Vec<Found> = Vec::new();
    for found in finders.iter().flat_map(|find| find(&reading)) {
        let apart = |other: &Found| found.chars.end <= other.chars.start || other.chars.end <= found.chars.start;
        if all.iter().all(apart) {
            all.push(found);
        }
    }
    all.sort_by_key(|f| f.chars.start);
    all
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is written here and tried by every test below")
}

impl Reading {
    /// Every match of the group `it`, where the rest of the sentence does not speak against it.
    fn all(&self, pattern: &Regex, kind: Personal, stands: impl Fn(&Reading, &Captures<'_>) -> bool) -> Vec<Found> {
        let matches = pattern.captures_iter(&self.folded.text).filter(|c| stands(self, c));
        matches
            .filter_map(|c| {
                let it = c.name("it")?;
                let (start, end) = self.folded.original(it.start(), it.end());
                Some(Found { kind, chars: start..end })
            })
            .collect()
    }

    /// The folded words before a match, within one sentence or so.
    fn before(&self, c: &Captures<'_>) -> &str {
        let start = c.get(0).map_or(0, |m| m.start());
        let text = &self.folded.text[..start];
        let from = text.char_indices().rev().nth(59).map_or(0, |(i, _)| i);
        &text[from..]
    }

    /// What follows a match.
    fn after(&self, c: &Captures<'_>) -> &str {
        &self.folded.text[c.get(0).map_or(0, |m| m.end())..]
    }

    /// A match as it was written, capitals and all.
    fn written(&self, range: Range<usize>) -> String {
        let (start, end) = self.folded.original(range.start, range.end);
        self.chars[start..end].iter().collect()
    }
}

/// True when one of these phrases stands in a folded text as whole words.
fn says(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|p| {
        text.match_indices(p).any(|(at, _)| {
            let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            whole(text[..at].chars().next_back()) && whole(text[at + p.len()..].chars().next())
        })
    })
}

/// Mailboxes that belong to a house, not to a person.
const HOUSE_BOXES: &[&str] = &[
    "contact",
    "info",
    "infos",
    "bonjour",
    "hello",
    "hi",
    "support",
    "sav",
    "service",
    "serviceclient",
    "service-client",
    "service.client",
    "clients",
    "client",
    "customer",
    "customers",
    "customerservice",
    "customer-service",
    "care",
    "help",
    "aide",
    "assistance",
    "commande",
    "commandes",
    "order",
    "orders",
    "presse",
    "press",
    "rh",
    "jobs",
    "recrutement",
    "shop",
    "boutique",
    "magasin",
    "store",
    "sales",
    "ventes",
    "pro",
    "b2b",
    "dpo",
    "privacy",
    "rgpd",
    "legal",
    "noreply",
    "no-reply",
    "newsletter",
    "team",
    "equipe",
    "office",
];

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<it>\b(?P<box>[a-z0-9][a-z0-9._%+-]*)(?:@| ?(?:\(at\)|\[at\]|\(arobase\)) ?)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,24}\b)",
    )
});

fn emails(reading: &Reading) -> Vec<Found> {
    reading.all(&EMAIL, Personal::Email, |_, c| !HOUSE_BOXES.contains(&&c["box"]))
}

static IBAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<it>\b[a-z]{2}[0-9]{2}(?:[ \-.]?[a-z0-9]{4}){2,7}(?:[ \-.]?[a-z0-9]{1,4})?\b)"));

fn ibans(reading: &Reading) -> Vec<Found> {
    reading.all(&IBAN, Personal::Iban, |_, c| {
        // A pattern this wide also takes the words that follow; the check digits decide how far it goes.
        let compact: String = c["it"].chars().filter(char::is_ascii_alphanumeric).collect();
        (15..=compact.len().min(34)).any(|n| compact.is_char_boundary(n) && is_iban(&compact[..n]))
    })
}

/// ISO 13616: the first four to the end, letters as numbers, 1 modulo 97.
fn is_iban(compact: &str) -> bool {
    let turned = compact[4..].chars().chain(compact[..4].chars());
    let rest = turned.fold(0_u32, |rest, c| {
        let value = c.to_digit(36).unwrap_or(0);
        if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 }
    });
    rest == 1 && compact[4..].chars().filter(char::is_ascii_digit).count() >= 6
}

static CARD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<it>\b[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{3,4}\b)"));

fn cards(reading: &Reading) -> Vec<Found> {
    reading.all(&CARD, Personal::Card, |_, c| {
        let digits = c["it"].chars().filter_map(|d| d.to_digit(10)).rev();
        let sum: u32 = digits
            .enumerate()
            .map(|(n, d)| match n % 2 {
                0 => d,
                _ if d < 5 => d * 2,
                _ => d * 2 - 9,
            })
            .sum();
        sum % 10 == 0
    })
}

/// What turns a number into a quantity, a price or a size.
static MEASURED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[ ,.0-9]{0,8} ?(?:€|\$|£|%|eur(?:os?)?\b|dollars?\b|cents?\b|centimes?\b|ml\b|cl\b|l\b|g\b|kg\b|mg\b|mm\b|cm\b|m\b|m2\b|km\b|w\b|mah\b|pieces?\b|pcs\b|unites?\b|exemplaires?\b|gourdes?\b|personnes?\b|points?\b|jours?\b|days?\b|heures?\b|hours?\b|h\b|min\b|ans?\b|fois\b|x\b)",
    )
});

/// Words before a number that make it a product's, not a person's.
const PRODUCT: &[&str] = &[
    "ref",
    "reference",
    "produit",
    "modele",
    "model",
    "article",
    "art",
    "sku",
    "ean",
    "gtin",
    "isbn",
    "norme",
    "code promo",
    "code",
    "promo code",
    "version",
    "lot",
    "batch",
    "iso",
    "pantone",
];

static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:commande|cmd|order|facture|invoice|colis|suivi|tracking|parcel|dossier|reclamation|claim|retour|rma|reservation|booking|ticket client|numero client|customer number|client)",
        r"(?: est| is| porte)?[ :,(«]{0,3}(?P<marker>(?:numero|number|num|nr|n[°ºo]?|reference|ref|#|id)[.: ]{0,2}#?)?\s?",
        r"(?P<it>(?:[a-z]{1,5}[-_ ]?)?[0-9][0-9a-z\-_/]{2,24})\b"
    ))
});

/// Numbers that look like an order's or a parcel's wherever they stand.
static ORDER_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<it>\b[a-z]{2,4}-[0-9]{5,12}\b|#[0-9]{5,12}\b|\b[a-z]{2}[0-9]{9}[a-z]{2}\b|\b6[a-z][0-9]{11}\b|\b1z[0-9a-z]{16}\b)",
    )
});

fn orders(reading: &Reading) -> Vec<Found> {
    let named = reading.all(&ORDER, Personal::Order, |r, c| {
        let number = c.name("it").map_or("", |m| m.as_str());
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let letters = number.chars().filter(char::is_ascii_alphabetic).count();
        let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
        let measured =
            MEASURED.is_match(r.after(c)) || MEASURED.is_match(&number[number.len().saturating_sub(letters)..]);
        let enough = if c.name("marker").is_some() { digits >= 3 } else { digits >= 5 || (letters > 0 && digits >= 4) };
        enough && !measured && !(is_year && c.name("marker").is_none()) && !is_date(number)
    });
    let alone = reading.all(&ORDER_ALONE, Personal::Order, |r, c| {
        let written = c.name("it").map(|m| r.written(m.range())).unwrap_or_default();
        let shouted = written.chars().all(|c| !c.is_lowercase());
        shouted && !ends_with_one_of(r.before(c), PRODUCT)
    });
    [named, alone].concat()
}

fn is_date(number: &str) -> bool {
    static DATE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:[0-9]{1,2}[-/][0-9]{1,2}(?:[-/][0-9]{2,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2})$"));
    DATE.is_match(number)
}

fn ends_with_one_of(before: &str, words: &[&str]) -> bool {
    let trimmed = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let trimmed = trimmed.strip_suffix(" no").or_else(|| trimmed.strip_suffix(" n")).unwrap_or(trimmed);
    words.iter().any(|w| {
        trimmed.strip_suffix(w).is_some_and(|head| head.chars().next_back().is_none_or(|c| !c.is_alphanumeric()))
    })
}

/// What says that a number is the house's own, meant for everybody.
const HOUSE_LINE: &[&str] = &[
    "appelez-nous",
    "appelez nous",
    "nous appeler",
    "nous joindre",
    "joindre notre",
    "nous contacter",
    "contactez-nous",
    "contactez nous",
    "notre numero",
    "notre service",
    "notre boutique",
    "notre magasin",
    "service client",
    "service clients",
    "service conso",
    "standard",
    "hotline",
    "numero vert",
    "joignable",
    "joignables",
    "call us",
    "reach us",
    "ring us",
    "contact us",
    "our number",
    "our line",
    "our team on",
    "customer service",
    "customer care",
    "helpline",
    "our store",
    "our shop",
];

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:^|[^0-9a-z+#/.,-])(?P<it>",
        // France: 0X XX XX XX XX, +33 …
        r"(?:(?:\+|00)33[ .-]?(?:\(0\)[ .-]?)?[1-9]|0[1-9])(?:[ .-]?[0-9]{2}){4}",
        // Elsewhere, with the country: +44 7911 123456
        r"|(?:\+|00)(?:[1-9][0-9]{0,2})[ .-]?(?:\([0-9]{1,4}\)[ .-]?)?[0-9](?:[ .-]?[0-9]){5,12}",
        // United Kingdom: 07911 123456, 020 7946 0958
        r"|0[1-9][0-9]{2,3} [0-9]{6}|0[1-9][0-9]{1,3} [0-9]{3,4} [0-9]{4}",
        // United States: (555) 123-4567, 555-123-4567
        r"|\([2-9][0-9]{2}\) ?[0-9]{3}-[0-9]{4}|[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}",
        r")(?:$|[^0-9a-z€$£%/-])"
    ))
});

fn phones(reading: &Reading) -> Vec<Found> {
    reading.all(&PHONE, Personal::Phone, |r, c| {
        let digits: String = c["it"].chars().filter(char::is_ascii_digit).collect();
        // 08 and 0969 are lines that companies buy.
        let bought = digits.starts_with("08") || digits.starts_with("338") || digits.starts_with("0969");
        !bought && !says(r.before(c), HOUSE_LINE) && !ends_with_one_of(r.before(c), PRODUCT)
    })
}

/// What says that an address is the house's own.
const HOUSE_PLACE: &[&str] = &[
    "boutique",
    "boutiques",
    "magasin",
    "magasins",
    "showroom",
    "atelier",
    "siege",
    "notre adresse",
    "nos locaux",
    "entrepot",
    "retrouvez-nous",
    "retrouvez nous",
    "venez nous voir",
    "store",
    "shop",
    "workshop",
    "our address",
    "head office",
    "headquarters",
    "find us",
    "visit us",
    "warehouse",
    "rendez-vous au",
    "salon",
    "stand",
    "concept store",
    "point de vente",
    "revendeur",
];

static STREET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?P<it>\b[0-9]{1,4}(?: ?(?:bis|ter|quater|[a-d]))?,? ",
        r"(?P<type>rue|avenue|av\.?|boulevard|bd\.?|bld\.?|blvd\.?|impasse|allees?|faubourg|quai|lotissement|hameau|lieu-dit|sentier|ruelle|esplanade|place|chemin|route|cours|square|passage|residence|villa|cite)",
        r" (?P<name>(?:(?:de la|de l'|du|des|de|d'|la|le|les|l') ?)?[a-z0-9][a-z0-9'-]*(?: [a-z0-9'-]+){0,3})(?:,? [0-9]{5}\b(?: [a-z-]+)?)?)"
    ))
});

/// Kinds of street that are also plain words: “2 places”, “1 route vers …”.
const ALSO_WORDS: &[&str] =
    &["place", "chemin", "route", "cours", "square", "passage", "residence", "villa", "cite", "esplanade"];

static STREET_EN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<it>\b[0-9]{1,4}[a-d]? (?P<name>[a-z][a-z']+(?: [a-z][a-z']+){0,2}) (?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|way|terrace|crescent|gardens|grove)\b(?:,? [a-z]+)?(?:,? [a-z]{1,2}[0-9][0-9a-z]? [0-9][a-z]{2}\b)?)",
    )
});

fn addresses(reading: &Reading) -> Vec<Found> {
    let is_named = |r: &Reading, c: &Captures<'_>| {
        let name = c.name("name").map(|m| r.written(m.range())).unwrap_or_default();
        name.split([' ', '\'', '’', '-']).filter(|w| !w.is_empty()).any(|w| w.starts_with(char::is_uppercase))
    };
    let french = reading.all(&STREET, Personal::Address, |r, c| {
        let sure = !ALSO_WORDS.contains(&&c["type"]);
        (sure || is_named(r, c)) && !says(r.before(c), HOUSE_PLACE)
    });
    let english = reading.all(&STREET_EN, Personal::Address, |r, c| {
        let all_named =
            c.name("name").is_some_and(|m| r.written(m.range()).split(' ').all(|w| w.starts_with(char::is_uppercase)));
        all_named && !says(r.before(c), HOUSE_PLACE)
    });
    [french, english].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(Personal, String)> {
        find(text).iter().map(|f| (f.kind, f.piece(text))).collect()
    }

    fn one(kind: Personal, text: &str, piece: &str) {
        assert_eq!(seen(text), [(kind, piece.to_owned())], "{text}");
    }

    #[test]
    fn order_numbers() {
        one(Personal::Order, "Votre commande AB-48213 est chez le transporteur.", "AB-48213");
        one(Personal::Order, "Je retrouve bien AB-48213, merci !", "AB-48213");
        one(Personal::Order, "La commande n° 4821 est partie hier.", "4821");
        one(Personal::Order, "Commande n°2026-00412 expédiée", "2026-00412");
        one(Personal::Order, "Your order #1001 has shipped", "1001");
        one(Personal::Order, "Order number 774512 is on its way", "774512");
        one(Personal::Order, "Le suivi est 6A12345678901", "6A12345678901");
        one(Personal::Order, "C’est le colis LX123456789FR.", "LX123456789FR");
        one(Personal::Order, "Votre facture FA20261103 est jointe", "FA20261103");
        one(Personal::Order, "voir #48213", "#48213");
        one(Personal::Order, "Votre numéro client : 558210", "558210");
    }

    #[test]
    fn mail_addresses() {
        one(Personal::Email, "Écrivez à camille.roussel@exemple.fr", "camille.roussel@exemple.fr");
        one(Personal::Email, "c’est bien Zoe+boutique@mail.example.co.uk ?", "Zoe+boutique@mail.example.co.uk");
        one(Personal::Email, "camille (at) exemple.fr", "camille (at) exemple.fr");
    }

    #[test]
    fn phones_of_people() {
        for (text, piece) in [
            ("Je vous appelle au 06 12 34 56 78.", "06 12 34 56 78"),
            ("au 06.12.34.56.78", "06.12.34.56.78"),
            ("0612345678", "0612345678"),
            ("+33 6 12 34 56 78 c’est bien vous ?", "+33 6 12 34 56 78"),
            ("votre numéro (+33 (0)6 12 34 56 78)", "+33 (0)6 12 34 56 78"),
            ("call you on +44 7911 123456", "+44 7911 123456"),
            ("is it 07911 123456?", "07911 123456"),
            ("we have (555) 123-4567 on file", "(555) 123-4567"),
            ("+49 (30) 901820 ist notiert", "+49 (30) 901820"),
        ] {
            one(Personal::Phone, text, piece);
        }
    }

    #[test]
    fn bank_accounts_and_cards() {
        let text = "Remboursement sur FR76 3000 6000 0112 3456 7890 189 demain";
        assert_eq!(seen(text)[0].0, Personal::Iban);
        assert_eq!(seen("GB82 WEST 1234 5698 7654 32")[0].0, Personal::Iban);
        assert_eq!(seen("DE89370400440532013000")[0].0, Personal::Iban);
        assert!(
            seen("FR76 3000 6000 0112 3456 7890 188").iter().all(|(k, _)| *k != Personal::Iban),
            "wrong check digits"
        );
        one(Personal::Card, "la carte 4111 1111 1111 1111", "4111 1111 1111 1111");
        assert!(seen("la carte 4111 1111 1111 1112").is_empty(), "no card has these digits");
    }

    #[test]
    fn where_people_live() {
        for text in [
            "On livre au 12 rue de la Paix, 75002 Paris ?",
            "C’est le 3 bis avenue Jean Jaurès",
            "12 rue des lilas c’est bien ça ?",
            "14, place Bellecour 69002 Lyon",
            "3 place de la République",
            "We have 221B Baker Street, London",
            "to 10 Downing Street, SW1A 2AA please",
        ] {
            let all = seen(text);
            assert!(matches!(all.as_slice(), [(Personal::Address, _)]), "{text}: {all:?}");
        }
    }

    #[test]
    fn what_is_nobodys_passes() {
        for text in [
            "Elle est à 23,90 € la pièce, 1 250 € le lot de 50.",
            "Elle est à 12 345,67 € TTC",
            "Ouvert de 10h00 à 19h00, du 01/12/2026 au 24/12/2026.",
            "Open 10:00-19:00 until 2026-12-24",
            "La Petit Loup existe en 350 ml et 500 ml.",
            "Réf. PL-350001 disponible en trois couleurs",
            "La référence PL-35000 et le modèle GT-30012 sont épuisés",
            "EAN 3760123450019",
            "code promo NOEL-20266",
            "Il en reste 2 places pour l’atelier",
            "Il reste 1 place de parking",
            "Depuis 2019, plus de 120 000 gourdes vendues",
            "Votre commande de 1200 gourdes nous intéresse",
            "La commande 2026 ouvrira en mars",
            "Votre commande dès 15000 points",
            "Livraison offerte dès 50 €, 48 h ouvrées",
            "Résiste à -18 °C et 95 °C",
            "Norme EN-14350 et ISO-9001",
            "Le lot 20261114 n’est pas concerné",
            "Appelez-nous au 01 23 45 67 89, du lundi au vendredi.",
            "Notre service client : 0 800 123 456",
            "Call us on 020 7946 0958 anytime",
            "Notre numéro vert est le 0800 123 456",
            "Écrivez-nous à contact@aubepine.fr ou bonjour@aubepine.fr",
            "Notre boutique du 12 rue de la Paix, 75002 Paris est ouverte",
            "Our shop is at 10 Queen Street, London",
            "Merci @camille.rsl !",
            "https://aubepine.fr/produits/gourde-350-ml?ref=12345",
            "Commande passée avant le 15-12 : livrée à Noël",
            "order before 12/12/2026",
            "Bonjour Camille, elle est à 23,90 €. Je vous la mets de côté ?",
            "1, 2, 3, 4, 5 couleurs",
            "12 000 km de pistes",
            "Score 3-2-1",
            "Le 06 12 2026 nous serons fermés",
            "Version 2.10.3.4 de l’application",
            "192.168.10.254",
            "Un retour sous 14 jours, un retour de 1000 pièces",
            "30 cours de yoga offerts",
            "il y a 2 rues piétonnes",
            "#2026 #NoelEnAubepine",
        ] {
            assert_eq!(seen(text), [], "{text}");
        }
    }

    #[test]
    fn several_are_found_in_order_each_once() {
        let text = "Camille, AB-48213 part au 12 rue des Lilas ; on vous appelle au 06 12 34 56 78.";
        let kinds: Vec<Personal> = seen(text).into_iter().map(|(k, _)| k).collect();
        assert_eq!(kinds, [Personal::Order, Personal::Address, Personal::Phone]);
    }

    proptest::proptest! {
        #[test]
        fn pieces_stand_in_the_text_whatever_it_is(text in "\\PC{0,80}", tail in "[0-9a-zA-Z@+#° .,-]{0,60}") {
            let text = format!("{text}{tail}");
            let n = text.chars().count();
            let mut last = 0;
            for f in find(&text) {
                proptest::prop_assert!(f.chars.start >= last && f.chars.start < f.chars.end && f.chars.end <= n);
                last = f.chars.end;
            }
        }
    }
}
