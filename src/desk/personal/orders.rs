//! Numbers of orders, parcels, invoices and files, told from prices, quantities, years and products.

use std::sync::LazyLock;

use regex::Regex;

use super::reading::{PRODUCT, Reading, ends_with_one_of, pattern};
use super::{Found, Personal};

/// What turns a number into a quantity, a price or a size.
pub(super) static MEASURED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[ ,.0-9]{0,8} ?(?:€|\$|£|%|eur(?:os?)?\b|dollars?\b|cents?\b|centimes?\b|ml\b|cl\b|l\b|g\b|kg\b|mg\b|mm\b|cm\b|m\b|m2\b|km\b|w\b|mah\b|pieces?\b|pcs\b|unites?\b|exemplaires?\b|gourdes?\b|personnes?\b|points?\b|jours?\b|days?\b|heures?\b|hours?\b|h\b|min\b|ans?\b|fois\b|x\b|k\b|ko\b|mo\b|go\b|gb\b|mb\b|tb\b|hz\b|mhz\b|ghz\b|watts?\b|volts?\b|v\b|lm\b|lumens?\b|kelvin\b|calories?\b|kcal\b|abonnes?\b|clients?\b|customers?\b|followers?\b|people\b|users?\b|utilisateurs?\b|avis\b|reviews?\b|habitants?\b|visiteurs?\b|visitors?\b|likes?\b|vues?\b|views?\b|tonnes?\b|hectares?\b|metres?\b|meters?\b|miles?\b|feet\b|ft\b|inch(?:es)?\b|pouces?\b|years?\b|months?\b|mois\b|semaines?\b|weeks?\b|minutes?\b|secondes?\b|seconds?\b|nights?\b|nuits?\b|articles?\b|produits?\b|products?\b|items?\b|units?\b|euros?\b|usd\b|gbp\b|chf\b|fcfa\b|dh\b|₽|¥|₹|₩|฿|₪|₺|円|元|원|руб|сом|грн|บาท|दिन|रुप|د\.|ريال|درهم|ليرة|שח|ש.ח|z[lł]\b|kr\b|lei\b)",
    )
});

static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?-u:\b)(?:commande|cmd|order|facture|invoice|colis|suivi|tracking|parcel|package|dossier|reclamation|claim|retour|rma|reservation|booking|ticket|case|incident|sinistre|numero client|customer number|client)",
        r"(?: est| is| porte| (?:de|du|no|numero) suivi)?[ :,(«]{0,3}(?P<marker>(?:numero|number|num|nr|n[°ºo]?|reference|ref|#|id)[.: ]{0,2}#?)?\s?",
        r"(?P<it>(?:[a-z]{1,5}[-_ ]?)?[0-9][0-9a-z\-_/]{2,24})(?-u:\b)"
    ))
});

/// Numbers that look like an order's or a parcel's wherever they stand.
static ORDER_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<it>(?-u:\b)(?:[a-z]{2,5}-[0-9]{5,12}|[a-z]{2,5}-[0-9]{4}-[0-9]{3,8}|[a-z]{2,5}[0-9]{6,12}|[a-z]{2}[0-9]{9}[a-z]{2}|6[a-z][0-9]{11}|1z[0-9a-z]{16})(?-u:\b)|#[0-9]{5,12}(?-u:\b)|#[a-z]{1,4}-?[0-9]{5,12}(?-u:\b))",
    )
});

pub(super) fn orders(reading: &Reading) -> Vec<Found> {
    let named = reading.all(&ORDER, Personal::Order, |r, c| {
        let number = c.name("it").map_or("", |m| m.as_str());
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let letters = number.chars().filter(char::is_ascii_alphabetic).count();
        let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
        let measured =
            MEASURED.is_match(r.after(c)) || MEASURED.is_match(&number[number.len().saturating_sub(letters)..]);
        let enough = if c.name("marker").is_some() { digits >= 3 } else { digits >= 5 || (letters > 0 && digits >= 4) };
        let is_other = measured || is_date(number) || (is_year && c.name("marker").is_none());
        enough && !is_other
    });
    let alone = reading.all(&ORDER_ALONE, Personal::Order, |r, c| {
        let written = c.name("it").map(|m| r.written(m.range())).unwrap_or_default();
        let shouted = written.chars().all(|c| !c.is_lowercase());
        shouted && !ends_with_one_of(r.before(c), PRODUCT)
    });
    [named, alone].concat()
}

pub(super) fn is_date(number: &str) -> bool {
    static DATE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:[0-9]{1,2}[-/][0-9]{1,2}(?:[-/][0-9]{2,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2})$"));
    DATE.is_match(number)
}
