//! Where somebody lives, except the house's own shops.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::reading::{Reading, pattern, says};
use super::{Found, Personal};

/// What says that an address is the house's own.
const HOUSE_PLACE: &str = "boutique|boutiques|magasin|magasins|showroom|atelier|siege|notre adresse\
    |nos locaux|entrepot|retrouvez-nous|retrouvez nous|venez nous voir|store|shop|workshop|our address\
    |head office|headquarters|find us|visit us|warehouse|rendez-vous au|salon|stand|concept store\
    |point de vente|revendeur";

static STREET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?P<it>\b[0-9]{1,4}(?: ?(?:bis|ter|quater|[a-d]))?,? ",
        r"(?P<type>rue|avenue|av\.?|boulevard|bd\.?|bld\.?|blvd\.?|impasse|allees?|faubourg|quai|lotissement|hameau|lieu-dit|sentier|ruelle|esplanade|place|chemin|route|cours|square|passage|residence|villa|cite)",
        r" (?P<name>(?:(?:de la|de l'|du|des|de|d'|la|le|les|l') ?)?[a-z0-9][a-z0-9'-]*(?: [a-z0-9'-]+){0,3})(?:,? [0-9]{5}\b(?: [a-z-]+)?)?)"
    ))
});

/// Kinds of street that are also plain words: “2 places”, “1 route vers …”.
const ALSO_WORDS: &str = "place|chemin|route|cours|square|passage|residence|villa|cite|esplanade";

static STREET_EN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<it>\b[0-9]{1,5}[a-d]?,? (?:(?:north|south|east|west|n|s|e|w)\.? )?(?P<name>[a-z][a-z']+(?: [a-z][a-z']+){0,2}) (?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|way|terrace|crescent|gardens|grove|boulevard|blvd|highway|hwy|parkway|pkwy|square|sq|place|pl|hill|mews|walk|row|trail|circle|cir|alley|quay|plaza)\b(?:,? [a-z]+)?(?:,? [a-z]{1,2}[0-9][0-9a-z]? [0-9][a-z]{2}\b)?)",
    )
});

pub(super) fn addresses(reading: &Reading) -> Vec<Found> {
    let is_named = |r: &Reading, c: &Captures<'_>| {
        let name = c.name("name").map(|m| r.written(m.range())).unwrap_or_default();
        name.split([' ', '\'', '’', '-']).filter(|w| !w.is_empty()).any(|w| w.starts_with(char::is_uppercase))
    };
    let french = reading.all(&STREET, Personal::Address, |r, c| {
        let sure = !ALSO_WORDS.split('|').any(|w| w == &c["type"]);
        (sure || is_named(r, c)) && !says(r.before(c), HOUSE_PLACE)
    });
    let english = reading.all(&STREET_EN, Personal::Address, |r, c| {
        let all_named =
            c.name("name").is_some_and(|m| r.written(m.range()).split(' ').all(|w| w.starts_with(char::is_uppercase)));
        all_named && !says(r.before(c), HOUSE_PLACE)
    });
    [french, english].concat()
}
